"""Ending a command that goes on by itself: in order at first, at once if that takes too long."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kette.output import say

_PATIENCE_SECONDS = 5.0
_AGAIN_SECONDS = 1.0


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Yield what the first Ctrl-C or SIGTERM sets; a second one, or a late end, ends the block at once.

    An interrupt that a library swallows is repeated.
    """
    stop = threading.Event()

    def end(number: int, _frame: object) -> None:
        if stop.is_set() or number == signal.SIGALRM:
            raise KeyboardInterrupt
        # First: it ends even a wait that this very signal broke into.
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE_SECONDS, _AGAIN_SECONDS)
        stop.set()

    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield stop
    except KeyboardInterrupt:
        say("stopped")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
