"""Calls that may never return, in a thread that can be left behind."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

Answer = TypeVar("Answer")


class Bounded:
    """Runs one call after the other in a thread of its own; whoever waits for one waits only so long.

    After a call came too late the thread belongs to that call: leave it behind and take another.
    """

    def __init__(self, name: str) -> None:
        self._calls: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        threading.Thread(target=self._serve, name=name, daemon=True).start()

    def run(self, call: Callable[[], Answer], seconds: float) -> Answer:
        """Return what the call returns, raise what it raises.

        Raises:
            TimeoutError: If it takes longer.
        """
        return self.begun(call).result(max(0.0, seconds))

    def begun(self, call: Callable[[], Answer]) -> Future[Answer]:
        """Begin a call after those before it, and return at once."""
        answer: Future[Answer] = Future()

        def answered() -> None:
            try:
                answer.set_result(call())
            except BaseException as error:  # noqa: BLE001  raised again where it is waited for
                answer.set_exception(error)

        self._calls.put(answered)
        return answer

    def leave(self) -> None:
        """Let the thread end as soon as its call does."""
        self._calls.put(None)

    def _serve(self) -> None:
        while (call := self._calls.get()) is not None:
            call()
            del call
