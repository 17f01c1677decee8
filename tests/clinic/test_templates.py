"""Every template of the project compiles, fits the strict content policy and names icons that exist."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

import clinic

ROOT = Path(settings.BASE_DIR) / "templates"
NAMES = sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*.html"))
STATIC = Path(clinic.__file__).parent / "static"


@pytest.mark.parametrize("name", NAMES)
def test_template_compiles(name):
    assert get_template(name)


@pytest.mark.parametrize("name", NAMES)
def test_template_names_icons_that_exist(name):
    sheet = STATIC / "vendor" / "bootstrap-icons-1.13.2" / "bootstrap-icons.min.css"
    known = set(re.findall(r"\.bi-([a-z0-9-]+)::before", sheet.read_text()))
    text = (ROOT / name).read_text()
    named = re.findall(r"\bbi-([a-z0-9-]+)", text) + re.findall(r"{% icon [\"']([a-z0-9-]+)[\"']", text)
    assert set(named) <= known


@pytest.mark.parametrize("name", NAMES)
def test_enter_in_a_field_presses_the_main_button_of_its_form(name):
    """A browser presses the first submit button of a form, whichever looks like the main one."""
    for form in re.findall(r"<form\b.*?</form>", (ROOT / name).read_text(), re.S):
        buttons = [one for one in re.findall(r"<button\b[^>]*>", form) if 'type="button"' not in one]
        if "btn-primary" in "".join(buttons) and "components/_enter.html" not in form:
            assert "btn-primary" in buttons[0] or "visually-hidden" in buttons[0]


def test_the_script_evaluates_no_text():
    text = (STATIC / "js" / "app.js").read_text()
    assert not re.search(r"\beval\b|new Function|innerHTML|setTimeout\([\"']", text)
