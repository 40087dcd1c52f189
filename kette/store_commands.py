"""`kette rebuild`, `export`, `backup` and `restore`: care for the store."""

import threading
from pathlib import Path
from typing import Annotated

import typer

from consumers.notary import sign_now
from infra import backup as backups
from infra import export as exports
from infra.errors import KekError
from infra.export_folder import is_export
from infra.export_form import read_note
from infra.kek import KekFiles
from infra.notary_store import NotaryStore
from infra.readback import read_back_store
from infra.restore import restore_exports
from kette.compose import (
    data_folder,
    kek_folder,
    key_folder,
    log_folder,
    opened_database,
    opened_store,
)
from kette.output import UNREADABLE, fail, progress_bar, told_plainly
from kette.settings import Settings


@told_plainly
def rebuild() -> None:
    """Build every reading anew beside the old one, then swap; reading goes on meanwhile."""
    with opened_store(Settings()) as store, progress_bar() as bar:
        task = bar.add_task("rebuild", total=None)
        reached = store.views.rebuild(lambda done, of: bar.update(task, completed=done, total=of))
    typer.echo(f"rebuilt up to position {reached}")


FolderArgument = Annotated[Path, typer.Argument(help="The folder of the backup; a new one.")]


@told_plainly
def backup(folder: FolderArgument) -> None:
    """Copy journal and key store into a new folder while they run; the keys in `kek` are not in it."""
    with opened_database(Settings()) as database:
        made = backups.back_up(database.dsn, database.keys.store.dsn, folder)
    typer.echo(f"backed up to {folder}: {made.position} positions")


ExportArgument = Annotated[Path, typer.Argument(help="The folder of the export; a new one.")]
AfterOption = Annotated[
    Path | None,
    typer.Option("--after", help="The folder of the export that this one continues."),
]


@told_plainly
def export(folder: ExportArgument, after: AfterOption = None) -> None:
    """Write the journal into files that can be verified without Kette, up to the newest checkpoint."""
    settings = Settings()
    with opened_database(settings) as database:
        if settings.notary == "own":
            _sign(database.dsn, log_folder(settings))
        made = exports.export(database.dsn, folder, after).trailer
    typer.echo(f"exported to {folder}: {made.size - made.after} positions, up to {made.size}")


def _sign(dsn: str, folder: Path) -> None:
    """Sign what no checkpoint holds yet; where everything is signed, no key is needed."""
    with NotaryStore(dsn, folder) as log:
        if log.unsigned():
            sign_now(log, threading.Event())


FoldersArgument = Annotated[
    list[Path],
    typer.Argument(help="A backup, or an export and those that continue it, in their order."),
]


KeysOption = Annotated[
    Path | None,
    typer.Option(
        "--keys", help="The backup whose key store is taken; else that of the backup itself."
    ),
]


@told_plainly
def restore(folders: FoldersArgument, keys: KeysOption = None) -> None:
    """Bring a backup into an empty data folder, or exports into an empty store, and compare everything."""
    settings = Settings()
    if is_export(folders[0]):
        _restore_exports(settings, folders, keys)
        return
    if len(folders) > 1:
        fail("a backup is restored alone; only exports continue each other", UNREADABLE)
    if settings.dsn:
        fail("a backup is restored into a data folder; unset KETTE_DSN", UNREADABLE)
    backups.read_manifest(folders[0])
    _check_kek(settings)
    target = data_folder(settings)
    beside = None if settings.keys_dsn else key_folder(settings)
    backups.restore(folders[0], target, beside, keys)
    with opened_database(settings, own=True) as database:
        found = read_back_store(database.dsn, database.keys.store)
    typer.echo(f"restored to {target}: {found.position} positions")
    typer.echo(
        f"every row, every key and the root of the checkpoint of {found.signed} are as they were"
    )


def _check_kek(settings: Settings) -> None:
    """Refuse before anything is brought: without the keys that wrap, nothing of it could be read."""
    folder = kek_folder(settings)
    if not KekFiles(folder).epochs():
        raise KekError(
            f"{folder} holds no key of an epoch: bring these files first, no backup has them"
        )


def _restore_exports(settings: Settings, folders: list[Path], keys: Path | None) -> None:
    _check_kek(settings)
    beside = key_folder(settings)
    if keys is not None and not settings.keys_dsn:
        backups.restore_keys(keys, beside)
    elif not settings.keys_dsn and not (beside / "postgres").is_dir():
        fail(
            "an export holds no keys: name a backup that holds the key store with --keys",
            UNREADABLE,
        )
    with opened_database(settings, own=True) as database:
        made = restore_exports(database.dsn, folders, database.keys.store)
    root = read_note(made.checkpoint).root
    typer.echo(f"restored {made.size} positions, root {root.hex()}: that of the checkpoint")
