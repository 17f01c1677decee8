"""Text made comparable for search."""

import pytest

from patients.folding import digits, distance, fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Łucja", "dang thi lucja"),
        ("  O'Neill-Müller ", "o neill-muller"),
        ("GROß", "gross"),
        ("Søren Ærø", "soren aero"),
        ("Zoë", "zoe"),
        ("", ""),
    ],
)
def test_fold_drops_case_and_accents(text, folded):
    assert fold(text) == folded


def test_digits_reads_every_script():
    assert digits("+44 (0)20 ٧٩") == "4402079"


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("osei", "osei", 0),
        ("osei", "oesi", 1),
        ("osei", "osi", 1),
        ("osei", "oseii", 1),
        ("osei", "otei", 1),
        ("petrenko", "pertenco", 2),
        ("osei", "smith", 3),
        ("a", "abcdef", 3),
    ],
)
def test_distance_counts_typing_errors_up_to_a_limit(one, other, errors):
    assert distance(one, other, 2) == errors
