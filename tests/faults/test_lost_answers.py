"""Lost answers: the way to the server is cut at an append; it is there once, and its answer is right."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import chain, repeat
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import StoredEvent

from domain.commands import RecordFacts, StartJourney
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.handling import HotJourneys, handle
from domain.journal import Answer, Append, Entry, Journal, Outcome
from infra.errors import JournalUnavailableError
from infra.group import GroupAppender
from tests.faults.journals import opened
from tests.faults.proxy import Cut, Proxy
from tests.keyring import keys_of

pytestmark = pytest.mark.faults

TODAY = date(2024, 6, 1)
JOURNEYS = [UUID(int=number) for number in range(1, 4)]


def first_time(cut: Cut) -> Callable[[], Cut | None]:
    """Cut every append at its first attempt, and none at its second."""
    return chain.from_iterable(repeat((cut, None))).__next__


def entries(count: int, fact: str = "ContactHeld") -> tuple[Entry, ...]:
    return tuple(
        Entry(uuid4().hex, read_fact(fact, {}), PartialDate(2024, 5)) for _ in range(count)
    )


def stored(dsn: str) -> list[UUID]:
    """Return the command of every position; positions and versions are dense."""
    with opened(dsn) as journal:
        records = journal.page(0, 100_000)
        assert journal.head().position == len(records)
    assert [one.position for one in records] == list(range(1, len(records) + 1))
    reached: Counter[UUID] = Counter()
    for one in records:
        reached[one.journey] += 1
        assert one.version == reached[one.journey]
    return [one.command_id for one in records]


def standing(answers: list[tuple[UUID, Answer]]) -> list[UUID]:
    """Return the command of every position as the answers have it."""
    places = {
        answer.first_position + number: command
        for command, answer in answers
        if answer.first_position is not None
        for number in range(answer.count)
    }
    assert len(places) == sum(answer.count for _, answer in answers)
    return [places[place] for place in sorted(places)]


GATE = [(Cut.ANSWER, 100), *((cut, 25) for cut in Cut if cut is not Cut.ANSWER)]
SOAK = [(Cut.ANSWER, 1_000), *((cut, 250) for cut in Cut if cut is not Cut.ANSWER)]


@pytest.mark.parametrize(
    ("cut", "times"),
    [pytest.param(*one, id=f"{one[0].name.lower()}-{one[1]}") for one in GATE]
    + [
        pytest.param(*one, id=f"{one[0].name.lower()}-{one[1]}", marks=pytest.mark.soak)
        for one in SOAK
    ],
)
def test_what_is_cut_is_there_once_and_answered_as_it_stands(
    dsn: str, cut: Cut, times: int
) -> None:
    answers: list[tuple[UUID, Answer]] = []
    with Proxy(dsn, first_time(cut)) as proxy, opened(proxy.dsn, keys_of(dsn)) as journal:
        versions: Counter[UUID] = Counter()
        for number in range(times):
            journey, facts = JOURNEYS[number % 3], entries(1 + number % 2)
            request = Append(uuid4(), b"", journey, versions[journey], facts)
            answers += [(request.command_id, journal.append([request])[0])]
            versions[journey] += len(facts)

    told = Counter(answer.outcome for _, answer in answers)
    wanted = Outcome.DUPLICATE if cut.committed else Outcome.APPENDED
    assert proxy.cuts == [cut] * times
    assert told == {wanted: times}
    assert stored(dsn) == standing(answers)
    print(
        f"\ncut           times  twice  false conflicts  lost\n{cut.name.lower():12}  {times:5}      0                0     0"
    )


def test_the_library_s_port_tells_of_no_false_conflict(dsn: str) -> None:
    told: list[int] = []
    with Proxy(dsn, first_time(Cut.ANSWER)) as proxy, opened(proxy.dsn, keys_of(dsn)) as journal:
        for version in range(1, 21):
            event = StoredEvent(JOURNEYS[0], version, "base", b"{}")
            told += journal.insert_events([event])
    assert len(proxy.cuts) == 20
    assert told == list(range(1, 21))
    with opened(dsn) as journal:
        assert journal.head().position == 20


@pytest.mark.parametrize("patience", [15.0, 0.0], ids=["the-writer", "the-caller"])
def test_a_command_whose_answer_is_lost_is_done_once(
    dsn: str, monkeypatch: pytest.MonkeyPatch, patience: float
) -> None:
    """The writer asks again by itself; where it gives up, whoever sent the command sends it again."""
    monkeypatch.setattr("infra.writer._PATIENCE_SECONDS", patience)

    armed: list[Cut] = []

    def sent(journal: Journal, command: StartJourney | RecordFacts) -> Answer:
        armed.append(Cut.ANSWER)
        try:
            return handle(journal, command, hot)
        except JournalUnavailableError:
            return handle(journal, command, hot)

    hot = HotJourneys()
    with (
        Proxy(dsn, lambda: armed.pop() if armed else None) as proxy,
        opened(proxy.dsn, keys_of(dsn)) as journal,
    ):
        start = StartJourney(uuid4(), JOURNEYS[0], entries(1, "JourneyStarted"), TODAY)
        commands = [RecordFacts(uuid4(), JOURNEYS[0], entries(2), TODAY) for _ in range(10)]
        answers = [(one.command_id, sent(journal, one)) for one in (start, *commands)]

    assert len(proxy.cuts) == 11
    assert stored(dsn) == standing(answers)
    assert {answer.outcome for _, answer in answers} <= {Outcome.APPENDED, Outcome.DUPLICATE}


def test_many_writers_lose_answers_and_nothing_else(dsn: str) -> None:
    """Connections are cut at random, wherever; half of the writers share a group appender."""
    chance, asks, each = random.Random(5), 4, 25
    points: list[Cut | None] = [*Cut, *[None] * 10]
    answers: list[tuple[UUID, Answer]] = []
    lost: list[Append] = []

    with (
        Proxy(dsn, lambda: chance.choice(points)) as proxy,
        opened(proxy.dsn, keys_of(dsn)) as shared,
        GroupAppender(shared) as group,
    ):

        def write(number: int) -> None:
            own = random.Random(number)
            with opened(proxy.dsn, keys_of(dsn)) as alone:
                journal: Journal = group if number % 2 else alone
                for _ in range(each):
                    journey, facts = own.choice(JOURNEYS), entries(own.choice((1, 3)))
                    append(journal, journey, facts)

        def append(journal: Journal, journey: UUID, facts: tuple[Entry, ...]) -> None:
            while True:
                version = len(journal.read(journey))
                request = Append(uuid4(), b"", journey, version, facts)
                answer = journal.append([request])[0]
                if answer.outcome is not Outcome.CONFLICT:
                    answers.append((request.command_id, answer))
                    return
                lost.append(request)

        with ThreadPoolExecutor(asks) as pool:
            list(pool.map(write, range(asks)))

    commands = stored(dsn)
    assert set(Cut) == set(proxy.cuts)
    assert commands == standing(answers)
    assert not {one.command_id for one in lost} & set(commands)


def test_without_its_command_id_what_is_sent_again_is_a_false_conflict(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy does cut after the commit: who forgets the command's id is told of a conflict with himself."""
    monkeypatch.setattr("infra.writer._PATIENCE_SECONDS", 0.0)
    with Proxy(dsn, first_time(Cut.ANSWER)) as proxy, opened(proxy.dsn, keys_of(dsn)) as journal:
        for version in range(10):
            with pytest.raises(JournalUnavailableError):
                journal.append([Append(uuid4(), b"", JOURNEYS[0], version, entries(1))])
            again = Append(uuid4(), b"", JOURNEYS[0], version, entries(1))
            assert journal.append([again])[0].outcome is Outcome.CONFLICT
    assert len(stored(dsn)) == 10
