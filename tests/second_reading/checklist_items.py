"""Items of checklists (terms "The chances of a stay" and "Permanent residence")."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import Told, View, of, plus_days, plus_months
from tests.second_reading.language import LEVELS, is_language_test
from tests.second_reading.rules_a4 import Period, changes_in, within
from tests.second_reading.told_livelihood import full_time_of, livelihood_told, paid_by_need

MET, UNKNOWN, UNMET = "met", "unknown", "unmet"


@dataclass(frozen=True)
class Item:
    """What an item says of a day, and the days on which that may change."""

    state: Callable[[date], str]
    days: list[date]


def presumed(item: Item) -> Item:
    """It stands in the way only where it is unmet."""
    return Item(lambda day: UNMET if item.state(day) == UNMET else MET, item.days)


def unmet_if_not_met(item: Item) -> Item:
    return Item(lambda day: MET if item.state(day) == MET else UNMET, item.days)


def met_from(met: date, known: date) -> Item:
    """Unknown before the known day, unmet from then to the day on which it is met."""

    def state(day: date) -> str:
        if day >= met:
            return MET
        return UNKNOWN if day < known else UNMET

    return Item(state, [met, known])


def first_day(facts: Sequence[Told]) -> date:
    return facts[0].latest if facts else date.max


def in_periods(periods: list[Period]) -> Item:
    return Item(lambda day: MET if within(day, periods) else UNMET, changes_in(periods))


# Language and civics


def _level(fact: Told) -> str | None:
    if fact.type == "IntegrationCourseCertificateIssued":
        return "B1"
    if fact.get("accredited") is False or not is_language_test(fact):
        return None
    skills = [level for level in (fact.get("per_skill") or {}).values() if level is not None]
    return min(skills, key=LEVELS.index) if skills else fact.get("result")


def language(view: View, level: str) -> Item:
    told = [
        (one, LEVELS.index(name))
        for one in of(view, "IntegrationCourseCertificateIssued", "LanguageTestTaken")
        if (name := _level(one)) is not None
    ]
    enough = [one for one, reached in told if reached >= LEVELS.index(level)]
    return met_from(first_day(enough), first_day([one for one, _ in told]))


def _civics_passed(fact: Told) -> bool | None:
    """None: the fact tells no result."""
    points = fact.get("points")
    if fact.type == "IntegrationCourseCertificateIssued":
        return True
    if fact.type == "NaturalisationTestTaken":
        return None if points is None else bool(points >= 17)
    if points is not None:
        return bool(points >= 15)
    if fact.get("passed_ok") is None:
        return True if fact.get("passed_natural") is True else None
    return bool(fact.get("passed_ok"))


def civics(view: View) -> Item:
    types = ("IntegrationCourseCertificateIssued", "CivicsTestTaken", "NaturalisationTestTaken")
    told = [one for one in of(view, *types) if _civics_passed(one) is not None]
    return met_from(first_day([one for one in told if _civics_passed(one)]), first_day(told))


# Livelihood


def livelihood(view: View, *degrees: str) -> Item:
    work, paid = full_time_of(view), paid_by_need(view)
    told = livelihood_told(view, work, paid)

    def state(day: date) -> str:
        holding = [degree for period, degree in told if period.has(day)]
        if holding and holding[0] is not None:
            return MET if holding[0] in degrees else UNMET
        if within(day, paid):
            return UNMET
        return MET if within(day, work) else UNKNOWN

    return Item(state, changes_in(work, paid, [period for period, _ in told]))


# Housing and pension


def told_in_turn(facts: Iterable[Told]) -> list[tuple[Period, Told]]:
    """Each fact with its days to the day before that of the next."""
    ordered = list(facts)
    found = []
    for place, fact in enumerate(ordered):
        following = ordered[place + 1 :]
        last = plus_days(following[0].latest, -1) if following else date.max
        found.append((Period(fact.latest, last), fact))
    return found


def _kind_of_housing(fact: Told) -> str | None:
    return fact.get("housing_kind" if fact.type.startswith("Address") else "kind")


def housing(view: View) -> Item:
    types = ("HousingAssigned", "HousingChanged", "LeaseSigned")
    told = told_in_turn(of(view, *types, "AddressRegistered", "AddressChanged"))

    def state(day: date) -> str:
        kinds = [_kind_of_housing(fact) for period, fact in told if period.has(day)]
        if not kinds or kinds[0] is None:
            return UNKNOWN
        return UNMET if kinds[0] in ("land_facility", "communal", "homeless") else MET

    return Item(state, changes_in([period for period, _ in told]))


def pension(view: View, months: int) -> Item:
    told = told_in_turn(of(view, "PensionMonthsConfirmed"))
    met = first_day([fact for _, fact in told if (fact.get("months") or 0) >= months])
    unknown = [Period(date.min, plus_days(first_day([fact for _, fact in told]), -1))]
    for period, fact in told:
        first = period.first
        if fact.get("months") is not None:
            start = fact.day("as_of") or fact.latest
            first = max(first, plus_months(start, max(0, months - fact.get("months"))))
        unknown.append(Period(first, period.last))

    def state(day: date) -> str:
        if day >= met:
            return MET
        return UNKNOWN if within(day, unknown) else UNMET

    return Item(state, [met, *changes_in(unknown)])
