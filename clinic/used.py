"""Whether stock stands in records, which go on saying what was used."""

from clinic.models import Lot, Product
from clinic.refusals import Refusal

NAMED = ("name", "kind", "agent", "strength")  # what a record says of a product by naming it
USED = Refusal(
    "product_used",
    "This product stands in records, which go on saying what was used.",
    "Make a new product instead, and switch this one off.",
    field="name",
)


def is_lot_used(lot: Lot) -> bool:
    """Whether any row names this lot."""
    return _any_names(Lot.objects.filter(pk=lot.pk))


def is_product_used(product: Product) -> bool:
    """Whether any row names a lot of this product."""
    return _any_names(Lot.objects.filter(product=product))


def refuse_renaming(stored: Product, row: Product) -> None:
    """Refuse another name, kind, agent or strength of a product that was used."""
    if any(getattr(stored, name) != getattr(row, name) for name in NAMED) and is_product_used(stored):
        raise USED.copy()


def _any_names(lots) -> bool:
    relations = [field for field in Lot._meta.get_fields(include_hidden=True) if field.one_to_many]
    return any(
        one.related_model._default_manager.filter(**{f"{one.field.name}__in": lots}).exists()
        for one in relations
    )
