"""`kette organisations`: the tree of a municipality with its posts and what they carry."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer
from rich.tree import Tree

from domain.errors import KetteError
from domain.fields import Recorder
from domain.labels import Language
from domain.organisations import Municipality, Unit
from kette.compose import has_data, opened_store, place_of
from kette.options import AsJson, AsOfToday, Lang, language, today
from kette.output import console, print_json, say, told_plainly
from kette.settings import Settings
from projections.figures import Figures, UnitFigures
from projections.organisation import (
    Branch,
    Organisation,
    Seat,
    figures_query,
    organisation,
    per_post,
    responsible_by_town,
)

_WORDS = {
    "de": {
        "fte": "VZÄ",
        "active": "aktive Fälle",
        "per_fte": "je VZÄ",
        "participants": "Teilnehmende",
        "consultations": "Beratungen",
        "enquiries": "Anfragen statt der Ausländerbehörde",
        "vacant": "unbesetzt",
        "for": "für",
        "elsewhere": "unter anderen Namen",
    },
    "en": {
        "fte": "FTE",
        "active": "active cases",
        "per_fte": "per FTE",
        "participants": "participants",
        "consultations": "consultations",
        "enquiries": "enquiries instead of the immigration office",
        "vacant": "vacant",
        "for": "for",
        "elsewhere": "under other names",
    },
}


@told_plainly
def organisations(
    ags: Annotated[
        str | None, typer.Argument(help="A municipality's AGS or name; else that of the settings.")
    ] = None,
    as_of: AsOfToday = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show a municipality's units, carriers and posts on a day, and the cases that they carry."""
    settings = Settings() if ags is None else Settings(municipality=ags)
    place, day, lang_ = place_of(settings), today(as_of), language(lang)
    found = _figures(settings, place, day)
    shown = organisation(place, day, found)
    if as_json:
        print_json([_row(place, shown, day)])
        return
    tree = Tree(" · ".join([f"{place.name} ({place.ags})", *_sums(shown, lang_)]))
    _grow(tree, place, shown, lang_)
    console().print(tree)


def _figures(settings: Settings, place: Municipality, day: date) -> Figures | None:
    """Return what the journal of the municipality says; None where it has none or cannot be asked."""
    if not has_data(settings):
        say(
            f"no data of {place.name} here; `kette demo --municipality {place.slug}` loads invented ones"
        )
        return None
    try:
        with opened_store(settings) as store:
            return store.views.figures(figures_query(place, day))
    except KetteError as error:
        say(f"kette: without figures: {error}")
        return None


def _grow(tree: Tree, place: Municipality, shown: Organisation, lang: Language) -> None:
    """Draw the branches; each hangs on the last one that is less deep."""
    path = [tree]
    for branch in shown.branches:
        del path[branch.depth + 1 :]
        grown = path[-1].add(" · ".join(_line(place, branch, lang)))
        path.append(grown)
        for seat in branch.seats:
            grown.add(_seat(seat, lang))
    for one in shown.elsewhere:
        name = one.unit or _WORDS[lang]["elsewhere"]
        tree.add(" · ".join([name, *_numbers(one, Decimal(0), lang)]))


def _line(place: Municipality, branch: Branch, lang: Language) -> Iterator[str]:
    words, unit = _WORDS[lang], branch.unit
    yield unit.name
    if branch.carrier != unit.name:
        yield branch.carrier
    names = place.names()
    where = (*unit.serves, *unit.quarters, *(names[one] for one in unit.competent_for))
    if where:
        yield f"{words['for']} {', '.join(where)}"
    if branch.fte:
        yield f"{_number(branch.fte, lang)} {words['fte']}"
    if branch.figures is not None:
        yield from _numbers(branch.figures, branch.case_fte, lang)


def _sums(shown: Organisation, lang: Language) -> Iterator[str]:
    yield f"{_number(shown.fte, lang)} {_WORDS[lang]['fte']}"
    if shown.total is not None:
        yield from _numbers(shown.total, shown.case_fte, lang)


def _numbers(one: UnitFigures, posts: Decimal, lang: Language) -> Iterator[str]:
    """Yield the figures that are not nothing."""
    words, each = _WORDS[lang], per_post(one, posts)
    if one.active:
        yield f"{one.active} {words['active']}"
    if one.active and each is not None:
        yield f"{_number(each, lang)} {words['per_fte']}"
    for name in ("participants", "consultations", "enquiries"):
        if getattr(one, name):
            yield f"{getattr(one, name)} {words[name]}"


def _number(value: Decimal, lang: Language) -> str:
    text = f"{value:.1f}"
    return text.replace(".", ",") if lang == "de" else text


def _seat(seat: Seat, lang: Language) -> str:
    """Return a post in words: who holds it, as what, how much of it, from which building block."""
    words, post = _WORDS[lang], seat.post
    role = post.role if seat.role is None else (seat.role.de if lang == "de" else seat.role.en)
    holder = post.holder if seat.held else words["vacant"]
    return f"{holder}: {role}, {_number(post.fte, lang)} {words['fte']}, Baustein {post.baustein}"


def _row(place: Municipality, shown: Organisation, day: date) -> dict[str, Any]:
    """Return the municipality's file with what its units carry, and who is there for which town."""
    return place.model_dump(mode="json") | {
        "on": day,
        "figures": None if shown.total is None else _figures_row(shown.total, shown.case_fte),
        "by_unit": [
            {"unit": one.unit.key, "fte": float(one.fte)}
            | ({} if one.figures is None else _figures_row(one.figures, one.case_fte))
            for one in shown.branches
        ],
        "elsewhere": [
            {"unit": one.unit} | _figures_row(one, Decimal(0)) for one in shown.elsewhere
        ],
        "responsible": [
            {"ags": town.ags, "town": town.name, "offices": _keys(found)}
            for town, found in responsible_by_town(place)
        ],
    }


def _keys(found: Mapping[Recorder, Unit | None]) -> dict[str, str | None]:
    return {task.value: None if unit is None else unit.key for task, unit in found.items()}


def _figures_row(one: UnitFigures, posts: Decimal) -> dict[str, Any]:
    each = per_post(one, posts)
    return {
        "case_fte": float(posts),
        "active": one.active,
        "suspended": one.suspended,
        "per_fte": None if each is None else float(each),
        "participants": one.participants,
        "consultations": one.consultations,
        "enquiries": one.enquiries,
    }
