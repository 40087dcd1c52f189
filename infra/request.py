"""Append requests in the form in which they are sent: payload bytes, body digest, pseudonym."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from domain.journal import Append
from infra import codec

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Request:
    """One all-or-nothing request in the form in which it is sent."""

    command_id: UUID
    body_hash: bytes
    actor: UUID
    events: Sequence[StoredEvent]
    moment: datetime | None = None


class Sealer:
    """Turns what the domain asks for into requests.

    Bodies and actors are kept only as keyed digests: a plain digest of a birth date can be guessed.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._pseudonym = lru_cache(4_096)(self._make_pseudonym)

    def request(self, append: Append) -> Request:
        """Return the request of an append.

        Raises:
            ValueError: If the expected version is below zero.
        """
        if append.after_version < 0:
            raise ValueError("a journey's versions begin at 1")
        events = [
            StoredEvent(append.journey, version, entry.data_class.value, codec.encode(entry))
            for version, entry in enumerate(append.entries, start=append.after_version + 1)
        ]
        party = append.entries[0].recorded_by.party if append.entries else ""
        actor = self._pseudonym(party) if party else NOBODY
        digest = self.digest(append.body)
        return Request(append.command_id, digest, actor, events, append.recorded_at)

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
