"""The notary: signs how far the journal has come, every ten seconds or thousand events.

What it signs it has read back and compared before. If anything differs it signs nothing more and says where.
"""

from collections.abc import Callable
from threading import Event
from typing import Protocol

from domain.errors import KetteError
from domain.integrity import Checkpoint

_AWAY = frozenset({"journal-unavailable", "journal-busy", "log-folder"})
_SECONDS = 10.0
_MANY = 1_000
_LOOK_SECONDS = 0.5
_PAUSE_SECONDS = 1.0


class Log(Protocol):
    """The log of one journal, as its notary keeps it."""

    def unsigned(self) -> int:
        """Return how many events no checkpoint holds yet."""
        ...

    def sign(self) -> Checkpoint | None:
        """Compare what was recorded since and sign; return the newest checkpoint, None if nothing was recorded."""
        ...


Observer = Callable[[Checkpoint], None]
Complaint = Callable[[KetteError], None]


def follow(
    log: Log, stop: Event, clock: Callable[[], float], observe: Observer, complain: Complaint
) -> None:
    """Sign until stopped; a database that is away and a full disk are waited for.

    Args:
        log: What is signed.
        stop: Ends it.
        clock: Seconds that only grow.
        observe: Is shown each new checkpoint.
        complain: Is told what is waited for, once for each reason.

    Raises:
        AlteredError: If the journal is not as it was written.
        KetteError: If the tree or the key cannot be used.
    """
    size, due, said = -1, clock(), ""
    while not stop.is_set():
        try:
            waiting = log.unsigned()
            if size < 0 or waiting >= _MANY or (waiting > 0 and clock() >= due):
                size = _sign(log, size, observe)
                due = clock() + _SECONDS
            said = ""
            stop.wait(_LOOK_SECONDS)
        except KetteError as error:
            if error.code not in _AWAY:
                raise
            if str(error) != said:
                complain(error)
            said = str(error)
            stop.wait(_PAUSE_SECONDS)


def sign_now(log: Log, stop: Event) -> Checkpoint | None:
    """Sign what is recorded; wait while another notary signs.

    Raises:
        KetteError: As :func:`follow`, and if the database cannot be reached.
    """
    while True:
        try:
            return log.sign()
        except KetteError as error:
            if error.code != "journal-busy" or stop.is_set():
                raise
        stop.wait(_LOOK_SECONDS)


def _sign(log: Log, size: int, observe: Observer) -> int:
    made = log.sign()
    if made is None:
        return 0
    if made.size != size:
        observe(made)
    return made.size
