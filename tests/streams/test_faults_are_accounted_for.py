"""Every fault of the list has a test that is there, or a written reason."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "streams-faults.md"
ROW = re.compile(r"^\| (\d+) \| (.+) \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/\w+/\w+\.py)::(\w+)`")
FAULTS = {int(number): held for number, _, held in ROW.findall(PAGE.read_text())}


def test_all_thirty_six_are_there() -> None:
    assert list(FAULTS) == list(range(1, 37))


@pytest.mark.parametrize("number", FAULTS)
def test_a_fault_has_a_test_or_a_reason(number: int) -> None:
    held = FAULTS[number]
    refers = held.startswith("the same") and number - 1 in FAULTS
    assert NAMED.search(held) or refers or "written reason" in held


def test_every_test_that_is_named_is_there() -> None:
    named = NAMED.findall(PAGE.read_text())
    assert len(named) > 40
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text())
        functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        assert name in functions, f"{file}::{name}"
