"""The library's subscription protocol on the tail reader."""

from collections.abc import Generator, Sequence
from contextlib import suppress
from threading import Event
from typing import Any

from eventsourcing.persistence import ApplicationRecorder, Notification, Subscription
from typing_extensions import override

from infra import header
from infra.tail import Tail


class JournalSubscription(Subscription[ApplicationRecorder]):
    """Follows the journal after a position; topics are data classes."""

    def __init__(
        self,
        recorder: ApplicationRecorder,
        dsn: str,
        gt: int | None = None,
        topics: Sequence[str] = (),
    ) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._stop = Event()
        self._notifications = self._follow(Tail(dsn))

    @override
    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        with suppress(ValueError):  # another thread follows; it ends by itself, being stopped
            self._notifications.close()

    @override
    def stop(self) -> None:
        """Stop the subscription."""
        super().stop()
        self._stop.set()

    @override
    def __next__(self) -> Notification:
        """Return the next notification; waits for it."""
        if self._stop.is_set():
            raise StopIteration
        return next(self._notifications)

    def _follow(self, tail: Tail) -> Generator[Notification, None, None]:
        for rows in tail.rows(self._last_notification_id or 0, self._stop):
            for row in rows:
                found = notification(*row)
                if not self._topics or found.topic in self._topics:
                    yield found


def notification(stored_header: bytes, payload: bytes | None) -> Notification:
    """Return a stored row as the library's notification."""
    fields = header.unpack(stored_header)
    return Notification(
        fields.journey_id, fields.version, fields.class_name, payload or b"", fields.position
    )
