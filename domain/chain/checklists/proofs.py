"""What is proven, and from which day: language by level, civics, identity, pension months, livelihood, housing.

The functions whose names end in ``days`` also say on which days nothing is known, as checklists need it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days, plus_months
from domain.chain.checklists.checklist import Days
from domain.chain.counting import Range, range_of
from domain.chain.derived import Derived
from domain.chain.reading import Seen, View
from domain.chain.spans import Span, without
from domain.chain.states.courses import NO_LANGUAGE_TEST
from domain.chain.states.work import Stint

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
    """Return the level that a fact proves in every skill, if it can prove any."""
    return None if _proves_nothing(one) else reached_level(one)


def _proves_nothing(one: Seen) -> bool:
    """Say whether a test is told not to be accredited, or only places somebody or asks for civics."""
    return one.get("accredited") is False or one.get("test_kind") in NO_LANGUAGE_TEST


def reached_level(one: Seen) -> str | None:
    """Return the level that was reached in every skill: per skill where told, else the result (W25)."""
    if one.type == "IntegrationCourseCertificateIssued":
        return "B1"
    per_skill = one.get("per_skill")
    if per_skill:
        return min((str(level) for level in per_skill.values()), key=LEVELS.index)
    result: str | None = one.get("result")
    return result


def spoken_level(one: Seen) -> str | None:
    """Return the level that a fact proves in speaking: that skill where told, else the whole result."""
    per_skill = one.get("per_skill")
    if per_skill and not _proves_nothing(one):
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
    return _from_first([(one, reaches(found, wanted)) for one, found in told if found is not None])


def passed_civics(one: Seen, *, for_naturalisation: bool) -> bool | None:
    """Say whether a civics test is passed: by its points, else as told; None if neither is.

    17 of 33 for naturalisation (§ 1 EinbTestV), 15 for the orientation course: who passed the one passed
    the other, and who failed the other failed the one.
    """
    points = one.get("points")
    if points is not None:
        return bool(points >= (_CIVICS_NATURALISATION if for_naturalisation else _CIVICS_COURSE))
    told: bool | None = one.get("passed_natural" if for_naturalisation else "passed_ok")
    other = one.get("passed_ok" if for_naturalisation else "passed_natural")
    if told is None and other is not None and other != for_naturalisation:
        return bool(other)
    return told


def civics_days(view: View) -> Days:
    """Return the days from the first proof of civics on, as a settlement permit needs it.

    The certificate of the course, 15 of 33 in the test of the course, 17 in the naturalisation test.
    """
    told = ((one, _knows_civics(one)) for one in view.of(*_CIVICS))
    return _from_first([(one, passed) for one, passed in told if passed is not None])


def _knows_civics(one: Seen) -> bool | None:
    if one.type == "IntegrationCourseCertificateIssued":
        return True
    return passed_civics(one, for_naturalisation=one.type == "NaturalisationTestTaken")


def _from_first(told: Sequence[tuple[Seen, bool]]) -> Days:
    """Return the days from the first fact that proves; before the first that says anything all is unknown."""
    if not told:
        return Days((), (ALWAYS,))
    first = told[0][0]
    met = [Span(one.latest, None, (one,), one.exact) for one, proves in told if proves][:1]
    return Days(
        tuple(met),
        (Span(date.min, plus_days(first.latest, -1)),),
        (Span(first.latest, None, (first,), first.exact),),
    )


def clarified_from(one: Seen) -> Range | None:
    """Return the possible days from which an identity counts as clarified (design 4, line 12).

    With a passport or an identity card from the fact's day on (undated: from ``date``, else from the day of
    acceptance), otherwise from the day of acceptance.
    """
    accepted, own = range_of(one.day("accepted_on")), Range(one.earliest, one.latest)
    if one.get("means") not in _ON_SIGHT:
        return accepted
    return own if one.dated else range_of(one.day("date")) or accepted or own


def serves(one: Seen, *beginnings: str) -> bool:
    """Say whether a clarification of identity is for a purpose that begins so; without purposes it is for all."""
    purposes = one.get("purposes") or ()
    plain = [purpose.lower().replace("§", "").strip() for purpose in purposes]
    return not plain or any(purpose.startswith(beginnings) for purpose in plain)


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

    Each telling lasts until the next; one as full at most until a benefit for it begins, one as lost at most
    until full-time work begins.
    """
    told = journey.view.of("LivelihoodSecured", "LivelihoodLost")
    found = []
    for place, one in enumerate(told):
        lost = one.type == "LivelihoodLost"
        degree = None if lost else one.get("degree")
        against = journey.once(_work) if lost else journey.once(_paid) if degree == _FULL else []
        ends = [later.latest for later in told[place + 1 : place + 2]]
        ends += [other.first for other in against if other.first > one.latest]
        last = plus_days(min(ends), -1) if ends else None
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


def _work(journey: Derived) -> list[Span]:
    """Return the days of full-time work, training left out."""
    found = []
    for one in journey.stints:
        last = _last_day_of_work(one)
        if one.begin.type != "TrainingStarted" and (last is None or last >= one.begin.latest):
            found.append(Span(one.begin.latest, last, (one.begin,), one.begin.exact))
    return found


def _last_day_of_work(stint: Stint) -> date | None:
    """Return the day of the end, the day before another kind of work, or the last term."""
    if stint.end is None:
        return None if stint.term is None else stint.term[1].latest
    ended = stint.end.type == "EmploymentEnded"
    return stint.end.latest if ended else plus_days(stint.end.latest, -1)


def livelihood(journey: Derived, degree: str) -> list[Span]:
    """Return the days on which the livelihood is secured to a degree at least, as told."""
    return [one.span for one in journey.once(livelihoods) if one.secures(degree)]


def livelihood_days(journey: Derived, degree: str) -> Days:
    """Return the days on which the livelihood is secured to a degree, and on which nothing tells.

    It is not while it is told as lost or lesser. Where no degree is told, a benefit that pays for it speaks
    against it, and without one full-time work for it.
    """
    met, against = [], []
    for one in journey.once(livelihoods):
        if one.secures(degree):
            met.append(one.span)
        elif one.lost or one.degree is not None:
            against.append(one.span)
    told = [*met, *against]
    against += journey.once(_paid)
    for worked in journey.once(_work):
        met += without(worked, [*told, *against])
    return Days(tuple(met), tuple(without(ALWAYS, [*met, *against])), tuple(against))


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
    unknown, against, since = [], [], date.min
    for one in view.of("PensionMonthsConfirmed"):
        unknown.append(Span(since, plus_days(one.latest, -1)))
        if one is enough:
            break
        against.append(Span(one.latest, None, (one,), one.exact))
        since = max(_could_be_enough(one, wanted), one.latest)
    else:
        unknown.append(Span(since, None))
    met = () if enough is None else (Span(enough.latest, None, (enough,), enough.exact),)
    possible = (one for one in unknown if one.last is None or one.first <= one.last)
    return Days(met, tuple(possible), tuple(reversed(against)))


def _could_be_enough(one: Seen, wanted: int) -> date:
    months = one.get("months")
    as_of = one.latest_of("as_of") or one.latest
    return one.latest if months is None else plus_months(as_of, wanted - months)


def housing_days(view: View) -> Days:
    """Return the days on which a home of one's own is the last told kind of housing; against: shared housing."""
    told: dict[bool | None, list[Span]] = {True: [], False: [], None: []}
    facts = view.of(*_HOUSING)
    first = facts[0].latest if facts else None
    for place, one in enumerate(facts):
        following = facts[place + 1 : place + 2]
        last = plus_days(following[0].latest, -1) if following else None
        if last is None or last >= one.latest:
            told[_a_home(one)].append(Span(one.latest, last, (one,), one.exact))
    before = ALWAYS if first is None else Span(date.min, plus_days(first, -1))
    return Days(tuple(told[True]), (before, *told[None]), tuple(told[False]))


def _a_home(one: Seen) -> bool | None:
    kind = one.get("kind") or one.get("housing_kind")
    return None if kind is None else kind not in _NO_HOME
