"""A drawn sample of the mutants of the chain: mutmut makes them, and runs the tests that reach them.

A mutant is the chain with one small fault in one function. It is killed if a test fails, and survives if none does.
Every mutant has the same chance to be drawn, and every module has its share.
"""

import ast
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mutmut.__main__ import create_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

FOLDER = Path("mutants")
DRAWN = FOLDER / "drawn.json"
"""The seed of the last drawing, for a run that goes on."""

STATS = FOLDER / "mutmut-stats.json"
"""Where mutmut keeps which tests reach which function."""

_LEFT_OUT = 34


class Fate(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMEOUT = "timeout"
    UNLOADABLE = "unloadable"
    UNTESTED = "untested"


_FOUND = {Fate.KILLED, Fate.TIMEOUT, Fate.UNLOADABLE}


_FATES = {
    0: Fate.SURVIVED,
    1: Fate.KILLED,
    2: Fate.KILLED,  # the tests could not be collected
    3: Fate.KILLED,  # pytest itself gave up
    255: Fate.UNLOADABLE,  # not even conftest.py could be imported
    33: Fate.UNTESTED,
    36: Fate.TIMEOUT,
    -9: Fate.TIMEOUT,
    -11: Fate.KILLED,
    -24: Fate.TIMEOUT,
}
"""What the exit code of a mutant says."""


@dataclass(frozen=True)
class Mutant:
    """One mutant of the sample."""

    module: str
    name: str
    fate: Fate


@dataclass(frozen=True)
class Sample:
    """A sample that has been run.

    Attributes:
        seed: What it was drawn with.
        total: How many mutants there are.
        mutants: The drawn ones.
    """

    seed: int
    total: int
    mutants: tuple[Mutant, ...]

    @property
    def found(self) -> int:
        """Return how many a test run showed."""
        return sum(one.fate in _FOUND for one in self.mutants)

    @property
    def score(self) -> float:
        """Return the share of them."""
        return self.found / len(self.mutants)


def draw(seed: int, size: int | None) -> None:
    """Make every mutant anew, and leave out all but a sample of this size; None leaves none out."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(1)
    files = _files()
    drawn = set(_every_nth([list(one.exit_code_by_key) for one in files], seed, size))
    for one in files:
        for name in one.exit_code_by_key:
            one.exit_code_by_key[name] = None if name in drawn else _LEFT_OUT
        one.save()
    DRAWN.write_text(json.dumps({"seed": seed}), encoding="utf-8")


def _files() -> list[SourceFileMutationData]:
    files = [SourceFileMutationData(path=path) for path in sorted(walk_mutatable_files())]
    for one in files:
        one.load()
    return files


def _every_nth(modules: Sequence[list[str]], seed: int, size: int | None) -> list[str]:
    """Return every n-th of the names, module after module, each module shuffled."""
    chance = random.Random(seed)
    names: list[str] = []
    for module in modules:
        names += chance.sample(sorted(module), len(module))
    if size is None or size >= len(names):
        return names
    step = len(names) / size
    begin = chance.random() * step
    return [names[int(begin + place * step)] for place in range(size)]


def run() -> None:
    """Run what is drawn and not yet run, one mutant after the other."""
    if not STATS.exists():
        _mutmut("print-time-estimates", "domain.chain.calendar.*")
        _reach_by_every_test()
    _mutmut("run", "--max-children", "1")


def _mutmut(*arguments: str) -> None:
    """Call mutmut on the mutants; each loads the chain anew, and without bytecode that takes ten seconds."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPATH"] = str(FOLDER.resolve())
    subprocess.run(
        [str(Path(sys.executable).with_name("mutmut")), *arguments], check=True, env=kept
    )


def _reach_by_every_test() -> None:
    """Let every test count for what runs when the chain is loaded; mutmut counts it for the first test alone."""
    stats = json.loads(STATS.read_text(encoding="utf-8"))
    every = list(stats["duration_by_test"])
    for tests in stats["tests_by_mangled_function_name"].values():
        if every[0] in tests:
            tests[:] = every
    STATS.write_text(json.dumps(stats), encoding="utf-8")


def again() -> None:
    """Let those run once more that no test noticed; new tests may, if the chain is still the same."""
    drawn = DRAWN.stat().st_mtime
    if any(path.stat().st_mtime > drawn for path in walk_mutatable_files()):
        sys.exit("domain/chain has changed since the sample was drawn; draw a new one")
    for one in _files():
        for name, code in one.exit_code_by_key.items():
            if _FATES.get(code) in (Fate.SURVIVED, Fate.UNTESTED):
                one.exit_code_by_key[name] = None
        one.save()


def read() -> Sample:
    """Return the sample as it has been run."""
    files = _files()
    mutants = tuple(
        Mutant(str(one.path), name, _FATES[code])
        for one in files
        for name, code in one.exit_code_by_key.items()
        if code not in (None, _LEFT_OUT)
    )
    total = sum(len(one.exit_code_by_key) for one in files)
    return Sample(json.loads(DRAWN.read_text(encoding="utf-8"))["seed"], total, mutants)


def difference(mutant: Mutant) -> tuple[int, str]:
    """Return the line of a fault, and what it changes there, in one line."""
    lines = get_diff_for_mutant(mutant.name, path=mutant.module).splitlines()[2:]
    hunk = int(lines[0].split()[1].split(",")[0].removeprefix("-"))
    before = next(place for place, line in enumerate(lines) if line[0] in "-+")
    changed = [[one[1:].strip() for one in lines if one[0] == sign] for sign in "-+"]
    was, now = (" ".join(words) for words in changed)
    return _first_line(mutant) + abs(hunk) + before - 2, f"{was} → {now or 'nothing'}"


def _first_line(mutant: Mutant) -> int:
    """Return the line in which the function of a mutant begins."""
    name, of_class = orig_function_and_class_names_from_key(mutant.name)
    scope: ast.Module | ast.ClassDef = ast.parse(Path(mutant.module).read_text(encoding="utf-8"))
    for wanted in (of_class, name):
        found = [one for one in scope.body if getattr(one, "name", None) == wanted]
        scope = found[0] if wanted else scope
    return scope.lineno
