"""Sealing of payloads, and reading them back: AES-256-GCM under the data key of journey and class.

What is sealed is bound to its place: tenant, journey, version, class and registry fingerprint are the
additional data, cut out of the header that it stands under (``docs/reference/journal-format.md``).
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag

from domain.days import UNKNOWN_DAY
from domain.errors import JournalCorruptError, UnreadableRecordError
from domain.events.record import JourneyErased
from domain.journal import Actor, Entry, Recorded
from infra import codec, header
from infra.errors import KeyMissingError
from infra.header import Header
from infra.keys import DataKey, KeyRing

Row = tuple[bytes, bytes | None]
"""A stored header, and the ciphertext under it; None once it was blanked."""

_NONCE = 12
_BLOCK = 500
_ERASED = JourneyErased.type_name()
_ERASURE = b'"type":' + orjson.dumps(_ERASED)
Keys = Mapping[bytes, DataKey]


def seal(key: DataKey, payload: bytes, bound: bytes) -> bytes:
    """Return nonce, ciphertext and tag of a payload.

    Raises:
        KeyDestroyedError: If the key was destroyed.
    """
    nonce = os.urandom(_NONCE)
    return nonce + key.usable().encrypt(nonce, payload, bound)


def records(rows: Sequence[Row], keys: KeyRing) -> list[Recorded]:
    """Read stored rows; what a destroyed key sealed is read as the erasure of its journey.

    Raises:
        JournalCorruptError: If a header or a ciphertext is not as it was written.
        KeyMissingError: If the key store does not know a key, or its key does not open the record.
        UnreadableRecordError: If a payload was blanked or does not fit this program.
    """
    known = keys_of(rows, keys)
    return [_record(unpacked(row[0]), *row, known) for row in rows]


def opener(keys: KeyRing) -> Callable[[bytes, bytes | None], Recorded]:
    """Return what reads one stored row."""

    def opens(stored: bytes, ciphertext: bytes | None) -> Recorded:
        (one,) = records([(stored, ciphertext)], keys)
        return one

    return opens


def journey_records(
    rows: Sequence[Row], keys: KeyRing, journey: UUID, after_version: int = 0
) -> list[Recorded]:
    """Read the rows of one journey after a version and make sure that they are its own, one linked to the next.

    Raises:
        JournalCorruptError: If a row was swapped, altered or taken away.
    """
    version, leaf = after_version, None if after_version else header.ZERO_LEAF
    headers = [unpacked(row[0]) for row in rows]
    for (stored, _), fields in zip(rows, headers, strict=True):
        if fields.journey != journey.bytes:
            raise JournalCorruptError(
                f"position {fields.position} stands under journey {journey} and is another's"
            )
        if fields.version != version + 1 or leaf not in (None, fields.previous_leaf):
            raise JournalCorruptError(
                f"position {fields.position} does not follow the record before it (journey {journey})"
            )
        version, leaf = fields.version, header.leaf(stored)
    known = keys_of(rows, keys)
    return [_record(fields, *row, known) for row, fields in zip(rows, headers, strict=True)]


def with_keys_at_hand(rows: Iterable[Row], keys: KeyRing) -> Iterator[Row]:
    """Yield rows as they come; the keys of some hundred are asked for together."""
    following = iter(rows)
    while block := list(islice(following, _BLOCK)):
        keys_of(block, keys)
        yield from block


def keys_of(rows: Iterable[Row], keys: KeyRing) -> Keys:
    """Return the keys that rows were sealed with."""
    return keys.opening({row[0][header.KEY_ID] for row in rows})


def opened(fields: Header, stored: bytes, ciphertext: bytes | None, keys: Keys) -> bytes | None:
    """Return the payload of a row whose header was unpacked; None if its key was destroyed.

    Raises:
        JournalCorruptError: If header or ciphertext are not as they were written.
        KeyMissingError: If the key is not known, or does not open it.
        UnreadableRecordError: If the ciphertext was blanked while its key is there.
    """
    key = keys.get(fields.key_id)
    if key is not None and (key.journey.bytes, key.data_class) != (
        fields.journey,
        fields.class_name,
    ):
        key = None  # it is somebody else's
    if key is not None and key.cipher is None:
        return None
    if ciphertext is None:
        raise UnreadableRecordError(f"the payload at {place(fields)} was blanked")
    if key is None or key.cipher is None:
        raise _why(fields, ciphertext, key)
    try:
        return key.cipher.decrypt(ciphertext[:_NONCE], ciphertext[_NONCE:], header.bound(stored))
    except (InvalidTag, ValueError):
        raise _why(fields, ciphertext, key) from None


def rows_of_erasure(rows: Sequence[Row], keys: KeyRing) -> Iterator[Row]:
    """Yield those rows that record the erasure of their journey, and those whose key was destroyed."""
    known = keys_of(rows, keys)
    for stored, ciphertext in rows:
        key = known.get(stored[header.KEY_ID])
        if ciphertext is None and (key is None or key.cipher is not None):
            continue
        payload = opened(unpacked(stored), stored, ciphertext, known)
        if payload is None or (_ERASURE in payload and codec.type_of(payload) == _ERASED):
            yield stored, ciphertext


def unpacked(stored: bytes) -> Header:
    """Read a stored header.

    Raises:
        JournalCorruptError: If it has not the layout of this format.
    """
    try:
        return header.unpack(stored)
    except ValueError as error:
        raise JournalCorruptError("a stored header has not the layout of this format") from error


def place(fields: Header) -> str:
    """Return where a record stands, for an error."""
    return f"position {fields.position}, journey {fields.journey_id}, class {fields.class_name}"


def _record(fields: Header, stored: bytes, ciphertext: bytes | None, keys: Keys) -> Recorded:
    payload = opened(fields, stored, ciphertext, keys)
    return codec.recorded(
        fields, _erasure(fields) if payload is None else codec.entry(fields, payload)
    )


def _erasure(fields: Header) -> Entry:
    """Return what is read where the key is destroyed: nothing but that the journey was erased."""
    return Entry(f"erased-{fields.version}", JourneyErased(), UNKNOWN_DAY, Actor(""))


def _why(fields: Header, ciphertext: bytes, key: DataKey | None) -> Exception:
    """Return why a record does not open: altered, or without its key."""
    where = place(fields)
    if hashlib.sha256(ciphertext).digest() != fields.payload_digest:
        return JournalCorruptError(f"the payload at {where} was altered")
    if not any(fields.key_id):
        return JournalCorruptError(f"the payload at {where} was never sealed")
    if key is None:
        return KeyMissingError(f"the key store does not have the key of {where}")
    return KeyMissingError(f"the key that is there does not open {where}")
