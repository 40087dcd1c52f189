"""`kette rules`: what changed between two days, and what of the law was not checked."""

from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
DIFF = ("rules", "diff", "--from", "2025-10-01", "--to", "2026-03-01")


def test_the_end_of_three_laws_is_named(without_store: Run) -> None:
    rows = {row["id"]: row for row in without_store(*DIFF, "--json").rows}
    for name, day in (
        ("law.stag_10_3", "2025-10-30"),
        ("law.104c_grants", "2026-01-01"),
        ("law.44_4_admissions", "2026-02-09"),
    ):
        assert rows[name]["on"] == day
        assert (rows[name]["before"], rows[name]["after"]) == (1, None)
        assert "§" in rows[name]["source"]
        assert rows[name]["labels"]["de"]


def test_for_people_the_changes_stand_in_words(without_store: Run) -> None:
    german, english = (without_store(*DIFF, "--lang", lang).out for lang in ("de", "en"))
    for word in ("drei Jahren", "Chancen-Aufenthaltsrechts", "§ 44 Abs. 4", "gilt"):
        assert word in german
    for word in ("three-year naturalisation", "new grants", "in force"):
        assert word in english


def test_what_was_not_checked_is_listed_with_the_switches_that_are_off(without_store: Run) -> None:
    rows = without_store("rules", "--unverified", "--json").rows
    assert {row["status"] for row in rows} == {"unverified"}
    switches = {row["id"] for row in rows if row["pattern"] is None}
    assert switches >= {"law.24_to_asylblg", "law.36a_suspended", "law.35a_stag"}
    assert "law.24_to_asylblg" in without_store("rules", "--unverified").out


@pytest.mark.parametrize(
    ("words", "because"),
    [
        (("rules", "diff"), "needs two days"),
        (("rules", "diff", "--from", "2026-03-01", "--to", "2025-10-01"), "exchange them"),
        (("rules", "diff", "--from", "gestern", "--to", "2025-10-01"), "--from"),
        (("rules", "--from", "2025-10-01"), "belong to `kette rules diff`"),
    ],
)
def test_a_question_that_cannot_be_answered_names_its_cure(
    without_store: Run, words: tuple[str, ...], because: str
) -> None:
    said = without_store(*words)
    assert said.code == 2
    assert because in said.err
