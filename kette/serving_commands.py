"""`kette serve` and `kette demo`: the pages on this machine."""

import gc
import ipaddress
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Annotated, NoReturn
from uuid import uuid4

import typer
import uvicorn
from typing_extensions import override

from consumers.views import follow
from domain.chain.calendar import BERLIN
from domain.errors import KetteError
from domain.handling import HotJourneys, handle
from domain.journal import Actor
from domain.organisations import Baustein, Municipality
from infra.importing.ledger import StoreState, state_of
from infra.importing.run import run_import
from infra.integrity import Integrity
from infra.metrics import Metrics
from infra.population.generation import fitting
from infra.population.generation import generate as generate_population
from infra.population.writing import write_population
from infra.tail import Tail
from kette.compose import Store, data_folder, log_folder, opened_store, place_of
from kette.kafka_beside import kafka_beside
from kette.list_commands import Stages
from kette.memory import keep_what_is_there
from kette.notary_commands import notarised, witnesses
from kette.output import UNREACHABLE, UNREADABLE, fail, progress_bar, say, told_plainly
from kette.purging import keep_purged
from kette.settings import Settings
from projections.catalogue import KEPT
from web.app import create_app
from web.ports import Ports

_DEMO_SEED = 1
_KEEP_ALIVE_SECONDS = (
    75  # longer than clients keep a connection, so that none writes to a closed one
)
_LAST_ANSWER_SECONDS = 5

PortOption = Annotated[
    int | None, typer.Option("--port", min=1, max=65535, help="Port; else KETTE_PORT or 8000.")
]
MunicipalityOption = Annotated[
    str | None,
    typer.Option(
        "--municipality",
        help="AGS, short name or name, such as unna; else KETTE_MUNICIPALITY or Herne.",
    ),
]
KafkaOption = Annotated[
    bool,
    typer.Option("--kafka", help="Publish on Kafka as well: KETTE_KAFKA, else one started here."),
]


@told_plainly
def serve(port: PortOption = None) -> None:
    """Serve the pages and the read API; Ctrl-C stops everything."""
    _serve(Settings(), port, lambda _store, _settings, _place: None, _nothing_beside)


@told_plainly
def demo(
    port: PortOption = None,
    kafka: KafkaOption = False,
    municipality: MunicipalityOption = None,
) -> None:
    """Serve an invented municipality; each has its own data, and the second start finds them again."""
    beside = kafka_beside if kafka else _nothing_beside
    _serve(_settings(municipality), port, _load_demo, beside)


def _settings(municipality: str | None) -> Settings:
    """Return the settings, with the municipality of the command line where it names one."""
    return Settings() if municipality is None else Settings(municipality=municipality)


Prepare = Callable[[Store, Settings, Municipality], None]
Beside = Callable[[Settings], AbstractContextManager[None]]


def _nothing_beside(_settings: Settings) -> AbstractContextManager[None]:
    return nullcontext()


def _serve(settings: Settings, port: int | None, prepare: Prepare, beside: Beside) -> None:
    place = place_of(settings)
    port = port or settings.port
    _refuse_foreign_address(settings.host)
    _refuse_taken_port(settings.host, port)
    with _stopped_by_signals(), opened_store(settings, own=True) as store:
        for warning in store.journal.warnings:
            say(f"warning: {warning}")
        prepare(store, settings, place)
        with beside(settings), _followed(store, settings), notarised(store.dsn, settings):
            _run(store, settings, place, port)


def _refuse_foreign_address(host: str) -> None:
    """Serve this machine only, until access control exists."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        fail(
            f"KETTE_HOST={host}: until access control exists, Kette serves this machine only; "
            "use 127.0.0.1",
            UNREADABLE,
        )


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            fail(
                f"port {port} on {host} cannot be used ({error.strerror}); perhaps Kette runs there "
                "already: open it in the browser, or choose another one with --port",
                UNREACHABLE,
            )


@contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let SIGTERM end the program as Ctrl-C does: in order, the database last."""

    def stop(_number: int, _frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        say("stopped")
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _followed(store: Store, settings: Settings) -> Iterator[None]:
    """Keep the read models up to date beside the pages, unless a consumer group does, and purge them."""
    stop = threading.Event()

    def keep() -> None:
        try:
            follow(Tail(store.dsn), store.views, KEPT, stop, time.monotonic)
        except KetteError as error:
            say(f"kette: the read models stand still: {error}")

    threads = [
        threading.Thread(
            target=keep_purged, args=(store, settings, stop), name="purge", daemon=True
        )
    ]
    if settings.keeps_readings:
        threads.append(threading.Thread(target=keep, name="views", daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=10)


def _run(store: Store, settings: Settings, place: Municipality, port: int) -> None:
    integrity = Integrity(store.dsn, log_folder(settings), witnesses(settings))
    metrics = Metrics(store.views, lambda: datetime.now(BERLIN).date(), integrity.standing)
    journal, hot = metrics.measured(store.appender), HotJourneys()
    app = create_app(
        Ports(
            records=store.journal,
            tail=Tail(store.dsn),
            gaps=store.views,
            register=store.views,
            counts=store.views,
            integrity=integrity,
            record=lambda command: handle(journal, command, hot),
            now=lambda: datetime.now(BERLIN),
            new_id=uuid4,
            metrics=metrics.exposition,
            actor=_actor(settings, place),
            place=place,
        )
    )
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=port,
        log_level="warning",
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LAST_ANSWER_SECONDS,
    )
    gc.collect()
    keep_what_is_there()  # else each collection would hold up a page by 70 ms
    typer.echo(f"Kette: http://{settings.host}:{port}  (Ctrl-C stops it)")
    _tell_the_others(settings)
    _Server(config, app.state.streams.close).run()


def _tell_the_others(settings: Settings) -> None:
    """Say how other commands find the same data."""
    if data_folder(Settings()) != data_folder(settings):
        say(f"other commands find these data with KETTE_MUNICIPALITY={settings.municipality}")


class _Server(uvicorn.Server):
    """A server that ends the open streams before it waits for the answers still being given."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and wait for answers no longer than the configuration says."""
        self._end_streams()
        await super().shutdown(sockets)


def _actor(settings: Settings, place: Municipality) -> Actor:
    """Return who records by the pages: KETTE_ACTOR, else the first case manager of the municipality."""
    if settings.actor:
        return Actor(settings.actor, "case_manager", settings.unit)
    for post in place.posts:
        if post.baustein is Baustein.CASE_MANAGEMENT and post.holder:
            return Actor(post.key, post.role, post.unit)
    return Actor("case-manager", "case_manager", settings.unit)


def _load_demo(store: Store, settings: Settings, place: Municipality) -> None:
    """Fill an empty store with the invented population; go on where a load was broken off."""
    if state_of(store.dsn) is StoreState.OPEN:
        return
    folder = data_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "demo.xlsx"
    people = settings.demo_people or fitting(place)
    say(f"loading {people} invented people of {place.name} …")
    population = generate_population(place, people, _DEMO_SEED)
    write_population(population, path)
    with progress_bar() as bar:
        run_import(
            path,
            store.journal,
            actor=Actor("demo"),
            progress=Stages(bar),
        )
        task = bar.add_task("readings", total=None)
        store.views.rebuild(lambda done, of: bar.update(task, completed=done, total=of))
