"""How the tests of this folder run both verifiers, and what they compare."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.verify.making import Story, history
from tests.verify.mutants import EVENTS, SIGNED
from verify import kette_verify

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Verdict:
    """What the Python verifier found: its exit code, its report, and what it said."""

    code: int
    report: dict[str, Any]
    said: str

    @property
    def problems(self) -> str:
        told = [str(one["problem"]) for one in self.report["findings"]]
        return "\n".join([*told, *self.report["unchecked"]])


Verify = Callable[..., Verdict]


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Return what runs the Python verifier with the auditor's notes."""

    def run(paths: Sequence[Path], key: str, own: Sequence[str] = (), *more: str | Path) -> Verdict:
        report = tmp_path / "report.json"
        words = [*map(str, paths), "--key", key, "--json", str(report), *map(str, more)]
        for number, note in enumerate(own):
            place = tmp_path / f"own-{number}.txt"
            place.write_text(note, "utf-8")
            words += ["--checkpoint", str(place)]
        code = kette_verify.main(words)
        return Verdict(code, json.loads(report.read_text("utf-8")), capsys.readouterr().out)

    return run


@pytest.fixture(scope="module")
def story() -> Story:
    return history(7, EVENTS, signed=SIGNED)


def second(cases: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the second verifier answers to many exports."""
    beside = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
    program = shutil.which("node", path=beside)
    assert program, "call `make test`, which installs what the second verifier needs"
    asked = "\n".join(map(json.dumps, cases))
    answer = subprocess.run(
        [program, "verify.mjs"], cwd=HERE, input=asked, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def case(paths: Sequence[Path], key: str, own: Sequence[str]) -> dict[str, Any]:
    return {"exports": [str(one) for one in paths], "key": key, "checkpoints": list(own)}
