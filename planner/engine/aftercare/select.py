"""Which texts belong on one session's sheet, and with which dates."""

from planner.engine.aftercare.blocks import Blocks, MissingBlocks, OtherText
from planner.engine.aftercare.calling import call_us
from planner.engine.aftercare.checks import UnfitBlocks, unfit
from planner.engine.aftercare.lists import do_list, do_not_list
from planner.engine.aftercare.model import Footer, Header, Note, SessionFacts, SheetContent
from planner.engine.aftercare.next_visit import next_section
from planner.engine.aftercare.timeline import timeline
from planner.engine.aftercare.timing import Clock
from planner.engine.aftercare.traits import Traits
from planner.engine.aftercare.words import Words

SCHEMA = 1


def compose(facts: SessionFacts, blocks: Blocks) -> SheetContent | MissingBlocks | UnfitBlocks | OtherText:
    """The whole sheet for one session, or the reason why these texts cannot make it.

    Every "hours after" is an instant counted in UTC from the end of needling; day n is the local date plus n.
    Never mixes languages: one absent block refuses the language.
    """
    asked, given = (facts.language, facts.text_version), (blocks.language, blocks.version)
    if asked != given:
        return OtherText(asked, given)
    if reason := unfit(blocks):
        return reason
    words = Words(blocks)
    clock = Clock(facts.needling_ended_at, facts.zone)
    traits = Traits.of(facts)
    return SheetContent(
        schema=SCHEMA,
        language=blocks.language,
        direction=blocks.direction,
        text_version=blocks.version,
        starts_on=clock.day_0.isoformat(),
        header=_header(facts, words, clock),
        timeline=timeline(traits, words, clock),
        do=do_list(traits, words, clock),
        do_not=do_not_list(traits, words, clock),
        note=_note(facts, words),
        warning=call_us(facts, traits, words, clock),
        next_visit=next_section(facts, words, clock),
        footer=_footer(facts, words),
        notice=blocks.notice,
    )


def _header(facts: SessionFacts, words: Words, clock: Clock) -> Header:
    used = (*((facts.anaesthetic,) if facts.anaesthetic else ()), *facts.products)
    return Header(
        title=words.text("sheet.title"),
        patient=facts.patient,
        visit=words.text("sheet.visit", n=facts.visit, m=facts.visits),
        finished=words.moment_year(clock.local(facts.needling_ended_at)),
        treated=words.text("sheet.treated", areas=words.listed(tuple(area.label for area in facts.areas))),
        used=words.text("sheet.used", products=words.listed(used)) if used else "",
        clinic=facts.clinic,
    )


def _note(facts: SessionFacts, words: Words) -> Note | None:
    written = " ".join(facts.note.split())
    if not written:
        return None
    return Note(words.text("sheet.note", practitioner=facts.practitioner), written)


def _footer(facts: SessionFacts, words: Words) -> Footer:
    blocks = words.blocks
    if blocks.approved_by and blocks.approved_on:
        text = words.text(
            "footer.approved",
            version=blocks.version,
            language=blocks.name,
            on=words.day_year(blocks.approved_on),
            by=blocks.approved_by,
        )
    else:
        text = words.text("footer.draft", version=blocks.version, language=blocks.name)
    return Footer(text, words.text("footer.reference", record=facts.record_number, n=facts.visit))
