"""Reads for pages: finding patients, possible duplicates, what a patient's page lists."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from clinic.dates import parse_date
from clinic.models import Indication, Location, Practitioner, User
from patients.folding import digits, fold
from patients.models import (
    Consent,
    ConsentText,
    LinkVisit,
    Patient,
    PatientLink,
    Questionnaire,
    Rule,
    RuleSet,
    ScreenedFinding,
    Screening,
    UnfinishedScreening,
)
from patients.models.link import WRONG_AT_MOST
from patients.nearly import find_nearly

LIMIT = 20
WORDS_MOST = 6  # further words of a search are ignored
ENOUGH = 500
_DATE_LIKE = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
_SHORT_YEAR = re.compile(r"(\d{1,2}[/.-]\d{1,2}[/.-])(\d{2})")
# Asked by every page, so in plain SQL: building the same from models took longer than PostgreSQL to answer.
UNDECIDED_SQL = """
    SELECT s.patient_id FROM patients_screenedfinding f
    JOIN patients_screening s ON s.id = f.screening_id
    JOIN patients_patient p ON p.id = s.patient_id
    WHERE p.location_id = %(location)s
        AND (f.outcome = 'review' AND f.row ->> 'reason' <> 'unanswered'
            OR f.outcome = 'stop' AND EXISTS (SELECT FROM patients_clearingevent c WHERE c.finding_id = f.id))
        AND NOT EXISTS (SELECT FROM patients_clinicaldecision d WHERE d.finding_id = f.id)
        AND NOT EXISTS (SELECT FROM patients_screening n WHERE n.patient_id = s.patient_id
            AND (n.answered_at, n.id) > (s.answered_at, s.id))
"""
HELD_SQL = """
    SELECT s.patient_id FROM patients_screening s
    JOIN patients_patient p ON p.id = s.patient_id
    WHERE p.location_id = %(location)s AND s.outcome IN ('defer', 'stop')
        AND NOT EXISTS (SELECT FROM patients_screening n WHERE n.patient_id = s.patient_id
            AND (n.answered_at, n.id) > (s.answered_at, s.id))
"""
HELD_UP_SQL = " UNION ALL ".join(
    f"(SELECT {part}, id FROM patients_patient WHERE id IN ({keys}) ORDER BY sort_name, id LIMIT %(most)s)"  # noqa: S608
    for part, keys in ((1, UNDECIDED_SQL), (2, HELD_SQL))
)
_PHONE_LIKE = re.compile(r"[+\d][\d ()./-]{3,}")


@dataclass(frozen=True)
class Found:
    """Patients found; `near` when none fits what was typed and these differ from it by typing errors."""

    patients: list[Patient]
    near: bool = False


def search_patients(text: str, limit: int = LIMIT) -> list[Patient]:
    """Find patients as `find_patients` does, whether they fit exactly or nearly."""
    return find_patients(text, limit).patients


def find_patients(text: str, limit: int = LIMIT) -> Found:
    """Find patients by any part of a name in any order, phone digits, birth date or record number.

    Accents do not matter, and one typing error (two in words of eight letters or more) is forgiven when
    nothing fits exactly; the answer says so, that nobody takes a near match for the person. At most `limit`
    patients, by name.
    """
    typed = " ".join(text.replace("\x00", "").split())[:120]
    if not typed:
        return Found([])
    if (born := _date_in(typed)) is not None:
        return Found(_by_name(_containing(born[1]).filter(birth_date__in=born[0]), limit))
    if _PHONE_LIKE.fullmatch(typed) and len(digits(typed)) >= 4:
        return Found(_by_name(_containing([digits(typed)]), limit))
    words = fold(typed).split()[:WORDS_MOST]
    if not words:
        return Found([])
    if exact := _by_name(_containing(words), limit):
        return Found(exact)
    near = find_nearly(words, limit, 1) or find_nearly(words, limit, 2)
    return Found(near, near=bool(near))


def recent_patients(location: Location, limit: int = 10) -> list[Patient]:
    """The patients added last at a location."""
    found = Patient.objects.filter(location=location, merged_into=None)
    return list(found.order_by("-created_at", "-pk")[:limit])


def patient_rows() -> QuerySet[Patient]:
    """Patients with their location, whose zone their local days are in; no file that was merged away."""
    return Patient.objects.filter(merged_into=None).select_related("location")


def finding_rows() -> QuerySet[ScreenedFinding]:
    """Findings with the screening they belong to."""
    return ScreenedFinding.objects.select_related("screening")


def screenings_of(patient: Patient) -> QuerySet[Screening]:
    """A patient's screenings, newest first, for the profile."""
    return (
        Screening.objects.filter(patient=patient)
        .select_related("indication", "answered_by", "rule_set")
        .prefetch_related("areas")
    )


def consents_of(patient: Patient) -> QuerySet[Consent]:
    """A patient's consents, newest first, for the profile."""
    return Consent.objects.filter(patient=patient).select_related("indication", "text", "witnessed_by")


def open_questionnaire(patient: Patient) -> Questionnaire | None:
    """The questions that wait on the patient's own pages."""
    return (
        Questionnaire.objects.filter(patient=patient, screening=None, dropped_at=None)
        .select_related("rule_set", "indication", "patient")
        .first()
    )


def unfinished_of(patient: Patient) -> UnfinishedScreening | None:
    """The screen of a patient that staff began and did not finish."""
    rows = UnfinishedScreening.objects.filter(patient=patient, ended_at=None)
    rows = rows.select_related("rule_set", "indication", "begun_by", "saved_by", "patient")
    return rows.prefetch_related("areas").first()


def unfinished_rows() -> QuerySet[UnfinishedScreening]:
    """Screens begun and not finished, with their patient and who kept them."""
    return UnfinishedScreening.objects.filter(ended_at=None).select_related("patient", "begun_by", "saved_by")


def sent_questionnaire(patient: Patient) -> Questionnaire | None:
    """The last questions that the patient sent in."""
    sent = Questionnaire.objects.filter(patient=patient, screening__isnull=False)
    return sent.select_related("screening").order_by("-screening__answered_at").first()


def rules_waiting() -> RuleSet | None:
    """The draft of the rules, if one waits for its approval."""
    return RuleSet.objects.filter(approved_at=None).order_by("-number").first()


def rules_in_use() -> RuleSet | None:
    """The newest approved version, if there is one."""
    return RuleSet.objects.filter(approved_at__isnull=False).order_by("-number").first()


def rules_before(rule_set: RuleSet) -> RuleSet | None:
    """The approved version before this one."""
    older = RuleSet.objects.filter(approved_at__isnull=False, number__lt=rule_set.number)
    return older.order_by("-number").first()


def draft_rules() -> QuerySet[Rule]:
    """Rules that may still change."""
    return Rule.objects.filter(rule_set__approved_at=None).select_related("rule_set")


def screening_rows() -> QuerySet[Screening]:
    """Screenings with their patient and place."""
    return Screening.objects.select_related("patient__location", "rule_set", "indication", "answered_by")


def phone_screenings() -> QuerySet[Screening]:
    """Screenings that came from a patient's phone."""
    return Screening.objects.filter(link__isnull=False).select_related(
        "patient__location", "rule_set", "indication"
    )


def link_rows() -> QuerySet[PatientLink]:
    """Links with their patient."""
    return PatientLink.objects.select_related("patient__location", "created_by")


def links_of(patient: Patient, at: dt.datetime) -> QuerySet[PatientLink]:
    """A patient's links that have not ended; whether they were opened, or closed by wrong birth dates."""
    return (
        link_rows()
        .filter(patient=patient, revoked_at=None, expires_at__gt=at)
        .annotate(
            opened=Exists(LinkVisit.objects.filter(link=OuterRef("pk"))),
            closed=Q(wrong_tries__gte=WRONG_AT_MOST),
        )
    )


@dataclass(frozen=True)
class ConsentChoice:
    """What can be signed: the indications, the languages approved for the chosen one, and its text."""

    indications: Sequence[Indication]
    indication: Indication | None
    languages: Sequence[tuple[str, str]]
    language: str
    text: ConsentText | None


def consent_choice(patient: Patient, indication: str, language: str) -> ConsentChoice:
    """The newest approved text of an indication; a language without an approved text cannot be chosen."""
    indications = list(Indication.objects.filter(is_active=True))
    last = Screening.objects.filter(patient=patient).order_by("-answered_at").first()
    wanted = int(indication) if indication.isdecimal() else (last.indication_id if last else None)
    chosen = next((one for one in indications if one.pk == wanted), None)
    approved = ConsentText.objects.filter(indication=chosen, approved_at__isnull=False).order_by("number")
    texts = {text.language: text for text in approved}
    languages = [(code, name) for code, name in Patient.Language.choices if code in texts]
    spoken = next((code for code in (language, patient.language) if code in texts), "")
    return ConsentChoice(indications, chosen, languages, spoken or language, texts.get(spoken))


def consent_rows() -> QuerySet[Consent]:
    """Consents with all their page shows."""
    return Consent.objects.select_related(
        "patient__location", "indication", "text__approved_by", "witnessed_by"
    )


def held_up_patients(location: Location, most: int) -> tuple[list[Patient], list[Patient]]:
    """Whose newest screening waits for a decision, and whom it deferred or stopped: by name, `most` of each.

    What waits are answered reviews and cleared stops that nobody decided.
    """
    with connection.cursor() as cursor:
        cursor.execute(HELD_UP_SQL, {"location": location.pk, "most": most})
        rows = cursor.fetchall()
    patients = Patient.objects.in_bulk([pk for _, pk in rows])
    first, second = ([patients[pk] for part, pk in rows if part == wanted] for wanted in (1, 2))
    return first, second


def waiting_or_held(location: Location) -> set[int]:
    """The keys of both."""
    return _keys(f"{UNDECIDED_SQL} UNION {HELD_SQL}", location.pk)


def _keys(sql: str, location_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"location": location_id})
        return {pk for (pk,) in cursor.fetchall()}


def deciders(location: Location) -> list[Practitioner]:
    """The practitioners of a location who decide reviews."""
    rows = Practitioner.objects.filter(is_active=True, decides_reviews=True, locations=location)
    return list(rows.filter(user__is_active=True).order_by("name", "pk"))


def who_decides(location: Location) -> str:
    """Their names in one line, or that there is nobody."""
    names = [str(one) for one in deciders(location)]
    if not names:
        return "Nobody here decides reviews. A manager sets this under Settings, People."
    return f"{' or '.join(names)} decides."


def waiting_count(user: User) -> int:
    """How many decisions wait, for the sidebar."""
    return len(_keys(UNDECIDED_SQL, user.location_id))


def _date_in(typed: str) -> tuple[list[dt.date], list[str]] | None:
    """The birth date in what was typed, with the other words; None if there is none.

    A year of two digits may be of this century or of the last one.
    """
    parts = [(hit.group(), typed.replace(hit.group(), " ")) for hit in _DATE_LIKE.finditer(typed)]
    for words, rest in ((typed, ""), *parts):
        short = _SHORT_YEAR.fullmatch(words)
        meant = [f"{short[1]}{century}{short[2]}" for century in ("19", "20")] if short else [words]
        try:
            return [parse_date(one) for one in meant], fold(rest).split()[:WORDS_MOST]
        except ValueError:
            continue
    return None


def _containing(words: Sequence[str]) -> QuerySet[Patient]:
    found = Patient.objects.filter(merged_into=None).order_by()
    for word in words:
        found = found.filter(search_text__contains=word)
    return found


def _by_name(found: QuerySet[Patient], limit: int) -> list[Patient]:
    """The first by name of those found; of more than ENOUGH, which nobody reads through, some.

    Found first and sorted then: PostgreSQL must not walk a million names in order to look for a rare one.
    """
    some = found.values("pk")[:ENOUGH]
    return list(Patient.objects.filter(pk__in=some).order_by("sort_name", "pk")[:limit])
