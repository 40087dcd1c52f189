"""The diffs of the how-tos: a newcomer who applies them has a fact and a rule that watches it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("consumers", "domain", "infra", "kette", "municipalities", "projections", "schemas", "web")


def diff_of(name: str) -> str:
    text = (ROOT / "docs" / "how-to" / name).read_text("utf-8")
    (found,) = re.findall(r"^```diff\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return str(found)


def run(folder: Path, *command: str, told: str = "") -> str:
    done = subprocess.run(
        command, cwd=folder, input=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_diffs_of_a_fact_and_a_rule_are_all_it_takes(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(
            ROOT / room,
            tmp_path / room,
            ignore=shutil.ignore_patterns("__pycache__", "lib", "node_modules"),
        )
    for name in ("add-a-fact.md", "add-a-gap-rule.md"):
        run(tmp_path, "git", "apply", "--unidiff-zero", "-", told=diff_of(name))
    fact = {"id": "f1", "journey": "j1", "type": "ClubVisited", "occurred_on": "2026-03-02"}
    (tmp_path / "facts.jsonl").write_text(json.dumps(fact), "utf-8")
    kette = (sys.executable, "-m", "kette", "evaluate", "facts.jsonl", "--rule", "O03", "--json")

    before, after = (
        json.loads(run(tmp_path, *kette, "--as-of", day)) for day in ("2026-03-30", "2026-03-31")
    )

    assert (before["state"], after["state"]) == ("due", "open")
    assert after["due_on"] == "2026-03-30"
