"""A process of Kette collects rarely, but it does."""

import gc
import subprocess
import sys
import weakref
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from kette.__main__ import app
from kette.memory import keep_what_is_there


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


def test_a_command_begins_once_its_modules_are_imported_and_left_out_of_collections() -> None:
    told = (
        "import gc, sys; sys.argv = ['kette', 'rules', '--json']; import kette.__main__ as one;"
        "import kette.law_commands as law; told = law.print_json;"
        "law.print_json = lambda rows: print(gc.isenabled(), gc.get_freeze_count() > 50_000);"
        "one.main()"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "True"], done.stderr


def test_a_program_that_calls_a_command_keeps_its_own_collector() -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    assert CliRunner().invoke(app, ["rules", "--help"]).exit_code == 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == before
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
