"""From a trigger, its window and what closes it to a row (G5, G6, G7, G9, G10)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from tests.second_reading.days import plus_days
from tests.second_reading.view import Told, View, before, counts_on, of, since

NATURALISED = "NaturalisationCertificateHandedOver"
NATURALISATION_ENDS = (
    # D 15, with every rule of A and N, and B09
    *("S01", "S02", "S03", "S04", "S07", "S08", "M05", "T01", "T02", "T03"),
    *("B01", "B02", "B04", "B08", "B09"),
)
HOW = ("in_time", "late", "cancelled", "superseded", "rule_change")

Closing = Told | date


@dataclass(frozen=True)
class Row:
    """An instance of a rule as a reading shows it."""

    rule: str
    key: str
    kind: str
    begins_on: date
    opens_on: date
    due_on: date | None
    closes_on: date | None
    closed_by: str | None


def settle(
    rule: str,
    view: View,
    trigger: Told,
    begins_on: date,
    due_on: date | None,
    *,
    key: str | None = None,
    kind: str = "gap",
    opens_on: date | None = None,
    followed: Iterable[Closing] = (),
    cancelled: Iterable[Closing] = (),
    superseded: Iterable[Closing] = (),
    law_ends: date | None = None,
    ending_on: Callable[[Told], date] | None = None,
    ends_from: date | None = None,
) -> list[Row]:
    """The row of one instance, or none if it never comes into being.

    ``ending_on``: the day on which an ending counts, where that is not G5. ``ends_from``: the day from
    which endings count, where the entry names one.
    """
    if rule != "F18" and any(death.latest < begins_on for death in of(view, "PersonDied")):
        return []
    closings = [_followed(_day(one, due_on), due_on) for one in followed]
    closings += [(_day(one, due_on), "cancelled") for one in cancelled]
    for one in endings(rule, view, trigger, ends_from):
        closings.append((ending_on(one) if ending_on else counts_on(one, due_on), "cancelled"))
    closings += [(one.latest if isinstance(one, Told) else one, "superseded") for one in superseded]
    if law_ends is not None:
        closings.append((law_ends, "rule_change"))
    closes_on, closed_by = min(
        closings, key=lambda closing: (closing[0], HOW.index(closing[1])), default=(None, None)
    )
    if closes_on is not None and closes_on < begins_on:
        return []
    if opens_on is None:
        opens_on = begins_on if due_on is None else max(begins_on, plus_days(due_on, 1))
    return [Row(rule, key or trigger.id, kind, begins_on, opens_on, due_on, closes_on, closed_by)]


def _day(closing: Closing, due_on: date | None) -> date:
    return counts_on(closing, due_on) if isinstance(closing, Told) else closing


def _followed(day: date, due_on: date | None) -> tuple[date, str]:
    return day, "in_time" if due_on is None or day <= due_on else "late"


def endings(rule: str, view: View, trigger: Told, ends_from: date | None = None) -> list[Told]:
    """G10, D 15: what ends an instance of the rule whatever its entry says."""
    found: list[Told] = []
    if rule != "F18":
        found += of(view, "PersonDied")
    if rule[0] != "F":
        found += _ending_since(view, trigger, "LeftGermany", ends_from)
    if rule[0] in "AN" or rule in NATURALISATION_ENDS:
        found += _ending_since(view, trigger, NATURALISED, ends_from)
    return found


def _ending_since(view: View, trigger: Told, kind: str, first: date | None) -> list[Told]:
    if first is None:
        return since(view, trigger, kind)
    return [
        one
        for one in of(view, kind)
        if (one.latest >= first if one.dated else before(trigger, one))
    ]


def row_of_missing_end(
    rule: str,
    view: View,
    trigger: Told,
    *,
    key: str | None = None,
    followed: Iterable[Closing] = (),
    cancelled: Iterable[Closing] = (),
    superseded: Iterable[Closing] = (),
) -> list[Row]:
    """G9: the data row where the missing value gives the end: open from the trigger's day."""
    return settle(
        rule,
        view,
        trigger,
        trigger.latest,
        None,
        key=key,
        kind="data",
        followed=followed,
        cancelled=cancelled,
        superseded=superseded,
    )
