"""Backup and restore: what was recorded is there again, and a damaged backup is refused."""

import shutil
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.backup import back_up, read_backup, restore
from infra.embedded import EmbeddedServer
from infra.errors import BackupError, DataFolderError, JournalUnavailableError
from infra.journal import open_journal
from infra.migrations import migrate
from tests.keyring import keys_of


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
                backup = back_up(server.dsn(), tmp_path / "backup")
            record(server.dsn(), number)
    assert backup.position == 3
    return backup.folder


def test_a_restored_journal_holds_what_was_backed_up_and_goes_on(
    backed_up: Path, tmp_path: Path
) -> None:
    restored = restore(backed_up, tmp_path / "second")
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
        restore(backed_up, tmp_path / "first")


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
        restore(backed_up, tmp_path / "second")
    assert not (tmp_path / "second" / "postgres").exists()


def test_what_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no backup"):
        restore(tmp_path, tmp_path / "second")


def test_a_taken_folder_is_not_written_to(dsn: str, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear reader")
    with pytest.raises(BackupError, match="exists already"):
        back_up(dsn, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_a_missing_database_leaves_nothing_half_written(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    with pytest.raises(JournalUnavailableError):
        back_up(server.dsn("nowhere"), tmp_path / "backup")
    assert list(tmp_path.iterdir()) == []
