"""`kette relay` and `kette republish`: the journal speaks on Kafka."""

import gc
import logging
import random
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import uuid4

import typer

from consumers import clock
from consumers.relay import CompleteError, Orders, Relay, World
from consumers.relay_batch import Places, Step
from domain.chain.calendar import BERLIN
from domain.errors import KetteError
from domain.publishing import (
    DivergedError,
    FencedError,
    Progress,
    PublishingFailedError,
    RecordRefusedError,
)
from infra.clock_store import ClockStore
from infra.streams.outbox import JournalOutbox
from infra.streams.publisher import KafkaPublisher
from infra.streams.reachable import reachable
from infra.streams.relay_metrics import RelayMetrics
from infra.streams.topic_differences import Cure
from infra.streams.topics import (
    ClusterTopics,
    KafkaUnreachableError,
    TopicsRefusedError,
    declared,
)
from kette.compose import Database, opened_database, place_of
from kette.memory import keep_what_is_there
from kette.output import FENCED, REFUSED, UNREACHABLE, UNREADABLE, fail, say, told_plainly
from kette.settings import Settings
from kette.stopping import stopping
from schemas.topics import JOURNEY, SUBJECTS, generation

_PATIENCE_SECONDS = 30.0
_RETRY_SECONDS = 2.0
_STOP_SECONDS = 5
_BATCH = 1_000
_ENDS_OTHERWISE = (DivergedError, CompleteError, TopicsRefusedError)
_KAFKA_IS_AWAY = (KafkaUnreachableError, PublishingFailedError, RecordRefusedError)

UntilCaughtUp = Annotated[
    bool,
    typer.Option("--until-caught-up", help="End when the topic stands where the journal does."),
]
AtLeastOnce = Annotated[
    bool,
    typer.Option("--at-least-once", help="Without transactions: nothing is lost, some come twice."),
]
NoClock = Annotated[bool, typer.Option("--no-clock", help="Do not tell what crosses a day.")]
Generation = Annotated[
    int, typer.Option("--generation", min=1, help="Which generation of the topic.")
]
NewGeneration = Annotated[int, typer.Option("--generation", help="The new generation: 2 or more.")]
TopicName = Annotated[str, typer.Option("--topic", help="The topic of the first generation.")]
MetricsPort = Annotated[
    int | None,
    typer.Option("--metrics-port", min=1, max=65535, help="Serve figures to this machine here."),
]
Batch = Annotated[
    int, typer.Option("--batch", min=1, max=10_000, help="Facts in one transaction at most.")
]


@dataclass(frozen=True, slots=True)
class Publication:
    """One topic that the journal is published on.

    Attributes:
        number: Its generation.
        transactional: Exactly once, else at least once.
    """

    database: Database
    settings: Settings
    number: int = 1
    transactional: bool = True

    @property
    def client(self) -> dict[str, str]:
        """Return what every client of Kafka needs."""
        return {"bootstrap_servers": self.settings.kafka}

    def relay(self, orders: Orders, world: World, report: "Spoken") -> Relay:
        """Return the relay of this topic."""
        topic = generation(JOURNEY, self.number)
        source = f"/kette/{place_of(self.settings).ags}"
        return Relay(
            JournalOutbox(*self.database, topic.name),
            KafkaPublisher(self.client, topic, beside=[SUBJECTS], transactional=self.transactional),
            report,
            Places(topic, SUBJECTS, source),
            orders,
            world,
        )


class Spoken:
    """Says how it goes, and counts it."""

    def __init__(self, topic: str, metrics: RelayMetrics) -> None:
        self._topic = topic
        self._metrics = metrics
        self._said: set[str] = set()
        self._announces = True
        self.progress: Progress | None = None

    def standby(self, seen: Progress | None) -> None:
        """Another relay leads; this one waits. The topic stands here, where that was looked up."""
        self.progress = seen
        self._say_once(f"another relay publishes {self._topic}; this one waits to take over")
        self._metrics.standby()

    def reached(self, progress: Progress, done: Sequence[Step]) -> None:
        """The topic stands here now, after these steps (none when the lead was taken)."""
        if done:
            self._said.clear()
        elif self._announces:
            self._say_once(f"publishes {self._topic} from position {progress.position}")
            self._announces = False
        self.progress = progress
        self._metrics.reached(progress, len(done), (one.withheld for one in done if one.withheld))

    def failed(self, error: KetteError, reason: str, pause: float) -> None:
        """Everything is thrown away and begun again after a pause."""
        self._metrics.failed(reason)
        if not isinstance(error, RecordRefusedError):
            self._announces = True
            self._say_once(f"{error}", f"; tries again in {pause:.1f} s, nothing is skipped")

    def refused(self, step: Step, error: RecordRefusedError) -> None:
        """The broker refuses this step, and nothing goes out before it passes."""
        self._metrics.refused(step.position)
        self._announces = True
        self._say_once(
            f"ALARM: Kafka refuses the record at position {step.position}, journey"
            f" {step.journey}, as too large ({error}); {self._topic} stands still until"
            " max.message.bytes of the topic is raised; it is tried again, nothing is skipped"
        )

    def fenced(self) -> None:
        """Another relay took the place."""
        self._metrics.fenced()

    def _say_once(self, text: str, ending: str = "") -> None:
        """Say what was not said since the topic moved on: a long outage repeats itself."""
        if text not in self._said:
            say(f"relay: {text}{ending}")
        self._said.add(text)


@told_plainly
def relay(
    until_caught_up: UntilCaughtUp = False,
    at_least_once: AtLeastOnce = False,
    no_clock: NoClock = False,
    generation: Generation = 1,
    metrics_port: MetricsPort = None,
    batch: Batch = _BATCH,
) -> None:
    """Publish the journal on Kafka, each event once and in order; Ctrl-C stops it."""
    settings = Settings()
    patience = _PATIENCE_SECONDS if until_caught_up else None
    orders = Orders(uuid4(), batch, until_caught_up, patience)
    with stopping() as stop, opened_database(settings) as database, _told_by_exit_code():
        publication = Publication(database, settings, generation, not at_least_once)
        with _clock(database, stop, follow=not until_caught_up and not no_clock):
            if until_caught_up and not no_clock:
                _tell_all(database, stop)
            publish(publication, orders, stop, metrics_port)


@told_plainly
def republish(
    generation: NewGeneration, topic: TopicName = JOURNEY.name, batch: Batch = _BATCH
) -> None:
    """Publish the journal from its first record on a new generation of a topic; goes on after a kill."""
    if topic != JOURNEY.name:
        fail(
            f"--topic: {topic[:60]!r} is not filled from the journal; {JOURNEY.name} is", UNREADABLE
        )
    if generation < 2:
        fail("--generation: the first is the topic itself; take 2 or more", REFUSED)
    settings = Settings()
    orders = Orders(uuid4(), batch, until_caught_up=True, patience=_PATIENCE_SECONDS, anew=True)
    with stopping() as stop, opened_database(settings) as database, _told_by_exit_code():
        try:
            publish(Publication(database, settings, generation), orders, stop)
        except CompleteError as error:
            fail(
                f"generation {generation} is there already: {error}; `kette relay --generation"
                f" {generation}` goes on with it, `kette republish --generation {generation + 1}`"
                " makes another",
                REFUSED,
            )


def publish(
    publication: Publication,
    orders: Orders,
    stop: threading.Event,
    metrics_port: int | None = None,
) -> None:
    """Publish until stopped or done; what Kafka lacks is made, a Kafka that is away is waited for.

    Raises:
        KafkaUnreachableError: If patience ends before a broker answers.
    """
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what it means is said in one sentence
    topic = generation(JOURNEY, publication.number).name
    world = World(stop.is_set, stop.wait, random.SystemRandom().random, time.monotonic)
    with closing(RelayMetrics(publication.database.dsn, topic)) as metrics:
        if metrics_port is not None:
            _serve(metrics, metrics_port)
        _provide_topics(publication, orders.patience, world)
        gc.collect()
        keep_what_is_there()
        report = Spoken(topic, metrics)
        publication.relay(orders, world, report).run()
    if report.progress is not None:
        reached = report.progress
        typer.echo(f"{topic} stands at position {reached.position}, crossing {reached.crossing}")


def _serve(metrics: RelayMetrics, port: int) -> None:
    try:
        metrics.serve(port)
    except OSError as error:
        fail(f"--metrics-port {port} cannot be used ({error.strerror})", UNREACHABLE)


def _provide_topics(publication: Publication, patience: float | None, world: World) -> None:
    """Make the topics that are missing, as soon as a broker answers."""
    begun, said = world.clock(), ""
    while not world.stopped():
        try:
            _make_missing(publication)
        except KafkaUnreachableError as error:
            if patience is not None and world.clock() - begun > patience:
                raise
            if str(error) != said:
                said = str(error)
                say(f"relay: {said}; waits for it")
            world.pause(world.chance() * _RETRY_SECONDS)
        else:
            return


def _make_missing(publication: Publication) -> None:
    brokers = publication.settings.kafka
    if not reachable(brokers, _RETRY_SECONDS):
        raise KafkaUnreachableError(
            f"no Kafka answers at {brokers}; `make kafka-up` starts one, KETTE_KAFKA names another"
        )
    cluster, topics = ClusterTopics(publication.client), declared(publication.number)
    missing = {one.topic for one in cluster.differences(topics) if one.cure is Cure.CREATE}
    if missing:
        cluster.apply([one for one in topics if one.name in missing])
        say(f"relay: made {', '.join(sorted(missing))}")


@contextmanager
def _clock(database: Database, stop: threading.Event, *, follow: bool) -> Iterator[None]:
    """Let the clock tell what crosses a day beside the relay."""

    def tell() -> None:
        try:
            with ClockStore(*database) as store:
                clock.follow(store, _today, stop)
        except KetteError as error:
            say(f"relay: the clock stands still: {error}")

    if not follow:
        yield
        return
    thread = threading.Thread(target=tell, name="clock", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=_STOP_SECONDS)


def _tell_all(database: Database, stop: threading.Event) -> None:
    """Tell what crossed by today."""
    with ClockStore(*database) as store:
        clock.catch_up(store, _today(), stop)


def _today() -> date:
    return datetime.now(BERLIN).date()


@contextmanager
def _told_by_exit_code() -> Iterator[None]:
    """End with the exit code of what stopped the relay."""
    try:
        yield
    except FencedError as error:
        fail(str(error), FENCED)
    except _ENDS_OTHERWISE as error:
        fail(str(error), REFUSED)
    except _KAFKA_IS_AWAY as error:
        fail(str(error), UNREACHABLE)
