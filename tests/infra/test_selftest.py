"""The self-test before serving: forms that this program cannot read are found, and refused by their place."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

import orjson
import psycopg
import pytest

from domain.days import PartialDate
from domain.errors import UnfitRecordError, UnreadableRecordError
from domain.events.registry import read_fact
from domain.fact import Fact
from domain.journal import Actor, Entry, Recorded
from infra import codec, header
from infra.corpus import released_forms, releases
from infra.selftest import check_readable

FIRST = bytes.fromhex(releases()[0].fingerprint)
NEWER = bytes.fromhex("ab" * 16)
JOURNEY = UUID(int=7)


def payload(name: str, **attributes: object) -> bytes:
    fact: Fact = read_fact(name, attributes)
    return codec.encode(Entry("f1", fact, PartialDate(2024), Actor("anna")))


HELD = payload("ContactHeld")
SUSPENDED = orjson.dumps(
    next(one for one in released_forms() if one.type == "CaseSuspended").payloads[1]
)
STRANGE = HELD.replace(b'"attributes":{}', b'"attributes":{"mood":"geheim"}')


def plain(raw: bytes, told: bytes | None) -> Recorded:
    """Read a row that was not sealed."""
    if told is None:
        raise UnreadableRecordError("blanked")
    fields = header.unpack(raw)
    return codec.recorded(fields, codec.entry(fields, told))


class Store:
    """Rows as other versions of the program would have written them."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self._connection = psycopg.connect(dsn, autocommit=True)
        self._position = 0

    def close(self) -> None:
        self._connection.close()

    def add(self, told: bytes, written_by: bytes, data_class: str = "base", times: int = 1) -> None:
        rows = [self._row(told, written_by, data_class) for _ in range(times)]
        with (
            self._connection.cursor() as cursor,
            cursor.copy(
                "COPY kette.events (position, journey_id, version, class, header, ciphertext, leaf)"
                " FROM STDIN"
            ) as copy,
        ):
            for row in rows:
                copy.write_row(row)
        self._connection.execute("UPDATE kette.log_head SET position = %s", [self._position])

    def erase(self, position: int) -> None:
        self._connection.execute(
            "UPDATE kette.events SET ciphertext = NULL WHERE position = %s", [position]
        )

    def _row(self, told: bytes, written_by: bytes, data_class: str) -> Iterable[object]:
        self._position += 1
        fields = header.Header(
            format=1,
            tenant=bytes(16),
            epoch=bytes(16),
            position=self._position,
            journey=JOURNEY.bytes,
            version=self._position,
            data_class=data_class.encode(),
            fingerprint=written_by,
            recorded_us=0,
            previous_leaf=bytes(32),
            payload_digest=hashlib.sha256(told).digest(),
            key_id=bytes(16),
            command_id=bytes(16),
            actor=bytes(16),
        )
        raw = header.pack(fields)
        place = self._position
        return place, JOURNEY, place, data_class, raw, told, header.leaf(raw)


@pytest.fixture
def store(dsn: str) -> Iterable[Store]:
    made = Store(dsn)
    yield made
    made.close()


def test_an_empty_store_holds_no_form(dsn: str) -> None:
    assert check_readable(dsn, plain) == 0


def test_one_record_of_each_class_and_fingerprint_is_read(store: Store) -> None:
    store.add(SUSPENDED, FIRST, times=40)
    store.add(payload("NoteTaken"), FIRST, "notes")
    store.add(HELD, codec.fingerprint(), times=9)
    store.add(payload("PersonIdentified"), codec.fingerprint(), "identity")
    read: list[int] = []

    def opens(raw: bytes, told: bytes | None) -> Recorded:
        one = plain(raw, told)
        read.append(one.position)
        return one

    assert check_readable(store.dsn, opens) == 4
    assert read == [1, 41, 42, 51]


@pytest.mark.parametrize(
    ("written_by", "says"),
    [
        (FIRST, "(position 3, journey 00000000-0000-0000-0000-000000000007);"),
        (NEWER, "journey 00000000-0000-0000-0000-000000000007; written by another version of the"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place_and_without_a_value(
    store: Store, written_by: bytes, says: str
) -> None:
    store.add(HELD, codec.fingerprint(), times=2)
    store.add(STRANGE, written_by)

    with pytest.raises(UnfitRecordError) as refused:
        check_readable(store.dsn, plain)
    assert "the store holds what this program cannot read" in str(refused.value)
    assert says in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_what_a_newer_program_wrote_and_this_one_can_read_is_no_reason_to_stop(
    store: Store,
) -> None:
    store.add(HELD, NEWER)
    assert check_readable(store.dsn, plain) == 1


def test_what_was_erased_is_passed_over(store: Store) -> None:
    store.add(STRANGE, NEWER)
    store.add(HELD, NEWER)
    store.erase(1)
    assert check_readable(store.dsn, plain) == 1


@pytest.mark.parametrize("place", [1, 9_000, 17_990])
def test_a_form_that_stands_for_a_while_in_a_long_journal_is_found(
    store: Store, place: int
) -> None:
    """Three programs after each other, of which the middle one wrote a 30th of the journal."""
    store.add(HELD, FIRST, times=place)
    store.add(STRANGE, NEWER, times=600)
    store.add(HELD, codec.fingerprint(), times=18_000 - place)

    with pytest.raises(UnfitRecordError, match="written by another version"):
        check_readable(store.dsn, plain)


def test_few_records_between_two_programs_are_found_by_halving(store: Store) -> None:
    store.add(HELD, FIRST, times=7_777)
    store.add(STRANGE, NEWER)
    store.add(HELD, codec.fingerprint(), times=7_777)

    with pytest.raises(UnfitRecordError, match="position 7778"):
        check_readable(store.dsn, plain)
