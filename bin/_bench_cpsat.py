"""The same request as a plain CP-SAT model: literals per start and practitioner, and per start and room."""

import time
from collections import defaultdict

from ortools.sat.python import cp_model

from planner.engine.calendar import day_number
from planner.engine.cost import finish_cost, gap_cost, start_cost
from planner.engine.repair_options import Ways

SECONDS = 60


def cheapest(problem, availability):
    """(seconds, least cost or None, whether it is proven); counted from the free starts on."""
    ways = Ways(problem, availability)
    if ways.least is None:
        return 0.0, None, True
    began = time.perf_counter()
    model = cp_model.CpModel()
    costs, dates, people = [], [], []
    for index in range(len(ways.cells)):
        date, person, own = add_visit(model, ways, index)
        dates.append(date)
        people.append(person)
        costs += own
    add_gaps(model, problem, dates, people, costs)
    model.minimize(sum(costs))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = SECONDS
    solver.parameters.num_workers = 2
    status = solver.solve(model)
    proven = status in (cp_model.OPTIMAL, cp_model.INFEASIBLE)
    least = round(solver.objective_value) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else None
    return time.perf_counter() - began, least, proven


def add_visit(model, ways, index):
    """A start, a practitioner and a room for one visit: its date, literals per practitioner, costs."""
    request, weights = ways.problem.request, ways.problem.weights
    starts, rooms = [], defaultdict(set)
    by_start, by_person = defaultdict(list), defaultdict(list)
    costs, dates = [], []
    last = index == len(ways.cells) - 1
    for (day, person), option in options(ways, index):
        chosen = model.new_bool_var("")
        starts.append(chosen)
        edge = start_cost(request, day, weights) if index == 0 else 0
        edge += finish_cost(request, day, weights) if last else 0
        costs.append((own_cost(ways, option) + edge) * chosen)
        dates.append(day * chosen)
        by_start[option.tick].append(chosen)
        by_person[person].append(chosen)
        rooms[option.tick] |= set(option.rooms)
    model.add_exactly_one(starts)
    for tick, literals in by_start.items():
        model.add(sum(model.new_bool_var("") for _ in rooms[tick]) == sum(literals))
    date = model.new_int_var(0, day_number(ways.problem.diary.last_date), "")
    model.add(date == sum(dates))
    return date, {one: sum(literals) for one, literals in by_person.items()}, costs


def options(ways, index):
    """Every free start of a visit: nothing is left out beforehand."""
    for at in ways.through[index]:
        found, _ = ways._starts(index, at, 10**9)
        for option in found:
            yield at, option


def own_cost(ways, option):
    return option.cost - ways._edges(option.visit, option.at)


def add_gaps(model, problem, dates, people, costs):
    """Gaps inside their limits, at their cost, and a cost for every change of practitioner."""
    request, weights = problem.request, problem.weights
    for index, gap in enumerate(request.gaps):
        days = model.new_int_var(gap.min_days, gap.max_days, "")
        model.add(days == dates[index + 1] - dates[index])
        cost = model.new_int_var(0, 10**6, "")
        table = [(d, gap_cost(gap, d, weights)) for d in range(gap.min_days, gap.max_days + 1)]
        model.add_allowed_assignments([days, cost], table)
        costs.append(cost)
        change = model.new_bool_var("")
        for one, here in people[index].items():
            model.add(change >= here - people[index + 1].get(one, 0))
        costs.append(weights.practitioner_change * change)
