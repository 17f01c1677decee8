"""A patient reports a problem: the warning signs level by level, the answer at once."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from clinic.refusals import Refusal
from patients.forms.base import refuse
from planner import own
from planner.engine.aftercare.problems import Urgency, in_words
from planner.forms.own import SignsForm
from planner.queries.own import own_problems, problem_texts
from planner.views.own import framed, plan_page

LEVELS = tuple(Urgency)  # the most urgent first; the last one has words only


@plan_page
@require_http_methods(["GET", "HEAD", "POST"])
def own_problem(request):
    """One level of signs a screen; "none of these" leads to the next, a tick to the answer."""
    step = _step(request)
    level, language, status = LEVELS[step], get_language(), 200
    posted = request.POST if request.method == "POST" else None
    form = SignsForm(posted, level=level, blocks=problem_texts(language))
    if posted is not None and form.is_valid():
        typed = form.cleaned_data
        if "none" in posted and not typed["signs"] and not typed.get("words", "").strip():
            return redirect(f"{request.path}?step={step + 2}")
        try:
            notice = own.report_problem(
                request.link,
                signs=typed["signs"],
                words=typed.get("words", ""),
                language=language,
                key=typed["key"],
            )
            return redirect("own_report", notice.pk)
        except Refusal as refusal:
            status = refuse(form, refusal)
    elif posted is not None:
        status = 422
    place = own.last_place(request.link)
    context = framed(
        request,
        "problem",
        form=form,
        place=place,
        level=str(level),
        step=step + 1,
        steps=len(LEVELS),
        bars=[(f"{n * 20:.2f}%", n <= step) for n in range(len(LEVELS))],
        is_last=step + 1 == len(LEVELS),
    )
    return render(request, "own/problem.html", context, status=status)


@plan_page
@require_safe
def own_report(request, pk):
    """What to do now, as it was answered; and whether somebody has dealt with it."""
    notice = get_object_or_404(own_problems(request.link.patient), pk=pk)
    blocks = problem_texts(get_language())
    signs = [in_words(code, blocks) for code in notice.signs]
    context = framed(request, "problem", notice=notice, signs=signs, place=notice.location)
    return render(request, "own/report.html", context)


def _step(request) -> int:
    """Which level the address names, from 1 on; anything else is the first."""
    asked = request.GET.get("step", "1")
    return min(max(int(asked), 1), len(LEVELS)) - 1 if asked.isdecimal() and len(asked) < 3 else 0
