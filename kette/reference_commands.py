"""`kette rules`, `organisations` and `config`: what the program goes by."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer
from rich.tree import Tree

from domain.chain.bounds import STANDARD
from domain.chain.catalogue import RULES
from domain.chain.rule import Rule
from domain.labels import Language
from domain.organisations import Municipality, Unit
from infra.municipalities import municipality as read_municipality
from kette.options import AsJson, AsOfToday, Lang, language, today
from kette.output import console, print_json, table, told_plainly
from kette.reference import bounds_of
from kette.settings import Settings


@told_plainly
def rules(
    unverified: Annotated[
        bool, typer.Option("--unverified", help="Only rules with a bound that was not checked.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List the gap rules with their bounds and sources."""
    chosen = [
        rule
        for rule in RULES.values()
        if not unverified or any(one["status"] == "unverified" for one in _bounds(rule))
    ]
    if as_json:
        print_json(_rule_row(rule) for rule in chosen)
    else:
        _print_rules(chosen, language(lang))


def _bounds(rule: Rule) -> list[dict[str, Any]]:
    """Return the dated bounds of a rule, those that its terms use included."""
    return [
        {
            "id": one.id,
            "kind": one.kind,
            "value": one.value,
            "unit": one.unit,
            "valid_from": one.valid_from,
            "valid_until": one.valid_until,
            "source": one.source,
            "status": one.status,
            "checked": one.checked,
        }
        for name in bounds_of(rule)
        for one in STANDARD.rows[name]
    ]


def _rule_row(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "pattern": rule.pattern,
        "field": rule.field,
        "severity": rule.severity,
        "responsible": rule.responsible,
        "source": rule.source,
        "status": "unverified"
        if any(one["status"] == "unverified" for one in _bounds(rule))
        else "in_force",
        "bounds": _bounds(rule),
        "labels": {"de": rule.label.de, "en": rule.label.en},
        "watches": {"de": rule.watches.de, "en": rule.watches.en},
        "reasons": rule.reasons,
    }


def _print_rules(chosen: list[Rule], lang: Language) -> None:
    german = lang == "de"
    shown = (
        table("Regel", "Name", "Muster", "Schwere", "Grundlage")
        if german
        else table("Rule", "Name", "Pattern", "Severity", "Source")
    )
    for rule in chosen:
        shown.add_row(
            rule.id,
            rule.label.in_language(lang),
            rule.pattern.label.in_language(lang),
            rule.severity.label.in_language(lang),
            rule.source,
        )
    console().print(shown)


@told_plainly
def organisations(
    ags: Annotated[
        str | None, typer.Argument(help="A municipality's AGS or name; else that of the settings.")
    ] = None,
    as_of: AsOfToday = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show a municipality's units, carriers and posts on a day."""
    shown = read_municipality(ags or Settings().municipality)
    if as_json:
        print_json([shown.model_dump(mode="json")])
        return
    day, lang_ = today(as_of), language(lang)
    tree = Tree(f"{shown.name} ({shown.ags})")
    _grow(tree, shown, None, day, lang_)
    console().print(tree)


def _grow(tree: Tree, place: Municipality, parent: str | None, day: date, lang: Language) -> None:
    carriers = {one.key: one.name for one in place.carriers}
    for unit in place.children(parent):
        branch = tree.add(f"{unit.name} · {carriers.get(unit.carrier, unit.carrier)}")
        for line in _post_lines(place, unit, day, lang):
            branch.add(line)
        _grow(branch, place, unit.key, day, lang)


def _post_lines(place: Municipality, unit: Unit, day: date, lang: Language) -> Iterator[str]:
    roles = {one.key: (one.de if lang == "de" else one.en) for one in place.roles}
    vacant, share = ("unbesetzt", "VZÄ") if lang == "de" else ("vacant", "FTE")
    for post in place.posts:
        if post.unit == unit.key:
            holder = post.holder if post.held_on(day) else vacant
            yield f"{holder}: {roles.get(post.role, post.role)}, {post.fte} {share}"


@told_plainly
def config(as_json: AsJson = False) -> None:
    """Show every setting, its environment variable and its value; secrets are masked."""
    settings = Settings()
    rows = [
        {
            "variable": f"KETTE_{name.upper()}",
            "value": _masked(name, str(getattr(settings, name) or "")),
            "meaning": info.description,
        }
        for name, info in Settings.model_fields.items()
    ]
    if as_json:
        print_json(rows)
        return
    shown = table("Variable", "Value", "Meaning")
    for row in rows:
        shown.add_row(str(row["variable"]), str(row["value"]), str(row["meaning"]))
    console().print(shown)


def _masked(name: str, value: str) -> str:
    """Hide what must not be read over a shoulder: a DSN may hold a password."""
    return "(set)" if name in {"dsn", "secret"} and value else value
