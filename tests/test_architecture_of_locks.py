"""How commands lock, checked by reading them: one decorator, one order, all of them in the melee."""

import ast
import re

import pytest

from tests.test_architecture import LAYER_OF, ROOT

COMMANDS = sorted(name for name, layer in LAYER_OF.items() if layer == 3)

# Transactions of their own, and why: everything else goes through `clinic.constraints.in_words`.
OWN_TRANSACTIONS = {
    "planner.locks": "the savepoint that gives locks back",
    "planner.outbox": "a worker takes what nobody holds (SKIP LOCKED) and waits for nobody",
    "planner.reminding": "a worker, as the outbox",
    "patients.pairs": "a worker, once a day",
    "planner.removal": "the savepoint around a delete that may be refused",
    "planner.shipped": "run before the first request",
}
# Rows that only one command family ever locks, alone or after those of the order.
ORDERED = {"Practitioner", "Room", "Device", "TreatmentCourse"}

# Commands that the melee leaves out, and why.
APART = {
    "settings, versions and texts: no patient waits for them": """
        begin_draft change_validity change_rule drop_draft approve delete_row switch_off start_draft
        save_block""",
    "only read, compose or judge": """
        state_of recall_csv last_place practitioner_of draft_shown show_photo open_photos open_answers
        refuse_other_draft refuse_resuming can_undo""",
    "the review is ninety days after the melee's one Monday": """
        start_review save_review sign_review amend_review""",
    "one row, written alone": "new_token send_link print_sheets",
    "called by commands of the melee, under their locks": """
        withdraw_own_consent followed record_phone_screening write_status end_appointment courses_follow
        change_by_rule issue_sheet link_for keep_code pin place_visit put_back take_away write_course
        write_visits""",
}


def tree(module):
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text())


def attributes(module):
    return [ast.unparse(node) for node in ast.walk(tree(module)) if isinstance(node, ast.Attribute)]


@pytest.mark.parametrize("module", COMMANDS)
def test_architecture_commands_open_transactions_by_the_one_decorator(module):
    """It tries a deadlock again and says a long wait in words."""
    opens = "transaction.atomic" in attributes(module)
    assert opens == (module in OWN_TRANSACTIONS)


@pytest.mark.parametrize("module", COMMANDS)
def test_architecture_places_are_locked_by_the_one_function(module):
    """`planner.locks` knows the order; whoever locks a person, room, device or course goes through it."""
    locked = {
        found[1]
        for one in attributes(module)
        if (found := re.fullmatch(r"(\w+)\.objects\.select_for_update", one))
    }
    assert locked & ORDERED == set()
    assert "Patient" not in locked or module.startswith("patients.")


@pytest.mark.parametrize("module", [name for name in COMMANDS if name.startswith("patients.")])
def test_architecture_a_patient_is_locked_before_other_rows(module):
    """Within a function that locks several tables itself, the patient comes first."""
    for function in ast.walk(tree(module)):
        if isinstance(function, ast.FunctionDef):
            order = re.findall(r"(\w+)\.objects\.select_for_update", ast.unparse(function))
            assert "Patient" not in order[1:]


def public_commands():
    for module in COMMANDS:
        for node in tree(module).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                names = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
                if names & {"by", "link"}:
                    yield node.name


def test_architecture_everything_that_writes_is_in_the_melee():
    folder = ROOT / "tests" / "planner"
    files = [
        *folder.glob("melee*.py"),
        *(folder / name for name in ("making.py", "treating.py", "merges.py")),
    ]
    said = set(re.findall(r"\w+", "\n".join(file.read_text() for file in files)))
    apart = set(" ".join(APART.values()).split())
    assert set(public_commands()) - said == apart
