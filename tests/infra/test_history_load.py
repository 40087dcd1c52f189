"""Loading history: only into an empty journal, in order of recording, until it is finished."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry, Outcome
from infra.errors import HistoryLoadError
from infra.history import HistoryLoad
from infra.journal import JournalRecorder
from tests.keyring import keys_of

JANUARY = datetime(2024, 1, 15, 9, 30, 0, 123456, tzinfo=UTC)
ENTRY = Entry("f1", read_fact("ContactHeld", {}), PartialDate(2024))


def told(number: int, moment: datetime | None, command: UUID | None = None) -> Append:
    return Append(command or uuid4(), b"", UUID(int=number), 0, (ENTRY,), moment)


def test_facts_keep_the_moment_of_their_recording(dsn: str, journal: JournalRecorder) -> None:
    moments = [JANUARY, JANUARY, JANUARY + timedelta(days=40)]
    with HistoryLoad(dsn, keys_of(dsn)) as load:
        load.append([told(number, moment) for number, moment in enumerate(moments, start=1)])
        load.finish()

    journal.append([told(9, None)])

    *loaded, written = journal.page(0, 10)
    assert [one.recorded_at for one in loaded] == moments
    assert written.recorded_at > datetime(2026, 1, 1, tzinfo=UTC)


def test_a_load_goes_on_by_command_id(dsn: str, journal: JournalRecorder) -> None:
    requests = [told(number, JANUARY + timedelta(days=number)) for number in range(1, 6)]
    with HistoryLoad(dsn, keys_of(dsn)) as load:
        load.append(requests[:3])
    with HistoryLoad(dsn, keys_of(dsn)) as load:
        answers = load.append(requests)
        load.finish()

    assert [one.outcome for one in answers] == [Outcome.DUPLICATE] * 3 + [Outcome.APPENDED] * 2
    assert [one.position for one in journal.page(0, 10)] == [1, 2, 3, 4, 5]


def test_a_journal_that_was_written_to_is_not_loaded(dsn: str, journal: JournalRecorder) -> None:
    journal.append([told(1, None)])
    with (
        HistoryLoad(dsn, keys_of(dsn)) as load,
        pytest.raises(HistoryLoadError, match="empty journal"),
    ):
        load.append([told(2, JANUARY)])
    assert journal.head().position == 1


def test_a_finished_load_is_over(dsn: str) -> None:
    with HistoryLoad(dsn, keys_of(dsn)) as load:
        load.append([told(1, JANUARY)])
        load.finish()
        with pytest.raises(HistoryLoadError):
            load.append([told(2, JANUARY)])


def test_nothing_else_is_written_before_it_is_finished(dsn: str, journal: JournalRecorder) -> None:
    with HistoryLoad(dsn, keys_of(dsn)) as load:
        load.append([told(1, JANUARY)])
        with pytest.raises(HistoryLoadError, match="finished"):
            journal.append([told(2, None)])
        load.finish()
    assert journal.append([told(2, None)])[0].outcome is Outcome.APPENDED


@pytest.mark.parametrize(
    "moments",
    [
        [JANUARY, JANUARY - timedelta(seconds=1)],
        [datetime(2999, 1, 1, tzinfo=UTC)],
        [JANUARY, None],
        [JANUARY.replace(tzinfo=None)],
    ],
)
def test_moments_neither_fall_back_nor_lie_ahead_nor_are_missing(
    dsn: str, journal: JournalRecorder, moments: list[datetime | None]
) -> None:
    with HistoryLoad(dsn, keys_of(dsn)) as load, pytest.raises(HistoryLoadError):
        load.append([told(number, moment) for number, moment in enumerate(moments, start=1)])
    assert journal.head().position == 0


def test_an_ordinary_append_does_not_choose_its_moment(journal: JournalRecorder) -> None:
    with pytest.raises(HistoryLoadError):
        journal.append([told(1, JANUARY)])
