"""Pages of the treatment room: start a record, save its steps, sign, read, correct."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse

from clinic.models import Device
from patients.models import ConsentText
from patients.screening.evaluate import questions
from patients.screening.table import SHIPPED
from patients.screening.terms import START_STAGES
from planner import booking, records
from planner.forms.conflict import Conflict
from planner.models import AftercareSheet, SessionAmendment, TreatmentSession
from planner.queries.body import body_of
from tests import people
from tests.kept import kept
from tests.patients.screening.samples import yes
from tests.planner import making, treating
from tests.planner.treating import CREAM_OFF, CREAM_ON, ENDED, FINISHED, MINUTE, NEEDLING, SIGNED, STARTED

JSON = {"Accept": "application/json"}
READ_BACK = {"identity_checked": "on", "birth_date": "21 Jan 1987", "consent_read": "on"}


@pytest.fixture(autouse=True)
def now():
    """The wall clock stands at the moment of the first visit; tests move it."""
    with time_machine.travel(STARTED, tick=False) as traveller:
        yield traveller


@kept
def stock(site):
    return treating.make_stock(site.location)


@kept
def visit(ana, site, rosa):
    """Ana is here, not screened today, no consent."""
    return treating.arrive(ana, site, rosa)


@kept
def ready(visit, site, priya, rosa):
    """Ana is here, screened today, consent signed."""
    treating.consent(visit.patient, site, rosa)
    treating.screen_today(visit, priya)
    return visit


@kept
def session(ready, priya):
    """The record is open; the texts of the sheet are approved."""
    treating.approve_texts(priya.practitioner)
    return treating.start(ready, priya)


@kept
def whole(session, site, stock, priya):
    """Every step is saved."""
    return treating.complete(session, site, stock, priya)


@kept
def signed(whole, priya):
    return treating.sign(whole, priya)


@pytest.fixture
def room(client_for, priya):
    """Priya's tablet."""
    return client_for(priya)


@pytest.fixture
def all_no():
    """The screen of the day as its form sends it."""
    return {rule.code: "no" for rule in questions(SHIPPED, START_STAGES)}


def url(name, row):
    return reverse(f"session_{name}", args=[row.pk])


def typed_numbing(session, stock, **changed):
    """The numbing step as its form sends it: cream from 10:06 to 10:40 local."""
    typed = {
        "version": session.version,
        "numbing_used": "yes",
        "numbing_lot": stock.cream.pk,
        "numbing_grams": "12,5",
        "numbing_area_cm2": "200",
        "numbing_on_at": "10:06",
        "numbing_off_at": "10:40",
        "numbing_applied_by": "clinic",
        "own_cream": "no",
    }
    return typed | changed


def typed_treatment(session, site, stock, **changed):
    """The treatment step as its form sends it: both cheeks and chin alike."""
    typed = {
        "version": session.version,
        "device": site.devices[0].pk,
        "skin_prep": "Chlorhexidine wipe",
        "cartridge_lot": stock.cartridges.pk,
        "serial": "S-1",
        "glide_lot": stock.gel.pk,
        "finishing_lot": stock.balm.pk,
    }
    for area in site.areas:
        typed |= {
            f"depth-{area.pk}": "1,5",
            f"passes-{area.pk}": "4",
            f"technique-{area.pk}": "glide",
            f"endpoint-{area.pk}": "pinpoint",
        }
    return typed | changed


def typed_finish(session, **changed):
    """The finish step as its form sends it, with the password."""
    typed = {
        "version": session.version,
        "pain": "3",
        "redness": "1",
        "swelling": "0",
        "reactions": ["bruise"],
        "fit_to_leave": "on",
        "sharps_disposed": "on",
        "patient_note": "Rest today.",
        "language": "en",
        "password": people.PASSWORD,
    }
    return typed | changed


def text_of(page):
    return page.content.decode()


# Start


def test_session_start_says_what_is_missing_and_where_it_is_settled(room, visit, site):
    page = room.get(url("start", visit))
    here = url("start", visit)
    areas = "".join(f"&areas={area.pk}" for area in site.areas)
    asked = f"?indication={site.indication.pk}{areas}&stage=visit&next={here}"
    assert page.status_code == 200
    assert page.context["page"].screen.url == reverse("screening_create", args=[visit.patient_id]) + asked
    assert page.context["page"].consent.url == (
        f"{reverse('consent_create', args=[visit.patient_id])}?indication={site.indication.pk}&next={here}"
    )
    assert not page.context["page"].screen.is_done and not page.context["page"].consent.is_done
    assert "Start visit" not in text_of(page)
    assert text_of(page).count("btn-primary") == 2  # the skip link and the one action


def test_session_start_shows_the_verdict_and_starts(room, ready, priya):
    page = room.get(url("start", ready))
    assert page.context["page"].screen.is_done and page.context["page"].consent.is_done
    assert "Screened today, 10:02" in text_of(page)
    answer = room.post(url("start", ready), READ_BACK)
    session = TreatmentSession.objects.get()
    assert (answer.status_code, answer.url) == (302, url("numbing", session))
    assert (session.started_at, session.practitioner) == (STARTED, priya.practitioner)


@pytest.mark.parametrize("left_out", ["identity_checked", "birth_date", "consent_read"])
def test_session_start_asks_for_both_to_be_read_back(room, ready, left_out):
    typed = dict(READ_BACK)
    del typed[left_out]
    page = room.post(url("start", ready), typed)
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [left_out]
    assert not TreatmentSession.objects.exists()


def test_session_start_of_a_stop_says_why_and_starts_nothing(room, visit, site, priya, rosa):
    treating.consent(visit.patient, site, rosa)
    screening = treating.screen_today(visit, priya, INFECTION_BACTERIAL=yes(fever="no"))
    page = room.get(url("start", visit))
    check = page.context["page"].screen
    assert (check.is_done, check.url) == (False, reverse("screening_detail", args=[screening.pk]))
    assert check.lines and all(line in text_of(page) for line in check.lines[:1])
    assert room.post(url("start", visit), READ_BACK).status_code == 422
    assert not TreatmentSession.objects.exists()


def test_session_start_without_a_skin_type_leads_to_the_profile(room, ready):
    type(ready.patient).objects.filter(pk=ready.patient_id).update(phototype=None)
    assert reverse("patient_edit", args=[ready.patient_id]) in text_of(room.get(url("start", ready)))


def test_session_start_of_a_visit_not_checked_in_has_no_action(room, site, ana, rosa):
    visit = making.book(ana, site, rosa).appointments.order_by("start").first()
    page = room.get(url("start", visit))
    assert "Only a visit of today that is checked in can start." in text_of(page)
    assert text_of(page).count("btn-primary") == 1


def test_session_start_goes_to_the_step_the_record_is_at(room, session, site, stock, priya):
    assert room.get(url("start", session.appointment)).url == url("numbing", session)
    session = treating.numb(session, stock, priya)
    assert room.get(url("start", session.appointment)).url == url("treatment", session)
    session = treating.treat(session, site, stock, priya, at=ENDED, started=True, ended=True)
    assert room.get(url("start", session.appointment)).url == url("finish", session)


def test_session_start_goes_to_the_signed_record(room, signed):
    assert room.get(url("start", signed.appointment)).url == url("detail", signed)


def test_the_screen_of_the_day_comes_back_to_the_visit(room, visit, all_no):
    asked = room.get(url("start", visit)).context["page"].screen.url
    assert room.post(asked, all_no).url == url("start", visit)


def test_the_consent_comes_back_to_the_visit(room, ready, site, priya):
    text = ConsentText.objects.get()
    newer = ConsentText.objects.create(
        indication=site.indication,
        language="en",
        number=text.number + 1,
        body="You can still say no.",
        approved_by=priya.practitioner,
        approved_at=STARTED,
    )
    check = room.get(url("start", ready)).context["page"].consent
    assert not check.is_done and check.lines
    typed = {"text": newer.pk, "method": "paper", "agreed": "on"}
    assert room.post(check.url, typed).url == url("start", ready)
    assert room.get(url("start", ready)).context["page"].consent.is_done


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_the_screen_of_the_day_never_leads_away(room, visit, all_no, away):
    asked = room.get(url("start", visit)).context["page"].screen.url
    answer = room.post(asked.replace(url("start", visit), away), all_no)
    assert answer.url.startswith("/screenings/")


# Steps


def test_session_numbing_saves_local_times_and_either_decimal_sign(room, session, stock, now):
    now.move_to(NEEDLING)
    answer = room.post(url("numbing", session), typed_numbing(session, stock))
    session.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, url("numbing", session))
    assert session.numbing_grams == Decimal("12.5")
    assert session.numbing_on_at == dt.datetime(2026, 9, 7, 9, 6, tzinfo=dt.UTC)
    assert session.numbing_off_at == dt.datetime(2026, 9, 7, 9, 40, tzinfo=dt.UTC)


def test_session_numbing_stamps_the_servers_time_and_keeps_its_seconds(room, session, stock, now):
    on = CREAM_ON + dt.timedelta(seconds=41)
    now.move_to(on)
    typed = typed_numbing(session, stock, numbing_on_at="", numbing_off_at="")
    room.post(url("numbing", session), typed | {"stamp": "on"})
    session.refresh_from_db()
    assert (session.numbing_on_at, session.numbing_off_at) == (on, None)
    page = room.get(url("numbing", session))
    assert 'data-timer-since="2026-09-07T09:06:41+00:00"' in text_of(page)
    assert "Cream off now" in text_of(page)
    now.move_to(CREAM_ON + 30 * MINUTE)
    typed |= {"version": session.version, "numbing_on_at": "10:06", "stamp": "off"}
    room.post(url("numbing", session), typed)
    session.refresh_from_db()
    assert (session.numbing_on_at, session.numbing_off_at) == (on, CREAM_ON + 30 * MINUTE)


def test_session_numbing_without_cream_needs_nothing_more(room, session):
    answer = room.post(
        url("numbing", session),
        {"version": session.version, "numbing_used": "no", "own_cream": "no", "then": "treatment"},
    )
    assert answer.url == url("treatment", session)
    session.refresh_from_db()
    assert session.numbing_used is False


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"numbing_used": ""}, "numbing_used"),
        ({"numbing_grams": "plenty"}, "numbing_grams"),
        ({"numbing_grams": "-1"}, "numbing_grams"),
        ({"numbing_grams": "NaN"}, "numbing_grams"),
        ({"numbing_area_cm2": "901"}, "numbing_area_cm2"),
        ({"numbing_area_cm2": "x"}, "numbing_area_cm2"),
        ({"numbing_on_at": "25:00"}, "numbing_on_at"),
        ({"numbing_on_at": "soon"}, "numbing_on_at"),
        ({"numbing_off_at": "11:59"}, "numbing_on_at"),
        ({"numbing_off_at": "10:05"}, "numbing_off_at"),
        ({"numbing_lot": "999999"}, "numbing_lot"),
        ({"version": ""}, "version"),
    ],
)
def test_session_numbing_refuses_beside_the_field_and_keeps_what_was_typed(
    room, session, stock, now, changed, field
):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock, **changed)
    page = room.post(url("numbing", session), typed)
    assert page.status_code == 422
    assert field in page.context["form"].errors
    shown = page.context["form"]
    assert {name: str(shown[name].value()) for name in typed} == {name: str(typed[name]) for name in typed}
    session.refresh_from_db()
    assert session.version == 1


def test_a_step_saved_from_an_older_page_is_409_and_loses_nothing(room, session, stock, now):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock)
    room.post(url("numbing", session), typed)
    page = room.post(url("numbing", session), typed | {"numbing_grams": "20"})
    assert page.status_code == 409
    assert "This record was saved elsewhere at 10:42:00." in text_of(page)
    assert page.context["conflicts"] == [Conflict("numbing_grams", "Amount (g)", "12.5", "20")]
    assert page.context["form"]["version"].value() == 2
    assert 'value="20"' in text_of(page)
    session.refresh_from_db()
    assert session.numbing_grams == Decimal("12.5")


@pytest.mark.parametrize(("picked", "grams"), [("saved", "12.5"), ("typed", "20.0")])
def test_a_conflict_is_settled_field_by_field(room, session, stock, now, picked, grams):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock)
    room.post(url("numbing", session), typed)
    late = typed | {"numbing_grams": "20", "numbing_area_cm2": "210"}
    page = room.post(url("numbing", session), late)
    assert [row.name for row in page.context["conflicts"]] == ["numbing_grams", "numbing_area_cm2"]
    picks = {"pick-numbing_grams": picked, "pick-numbing_area_cm2": "typed"}
    assert room.post(url("numbing", session), late | picks | {"version": 2}).status_code == 302
    session.refresh_from_db()
    assert (session.numbing_grams, session.numbing_area_cm2) == (Decimal(grams), 210)


def test_a_third_writer_gets_the_comparison_again(room, session, stock, now):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock)
    room.post(url("numbing", session), typed)
    room.post(url("numbing", session), typed | {"version": 2, "numbing_area_cm2": "90"})
    late = typed | {"numbing_grams": "20", "pick-numbing_grams": "typed", "version": 2}
    page = room.post(url("numbing", session), late)
    assert page.status_code == 409
    assert [row.name for row in page.context["conflicts"]] == ["numbing_grams", "numbing_area_cm2"]


def test_a_conflict_in_the_treatment_step_speaks_in_words(room, session, site, stock, cheeks):
    typed = typed_treatment(session, site, stock)
    room.post(url("treatment", session), typed)
    late = typed | {f"technique-{cheeks.pk}": "stamp", f"depth-{cheeks.pk}": "1,50", "stopped_early": "on"}
    page = room.post(url("treatment", session), late)
    assert page.context["conflicts"] == [
        Conflict("stopped_early", "Stopped early", "no", "yes"),
        Conflict(f"technique-{cheeks.pk}", "Technique, Cheeks", "Glide", "Stamp"),
    ]


def test_autosave_answers_with_the_version_and_the_parts_that_follow(room, session, stock, now):
    now.move_to(NEEDLING)
    answer = room.post(url("numbing", session), typed_numbing(session, stock), headers=JSON)
    said = answer.json()
    assert (answer.status_code, said["version"], set(said["parts"])) == (200, 2, {"live", "actions", "saved"})
    assert "Saved 10:42:00" in said["parts"]["saved"]["html"]
    assert "Next: treatment" in said["parts"]["actions"]["html"]


def test_autosave_says_what_is_wrong_field_by_field(room, session, stock, now):
    now.move_to(NEEDLING)
    typed = typed_numbing(session, stock, numbing_grams="x")
    answer = room.post(url("numbing", session), typed, headers=JSON)
    assert (answer.status_code, answer.json()) == (
        422,
        {"errors": {"numbing_grams": "Write a number such as 1.50."}, "stale": False},
    )
    room.post(url("numbing", session), typed_numbing(session, stock), headers=JSON)
    answer = room.post(url("numbing", session), typed_numbing(session, stock), headers=JSON)
    assert (answer.status_code, answer.json()["stale"]) == (409, True)


def test_session_treatment_saves_every_area_and_the_supplies(room, session, site, stock, cheeks, chin):
    typed = typed_treatment(session, site, stock)
    typed |= {f"depth-{chin.pk}": "1.25", "then": "finish"}
    answer = room.post(url("treatment", session), typed)
    assert answer.url == url("finish", session)
    areas = session.areas.values_list("area", "depth_mm", "passes", "technique", "endpoint")
    assert sorted(areas) == sorted(
        [
            (cheeks.pk, Decimal("1.50"), 4, "glide", "pinpoint"),
            (chin.pk, Decimal("1.25"), 4, "glide", "pinpoint"),
        ]
    )
    assert [str(use) for use in session.cartridges.all()] == ["S-1"]
    session.refresh_from_db()
    assert (session.device, session.glide_lot_id, session.finishing_lot_id, session.skin_prep) == (
        site.devices[0],
        stock.gel.pk,
        stock.balm.pk,
        "Chlorhexidine wipe",
    )


def test_session_treatment_takes_further_cartridges(room, session, site, stock):
    more = {"cartridge_lot_2": stock.cartridges.pk, "serial_2": "", "cartridge_lot_3": "", "serial_3": ""}
    room.post(url("treatment", session), typed_treatment(session, site, stock, **more))
    assert [str(use) for use in session.cartridges.order_by("pk")] == ["S-1", "N0001"]


def test_session_treatment_leaves_an_area_out(room, session, site, stock, cheeks, chin):
    empty = {f"{part}-{chin.pk}": "" for part in ("depth", "passes", "technique", "endpoint")}
    room.post(url("treatment", session), typed_treatment(session, site, stock, **empty))
    assert [link.area for link in session.areas.all()] == [cheeks]
    assert "Not treated today: chin." in text_of(room.get(url("finish", session)))


@pytest.mark.parametrize(
    ("part", "value", "field"),
    [
        ("depth", "3.05", "depth"),
        ("depth", "0.05", "depth"),
        ("depth", "1.52", "depth"),
        ("depth", "deep", "depth"),
        ("depth", "1.234,5", "depth"),
        ("depth", "2.05", "depth_reason"),
        ("passes", "0", "passes"),
        ("passes", "13", "passes"),
        ("passes", "two", "passes"),
        ("technique", "saw", "technique"),
        ("endpoint", "blood", "endpoint"),
    ],
)
def test_session_treatment_refuses_what_cannot_be(room, session, site, stock, chin, part, value, field):
    typed = typed_treatment(session, site, stock, **{f"{part}-{chin.pk}": value})
    page = room.post(url("treatment", session), typed)
    wrong = field if field == "depth_reason" else f"{field}-{chin.pk}"
    assert (page.status_code, list(page.context["form"].errors)) == (422, [wrong])
    assert page.context["form"][f"{part}-{chin.pk}"].value() == value
    assert not session.areas.exists() and not session.cartridges.exists()


def test_session_treatment_takes_a_deep_setting_with_its_reason(room, session, site, stock, chin):
    deep = {f"depth-{chin.pk}": "2,5", "depth_reason": "Thick scar"}
    assert (
        room.post(url("treatment", session), typed_treatment(session, site, stock, **deep)).status_code == 302
    )
    assert session.areas.get(area=chin).depth_mm == Decimal("2.50")


@pytest.mark.parametrize("name", ["device", "cartridge_lot", "glide_lot", "finishing_lot"])
def test_session_treatment_refuses_things_that_are_not_here(room, session, site, stock, name):
    page = room.post(url("treatment", session), typed_treatment(session, site, stock, **{name: 999999}))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])


def test_session_treatment_offers_no_lot_of_another_kind_or_out_of_date(room, session, site, stock):
    old = treating.make_lot(
        site.location, "Old gel", "glide", "G-0", expires_on=making.MONDAY - dt.timedelta(1)
    )
    form = room.get(url("treatment", session)).context["form"]
    assert list(form.fields["glide_lot"].queryset) == [stock.gel]
    page = room.post(url("treatment", session), typed_treatment(session, site, stock, glide_lot=old.pk))
    assert page.status_code == 422


def test_session_treatment_stamps_needling(room, session, site, stock, priya, now):
    session = treating.numb(session, stock, priya)
    now.move_to(NEEDLING)
    typed = typed_treatment(session, site, stock, stamp="start")
    room.post(url("treatment", session), typed)
    now.move_to(ENDED)
    typed |= {"version": session.version + 1, "stamp": "end"}
    room.post(url("treatment", session), typed)
    session.refresh_from_db()
    assert (session.needling_started_at, session.needling_ended_at) == (NEEDLING, ENDED)


def test_session_treatment_corrects_times_stamped_by_mistake(room, session, site, stock, priya, now):
    session = treating.numb(session, stock, priya, numbing_off_at=CREAM_OFF + MINUTE / 2)
    typed = typed_treatment(session, site, stock) | {
        "needling_started_at": "10:40",
        "needling_ended_at": "11:00",
    }
    now.move_to(ENDED)
    room.post(url("treatment", session), typed)
    session.refresh_from_db()
    # A minute typed is not before the seconds of what came before it.
    assert (session.needling_started_at, session.needling_ended_at) == (CREAM_OFF + MINUTE / 2, ENDED)
    typed |= {"version": session.version, "needling_ended_at": ""}
    room.post(url("treatment", session), typed)
    session.refresh_from_db()
    assert (session.needling_started_at, session.needling_ended_at) == (CREAM_OFF + MINUTE / 2, None)


@pytest.mark.parametrize(
    ("start", "end", "sentence"),
    [
        ("10:40", "10:39", "Needling ends after it starts."),
        ("", "10:50", "Write when needling started."),
        ("10:20", "", "Needling starts after the cream is off and removed."),
        ("25:00", "", "A time runs from 00:00 to 23:59."),
        ("23:59", "", "This time has not come yet."),
    ],
)
def test_session_treatment_refuses_times_beside_their_field(
    room, session, site, stock, priya, now, start, end, sentence
):
    session = treating.numb(session, stock, priya)
    now.move_to(ENDED)
    times = {"needling_started_at": start, "needling_ended_at": end}
    page = room.post(url("treatment", session), typed_treatment(session, site, stock) | times)
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not start or f'value="{start}"' in page.text
    session.refresh_from_db()
    assert session.needling_started_at is None


def test_session_treatment_refuses_needling_under_the_cream(room, session, site, stock, priya, now):
    session = treating.numb(session, stock, priya, numbing_off_at=None)
    now.move_to(NEEDLING)
    page = room.post(url("treatment", session), typed_treatment(session, site, stock, stamp="start"))
    assert page.status_code == 422
    assert "Needling starts after the cream is off and removed." in text_of(page)


def test_copy_last_visit_fills_what_is_empty_and_says_which(
    room, signed, site, stock, priya, now, rosa, cheeks
):
    following = signed.appointment.course.appointments.filter(number=2).get()
    now.move_to(following.start + 5 * MINUTE)
    room.force_login(priya)  # the sign-in of five weeks ago is over
    booking.check_in(following, by=rosa, at=following.start)
    treating.screen_today(following, priya, at=following.start + MINUTE)
    session = records.start_session(
        following, identity_checked=True, birth_date=following.patient.birth_date, consent_read=True, by=priya
    )
    page = room.get(url("treatment", session))
    assert "Last 1.50 mm, 4" in text_of(page)
    typed = {"version": session.version, f"depth-{cheeks.pk}": "1.00", "copy": "yes"}
    answer = room.post(url("treatment", session), typed)
    copied = answer.url.split("copied=")[1].split(".")
    assert f"depth-{cheeks.pk}" not in copied
    assert {f"passes-{cheeks.pk}", f"technique-{cheeks.pk}", "skin_prep", "glide_lot"} <= set(copied)
    assert not any(name.startswith(("endpoint", "cartridge", "serial")) for name in copied)
    mine = session.areas.get(area=cheeks)
    assert (mine.depth_mm, mine.passes, mine.technique, mine.endpoint) == (Decimal("1.00"), 4, "glide", "")
    page = room.get(answer.url)
    assert "copied</span>" in text_of(page)
    said = [str(message) for message in page.context["messages"]]
    assert said[0].startswith("Copied, check each: Skin preparation, ")
    assert said[0].endswith(" Kept as typed: Depth, Cheeks.")
    rows = {row["area"]: row["differs"] for row in page.context["form"].rows}
    assert rows == {cheeks: True, site.areas[1]: False}
    assert page.context["form"].used_before["glide_lot"] == {
        "words": "A-1",
        "before": {"glide_lot": str(stock.gel.pk)},
        "differs": False,
    }


def test_copy_last_visit_says_what_is_out_of_stock(room, signed, stock, priya, now, rosa):
    following = signed.appointment.course.appointments.filter(number=2).get()
    now.move_to(following.start + 5 * MINUTE)
    room.force_login(priya)
    booking.check_in(following, by=rosa, at=following.start)
    treating.screen_today(following, priya, at=following.start + MINUTE)
    session = treating.start(following, priya, at=following.start + 4 * MINUTE)
    stock.gel.is_active = False
    stock.gel.save()
    answer = room.post(url("treatment", session), {"version": session.version, "copy": "yes"}, follow=True)
    said = [str(message) for message in answer.context["messages"]]
    assert "Not here now: Glide gel and lot." in said[0]
    session.refresh_from_db()
    assert session.glide_lot is None


def test_a_scanned_cartridge_is_put_beside_those_that_are_there(room, session, site, stock):
    typed = typed_treatment(session, site, stock, find="yes", scan="(01)04012345678901(10)NC-1(21)77")
    answer = room.post(url("treatment", session), typed, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Found: Cartridge, 14 needles, lot NC-1, serial 77."
    ]
    assert [use.unit.serial for use in session.cartridges.order_by("pk")] == ["S-1", "77"]


def test_a_scanned_lot_of_another_product_is_refused_and_nothing_typed_is_lost(room, session, site, stock):
    stock.cream.number = "NU-9"
    stock.cream.save()
    typed = typed_treatment(session, site, stock, find="yes", scan="nu-9")
    page = room.post(url("treatment", session), typed)
    assert page.status_code == 422
    assert page.context["form"].errors["scan"] == [
        "Lot NU-9 is Lidocaine 4% cream, a numbing cream, not a needle cartridge or finishing cream or "
        "glide gel. Use it in the numbing step."
    ]
    assert 'value="Chlorhexidine wipe"' in text_of(page)
    assert not session.cartridges.exists()


def test_a_scanned_numbing_cream_is_picked(room, session, stock):
    stock.prilocaine.number = "NU-8"
    stock.prilocaine.save()
    typed = {"version": session.version, "scan": "NU-8", "find": "yes"}
    room.post(url("numbing", session), typed)
    session.refresh_from_db()
    assert (session.numbing_used, session.numbing_lot) == (True, stock.prilocaine)


def test_session_treatment_has_room_for_one_more_cartridge(room, session, site, stock):
    typed = typed_treatment(session, site, stock)
    typed |= {f"cartridge_lot_{number}": stock.cartridges.pk for number in (2, 3, 4)}
    typed |= {f"serial_{number}": f"S-{number}" for number in (2, 3, 4)}
    room.post(url("treatment", session), typed)
    assert session.cartridges.count() == 4
    assert "Cartridge 5 and lot" in text_of(room.get(url("treatment", session)))


def test_session_treatment_tells_the_page_the_depth_of_each_devices_label(room, session, site):
    device = Device.objects.get(pk=site.devices[0].pk)
    assert f'data-most="{device.label_max_mm:.2f}"' in text_of(room.get(url("treatment", session)))


# Finish and sign


def test_session_finish_lists_what_is_missing_with_its_step(room, session):
    page = text_of(room.get(url("finish", session)))
    assert f'href="{url("numbing", session)}">Say whether numbing cream was used.' in page
    assert f'href="{url("treatment", session)}">Cartridge.' in page
    assert "Worst pain." in page


def test_session_finish_saves_and_stamps_fit_to_leave_once(room, session, now):
    now.move_to(FINISHED)
    room.post(url("finish", session), typed_finish(session))
    now.move_to(SIGNED)
    session.refresh_from_db()
    room.post(url("finish", session), typed_finish(session, pain="4"))
    session.refresh_from_db()
    assert (session.pain, session.redness, session.swelling, session.reactions) == (4, 1, 0, ["bruise"])
    assert (session.fit_to_leave_at, session.sharps_disposed) == (FINISHED, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pain", "11"),
        ("redness", "4"),
        ("swelling", "-1"),
        ("reactions", ["rash"]),
        ("patient_note", "x" * 201),
    ],
)
def test_session_finish_refuses_what_cannot_be(room, session, name, value):
    page = room.post(url("finish", session), typed_finish(session, **{name: value}))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])


def test_session_sign_saves_signs_and_shows_the_sheet(room, whole, now):
    now.move_to(SIGNED)
    answer = room.post(url("sign", whole), typed_finish(whole), follow=True)
    whole.refresh_from_db()
    assert answer.redirect_chain == [(reverse("sheet_detail", args=[whole.sheet.pk]), 302)]
    assert (whole.signed_at, whole.reactions, whole.patient_note) == (SIGNED, ["bruise"], "Rest today.")
    assert whole.appointment.__class__.objects.get(pk=whole.appointment_id).status == "fulfilled"
    assert "The record is signed." in text_of(answer)


def test_session_sign_gives_the_sheet_in_the_language_chosen(room, whole, now):
    now.move_to(SIGNED)
    room.post(url("sign", whole), typed_finish(whole, language="es"))
    assert AftercareSheet.objects.get().content["language"] == "es"


@pytest.mark.parametrize("password", ["", "x"])
def test_session_sign_with_a_wrong_password_keeps_the_step_and_signs_nothing(room, whole, now, password):
    now.move_to(SIGNED)
    page = room.post(url("sign", whole), typed_finish(whole, password=password))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["password"])
    assert "This is not your password." in text_of(page)
    whole.refresh_from_db()
    assert (whole.signed_at, whole.patient_note) == (None, "Rest today.")
    again = typed_finish(whole, version=page.context["form"]["version"].value())
    assert room.post(url("sign", whole), again).status_code == 302


def test_session_sign_of_an_incomplete_record_says_what_is_missing(room, session):
    page = room.post(url("sign", session), typed_finish(session))
    assert page.status_code == 422
    assert "The record is not complete yet." in text_of(page)
    assert not AftercareSheet.objects.exists()


def test_session_sign_from_an_older_page_is_409(room, whole, priya):
    treating.finish(whole, priya)
    page = room.post(url("sign", whole), typed_finish(whole))
    assert page.status_code == 409
    assert not AftercareSheet.objects.exists()


def test_session_sign_twice_shows_the_same_sheet(room, whole, now):
    now.move_to(SIGNED)
    typed = typed_finish(whole)
    first, second = (room.post(url("sign", whole), typed).url for _ in range(2))
    assert first == second
    assert AftercareSheet.objects.count() == 1


def test_a_signed_record_takes_no_step_any_more(room, signed, stock):
    for name in ("numbing", "treatment", "finish"):
        assert room.get(url(name, signed)).url == url("detail", signed)
    page = room.post(url("numbing", signed), typed_numbing(signed, stock))
    assert page.status_code == 409
    assert "This record is signed." in text_of(page)


# Signed


def test_session_detail_shows_what_was_recorded(room, signed, stock):
    page = text_of(room.get(url("detail", signed)))
    for words in ("1.50 mm", "Pinpoint bleeding", "Chlorhexidine wipe", stock.gel.number, "10:06–10:40"):
        assert words in page
    assert signed.content_hash[:12] in page


def test_session_detail_of_an_open_record_goes_to_its_step(room, session):
    assert room.get(url("detail", session)).url == url("numbing", session)


def test_session_amend_adds_a_dated_correction(room, signed, priya, now):
    now.move_to(SIGNED + MINUTE)
    answer = room.post(
        url("amend", signed), {"text": "Five passes.", "password": people.PASSWORD}, follow=True
    )
    assert answer.redirect_chain == [(url("detail", signed), 302)]
    assert "Five passes." in text_of(answer)
    amendment = SessionAmendment.objects.get()
    assert (amendment.by, amendment.at) == (priya, SIGNED + MINUTE)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": "Five.", "password": "x"}, "password"),
        ({"text": " ", "password": people.PASSWORD}, "text"),
        ({"text": "x" * 2001, "password": people.PASSWORD}, "text"),
    ],
)
def test_session_amend_refuses_and_keeps_the_text(room, signed, typed, field):
    page = room.post(url("amend", signed), typed)
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert not SessionAmendment.objects.exists()


# Who


@pytest.mark.parametrize("name", ["numbing", "treatment", "finish", "sign", "detail"])
@pytest.mark.parametrize("who", ["rosa", "mona"])
def test_records_are_for_practitioners(client_for, signed, name, who, request):
    client = client_for(request.getfixturevalue(who))
    assert client.get(url(name, signed)).status_code == 403
    assert client.get(url("start", signed.appointment)).status_code == 403
    assert client.post(url("amend", signed), {}).status_code == 403


@pytest.mark.parametrize("name", ["start", "numbing", "treatment", "finish", "sign", "detail"])
def test_records_that_do_not_exist_or_are_elsewhere_are_404(room, signed, priya, name):
    assert room.get(reverse(f"session_{name}", args=[999999])).status_code == 404
    priya.location = people.make_location("Eastmoor")
    priya.save()
    row = signed.appointment if name == "start" else signed
    assert room.get(url(name, row)).status_code == 404


def test_every_step_has_one_primary_button_and_no_inline_code(room, session, site, stock, priya):
    for name in ("numbing", "treatment", "finish"):
        page = text_of(room.get(url(name, session)))
        assert page.count("btn-primary") == 2, name  # the skip link and the one action
        assert "style=" not in page and "onclick" not in page


# The body map


def test_the_body_map_and_the_list_hold_the_same_areas(room, session, site, stock, cheeks):
    type(cheeks).objects.filter(pk=cheeks.pk).update(code="right_cheek")
    room.post(url("treatment", session), typed_treatment(session, site, stock))
    page = room.get(url("treatment", session))
    areas = [row["area"] for row in page.context["form"].rows]
    marks = [mark for view in body_of(areas, session.areas.all()) for mark in view.marks]
    assert [(mark.number, mark.name, mark.words) for mark in marks if mark.number] == [
        (1, "Cheeks", "1.50 mm, 4 passes"),
        (2, "Chin", "1.50 mm, 4 passes"),
    ]
    assert f'href="#row-{cheeks.pk}"' in text_of(page) and f'id="row-{cheeks.pk}"' in text_of(page)
