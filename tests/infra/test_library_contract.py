"""The library's own contract tests, run on our recorder and on our tracking table, on both servers."""

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event, Thread
from uuid import uuid4

import pytest
from eventsourcing.persistence import StoredEvent, TrackingRecorder
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
    TrackingRecorderTestCase,
)
from typing_extensions import override

from infra.journal import JournalRecorder, open_journal, tracking_recorder
from infra.subscription import JournalSubscription
from tests.conftest import fresh_database
from tests.keyring import keys_of
from tests.system_server import SystemServer


class _OnFreshDatabase:
    """Gives each of the library's tests a database of its own.

    The library's tests are of ``unittest``, which knows no parameters: hence a class per server.
    """

    opened: ExitStack
    dsn: str

    @pytest.fixture(autouse=True)
    def _database(self, dsn: str) -> Iterator[None]:
        with ExitStack() as self.opened:
            self.dsn = dsn
            yield

    def create_recorder(self) -> JournalRecorder:
        return self.opened.enter_context(open_journal(self.dsn, keys_of(self.dsn)))


class _On15(_OnFreshDatabase):
    """Does so on the system's PostgreSQL 15."""

    @override
    @pytest.fixture(autouse=True)
    def _database(self, postgres_15: SystemServer) -> Iterator[None]:
        with ExitStack() as self.opened, fresh_database(postgres_15) as self.dsn:
            yield


class TestApplicationRecorder(_OnFreshDatabase, ApplicationRecorderTestCase[JournalRecorder]):
    """Inserting, selecting, conflicts, concurrency, and following by subscription."""

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


def test_a_subscription_may_be_left_while_another_thread_follows(journal: JournalRecorder) -> None:
    seen: list[int] = []
    arrived = Event()

    def follow(subscription: JournalSubscription) -> None:
        for one in subscription:
            seen.append(one.id)
            arrived.set()

    journal.insert_events([StoredEvent(uuid4(), 1, "base", b"{}")])
    with journal.subscribe() as subscription:
        thread = Thread(target=follow, args=(subscription,))
        thread.start()
        assert arrived.wait(10)
    thread.join(10)
    assert not thread.is_alive()
    assert seen == [1]


class TestNonInterleaving(_OnFreshDatabase, NonInterleavingNotificationIDsBaseCase):
    """Two large appends at the same time get two unbroken runs of positions."""


class TestTrackingRecorder(_OnFreshDatabase, TrackingRecorderTestCase):
    """The library's tracking recorder on the table of our migration."""

    @override
    def create_recorder(self) -> TrackingRecorder:  # type: ignore[override]  # another port
        recorder = tracking_recorder(self.dsn)
        self.opened.callback(recorder.datastore.close)
        return recorder


class TestApplicationRecorderOn15(_On15, TestApplicationRecorder):
    """The application recorder's contract on PostgreSQL 15."""


class TestNonInterleavingOn15(_On15, TestNonInterleaving):
    """The same of unbroken runs of positions."""


class TestTrackingRecorderOn15(_On15, TestTrackingRecorder):
    """The same of the tracking recorder."""


del ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase, TrackingRecorderTestCase
