"""The command line as a user calls it: a process of its own, or in this process where that is enough.

``kette``   runs a command as a process, with nothing in its environment but what the test gives;
``without_store`` runs a command in this process, which is the quick way;
``invoked`` does so on the module's database, and ``journey`` is a journey recorded there.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kette.__main__ import app
from kette.settings import Settings
from tests.keyring import with_keys

SETTINGS = tuple(f"KETTE_{name.upper()}" for name in Settings.model_fields)


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the lines of JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Said]
CASE_NUMBER = "K-2024-7"


def environment(**settings: object) -> dict[str, str]:
    """Return the environment of a command: German, wide, without settings of this machine."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KETTE_")}
    own = {"LC_ALL": "C.UTF-8", "COLUMNS": "250", "TZ": "UTC"}
    return clean | own | with_keys(settings)


@pytest.fixture(scope="session")
def started() -> Callable[..., "subprocess.Popen[str]"]:
    """Start a command as a process; its words go to files or pipes as the test likes."""

    def start(*words: str | Path, settings: dict[str, Any], **how: Any) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "kette", *map(str, words)]
        return subprocess.Popen(command, env=environment(**settings), text=True, **how)

    return start


@pytest.fixture(scope="session")
def kette(started: Callable[..., "subprocess.Popen[str]"]) -> Run:
    """Run a command as a process and return what it said."""

    def run(*words: str | Path, **settings: object) -> Said:
        pipe = subprocess.PIPE
        with started(*words, settings=settings, stdout=pipe, stderr=pipe) as process:
            out, err = process.communicate(timeout=120)
        return Said(process.returncode, out, err)

    return run


def in_process(*words: str | Path, **settings: object) -> Said:
    """Run a command in this process; what it does not explain is raised."""
    given = {**dict.fromkeys(SETTINGS), "COLUMNS": "250"}
    given |= with_keys(settings)
    result = CliRunner().invoke(app, [str(word) for word in words], env=given)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="session")
def without_store() -> Run:
    """Run a command in this process that needs no database."""
    return in_process


@pytest.fixture(scope="module")
def invoked(module_dsn: str, without_store: Run) -> Run:
    """Run a command in this process on the module's database, as a case manager named anna."""

    def run(*words: str | Path, **settings: object) -> Said:
        own = {"KETTE_DSN": module_dsn, "KETTE_ACTOR": "anna"}
        return without_store(*words, **{**own, **settings})

    return run


@pytest.fixture(scope="module")
def journey(invoked: Run) -> str:
    """Record a small journey by the command line; return its id."""
    (begun,) = invoked("record", "new", "JourneyStarted", "--on", "2024-01-02", "--json").rows
    found: str = begun["journey"]
    for words in (
        ("FileNumberRecorded", "--on", "2024-01-02", f"number={CASE_NUMBER}"),
        ("CaseOpened", "--on", "2024-03-04", "intensity=begleitung"),
        ("CaseManagerAssigned", "--on", "2024-03-20", "cm=anna"),
        ("TitleGranted", "--on", "2024-03-15", "basis=AUFENTHG_18A", "valid_until=2030-03-14"),
        ("TitleGranted", "--on", "2020-06-15", "basis=AUFENTHG_18A", "valid_until=2021-06-15"),
        ("TitleApplied", "--on", "2021-01-10"),
        ("ConsentGranted", "--on", "2024-03", "recipients=Jobcenter Herne,VHS Herne"),
        ("LanguageTestTaken", "--on", "unknown", "result=B1"),
    ):
        said = invoked("record", found, *words)
        assert said.code == 0, said.err
    return found
