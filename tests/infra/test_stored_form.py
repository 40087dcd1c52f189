"""The stored form: header bytes, leaves, digests and payloads, as docs/reference/journal-format.md says."""

import hashlib
from collections.abc import Iterator
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.days import PartialDate
from domain.errors import JournalCorruptError, UnreadableRecordError
from domain.events.registry import FACTS, read_fact
from domain.fields import Confidence, LegalBasis, SourceKind
from domain.journal import Actor, Append, Entry
from infra import codec, header
from infra.journal import JournalRecorder
from infra.migrations import migrate
from infra.request import PlainPacker, Sealer
from infra.sealing import unpacked
from tests.keyring import keys_of

pytestmark = pytest.mark.both_servers

JOURNEY = UUID(int=7)
ENTRY = Entry(
    "f1", read_fact("ContactHeld", {}), PartialDate(2024, 3), Actor("anna", "cm", "team-1")
)


@pytest.fixture
def owner(dsn: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection


def stored(owner: psycopg.Connection) -> list[tuple[bytes, bytes, bytes]]:
    return owner.execute(
        "SELECT header, ciphertext, leaf FROM kette.events ORDER BY position", binary=True
    ).fetchall()


def test_the_function_writes_the_layout_that_the_program_reads(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    commands = [uuid4(), uuid4()]
    journal.append([Append(commands[0], b"a", JOURNEY, 0, (ENTRY, ENTRY))])
    journal.append([Append(commands[1], b"b", JOURNEY, 2, (ENTRY,))])
    head = journal.head()

    previous = header.ZERO_LEAF
    for place, (raw, payload, leaf) in enumerate(stored(owner), start=1):
        fields = header.unpack(raw)
        expected = header.Header(
            format=1,
            tenant=head.tenant.bytes,
            epoch=head.epoch.bytes,
            position=place,
            journey=JOURNEY.bytes,
            version=place,
            data_class=b"base".ljust(32, b"\0"),
            fingerprint=codec.fingerprint(),
            recorded_us=fields.recorded_us,
            previous_leaf=previous,
            payload_digest=hashlib.sha256(payload).digest(),
            key_id=fields.key_id,
            command_id=commands[place // 3].bytes,
            actor=fields.actor,
        )
        assert header.pack(expected) == raw
        assert leaf == hashlib.sha256(b"\0" + raw).digest()
        assert len(raw) == header.SIZE == 233
        assert fields.key_id != bytes(16)
        previous = leaf
    assert fields.recorded_at == head.recorded_at


def test_the_tenant_is_named_while_the_journal_is_empty(
    dsn: str, owner: psycopg.Connection
) -> None:
    herne, bochum = UUID(int=5_916_000), UUID(int=5_911_000)
    migrate(dsn, tenant=herne)
    with JournalRecorder(dsn, keys_of(dsn)) as journal:
        journal.append([Append(uuid4(), b"", JOURNEY, 0, (ENTRY,))])
        migrate(dsn, tenant=bochum)
        assert journal.head().tenant == herne
    assert header.unpack(stored(owner)[0][0]).tenant == herne.bytes


def test_nothing_that_is_stored_says_anything_of_person_or_fact(
    journal: JournalRecorder, owner: psycopg.Connection
) -> None:
    journal.append([Append(uuid4(), b"body", JOURNEY, 0, (ENTRY,))])
    row = owner.execute("SELECT (e.*)::text FROM kette.events e").fetchone()
    command = owner.execute("SELECT (c.*)::text FROM kette.commands c").fetchone()
    raw, payload, _ = stored(owner)[0]

    assert row is not None
    assert command is not None
    stored_text = row[0] + command[0]
    for word in ("anna", "ContactHeld", "2024-03", "body"):
        assert word not in stored_text
        assert word.encode().hex() not in stored_text
        assert word.encode() not in raw + payload


def test_the_same_actor_has_the_same_pseudonym_and_another_secret_another_one() -> None:
    request = Append(uuid4(), b"", JOURNEY, 0, (ENTRY,))
    first, second, third = (
        Sealer(secret, PlainPacker()).requests([request])[0] for secret in (b"one", b"one", b"two")
    )

    assert first.actor == second.actor != third.actor
    assert first.body_hash == second.body_hash != third.body_hash


@pytest.mark.parametrize(
    "damage", ["SET ciphertext = 'x'", "SET header = overlay(header PLACING '\\x02' FROM 1)"]
)
def test_damage_is_noticed_when_it_is_read(
    journal: JournalRecorder, owner: psycopg.Connection, damage: str
) -> None:
    journal.append([Append(uuid4(), b"", JOURNEY, 0, (ENTRY,))])
    owner.execute("ALTER TABLE kette.events DISABLE TRIGGER keep")
    owner.execute(f"UPDATE kette.events {damage}")

    with pytest.raises(JournalCorruptError):
        journal.read(JOURNEY)


def test_a_hole_stops_every_reader(journal: JournalRecorder, owner: psycopg.Connection) -> None:
    for place in range(5):
        journal.append([Append(uuid4(), b"", JOURNEY, place, (ENTRY,))])
    owner.execute("ALTER TABLE kette.events DISABLE TRIGGER forbid")
    owner.execute("DELETE FROM kette.events WHERE position = 3")

    assert len(journal.page(0, 2)) == 2
    with pytest.raises(JournalCorruptError, match="position 3"):
        journal.page(0, 5)
    with pytest.raises(JournalCorruptError, match="position 3"):
        journal.select_notifications(2, 5)


def test_a_blanked_payload_says_so(journal: JournalRecorder, owner: psycopg.Connection) -> None:
    journal.append([Append(uuid4(), b"", JOURNEY, 0, (ENTRY,))])
    owner.execute("UPDATE kette.events SET ciphertext = NULL")

    with pytest.raises(UnreadableRecordError, match="blanked"):
        journal.read(JOURNEY)


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_type_survives_the_journal(name: str) -> None:
    entry = Entry("f1", read_fact(name, {}), PartialDate(2024), Actor("p"))

    assert codec.decode(codec.encode(entry)) == entry


def test_everything_in_an_entry_survives_the_journal() -> None:
    fact = read_fact("TitleGranted", {"valid_from": "2024-03", "valid_until": "2026-02-28"})
    entry = Entry(
        "f1",
        fact,
        PartialDate(2024, 3, 31),
        Actor("anna", "case_manager", "team-1"),
        "Stadt Herne",
        SourceKind.DOCUMENT_SEEN,
        Confidence.PROBABLE,
        LegalBasis.CONSENT,
        "consent-1",
        UUID(int=1),
        UUID(int=2),
        UUID(int=3),
    )

    again = codec.decode(codec.encode(entry))

    assert again == entry
    assert again.fact.known_attributes() == fact.known_attributes()


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"not json",
        b"[]",
        b"{}",
        b'{"type": "NoSuchFact"}',
        b'{"type": ["ContactHeld"]}',
        codec.encode(ENTRY).replace(b'"attributes":{}', b'"attributes":{"nobody": "Maria"}'),
        codec.encode(ENTRY).replace(b'"2024-03"', b'"soon"'),
        codec.encode(ENTRY).replace(b'"self_report"', b'"gossip"'),
    ],
)
def test_a_payload_that_does_not_fit_is_named_without_its_values(payload: bytes) -> None:
    with pytest.raises(UnreadableRecordError) as told:
        codec.decode(payload)
    assert "Maria" not in str(told.value)


def test_a_foreign_header_is_refused() -> None:
    with pytest.raises(JournalCorruptError):
        unpacked(b"\x02" + bytes(232))
