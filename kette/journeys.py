"""How the command line names a journey, and reads one or all of them."""

from collections.abc import Iterator
from uuid import UUID

from domain.errors import UnknownJourneyError
from domain.journal import Recorded
from infra.journal import JournalRecorder
from infra.keys import KeyRing
from infra.session import READER, connect, translated
from infra.view_tables import all_journeys
from infra.views import ViewStore
from projections.worklist import Header

_MOST = 10_000


def journey_id(text: str, views: ViewStore) -> UUID:
    """Read a journey's id, or find it by its case number.

    Raises:
        UnknownJourneyError: If no journey has this id or case number.
    """
    try:
        return UUID(text)
    except ValueError:
        found = _with_case_number(text, views)
    if len(found) != 1:
        raise UnknownJourneyError("no journey has this id or case number; `kette gaps` shows both")
    return found[0].journey


def _with_case_number(text: str, views: ViewStore) -> list[Header]:
    if not text or not text.isprintable():
        return []
    return [one for one in views.register_search(text, _MOST) if one.case_number == text]


def records_of(journal: JournalRecorder, journey: UUID) -> list[Recorded]:
    """Return a journey's records.

    Raises:
        UnknownJourneyError: If there is no such journey.
    """
    records = journal.read(journey)
    if not records:
        raise UnknownJourneyError(f"no journey {journey}; `kette events` lists what is recorded")
    return records


def every_journey(journal: JournalRecorder) -> Iterator[tuple[UUID, list[Recorded]]]:
    """Stream all journeys as they stand now, one at a time."""
    yield from part_of_journeys(journal.dsn, journal.keys, journal.head().position)


def part_of_journeys(
    dsn: str, keys: KeyRing, upto: int, part: int = 0, parts: int = 1
) -> Iterator[tuple[UUID, list[Recorded]]]:
    """Stream one of several equal parts of the journeys as they stood at a position."""
    with translated(), connect(dsn, READER) as connection, connection.transaction():
        connection.execute("SET LOCAL statement_timeout = 0")
        for journey, records in all_journeys(connection, keys, upto, part, parts):
            yield journey, list(records)
