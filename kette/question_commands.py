"""`kette what-if` and `kette simulate`: what would be otherwise; nothing is stored."""

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.chain.bounds import STANDARD, Bounds, Change
from domain.chain.catalogue import RULES
from domain.chain.explanation import sentence
from domain.chain.intervals import Interval
from domain.chain.reading import Told, told
from domain.labels import Language
from infra.factfiles import UnreadableLineError, read_facts
from infra.keys import KeyRing
from kette.compose import opened_store
from kette.journeys import journey_id, part_of_journeys, records_of
from kette.memory import keep_what_is_there
from kette.options import AsJson, AsOfToday, Lang, language, today
from kette.output import console, print_json, say, table, told_plainly
from kette.reading_commands import JourneyArgument
from kette.settings import Settings
from projections.history import history
from projections.household import around
from projections.practice import practice
from projections.simulation import Counts, Simulation
from projections.what_if import Effect, OfGap, WhatIf
from projections.what_if import what_if as compared


@told_plainly
def what_if(
    journey: JourneyArgument,
    file: Annotated[Path, typer.Argument(help="Hypothetical facts, one a line, as JSON.")],
    as_of: AsOfToday = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show what would open, close and become possible if facts of a file had happened."""
    day = today(as_of)
    hypothetical = [one for facts in read_facts(file, unnamed="what if").values() for one in facts]
    if not hypothetical:
        raise UnreadableLineError(f"{file.name}: no fact; write one JSON object a line")
    with opened_store(Settings()) as store:
        found = journey_id(journey, store.views)
        records = records_of(store.journal, found)
        known = told(records)
        household = history(
            known, None, around(found, records, store.journal.read)
        ).derived.household
    _refuse_known_ids(file, known, hypothetical)
    result = compared(known, hypothetical, day, practice(), household)
    if as_json:
        print_json(_rows(str(found), result))
    else:
        _print_effects(result, language(lang))


def _refuse_known_ids(file: Path, known: list[Told], hypothetical: list[Told]) -> None:
    ids = {one.id for one in known}
    for one in hypothetical:
        if one.id in ids:
            raise UnreadableLineError(
                f"{file.name}, fact {one.id}: the journey has a fact of this id; give it another"
            )


def _rows(journey: str, result: WhatIf) -> Iterator[dict[str, Any]]:
    for one in result.gaps:
        interval = one.interval
        yield {
            "journey": journey,
            "effect": one.effect,
            "rule": interval.rule,
            "key": interval.key,
            "kind": interval.kind,
            "before": _days(one.before),
            "after": _days(one.after),
            "explanation": {
                "de": sentence(interval, result.view, "de"),
                "en": sentence(interval, result.view, "en"),
            },
        }
    for field in result.fields:
        yield {
            "journey": journey,
            "effect": Effect.STATUS,
            "field": field.before.field,
            "on": result.day,
            "before": field.before.state,
            "after": field.after.state,
        }
    for item in result.items:
        yield {
            "journey": journey,
            "effect": Effect.ITEM,
            "checklist": item.checklist.id,
            "item": item.item.name,
            "on": result.day,
            "before": item.before,
            "after": item.after,
        }
    for clock in result.clocks:
        yield {
            "journey": journey,
            "effect": Effect.MOVES,
            "checklist": clock.checklist.id,
            "before": clock.before,
            "after": clock.after,
        }
    for one_duty in result.duties:
        yield {
            "journey": journey,
            "effect": Effect.DUTY,
            "key": one_duty.duty.fact.id,
            "scope": one_duty.duty.scope,
            "area": one_duty.duty.area,
            "on": result.day,
            "before": not one_duty.binds,
            "after": one_duty.binds,
        }


def _days(one: Interval | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "begins_on": one.begins_on,
        "opens_on": one.opens_on,
        "due_on": one.due_on,
        "closes_on": one.closes_on,
        "closed_by": one.closed_by,
    }


def _print_effects(result: WhatIf, lang: Language) -> None:
    german = lang == "de"
    shown = (
        table("Wirkung", "Was", "bisher", "dann", "Warum")
        if german
        else table("Effect", "What", "as it is", "then", "Why")
    )
    for one in result.gaps:
        interval = one.interval
        rule = RULES[interval.rule]
        shown.add_row(
            one.effect.label.in_language(lang),
            f"{rule.id} {rule.label.in_language(lang)}",
            *_span_texts(one),
            sentence(interval, result.view, lang),
        )
    nothing = "unbekannt" if german else "unknown"
    for field in result.fields:
        before, after = field.before.state, field.after.state
        shown.add_row(
            Effect.STATUS.label.in_language(lang),
            field.before.field.label.in_language(lang),
            nothing if before is None else before.label.in_language(lang),
            nothing if after is None else after.label.in_language(lang),
            str(result.day),
        )
    for item in result.items:
        shown.add_row(
            Effect.ITEM.label.in_language(lang),
            f"{item.checklist.label.in_language(lang)}: {item.item.label.in_language(lang)}",
            item.before.label.in_language(lang),
            item.after.label.in_language(lang),
            item.item.source,
        )
    for clock in result.clocks:
        never = "noch nicht absehbar" if german else "not in sight"
        shown.add_row(
            Effect.MOVES.label.in_language(lang),
            clock.checklist.label.in_language(lang),
            never if clock.before is None else str(clock.before),
            never if clock.after is None else str(clock.after),
            clock.checklist.source,
        )
    words = ("frei", "gebunden") if german else ("free", "bound")
    for one_duty in result.duties:
        shown.add_row(
            Effect.DUTY.label.in_language(lang),
            "Wohnsitzregelung" if german else "residence duty",
            words[not one_duty.binds],
            words[one_duty.binds],
            "§ 12a AufenthG" if one_duty.duty.by_law else "",
        )
    if not shown.row_count:
        say("nichts würde sich ändern" if german else "nothing would be otherwise")
        return
    console().print(shown)


def _span_texts(one: OfGap) -> tuple[str, str]:
    return _span(one.before), _span(one.after)


def _span(one: Interval | None) -> str:
    if one is None:
        return "–"
    end = "" if one.closes_on is None else str(one.closes_on)
    due = "" if one.due_on is None else f" ({one.due_on})"
    return f"{one.begins_on}{due} … {end}"


@told_plainly
def simulate(
    changes: Annotated[
        list[str],
        typer.Option("--set", help="A bound and its other value: S05.weeks=P8W, N03.count=2."),
    ],
    as_of: AsOfToday = None,
    processes: Annotated[
        int, typer.Option("--processes", min=1, max=64, help="How many read at once.")
    ] = min(os.cpu_count() or 1, 8),
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Count what would be due or open by rule and unit if bounds were otherwise."""
    day = today(as_of)
    wanted = [_change(text) for text in changes]
    STANDARD.changed(wanted)  # refused before the store is opened
    with opened_store(Settings()) as store:
        upto = store.journal.head().position
        found = simulated((store.dsn, store.keys), upto, wanted, day, processes)
    if as_json:
        print_json(
            {
                "rule": one.rule,
                "unit": one.unit,
                "kind": one.kind,
                "state": one.state,
                "before": one.before,
                "after": one.after,
                "difference": one.after - one.before,
            }
            for one in found.differences()
        )
    else:
        _print_differences(found, language(lang))
    say(f"{found.journeys} journeys, {found.differing} differ")


def _change(text: str) -> Change:
    name, _, value = text.partition("=")
    return Change.read(name, value)


def simulated(
    store: tuple[str, KeyRing], upto: int, wanted: list[Change], day: date, processes: int
) -> Simulation:
    """Share the journeys among processes; each streams its own part."""
    usual = practice()
    total = _simulation(wanted, usual, day)
    if processes == 1:
        total.merge(_part(store, upto, wanted, usual, day, 0, 1))
        return total
    with ProcessPoolExecutor(processes, get_context("spawn"), _imported) as pool:
        parts = [
            pool.submit(_part, store, upto, wanted, usual, day, part, processes)
            for part in range(processes)
        ]
        for one in parts:
            total.merge(one.result())
    return total


def _imported() -> None:
    """Begin a process; to find this function it has imported everything."""
    keep_what_is_there()


def _part(
    store: tuple[str, KeyRing],
    upto: int,
    wanted: list[Change],
    usual: Bounds,
    day: date,
    part: int,
    parts: int,
) -> Counts:
    """Count one part of the journeys."""
    counted = _simulation(wanted, usual, day)
    for _, records in part_of_journeys(*store, upto, part, parts):
        counted.add(told(records))
    return counted.counts()


def _simulation(wanted: list[Change], usual: Bounds, day: date) -> Simulation:
    return Simulation(usual.changed(wanted), frozenset(one.id for one in wanted), day, usual)


def _print_differences(simulated: Simulation, lang: Language) -> None:
    shown = (
        table("Regel", "Stelle", "Art", "Zustand", "bisher", "dann", "Unterschied")
        if lang == "de"
        else table("Rule", "Unit", "Kind", "State", "as it is", "then", "Difference")
    )
    for one in simulated.differences():
        rule = RULES[one.rule]
        shown.add_row(
            f"{rule.id} {rule.label.in_language(lang)}",
            one.unit or "–",
            one.kind.label.in_language(lang),
            one.state.label.in_language(lang),
            str(one.before),
            str(one.after),
            f"{one.after - one.before:+d}",
        )
    console().print(shown)
