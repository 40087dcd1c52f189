"""What opens in the coming days, by unit: the list for the morning."""

from datetime import date

from domain.chain.catalogue import RULES
from domain.labels import Label, Language
from kette.compose import opened_store
from kette.output import console, print_json, table, words
from kette.settings import Settings
from projections.worklist import Upcoming

_HEADS = (
    Label("Einheit", "unit"),
    Label("öffnet am", "opens on"),
    Label("Mensch", "person"),
    Label("Fall", "case"),
    Label("Lücke", "gap"),
    Label("Schwere", "severity"),
)


def print_upcoming(day: date, days: int, unit: str, as_json: bool, language: Language) -> None:
    """Print the gaps that open after a day and within a number of days, of one unit or of all."""
    with opened_store(Settings()) as store:
        found = store.views.upcoming(day, days, unit)
    if as_json:
        print_json(map(_as_row, found))
        return
    say = words(language)
    rows = table(*map(say, _HEADS))
    for one in found:
        rows.add_row(
            one.header.unit,
            one.opens_on.isoformat(),
            one.header.name or str(one.header.journey),
            one.header.case_number,
            f"{one.rule} {say(RULES[one.rule].label)}",
            say(one.severity.label),
        )
    console().print(rows)


def _as_row(one: Upcoming) -> dict[str, object]:
    return {
        "unit": one.header.unit,
        "opens_on": one.opens_on,
        "journey": str(one.header.journey),
        "case_number": one.header.case_number,
        "name": one.header.name,
        "rule": one.rule,
        "key": one.key,
        "due_on": one.due_on,
        "severity": one.severity,
    }
