"""What is proven, and from which day: language by level, civics, identity, pension months, livelihood."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, range_of
from domain.chain.derived import Derived
from domain.chain.reading import Seen, View
from domain.chain.spans import Span

LEVELS = ("PRE_A1", "A1", "A2", "B1", "B2", "C1", "C2")
_CIVICS_NATURALISATION, _CIVICS_COURSE = 17, 15
_ON_SIGHT = frozenset({"pass", "id"})
_DEGREES = ("partial", "predominantly", "full")
_LIVELIHOOD_BENEFITS = ("SGB_II", "SGB_XII", "ASYLBLG")


def reaches(level: str | None, wanted: str) -> bool:
    """Say whether a level of language is at least another; an unknown one is not."""
    return level is not None and LEVELS.index(level) >= LEVELS.index(wanted)


def proven_level(one: Seen) -> str | None:
    """Return the level that a fact proves in every skill: per skill where told, else its result (W25)."""
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
    if per_skill:
        spoken = per_skill.get("speaking")
        return None if spoken is None else str(spoken)
    return proven_level(one)


def language_proofs(view: View, wanted: str) -> list[Seen]:
    """Return the facts that prove a level in every skill, in order."""
    return [
        one
        for one in view.of("LanguageTestTaken", "IntegrationCourseCertificateIssued")
        if reaches(proven_level(one), wanted)
    ]


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


def clarified_from(one: Seen) -> Range | None:
    """Return the possible days from which an identity counts as clarified (design 4, line 12).

    With a passport or an identity card from the fact's day on, otherwise from the day of acceptance.
    """
    if one.get("means") in _ON_SIGHT:
        return Range(one.earliest, one.latest)
    return range_of(one.day("accepted_on"))


def identity(journey: Derived) -> Span | None:
    """Return the days from which the identity is clarified; None if it is not."""
    counting = [
        (days.latest, one)
        for one in journey.view.of("IdentityClarified")
        if (days := clarified_from(one)) is not None
    ]
    if not counting:
        return None
    day, fact = min(counting, key=lambda pair: (pair[0], pair[1].rank))
    return Span(day, None, (fact,))


def livelihood(journey: Derived, degree: str) -> list[Span]:
    """Return the days on which the livelihood is secured to a degree at least, as told.

    It lasts until it is told as lost, or as secured to a lesser degree, or until SGB II, SGB XII or AsylbLG
    begin to be paid.
    """
    view = journey.view
    wanted = _DEGREES.index(degree)
    found = []
    for one in view.of("LivelihoodSecured"):
        told = one.get("degree")
        if told is not None and _DEGREES.index(told) >= wanted:
            ends = [plus_days(day, -1) for day in _no_longer(journey, one, wanted)]
            found.append(Span(one.latest, min(ends, default=None), (one,)))
    return [one for one in found if one.last is None or one.last >= one.first]


def _no_longer(journey: Derived, secured: Seen, wanted: int) -> Iterator[date]:
    """Yield the first days after a fact on which the livelihood is no longer secured so."""
    for one in journey.view.after(secured, "LivelihoodLost", "LivelihoodSecured"):
        told = one.get("degree")
        if one.type == "LivelihoodLost" or (told is not None and _DEGREES.index(told) < wanted):
            yield one.latest
    for regime in journey.regimes:
        paid = (regime.rechtskreis or "").startswith(_LIVELIHOOD_BENEFITS)
        if paid and regime.first > secured.latest:
            yield regime.first


def pension_months(view: View, wanted: int) -> Seen | None:
    """Return the first confirmation of at least so many pension months."""
    return next(
        (one for one in view.of("PensionMonthsConfirmed") if (one.get("months") or 0) >= wanted),
        None,
    )
