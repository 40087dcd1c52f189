"""The memory twin: the library's recorder in plain objects, with command ids and answers."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from threading import RLock
from uuid import UUID

from eventsourcing.persistence import StoredEvent
from eventsourcing.popo import POPOApplicationRecorder

from domain.journal import Answer, Append, Outcome, Recorded
from infra import codec, header
from infra.request import PlainPacker, Request, Sealer


def _now() -> datetime:
    return datetime.now(UTC)


class MemoryJournal:
    """A journal that lives as long as the object; for tests and for reading files without a database."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self.recorder = POPOApplicationRecorder()
        self._clock = clock
        self._sealer = Sealer(b"memory", PlainPacker())
        self._headers: list[bytes] = []
        self._places: defaultdict[UUID, list[int]] = defaultdict(list)
        self._answers: dict[UUID, tuple[bytes, Answer]] = {}
        self._lock = RLock()

    def append(self, requests: Sequence[Append]) -> list[Answer]:
        """Append independent requests; one answer each, in their order."""
        sealed = self._sealer.requests(requests)
        with self._lock:
            return [self._append(request) for request in sealed]

    def answered(self, command_id: UUID, body: bytes) -> Answer | None:
        """Return the answer a command got before (refused: same id, other body); None if it is new."""
        return self._answered(command_id, self._sealer.digest(body))

    def read(self, journey: UUID, after_version: int = 0) -> list[Recorded]:
        """Return a journey's records after a version, in order."""
        with self._lock:
            found = self.recorder.select_events(journey, gt=after_version)
            places = self._places[journey][after_version:]
            return [
                _recorded(self._headers[place - 1], one.state)
                for place, one in zip(places, found, strict=True)
            ]

    def page(self, after: int, limit: int) -> list[Recorded]:
        """Return at most ``limit`` records after a position, dense and in order."""
        with self._lock:
            found = self.recorder.select_notifications(after, limit, inclusive_of_start=False)
            return [_recorded(self._headers[one.id - 1], one.state) for one in found]

    def _append(self, request: Request) -> Answer:
        earlier = self._answered(request.command_id, request.body_hash)
        if earlier is not None:
            return earlier
        if request.events and not self._goes_on(request.events[0]):
            return Answer(Outcome.CONFLICT)
        answer = Answer(
            Outcome.APPENDED,
            len(self._headers) + 1 if request.events else None,
            len(request.events),
        )
        moment = max(request.moment or self._clock(), self._last_moment())
        for event in request.events:
            self._headers.append(self._header(request, event, moment))
            self._places[UUID(str(event.originator_id))].append(len(self._headers))
        self.recorder.insert_events(request.events)
        self._answers[request.command_id] = (request.body_hash, answer)
        return answer

    def _answered(self, command_id: UUID, body_hash: bytes) -> Answer | None:
        known = self._answers.get(command_id)
        if known is None:
            return None
        if known[0] != body_hash:
            return Answer(Outcome.REFUSED)
        return Answer(Outcome.DUPLICATE, known[1].first_position, known[1].count)

    def _goes_on(self, event: StoredEvent) -> bool:
        last = self.recorder.select_events(event.originator_id, desc=True, limit=1)
        return event.originator_version == (last[0].originator_version if last else 0) + 1

    def _last_moment(self) -> datetime:
        if not self._headers:
            return datetime.min.replace(tzinfo=UTC)
        return header.unpack(self._headers[-1]).recorded_at

    def _header(self, request: Request, event: StoredEvent, moment: datetime) -> bytes:
        fields = header.Header(
            format=header.FORMAT,
            tenant=bytes(16),
            epoch=bytes(16),
            position=len(self._headers) + 1,
            journey=UUID(str(event.originator_id)).bytes,
            version=event.originator_version,
            data_class=event.topic.encode(),
            fingerprint=codec.fingerprint(),
            recorded_us=header.microseconds(moment),
            previous_leaf=self._previous_leaf(event),
            payload_digest=hashlib.sha256(event.state).digest(),
            key_id=bytes(16),
            command_id=request.command_id.bytes,
            actor=request.actor.bytes,
        )
        return header.pack(fields)

    def _previous_leaf(self, event: StoredEvent) -> bytes:
        places = self._places[UUID(str(event.originator_id))]
        return header.leaf(self._headers[places[-1] - 1]) if places else header.ZERO_LEAF


def _recorded(stored_header: bytes, payload: bytes) -> Recorded:
    fields = header.unpack(stored_header)
    return codec.recorded(fields, codec.entry(fields, payload))
