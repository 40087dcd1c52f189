"""Signed notes: read and written as C2SP says, and nobody else's signature counts."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from infra.errors import KeyFileError, NoteError
from infra.notes import (
    Note,
    SigningKey,
    TreeHead,
    VerifierKey,
    cosigned,
    make_key,
    read_key,
    signed_head,
    signed_note,
)

ORIGIN = "kette/00000000-0000-0000-0000-000000000000/11111111-1111-1111-1111-111111111111"
HEAD = TreeHead(ORIGIN, 20, bytes(range(32)))


def key(kind: int = 1, name: str = ORIGIN, seed: int = 7) -> SigningKey:
    return SigningKey(name, kind, Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32))


def test_the_example_of_the_specification_verifies() -> None:
    vkey = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    read = VerifierKey.parse(vkey)
    assert str(read) == vkey
    assert Note.parse(note.encode()).signed_by(read)
    assert bytes(Note.parse(note.encode())) == note.encode()


def test_a_checkpoint_has_three_lines_and_a_signature() -> None:
    raw = bytes(signed_note(HEAD, key()))
    lines = raw.decode().split("\n")
    assert lines[:4] == [ORIGIN, "20", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert signed_head(raw, key().verifier) == HEAD


@pytest.mark.parametrize(
    "bend",
    [
        lambda raw: raw.replace(b"\n20\n", b"\n21\n"),
        lambda raw: raw.replace(b"\n20\n", b"\n020\n"),
        lambda raw: raw.replace(b"AAEC", b"AAED"),
        lambda raw: raw.replace(b"\n20\n", b"\n20\nmore\n"),
        lambda raw: raw.replace(b"1111\n20", b"1112\n20"),
        lambda raw: raw[:-5] + b"AAA=\n",
        lambda raw: raw[:-1],
        lambda raw: raw.replace("—".encode(), b"-"),
        lambda raw: raw.partition(b"\n\n")[0] + b"\n\n",
        lambda raw: b"",
        lambda raw: b"\xff" + raw,
    ],
)
def test_a_bent_checkpoint_is_refused(bend) -> None:
    raw = bytes(signed_note(HEAD, key()))
    assert bend(raw) != raw
    with pytest.raises(NoteError):
        signed_head(bend(raw), key().verifier)


def test_another_key_of_the_same_name_does_not_count() -> None:
    raw = bytes(signed_note(HEAD, key()))
    with pytest.raises(NoteError, match="not signed"):
        signed_head(raw, key(seed=8).verifier)


def test_a_wrong_line_in_the_keys_name_spoils_a_right_one() -> None:
    note = signed_note(HEAD, key())
    (line,) = note.lines
    other = key().sign("something else\n")
    assert not Note(note.text, (line, other)).signed_by(key().verifier)


def test_the_checkpoint_of_another_log_is_refused_even_if_the_key_signed_it() -> None:
    elsewhere = TreeHead(ORIGIN.replace("1", "2"), 20, HEAD.root)
    with pytest.raises(NoteError, match="of the log"):
        signed_head(bytes(signed_note(elsewhere, key())), key().verifier)


def test_a_witness_says_when_and_is_no_notary() -> None:
    witness, note = key(4, "zeuge.example/dsb", 9), signed_note(HEAD, key())
    seen = cosigned(cosigned(note, witness, 5), witness, 1_700_000_000)
    assert len(seen.lines) == 2, "an older line of the same witness goes"
    assert Note.parse(bytes(seen)).cosigned_at(witness.verifier) == 1_700_000_000
    assert signed_head(bytes(seen), key().verifier) == HEAD
    assert note.cosigned_at(witness.verifier) is None
    later = Note(seen.text.replace("20", "21"), seen.lines)
    assert later.cosigned_at(witness.verifier) is None
    same = VerifierKey(witness.name, 1, witness.verifier.public)
    assert same.hash != witness.verifier.hash
    assert not seen.signed_by(same)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "name",
        "name+00000000+AAAA",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_verifier_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "new" / "notary.key"
    assert read_key(path, ORIGIN, 1) is None
    made = make_key(path, ORIGIN, 1)
    assert path.stat().st_mode & 0o777 == 0o400
    assert [one.name for one in path.parent.iterdir()] == ["notary.key"]
    read = read_key(path, ORIGIN, 1)
    assert read is not None
    assert read.verifier == made.verifier
    with pytest.raises(KeyFileError, match="cannot be written"):
        make_key(path, ORIGIN, 1)
    for mode in (0o440, 0o404, 0o600, 0o500):
        path.chmod(mode)
        with pytest.raises(KeyFileError, match="wider than 0400"):
            read_key(path, ORIGIN, 1)


def test_a_cut_key_or_a_link_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notary.key"
    path.write_bytes(bytes(31))
    path.chmod(0o400)
    with pytest.raises(KeyFileError, match="no key of 32 bytes"):
        read_key(path, ORIGIN, 1)
    link = tmp_path / "link"
    link.symlink_to(path)
    with pytest.raises(KeyFileError):
        read_key(link, ORIGIN, 1)
