"""People, answers and random answer sets for the screening tests."""

from datetime import date, timedelta

from patients.screening.evaluate import questions
from patients.screening.model import Answer, Facts
from patients.screening.table import SHIPPED
from patients.screening.terms import BOOKING_STAGES, START_STAGES, FollowUpKind, Reply, Scope

TODAY = date(2026, 9, 10)
AREAS = ("cheeks", "chin", "abdomen")
ADULT = Facts(birth_date=date(1987, 1, 21), phototype="II")
BY_CODE = {rule.code: rule for rule in SHIPPED.rules}
NO = Answer(Reply.NO)
NOT_SURE = Answer(Reply.NOT_SURE)
BOOKING_QUESTIONS = questions(SHIPPED, BOOKING_STAGES)
START_QUESTIONS = questions(SHIPPED, START_STAGES)


def yes(*areas, **details):
    """A yes with its details and areas."""
    return Answer(Reply.YES, details, areas)


def all_no(stages=BOOKING_STAGES, **changed):
    """Every question of the stages answered no, but for the given ones; None leaves one unanswered."""
    answers = {rule.code: NO for rule in questions(SHIPPED, stages)} | changed
    return {code: answer for code, answer in answers.items() if answer is not None}


def random_answers(random, rules):
    """Mostly no; some yes with random details, some not sure, some missing."""
    answers = {}
    for rule in rules:
        draw = random.random()
        if draw < 0.93:
            answers[rule.code] = NO
        elif draw < 0.97:
            answers[rule.code] = random_yes(random, rule)
        elif draw < 0.985:
            answers[rule.code] = NOT_SURE
    return answers


def random_yes(random, rule):
    """A yes with random but fitting details; now and then an optional or needed date is missing."""
    details = {}
    for item in rule.follow_ups:
        if item.kind is FollowUpKind.CHOICE:
            details[item.key] = random.choice(item.options).value
        elif item.kind is FollowUpKind.DATE and random.random() < 0.9:
            details[item.key] = TODAY + timedelta(days=random.randint(-400, 60))
        elif item.kind in (FollowUpKind.TEXT, FollowUpKind.PRODUCT):
            details[item.key] = "words"
    areas = tuple(area for area in AREAS if random.random() < 0.5) if rule.scope is Scope.AREA else ()
    return Answer(Reply.YES, details, areas)
