"""A journey whose keys were destroyed by hand: it is gone, and everything else goes on."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import psycopg
import pytest

from consumers.clock import catch_up as tell
from consumers.views import catch_up, purge
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from domain.outgoing import Withheld
from infra.clock_store import ClockStore
from infra.export import export
from infra.journal import JournalRecorder
from infra.keys import KeyRing
from infra.notary_store import NotaryStore
from infra.streams.outbox import JournalOutbox
from infra.views import ViewStore, open_views
from projections.catalogue import KEPT
from schemas.public import public_event
from tests.keyring import keys_of
from tests.verify.conftest import Verify
from tests.verify.conftest import verify as verify

LIFE = ("PersonIdentified", "CaseOpened", "CourseRegistered", "NoteTaken", "ContactHeld")
VALUES = {"PersonIdentified": {"family_name": "Verborgen"}, "NoteTaken": {"text": "geheim"}}


@pytest.fixture
def people(journal: JournalRecorder) -> tuple[UUID, UUID]:
    """Record two lives; return their journeys."""
    both = (uuid4(), uuid4())
    for journey in both:
        record(journal, journey, *LIFE)
    return both


def record(journal: JournalRecorder, journey: UUID, *names: str, after: int = 0) -> None:
    entries = tuple(
        Entry(f"{name}-{after}", read_fact(name, VALUES.get(name, {})), PartialDate(2024, 2, 1))
        for name in names
    )
    journal.append([Append(uuid4(), b"", journey, after, entries)])


@pytest.fixture
def keys(dsn: str) -> Iterator[KeyRing]:
    ring = keys_of(dsn)
    yield ring
    ring.forget()


@pytest.fixture
def views(journal: JournalRecorder, keys: KeyRing) -> Iterator[ViewStore]:
    with open_views(journal.dsn, keys) as opened:
        yield opened


def destroy_by_hand(keys: KeyRing, journey: UUID) -> None:
    with psycopg.connect(keys.store.dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM kette.data_keys WHERE journey_id = %s", [journey])
    keys.forget()


def rows_of(dsn: str, journey: UUID) -> dict[str, int]:
    with psycopg.connect(dsn) as connection:
        return {
            one.name: connection.execute(
                f"SELECT count(*) FROM views.{one.name} WHERE journey = %s", [journey]
            ).fetchall()[0][0]
            for one in KEPT
        }


def test_its_rows_go_and_those_of_others_stay(
    journal: JournalRecorder, keys: KeyRing, views: ViewStore, people: tuple[UUID, UUID]
) -> None:
    gone, other = people
    catch_up(journal, views, KEPT)
    before = rows_of(journal.dsn, other)
    assert rows_of(journal.dsn, gone)["register"] == 1
    destroy_by_hand(keys, gone)

    assert purge(views, KEPT, [one.journey for one in keys.destroyed_after(0)])

    assert set(rows_of(journal.dsn, gone).values()) == {0}
    assert rows_of(journal.dsn, other) == before
    assert views.journey_header(gone) is None


def test_the_table_of_names_is_in_no_log_and_no_backup(dsn: str, views: ViewStore) -> None:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT relname, relpersistence FROM pg_class WHERE relnamespace = 'views'::regnamespace"
            " AND relkind = 'r' AND relowner = 'kette_projector'::regrole"
        ).fetchall()
    unlogged = {name for name, persistence in rows if persistence == "u"}
    assert unlogged == {one.name for one in KEPT if one.in_clear}
    assert "register" in unlogged


def test_tables_that_a_crash_emptied_are_known_and_filled_anew(
    journal: JournalRecorder, views: ViewStore, people: tuple[UUID, UUID]
) -> None:
    catch_up(journal, views, KEPT)
    assert not views.emptied()
    with psycopg.connect(journal.dsn, autocommit=True) as connection:  # as a crash leaves them
        for table in ("register", "gaps", "household", "standing"):
            connection.execute(f"TRUNCATE views.{table}")
    assert views.emptied()
    assert views.outdated()
    views.rebuild()
    assert not views.emptied()
    assert rows_of(journal.dsn, people[0])["register"] == 1


def test_rows_are_taken_out_of_tables_that_somebody_else_keeps(
    journal: JournalRecorder, views: ViewStore, people: tuple[UUID, UUID]
) -> None:
    catch_up(journal, views, KEPT)
    views.wipe([people[0]])
    assert rows_of(journal.dsn, people[0])["register"] == 0
    assert rows_of(journal.dsn, people[1])["register"] == 1


def test_everything_is_rebuilt_from_zero_without_it(
    journal: JournalRecorder, keys: KeyRing, views: ViewStore, people: tuple[UUID, UUID]
) -> None:
    gone, other = people
    destroy_by_hand(keys, gone)
    assert views.rebuild() == len(LIFE) * 2
    assert set(rows_of(journal.dsn, gone).values()) == {0}
    assert rows_of(journal.dsn, other)["register"] == 1
    record(journal, other, "CaseClosed", after=len(LIFE))
    assert catch_up(journal, views, KEPT) == len(LIFE) * 2 + 1


def test_old_checkpoints_hold_new_ones_are_signed_and_the_export_verifies(
    journal: JournalRecorder,
    keys: KeyRing,
    people: tuple[UUID, UUID],
    tmp_path: Path,
    verify: Verify,
) -> None:
    gone, other = people
    with NotaryStore(journal.dsn, tmp_path / "log") as notary:
        notary.sign()
        old = (tmp_path / "log" / "checkpoint").read_text("utf-8")
        destroy_by_hand(keys, gone)
        record(journal, other, "CaseClosed", after=len(LIFE))
        made = notary.sign()
    assert made is not None
    assert made.size == 2 * len(LIFE) + 1
    key = (tmp_path / "log" / "notary.pub").read_text("utf-8").strip()
    whole = export(journal.dsn, tmp_path / "whole").folder
    assert verify([whole], key, [old]).code == 0
    with psycopg.connect(journal.dsn) as connection:
        connection.execute(
            "UPDATE kette.events SET ciphertext = NULL WHERE journey_id = %s", [gone]
        )
    told = verify([export(journal.dsn, tmp_path / "blanked").folder], key, [old])
    assert told.code == 0
    assert told.report["blanked"] == {str(gone): 5}


def test_the_relay_tells_that_it_went_on_and_nothing_more(
    journal: JournalRecorder, keys: KeyRing, people: tuple[UUID, UUID]
) -> None:
    gone, _ = people
    destroy_by_hand(keys, gone)
    outbox = JournalOutbox(journal.dsn, keys, f"t.{uuid4()}")
    assert outbox.lead()
    outbox.standing()
    told = [one for one in outbox.facts(0, 99) if one.journey == gone]
    outbox.resign()
    assert [one.withheld for one in told] == [Withheld.ERASED] * len(LIFE)
    assert {public_event(one).name for one in told} == {"JourneyAdvanced"}


def test_the_clock_takes_back_or_leaves_what_it_told(
    journal: JournalRecorder, keys: KeyRing, people: tuple[UUID, UUID]
) -> None:
    gone, _ = people
    with ClockStore(journal.dsn, keys) as clock:
        tell(clock, PartialDate(2026, 11, 1).latest, Event())
        destroy_by_hand(keys, gone)
        tell(clock, PartialDate(2027, 11, 1).latest, Event())
    with psycopg.connect(journal.dsn) as connection:
        ((later,),) = connection.execute(
            "SELECT count(*) FROM kette.crossings WHERE journey_id = %s AND day > '2026-11-01'"
            " AND kind <> 'revoked'",
            [gone],
        ).fetchall()
    assert later == 0
