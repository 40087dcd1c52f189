"""Loading history: an empty journal is filled with facts that keep the day of their recording."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from domain.journal import Answer, Append, Recorded
from infra.errors import HistoryLoadError
from infra.journal import open_journal
from infra.keys import KeyRing
from infra.writer import HistoryWriter


class HistoryLoad:
    """A journal that is being filled; every request says when it was recorded, never falling back.

    A load that was broken off goes on by command id. Until :meth:`finish` nothing else is written.
    """

    def __init__(self, dsn: str, keys: KeyRing) -> None:
        self._journal = open_journal(dsn, keys)
        self._writer = HistoryWriter(dsn)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def append(self, requests: Sequence[Append]) -> Sequence[Answer]:
        """Append requests with their own ``recorded_at``.

        Raises:
            HistoryLoadError: If the journal holds anything that the load did not write, if a
                ``recorded_at`` is missing, falls back, or lies ahead of now.
        """
        moments = [request.recorded_at for request in requests]
        if any(moment is None or moment.utcoffset() is None for moment in moments):
            raise HistoryLoadError(
                "every fact of a history load says when it was recorded, with its time zone"
            )
        return self._writer.write(self._journal.sealer.requests(requests))

    def answered(self, command_id: UUID, body: bytes) -> Answer | None:
        """Return the answer a command got before."""
        return self._journal.answered(command_id, body)

    def read(self, journey: UUID) -> Sequence[Recorded]:
        """Return a journey's records."""
        return self._journal.read(journey)

    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        """Return records after a position."""
        return self._journal.page(after, limit)

    def finish(self) -> None:
        """End the load: from now on the journal is written to in the ordinary way."""
        self._writer.execute("SELECT kette.finish_load()")

    def close(self) -> None:
        """Give back the connections; an unfinished load can go on later."""
        self._writer.close()
        self._journal.close()
