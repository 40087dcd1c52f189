"""Append requests in the form in which they are sent: sealed payloads, body digest, pseudonym."""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from domain.journal import Append, Entry
from infra import codec
from infra.header import bound_to
from infra.keys import DataKey, KeyRing
from infra.sealing import seal

NOBODY = UUID(int=0)
UNSEALED = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Request:
    """One all-or-nothing request in the form in which it is sent; ``keys`` seal its events."""

    command_id: UUID
    body_hash: bytes
    actor: UUID
    events: Sequence[StoredEvent]
    keys: Sequence[UUID]
    moment: datetime | None = None


_Sealed = tuple[StoredEvent, UUID]
_Keys = Mapping[tuple[UUID, str], DataKey]


class Packer(Protocol):
    """Turns the entries of an append into what is stored."""

    def packed(self, appends: Sequence[Append]) -> list[list[_Sealed]]:
        """Return the events of each append, and the keys that sealed them."""
        ...


class PlainPacker:
    """Leaves payloads as they are: only what lives in memory is written like that."""

    def packed(self, appends: Sequence[Append]) -> list[list[_Sealed]]:
        """Return the events of each append."""
        return [[(_event(*one), UNSEALED) for one in _places(append)] for append in appends]


class SealingPacker:
    """Seals payloads with the keys of their journeys, for the journal of a tenant."""

    def __init__(self, keys: KeyRing, tenant: UUID) -> None:
        self._keys = keys
        self._tenant = tenant.bytes

    def packed(self, appends: Sequence[Append]) -> list[list[_Sealed]]:
        """Return the sealed events of each append; their keys are durable.

        Raises:
            KeyDestroyedError: If a key was destroyed.
            KeyStoreUnavailableError: If the key store does not answer.
        """
        places = {
            (append.journey, entry.data_class.value)
            for append in appends
            for entry in append.entries
        }
        keys = self._keys.sealing(places)
        fingerprint = codec.fingerprint()
        return [
            [self._sealed(*one, keys, fingerprint) for one in _places(append)] for append in appends
        ]

    def _sealed(
        self, journey: UUID, version: int, entry: Entry, keys: _Keys, fingerprint: bytes
    ) -> _Sealed:
        name = entry.data_class.value
        key = keys[journey, name]
        bound = bound_to(self._tenant, journey.bytes, version, name, fingerprint)
        return StoredEvent(journey, version, name, seal(key, codec.encode(entry), bound)), key.id


class Sealer:
    """Turns what the domain asks for into requests.

    Bodies and actors are kept only as keyed digests: a plain digest of a birth date can be guessed.
    """

    def __init__(self, secret: bytes, packer: Packer) -> None:
        self._secret = secret
        self._packer = packer
        self._pseudonym = lru_cache(4_096)(self._make_pseudonym)

    def requests(self, appends: Sequence[Append]) -> list[Request]:
        """Return the requests of appends.

        Raises:
            ValueError: If an expected version is below zero.
        """
        if any(one.after_version < 0 for one in appends):
            raise ValueError("a journey's versions begin at 1")
        return [
            self._request(append, packed)
            for append, packed in zip(appends, self._packer.packed(appends), strict=True)
        ]

    def _request(self, append: Append, packed: Sequence[_Sealed]) -> Request:
        party = append.entries[0].recorded_by.party if append.entries else ""
        return Request(
            append.command_id,
            self.digest(append.body),
            self._pseudonym(party) if party else NOBODY,
            [event for event, _ in packed],
            [key for _, key in packed],
            append.recorded_at,
        )

    def body_hash(self, events: Iterable[StoredEvent]) -> bytes:
        """Return the body digest of events that come without a body of their own."""
        lines = (
            f"{one.originator_id} {one.originator_version} {one.topic} {len(one.state)}\n".encode()
            + one.state
            for one in events
        )
        return self.digest(b"".join(lines))

    def digest(self, body: bytes) -> bytes:
        """Return the digest under which a body is remembered."""
        return hmac.digest(self._secret, body, "sha256")

    def _make_pseudonym(self, party: str) -> UUID:
        return UUID(bytes=self.digest(b"actor\0" + party.encode())[:16])


def _places(append: Append) -> Iterator[tuple[UUID, int, Entry]]:
    for version, entry in enumerate(append.entries, start=append.after_version + 1):
        yield append.journey, version, entry


def _event(journey: UUID, version: int, entry: Entry) -> StoredEvent:
    return StoredEvent(journey, version, entry.data_class.value, codec.encode(entry))
