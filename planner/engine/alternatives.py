"""Other starts for one visit of a plan, the other visits staying where they are."""

from planner.engine.availability import Availability, Day
from planner.engine.calendar import day_number
from planner.engine.cells import Searched
from planner.engine.cost import move_cost, room_cost
from planner.engine.model import Alternative, Plan, Problem, Visit
from planner.engine.placing import Chosen, best_room, chain_costs, own_costs, placement
from planner.engine.series import allowed


def alternatives(
    problem: Problem, plan: Plan, index: int, limit: int = 12, availability: Availability | None = None
) -> tuple[Alternative, ...]:
    """The cheapest other starts for visit `index` (0-based), each with its best practitioner, no rule broken.

    The plan's own start counts only with another practitioner. Costs are those of the problem's weights. The
    other visits are taken as they are, even where the diary no longer has room for them.
    """
    return Exchange(problem, plan, index, availability).cheapest(limit)


class Exchange:
    """One visit of a plan to be placed elsewhere."""

    def __init__(self, problem: Problem, plan: Plan, index: int, availability: Availability | None) -> None:
        self.searched = Searched(problem, availability)
        self.index = index
        self.plan = plan
        ticks = self.searched.availability.ticks
        self.chosen = [
            Chosen(day_number(visit.on), visit.practitioner, ticks.index(visit.minute))
            for visit in plan.visits
        ]

    def cheapest(self, limit: int) -> tuple[Alternative, ...]:
        """The first `limit` alternatives by cost, then by time."""
        old = self.chosen[self.index]
        before = self._chain(old) + sum(
            own_costs(self.searched, old, self.index, self.searched.problem.weights).values()
        )
        before += self._booked_room_left(self.plan.visits[self.index].room)
        by_start: dict[int, tuple[int, Chosen]] = {}
        for cost, new in self._options():
            if new.tick not in by_start or cost < by_start[new.tick][0]:
                by_start[new.tick] = (cost, new)
        ranked = sorted(by_start.values(), key=lambda option: (option[0], option[1].tick))
        return tuple(self._alternative(cost - before, new) for cost, new in ranked[:limit])

    def _alternative(self, extra: int, new: Chosen) -> Alternative:
        weights = self.searched.problem.weights
        placed = placement(self.searched, self._with(new), self.index, weights)
        return Alternative(placed, self.plan.cost + extra, extra)

    def _options(self) -> list[tuple[int, Chosen]]:
        """Every other free start of every practitioner with all of its cost that can change."""
        searched, visit = self.searched, self.searched.visits[self.index]
        days = [day for day in searched.days_within(self.index) if self._keeps_gaps(day.number)]
        found: list[tuple[int, Chosen]] = []
        for practitioner in searched.practitioners(visit):
            free = searched.availability.sliced(searched.feasible(visit, practitioner))
            for day in days:
                starts = free.part(day.low, day.high) & day.starts
                if starts:
                    found += self._on(day, practitioner.id, starts)
        return found

    def _on(self, day: Day, practitioner: str, starts: int) -> list[tuple[int, Chosen]]:
        fixed = self.searched.fixed_starts(self.index)
        minute = self.searched.availability.ticks.minute
        chain = self._chain(Chosen(day.number, practitioner, day.low))
        found: list[tuple[int, Chosen]] = []
        while starts:
            lowest = starts & -starts
            starts ^= lowest
            new = Chosen(day.number, practitioner, day.low + lowest.bit_length() - 1)
            if new != self.chosen[self.index] and all(start == minute(new.tick) for start in fixed):
                found.append((chain + self._own(day, new), new))
        return found

    def _own(self, day: Day, new: Chosen) -> int:
        searched, visit = self.searched, self.searched.visits[self.index]
        cost = searched.start_cost(visit, new.practitioner, day, new.tick)
        current = searched.problem.request.current
        booked = current[self.index] if current else None
        if booked is not None:
            free = searched.availability
            minute, booked_day = free.ticks.minute(new.tick), free.clock.day_of(booked.start)
            weights = searched.problem.weights
            cost += move_cost(booked, booked_day, minute, new.day, new.practitioner, weights)
            cost += self._booked_room_left(self._room(visit, new))
        return cost

    def _room(self, visit: Visit, new: Chosen) -> str:
        free = self.searched.availability
        current = self.searched.problem.request.current
        person = next(one for one in free.diary.practitioners if one.id == new.practitioner)
        return best_room(free, visit, person, new.tick, current[self.index] if current else None).id

    def _booked_room_left(self, room: str) -> int:
        current = self.searched.problem.request.current
        return room_cost(current[self.index] if current else None, room, self.searched.problem.weights)

    def _chain(self, new: Chosen) -> int:
        """The cost that ties the visit to the one before and the one after."""
        chosen, weights = self._with(new), self.searched.problem.weights
        touched = range(self.index, min(self.index + 2, len(chosen)))
        return sum(sum(chain_costs(self.searched, chosen, at, weights).values()) for at in touched)

    def _with(self, new: Chosen) -> list[Chosen]:
        return [*self.chosen[: self.index], new, *self.chosen[self.index + 1 :]]

    def _keeps_gaps(self, day: int) -> bool:
        gaps, at = self.searched.problem.request.gaps, self.index
        after_ok = at == len(gaps) or allowed(gaps[at], self.chosen[at + 1].day - day)
        return after_ok and (at == 0 or allowed(gaps[at - 1], day - self.chosen[at - 1].day))
