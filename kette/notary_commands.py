"""`kette notary` and `kette witness`: what was recorded is signed here, and cosigned elsewhere."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from consumers.notary import follow, sign_now
from domain.errors import KetteError
from domain.integrity import Checkpoint
from infra.errors import WitnessError
from infra.notary_store import NotaryStore
from infra.notes import VerifierKey
from infra.tiles import TileFolder
from infra.witness import Witness, reader_of
from kette.compose import log_folder, opened_database
from kette.output import DIFFERENT, fail, say, told_plainly
from kette.settings import Settings
from kette.stopping import stopping

Once = Annotated[bool, typer.Option("--once", help="Sign what is recorded, and end.")]
NewKey = Annotated[
    bool,
    typer.Option(
        "--new-key", help="Go on with another key than that of the last checkpoint; ends with it."
    ),
]


@told_plainly
def notary(once: Once = False, new_key: NewKey = False) -> None:
    """Sign what was recorded, every ten seconds or thousand events, once it was compared."""
    settings = Settings()
    with (
        stopping() as stop,
        opened_database(settings) as database,
        NotaryStore(database.dsn, log_folder(settings), new_key=new_key) as log,
    ):
        if once or new_key:
            made = sign_now(log, stop)
            typer.echo("nothing is recorded yet" if made is None else _sentence(made))
        else:
            follow(log, stop, time.monotonic, lambda made: typer.echo(_sentence(made)), _complain)


def _sentence(made: Checkpoint) -> str:
    return f"signed {made.size} events, root {made.root.hex()}"


def _complain(error: KetteError) -> None:
    say(f"kette: the notary waits: {error}")


@contextmanager
def notarised(dsn: str, settings: Settings) -> Iterator[None]:
    """Sign beside the pages, unless another process does."""
    if settings.notary != "own":
        yield
        return
    stop = threading.Event()

    def keep() -> None:
        try:
            with NotaryStore(dsn, log_folder(settings)) as log:
                follow(log, stop, time.monotonic, lambda _made: None, _complain)
        except KetteError as error:
            say(f"kette: the notary signs nothing more: {error}")

    thread = threading.Thread(target=keep, name="notary", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def witnesses(settings: Settings) -> list[VerifierKey]:
    """Return the witnesses that the settings name.

    Raises:
        NoteError: If one of them is no verifier key.
    """
    return [VerifierKey.parse(one) for one in settings.witnesses.split(",") if one.strip()]


LogArgument = Annotated[
    str, typer.Argument(metavar="LOG", help="A folder with checkpoint and tiles, or its address.")
]
StateOption = Annotated[
    Path, typer.Option("--state", help="The file that remembers; the key lies beside it.")
]
KeyOption = Annotated[str, typer.Option("--key", help="The verifier key of the log's notary.")]
NameOption = Annotated[str, typer.Option("--name", help="The witness' name in its cosignatures.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", help="Where the cosigned checkpoint goes; else beside the state."),
]


@told_plainly
def witness(
    log: LogArgument,
    state: StateOption,
    key: KeyOption,
    name: NameOption = "witness",
    out: OutOption = None,
) -> None:
    """Cosign the newest checkpoint of a log if it continues all that was seen before."""
    target = out or state.with_name(f"{state.name}.checkpoint")
    seeing = Witness(state, VerifierKey.parse(key), name)
    try:
        head, note = seeing.cosign(reader_of(log), int(datetime.now(UTC).timestamp()))
    except WitnessError as error:
        fail(f"not cosigned: {error}", DIFFERENT)
    TileFolder(target.parent).replace(target.name, bytes(note))
    typer.echo(f"cosigned {head.size} events, root {head.root.hex()}, to {target}")
    typer.echo(f"key of this witness: {seeing.key}")
