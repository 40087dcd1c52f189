"""`kette consume` and `kette subscribe`: readings over a consumer group, and what arrives on a topic."""

import os
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from threading import Event
from typing import Annotated, Any

import typer

from consumers.arrivals import event_of
from consumers.handling import handler_of
from consumers.parking import replay as replay_parked
from consumers.streaming import Member, Timing
from domain.errors import KetteError
from infra.streams.consumer_build import Begin, GroupTables
from infra.streams.consumer_store import ConsumerStore
from infra.streams.dead_letters import DeadLetterTopic
from infra.streams.group_overview import members
from infra.streams.subscription import GroupSubscription
from infra.streams.topic_reader import TopicReader
from kette.compose import opened_database
from kette.options import AsJson
from kette.output import (
    DIFFERENT,
    UNREACHABLE,
    UNREADABLE,
    console,
    fail,
    print_json,
    say,
    table,
    told_plainly,
)
from kette.settings import Settings
from kette.stopping import stopping
from projections.catalogue import KEPT, STREAMED
from projections.projection import Projection
from schemas.codec import UndecodableError
from schemas.topics import JOURNEY, dead_letters

_GENERATION = re.compile(r"\.g\d+$")
_AWAY = frozenset({"kafka-away", "no-topic", "topic-lost", "foreign-topic", "journal-behind"})


class From(StrEnum):
    """Where a subscriber begins."""

    EARLIEST = "earliest"
    LATEST = "latest"


_SINGLE: Sequence[Projection[Any]] = (*KEPT, *STREAMED)
_NAMES = ", ".join(one.name for one in _SINGLE)

ProjectionOption = Annotated[str, typer.Option("--projection", help=f"{_NAMES} or all.")]
GroupOption = Annotated[
    str | None, typer.Option("--group", help="The consumer group; else kette-PROJECTION.")
]
TopicOption = Annotated[str, typer.Option("--topic", help="The topic that is read.")]


@told_plainly
def consume(
    projection: ProjectionOption,
    group: GroupOption = None,
    topic: TopicOption = JOURNEY.name,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Build from the journal anew.")
    ] = False,
    replay: Annotated[
        bool, typer.Option("--replay", help="Tell parked journeys again, then end.")
    ] = False,
    until_caught_up: Annotated[
        bool, typer.Option("--until-caught-up", help="End when the topic is read to its end.")
    ] = False,
    show_assignment: Annotated[
        bool, typer.Option("--show-assignment", help="Show who reads which partitions, then end.")
    ] = False,
    session_seconds: Annotated[
        float, typer.Option("--session-seconds", min=1, help="A silent member is out after these.")
    ] = 10.0,
) -> None:
    """Keep a projection's tables as a member of a consumer group; Ctrl-C leaves it."""
    projections = _projections(projection)
    group = group or f"kette-{projection}"
    settings = Settings()
    with _streams_explained():
        if show_assignment:
            _show(settings.kafka, group)
        elif replay:
            _replay(settings, group, projections)
        else:
            run = _Run(settings, group, topic, projections, session_seconds)
            with stopping() as stop:
                run.follow(rebuild, until_caught_up, stop)


def _projections(name: str) -> Sequence[Projection[Any]]:
    offered: Mapping[str, Sequence[Projection[Any]]] = {
        **{one.name: (one,) for one in _SINGLE},
        "all": KEPT,
    }
    if name not in offered:
        fail(f"--projection: there is none of this name; choose {', '.join(offered)}", UNREADABLE)
    return offered[name]


def _tell(text: str) -> None:
    say(f"{datetime.now(UTC):%H:%M:%S} {text}")


@dataclass(frozen=True, slots=True)
class _Run:
    """One member's run."""

    settings: Settings
    group: str
    topic: str
    projections: Sequence[Projection[Any]]
    session_seconds: float

    def follow(self, rebuild: bool, until_caught_up: bool, stop: Event) -> None:
        """Build the tables if need be, then follow the topic."""
        brokers = self.settings.kafka
        with ExitStack() as stack:
            database = stack.enter_context(opened_database(self.settings))
            source = stack.enter_context(
                GroupSubscription(
                    brokers,
                    self.topic,
                    self.group,
                    member=str(os.getpid()),
                    session_seconds=self.session_seconds,
                )
            )
            tables = GroupTables(*database, self.group, self.projections)
            begin = tables.ensure(
                lambda: Begin(self.topic, *source.identity()), _tell, anew=rebuild
            )
            source.join(begin.topic_id)
            letters = DeadLetterTopic(brokers, _dead_letters(self.topic))
            stack.callback(letters.close)
            store = stack.enter_context(
                ConsumerStore(*database, self.group, self.projections, topic_id=begin.topic_id)
            )
            if waiting := store.waiting():
                _tell(f"{len(waiting)} journeys are parked; --replay tells them again")
            member = Member(
                source,
                store,
                letters,
                handler_of(self.projections),
                str(tables.epoch()).encode(),
                Timing(time.monotonic, random.random, most=_most(self.projections)),
                _tell,
            )
            _drive(member, until_caught_up, stop)


def _most(projections: Sequence[Projection[Any]]) -> int:
    """Return how many records are taken at once: few where each may fold a whole history."""
    return 2_000 if all(one.restore for one in projections) else 500


def _dead_letters(topic: str) -> str:
    """Return where dead letters go: all generations of a topic share one place."""
    return dead_letters(replace(JOURNEY, name=_GENERATION.sub("", topic))).name


def _drive(member: Member, until_caught_up: bool, stop: Event) -> None:
    while not stop.is_set():
        if not member.step() and until_caught_up and member.caught_up():
            break
    did = member.counted
    typer.echo(
        f"{'stopped' if stop.is_set() else 'caught up'}: {did.read} records read, {did.written} journeys written, {did.known} known before, "
        f"{did.parked} parked, {did.dead} dead letters"
    )


def _replay(settings: Settings, group: str, projections: Sequence[Projection[Any]]) -> None:
    with (
        opened_database(settings) as database,
        ConsumerStore(*database, group, projections) as store,
    ):
        store.check()
        epoch = str(GroupTables(*database, group, projections).epoch()).encode()
        left = replay_parked(store, handler_of(projections), epoch, say)
    typer.echo(f"{left} journeys stay parked")
    if left:
        raise typer.Exit(DIFFERENT)


def _show(brokers: str, group: str) -> None:
    found = members(brokers, group)
    shown = table("member", "host", "partitions")
    for one in found:
        shown.add_row(one.id, one.host, " ".join(map(str, one.partitions)) or "none")
    console().print(shown if found else f"group {group} has no member now")


@told_plainly
def subscribe(
    topic: TopicOption = JOURNEY.name,
    start: Annotated[
        From,
        typer.Option("--from", help="earliest: all that the topic holds; latest: from now on."),
    ] = From.LATEST,
    most: Annotated[
        int | None, typer.Option("--max", min=1, help="End after so many events.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Print what arrives on a topic, as it arrives; Ctrl-C ends it. It leaves nothing behind."""
    brokers = Settings().kafka
    with (
        _streams_explained(),
        stopping() as stop,
        TopicReader(brokers, topic, earliest=start is From.EARLIEST) as reader,
    ):
        if not as_json:
            say(f"listening to {topic} at {brokers} (Ctrl-C ends it)")
        printed = 0
        for raws in reader.arrivals():
            for raw in raws if most is None else raws[: most - printed]:
                _print(raw, as_json)
                printed += 1
            if printed == most or stop.is_set():
                return


def _print(raw: Any, as_json: bool) -> None:
    try:
        event = event_of(raw)
    except UndecodableError as error:
        say(f"partition {raw.partition}, offset {raw.offset} cannot be read: {error}")
        return
    if as_json:
        print_json([event])
        return
    told = " ".join(
        f"{name}={value}" for name, value in event["data"].items() if value not in (None, {}, [])
    )
    typer.echo(f"{event['time']}  {event['type']:<26} {event['journey']}  {event['id']}  {told}")


@contextmanager
def _streams_explained() -> Iterator[None]:
    try:
        yield
    except KetteError as error:
        if error.code in _AWAY:
            fail(str(error), UNREACHABLE)
        raise
