"""The tables of a consumer group: rows and offsets together, fenced, built once, taken over cleanly."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.arrived import BEHIND, Kept, Parked, Place, Span
from domain.errors import UnreadableRecordError
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.errors import JournalBusyError, JournalUnavailableError
from infra.journal import JournalRecorder
from infra.session import READER, connect
from infra.streams.consumer_build import Begin, GroupTables
from infra.streams.consumer_store import ConsumerStore
from infra.streams.errors import GroupError, RowsRefusedError, TopicLostError
from projections.change import Change
from projections.folding import rows_of
from projections.stations import STATIONS
from projections.status import STATUS
from tests.keyring import keys_of

GROUP = "kette-stations"
TOPIC_ID = UUID(int=9)
ANNA, BERT = UUID(int=1), UUID(int=2)
KEPT = (STATIONS,)


def begin(**changes: Any) -> Begin:
    told = {"topic": "t", "topic_id": TOPIC_ID, "ends": {0: 5, 1: 7}} | changes
    return Begin(**told)


def built(dsn: str, *, anew: bool = False, group: str = GROUP, kept: Any = KEPT) -> list[str]:
    said: list[str] = []
    GroupTables(dsn, keys_of(dsn), group, kept).ensure(begin, said.append, anew=anew)
    return said


@pytest.fixture
def store(dsn: str) -> Iterator[ConsumerStore]:
    built(dsn)
    with ConsumerStore(dsn, keys_of(dsn), GROUP, KEPT) as opened:
        yield opened


def tell(journal: JournalRecorder, journey: UUID, *names: str, after: int = 0) -> None:
    entries = tuple(
        Entry(f"f{after + place}", read_fact(name, {})) for place, name in enumerate(names, start=1)
    )
    journal.append([Append(uuid4(), b"", journey, after, entries)])


def change(journal: JournalRecorder, *journeys: UUID, parked: Sequence[Parked] = ()) -> Change:
    rows = [(one, rows_of(KEPT, one, journal.read(one))) for one in journeys]
    return Change(rows, {one: len(journal.read(one)) for one in journeys}, parked)


def aside(journey: UUID, version: int, offset: int = 5) -> Parked:
    headers = [("ce_type", b"x"), ("empty", None)]
    return Parked(journey, version, "why", Kept("t", 0, offset, b"key", b"value", headers))


def rows(dsn: str, table: str = "streamed.stations") -> list[Any]:
    with connect(dsn, READER) as connection:
        return connection.execute(f"SELECT * FROM {table} ORDER BY journey").fetchall()


def test_a_batch_writes_rows_versions_and_offsets_at_once(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened", "CourseStarted")
    places = store.claim([0, 1])
    assert places == {0: Place(5, 2), 1: Place(7, 2)}

    assert store.write([Span(0, 5, 9, 2)], change(journal, ANNA))

    assert store.places([0, 1]) == {0: Place(9, 2), 1: Place(7, 2)}
    assert store.standing([ANNA, BERT]).versions == {ANNA: 2}
    assert [row[0] for row in rows(dsn)] == [ANNA]
    restored = store.rows([ANNA, BERT])
    assert restored == {ANNA: rows_of(KEPT, ANNA, journal.read(ANNA))["stations"][0]}


@pytest.mark.parametrize(
    "span", [Span(0, 4, 9, 2), Span(0, 6, 9, 2), Span(0, 5, 9, 1), Span(0, 5, 9, 3)]
)
def test_from_elsewhere_or_by_another_generation_nothing_is_written(
    store: ConsumerStore, journal: JournalRecorder, dsn: str, span: Span
) -> None:
    tell(journal, ANNA, "CaseOpened")
    store.claim([0, 1])

    assert not store.write([span, Span(1, 7, 8, 2)], change(journal, ANNA))

    assert rows(dsn) == []
    assert store.places([0, 1]) == {0: Place(5, 2), 1: Place(7, 2)}
    assert not store.standing([ANNA]).versions


def test_who_was_taken_over_can_write_nothing_more(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened")
    mine = store.claim([0])[0]
    with ConsumerStore(dsn, keys_of(dsn), GROUP, KEPT) as successor:
        theirs = successor.claim([0])[0]
        assert not store.write([Span(0, 5, 9, mine.generation)], change(journal, ANNA))
        assert successor.write([Span(0, 5, 9, theirs.generation)], change(journal, ANNA))
        assert not store.write([Span(0, 9, 12, mine.generation)], change(journal, ANNA))
    assert store.places([0]) == {0: Place(9, 3)}


def test_a_takeover_waits_for_whoever_writes(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened")
    mine = store.claim([0])[0].generation
    taken: list[Place] = []
    with psycopg.connect(dsn) as holding:
        holding.execute("SELECT FROM kette.streamed_places WHERE partition = 1 FOR UPDATE")
        with ConsumerStore(dsn, keys_of(dsn), GROUP, KEPT) as successor:
            thread = Thread(target=lambda: taken.append(successor.claim([0, 1])[0]))
            thread.start()
            assert store.places([0])[0].generation == mine
            holding.rollback()
            thread.join()
    assert taken == [Place(5, mine + 1)]


def test_a_locked_partition_is_busy_and_not_lost(store: ConsumerStore, dsn: str) -> None:
    with psycopg.connect(dsn) as holding:
        holding.execute("SELECT FROM kette.streamed_places FOR UPDATE")
        with pytest.raises(JournalBusyError):
            store.claim([0])
    assert store.claim([0]) == {0: Place(5, 2)}


def test_a_database_that_went_away_is_found_again(store: ConsumerStore, dsn: str) -> None:
    store.claim([0])
    with psycopg.connect(dsn, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(JournalUnavailableError):
        store.places([0])
    assert store.places([0]) == {0: Place(5, 2)}


@pytest.mark.parametrize(
    "state",
    ["40P01", "40001", "53100", "25006"],
    ids=["deadlock", "serialization", "disk", "standby"],
)
def test_what_passes_is_waited_for_and_then_written(
    store: ConsumerStore, journal: JournalRecorder, dsn: str, state: str
) -> None:
    tell(journal, ANNA, "CaseOpened")
    span = Span(0, 5, 9, store.claim([0])[0].generation)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '{state}'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER fails BEFORE INSERT ON streamed.stations EXECUTE FUNCTION fail()"
        )
        with pytest.raises(JournalUnavailableError):
            store.write([span], change(journal, ANNA))
        connection.execute("DROP TRIGGER fails ON streamed.stations")

    assert store.places([0])[0].next_offset == 5
    assert store.write([span], change(journal, ANNA))


def test_a_row_that_the_database_refuses_is_found_and_the_rest_is_written(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened")
    tell(journal, BERT, "CaseOpened")
    good = change(journal, BERT)
    poisoned = [("\0", *row[1:]) for row in rows_of(KEPT, ANNA, journal.read(ANNA))["stations"]]
    both = Change([(ANNA, {"stations": poisoned}), *good.rows], {ANNA: 1, BERT: 1})
    place = store.claim([0])[0]
    span = Span(0, 5, 9, place.generation)

    with pytest.raises(RowsRefusedError):
        store.write([span], both)
    assert store.refused(both) == {ANNA}
    assert rows(dsn) == []
    assert store.write([span], good)
    assert [row[0] for row in rows(dsn)] == [BERT]


def test_what_is_parked_comes_back_as_it_came_and_in_its_order(store: ConsumerStore) -> None:
    generation = store.claim([0])[0].generation
    waiting = [aside(ANNA, 4, 6), aside(ANNA, 3, 5), aside(BERT, 1, 7), aside(ANNA, 4, 8)]

    assert store.write([Span(0, 5, 9, generation)], Change(parked=waiting))

    assert store.waiting() == [ANNA, BERT]
    assert store.parked(ANNA) == [aside(ANNA, 3, 5), aside(ANNA, 4, 6)]
    assert store.standing([ANNA, BERT, UUID(int=3)]).parked == {ANNA, BERT}


def test_a_journey_is_freed_only_with_all_that_waits_behind_it(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened", "CourseStarted")
    generation = store.claim([0])[0].generation
    store.write([Span(0, 5, 6, generation)], Change(parked=[aside(ANNA, 1)]))
    seen = store.parked(ANNA)
    store.write([Span(0, 6, 7, generation)], Change(parked=[aside(ANNA, 2)]))

    assert not store.free(ANNA, seen, change(journal, ANNA))
    assert store.free(ANNA, store.parked(ANNA), change(journal, ANNA))
    assert not store.waiting()
    assert store.standing([ANNA]).versions == {ANNA: 2}
    assert [row[0] for row in rows(dsn)] == [ANNA]


def test_the_journal_tells_whole_journeys_and_which_cannot_be_read(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened", "CourseStarted")
    tell(journal, BERT, "CaseOpened")
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE kette.events SET ciphertext = NULL WHERE position = 3")

    told = dict(store.told([ANNA, BERT, UUID(int=3)]))

    assert told[ANNA] == journal.read(ANNA)
    assert isinstance(told[BERT], UnreadableRecordError)
    assert told[UUID(int=3)] == ()


def test_erasures_are_found_by_their_positions(
    store: ConsumerStore, journal: JournalRecorder
) -> None:
    tell(journal, ANNA, "CaseOpened", "JourneyErased")
    tell(journal, BERT, "ContactHeld")

    assert store.erased([1, 2, 3]) == {ANNA}
    assert store.erased([1, 3]) == frozenset()
    assert store.erased([]) == frozenset()


def test_a_new_group_begins_at_the_ends_with_what_the_journal_holds(
    journal: JournalRecorder, dsn: str
) -> None:
    for number in range(1, 120):
        tell(
            journal,
            UUID(int=number),
            *random.Random(number).choices(["CaseOpened", "ContactHeld"], k=3),
        )

    assert built(dsn) == [
        "building from the journal up to position 357",
        "built up to position 357",
    ]
    assert built(dsn) == [], "it is there already"

    with ConsumerStore(dsn, keys_of(dsn), GROUP, KEPT) as store:
        everybody = [UUID(int=number) for number in range(1, 120)]
        assert store.places([0, 1]) == {0: Place(5, 1), 1: Place(7, 1)}
        assert store.standing(everybody).versions == dict.fromkeys(everybody, 3)
        expected = {one: rows_of(KEPT, one, journal.read(one))["stations"] for one in everybody}
        assert store.rows(everybody) == {one: row[0] for one, row in expected.items() if row}


def test_what_was_to_wait_behind_a_journey_freed_meanwhile_is_read_again(
    store: ConsumerStore,
) -> None:
    generation = store.claim([0])[0].generation
    store.write([Span(0, 5, 6, generation)], Change(parked=[aside(BERT, 1)]))
    behind = Change(parked=[replace(aside(BERT, 2, 6), reason=BEHIND)])
    assert store.free(BERT, store.parked(BERT), Change(versions={BERT: 1}))

    assert not store.write([Span(0, 6, 7, generation)], behind)

    assert not store.waiting()
    assert store.places([0]) == {0: Place(6, generation)}


def test_what_waits_behind_a_journey_still_parked_is_kept_with_it(store: ConsumerStore) -> None:
    generation = store.claim([0])[0].generation
    store.write([Span(0, 5, 6, generation)], Change(parked=[aside(BERT, 1)]))

    behind = Change(parked=[replace(aside(BERT, 2, 6), reason=BEHIND)])
    assert store.write([Span(0, 6, 7, generation)], behind)

    assert [one.version for one in store.parked(BERT)] == [1, 2]


def test_a_rebuild_fences_whoever_still_holds_the_old_tables(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened")
    generation = store.claim([0])[0].generation
    store.write([Span(0, 5, 6, generation)], Change(parked=[aside(BERT, 1)]))

    built(dsn, anew=True)

    assert not store.write([Span(0, 6, 9, generation)], change(journal, ANNA))
    assert store.places([0])[0].generation > generation
    assert not store.waiting(), "a rebuild reads what was parked from the journal"
    assert [row[0] for row in rows(dsn)] == [ANNA]


def test_tables_of_another_shape_are_built_anew(store: ConsumerStore, dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE kette.streamed_groups SET shape = 'older'")
    assert "built up to position 0" in built(dsn)


def test_a_member_of_an_older_program_cannot_take_over_newer_tables(
    store: ConsumerStore, dsn: str
) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("UPDATE kette.streamed_groups SET shape = 'newer'")
    with pytest.raises(GroupError, match="same version everywhere"):
        store.claim([0])


def test_of_several_members_one_builds(journal: JournalRecorder, dsn: str) -> None:
    tell(journal, ANNA, "CaseOpened")
    said: list[list[str]] = []
    threads = [Thread(target=lambda: said.append(built(dsn))) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sum("built up to position 1" in one for one in said) == 1


def test_a_topic_of_another_id_is_never_followed_silently(store: ConsumerStore, dsn: str) -> None:
    tables = GroupTables(dsn, keys_of(dsn), GROUP, KEPT)
    other = begin(topic_id=UUID(int=10))

    with pytest.raises(TopicLostError, match="--rebuild"):
        tables.ensure(lambda: other, print)
    tables.ensure(lambda: other, print, anew=True)
    tables.ensure(lambda: other, print)


def test_who_reads_the_old_topic_cannot_take_over_tables_that_follow_a_new_one(
    store: ConsumerStore, dsn: str
) -> None:
    with ConsumerStore(dsn, keys_of(dsn), GROUP, KEPT, topic_id=TOPIC_ID) as old:
        before = old.claim([0, 1])
        following = begin(topic="t.g2", topic_id=UUID(int=10), ends={0: 2, 1: 3})
        GroupTables(dsn, keys_of(dsn), GROUP, KEPT).ensure(lambda: following, print)

        with pytest.raises(GroupError, match="follow another topic"):
            old.claim([0, 1])

    assert store.places([0, 1]) == {
        0: Place(2, before[0].generation + 1),
        1: Place(3, before[1].generation + 1),
    }


def test_two_groups_never_keep_one_table(store: ConsumerStore, dsn: str) -> None:
    with pytest.raises(GroupError, match="--group kette-stations"):
        built(dsn, group="kette-other")
    built(dsn, group="kette-status", kept=(STATUS,))


def test_a_partition_that_the_tables_do_not_know_is_named(store: ConsumerStore) -> None:
    with pytest.raises(GroupError, match=r"know no partition \[2\]"):
        store.claim([0, 2])


def test_a_build_that_is_killed_leaves_the_old_tables(
    store: ConsumerStore, journal: JournalRecorder, dsn: str
) -> None:
    tell(journal, ANNA, "CaseOpened")
    built(dsn, anew=True)
    tell(journal, BERT, "CaseOpened")
    with psycopg.connect(dsn) as holding, psycopg.connect(dsn, autocommit=True) as watching:
        holding.execute("SELECT FROM kette.streamed_places FOR UPDATE")
        failures: list[BaseException] = []

        def build() -> None:
            try:
                built(dsn, anew=True)
            except JournalUnavailableError as error:
                failures.append(error)

        thread = Thread(target=build)
        thread.start()
        waits = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while thread.is_alive() and not (found := watching.execute(waits).fetchall()):
            pass
        watching.execute("SELECT pg_terminate_backend(%s)", found[0])
        thread.join()
        holding.rollback()
    assert failures
    assert [row[0] for row in rows(dsn)] == [ANNA]
    assert "built up to position 2" in built(dsn, anew=True)
    assert [row[0] for row in rows(dsn)] == [ANNA, BERT]
