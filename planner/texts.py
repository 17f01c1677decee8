"""Editing aftercare texts: a manager writes a draft block by block; a practitioner approves it whole."""

from clinic import constraints
from clinic.models import User
from clinic.permissions import may
from clinic.refusals import Refusal
from planner.aftercare_texts import blocks_of, complete
from planner.engine.aftercare.checks import REQUIRED, Fault, block_faults
from planner.models import AftercareText
from planner.texts_words import in_words

BREAKING = {Fault.MISSING, Fault.MALFORMED, Fault.UNKNOWN_PLACE, Fault.LOST_PLACE}


@constraints.in_words({})
def start_draft(text: AftercareText, *, by: User) -> AftercareText:
    """The draft that follows an approved version: a copy with the next number, or the one that waits already.

    Blocks that were added since it was begun get their words. Raises Refusal for the role.
    """
    _need(by)
    rows = AftercareText.objects.select_for_update().filter(language=text.language).order_by("-number")
    newest, current = rows.first(), rows.get(pk=text.pk)
    if newest.approved_at is None:
        draft = newest
    else:
        draft = AftercareText(
            language=current.language,
            number=newest.number + 1,
            blocks=_without_marks(current.blocks),
            notice=current.notice,
        )
    approved = rows.filter(approved_at__isnull=False).first()
    if complete(draft, approved) or draft._state.adding:
        draft.save()
    return draft


@constraints.in_words({})
def save_block(text: AftercareText, code: str, *, words: str, seen: str, by: User) -> AftercareText:
    """Write one block of a draft; `seen` is the text that the page showed.

    Raises Refusal: the role, an approved version, a block that is not there, somebody was faster, a place
    lost or unknown. A claim and hard reading are warned about, and refused at the approval.
    """
    _need(by)
    row = AftercareText.objects.select_for_update().get(pk=text.pk)
    if row.approved_at:
        raise Refusal("approved", "This version is approved and stays as it is.", "Start a new draft.")
    texts = row.blocks["texts"]
    if code not in REQUIRED:
        raise Refusal("no_such_block", "There is no such text.", "Go back to the list.")
    if texts.get(code, {}).get("text", "") not in (seen, words):
        raise Refusal(
            "text_changed", "Somebody changed this text meanwhile.", "Load the page again.", stale=True
        )
    words = " ".join(words.split())
    breaking = [fault for fault in block_faults(blocks_of(row), code, words) if fault.fault in BREAKING]
    if breaking:
        raise Refusal("text_breaks", in_words(breaking[0]), field="words")
    source = texts.get(code, {}).get("source", "")
    row.blocks = row.blocks | {"texts": texts | {code: {"text": words, "source": source}}}
    row.save(update_fields=["blocks"])
    return row


def _without_marks(blocks: dict) -> dict:
    texts = {code: {"text": part["text"], "source": part["source"]} for code, part in blocks["texts"].items()}
    return blocks | {"texts": texts}


def _need(by: User) -> None:
    if not may(by, "text_block"):
        raise Refusal("role", "Your role may not do this.", "Ask a manager.")
