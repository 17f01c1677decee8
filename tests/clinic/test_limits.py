"""Limits: what loosens one waits for a practitioner, the rest counts at once; PostgreSQL holds the same."""

from decimal import Decimal

import pytest

from clinic import limits
from clinic.models import Device, LimitChange, Product
from clinic.refusals import Refusal
from planner.approvals import approve, content_hash
from tests.guards.writes import change, refused
from tests.kept import kept
from tests.refusing import at_once, refusing


@kept
def cream(db):
    return Product.objects.create(
        name="Calm cream",
        kind="numbing",
        agent="lidocaine",
        min_minutes=30,
        max_minutes=60,
        max_grams="10",
        max_area_cm2=600,
        needs_prescriber=True,
    )


@kept
def pen(location):
    values = {"label_max_mm": "1.5", "label_age_from": 22}
    return Device.objects.create(location=location, name="Pen", model_name="Fine", **values)


def save(row, mona, **values):
    """The manager saves a row with these values; what waits, and the row as it is stored."""
    row = type(row).objects.get(pk=row.pk)
    waiting = limits.save_limited(limits.with_values(row, values), by=mona)
    return waiting, type(row).objects.get(pk=row.pk)


def give(waiting, priya):
    return approve(waiting, seen=content_hash(waiting), by=priya)


LOOSER = {
    "max_grams": (12.5, None),
    "max_area_cm2": (601, None),
    "min_minutes": (20, None),
    "max_minutes": (90, None),
    "needs_prescriber": (False,),
    "agent": ("lidocaine_prilocaine",),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in LOOSER for value in LOOSER[name]])
def test_a_looser_limit_of_a_cream_counts_once_a_practitioner_has_approved_it(
    name, value, cream, mona, priya
):
    waiting, stored = save(cream, mona, **{name: value})
    assert (waiting.values, waiting.proposed_by) == ({name: value}, mona)
    assert getattr(stored, name) == getattr(Product.objects.get(pk=cream.pk), name) != value
    with refused("a practitioner loosens limits"):
        change(cream, **{name: value})
    give(waiting, priya)
    assert getattr(Product.objects.get(pk=cream.pk), name) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [("max_grams", 5), ("max_area_cm2", 100), ("min_minutes", 40), ("max_minutes", 45), ("source", "Label")],
)
def test_a_tighter_limit_counts_at_once(name, value, cream, mona):
    waiting, stored = save(cream, mona, **{name: value})
    assert (waiting, getattr(stored, name)) == (None, value)
    assert not LimitChange.objects.exists()


def test_depths_of_an_area_and_of_a_device_are_loosened_by_a_practitioner(cheeks, pen, mona, priya):
    cheeks.refresh_from_db()
    deeper = cheeks.warn_mm + Decimal("0.25")
    waiting, stored = save(cheeks, mona, warn_mm=deeper)
    assert stored.warn_mm == cheeks.warn_mm
    with refused("a practitioner loosens limits"):
        change(cheeks, warn_mm=deeper)
    give(waiting, priya)
    assert type(cheeks).objects.get(pk=cheeks.pk).warn_mm == deeper
    for name, value in (("label_max_mm", 2), ("label_age_from", 18)):
        waiting, stored = save(pen, mona, **{name: value})
        assert (list(waiting.values), getattr(stored, name)) == (
            [name],
            getattr(Device.objects.get(pk=pen.pk), name),
        )
        with refused("a practitioner loosens limits"):
            change(pen, **{name: value})


def test_limits_that_change_together_wait_together(cream, mona):
    waiting, stored = save(cream, mona, min_minutes=70, max_minutes=90, source="New label")
    assert waiting.values == {"min_minutes": 70, "max_minutes": 90}
    assert (stored.min_minutes, stored.max_minutes, stored.source) == (30, 60, "New label")


def test_the_same_again_changes_nothing_and_the_old_values_take_it_back(cream, mona):
    first, _ = save(cream, mona, max_grams=20)
    again, _ = save(cream, mona, max_grams=20)
    assert (again.pk, again.proposed_at) == (first.pk, first.proposed_at)
    other, _ = save(cream, mona, max_grams=15)
    assert (other.pk, other.values) == (first.pk, {"max_grams": 15})
    assert save(cream, mona, max_grams=10)[0] is None
    assert not LimitChange.objects.exists()


def test_a_new_cream_stays_out_of_use_until_it_is_approved(mona, priya):
    new = Product(name="New cream", kind="numbing", agent="tetracaine", min_minutes=30, max_minutes=45)
    waiting = limits.save_limited(new, by=mona)
    assert (waiting.is_first, waiting.values) == (True, {"is_active": True})
    assert not Product.objects.get(pk=new.pk).is_active
    with refused("limits wait for a practitioner"):
        change(new, is_active=True)
    save(new, mona, max_minutes=60, is_active=True)
    give(LimitChange.objects.get(), priya)
    stored = Product.objects.get(pk=new.pk)
    assert (stored.is_active, stored.max_minutes) == (True, 60)


def test_a_gel_has_no_limits_and_becomes_no_numbing_cream_by_itself(mona):
    gel = Product(name="Gel", kind="glide")
    assert limits.save_limited(gel, by=mona) is None
    waiting, stored = save(gel, mona, kind="numbing", agent="lidocaine", min_minutes=1, max_minutes=600)
    assert (stored.kind, stored.agent) == ("glide", "")
    assert waiting.values["kind"] == "numbing"


def test_save_limited_is_the_managers(cream, rosa, priya):
    refuse = refusing(Product, LimitChange)
    cream.max_grams = Decimal(99)
    for by in (rosa, priya):
        assert refuse(limits.save_limited, cream, by=by).code == "role"


def test_approve_refuses_others_the_same_twice_and_what_was_not_read(cream, mona, rosa, priya):
    waiting, _ = save(cream, mona, max_grams=20)
    seen, refuse = content_hash(waiting), refusing(Product, LimitChange)
    for by in (mona, rosa):
        assert refuse(approve, waiting, seen=seen, by=by).code == "may_not_approve"
    save(cream, mona, max_grams=20, source="Another label")
    assert refuse(approve, waiting, seen=seen, by=priya).code == "version_changed"
    give(LimitChange.objects.get(), priya)
    assert refuse(approve, waiting, seen=seen, by=priya).code == "already_approved"


def test_approve_refuses_what_was_taken_back_and_what_fits_no_longer(cream, mona, priya):
    waiting, _ = save(cream, mona, max_grams=20)
    save(cream, mona)
    with pytest.raises(Refusal, match="changed since"):
        approve(waiting, seen=content_hash(waiting), by=priya)
    waiting, _ = save(cream, mona, min_minutes=10, max_minutes=20)
    change(waiting, values={"min_minutes": 10, "max_minutes": 5})
    waiting = LimitChange.objects.get()
    with pytest.raises(Refusal, match="must not be shorter"):
        give(waiting, priya)


def test_an_approval_counts_for_its_values_and_no_others(cream, mona, priya):
    give(save(cream, mona, max_grams=20)[0], priya)
    for values in ({"max_grams": 21}, {"max_area_cm2": 700}, {"max_grams": None}):
        with refused("a practitioner loosens limits"):
            change(cream, **values)
    with refused("approved_limits_stay"):
        change(LimitChange.objects.get(), values={"max_grams": 99})


@pytest.mark.django_db(transaction=True)
def test_approving_and_asking_for_more_at_once_keeps_one_of_both(cream, mona, priya):
    waiting, _ = save(cream, mona, max_grams=20)
    seen = content_hash(waiting)
    more = limits.with_values(Product.objects.get(pk=cream.pk), {"max_grams": 30})
    approved, asked = at_once(
        lambda: approve(waiting, seen=seen, by=priya), lambda: limits.save_limited(more, by=mona)
    )
    left = LimitChange.objects.filter(approved_at=None).get()
    assert left.values == {"max_grams": 30}
    grams = Product.objects.get(pk=cream.pk).max_grams
    assert grams == (10 if isinstance(approved, Refusal) else 20)
    assert asked.pk == left.pk
