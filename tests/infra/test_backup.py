"""Backup and restore: what was recorded is there again, and a damaged backup is refused."""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.backup import back_up, read_backup, restore
from infra.embedded import EmbeddedServer
from infra.errors import (
    BackupError,
    DataFolderError,
    JournalUnavailableError,
    KekError,
    KeyMissingError,
)
from infra.journal import open_journal
from infra.kek import KekFiles
from infra.keys import KeyRing, open_keys
from infra.migrations import migrate
from infra.readback import read_back_store
from tests.keyring import TENANT, keys_of


def record(dsn: str, number: int) -> None:
    entry = Entry("f1", read_fact("ContactHeld", {}), PartialDate(2024))
    with open_journal(dsn, keys_of(dsn)) as journal:
        journal.append([Append(uuid4(), b"", UUID(int=number), 0, (entry,))])


@pytest.fixture
def backed_up(tmp_path: Path) -> Path:
    """Back a running server up after three facts, and record two more."""
    with EmbeddedServer(tmp_path / "first") as server:
        migrate(server.dsn())
        for number in range(1, 6):
            if number == 4:
                keys = keys_of(server.dsn()).store
                backup = back_up(server.dsn(), keys.dsn, tmp_path / "backup")
            record(server.dsn(), number)
    assert backup.position == 3
    return backup.folder


def test_a_restored_journal_holds_what_was_backed_up_and_goes_on(
    backed_up: Path, tmp_path: Path
) -> None:
    restored = restore(backed_up, tmp_path / "second", None)
    shutil.copytree(tmp_path / "first" / "run-kek", tmp_path / "second" / "run-kek")

    with EmbeddedServer(tmp_path / "second") as server:
        with open_journal(server.dsn(), keys_of(server.dsn())) as journal:
            assert [one.journey for one in journal.page(0, 9)] == [UUID(int=n) for n in (1, 2, 3)]
            assert str(journal.head().epoch) == restored.epoch
        record(server.dsn(), 9)
    assert read_backup(backed_up).position == 3


def test_a_folder_that_holds_a_database_is_not_restored_into(
    backed_up: Path, tmp_path: Path
) -> None:
    with pytest.raises(DataFolderError, match="holds a database already"):
        restore(backed_up, tmp_path / "first", None)


@contextmanager
def both(place: Path) -> Iterator[tuple[str, KeyRing]]:
    """Run a journal and its key store, each on a server of its own."""
    with EmbeddedServer(place) as server, EmbeddedServer(place / "keys") as beside:
        migrate(server.dsn(), TENANT)
        with open_keys(beside.dsn(), KekFiles(place.parent / "kek"), TENANT) as keys:
            yield server.dsn(), keys


def test_every_event_of_a_backup_has_its_key_in_it(tmp_path: Path) -> None:
    stop, done = threading.Event(), Counter[str]()

    def write(dsn: str, keys: KeyRing) -> None:
        with open_journal(dsn, keys) as journal:
            while not stop.is_set():
                entry = Entry("f1", read_fact("ContactHeld", {}), PartialDate(2024))
                journal.append([Append(uuid4(), b"", uuid4(), 0, (entry,))])
                done["written"] += 1

    with both(tmp_path / "first") as (dsn, keys):
        writing = threading.Thread(target=write, args=(dsn, keys))
        writing.start()
        backup = back_up(dsn, keys.store.dsn, tmp_path / "backup")
        stop.set()
        writing.join()
    restore(backup.folder, tmp_path / "second", tmp_path / "second" / "keys")
    with both(tmp_path / "second") as (dsn, keys):
        found = read_back_store(dsn, keys.store)
        with open_journal(dsn, keys) as journal:
            assert len(journal.page(0, 100_000)) == found.position
    assert backup.position < found.position <= done["written"]


def test_the_keys_that_wrap_are_in_no_backup_and_a_restore_needs_them(tmp_path: Path) -> None:
    with both(tmp_path / "first") as (dsn, keys):
        with open_journal(dsn, keys) as journal:
            entry = Entry("f1", read_fact("ContactHeld", {}), PartialDate(2024))
            journal.append([Append(uuid4(), b"", UUID(int=1), 0, (entry,))])
        back_up(dsn, keys.store.dsn, tmp_path / "backup")
    wrapping = [path.read_bytes() for path in (tmp_path / "kek").iterdir()]
    assert [len(one) for one in wrapping] == [32]
    for path in (tmp_path / "backup").rglob("*"):
        assert not path.is_file() or wrapping[0] not in path.read_bytes()

    place = tmp_path / "elsewhere" / "second"
    restore(tmp_path / "backup", place, place / "keys")
    with pytest.raises(KekError, match=r"epoch-0001\.key"), both(place):
        pass


def test_a_key_store_of_another_backup_is_noticed(tmp_path: Path) -> None:
    with both(tmp_path / "first") as (dsn, keys):
        back_up(dsn, keys.store.dsn, tmp_path / "older")
        with open_journal(dsn, keys) as journal:
            entry = Entry("f1", read_fact("ContactHeld", {}), PartialDate(2024))
            journal.append([Append(uuid4(), b"", UUID(int=1), 0, (entry,))])
        back_up(dsn, keys.store.dsn, tmp_path / "newer")
    shutil.rmtree(tmp_path / "older" / "postgres")
    place = tmp_path / "second"
    restore(tmp_path / "newer", place, place / "keys", tmp_path / "older")
    with both(place) as (dsn, keys), pytest.raises(KeyMissingError, match="1 of 1 keys"):
        read_back_store(dsn, keys.store)
    shutil.rmtree(tmp_path / "newer" / "keys")
    with pytest.raises(BackupError, match="no key store any more"):
        restore(tmp_path / "newer", tmp_path / "third", tmp_path / "third" / "keys")
    assert not (tmp_path / "third").exists()


DAMAGES = {
    "flip": "pg_control was altered",
    "lose": "pg_control is missing",
    "add": "extra was added",
    "rewrite": "manifest was altered",
    "cut": "write-ahead log",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused(backed_up: Path, tmp_path: Path, damage: str) -> None:
    victim = backed_up / "postgres" / "global" / "pg_control"
    match damage:
        case "rewrite":
            manifest = backed_up / "postgres" / "backup_manifest"
            manifest.write_text(manifest.read_text().replace("PG_VERSION", "PG_VISION"))
        case "cut":
            for segment in (backed_up / "postgres" / "pg_wal").glob("0*"):
                segment.unlink()
        case "flip":
            content = bytearray(victim.read_bytes())
            content[100] ^= 1
            victim.write_bytes(content)
        case "lose":
            victim.unlink()
        case _:
            (victim.parent / "extra").write_text("")
    with pytest.raises(BackupError, match=DAMAGES[damage]):
        restore(backed_up, tmp_path / "second", None)
    assert not (tmp_path / "second" / "postgres").exists()


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no backup"):
        restore(tmp_path, tmp_path / "second", None)


def test_a_taken_folder_is_not_written_to(dsn: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    with pytest.raises(BackupError, match="exists already"):
        back_up(dsn, dsn, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_missing_database_leaves_nothing_half_written(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    with pytest.raises(JournalUnavailableError):
        back_up(server.dsn("nowhere"), server.dsn(), tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []
