"""A process of Kette collects rarely, but it does."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from kette.memory import keep_what_is_there, uncollected


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)
    gc.enable()


class Knot:
    """Something that only a collection can free."""

    def __init__(self) -> None:
        self.own = self


def test_nothing_is_collected_while_modules_are_imported() -> None:
    with uncollected():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_a_module_that_cannot_be_imported_leaves_the_collector_on() -> None:
    with pytest.raises(ModuleNotFoundError), uncollected():
        raise ModuleNotFoundError
    assert gc.isenabled()


def test_what_comes_later_is_still_collected_and_what_was_there_is_not() -> None:
    there = Knot()
    keep_what_is_there()
    later = Knot()
    old, new = weakref.ref(there), weakref.ref(later)
    del there, later
    gc.collect()
    assert new() is None
    assert old() is not None
    lost = weakref.ref(Knot())
    kept = [Knot() for _ in range(2 * gc.get_threshold()[0])]
    assert lost() is None, "the collector never ran by itself"
    assert kept
