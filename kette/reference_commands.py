"""`kette rules` and `config`: what the program goes by."""

from typing import Annotated, Any

import typer

from domain.chain.bounds import STANDARD
from domain.chain.catalogue import RULES
from domain.chain.rule import Rule
from domain.labels import Language
from kette.options import AsJson, Lang, language
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
