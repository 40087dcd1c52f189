"""Young people and families apart: M04 coming of age in care, M05 three months for reunification."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import (
    ClosedBy,
    Consequence,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
from domain.chain.reading import Seen
from domain.chain.rule import (
    LEFT,
    NATURALISED,
    PROTECTED,
    Closing,
    Draft,
    Found,
    Pattern,
    Refused,
    Rule,
)
from domain.chain.states.asylum import Decision
from domain.chain.states.person import birthdays
from domain.chain.states.regimes import first_day
from domain.chain.windows import after, lead_start
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_YOUTH_HELP = "SGB_VIII"
_GRANTS = ("BenefitGranted", "BenefitExtended")
_NEXT = ("BenefitApplied", *_GRANTS)
_FOR_AGE = frozenset({None, "age18", "rechtskreis"})
_NOT_IN_CARE = Label("keine Hilfe der Jugendhilfe", "no help for young people")
_OF_AGE = Label("schon volljährig", "of age already")
_CARE_OVER = Label("die Hilfe endete lange vorher", "the help ended long before")

_RECOGNISED = frozenset({"asyl", "fluechtling", "subsidiaer"})
_SUBSIDIARY = "subsidiaer"
_SUSPENDED = "law.36a_suspended"
_REQUESTS = ("FamilyReunificationApplied", "FamilyReunificationNotified")
_DECIDED = "FamilyReunificationDecided"
_NOT_RECOGNISED = Label("keine Anerkennung", "no recognition")
_SUSPENDED_NOW = Label(
    "der Nachzug zu subsidiär Schutzberechtigten ist ausgesetzt",
    "reunification with people under subsidiary protection is suspended",
)
_APPLIED_BEFORE = Label("schon vorher beantragt", "applied for before already")


def _m04(journey: Derived) -> Found:
    marks = list(_marks(journey))
    adult = _comes_of_age(journey)
    for one in journey.view.of("BenefitGranted"):
        if one not in marks:
            yield Refused(one, _NOT_IN_CARE)
    if not marks:
        return
    if adult is None:
        one = marks[0]
        continued = journey.view.of("HelpContinued")
        yield Draft(one, one.latest, None, followed=counting(one, continued), kind=Kind.DATA)
        return
    minor = [one for one in marks if one.latest < adult.latest]
    cared_for = _still_in_care(journey, minor, _begins(journey, adult))
    told = journey.view.of("MinorTurnedAdult")
    if cared_for or told:
        yield _m04_of(journey, (cared_for or told)[0], adult)
    else:
        yield Refused(marks[0], _CARE_OVER if minor else _OF_AGE)


def _marks(journey: Derived) -> Iterator[Seen]:
    """Yield what shows that the person is or was in the care of the youth welfare office."""
    for one in journey.view.of(*_GRANTS, "GuardianAppointed", "MinorTurnedAdult"):
        if one.type not in _GRANTS or one.get("rechtskreis") == _YOUTH_HELP:
            yield one


def _comes_of_age(journey: Derived) -> Range | None:
    """Return the possible days of the eighteenth birthday: as told, else by the birth."""
    for one in reversed(journey.view.of("MinorTurnedAdult")):
        return range_of(one.day("on")) or Range(one.earliest, one.latest)
    if journey.born is None:
        return None
    return birthdays(journey.born, journey.bounds.in_force("M04.age", journey.born.latest).number)


def _begins(journey: Derived, adult: Range) -> date:
    """Return the day on which the time before the eighteenth birthday begins."""
    return lead_start(adult.earliest, journey.bounds.in_force("M04.lead", adult.earliest))


def _still_in_care(journey: Derived, marks: list[Seen], day: date) -> list[Seen]:
    """Return those of the marks that speak of care on a day: not of help that was ended before."""
    helped = _helped(journey, day)
    return [one for one in marks if one.type not in _GRANTS or one.id in helped]


def _helped(journey: Derived, day: date) -> frozenset[str]:
    """Return the facts of the benefits that are paid at all and were not ended before a day."""
    return frozenset(
        fact.id
        for one in journey.regimes
        if one.ended_by is None or (one.last or date.max) >= day
        for fact in one.facts
    )


def _m04_of(journey: Derived, one: Seen, adult: Range) -> Draft:
    plan = journey.bounds.in_force("M04.plan", adult.earliest)
    first = max(_begins(journey, adult), one.latest)
    due_on = plus_days(adult.latest, -1)
    draft = Draft(
        one,
        first,
        due_on,
        followed=_help_goes_on(journey, adult),
        partial=not adult.exact or (not one.exact and first == one.latest),
        steps=(Step(max(lead_start(adult.earliest, plan), first), StepName.WARNING),),
    )
    draft.closings = _handed_over(journey, draft)
    return draft


def _help_goes_on(journey: Derived, adult: Range) -> list[Seen]:
    """Return the grants of help that run past every possible birthday, as told or as it turned out."""
    helped = _helped(journey, adult.latest)
    granted = [
        one
        for one in journey.view.of(*_GRANTS, "HelpContinued")
        if one.type == "HelpContinued" or one.get("rechtskreis") == _YOUTH_HELP
        if one.id in helped
    ]
    ended = [
        one.grant
        for one in journey.regimes
        if one.rechtskreis == _YOUTH_HELP and one.ended_by is not None
        if (one.last or date.min) >= adult.latest
    ]
    return [*(one for one in granted if _past(one, adult.latest)), *ended]


def _past(grant: Seen, birthday: date) -> bool:
    """Say whether a grant of help is for days on or after a birthday."""
    until = grant.latest_of("until")
    if until is not None:
        return until >= birthday
    return grant.type == "HelpContinued" or first_day(grant) >= birthday


def _handed_over(journey: Derived, draft: Draft) -> list[Closing]:
    """Return the closing once the case is handed over and the livelihood is applied for."""
    view = journey.view
    handovers = [one for one in view.of("HandoverAccepted") if one.get("reason") in _FOR_AGE]
    livelihood = [one for one in view.of(*_NEXT, "LivelihoodSecured") if _provides(one)]
    firsts = [_first_from(draft, facts) for facts in (handovers, livelihood)]
    done = [one for one in firsts if one is not None]
    if len(done) < len(firsts):
        return []
    day, fact = max(done, key=lambda pair: (pair[0], pair[1].rank))
    by = ClosedBy.IN_TIME if draft.due_on is None or day <= draft.due_on else ClosedBy.LATE
    unsure = [one.unsure_from for _, one in done]
    earliest = max(first or own for first, (own, _) in zip(unsure, done, strict=True))
    return [Closing(day, by, fact, earliest if any(unsure) else None)]


def _provides(one: Seen) -> bool:
    if one.type == "LivelihoodSecured":
        return bool(one.get("degree") == "full")
    return bool(one.get("rechtskreis") != _YOUTH_HELP)


def _first_from(draft: Draft, facts: list[Seen]) -> tuple[date, Seen] | None:
    """Return the first of these from the window's first day on (undated: after the trigger), with its day."""
    counted = [
        (draft.counted(one), one)
        for one in facts
        if (one.latest >= draft.first if one.dated else one.rank > draft.trigger.rank)
    ]
    return min(counted, key=lambda pair: (pair[0], pair[1].rank), default=None)


def _m05(journey: Derived) -> Found:
    recognised = []
    for decision in journey.decisions:
        reason = _why_no_privilege(journey, decision)
        if reason is None:
            recognised.append(decision)
        else:
            yield Refused(decision.fact, reason)
    for place, decision in enumerate(recognised):
        yield _m05_of(journey, decision, [each.fact for each in recognised[place + 1 :]])


def _why_no_privilege(journey: Derived, decision: Decision) -> Label | None:
    """Return why no time runs from a decision; None if one does."""
    fact = decision.fact
    outcome = fact.get("outcome")
    if outcome not in _RECOGNISED:
        return _NOT_RECOGNISED
    if outcome == _SUBSIDIARY and journey.bounds.is_on(_SUSPENDED, fact.latest):
        return _SUSPENDED_NOW
    for asked in journey.view.before(fact, *_REQUESTS):
        decided = journey.view.after(asked, _DECIDED)
        if not any(one.rank < fact.rank for one in decided):
            return _APPLIED_BEFORE
    return None


def _m05_of(journey: Derived, decision: Decision, following: list[Seen]) -> Draft:
    fact, view = decision.fact, journey.view
    months = journey.bounds.in_force("M05.months", fact.latest)
    lead = journey.bounds.in_force("M05.lead", fact.latest)
    end = Range(
        after(decision.effective.earliest, months), after(decision.effective.latest, months)
    )
    first = max(lead_start(end.earliest, lead), fact.latest)
    declined = [
        one for one in view.of("OfferDeclined") if one.get("field") == Handlungsfeld.FAMILIE
    ]
    return Draft(
        fact,
        first,
        end.latest,
        followed=counting(fact, view.of(*_REQUESTS, _DECIDED)),
        cancelled=counting(fact, [*view.of("ProtectionRevoked"), *declined]),
        superseded=following,
        partial=not end.exact or (first == fact.latest and not fact.exact),
        consequence=Consequence("privilege_lapsed", plus_days(end.latest, 1)),
    )


M04 = Rule(
    id="M04",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.FAMILIE,
    label=Label("Jugendhilfe: wird 18", "In care, turning 18", "wird 18"),
    watches=Label(
        "Ein junger Mensch in der Jugendhilfe wird volljährig, und was danach gilt, ist nicht geregelt.",
        "A young person in care comes of age and what holds afterwards is not settled.",
    ),
    sentence=Label(
        "Die Volljährigkeit steht nach dem {due} bevor; bis dahin sind Übergabe, Lebensunterhalt und Aufenthalt zu regeln.",
        "Majority comes after {due}; handover, livelihood and residence are to be settled by then.",
    ),
    next_step=Label(
        "Hilfe für junge Volljährige prüfen, Übergabe planen, Leistung und Titel beantragen",
        "Look into help for young adults, plan the handover, apply for benefit and title",
    ),
    source="§ 41 SGB VIII, § 12a Abs. 1a AufenthG; Vorlauf Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.JUGENDAMT, Responsible.CASE_MANAGER),
    bounds=("M04.lead", "M04.plan", "M04.age"),
    triggers=("BenefitGranted", "BenefitExtended", "GuardianAppointed", "MinorTurnedAdult"),
    missing=("HelpContinued", "HandoverAccepted", "BenefitApplied"),
    find=_m04,
    entry=Entry(
        trigger="The first (G3) `BenefitGranted` or `BenefitExtended` with `rechtskreis` `SGB_VIII`, `GuardianAppointed` or `MinorTurnedAdult` whose latest day is before the latest possible eighteenth birthday; not a grant or extension whose *benefit* (see Benefits and livelihood) is none, or was ended by `BenefitEnded` or `RechtskreisChangeCompleted` with a last day more than 180 days before the earliest possible birthday. If there is none, the first `MinorTurnedAdult`. The eighteenth birthday is the `on` of the last `MinorTurnedAdult` (if missing its own days), else follows from the birth (see Children: Age). None of these facts: no instance.",
        window="From 180 days before the earliest possible eighteenth birthday, not before the trigger's day, also if this is undated, through the day before the latest possible one.",
        followed_by="Wherever they stand, also the trigger itself: `BenefitGranted` or `BenefitExtended` with `SGB_VIII` and `until` on or after the latest possible birthday, or without `until` but with its first day (`from`, if missing its own) on or after it; `HelpContinued` with such an `until` or none; none of these if its *benefit* is none or was ended by `BenefitEnded` or `RechtskreisChangeCompleted` with a last day before that birthday; the fact that begins a *benefit* of `SGB_VIII` which `BenefitEnded` or `RechtskreisChangeCompleted` ends with a last day on or after it. Or both of: `HandoverAccepted` with `reason` age18, rechtskreis or missing; and `BenefitApplied`, `BenefitGranted` or `BenefitExtended` with `rechtskreis` other than `SGB_VIII` (also missing) or `LivelihoodSecured` with `degree` full; each from the window's first day on (undated: after the trigger), on the day on which the later of the two first ones counts.",
        data_row="`birth_date`: neither a birth nor a `MinorTurnedAdult` is known. The trigger is the first of those facts, ended or not; a `HelpContinued` that counts from it on (G4) closes it.",
        series="One instance per journey. Key: the trigger.",
        severity="high; a step 90 days before the earliest possible birthday.",
        example="In care since 2023, born on 29 February 2008: eighteen on 1 March 2026, due from 2 September 2025 through 28 February 2026.",
        decided="W29: help that goes on past the birthday leaves nothing to settle; its end is watched by L04. Care that was ended half a year before the birthday opens nothing, and help granted past it but ended before it settles nothing; that a grant's `until` passed does not say that care ended. The check of residence has no fact of its own and is part of the next step.",
    ),
    visible_to=PROTECTED,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.NO_CAPACITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="birth_date",
)

M05 = Rule(
    id="M05",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.FAMILIE,
    label=Label(
        "Familiennachzug: drei Monate", "Family reunification: three months", "Familiennachz."
    ),
    watches=Label(
        "Nach der Anerkennung läuft die Frist für den erleichterten Familiennachzug.",
        "After recognition the time for privileged family reunification runs.",
    ),
    sentence=Label(
        "Anerkannt {day}; bis zum {due} ist der Familiennachzug zu beantragen oder anzuzeigen, damit Lebensunterhalt und Wohnraum nicht verlangt werden.",
        "Recognised {day}; reunification is to be applied for or notified by {due}, so that livelihood and housing are not asked for.",
    ),
    next_step=Label(
        "Fristwahrende Anzeige abgeben oder Nachzug beantragen",
        "Notify in time or apply for reunification",
    ),
    source="§ 29 Abs. 2 S. 2 Nr. 1 AufenthG; Vorlauf Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("M05.months", "M05.lead"),
    triggers=("AsylumDecisionIssued",),
    missing=("FamilyReunificationApplied", "FamilyReunificationNotified"),
    find=_m05,
    entry=Entry(
        trigger="`AsylumDecisionIssued` with `outcome` asyl, fluechtling or subsidiaer (not while the switch `law.36a_suspended` is on on its day; it is unverified, so off). None if a `FamilyReunificationApplied` or `FamilyReunificationNotified` stands before it (G3) without a `FamilyReunificationDecided` between the two.",
        window="Lead 60 days to the day three months after `final_on`, if missing after `served_on`, if missing after the decision's day; not before the decision's day, also if this is undated.",
        followed_by="`FamilyReunificationApplied`, `FamilyReunificationNotified`; `FamilyReunificationDecided`, which proves an application.",
        cancelled_by="`ProtectionRevoked`; `OfferDeclined` with `field` familie.",
        severity="high.",
        consequence="`privilege_lapsed` since the day after the due day.",
        example="Served on 16 June 2016: due from 18 July through 16 September 2016.",
        decided="W28. A ban on deportation is no recognition and has no such time. The warning begins 60 days before the end (3.1: a warning at the day less the lead).",
    ),
    ended_by=(NATURALISED, LEFT),
    visible_to=PROTECTED,
    reasons=(
        GapReason.NOT_INFORMED,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    consequence=Label(
        "erleichterter Familiennachzug entfallen seit {since}",
        "privileged reunification lapsed since {since}",
    ),
)
