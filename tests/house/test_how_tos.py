"""The diffs of the how-tos: a newcomer who applies them has a fact, a rule that watches it, a fact changed."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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


def applied(folder: Path, *names: str) -> None:
    """Copy the program into a folder and apply the diffs of how-tos there."""
    for room in ROOMS:
        shutil.copytree(
            ROOT / room,
            folder / room,
            ignore=shutil.ignore_patterns("__pycache__", "lib", "node_modules"),
        )
    for name in names:
        run(folder, "git", "apply", "--unidiff-zero", "-", told=diff_of(name))


def test_the_diffs_of_a_fact_and_a_rule_are_all_it_takes(tmp_path: Path) -> None:
    applied(tmp_path, "add-a-fact.md", "add-a-gap-rule.md")
    fact = {"id": "f1", "journey": "j1", "type": "ClubVisited", "occurred_on": "2026-03-02"}
    (tmp_path / "facts.jsonl").write_text(json.dumps(fact), "utf-8")
    kette = (sys.executable, "-m", "kette", "evaluate", "facts.jsonl", "--rule", "O03", "--json")

    before, after = (
        json.loads(run(tmp_path, *kette, "--as-of", day)) for day in ("2026-03-30", "2026-03-31")
    )

    assert (before["state"], after["state"]) == ("due", "open")
    assert after["due_on"] == "2026-03-30"


READ_OLD = """
import orjson
from infra import codec, corpus
old = next(one for one in corpus.released_forms() if one.type == "MentorMatched").payloads[1]
print(old["attributes"]["provider"], codec.decode(orjson.dumps(old)).fact.arranged_by, sep="|")
"""


def test_the_diff_of_a_changed_fact_reads_what_was_written_before_it(tmp_path: Path) -> None:
    applied(tmp_path, "change-a-fact.md")

    released = run(tmp_path, sys.executable, "-m", "infra.release")
    before, now = run(tmp_path, sys.executable, "-c", READ_OLD).strip().split("|")

    assert released.startswith("MentorMatched version 2\n1 forms in infra/released/")
    assert before == now


@pytest.mark.parametrize("release_it", [True, False])
def test_a_changed_fact_without_its_upcast_is_not_released(
    tmp_path: Path, release_it: bool
) -> None:
    applied(tmp_path, "change-a-fact.md")
    command = (sys.executable, "-m", "infra.release")
    if release_it:
        run(tmp_path, *command)
    module = tmp_path / "domain" / "events" / "orientation.py"
    text = module.read_text("utf-8")
    module.write_text(text.replace("upcasts=(_arranged_by,),", ""), "utf-8")

    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "MentorMatched no longer takes what was released of provider" in done.stderr
