"""The clock: told once, in order, after any downtime, and always so that a subscriber knows what holds.

``Town`` is a journal with the second outbox in memory, a day that is moved by hand, and one clock;
``Subscriber`` folds what is told as a subscriber would, one crossing after the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from threading import Event
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consumers.clock import catch_up, follow, notice
from domain.chain.crossing_days import courses, differences
from domain.chain.evaluation import evaluate
from domain.chain.intervals import State
from domain.chain.reading import told as told_by
from domain.crossings import Crossing, CrossingKind, Due, Notice
from domain.days import UNKNOWN_DAY, PartialDate
from domain.errors import KetteError, UnreadableRecordError
from domain.events.registry import read_fact
from domain.fields import DataClass
from domain.journal import Append, Entry
from infra.memory import MemoryJournal
from projections.history import history
from projections.status import phases, status_on
from projections.status_days import status_differences
from projections.status_days import statuses as statuses_of
from schemas.codec import decode, encode
from schemas.derived import crossing_event

FIRST = date(2024, 1, 1)
JOURNEYS = (UUID(int=1), UUID(int=2))
ONE_DAY = timedelta(days=1)


class AwayError(KetteError):
    code = "journal-unavailable"


@dataclass
class Outbox:
    """The second outbox in memory; ``away`` fails so often, ``led_elsewhere`` refuses the lead so often."""

    journal: MemoryJournal
    told: list[Crossing] = field(default_factory=list)
    position: int = 0
    day: date = date.min
    next_days: dict[UUID, date | None] = field(default_factory=dict)
    considered: dict[UUID, int] = field(default_factory=dict)
    away: int = 0
    led_elsewhere: int = 0
    looked_at: list[UUID] = field(default_factory=list)
    on_wait: Callable[[], object] = lambda: None

    def lead(self) -> bool:
        if self.away:
            self.away -= 1
            raise AwayError("the database is away")
        if self.led_elsewhere:
            self.led_elsewhere -= 1
            return False
        return True

    def resign(self) -> None:
        """Nobody else waits."""

    def take_in(self, today: date) -> date:
        self.day = max(self.day, today)
        while block := self.journal.page(self.position, 1000):
            self.next_days |= dict.fromkeys((one.journey for one in block), date.min)
            self.position = block[-1].position
        return self.day

    def due(self, limit: int) -> Sequence[Due]:
        due = [one for one, day in sorted(self.next_days.items()) if day and day <= self.day]
        return [self._due(journey) for journey in due[:limit]]

    def _due(self, journey: UUID) -> Due:
        records = [one for one in self.journal.read(journey) if one.position <= self.position]
        told = [one for one in self.told if one.journey == journey]
        considered = self.considered.get(journey, 0)
        return Due(journey, records, considered, records[-1].version, told)

    def tell(self, notices: Sequence[Notice]) -> None:
        for one in notices:
            self.looked_at.append(one.journey)
            self.considered[one.journey] = one.version
            self.next_days[one.journey] = one.next_day
            for new in one.crossings:
                self.told.append(
                    Crossing(
                        len(self.told) + 1,
                        self.position,
                        one.journey,
                        new.kind,
                        new.name,
                        new.key,
                        new.day,
                        datetime.combine(self.day, time(), UTC),
                        new.told,
                        new.undoes,
                        new.round,
                    )
                )

    def told_all(self, today: date) -> bool:
        return self.position == len(self.journal.page(0, 10_000)) and self.day >= today

    def wait(self, seconds: float) -> None:
        self.on_wait()


@dataclass
class Town:
    """A journal, its second outbox, and the day."""

    day: date = FIRST

    def __post_init__(self) -> None:
        self.journal = MemoryJournal(lambda: datetime.combine(self.day, time(12), UTC))
        self.outbox = Outbox(self.journal)
        self._commands = 0

    def know(
        self,
        type_name: str,
        on: date | None,
        journey: UUID = JOURNEYS[0],
        class_: DataClass | None = None,
        *,
        whole_month: bool = False,
        **attributes: Any,
    ) -> str:
        """Record a fact today and return its id."""
        self._commands += 1
        version = len(self.journal.read(journey))
        if on is None:
            day = UNKNOWN_DAY
        else:
            day = PartialDate(on.year, on.month, None if whole_month else on.day)
        entry = Entry(
            f"fact-{version + 1}", read_fact(type_name, attributes), day, corrected_class=class_
        )
        self.journal.append([Append(UUID(int=self._commands), b"", journey, version, (entry,))])
        return entry.id

    def look(self) -> list[Crossing]:
        """Let the clock tell what there is to tell, and return it."""
        before = len(self.outbox.told)
        catch_up(self.outbox, self.day)
        return self.outbox.told[before:]


@dataclass
class Subscriber:
    """What somebody knows who reads one crossing after the other and nothing else."""

    gaps: dict[tuple[UUID, str, str], list[Crossing]] = field(default_factory=dict)
    fields: dict[tuple[UUID, str], Any] = field(default_factory=dict)

    def read(self, told: Sequence[Crossing]) -> "Subscriber":
        for one in told:
            standing = self.gaps.setdefault((one.journey, one.name, one.key), [])
            match one.kind:
                case CrossingKind.STATUS:
                    self.fields[one.journey, one.name] = one.told["state"]
                case CrossingKind.REVOKED:
                    undone = standing.pop()
                    assert (undone.seq, undone.kind.value) == (one.undoes, one.told["undone"])
                    assert one.told["undoes"] == one.undoes
                case CrossingKind.OPENED:
                    assert not standing
                    standing.append(one)
                case _:
                    assert standing[-1].kind is not CrossingKind.CLOSED
                    assert standing[-1].day < one.day
                    standing.append(one)
        return self

    def states(self, day: date) -> dict[tuple[UUID, str, str], tuple[State, str]]:
        """Return where every instance that has opened stood on a day, and how grave it was or what closed it."""
        found = {}
        for instance, standing in self.gaps.items():
            by = [one for one in standing if one.day <= day]
            if by:
                closed = by[-1].kind is CrossingKind.CLOSED
                state = State.CLOSED if closed else State.OPEN
                found[instance] = state, str(by[-1].told["closed_by" if closed else "severity"])
        return found


def truth(town: Town, day: date) -> dict[tuple[UUID, str, str], tuple[State, str]]:
    """Return the same by the chain itself."""
    found = {}
    for journey in JOURNEYS:
        records = town.journal.read(journey)
        versions = {one.entry.id: str(one.version) for one in records}
        for one in evaluate(told_by(records)):
            named = [versions.get(id_) for id_ in one.key.split("+")]
            key = "+".join(id_ for id_ in named if id_)
            if None in named:
                begun = versions[one.evidence[0]]
                key = f"{begun}:{sha256(one.key.encode()).hexdigest()[:16]}"
            if one.was_open and one.opens_on <= day:
                state = one.state(day)
                how = one.severity_on(day) if state is State.OPEN else one.closed_by
                found[journey, one.rule, key] = state, str(how)
    return found


def statuses(town: Town) -> dict[tuple[UUID, str], str]:
    """Return by the projection how every field stands today, those that are sensitive left out."""
    found = {}
    for journey in JOURNEYS:
        derived = history(told_by(town.journal.read(journey))).derived
        for one in status_on(phases(derived), town.day):
            if one.state is not None and one.field.value not in {"gesundheit", "familie"}:
                found[journey, one.field.value] = one.state.value
    return found


# Histories

PLAIN: tuple[tuple[str, dict[str, Any]], ...] = (
    ("CaseOpened", {}),
    ("CaseManagerAssigned", {"cm": "cm-1"}),
    ("CaseSuspended", {}),
    ("CaseResumed", {}),
    ("CaseClosed", {}),
    ("ContactHeld", {}),
    ("ContactHeld", {"no_show": True}),
    ("TitleApplied", {"basis": "AUFENTHG_25_1"}),
    ("TitleGranted", {"basis": "AUFENTHG_25_1", "valid_until": "2024-09-30", "course_claim": True}),
    ("TitleGranted", {"basis": "AUFENTHG_104C", "valid_until": "2024-08-15"}),
    ("FictionCertificateIssued", {"valid_until": "2024-07-01"}),
    ("CourseRegistered", {}),
    ("CourseStarted", {"mode": "full"}),
    ("CourseCompleted", {}),
    ("LanguageTestTaken", {"result": "B1"}),
    ("HandoverOffered", {}),
    ("HandoverAccepted", {}),
    ("EmploymentStarted", {"employment_kind": "SV_VOLLZEIT"}),
    ("EmploymentEnded", {}),
    ("BenefitEnded", {"rechtskreis": "SGB_II"}),
    ("LeftGermany", {}),
)


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """Draw a history: days pass, facts are told late, corrected, retracted; now and then the clock looks."""
    told: list[tuple[str, Any]] = []
    for _ in range(draw(st.integers(1, 9))):
        told += draw(st.lists(ACTS, min_size=1, max_size=3))
        told.append(("days", draw(st.sampled_from((0, 1, 3, 14, 45, 100, 200)))))
        if draw(st.booleans()):
            told.append(("look", None))
    return told


PLACES = st.integers(0, 8)
WHOSE = st.sampled_from((*JOURNEYS[:1] * 3, *JOURNEYS))
LATE = st.sampled_from((0, 0, 1, 20, 60, 120, 200))
FACTS = st.tuples(st.just("fact"), st.tuples(WHOSE, st.sampled_from(PLAIN), LATE))
ACTS = st.one_of(
    FACTS,
    FACTS,
    FACTS,
    st.tuples(st.just("month"), st.tuples(WHOSE, st.sampled_from(PLAIN), LATE)),
    st.tuples(
        st.just("correct"), st.tuples(WHOSE, PLACES, st.sampled_from((-90, -60, -1, 0, 1, 60)))
    ),
    st.tuples(st.just("retract"), st.tuples(WHOSE, PLACES)),
)


def play(town: Town, told: Sequence[tuple[str, Any]]) -> None:
    for what, how in told:
        match what:
            case "fact" | "month":
                journey, (type_name, attributes), late = how
                day = town.day - timedelta(days=late)
                town.know(type_name, day, journey, whole_month=what == "month", **attributes)
            case "correct" | "retract":
                journey, place, *moved = how
                records = town.journal.read(journey)
                if records:
                    mend(town, journey, records[-1 - place % len(records)].entry, *moved)
            case "days":
                town.day += timedelta(days=how)
            case _:
                town.look()


def mend(town: Town, journey: UUID, target: Entry, moved: int | None = None) -> None:
    """Retract a fact, or correct its day."""
    if moved is None:
        town.know("EventRetracted", town.day, journey, target=target.id)
        return
    day = (target.occurred_on.latest or town.day) + timedelta(days=moved)
    on = min(day, town.day).isoformat()
    town.know("EventCorrected", town.day, journey, target=target.id, occurred_on=on)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps())
def test_a_subscriber_always_knows_what_holds(told: list[tuple[str, Any]]) -> None:
    town = Town()
    play(town, told)
    town.look()
    reader = Subscriber().read(town.outbox.told)
    days = {one.day for one in town.outbox.told} | {town.day}
    for day in sorted(days | {one - ONE_DAY for one in days}):
        assert reader.states(day) == truth(town, day)
    known = {field: state for field, state in reader.fields.items() if state is not None}
    assert known == statuses(town)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps())
def test_looking_again_tells_nothing_and_no_crossing_stands_twice(
    told: list[tuple[str, Any]],
) -> None:
    town = Town()
    play(town, told)
    town.look()
    town.outbox.next_days = dict.fromkeys(town.outbox.next_days, date.min)
    town.outbox.considered.clear()
    assert town.look() == []
    places = [
        (one.journey, one.kind, one.name, one.key, one.day, one.round) for one in town.outbox.told
    ]
    assert len(places) == len(set(places))
    undone = [one.undoes for one in town.outbox.told if one.undoes is not None]
    assert len(undone) == len(set(undone))
    bases = [one.basis_position for one in town.outbox.told]
    assert bases == sorted(bases)


ORDERLY = st.lists(
    st.tuples(st.sampled_from(PLAIN), st.sampled_from((1, 2, 9, 30, 61, 120))),
    min_size=1,
    max_size=10,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERLY, st.integers(0, 250))
def test_day_by_day_and_after_downtime_the_same_is_told(
    told: list[tuple[tuple[str, dict[str, Any]], int]], after: int
) -> None:
    daily, seldom = Town(), Town()
    for (type_name, attributes), days in told:
        daily.know(type_name, daily.day, **attributes)
        seldom.know(type_name, seldom.day, **attributes)
        for _ in range(days):
            daily.look()
            daily.day += ONE_DAY
        seldom.day += timedelta(days=days)
    for town in (daily, seldom):
        town.day += timedelta(days=after)
        town.look()
    assert claims(daily) == claims(seldom)
    assert not any(one.undoes for one in daily.outbox.told)


def claims(town: Town) -> list[tuple[object, ...]]:
    """Return what was told, without how exactly it was known and what it rested on by then."""
    exactness = {"certainty", "evidence", "versions"}
    return sorted(
        (
            one.day.isoformat(),
            one.kind.value,
            one.name,
            one.key,
            repr({name: value for name, value in one.told.items() if name not in exactness}),
        )
        for one in town.outbox.told
    )


# Statuses


def of_field(told: Sequence[Crossing], name: str = "sprache") -> list[tuple[str, Any, int | None]]:
    return [
        (one.day.isoformat(), one.told["state"], one.undoes) for one in told if one.name == name
    ]


def test_the_phases_of_a_status_are_told_in_order_after_downtime() -> None:
    town = Town(date(2024, 6, 1))
    town.know("CourseRegistered", date(2024, 2, 1))
    town.know("CourseStarted", date(2024, 3, 1))
    assert of_field(town.look()) == [
        ("2024-02-01", "registered", None),
        ("2024-03-01", "running", None),
    ]
    (first, _) = [one for one in town.outbox.told if one.name == "sprache"]
    assert first.told == {
        "field": "sprache",
        "state": "registered",
        "since": "2024-02-01",
        "versions": [1],
    }


def test_a_late_fact_has_the_state_of_the_day_told_anew_once() -> None:
    town = Town(date(2024, 6, 1))
    town.know("CourseRegistered", date(2024, 2, 1))
    town.know("CourseCompleted", date(2024, 5, 1))
    town.look()
    replaced = [one.seq for one in town.outbox.told if one.name == "sprache"][-1]
    town.know("CourseStarted", date(2024, 3, 1))
    assert of_field(town.look()) == [("2024-05-01", "course_done", replaced)]
    town.day += ONE_DAY
    town.know("ContactHeld", town.day)
    assert of_field(town.look()) == []
    town.know("CourseStarted", town.day)
    assert of_field(town.look()) == [("2024-06-02", "running", None)]


def test_a_status_of_which_nothing_is_known_any_more_says_so() -> None:
    town = Town(date(2024, 6, 1))
    start = town.know("CourseRegistered", date(2024, 2, 1))
    replaced = [one.seq for one in town.look() if one.name == "sprache"]
    town.day += ONE_DAY
    town.know("EventRetracted", town.day, target=start)
    assert of_field(town.look()) == [("2024-06-02", None, *replaced)]
    assert town.look() == []


def test_a_status_that_ends_by_itself_is_told_on_the_day_after() -> None:
    town = Town(date(2024, 5, 1))
    town.know("BenefitGranted", date(2024, 4, 1), until="2024-06-30", rechtskreis="SGB_II")
    town.look()
    town.day = date(2024, 7, 1)
    assert [day for day, state, _ in of_field(town.look(), "leistungen") if state is None] == [
        "2024-07-01"
    ]


def test_nothing_is_told_of_health_and_family() -> None:
    town = Town(date(2024, 5, 1))
    town.know("HealthInsuranceRegistered", date(2024, 4, 1), kind="gkv")
    derived = history(told_by(town.journal.read(JOURNEYS[0]))).derived
    assert [one.field.value for one in phases(derived)] == ["gesundheit"]
    assert town.look() == []


def test_a_phase_that_rests_on_a_fact_kept_back_reads_as_unknown() -> None:
    town = Town(date(2024, 6, 1))
    town.know("CourseRegistered", date(2024, 2, 1))
    town.know("CourseStarted", date(2024, 3, 1), class_=DataClass.SENSITIVE)
    town.know("CourseCompleted", date(2024, 4, 1), class_=DataClass.SENSITIVE)
    assert of_field(town.look()) == [
        ("2024-02-01", "registered", None),
        ("2024-03-01", None, None),
    ]


# Days and facts


def test_midnight_tells_what_no_fact_brings() -> None:
    town = Town(date(2024, 4, 11))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.know("CourseRegistered", date(2024, 4, 1), JOURNEYS[1])
    town.look()
    town.outbox.looked_at.clear()
    town.day += ONE_DAY
    assert town.look() == []
    assert town.outbox.looked_at == []
    town.day += ONE_DAY
    assert [(one.kind.value, one.day) for one in town.look()] == [("opened", town.day)]
    assert town.outbox.looked_at == [JOURNEYS[0]]


def test_a_day_that_falls_back_takes_nothing_back() -> None:
    town = Town(date(2024, 4, 20))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.look()
    town.day = date(2024, 4, 1)
    town.know("ContactHeld", date(2024, 4, 1))
    assert [one for one in town.look() if one.kind is CrossingKind.REVOKED] == []


def test_what_is_told_at_once_goes_back_first_and_then_by_days() -> None:
    town = Town(date(2024, 6, 1))
    trigger = town.know("CourseRegistered", date(2024, 3, 1))
    town.know("HandoverOffered", date(2024, 4, 1))
    town.look()
    town.know("EventCorrected", town.day, target=trigger, occurred_on="2024-03-20")
    told = town.look()
    kinds = [one.kind for one in told]
    assert kinds[0] is CrossingKind.REVOKED
    assert CrossingKind.REVOKED not in kinds[1:]
    days = [one.day for one in told[1:]]
    assert days == sorted(days)
    assert len(days) == 2


def test_after_erasure_a_subscriber_knows_nothing() -> None:
    town = Town(date(2024, 3, 1))
    town.know("CaseOpened", date(2024, 3, 1))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.day = date(2024, 8, 1)
    town.look()
    town.know("JourneyErased", town.day)
    town.look()
    reader = Subscriber().read(town.outbox.told)
    assert len(reader.gaps) > 1
    assert reader.states(date.max) == {}
    assert set(reader.fields.values()) == {None}


def test_a_journey_whose_payloads_are_gone_is_taken_back_too() -> None:
    town = Town(date(2024, 8, 1))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.look()
    blanked = Due(JOURNEYS[0], (), 1, 2, tuple(town.outbox.told))
    told = notice(blanked, town.day)
    assert [(one.kind.value, one.told.get("by_version")) for one in told.crossings] == [
        ("revoked", None),
        ("status", None),
    ]
    assert (told.version, told.next_day) == (2, None)


def test_nothing_of_a_fact_kept_back_is_told() -> None:
    town = Town(date(2024, 12, 24))
    town.know("PersonIdentified", date(2024, 1, 2), family_name="Plantedname")
    town.know("NoteTaken", date(2024, 1, 3), text="planted words")
    town.know("CourseCompleted", date(2024, 1, 10))
    town.know("ChildBorn", date(2024, 5, 5), birth_date="2024-05-05")
    town.know("HealthBarrierReported", date(2024, 6, 6), severity="severe")
    said = repr([(one.name, one.key, one.day.isoformat(), dict(one.told)) for one in town.look()])
    assert "S15" in said
    for planted in ("lanted", "fact-", "2024-05-05", "2024-06-06", "severe", "ChildBorn"):
        assert planted not in said


def test_all_that_is_told_fits_the_published_schemas() -> None:
    town = Town(date(2024, 3, 1))
    town.know("CaseOpened", date(2024, 3, 1))
    town.know("ContactHeld", date(2024, 3, 2))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.day = date(2025, 3, 1)
    town.look()
    start = town.know("CourseStarted", date(2024, 5, 6))
    town.look()
    town.know("EventRetracted", town.day, target=start)
    town.look()
    assert {one.kind for one in town.outbox.told} == set(CrossingKind)
    for one in town.outbox.told:
        event = crossing_event(one)
        assert decode(encode(event.name, event.value)).value == event.value
        assert set(one.told) <= set(event.value)
        own = {"journey", "seq", "basis_position", "day", "noticed_at", "rule", "instance"}
        assert set(one.told) == set(event.value) - own


# The loop


def followed(town: Town, rounds: int) -> list[CrossingKind]:
    """Let the clock follow until it has waited so often; every wait is a midnight."""
    stop, left = Event(), [rounds]

    def on_wait() -> None:
        town.day += ONE_DAY
        left[0] -= 1
        if not left[0]:
            stop.set()

    town.outbox.on_wait = on_wait
    follow(town.outbox, lambda: town.day, stop)
    return [one.kind for one in town.outbox.told if one.kind is not CrossingKind.STATUS]


def test_the_clock_follows_facts_and_days() -> None:
    town = Town(date(2024, 4, 1))
    town.know("CourseRegistered", date(2024, 3, 1))
    assert followed(town, 5) == []
    assert followed(town, 20) == [CrossingKind.OPENED]


def test_a_database_that_is_away_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.clock._PAUSE_SECONDS", 0.001)
    town = Town(date(2024, 5, 1))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.outbox.away = 2
    assert followed(town, 1) == [CrossingKind.OPENED]


def test_a_clock_waits_while_another_one_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.clock._PAUSE_SECONDS", 0.001)
    town = Town(date(2024, 5, 1))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.outbox.led_elsewhere = 3
    assert followed(town, 1) == [CrossingKind.OPENED]
    assert town.outbox.led_elsewhere == 0


def test_catching_up_ends_where_the_one_that_leads_has_told_all() -> None:
    town = Town(date(2024, 5, 1))
    town.know("CourseRegistered", date(2024, 3, 1))
    town.look()
    town.outbox.led_elsewhere = 99
    assert town.look() == []
    assert town.outbox.led_elsewhere == 98


def test_what_cannot_be_read_stops_the_clock() -> None:
    town = Town(date(2024, 5, 1))
    town.know("CourseRegistered", date(2024, 3, 1))

    def unreadable(_: int) -> Sequence[Due]:
        raise UnreadableRecordError("position 1 is unreadable")

    town.outbox.due = unreadable  # type: ignore[method-assign]
    with pytest.raises(UnreadableRecordError, match="position 1"):
        followed(town, 1)


def test_a_journey_that_cannot_be_judged_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    town = Town(date(2024, 5, 1))
    town.know("CourseRegistered", date(2024, 3, 1))
    monkeypatch.setattr("consumers.clock.sources", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError) as stopped:
        followed(town, 1)
    assert stopped.value.__notes__ == [f"while looking at journey {JOURNEYS[0]}"]


@pytest.mark.parametrize("judge", [courses, differences, phases, status_differences, statuses_of])
def test_what_decides_what_is_told_belongs_to_the_program_whose_change_is_seen(
    judge: Callable[..., object],
) -> None:
    assert judge.__module__.partition(".")[0] in {"domain", "projections"}


def test_who_watches_is_shown_each_journey_that_was_looked_at() -> None:
    town = Town(date(2024, 5, 1))
    town.know("CourseRegistered", date(2024, 3, 1), class_=DataClass.SENSITIVE)
    shown: list[Notice] = []
    catch_up(town.outbox, town.day, observe=shown.append)
    assert [(one.journey, one.withheld, list(one.crossings)) for one in shown] == [
        (JOURNEYS[0], 2, [])
    ]
