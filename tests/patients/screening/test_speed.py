"""A full answer set is judged in less than a millisecond."""

import timeit
from random import Random

from patients.screening.evaluate import evaluate
from patients.screening.table import SHIPPED
from tests.patients.screening.samples import ADULT, AREAS, BOOKING_QUESTIONS, TODAY, random_answers


def test_a_full_answer_set_is_judged_within_a_millisecond():
    random = Random(1)  # noqa: S311 - a reproducible sample, not a secret
    sets = [random_answers(random, BOOKING_QUESTIONS) for _ in range(20)]

    def judge_all():
        for answers in sets:
            evaluate(SHIPPED, answers, areas=AREAS, on=TODAY, facts=ADULT)

    fastest = min(timeit.repeat(judge_all, number=1, repeat=9)) / len(
        sets
    )  # other work only ever slows it down
    assert fastest < 0.001, f"{1000 * fastest:.2f} ms"
