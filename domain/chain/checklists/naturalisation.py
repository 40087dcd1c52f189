"""What naturalisation asks for: § 10 StAG, § 9 StAG for spouses of Germans, and § 10 (3) while it was law.

Loyalty and exclusion are looked at in the procedure only, so nobody is asked for them before: unknown, they
stand in no chance's way. Of language and civics one certificate at most may still be missing.
"""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Checklist, Days, Item, Verdict
from domain.chain.checklists.livelihood import secured_only, secured_or_excepted
from domain.chain.checklists.proofs import (
    clarified_from,
    language_proofs,
    proven_level,
    serves,
)
from domain.chain.checklists.spans_of_law import ALWAYS, else_not_met, else_unknown
from domain.chain.checklists.stay_and_title import (
    fitting_title,
    stay_by_claim,
    stay_of_fast_track,
    stay_of_spouses,
)
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, without
from domain.chain.states.person import birthdays
from domain.chain.windows import after
from domain.labels import Label

_FOR_NATURALISATION = "stag"
_NATIONAL_PASSPORT = "nationalpass"
_IDENTITY_UNCLEAR = "AUFENTHG_60B"
_CHILD = 16
_DAYS_OF_MONTH = 30


def _identity(journey: Derived) -> Days:
    """Identity and nationality: clarified, or a national passport (W36: a proof handed in is none yet)."""
    view = journey.view
    proven: list[tuple[date, Seen]] = []
    doubts: list[Seen] = view.of("IdentityDocumentsRequested")
    doubts = [*doubts, *(one for one in view.of("ToleranceIssued") if _unclear(one))]
    for one in view.of("IdentityClarified"):
        days = clarified_from(one) if serves(one, _FOR_NATURALISATION) else None
        if days is None:
            doubts.append(one)
        else:
            proven.append((days.latest, one))
    passports = [one for one in view.of("PassportIssued") if one.get("kind") == _NATIONAL_PASSPORT]
    proven += [(one.latest, one) for one in passports]
    return else_unknown(_from_first(proven), _from_first([(one.latest, one) for one in doubts]))


def _unclear(one: Seen) -> bool:
    return bool(one.get("basis") == _IDENTITY_UNCLEAR)


def _from_first(dated: list[tuple[date, Seen]]) -> list[Span]:
    """Return the days from the earliest of some facts on."""
    if not dated:
        return []
    day, fact = min(dated, key=lambda pair: (pair[0], pair[1].rank))
    return [Span(day, None, (fact,))]


def _loyalty(journey: Derived) -> Days:
    declared = [
        (one.latest_of("date") or one.latest, one)
        for one in journey.view.of("LoyaltyDeclarationMade")
    ]
    return else_unknown(_from_first(declared), ())


def _unpunished(journey: Derived) -> Days:
    """No conviction that counts (§ 12a (1) StAG): each day by the convictions until then, taken together."""
    found = journey.view.of("ConvictionRecorded")
    first = Span(date.min, plus_days(found[0].latest, -1)) if found else ALWAYS
    spans: dict[Verdict, list[Span]] = {one: [] for one in Verdict}
    spans[Verdict.MET].append(first)
    for place, one in enumerate(found):
        last = plus_days(found[place + 1].latest, -1) if place + 1 < len(found) else None
        if last is None or last >= one.latest:
            verdict = _weighed(journey, found[: place + 1])
            spans[verdict].append(Span(one.latest, last, (one,)))
    return else_not_met(spans[Verdict.MET], spans[Verdict.UNKNOWN], spans[Verdict.NOT_MET])


def _weighed(journey: Derived, found: list[Seen]) -> Verdict:
    """Return whether convictions together stay within what is disregarded: a month counts 30 daily rates."""
    rates = [one.get("daily_rates") or 0 for one in found]
    prison = [one for one in found if one.get("months")]
    total = sum(rates) + sum(_DAYS_OF_MONTH * one.get("months") for one in prison)
    limit = journey.bounds.in_force("N01.daily_rates", found[-1].latest).number
    if total > limit or any(one.get("suspended") is False for one in prison):
        return Verdict.NOT_MET
    if any(one.get("hate_motive") for one in found):
        return Verdict.NOT_MET
    untold = any(one.get("daily_rates") is None and one.get("months") is None for one in found)
    unsure = any(one.get("suspended") is None for one in prison)
    return Verdict.UNKNOWN if untold or unsure else Verdict.MET


def _c1(journey: Derived) -> Days:
    """Proven C1: a privilege has to be shown, so it is not met while nothing is known."""
    return else_not_met(
        _from_first([(one.latest, one) for one in language_proofs(journey.view, "C1")])
    )


def _b1(journey: Derived) -> Days:
    """B1 in every skill (W25); below 16 what suits the age, which is not known here."""
    proofs = [(one.latest, one) for one in language_proofs(journey.view, "B1")]
    short = [
        (one.latest, one)
        for one in journey.view.of("LanguageTestTaken")
        if proven_level(one) is not None and (one.latest, one) not in proofs
    ]
    return else_unknown(_from_first(proofs), _grown_up(journey, _from_first(short)))


def _civics(journey: Derived) -> Days:
    """The test of civics with 17 of 33 (§ 10 (1) S. 1 Nr. 7 StAG, § 1 EinbTestV)."""
    told = [
        (passed, one)
        for one in journey.view.of("CivicsTestTaken", "NaturalisationTestTaken")
        if (passed := _passed(journey, one)) is not None
    ]
    passes = [(one.latest, one) for passed, one in told if passed]
    failures = [(one.latest, one) for passed, one in told if not passed]
    return else_unknown(_from_first(passes), _grown_up(journey, _from_first(failures)))


def _passed(journey: Derived, one: Seen) -> bool | None:
    points = one.get("points")
    if points is not None:
        return bool(points >= journey.bounds.in_force("N01.civics_points", one.latest).number)
    told: bool | None = one.get("passed_natural")
    return told


def _grown_up(journey: Derived, spans: list[Span]) -> Iterator[Span]:
    """Yield the days on which somebody is 16 or may be."""
    born = journey.born
    if born is None:
        yield from spans
        return
    child = Span(date.min, plus_days(birthdays(born, _CHILD).earliest, -1))
    for one in spans:
        yield from without(one, [child])


def _not_excluded(_journey: Derived) -> Days:
    return Days(unknown=(ALWAYS,))


def _married(journey: Derived) -> Days:
    """A marriage with a German that has lasted two years, and the couple lives together (§ 9 (1) StAG)."""
    met: list[Span] = []
    unknown: list[Span] = []
    for one in journey.view.of("MarriageRecorded"):
        german = one.get("spouse_german")
        if german is False or one.get("recognised") is False:
            continue
        ended = journey.view.after(one, "PartnershipEnded")
        last = plus_days(ended[0].latest, -1) if ended else None
        first = after(one.latest, journey.bounds.in_force("N01.years_marriage", one.latest))
        if last is None or first <= last:
            (unknown if german is None else met).append(Span(first, last, (one,)))
    ends = [Span(one.latest, None, (one,)) for one in journey.view.of("PartnershipEnded")]
    return else_not_met(met, unknown, reversed(ends))


def _achievements(journey: Derived) -> Days:
    """Special achievements of integration: of them the log tells civic engagement alone."""
    engaged = [(one.latest, one) for one in journey.view.of("VolunteeringStarted")]
    return else_not_met(_from_first(engaged))


_IDENTITY = Item(
    "identity",
    Label("Identität und Staatsangehörigkeit", "identity and nationality"),
    "§ 10 Abs. 1 S. 1 StAG",
    _identity,
)
_LOYALTY = Item(
    "loyalty",
    Label("Bekenntnis (Nr. 1, 1a)", "declaration of loyalty (Nr. 1, 1a)"),
    "§ 10 Abs. 1 S. 1 Nr. 1, 1a StAG",
    _loyalty,
    presumed=True,
)
_CONVICTION = Item(
    "conviction",
    Label("Straffreiheit", "no conviction that counts"),
    "§§ 10 Abs. 1 S. 1 Nr. 5, 12a StAG",
    _unpunished,
)
_LANGUAGE = Item(
    "language",
    Label("Deutsch B1 in allen Fertigkeiten", "German B1 in every skill"),
    "§ 10 Abs. 1 S. 1 Nr. 6, Abs. 4 StAG",
    _b1,
    only_missing=True,
)
_CIVICS = Item(
    "civics",
    Label("Einbürgerungstest mit 17 Punkten", "civics test with 17 points"),
    "§ 10 Abs. 1 S. 1 Nr. 7, Abs. 5 StAG; § 1 EinbTestV",
    _civics,
    only_missing=True,
)
_EXCLUSION = Item(
    "exclusion",
    Label("kein Ausschlussgrund", "no ground of exclusion"),
    "§ 11 StAG",
    _not_excluded,
    presumed=True,
)
_OWN_LIVELIHOOD = Item(
    "livelihood",
    Label("Lebensunterhalt aus eigenen Mitteln", "livelihood from means of their own"),
    "§ 8 Abs. 1 Nr. 4, § 10 Abs. 3 StAG",
    secured_only,
)

STAG_10 = Checklist(
    "STAG_10",
    Label("Anspruchseinbürgerung (§ 10 StAG)", "naturalisation by right (§ 10 StAG)"),
    "§ 10 Abs. 1 StAG",
    "N01",
    (
        Item(
            "stay",
            Label("rechtmäßiger Aufenthalt lang genug", "lawful stay long enough"),
            "§§ 10 Abs. 1 S. 1, 12b StAG; § 55 Abs. 3 AsylG",
            stay_by_claim,
        ),
        _IDENTITY,
        _LOYALTY,
        Item(
            "title",
            Label("passender Aufenthaltstitel", "a fitting residence title"),
            "§ 10 Abs. 1 S. 1 Nr. 2 StAG",
            fitting_title,
        ),
        Item(
            "livelihood",
            Label("Lebensunterhalt ohne SGB II und XII", "livelihood without SGB II and XII"),
            "§ 10 Abs. 1 S. 1 Nr. 3 StAG",
            secured_or_excepted,
        ),
        _CONVICTION,
        _LANGUAGE,
        _CIVICS,
        _EXCLUSION,
    ),
)

STAG_9 = Checklist(
    "STAG_9",
    Label("Ehegatten Deutscher (§ 9 StAG)", "spouses of Germans (§ 9 StAG)"),
    "§ 9 StAG",
    "N01",
    (
        Item(
            "stay",
            Label("drei Jahre rechtmäßiger Aufenthalt", "three years of lawful stay"),
            "§ 9 StAG",
            stay_of_spouses,
        ),
        Item(
            "marriage",
            Label("zwei Jahre Ehe mit Deutscher oder Deutschem", "two years married to a German"),
            "§ 9 Abs. 1 StAG",
            _married,
            for_whom=True,
        ),
        _IDENTITY,
        _LOYALTY,
        _OWN_LIVELIHOOD,
        _CONVICTION,
        _LANGUAGE,
        _CIVICS,
        _EXCLUSION,
    ),
)

STAG_10_3 = Checklist(
    "STAG_10_3",
    Label("besondere Integration (§ 10 Abs. 3 StAG)", "special integration (§ 10(3) StAG)"),
    "§ 10 Abs. 3 StAG, bis Oktober 2025",
    "N01",
    (
        Item(
            "stay",
            Label("drei Jahre rechtmäßiger Aufenthalt", "three years of lawful stay"),
            "§ 10 Abs. 3 StAG",
            stay_of_fast_track,
        ),
        Item(
            "language",
            Label("Deutsch C1 in allen Fertigkeiten", "German C1 in every skill"),
            "§ 10 Abs. 3 StAG",
            _c1,
        ),
        Item(
            "achievements",
            Label("besondere Integrationsleistungen", "special achievements of integration"),
            "§ 10 Abs. 3 StAG",
            _achievements,
        ),
        _IDENTITY,
        _LOYALTY,
        STAG_10.items[3],
        _OWN_LIVELIHOOD,
        _CONVICTION,
        _CIVICS,
        _EXCLUSION,
    ),
)

WAYS = (STAG_10, STAG_9, STAG_10_3)
"""The ways to naturalisation, the first of those open is the one told."""
