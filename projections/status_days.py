"""On which days the status of a field changes, and what is to be told of it.

A field's status is told phase by phase. Where what was told of it is no longer how it was, the state of
the day is told anew, once, in the place of all that was told before.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from pydantic import JsonValue

from domain.chain.calendar import plus_days
from domain.chain.crossing_days import Sources
from domain.crossings import Crossing, CrossingKind, Noticed
from domain.fields import Handlungsfeld
from projections.phases import Phase

_SENSITIVE = frozenset({Handlungsfeld.GESUNDHEIT, Handlungsfeld.FAMILIE})

Statuses = Mapping[str, Sequence[Noticed]]
"""By field, every change of its status in the order of days, those ahead included."""


def statuses(found: Iterable[Phase], known: Sources) -> Statuses:
    """Return the changes of the fields that may be told of; a phase that is kept back reads as unknown."""
    by_field: dict[str, list[Phase]] = {}
    for one in found:
        if one.field not in _SENSITIVE:
            by_field.setdefault(one.field.value, []).append(one)
    return {field: tuple(_changes(phases, known)) for field, phases in by_field.items()}


def _changes(phases: Sequence[Phase], known: Sources) -> Iterator[Noticed]:
    """Yield the changes of one field; between two phases, and after the last, nothing is known."""
    field = phases[0].field.value
    known_before = False
    for one, following in zip(phases, (*phases[1:], None), strict=True):
        shown = known.all_base(one.refs)
        if shown:
            versions = [known.versions[id_] for id_ in one.refs]
            yield _status(field, one.since, one.state.value, versions)
        elif known_before:
            yield _status(field, one.since, None)
        ends = None if one.until is None else plus_days(one.until, 1)
        known_before = shown
        if shown and ends is not None and (following is None or ends < following.since):
            yield _status(field, ends, None)
            known_before = False


def _status(field: str, day: date, state: str | None, versions: Sequence[int] = ()) -> Noticed:
    told: dict[str, JsonValue] = {
        "field": field,
        "state": state,
        "since": None if state is None else day.isoformat(),
        "versions": list(versions),
    }
    return Noticed(CrossingKind.STATUS, field, "", day, told)


def status_differences(told: Iterable[Crossing], now: Statuses, day: date) -> Iterator[Noticed]:
    """Yield what is to be told so that subscribers know how every field stands on a day."""
    before: dict[str, list[Crossing]] = {}
    for one in told:
        before.setdefault(one.name, []).append(one)
    for field in dict.fromkeys((*before, *now)):
        course = [one for one in now.get(field, ()) if one.day <= day]
        yield from _difference(before.get(field, []), course, day)


def _difference(
    told: Sequence[Crossing], course: Sequence[Noticed], day: date
) -> Sequence[Noticed]:
    if not told:
        return course
    live = _live(told)
    begin = _place(live, course)
    if begin is not None:
        return course[begin + len(live) :]
    current = course[-1] if course else _status(told[-1].name, day, None)
    if current.told["state"] is None and told[-1].told["state"] is None:
        return []
    return [replace(current, undoes=told[-1].seq)]


def _live(told: Sequence[Crossing]) -> Sequence[Crossing]:
    """Return what was told since the status was last told anew."""
    anew = [place for place, one in enumerate(told) if one.undoes is not None]
    return told[anew[-1] :] if anew else told


def _place(live: Sequence[Crossing], course: Sequence[Noticed]) -> int | None:
    """Return where in a course that which was told begins; None if it is not so told anywhere."""
    last = (
        len(course) - len(live) if live[0].undoes is not None else min(0, len(course) - len(live))
    )
    for begin in range(last + 1):
        if all(
            (one.day, one.told["state"]) == (other.day, other.told["state"])
            for one, other in zip(live, course[begin:], strict=False)
        ):
            return begin
    return None
