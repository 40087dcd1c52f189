"""The settlement permit after training: T05 (terms "The chances of a stay", "Permanent residence")."""

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
    settle,
    since,
)
from tests.second_reading.language import LEVELS, is_language_test
from tests.second_reading.residence import Stretch, stay_of
from tests.second_reading.rules_a4 import (
    Period,
    _without,
    changes_in,
    clock,
    rests_on,
    runs_of,
    stretches_of,
    within,
)
from tests.second_reading.rules_a5 import Item, _state
from tests.second_reading.titles import is_permanent
from tests.second_reading.told_livelihood import full_time_of, livelihood_told, paid_by_need

ALWAYS = Period(date.min)


# Stay


def _is_on_18a(one: Stretch) -> bool:
    return one.status in ("title", "fiktion") and one.basis == "18A"


def _held(view: View, stay: list[Stretch]) -> Item:
    """On § 18a, and for two years without a long absence."""
    on = stretches_of(stay, _is_on_18a)
    parts = on
    for fact in of(view, "AbsenceAbroadRecorded"):
        gone, back = fact.day("from") or fact.latest, fact.day("until")
        if back is not None and back > plus_months(gone, bound("A14.absence", gone)):
            parts = [part for one in parts for part in _without(one, gone, back)]
    parts = [one for one in parts if one.first <= one.last]
    years = bound("T05.years", date.min)
    full = [two for one in parts for two in clock(one, [(years, ALWAYS)], "years")]
    return lambda day: _state(within(day, full), unknown=False), changes_in(full)


def _trained(view: View) -> Item:
    first = [one.latest for one in of(view, "TrainingCompleted")][:1]
    met = first[0] if first else date.max
    return lambda day: _state(day >= met, unknown=False), [met]


# Pension


def _pension(view: View) -> Item:
    needed = bound("T05.pension", date.min)
    told = of(view, "PensionMonthsConfirmed")
    enough = [one.latest for one in told if (one.get("months") or 0) >= needed][:1]
    met = enough[0] if enough else date.max
    unsure: list[Period] = [Period(date.min, plus_days(told[0].latest, -1))] if told else [ALWAYS]
    for place, fact in enumerate(told):
        first = fact.latest
        if fact.get("months") is not None:
            lacking = needed - fact.get("months")
            first = max(first, plus_months(fact.day("as_of") or fact.latest, max(lacking, 0)))
        last = plus_days(told[place + 1].latest, -1) if place + 1 < len(told) else date.max
        unsure += [Period(first, last)] if first <= last else []
    return lambda day: _state(day >= met, within(day, unsure)), [met, *changes_in(unsure)]


# Language and civics


def _level(fact: Told) -> str | None:
    if fact.type == "IntegrationCourseCertificateIssued":
        return "B1"
    if fact.get("accredited") is False or not is_language_test(fact):
        return None
    skills = [level for level in (fact.get("per_skill") or {}).values() if level is not None]
    level: str | None = min(skills, key=LEVELS.index) if skills else fact.get("result")
    return level


def _since_first(telling: View, met_by: View) -> Item:
    """Met from the first fact that meets it; unknown before the first that tells anything."""
    met = met_by[0].latest if met_by else date.max
    known = telling[0].latest if telling else date.max
    return lambda day: _state(day >= met, day < known), [met, known]


def _b1(view: View) -> Item:
    tests = of(view, "IntegrationCourseCertificateIssued", "LanguageTestTaken")
    telling = [one for one in tests if _level(one) is not None]
    b1 = LEVELS.index("B1")
    return _since_first(telling, [one for one in telling if LEVELS.index(_level(one) or "") >= b1])


def _civics_passed(fact: Told) -> bool | None:
    """None: the fact tells no result."""
    points = fact.get("points")
    if fact.type == "IntegrationCourseCertificateIssued":
        return True
    if fact.type == "NaturalisationTestTaken":
        return None if points is None else bool(points >= 17)
    if points is not None:
        return bool(points >= 15)
    passed: bool | None = fact.get("passed_ok")
    if passed is None:
        passed = fact.get("passed_natural")
    return passed


def _civics(view: View) -> Item:
    types = ("IntegrationCourseCertificateIssued", "CivicsTestTaken", "NaturalisationTestTaken")
    telling = [one for one in of(view, *types) if _civics_passed(one) is not None]
    return _since_first(telling, [one for one in telling if _civics_passed(one)])


# Livelihood, presumed


def _livelihood_fails(view: View) -> Item:
    """Unmet while told as lost or of a lesser degree, or, nothing told, while a benefit is paid."""
    work, paid = full_time_of(view), paid_by_need(view)
    told = livelihood_told(view, work, paid)

    def state(day: date) -> str:
        degrees = [degree for period, degree in told if period.has(day)]
        if degrees and degrees[0] is not None:
            return _state(degrees[0] == "full", unknown=False)
        return _state(not within(day, paid), unknown=False)

    return state, changes_in(work, paid, [period for period, _ in told])


# The rule


def _is_lasting(fact: Told) -> bool:
    if fact.type == "TitleApplied" and fact.basis is None:
        return fact.get("kind") != "verlaengerung"
    return is_permanent(fact) and not (fact.basis or "").startswith("FREIZUEGG")


def _taken(view: View, trigger: Told, first: date) -> View:
    applied = [
        one
        for one in since(view, trigger, "TitleApplied")
        if not any(two.latest <= first for two in facts_after(view, one, "TitleRefused"))
    ]
    granted = facts_after(view, trigger, "TitleGranted")
    return [one for one in (*applied, *granted) if _is_lasting(one)]


def t05(view: View) -> list[Row]:
    stay = stay_of(view)
    items = [_held(view, stay), _trained(view), _pension(view), _b1(view), _civics(view)]
    items.append(_livelihood_fails(view))
    days = [day for _, changes in items for day in changes]

    def states(day: date) -> set[str]:
        return {state(day) for state, _ in items}

    full = runs_of(days, lambda day: states(day) == {"met"})
    unsure = runs_of(days, lambda day: states(day) == {"met", "unknown"})
    rows: list[Row] = []
    for kind, periods in (("chance", full), ("data", unsure)):
        for one in periods:
            trigger = rests_on(stay, one.first)
            rows += settle(
                "T05",
                view,
                trigger,
                one.first,
                later(one.first, "T05.action"),
                key=one.first.isoformat(),
                kind=kind,
                followed=_taken(view, trigger, one.first),
                cancelled=[] if one.last == date.max else [plus_days(one.last, 1)],
            )
    return rows


READERS = {"T05": t05}
