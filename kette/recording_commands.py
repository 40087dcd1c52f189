"""`kette record`: one fact by the command line."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID, uuid4, uuid5

import orjson
import typer

from domain.chain.calendar import BERLIN
from domain.commands import Command, RecordFacts, StartJourney
from domain.events.registry import fact_class, read_fact
from domain.fact import Fact
from domain.fields import SourceKind
from domain.handling import handle
from domain.journal import Actor, Entry, Outcome, Recorded
from kette.compose import Store, opened_store
from kette.journeys import journey_id, records_of
from kette.options import AsJson
from kette.output import UNREADABLE, fail, print_json, read_partial, told_plainly
from kette.settings import Settings

_NEW = "new"
_TIES = frozenset({"target", "title", "employment", "replaces"})


@told_plainly
def record(
    journey: Annotated[
        str, typer.Argument(help="A journey's id or case number; 'new' begins one.")
    ],
    type_name: Annotated[str, typer.Argument(metavar="TYPE", help="A fact type: ContactHeld.")],
    on: Annotated[
        str, typer.Option("--on", help="Its day: YYYY-MM-DD, YYYY-MM, YYYY or 'unknown'.")
    ],
    attributes: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Its attributes.")
    ] = None,
    command_id: Annotated[
        UUID | None, typer.Option("--command-id", help="Sent twice, it is done once.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Record one fact; facts are never changed, only corrected or retracted by another fact."""
    settings = Settings()
    if not settings.actor:
        fail("nobody records: set KETTE_ACTOR to who you are", UNREADABLE)
    occurred_on = read_partial(on, "--on")
    given = _pairs(fact_class(type_name), attributes or ())
    with opened_store(settings) as store:
        command_id = command_id or uuid4()
        target = _begun_by(command_id) if journey == _NEW else journey_id(journey, store.views)
        records = [] if journey == _NEW else records_of(store.journal, target)
        fact = read_fact(type_name, _tied(given, records))
        entry = Entry(
            str(command_id),
            fact,
            occurred_on,
            Actor(settings.actor, "case_manager", settings.unit),
            source=SourceKind.SELF_REPORT,
        )
        _do(store, _command(journey == _NEW, command_id, target, entry), as_json=as_json)


def _begun_by(command_id: UUID) -> UUID:
    """Return the journey that a command begins: the same one if it is sent again."""
    return uuid5(command_id, _NEW)


def _command(new: bool, command_id: UUID, journey: UUID, entry: Entry) -> Command:
    kind = StartJourney if new else RecordFacts
    return kind(command_id, journey, (entry,), datetime.now(BERLIN).date())


def _do(store: Store, command: Command, *, as_json: bool) -> None:
    answer = handle(store.appender, command)
    row = {
        "journey": str(command.journey),
        "id": command.entries[0].id,
        "position": answer.first_position,
        "outcome": answer.outcome,
    }
    if as_json:
        print_json([row])
    elif answer.outcome is Outcome.DUPLICATE:
        typer.echo(f"already recorded: position {answer.first_position}, journey {row['journey']}")
    else:
        typer.echo(f"recorded: position {answer.first_position}, journey {row['journey']}")


def _pairs(fact: type[Fact], words: Sequence[str]) -> dict[str, Any]:
    """Read KEY=VALUE; lists are separated by commas, objects are JSON. What does not fit is named by its place."""
    found: dict[str, Any] = {}
    for place, word in enumerate(words, 1):
        key, equals, text = word.partition("=")
        if not equals or not key:
            fail(f"attribute {place} has no name or no value; write KEY=VALUE", UNREADABLE)
        if key in found:
            fail(f"attribute {place} is given twice", UNREADABLE)
        found[key] = _value(fact, place, key, text)
    return found


def _value(fact: type[Fact], place: int, key: str, text: str) -> Any:
    if text == "null":
        return None
    if text[:1] in "{[":
        try:
            return orjson.loads(text)
        except orjson.JSONDecodeError:
            fail(f"attribute {place}: this is no JSON", UNREADABLE)
    many = {one.name for one in fact.attributes() if _is_list(one.info.annotation)}
    return text.split(",") if key in many else text


def _is_list(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, UnionType):
        return any(_is_list(part) for part in get_args(annotation))
    return get_origin(annotation) in (tuple, list)


def _tied(given: Mapping[str, Any], records: Sequence[Recorded]) -> dict[str, Any]:
    """Let a number in an attribute that names another fact stand for that version of the journey."""
    by_version = {str(one.version): one.entry.id for one in records}
    return {
        key: by_version.get(value, value) if key in _TIES and isinstance(value, str) else value
        for key, value in given.items()
    }
