"""Errors that a real broker cannot be made to give: the relay rides them out, or ends where it must.

librdkafka's mock cluster gives them. It neither fences nor hides what is not committed, so what is
shown here is how the relay answers; that nothing is doubled is shown on the real broker.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from kafka import KafkaConsumer
from kafka.net.connection import KafkaConnection

from consumers.relay import Relay
from consumers.relay_batch import Step
from domain.errors import KetteError
from domain.publishing import FencedError, Progress, RecordRefusedError
from infra.journal import JournalRecorder, open_journal
from infra.streams.publisher import KafkaPublisher, Point
from tests.keyring import keys_of
from tests.streams.filling import fill
from tests.streams.mock_cluster import Api, Code, MockCluster, ask_versions_as_the_mock_wants
from tests.streams.reading import Comparison, arrivals, compare, expected
from tests.streams.relay_program import HalvedPublisher, relay, topics_of

EVENTS, BATCH = 400, 100
SETS = 30
LIMITS = {"begin": 10.0, "delivery": 2.0, "publish": 6.0, "transaction": 60.0}


@pytest.fixture(autouse=True)
def _clients_fit_the_mock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        KafkaConnection, "__init__", ask_versions_as_the_mock_wants(KafkaConnection.__init__)
    )
    # The mock's control batches have no right checksum.
    monkeypatch.setitem(KafkaConsumer.DEFAULT_CONFIG, "check_crcs", False)
    # It does not wake a waiting reader when something arrives.
    monkeypatch.setitem(KafkaConsumer.DEFAULT_CONFIG, "fetch_max_wait_ms", 20)


@pytest.fixture(scope="module")
def journal(module_dsn: str) -> Iterator[JournalRecorder]:
    """Return a filled journal; nobody here writes to it."""
    with open_journal(module_dsn, keys_of(module_dsn)) as opened:
        fill(opened, EVENTS, journeys=10)
        yield opened


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[MockCluster, Iterator[str]]]:
    """Run a mock cluster with topics for many tests: making them at once takes as long as one."""
    names = [f"mocked-{number}" for number in range(SETS)]
    with mocked(1, names) as running:
        yield running, iter(names)


@pytest.fixture
def mock(shared: tuple[MockCluster, Iterator[str]]) -> Iterator[MockCluster]:
    running, _ = shared
    yield running
    running.recover(Api.PRODUCE)


@pytest.fixture
def topic(shared: tuple[MockCluster, Iterator[str]]) -> str:
    """Return the name of topics that no test has used."""
    return next(shared[1])


@contextmanager
def mocked(brokers: int, names: Iterable[str]) -> Iterator[MockCluster]:
    with MockCluster(brokers) as running:
        for name in names:
            for one in topics_of(name):
                running.make_topic(one.name, one.partitions)
        yield running


@dataclass
class Told:
    """What the relay reported."""

    published: int = 0
    failures: list[str] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)

    def standby(self, seen: Progress | None) -> None:
        raise AssertionError("nobody else leads here")

    def reached(self, progress: Progress, done: Sequence[Step]) -> None:
        self.published += len(done)

    def failed(self, error: KetteError, reason: str, pause: float) -> None:
        self.failures.append(reason)

    def refused(self, step: Step, error: RecordRefusedError) -> None:
        self.refusals.append(step.position)

    def fenced(self) -> None:
        self.failures.append("fenced")


class Once:
    """Does something when the relay passes a point for the n-th time."""

    def __init__(self, point: Point, act: Callable[[], object], nth: int = 1) -> None:
        self._point = point
        self._act = act
        self._left = nth

    def __call__(self, point: Point) -> None:
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                self._act()


class Failing:
    """Lets the broker refuse everything from a point on, until the relay begins anew."""

    def __init__(self, mock: MockCluster, code: Code, point: Point) -> None:
        self._refuse = Once(point, lambda: mock.answer(Api.PRODUCE, [code] * 1_000))
        self._recover = Once("before_init", lambda: mock.recover(Api.PRODUCE), nth=2)

    def __call__(self, point: Point) -> None:
        self._recover(point)
        self._refuse(point)


def relay_on(
    mock: MockCluster,
    topic: str,
    journal: JournalRecorder,
    at: Callable[[Point], None],
    told: Told,
    publisher: type[KafkaPublisher] = KafkaPublisher,
) -> Relay:
    return relay(
        journal.dsn,
        {"bootstrap_servers": mock.bootstrap},
        topic,
        at=at,
        limits=LIMITS,
        batch=BATCH,
        report=told,
        publisher=publisher,
    )


WHEN = pytest.mark.parametrize(
    "publisher",
    [KafkaPublisher, HalvedPublisher],
    ids=["told when asked", "told while more is sent"],
)


def verdict(mock: MockCluster, topic: str, journal: JournalRecorder) -> Comparison:
    return compare(expected(journal), arrivals(mock.bootstrap, topic))


CLEAN = Comparison(EVENTS, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("api", "codes"),
    [
        (Api.PRODUCE, [Code.NOT_ENOUGH_REPLICAS] * 3),
        (Api.PRODUCE, [Code.NOT_LEADER_OR_FOLLOWER] * 3),
        (Api.PRODUCE, [Code.REQUEST_TIMED_OUT] * 2),
        (Api.END_TXN, [Code.CONCURRENT_TRANSACTIONS] * 2),
        (Api.END_TXN, [Code.REQUEST_TIMED_OUT]),
        (Api.ADD_PARTITIONS, [Code.COORDINATOR_NOT_AVAILABLE] * 2),
        (Api.ADD_PARTITIONS, [Code.NOT_COORDINATOR]),
        (Api.FIND_COORDINATOR, [Code.COORDINATOR_NOT_AVAILABLE] * 3),
        (Api.INIT_PRODUCER_ID, [Code.CONCURRENT_TRANSACTIONS] * 3),
    ],
    ids=lambda value: value.name if isinstance(value, Api) else f"{value[0].name} x{len(value)}",
)
def test_what_passes_by_itself_is_waited_for(
    mock: MockCluster, topic: str, journal: JournalRecorder, api: Api, codes: list[Code]
) -> None:
    told = Told()
    early = api in {Api.FIND_COORDINATOR, Api.INIT_PRODUCER_ID}
    at = Once("before_init" if early else "after_progress_read", lambda: mock.answer(api, codes))

    relay_on(mock, topic, journal, at, told).run()

    assert told.failures == []
    assert verdict(mock, topic, journal) == CLEAN


@pytest.mark.parametrize(
    "code",
    [
        Code.OUT_OF_ORDER_SEQUENCE_NUMBER,
        Code.UNKNOWN_PRODUCER_ID,
        Code.TOPIC_AUTHORIZATION_FAILED,
        Code.CORRUPT_MESSAGE,
    ],
    ids=lambda code: code.name,
)
@pytest.mark.parametrize(
    ("publisher", "point"),
    [(KafkaPublisher, "after_progress_read"), (HalvedPublisher, "after_commit")],
    ids=["at first, told when asked", "later, told while more is sent"],
)
def test_what_kills_a_producer_costs_the_relay_a_new_one(
    mock: MockCluster,
    topic: str,
    journal: JournalRecorder,
    code: Code,
    point: Point,
    publisher: type[KafkaPublisher],
) -> None:
    told = Told()

    relay_on(mock, topic, journal, Failing(mock, code, point), told, publisher).run()

    assert len(told.failures) == 1
    assert told.published == EVENTS
    assert verdict(mock, topic, journal) == CLEAN


def test_a_topic_closed_to_the_relay_is_written_once_it_is_opened(
    mock: MockCluster, topic: str, journal: JournalRecorder
) -> None:
    told = Told()
    mock.answer(Api.PRODUCE, [Code.TOPIC_AUTHORIZATION_FAILED] * 1_000)
    at = Once("before_init", lambda: mock.recover(Api.PRODUCE), nth=4)

    relay_on(mock, topic, journal, at, told).run()

    assert len(told.failures) == 3
    assert verdict(mock, topic, journal) == CLEAN


@WHEN
def test_a_record_refused_once_goes_out_by_itself(
    mock: MockCluster, topic: str, journal: JournalRecorder, publisher: type[KafkaPublisher]
) -> None:
    told = Told()

    relay_on(
        mock, topic, journal, Failing(mock, Code.MESSAGE_TOO_LARGE, "after_commit"), told, publisher
    ).run()

    assert told.failures == ["record-refused"]
    assert told.refusals == []
    assert verdict(mock, topic, journal) == CLEAN


@WHEN
def test_a_relay_with_an_old_epoch_ends_and_does_not_fight(
    mock: MockCluster,
    topic: str,
    journal: JournalRecorder,
    publisher: type[KafkaPublisher],
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = Told()
    at = Failing(mock, Code.INVALID_PRODUCER_EPOCH, "after_commit")

    with pytest.raises(FencedError):
        relay_on(mock, topic, journal, at, told, publisher).run()

    assert told.failures == ["fenced"]
    # A new epoch would be asked for without naming the old one, and fence whoever took the place.
    assert "Bumping producer epoch" not in caplog.text


@pytest.mark.parametrize("api", [Api.END_TXN, Api.ADD_PARTITIONS], ids=lambda api: api.name)
def test_a_fenced_relay_ends_and_does_not_fight(
    mock: MockCluster, topic: str, journal: JournalRecorder, api: Api
) -> None:
    told = Told()
    at = Once("after_progress_read", lambda: mock.answer(api, [Code.PRODUCER_FENCED]))

    with pytest.raises(FencedError):
        relay_on(mock, topic, journal, at, told).run()

    assert told.failures == ["fenced"]
    assert told.published == 0


def test_leaders_and_coordinators_may_move(journal: JournalRecorder) -> None:
    told = Told()
    with mocked(2, [topic := "mocked"]) as mock:

        def move() -> None:
            for number in (1, 2):
                mock.coordinate(f"kette-relay-{topic}", number)
                for partition in range(topics_of(topic).events.partitions):
                    mock.lead(topic, partition, number)

        relay_on(mock, topic, journal, Once("after_commit", move, nth=2), told).run()

        assert told.published == EVENTS
        assert verdict(mock, topic, journal) == CLEAN


def test_a_broker_that_was_away_for_a_while_is_waited_for(
    mock: MockCluster, topic: str, journal: JournalRecorder
) -> None:
    told = Told()

    def go_away() -> None:
        mock.take_down(1)
        back = threading.Timer(2.5, mock.bring_up, [1])
        back.start()

    relay_on(mock, topic, journal, Once("after_commit", go_away, nth=2), told).run()

    assert told.published == EVENTS
    assert verdict(mock, topic, journal) == CLEAN
