"""A page of a file that was merged into another leads to that other file."""

from django.http import Http404
from django.shortcuts import redirect, render

from clinic.refusals import Refusal
from patients.models import Patient


class MergedFiles:
    """What nobody finds under a patient's number may have been merged: look once more before saying so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """Reading goes on with the kept file; writing is refused, so that nobody writes without looking."""
        match = request.resolver_match
        if (
            not isinstance(exception, Http404)
            or not match
            or not match.route.startswith("patients/<int:pk>/")
        ):
            return None
        merged = Patient.objects.filter(pk=match.kwargs["pk"], merged_into__isnull=False).first()
        if merged is None:
            return None
        if request.method in ("GET", "HEAD"):
            return redirect(match.view_name, merged.merged_into_id)
        refusal = Refusal(
            "file_merged",
            f"{merged.record_number} was merged into {merged.merged_into.record_number}.",
            "Open that file and do it there.",
            stale=True,
        )
        return render(request, "errors/refusal.html", {"refusal": refusal}, status=refusal.status)
