"""One contract for every journal: the one on PostgreSQL, behind the group appender, and the memory twin."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Actor, Answer, Append, Entry, Journal, Outcome
from infra.group import GroupAppender
from infra.journal import open_journal
from infra.memory import MemoryJournal
from tests.keyring import keys_of

pytestmark = pytest.mark.both_servers

JOURNEY = UUID(int=1)


def entry(number: int, day: str = "2024-03") -> Entry:
    fact = read_fact("NoteTaken", {}) if number % 3 == 0 else read_fact("ContactHeld", {})
    return Entry(
        f"f{number}", fact, PartialDate.parse(day), Actor("anna", "case_manager", "team-1")
    )


def asked(
    journey: UUID, after: int, *entries: Entry, command: UUID | None = None, body: bytes = b"body"
) -> Append:
    return Append(command or uuid4(), body, journey, after, entries)


@pytest.fixture(params=["postgres", "group", "memory"])
def kept(request: pytest.FixtureRequest) -> Iterator[Journal]:
    if request.param == "memory":
        yield MemoryJournal()
        return
    with open_journal(
        request.getfixturevalue("dsn"), keys_of(request.getfixturevalue("dsn"))
    ) as journal:
        if request.param == "postgres":
            yield journal
            return
        with GroupAppender(journal) as group:
            yield group


def test_what_was_appended_is_read_in_order(kept: Journal) -> None:
    entries = tuple(entry(number) for number in range(1, 6))
    kept.append([asked(JOURNEY, 0, *entries[:2])])
    kept.append([asked(UUID(int=2), 0, entry(9)), asked(JOURNEY, 2, *entries[2:])])

    records = kept.read(JOURNEY)

    assert tuple(one.entry for one in records) == entries
    assert [one.version for one in records] == [1, 2, 3, 4, 5]
    assert [one.position for one in records] == [1, 2, 4, 5, 6]
    assert {one.journey for one in records} == {JOURNEY}


def test_each_request_gets_its_own_answer(kept: Journal) -> None:
    command = uuid4()
    first = asked(JOURNEY, 0, entry(1), entry(2), command=command)

    answers = kept.append(
        [
            first,
            asked(UUID(int=2), 1, entry(1)),
            first,
            asked(JOURNEY, 2, entry(3), command=command, body=b"something else"),
            asked(JOURNEY, 2, entry(3)),
            asked(JOURNEY, 2, entry(4)),
        ]
    )

    assert list(answers) == [
        Answer(Outcome.APPENDED, 1, 2),
        Answer(Outcome.CONFLICT),
        Answer(Outcome.DUPLICATE, 1, 2),
        Answer(Outcome.REFUSED),
        Answer(Outcome.APPENDED, 3, 1),
        Answer(Outcome.CONFLICT),
    ]
    assert [one.entry.id for one in kept.page(0, 10)] == ["f1", "f2", "f3"]


def test_a_conflict_leaves_its_command_free_for_another_attempt(kept: Journal) -> None:
    command = uuid4()
    kept.append([asked(JOURNEY, 0, entry(1))])

    assert (
        kept.append([asked(JOURNEY, 0, entry(2), command=command)])[0].outcome is Outcome.CONFLICT
    )
    assert kept.answered(command, b"body") is None
    assert kept.append([asked(JOURNEY, 1, entry(2), command=command)])[0] == Answer(
        Outcome.APPENDED, 2, 1
    )


def test_a_new_journey_begins_at_nothing_and_an_old_one_where_it_stands(kept: Journal) -> None:
    def outcome(journey: UUID, after: int) -> Outcome:
        return kept.append([asked(journey, after, entry(after + 1), entry(after + 2))])[0].outcome

    assert outcome(JOURNEY, 3) is Outcome.CONFLICT
    assert outcome(JOURNEY, 0) is Outcome.APPENDED
    assert outcome(JOURNEY, 3) is Outcome.CONFLICT
    assert outcome(JOURNEY, 2) is Outcome.APPENDED


def test_a_command_that_changes_nothing_is_remembered(kept: Journal) -> None:
    command = uuid4()

    assert kept.append([asked(JOURNEY, 0, command=command)])[0] == Answer(Outcome.APPENDED, None, 0)
    assert kept.append([asked(JOURNEY, 0, command=command)])[0] == Answer(
        Outcome.DUPLICATE, None, 0
    )
    assert kept.page(0, 10) == []


def test_the_first_answer_can_be_asked_for(kept: Journal) -> None:
    command = uuid4()
    kept.append([asked(JOURNEY, 0, entry(1), command=command)])

    assert kept.answered(command, b"body") == Answer(Outcome.DUPLICATE, 1, 1)
    assert kept.answered(command, b"another") == Answer(Outcome.REFUSED)
    assert kept.answered(uuid4(), b"body") is None


def test_pages_are_dense_and_end_at_their_limit(kept: Journal) -> None:
    for number in range(1, 8):
        kept.append([asked(UUID(int=number), 0, entry(number))])

    pages = [[one.position for one in kept.page(after, 3)] for after in (0, 3, 6, 7)]

    assert pages == [[1, 2, 3], [4, 5, 6], [7], []]


def test_a_record_says_when_and_by_which_command_it_was_written(kept: Journal) -> None:
    commands = [uuid4() for _ in range(20)]
    for place, command in enumerate(commands):
        kept.append([asked(JOURNEY, place, entry(place), command=command)])

    records = kept.page(0, 100)
    moments = [one.recorded_at for one in records]

    assert [one.command_id for one in records] == commands
    assert moments == sorted(moments)
    assert all(moment.utcoffset() is not None for moment in moments)


def test_an_unknown_journey_has_no_records(kept: Journal) -> None:
    assert list(kept.read(UUID(int=404))) == []


def test_a_version_below_nothing_is_refused(kept: Journal) -> None:
    with pytest.raises(ValueError, match="begin at 1"):
        kept.append([asked(JOURNEY, -1, entry(1))])
    assert kept.page(0, 10) == []


def test_reading_goes_on_after_a_version(dsn: str) -> None:
    memory = MemoryJournal()
    with open_journal(dsn, keys_of(dsn)) as postgres:
        readers: list[Callable[[UUID, int], object]] = [postgres.read, memory.read]
        for kept in (postgres, memory):
            kept.append([asked(JOURNEY, 0, entry(1), entry(2), entry(3))])
        assert [len(list(read(JOURNEY, 2))) for read in readers] == [1, 1]  # type: ignore[call-overload]
