"""Reads for the settings pages."""

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet

PER_PAGE = 100


def rows_of(model: type[Model], related: tuple[str, ...], prefetch: tuple[str, ...]) -> QuerySet:
    """All rows of one kind of setting with what its list shows, in the order of the model."""
    rows = model._default_manager.prefetch_related(*prefetch)
    return rows.select_related(*related) if related else rows


def page_of(rows: QuerySet, number: str) -> Page:
    """One page of a long list; a wrong number gives the nearest page."""
    return Paginator(rows, PER_PAGE).get_page(number)


def row_of(model: type[Model], pk: int) -> Model | None:
    """One row, or None."""
    return model._default_manager.filter(pk=pk).first()
