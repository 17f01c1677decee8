"""The day by day table of a sheet (6.1)."""

from datetime import date, timedelta

from planner.engine.aftercare.model import Line, Row, Timeline
from planner.engine.aftercare.timing import Clock
from planner.engine.aftercare.traits import DepthBand, Traits
from planner.engine.aftercare.words import Words


def timeline(traits: Traits, words: Words, clock: Clock) -> Timeline:
    """All rows, first day to the weeks after; together they cover every day from day 0 on, each once."""
    return Timeline(
        when=words.text("sheet.when"),
        normal=words.text("sheet.normal"),
        todo=words.text("sheet.todo"),
        rows=(
            _first_day(traits, words, clock),
            _day_1(traits, words, clock),
            _days_2_3(traits, words, clock),
            _days_4(traits, words, clock),
            _week_2(traits, words, clock),
            _after(traits, words, clock),
        ),
        remark=words.line("normal.brown") if traits.brown else None,
    )


def _row(
    code: str, when: str, detail: str, days: tuple[date, date | None], normal: Line, todo: tuple[Line, ...]
) -> Row:
    first, last = days
    return Row(code, when, detail, first.isoformat(), last.isoformat() if last else "", (normal,), todo)


def _stretch(
    code: str, words: Words, clock: Clock, numbers: tuple[int, int], normal: Line, todo: tuple[Line, ...]
) -> Row:
    first, last = numbers
    days = (clock.day(first), clock.day(last))
    detail = words.text("when.days", first=first, last=last)
    return _row(code, words.days(*days), detail, days, normal, todo)


def _first_day(traits: Traits, words: Words, clock: Clock) -> Row:
    todo = (
        words.line("todo.touch", until=words.moment_of_day(clock.moment("touch"), clock.day_0)),
        words.line("todo.clinic_only"),
    )
    return _row(
        "first_day",
        words.day(clock.day_0),
        words.text("when.until", moment=words.moment(clock.moment("first_day"))),
        (clock.day_0, clock.day_0),
        words.line(f"normal.first_day.{traits.skin}"),
        todo,
    )


def _day_1(traits: Traits, words: Words, clock: Clock) -> Row:
    day = clock.day(1)
    start = words.moment_of_day(clock.moment("first_day"), day)
    todo = (
        words.line("todo.wash"),
        words.line("todo.moisturise"),
        words.line("todo.spf_start", start=start, spf=traits.spf),
    )
    normal = words.line(f"normal.day_1.{traits.depth}.{traits.skin}")
    return _row("day_1", words.day(day), words.text("when.day", n=1), (day, day), normal, todo)


def _by_depth(code: str, traits: Traits, words: Words) -> Line:
    return words.line(f"{code}.deep" if traits.depth is DepthBand.DEEP else code)


def _days_2_3(traits: Traits, words: Words, clock: Clock) -> Row:
    todo = [words.line("todo.same_care")]
    if traits.face:
        todo.append(words.line("todo.make_up_clean"))
    normal = _by_depth("normal.days_2_3", traits, words)
    return _stretch("days_2_3", words, clock, (2, 3), normal, tuple(todo))


def _days_4(traits: Traits, words: Words, clock: Clock) -> Row:
    last = (clock.date(traits.actives) - clock.day_0).days - 1
    normal = _by_depth("normal.days_4", traits, words)
    return _stretch("days_4", words, clock, (4, last), normal, (words.line("todo.resume", spf=traits.spf),))


def _week_2(traits: Traits, words: Words, clock: Clock) -> Row:
    first, last = (clock.date(traits.actives) - clock.day_0).days, (clock.date("sun_care") - clock.day_0).days
    todo = (words.line("todo.week_2", spf=traits.spf),)
    return _stretch("week_2", words, clock, (first, last), words.line("normal.week_2"), todo)


def _after(traits: Traits, words: Words, clock: Clock) -> Row:
    first = clock.date("sun_care") + timedelta(days=1)
    normal = words.line("normal.after.last" if traits.last else "normal.after")
    when = words.text("when.from", day=words.day(first))
    return _row("after", when, "", (first, None), normal, (words.line("todo.after"),))


def row_on(table: Timeline, day: date) -> Row | None:
    """The row that holds for a local day (the patient page's "Today"); None before day 0."""
    wanted = day.isoformat()
    fitting = (
        row for row in table.rows if row.first_on <= wanted and (not row.last_on or wanted <= row.last_on)
    )
    return next(fitting, None)
