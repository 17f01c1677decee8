"""What the screening pages are made of."""

from functools import cached_property

from django.conf import settings
from django.forms import MultipleChoiceField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.module_loading import import_string

from clinic import clock
from clinic.permissions import may
from patients.forms.decision import ClearingForm, DecisionForm
from patients.forms.screening import ScopeForm, ScreeningForm
from patients.gates import names_in
from patients.judgement import area_codes_of, read_file, stages_of
from patients.models import Patient, RuleSet, ScreenedFinding, Screening, UnfinishedScreening
from patients.queries import screenings_of, unfinished_of, who_decides
from patients.questionnaires import may_be_confirmed
from patients.results import last_answers, may_see_answers, result_of, seen_by
from patients.rulesets import engine_rules
from patients.screening.describe import describe_finding
from patients.screening.evaluate import strictest
from patients.screening.terms import Outcome, Reason
from patients.screening.words import OUTCOME_WORDS
from patients.screenings import may_decide, preview
from patients.unfinished import Shown, refuse_resuming


class Questions:
    """The form of one screen: what it is for is in the address, the answers are in the body."""

    def __init__(self, request, patient: Patient, rule_set: RuleSet):
        self.request, self.patient, self.rule_set = request, patient, rule_set
        self.on = clock.local_date(clock.now(), request.user.location.time_zone)

    @cached_property
    def scope(self) -> ScopeForm:
        """Indication, areas and stage; not yet asked when the address is bare."""
        data = self.request.GET if "indication" in self.request.GET else None
        may_visit = hasattr(self.request.user, "practitioner")
        return ScopeForm(data, may_visit=may_visit, initial=self._scope_before())

    @property
    def scope_status(self) -> int:
        """422 when something was chosen wrongly."""
        return 422 if self.scope.is_bound else 200

    def scope_context(self) -> dict:
        """The page that asks what the screen is for."""
        return {"patient": self.patient, "form": self.scope}

    @cached_property
    def form(self) -> ScreeningForm:
        """The questions of the stage for the chosen areas."""
        chosen = self.scope.cleaned_data
        return ScreeningForm(
            self.request.POST if self.request.method == "POST" else None,
            rules=engine_rules(self.rule_set),
            stages=stages_of(chosen["stage"]),
            areas=list(chosen["areas"]),
            today=self.on,
        )

    @cached_property
    def judged(self) -> ScreeningForm:
        """The form whose answers are judged so far: of a screen gone on with, what was kept."""
        before = {} if self.request.method == "POST" else self.typed_before()
        if not before:
            return self.form
        form = self.form
        for name, values in before.items():
            if name in form.fields:
                many = isinstance(form.fields[name], MultipleChoiceField)
                form.initial[name] = values if many else values[0]
        return ScreeningForm(
            MultiValueDict(before),
            rules=engine_rules(self.rule_set),
            stages=stages_of(self.scope.cleaned_data["stage"]),
            areas=form.areas,
            today=self.on,
        )

    @cached_property
    def resumed(self) -> UnfinishedScreening | None:
        """The unfinished screen that this page goes on with; refused to others, and when it is too old."""
        wanted = self.request.GET.get("resume", "")
        row = unfinished_of(self.patient) if wanted else None
        if row is None or str(row.pk) != wanted:
            return None
        refuse_resuming(row, on=self.on, by=self.request.user)
        return row

    def typed_before(self) -> dict[str, list[str]]:
        """What was typed, as far as its questions are still asked in the same words."""
        row = self.resumed
        if row is None:
            return {}
        then = {rule.code: rule for rule in engine_rules(row.rule_set).rules}
        now = {rule.code: rule for rule in engine_rules(self.rule_set).rules}
        same = {
            code
            for code, rule in now.items()
            if code in then
            and (then[code].question, then[code].follow_ups) == (rule.question, rule.follow_ups)
        }
        return {name: values for name, values in row.typed.items() if name.partition("-")[0] in same}

    def typed(self) -> dict[str, list[str]]:
        """What stands in the fields of the form now, to be kept."""
        names = [name for name in self.form.fields if self.request.POST.get(name, "")]
        return {name: [text[:500] for text in self.request.POST.getlist(name)][:50] for name in names}

    def shown(self) -> Shown | None:
        """What the page knew when it was drawn: the newest screening, the unfinished one."""
        newest = self.request.POST.get("newest", "")
        pk, _, revision = self.request.POST.get("draft", "").partition(",")
        if not newest.isdecimal() or len(newest) > 9:
            return None  # not a form of ours
        known = pk.isdecimal() and revision.isdecimal() and len(pk + revision) < 18
        return Shown(int(newest), (int(pk), int(revision)) if known else (0, 0))

    @cached_property
    def file(self):
        """What is on file for the patient."""
        return read_file(self.patient)

    def context(self) -> dict:
        """The page of the questions."""
        last, so_far = last_answers(self.file, self.request.user), self.so_far()
        draft = unfinished_of(self.patient)
        parts = [
            (part, [(question, last.get(question.rule.code, "")) for question in part.questions])
            for part in self.form.parts()
        ]
        return so_far | {
            "patient": self.patient,
            "newest": self.file.screenings[0].pk if self.file.screenings else 0,
            "draft": self.resumed,
            "other_draft": draft if draft and not self.resumed else None,
            "rule_set": self.rule_set,
            "scope": self.scope.cleaned_data,
            "form": self.form,
            "mistakes": self.form.mistakes(),
            "parts": parts,
            "total": len(self.form.rules),
            "address": self.request.GET.urlencode(),
            "phone": self._phone(),
        }

    def so_far(self) -> dict:
        """The strictest outcome of what is answered, and how much is left."""
        self.judged.is_valid()
        chosen, answers = self.scope.cleaned_data, self.judged.answers()
        evaluation = preview(
            self.file,
            stage=chosen["stage"],
            areas=chosen["areas"],
            answers=answers,
            rule_set=self.rule_set,
            on=self.on,
        )
        asked = {rule.code for rule in self.form.rules}
        found = [
            finding
            for finding in evaluation.findings
            if not (finding.reason is Reason.UNANSWERED and finding.code in asked)
        ]
        names = names_in(self.file, chosen["areas"])
        fired = sorted(found, key=lambda finding: -finding.outcome.strictness)
        return {
            "outcome": str(strictest(finding.outcome for finding in found)),
            "findings": [
                (str(finding.outcome), self._words(finding, names))
                for finding in fired
                if finding.outcome is not Outcome.CLEAR
            ],
            "answered": len(answers),
            "left": len(asked) - len(answers),
        }

    def _words(self, finding, names) -> str:
        """What is answered here is open to who types it; what stands on file to practitioners only."""
        if may_see_answers(self.request.user) or finding.reason not in (Reason.STANDING, Reason.FACT):
            return describe_finding(finding, names)
        return f"{OUTCOME_WORDS[finding.outcome]}: from what is on file"

    def _phone(self) -> Screening | None:
        """Answers from the phone that may be confirmed instead of asking everything again."""
        chosen = self.scope.cleaned_data
        if chosen["stage"] != Screening.Stage.VISIT or not may(self.request.user, "screening_confirm"):
            return None
        newest = next(iter(self.file.screenings), None)
        asked = {area.code for area in chosen["areas"]}
        fits = newest and newest.indication_id == chosen["indication"].pk and asked <= area_codes_of(newest)
        return newest if fits and may_be_confirmed(newest, self.on) else None

    def _scope_before(self) -> dict:
        """Offer what the newest screen was for; that is no answer."""
        last = screenings_of(self.patient).first()
        stage = self.request.GET.get("stage", Screening.Stage.BOOKING.value)
        if last is None:
            return {"stage": stage}
        return {"indication": last.indication_id, "areas": last.areas.all(), "stage": stage}


def confirm_context(phone: Screening, form, today) -> dict:
    """The page that confirms answers from the phone: what was not a No first."""
    file = read_file(phone.patient_id)
    lines = result_of(file, phone, today).answers
    return {
        "patient": phone.patient,
        "screening": phone,
        "form": form,
        "said": [line for line in lines if line.reply != "No"],
        "noes": [line for line in lines if line.reply == "No"],
        "parts": form.parts(),
        "mistakes": form.mistakes(),
    }


def result_context(request, screening: Screening, bound=None, *, opened: bool = False) -> dict:
    """The result page; `bound` is the key of a finding and the form that was refused for it."""
    file = read_file(screening.patient_id)
    on = clock.local_date(clock.now(), request.user.location.time_zone)
    result = result_of(file, screening, on)
    decides = may_decide(request.user)
    to_decide = result.to_decide if decides else ()
    to_clear = result.to_clear if hasattr(request.user, "practitioner") else ()
    decisions = {row.stored.pk: decision_form(row.stored) for row in to_decide}
    clearings = {row.stored.pk: clearing_form(row.stored) for row in to_clear}
    if bound:
        own = decisions if isinstance(bound[1], DecisionForm) else clearings
        own |= {bound[0]: bound[1]} if bound[0] in own else {}
    return {
        "result": result,
        "screening": result.screening,
        "patient": file.patient,
        "decisions": [(row, decisions[row.stored.pk]) for row in to_decide],
        "clearings": [(row, clearings[row.stored.pk]) for row in to_clear],
        "refused": bound[1] if bound else None,
        "lost": _typed_in_vain(bound, {**decisions, **clearings}),
        "shows_answers": opened or may_see_answers(request.user),
        "safety": result.safety if opened else seen_by(result.safety, request.user),
        "may_open": may(request.user, "screening_open") and not opened,
        "views": screening.views.select_related("by") if may_see_answers(request.user) else (),
        "decides": decides,
        "may_confirm": may(request.user, "screening_confirm") and may_be_confirmed(screening, on),
        "after": import_string(settings.SCREENING_AFTER)(file.patient, request.user, file),
        "on": on,
        "now": clock.now(),
        "who_decides": who_decides(request.user.location) if result.to_decide else "",
    }


def _typed_in_vain(bound, shown: dict) -> dict | None:
    """A refused form that has no place on the page any more: what it said, and what was typed."""
    if not bound or any(form is bound[1] for form in shown.values()):
        return None
    form = bound[1]
    texts = [form.cleaned_data.get(name, "") for name in ("reason", "conditions", "note")]
    return {"errors": form.non_field_errors(), "texts": [text for text in texts if text]}


def decision_form(finding: ScreenedFinding, data: QueryDict | None = None) -> DecisionForm:
    """The form that decides one finding, with the conditions its rule proposes."""
    return DecisionForm(data, prefix=f"decide{finding.pk}", proposed=finding.row["conditions"])


def clearing_form(finding: ScreenedFinding, data: QueryDict | None = None) -> ClearingForm:
    """The form that records what ended one finding."""
    return ClearingForm(data, prefix=f"clear{finding.pk}")
