"""Which characters our fonts have."""

from planner.print.glyphs import covered, printable


def test_fonts_cover_the_letters_of_our_languages():
    letters = "abcxyzABCXYZ0123456789áéíóúüñÁÉÍÓÚÜÑ¿¡çãőřșğıłđþœßйщѣαωỹ«»“”‘’–—…€£·□\u00a0ابتثةىئءأإآ،؟ًّ"

    assert [letter for letter in letters if ord(letter) not in covered()] == []


def test_fonts_do_not_claim_what_they_lack():
    assert [one for one in "🌸李אष한\U000e0001\uffff" if ord(one) in covered()] == []


def test_printable_keeps_numbers_and_nothing_and_order():
    data = {"a": ["x🌸", 1, 0.5, None], "b": ("ﬁn", {"c": "á\n"})}

    assert printable(data) == ({"a": ["x□", 1, 0.5, None], "b": ["fin", {"c": "á "}]}, "🌸ﬁ")
