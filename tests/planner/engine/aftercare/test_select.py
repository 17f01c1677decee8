"""What is chosen for a session by area, depth, skin, reaction, numbing and place in the course."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from planner.engine.aftercare.blocks import MissingBlocks, OtherText
from planner.engine.aftercare.checks import BlockFault, Fault, UnfitBlocks
from planner.engine.aftercare.model import NextKind, NextVisit, Note, Reaction
from planner.engine.aftercare.select import compose
from planner.engine.aftercare.shipped import SHIPPED
from planner.engine.aftercare.timeline import row_on
from tests.planner.engine.aftercare.sessions import (
    ABDOMEN,
    AMARA,
    BACK,
    BREAST,
    LARKMOOR,
    LEFT_CHEEK,
    RIGHT_CHEEK,
    THIGHS,
    approved,
    lines,
    plain,
    said,
    sheet,
)

ACTIVES = "Retinol, acid, benzoyl peroxide, vitamin C, scrub: not until {}, not if it flakes"


def test_sheet_header_names_patient_visit_moment_and_treatment():
    header = sheet().header

    assert (header.title, header.patient, header.visit) == (
        "Your skin after needling",
        "Amara Osei",
        "Visit 5 of 6",
    )
    assert plain(header.finished) == "Thu 3 Dec 2026, 12:15"
    assert header.treated == "Treated: right cheek, left cheek"
    assert header.used == "Used today: Lidocaine 4% cream, hyaluronic gel, healing cream"
    assert header.clinic == LARKMOOR


def test_timeline_carries_real_dates():
    rows = sheet().timeline.rows

    assert [(plain(row.when), plain(row.detail), row.first_on, row.last_on) for row in rows] == [
        ("Thu 3 Dec", "until Fri 4 Dec, 12:15", "2026-12-03", "2026-12-03"),
        ("Fri 4 Dec", "day 1", "2026-12-04", "2026-12-04"),
        ("Sat 5 to Sun 6 Dec", "days 2 to 3", "2026-12-05", "2026-12-06"),
        ("Mon 7 to Wed 9 Dec", "days 4 to 6", "2026-12-07", "2026-12-09"),
        ("Thu 10 to Thu 17 Dec", "days 7 to 14", "2026-12-10", "2026-12-17"),
        ("From Fri 18 Dec", "", "2026-12-18", ""),
    ]


def test_timeline_says_what_to_do_on_each_day():
    rows = sheet().timeline.rows

    assert [" ".join(plain(line.text) for line in row.todo) for row in rows] == [
        "Do not touch it until 16:15. Leave on only what we put on. Lukewarm water if needed.",
        "Wash with lukewarm water, pat dry. Plain cream 3 to 4 times a day. SPF 50 from 12:15.",
        "The same care. Mineral make-up with clean tools is fine on closed skin.",
        "Plain cream and SPF 50 each day. Gym and pool are fine on smooth skin.",
        "SPF 50 each day. Use your usual creams again if it does not flake.",
        "Sun care. No needling at home.",
    ]


def test_range_names_both_months_where_they_differ():
    rows = sheet(needling_ended_at=datetime(2026, 11, 28, 12, 15, tzinfo=UTC)).timeline.rows

    assert plain(rows[2].when) == "Mon 30 Nov to Tue 1 Dec"


def test_row_on_finds_the_row_of_a_day():
    table = sheet().timeline
    days = ("2026-12-02", "2026-12-03", "2026-12-06", "2026-12-17", "2027-02-01")

    rows = [row_on(table, datetime.fromisoformat(day).date()) for day in days]

    assert [row.code if row else None for row in rows] == [None, "first_day", "days_2_3", "week_2", "after"]


def test_face_lists():
    content = sheet()

    assert [plain(line.text) for line in content.do.items] == [
        "Touch it with clean hands only",
        "Use only products we said are fine",
        "Hat and shade until Sun 6 Dec, 12:15",
        "Sleep on a clean pillowcase",
        "If it is hot: cool pack in a clean cloth",
        "Wipe blood with clean gauze. If it goes on, press 10 min",
        "Drink as normal",
        "For pain: paracetamol. Never stop what a doctor gave you",
    ]
    assert [plain(line.text) for line in content.do_not.items] == [
        "Make-up, sun cream, alcohol, hot bath: not until Fri 4 Dec, 12:15",
        "Gym, sauna, hot tub, pool, sea, shaving, fake tan: not until Sun 6 Dec, 12:15, on smooth skin",
        "Ibuprofen, unless prescribed: not until Sun 6 Dec",
        ACTIVES.format("Thu 10 Dec"),
        "Sunbathing, sunbed, wax, hair cream, peel, laser, filler, toxin: not until Thu 17 Dec",
        "Picking, scratching: it can scar or leave marks",
    ]


def test_each_body_region_brings_its_own_clothes_and_no_make_up():
    tight = {
        region: [
            line.code
            for line in sheet(areas=(area,)).do_not.items
            if ".tight." in line.code or "nipple" in line.code
        ]
        for region, area in (("breast", BREAST), ("abdomen", ABDOMEN), ("hips", THIGHS), ("back", BACK))
    }

    assert tight == {
        "breast": ["do_not.tight.breast", "do_not.nipple"],
        "abdomen": ["do_not.tight.abdomen"],
        "hips": ["do_not.tight.hips_thighs"],
        "back": ["do_not.tight.trunk_limbs"],
    }
    body = said(sheet(areas=(ABDOMEN,)))
    assert body["do_not.first_day.body"] == "Sun cream, alcohol, hot bath: not until Fri 4 Dec, 12:15"
    assert body["do.sun.body"] == "Cover it from the sun until Sun 6 Dec, 12:15"
    assert not {"todo.make_up_clean", "do.pillow", "call.eye", "do_not.first_day.face"} & body.keys()


def test_face_and_body_together_bring_the_advice_of_both():
    codes = said(sheet(areas=(RIGHT_CHEEK, BREAST))).keys()

    wanted = {
        "do.pillow",
        "do.cotton.breast",
        "do.sun.both",
        "do_not.first_day.face",
        "do_not.tight.breast",
        "call.eye",
    }
    assert wanted <= codes


def test_two_areas_of_one_region_are_advised_once():
    codes = [line.code for line in lines(sheet(areas=(RIGHT_CHEEK, LEFT_CHEEK)))]

    assert len(codes) == len(set(codes))


def test_spf_is_50_on_the_face_and_on_brown_and_black_skin_else_30():
    def spf(**facts):
        return said(sheet(**facts))["todo.week_2"].split(" each")[0]

    assert spf(areas=(ABDOMEN,), phototype=3) == "SPF 30"
    assert spf(areas=(ABDOMEN,), phototype=4) == "SPF 50"
    assert spf(areas=(ABDOMEN,), phototype=None) == "SPF 50"
    assert spf(areas=(ABDOMEN, RIGHT_CHEEK), phototype=1) == "SPF 50"


def test_depth_chooses_what_is_normal():
    def normal(depth):
        texts = said(sheet(max_depth_mm=depth))
        return [code for code in texts if code.startswith("normal.day")]

    shallow = ["normal.day_1.shallow.white", "normal.days_2_3", "normal.days_4"]
    medium = ["normal.day_1.medium.white", "normal.days_2_3", "normal.days_4"]
    deep = ["normal.day_1.deep.white", "normal.days_2_3.deep", "normal.days_4.deep"]
    assert [normal(depth) for depth in (0.25, 0.5, 0.55, 1.5, 1.55, 2.5)] == [
        shallow,
        shallow,
        medium,
        medium,
        deep,
        deep,
    ]


def test_phototypes_four_to_six_lead_with_feel_and_wait_ten_days():
    for phototype in (4, 5, 6, None):
        content = sheet(phototype=phototype)
        texts = said(content)
        assert (
            texts["normal.first_day.brown"] == "Warm, tight, a bit swollen. It stings. Small spots of blood."
        )
        assert texts["normal.brown"] == (
            "On brown and black skin, redness may look purple, grey or darker, or be hard to see. "
            "Tinted SPF 50 is best."
        )
        assert texts["do_not.actives"] == ACTIVES.format("Sun 13 Dec")
        assert [plain(row.detail) for row in content.timeline.rows[3:5]] == ["days 4 to 9", "days 10 to 14"]
        assert texts["call.patches.brown"] == (
            "Tell us early: dark or pale patches, lines, a raised scar. "
            "Dark patches are more likely on brown and black skin."
        )


def test_phototypes_one_to_three_describe_redness_and_wait_seven_days():
    for phototype in (1, 2, 3):
        content = sheet(phototype=phototype)
        assert content.timeline.remark is None
        assert not [line.code for line in lines(content) if line.code.endswith(".brown")]
        assert said(content)["do_not.actives"] == ACTIVES.format("Thu 10 Dec")


def test_warning_box_names_phone_days_and_emergency_number():
    warning = sheet().warning

    assert warning.heading == "Call us the same day on 020 7946 0138 if"
    assert [plain(line.text) for line in warning.items] == [
        "it is hotter, redder or sorer after Sat 5 Dec",
        "the redness spreads",
        "you see pus",
        "you have a fever or chills",
        "a cold sore or sore blisters start",
        "it bleeds after 10 min of firm pressure",
        "it swells a lot",
    ]
    assert [plain(line.text) for line in warning.later] == [
        "Call in 1 to 2 days: an itchy or lumpy rash (stop all creams), or still very red after Thu 10 Dec.",
        "Tell us by your next visit: dark or pale patches, lines, a raised scar.",
    ]
    assert [line.text for line in warning.emergency] == [
        "Trouble breathing, swollen face, lips or tongue, a faint, a fit, blue-grey lips, a fast or uneven "
        "heart after the numbing cream? Call 999 now.",
        "Eye pain or a change in sight? Emergency eye care now.",
    ]


def test_without_numbing_cream_its_signs_are_left_out():
    content = sheet(anaesthetic=None, products=())

    assert content.header.used == ""
    assert content.warning.emergency[0].text == (
        "Trouble breathing, swollen face, lips or tongue, a faint, a fit, blue-grey lips? Call 999 now."
    )


def test_marked_swelling_today_changes_the_cool_pack_line():
    assert "do.cool" in said(sheet(reaction=Reaction(3, 1)))
    assert said(sheet(reaction=Reaction(1, 2)))["do.cool.swollen"] == (
        "You left swollen: a cool pack in a clean cloth helps"
    )


def test_note_is_printed_as_written_or_not_at_all():
    assert sheet(note="  ").note is None
    assert sheet(note="Cool it\n twice {tonight}.").note == Note(
        "Note from Kerry Walsh:", "Cool it twice {tonight}."
    )


def test_next_visit_says_when_to_stop_creams():
    box = sheet().next_visit

    assert plain(box.heading) == "Your next visit: Thu 7 Jan 2027, 16:30"
    assert [plain(line.text) for line in box.items] == [
        "With Kerry Walsh, Room 3. Allow 1 hour 30 min.",
        "Stop retinol and acid creams on Sat 2 Jan.",
        "Pregnant, an infection or a new medicine? Tell us first.",
    ]


def test_next_visit_not_booked():
    box = sheet(next_visit=None).next_visit

    assert box.heading == "Your next visit is not booked yet"
    assert box.items[0].text == "Call us on 020 7946 0138 to book it."


def test_last_session_leads_to_a_review_from_day_ninety():
    content = sheet(is_last=True, next_visit=None)

    assert plain(content.next_visit.heading) == "Your review: from Wed 3 Mar 2027"
    assert [line.code for line in content.next_visit.items] == ["next.last_why", "next.call"]
    assert "normal.after.last" in said(content)


def test_booked_review_does_not_ask_to_stop_creams():
    review = NextVisit(datetime(2027, 3, 10, 10, 0, tzinfo=UTC), "Kerry Walsh", "Room 3", 20, NextKind.REVIEW)

    box = sheet(is_last=True, next_visit=review).next_visit

    assert plain(box.heading) == "Your review: Wed 10 Mar 2027, 10:00"
    assert [line.code for line in box.items] == ["next.with", "next.last_why"]


def test_footer_names_text_language_approver_record_and_visit():
    footer = sheet().footer

    assert plain(footer.text) == "Aftercare text version 1, English, approved Tue 1 Sep 2026 by Dr N Rahman"
    assert footer.reference == "LM-20418 · V5"


def test_draft_says_that_it_is_one():
    draft = compose(AMARA, SHIPPED["en"])

    assert draft.footer.text == "Aftercare text version 1, English, draft: not approved"


def test_every_clinical_line_names_its_source():
    labels = {"next.with", "next.call"}
    for facts in ({}, {"phototype": 6, "areas": (BREAST,)}, {"is_last": True, "next_visit": None}):
        assert [
            line.code for line in lines(sheet(**facts)) if not line.source and line.code not in labels
        ] == []


def test_spanish_sheet_is_spanish_throughout():
    content = sheet(language="es", note="Todo bien.")

    assert content.language == "es"
    assert plain(content.header.finished) == "jue 3 dic 2026, 12:15"
    assert plain(content.timeline.rows[2].when) == "sáb 5 a dom 6 dic"
    assert said(content)["do_not.first_day.face"] == (
        "Maquillaje, crema para el sol, alcohol, baño caliente: no hasta vie 4 dic, 12:15"
    )
    english = {block.text for block in SHIPPED["en"].texts.values() if len(block.text) > 20}
    assert not english & set(said(content).values())


def test_missing_block_refuses_the_language_by_name():
    texts = {
        code: block for code, block in SHIPPED["es"].texts.items() if code not in {"do.drink", "call.pus"}
    }

    assert compose(replace(AMARA, language="es"), approved("es", texts=texts)) == MissingBlocks(
        "es", ("do.drink", "call.pus")
    )


def test_text_that_lost_its_date_refuses_the_language():
    texts = dict(SHIPPED["en"].texts)
    texts["do_not.week_2"] = replace(texts["do_not.week_2"], text="Sunbed: not until {day.year}")

    assert compose(AMARA, approved(texts=texts)) == UnfitBlocks(
        "en",
        (
            BlockFault("do_not.week_2", Fault.UNKNOWN_PLACE, "day.year"),
            BlockFault("do_not.week_2", Fault.LOST_PLACE, "day"),
        ),
    )


def test_other_language_or_version_is_refused():
    assert compose(AMARA, approved("es")) == OtherText(("en", 1), ("es", 1))
    assert compose(AMARA, approved(version=2)) == OtherText(("en", 1), ("en", 2))


def test_content_is_frozen_json():
    data = sheet(note="Rest.").as_data()

    assert json.loads(json.dumps(data)) == json.loads(json.dumps(sheet(note="Rest.").as_data()))
    assert list(data) == [
        "schema",
        "language",
        "direction",
        "text_version",
        "starts_on",
        "header",
        "timeline",
        "do",
        "do_not",
        "note",
        "warning",
        "next_visit",
        "footer",
        "notice",
    ]
