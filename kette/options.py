"""The options that several commands share."""

from datetime import date, datetime
from typing import Annotated

import typer

from domain.chain.calendar import BERLIN
from domain.labels import Language
from kette.output import UNREADABLE, fail, read_day
from kette.settings import Settings

AsOf = Annotated[str, typer.Option("--as-of", help="The day asked about, YYYY-MM-DD.")]
AsOfToday = Annotated[
    str | None, typer.Option("--as-of", help="The day asked about, YYYY-MM-DD; today if absent.")
]
KnownAt = Annotated[
    str | None,
    typer.Option("--known-at", help="Only what was recorded by this day, YYYY-MM-DD."),
]
RuleIds = Annotated[
    list[str] | None, typer.Option("--rule", help="Only this rule; may be repeated.")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Lang = Annotated[str | None, typer.Option("--lang", help="de or en; else by the locale.")]


def language(lang: str | None) -> Language:
    """Return the language asked for, else that of the settings."""
    match lang:
        case None:
            return Settings().language()
        case "de" | "en":
            return lang
        case _:
            return fail(f"--lang: {lang[:10]!r} is not offered; choose de or en", UNREADABLE)


def today(as_of: str | None) -> date:
    """Return the day asked about, else today in Berlin."""
    return read_day(as_of, "--as-of") or datetime.now(BERLIN).date()
