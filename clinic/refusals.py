"""A rule said no: in words for the user, with the next possible step."""

from dataclasses import dataclass, replace


@dataclass(eq=False)
class Refusal(Exception):  # noqa: N818 - the glossary's word
    """Raised by commands; pages show `sentence` (and `next_step`) and keep what was typed.

    `code` is stable for tests and logs; `field` names the form field at fault, if one is;
    `stale` means that the diary changed since the page was drawn (HTTP 409 instead of 422).
    """

    code: str
    sentence: str
    next_step: str = ""
    field: str = ""
    stale: bool = False

    def __str__(self) -> str:
        return " ".join(part for part in (self.sentence, self.next_step) if part)

    def copy(self) -> "Refusal":
        """Return one to raise: an exception keeps every place it was raised at, so raise no constant."""
        return replace(self)

    @property
    def status(self) -> int:
        """The HTTP status of a page that shows this refusal."""
        return 409 if self.stale else 422
