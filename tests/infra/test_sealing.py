"""Sealing: nothing opens but in its place and with its key; what is moved, altered or orphaned is named."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.days import PartialDate
from domain.errors import JournalCorruptError
from domain.events.record import JourneyErased
from domain.events.registry import read_fact
from domain.fields import DataClass
from domain.journal import Append, Entry, Recorded
from infra import codec, header
from infra.errors import KeyDestroyedError, KeyMissingError, KeyStoreError
from infra.journal import JournalRecorder
from infra.keys import KeyRing
from infra.sealing import Row, records
from infra.selftest import check_keys
from tests.keyring import keys_of

ANNA, BORIS = UUID(int=41), UUID(int=42)
NOTE = read_fact("NoteTaken", {"text": "Amina ist schwanger"})


@pytest.fixture
def owner(dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


@pytest.fixture
def keys(dsn: str) -> Iterator[KeyRing]:
    """Give the keys, and take the keys of both journeys away afterwards where a test destroyed some."""
    ring = keys_of(dsn)
    yield ring
    ring.forget()


def told(journal: JournalRecorder, journey: UUID, *types: str) -> None:
    entries = tuple(
        Entry(f"f{place}", NOTE if name == "NoteTaken" else read_fact(name, {}), PartialDate(2024))
        for place, name in enumerate(types)
    )
    journal.append([Append(uuid4(), b"", journey, 0, entries)])


def rows(owner: psycopg.Connection) -> list[Row]:
    statement = "SELECT header, ciphertext FROM kette.events ORDER BY position"
    return owner.execute(statement, binary=True).fetchall()


def test_the_same_fact_is_never_sealed_twice_alike(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "ContactHeld", "ContactHeld")
    (_, first), (_, second) = rows(owner)
    assert first is not None
    assert second is not None
    assert first[12:20] != second[12:20]
    assert len(first) == len(second)


def test_classes_have_keys_of_their_own(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "ContactHeld", "NoteTaken", "PersonIdentified", "CaseOpened")
    ids = [stored[header.KEY_ID] for stored, _ in rows(owner)]
    assert ids[0] == ids[3]
    assert len(set(ids)) == 3


SWAPS = {
    "ciphertexts": "SET ciphertext = other.ciphertext",
    "headers": "SET header = other.header, leaf = other.leaf",
    "headers and ciphertexts": "SET header = other.header, leaf = other.leaf, ciphertext = other.ciphertext",
}


@pytest.mark.parametrize("what", SWAPS)
def test_two_rows_that_were_swapped_are_noticed(
    journal: JournalRecorder, owner: psycopg.Connection, what: str
) -> None:
    told(journal, ANNA, "NoteTaken")
    told(journal, BORIS, "NoteTaken")
    owner.execute(
        f"UPDATE kette.events AS e {SWAPS[what]} FROM kette.events AS other"
        " WHERE other.position = 3 - e.position"
    )
    for read in (lambda: journal.read(ANNA), lambda: journal.read(BORIS)):
        with pytest.raises((JournalCorruptError, KeyMissingError), match="position"):
            read()


def test_a_row_that_was_put_under_another_journey_is_noticed(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "NoteTaken")
    told(journal, BORIS, "NoteTaken")
    owner.execute(
        "UPDATE kette.events SET journey_id = %s, version = 2 WHERE position = 1", [BORIS]
    )
    with pytest.raises(JournalCorruptError, match=f"position 1 stands under journey {BORIS}"):
        journal.read(BORIS)


def test_a_journey_without_its_beginning_is_noticed(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "CaseOpened", "NoteTaken", "ContactHeld")
    assert len(journal.read(ANNA, 1)) == 2
    owner.execute("DELETE FROM kette.events WHERE position = 1")
    with pytest.raises(JournalCorruptError, match="position 2 does not follow"):
        journal.read(ANNA)


def test_the_destroyed_key_of_somebody_else_is_no_erasure(
    journal: JournalRecorder, owner: psycopg.Connection, keys: KeyRing
) -> None:
    gone = uuid4()
    told(journal, gone, "ContactHeld")
    told(journal, ANNA, "ContactHeld")
    ((other, _), _) = rows(owner)
    keys.destroy(gone)
    owner.execute(
        "UPDATE kette.events SET header = overlay(header PLACING %s FROM 186) WHERE position = 2",
        [other[header.KEY_ID]],
    )
    with pytest.raises((KeyMissingError, JournalCorruptError), match=f"journey {ANNA}"):
        journal.read(ANNA)


def test_two_records_of_one_journey_that_were_swapped_are_noticed(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "CaseOpened", "CaseClosed", "ContactHeld")
    owner.execute(
        "UPDATE kette.events AS e SET header = other.header, leaf = other.leaf, ciphertext ="
        " other.ciphertext FROM kette.events AS other WHERE e.position < 3"
        " AND other.position = 3 - e.position"
    )
    with pytest.raises(JournalCorruptError, match="does not follow"):
        journal.read(ANNA)


@pytest.mark.parametrize("offset", [1, 40, 41, 64, 65, 96, 97, 112])
def test_what_a_payload_is_bound_to_cannot_be_changed(
    journal: JournalRecorder, owner: psycopg.Connection, keys: KeyRing, offset: int
) -> None:
    told(journal, ANNA, "NoteTaken")
    ((stored, ciphertext),) = rows(owner)
    changed = bytearray(stored)
    changed[offset] ^= 1
    bound = 1 <= offset < 17 or 41 <= offset < 113
    if bound:
        with pytest.raises((JournalCorruptError, KeyMissingError)):
            records([(bytes(changed), ciphertext)], keys)
    else:
        assert records([(bytes(changed), ciphertext)], keys)


def test_what_was_never_sealed_is_not_read(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "ContactHeld")
    payload = codec.encode(Entry("f0", NOTE))
    owner.execute(
        "UPDATE kette.events SET ciphertext = %s,"
        " header = overlay(overlay(header PLACING sha256(%s) FROM 154) PLACING %s FROM 186)",
        [payload, payload, bytes(16)],
    )
    with pytest.raises(JournalCorruptError, match="never sealed"):
        journal.read(ANNA)


def test_a_key_that_the_store_does_not_know_is_named_by_journey_and_class(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "NoteTaken")
    owner.execute(
        "UPDATE kette.events SET header = overlay(header PLACING %s FROM 186)", [uuid4().bytes]
    )
    with pytest.raises(KeyMissingError, match=f"journey {ANNA}, class notes"):
        journal.read(ANNA)


def test_the_key_of_another_class_does_not_open(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    told(journal, ANNA, "NoteTaken", "ContactHeld")
    (_, (base, _)) = rows(owner)
    owner.execute(
        "UPDATE kette.events SET header = overlay(header PLACING %s FROM 186) WHERE position = 1",
        [base[header.KEY_ID]],
    )
    with pytest.raises((KeyMissingError, JournalCorruptError), match=f"journey {ANNA}"):
        journal.page(0, 1)


def types(found: list[Recorded]) -> list[str]:
    return [one.entry.fact.type_name() for one in found]


def test_a_journey_whose_keys_are_destroyed_is_read_as_erased_and_takes_nothing_more(
    journal: JournalRecorder, keys: KeyRing
) -> None:
    gone = uuid4()
    told(journal, gone, "ContactHeld", "NoteTaken")
    told(journal, BORIS, "ContactHeld")
    assert keys.destroy(gone) == len(DataClass)

    assert all(isinstance(one.entry.fact, JourneyErased) for one in journal.read(gone))
    assert types(journal.page(0, 9)) == ["JourneyErased", "JourneyErased", "ContactHeld"]
    with pytest.raises(KeyDestroyedError, match=f"journey {gone}"):
        told(journal, gone, "ContactHeld")
    assert types(journal.read(BORIS)) == ["ContactHeld"]


def test_a_key_store_without_the_newest_key_is_refused_before_anything_is_written(
    journal: JournalRecorder, owner: psycopg.Connection, keys: KeyRing
) -> None:
    check_keys(journal.dsn, keys)
    told(journal, ANNA, "ContactHeld")
    check_keys(journal.dsn, keys)
    owner.execute(
        "UPDATE kette.events SET header = overlay(header PLACING %s FROM 186)", [uuid4().bytes]
    )
    with pytest.raises(KeyStoreError, match="another one, or an old copy"):
        check_keys(journal.dsn, keys)


def test_a_destroyed_newest_key_is_no_reason_to_refuse(
    journal: JournalRecorder, keys: KeyRing
) -> None:
    gone = uuid4()
    told(journal, gone, "ContactHeld")
    keys.destroy(gone)
    check_keys(journal.dsn, keys)
