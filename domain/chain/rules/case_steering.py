"""Who is in charge: rejected handovers, moves, two case managements at once, structural gaps: F12, F13, F19, F20."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from domain.chain.calendar import plus_days
from domain.chain.counting import counting, same
from domain.chain.derived import Derived
from domain.chain.duties import of_case
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import Audience, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.cases import Moment, moment_at
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.case import HandoverReason, SteeringBody
from domain.vocabulary.gaps import GapReason

TERMS_OF = "Moves and steering"
TERMS = (
    Term(
        "Address",
        "`AddressRegistered` or `AddressChanged`, whose town is `ags`, or `AssignedToMunicipality`, whose town is "
        "`municipality`.",
    ),
    Term(
        "The case's town at an address",
        "of the addresses with a town before it, the last one before the latest `CaseOpened` or `HandoverAccepted` before "
        "it; if there is none, the first of all.",
    ),
    Term(
        "Steering",
        "*KIM's* begins with a fact that makes a case active (G13) while none was, and ends with the `CaseSuspended` or "
        "`CaseClosed` that leaves none active. *Another body's* begins with `OtherSteeringStarted`, unless one of the same "
        "`body` and `provider` (each equal, or missing on either side) runs, and ends with the first `OtherSteeringEnded` "
        "after it that is the same in both ways. All in the order of G3.",
    ),
)

_IN_OFFICE = Label("jemand ist zuständig", "somebody is in office")
_CASE_OVER = Label("der Fall ist abgeschlossen", "the case is closed")
_NOT_ACTIVE = Label("kein Fall ist aktiv", "no case is active")
_SAME_TOWN = Label("kein Wechsel der Gemeinde", "no change of municipality")
_NO_TOWN = Label("die Gemeinde ist nicht genannt", "the municipality is not told")
_FORESEEN = Label(
    "die Übergabe war vor dem Umzug schon angeboten", "the handover was offered before the move"
)
_ALONE = Label("niemand steuert zugleich", "nobody else steers at the time")
_RETOLD = Label("dasselbe Fallmanagement läuft schon", "the same steering runs already")


def _f12(journey: Derived) -> Found:
    view = journey.view
    left: list[Seen] = []
    for one in view.of("HandoverRejected"):
        reason = _why_somebody(journey, one)
        if reason is None:
            left.append(one)
        else:
            yield Refused(one, reason)
    for place, one in enumerate(left):
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("F12.response", one.latest)),
            followed=[
                *of_case(view.after(one, "CaseManagerAssigned"), one),
                *counting(one, view.of("HandoverAccepted")),
            ],
            cancelled=of_case([*counting(one, view.of("CaseClosed"))], one),
            superseded=of_case(left[place + 1 :], one),
            partial=not one.exact,
        )


def _why_somebody(journey: Derived, rejected: Seen) -> Label | None:
    """Return why a rejected handover does not leave a case without anybody."""
    moment = moment_at(journey.moments, rejected)
    if moment is None:
        return None
    case_id = rejected.get("case_id")
    if moment.manned(case_id):
        return _IN_OFFICE
    running = any(same(one, case_id) for one in (*moment.active, *moment.suspended))
    closed = of_case(journey.view.before(rejected, "CaseClosed"), rejected)
    return _CASE_OVER if closed and not running else None


_TOWN = {
    "AddressRegistered": "ags",
    "AddressChanged": "ags",
    "AssignedToMunicipality": "municipality",
}


def _town(one: Seen) -> str | None:
    town: str | None = one.get(_TOWN[one.type])
    return town or None


@dataclass(frozen=True, slots=True)
class _Move:
    """An address while a case is active, and the case's town; ``sure``: it is another town."""

    fact: Seen
    town: str | None
    sure: bool


def _f13(journey: Derived) -> Found:
    addresses = journey.view.of(*_TOWN)
    moves: list[_Move] = []
    for place, one in enumerate(addresses):
        found = _move(journey, one, addresses[:place])
        if isinstance(found, _Move):
            moves.append(found)
        else:
            yield Refused(one, found)
    for move in moves:
        yield _f13_of(journey, move, moves, addresses)


def _move(journey: Derived, one: Seen, before: list[Seen]) -> _Move | Label:
    """Return a move that concerns the case, or why an address is none."""
    moment = moment_at(journey.moments, one)
    if moment is None or not moment.active:
        return _NOT_ACTIVE
    towns = [address for address in before if _town(address)]
    if _town(one) is None or not towns:
        return _without_town(journey.view, one, before)
    town = _town_of_case(journey.view, one, towns)
    if _town(one) in (town, _town(towns[-1])):
        return _SAME_TOWN
    if _foreseen(journey.view, one, before[-1]):
        return _FORESEEN
    return _Move(one, town, sure=True)


def _without_town(view: View, one: Seen, before: list[Seen]) -> _Move | Label:
    """Return a move from or to a town that is not told, unless its handover was already offered."""
    if one.type != "AddressChanged":
        return _NO_TOWN
    if before and _foreseen(view, one, before[-1]):
        return _FORESEEN
    return _Move(one, None, sure=False)


def _town_of_case(view: View, one: Seen, towns: list[Seen]) -> str | None:
    anchors = view.before(one, "CaseOpened", "HandoverAccepted")
    known = [address for address in towns if anchors and address.rank < anchors[-1].rank]
    return _town(known[-1] if known else towns[0])


def _foreseen(view: View, one: Seen, before: Seen) -> bool:
    """Say whether a handover for this move was offered since the address before, and not rejected."""
    offers = [
        offer
        for offer in view.before(one, "HandoverOffered")
        if offer.rank > before.rank and offer.get("reason") is HandoverReason.MOVE
    ]
    rejected = view.before(one, "HandoverRejected")
    return any(
        not any(no.rank > offer.rank and same(no.get("to"), offer.get("to")) for no in rejected)
        for offer in offers
    )


def _f13_of(journey: Derived, move: _Move, moves: list[_Move], addresses: list[Seen]) -> Draft:
    one, view = move.fact, journey.view
    back = [
        address
        for address in addresses
        if move.sure and address.rank > one.rank and _town(address) == move.town
    ]
    closed = [
        moment.fact
        for moment in journey.moments
        if moment.fact.rank > one.rank and moment.fact.type == "CaseClosed" and not moment.active
    ]
    later = [other.fact for other in moves if other.sure and other.fact.rank > one.rank]
    return Draft(
        one,
        one.latest,
        after(one.latest, journey.bounds.in_force("F13.response", one.latest)),
        followed=counting(one, view.of("HandoverOffered", "PlanReviewed")),
        cancelled=[*back, *closed],
        superseded=later,
        kind=Kind.GAP if move.sure else Kind.DATA,
        partial=not one.exact,
    )


@dataclass(frozen=True, slots=True)
class _Steering:
    """One body that steers the case; ``other`` None: KIM itself."""

    begin: Seen
    end: Seen | None
    other: Seen | None

    @property
    def label(self) -> Label:
        """Return who steers."""
        if self.other is None:
            return _KIM
        body: SteeringBody | None = self.other.get("body")
        return SteeringBody.OTHER.label if body is None else body.label


_KIM = Label("KIM", "KIM")


def _f19(journey: Derived) -> Found:
    started = journey.view.of("OtherSteeringStarted")
    others = list(_others(journey.view))
    found = sorted([*_own(journey.moments), *others], key=lambda one: one.begin.rank)
    beside: set[str] = set()
    for earlier, later in combinations(found, 2):
        if earlier.end is None or earlier.end.rank > later.begin.rank:
            beside |= {earlier.begin.id, later.begin.id}
            yield _f19_of(journey, earlier, later)
    began = {one.begin.id for one in others}
    for one in started:
        if one.id not in beside:
            yield Refused(one, _ALONE if one.id in began else _RETOLD)


def _own(moments: list[Moment]) -> Iterator[_Steering]:
    """Yield the stretches on which KIM steers."""
    begin: Seen | None = None
    for moment in moments:
        if begin is None and moment.active:
            begin = moment.fact
        elif begin is not None and not moment.active:
            yield _Steering(begin, moment.fact, None)
            begin = None
    if begin is not None:
        yield _Steering(begin, None, None)


def _others(view: View) -> Iterator[_Steering]:
    """Yield the stretches on which other bodies steer."""
    found: list[_Steering] = []
    for one in view.of("OtherSteeringStarted"):
        if any(
            _same_body(one, run.begin) and (run.end is None or run.end.rank > one.rank)
            for run in found
        ):
            continue
        ends = [end for end in view.after(one, "OtherSteeringEnded") if _same_body(one, end)]
        found.append(_Steering(one, ends[0] if ends else None, one))
    yield from found


def _same_body(one: Seen, other: Seen) -> bool:
    return all(same(one.get(name), other.get(name)) for name in ("body", "provider"))


def _f19_of(journey: Derived, earlier: _Steering, later: _Steering) -> Draft:
    trigger, view = later.begin, journey.view
    tolerance = journey.bounds.in_force("F19.tolerance", trigger.latest)
    both = (earlier, later)
    closed = [
        moment.fact
        for moment in journey.moments
        if moment.fact.rank > trigger.rank
        and not moment.active
        and moment.fact.type == "CaseClosed"
    ]
    conferences = counting(trigger, view.of("CaseConferenceHeld"))
    return Draft(
        trigger,
        trigger.latest,
        plus_days(trigger.latest, tolerance.number - 1),
        key=f"{earlier.begin.id}+{trigger.id}",
        followed=[one.end for one in both if one.other is not None and one.end is not None],
        cancelled=[
            *(one.end for one in both if one.other is None and one.end is not None),
            *(one for one in conferences if _assigns_lead(one)),
            *closed,
        ],
        partial=not trigger.exact,
        evidence=(earlier.begin,),
        strict=True,
        responsible=_parties(both),
        details=(("one", earlier.label), ("other", later.label)),
    )


def _assigns_lead(conference: Seen) -> bool:
    """Say whether a conference settles who leads the case."""
    decisions: tuple[str, ...] = conference.get("decisions") or ()
    return bool(conference.get("lead")) or any(
        one.casefold().startswith("federführung") for one in decisions
    )


def _parties(both: tuple[_Steering, _Steering]) -> tuple[Responsible, ...]:
    """Return who has to agree: the case manager, and the other bodies."""
    bodies = [one.other.get("body") for one in both if one.other is not None]
    others = [
        Responsible.JOBCENTER if body is SteeringBody.JOBCENTER else Responsible.PROVIDER
        for body in bodies
    ]
    return tuple(dict.fromkeys([Responsible.CASE_MANAGER, *others]))


def _f20(journey: Derived) -> Found:
    view = journey.view
    for one in view.of("StructuralGapReported"):
        decided = counting(one, view.of("StructuralGapDecided"))
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("F20.response", one.latest)),
            followed=[other for other in decided if _decides(other, one)],
            cancelled=of_case([*counting(one, view.of("CaseClosed"))], one),
            partial=not one.exact,
        )


def _decides(decision: Seen, report: Seen) -> bool:
    """Say whether a decision speaks of a report: by its id, else by its code."""
    named = decision.get("report")
    if named is not None:
        return bool(named == report.id)
    return same(decision.get("code"), report.get("code"))


F12 = Rule(
    id="F12",
    pattern=Pattern.HANDOVER,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label(
        "Abgelehnte Übergabe ohne Zuständigkeit",
        "Rejected handover leaves nobody",
        "niemand zust.",
    ),
    watches=Label(
        "Eine Übergabe ist abgelehnt, und niemand führt den Fall.",
        "A handover is rejected and nobody leads the case.",
    ),
    sentence=Label(
        "Übergabe {day} abgelehnt, und niemand führt den Fall; bis zum {due} muss jemand zuständig sein.",
        "Handover rejected {day} and nobody leads the case; somebody must be in office by {due}.",
    ),
    next_step=Label("Zuständigkeit sofort klären", "Assign somebody at once"),
    source="Praxisvorgabe, drei Werktage",
    severity=Severity.CRITICAL,
    responsible=(Responsible.COORDINATION, Responsible.TEAM_LEAD),
    bounds=("F12.response",),
    triggers=("HandoverRejected",),
    missing=("CaseManagerAssigned", "HandoverAccepted"),
    find=_f12,
    entry=Entry(
        trigger="`HandoverRejected`, if at its place nobody is in office (as in F02) with the same `case_id`. None if its case is over: a `CaseClosed` with the same `case_id` stands before it and no case with the same `case_id` is active or suspended at its place. No case need be known.",
        window="From the trigger's day through the third NRW working day after it (as in F02).",
        followed_by="`CaseManagerAssigned` with the same `case_id` after the trigger; `HandoverAccepted`, of any case.",
        cancelled_by="`CaseClosed` with the same `case_id`.",
        series="Series: the case; the next trigger with the same `case_id` supersedes.",
        severity="critical.",
        example="Rejected on Thursday 17 April 2025, before Easter: due through 24 April.",
        decided="A new offer is no responsibility. Where the manager is released only after the rejection, F02 watches.",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
)

F13 = Rule(
    id="F13",
    pattern=Pattern.HANDOVER,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Umzug ohne Übergabe", "Move without handover", "Umzug"),
    watches=Label(
        "Die Person ist in eine andere Gemeinde gezogen, und niemand hat entschieden, wer den Fall weiterführt.",
        "The person moved to another municipality and nobody has decided who goes on leading the case.",
    ),
    sentence=Label(
        "Umzug {day} in eine andere Gemeinde; bis zum {due} ist zu klären, ob der Fall übergeben wird oder bleibt.",
        "Moved {day} to another municipality; by {due} it is to be decided whether the case is handed over or stays.",
    ),
    next_step=Label(
        "Übergabe anbieten oder Verbleib festhalten", "Offer a handover or note that it stays"
    ),
    source="Praxisvorgabe, 21 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F13.response",),
    triggers=tuple(_TOWN),
    missing=("HandoverOffered", "PlanReviewed"),
    find=_f13,
    entry=Entry(
        trigger="An address with a town, while any case is active (G13) at its place, if its town is neither the case's town at it nor that of the last address with a town before it. None if a `HandoverOffered` with `reason` move stands between the address before it (with or without a town) and it, with no `HandoverRejected` of the same `to` (or missing on either side) after the offer and before it.",
        window="21 days.",
        followed_by="`HandoverOffered`, `PlanReviewed`, of any case: who reviews the plan after a move decides that the case stays.",
        cancelled_by="`CaseClosed` after the trigger, after which no case is active; a later address with the case's town at the trigger.",
        data_row="An `AddressChanged` while a case is active whose `ags` is missing or before which no address with a town stands; none where such an offer stands. No later address cancels it.",
        series="Series: the journey; the next trigger that makes a gap supersedes, data rows supersede nothing.",
        severity="high.",
        example="Case in Herne; `AddressChanged` to Bochum on 3 March 2025: due through 24 March. Back in Herne on 20 March: cancelled.",
        decided="The log does not tell which unit serves an address; it tells the municipality (AGS), so a move within one is none. Whoever moves to another town registers there: `AddressRegistered` and an assignment are moves too, but only where both towns are told.",
    ),
    ended_by=(),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.MOVED, GapReason.OTHER),
    unknown="ags",
)

F19 = Rule(
    id="F19",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Doppeltes Fallmanagement", "Two active case managements", "doppelt"),
    watches=Label(
        "Zwei Stellen steuern seit mehr als 30 Tagen zugleich, ohne dass die Federführung geklärt ist.",
        "Two bodies have steered at the same time for over 30 days and it is not settled who leads.",
    ),
    sentence=Label(
        "Seit dem {first} steuern zwei Stellen zugleich: {one} und {other}; bis zum {due} ist die Federführung zu klären.",
        "Two bodies have steered at the same time since {first}: {one} and {other}; who leads is to be settled by {due}.",
    ),
    next_step=Label("Fallkonferenz zur Federführung", "Hold a conference on who leads"),
    source="Praxisvorgabe, 30 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.PROVIDER),
    bounds=("F19.tolerance",),
    triggers=("OtherSteeringStarted",),
    missing=("CaseConferenceHeld", "OtherSteeringEnded"),
    find=_f19,
    entry=Entry(
        trigger="Two steerings of which the earlier has not ended when the later begins (G3); the trigger is the fact that begins the later one. Every such pair, also of two other bodies.",
        window="From the trigger's day f through f + 29; open from f + 30. None if a closing counts on or before f.",
        followed_by="The `OtherSteeringEnded` that ends one of the two.",
        cancelled_by="The fact that ends KIM's steering, if it is one of the two; `CaseClosed` after the trigger, after which no case is active; `CaseConferenceHeld` that settles the lead: `lead` is told, or one of its `decisions` begins with Federführung (small or capital letters).",
        series="No series. Key: `earlier+later`, the ids of the facts that begin the two.",
        severity="medium.",
        example="Case opened on 1 April 2025, Jobcenter from 1 May: due through 30 May, open from 31 May.",
        decided="A conference that does not say who leads settles nothing. Responsible: the case manager, and the Jobcenter for `jobcenter_bfm`, the other provider otherwise.",
    ),
    ended_by=(),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.NO_CAPACITY, GapReason.OTHER),
)

F20 = Rule(
    id="F20",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Strukturlücke ohne Antwort", "Structural gap unanswered", "Strukturlücke"),
    watches=Label(
        "Eine gemeldete strukturelle Lücke ist nicht entschieden.",
        "A structural gap was reported and is not decided on.",
    ),
    sentence=Label(
        "Strukturelle Lücke {day} gemeldet; die Lenkungsgruppe soll bis zum {due} entscheiden.",
        "Structural gap reported {day}; the steering group should decide by {due}.",
    ),
    next_step=Label("In die Lenkungsgruppe geben", "Bring it to the steering group"),
    source="Praxisvorgabe, 120 Tage",
    severity=Severity.LOW,
    responsible=(Responsible.COORDINATION,),
    bounds=("F20.response",),
    triggers=("StructuralGapReported",),
    missing=("StructuralGapDecided",),
    find=_f20,
    entry=Entry(
        trigger="`StructuralGapReported`.",
        window="120 days.",
        followed_by="`StructuralGapDecided` of any `outcome` whose `report` is the trigger's id; if `report` is missing, with the same `code` (or missing on either side).",
        cancelled_by="`CaseClosed` with the same `case_id`.",
        series="No series; reports run side by side.",
        severity="low.",
        decided="D 14 lets no rule of F but disclosures and retention outlive the case, so this one does not; the figure of reports stays in the statistics.",
    ),
    ended_by=(),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
    visible_to=(Audience.CASE_MANAGER, Audience.TEAM_LEAD, Audience.COORDINATION),
)
