"""The loop of the notary: when it signs, what it waits for, and what ends it."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Event
from uuid import UUID

import pytest

from consumers.notary import follow, sign_now
from domain.errors import KetteError
from domain.integrity import AlteredError, Broken, Checkpoint, Flaw

MOMENT = datetime(2026, 1, 2, tzinfo=UTC)


class BusyError(KetteError):
    """Another notary signs."""

    code = "journal-busy"


class FullError(KetteError):
    """There is no room."""

    code = "log-folder"


class Log:
    """A log in memory whose journal grows as a plan says; each look is half a second later."""

    def __init__(self, plan: list[int], stop: Event) -> None:
        self.plan = plan
        self.stop = stop
        self.looks = 0
        self.size = 0
        self.signed: list[tuple[float, int]] = []
        self.failing: Callable[[], None] = lambda: None

    @property
    def head(self) -> int:
        return self.plan[min(self.looks, len(self.plan)) - 1]

    def clock(self) -> float:
        return self.looks * 0.5

    def unsigned(self) -> int:
        self.looks += 1
        if self.looks >= len(self.plan):
            self.stop.set()
        return self.head - self.size

    def sign(self) -> Checkpoint | None:
        self.failing()
        self.size = self.head
        self.signed.append((self.clock(), self.size))
        return Checkpoint(self.size, b"", b"", MOMENT) if self.size else None


def followed(plan: list[int], monkeypatch: pytest.MonkeyPatch) -> tuple[Log, list[int]]:
    stop, seen = Event(), []
    monkeypatch.setattr(stop, "wait", lambda _seconds: False)
    log = Log(plan, stop)
    follow(log, stop, log.clock, lambda made: seen.append(made.size), _nobody)
    return log, seen


def _nobody(_error: KetteError) -> None:
    raise AssertionError("there was nothing to complain of")


def test_it_looks_once_at_the_start_and_then_only_at_news(monkeypatch: pytest.MonkeyPatch) -> None:
    log, seen = followed([5] * 100, monkeypatch)
    assert log.signed == [(0.5, 5)]
    assert seen == [5]


def test_what_trickles_in_is_signed_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    log, _ = followed([look + 1 for look in range(100)], monkeypatch)
    times = [at for at, _ in log.signed]
    assert times == [0.5, 10.5, 20.5, 30.5, 40.5]


def test_a_thousand_are_signed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    log, _ = followed([1, 1, 600, 1_001, 1_600, 2_000, 2_001, 2_001], monkeypatch)
    assert log.signed == [(0.5, 1), (2.0, 1_001), (3.5, 2_001)]


def test_an_empty_journal_is_nothing_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    _, seen = followed([0, 0, 0], monkeypatch)
    assert seen == []


def test_a_full_disk_is_complained_of_once_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, said = Event(), []
    monkeypatch.setattr(stop, "wait", lambda _seconds: False)
    log = Log([7] * 20, stop)

    def full() -> None:
        if log.looks < 10:
            raise FullError("no room")

    log.failing = full
    follow(log, stop, log.clock, lambda _made: None, said.append)
    assert [str(one) for one in said] == ["no room"]
    assert log.signed == [(5.0, 7)]


def test_an_altered_journal_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Event()
    log = Log([7] * 20, stop)
    broken = AlteredError(Broken(Flaw.DIGEST, 6, UUID(int=2)))

    def altered() -> None:
        raise broken

    log.failing = altered
    with pytest.raises(AlteredError, match="position 6, journey 00000000"):
        follow(log, stop, log.clock, lambda _made: None, _nobody)
    assert log.signed == []


def test_signing_now_waits_for_another_notary_and_for_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stop = Event()
    monkeypatch.setattr(stop, "wait", lambda _seconds: False)
    log, left = Log([7], stop), [3]
    log.unsigned()
    stop.clear()

    def busy() -> None:
        left[0] -= 1
        if left[0]:
            raise BusyError("another one")

    log.failing = busy
    made = sign_now(log, stop)
    assert made is not None
    assert made.size == 7

    def full() -> None:
        raise FullError("no room")

    log.failing = full
    with pytest.raises(FullError):
        sign_now(log, stop)
