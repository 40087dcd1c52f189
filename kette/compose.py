"""The wiring, in one page: which implementation stands behind which port."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from consumers.views import catch_up
from domain.organisations import Municipality
from infra.embedded import EmbeddedServer
from infra.errors import JournalUnavailableError
from infra.group import GroupAppender
from infra.group_views import open_group_views
from infra.journal import JournalRecorder, open_journal
from infra.migrations import migrate
from infra.municipalities import municipality
from infra.selftest import check_readable
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


def has_data(settings: Settings) -> bool:
    """Say whether there is a database to ask, without making one.

    A database of one's own belongs to the municipality of the environment, and to no other.
    """
    if settings.dsn:
        return place_of(settings) == place_of(Settings())
    return (data_folder(settings) / "postgres").is_dir()


@dataclass(frozen=True, slots=True)
class Store:
    """The journal and the read models of one municipality."""

    dsn: str
    journal: JournalRecorder
    views: ViewStore
    appender: GroupAppender


@contextmanager
def opened_database(settings: Settings, *, own: bool = False) -> Iterator[str]:
    """Yield the DSN of a database that is up to date with this program.

    Args:
        settings: Names the database, or the data folder of the embedded server.
        own: Whether this process must be the one that runs the embedded server.
    """
    judge_by(place_of(settings).practice())
    with ExitStack() as stack:
        dsn = settings.dsn
        if not dsn:
            server = EmbeddedServer(data_folder(settings))
            stack.callback(server.stop)
            dsn = server.start() if own else server.join()
        _bring_up_to_date(dsn, "KETTE_DSN: " if settings.dsn else "")
        yield dsn


def _bring_up_to_date(dsn: str, place: str) -> None:
    try:
        migrate(dsn)
    except JournalUnavailableError as error:
        raise JournalUnavailableError(f"{place}{error}") from error


def _opened_views(dsn: str, settings: Settings) -> ViewStore:
    return open_views(dsn) if settings.keeps_readings else open_group_views(dsn)


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
        dsn = stack.enter_context(opened_database(settings, own=own))
        journal = stack.enter_context(open_journal(dsn, settings.secret_bytes()))
        if own:
            check_readable(dsn)
        views = stack.enter_context(_opened_views(dsn, settings))
        if not own and settings.keeps_readings:
            catch_up(journal, views, KEPT)
        appender = stack.enter_context(GroupAppender(journal))
        yield Store(dsn, journal, views, appender)
