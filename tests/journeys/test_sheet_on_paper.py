"""The page of a sheet printed by the browser: 12 pt on one page of either paper, in both languages."""

import datetime as dt
import io
from collections import Counter

import pytest
from pypdf import PdfReader

pytestmark = pytest.mark.browser


@pytest.fixture
def sheets(place):
    """Amara's sheet in English and Camila's in Spanish."""
    from planner.demo import stories, visits
    from planner.demo.people import register_all

    people, found = register_all(place), {}
    for name, arrival in (("Amara Osei", 0), ("Camila Rojas", 3)):
        story = stories.Story(name, arrival, 0, 1, 5, "ACNE_MIXED", stories.FACE)
        course = stories.book(place, story, people[name], place.today - dt.timedelta(days=2))
        visits.whole_visit(place, course.appointments.get(number=1))
        found[people[name].language] = people[name].sheets.get()
    return found


def printed(page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def most_set_in(document) -> float:
    """The size in points of most letters."""
    letters: Counter[float] = Counter()

    def visit(text, form, matrix, _font, size):
        letters[round(abs(form[0] * matrix[0]) * size, 1)] += len(text.strip())

    for one in document.pages:
        one.extract_text(visitor_text=visit)
    return letters.most_common(1)[0][0]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("paper", "height"), [("a4", 842), ("us-letter", 792)])
def test_the_page_prints_on_one_page(sheets, place, enter, language, paper, height):
    type(place.location).objects.update(paper=paper)
    desk = enter("rosa@demo.example")
    desk.goto(f"/sheets/{sheets[language].pk}/", wait_until="networkidle")
    document = printed(desk)
    assert [round(float(one.mediabox.height)) for one in document.pages] == [height]
    assert most_set_in(document) == 12.0


def test_large_letters_are_printed_in_18_points(sheets, enter):
    desk = enter("rosa@demo.example")
    desk.goto(f"/sheets/{sheets['es'].pk}/")
    desk.get_by_role("button", name="Larger text").click()
    desk.wait_for_load_state("networkidle")
    document = printed(desk)
    assert len(document.pages) <= 3
    assert most_set_in(document) == 18.0
