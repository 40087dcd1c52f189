"""The reference of the commands names what the program has, and nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer

from kette.__main__ import app
from kette.output import DIFFERENT, FENCED, NOT_FOUND, REFUSED, UNREACHABLE, UNREADABLE
from kette.settings import Settings

REFERENCE = (Path(__file__).parents[2] / "docs" / "reference" / "commands.md").read_text("utf-8")
GROUP: Any = typer.main.get_command(app)
COMMANDS: list[str] = GROUP.list_commands(None)


def test_every_command_is_documented_once() -> None:
    documented = re.findall(r"^\| `kette ([\w-]+)", REFERENCE, re.MULTILINE)
    assert sorted(documented) == sorted(COMMANDS)
    assert len(documented) == len(set(documented))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    (line,) = re.findall(rf"^\| `kette {name}\b.*$", REFERENCE, re.MULTILINE)
    documented = set(re.findall(r"--[a-z-]+", line))
    command = GROUP.get_command(None, name)
    parts = [command, *getattr(command, "commands", {}).values()]
    params = [param for one in parts for param in one.params]
    offered = {opt for one in params for opt in one.opts if opt.startswith("--")}
    assert documented == offered - {"--help"}


def test_every_setting_is_documented() -> None:
    documented = re.findall(r"^\| `(KETTE_\w+)`", REFERENCE, re.MULTILINE)
    assert documented == [f"KETTE_{name.upper()}" for name in Settings.model_fields]


def test_every_exit_code_is_documented() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d) \|", REFERENCE, re.MULTILINE)}
    assert documented == {0, DIFFERENT, UNREADABLE, REFUSED, NOT_FOUND, UNREACHABLE, FENCED}
