"""Log lines without patient data: a database error is named by its kind and constraint, not by its row."""

import json
import logging
import re
import traceback

from django.db import Error as DatabaseError


def safe_reason(error: BaseException) -> str:
    """Name an error without its values (a failed CHECK would print the whole row)."""
    cause = error.__cause__ or error
    diag = getattr(cause, "diag", None)
    if diag is not None:
        return f"{type(error).__name__} {diag.sqlstate or ''} {diag.constraint_name or ''}".strip()
    return type(error).__name__


class NoPatientData(logging.Filter):
    """Drop the text of database errors, the query string of requests, the secrets of patients' links."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and _from_database(error):
            record.msg, record.args = "%s (%s)", (record.name, safe_reason(error))
            record.exc_info = record.exc_text = None
        if isinstance(record.args, tuple):
            record.args = tuple(_without_secrets(arg) for arg in record.args)
        if isinstance(record.msg, str):
            record.msg = _TOKEN.sub(r"\1…", record.msg)
        return True


def _from_database(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, DatabaseError):
            return True
        error = error.__cause__ or error.__context__
    return False


_TOKEN = re.compile(r"(/my/open/)[^/\s\"?]+")


def _without_secrets(arg: object) -> object:
    if isinstance(arg, str):
        arg = _TOKEN.sub(r"\1…", arg)
    if isinstance(arg, str) and "?" in arg and "/" in arg:
        return arg.split("?", 1)[0] + "?…"
    return arg


class Line(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "from": record.name,
            "what": record.getMessage(),
        }
        if reference := getattr(record, "reference", ""):
            line["reference"] = reference
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

    def formatException(self, ei) -> str:  # noqa: N802 - the name is logging's
        """Where it broke and what kind of error; its words may be what somebody typed of a patient."""
        error, told = ei[1], []
        while error is not None:
            told.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\nafter\n".join(told)
