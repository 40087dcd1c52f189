"""Whose row it is: which journey a file number leads to, whoever began the journey.

A journey that an import began has an id computed from the number. One that was begun by hand is found
by the numbers that the journal holds of it. They are read once for each import and kept as computed ids,
never in clear.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple
from uuid import UUID

import psycopg
from pydantic import JsonValue

from domain.chain.reading import Told, View, read
from domain.events.case import CaseOpened
from domain.events.journey import FileNumberRecorded
from domain.events.record import EventCorrected
from domain.fact import Fact
from domain.fields import DataClass
from domain.journal import Journal
from infra.importing.ledger import Ledger, StoreState
from infra.keys import KeyRing
from infra.sealing import records
from infra.session import READER, connect, explained

_BLOCK = 2_000
_SELECT = (
    "SELECT header, ciphertext FROM kette.events"
    " WHERE class = %s AND ciphertext IS NOT NULL ORDER BY position"
)


class SeveralPeopleError(Exception):
    """Several people have the same file number."""


class People:
    """Finds journeys by file numbers."""

    def __init__(self, dsn: str, keys: KeyRing, journal: Journal, ledger: Ledger) -> None:
        self._journal, self._ledger = journal, ledger
        self._others: Mapping[UUID, Set[UUID]] = {}
        if ledger.state is StoreState.OPEN:
            self._others = _others(dsn, keys, ledger)
        self._found: dict[UUID, UUID | None] = {}

    def journey(self, number: str) -> UUID:
        """Return the journey of the person who has this file number; a new person gets a new one.

        Raises:
            SeveralPeopleError: If several people have it.
        """
        own = self._ledger.journey(number)
        if own not in self._others:
            return own
        if own not in self._found:
            self._found[own] = self._find(own)
        found = self._found[own]
        if found is None:
            raise SeveralPeopleError
        return found

    def _find(self, own: UUID) -> UUID | None:
        """Return the one journey that has a number as it stands today; None if several have."""
        if self._journal.read(own):
            return own
        having = [one for one in self._others[own] if self._has(one, own)]
        return None if len(having) > 1 else next(iter(having), own)

    def _has(self, journey: UUID, own: UUID) -> bool:
        view = read(
            [
                Told(one.entry.id, one.entry.fact, one.entry.occurred_on, one.recorded_at)
                for one in self._journal.read(journey)
            ]
        )
        numbers = _own_numbers(view)
        return any(self._ledger.journey(number) == own for number in numbers)


def _own_numbers(view: View) -> Iterator[str]:
    """Yield the numbers of the files that the case's own offices keep; others' may be anybody's."""
    cases = view.of(CaseOpened.type_name())
    offices = {one.get(name) for one in cases for name in ("org_unit", "carrier")} | {None}
    for one in view.of(FileNumberRecorded.type_name()):
        if one.get("number") and one.get("authority") in offices:
            yield one.get("number")


def _others(dsn: str, keys: KeyRing, ledger: Ledger) -> Mapping[UUID, Set[UUID]]:
    """Return the journeys that were given a number otherwise, by the id that it would lead to."""
    found: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for numbered in _numbered(dsn, keys):
        own = ledger.journey(numbered.number)
        if own != numbered.journey:
            found[own].add(numbered.journey)
    return found


class _Numbered(NamedTuple):
    journey: UUID
    number: str


def _numbered(dsn: str, keys: KeyRing) -> Iterator[_Numbered]:
    """Yield every file number that was ever told, corrected ones too, in a stream."""
    try:
        with connect(dsn, READER) as connection, connection.transaction():
            connection.execute("SET LOCAL statement_timeout = 0")
            with connection.cursor(name="numbers", binary=True) as cursor:
                cursor.itersize = _BLOCK
                cursor.execute(_SELECT, [DataClass.IDENTITY.value])
                while rows := cursor.fetchmany(_BLOCK):
                    for one in records(rows, keys):
                        number = _number(one.entry.fact)
                        if isinstance(number, str) and number:
                            yield _Numbered(one.journey, number)
    except psycopg.Error as error:
        raise explained(error) from error


def _number(fact: Fact) -> JsonValue:
    if isinstance(fact, FileNumberRecorded):
        return fact.number
    return (fact.attributes_ or {}).get("number") if isinstance(fact, EventCorrected) else None
