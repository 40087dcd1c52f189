"""Permanent residence is possible: A14."""

from collections.abc import Callable
from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    bound,
    facts_after,
    later,
    of,
    plus_days,
    plus_months,
    plus_years,
    settle,
    since,
)
from tests.second_reading.checklist_items import (
    MET,
    UNKNOWN,
    UNMET,
    Item,
    civics,
    first_day,
    housing,
    in_periods,
    language,
    livelihood,
    met_from,
    pension,
    presumed,
    unmet_if_not_met,
)
from tests.second_reading.language import _birthday, days_of_birth
from tests.second_reading.residence import Stretch, stay_of
from tests.second_reading.rules_a4 import (
    Period,
    _without,
    changes_in,
    rests_on,
    runs_of,
    stretches_of,
)

GENERAL = (
    *("18A", "18B", "18D", "18G", "19C", "19D", "21", "28"),
    *("29", "30", "31", "32", "36", "36A", "38A"),
)
REFUGEE = ("25_1", "25_2_FL", "23_4")
HUMANITARIAN = (
    *("22", "23_1", "23_2", "25_2_SUB", "25_3", "25_4_2", "25_4A", "25_4B"),
    *("25_5", "25A", "25B"),
)
SKILLED = ("18A", "18B", "18D", "18G")
FAMILY = ("28", "29", "32", "36", "36A")
HELD_HUMANITARIAN = (*HUMANITARIAN, *REFUGEE, "24", "25_4", "104C")
HELD_IN_GENERAL = (*GENERAL, *HELD_HUMANITARIAN)
EU_PERMANENT = (*GENERAL, "23_2", "25_1", "25_2_FL", "25_2_SUB")
LASTING = ("9", "9A", "18C", "26_3", "26_4", "28_2", "35", "DEUTSCH")
LAW = date(2025, 1, 1)

Fits = Callable[[Stretch], bool]


def _years(name: str) -> tuple[int, str]:
    unit = "months" if name.startswith("A14.months") else "years"
    return int(bound(name, LAW)), unit


# The status and how long it is held


def on_title(*bases: str) -> Fits:
    return lambda one: one.status in ("title", "fiktion") and one.basis in bases


def _without_basis(one: Stretch) -> bool:
    return one.status == "title" and one.basis is None


def _long_absences(view: View) -> list[Period]:
    found = []
    for fact in of(view, "AbsenceAbroadRecorded"):
        gone, back = fact.day("from") or fact.latest, fact.day("until")
        if back is not None and back > plus_months(gone, bound("A14.absence", gone)):
            found.append(Period(gone, back))
    return found


def stretches_held(view: View, stay: list[Stretch], fits: Fits) -> list[tuple[date, Period]]:
    """The unbroken stretches, each with the first day of the one of which it is left."""
    found = [(one.first, one) for one in stretches_of(stay, fits)]
    for absence in _long_absences(view):
        found = [
            (first, part)
            for first, one in found
            for part in _without(one, absence.first, absence.last)
            if part.first <= part.last
        ]
    return found


def held(view: View, stay: list[Stretch], fits: Fits, name: str) -> Item:
    count, unit = _years(name)
    return in_periods(
        [_full(one, one.first, count, unit) for _, one in stretches_held(view, stay, fits)]
    )


def _full(one: Period, begun: date, count: int, unit: str) -> Period:
    full = plus_years(begun, count) if unit == "years" else plus_months(begun, count)
    return Period(max(full, one.first), one.last)


def held_since_asylum(view: View, stay: list[Stretch], fits: Fits, name: str) -> Item:
    count, unit = _years(name)
    asylum = [one for one in stay if one.status == "gestattung"]
    found = []
    stretches = stretches_held(view, stay, lambda one: fits(one) or one.status == "protected")
    for first, one in stretches:
        begun = one.first
        earlier = [other for other in asylum if other.first < first]
        if one.first == first and earlier:
            begun = plus_days(first, -((earlier[-1].last - earlier[-1].first).days + 1))
        found.append(_full(one, begun, count, unit))
    return in_periods(found)


def status(stay: list[Stretch], fits: Fits, unknown: Fits = lambda one: False) -> Item:
    known, unsure = stretches_of(stay, fits), stretches_of(stay, unknown)

    def state(day: date) -> str:
        if any(one.has(day) for one in known):
            return MET
        return UNKNOWN if any(one.has(day) for one in unsure) else UNMET

    return Item(state, changes_in(known, unsure))


def _at_sixteen(view: View, stay: list[Stretch]) -> Item:
    days = days_of_birth(view)
    if days is None:
        return in_periods([])
    sixteen = _birthday(days.latest, int(bound("A14.age_35", LAW)))
    years, _ = _years("A14.years_35")
    return in_periods(
        [
            Period(sixteen, one.last)
            for _, one in stretches_held(view, stay, on_title(*FAMILY))
            if one.has(sixteen) and plus_years(one.first, years) <= sixteen
        ]
    )


# The checklists


def checklists(view: View, stay: list[Stretch]) -> dict[str, list[Item]]:
    fully, home = livelihood(view, "full"), presumed(housing(view))
    income, b1 = presumed(fully), language(view, "B1")

    def general(one: Stretch) -> bool:
        return on_title(*HELD_IN_GENERAL)(one)

    def general_or_unknown(one: Stretch) -> bool:
        return general(one) or _without_basis(one)

    refugee, humanitarian = on_title(*REFUGEE), on_title(*HELD_HUMANITARIAN)
    skilled, blue_card, family = on_title(*SKILLED), on_title("18G"), on_title("28")
    trained = first_day(of(view, "TrainingCompleted", "StudyCompleted"))
    pensioned = pension(view, int(bound("A14.pension_9", LAW)))
    return {
        "9": [
            status(stay, on_title(*GENERAL), _without_basis),
            held(view, stay, general_or_unknown, "A14.years_9"),
            *(pensioned, fully, b1, civics(view), home),
        ],
        "26_3": [
            status(stay, refugee),
            held_since_asylum(view, stay, refugee, "A14.years_26_3"),
            *(livelihood(view, "full", "predominantly"), language(view, "A2")),
        ],
        "26_3_3": [
            status(stay, refugee),
            held_since_asylum(view, stay, refugee, "A14.years_26_3_3"),
            *(unmet_if_not_met(language(view, "C1")), fully),
        ],
        "26_4": [
            status(stay, on_title(*HUMANITARIAN)),
            held_since_asylum(view, stay, humanitarian, "A14.years_26_4"),
            *(pensioned, fully, b1, civics(view), home),
        ],
        "18C_1": [
            status(stay, skilled),
            held(view, stay, skilled, "A14.years_18c"),
            *(pension(view, int(bound("A14.pension_18c", LAW))), b1, income, home),
        ],
        "18C_1_2": [
            status(stay, skilled),
            held(view, stay, skilled, "A14.years_18c_german"),
            pension(view, int(bound("A14.pension_18c_german", LAW))),
            *(met_from(trained, date.min), b1, income, home),
        ],
        "18C_2": [
            status(stay, blue_card),
            held(view, stay, blue_card, "A14.months_18c_2"),
            *(language(view, "A1"), income, home),
        ],
        "18C_2_B1": [
            status(stay, blue_card),
            held(view, stay, blue_card, "A14.months_18c_2_b1"),
            *(unmet_if_not_met(b1), income, home),
        ],
        "28_2": [
            status(stay, family),
            held(view, stay, family, "A14.years_28_2"),
            *(b1, income),
        ],
        "35": [status(stay, on_title(*FAMILY)), _at_sixteen(view, stay)],
        "9A": [
            status(stay, on_title(*EU_PERMANENT)),
            held(view, stay, general, "A14.years_9a"),
            *(b1, income, home, civics(view)),
        ],
    }


def _taken(view: View, trigger: Told, first: date) -> View:
    applied = [
        one
        for one in since(view, trigger, "TitleApplied")
        if (one.basis in LASTING or (one.basis is None and one.get("kind") != "verlaengerung"))
        and not any(two.latest <= first for two in facts_after(view, one, "TitleRefused"))
    ]
    granted = facts_after(view, trigger, "TitleGranted")
    return [*applied, *(one for one in granted if one.basis in LASTING)]


def a14(view: View) -> list[Row]:
    stay = stay_of(view)
    rows: list[Row] = []
    for name, items in checklists(view, stay).items():
        days = [day for item in items for day in item.days]
        full = runs_of(days, lambda day, items=items: _states(items, day) == {MET})
        unsure = runs_of(days, lambda day, items=items: _states(items, day) == {MET, UNKNOWN})
        for kind, periods in (("chance", full), ("data", unsure)):
            for one in periods:
                rows += _row(view, stay, name, one, kind)
    return rows


def _states(items: list[Item], day: date) -> set[str]:
    return {item.state(day) for item in items}


def _row(view: View, stay: list[Stretch], name: str, one: Period, kind: str) -> list[Row]:
    trigger = rests_on(stay, one.first)
    return settle(
        "A14",
        view,
        trigger,
        one.first,
        later(one.first, "A14.action"),
        key=f"{name}:{one.first.isoformat()}",
        kind=kind,
        followed=_taken(view, trigger, one.first),
        cancelled=[] if one.last == date.max else [plus_days(one.last, 1)],
    )


READERS = {"A14": a14}
