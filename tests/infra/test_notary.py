"""The notary: signs what it read back, goes on after every crash, and nothing that was altered gets a signature."""

import shutil
from itertools import pairwise
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from domain.integrity import AlteredError, Flaw
from infra.errors import JournalBusyError, KeyFileError, LogFolderError, NotaryKeyError, TileError
from infra.inspection import bounds
from infra.merkle import Frontier, consistency, continues, leaf_hash
from infra.notary_store import CHECKPOINT, KEY, PUBLIC_KEY, NotaryStore
from infra.notes import VerifierKey, signed_head
from infra.session import NOTARY, READER, connect
from infra.tiles import TileFolder, TileReader, TileWriter
from tests.infra.notarial import record, signed, tamper


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def files(log: Path) -> dict[str, bytes]:
    """Return what is published."""
    return {
        str(path.relative_to(log)): path.read_bytes()
        for path in log.rglob("*")
        if path.is_file() and path.name != KEY
    }


def leaves(dsn: str) -> list[bytes]:
    with connect(dsn, READER) as connection:
        rows = connection.execute("SELECT header FROM kette.events ORDER BY position").fetchall()
    return [leaf_hash(stored) for (stored,) in rows]


def checkpoints(dsn: str) -> list[tuple[int, bytes]]:
    with connect(dsn, READER) as connection:
        return connection.execute(
            "SELECT size, root FROM kette.checkpoints ORDER BY size"
        ).fetchall()


def test_nothing_is_signed_before_something_was_recorded(dsn: str, log: Path) -> None:
    assert signed(dsn, log) == 0
    assert not log.exists()


def test_every_checkpoint_is_signed_over_the_root_of_the_headers(dsn: str, log: Path) -> None:
    edge = Frontier()
    for count in (1, 7, 300, 1_000):
        record(dsn, count)
        size = signed(dsn, log)
        for leaf in leaves(dsn)[edge.size :]:
            edge.append(leaf)
        key = VerifierKey.parse((log / PUBLIC_KEY).read_text())
        head = signed_head((log / CHECKPOINT).read_bytes(), key)
        assert (head.size, head.root) == (size, edge.root())
        with connect(dsn, READER) as connection:
            assert head.origin == bounds(connection).origin == key.name
    assert [size for size, _ in checkpoints(dsn)] == [1, 8, 308, 1_308]


def test_each_checkpoint_continues_the_one_before_by_the_tiles_alone(dsn: str, log: Path) -> None:
    for count in (3, 254, 1, 500):
        record(dsn, count)
        signed(dsn, log)
    made = checkpoints(dsn)
    for (old, old_root), (new, new_root) in pairwise(made):
        proof = consistency(TileReader(TileFolder(log).fetch, new).nodes, old, new)
        assert continues(old, old_root, new, new_root, proof)


def test_signing_again_without_news_changes_nothing(dsn: str, log: Path) -> None:
    record(dsn, 300)
    signed(dsn, log)
    before = files(log)
    assert signed(dsn, log) == 300
    assert files(log) == before
    assert len(checkpoints(dsn)) == 1


def test_the_key_is_for_its_owner_alone(dsn: str, log: Path) -> None:
    record(dsn, 1)
    signed(dsn, log)
    assert (log / KEY).stat().st_mode & 0o777 == 0o400
    (log / KEY).chmod(0o440)
    record(dsn, 1)
    with pytest.raises(KeyFileError, match="wider than 0400"):
        signed(dsn, log)
    assert len(checkpoints(dsn)) == 1


def test_another_key_signs_only_when_it_is_asked_for_and_there_is_news(dsn: str, log: Path) -> None:
    record(dsn, 5)
    signed(dsn, log)
    old = (log / PUBLIC_KEY).read_text()
    (log / KEY).unlink()
    with pytest.raises(NotaryKeyError, match="bring it back"):
        signed(dsn, log)
    with NotaryStore(dsn, log, new_key=True) as store, pytest.raises(NotaryKeyError, match="next"):
        store.sign()
    record(dsn, 1)
    with NotaryStore(dsn, log, new_key=True) as store:
        store.sign()
    assert (log / PUBLIC_KEY).read_text() != old
    record(dsn, 1)
    assert signed(dsn, log) == 7


def test_one_signs_at_a_time(dsn: str, log: Path) -> None:
    record(dsn, 5)
    with NotaryStore(dsn, log) as store, store._locked(), pytest.raises(JournalBusyError):
        signed(dsn, log)
    assert signed(dsn, log) == 5


def test_the_notary_may_sign_and_nothing_else(dsn: str) -> None:
    for statement in (
        "UPDATE kette.events SET ciphertext = NULL",
        "DELETE FROM kette.checkpoints",
        "UPDATE kette.checkpoints SET root = ''",
        "DELETE FROM kette.refusals",
        "SELECT * FROM kette.commands",
        "INSERT INTO kette.tracking VALUES ('x', 1)",
    ):
        with connect(dsn, NOTARY) as connection, pytest.raises(psycopg.Error):
            connection.execute(statement.encode())


class KilledError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("step", range(1, 12))
def test_after_a_kill_at_any_step_the_tree_goes_on_as_if_nothing_was(
    dsn: str, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    record(dsn, 250)
    signed(dsn, log)
    record(dsn, 600)
    taken = 0

    def dying(function):
        def called(*arguments, **named):
            nonlocal taken
            taken += 1
            if taken == step:
                raise KilledError
            return function(*arguments, **named)

        return called

    for owner, name in (
        (TileFolder, "write"),
        (TileFolder, "prune"),
        (TileWriter, "finish"),
        (NotaryStore, "_confirm"),
        (NotaryStore, "_insert"),
        (NotaryStore, "_publish"),
        (TileFolder, "replace"),
    ):
        monkeypatch.setattr(owner, name, dying(getattr(owner, name)))
    with NotaryStore(dsn, log) as store:
        try:
            store.sign()
        except KilledError:
            pass
        else:
            assert step > taken, "every step was taken"
    monkeypatch.undo()
    record(dsn, 30)
    assert signed(dsn, log) == 880
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(log, elsewhere, ignore=shutil.ignore_patterns("tile"))
    signed(dsn, elsewhere)
    assert tiles(elsewhere) == tiles(log), "the tree made anew from the table is the same"


def tiles(log: Path) -> dict[str, bytes]:
    """Return the tiles of the newest tree: older narrow ones may stand beside them or not."""
    size = signed_head(
        (log / CHECKPOINT).read_bytes(), VerifierKey.parse((log / PUBLIC_KEY).read_text())
    ).size
    found = {name: content for name, content in files(log).items() if name.startswith("tile/")}
    return {
        name: content
        for name, content in found.items()
        if ".p/" not in name or int(name.rpartition("/")[2]) in {size % 256, size // 256}
    }


def test_missing_tiles_are_made_anew_from_the_table(dsn: str, log: Path) -> None:
    record(dsn, 700)
    signed(dsn, log)
    before = files(log)
    shutil.rmtree(log / "tile")
    record(dsn, 1)
    assert signed(dsn, log) == 701
    assert tiles(log).items() <= files(log).items()
    assert files(log)["tile/0/000"] == before["tile/0/000"]


def test_a_damaged_tile_is_said_and_nothing_is_signed(dsn: str, log: Path) -> None:
    record(dsn, 300)
    signed(dsn, log)
    damage(log / "tile/0/001.p/44", 5)
    record(dsn, 1)
    with pytest.raises(AlteredError) as caught:
        signed(dsn, log)
    assert (caught.value.broken.flaw, caught.value.broken.position) == (Flaw.TILE, 262)
    shutil.rmtree(log / "tile")
    assert signed(dsn, log) == 301


def damage(tile: Path, place: int) -> None:
    content = bytearray(tile.read_bytes())
    content[place * 32] ^= 1
    tile.chmod(0o644)
    tile.write_bytes(content)


def test_rows_that_change_between_their_tiles_and_their_signature_are_noticed(
    dsn: str, log: Path
) -> None:
    record(dsn, 300)
    with NotaryStore(dsn, log) as store, pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_insert", _kill)
        with pytest.raises(KilledError):
            store.sign()
    rewrite(dsn, 100)
    with pytest.raises(TileError, match="other hashes") as caught:
        signed(dsn, log)
    assert caught.value.position == 100
    assert refusals(dsn)[-1][0] == 100


def _kill(*_arguments: object) -> None:
    raise KilledError


def rewrite(dsn: str, begin: int) -> None:
    """Write everything from a position on anew, as somebody could who knows how the journal is made."""
    tamper(
        dsn,
        f"""
        DO $$
        DECLARE one record; prior bytea; made bytea;
        BEGIN
            FOR one IN SELECT * FROM kette.events WHERE position >= {begin} ORDER BY position LOOP
                SELECT e.leaf INTO prior FROM kette.events e
                 WHERE e.journey_id = one.journey_id AND e.version < one.version ORDER BY e.version DESC LIMIT 1;
                made := substr(one.header, 1, 121)
                     || coalesce(prior, decode(repeat('00', 32), 'hex'))
                     || sha256(one.ciphertext || '\\x20') || substr(one.header, 186);
                UPDATE kette.events SET header = made, ciphertext = one.ciphertext || '\\x20',
                       leaf = sha256('\\x00'::bytea || made) WHERE position = one.position;
            END LOOP;
        END $$
        """,
    )


def refusals(dsn: str) -> list[tuple[int, str]]:
    with connect(dsn, READER) as connection:
        return connection.execute(
            "SELECT position, reason FROM kette.refusals ORDER BY at"
        ).fetchall()


SWAPPED_PAYLOADS = """
UPDATE kette.events AS a SET ciphertext = b.ciphertext FROM kette.events AS b
 WHERE (a.position, b.position) IN ((6, 7), (7, 6))
"""
SWAPPED_ROWS = """
UPDATE kette.events AS a SET header = b.header, ciphertext = b.ciphertext, leaf = b.leaf
  FROM kette.events AS b WHERE (a.position, b.position) IN ((6, 7), (7, 6))
"""
SWAPPED_PLACES = (
    "UPDATE kette.events SET position = -6 WHERE position = 6",
    "UPDATE kette.events SET position = 6 WHERE position = 7",
    "UPDATE kette.events SET position = 7 WHERE position = -6",
)
LEAF_TOO = "leaf = sha256('\\x00'::bytea || {header})"
BENT = "overlay(header PLACING '\\xff' FROM {at} FOR 1)"


def bent(at: int) -> str:
    header = BENT.format(at=at)
    return f"UPDATE kette.events SET header = {header}, leaf = sha256('\\x00'::bytea || {header}) WHERE position = 6"


TAMPERINGS: dict[str, tuple[tuple[str, ...], Flaw, int]] = {
    "payload": (
        ("UPDATE kette.events SET ciphertext = ciphertext || '\\x20' WHERE position = 6",),
        Flaw.DIGEST,
        6,
    ),
    "payloads swapped": ((SWAPPED_PAYLOADS,), Flaw.DIGEST, 6),
    "rows swapped": ((SWAPPED_ROWS,), Flaw.COLUMNS, 6),
    "places swapped": (SWAPPED_PLACES, Flaw.COLUMNS, 6),
    "header": (
        (f"UPDATE kette.events SET header = {BENT.format(at=125)} WHERE position = 6",),
        Flaw.LEAF,
        6,
    ),
    "format": ((bent(1),), Flaw.HEADER, 6),
    "epoch": ((bent(20),), Flaw.COLUMNS, 6),
    "version in the header": ((bent(63),), Flaw.COLUMNS, 6),
    "previous leaf": ((bent(125),), Flaw.LINK, 6),
    "leaf": (("UPDATE kette.events SET leaf = sha256(leaf) WHERE position = 6",), Flaw.LEAF, 6),
    "journey": (
        (f"UPDATE kette.events SET journey_id = '{UUID(int=99)}' WHERE position = 6",),
        Flaw.COLUMNS,
        6,
    ),
    "class": (
        ("UPDATE kette.events SET class = 'notes' WHERE position = 6",),
        Flaw.COLUMNS,
        6,
    ),
    "recorded earlier": (
        (
            "UPDATE kette.events SET header = overlay(header PLACING '\\x0000' FROM 114 FOR 2) WHERE position = 15",
            "UPDATE kette.events SET leaf = sha256('\\x00'::bytea || header) WHERE position = 15",
        ),
        Flaw.ORDER,
        15,
    ),
    "deleted": (("DELETE FROM kette.events WHERE position = 6",), Flaw.MISSING, 6),
    "cut": (("DELETE FROM kette.events WHERE position > 12",), Flaw.MISSING, 13),
    "doubled": (
        (
            f"INSERT INTO kette.events SELECT 16, '{UUID(int=98)}', 1, class, header, ciphertext, leaf"
            " FROM kette.events WHERE position = 6",
        ),
        Flaw.EXTRA,
        16,
    ),
    "before the first": (
        (
            f"INSERT INTO kette.events SELECT 0, '{UUID(int=98)}', 1, class, header, ciphertext, leaf"
            " FROM kette.events WHERE position = 6",
        ),
        Flaw.EXTRA,
        0,
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_was_altered_before_it_was_signed_is_not_signed(
    dsn: str, log: Path, name: str
) -> None:
    statements, flaw, position = TAMPERINGS[name]
    record(dsn, 15)
    tamper(dsn, *statements)
    with pytest.raises(AlteredError, match=f"position {position}") as caught:
        signed(dsn, log)
    assert (caught.value.broken.flaw, caught.value.broken.position) == (flaw, position)
    assert checkpoints(dsn) == []
    assert [one for one, _ in refusals(dsn)] == [position]
    with pytest.raises(AlteredError):
        signed(dsn, log)
    assert len(refusals(dsn)) == 1, "what is known is not written again"


def test_a_journal_that_was_cut_behind_its_checkpoint_is_not_signed(dsn: str, log: Path) -> None:
    record(dsn, 15)
    signed(dsn, log)
    tamper(
        dsn,
        "DELETE FROM kette.events WHERE position > 12",
        "UPDATE kette.log_head SET position = 12",
    )
    record(dsn, 2)
    with pytest.raises(AlteredError, match="position 15: the event is missing"):
        signed(dsn, log)


def test_a_database_that_was_set_back_with_its_checkpoints_is_not_signed(
    dsn: str, log: Path
) -> None:
    record(dsn, 15)
    signed(dsn, log)
    tamper(dsn, "DELETE FROM kette.checkpoints")
    record(dsn, 2)
    with pytest.raises(AlteredError, match="set back"):
        signed(dsn, log)


def test_a_suffix_that_was_written_anew_does_not_get_past_a_lost_folder(
    dsn: str, log: Path
) -> None:
    record(dsn, 15)
    signed(dsn, log)
    rewrite(dsn, 6)
    record(dsn, 2)
    shutil.rmtree(log / "tile")
    with pytest.raises(AlteredError, match="not those that were signed"):
        signed(dsn, log)


def test_the_folder_of_another_journal_is_refused(dsn: str, log: Path) -> None:
    record(dsn, 3)
    signed(dsn, log)
    tamper(dsn, "UPDATE kette.log_head SET epoch = gen_random_uuid()")
    with pytest.raises(NotaryKeyError, match="another journal"):
        signed(dsn, log)


def test_a_folder_that_cannot_be_written_is_said_and_waited_for(dsn: str, log: Path) -> None:
    record(dsn, 3)
    signed(dsn, log)
    record(dsn, 300)
    (log / "tile/0/000").mkdir()
    with pytest.raises((LogFolderError, TileError)):
        signed(dsn, log)
    (log / "tile/0/000").rmdir()
    assert signed(dsn, log) == 303
