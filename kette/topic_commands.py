"""`kette topics`: the declared topics, and how those of the cluster differ."""

import logging
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from infra.streams.topic_differences import Cure, Difference
from infra.streams.topics import (
    ClusterTopics,
    KafkaUnreachableError,
    TopicsRefusedError,
    declared,
    declared_lines,
)
from kette.options import AsJson
from kette.output import (
    DIFFERENT,
    REFUSED,
    UNREACHABLE,
    console,
    fail,
    print_json,
    say,
    table,
    told_plainly,
)
from kette.settings import Settings
from schemas.topics import AclLine, Topic


class Action(StrEnum):
    """What to do about the topics."""

    PLAN = "plan"
    APPLY = "apply"
    VERIFY = "verify"


ActionArgument = Annotated[
    Action, typer.Argument(help="plan: say what apply would do; apply: do it; verify: compare.")
]
Generation = Annotated[
    int, typer.Option("--generation", min=1, help="Also the topics of this later generation.")
]


@told_plainly
def topics(action: ActionArgument, generation: Generation = 1, as_json: AsJson = False) -> None:
    """Plan, make or verify the declared topics: partitions, retention, cleanup, settings, rights."""
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # what it means is said in one sentence
    wanted = declared(generation)
    cluster = ClusterTopics({"bootstrap_servers": Settings().kafka})
    try:
        has_rights = cluster.has_authorizer()
        told = cluster.apply(wanted) if action is Action.APPLY else cluster.differences(wanted)
    except KafkaUnreachableError as error:
        fail(str(error), UNREACHABLE)
    except TopicsRefusedError as error:
        fail(str(error), REFUSED)
    _show(told, wanted, has_rights=has_rights, as_json=as_json, all_rights=action is Action.PLAN)
    _conclude(action, told)


def _show(
    told: Sequence[Difference],
    wanted: Sequence[Topic],
    *,
    has_rights: bool,
    as_json: bool,
    all_rights: bool,
) -> None:
    """Print the differences; with a plan also every right, as data for a cluster that keeps them."""
    lines = declared_lines(wanted) if all_rights else []
    if as_json:
        print_json([_row(one) for one in told])
        print_json(_rights(lines, told, has_rights=has_rights))
        return
    if told:
        console().print(_differences(told))
    if lines:
        console().print(_right_table(_rights(lines, told, has_rights=has_rights)))
    if not has_rights:
        say("this cluster keeps no rights: whoever reaches it may do everything")


def _row(one: Difference) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "topic": one.topic,
        "name": one.name,
        "declared": one.wanted,
        "found": one.found,
        "cure": one.cure,
        "text": str(one),
    }


def _rights(
    lines: Iterable[AclLine], told: Sequence[Difference], *, has_rights: bool
) -> list[dict[str, Any]]:
    missing = {one.line for one in told if one.cure is Cure.ALLOW}
    given = {True: "to give", False: "given"}
    return [
        {
            "kind": "right",
            "principal": line.principal,
            "operation": line.operation,
            "resource_type": line.resource_type,
            "resource": line.resource,
            "pattern": line.pattern,
            "state": given[line in missing] if has_rights else "not kept",
        }
        for line in lines
    ]


def _differences(told: Sequence[Difference]) -> Any:
    shown = table("topic", "what", "declared", "found", "cure")
    for one in told:
        shown.add_row(one.topic, one.name, one.wanted or "–", one.found or "–", one.cure)
    return shown


def _right_table(rights: Sequence[dict[str, Any]]) -> Any:
    shown = table("right of", "may", "on", "state")
    for one in rights:
        star = "*" if one["pattern"] == "PREFIXED" else ""
        place = f"{one['resource_type']} {one['resource']}{star}"
        shown.add_row(one["principal"], one["operation"], place, one["state"])
    return shown


def _conclude(action: Action, told: Sequence[Difference]) -> None:
    """Say how it stands, what needs a person, and end with the code for it."""
    left = [one for one in told if one.cure in {Cure.REFUSE, Cure.LEAVE}]
    curable = len(told) - len(left)
    match action:
        case Action.PLAN:
            say(f"apply would change {curable}" if curable else "nothing to do")
        case Action.APPLY:
            say(f"changed {curable}" if curable else "nothing to do")
        case Action.VERIFY:
            say(f"{len(told)} differences" if told else "the topics are as declared")
    for one in told if action is Action.VERIFY else left:
        say(str(one))
    if (action is Action.VERIFY and told) or (action is Action.APPLY and left):
        raise typer.Exit(DIFFERENT)
