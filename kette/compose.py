"""The wiring, in one page: which implementation stands behind which port."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from consumers.views import catch_up
from domain.organisations import Municipality
from infra.embedded import EmbeddedServer
from infra.errors import JournalUnavailableError
from infra.group import GroupAppender
from infra.group_views import open_group_views
from infra.journal import JournalRecorder, head_of, open_journal
from infra.kek import KekFiles
from infra.keys import KeyRing, open_keys
from infra.migrations import migrate
from infra.municipalities import municipality
from infra.sealing import opener
from infra.selftest import check_keys, check_readable
from infra.views import ViewStore, open_views
from kette.settings import DEFAULT_MUNICIPALITY, Settings
from projections.catalogue import KEPT
from projections.practice import judge_by


def place_of(settings: Settings) -> Municipality:
    """Return the municipality that the settings name.

    Raises:
        UnknownOrganisationError: If there is none.
        InvalidMunicipalityError: If a file does not fit.
    """
    return municipality(settings.municipality)


def data_folder(settings: Settings) -> Path:
    """Return where the data of the municipality lie: a folder of their own for each but the default one."""
    if settings.municipality == DEFAULT_MUNICIPALITY:
        return settings.data_dir
    place = place_of(settings)
    if place.ags == DEFAULT_MUNICIPALITY:
        return settings.data_dir
    return settings.data_dir / "municipalities" / place.slug


def log_folder(settings: Settings) -> Path:
    """Return where tree, checkpoint and the notary's key lie."""
    return data_folder(settings) / "log"


def has_data(settings: Settings) -> bool:
    """Say whether there is a database to ask, without making one.

    A database of one's own belongs to the municipality of the environment, and to no other.
    """
    if settings.dsn:
        return place_of(settings) == place_of(Settings())
    return (data_folder(settings) / "postgres").is_dir()


class Database(NamedTuple):
    """The journal's database, and the keys that seal and open what it holds."""

    dsn: str
    keys: KeyRing


@dataclass(frozen=True, slots=True)
class Store:
    """The journal and the read models of one municipality."""

    dsn: str
    keys: KeyRing
    journal: JournalRecorder
    views: ViewStore
    appender: GroupAppender


@contextmanager
def opened_database(settings: Settings, *, own: bool = False) -> Iterator[Database]:
    """Yield a database that is up to date with this program, and its keys.

    Args:
        settings: Names the databases, or the data folder of the embedded servers.
        own: Whether this process must be the one that runs the embedded servers.
    """
    place = place_of(settings)
    judge_by(place.practice())
    folder = data_folder(settings)
    with ExitStack() as stack:
        dsn, keys_dsn = _started(
            stack,
            own=own,
            servers=[
                (settings.dsn, EmbeddedServer(folder)),
                (settings.keys_dsn, EmbeddedServer(key_folder(settings))),
            ],
        )
        with _naming("KETTE_DSN", settings.dsn):
            migrate(dsn, place.tenant)
            tenant = head_of(dsn).tenant
        kek = KekFiles(kek_folder(settings))
        with _naming("KETTE_KEYS_DSN", settings.keys_dsn):
            keys = stack.enter_context(open_keys(keys_dsn, kek, tenant))
        check_keys(dsn, keys)
        yield Database(dsn, keys)


def key_folder(settings: Settings) -> Path:
    """Return where the embedded key store lies: in a folder, and on a server, of its own."""
    return data_folder(settings) / "keys"


def kek_folder(settings: Settings) -> Path:
    """Return where the keys lie that wrap all others."""
    return settings.kek_dir or data_folder(settings) / "kek"


def _started(
    stack: ExitStack, *, own: bool, servers: Sequence[tuple[str, EmbeddedServer]]
) -> list[str]:
    """Return the addresses of databases; the embedded servers among them start at the same time."""

    def start(address: str, server: EmbeddedServer) -> str:
        if address:
            return address
        stack.callback(server.stop)
        return server.start() if own else server.join()

    with ThreadPoolExecutor(len(servers)) as pool:
        return list(pool.map(lambda one: start(*one), servers))


@contextmanager
def _naming(variable: str, address: str) -> Iterator[None]:
    """Say which variable names the database that cannot be reached."""
    try:
        yield
    except JournalUnavailableError as error:
        raise type(error)(f"{variable}: {error}" if address else str(error)) from error


def _opened_views(database: Database, settings: Settings) -> ViewStore:
    return open_views(*database) if settings.keeps_readings else open_group_views(*database)


@contextmanager
def opened_store(settings: Settings, *, own: bool = False) -> Iterator[Store]:
    """Yield the journal, the read models and the group appender in front of the journal.

    With ``own`` it is opened for serving, and this program must be able to read what it holds. Without,
    nobody here follows the journal, so the read models are brought to its head once, unless a consumer
    group keeps them.

    Raises:
        UnfitRecordError: If it is opened for serving and holds what this program cannot read.
    """
    with ExitStack() as stack:
        database = stack.enter_context(opened_database(settings, own=own))
        journal = stack.enter_context(open_journal(*database))
        if own:
            check_readable(database.dsn, opener(database.keys))
        views = stack.enter_context(_opened_views(database, settings))
        if not own and settings.keeps_readings:
            catch_up(journal, views, KEPT)
        appender = stack.enter_context(GroupAppender(journal))
        yield Store(*database, journal, views, appender)
