"""What the command line says: tables for people, JSON lines for programs, one sentence for an error.

Exit codes: 0 done · 1 done, with differences or refused rows · 2 the request cannot be read ·
3 refused by a rule of the journal · 4 not found · 5 the store or Kafka cannot be reached ·
6 another relay took the place.
"""

import locale
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import wraps
from typing import Any, NoReturn, ParamSpec, TypeVar

import orjson
import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from domain.days import PartialDate
from domain.errors import (
    CommandIdReusedError,
    CommandRefusedError,
    JournalCorruptError,
    KetteError,
    StreamMovedError,
    UnknownJourneyError,
)
from domain.labels import Label, Language
from kette.settings import Settings

DIFFERENT, UNREADABLE, REFUSED, NOT_FOUND, UNREACHABLE, FENCED = 1, 2, 3, 4, 5, 6

_STORE = frozenset(
    {
        "data-folder",
        "data-folder-in-use",
        "group-tables",
        "server-start",
        "log-folder",
        "store-not-empty",
        "log-unreachable",
        "migration",
        "unsafe-server",
        "journal-unavailable",
        "journal-busy",
        "kek",
        "key-store",
        "key-missing",
    }
)

_P = ParamSpec("_P")
_R = TypeVar("_R")


def console() -> Console:
    """Return where tables go."""
    return Console(highlight=False)


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print one JSON object a line."""
    out = sys.stdout.buffer
    for row in rows:
        out.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
    out.flush()


def say(text: str) -> None:
    """Tell people something beside the result."""
    typer.echo(text, err=True)


def fail(message: str, exit_code: int) -> NoReturn:
    """End with one sentence and an exit code."""
    typer.echo(f"kette: {message}", err=True)
    raise typer.Exit(exit_code)


def table(*columns: str) -> Table:
    """Return an empty table."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def words(language: Language) -> Callable[[Label], str]:
    """Return what chooses the language of a label."""
    return lambda label: label.in_language(language)


def use_locale() -> None:
    """Take the language of messages from the environment."""
    try:
        locale.setlocale(locale.LC_MESSAGES, "")
    except locale.Error:
        return


def read_day(text: str | None, option: str) -> date | None:
    """Read a day of the command line.

    Raises:
        typer.Exit: With a sentence that names option and cure.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        fail(f"{option}: {text[:20]!r} is no day; write YYYY-MM-DD", UNREADABLE)


def read_partial(text: str, option: str) -> PartialDate:
    """Read a day, a month, a year or ``unknown`` of the command line."""
    try:
        return PartialDate() if text == "unknown" else PartialDate.parse(text)
    except KetteError as error:
        fail(f"{option}: {error}", UNREADABLE)


def progress_bar() -> Progress:
    """Return a bar that goes to standard error, so that results stay clean."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


@contextmanager
def explained() -> Iterator[None]:
    """Turn an error that a person can be told about into one sentence and an exit code."""
    try:
        yield
    except (CommandRefusedError, CommandIdReusedError, StreamMovedError) as error:
        fail(str(error), NOT_FOUND if error.code == "unknown-journey" else REFUSED)
    except UnknownJourneyError as error:
        fail(str(error), NOT_FOUND)
    except JournalCorruptError as error:
        fail(str(error), UNREACHABLE)
    except KetteError as error:
        fail(str(error), UNREACHABLE if error.code in _STORE else UNREADABLE)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        fail(_misfit(error), UNREADABLE)
    except BrokenPipeError:
        raise typer.Exit(0) from None


def _misfit(error: ValidationError) -> str:
    """Name the environment variable that cannot be read, never its value."""
    first = error.errors()[0]
    return f"KETTE_{str(first['loc'][0]).upper()}: {first['msg']}; `kette config` explains it"


def told_plainly(command: Callable[_P, _R]) -> Callable[_P, _R]:
    """Make a command end with a sentence instead of a traceback."""

    @wraps(command)
    def wrapped(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with explained():
            return command(*args, **kwargs)

    return wrapped
