"""The test language names every shipped area and indication; the clinic's own ones stay as they are."""

from clinic.models import Indication, TreatmentArea
from clinic.shipped.arabic import NAMES
from clinic.shipped.areas import AREAS
from clinic.shipped.indications import INDICATIONS


def test_every_shipped_name_has_its_arabic():
    assert set(NAMES) == {row.code for row in (*AREAS, *INDICATIONS)}


def test_a_name_is_said_in_the_language_or_as_it_is():
    cheek = TreatmentArea(code="right_cheek", name="Right cheek", name_es="Mejilla derecha")
    own = Indication(code="OWN", name="Our own", name_es="")
    assert [cheek.name_in(code) for code in ("en", "es", "ar")] == [
        "Right cheek",
        "Mejilla derecha",
        "الخد الأيمن",
    ]
    assert [own.name_in(code) for code in ("en", "es", "ar")] == ["Our own"] * 3
