"""What is proven, and from which day: language by level, civics, identity, pension months, livelihood, housing.

The functions whose names end in ``days`` also say on which days nothing is known, as checklists need it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days, plus_months
from domain.chain.checklists.checklist import Days
from domain.chain.counting import Range, range_of
from domain.chain.derived import Derived
from domain.chain.reading import Seen, View
from domain.chain.spans import Span, union, without

LEVELS = ("PRE_A1", "A1", "A2", "B1", "B2", "C1", "C2")
_CIVICS_NATURALISATION, _CIVICS_COURSE = 17, 15
_ON_SIGHT = frozenset({"pass", "id"})
_DEGREES = ("partial", "predominantly", "full")
_FULL = "full"
_LIVELIHOOD_BENEFITS = ("SGB_XII", "ASYLBLG", "BSHG")
_LANGUAGE = ("LanguageTestTaken", "IntegrationCourseCertificateIssued")
_CIVICS = ("CivicsTestTaken", "NaturalisationTestTaken", "IntegrationCourseCertificateIssued")
_HOUSING = (
    "HousingAssigned",
    "HousingChanged",
    "LeaseSigned",
    "AddressRegistered",
    "AddressChanged",
)
_NO_HOME = frozenset({"land_facility", "communal", "homeless"})
ALWAYS = Span(date.min, None)


def reaches(level: str | None, wanted: str) -> bool:
    """Say whether a level of language is at least another; an unknown one is not."""
    return level is not None and LEVELS.index(level) >= LEVELS.index(wanted)


def proven_level(one: Seen) -> str | None:
    """Return the level that a fact proves in every skill: per skill where told, else its result (W25).

    A test that is told not to be accredited proves nothing.
    """
    if one.type == "IntegrationCourseCertificateIssued":
        return "B1"
    if one.get("accredited") is False:
        return None
    per_skill = one.get("per_skill")
    if per_skill:
        return min((str(level) for level in per_skill.values()), key=LEVELS.index)
    result: str | None = one.get("result")
    return result


def spoken_level(one: Seen) -> str | None:
    """Return the level that a fact proves in speaking: that skill where told, else the whole result."""
    per_skill = one.get("per_skill")
    if per_skill and one.get("accredited") is not False:
        spoken = per_skill.get("speaking")
        return None if spoken is None else str(spoken)
    return proven_level(one)


def language_proofs(view: View, wanted: str) -> list[Seen]:
    """Return the facts that prove a level in every skill, in order."""
    return [one for one in view.of(*_LANGUAGE) if reaches(proven_level(one), wanted)]


def language_days(view: View, wanted: str, *, spoken: bool = False) -> Days:
    """Return the days from the first proof of a level on; nothing is known before any level is told."""
    level = spoken_level if spoken else proven_level
    told = ((one, level(one)) for one in view.of(*_LANGUAGE))
    return _from_first((one, reaches(found, wanted)) for one, found in told if found is not None)


def passed_civics(one: Seen, *, for_naturalisation: bool) -> bool | None:
    """Say whether a civics test is passed: by its points, else as told; None if neither is.

    17 of 33 for naturalisation (§ 1 EinbTestV), 15 for the orientation course.
    """
    points = one.get("points")
    if points is not None:
        return bool(points >= (_CIVICS_NATURALISATION if for_naturalisation else _CIVICS_COURSE))
    told: bool | None = one.get("passed_natural" if for_naturalisation else "passed_ok")
    return told


def civics_days(view: View) -> Days:
    """Return the days from the first proof of civics on, as a settlement permit needs it.

    The certificate of the course, 15 of 33 in the test of the course, 17 in the naturalisation test.
    """
    told = ((one, _knows_civics(one)) for one in view.of(*_CIVICS))
    return _from_first((one, passed) for one, passed in told if passed is not None)


def _knows_civics(one: Seen) -> bool | None:
    if one.type == "IntegrationCourseCertificateIssued":
        return True
    if one.get("passed_natural") is True:
        return True
    return passed_civics(one, for_naturalisation=one.type == "NaturalisationTestTaken")


def _from_first(told: Iterable[tuple[Seen, bool]]) -> Days:
    """Return the days from the first fact that proves; before the first that says anything all is unknown."""
    first: Seen | None = None
    for one, proves in told:
        first = first or one
        if proves:
            return Days((Span(one.latest, None, (one,), one.exact),), _until(first.latest))
    return Days((), (ALWAYS,) if first is None else _until(first.latest))


def _until(day: date) -> tuple[Span, ...]:
    return (Span(date.min, plus_days(day, -1)),)


def clarified_from(one: Seen) -> Range | None:
    """Return the possible days from which an identity counts as clarified (design 4, line 12).

    With a passport or an identity card from the fact's day on (undated: from ``date``), otherwise from the
    day of acceptance.
    """
    if one.get("means") in _ON_SIGHT:
        told = None if one.dated else range_of(one.day("date"))
        return told or Range(one.earliest, one.latest)
    return range_of(one.day("accepted_on"))


def identity(journey: Derived) -> Span | None:
    """Return the days from which the identity is clarified; None if it is not."""
    counting = [
        (days.latest, one, days.exact and (one.exact or one.get("means") not in _ON_SIGHT))
        for one in journey.view.of("IdentityClarified")
        if (days := clarified_from(one)) is not None
    ]
    if not counting:
        return None
    day, fact, exact = min(counting, key=lambda entry: (entry[0], entry[1].rank))
    return Span(day, None, (fact,), exact)


def says_not_by_what(one: Seen) -> bool:
    """Say whether a clarification of identity tells neither its means nor an acceptance."""
    return one.get("means") is None and one.day("accepted_on") is None


def identity_days(journey: Derived) -> Days:
    """Return the days from which the identity is clarified; unknown where it is told but not by what."""
    clear = identity(journey)
    unclear = (one for one in journey.view.of("IdentityClarified") if says_not_by_what(one))
    return Days(
        () if clear is None else (clear,),
        tuple(Span(one.latest, None, (one,), one.exact) for one in unclear),
    )


@dataclass(frozen=True, slots=True)
class Livelihood:
    """A stretch over which the same was last told of the livelihood; ``degree`` None: by what degree is not."""

    span: Span
    degree: str | None
    lost: bool = False

    def secures(self, wanted: str) -> bool:
        """Say whether the livelihood is secured to a degree at least."""
        return self.degree is not None and _DEGREES.index(self.degree) >= _DEGREES.index(wanted)


def livelihoods(journey: Derived) -> list[Livelihood]:
    """Return what was last told of the livelihood, stretch by stretch.

    Each telling lasts until the next; a livelihood told as full lasts at most until a benefit for it begins.
    """
    told = journey.view.of("LivelihoodSecured", "LivelihoodLost")
    found = []
    for place, one in enumerate(told):
        ends = [plus_days(later.latest, -1) for later in told[place + 1 : place + 2]]
        lost = one.type == "LivelihoodLost"
        degree = None if lost else one.get("degree")
        if degree == _FULL:
            ends += [
                plus_days(paid.first, -1) for paid in _paid(journey) if paid.first > one.latest
            ]
        last = min(ends, default=None)
        if last is None or last >= one.latest:
            found.append(Livelihood(Span(one.latest, last, (one,), one.exact), degree, lost))
    return found


def _paid(journey: Derived) -> list[Span]:
    """Return the days on which SGB II, SGB XII, BSHG or AsylbLG pay for the livelihood."""
    return [
        Span(one.first, one.last, one.facts, one.exact)
        for one in journey.regimes
        if one.rechtskreis == "SGB_II" or (one.rechtskreis or "").startswith(_LIVELIHOOD_BENEFITS)
    ]


def livelihood(journey: Derived, degree: str) -> list[Span]:
    """Return the days on which the livelihood is secured to a degree at least, as told."""
    return [one.span for one in journey.once(livelihoods) if one.secures(degree)]


def livelihood_days(journey: Derived, degree: str) -> Days:
    """Return the days on which the livelihood is secured to a degree, and on which nothing tells.

    It is not while it is told as lost or lesser, nor, where no degree is told, while a benefit pays for it.
    """
    met, against = [], []
    for one in journey.once(livelihoods):
        if one.secures(degree):
            met.append(one.span)
        elif one.lost or one.degree is not None:
            against.append(one.span)
    known = [*met, *against, *_paid(journey)]
    return Days(tuple(met), tuple(without(ALWAYS, known)))


def uncontradicted(find: Callable[[Derived], Days]) -> Callable[[Derived], Days]:
    """Return what counts as met on every day on which an item is not known to be unmet."""

    def met_unless_contradicted(journey: Derived) -> Days:
        days = journey.once(find)
        return Days(tuple(union([*days.met, *days.unknown])))

    return met_unless_contradicted


def pension_months(view: View, wanted: int) -> Seen | None:
    """Return the first confirmation of at least so many pension months."""
    return next(
        (one for one in view.of("PensionMonthsConfirmed") if (one.get("months") or 0) >= wanted),
        None,
    )


def pension_days(view: View, wanted: int) -> Days:
    """Return the days from the first confirmation of so many pension months.

    Fewer months confirmed may have become enough once as many months have passed as were lacking.
    """
    enough = pension_months(view, wanted)
    unknown, since = [], date.min
    for one in view.of("PensionMonthsConfirmed"):
        unknown.append(Span(since, plus_days(one.latest, -1)))
        if one is enough:
            break
        since = max(_could_be_enough(one, wanted), one.latest)
    else:
        unknown.append(Span(since, None))
    met = () if enough is None else (Span(enough.latest, None, (enough,), enough.exact),)
    return Days(met, tuple(one for one in unknown if one.last is None or one.first <= one.last))


def _could_be_enough(one: Seen, wanted: int) -> date:
    months = one.get("months")
    as_of = one.latest_of("as_of") or one.latest
    return one.latest if months is None else plus_months(as_of, wanted - months)


def housing_days(view: View) -> Days:
    """Return the days on which no shared or assigned housing is told: the kind of housing as last told."""
    return Days(tuple(without(ALWAYS, _without_home(view))))


def _without_home(view: View) -> Iterator[Span]:
    told = view.of(*_HOUSING)
    for place, one in enumerate(told):
        if (one.get("kind") or one.get("housing_kind")) in _NO_HOME:
            following = told[place + 1 : place + 2]
            last = plus_days(following[0].latest, -1) if following else None
            if last is None or last >= one.latest:
                yield Span(one.latest, last, (one,), one.exact)
