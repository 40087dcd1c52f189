"""The witness: cosigns what continues the tree that it saw, and nothing else, whatever the log shows."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from infra.errors import LogUnreachableError, NotaryKeyError, WitnessError
from infra.notary_store import CHECKPOINT, PUBLIC_KEY
from infra.notes import Note, VerifierKey
from infra.tiles import TileFolder
from infra.witness import Witness, reader_of
from kette.__main__ import app
from tests.infra.notarial import record, signed, tamper
from tests.infra.test_notary import rewrite

See = Callable[..., int]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


def key_of(log: Path) -> VerifierKey:
    return VerifierKey.parse((log / PUBLIC_KEY).read_text())


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "witness" / "seen"


def see(state: Path, log: Path, seconds: int = 1_700_000_000) -> int:
    """Let the witness look; return the size that it cosigned."""
    witness = Witness(state, key_of(log), "zeuge")
    head, note = witness.cosign(reader_of(str(log)), seconds)
    assert note.cosigned_at(witness.key) == seconds
    return head.size


def test_a_growing_log_is_cosigned(dsn: str, log: Path, state: Path) -> None:
    for count, size in ((3, 3), (500, 503), (1, 504)):
        record(dsn, count)
        signed(dsn, log)
        assert see(state, log) == size
        assert see(state, log) == size, "the same tree once more is no harm"
    assert state.with_name("seen.key").stat().st_mode & 0o777 == 0o400


def test_a_log_that_has_shrunk_is_refused_and_what_was_seen_stays(
    dsn: str, log: Path, state: Path, tmp_path: Path
) -> None:
    record(dsn, 300)
    signed(dsn, log)
    older = tmp_path / "older"
    shutil.copytree(log, older)
    record(dsn, 10)
    signed(dsn, log)
    see(state, log)
    before = state.read_bytes()
    with pytest.raises(WitnessError, match="has shrunk: 300 events, and 310"):
        see(state, older)
    assert state.read_bytes() == before
    assert see(state, log) == 310


def forged(dsn: str, log: Path, begin: int) -> Path:
    """Return the log of a journal that was written anew from a position on, signed with the same key."""
    rewrite(dsn, begin)
    tamper(dsn, "DELETE FROM kette.checkpoints")
    elsewhere = log.with_name("forged")
    elsewhere.mkdir()
    shutil.copy(log / "notary.key", elsewhere)
    signed(dsn, elsewhere)
    return elsewhere


@pytest.mark.parametrize("more", [0, 1, 300])
@pytest.mark.parametrize("begin", [1, 150, 300])
def test_another_tree_is_refused_even_if_the_notary_signed_it(
    dsn: str, log: Path, state: Path, begin: int, more: int
) -> None:
    record(dsn, 300)
    signed(dsn, log)
    see(state, log)
    before = state.read_bytes()
    if more:
        record(dsn, more)
    with pytest.raises(WitnessError, match="does not continue"):
        see(state, forged(dsn, log, begin))
    assert state.read_bytes() == before
    assert see(state, log) == 300


def test_a_signature_of_somebody_else_is_refused(
    dsn: str, log: Path, state: Path, tmp_path: Path
) -> None:
    record(dsn, 3)
    signed(dsn, log)
    right = key_of(log)
    tamper(dsn, "DELETE FROM kette.checkpoints")
    signed(dsn, tmp_path / "other")
    with pytest.raises(WitnessError, match="not signed"):
        Witness(state, right, "zeuge").cosign(reader_of(str(tmp_path / "other")), 1)
    assert not state.exists()


def test_tiles_that_do_not_hold_the_signed_tree_are_refused(
    dsn: str, log: Path, state: Path
) -> None:
    record(dsn, 300)
    signed(dsn, log)
    files = TileFolder(log)

    def bent(path: str) -> bytes | None:
        found = files.fetch(path)
        return bytes(32) + found[32:] if found and path.startswith("tile/0/001") else found

    witness = Witness(state, key_of(log), "zeuge")
    with pytest.raises(WitnessError, match="does not continue"):
        witness.cosign(bent, 1)
    with pytest.raises(WitnessError, match="does not prove"):
        witness.cosign(lambda path: files.fetch(path) if path == CHECKPOINT else None, 1)


def test_a_witness_remembers_one_log_and_its_own_name(dsn: str, log: Path, state: Path) -> None:
    record(dsn, 3)
    signed(dsn, log)
    see(state, log)
    key = key_of(log)
    other = VerifierKey(key.name.replace("0", "1"), 1, key.public)
    with pytest.raises(NotaryKeyError, match="remembers another log"):
        Witness(state, other, "zeuge").cosign(reader_of(str(log)), 1)
    state.write_text("{}")
    with pytest.raises(NotaryKeyError, match="cannot be read"):
        see(state, log)
    with pytest.raises(NotaryKeyError, match="no blank"):
        Witness(state, key, "two words")


def test_a_log_that_is_not_there_is_said(tmp_path: Path, dsn: str, log: Path, state: Path) -> None:
    record(dsn, 3)
    signed(dsn, log)
    with pytest.raises(LogUnreachableError):
        reader_of(str(tmp_path / "nowhere"))
    with pytest.raises(LogUnreachableError):
        Witness(state, key_of(log), "z").cosign(reader_of("http://127.0.0.1:9/log"), 1)
    (tmp_path / "empty").mkdir()
    with pytest.raises(LogUnreachableError, match="no checkpoint"):
        Witness(state, key_of(log), "z").cosign(reader_of(str(tmp_path / "empty")), 1)


def test_the_command_writes_the_cosigned_checkpoint_and_ends_with_1_where_it_refuses(
    dsn: str, log: Path, state: Path, tmp_path: Path
) -> None:
    record(dsn, 30)
    signed(dsn, log)
    key, out = key_of(log), tmp_path / "given" / "cosigned"
    call = ["witness", str(log), "--state", str(state), "--key", str(key), "--name", "dsb"]
    done = CliRunner().invoke(app, [*call, "--out", str(out)])
    assert done.exit_code == 0, done.output
    vkey = VerifierKey.parse(done.stdout.strip().rpartition(" ")[2])
    note = Note.parse(out.read_bytes())
    assert note.signed_by(key)
    assert note.cosigned_at(vkey) is not None
    kept = out.read_bytes()
    refused = CliRunner().invoke(
        app, [*call[:1], str(forged(dsn, log, 6)), *call[2:], "--out", str(out)]
    )
    assert refused.exit_code == 1
    assert "not cosigned: the tree of 30 events does not continue" in refused.output
    assert out.read_bytes() == kept
    assert CliRunner().invoke(app, [*call[:1], str(tmp_path / "no"), *call[2:]]).exit_code == 5
    assert CliRunner().invoke(app, [*call[:5], "nokey"]).exit_code == 2
