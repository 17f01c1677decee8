"""How text is made comparable for search: small letters, no accents, single spaces. Pure."""

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
_GAPS = re.compile(r"[^\w@.+-]+")


def fold(text: str) -> str:
    """Return the text as it is searched: `Đặng Thị Łucja` becomes `dang thi lucja`."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )
    return _GAPS.sub(" ", bare.casefold().translate(_LETTERS)).strip()


def digits(text: str) -> str:
    """Keep the digits only, as ASCII."""
    return "".join(str(unicodedata.digit(letter)) for letter in text if letter.isdecimal())


def distance(one: str, other: str, most: int) -> int:
    """Count the typing errors between two words (letter wrong, missing, extra or swapped), to `most` + 1.

    The optimal string alignment distance.
    """
    if one == other:
        return 0
    # An error changes at most two of the letters that occur.
    if abs(len(one) - len(other)) > most or len(set(one) ^ set(other)) > 2 * most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        line = [row]
        for column, against in enumerate(other, start=1):
            cost = min(last[column] + 1, line[column - 1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
        before, last = last, line
    return min(last[-1], most + 1)
