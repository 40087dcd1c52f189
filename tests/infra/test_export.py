"""The export: its form, what it refuses, and that nothing half-made is left."""

import hashlib
import io
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.errors import JournalCorruptError
from infra.errors import ExportError, JournalUnavailableError
from infra.export import export
from infra.history import HistoryLoad
from infra.merkle import continues
from infra.notes import Note, TreeHead
from tests.conftest import fresh_database
from tests.infra.exporting import (
    SEGMENT,
    exported,
    files,
    fill,
    grow,
    leaves_of,
    opened,
    root_of,
    sign,
    tell,
    unpacked,
)
from tests.keyring import keys_of


@pytest.fixture(scope="module")
def log(module_dsn: str) -> str:
    """Return a journal with everything that an export holds."""
    grow(module_dsn, 0)
    grow(module_dsn, 1)
    return module_dsn


def trailer(folder: Path) -> Any:
    return json.loads((folder / "trailer.json").read_text("utf-8"))


def rows(folder: Path, kind: str) -> list[Any]:
    return [json.loads(line) for path in sorted(folder.glob(f"{kind}*")) for line in unpacked(path)]


def test_an_export_holds_what_the_page_says(log: str, tmp_path: Path) -> None:
    made = exported(log, tmp_path / "one").trailer
    said = trailer(tmp_path / "one")

    assert list(said) == [
        "format", "tenant", "epoch", "after", "size", "crossings_after", "crossings",
        "recorded_at", "files", "checkpoint", "previous", "consistency",
    ]  # fmt: skip
    with opened(log) as journal:
        head = journal.head()
    assert said["format"] == "kette-export-1"
    assert (said["tenant"], said["epoch"]) == (str(head.tenant), str(head.epoch))
    assert (said["after"], said["size"]) == (0, head.position)
    assert (said["previous"], said["consistency"]) == (None, [])
    assert said["recorded_at"] == head.recorded_at.isoformat().replace("+00:00", "Z")
    events = rows(tmp_path / "one", "events")
    assert [list(one) for one in events] == [["header", "ciphertext"]] * made.size
    assert sum(one["ciphertext"] is None for one in events) == 2
    tree = TreeHead.parse(Note.parse(said["checkpoint"].encode()).text)
    assert (tree.size, tree.root) == (made.size, root_of(leaves_of(tmp_path / "one")))
    crossings = rows(tmp_path / "one", "crossings")
    assert [one["seq"] for one in crossings] == list(range(1, said["crossings"] + 1))
    assert len(crossings) > 3 * SEGMENT
    commands = rows(tmp_path / "one", "commands")
    firsts = [one["first_position"] for one in commands]
    dated = [one for one in firsts if one is not None]
    assert dated == sorted(dated) == firsts[: len(dated)] != firsts
    assert len(rows(tmp_path / "one", "imported")) == 4
    assert rows(tmp_path / "one", "checkpoints")[-1]["note"] == said["checkpoint"]


def test_files_are_listed_with_their_digests_and_segments_are_full(
    log: str, tmp_path: Path
) -> None:
    exported(log, tmp_path / "one")
    listed = trailer(tmp_path / "one")["files"]
    assert [one["name"] for one in listed] == sorted(
        path.name for path in (tmp_path / "one").iterdir() if path.name != "trailer.json"
    )
    for one in listed:
        packed = (tmp_path / "one" / one["name"]).read_bytes()
        assert hashlib.sha256(packed).hexdigest() == one["sha256"]
        assert len(unpacked(tmp_path / "one" / one["name"])) == one["lines"]
    segments = [one for one in listed if one["name"].startswith("events-")]
    assert len(segments) > 3
    assert {one["lines"] for one in segments[:-1]} == {SEGMENT}
    assert segments[1]["name"] == "events-000000000008.jsonl.zst"


def test_the_same_journal_gives_the_same_bytes(log: str, tmp_path: Path) -> None:
    exported(log, tmp_path / "one")
    exported(log, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_one_that_continues_holds_only_what_came_since(dsn: str, tmp_path: Path) -> None:
    grow(dsn, 0)
    first = exported(dsn, tmp_path / "one").trailer
    grow(dsn, 1)
    second = exported(dsn, tmp_path / "two", tmp_path / "one").trailer

    assert (second.after, second.previous) == (first.size, first.checkpoint)
    assert second.crossings_after == first.crossings < second.crossings
    leaves = leaves_of(tmp_path / "one") + leaves_of(tmp_path / "two")
    roots = [root_of(leaves[:size]) for size in (first.size, second.size)]
    assert continues(first.size, roots[0], second.size, roots[1], second.consistency)
    assert second.consistency
    assert all(
        one["first_position"] is None or one["first_position"] > first.size
        for one in rows(tmp_path / "two", "commands")
    )
    assert all(one["size"] > first.size for one in rows(tmp_path / "two", "checkpoints"))


def test_one_that_continues_without_news_holds_no_event(log: str, tmp_path: Path) -> None:
    exported(log, tmp_path / "one")
    again = exported(log, tmp_path / "two", tmp_path / "one").trailer
    assert (again.after, again.consistency, again.segments("events")) == (again.size, (), ())


def test_what_is_recorded_behind_the_checkpoint_waits_for_the_next(
    dsn: str, tmp_path: Path
) -> None:
    fill(dsn, [1])
    size = sign(dsn)
    fill(dsn, [2])
    tell(dsn)
    assert export(dsn, tmp_path / "one").trailer.size == size
    assert rows(tmp_path / "one", "crossings") == []
    assert {one["first_position"] or 1 for one in rows(tmp_path / "one", "commands")} <= {1, 3, 5}


def test_writing_goes_on_while_an_export_is_taken(dsn: str, tmp_path: Path) -> None:
    fill(dsn, range(1, 30))
    sign(dsn)
    whole = export(dsn, tmp_path / "before").trailer
    writing = threading.Thread(target=fill, args=(dsn, range(100, 130)))
    writing.start()
    export(dsn, tmp_path / "meanwhile")
    writing.join()
    export(dsn, tmp_path / "behind")
    events = {f"{one.name}" for one in whole.files if "events" in one.name}
    for name in ("meanwhile", "behind"):
        found = files(tmp_path / name)
        assert {one: found[one] for one in events} == {
            one: files(tmp_path / "before")[one] for one in events
        }


# What is refused


def test_without_a_checkpoint_there_is_no_export(dsn: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="nothing is signed yet"):
        export(dsn, tmp_path / "one")
    fill(dsn, [1])
    with pytest.raises(ExportError, match="nothing is signed yet"):
        export(dsn, tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


def test_history_that_is_being_loaded_is_not_exported(dsn: str, tmp_path: Path) -> None:
    fill(dsn, [1])
    sign(dsn)
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE kette.log_head SET state = 'loading'")
    with pytest.raises(ExportError, match="being loaded"):
        export(dsn, tmp_path / "one")
    with HistoryLoad(dsn, keys_of(dsn)) as load:
        load.finish()
    export(dsn, tmp_path / "one")


@pytest.mark.parametrize("taken", ["file", "folder"])
def test_a_taken_folder_is_not_written_to(log: str, tmp_path: Path, taken: str) -> None:
    target = tmp_path / "one"
    letter = target if taken == "file" else target / "letter.txt"
    letter.parent.mkdir(exist_ok=True)
    letter.write_text("dear reader")
    with pytest.raises(ExportError, match="exists already"):
        exported(log, target)
    assert letter.read_text() == "dear reader"
    assert list(tmp_path.iterdir()) == [target]


def test_an_empty_folder_may_be_there(log: str, tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    exported(log, tmp_path / "one")


def test_a_disk_that_is_full_leaves_nothing_half_made(
    log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "open", lambda *_: io.FileIO("/dev/full", "w"))
    with pytest.raises(ExportError, match="one: No space left on device"):
        exported(log, tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_export_left_is_in_nobodys_way(log: str, tmp_path: Path) -> None:
    (tmp_path / "one.partial").mkdir()
    (tmp_path / "one.partial" / "imported.jsonl.zst").write_text("half")
    exported(log, tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_a_missing_database_leaves_nothing(dsn: str, tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailableError):
        export(dsn.replace("test_", "no_such_"), tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


BREAKS = {
    "DELETE FROM kette.events WHERE position = 5": "position 5: the event is missing",
    "DELETE FROM kette.events WHERE position > 20": "position 21: the event is missing",
    "UPDATE kette.events SET position = 999 WHERE position = 6": "position 28: a row stands where no event was recorded",
    "UPDATE kette.events SET version = 77 WHERE position = 7": "position 7, .*: the header belongs to another place",
    "UPDATE kette.events SET class = 'notes' WHERE position = 8": "position 8, .*: the header belongs to another place",
    "UPDATE kette.events SET ciphertext = 'other' WHERE position = 9": "position 9, .*: the payload is not the one",
    "UPDATE kette.events SET leaf = sha256('x') WHERE position = 10": "position 10, .*: the leaf is not",
    "UPDATE kette.events SET header = set_byte(header, 0, 2) WHERE position = 11": "position 11, .*: the header cannot be read",
    "UPDATE kette.events SET header = set_byte(header, 20, 2) WHERE position = 12": "position 12, .*: the header belongs to another",
    "UPDATE kette.events SET header = set_byte(header, 120, 9) WHERE position = 13": "position 13, .*: the leaf is not",
    "UPDATE kette.events SET header = set_byte(header, 220, 9), leaf = sha256('\\x00'::bytea || set_byte(header, 220, 9))"
    " WHERE position = 14": "position 15, .*: version or previous leaf",
    "UPDATE kette.events AS e SET header = o.header, leaf = o.leaf, ciphertext = o.ciphertext FROM kette.events AS o"
    " WHERE e.position + o.position = 31 AND e.position IN (15, 16)": "position 15, .*: the header belongs to another place",
    "DELETE FROM kette.crossings WHERE seq = 3": "crossing 3 is missing",
    "UPDATE kette.checkpoints SET note = 'nonsense'": "cannot be read",
}


@pytest.mark.parametrize("damage", BREAKS, ids=lambda text: BREAKS[text][:30])
def test_a_broken_row_stops_the_export_and_is_named(
    server: Any, dsn: str, tmp_path: Path, damage: str
) -> None:
    grow(dsn, 0)
    sign(dsn)
    with psycopg.connect(dsn) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(damage)
    with pytest.raises(JournalCorruptError, match=BREAKS[damage]):
        export(dsn, tmp_path / "one")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def elsewhere(server: Any) -> Iterator[str]:
    """Return another store; all are copies of one template, so they say that they are the same log."""
    with fresh_database(server) as made:
        yield made


def test_an_export_continues_none_of_another_log(log: str, elsewhere: str, tmp_path: Path) -> None:
    exported(log, tmp_path / "one")
    with psycopg.connect(elsewhere) as connection:
        connection.execute("UPDATE kette.log_head SET epoch = gen_random_uuid()")
    grow(elsewhere, 0)
    with pytest.raises(ExportError, match="of another log"):
        exported(elsewhere, tmp_path / "two", tmp_path / "one")
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize(
    ("journeys", "complaint"), [(1, "ends at position"), (40, "its root is another one")]
)
def test_an_export_continues_none_that_is_not_its_beginning(
    log: str, elsewhere: str, tmp_path: Path, journeys: int, complaint: str
) -> None:
    exported(log, tmp_path / "one")
    fill(elsewhere, range(500, 500 + journeys))
    tell(elsewhere)
    with pytest.raises(ExportError, match=complaint):
        exported(elsewhere, tmp_path / "two", tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


ALTERED: dict[str, Callable[[Path], object]] = {
    "events-000000000008.jsonl.zst was altered": lambda at: _flip(
        at / "events-000000000008.jsonl.zst"
    ),
    "commands.jsonl.zst is missing": lambda at: (at / "commands.jsonl.zst").unlink(),
    "events-000000000999.jsonl.zst was added": lambda at: (
        at / "events-000000000999.jsonl.zst"
    ).write_bytes(b""),
    "no readable trailer": lambda at: (at / "trailer.json").unlink(),
    "trailer.json cannot be read": lambda at: (at / "trailer.json").write_text("{}"),
}


@pytest.mark.parametrize("complaint", ALTERED)
def test_an_export_continues_none_that_was_altered(
    log: str, tmp_path: Path, complaint: str
) -> None:
    exported(log, tmp_path / "one")
    ALTERED[complaint](tmp_path / "one")
    with pytest.raises(ExportError, match=complaint):
        exported(log, tmp_path / "two", tmp_path / "one")
    assert not (tmp_path / "two").exists()


def test_only_the_owner_reads_an_export(log: str, tmp_path: Path) -> None:
    exported(log, tmp_path / "one")
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o700
