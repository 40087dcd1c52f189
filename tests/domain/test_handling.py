"""The command path on a journal in memory: done once, answered alike, never on a stale journey."""

from collections.abc import Sequence
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from domain.commands import Command, RecordFacts, StartJourney
from domain.days import PartialDate
from domain.errors import CommandIdReusedError, CommandRefusedError, StreamMovedError
from domain.events.registry import read_fact
from domain.fields import Confidence, DataClass, LegalBasis, SourceKind
from domain.handling import HotJourneys, canonical, handle
from domain.journal import Actor, Answer, Append, Entry, Outcome, Recorded
from domain.journey import Journey, fold
from infra.memory import MemoryJournal

JOURNEY = UUID(int=7)
TODAY = date(2025, 6, 15)
ids = count(1)


def fact(
    fact_id: str, type_name: str = "ContactHeld", day: str = "2025-06-01", **more: Any
) -> Entry:
    """Return an entry."""
    return Entry(fact_id, read_fact(type_name, more), PartialDate.parse(day), Actor("anna"))


def start(*entries: Entry, command: int | None = None, journey: UUID = JOURNEY) -> StartJourney:
    """Return the command that starts a journey."""
    begun = (fact("f0", "JourneyStarted", "2024-01-01"), *entries)
    return StartJourney(UUID(int=command or 1000 + next(ids)), journey, begun, TODAY)


def record(*entries: Entry, command: int | None = None, journey: UUID = JOURNEY) -> RecordFacts:
    """Return the command that records facts."""
    return RecordFacts(UUID(int=command or 1000 + next(ids)), journey, entries, TODAY)


@pytest.fixture
def journal() -> MemoryJournal:
    """Return an empty journal."""
    return MemoryJournal()


@pytest.fixture(params=[True, False], ids=["hot", "cold"])
def hot(request: pytest.FixtureRequest) -> HotJourneys | None:
    """Run with and without the journeys kept in memory: the answers are the same."""
    return HotJourneys() if request.param else None


def kept(journal: MemoryJournal, journey: UUID = JOURNEY) -> list[str]:
    """Return the ids of a journey's facts in the journal."""
    return [one.entry.id for one in journal.read(journey)]


class Disturbed:
    """A journal to which somebody else appends just before each of the first appends."""

    def __init__(self, journal: MemoryJournal, times: int) -> None:
        self.journal = journal
        self.left = times

    def append(self, requests: Sequence[Append]) -> list[Answer]:
        """Let somebody else go first, as often as wanted."""
        if self.left:
            self.left -= 1
            handle(self.journal, record(fact(f"other-{self.left}"), journey=requests[0].journey))
        return self.journal.append(requests)

    def answered(self, command_id: UUID, body: bytes) -> Answer | None:
        """Return the earlier answer."""
        return self.journal.answered(command_id, body)

    def read(self, journey: UUID) -> Sequence[Recorded]:
        """Return the records of a journey."""
        return self.journal.read(journey)

    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        """Return records by position."""
        return self.journal.page(after, limit)


def test_a_command_is_appended_with_its_place(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    assert handle(journal, start(fact("f1")), hot) == Answer(Outcome.APPENDED, 1, 2)
    assert handle(journal, record(fact("f2")), hot) == Answer(Outcome.APPENDED, 3, 1)
    assert kept(journal) == ["f0", "f1", "f2"]
    assert [one.version for one in journal.read(JOURNEY)] == [1, 2, 3]


def test_a_correction_is_kept_under_the_class_of_what_it_corrects(journal: MemoryJournal) -> None:
    handle(journal, start(fact("n1", "NoteTaken")))
    handle(journal, record(fact("c1", "EventCorrected", target="n1", attributes={"text": "x"})))
    assert journal.read(JOURNEY)[-1].entry.data_class is DataClass.NOTES


def test_d8_the_same_command_is_done_once_and_answered_alike(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    handle(journal, start(), hot)
    asked = record(fact("f1"), fact("f2"), command=5)
    first = handle(journal, asked, hot)
    handle(journal, record(fact("f3")), hot)
    assert first == Answer(Outcome.APPENDED, 2, 2)
    for _ in range(3):
        assert handle(journal, asked, hot) == Answer(Outcome.DUPLICATE, 2, 2)
    assert kept(journal) == ["f0", "f1", "f2", "f3"]


def test_d8_a_start_sent_again_is_answered_alike(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    asked = start(command=5)
    assert handle(journal, asked, hot).outcome is Outcome.APPENDED
    assert handle(journal, asked, hot) == Answer(Outcome.DUPLICATE, 1, 1)


def test_d8_the_same_command_on_another_day_is_the_same(journal: MemoryJournal) -> None:
    handle(journal, start())
    asked = record(fact("f1"), command=5)
    handle(journal, asked)
    tomorrow = RecordFacts(asked.command_id, JOURNEY, asked.entries, date(2025, 6, 16))
    assert handle(journal, tomorrow).outcome is Outcome.DUPLICATE


def test_d8_the_same_id_for_something_else_is_refused(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    handle(journal, start(), hot)
    handle(journal, record(fact("f1"), command=5), hot)
    possible = record(fact("f2"), command=5)
    impossible = record(fact("f1", day="2025-06-02"), command=5)
    for other in (possible, impossible):
        with pytest.raises(CommandIdReusedError):
            handle(journal, other, hot)
    assert kept(journal) == ["f0", "f1"]


def test_a_refused_command_leaves_nothing_and_its_id_stays_free(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    handle(journal, start(), hot)
    with pytest.raises(CommandRefusedError) as refused:
        handle(journal, record(fact("f1"), fact("f2", day="2025-06-16"), command=5), hot)
    assert refused.value.code == "after-recording"
    assert kept(journal) == ["f0"]
    assert handle(journal, record(fact("f1"), command=5), hot).outcome is Outcome.APPENDED


def test_an_unknown_journey_is_refused(journal: MemoryJournal, hot: HotJourneys | None) -> None:
    with pytest.raises(CommandRefusedError) as refused:
        handle(journal, record(fact("f1")), hot)
    assert refused.value.code == "unknown-journey"
    assert handle(journal, start(), hot).outcome is Outcome.APPENDED


def test_an_erased_journey_takes_nothing_more(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    handle(journal, start(), hot)
    handle(journal, record(fact("e1", "JourneyErased")), hot)
    with pytest.raises(CommandRefusedError) as refused:
        handle(journal, record(fact("f1")), hot)
    assert refused.value.code == "journey-erased"


@pytest.mark.parametrize("times", [1, 2])
def test_a_command_that_was_overtaken_is_decided_anew(
    journal: MemoryJournal, hot: HotJourneys | None, times: int
) -> None:
    handle(journal, start(), hot)
    answer = handle(Disturbed(journal, times), record(fact("f1")), hot)
    assert answer == Answer(Outcome.APPENDED, 2 + times, 1)
    assert kept(journal)[-1] == "f1"


def test_a_command_overtaken_each_time_gives_up_and_says_so(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    handle(journal, start(), hot)
    with pytest.raises(StreamMovedError):
        handle(Disturbed(journal, 3), record(fact("f1")), hot)
    assert "f1" not in kept(journal)


def test_what_others_wrote_first_may_forbid_the_command(
    journal: MemoryJournal, hot: HotJourneys | None
) -> None:
    handle(journal, start(), hot)
    with pytest.raises(CommandRefusedError) as refused:
        handle(Disturbed(journal, 1), record(fact("other-0")), hot)
    assert refused.value.code == "fact-exists"


def test_a_journey_kept_in_memory_is_not_believed_when_others_wrote(
    journal: MemoryJournal,
) -> None:
    hot = HotJourneys()
    handle(journal, start(), hot)
    handle(journal, record(fact("f1")))
    assert handle(journal, record(fact("f2")), hot).outcome is Outcome.APPENDED
    assert kept(journal) == ["f0", "f1", "f2"]


def test_a_stale_journey_in_memory_refuses_nothing_that_the_journal_allows(
    journal: MemoryJournal,
) -> None:
    hot = HotJourneys()
    handle(journal, start(), hot)
    handle(journal, record(fact("f1")))
    correction = record(fact("c1", "EventCorrected", target="f1", occurred_on="2025-06-02"))
    assert handle(journal, correction, hot).outcome is Outcome.APPENDED


def test_a_journey_kept_in_memory_is_the_one_in_the_journal(journal: MemoryJournal) -> None:
    hot = HotJourneys()
    handle(journal, start(fact("f1")), hot)
    handle(journal, record(fact("r1", "EventRetracted", target="f1")), hot)
    handle(journal, record(fact("e1", "JourneyErased")), hot)
    assert hot.get(JOURNEY) == fold(JOURNEY, journal.read(JOURNEY))


def test_only_so_many_journeys_are_kept_those_used_last() -> None:
    hot = HotJourneys(size=2)
    one, two, three = (Journey(UUID(int=n), version=1) for n in (1, 2, 3))
    hot.keep(one)
    hot.keep(two)
    assert hot.get(one.id) is one
    hot.keep(three)
    assert (hot.get(one.id), hot.get(two.id), hot.get(three.id)) == (one, None, three)


def test_an_older_journey_does_not_replace_a_newer_one() -> None:
    hot = HotJourneys()
    newer, older = Journey(JOURNEY, version=3), Journey(JOURNEY, version=2)
    hot.keep(newer)
    hot.keep(older)
    assert hot.get(JOURNEY) is newer
    hot.drop(JOURNEY)
    assert hot.get(JOURNEY) is None


def test_an_empty_command_changes_nothing(journal: MemoryJournal) -> None:
    handle(journal, start())
    assert handle(journal, record()).count == 0
    assert kept(journal) == ["f0"]


# What a command asks for, as bytes


def plain(**changed: Any) -> Command:
    """Return a command whose one entry differs as told."""
    told: dict[str, Any] = {
        "id": "f1",
        "fact": read_fact("TitleGranted", {"valid_until": "2026-01-01"}),
        "occurred_on": PartialDate.parse("2025-06-01"),
        "recorded_by": Actor("anna", "case_manager", "team-1"),
    }
    return record(Entry(**(told | changed)), command=5)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": "f2"},
        {"fact": read_fact("TitleGranted", {"valid_until": "2026-01-02"})},
        {"fact": read_fact("TitleGranted", {"valid_until": None})},
        {"fact": read_fact("ContactHeld", {})},
        {"occurred_on": PartialDate.parse("2025-06")},
        {"occurred_on": PartialDate()},
        {"recorded_by": Actor("bert", "case_manager", "team-1")},
        {"recorded_by": Actor("anna", "team_lead", "team-1")},
        {"source": SourceKind.DOCUMENT_SEEN},
        {"confidence": Confidence.CLAIMED},
        {"legal_basis": LegalBasis.CONSENT},
        {"consent_id": "k1"},
        {"household": UUID(int=3)},
        {"controller": "05916000"},
    ],
    ids=lambda changed: "-".join(changed),
)
def test_d8_another_request_has_another_body(changed: dict[str, Any]) -> None:
    assert canonical(plain()) == canonical(plain())
    assert canonical(plain()) != canonical(plain(**changed))


def test_d8_a_start_and_a_record_of_the_same_facts_are_two_requests() -> None:
    started = start(command=5)
    told = RecordFacts(started.command_id, JOURNEY, started.entries, TODAY)
    assert canonical(started) != canonical(told)


def test_d8_the_order_of_attributes_makes_no_difference() -> None:
    def asked(attributes: dict[str, Any]) -> Command:
        return plain(fact=read_fact("TitleGranted", attributes))

    one = {"valid_until": "2026-01-01", "course_claim": True}
    other = dict(reversed(one.items()))
    assert canonical(asked(one)) == canonical(asked(other))


@pytest.mark.parametrize("party", ["an\0na", "anna\udcff", "\\\0"])
def test_a_text_that_could_never_be_shown_is_refused(journal: MemoryJournal, party: str) -> None:
    entry = Entry("f0", read_fact("JourneyStarted", {}), recorded_by=Actor(party))
    with pytest.raises(CommandRefusedError) as refused:
        handle(journal, StartJourney(UUID(int=1), JOURNEY, (entry,), TODAY))
    assert refused.value.code == "unwritable-text"
    assert kept(journal) == []


@pytest.mark.parametrize("party", ["\\u0000", "\\\\u0000", "Zoë\n"])
def test_a_text_that_only_looks_like_it_is_kept(journal: MemoryJournal, party: str) -> None:
    entry = Entry("f0", read_fact("JourneyStarted", {}), recorded_by=Actor(party))
    handle(journal, StartJourney(UUID(int=1), JOURNEY, (entry,), TODAY))
    assert journal.read(JOURNEY)[0].entry.recorded_by.party == party
