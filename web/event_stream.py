"""The journal's events as server-sent events: what was asked for, then what is recorded, until somebody leaves.

One thread follows the journal for all streams and wakes those that have read to its end; each then reads
on by itself from its own position, so that a slow reader delays nobody and nothing is kept for it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from threading import Event, Thread

from fastapi.sse import format_sse_event
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send
from typing_extensions import override

from domain.errors import KetteError
from web.ports import Records, Tail
from web.problems import refusal
from web.published import events_of
from web.security import HEAD_ONLY

log = logging.getLogger(__name__)

MEDIA_TYPE = "text/event-stream"
_HEADERS = {"vary": "accept", "x-accel-buffering": "no"}
_RETRY_MILLISECONDS = 2_000
_PAGE = 200
_READERS = 8
_GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """What an open stream may cost.

    Attributes:
        most: How many streams may be open at a time.
        heartbeat_seconds: After how long a silence a comment is sent.
        patience_seconds: How long a client may take nothing before its stream ends.
    """

    most: int = 64
    heartbeat_seconds: float = 15.0
    patience_seconds: float = 60.0


class Streams:
    """All open streams of one application."""

    def __init__(self, records: Records, tail: Tail, limits: StreamLimits) -> None:
        self.limits = limits
        self._records = records
        self._growth = _Growth(tail)
        self._readers = ThreadPoolExecutor(_READERS, "event-streams")
        self._deadlines: set[asyncio.Timeout] = set()
        self._closing = asyncio.Event()

    @property
    def open(self) -> int:
        """Return how many streams are open."""
        return len(self._deadlines)

    @property
    def full(self) -> bool:
        """Say whether another stream would be one too many."""
        return self._closing.is_set() or self.open >= self.limits.most

    @contextmanager
    def entered(self, deadline: asyncio.Timeout) -> Iterator[None]:
        """Count a stream as open; the last one to leave ends the following."""
        self._deadlines.add(deadline)
        try:
            yield
        finally:
            self._deadlines.discard(deadline)
            if not self._deadlines:
                self._growth.stop()

    async def told(self, after: int) -> AsyncIterator[bytes]:
        """Yield what was recorded after a position, then what is recorded; ends when it cannot go on."""
        yield format_sse_event(retry=_RETRY_MILLISECONDS)
        loop, beat = asyncio.get_running_loop(), self.limits.heartbeat_seconds
        try:
            while not self._closing.is_set():
                block, reached = await loop.run_in_executor(self._readers, self._read, after)
                if block:
                    yield block
                elif not self._closing.is_set() and not await self._growth.past(after, beat):
                    yield format_sse_event(comment="")
                after = reached
        except KetteError as error:
            log.warning("event stream ended: %s", error.code)

    def _read(self, after: int) -> tuple[bytes, int]:
        found = events_of(self._records.page(after, _PAGE), after, self._records.read)
        block = b"".join(
            format_sse_event(data_str=one.model_dump_json(), event="fact", id=str(one.position))
            for one in found.items
        )
        return block, found.next_after

    def close(self) -> None:
        """End every stream: those that wait at once, those in the middle of sending soon."""
        self._closing.set()
        self._growth.stop()
        for deadline in self._deadlines:
            _set(deadline, _GRACE_SECONDS)

    async def closed(self) -> None:
        """Close, and wait until nothing reads the journal any more."""
        self.close()
        await asyncio.to_thread(self._growth.join)
        self._readers.shutdown(wait=False, cancel_futures=True)


class EventStream(StreamingResponse):
    """One stream to one client."""

    media_type = MEDIA_TYPE

    def __init__(self, streams: Streams, after: int) -> None:
        super().__init__(streams.told(after), headers=_HEADERS)
        self._streams = streams

    @override
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Tell the client, unless too many are being told already."""
        if self._streams.full:
            answer = refusal(
                Request(scope),
                HTTPStatus.SERVICE_UNAVAILABLE,
                "Too many event streams are open; ask again later, or page with after=.",
                "too-many-streams",
            )
            await answer(scope, receive, send)
            return
        if HEAD_ONLY in scope:
            await Response(headers=_HEADERS, media_type=MEDIA_TYPE)(scope, receive, send)
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(None) as deadline:
                with self._streams.entered(deadline):
                    await super().__call__(scope, receive, self._patient(send, deadline))

    def _patient(self, send: Send, deadline: asyncio.Timeout) -> Send:
        """Let a client that takes nothing run into its deadline."""

        async def patient(message: Message) -> None:
            _set(deadline, self._streams.limits.patience_seconds)
            await send(message)
            _set(deadline, None)

        return patient


def _set(deadline: asyncio.Timeout, seconds: float | None) -> None:
    """Let a deadline fall so far from now, or never; one that has fallen stays."""
    if not deadline.expired():
        now = asyncio.get_running_loop().time()
        deadline.reschedule(None if seconds is None else now + seconds)


def asks_for_stream(accept: str) -> bool:
    """Say whether an Accept header names the media type of event streams."""
    for part in accept.lower().split(","):
        name, *parameters = (one.strip() for one in part.split(";"))
        if name == MEDIA_TYPE:
            return not any(one.replace(" ", "") in _REFUSED for one in parameters)
    return False


_REFUSED = frozenset({"q=0", "q=0.0", "q=0.00", "q=0.000"})


class _Growth:
    """One thread that follows the journal while somebody waits for it to grow; used in one event loop."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail
        self._seen = 0
        self._stop = Event()
        self._stop.set()
        self._thread: Thread | None = None
        self._waiting: set[asyncio.Future[bool]] = set()

    async def past(self, position: int, seconds: float) -> bool:
        """Wait until the journal has grown past a position; False if the time is up.

        Raises:
            KetteError: If the journal cannot be followed.
        """
        if self._seen > position:
            return True
        if self._stop.is_set():
            self._start(position)
        waiting: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            async with asyncio.timeout(seconds):
                return await waiting
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(waiting)

    def stop(self) -> None:
        """Stop following and let everybody look for themselves."""
        self._stop.set()
        self._wake(lambda one: one.set_result(True))

    def join(self) -> None:
        """Wait for the thread's end."""
        if self._thread is not None:
            self._thread.join(timeout=2)

    def _start(self, after: int) -> None:
        stop, loop = Event(), asyncio.get_running_loop()

        def follow() -> None:
            seen = after
            try:
                for rows in self._tail.rows(after, stop):
                    seen += len(rows)
                    loop.call_soon_threadsafe(self._grown, seen)
            except KetteError as error:
                loop.call_soon_threadsafe(self._failed, stop, error)

        self._stop = stop
        self._thread = Thread(target=follow, name="event-streams", daemon=True)
        self._thread.start()

    def _grown(self, seen: int) -> None:
        self._seen = max(self._seen, seen)
        self._wake(lambda one: one.set_result(True))

    def _failed(self, stop: Event, error: KetteError) -> None:
        stop.set()
        self._wake(lambda one: one.set_exception(error))

    def _wake(self, tell: Callable[["asyncio.Future[bool]"], None]) -> None:
        for waiting in self._waiting:
            if not waiting.done():
                tell(waiting)
