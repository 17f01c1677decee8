"""Search from everywhere."""

from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from planner.queries.search import hits_for


@require_safe
def search(request):
    """The hits as a page, or as the list below the field; a page with one hit that fits opens it."""
    text = request.GET.get("q", "").strip()[:120]
    hits = hits_for(text, request.user) if text else []
    if request.htmx and request.htmx.target == "np-hits":
        return render(request, "planner/_search_hits.html", {"q": text, "hits": hits})
    if len(hits) == 1 and not hits[0].near:
        return redirect(hits[0].url)
    return render(request, "planner/search.html", {"q": text, "hits": hits})
