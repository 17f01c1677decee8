"""Rows that many tests begin with, made once: `@kept` instead of `@pytest.fixture`.

What a kept fixture writes lies in a savepoint of one long transaction and stays while the next tests ask for
it too. Every test works above it, in a savepoint of its own that is rolled back, on copies of the objects.
"""

import copy
import inspect
import itertools
from collections import Counter

import pytest
from django.db import transaction

_order = []  # the makers of all kept fixtures
_needed = Counter()  # how many of them need one by name


def kept(make):
    """A fixture that writes rows and returns objects; it may need other kept fixtures (and `db`) only.

    Where it is asked for in another way (a test with real commits, a fixture in between that is not kept),
    it is an ordinary fixture.
    """
    if inspect.isgeneratorfunction(make):
        raise TypeError(f"{make.__name__} cleans up after itself: only what a transaction undoes can be kept")
    needs = list(inspect.signature(make).parameters)

    def fixture(_kept_world, **given):
        if make in _kept_world.copies:
            return _kept_world.copies[make]
        return make(**given)

    parameters = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in ["_kept_world", *needs]]
    fixture.__signature__ = inspect.Signature(parameters)
    fixture.__name__, fixture.__doc__, fixture.__module__ = make.__name__, make.__doc__, make.__module__
    fixture.makes = make
    _order.append(make)
    _needed.update(needs)
    return pytest.fixture(fixture)


def kept_of(item):
    """The kept fixtures that a test asks for: maker → the makers it needs by name, what is needed first.

    The longest chain lies lowest: an account that only this test needs beside it is made above it.
    """
    defined, found, ordered = item._fixtureinfo.name2fixturedefs, {}, {}
    for name in item.fixturenames:
        _add(name, defined, found)
    chains = {make: _chain(make, found) for make in found}
    longest = max(chains.values(), key=len, default=set())
    waiting = sorted(found, key=lambda make: (make not in longest, _rank(make)))
    while waiting:
        following = next(one for one in waiting if ordered.keys() >= set(found[one].values()))
        waiting.remove(following)
        ordered[following] = found[following]
    return ordered


def _chain(make, found):
    """What a maker needs, and itself."""
    return {make}.union(*(_chain(need, found) for need in found[make].values()))


def place(item):
    """Where a test stands so that those that begin with the same rows follow one another."""
    return [_rank(make) for make in kept_of(item)]


def _rank(make):
    """Who is made first, stays longest, over several files: what the most others need."""
    return -_needed[make.__name__], _order.index(make)


def _add(name, defined, found):
    """Add a fixture and what it needs; say whether it can be kept in this test."""
    make = getattr(defined[name][-1].func, "makes", None) if name in defined else None
    if make is None or make in found:
        return make
    needs = {}
    for need in inspect.signature(make).parameters:
        if need == "db":
            continue
        if need == name or (maker := _add(need, defined, found)) is None:
            return None
        needs[need] = maker
    found[make] = needs
    return make


class World:
    """The long transaction and its layers."""

    def __init__(self):
        self._outer = None
        self._layers = []  # (maker, its savepoint, what it returned)
        self.copies = {}

    def hold(self, wanted):
        """Keep just these layers: drop what is above those in common, make the others."""
        pairs = zip((layer[0] for layer in self._layers), wanted, strict=False)
        common = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] is pair[1], pairs))
        self._drop(common)
        for make in list(wanted)[common:]:
            self._make(make, wanted[make])
        memo = {}
        self.copies = {make: copy.deepcopy(value, memo) for make, _, value in self._layers}

    def end(self):
        """Roll everything back; the next `hold` begins anew."""
        self._drop(0)
        self.copies = {}
        if self._outer is not None:
            _roll_back(self._outer)
            self._outer = None

    def _make(self, make, needs):
        if self._outer is None:
            self._outer = transaction.atomic()
            self._outer.__enter__()
        savepoint = transaction.atomic()
        savepoint.__enter__()
        values = {maker: value for maker, _, value in self._layers}
        given = {name: values[maker] for name, maker in needs.items()}
        given |= {"db": None} if "db" in inspect.signature(make).parameters else {}
        try:
            value = make(**given)
        except BaseException:
            _roll_back(savepoint)
            raise
        self._layers.append((make, savepoint, value))

    def _drop(self, number):
        while len(self._layers) > number:
            _, savepoint, _ = self._layers.pop()
            _roll_back(savepoint)


def _roll_back(savepoint):
    transaction.set_rollback(True)
    savepoint.__exit__(None, None, None)
