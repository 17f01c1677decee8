"""The Do and Do not lists of a sheet (6.2, 6.3)."""

from planner.engine.aftercare.model import Line, RegionGroup, Section
from planner.engine.aftercare.timing import Clock
from planner.engine.aftercare.traits import Traits
from planner.engine.aftercare.words import Words

_TIGHT = (RegionGroup.BREAST, RegionGroup.ABDOMEN, RegionGroup.HIPS_THIGHS, RegionGroup.TRUNK_LIMBS)


def do_list(traits: Traits, words: Words, clock: Clock) -> Section:
    """What to do, for the treated regions."""
    sun = words.moment(clock.moment("sun"))
    items = [
        words.line("do.hands"),
        words.line("do.listed_products"),
        words.line(f"do.sun.{_where(traits)}", moment=sun),
    ]
    if traits.face:
        items.append(words.line("do.pillow"))
    if traits.body:
        items.append(words.line("do.cotton.breast" if RegionGroup.BREAST in traits.body else "do.cotton"))
    items += [
        words.line("do.cool.swollen" if traits.swollen else "do.cool"),
        words.line("do.blood"),
        words.line("do.drink"),
        words.line("do.pain"),
    ]
    return Section(words.text("sheet.do"), tuple(items))


def _where(traits: Traits) -> str:
    if traits.face and traits.body:
        return "both"
    return "face" if traits.face else "body"


def do_not_list(traits: Traits, words: Words, clock: Clock) -> Section:
    """What not to do, each with the real moment or day from which it is fine again."""

    def until(code: str, row: str) -> Line:
        return words.line(code, moment=words.moment(clock.moment(row)))

    first_day = "do_not.first_day.face" if traits.face else "do_not.first_day.body"
    items = [until(first_day, "first_day"), until("do_not.heat", "heat")]
    items += [until(f"do_not.tight.{region}", "clothes") for region in _TIGHT if region in traits.regions]
    if RegionGroup.BREAST in traits.regions:
        items.append(words.line("do_not.nipple"))
    items += [
        words.line("do_not.anti_inflammatory", day=words.day(clock.date("anti_inflammatory"))),
        words.line("do_not.actives", day=words.day(clock.date(traits.actives))),
        words.line("do_not.week_2", day=words.day(clock.date("sun_care"))),
        words.line("do_not.pick"),
    ]
    return Section(words.text("sheet.do_not"), tuple(items))
