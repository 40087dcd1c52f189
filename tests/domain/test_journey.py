"""What a journey accepts and what it refuses: facts in any order, never what cannot be true."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import reduce
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from domain.commands import Command, RecordFacts, StartJourney
from domain.days import PartialDate
from domain.errors import CommandRefusedError
from domain.events.registry import read_fact
from domain.fields import DataClass
from domain.journal import Entry, Recorded
from domain.journey import Journey, decide, evolve, fold

JOURNEY = UUID(int=7)
COMMAND = UUID(int=8)
TODAY = date(2025, 6, 15)
STARTED = ("f0", "JourneyStarted", "2024-01-01", {})

Line = tuple[str, str, str, dict[str, Any]]


def entry(line: Line) -> Entry:
    """Return an entry from its id, type, day and attributes."""
    fact_id, type_name, day, attributes = line
    return Entry(fact_id, read_fact(type_name, attributes), PartialDate.parse(day))


def recorded(entries: Iterable[Entry]) -> list[Recorded]:
    """Return entries as the journal holds them."""
    moment = datetime(2025, 6, 1, tzinfo=UTC)
    return [
        Recorded(version, JOURNEY, version, moment, COMMAND, one)
        for version, one in enumerate(entries, 1)
    ]


@dataclass(frozen=True)
class Told:
    """A journey with a past, and what is asked of it."""

    past: tuple[Line, ...]
    asked: Command | None = field(default=None)

    def when(self, *lines: Line, on: date = TODAY) -> "Told":
        """Ask for more facts."""
        entries = tuple(entry(line) for line in lines)
        return Told(self.past, RecordFacts(COMMAND, JOURNEY, entries, on))

    def when_started(self, *lines: Line, on: date = TODAY) -> "Told":
        """Ask for the start of the journey."""
        entries = tuple(entry(line) for line in lines)
        return Told(self.past, StartJourney(COMMAND, JOURNEY, entries, on))

    def decided(self) -> tuple[Entry, ...]:
        """Return what is to be appended."""
        assert self.asked is not None
        return decide(fold(JOURNEY, recorded(entry(line) for line in self.past)), self.asked)

    def then_accepted(self) -> tuple[Entry, ...]:
        """Check that just what was asked for is to be appended."""
        assert self.asked is not None
        found = self.decided()
        assert [one.id for one in found] == [one.id for one in self.asked.entries]
        return found

    def then_refused(self, code: str) -> CommandRefusedError:
        """Check that a rule with this code forbids it."""
        with pytest.raises(CommandRefusedError) as refused:
            self.decided()
        assert refused.value.code == code
        return refused.value


Given = Callable[..., Told]


@pytest.fixture
def given() -> Given:
    """Return what turns lines into the past of a started journey."""
    return lambda *lines: Told((STARTED, *lines))


@pytest.fixture
def nothing() -> Told:
    """Return a journey that does not exist yet."""
    return Told(())


def contact(fact_id: str, day: str) -> Line:
    """Return a contact."""
    return (fact_id, "ContactHeld", day, {})


def corrected(fact_id: str, target: str | None, **given: Any) -> Line:
    """Return a correction of 2 June 2025."""
    attributes = given | ({} if target is None else {"target": target})
    return (fact_id, "EventCorrected", "2025-06-02", attributes)


def retracted(fact_id: str, target: str | None) -> Line:
    """Return a retraction of 3 June 2025."""
    return (fact_id, "EventRetracted", "2025-06-03", {} if target is None else {"target": target})


# The beginning


def test_a_journey_begins_with_journey_started(nothing: Told) -> None:
    nothing.when_started(STARTED, contact("f1", "2024-02-01")).then_accepted()


def test_a_journey_begins_with_nothing_else(nothing: Told) -> None:
    nothing.when_started(contact("f1", "2024-02-01"), STARTED).then_refused("no-beginning")
    nothing.when_started().then_refused("no-beginning")


def test_a_journey_begins_once(given: Given) -> None:
    given().when_started(("g0", "JourneyStarted", "2024-01-01", {})).then_refused("journey-exists")


def test_nothing_is_recorded_on_an_unknown_journey(nothing: Told) -> None:
    nothing.when(contact("f1", "2024-02-01")).then_refused("unknown-journey")


def test_nothing_is_recorded_on_an_erased_journey(given: Given) -> None:
    erased = given(("f1", "JourneyErased", "2025-06-01", {}))
    erased.when(contact("f2", "2024-02-01")).then_refused("journey-erased")


def test_nothing_follows_the_erasure_within_one_command(given: Given) -> None:
    erasure = ("f1", "JourneyErased", "2025-06-01", {})
    given().when(erasure, contact("f2", "2024-02-01")).then_refused("journey-erased")


def test_an_id_is_given_once(given: Given) -> None:
    given(contact("f1", "2024-02-01")).when(contact("f1", "2024-03-01")).then_refused("fact-exists")
    given().when(contact("f1", "2024-02-01"), contact("f1", "2024-02-01")).then_refused(
        "fact-exists"
    )


# Facts in any order


def test_d10_facts_are_accepted_in_any_order_and_without_predecessors(given: Given) -> None:
    given(contact("f1", "2025-05-01")).when(
        ("f2", "CourseCompleted", "2024-08-01", {}),
        ("f3", "CourseStarted", "2024-02-01", {}),
        ("f4", "EmploymentEnded", "2023-02", {"employment": "nobody-knows"}),
        ("f5", "TitleRevoked", "", {}),
    ).then_accepted()


def test_a_fact_may_know_nothing_but_its_type(given: Given) -> None:
    given().when(("f1", "TitleGranted", "", {})).then_accepted()


# After the day of recording


@pytest.mark.parametrize("day", ["2025-06-15", "2025-06", "2025", ""])
def test_d18_a_fact_may_lie_on_the_day_of_recording_or_may_have(given: Given, day: str) -> None:
    given().when(contact("f1", day)).then_accepted()


@pytest.mark.parametrize("day", ["2025-06-16", "2025-07", "2026"])
def test_d18_no_fact_lies_after_the_day_of_recording(given: Given, day: str) -> None:
    given().when(contact("f1", day)).then_refused("after-recording")


def test_d18_what_happened_within_a_fact_does_not_lie_ahead_either(given: Given) -> None:
    ahead = ("f1", "BenefitApplied", "2025-06-01", {"on": "2025-06-16"})
    refused = given().when(ahead).then_refused("after-recording")
    assert "BenefitApplied.on" in str(refused)


def test_d18_a_deadline_may_lie_ahead(given: Given) -> None:
    given().when(
        ("f1", "TitleGranted", "2025-06-01", {"valid_until": "2028-05-31"}),
        ("f2", "EmploymentEndAnnounced", "2025-06-01", {"end": "2025-12-31"}),
        ("f3", "AsylumDecisionIssued", "2025-06-01", {"final_on": "2025-06-30"}),
    ).then_accepted()


# Before birth


BORN = ("p1", "PersonIdentified", "2024-01-01", {"birth_date": "1990-05-17"})


def test_no_fact_lies_before_the_birth(given: Given) -> None:
    given(BORN).when(contact("f1", "1990-05-16")).then_refused("before-birth")
    given(BORN).when(contact("f1", "1990-05-17")).then_accepted()
    given(BORN).when(contact("f1", "1990-05")).then_accepted()
    given(BORN).when(contact("f1", "1990-04")).then_refused("before-birth")


def test_the_year_of_birth_serves_where_the_day_is_not_told() -> None:
    started = ("f0", "JourneyStarted", "2024-01-01", {"birth_year": 1990})
    Told((started,)).when(contact("f1", "1989")).then_refused("before-birth")
    Told((started,)).when(contact("f1", "1990-01-01")).then_accepted()
    later = ("p1", "PersonIdentified", "2024-01-01", {"birth_date": "1980-01-01"})
    Told((started, later)).when(contact("f1", "1985-01-01")).then_accepted()


def test_the_birth_date_told_last_counts_and_a_retracted_one_does_not(given: Given) -> None:
    again = ("p2", "PersonIdentified", "2024-01-02", {"birth_date": "1980-05-17"})
    given(BORN, again).when(contact("f1", "1985-01-01")).then_accepted()
    given(BORN, again, retracted("r1", "p2")).when(contact("f1", "1985-01-01")).then_refused(
        "before-birth"
    )


def test_a_corrected_birth_date_counts_as_corrected(given: Given) -> None:
    older = corrected("c1", "p1", attributes={"birth_date": "1980-05-17"})
    given(BORN, older).when(contact("f1", "1985-01-01")).then_accepted()
    younger = corrected("c1", "p1", attributes={"birth_date": "1995-05-17"})
    given(BORN, younger).when(contact("f1", "1992-01-01")).then_refused("before-birth")
    given(BORN, younger, retracted("r1", "c1")).when(contact("f1", "1992-01-01")).then_accepted()


def test_a_refusal_never_shows_the_birth_date(given: Given) -> None:
    refused = given(BORN).when(contact("f1", "1990-05-16")).then_refused("before-birth")
    assert "1990" not in str(refused)


# An end before its start


def test_a_period_does_not_end_before_it_begins(given: Given) -> None:
    def title(since: str, until: str) -> Line:
        return ("f1", "TitleGranted", "2025-01-01", {"valid_from": since, "valid_until": until})

    given().when(title("2025-01-01", "2024-12-31")).then_refused("end-before-start")
    given().when(title("2025-01-01", "2025-01-01")).then_accepted()
    given().when(title("2025-01-10", "2025-01")).then_accepted()


@pytest.mark.parametrize(
    ("begun", "ended"),
    [
        (("b", "EmploymentStarted", "2024-03-01", {}), ("EmploymentEnded", {"employment": "b"})),
        (("b", "TitleGranted", "2024-03-01", {}), ("TitleRevoked", {"title": "b"})),
        (("b", "TitleGranted", "2024-03-01", {}), ("TitleExpired", {"title": "b"})),
        (("b", "CaseOpened", "2024-03-01", {"case_id": "c"}), ("CaseClosed", {"case_id": "c"})),
        (
            ("b", "ConsentGranted", "2024-03-01", {"consent_id": "k"}),
            ("ConsentWithdrawn", {"consent_id": "k"}),
        ),
        (("b", "ConsentGranted", "2024-03-01", {}), ("ConsentExpired", {"consent_id": "b"})),
    ],
)
def test_an_end_does_not_lie_before_the_start_that_it_names(
    given: Given, begun: Line, ended: tuple[str, dict[str, Any]]
) -> None:
    type_name, tie = ended
    given(begun).when(("e", type_name, "2024-02-29", tie)).then_refused("end-before-start")
    given(begun).when(("e", type_name, "2024-03-01", tie)).then_accepted()
    given(begun).when(("e", type_name, "2024-03", tie)).then_accepted()
    given(begun).when(("e", type_name, "", tie)).then_accepted()
    given(begun).when(("e", type_name, "2024-02-29", {})).then_accepted()
    given(begun, retracted("r", "b")).when(("e", type_name, "2024-02-29", tie)).then_accepted()


def test_a_corrected_start_counts_as_corrected(given: Given) -> None:
    begun = ("b", "EmploymentStarted", "2024-03-01", {})
    ended = ("e", "EmploymentEnded", "2024-02-01", {"employment": "b"})
    earlier = corrected("c1", "b", occurred_on="2024-01-01")
    given(begun, earlier).when(ended).then_accepted()
    later = corrected("c1", "b", occurred_on="2024-05-01")
    given(begun, later).when(
        ("e", "EmploymentEnded", "2024-04-01", {"employment": "b"})
    ).then_refused("end-before-start")


def test_an_end_between_two_starts_of_the_same_name_is_no_end_before_its_start(
    given: Given,
) -> None:
    twice = (
        ("b1", "CaseOpened", "2024-01-01", {"case_id": "c"}),
        ("b2", "CaseOpened", "2025-01-01", {"case_id": "c"}),
    )
    given(*twice).when(("e", "CaseClosed", "2024-06-01", {"case_id": "c"})).then_accepted()
    given(*twice).when(("e", "CaseClosed", "2023-12-31", {"case_id": "c"})).then_refused(
        "end-before-start"
    )


# Corrections


def test_a_correction_needs_a_fact_that_is_there(given: Given) -> None:
    given().when(corrected("c1", "f9", occurred_on="2024-01-02")).then_refused("unknown-target")
    given().when(corrected("c1", None, occurred_on="2024-01-02")).then_refused("unknown-target")
    given().when(corrected("c1", "c1", occurred_on="2024-01-02")).then_refused("unknown-target")


def test_a_retracted_fact_is_not_corrected(given: Given) -> None:
    past = given(contact("f1", "2024-02-01"), retracted("r1", "f1"))
    past.when(corrected("c1", "f1", occurred_on="2024-02-02")).then_refused("already-retracted")


def test_a_correction_is_judged_by_what_it_leaves(given: Given) -> None:
    fact = contact("f1", "2024-02-01")
    given(fact).when(corrected("c1", "f1", occurred_on="2025-06-16")).then_refused(
        "after-recording"
    )
    given(BORN, fact).when(corrected("c1", "f1", occurred_on="1980-01-01")).then_refused(
        "before-birth"
    )
    title = ("t1", "TitleGranted", "2025-01-01", {"valid_from": "2025-01-01"})
    given(title).when(corrected("c1", "t1", attributes={"valid_until": "2024-12-31"})).then_refused(
        "end-before-start"
    )


def test_a_correction_has_only_attributes_and_values_of_its_fact(given: Given) -> None:
    fact = contact("f1", "2024-02-01")
    unknown = given(fact).when(corrected("c1", "f1", attributes={"valid_until": "2025-01-01"}))
    assert "valid_until" in str(unknown.then_refused("invalid-correction"))
    wrong = given(fact).when(corrected("c1", "f1", attributes={"minutes": "secret-value"}))
    assert "secret-value" not in str(wrong.then_refused("invalid-correction"))


def test_a_correction_may_take_the_day_or_a_value_away(given: Given) -> None:
    fact = ("f1", "ContactHeld", "2024-02-01", {"minutes": 30})
    given(fact).when(corrected("c1", "f1", occurred_on=None)).then_accepted()
    given(fact).when(corrected("c1", "f1", attributes={"minutes": None})).then_accepted()


def test_a_correction_of_a_correction_is_judged_as_one_of_the_fact(given: Given) -> None:
    fact, first = contact("f1", "2024-02-01"), corrected("c1", "f1", occurred_on="2024-02-02")
    given(fact, first).when(corrected("c2", "c1", occurred_on="2024-02-03")).then_accepted()
    given(fact, first).when(corrected("c2", "c1", occurred_on="2025-06-16")).then_refused(
        "after-recording"
    )
    given(fact, first).when(corrected("c2", "c1", attributes={"valid_until": "2025"})).then_refused(
        "invalid-correction"
    )
    given(fact, first, retracted("r1", "c1")).when(
        corrected("c2", "c1", occurred_on="2024-02-03")
    ).then_refused("already-retracted")
    given(fact, first, retracted("r1", "f1")).when(
        corrected("c2", "c1", occurred_on="2024-02-03")
    ).then_refused("already-retracted")


def test_g11_a_correction_of_a_correction_counts_for_the_next_one(given: Given) -> None:
    title = (
        "t1",
        "TitleGranted",
        "2024-01-01",
        {"valid_from": "2024-01-01", "valid_until": "2024-06-30"},
    )
    first = corrected("c1", "t1", attributes={"valid_until": "2024-12-31"})
    second = corrected("c2", "c1", attributes={"valid_until": "2026-12-31"})
    given(title, first, second).when(
        corrected("c3", "t1", attributes={"valid_from": "2025-01-01"})
    ).then_accepted()
    given(title, first, second, retracted("r1", "c2")).when(
        corrected("c3", "t1", attributes={"valid_from": "2025-01-01"})
    ).then_refused("end-before-start")


def test_a_retraction_is_retracted_not_corrected(given: Given) -> None:
    past = given(contact("f1", "2024-02-01"), retracted("r1", "f1"))
    past.when(corrected("c1", "r1", occurred_on="2025-06-01")).then_refused("unknown-target")


# Retractions


def test_a_retraction_needs_a_fact_that_stands(given: Given) -> None:
    fact = contact("f1", "2024-02-01")
    given(fact).when(retracted("r1", "f1")).then_accepted()
    given(fact).when(retracted("r1", "f9")).then_refused("unknown-target")
    given(fact).when(retracted("r1", None)).then_refused("unknown-target")
    given(fact, retracted("r1", "f1")).when(retracted("r2", "f1")).then_refused("already-retracted")
    given(fact).when(retracted("r1", "f1"), retracted("r2", "f1")).then_refused("already-retracted")


def test_g11_a_retraction_of_a_retraction_lets_the_fact_stand_again(given: Given) -> None:
    undone = (contact("f1", "2024-02-01"), retracted("r1", "f1"), retracted("r2", "r1"))
    given(*undone).when(corrected("c1", "f1", occurred_on="2024-02-02")).then_accepted()
    given(*undone).when(retracted("r3", "f1")).then_accepted()
    given(*undone).when(retracted("r3", "r1")).then_refused("already-retracted")
    redone = (*undone, retracted("r3", "r2"))
    given(*redone).when(retracted("r4", "f1")).then_refused("already-retracted")
    given(*redone).when(corrected("c1", "f1", occurred_on="2024-02-02")).then_refused(
        "already-retracted"
    )


# The class that seals


def test_a_correction_is_of_the_class_of_what_it_corrects(given: Given) -> None:
    note = ("n1", "NoteTaken", "2024-02-01", {})
    child = ("k1", "ChildBorn", "2024-02-01", {})
    (of_note, of_child, of_name, of_contact) = (
        given(note, child, BORN, contact("f1", "2024-02-01"))
        .when(
            corrected("c1", "n1", attributes={"text": "x"}),
            corrected("c2", "k1", occurred_on="2024-02-02"),
            corrected("c3", "p1", attributes={"family_name": "x"}),
            corrected("c4", "f1", occurred_on="2024-02-02"),
        )
        .then_accepted()
    )
    assert of_note.data_class is DataClass.NOTES
    assert of_child.data_class is DataClass.SENSITIVE
    assert of_name.data_class is DataClass.IDENTITY
    assert of_contact.data_class is DataClass.BASE


def test_a_correction_of_a_correction_is_of_the_class_of_the_fact(given: Given) -> None:
    past = given(BORN, corrected("c1", "p1", attributes={"family_name": "x"}))
    (again,) = past.when(corrected("c2", "c1", attributes={"family_name": "y"})).then_accepted()
    assert again.data_class is DataClass.IDENTITY


def test_any_other_fact_is_of_its_own_class(given: Given) -> None:
    (note,) = given().when(("n1", "NoteTaken", "2024-02-01", {})).then_accepted()
    assert note.data_class is DataClass.NOTES


# All or none


def test_a_command_is_accepted_whole_or_not_at_all(given: Given) -> None:
    given().when(contact("f1", "2024-02-01"), contact("f2", "2025-06-16")).then_refused(
        "after-recording"
    )


def test_a_command_sees_its_own_earlier_facts(given: Given) -> None:
    given().when(contact("f1", "2024-02-01"), retracted("r1", "f1")).then_accepted()


# Laws


TYPES = ("ContactHeld", "TitleGranted", "EmploymentStarted", "NoteTaken")
NAMES = tuple(f"x{n}" for n in range(8))


@st.composite
def lines(draw: st.DrawFn) -> list[Line]:
    """Draw facts, corrections, retractions and at times an erasure, each with a name of its own."""
    found: list[Line] = []
    for name in NAMES[: draw(st.integers(0, len(NAMES)))]:
        target = draw(st.sampled_from(NAMES))
        day = draw(st.dates(date(2024, 1, 1), date(2025, 6, 15))).isoformat()
        found.append(
            draw(
                st.sampled_from(
                    [
                        (name, draw(st.sampled_from(TYPES)), day, {}),
                        (name, "EventRetracted", day, {"target": target}),
                        (name, "EventCorrected", day, {"target": target, "occurred_on": day}),
                        (name, "JourneyErased", day, {}),
                    ]
                )
            )
        )
    return found


@settings(max_examples=150, deadline=None)
@for_all(lines())
def test_reading_all_records_is_evolving_entry_by_entry(told: list[Line]) -> None:
    entries = [entry(line) for line in (STARTED, *told)]
    assert fold(JOURNEY, recorded(entries)) == reduce(evolve, entries, Journey(JOURNEY))


@settings(max_examples=100, deadline=None)
@for_all(lines(), st.integers(0, len(NAMES) + 1))
def test_reading_on_from_a_state_is_reading_from_the_beginning(told: list[Line], cut: int) -> None:
    records = recorded(entry(line) for line in (STARTED, *told))
    before = fold(JOURNEY, records[:cut])
    assert fold(JOURNEY, records[cut:], before) == fold(JOURNEY, records)


@settings(max_examples=150, deadline=None)
@for_all(lines())
def test_deciding_changes_nothing_and_a_fact_once_accepted_is_not_accepted_again(
    told: list[Line],
) -> None:
    state = fold(JOURNEY, recorded([entry(STARTED)]))
    for line in told:
        asked = RecordFacts(COMMAND, JOURNEY, (entry(line),), TODAY)
        before = dict(state.facts)
        try:
            accepted = decide(state, asked)
        except CommandRefusedError:
            assert dict(state.facts) == before
            continue
        assert dict(state.facts) == before
        state = reduce(evolve, accepted, state)
        with pytest.raises(CommandRefusedError) as refused:
            decide(state, asked)
        assert refused.value.code in {"fact-exists", "journey-erased"}


@settings(max_examples=150, deadline=None)
@for_all(lines())
def test_retracting_a_retraction_restores_what_stood(told: list[Line]) -> None:
    state = fold(JOURNEY, recorded(entry(line) for line in (STARTED, *told)))
    standing = {name for name in state.facts if state.stands(name)}
    for name in standing:
        without = evolve(state, entry(retracted("r1", name)))
        assert not without.stands(name)
        again = evolve(without, entry(retracted("r2", "r1")))
        assert {one for one in again.facts if again.stands(one)} - {"r2"} == standing
