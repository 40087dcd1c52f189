"""The one way in for lists: read a file, and record what it tells."""

from datetime import UTC, datetime
from pathlib import Path

from domain.journal import Actor
from infra.errors import HistoryLoadError
from infra.importing.history import HistoryStore, import_history
from infra.importing.ledger import Ledger, StoreState
from infra.importing.ordinary import Store, import_now
from infra.importing.people import People
from infra.importing.planning import Import
from infra.importing.reading import Progress, Waiting, read_file
from infra.importing.report import ImportReport, Tally
from infra.importing.spool import Spool
from infra.journal import JournalRecorder
from infra.spreadsheets.days import BERLIN
from infra.spreadsheets.mappings import read_mapping


def run_import(
    path: Path,
    journal: JournalRecorder,
    *,
    actor: Actor,
    dry_run: bool = False,
    mapping: Path | None = None,
    source: str | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Import a fact list or a case list.

    Importing the same file again changes nothing. Facts keep the day of their recording only when
    an empty store is loaded by a fact list that tells it.

    Args:
        path: The file, XLSX or CSV.
        journal: The journal of the store.
        actor: Who imports; a row may name who recorded it.
        dry_run: Say what would happen and write nothing.
        mapping: How a case list is read; a mapping that comes with the program unless given.
        source: The lasting name of the list, if it is not the usual one.
        progress: Called as the import goes on.

    Raises:
        UnreadableFileError: If nothing of the file can be read.
        MappingError: If the mapping cannot be read.
        HistoryLoadError: If a load of history was broken off and this is another file.
    """
    now = datetime.now(UTC)
    ledger = Ledger(journal.dsn, journal.keys)
    tally = Tally()
    told = progress or _silent
    chosen = None if mapping is None else read_mapping(mapping)
    with Spool[Waiting]() as spool:
        people = People(journal.dsn, journal.keys, journal, ledger)
        file = read_file(path, chosen, people.journey, spool, tally, told)
        name = source or file.source
        this = Import(ledger.list_id(name), actor, now.astimezone(BERLIN).date())
        history = file.tells_recording and ledger.state is not StoreState.OPEN
        if history:
            empty = HistoryStore(journal.dsn, journal.keys, ledger, dry_run)
            import_history(this, spool, empty, now, tally, told)
        elif ledger.state is StoreState.LOADING:
            raise HistoryLoadError(
                "a load of history was broken off: run it again with the same file first"
            )
        else:
            import_now(this, spool, Store(journal, ledger, dry_run), tally, told)
    return tally.report(path.name, name, dry_run=dry_run, history=history)


def _silent(_stage: str, _done: int, _of: int | None) -> None:
    """Tell nobody."""
