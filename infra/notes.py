"""Signed notes of C2SP: checkpoints, the keys that sign and verify them, and cosignatures of witnesses.

The forms are those of c2sp.org/signed-note, tlog-checkpoint and tlog-cosignature; ``docs/reference/journal-format.md``
says what Kette writes into them.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from typing_extensions import override

from infra.errors import KeyFileError, NoteError
from infra.keyfile import make_secret, read_secret

_SIGNER, _COSIGNER = 1, 4
_KEY_SIZE, _HASH_SIZE, _SIGNATURE_SIZE, _TIME_SIZE = 32, 4, 64, 8
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_LINE = re.compile(r"— ([^\s+]+) (\S+)")
_ORIGIN = re.compile(r"kette/[0-9a-f-]{36}/[0-9a-f-]{36}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """The public half of a key with its name.

    Attributes:
        kind: 1 signs notes, 4 cosigns checkpoints at a time.
    """

    name: str
    kind: int
    public: bytes

    @property
    def hash(self) -> bytes:
        """Return the four bytes by which a signature line names its key."""
        return hashlib.sha256(
            self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        ).digest()[:_HASH_SIZE]

    @override
    def __str__(self) -> str:
        """Return the form in which the key is given to others."""
        return f"{self.name}+{self.hash.hex()}+{_encoded(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a key as it is given to others.

        Raises:
            NoteError: If it is none.
        """
        name, _, rest = text.strip().partition("+")
        digest, _, encoded = rest.partition("+")
        raw = _decoded(encoded)
        if not _NAME.fullmatch(name) or len(raw) != 1 + _KEY_SIZE:
            raise NoteError("a verifier key has the form name+hash+key")
        key = cls(name, raw[0], raw[1:])
        if key.hash.hex() != digest or key.kind not in {_SIGNER, _COSIGNER}:
            raise NoteError(f"the verifier key of {name} does not fit its own digest")
        return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name; it is never shown."""

    name: str
    kind: Literal[1, 4]
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        """Return the public half."""
        return VerifierKey(self.name, self.kind, self.private.public_key().public_bytes_raw())

    def sign(self, text: str, seconds: int | None = None) -> str:
        """Return the line that signs a text; a cosigner's says when, in seconds since 1970."""
        if seconds is None:
            signature = self.private.sign(text.encode())
        else:
            signature = _time(seconds) + self.private.sign(_cosigned(text, seconds))
        return f"— {self.name} {_encoded(self.verifier.hash + signature)}\n"


def read_key(path: Path, name: str, kind: Literal[1, 4]) -> SigningKey | None:
    """Return the key of a file; None if there is no such file.

    Raises:
        KeyFileError: If others may read it, somebody else owns it, or it is none.
    """
    raw = read_secret(path)
    return (
        None if raw is None else SigningKey(name, kind, Ed25519PrivateKey.from_private_bytes(raw))
    )


def make_key(path: Path, name: str, kind: Literal[1, 4]) -> SigningKey:
    """Write a new key into a file that does not exist yet, and return it.

    Raises:
        KeyFileError: If the file exists or cannot be written.
    """
    private = Ed25519PrivateKey.generate()
    try:
        make_secret(path, private.private_bytes_raw())
    except FileExistsError as error:
        raise KeyFileError(f"{path} cannot be written: {error.strerror}") from error
    return SigningKey(name, kind, private)


@dataclass(frozen=True, slots=True)
class Note:
    """A text with its signature lines; who signed it has to be verified."""

    text: str
    lines: tuple[str, ...]

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """Read a note.

        Raises:
            NoteError: If it is none.
        """
        try:
            text, cut, signatures = raw.decode().rpartition("\n\n")
        except UnicodeDecodeError:
            raise NoteError("a note is text in UTF-8") from None
        lines = signatures.split("\n")
        if not cut or lines.pop() or not lines or not all(_LINE.fullmatch(one) for one in lines):
            raise NoteError("a note is a text, an empty line and its signatures")
        return cls(text + "\n", tuple(one + "\n" for one in lines))

    def __bytes__(self) -> bytes:
        """Return the note as it is stored and sent."""
        return f"{self.text}\n{''.join(self.lines)}".encode()

    def signed_by(self, key: VerifierKey) -> bool:
        """Say whether a key has signed it; every line in the key's name has to be right."""
        found = self._signatures(key)
        return bool(found) and all(_verified(key, one, self.text.encode()) for one in found)

    def cosigned_at(self, key: VerifierKey) -> int | None:
        """Return when a witness has cosigned it, in seconds since 1970; None if it has not."""
        for found in self._signatures(key):
            seconds = int.from_bytes(found[:_TIME_SIZE], "big")
            if _verified(key, found[_TIME_SIZE:], _cosigned(self.text, seconds)):
                return seconds
        return None

    def _signatures(self, key: VerifierKey) -> list[bytes]:
        """Return what stands after the key's name and digest."""
        size = _SIGNATURE_SIZE + (_TIME_SIZE if key.kind == _COSIGNER else 0)
        split = [one.rstrip("\n").split(" ") for one in self.lines]
        raw = [_decoded(encoded) for _, name, encoded in split if name == key.name]
        return [
            one[_HASH_SIZE:]
            for one in raw
            if one[:_HASH_SIZE] == key.hash and len(one) == _HASH_SIZE + size
        ]


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says: whose tree, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    @override
    def __str__(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{_encoded(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint.

        Raises:
            NoteError: If it is none.
        """
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise NoteError("a checkpoint has three lines: origin, size, root")
        root = _decoded(lines[2])
        if not _ORIGIN.fullmatch(lines[0]) or not _SIZE.fullmatch(lines[1]) or len(root) != 32:
            raise NoteError("a checkpoint has three lines: origin, size, root")
        return cls(lines[0], int(lines[1]), root)


def signed_head(raw: bytes, key: VerifierKey) -> TreeHead:
    """Return what a checkpoint says if a key has signed it for the log of its own name.

    Raises:
        NoteError: If it cannot be read, is of another log, or is not signed by the key.
    """
    note = Note.parse(raw)
    head = TreeHead.parse(note.text)
    if head.origin != key.name:
        raise NoteError(f"the checkpoint is of the log {head.origin}, the key of {key.name}")
    if not note.signed_by(key):
        raise NoteError(f"the checkpoint of size {head.size} is not signed by {key}")
    return head


def signed_note(head: TreeHead, key: SigningKey) -> Note:
    """Return a checkpoint with its signature."""
    return Note(str(head), (key.sign(str(head)),))


def cosigned(note: Note, key: SigningKey, seconds: int) -> Note:
    """Return a checkpoint with a witness' line added; an older one of the same witness goes."""
    others = tuple(one for one in note.lines if not one.startswith(f"— {key.name} "))
    return Note(note.text, (*others, key.sign(note.text, seconds)))


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _time(seconds: int) -> bytes:
    return seconds.to_bytes(_TIME_SIZE, "big")


def _verified(key: VerifierKey, signature: bytes, text: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text)
    except InvalidSignature:
        return False
    return True


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _decoded(text: str) -> bytes:
    """Return the bytes behind standard base64; none if it is not in its one form."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return raw if _encoded(raw) == text else b""
