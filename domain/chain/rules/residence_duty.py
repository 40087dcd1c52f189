"""Where somebody lives and has to live: registration (A18), residence duties (A19, A20; cases W17, W39, W40)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import counting, possible_from
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.residence_freedom import STEPS, enough_work, exempting_on
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import integration_course
from domain.chain.states.residence_duty import FACILITY, Duty, Place
from domain.chain.windows import after, imprecise, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
_COLLECTIVE = frozenset({"land_facility", "communal"})
_MOVES = frozenset({"AddressChanged", "HousingChanged"})
_BY_OFFICE = Label(
    "in einer Gemeinschaftsunterkunft meldet die Stelle an",
    "in collective accommodation the office registers",
)
_NO_DUTY = Label("keine Wohnsitzregelung bekannt", "no residence duty is known")
_NO_COMMON = Label(
    "die Wohnsitzregelung gilt an keinem Tag am Wohnort", "the duty binds on no day at this place"
)
_WITHIN = Label("der Wohnort liegt im Gebiet der Regelung", "the place lies within the area")
_UNTOLD = Label("Wohnort oder Gebiet ist nicht bekannt", "the place or the area is not known")
_EXEMPT = Label("Arbeit oder Ausbildung hebt die Bindung auf", "work or training lifts the bond")
_TOLD_BY_PLACE = Label("der Wohnort sagt es schon", "the place tells it already")
_NO_LAND = Label("das Land der Zuweisung ist nicht bekannt", "the Land of assignment is not known")


def _a18(journey: Derived) -> Found:
    view = journey.view
    moves = view.of("HousingChanged")
    triggers = [one for one in moves if one.get("kind") not in _COLLECTIVE]
    for one in moves:
        if one not in triggers:
            yield Refused(one, _BY_OFFICE)
    for place, one in enumerate(triggers):
        response = journey.bounds.in_force("A18.response", one.latest)
        elsewhere = view.after(one, "HousingChanged", "HousingAssigned")
        yield Draft(
            one,
            one.latest,
            after(one.latest, response),
            followed=counting(one, view.of("AddressRegistered", "AddressChanged")),
            cancelled=[two for two in elsewhere if two not in triggers],
            superseded=triggers[place + 1 :],
            partial=not one.exact,
        )


@dataclass(frozen=True, slots=True)
class _Common:
    """The days on which a duty binds at a place."""

    duty: Duty
    place: Place
    first: date
    later: Seen


def _a19(journey: Derived) -> Found:
    apart: list[_Common] = []
    for place in journey.places:
        if not journey.duties:
            yield Refused(place.fact, _NO_DUTY)
        for duty in journey.duties:
            common = _common(duty, place)
            reason = _NO_COMMON if common is None else _why_lawful(journey, common)
            if common is None or reason is not None:
                yield Refused(place.fact, reason or _NO_COMMON)
                continue
            draft = _a19_of(journey, common)
            if draft.kind is Kind.GAP:
                apart.append(common)
            yield draft
    yield from _breaches(journey, apart)


def _common(duty: Duty, place: Place) -> _Common | None:
    later = max(duty.fact, place.fact, key=lambda one: one.rank)
    first = max(duty.fact.latest, place.first)
    last = min((day for day in (duty.last, place.last) if day is not None), default=date.max)
    return _Common(duty, place, first, later) if first <= last else None


def _why_lawful(journey: Derived, common: _Common) -> Label | None:
    """Return why a duty is not broken at a place, or why nothing can be said of it."""
    duty, place = common.duty, common.place
    breached = duty.breached_by(place)
    if breached is False:
        return _WITHIN
    moved = place.fact.type in _MOVES and place.first >= duty.fact.latest
    if breached is None and not moved:
        return _UNTOLD
    if duty.scope != FACILITY and any(
        exempting_on(journey, plus_days(common.first, -1), common.first)
    ):
        return _EXEMPT
    return None


def _a19_of(journey: Derived, common: _Common) -> Draft:
    duty, place, first = common.duty, common.place, common.first
    return Draft(
        common.later,
        first,
        plus_days(first, -1),
        key=f"{duty.fact.id}+{place.fact.id}",
        cancelled=[*duty.lifts, *_exempting(journey, common)],
        superseded=[] if duty.newer is None else [duty.newer],
        closings=[*_moved_on(journey, common), *_over(duty)],
        kind=Kind.DATA if duty.breached_by(place) is None else Kind.GAP,
        strict=True,
        partial=not (duty.fact.exact and place.fact.exact),
        evidence=(duty.fact, place.fact),
    )


def _moved_on(journey: Derived, common: _Common) -> Iterator[Closing]:
    """Yield the closing by the next place: superseded if it breaks the same duty, else late."""
    following = common.place.next
    if following is None or common.place.last is None:
        return
    place = next(one for one in journey.places if one.fact is following)
    by = ClosedBy.SUPERSEDED if common.duty.breached_by(place) is True else ClosedBy.LATE
    day = plus_days(common.place.last, 1)
    yield Closing(day, by, following, possible_from(following, day))


def _over(duty: Duty) -> Iterator[Closing]:
    """Yield the closing on the day after the last day of a duty."""
    if duty.until is not None:
        over = duty.until.next_day
        yield Closing(over.latest, ClosedBy.SUPERSEDED, None, over.unsure_from)


def _exempting(journey: Derived, common: _Common) -> Iterator[Seen]:
    """Yield the facts that lift the bond from the conflict on: work, training, study, a language course."""
    if common.duty.scope == FACILITY:
        return
    for job in journey.jobs:
        yield from _since(common, enough_work(journey, job, common.first))
    yield from _since(common, journey.view.of(*STEPS))
    courses = [one for one in journey.view.of("CourseStarted") if integration_course(one)]
    yield from _since(common, courses)


def _since(common: _Common, facts: Iterable[Seen]) -> Iterator[Seen]:
    """Yield the facts on or after the first common day; undated ones after the trigger."""
    for one in facts:
        if one.latest >= common.first if one.dated else one.rank > common.later.rank:
            yield one


def _breaches(journey: Derived, apart: list[_Common]) -> Found:
    view = journey.view
    triggers = []
    for one in view.of("ResidenceDutyBreached"):
        if any(_covers(common, one.latest) for common in apart):
            yield Refused(one, _TOLD_BY_PLACE)
        else:
            triggers.append(one)
    for place, one in enumerate(triggers):
        bound = [duty for duty in journey.duties if duty.binds_on(one.latest)]
        lifts = [lift for duty in bound for lift in duty.lifts] if bound else _any_lift(journey)
        yield Draft(
            one,
            one.latest,
            plus_days(one.latest, -1),
            followed=[moved.fact for moved in journey.places if moved.fact.rank > one.rank],
            cancelled=counting(one, lifts),
            superseded=triggers[place + 1 :],
            closings=[closing for duty in bound[-1:] for closing in _over(duty)],
            partial=not one.exact,
            evidence=tuple(duty.fact for duty in bound[-1:]),
        )


def _covers(common: _Common, day: date) -> bool:
    ends = (common.duty.last, common.place.last)
    return common.first <= day and all(end is None or day <= end for end in ends)


def _any_lift(journey: Derived) -> list[Seen]:
    return journey.view.of("ResidenceObligationLifted", "ResidenceObligationEnded")


def _a20(journey: Derived) -> Found:
    for duty in journey.duties:
        yield _a20_of(journey, duty)


def _a20_of(journey: Derived, duty: Duty) -> Draft | Refused:
    fact = duty.fact
    if duty.by_law and duty.area is None:
        return Refused(fact, _NO_LAND)
    ended = [one for one in duty.lifts if one.type == "ResidenceObligationEnded"]
    cancelled = [one for one in duty.lifts if one not in ended]
    newer = [] if duty.newer is None else [duty.newer]
    if duty.until is None:
        return Draft(
            fact,
            fact.latest,
            None,
            followed=ended,
            cancelled=cancelled,
            superseded=newer,
            kind=Kind.DATA,
        )
    lead = journey.bounds.in_force("A20.lead", fact.latest)
    first = lead_window(fact, duty.until, lead, own_end=duty.own_end)
    return Draft(
        fact,
        first,
        duty.until.latest,
        followed=ended,
        cancelled=cancelled,
        superseded=newer,
        closings=_over(duty),
        partial=imprecise(fact, first, duty.until),
    )


A18 = Rule(
    id="A18",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Anmeldung fehlt", "Not registered", "Nicht gemeldet"),
    watches=Label(
        "Jemand ist umgezogen und an der neuen Adresse nicht angemeldet.",
        "Somebody has moved and is not registered at the new address.",
    ),
    sentence=Label(
        "Umgezogen {day}; die Anmeldung ist bis zum {due} vorzunehmen.",
        "Moved {day}; the registration is due by {due}.",
    ),
    next_step=Label("Bei der Meldebehörde anmelden", "Register with the registration office"),
    source="§ 17 Abs. 1 BMG",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("A18.response",),
    triggers=("HousingChanged",),
    missing=("AddressRegistered", "AddressChanged"),
    find=_a18,
    entry=Entry(
        trigger="`HousingChanged`, unless `kind` is land_facility or communal: there the office registers.",
        window="Two weeks; no § 193 BGB.",
        followed_by="`AddressRegistered`, `AddressChanged`.",
        cancelled_by="After the trigger a `HousingChanged` that is no trigger, or `HousingAssigned`.",
        series="The next trigger supersedes: the law asks for the latest address only (cases W39).",
        severity="medium.",
        example="Moved on 7 and on 11 December 2012: the first is superseded on 11 December, the second due through 25 December.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.MOVED, GapReason.ILLNESS, GapReason.OTHER),
)

A19 = Rule(
    id="A19",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.AUFENTHALT,
    label=Label(
        "Wohnort trotz Wohnsitzregelung", "Living outside the area of a duty", "Wohnsitzregel"
    ),
    watches=Label(
        "Jemand wohnt außerhalb des Gebiets, an das eine Wohnsitzregelung bindet.",
        "Somebody lives outside the area to which a residence duty binds.",
    ),
    sentence=Label(
        "Seit dem {first} liegt der Wohnort außerhalb des Gebiets der Wohnsitzregelung ({day}); Leistungen sind gefährdet, bis sie aufgehoben ist.",
        "Since {first} the place of living is outside the area of the residence duty ({day}); benefits are at risk until it is lifted.",
    ),
    next_step=Label("Aufhebung beantragen", "Apply for the duty to be lifted"),
    source="§ 12a Abs. 1, 5 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A19.years", "A19.land", "A19.hours"),
    triggers=(
        "AddressRegistered",
        "AddressChanged",
        "HousingAssigned",
        "HousingChanged",
        "ResidenceDutyBreached",
    ),
    missing=("ResidenceObligationLifted", "AddressChanged"),
    find=_a19,
    entry=Entry(
        trigger="(1) Each pair of a residence duty and a place that breaks it, with a common day; the trigger is the later of the two facts (G3). None, unless the duty's `scope` is einrichtung, if *work* (see below) that began before f (the first common day) still runs on f (`EmploymentEnded`, else the last `fixed_term_until`, on or after f), or if training does (to the next end of training or the next start). (2) `ResidenceDutyBreached`, unless its day lies among the common days of a pair of (1) that is no data row.",
        window="The first common day f is the later of the first days of duty and place (for (2): the fact's day). Open from f, `due_on` is the day before. None if a closing counts on or before f (for (2): before f).",
        followed_by="(1) The next place, on its first day: `late`, but `superseded` if it breaks the same duty too. (2) Any later fact that tells a place.",
        cancelled_by="(1) A fact that lifts the duty; unless the duty's `scope` is einrichtung, on or after f (undated: after the trigger) *work* (`EmploymentStarted` or `EmploymentChanged` with `hours_per_week` of at least 15, or missing with `employment_kind` `SV_VOLLZEIT`), `TrainingStarted`, `StudyAdmitted`, `VocationalCourseStarted`, `CourseStarted` of an integration course. (2) From the trigger on a fact that lifts a duty that binds on its day, or if none does any `ResidenceObligationLifted` or `ResidenceObligationEnded`. Superseded on the day after the duty's last day ((2): of the last duty that binds), and by the next decision of the same scope (1).",
        data_row="(1) `ags`, or the duty's area in digits, without which it cannot be said whether the place breaks the duty, if the place is told by `AddressChanged` or `HousingChanged` and begins on or after the duty's day. Other places of which it cannot be said have no instance.",
        series="No series in (1); key: `duty+place`, the ids of the two facts. In (2) the next trigger of (2) supersedes.",
        severity="high.",
        law="The duty by law exists since 1 January 2016.",
        example="Recognised on 20 March 2017 in a town of Land 05; moved to ags 11000000 on 1 May 2018: open from 1 May 2018, superseded on 21 March 2020.",
        decided="Income is not reckoned (§ 12a (1) S. 2): the log seldom knows it. Exemptions count for decisions as well, as the catalogue has it.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.NOT_INFORMED,
        GapReason.WORKS,
        GapReason.OTHER,
    ),
    unknown="ags",
)

A20 = Rule(
    id="A20",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Wohnsitzregelung endet", "Residence duty ends", "Bindung endet"),
    watches=Label(
        "Eine Wohnsitzregelung endet bald: der Wohnort ist dann frei.",
        "A residence duty will soon end: the place of living is then free.",
    ),
    sentence=Label(
        "Die Wohnsitzregelung ({day}) bindet bis zum {due}; danach ist der Wohnort frei.",
        "The residence duty ({day}) binds until {due}; after that the place of living is free.",
    ),
    next_step=Label("Über freie Wohnortwahl informieren", "Tell about the free choice of place"),
    source="§ 12a AufenthG; Vorlauf Praxisvorgabe",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("A20.lead",),
    triggers=("ResidenceObligationImposed", "AsylumDecisionIssued", "TitleGranted"),
    missing=("ResidenceObligationEnded",),
    find=_a20,
    entry=Entry(
        trigger="Each residence duty; the one by law only if the Land is known.",
        window="Lead 60 days to the last day of its *until* (an undated `ResidenceObligationImposed` with its own `until` sets no bound to the first day).",
        followed_by="`ResidenceObligationEnded` that ends this duty.",
        cancelled_by="Any other fact that lifts it. On the day after *until* it is superseded: the bond has ended by itself.",
        data_row="`until`, where no recognition gives it either.",
        series="Superseded by the next decision of the same scope. Key: the duty's fact.",
        severity="chance.",
        example="Imposed on 14 July 2017 until 5 October 2017: due from 6 August through 5 October. Annulled in 2018 with `until` 20 March 2020: no instance.",
        decided="A chance is not missed by the passing of its day, so it is never open.",
    ),
    kind=Kind.CHANCE,
    ended_by=_ENDINGS,
    reasons=(GapReason.CLIENT_DECLINED, GapReason.DATA_MISSING, GapReason.OTHER),
    unknown="until",
)

TERMS_OF = "Residence duties (A19, A20)"
TERMS = (
    Term(
        "Recognition",
        "the first fact, in G3, that is an `AsylumDecisionIssued` with `outcome` asyl, fluechtling or subsidiaer, or a `TitleGranted` with `basis` `22`, `23_1`, `23_2`, `23_4`, `24`, `25_1`, `25_2_FL`, `25_2_SUB` or `25_3`; on its own day (not the day on which it is final). Only the very first counts.",
    ),
    Term(
        "Residence duty by law",
        "(before those by decision in order) to a Land, from the recognition's day: none if that is before 1 January 2016, or without an `AssignedToMunicipality` before the recognition. Its area is the first two digits of `municipality` of the last of these; missing, the Land is not known. *Until*: the recognition's day + 3 years.",
    ),
    Term(
        "Residence duty by decision",
        "`ResidenceObligationImposed`, from its day, with `scope` and `area`; none if it is void (terms of the status of the stay). *Until*: its `until`; if missing, the recognition's day + 3 years, if the recognition's latest day is not after its own; else not known. The next such decision with the same `scope` (missing on either side: the same) takes over from its day on.",
    ),
    Term(
        "What lifts or ends a duty",
        "from its fact on: `ResidenceObligationLifted` or `ResidenceObligationEnded` with `obligation` the id of its fact; without `obligation`, of the same `scope` (missing on the duty: any); without either, every duty by decision, and also the one by law unless a court lifted it (`by` or `lift_reason` court). `DecisionAnnulledRetroactively` with `target` its fact, on its own day. For a duty by decision `AppealDecided` with `outcome` granted or reversed and `against` its fact's id or `ResidenceObligationImposed`.",
    ),
    Term(
        "Last day of a duty",
        "the earliest of *until* (latest day), the day before a fact that lifts it, and the day before the next decision of the same scope.",
    ),
    Term(
        "Place",
        "`AddressRegistered`, `AddressChanged`, `HousingAssigned`, `HousingChanged`, from `move_in` (missing: its day) to the day before the next of these begins.",
    ),
    Term(
        "A place breaks a duty",
        "if the duty's `scope` is einrichtung and the place's `housing_kind` or `kind` is private_sublet or private_lease; else, where `ags` is told and the area consists of digits, if `ags` does not begin with the area (of scope land: with its first two digits); else it cannot be said.",
    ),
)
