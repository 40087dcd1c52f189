"""`kette rules`: the rules with their law, what of it is not verified, and what changed between two days."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer

from domain.chain.bounds import STANDARD, Bound, Status, Unit
from domain.chain.catalogue import RULES, bounds_of
from domain.chain.law_changes import LawChange, law_changes
from domain.chain.rule import Rule
from domain.labels import Label, Language
from kette.options import AsJson, Lang, language
from kette.output import UNREADABLE, console, fail, print_json, read_day, table, told_plainly


class Question(StrEnum):
    """What to ask of the law."""

    DIFF = "diff"


@told_plainly
def rules(
    question: Annotated[
        Question | None,
        typer.Argument(help="diff: what changed in law between the days --from and --to."),
    ] = None,
    from_day: Annotated[
        str | None, typer.Option("--from", help="diff: a day of the old law.")
    ] = None,
    to_day: Annotated[
        str | None, typer.Option("--to", help="diff: the last day looked at.")
    ] = None,
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Only what rests on law that was not checked.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the gap rules with their bounds and sources, or what changed in law between two days."""
    if question is Question.DIFF:
        _diff(from_day, to_day, as_json=as_json, lang=language(lang))
        return
    if from_day is not None or to_day is not None:
        fail("--from and --to belong to `kette rules diff`", UNREADABLE)
    chosen = [one for one in RULES.values() if not unverified or _unverified(one)]
    switches = list(_unverified_switches()) if unverified else []
    if as_json:
        print_json([*(_rule_row(rule) for rule in chosen), *(_switch_row(one) for one in switches)])
    else:
        _print_rules(chosen, switches, language(lang))


def _diff(from_day: str | None, to_day: str | None, *, as_json: bool, lang: Language) -> None:
    since, through = read_day(from_day, "--from"), read_day(to_day, "--to")
    if since is None or through is None:
        fail("`kette rules diff` needs two days: --from 2025-10-01 --to 2026-03-01", UNREADABLE)
    if through < since:
        fail("--to lies before --from; exchange them", UNREADABLE)
    found = law_changes(STANDARD, since, through)
    if as_json:
        print_json(_change_row(one) for one in found)
    else:
        _print_changes(found, lang)


def _readers(name: str) -> list[str]:
    return [rule.id for rule in RULES.values() if name in bounds_of(rule)]


def _change_row(one: LawChange) -> dict[str, Any]:
    told = one.told_by
    return {
        "on": one.on,
        "id": one.id,
        "kind": told.kind,
        "unit": told.unit,
        "before": None if one.before is None else one.before.value,
        "after": None if one.after is None else one.after.value,
        "source": told.source,
        "status": told.status,
        "counts": one.counts,
        "labels": None if told.label is None else {"de": told.label.de, "en": told.label.en},
        "note": told.note,
        "rules": _readers(one.id),
    }


def _print_changes(found: tuple[LawChange, ...], lang: Language) -> None:
    german = lang == "de"
    shown = (
        table("ab", "Was", "vorher", "nachher", "Regeln", "Grundlage")
        if german
        else table("from", "What", "before", "after", "Rules", "Source")
    )
    for one in found:
        told = one.told_by
        what = one.id if told.label is None else told.label.in_language(lang)
        shown.add_row(
            str(one.on),
            what,
            _value(one.before, lang),
            _value(one.after, lang),
            ", ".join(_readers(one.id)),
            told.source if one.counts else f"{told.source} ({told.status})",
        )
    console().print(shown)


def _value(one: Bound | None, lang: Language) -> str:
    german = lang == "de"
    if one is None:
        return "–"
    if one.unit is Unit.SWITCH:
        on, off = ("gilt", "gilt nicht") if german else ("in force", "not in force")
        return on if one.number else off
    if isinstance(one.value, tuple):
        return " ".join(one.value)
    return str(one.value) if one.unit is Unit.DAY else f"{one.value} {one.unit}"


def _unverified(rule: Rule) -> bool:
    return any(
        one.status is Status.UNVERIFIED for name in bounds_of(rule) for one in STANDARD.rows[name]
    )


def _unverified_switches() -> Iterator[Bound]:
    for rows in STANDARD.rows.values():
        for one in rows:
            if one.unit is Unit.SWITCH and one.status is Status.UNVERIFIED:
                yield one


def _bound_row(one: Bound) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "value": one.value,
        "unit": one.unit,
        "valid_from": one.valid_from,
        "valid_until": one.valid_until,
        "source": one.source,
        "status": one.status,
        "checked": one.checked,
        "tighter": one.tighter,
        "note": one.note,
    }


def _rule_row(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "pattern": rule.pattern,
        "field": rule.field,
        "kind": rule.kind,
        "severity": rule.severity,
        "responsible": rule.responsible,
        "visible_to": rule.visible_to,
        "source": rule.source,
        "status": Status.UNVERIFIED if _unverified(rule) else Status.IN_FORCE,
        "bounds": [_bound_row(one) for name in bounds_of(rule) for one in STANDARD.rows[name]],
        "labels": {"de": rule.label.de, "en": rule.label.en},
        "watches": {"de": rule.watches.de, "en": rule.watches.en},
        "reasons": rule.reasons,
    }


def _switch_row(one: Bound) -> dict[str, Any]:
    """Return a switch that is off because its law was not checked."""
    label = one.label or Label(one.id, one.id)
    return {
        "id": one.id,
        "pattern": None,
        "field": None,
        "source": one.source,
        "status": one.status,
        "bounds": [_bound_row(one)],
        "labels": {"de": label.de, "en": label.en},
    }


def _print_rules(chosen: list[Rule], switches: list[Bound], lang: Language) -> None:
    german = lang == "de"
    shown = (
        table("Regel", "Name", "Muster", "Schwere", "Frist", "Grundlage", "Stand")
        if german
        else table("Rule", "Name", "Pattern", "Severity", "Bound", "Source", "Status")
    )
    for rule in chosen:
        carrying = STANDARD.rows[rule.bounds[0]][-1]
        shown.add_row(
            rule.id,
            rule.label.in_language(lang),
            rule.pattern.label.in_language(lang),
            rule.severity.label.in_language(lang),
            _value(carrying, lang),
            rule.source,
            Status.UNVERIFIED if _unverified(rule) else Status.IN_FORCE,
        )
    for one in switches:
        off = "Schalter aus" if german else "switched off"
        name = one.id if one.label is None else one.label.in_language(lang)
        shown.add_row(one.id, name, "", "", off, one.source, one.status)
    console().print(shown)
