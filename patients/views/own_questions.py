"""The questions on the patient's phone: start, one question a screen, look through, send in."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from clinic import clock
from clinic.refusals import Refusal
from patients import questionnaires
from patients.forms.question import QuestionForm
from patients.queries import open_questionnaire, sent_questionnaire
from patients.views import phone
from patients.views.own import own_context, own_page


@own_page
@require_safe
def own_questions(request):
    """How many there are and how far it is; without any, that nothing is asked now."""
    asked = phone.Asked.of(request, open_questionnaire(request.link.patient))
    return render(request, "own/questions.html", own_context(request, asked=asked))


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def own_question(request, code):
    """One question; the answer is kept at once, so that the patient may stop and go on later."""
    asked = phone.Asked.of(request, open_questionnaire(request.link.patient))
    if asked is None:
        return redirect("own_questions")
    if code not in asked.codes:
        raise Http404
    form, status = asked.form(code, request.POST if request.method == "POST" else None), 200
    refusal = None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _kept(request, asked, code, form)
            except Refusal as no:
                refusal, status = no, no.status
                asked = phone.Asked.of(request, open_questionnaire(request.link.patient)) or asked
                form = asked.form(code)
    context = asked.question_context(code, form) | {"refusal": refusal}
    return render(request, "own/question.html", own_context(request, **context), status=status)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def own_answers(request):
    """Look through all answers, then send them in."""
    asked = phone.Asked.of(request, open_questionnaire(request.link.patient))
    if asked is None:
        return redirect("own_sent" if sent_questionnaire(request.link.patient) else "own_questions")
    refusal, status = None, 200
    if request.method == "POST":
        try:
            questionnaires.send_in(asked.row, link=request.link)
            return redirect("own_sent")
        except Refusal as no:
            refusal, status = no, no.status
            asked = phone.Asked.of(request, open_questionnaire(request.link.patient)) or asked
    context = own_context(request, asked=asked, refusal=refusal)
    return render(request, "own/answers.html", context, status=status)


@own_page
@require_safe
def own_sent(request):
    """Thank you, and whether to come: no finding, no reason, nothing that reads like a diagnosis."""
    sent = sent_questionnaire(request.link.patient)
    if sent is None:
        return redirect("own_questions")
    place = request.link.patient.location
    today = clock.local_date(clock.now(), place.time_zone)
    return render(
        request, "own/sent.html", own_context(request, sent=sent, goes_on=phone.goes_on(sent, today))
    )


def _kept(request, asked: phone.Asked, code: str, form: QuestionForm):
    seen = request.POST.get("seen", "")
    questionnaires.keep_answer(
        asked.row, code=code, answer=form.answer(), seen=int(seen) if seen.isdecimal() else 0
    )
    following = asked.after(code)
    if request.POST.get("back_to") == "answers" or following is None:
        return redirect("own_answers")
    return redirect("own_question", following)
