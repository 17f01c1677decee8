"""The printed itinerary shows the course's visits, windows and gaps."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from planner.print import itinerary_paper, itinerary_pdf
from tests.planner.engine.aftercare.sessions import NADINE, itinerary
from tests.planner.print.test_sheet import bare, reader, tags, text_of


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("points", [12, 18])
def test_itinerary_prints_every_visit_gap_and_list(language, points):
    content = itinerary(language=language)
    words = [
        *(
            content.title,
            content.patient,
            content.course,
            content.span,
            content.axis.caption,
        ),
        *(
            word
            for one in content.visits
            for word in (one.on, one.time, one.practitioner, one.room, one.stop_on)
        ),
        *(one.label for one in content.axis.visits),
        *(one.words for one in content.axis.gaps),
        *(line.text for part in (content.before, content.tell_us, content.change) for line in part.items),
        *(part.heading for part in (content.before, content.tell_us, content.change)),
        *(content.footer.text, content.footer.reference),
        # In large print the time stands under its date and needs no heading.
        *(name for index, name in enumerate(content.columns) if points == 12 or index != 2),
    ]

    text = text_of(itinerary_pdf(content, points=points))

    assert [word for word in words if bare(word) not in text] == []


def test_itinerary_drawing_is_a_figure_with_words():
    pdf = reader(itinerary_pdf(itinerary()))

    catalog = pdf.trailer["/Root"]
    assert catalog["/Lang"] == "en"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in catalog["/Metadata"].get_data()
    assert {"/H1", "/Figure", "/Table"} <= tags(catalog["/StructTreeRoot"])
    assert pdf.metadata.title == "Your 3 visits, Nadine Ferrer"


def test_drawing_without_words_is_printed_but_said_not_to_be_accessible(caplog):
    content = itinerary()

    made = itinerary_paper(replace(content, axis=replace(content.axis, described="")))

    assert (made.accessible, made.replaced) == (False, "")
    assert bare(content.patient) in text_of(made.pdf)
    assert "printed itinerary.typ without PDF/UA" in caplog.text


@pytest.mark.parametrize("paper", ["a4", "us-letter"])
@pytest.mark.parametrize("visits", [1, 2, 6])
def test_itinerary_of_one_to_six_visits_fits_one_page(visits, paper):
    course = tuple(
        replace(
            NADINE.visits[0],
            n=n + 1,
            start=NADINE.visits[0].start + timedelta(days=28 * n),
            end=NADINE.visits[0].end + timedelta(days=28 * n),
            earliest_on=date(2026, 12, 8) + timedelta(days=28 * n) if n else None,
            latest_on=date(2026, 12, 8) + timedelta(days=28 * n + 14) if n else None,
        )
        for n in range(visits)
    )

    made = itinerary_paper(itinerary(visits=course), paper=paper)

    assert made.accessible
    assert len(reader(made.pdf).pages) == 1
