"""School: M01, a child of school age without a school."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.chain.bounds import Bound
from domain.chain.counting import same
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, PROTECTED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.family import (
    ARRIVALS,
    Child,
    before,
    counting_anywhere,
    going_abroad,
    in_order,
    joinings_again,
    leaving,
    left_between,
    of_child,
    the_person,
)
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_WANTED = "SchoolPlacementRequested"
_AT_SCHOOL = ("SchoolStarted", "SchoolChanged")
_SUBSEQUENT = "folge"
_NO_CHILD = Label("kein Kind im Schulalter bekannt", "no child of school age is known")
_NOT_OF_AGE = Label("nicht im Schulalter", "not of school age")
_NO_TARGET = Label(
    "ein Asylantrag beginnt diese Frist erst seit Februar 2026, ein Folgeantrag nie",
    "an asylum application begins this time since February 2026 only, a subsequent one never",
)
_SCHOOL_RUNS = Label("die Schule läuft schon", "the school runs already")
_EXEMPT = Label("von der Schulpflicht befreit", "exempt from attending school")
_AWAY = Label("das Kind lebt nicht mehr hier", "the child no longer lives here")
_RUNS_ON = Label("die Frist läuft schon", "the time runs already")


@dataclass(frozen=True, slots=True)
class _Begun:
    """A time that runs for a child, and whether its age is known."""

    trigger: Seen
    kind: Kind


def _m01(journey: Derived) -> Found:
    everybody = [*journey.children, the_person(journey.born)]
    for who in everybody:
        if who.fact is not None or who.born is not None:
            yield from _m01_for(journey, who)
    if len(everybody) == 1 and everybody[0].born is None:
        for one in journey.view.of(*ARRIVALS, _WANTED):
            yield Refused(one, _NO_CHILD)


def _m01_for(journey: Derived, who: Child) -> Found:
    begun: list[_Begun] = []
    for one in _triggers(journey, who):
        kind = _kind(who, one, journey)
        reason = _NOT_OF_AGE if kind is None else _why_not(journey, who, one)
        if reason is None and begun and _runs_on(journey, who, begun[-1], one, kind):
            reason = _RUNS_ON
        if reason is not None or kind is None:
            yield Refused(one, reason or _NOT_OF_AGE)
        else:
            begun.append(_Begun(one, kind))
    for place, each in enumerate(begun):
        yield _m01_of(journey, who, each, [later.trigger for later in begun[place + 1 :]])


def _triggers(journey: Derived, who: Child) -> list[Seen]:
    """Return the arrivals of the person and of the child, and the requests for a school place, in order."""
    found = [*_arrivals(journey, who), *of_child(journey.view, who, _WANTED, unnamed=False)]
    if who.view is not None:
        found += who.view.of(*ARRIVALS)
    return in_order(journey.view, found)


def _arrivals(journey: Derived, who: Child) -> list[Seen]:
    """Return the person's arrivals; a child that joined after one, or joined again then, arrived by joining."""
    arrivals = journey.view.of(*ARRIVALS)
    joined = {one.id: one for one in joinings_again(journey.view, who)}
    if who.fact is not None and who.fact.type == "MemberJoined":
        joined[who.fact.id] = who.fact
    after_one = [one for one in joined.values() if arrivals and arrivals[0].rank < one.rank]
    if who.fact is not None and who.fact.id in joined:
        arrivals = journey.view.after(who.fact, *ARRIVALS)
    return [*after_one, *arrivals]


def _bound(journey: Derived, one: Seen) -> Bound | None:
    """Return the time that a trigger begins."""
    if one.type != "AsylumApplicationFiled":
        return journey.bounds.in_force("M01.response", one.latest)
    if one.get("procedure") == _SUBSEQUENT:
        return None
    return journey.bounds.on("M01.target", one.latest)


def _why_not(journey: Derived, who: Child, one: Seen) -> Label | None:
    """Return why a trigger asks for no school, whatever the age; None if it may."""
    if _bound(journey, one) is None:
        return _NO_TARGET
    if any(before(journey.view, left, one) for left in leaving(journey.view, who, one)):
        return _AWAY
    if _at_school(journey, who, one):
        return _SCHOOL_RUNS
    exempt = _latest(journey, who, one, "SchoolExemptionGranted")
    if exempt is not None and (exempt.latest_of("until") or one.latest) >= one.latest:
        return _EXEMPT
    return None


def _at_school(journey: Derived, who: Child, one: Seen) -> bool:
    """Say whether a school begun before a trigger still runs then; going abroad ends it too."""
    begun = _latest(journey, who, one, *_AT_SCHOOL)
    if begun is None:
        return False
    left = of_child(journey.view, who, "SchoolLeft", unnamed=False)
    ends = [*left, *going_abroad(journey.view, who)]
    return not any(
        before(journey.view, begun, end) and before(journey.view, end, one) for end in ends
    )


def _latest(journey: Derived, who: Child, one: Seen, *types: str) -> Seen | None:
    """Return the latest fact of these types about a child before a trigger."""
    facts = of_child(journey.view, who, *types, unnamed=False)
    earlier = (fact for fact in facts if before(journey.view, fact, one))
    return next(reversed(in_order(journey.view, earlier)), None)


def _kind(who: Child, one: Seen, journey: Derived) -> Kind | None:
    """Return whether a child is of school age on a trigger's day: a gap, not known, or None: it is not."""
    day = one.latest
    six = who.reaches(journey.bounds.in_force("M01.from_age", day).number)
    adult = who.reaches(journey.bounds.in_force("M01.to_age", day).number)
    if six is None or adult is None:
        proven = one.type == _WANTED or _latest(journey, who, one, *_AT_SCHOOL, _WANTED)
        return Kind.GAP if proven else Kind.DATA
    if day < six.earliest or day >= adult.latest:
        return None
    return Kind.GAP if day >= six.latest else Kind.DATA


def _runs_on(journey: Derived, who: Child, running: _Begun, one: Seen, kind: Kind | None) -> bool:
    """Say whether the time that began earlier still runs when another trigger comes."""
    if running.kind is Kind.DATA and kind is Kind.GAP:
        return False
    if not same(_municipality(journey, running.trigger), _municipality(journey, one)):
        return False
    if left_between(journey.view, who, running.trigger, one):
        return False
    ends = (*_AT_SCHOOL, "SchoolExemptionGranted")
    facts = [*of_child(journey.view, who, *ends, unnamed=False), *journey.view.of(LEFT)]
    counted = counting_anywhere(journey.view, running.trigger, facts)
    return not any(before(journey.view, fact, one) for fact in counted)


def _municipality(journey: Derived, one: Seen) -> str | None:
    """Return where a trigger happened; a child joins where the person arrived last."""
    if one.type == "MemberJoined":
        one = next(reversed(journey.view.before(one, *ARRIVALS)), one)
    named: str | None = one.get("municipality") or one.get("ags")
    return named


def _m01_of(journey: Derived, who: Child, begun: _Begun, later: list[Seen]) -> Draft | Refused:
    one, view = begun.trigger, journey.view
    bound = _bound(journey, one)
    if bound is None:
        return Refused(one, _NO_TARGET)
    adult = who.reaches(journey.bounds.in_force("M01.to_age", one.latest).number)
    started = of_child(view, who, *_AT_SCHOOL, unnamed=False)
    grown = adult is not None and adult.earliest <= one.latest
    return Draft(
        one,
        one.latest,
        after(one.latest, bound),
        key=one.id if who.fact is None else f"{one.id}+{who.name}",
        followed=counting_anywhere(view, one, started),
        cancelled=[*counting_anywhere(view, one, _ends(journey, who, one)), *who.deaths],
        closings=_of_age(journey, who, one),
        superseded=later,
        kind=begun.kind,
        partial=not one.exact or who.born is None or grown,
        evidence=() if who.fact is None else (who.fact,),
    )


def _ends(journey: Derived, who: Child, one: Seen) -> Iterator[Seen]:
    """Yield what ends the need otherwise: exemption, training, leaving the household or the country."""
    yield from of_child(journey.view, who, "SchoolExemptionGranted", unnamed=False)
    if who.fact is None:
        yield from journey.view.of("TrainingStarted")
        return
    if who.view is not None:
        yield from who.view.of("TrainingStarted")
    yield from leaving(journey.view, who, one)


def _of_age(journey: Derived, who: Child, one: Seen) -> Iterator[Closing]:
    """Yield the day on which the duty to attend school ends by age."""
    adult = who.reaches(journey.bounds.in_force("M01.to_age", one.latest).number)
    if adult is not None:
        yield Closing(adult.latest, ClosedBy.CANCELLED, who.fact or one, adult.unsure_from)


TERMS_OF = "Children"
TERMS = (
    Term(
        "Child",
        "of a person: told by `ChildBorn`, by `MemberJoined` with `role` child, or by a fact about school or day care whose `child_ref` names nobody else told. It is one child where the `child_journey_id` or `member_journey_id` is the same; where `child_ref` is that journey or the id of one of these facts, also of one that stands later; and where a `ChildBorn` without a journey and a member whose own journey is known and of whom no other `ChildBorn` tells share a possible day of birth, each with the first such other (so twins stay two). A `MemberJoined` without `member_journey_id` is a child of whom no journey is known. Born as its last dated `ChildBorn` tells (`birth_date`, if missing its own days), else as the child's own journey tells (`birth_date` of `PersonIdentified`, else the year of `JourneyStarted`). It *leaves* by a `MemberLeft` that names it, and is *back* by the next (see About a child) `ChildBorn` or `MemberJoined` that tells of it; it leaves too by `LeftGermany` of its own journey, and is back by the next of these or of `EntryRegistered`, `AssignedToMunicipality`, `AddressRegistered`, `AddressChanged`, `AsylumApplicationFiled` of its own journey. In between it is *away*; it is back *by* a fact if it is back by this one or by one before it. After a leaving comes here also what is dated, stands later in the same file and has its latest day within the days of the leaving. *Going abroad* is `LeftGermany` of its own journey; for a child whose journey is not known (also one that is not told) and for the person itself that of the person.",
    ),
    Term(
        "About a child",
        'are in the person\'s journey the facts whose `child_ref` names the child, those about day care without `child_ref` if it is the only child known; and in the child\'s own journey, if that is known, those without `child_ref` or naming the child. School facts without `child_ref` are about the person itself. Day care without `child_ref`, unless just one child is known, is about a child that is not told (see Day care). Facts of two journeys stand in one order, each on its day in its own journey (G3), on one day the child\'s own first; "before", "after" and "the latest" mean this order. From a trigger in the other journey on count, endings (G10) too, those whose latest day (undated: recorded day) is not before the trigger\'s earliest; within one journey G4 holds.',
    ),
    Term(
        "Age",
        "is reached on the birthday; who was born on 29 February reaches it on 1 March of a year without that day.",
    ),
)

M01 = Rule(
    id="M01",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.BILDUNG,
    label=Label(
        "Schulpflichtiges Kind ohne Schulplatz",
        "Child of school age without a school",
        "Schulplatz",
    ),
    watches=Label(
        "Ein Kind im Schulalter ist angekommen und besucht noch keine Schule.",
        "A child of school age has arrived and attends no school yet.",
    ),
    sentence=Label(
        "Seit dem {first} ist für ein Kind im Schulalter ein Schulplatz zu finden; bis zum {due} sollte die Schule beginnen.",
        "Since {first} a school has had to be found for a child of school age; it should begin by {due}.",
    ),
    next_step=Label(
        "Seiteneinsteigerberatung oder Schulamt einschalten", "Involve the school office"
    ),
    source="§ 34 Abs. 6 SchulG NRW; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.SCHOOL, Responsible.CASE_MANAGER),
    bounds=("M01.response", "M01.target", "M01.from_age", "M01.to_age"),
    triggers=(*ARRIVALS, _WANTED, "ChildBorn", "MemberJoined"),
    missing=("SchoolStarted",),
    find=_m01,
    entry=Entry(
        trigger="For each *child* (see Children), and for the person itself if a birth is known: `AssignedToMunicipality`, `AddressRegistered`, `AddressChanged` and from 27 February 2026 on `AsylumApplicationFiled` (`procedure` not folge), each of the person or in the child's own journey, and `SchoolPlacementRequested` about the child, if the child is of school age on the trigger's day: on or after the latest possible sixth birthday and before the latest possible eighteenth. Where no birth is known, a `SchoolPlacementRequested`, `SchoolStarted` or `SchoolChanged` about the child, before the trigger or the trigger itself, proves school age. None while the child is away (see Children); if the latest `SchoolStarted` or `SchoolChanged` about the child before the trigger has no `SchoolLeft` about it, nor the child's *going abroad*, after it and before the trigger; if the latest `SchoolExemptionGranted` about it before the trigger has no `until` or one on or after the trigger's day. None while the time of an earlier trigger of this child runs: none of `SchoolStarted`, `SchoolChanged`, `SchoolExemptionGranted` about it and `LeftGermany` of the person counts from that one on and is before this, and no leaving of the child from which it is not back by that one counts from that one on and is before this or one from which it is back by this; unless the municipalities of the two (`municipality`, `ags`; of a `MemberJoined` those of the person's latest arrival before it) are known and differ, or the earlier one made a data row and this one does not. Of a child first told (G3, of `ChildBorn` and `MemberJoined`) by a `MemberJoined` none of the person's four kinds of arrival before it is a trigger; if there is any, the `MemberJoined` is one itself. So is the first `MemberJoined` that tells of it after each leaving (see Children), whatever it is back by, if any of the person's four kinds of arrival is before it. Triggers are taken in order (of two journeys: see Children).",
        window="28 days, also from `MemberJoined`; from `AsylumApplicationFiled` 2 months.",
        followed_by="`SchoolStarted`, `SchoolChanged` about the child.",
        cancelled_by="`SchoolExemptionGranted` about the child; `TrainingStarted` of the child's own journey, its `PersonDied` wherever it stands (for the person itself `TrainingStarted`); the `MemberLeft` or `LeftGermany` by which the child leaves, unless it is back by the trigger; the latest possible eighteenth birthday.",
        data_row="`birth_date`: no birth is known and nothing proves school age, or the trigger's day is on or after the earliest and before the latest possible sixth birthday.",
        series="Series: the child; any later of its instances supersedes. Key: the trigger, `+` and the child's name (its journey, else the id of the fact that tells of it, else its `child_ref`); for the person itself the trigger.",
        severity="high.",
        law="The two months after the asylum application are a resolution of the Bundestag of 27 February 2026, no law.",
        example="Assigned on 3 March 2025 with a child born on 10 May 2015: due through 31 March, open from 1 April 2025.",
        decided="A registration after the assignment, in the same municipality, does not begin the time anew. A child that joins somebody who is here is owed a school from then on, not since that person's arrival; so is one that comes back. While it lives elsewhere it is owed none here. A school ends when the child goes abroad, also where nobody tells so; it runs on while the child only leaves the household, for it may have moved round the corner. A child whose journey is not known goes abroad with the person. The duty of an office takes the latest possible day: a child may be of school age before it certainly is, and then the row says that the day of birth is missing.",
    ),
    visible_to=PROTECTED,
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.ILLNESS,
        GapReason.MOVED,
        GapReason.OTHER,
    ),
    unknown="birth_date",
    knot=True,
)
