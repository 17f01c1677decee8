"""The aftercare sheet: from the rows of one visit to the stored content and PDF."""

import datetime as dt
import hashlib
import io
import re

from pypdf import PdfReader

from clinic.models import TreatmentArea
from patients.models import Patient
from planner import records, sheets
from planner.models import AftercareSheet, AftercareText, Appointment
from tests.kept import kept
from tests.planner import making, treating
from tests.planner.signing.opening import open_record
from tests.planner.treating import MINUTE, SIGNED, complete, sign

NBSP = "\u00a0"


@kept
def session(ana, site, priya, rosa):
    """An open record of Ana's first of four visits; texts are approved."""
    treating.approve_texts(priya.practitioner)
    return open_record(ana, site, priya, rosa)


@kept
def done(session, site, stock, priya):
    """Every step is saved."""
    return complete(session, site, stock, priya)


@kept
def sheet(done, priya):
    """The sheet of the signed visit."""
    return issued(done, priya)


def issued(session, by, **how):
    """Sign and read the sheet as it is stored."""
    return AftercareSheet.objects.get(session=sign(session, by, **how))


def texts_in(content):
    """Every text of a sheet's content but codes, sources and dates of machines."""
    if isinstance(content, dict):
        for key, value in content.items():
            if key not in ("code", "source", "first_on", "last_on", "starts_on", "language", "direction"):
                yield from texts_in(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts_in(value)
    elif isinstance(content, str) and content:
        yield content


def plain(text):
    """Text without the differences that a PDF makes: spaces, line ends, hyphens at them."""
    return re.sub(r"\s+", "", text.replace(NBSP, " "))


def test_the_sheet_says_what_was_done_where_and_when(sheet, session):
    assert sheet.content["header"] == {
        "title": "Your skin after needling",
        "patient": session.patient.full_name,
        "visit": "Visit 1 of 4",
        "finished": f"Mon{NBSP}7{NBSP}Sep{NBSP}2026,{NBSP}11:00",
        "treated": "Treated: cheeks, chin",
        "used": "Used today: Lidocaine 4% cream, Sterile glide gel, Plain healing cream",
        "clinic": {
            "name": "Larkmoor",
            "address_lines": ["1 Mill Lane, Larkmoor"],
            "phone": "020 7946 0018",
            "hours": "Every day, 08:00 to 20:00",
            "emergency_number": "999",
        },
    }
    assert (sheet.issued_at, sheet.issued_by, sheet.patient) == (
        SIGNED,
        session.practitioner.user,
        session.patient,
    )


def test_the_sheet_names_the_next_booked_visit_of_the_course(sheet):
    heading = sheet.content["next_visit"]["heading"]
    assert f"Mon{NBSP}12{NBSP}Oct{NBSP}2026,{NBSP}10:00" in heading
    said = " ".join(item["text"] for item in sheet.content["next_visit"]["items"])
    assert "Priya Nair" in said
    assert "Room 1" in said


def test_the_next_visit_is_the_next_that_is_still_booked(done, priya):
    second = Appointment.objects.get(number=2)
    second.status = "cancelled"
    second.save()
    sheet = issued(done, priya)
    assert f"16{NBSP}Nov" in sheet.content["next_visit"]["heading"]


def test_a_sheet_without_a_next_visit_promises_none(done, priya):
    Appointment.objects.exclude(number=1).update(status="cancelled")
    sheet = issued(done, priya)
    facts = sheets.facts_of(sheet.session, sheet.text)
    assert (facts.next_visit, facts.is_last) == (None, False)
    assert not re.search(r"\d{2}:\d{2}", sheet.content["next_visit"]["heading"])


def test_dates_count_from_the_end_of_needling(sheet):
    starts = [row["first_on"] for row in sheet.content["timeline"]["rows"]]
    assert (sheet.content["starts_on"], starts[0]) == ("2026-09-07", "2026-09-07")
    todo = " ".join(texts_in(sheet.content))
    assert f"Tue{NBSP}8{NBSP}Sep,{NBSP}11:00" in todo  # make-up: 24 h after 11:00


def test_the_practitioners_note_is_printed_as_written(done, priya):
    done = treating.finish(done, priya, patient_note="Cool your right cheek <tonight> & rest.")
    sheet = issued(done, priya)
    assert sheet.content["note"]["text"] == "Cool your right cheek <tonight> & rest."
    assert plain("Cool your right cheek <tonight> & rest.") in plain(pdf_text(sheet))


def pdf_text(sheet):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(sheet.pdf))).pages)


def test_the_pdf_is_one_page_and_holds_every_text_of_the_content(sheet):
    reader = PdfReader(io.BytesIO(bytes(sheet.pdf)))
    assert len(reader.pages) == 1
    printed = plain(pdf_text(sheet))
    missing = [text for text in texts_in(sheet.content) if plain(text) not in printed]
    assert missing == []


def test_the_hash_is_that_of_the_stored_bytes(sheet):
    stored = AftercareSheet.objects.get()
    assert bytes(stored.pdf).startswith(b"%PDF-")
    assert stored.sha256 == hashlib.sha256(bytes(stored.pdf)).hexdigest()


def test_a_sheet_is_issued_once(sheet, session, priya):
    again = sheets.issue_sheet(session, by=priya, at=SIGNED + MINUTE)
    assert (again, again.issued_at) == (sheet, SIGNED)
    assert AftercareSheet.objects.count() == 1


def test_a_sheet_stays_as_it_was_when_everything_around_it_changes(sheet, session, rosa):
    before = (sheet.content, bytes(sheet.pdf))
    Patient.objects.filter(pk=session.patient_id).update(family_name="Other", language="es")
    TreatmentArea.objects.update(name="Elsewhere")
    Appointment.objects.filter(number=2).update(status="cancelled")
    sheet.refresh_from_db()
    assert (sheet.content, bytes(sheet.pdf)) == before


def test_a_sheet_in_the_patients_language_is_in_that_language_alone(done, priya):
    Patient.objects.update(language="es")
    TreatmentArea.objects.filter(code="cheeks").update(name_es="Mejillas")
    TreatmentArea.objects.filter(code="chin").update(name_es="Mentón")
    sheet = issued(done, priya)
    assert (sheet.text.language, sheet.content["language"]) == ("es", "es")
    assert sheet.content["header"]["treated"].endswith("mejillas, mentón")
    english = AftercareText.objects.get(language="en").blocks["texts"]
    assert sheet.content["header"]["title"] != english["sheet.title"]["text"]


def test_sheet_languages_are_those_with_approved_texts(site, priya):
    assert sheets.sheet_languages() == {}
    treating.approve_texts(priya.practitioner, languages=["en"])
    assert sheets.sheet_languages() == {"en": "English"}


def test_a_letter_location_prints_on_letter(done, site, priya):
    type(site.location).objects.update(paper="us-letter")
    sheet = issued(done, priya)
    page = PdfReader(io.BytesIO(bytes(sheet.pdf))).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (612, 792)


def test_the_sheet_of_a_visit_without_cream_names_no_cream(session, site, stock, priya):
    done = records.save_numbing(
        session, version=1, by=priya, at=treating.CREAM_ON, numbing_used=False, own_cream=False
    )
    done = treating.treat(done, site, stock, priya, at=treating.NEEDLING, started=True)
    done = treating.treat(done, site, stock, priya, at=treating.ENDED, ended=True)
    sheet = issued(treating.finish(done, priya), priya)
    assert sheet.content["header"]["used"] == "Used today: Sterile glide gel, Plain healing cream"


def test_days_are_counted_in_the_clinics_zone(ana, site, stock, priya, rosa):
    """Tuesday at ten in Auckland is still Monday in UTC."""
    treating.approve_texts(priya.practitioner)
    type(site.location).objects.update(time_zone="Pacific/Auckland")
    site.location.refresh_from_db()
    tuesday = making.MONDAY + dt.timedelta(days=1)
    slots = making.slots_at(site, making.every(35, first=tuesday))
    session = open_record(ana, site, priya, rosa, slots=slots)
    at = session.started_at.astimezone(dt.UTC) + 30 * MINUTE
    done = records.save_numbing(session, version=1, by=priya, at=at, numbing_used=False, own_cream=False)
    done = treating.treat(done, site, stock, priya, at=at, started=True)
    done = treating.treat(done, site, stock, priya, at=at, ended=True)
    at += 15 * MINUTE
    sheet = issued(treating.finish(done, priya, at=at), priya, at=at)
    assert at.date() == making.MONDAY
    assert sheet.content["starts_on"] == tuesday.isoformat()
