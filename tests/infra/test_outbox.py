"""The journal as the relay reads it, on a real PostgreSQL."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.crossings import CrossingKind
from domain.days import PartialDate
from domain.errors import JournalCorruptError
from domain.events.registry import read_fact
from domain.fields import DataClass
from domain.journal import Append, Entry
from domain.outgoing import Target, Withheld
from infra import header
from infra.errors import JournalUnavailableError
from infra.journal import JournalRecorder
from infra.streams.outbox import JournalOutbox
from tests.keyring import keys_of

A, B = UUID(int=1), UUID(int=2)


def entry(
    name: str, type_name: str, data_class: DataClass | None = None, **attributes: object
) -> Entry:
    fact = read_fact(type_name, attributes)
    return Entry(name, fact, PartialDate(2024, 5, 6), corrected_class=data_class)


def record(journal: JournalRecorder, journey: UUID, *entries: Entry, after: int = 0) -> None:
    (answer,) = journal.append([Append(uuid4(), b"", journey, after, entries)])
    assert answer.count == len(entries)


@pytest.fixture
def outbox(dsn: str) -> Iterator[JournalOutbox]:
    opened = JournalOutbox(dsn, keys_of(dsn), "a.topic")
    assert opened.lead()
    yield opened
    opened.resign()


def withheld(outbox: JournalOutbox) -> list[Withheld | None]:
    outbox.standing()
    found = outbox.facts(0, 100)
    assert all((one.entry is None) == (one.withheld is not None) for one in found)
    return [one.withheld for one in found]


def test_only_class_base_is_opened(journal: JournalRecorder, outbox: JournalOutbox) -> None:
    record(
        journal,
        A,
        entry("a", "CaseOpened"),
        entry("b", "PersonIdentified", family_name="Amsel"),
        entry("c", "NoteTaken", text="x"),
    )
    assert withheld(outbox) == [None, Withheld.CLASS, Withheld.CLASS]
    opened, *_ = outbox.facts(0, 100)
    (row,) = journal.page(0, 1)
    assert opened.entry == row.entry
    assert (opened.journey, opened.version, opened.recorded_at, opened.command_id) == (
        A,
        1,
        row.recorded_at,
        row.command_id,
    )


def test_what_is_not_published_is_not_handed_out(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    record(journal, A, entry("a", "ContactHeld", minutes=3), entry("b", "CaseOpened"))
    assert withheld(outbox) == [Withheld.NOT_PUBLISHED, None]


def test_a_leaf_is_that_of_the_stored_record(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    record(journal, A, entry("a", "CaseOpened"), entry("b", "ContactHeld"))
    outbox.standing()
    assert [one.leaf for one in outbox.facts(0, 9)] == [outbox.leaf(1), outbox.leaf(2)]
    assert outbox.leaf(3) is None
    with psycopg.connect(journal.dsn) as connection:
        stored = connection.execute("SELECT header FROM kette.events ORDER BY position").fetchall()
    assert outbox.leaf(2) == header.leaf(stored[1][0])


def test_nothing_of_an_erased_journey_is_opened_wherever_its_erasure_stands(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    record(journal, A, entry("a", "CaseOpened"))
    record(journal, B, entry("a", "CaseOpened"))
    assert withheld(outbox) == [None, None]
    record(journal, A, entry("b", "JourneyErased"), entry("c", "CaseClosed"), after=1)
    assert withheld(outbox) == [Withheld.ERASED, None, Withheld.ERASED, Withheld.ERASED]
    assert (outbox.erased_at(A), outbox.erased_at(B)) == (3, None)


def test_an_erasure_far_ahead_is_known_before_the_first_record_is_opened(
    journal: JournalRecorder, outbox: JournalOutbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.streams.outbox._SCAN", 2)
    record(journal, A, entry("a", "CaseOpened"))
    record(journal, B, *(entry(f"b{n}", "ContactHeld") for n in range(6)))
    record(journal, A, entry("z", "JourneyErased"), after=1)
    assert outbox.standing().position == 8
    (first,) = outbox.facts(0, 1)
    assert first.withheld is Withheld.ERASED


def test_what_only_looks_like_an_erasure_erases_nothing(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    changed = {"type": "JourneyErased"}
    record(
        journal,
        A,
        entry("a", "CaseOpened"),
        entry("b", "EventCorrected", target="a", attributes=changed),
    )
    assert withheld(outbox) == [None, None]


def test_a_blanked_payload_is_withheld_as_erased(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    record(journal, A, entry("a", "CaseOpened"), entry("b", "CaseClosed"))
    with psycopg.connect(journal.dsn) as connection:
        connection.execute("UPDATE kette.events SET ciphertext = NULL WHERE position = 1")
    assert withheld(outbox) == [Withheld.ERASED, None]


def test_corrections_know_version_and_type_of_their_target(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    record(
        journal,
        A,
        entry("a", "CaseOpened"),
        entry("b", "CourseStarted"),
        entry("c", "EventCorrected", target="b", attributes={"module_no": 2}),
        entry("d", "EventRetracted", target="c"),
        entry("e", "EventRetracted", target="never recorded"),
    )
    record(journal, B, entry("a", "ContactHeld"), entry("x", "EventRetracted", target="a"))
    outbox.standing()
    assert [one.target for one in outbox.facts(2, 9)] == [
        Target(2, "CourseStarted"),
        Target(3, "EventCorrected", "CourseStarted"),
        None,
        None,
        Target(1, "ContactHeld"),
    ]


def test_a_correction_of_what_must_not_be_opened_is_not_opened(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    changed = {"family_name": "Drossel"}
    record(
        journal,
        A,
        entry("a", "PersonIdentified"),
        entry("b", "EventCorrected", DataClass.IDENTITY, target="a", attributes=changed),
    )
    assert withheld(outbox) == [Withheld.CLASS, Withheld.CLASS]


def test_a_block_ends_before_it_grows_too_large(journal: JournalRecorder) -> None:
    record(
        journal, A, *(entry(f"e{n}", "HandoverOffered", transfer_scope="x" * 200) for n in range(9))
    )
    small = JournalOutbox(journal.dsn, keys_of(journal.dsn), "another.topic", block_bytes=1_100)
    assert small.lead()
    small.standing()
    assert [one.position for one in small.facts(0, 100)] == [1, 2, 3]
    assert [one.position for one in small.facts(3, 2)] == [4, 5]
    small.resign()
    tiny = JournalOutbox(journal.dsn, keys_of(journal.dsn), "another.topic", block_bytes=1)
    assert tiny.lead()
    tiny.standing()
    assert [one.position for one in tiny.facts(0, 100)] == [1]
    tiny.resign()


def test_nothing_is_read_beyond_what_the_search_for_erasures_has_seen(
    journal: JournalRecorder, outbox: JournalOutbox
) -> None:
    record(journal, A, entry("a", "CaseOpened"))
    assert outbox.standing().position == 1
    record(journal, A, entry("b", "ContactHeld"), after=1)
    assert [one.position for one in outbox.facts(0, 9)] == [1]


def test_a_hole_in_the_journal_stops_it(journal: JournalRecorder, outbox: JournalOutbox) -> None:
    record(journal, A, *(entry(f"e{n}", "ContactHeld") for n in range(3)))
    with psycopg.connect(journal.dsn) as connection:
        connection.execute("ALTER TABLE kette.events DISABLE TRIGGER ALL")
        connection.execute("DELETE FROM kette.events WHERE position = 2")
    outbox.standing()
    with pytest.raises(JournalCorruptError, match="position 2"):
        outbox.facts(0, 9)


def test_an_altered_payload_stops_it(journal: JournalRecorder, outbox: JournalOutbox) -> None:
    record(journal, A, entry("a", "CaseOpened"))
    with psycopg.connect(journal.dsn) as connection:
        connection.execute("ALTER TABLE kette.events DISABLE TRIGGER ALL")
        connection.execute("UPDATE kette.events SET ciphertext = ciphertext || ' '::bytea")
    with pytest.raises(JournalCorruptError, match=f"position 1, journey {A}"):
        outbox.standing()


def test_one_leads_each_topic_until_its_connection_is_lost(journal: JournalRecorder) -> None:
    first, second, other = (
        JournalOutbox(journal.dsn, keys_of(journal.dsn), name)
        for name in ("a.topic", "a.topic", "another.topic")
    )
    assert first.lead()
    assert not second.lead()
    assert other.lead()
    with psycopg.connect(journal.dsn, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
        )
    with pytest.raises(JournalUnavailableError):
        first.standing()
    assert second.lead()
    assert not first.lead()
    for one in (first, second, other):
        one.resign()


def test_who_does_not_lead_reads_nothing(journal: JournalRecorder) -> None:
    with pytest.raises(JournalUnavailableError):
        JournalOutbox(journal.dsn, keys_of(journal.dsn), "a.topic").standing()


def test_a_ring_ends_the_wait(journal: JournalRecorder, outbox: JournalOutbox) -> None:
    record(journal, A, entry("a", "CaseOpened"))
    outbox.wait(60)
    assert outbox.standing().position == 1


def cross(dsn: str, seq: int, basis: int) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "INSERT INTO kette.crossings (seq, basis_position, journey_id, kind, name, key, day, round,"
            " noticed_at, told) VALUES (%s, %s, %s, 'opened', 'F01', %s, '2026-03-04', 0, now(), %s)",
            [seq, basis, A, f"k{seq}", '{"severity": "high", "versions": [1, 2]}'],
        )


def test_crossings_come_in_order_up_to_the_first_that_rests_on_more(
    dsn: str, outbox: JournalOutbox
) -> None:
    for seq, basis in ((1, 1), (2, 3), (3, 2)):
        cross(dsn, seq, basis)
    assert outbox.standing().crossing == 3
    (first,) = outbox.crossings(0, 2, 9)
    assert (first.seq, first.basis_position, first.journey, first.kind) == (
        1,
        1,
        A,
        CrossingKind.OPENED,
    )
    assert (first.name, first.key, first.day) == ("F01", "k1", date(2026, 3, 4))
    assert first.told == {"severity": "high", "versions": [1, 2]}
    assert [one.seq for one in outbox.crossings(1, 3, 9)] == [2, 3]
    assert [one.seq for one in outbox.crossings(0, 3, 2)] == [1, 2]


def test_a_hole_in_the_crossings_stops_it(dsn: str, outbox: JournalOutbox) -> None:
    cross(dsn, 1, 1)
    cross(dsn, 3, 1)
    with pytest.raises(JournalCorruptError, match="crossing 2"):
        outbox.crossings(0, 1, 9)
