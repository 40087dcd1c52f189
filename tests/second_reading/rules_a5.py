"""The chance of a stay under § 25b: A11 (terms "The chances of a stay")."""

from collections.abc import Callable
from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    bound,
    later,
    of,
    plus_days,
    plus_years,
    settle,
)
from tests.second_reading.language import LEVELS, is_language_test
from tests.second_reading.residence import stay_of
from tests.second_reading.rules_a import clarified_on
from tests.second_reading.rules_a4 import (
    Period,
    changes_in,
    clock,
    here,
    is_104c,
    is_tolerated,
    rests_on,
    runs_of,
    stretches_of,
    taken,
    within,
)
from tests.second_reading.told_livelihood import full_time_of, livelihood_told, paid_by_need

OLD, NEW = Period(date(2015, 8, 1), date(2022, 12, 30)), Period(date(2022, 12, 31))

Item = tuple[Callable[[date], str], list[date]]


def _state(met: bool, unknown: bool) -> str:
    if met:
        return "met"
    return "unknown" if unknown else "unmet"


# Language


def _spoken(fact: Told) -> str | None:
    if fact.type == "IntegrationCourseCertificateIssued":
        return "B1"
    if fact.get("accredited") is False or not is_language_test(fact):
        return None
    if fact.get("per_skill"):
        return fact.get("per_skill").get("speaking")
    return fact.get("result")


def _spoken_a2(view: View) -> Item:
    telling = [
        one
        for one in of(view, "IntegrationCourseCertificateIssued", "LanguageTestTaken")
        if _spoken(one) is not None
    ]
    enough = [one for one in telling if LEVELS.index(_spoken(one) or "") >= LEVELS.index("A2")]
    met = enough[0].latest if enough else date.max
    known = telling[0].latest if telling else date.max
    return lambda day: _state(day >= met, day < known), [met, known]


# Identity


def _identity(view: View) -> Item:
    met = clarified_on(view) or date.max
    vague = [
        one.latest
        for one in of(view, "IdentityClarified")
        if one.get("means") is None and one.get("accepted_on") is None
    ]
    unknown = min(vague, default=date.max)
    return lambda day: _state(day >= met, day >= unknown), [met, unknown]


# Livelihood


def _livelihood(view: View) -> Item:
    work, paid = full_time_of(view), paid_by_need(view)
    told = livelihood_told(view, work, paid)

    def state(day: date) -> str:
        degrees = [degree for period, degree in told if period.has(day)]
        if degrees and degrees[0] is not None:
            return _state(degrees[0] in ("full", "predominantly"), unknown=False)
        if within(day, paid):
            return "unmet"
        return _state(within(day, work), unknown=True)

    return state, changes_in(work, paid, [period for period, _ in told])


# Stay


def _days_with_minor(view: View) -> list[Period]:
    found = []
    for fact in of(view, "ChildBorn", "MemberJoined"):
        if fact.type == "MemberJoined" and fact.get("role") != "child":
            continue
        born = fact.days("birth_date")
        if born is None and fact.type == "ChildBorn" and fact.dated:
            born = fact.own
        if born is not None:
            adult = plus_years(born.earliest, 18)
            if (born.earliest.month, born.earliest.day) == (2, 29) and adult.day == 28:
                adult = plus_days(adult, 1)
            found.append(Period(born.latest, plus_days(adult, -1)))
    return found


def _long_stay(view: View) -> Item:
    stay = stay_of(view)
    tolerated, with_104c = stretches_of(stay, is_tolerated), stretches_of(stay, is_104c)
    slow = stretches_of(stay, lambda one: one.status == "duldung" and one.basis == "60B")
    minors = _days_with_minor(view)

    def clocks(old: int, new: int, slowed: list[Period]) -> list[Period]:
        records = [(old, OLD), (new, NEW)]
        return [two for one in here(view) for two in clock(one, records, "years", slowed)]

    alone = (clocks(8, 6, slow), clocks(8, 6, []))
    with_child = (clocks(6, 4, slow), clocks(6, 4, []))

    def state(day: date) -> str:
        slowed, plain = with_child if within(day, minors) else alone
        if within(day, with_104c):
            return _state(within(day, plain) or within(day, slowed), unknown=False)
        return _state(within(day, tolerated) and within(day, slowed), unknown=False)

    return state, changes_in(tolerated, with_104c, minors, *alone, *with_child)


def a11(view: View) -> list[Row]:
    stay = stay_of(view)
    items = [_spoken_a2(view), _identity(view), _livelihood(view), _long_stay(view)]
    convicted = min(
        (
            one.latest
            for one in of(view, "ConvictionRecorded")
            if (one.get("months") or 0) >= bound("A11.imprisonment", one.latest)
        ),
        default=date.max,
    )
    days = [convicted, *(day for _, changes in items for day in changes)]

    def states(day: date) -> set[str]:
        return {"unmet"} if day >= convicted else {state(day) for state, _ in items}

    full = runs_of(days, lambda day: states(day) == {"met"})
    unsure = runs_of(days, lambda day: "unknown" in states(day) and "unmet" not in states(day))
    rows: list[Row] = []
    for kind, periods in (("chance", full), ("data", unsure)):
        for one in periods:
            trigger = rests_on(stay, one.first)
            rows += settle(
                "A11",
                view,
                trigger,
                one.first,
                later(one.first, "A11.action"),
                key=one.first.isoformat(),
                kind=kind,
                followed=taken(view, trigger, one.first, ("25A", "25B")),
                cancelled=[] if one.last == date.max else [plus_days(one.last, 1)],
            )
    return rows


READERS = {"A11": a11}
