"""The log says what broke and where, never whom it was about."""

import json
import logging

import pytest

from clinic.logs import Line, NoPatientData

NAME = "Amelia Stone 14 Mar 1992"


def line_of(error, message="broke at %s", *args):
    """The line that the handler would write."""
    try:
        raise error
    except type(error) as caught:
        found = (type(caught), caught, caught.__traceback__)
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args or ("/x/",), found)
    assert NoPatientData().filter(record)
    return Line().format(record)


def chained():
    try:
        raise KeyError(NAME)
    except KeyError as inner:
        error = RuntimeError(NAME)
        error.__cause__ = inner
        error.add_note(NAME)
        return error


@pytest.mark.parametrize(
    "error", [ValueError(NAME), KeyError(NAME), chained()], ids=["plain", "key", "chain"]
)
def test_what_an_error_says_of_a_patient_is_left_out(error):
    line = line_of(error)
    assert NAME not in line
    trace = json.loads(line)["trace"]
    assert type(error).__name__ in trace and "test_logs.py" in trace and "in line_of" in trace


def test_a_view_that_breaks_on_a_name_logs_the_place_only(client_for, rosa, monkeypatch, caplog, settings):
    from patients.views import patient

    def broken(text):
        raise ValueError(text)

    monkeypatch.setattr(patient.queries, "find_patients", broken)
    client = client_for(rosa)
    client.raise_request_exception = False
    assert client.get("/patients/", {"q": NAME}).status_code == 500
    for record in caplog.records:
        NoPatientData().filter(record)
        assert NAME not in Line().format(record)
