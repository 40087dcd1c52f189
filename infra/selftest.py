"""The self-tests: the keys are those of the journal; whatever forms it holds, one record of each is read.

A form is a data class under a fingerprint of the fact registry. No index knows them, so they are looked for
where they must be: in windows spread evenly over the journal, and by halving between two neighbouring ones that
differ. A journal of at most 4,096 records is seen whole; in a longer one, a form that came and went
within a 64th of it may be missed, and is refused with the same words when it is read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import NamedTuple

from psycopg import Connection
from psycopg.rows import TupleRow

from domain.errors import UnfitRecordError, UnreadableRecordError
from domain.events.record import JourneyErased
from domain.journal import Recorded
from infra.errors import KeyStoreError
from infra.keys import KeyRing
from infra.session import READER, connect, translated

Opens = Callable[[bytes, bytes | None], Recorded]
"""Reads a stored row: header and ciphertext."""

_WINDOWS = 64
_LENGTH = 64
_HALVINGS = 64
_TRIES = 8
_SELECT_HEAD = "SELECT position FROM kette.log_head"
_SELECT_WINDOWS = f"""
    SELECT DISTINCT seen.* FROM unnest(%b::bigint[]) AS first (place), LATERAL (
        SELECT position, class, substr(header, 98, 16), ciphertext IS NOT NULL
          FROM kette.events WHERE position >= place ORDER BY position LIMIT {_LENGTH}
    ) AS seen
"""
_SELECT_NEWEST = """
    SELECT DISTINCT substr(header, 186, 16)
      FROM (SELECT header FROM kette.events ORDER BY position DESC LIMIT 1000) AS newest
"""
_SELECT_ROW = "SELECT header, ciphertext FROM kette.events WHERE position = %b"


class _Seen(NamedTuple):
    """A record as far as it can be seen without its key."""

    position: int
    data_class: str
    fingerprint: bytes
    sealed: bool


def check_keys(dsn: str, keys: KeyRing) -> None:
    """Refuse a key store that does not have the keys of the newest records: nothing may be sealed with it.

    Raises:
        KeyStoreError: If it is another journal's store, or an old copy.
    """
    with translated(), connect(dsn, READER) as connection:
        wanted = {one for (one,) in connection.execute(_SELECT_NEWEST, binary=True) if any(one)}
    if not wanted <= keys.opening(wanted).keys():
        raise KeyStoreError(
            "the key store does not have every key of the newest records: it is another one, or an old copy; "
            "name the right one in KETTE_KEYS_DSN, or restore its newest backup"
        )


def check_readable(dsn: str, opens: Opens) -> int:
    """Read one record of each form that the store holds, and return how many forms there are.

    Records that were erased tell nothing and are passed over.

    Raises:
        UnfitRecordError: If this program cannot read one; position and journey are named, no value.
        JournalCorruptError: If one is not as it was written.
        JournalUnavailableError: If the database cannot be reached.
    """
    with translated(), connect(dsn, READER) as connection:
        forms = _forms(connection)
        for places in forms:
            _read_one(connection, places, opens)
    return len(forms)


def _forms(connection: Connection[TupleRow]) -> list[list[int]]:
    """Return the first positions that were seen of each form."""
    found: defaultdict[tuple[str, bytes], list[int]] = defaultdict(list)
    for one in _sample(connection):
        places = found[one.data_class, one.fingerprint]
        if one.sealed and len(places) < _TRIES:
            places.append(one.position)
    return list(found.values())


def _sample(connection: Connection[TupleRow]) -> list[_Seen]:
    """Return records from all over the journal, with those between which the fingerprint changes."""
    (head,) = connection.execute(_SELECT_HEAD).fetchone() or (0,)
    last = max(head - _LENGTH + 1, 1)
    spread = {1 + (last - 1) * place // (_WINDOWS - 1) for place in range(_WINDOWS)}
    seen = {*_windows(connection, spread)}
    for _ in range(_HALVINGS):
        middles = [
            (one.position + other.position) // 2
            for one, other in pairwise(sorted(seen))
            if one.fingerprint != other.fingerprint and other.position - one.position > 1
        ]
        if not middles:
            break
        seen |= {*_windows(connection, middles[:_WINDOWS])}
    return sorted(seen)


def _windows(connection: Connection[TupleRow], places: Iterable[int]) -> Iterable[_Seen]:
    rows = connection.execute(_SELECT_WINDOWS, [sorted(places)], binary=True)
    return (_Seen(*row) for row in rows)


def _read_one(connection: Connection[TupleRow], places: Iterable[int], opens: Opens) -> None:
    for place in places:
        row = connection.execute(_SELECT_ROW, [place], binary=True).fetchone()
        if row is None:
            continue
        try:
            if isinstance(opens(*row).entry.fact, JourneyErased):
                continue
        except UnfitRecordError as error:
            raise UnfitRecordError(
                f"the store holds what this program cannot read: {error}; "
                "start the version that wrote it, or a later one"
            ) from None
        except UnreadableRecordError:
            continue
        return
