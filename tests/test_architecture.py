"""The rules of the code base, checked by reading it: who may import whom, what may not appear, how long."""

import ast
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent
APPS = ("clinic", "patients", "planner")
ENGINES = ("patients.screening", "planner.engine")

EXACT_REPAIR = "planner/engine/repair_exact.py"  # proves a repair the best, with OR-Tools

# engines, refusals, clock → models → reads → commands → forms → views. A module may import its own number or
# lower ones. A new module of patients or planner says here where it belongs.
LAYERS = {
    0: "patients.folding patients.likeness patients.screening planner.engine planner.imaging planner.print",
    1: "patients.models planner.models",
    2: "patients.asking patients.contact patients.duplicates patients.gates patients.judgement "
    "patients.languages patients.naming patients.nearly patients.queries "
    "patients.results patients.rulesets patients.rulewords planner.aftercare_texts planner.busy "
    "planner.calendars planner.diary planner.editing planner.fitting planner.freed "
    "planner.nearest planner.obstacles planner.planning planner.previews planner.problem_file "
    "planner.queries planner.repairing planner.replanning planner.running planner.shortlist "
    "planner.site planner.texts_words",
    3: "patients.consents patients.intake patients.link_mail patients.links patients.pairs "
    "patients.questionnaires "
    "patients.ruledrafts patients.screenings patients.unfinished planner.approvals "
    "planner.booking planner.busytime planner.changes planner.codes planner.courses "
    "planner.events planner.finishing "
    "planner.handing planner.lettering planner.locks planner.merging planner.messages planner.midcourse "
    "planner.moving planner.notices planner.numbing planner.offers planner.outbox "
    "planner.outcomes planner.own planner.photos planner.records planner.reminding "
    "planner.removal planner.reviewing planner.reviews planner.scanning planner.sheets planner.shipped "
    "planner.signing planner.stock planner.taking_over planner.telling planner.texts planner.treatment "
    "planner.undoing planner.versions",
    4: "patients.forms planner.forms",
    5: "patients.apps patients.middleware patients.templatetags patients.urls patients.views planner.apps "
    "planner.demo planner.management planner.own_urls planner.setting_urls planner.templatetags planner.urls "
    "planner.views",
}
LAYER_OF = {name: number for number, names in LAYERS.items() for name in names.split()}

# Rows of facts and texts are as long as the facts.
DATA = ("clinic/shipped", "patients/screening/table", "planner/engine/aftercare/shipped", "planner/demo")
LONGEST_FILE, LONGEST_FUNCTION = 400, 40  # lines; files are around 60, seldom over 300

SAFE_MARKUP = {
    "clinic/templatetags/needleplan.py",
    "clinic/timeline_svg.py",
}  # they build SVG from escaped parts
NOT_A_SECRET = {
    "clinic/constraints.py",
    "planner/demo/people.py",
    "planner/demo/pictures.py",
}  # jitter; the same demo every time


@cache
def sources():
    """Path relative to the root → text of every Python file of the apps but migrations."""
    files = (file for app in APPS for file in (ROOT / app).rglob("*.py"))
    return {
        str(file.relative_to(ROOT)): file.read_text()
        for file in sorted(files)
        if "migrations" not in file.parts
    }


@cache
def trees():
    """Path → syntax tree."""
    return {path: ast.parse(text) for path, text in sources().items()}


@cache
def nodes():
    """Path → all nodes of its tree, walked once for all tests."""
    return {path: list(ast.walk(tree)) for path, tree in trees().items()}


@cache
def templates():
    """Path relative to the root → text of every template."""
    files = (file for kind in ("*.html", "*.txt") for file in (ROOT / "templates").rglob(kind))
    return {str(file.relative_to(ROOT)): file.read_text() for file in sorted(files)}


def module_of(path):
    """The dotted name of a file."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


@cache
def imports_of(path):
    """Every module a file imports, dotted; of packages also what is taken from them."""
    return list(_imports(path))


def _imports(path):
    for node in nodes()[path]:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = module_of(path).split(".")[: len(Path(path).parts) - node.level] if node.level else []
            module = ".".join([*package, *filter(None, [node.module])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_in(module, packages):
    """Whether a module is one of the packages or lies inside."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def layer_of(module):
    """The layer of a module of patients or planner, or None elsewhere."""
    owner = ".".join(module.split(".")[:2])
    return LAYER_OF.get(owner)


def test_engines_import_the_standard_library_and_themselves_only():
    wrong = [
        (path, name)
        for path in sources()
        for package in ENGINES
        if is_in(module_of(path), [package])
        for name in imports_of(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        and not is_in(name, [package])
        and not (path == EXACT_REPAIR and is_in(name, ["ortools"]))
    ]
    assert wrong == []


def test_apps_import_only_the_apps_below_them():
    wrong = [
        (path, name)
        for path in sources()
        for name in imports_of(path)
        if name.split(".")[0] in APPS
        and APPS.index(name.split(".")[0]) > APPS.index(path.split("/")[0])
        and path != "clinic/urls.py"
    ]
    assert wrong == []


def test_every_module_of_patients_and_planner_has_a_layer():
    modules = {module_of(path) for path in sources() if not path.startswith("clinic/")}
    assert sorted(one for one in modules if "." in one and layer_of(one) is None) == []


def test_modules_import_their_own_layer_or_lower_ones():
    wrong = [
        (path, name)
        for path in sources()
        if layer_of(module_of(path)) is not None
        for name in imports_of(path)
        if (layer_of(name) or 0) > layer_of(module_of(path))
    ]
    assert wrong == []


def is_view(path):
    return "/views/" in path


def test_views_never_read_a_table_themselves():
    """A view takes its rows, or the queryset for get_object_or_404, from a module of reads."""
    wrong = [
        f"{path}:{node.lineno}"
        for path, found in nodes().items()
        if is_view(path) and path != "clinic/views/health.py"  # it asks whether the database answers
        for node in found
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "raw", "cursor")
    ]
    assert wrong == []


NOW = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("timezone", "now"),
}


def test_only_the_clock_asks_what_time_it_is():
    wrong = []
    for path, found in nodes().items():
        for node in found:
            if isinstance(node, ast.Attribute):
                owner = (
                    node.value.attr
                    if isinstance(node.value, ast.Attribute)
                    else getattr(node.value, "id", "")
                )
                if (owner, node.attr) in NOW and path != "clinic/clock.py":
                    wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


FORBIDDEN = {"cache_page", "csrf_exempt", "pickle", "marshal", "eval", "exec", "RawSQL"}


@cache
def names_of(path):
    """Every name a file uses or imports, with its line."""
    return list(_names(path))


def _names(path):
    for node in nodes()[path]:
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.alias):
            yield node.name.split(".")[-1], node.lineno


def used(names, allowed=()):
    """Where any of the names is used outside the files allowed."""
    return [
        f"{path}:{line} {name}"
        for path in sources()
        if path not in allowed
        for name, line in names_of(path)
        if name in names
    ]


def test_nothing_forbidden_is_used():
    assert used(FORBIDDEN) == []


def test_chance_is_never_used_for_a_secret():
    assert used({"random", "randint", "randrange", "shuffle"}, NOT_A_SECRET) == []


def test_markup_is_marked_safe_in_few_places_only():
    assert used({"mark_safe"}, SAFE_MARKUP) == []
    wrapped = [
        f"{path}:{node.lineno}"
        for path, found in nodes().items()
        for node in found
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("SafeString", "SafeText")
    ]
    assert [one for one in wrapped if one.split(":")[0] not in SAFE_MARKUP] == []
    unescaped = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|autoescape\s+off")
    assert [
        path for path, text in templates().items() if path.endswith(".html") and unescaped.search(text)
    ] == []


def test_no_constant_is_raised_itself():
    """An exception keeps every place it was raised at: a constant would hold them for ever."""
    wrong = [
        f"{path}:{node.lineno}"
        for path, found in nodes().items()
        for node in found
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id.isupper()
    ]
    assert wrong == []


INLINE = {
    "style": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "style sheet": re.compile(r"<style\b", re.I),
    "script": re.compile(r"<script\b(?![^>]*\bsrc=)", re.I),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "javascript:": re.compile(r"""javascript:|["']js:""", re.I),
    "hx-on": re.compile(r"\shx-on", re.I),
    "other origin": re.compile(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", re.I),
}


@pytest.mark.parametrize("what", INLINE)
def test_templates_have_nothing_inline_and_nothing_foreign(what):
    markup = {path: re.sub(r"{[%#].*?[%#]}", "", text, flags=re.S) for path, text in templates().items()}
    assert [path for path, text in markup.items() if INLINE[what].search(text)] == []


def test_every_template_that_is_named_exists():
    named = {
        node.value
        for found in nodes().values()
        for node in found
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[\w/.-]+\.(?:html|txt)", node.value)
    }
    for text in templates().values():
        named |= set(re.findall(r"""{%\s*(?:include|extends)\s+["']([^"']+)["']""", text))
    for name in sorted(named):
        get_template(name)


def test_files_are_short():
    long = {
        path: len(text.splitlines())
        for path, text in sources().items()
        if not path.startswith(DATA) and len(text.splitlines()) > LONGEST_FILE
    }
    assert long == {}


def test_functions_are_short():
    long = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path, found in nodes().items()
        if not path.startswith(DATA)
        for node in found
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_belongs_in_it():
    silent = [
        path
        for path, tree in trees().items()
        if sources()[path].strip() and not ast.get_docstring(tree) and "/management/" not in path
    ]
    assert silent == []


def test_only_psycopg2_is_installed():
    assert importlib.util.find_spec("psycopg2") is not None
    assert importlib.util.find_spec("psycopg") is None


@pytest.mark.parametrize(("page", "at_least"), [("safety.md", 40), ("planner.md", 20)])
def test_every_test_that_the_docs_name_exists(page, at_least):
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", (ROOT / "docs" / page).read_text()))
    assert len(named) > at_least
    missing = [
        f"{path}::{name}"
        for path, name in sorted(named)
        if not (ROOT / path).exists() or f"def {name}(" not in (ROOT / path).read_text()
    ]
    assert missing == []
