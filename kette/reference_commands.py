"""`kette organisations` and `config`: what the program goes by."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated

import typer
from rich.tree import Tree

from domain.labels import Language
from domain.organisations import Municipality, Unit
from infra.municipalities import municipality as read_municipality
from kette.options import AsJson, AsOfToday, Lang, language, today
from kette.output import console, print_json, table, told_plainly
from kette.settings import Settings


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
