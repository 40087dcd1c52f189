"""`kette rebuild`, `backup` and `restore`: care for the store."""

from pathlib import Path
from typing import Annotated

import typer

from infra import backup as backups
from kette.compose import data_folder, opened_database, opened_store
from kette.output import UNREADABLE, fail, progress_bar, told_plainly
from kette.settings import Settings


@told_plainly
def rebuild() -> None:
    """Build every reading anew beside the old one, then swap; reading goes on meanwhile."""
    with opened_store(Settings()) as store, progress_bar() as bar:
        task = bar.add_task("rebuild", total=None)
        reached = store.views.rebuild(lambda done, of: bar.update(task, completed=done, total=of))
    typer.echo(f"rebuilt up to position {reached}")


FolderArgument = Annotated[Path, typer.Argument(help="The folder of the backup.")]


@told_plainly
def backup(folder: FolderArgument) -> None:
    """Copy the whole store into an empty folder while it runs."""
    with opened_database(Settings()) as database:
        made = backups.back_up(database.dsn, folder)
    typer.echo(f"backed up to {folder}: {made.position} positions")


@told_plainly
def restore(folder: FolderArgument) -> None:
    """Bring a backup into an empty data folder."""
    settings = Settings()
    if settings.dsn:
        fail("restore fills a data folder; unset KETTE_DSN", UNREADABLE)
    target = data_folder(settings)
    made = backups.restore(folder, target)
    typer.echo(f"restored to {target}: {made.position} positions")
