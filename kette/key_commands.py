"""`kette keys`: what a key custodian does."""

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from infra.errors import KeyStoreError
from infra.key_backup import KEPT_DAYS, back_up_keys
from infra.keys import KeyRing
from kette.compose import opened_database, opened_store
from kette.options import AsJson
from kette.output import (
    NOT_FOUND,
    REFUSED,
    UNREADABLE,
    console,
    fail,
    print_json,
    table,
    told_plainly,
)
from kette.purging import left_nothing
from kette.settings import Settings

keys = typer.Typer(no_args_is_help=True, add_completion=False)
JourneyArgument = Annotated[UUID, typer.Argument(help="The id of the journey.")]


@keys.command()
@told_plainly
def status(as_json: AsJson = False) -> None:
    """Show the epochs, how many data keys each wraps, and how many were destroyed."""
    with opened_database(Settings()) as database:
        found = database.keys.status()
    if as_json:
        print_json(
            {
                "epoch": one.number,
                "fingerprint": one.fingerprint.hex(),
                "made_at": one.made_at.isoformat(),
                "retired_at": one.retired_at and one.retired_at.isoformat(),
                "destroyed_at": one.destroyed_at and one.destroyed_at.isoformat(),
                "keys": one.keys,
            }
            for one in found.epochs
        )
        return
    shown = table("epoch", "fingerprint", "made", "retired", "destroyed", "keys")
    for one in found.epochs:
        moments = (one.made_at, one.retired_at, one.destroyed_at)
        days = ("–" if moment is None else f"{moment:%Y-%m-%d %H:%M}" for moment in moments)
        shown.add_row(str(one.number), one.fingerprint.hex(), *days, str(one.keys))
    console().print(shown)
    typer.echo(f"destroyed keys: {found.destroyed}")


@keys.command()
@told_plainly
def rotate() -> None:
    """Begin a new epoch and wrap every data key anew under it."""
    with opened_database(Settings()) as database:
        epoch, count = database.keys.rotate()
    typer.echo(f"epoch {epoch} wraps from now on; {count} keys were wrapped anew")


@keys.command("destroy-epoch")
@told_plainly
def destroy_epoch(
    number: Annotated[int, typer.Argument(min=1, help="The number of a retired epoch.")],
    now: Annotated[
        bool, typer.Option("--now", help="Although backups of the keys may still need it.")
    ] = False,
) -> None:
    """Destroy the key of a retired epoch: backups of the key store from its time open nothing any more."""
    with opened_database(Settings()) as database:
        if not now:
            _refuse_early(database.keys, number)
        try:
            database.keys.destroy_epoch(number)
        except KeyStoreError as error:
            fail(str(error), REFUSED)
    typer.echo(f"the key of epoch {number} is destroyed")


@keys.command()
@told_plainly
def destroy(
    journey: JourneyArgument,
    sure: Annotated[bool, typer.Option("--yes", help="It cannot be undone.")] = False,
) -> None:
    """Destroy the data keys of a journey: nothing of it can ever be read again."""
    if not sure:
        fail("this cannot be undone; add --yes", REFUSED)
    settings = Settings()
    with opened_database(settings) as database:
        count = database.keys.destroy(journey)
        gone = count or any(one.journey == journey for one in database.keys.destroyed_after(0))
    if not gone:
        fail(f"the key store has no keys of journey {journey}", NOT_FOUND)
    with opened_store(settings) as store:
        while not left_nothing(store, settings, [journey]):
            pass  # somebody moved the tables meanwhile
    typer.echo(f"{count} keys of journey {journey} are destroyed")


@keys.command()
@told_plainly
def release(
    journeys: Annotated[list[UUID], typer.Argument(help="The ids of the journeys.")],
    out: Annotated[Path, typer.Option("--out", help="A new file, for the auditor alone.")],
) -> None:
    """Write the data keys of journeys to a file, for an audit of what they sealed."""
    with opened_database(Settings()) as database:
        found = database.keys.released(journeys)
    if not found:
        fail("the key store has no keys of these journeys", NOT_FOUND)
    said = {
        "format": "kette-keys-1",
        "keys": [
            {
                "id": str(one.id),
                "journey": str(one.journey),
                "class": one.data_class,
                "key": base64.b64encode(raw).decode(),
            }
            for one, raw in found
        ],
    }
    try:
        descriptor = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        fail(f"cannot write {out}: {error.strerror}; name a new file", UNREADABLE)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(said, file, indent=1)
    typer.echo(f"{len(found)} keys written to {out}")


@keys.command()
@told_plainly
def backup(
    folder: Annotated[Path, typer.Argument(help="The folder of the backups of the key store.")],
) -> None:
    """Copy the key store into a folder, and remove the copies that are older than seven days."""
    with opened_database(Settings()) as database:
        made, removed = back_up_keys(database.keys.store.dsn, folder, datetime.now(UTC))
    typer.echo(f"backed up to {made}; {removed} older than {KEPT_DAYS} days removed")


def _refuse_early(ring: KeyRing, number: int) -> None:
    """Keep an epoch as long as the backups of the key store that need it."""
    wanted = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    for one in ring.status().epochs:
        if one.number == number and one.retired_at is not None and one.retired_at > wanted:
            fail(
                f"epoch {number} was retired on {one.retired_at:%Y-%m-%d}: backups of the key store of the "
                f"last {KEPT_DAYS} days still need it; wait, or give those backups up with --now",
                REFUSED,
            )
