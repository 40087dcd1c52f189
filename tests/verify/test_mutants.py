"""Whoever changes an export is found out by both verifiers, and who did not is not accused."""

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from tests.verify.conftest import Verify, case, second
from tests.verify.making import history
from tests.verify.mutants import EVENTS, KINDS, SIGNED, mutants

EACH = 100


def between(wrong: list[dict[str, Any]]) -> tuple[int, int]:
    """Return between which positions the second verifier saw the first wrong one."""
    placed = [(one["from"], one["to"]) for one in wrong if "from" in one]
    return min(one for one, _ in placed), min(one for _, one in placed)


def test_both_verifiers_catch_twelve_hundred_mutants(tmp_path: Path, verify: Verify) -> None:
    drawn = list(mutants(seed=1, each=EACH))
    folders = [one.write(tmp_path / str(number)) for number, one in enumerate(drawn)]
    keys = [one.story.signer.verifier for one in drawn]
    first = [
        verify(paths, key, one.own) for paths, key, one in zip(folders, keys, drawn, strict=True)
    ]
    other = second(
        [case(paths, key, one.own) for paths, key, one in zip(folders, keys, drawn, strict=True)]
    )
    caught: Counter[str] = Counter()
    for mutant, ours, theirs in zip(drawn, first, other, strict=True):
        assert (ours.code, theirs["result"]) == (1, 1), (mutant.kind, ours.said, theirs)
        caught[mutant.kind] += 1
        if mutant.position:
            named = ours.report["first_wrong"]
            assert named["position"] <= mutant.position <= named["until"], (mutant.kind, ours.said)
            since, until = between(theirs["wrong"])
            assert since <= mutant.position <= until, (mutant.kind, theirs)
    assert caught == dict.fromkeys(KINDS, EACH)
    shutil.rmtree(tmp_path)


def test_both_accept_what_is_clean_destroyed_or_imported_again(
    tmp_path: Path, verify: Verify
) -> None:
    asked = []
    for number in range(20):
        story = history(number, EVENTS, signed=SIGNED)
        own = (story.notes[25], story.notes[EVENTS])
        folder = tmp_path / str(number)
        shapes = [[story.write(folder / "clean")], story.parts(folder / "parts", 25)]
        shapes.append(shapes[1][1:])
        again = story.copy()
        again.per_file = 17
        shapes.append([again.write(folder / "again", level=19)])
        gone = story.rows[number][0][41:57]
        again.rows = [(row[0], None) if row[0][41:57] == gone else row for row in again.rows]
        shapes.append([again.write(folder / "destroyed")])
        for paths in shapes:
            ours = verify(paths, story.signer.verifier, own)
            assert ours.code == 0, ours.said
            asked.append(case(paths, story.signer.verifier, own))
    assert [one["result"] for one in second(asked)] == [0] * 100
    shutil.rmtree(tmp_path)
