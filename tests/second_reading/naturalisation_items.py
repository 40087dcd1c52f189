"""Ways to naturalisation and their items (terms "Naturalisation")."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from tests.second_reading.basis import (
    Told,
    View,
    bound,
    facts_after,
    of,
    plus_days,
    plus_years,
)
from tests.second_reading.identity import is_for
from tests.second_reading.language import (
    LEVELS,
    days_of_birth,
    is_language_test,
    level_of_test,
)
from tests.second_reading.naturalisation import Clock
from tests.second_reading.naturalisation_livelihood import ALONE, birthday, common, livelihood
from tests.second_reading.residence import Stretch
from tests.second_reading.rules_a4 import Period, changes_in, within
from tests.second_reading.rules_n_clock import (
    LAW_CHANGES,
    basis_of_title,
    excluded_on,
)

OLD, NEW = Period(date.min, plus_days(LAW_CHANGES, -1)), Period(LAW_CHANGES)
FAST = Period(LAW_CHANGES, date(2025, 10, 29))
EVER: list[Period] = [Period(date.min)]
WAYS = {
    "10": (
        *("stay", "identity", "loyalty", "title", "livelihood"),
        *("conviction", "language", "civics", "exclusion"),
    ),
    "9": (
        *("stay", "marriage", "identity", "loyalty", "livelihood"),
        *("conviction", "language", "civics", "exclusion"),
    ),
    "10_3": (
        *("stay", "language", "achievements", "identity", "loyalty", "title"),
        *("livelihood", "conviction", "civics", "exclusion"),
    ),
}


@dataclass(frozen=True)
class Item:
    """Met counts before all, then not met, then unknown; else what nothing told means."""

    met: list[Period] = field(default_factory=list)
    unmet: list[Period] = field(default_factory=list)
    unknown: list[Period] = field(default_factory=list)
    otherwise: str = "unknown"

    def on(self, day: date) -> str:
        if within(day, self.met):
            return "met"
        if within(day, self.unmet):
            return "unmet"
        return "unknown" if within(day, self.unknown) else self.otherwise

    @property
    def changes(self) -> list[date]:
        return changes_in(self.met, self.unmet, self.unknown)


def _first(facts: View, day_of: Callable[[Told], date] = lambda one: one.latest) -> list[Period]:
    """From the first of these facts on."""
    return [Period(min(day_of(one) for one in facts))] if facts else []


def items_of(
    view: View,
    stay: list[Stretch],
    clocks: list[Clock],
    way: str,
    household: Mapping[str, View] = ALONE,
) -> dict[str, Item]:
    """The items of a way in the order of the terms; ``household``: the journeys of others."""
    makers: dict[str, Callable[[], Item]] = {
        "stay": lambda: _stay(view, clocks, way),
        "identity": lambda: _identity(view),
        "loyalty": lambda: _loyalty(view),
        "title": lambda: _title(stay),
        "livelihood": lambda: Item(*livelihood(view, way, household)),
        "conviction": lambda: _conviction(view),
        "language": lambda: _language(view, way),
        "civics": lambda: _civics(view),
        "marriage": lambda: _marriage(view),
        "achievements": lambda: Item(_first(of(view, "VolunteeringStarted")), otherwise="unmet"),
        "exclusion": lambda: Item(),
    }
    return {name: makers[name]() for name in WAYS[way]}


# Stay, title


def _stay(view: View, clocks: list[Clock], way: str) -> Item:
    met: list[Period] = []
    for clock in clocks:
        for count, force in _years(view, way):
            met += common(Period(max(clock.full(count), clock.days.first), clock.days.last), force)
    return Item(met, otherwise="unmet")


def _years(view: View, way: str) -> list[tuple[int, Period]]:
    if way == "9":
        return [(bound("N01.years_spouse", LAW_CHANGES), EVER[0])]
    if way == "10_3":
        return [(bound("N01.years_fast", LAW_CHANGES), FAST)]
    found = [(bound("N01.years", one.last), one) for one in (OLD, NEW)]
    course = _first(of(view, "IntegrationCourseCertificateIssued"))
    special = _first([one for one in of(view, "LanguageTestTaken") if _proves(one, "B2")])
    for name, proven in (("N01.years_course", course), ("N01.years_special", special)):
        for one in proven:
            found += [(bound(name, OLD.last), part) for part in common(one, OLD)]
    return found


def _title(stay: list[Stretch]) -> Item:
    met: list[Period] = []
    unknown: list[Period] = []
    for one in stay:
        days = Period(one.first, one.last)
        if one.status == "free_movement":
            met.append(days)
        if one.status not in ("title", "fiktion"):
            continue
        basis = basis_of_title(stay, one)
        if basis is None:
            unknown.append(days)
            continue
        for law in (OLD, NEW):
            if not excluded_on(basis, min(law.last, LAW_CHANGES)):
                met += common(days, law)
    return Item(met, unknown=unknown, otherwise="unmet")


# Identity, loyalty, marriage, conviction


def _clarified_from(fact: Told) -> date | None:
    if not is_for(fact, ("stag",)):
        return None
    if fact.get("means") in ("pass", "id"):
        told = fact.day("date") or fact.day("accepted_on") or fact.latest
        return fact.latest if fact.dated else told
    return fact.day("accepted_on")


def _identity(view: View) -> Item:
    clarifications = of(view, "IdentityClarified")
    days = [_clarified_from(one) for one in clarifications]
    days += [o.latest for o in of(view, "PassportIssued") if o.get("kind") == "nationalpass"]
    known = [day for day in days if day is not None]
    against = [
        *of(view, "IdentityDocumentsRequested"),
        *(one for one in of(view, "ToleranceIssued") if one.basis == "60B"),
        *(one for one in clarifications if _clarified_from(one) is None),
    ]
    return Item([Period(min(known))] if known else [], _first(against))


def _loyalty(view: View) -> Item:
    declared = of(view, "LoyaltyDeclarationMade")
    return Item(_first(declared, lambda one: one.day("date") or one.latest))


def _marriage(view: View) -> Item:
    met: list[Period] = []
    unknown: list[Period] = []
    for fact in of(view, "MarriageRecorded"):
        if fact.get("recognised") is False or fact.get("spouse_german") is False:
            continue
        first = plus_years(fact.latest, bound("N01.years_marriage", fact.latest))
        ended = facts_after(view, fact, "PartnershipEnded")
        last = plus_days(ended[0].latest, -1) if ended else date.max
        if first <= last:
            (met if fact.get("spouse_german") else unknown).append(Period(first, last))
    return Item(met, unknown=unknown, otherwise="unmet")


def _conviction(view: View) -> Item:
    met, unmet, unknown = [Period(date.min)], [], []
    told: View = []
    for fact in sorted(of(view, "ConvictionRecorded"), key=lambda one: one.latest):
        told.append(fact)
        met[-1] = Period(met[-1].first, min(met[-1].last, plus_days(fact.latest, -1)))
        answer = _answer_of(told)
        days = Period(fact.latest)
        if answer == "met":
            met.append(days)
        elif answer == "unmet":
            unmet.append(days)
        else:
            unknown.append(days)
    return Item([one for one in met if one.first <= one.last], unmet, unknown)


def _answer_of(convictions: View) -> str:
    total = sum(
        (one.get("daily_rates") or 0) + 30 * (one.get("months") or 0) for one in convictions
    )
    if total > bound("N01.daily_rates", LAW_CHANGES):
        return "unmet"
    prison = [one for one in convictions if (one.get("months") or 0) > 0]
    if any(one.get("suspended") is False for one in prison):
        return "unmet"
    if any(one.get("hate_motive") is True for one in convictions):
        return "unmet"
    if any(one.get("daily_rates") is None and one.get("months") is None for one in convictions):
        return "unknown"
    return "unknown" if any(one.get("suspended") is None for one in prison) else "met"


# Language, civics


def _counts(test: Told) -> bool:
    return test.get("accredited") is not False and is_language_test(test)


def _proves(test: Told, least: str) -> bool:
    level = level_of_test(test)
    if level is None or not _counts(test):
        return False
    return LEVELS.index(level) >= LEVELS.index(least)


def _from_16(view: View, unmet: list[Period]) -> list[Period]:
    """Unknown before the 16th birthday."""
    born = days_of_birth(view)
    if born is None:
        return unmet
    return [Period(max(one.first, birthday(born.earliest, 16))) for one in unmet]


def _language(view: View, way: str) -> Item:
    tests = of(view, "LanguageTestTaken")
    if way == "10_3":
        return Item(_first([one for one in tests if _proves(one, "C1")]), otherwise="unmet")
    proofs = [one for one in tests if _proves(one, "B1")]
    failed = [
        one
        for one in tests
        if one not in proofs and level_of_test(one) is not None and _counts(one)
    ]
    certificates = of(view, "IntegrationCourseCertificateIssued")
    return Item(_first([*proofs, *certificates]), _from_16(view, _first(failed)))


def _is_passed(test: Told) -> bool | None:
    points = test.get("points")
    if points is not None:
        return bool(points >= bound("N01.civics_points", test.latest))
    return test.get("passed_natural")


def _civics(view: View) -> Item:
    tests = of(view, "CivicsTestTaken", "NaturalisationTestTaken")
    passed = [one for one in tests if _is_passed(one) is True]
    failed = [one for one in tests if _is_passed(one) is False]
    return Item(_first(passed), _from_16(view, _first(failed)))
