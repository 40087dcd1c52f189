"""Passports and travel documents: A08 watches the one there is, A26 that there is one at all (cases W21)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.residence import Status
from domain.chain.windows import after, imprecise, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
_PASSPORTS = ("PassportIssued", "TravelDocumentIssued")
_EXPIRED = "PassportExpired"
_REFUGEE_TITLES = frozenset({"AUFENTHG_25_1", "AUFENTHG_25_2_FL"})
_TOLERATED = frozenset({Status.DULDUNG, Status.OBLIGED})
_WATCHED = Label(
    "der Pass davor wird schon beobachtet", "the passport before it is watched already"
)
_KNOWN = Label("ein Pass ist bekannt", "a passport is known")
_RUNNING = Label("die Zeit ohne Pass läuft schon", "the time without a passport runs already")
_REFUGEE = Label(
    "als Flüchtling keine Pflicht zum Nationalpass",
    "as a refugee not obliged to a national passport",
)


def _a08(journey: Derived) -> Found:
    view = journey.view
    passports = view.of(*_PASSPORTS)
    for place, one in enumerate(passports):
        yield _a08_of(journey, one, passports[place + 1 :])
    unknown = [one for one in view.of(_EXPIRED) if not view.before(one, *_PASSPORTS)]
    for place, one in enumerate(unknown):
        newer = view.after(one, *_PASSPORTS)
        days = Range(one.earliest, one.latest)
        yield Draft(
            one,
            one.latest,
            days.latest,
            followed=newer,
            superseded=unknown[place + 1 :],
            partial=not one.exact,
        )
    for one in view.of(_EXPIRED):
        if one not in unknown:
            yield Refused(one, _WATCHED)


def _a08_of(journey: Derived, passport: Seen, newer: list[Seen]) -> Draft:
    told = range_of(passport.day("valid_until"))
    end, expired = _end(journey.view, passport, told, newer)
    if end is None:
        return Draft(passport, passport.latest, None, followed=newer, kind=Kind.DATA)
    lead = journey.bounds.in_force("A08.lead", passport.latest)
    first = lead_window(passport, end, lead, own_end=expired is None)
    return Draft(
        passport,
        first,
        end.latest,
        followed=newer,
        partial=imprecise(passport, first, end),
        evidence=() if expired is None else (expired,),
    )


def _end(
    view: View, passport: Seen, told: Range | None, newer: list[Seen]
) -> tuple[Range | None, Seen | None]:
    """Return the possible last days of a passport, and the fact of its end where that told them."""
    for one in view.after(passport, _EXPIRED):
        if newer and newer[0].rank < one.rank:
            break
        if told is None or one.latest < told.latest:
            return Range(one.earliest, one.latest), one
    return told, None


@dataclass(frozen=True, slots=True)
class _Wanted:
    """From when a passport is needed: the fact that says so, and its possible days."""

    fact: Seen
    days: Range
    exact: bool


def _a26(journey: Derived) -> Found:
    known = _known_passports(journey.view)
    ends = _no_longer_wanted(journey)
    running: date | None = None
    for one in _wanted(journey):
        day = one.days.latest
        if running is not None and day <= running:
            yield Refused(one.fact, _RUNNING)
        elif any(fact.rank < one.fact.rank for fact in known):
            yield Refused(one.fact, _KNOWN)
        elif _refugee_on(journey, one):
            yield Refused(one.fact, _REFUGEE)
        else:
            yield from _a26_of(journey, one, known, ends)
            closing = [two.latest for two in (*known, *ends) if two.latest >= day]
            running = min(closing, default=date.max)


def _known_passports(view: View) -> list[Seen]:
    """Return the facts that make a passport known, in order."""
    return [
        one
        for one in view.of(*_PASSPORTS, _EXPIRED, "IdentityClarified")
        if one.type != "IdentityClarified" or one.get("means") == "pass"
    ]


def _wanted(journey: Derived) -> Iterator[_Wanted]:
    """Yield what calls for a passport, in order: an application for a title, a Duldung, the obligation to leave."""
    found = [
        _Wanted(one, Range(one.earliest, one.latest), one.exact)
        for one in journey.view.of("TitleApplied")
    ]
    found += [
        _Wanted(stay.since, Range(stay.first, stay.first), stay.exact)
        for stay in journey.stays
        if stay.status in _TOLERATED
    ]
    yield from sorted(found, key=lambda one: (one.days.latest, one.fact.rank))


def _no_longer_wanted(journey: Derived) -> list[Seen]:
    return [
        *journey.view.of("TitleGranted"),
        *(one.fact for one in journey.decisions if _grants_refuge(one.fact)),
    ]


def _grants_refuge(one: Seen) -> bool:
    return one.get("outcome") in ("asyl", "fluechtling")


def _refugee_on(journey: Derived, one: _Wanted) -> bool:
    """Say whether the person is a refugee by then, or applies for the title of one."""
    if one.fact.type == "TitleApplied" and one.fact.get("basis") in _REFUGEE_TITLES:
        return True
    decided = [two.fact for two in journey.decisions if two.fact.rank < one.fact.rank]
    refuge = [two for two in decided if _grants_refuge(two)]
    revoked = journey.view.before(one.fact, "ProtectionRevoked")
    return bool(refuge) and not any(two.rank > refuge[-1].rank for two in revoked)


def _a26_of(journey: Derived, one: _Wanted, known: list[Seen], ends: list[Seen]) -> Found:
    response = journey.bounds.in_force("A26.response", one.days.latest)
    due_on = after(one.days.latest, response)
    opens_on = plus_days(due_on, 1)
    followed = [two for two in known if two.rank > one.fact.rank]
    cancelled = list(counting(one.fact, ends, one.days.latest))
    yield Draft(
        one.fact,
        one.days.latest,
        None,
        key=f"{one.fact.id}+unknown",
        followed=followed,
        cancelled=cancelled,
        closings=[Closing(opens_on, ClosedBy.SUPERSEDED)],
        kind=Kind.DATA,
    )
    yield Draft(
        one.fact,
        opens_on,
        due_on,
        followed=followed,
        cancelled=cancelled,
        partial=not one.exact,
    )


A08 = Rule(
    id="A08",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Pass läuft ab", "Passport expiring", "Pass läuft ab"),
    watches=Label(
        "Ein Pass oder Reiseausweis endet bald, und ein neuer ist nicht da.",
        "A passport or travel document will soon end and there is no new one.",
    ),
    sentence=Label(
        "Der {day} ausgestellte Pass oder Reiseausweis gilt bis zum {due}; bis dahin braucht es einen neuen.",
        "The passport or travel document of {day} is valid until {due}; a new one is needed by then.",
    ),
    next_step=Label("Neuen Pass oder Reiseausweis beantragen", "Apply for a new passport"),
    source="§§ 3, 48 AufenthG; Vorlauf Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("A08.lead",),
    triggers=(*_PASSPORTS, _EXPIRED),
    missing=_PASSPORTS,
    find=_a08,
    entry=Entry(
        trigger="`PassportIssued`, `TravelDocumentIssued` (each a *passport*); `PassportExpired` with no passport before it. The *end* of a passport is `valid_until`; but if a `PassportExpired` after it and before the next passport (G3) has its latest day before that, or if `valid_until` is missing, the days of the first such `PassportExpired`.",
        window="Lead 180 days to the end; an undated passport whose end is its own `valid_until` sets no bound to the first day. For a `PassportExpired` alone: due on its day, open from the next.",
        followed_by="A newer passport of either kind (G3).",
        data_row="`valid_until`, where no `PassportExpired` tells the end either: open from the day of the passport.",
        series="No series among passports: the newer one is the follow-up. A later `PassportExpired` that is a trigger supersedes an earlier one.",
        severity="medium.",
        example="Passport valid until 13 April 1987: due from 15 October 1986, open from 14 April 1987; the new one of 15 June 1987 closes it (late). That one tells no end: a data row from its day.",
        decided="Travel documents are watched like passports: for refugees they are the passport (catalogue 2.5 B gives both the same attributes). `PassportExpired` shortens what is printed, since a passport can be lost or withdrawn.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
    unknown="valid_until",
)

A26 = Rule(
    id="A26",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Kein Pass bekannt", "No passport known", "Kein Pass"),
    watches=Label(
        "Ein Titel ist beantragt oder der Aufenthalt ist geduldet, und von einem Pass ist nichts bekannt.",
        "A title is applied for or the stay is tolerated, and nothing is known of a passport.",
    ),
    sentence=Label(
        "Ein Pass wird gebraucht (Anlass {day}), und bis zum {due} war keiner bekannt; ohne ihn wird selten ein Titel erteilt.",
        "A passport is needed (occasion: {day}) and none was known by {due}; without one a title is seldom granted.",
    ),
    next_step=Label("Weg zu einem Pass klären", "Clarify the way to a passport"),
    source="§§ 3, 5 Abs. 1 Nr. 4, 48 AufenthG; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=("A26.response",),
    triggers=(
        "TitleApplied",
        "ToleranceIssued",
        "DepartureObligationArisen",
        "AsylumDecisionIssued",
        "ProtectionRevoked",
    ),
    missing=(*_PASSPORTS, "IdentityClarified"),
    find=_a26,
    entry=Entry(
        trigger="What calls for a passport: `TitleApplied`, on its day; the first day of a stretch of the status duldung or obliged (terms of the status of the stay), by the fact that began it. None if a passport is *known* by a fact before it: `PassportIssued`, `TravelDocumentIssued`, `PassportExpired`, `IdentityClarified` with `means` pass. None for `TitleApplied` with `basis` `25_1` or `25_2_FL`, nor after a decision with `outcome` asyl or fluechtling before it without a `ProtectionRevoked` between. None while an earlier instance runs: from its day d through the earliest latest day, not before d, of a fact that makes a passport known, of a `TitleGranted` or of such an asylum decision.",
        window="A data row is open from the day d through d + 180, and its `due_on` is null; the gap begins and is open on d + 181, `due_on` is d + 180.",
        followed_by="A fact after the trigger that makes a passport known.",
        cancelled_by="`TitleGranted`; an asylum decision with `outcome` asyl or fluechtling; either on or after d (undated: after the trigger).",
        data_row="A passport (`means`): for the first 180 days, in place of the gap; it is superseded on d + 181.",
        series="One instance at a time. Key: the trigger's id; of the data row: that id and `+unknown`.",
        severity="high.",
        example="Duldung on 30 July 2002: data row through 26 January 2003, open from 27 January 2003.",
        decided="The passport may be unknown or missing; for 180 days it counts as unknown (cases W21, D 17). Refugees need not turn to their state. A title that is granted without one shows that none was needed.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.DATA_MISSING,
        GapReason.OTHER,
    ),
    unknown="means",
)

TERMS_OF = "Passports"
TERMS = (
    Term(
        "Passport",
        "a national passport (`PassportIssued`) or a travel document (`TravelDocumentIssued`), whatever its `kind`.",
    ),
)
