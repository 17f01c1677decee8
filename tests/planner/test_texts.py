"""Editing aftercare texts: drafts only, places kept, hard reading warned, issued sheets untouched."""

import pytest

from clinic.refusals import Refusal
from planner import approvals, texts
from planner.models import AftercareText
from planner.shipped import complete_drafts
from tests.planner import treating


@pytest.fixture
def english(priya):
    """The approved English texts."""
    treating.approve_texts(priya.practitioner)
    return AftercareText.objects.get(language="en")


@pytest.fixture
def draft(english, mona):
    return texts.start_draft(english, by=mona)


def said(text, code="do.drink"):
    return AftercareText.objects.get(pk=text.pk).blocks["texts"][code]["text"]


def test_a_draft_follows_the_approved_version_once(english, draft, mona):
    assert (draft.number, draft.approved_at, draft.blocks) == (2, None, english.blocks)
    assert texts.start_draft(english, by=mona) == draft
    assert texts.start_draft(draft, by=mona) == draft
    assert AftercareText.objects.filter(language="en").count() == 2


def without(text, *codes):
    """A version as it was before these blocks were added."""
    kept = {code: part for code, part in text.blocks["texts"].items() if code not in codes}
    text.blocks = text.blocks | {"texts": kept}
    text.save()
    return text


def test_a_draft_begun_earlier_gets_the_words_of_added_blocks(draft, mona, client_for):
    texts.save_block(draft, "call.pus", words="pus comes out", seen="you see pus", by=mona)
    draft.refresh_from_db()
    without(draft, "do.drink", "do.hands")
    assert complete_drafts() == 2
    assert complete_drafts() == 0
    draft.refresh_from_db()
    assert draft.blocks["texts"]["do.drink"] == {
        "text": "Drink as normal",
        "source": "6.2 Hydration",
        "new": True,
    }
    assert said(draft, "call.pus") == "pus comes out"
    page = client_for(mona).get(f"/settings/aftercare-texts/{draft.pk}/").content.decode()
    assert "2 texts came with a newer Needleplan after this draft was begun" in page
    assert page.count(">New</b>") == 2
    texts.save_block(draft, "do.drink", words="Drink water", seen="Drink as normal", by=mona)
    page = client_for(mona).get(f"/settings/approvals/aftercare-texts/{draft.pk}/").content.decode()
    assert "1 text came with a newer Needleplan" in page and page.count(">New</b>") == 1


def test_a_draft_takes_the_approved_words_before_the_shipped_ones(english, draft, mona, priya):
    texts.save_block(draft, "do.drink", words="Drink water", seen="Drink as normal", by=mona)
    draft.refresh_from_db()
    approved = approvals.approve(draft, seen=approvals.content_hash(draft), by=priya)
    later = texts.start_draft(approved, by=mona)
    without(later, "do.drink")
    assert texts.start_draft(english, by=mona) == later
    assert said(later) == "Drink water"


def test_a_block_of_a_draft_is_written(english, draft, mona):
    texts.save_block(draft, "do.drink", words=" Drink  water ", seen="Drink as normal", by=mona)
    assert (said(draft), said(english)) == ("Drink water", "Drink as normal")
    assert AftercareText.objects.get(pk=draft.pk).blocks["texts"]["do.drink"]["source"] == "6.2 Hydration"


@pytest.mark.parametrize(
    ("code", "words", "sentence"),
    [
        ("do.drink", " ", "The text is empty."),
        ("do.drink", "Drink {", "A brace is open or too many."),
        ("do.drink", "Drink {what}", "There is no place {what} in this text."),
        (
            "next.stop",
            "Stop creams",
            "The place {day} must stay: it becomes a date, a name or a number.",
        ),
    ],
)
def test_what_would_break_a_sheet_is_refused(draft, mona, code, words, sentence):
    before = said(draft, code)
    with pytest.raises(Refusal) as no:
        texts.save_block(draft, code, words=words, seen=before, by=mona)
    assert (no.value.sentence, said(draft, code)) == (sentence, before)


def test_hard_reading_is_saved_and_stops_only_the_approval(draft, mona, priya):
    hard = "Adequate hydration facilitates dermatological recovery"
    texts.save_block(draft, "do.drink", words=hard, seen="Drink as normal", by=mona)
    assert said(draft) == hard
    with pytest.raises(Refusal) as no:
        approvals.approve(draft, seen=approvals.content_hash(draft), by=priya)
    assert no.value.code == "not_sound"
    texts.save_block(draft, "do.drink", words="Drink water", seen=hard, by=mona)
    mended = AftercareText.objects.get(pk=draft.pk)
    approved = approvals.approve(mended, seen=approvals.content_hash(mended), by=priya)
    assert approved.approved_by == priya.practitioner


def test_who_is_second_is_told(draft, mona):
    texts.save_block(draft, "do.drink", words="Drink water", seen="Drink as normal", by=mona)
    with pytest.raises(Refusal) as no:
        texts.save_block(draft, "do.drink", words="Drink tea", seen="Drink as normal", by=mona)
    assert (no.value.code, no.value.stale, said(draft)) == ("text_changed", True, "Drink water")
    texts.save_block(draft, "do.drink", words="Drink water", seen="Drink as normal", by=mona)


def test_an_approved_version_and_an_unknown_block_are_refused(english, draft, mona):
    for text, code, expected in ((english, "do.drink", "approved"), (draft, "none", "no_such_block")):
        with pytest.raises(Refusal) as no:
            texts.save_block(text, code, words="x", seen="", by=mona)
        assert no.value.code == expected


def test_only_managers_write(draft, english, rosa, priya):
    for user in (rosa, priya):
        with pytest.raises(Refusal):
            texts.start_draft(english, by=user)
        with pytest.raises(Refusal):
            texts.save_block(draft, "do.drink", words="x", seen="Drink as normal", by=user)
