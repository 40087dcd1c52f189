"""Naturalisation is possible, or one item is missing: N01, N02."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import Row, Told, View, later, lead, of, plus_days, settle
from tests.second_reading.naturalisation import Clock, clocks
from tests.second_reading.naturalisation_items import WAYS, Item, items_of
from tests.second_reading.naturalisation_livelihood import ALONE
from tests.second_reading.residence import stay_of
from tests.second_reading.rules_n_procedure import procedures

HELPS = {
    "identity": ("aufenthalt",),
    "title": ("aufenthalt",),
    "livelihood": ("arbeit", "ausbildung", "anerkennung", "leistungen"),
    "conviction": ("soziale_beratung",),
    "language": ("sprache",),
    "civics": ("sprache",),
}
MAY_BE_UNKNOWN = ("loyalty", "exclusion")

Ways = dict[str, dict[str, Item]]
# What a day is: a kind and an item, or nothing.
Kind = tuple[str, str] | None


@dataclass(frozen=True)
class Days:
    """Days of one kind that follow each other within a clock."""

    clock: Clock
    kind: str
    item: str
    first: date
    last: date


def ways_of(view: View, household: Mapping[str, View]) -> tuple[list[Clock], Ways]:
    stay = stay_of(view)
    found = clocks(view, stay)
    return found, {way: items_of(view, stay, found, way, household) for way in WAYS}


def ends_of_procedures(view: View) -> list[date]:
    return [one.end.latest for one in procedures(view) if one.end is not None]


def stretches(
    clock: Clock, ways: Ways, kind_of: Callable[[Ways, date], Kind], cuts: Sequence[date]
) -> list[Days]:
    changes = {day for items in ways.values() for item in items.values() for day in item.changes}
    days = {clock.days.first, *(day for day in (*changes, *cuts) if clock.days.has(day))}
    ordered = sorted(days - {date.max})
    found: list[Days] = []
    for place, day in enumerate(ordered):
        last = clock.days.last
        if place + 1 < len(ordered):
            last = plus_days(ordered[place + 1], -1)
        kind = kind_of(ways, day)
        if kind is None:
            continue
        goes_on = bool(found) and found[-1].last != date.max and day not in cuts
        if goes_on and plus_days(found[-1].last, 1) == day and kind == _kind(found[-1]):
            found[-1] = Days(clock, *kind, found[-1].first, last)
        else:
            found.append(Days(clock, *kind, day, last))
    return found


def _kind(one: Days) -> Kind:
    return one.kind, one.item


def with_keys(found: Sequence[Days], key_of: Callable[[Days], str]) -> list[tuple[Days, str]]:
    numbered: list[tuple[Days, str]] = []
    for one in sorted(found, key=lambda one: one.first):
        key = key_of(one)
        same = [two for two, _ in numbered if key_of(two) == key]
        numbered.append((one, f"{key}+{len(same) + 1}" if same else key))
    return numbered


def is_pending(view: View, first: date) -> bool:
    return any(one.application.latest < first and one.pending(first) for one in procedures(view))


# N01


def _answers(items: dict[str, Item], day: date) -> dict[str, str]:
    return {name: item.on(day) for name, item in items.items()}


def _certificates(way: str) -> tuple[str, ...]:
    return ("civics",) if way == "10_3" else ("language", "civics")


def chance_by(ways: Ways, way: str, day: date) -> bool:
    answers = _answers(ways[way], day)
    lacking = [name for name, answer in answers.items() if answer != "met"]
    certificates = [name for name in lacking if name in _certificates(way)]
    others = [
        name
        for name in lacking
        if name not in _certificates(way)
        and not (name in MAY_BE_UNKNOWN and answers[name] == "unknown")
    ]
    return answers["stay"] == "met" and not others and len(certificates) <= 1


def data_by(ways: Ways, way: str, day: date) -> bool:
    answers = _answers(ways[way], day)
    unmet = [name for name, answer in answers.items() if answer == "unmet"]
    return len(unmet) <= 1 and all(name in _certificates(way) for name in unmet)


def _kind_of_n01(ways: Ways, day: date) -> Kind:
    if any(chance_by(ways, way, day) for way in WAYS):
        return "chance", ""
    return ("data", "") if any(data_by(ways, way, day) for way in WAYS) else None


def changed_items(items: dict[str, Item], last: date) -> list[str]:
    """What answers otherwise on the day after, in the order of the way."""
    after = plus_days(last, 1)
    return [name for name, item in items.items() if item.on(last) != item.on(after)]


def n01(view: View, household: Mapping[str, View] = ALONE) -> list[Row]:
    found, ways = ways_of(view, household)
    cuts = ends_of_procedures(view)
    days = [one for clock in found for one in stretches(clock, ways, _kind_of_n01, cuts)]
    rows: list[Row] = []
    for one, key in with_keys(days, lambda one: one.clock.fact.id):
        if not is_pending(view, one.first):
            rows += _n01_of(view, ways, one, key)
    return rows


def _n01_of(view: View, ways: Ways, one: Days, key: str) -> list[Row]:
    ended = [day for day in ends_of_procedures(view) if day <= one.first]
    since_day = max(lead(one.first, "N01.prewarning"), *ended, date.min)
    advised = of(view, "NaturalisationAdvised", "PrecheckCompleted")
    applied = of(view, "NaturalisationApplied")
    stands_by = chance_by if one.kind == "chance" else data_by
    cancelled, superseded, law_ends = [], [], None
    if one.last != date.max:
        after = plus_days(one.last, 1)
        way = next(way for way in WAYS if stands_by(ways, way, one.last))
        changed = changed_items(ways[way], one.last)
        if not changed:
            superseded = [after]
        elif changed[0] == "stay" and way == "10_3" and one.clock.days.has(after):
            law_ends = after
        else:
            cancelled = [after]
    return settle(
        "N01",
        view,
        one.clock.fact,
        one.first,
        later(one.first, "N01.action"),
        key=key,
        kind=one.kind,
        followed=[
            *(fact for fact in advised if fact.latest >= since_day),
            *(fact for fact in applied if fact.latest >= one.first),
        ],
        cancelled=cancelled,
        superseded=superseded,
        law_ends=law_ends,
    )


# N02


def _kind_of_n02(ways: Ways, day: date) -> Kind:
    answers = _answers(ways["10"], day)
    unmet = [name for name, answer in answers.items() if answer == "unmet"]
    unknown = [
        name
        for name, answer in answers.items()
        if answer == "unknown" and name not in MAY_BE_UNKNOWN
    ]
    if answers["stay"] != "met" or len(unmet) != 1:
        return None
    return "data" if unknown else "chance", unmet[0]


def n02(view: View, household: Mapping[str, View] = ALONE) -> list[Row]:
    found, ways = ways_of(view, household)
    cuts = ends_of_procedures(view)
    days = [one for clock in found for one in stretches(clock, ways, _kind_of_n02, cuts)]
    rows: list[Row] = []
    for one, key in with_keys(days, lambda one: f"{one.clock.fact.id}+{one.item}"):
        if not is_pending(view, one.first):
            rows += _n02_of(view, ways["10"], one, key)
    return rows


def _helps(link: Told, item: str) -> bool:
    return link.get("field") in (None, "einbuergerung", *HELPS[item])


def _n02_of(view: View, items: dict[str, Item], one: Days, key: str) -> list[Row]:
    links = [fact for fact in of(view, "ServiceLinked") if _helps(fact, one.item)]
    applied = of(view, "NaturalisationApplied")
    after: list[date] = []
    solved = False
    if one.last != date.max:
        after = [plus_days(one.last, 1)]
        changed = changed_items(items, one.last)
        solved = changed[:1] == [one.item] and items[one.item].on(after[0]) == "met"
    return settle(
        "N02",
        view,
        one.clock.fact,
        one.first,
        later(one.first, "N02.action"),
        key=key,
        kind=one.kind,
        followed=[
            *(fact for fact in links if fact.latest >= one.first),
            *(after if solved else []),
        ],
        cancelled=[
            *(fact for fact in applied if fact.latest >= one.first),
            *([] if solved else after),
        ],
    )


READERS = {"N01": n01, "N02": n02}
