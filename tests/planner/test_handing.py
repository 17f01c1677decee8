"""Handing a sheet over: the stored bytes on paper, other sizes from the frozen content, all recorded."""

import datetime as dt
import io

import pytest
from pypdf import PdfReader

from clinic.models import OutboxMessage
from clinic.refusals import Refusal
from patients.models import Patient, PatientLink
from planner import handing
from planner.models import AftercareSheet, Appointment, SheetHandover
from planner.print.joining import joined
from tests.kept import kept
from tests.planner import treating
from tests.planner.signing.opening import open_record
from tests.planner.treating import MINUTE, SIGNED, complete, sign

LATER = SIGNED + 5 * MINUTE


@kept
def sheet(ana, site, priya, rosa):
    """The sheet of Ana's first of four visits, signed."""
    treating.approve_texts(priya.practitioner)
    session = complete(open_record(ana, site, priya, rosa), site, treating.make_stock(site.location), priya)
    return AftercareSheet.objects.get(session=sign(session, priya))


def pages(pdf):
    return PdfReader(io.BytesIO(pdf)).pages


def recorded():
    return list(SheetHandover.objects.values_list("how", "note", "at", "by__email"))


def test_printed_in_the_issued_size_it_is_the_stored_file(sheet, rosa):
    pdf = handing.print_sheet(sheet, paper="a4", points=12, by=rosa, at=LATER)
    assert (pdf, recorded()) == (bytes(sheet.pdf), [("printed", "", LATER, rosa.email)])


@pytest.mark.parametrize(("paper", "points", "size"), [("a4", 18, (595, 842)), ("us-letter", 12, (612, 792))])
def test_other_sizes_say_the_same_in_other_type(sheet, rosa, paper, points, size):
    pdf = handing.print_sheet(sheet, paper=paper, points=points, by=rosa, at=LATER)
    first = pages(pdf)[0]
    assert (round(first.mediabox.width), round(first.mediabox.height)) == size
    said = "".join("".join(page.extract_text().split()) for page in pages(pdf))
    stored = "".join("".join(page.extract_text().split()) for page in pages(bytes(sheet.pdf)))
    for line in sheet.content["do"]["items"] + sheet.content["warning"]["items"]:
        assert "".join(line["text"].split()) in said
    assert sheet.content["header"]["patient"].replace(" ", "") in said and stored != ""
    assert recorded()[0][1] == ("18 pt" if points == 18 else "")


def test_a_reprint_after_everything_changed_is_identical(sheet, rosa, priya):
    first = handing.print_sheet(sheet, paper="a4", points=12, by=rosa, at=LATER)
    Patient.objects.update(family_name="Married", language="es")
    Appointment.objects.filter(number=2).update(status="cancelled")
    years = LATER + dt.timedelta(days=3 * 365)
    sheet = AftercareSheet.objects.get()
    assert handing.print_sheet(sheet, paper="a4", points=12, by=rosa, at=years) == first
    large = handing.print_sheet(sheet, paper="a4", points=18, by=rosa, at=years)
    assert "Married" not in "".join(page.extract_text() for page in pages(large))


def test_mailed_it_is_a_link_that_lives_90_days_beyond_the_last_visit(sheet, rosa):
    Patient.objects.update(email="ana@example.org")
    sheet.patient.refresh_from_db()
    handing.mail_sheet(sheet, by=rosa, at=LATER)
    link = PatientLink.objects.order_by("-pk").first()
    last = Appointment.objects.order_by("-start").first().start
    assert (link.purpose, link.expires_at) == ("plan", last + dt.timedelta(days=90))
    message = OutboxMessage.objects.get(kind="aftercare_link")
    assert (message.subject_id, recorded()) == (link.pk, [("mailed", "", LATER, rosa.email)])


def test_without_an_address_nothing_is_recorded_as_mailed(sheet, rosa):
    Patient.objects.update(email="")
    sheet.patient.refresh_from_db()
    with pytest.raises(Refusal) as no:
        handing.mail_sheet(sheet, by=rosa, at=LATER)
    assert (no.value.code, recorded(), OutboxMessage.objects.filter(kind="aftercare_link").count()) == (
        "no_way",
        [],
        0,
    )


def test_a_link_is_shown_once_and_recorded(sheet, rosa):
    link, token = handing.show_link(sheet, by=rosa, at=LATER)
    assert link.purpose == "plan" and len(token) == 43
    assert recorded() == [("link", "", LATER, rosa.email)]


def test_not_wanted_needs_its_reason(sheet, rosa):
    with pytest.raises(Refusal) as no:
        handing.refuse_sheet(sheet, note=" ", by=rosa, at=LATER)
    assert (no.value.code, recorded()) == ("note_missing", [])
    handing.refuse_sheet(sheet, note="Has it from last time", by=rosa, at=LATER)
    assert recorded() == [("refused", "Has it from last time", LATER, rosa.email)]


def test_an_outsider_hands_nothing_over(sheet, otto):
    for command in (
        lambda: handing.print_sheet(sheet, paper="a4", points=12, by=otto),
        lambda: handing.print_sheets([sheet], by=otto),
        lambda: handing.mail_sheet(sheet, by=otto),
        lambda: handing.show_link(sheet, by=otto),
        lambda: handing.refuse_sheet(sheet, note="x", by=otto),
    ):
        with pytest.raises(Refusal):
            command()
    assert recorded() == []


def test_many_are_printed_in_one_go_each_on_its_own_leaf(sheet, rosa):
    pdf = handing.print_sheets([sheet, sheet], by=rosa, at=LATER)
    texts = [page.extract_text() for page in pages(pdf)]
    own = len(pages(bytes(sheet.pdf)))
    assert len(recorded()) == 2
    assert [bool(text.strip()) for text in texts] == [True] * own + [False] * (own % 2) + [True] * own
    with pytest.raises(Refusal) as no:
        handing.print_sheets([], by=rosa)
    assert no.value.code == "no_sheets"


def test_one_paper_joined_is_itself(sheet):
    alone = joined([bytes(sheet.pdf)])
    assert [page.extract_text() for page in pages(alone)] == [
        page.extract_text() for page in pages(bytes(sheet.pdf))
    ]
