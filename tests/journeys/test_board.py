"""Two people at the board: what one does, the other sees; the keyboard reaches every visit."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def visits(place):
    """Two first visits of today, one after the other, with the same person."""
    from planner.demo import stories
    from planner.demo.people import register_all

    patients = register_all(place)
    booked = []
    for name, hour, line in (("Amara Osei", 3, 0), ("Ines Duarte", 4, 0)):
        story = stories.Story(name, hour, line, 1, 5, "ACNE_MIXED", stories.FACE)
        booked.append(stories.book(place, story, patients[name], place.today).appointments.get(number=1))
    return booked


def test_a_change_of_another_desk_appears_without_a_reload(visits, place, enter):
    from planner import booking

    page = enter("rosa@demo.example")
    page.goto("/board/")
    page.click(f'.is-person [data-visit="{visits[0].pk}"]')
    page.wait_for_selector("#drawer .np-planned")
    assert "Amara Osei" in page.inner_text("#drawer")
    booking.check_in(visits[0], by=place.mona, at=place.now)
    page.wait_for_selector(f'.np-arrived [data-visit="{visits[0].pk}"]', timeout=5000)
    assert page.get_attribute(f'.is-person [data-visit="{visits[0].pk}"]', "aria-current") == "true"


def test_the_arrows_walk_over_the_visits_and_the_days(visits, enter):
    page = enter("rosa@demo.example")
    page.goto("/board/")
    today = page.inner_text("h1")
    first, second = (f'.is-person [data-visit="{one.pk}"]' for one in visits)
    page.focus(first)
    held = "document.activeElement.dataset.visit"
    page.keyboard.press("ArrowDown")
    assert page.evaluate(held) == str(visits[1].pk)
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('.np-col').classList.contains('is-room')")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer:not(.is-empty)")
    assert "Ines Duarte" in page.inner_text("#drawer")
    assert page.get_attribute(second, "aria-current") == "true"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"document.querySelector('h1').innerText !== {today!r}")
    page.keyboard.press("t")
    page.wait_for_function(f"document.querySelector('h1').innerText === {today!r}")
