"""What was read of a journal, and everything about it that is not as it must be."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from domain.journal import Recorded
from tests.faults.writing import Acknowledged


class Seen:
    """Takes records in the order in which they were read.

    Attributes:
        wrong: What was not as it must be, in words.
    """

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self._commands = bytearray()
        self._versions: defaultdict[UUID, int] = defaultdict(int)
        self._moment: datetime | None = None

    @property
    def position(self) -> int:
        """Return how many records were taken: the position of the last one."""
        return len(self._commands) // 16

    def take(self, records: Iterable[Recorded]) -> None:
        """Take records: positions and versions go on densely, and time does not fall back."""
        for one in records:
            if one.position != self.position + 1:
                self.wrong.append(f"position {one.position} comes after {self.position}")
            if one.version != self._versions[one.journey] + 1:
                self.wrong.append(
                    f"version {one.version} at position {one.position} is no next one"
                )
            if self._moment is not None and one.recorded_at < self._moment:
                self.wrong.append(f"time falls back at position {one.position}")
            self._moment = one.recorded_at
            self._versions[one.journey] = one.version
            self._commands += one.command_id.bytes

    def check(self, done: Iterable[Acknowledged]) -> None:
        """Look for what was acknowledged; it is exactly where it was said to be."""
        for one in done:
            begin, end = (one.first - 1) * 16, (one.first - 1 + one.count) * 16
            if self._commands[begin:end] != one.command.bytes * one.count:
                self.wrong.append(f"what was acknowledged at position {one.first} is not there")

    def commands(self) -> list[bytes]:
        """Return the commands in order; one whose events do not stand together comes twice."""
        every = [bytes(self._commands[at : at + 16]) for at in range(0, len(self._commands), 16)]
        return [one for one, before in zip(every, [b"", *every], strict=False) if one != before]
