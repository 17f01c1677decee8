"""The optimum by trying every combination, on the checker's reading of the rules: for tiny problems only."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import product
from zoneinfo import ZoneInfo

from planner.engine.check import Broken, Checker
from planner.engine.model import Placement, Problem, Role

ABOUT_PLACES = {
    Broken.NOT_ALLOWED,
    Broken.PAIRING,
    Broken.ROOM_BUSY,
    Broken.DEVICE_BUSY,
    Broken.DEVICES,
    Broken.PIN,
}


@cache
def local_starts(tz: str, first: date, last: date, grid: int) -> list[int]:
    """Every instant on the grid of wall clock minutes between two local dates."""
    midnight = datetime(first.year, first.month, first.day, tzinfo=UTC)
    begin = int(midnight.timestamp()) // 60 - 1440
    zone = ZoneInfo(tz)
    found = []
    for minute in range(begin, begin + ((last - first).days + 3) * 1440, 5):
        local = datetime.fromtimestamp(minute * 60, tz=UTC).astimezone(zone)
        if (local.hour * 60 + local.minute) % grid == 0 and first <= local.date() <= last:
            found.append(minute)
    return found


def cheapest(problem: Problem) -> int | None:
    """The least cost of any allowed plan, None when there is none."""
    checker = Checker(problem)
    options = [_options(checker, index) for index in range(len(problem.request.visits))]
    if not all(options):
        return None
    return _best(checker, options, [], 0, None, {})


def reachable(problem: Problem) -> int:
    """How many visits in a row, from the first, can be placed at all."""
    checker = Checker(problem)
    dates: set[date] = set()
    for index in range(len(problem.request.visits)):
        here = [placement for _, placement in _options(checker, index)]
        if index:
            gap = problem.request.gaps[index - 1]
            here = [one for one in here if any(_keeps(gap, (one.on - day).days) for day in dates)]
        elif problem.request.previous is not None:
            previous = problem.request.previous
            here = [one for one in here if _keeps(previous.gap, (one.on - previous.on).days)]
        if not here:
            return index
        dates = {one.on for one in here}
    return len(problem.request.visits)


def _keeps(gap, days: int) -> bool:
    return gap.min_days <= days and (gap.max_days is None or days <= gap.max_days)


def _best(
    checker: Checker, options, chosen: list[Placement], cost: int, best: int | None, links
) -> int | None:
    index = len(chosen)
    if index == len(options):
        return cost
    later = sum(option[0][0] for option in options[index + 1 :])
    for own, placement in options[index]:
        if best is not None and cost + own + later >= best:
            break  # the options are sorted by their own cost, and no cost is negative
        before = (chosen[-1].on, chosen[-1].practitioner) if chosen else None
        key = (index, before, placement.on, placement.practitioner)
        if key not in links:
            links[key] = _link(checker, [*chosen, placement], len(options))
        if links[key] is None:
            continue
        total = cost + own + links[key]
        if best is None or total + later < best:
            found = _best(checker, options, [*chosen, placement], total, best, links)
            best = found if best is None or (found is not None and found < best) else best
    return best


def _link(checker: Checker, visits: list[Placement], count: int) -> int | None:
    """What the last of these visits costs with the one before, None when their gap is not allowed."""
    index = len(visits) - 1
    if any(checker.broken_chain(index, visits)):
        return None
    padded = visits + [visits[-1]] * (count - len(visits))
    return sum(checker.chain_costs(index, padded).values())


def _options(checker: Checker, index: int) -> list[tuple[int, Placement]]:
    """Every start of one visit that breaks no rule on its own, with its own cost in its cheapest room."""
    current = checker.problem.request.current
    any_room_will_do = current is None or current[index] is None
    found: list[tuple[int, Placement]] = []
    for person, minute in _starts(checker, index):
        costs: list[tuple[int, Placement]] = []
        for placement in _placements(checker, index, person, minute):
            broken = set(checker.broken_alone(index, placement))
            if broken - ABOUT_PLACES:
                break
            if not broken:
                costs.append((sum(checker.own_costs(index, placement).values()), placement))
                if any_room_will_do:
                    break
        if costs:
            found.append(min(costs, key=lambda option: option[0]))
    return sorted(found, key=lambda option: option[0])


def _starts(checker: Checker, index: int):
    diary = checker.problem.diary
    first, last = diary.first_date - timedelta(days=1), diary.last_date + timedelta(days=1)
    starts = local_starts(diary.tz, first, last, diary.grid_minutes)
    claim = checker.problem.request.visits[index].claim(Role.PRACTITIONER)
    for person in diary.practitioners:
        for begin, end in checker.free[person.id]:
            low, high = bisect_left(starts, begin - claim.begin), bisect_right(starts, end - claim.end)
            for minute in starts[low:high]:
                yield person.id, minute


def _placements(checker: Checker, index: int, person: str, minute: int):
    on = checker.local(minute).date()
    for room in checker.problem.diary.rooms:
        for devices in product(*checker.problem.request.visits[index].device_pools):
            yield Placement(minute, on, person, room.id, devices, {})
