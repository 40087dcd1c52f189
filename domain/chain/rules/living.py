"""Housing: U01 a long time in communal accommodation, U02 the home in danger."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import (
    ClosedBy,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
from domain.chain.reading import Seen
from domain.chain.rule import Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.asylum import positive
from domain.chain.states.housing import Home
from domain.chain.states.links import confirmed_for
from domain.chain.states.residence import Status, Stay
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_FREEING = (
    "AsylumDecisionIssued",
    "TitleGranted",
    "FictionCertificateIssued",
    "RightOfFreeMovementRecorded",
    "ResidenceObligationLifted",
    "ResidenceObligationEnded",
)
_BOUND = frozenset({Status.GESTATTUNG, Status.DULDUNG, Status.OBLIGED})
_NOT_FREE = Label(
    "in dieser Zeit besteht kein Recht, aus der Unterkunft auszuziehen",
    "during this time there is no right to move out",
)
_OWN_HOME = Label("keine Gemeinschaftsunterkunft", "no communal accommodation")


def _u01(journey: Derived) -> Found:
    frees = [one for one in journey.view.of(*_FREEING) if _frees(one)]
    for home in _watched(journey):
        if home.communal is False:
            yield Refused(home.fact, _OWN_HOME)
            continue
        found = _begin(journey, home, frees)
        if found is None:
            yield Refused(home.fact, _NOT_FREE)
        else:
            yield _u01_of(journey, home, *found)


def _frees(one: Seen) -> bool:
    """Say whether a fact lets somebody move out of communal accommodation."""
    if one.type == "AsylumDecisionIssued":
        return positive(one)
    if one.type.startswith("ResidenceObligation"):
        return bool(one.get("scope") == "einrichtung")
    return True


def _watched(journey: Derived) -> Iterator[Home]:
    """Yield the ways of living; where none is told, what is unknown from the first protection on."""
    yield from journey.homes
    if not journey.homes:
        for one in journey.view.of("AsylumDecisionIssued"):
            if positive(one):
                yield Home(one, None, one.latest, None, None)
                return


def _begin(journey: Derived, home: Home, frees: list[Seen]) -> tuple[Seen, date, Seen] | None:
    """Return what begins the time, its first day, and what gives the right; None if there is no right."""
    if home.fact.type == "AsylumDecisionIssued":
        return home.fact, home.first, home.fact
    bound = list(_losses(journey))
    for one in frees:
        first = max(home.first, one.latest)
        if home.last is not None and first > home.last:
            continue
        if not any(one.latest < stay.first <= first for stay in bound):
            return (one if one.rank > home.fact.rank else home.fact), first, one
    if not frees and not journey.stays and not journey.view.has("AsylumApplicationFiled"):
        return home.fact, home.first, home.fact
    return None


def _losses(journey: Derived) -> Iterator[Stay]:
    """Yield the stays that begin by losing the right; one that goes on, such as a Duldung anew, loses nothing."""
    before: Stay | None = None
    for stay in journey.stays:
        goes_on = (
            before is not None
            and before.status is stay.status
            and before.last == plus_days(stay.first, -1)
        )
        if stay.status in _BOUND and not goes_on:
            yield stay
        before = stay


def _u01_of(journey: Derived, home: Home, trigger: Seen, first: date, right: Seen) -> Draft:
    untold = right is home.fact and right.type not in _FREEING
    return Draft(
        trigger,
        first,
        after(first, journey.bounds.in_force("U01.limit", first)),
        key=home.fact.id,
        closings=_u01_ends(journey, home, first),
        kind=Kind.DATA if home.communal is None else Kind.GAP,
        partial=untold or not (home.fact.exact and right.exact),
        evidence=(home.fact, right),
        steps=_certificate_step(journey, first),
    )


def _u01_ends(journey: Derived, home: Home, first: date) -> Iterator[Closing]:
    """Yield the move, and the loss of the right to move out."""
    due_on = after(first, journey.bounds.in_force("U01.limit", first))
    if home.by is not None:
        day = home.by.latest
        moved = home.communal and _own_home_next(journey, home)
        by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
        yield Closing(day, by if moved else ClosedBy.CANCELLED, home.by, home.by.unsure_from)
    for stay in _losses(journey):
        if stay.first > first:
            yield Closing(stay.first, ClosedBy.CANCELLED, stay.fact, stay.unsure_from)
            return


def _own_home_next(journey: Derived, home: Home) -> bool:
    return any(one.fact is home.by and one.communal is False for one in journey.homes)


def _certificate_step(journey: Derived, first: date) -> tuple[Step, ...]:
    """Return the day by which a certificate for subsidised housing should be there, if it is not."""
    day = after(first, journey.bounds.in_force("U01.certificate", first))
    if any(one.latest <= day for one in journey.view.of("HousingCertificateIssued")):
        return ()
    return (Step(day, StepName.WARNING),)


def _u02(journey: Derived) -> Found:
    view = journey.view
    threats = view.of("EvictionThreatened")
    moves = view.of("LeaseSigned", "HousingChanged", "HousingAssigned")
    for place, one in enumerate(threats):
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("U02.response", one.latest)),
            followed=counting(one, confirmed_for(view, Handlungsfeld.WOHNEN)),
            cancelled=counting(one, moves),
            superseded=threats[place + 1 :],
            partial=not one.exact,
        )


TERMS_OF = "Housing and links"
TERMS = (
    Term(
        "Way of living",
        "told by `HousingAssigned`, `HousingChanged`, `LeaseSigned` (`kind`) and by `AddressRegistered`, `AddressChanged` with `housing_kind`: communal with communal or land_facility, not communal with any other, unknown without one; a lease without `kind` is not communal, an address without `housing_kind` tells nothing. One way of living lasts from the first of several such facts of one sort in a row (G3) to the day before the next of another sort; latest days.",
    ),
    Term(
        "Right to move out",
        "given by a positive decision (on the decision's own day), `TitleGranted`, `FictionCertificateIssued`, `RightOfFreeMovementRecorded`, and by `ResidenceObligationLifted` or `ResidenceObligationEnded` with `scope` einrichtung. It is lost on the first day of a *status of the stay* Gestattung, Duldung or obliged to leave that follows another status or none, if that day is later; a Duldung after a Duldung takes nothing.",
    ),
    Term(
        "Link confirmed for a field",
        "`LinkConfirmed`, unless the latest `ServiceLinked` before it (G3) with the same `link_id` has another `field`; without `link_id`, such a fact or its `field` it counts for every field.",
    ),
)

U01 = Rule(
    id="U01",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.WOHNEN,
    label=Label(
        "Lange in der Gemeinschaftsunterkunft", "Long in communal accommodation", "lange in GU"
    ),
    watches=Label(
        "Wer ausziehen darf, lebt noch lange in einer Gemeinschaftsunterkunft.",
        "Somebody who may move out lives in communal accommodation for long.",
    ),
    sentence=Label(
        "Seit dem {first} ist ein Auszug aus der Gemeinschaftsunterkunft möglich; bis zum {due} sollte eine Wohnung gefunden sein.",
        "Since {first} it has been possible to leave the communal accommodation; a home should be found by {due}.",
    ),
    next_step=Label(
        "Wohnberechtigungsschein beantragen, Wohnung suchen",
        "Apply for the housing certificate, look for a home",
    ),
    source="Praxisvorgabe, ein Jahr",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.HOUSING),
    bounds=("U01.limit", "U01.certificate"),
    triggers=(
        "HousingAssigned",
        "HousingChanged",
        "AddressRegistered",
        "AddressChanged",
        "LeaseSigned",
        "AsylumDecisionIssued",
    ),
    missing=("LeaseSigned", "HousingChanged"),
    find=_u01,
    entry=Entry(
        trigger="A *way of living* (see Housing and links) that is communal, and a *right to move out*: of the facts that give one, in their order (G3), the first which is not lost from the day after it through f. f is the later of the first day of the way of living and that fact's day, and may not lie after the last day of the way of living. The trigger is the later of the two facts. Where no such fact, no status of the stay and no `AsylumApplicationFiled` is known at all, the right is taken as there, possibly: f is the first day of the way of living.",
        window="365 days from f.",
        followed_by="The way of living that follows, if it is not communal, on its first day (not G5).",
        cancelled_by="The way of living that follows, if it is unknown, on its first day; the first loss of the right after f, on its day.",
        data_row="`kind` (of an address `housing_kind`): the way of living is unknown, or, where none is told at all, from the day of the first positive decision on (key: the decision). The next way of living of any other sort closes it (cancelled).",
        series="No series. Key: the fact that begins the way of living.",
        severity="medium; a step 90 days after f, unless a `HousingCertificateIssued` has its latest day by then.",
        example="In the centre since 2016, refugee status on 4 April 2017 (final on 6 April): due through 4 April 2018.",
        decided="W16: from the decision, not from the title. A duty to stay in the centre imposed after the decision does not stop the time (C24).",
    ),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="housing_kind",
)

U02 = Rule(
    id="U02",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.WOHNEN,
    label=Label("Wohnungsverlust droht", "Home in danger", "Räumung droht"),
    watches=Label(
        "Der Verlust der Wohnung droht, und keine Stelle ist eingeschaltet.",
        "The loss of the home threatens and no service is involved.",
    ),
    sentence=Label(
        "Der Verlust der Wohnung droht seit der Nachricht {day}; bis zum {due} sollte die Wohnraumsicherung eingeschaltet sein.",
        "The loss of the home has threatened since the message {day}; a service should be involved by {due}.",
    ),
    next_step=Label("Wohnraumsicherung einschalten", "Involve the service against eviction"),
    source="Praxisvorgabe, fünf Arbeitstage",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.HOUSING),
    bounds=("U02.response",),
    triggers=("EvictionThreatened",),
    missing=("LinkConfirmed",),
    find=_u02,
    entry=Entry(
        trigger="`EvictionThreatened`, at any `stage`.",
        window="5 NRW working days after the trigger's day.",
        followed_by="A *link confirmed for* wohnen (see Housing and links).",
        cancelled_by="`LeaseSigned`, `HousingChanged`, `HousingAssigned`.",
        severity="critical.",
        decided="Each stage asks anew; a new home ends the danger to the old one.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.CLIENT_DECLINED, GapReason.OTHER),
)
