"""Messages to patients: what was sent and what waits, in what words; stop, send again, see to."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from clinic import clock
from clinic.returning import next_url
from clinic.sms import sms_is_on
from patients.contact import way_to
from patients.queries import patient_rows
from planner import messages as commands
from planner.lettering import LINKS, preview, why_not
from planner.queries import messages as queries
from planner.queries.courses import course_rows
from planner.queries.examples import examples_of


@require_safe
def patient_messages(request, pk):
    """Everything that was sent to one patient or waits."""
    patient = get_object_or_404(patient_rows(), pk=pk)
    context = {"patient": patient, "rows": queries.messages_of(patient), "way": way_to(patient)}
    return render(request, "planner/patient_messages.html", context)


@require_safe
def message_detail(request, pk):
    """One message: where it stands, and its words as they left, or as they would leave now."""
    message = get_object_or_404(queries.message_rows(), pk=pk)
    patient = get_object_or_404(patient_rows(), pk=message.patient_id)
    now, way = clock.now(), way_to(patient)
    row = queries.row_of(message, way)
    context = {
        "message": message,
        "patient": patient,
        "row": row,
        "letter": preview(message, now) if row.state == "waiting" else None,
        "comes_back": message.dropped_because == commands.STOPPED and message.due_at > now,
        "why_not_again": "" if row.state == "waiting" else why_not(message, now) or way.why_not,
        "is_link": message.kind in LINKS,
        "zone": message.location.time_zone,
    }
    return render(request, "planner/message_detail.html", context)


@require_safe
def message_failures(request):
    """What could not be delivered at this location and nobody has seen to; what should have left."""
    rows = [
        (queries.row_of(message, way_to(patient)), patient)
        for message, patient in queries.undelivered(request.user.location)
    ]
    context = {"rows": rows, "waiting": queries.overdue(request.user.location, clock.now())}
    return render(request, "planner/message_failures.html", context)


@require_safe
def message_examples(request):
    """Every message as an example in each language, with when it leaves."""
    location, now = request.user.location, clock.now()
    context = {"location": location, "kinds": examples_of(location, now), "sms_is_on": sms_is_on()}
    return render(request, "planner/message_examples.html", context)


@require_POST
def message_stop(request, pk):
    """A waiting message is not to leave."""
    message = commands.stop_message(_message(pk), by=request.user)
    messages.success(request, f"{message.get_kind_display()}: stopped.")
    return _back(request, message)


@require_POST
def message_again(request, pk):
    """The same once more, with what is true now."""
    message = commands.send_again(_message(pk), by=request.user)
    _say(request, message)
    return _back(request, message)


@require_POST
def message_settle(request, pk):
    """The patient was told in another way."""
    message = commands.settle_message(_message(pk), by=request.user)
    messages.success(request, f"{message.get_kind_display()}: seen to.")
    return _back(request, message)


@require_POST
def course_send(request, pk):
    """Send the dates of a course, with the calendar file."""
    course = get_object_or_404(course_rows(request.user.location), pk=pk)
    message = commands.send_dates(course, by=request.user)
    _say(request, message)
    return redirect("course_detail", pk)


def _say(request, message):
    """When it leaves, and to whom."""
    row = queries.row_of(message, way_to(patient_rows().get(pk=message.patient_id)))
    messages.success(request, f"{row.title}: {row.words[:1].lower()}{row.words[1:]}.")


def _message(pk):
    return get_object_or_404(queries.message_rows(), pk=pk)


def _back(request, message):
    return redirect(next_url(request) or reverse("patient_messages", args=[message.patient_id]))
