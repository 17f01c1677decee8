"""What the commands about planning files share: reading, printing, exit status."""

import json
import sys
from pathlib import Path

from planner.engine.fields import FileError

FOUND, REFUSED, UNREADABLE = 0, 1, 2


def read(name: str) -> str:
    """The text of a file, or of standard input for `-`; raises FileError naming what cannot be read."""
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "is not UTF-8 text"
        raise FileError(name, f"cannot be read: {reason}") from None


def finish(command, answer: dict, status: int) -> None:
    """Print the answer as JSON and end with its exit status."""
    command.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False))
    if status != FOUND:
        sys.exit(status)


def unreadable(command, error: FileError) -> None:
    """Say which field is wrong, and end with status 2."""
    command.stderr.write(str(error))
    sys.exit(UNREADABLE)
