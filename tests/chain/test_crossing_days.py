"""Crossings of gaps: told once, taken back when a fact undoes them, and never more said than may be.

``Wall`` is where crossings are told; ``look`` tells on it what is known by a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from domain.chain.catalogue import rules
from domain.chain.crossing_days import (
    Sources,
    courses,
    differences,
    in_rounds,
    openly,
    sources,
    undone_by,
)
from domain.chain.evaluation import evaluate
from domain.chain.intervals import (
    Certainty,
    ClosedBy,
    Interval,
    Kind,
    Severity,
    Step,
    StepName,
)
from domain.chain.reading import told as told_by
from domain.crossings import Crossing, CrossingKind
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.fields import DataClass
from domain.journal import Entry, Recorded

JOURNEY = UUID(int=1)
NOW = datetime(2025, 1, 1, tzinfo=UTC)
ASKED = rules(
    [
        "F02",
        "F06",
        "F11",
        "F14",
        "A01",
        "A02",
        "A03",
        "A04",
        "A05",
        "A06",
        "A10",
        "L01",
        "S01",
        "S03",
        "S05",
        "S15",
        "S16",
        "T02",
        "B03",
        "B07",
    ]
)
"""The start rules: a fact here means what it means to them alone."""


@dataclass
class Wall:
    """What was told of one journey, and what is known of it."""

    records: list[Recorded] = field(default_factory=list)
    told: list[Crossing] = field(default_factory=list)
    considered: int = 0

    def know(
        self,
        type_name: str,
        day: str,
        *,
        on: str = "",
        class_: DataClass | None = None,
        **given: Any,
    ) -> str:
        """Record a fact of a day, on that day unless another is named; return its id."""
        version = len(self.records) + 1
        attributes = {name.rstrip("_"): value for name, value in given.items()}
        entry = Entry(
            f"fact-{version}",
            read_fact(type_name, attributes),
            PartialDate.parse(day),
            corrected_class=class_,
        )
        moment = datetime.fromisoformat(f"{on or day}T12:00:00+00:00")
        self.records.append(Recorded(version, JOURNEY, version, moment, UUID(int=version), entry))
        return entry.id

    def look(self, day: str) -> list[str]:
        """Tell what is known by a day; return it as lines."""
        known, by = sources(self.records), date.fromisoformat(day)
        found = evaluate(told_by(self.records), None, ASKED)
        now = courses(found, known, openly(self.records, found, known))
        undone = undone_by(self.records, self.considered, by)
        fresh = [
            Crossing(
                len(self.told) + place,
                len(self.records),
                JOURNEY,
                one.kind,
                one.name,
                one.key,
                one.day,
                NOW,
                one.told,
                one.undoes,
                one.round,
            )
            for place, one in enumerate(
                in_rounds(self.told, differences(self.told, now, by, undone)), start=1
            )
        ]
        self.told += fresh
        self.considered = len(self.records)
        return [_line(one) for one in fresh]

    def last(self) -> Mapping[str, Any]:
        """Return what was told last."""
        return self.told[-1].told


def _line(one: Crossing) -> str:
    words = [str(one.seq), one.kind.value, one.name, one.key, one.day.isoformat()]
    if one.kind is CrossingKind.CLOSED:
        words += [str(one.told["closed_by"]), f"by {one.told['by_version']}"]
    if one.kind is CrossingKind.REVOKED:
        words += [f"{one.told['undone']} {one.undoes}", f"by {one.told['by_version']}"]
    return " ".join(words)


@pytest.fixture
def wall() -> Wall:
    return Wall()


def test_a_gap_opens_when_its_time_is_over_and_closes_late(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    assert wall.look("2024-03-01") == []
    assert wall.look("2024-04-12") == []
    assert wall.look("2024-04-13") == ["1 opened S05 1 2024-04-13"]
    assert wall.look("2024-05-01") == []
    wall.know("CourseStarted", "2024-05-06")
    assert wall.look("2024-05-06") == ["2 closed S05 1 2024-05-06 late by 2"]
    assert wall.look("2026-01-01") == []


def test_what_is_told_of_an_opening_names_facts_by_version_only(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.look("2024-04-13")
    assert wall.last() == {
        "kind": "gap",
        "field": "sprache",
        "severity": "medium",
        "certainty": "certainly",
        "due_on": "2024-04-12",
        "responsible": ["course_provider", "bamf"],
        "evidence": [1],
        "missing": ["CourseStarted", "CourseStartAnnounced"],
    }


def test_after_days_of_downtime_the_same_is_told_in_the_order_of_days(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.know("CourseStarted", "2024-05-06")
    assert wall.look("2024-06-01") == [
        "1 opened S05 1 2024-04-13",
        "2 closed S05 1 2024-05-06 late by 2",
    ]


def test_a_gap_becomes_graver_on_the_day_of_the_step(wall: Wall) -> None:
    wall.know("CaseOpened", "2024-01-01")
    wall.know("ContactHeld", "2024-01-10")
    lines = [line for line in wall.look("2025-01-01") if " F06 " in line]
    assert [line.split()[1] for line in lines] == ["opened", "escalated"]
    assert wall.last() == {"kind": "gap", "severity": "high", "step": "worse"}


def test_a_late_fact_that_was_in_time_takes_the_opening_back(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.look("2024-04-20")
    wall.know("CourseStarted", "2024-04-02", on="2024-05-02")
    assert wall.look("2024-05-02") == ["2 revoked S05 1 2024-04-13 opened 1 by 2"]
    assert wall.last() == {"kind": "gap", "undoes": 1, "undone": "opened", "by_version": 2}


def test_a_late_fact_closes_on_its_own_day(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.look("2024-05-30")
    wall.know("CourseStarted", "2024-05-06", on="2024-06-03")
    assert wall.look("2024-06-03") == ["2 closed S05 1 2024-05-06 late by 2"]


def test_a_retracted_closing_opens_the_gap_again_and_it_may_close_again_that_day(
    wall: Wall,
) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    start = wall.know("CourseStarted", "2024-05-06")
    wall.look("2024-05-06")
    wall.know("EventRetracted", "2024-05-07", target=start)
    assert wall.look("2024-05-07") == ["3 revoked S05 1 2024-05-06 closed 2 by 3"]
    wall.know("CourseStarted", "2024-05-06", on="2024-05-08")
    assert wall.look("2024-05-08") == ["4 closed S05 1 2024-05-06 late by 4"]
    assert wall.told[-1].round == 1


def test_a_closing_that_another_fact_made_on_the_same_day_is_told_anew(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    start = wall.know("CourseStarted", "2024-05-06")
    wall.look("2024-05-06")
    wall.know("CourseStarted", "2024-05-06", on="2024-05-07")
    assert wall.look("2024-05-07") == []
    wall.know("EventRetracted", "2024-05-08", target=start)
    assert wall.look("2024-05-08") == [
        "3 revoked S05 1 2024-05-06 closed 2 by 4",
        "4 closed S05 1 2024-05-06 late by 3",
    ]


def test_an_opening_that_was_revoked_is_told_again_in_the_next_round(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.look("2024-04-13")
    start = wall.know("CourseStarted", "2024-04-02", on="2024-05-02")
    wall.look("2024-05-02")
    wall.know("EventRetracted", "2024-05-03", target=start)
    assert wall.look("2024-05-03") == ["3 opened S05 1 2024-04-13"]
    assert [one.round for one in wall.told] == [0, 0, 1]


def test_a_corrected_trigger_moves_the_gap(wall: Wall) -> None:
    trigger = wall.know("CourseRegistered", "2024-03-01")
    wall.look("2024-05-20")
    wall.know("EventCorrected", "2024-05-21", target=trigger, occurred_on="2024-04-01")
    assert wall.look("2024-05-21") == [
        "2 revoked S05 1 2024-04-13 opened 1 by 2",
        "3 opened S05 1 2024-05-14",
    ]


def test_what_is_taken_back_goes_from_the_last_to_the_first(wall: Wall) -> None:
    trigger = wall.know("CourseRegistered", "2024-03-01")
    wall.know("CourseStarted", "2024-05-06")
    wall.look("2024-05-06")
    wall.know("EventRetracted", "2024-05-07", target=trigger)
    assert wall.look("2024-05-07") == [
        "3 revoked S05 1 2024-05-06 closed 2 by 3",
        "4 revoked S05 1 2024-04-13 opened 1 by 3",
    ]


def test_of_several_new_facts_the_one_that_undid_it_is_named(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.look("2024-05-01")
    for day in range(2, 10):
        wall.know("ContactHeld", f"2024-05-0{day}")
        if day == 6:
            wall.know("CourseStarted", "2024-04-02", on="2024-05-06")
    assert "2 revoked S05 1 2024-04-13 opened 1 by 7" in wall.look("2024-05-10")


def test_no_fact_is_named_where_the_rule_alone_changed(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.look("2024-04-20")
    (opened,) = wall.told
    other_law = {**opened.told, "due_on": "2024-04-01"}
    wall.told = [Crossing(1, 1, JOURNEY, opened.kind, "S05", "1", date(2024, 4, 2), NOW, other_law)]
    assert wall.look("2024-04-20") == [
        "2 revoked S05 1 2024-04-02 opened 1 by None",
        "3 opened S05 1 2024-04-13",
    ]


def test_a_rule_that_is_gone_takes_back_what_it_told(wall: Wall) -> None:
    wall.told = [
        Crossing(
            1, 1, JOURNEY, CrossingKind.OPENED, "Z99", "1", date(2024, 4, 2), NOW, {"kind": "gap"}
        )
    ]
    wall.know("ContactHeld", "2024-03-01")
    assert "2 revoked Z99 1 2024-04-02 opened 1 by None" in wall.look("2024-03-01")


def test_after_erasure_everything_is_taken_back_and_no_fact_is_named(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01")
    wall.know("CourseStarted", "2024-05-06")
    wall.look("2024-06-01")
    wall.know("ContactHeld", "2024-06-01")
    wall.know("JourneyErased", "2024-06-02")
    assert wall.look("2024-06-02") == [
        "3 revoked S05 1 2024-05-06 closed 2 by None",
        "4 revoked S05 1 2024-04-13 opened 1 by None",
    ]


def test_an_instance_that_rests_on_two_facts_is_named_by_both_versions(wall: Wall) -> None:
    wall.know("CourseStarted", "2024-03-01", mode="full")
    wall.know("EmploymentStarted", "2024-04-01", employment_kind="SV_VOLLZEIT")
    wall.look("2024-06-01")
    assert {one.key for one in wall.told if one.name == "B07"} == {"2+1"}


# What may not be said


def test_a_closing_by_a_fact_kept_back_tells_neither_fact_nor_its_day(wall: Wall) -> None:
    wall.know("CourseCompleted", "2024-01-10")
    wall.look("2024-12-01")
    assert [one.name for one in wall.told] == ["S15"]
    wall.know("ChildBorn", "2024-11-07", on="2024-12-03", birth_date="2024-11-07")
    assert wall.look("2024-12-03") == ["2 closed S15 1 2024-12-03 cancelled by None"]


def test_a_fact_kept_back_does_not_undo_a_closing_that_stood_when_it_was_recorded(
    wall: Wall,
) -> None:
    wall.know("CourseCompleted", "2024-01-10")
    wall.know("EmploymentStarted", "2024-05-20", employment_kind="SV_VOLLZEIT")
    closed = ["1 opened S15 1 2024-04-10", "2 closed S15 1 2024-05-20 late by 2"]
    assert [one for one in wall.look("2024-05-20") if "S15" in one] == closed
    wall.know("ChildBorn", "2024-05-05", on="2024-06-10", birth_date="2024-05-05")
    assert [one for one in wall.look("2024-06-10") if "S15" in one] == []


def test_a_closing_after_a_fact_kept_back_was_recorded_changes_nothing(wall: Wall) -> None:
    wall.know("CourseCompleted", "2024-01-10")
    wall.know("ChildBorn", "2024-05-05", on="2024-05-12", birth_date="2024-05-05")
    wall.know("EmploymentStarted", "2024-05-20", employment_kind="SV_VOLLZEIT")
    told = [one for one in wall.look("2024-06-10") if "S15" in one]
    assert told == ["1 opened S15 1 2024-04-10", "2 closed S15 1 2024-05-12 cancelled by None"]


def test_a_correction_of_a_fact_kept_back_is_not_named(wall: Wall) -> None:
    wall.know("CourseCompleted", "2024-01-10")
    barrier = wall.know("HealthBarrierReported", "2024-02-01", severity="none")
    wall.look("2024-12-01")
    wall.know(
        "EventCorrected",
        "2024-12-02",
        class_=DataClass.SENSITIVE,
        target=barrier,
        attributes={"severity": "severe"},
    )
    assert wall.look("2024-12-02") == ["2 revoked S15 1 2024-04-10 opened 1 by None"]


def test_a_retraction_of_a_fact_kept_back_is_not_named(wall: Wall) -> None:
    wall.know("CourseCompleted", "2024-01-10")
    birth = wall.know("ChildBorn", "2024-11-07", birth_date="2024-11-07")
    wall.look("2024-11-07")
    retraction = wall.know("EventRetracted", "2024-11-08", target=birth)
    assert wall.look("2024-11-08") == ["3 revoked S15 1 2024-11-07 closed 2 by None"]
    wall.know("EventRetracted", "2024-11-09", target=retraction)
    wall.look("2024-11-09")
    assert wall.last()["by_version"] is None


def test_an_instance_that_rests_on_a_fact_kept_back_is_not_told_but_counted(wall: Wall) -> None:
    wall.know("CourseRegistered", "2024-03-01", class_=DataClass.SENSITIVE)
    assert wall.look("2024-06-01") == []
    found = courses(evaluate(told_by(wall.records), None, ASKED), sources(wall.records))
    assert (dict(found.turns), found.withheld) == ({}, 1)


def test_what_was_told_is_taken_back_once_it_rests_on_a_fact_kept_back(wall: Wall) -> None:
    grant = wall.know("TitleGranted", "2022-05-01", basis="AUFENTHG_25_1", valid_until="2024-04-30")
    wall.look("2024-06-01")
    before = [one for one in wall.told if one.name == "A02"]
    assert [one.kind for one in before] == [CrossingKind.OPENED]
    wall.know(
        "TitleShortened",
        "2024-06-02",
        title=grant,
        new_valid_until="2024-04-20",
        class_=DataClass.NOTES,
    )
    lines = [line for line in wall.look("2024-06-02") if " A02 " in line]
    assert [line.split()[1] for line in lines] == ["revoked"]
    assert lines[0].endswith("by None")


def test_no_id_and_no_word_of_a_fact_is_told(wall: Wall) -> None:
    wall.know("CourseCompleted", "2024-01-10")
    wall.know("CourseRegistered", "2024-02-01", provider="Planted Provider")
    wall.know("ChildBorn", "2024-05-05", on="2024-06-06", birth_date="2024-05-05")
    wall.know("NoteTaken", "2024-05-07", text="planted words")
    wall.look("2025-01-01")
    said = "\n".join(f"{_line(one)} {dict(one.told)}" for one in wall.told)
    assert "2024-06-06" in said
    for planted in ("fact-", "lanted", "2024-05-05"):
        assert planted not in said


# Steps

WORSE = Step(date(2024, 3, 1), StepName.WORSE, Severity.HIGH)
URGENT = Step(date(2024, 3, 5), StepName.URGENT)
MILDER = Step(date(2024, 3, 9), StepName.WARNING, Severity.MEDIUM)
WORST = Step(date(2024, 4, 1), StepName.WORSE, Severity.CRITICAL)


def interval(*steps: Step, closes_on: date | None = None, key: str = "a") -> Interval:
    return Interval(
        rule="F06",
        key=key,
        kind=Kind.GAP,
        begins_on=date(2024, 1, 1),
        opens_on=date(2024, 2, 1),
        due_on=date(2024, 1, 31),
        closes_on=closes_on,
        closed_by=None if closes_on is None else ClosedBy.RULE_CHANGE,
        closing=None,
        severity=Severity.LOW,
        steps=steps,
        certainty=Certainty.CERTAINLY,
        evidence=("a",),
        missing=(),
        responsible=(),
        consequence=None,
    )


def turns(*found: Interval) -> list[tuple[str, str, str, str]]:
    known = Sources({"a": 7}, {})
    return [
        (key, one.kind.value, one.day.isoformat(), str(one.told.get("severity")))
        for (_, key), course in courses(found, known).turns.items()
        for one in course
    ]


def test_only_a_step_that_makes_an_open_gap_graver_escalates_it() -> None:
    early = Step(date(2024, 2, 1), StepName.WORSE, Severity.MEDIUM)
    assert turns(interval(early, WORSE, URGENT, MILDER, WORST)) == [
        ("7", "opened", "2024-02-01", "medium"),
        ("7", "escalated", "2024-03-01", "high"),
        ("7", "escalated", "2024-04-01", "critical"),
    ]


def test_what_was_graver_before_it_opened_escalates_nothing() -> None:
    before = Step(date(2024, 1, 10), StepName.WORSE, Severity.HIGH)
    again = Step(date(2024, 1, 20), StepName.WARNING, Severity.MEDIUM)
    assert turns(interval(before, again)) == [("7", "opened", "2024-02-01", "medium")]


def test_a_closed_gap_becomes_no_graver() -> None:
    assert turns(interval(WORSE, closes_on=date(2024, 3, 1))) == [
        ("7", "opened", "2024-02-01", "low"),
        ("7", "closed", "2024-03-01", "None"),
    ]


@pytest.mark.parametrize("closes_on", [date(2024, 1, 20), date(2024, 2, 1)])
def test_what_never_opens_is_not_told(closes_on: date) -> None:
    assert turns(interval(closes_on=closes_on)) == []


def test_a_key_that_names_no_fact_is_told_apart_and_not_written_down() -> None:
    keys = [key for key, *_ in turns(interval(key="three_months"), interval(key="two_months"))]
    assert len(set(keys)) == 2
    assert all(key.startswith("7:") and "months" not in key for key in keys)


def test_two_instances_of_one_key_are_told_apart() -> None:
    assert [key for key, *_ in turns(interval(), interval(), interval())] == ["7", "7#2", "7#3"]
