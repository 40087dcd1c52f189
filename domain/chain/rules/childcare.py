"""Day care: M02 no place, M03 the knot of a child without a place and a parent's unused course."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import counting, counts_from, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import (
    DIED,
    LEFT,
    PROTECTED,
    Closing,
    Draft,
    Found,
    Pattern,
    Refused,
    Rule,
)
from domain.chain.states.courses import integration_course, integration_course_running
from domain.chain.states.family import (
    Child,
    before,
    counting_anywhere,
    going_abroad,
    in_order,
    leaving,
    left_between,
    of_child,
    parents,
    the_person,
)
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ANSWERS = ("ChildcarePlaceOffered", "ChildcareStarted")
_WITHDRAWN = "ChildcareRequestWithdrawn"
_HAS_A_PLACE = Label("das Kind hat schon einen Platz", "the child has a place already")
_ATTENDS = Label("der Kurs läuft schon", "the course runs already")
_NO_KNOT = Label(
    "keine offene Bitte um einen Platz und keine ungenutzte Berechtigung zugleich",
    "no open request for a place and unused entitlement at once",
)


@dataclass(frozen=True, slots=True)
class _Request:
    """A request for a place, and the first one since the last answer."""

    fact: Seen
    first: Seen


def _everybody(journey: Derived) -> list[Child]:
    """Return the children; and, unless there is just one, whoever facts without a name are about."""
    if len(journey.children) == 1:
        return journey.children
    return [*journey.children, the_person(None if journey.children else journey.born)]


def _requests(journey: Derived, who: Child) -> Iterator[_Request | Refused]:
    """Yield the requests for a child, each with the first that is not answered yet."""
    first: Seen | None = None
    asked = of_child(journey.view, who, "ChildcareRequested")
    for one in in_order(journey.view, asked):
        if _in_care(journey, who, one):
            yield Refused(one, _HAS_A_PLACE)
            continue
        if first is None or _answered(journey, who, first, one):
            first = one
        yield _Request(one, first)


def _in_care(journey: Derived, who: Child, one: Seen) -> bool:
    """Say whether a place taken before a request is still held."""
    facts = of_child(journey.view, who, "ChildcareStarted", "ChildcareEnded")
    facts = [*facts, *going_abroad(journey.view, who)]
    earlier = (fact for fact in facts if before(journey.view, fact, one))
    latest = next(reversed(in_order(journey.view, earlier)), None)
    return latest is not None and latest.type == "ChildcareStarted"


def _answered(journey: Derived, who: Child, first: Seen, one: Seen) -> bool:
    """Say whether a request was answered or taken back, or the child left, before another."""
    facts = of_child(journey.view, who, *_ANSWERS, _WITHDRAWN) + _leaving(journey, who, first)
    counted = counting_anywhere(journey.view, first, facts)
    gone = left_between(journey.view, who, first, one)
    return gone or any(before(journey.view, fact, one) for fact in counted)


def _leaving(journey: Derived, who: Child, request: Seen) -> list[Seen]:
    """Return by what a child leaves that asks for a place; one whose journey is not known goes with the person."""
    abroad = going_abroad(journey.view, who) if who.view is None else []
    return [*leaving(journey.view, who, request), *abroad]


def _m02(journey: Derived) -> Found:
    for who in _everybody(journey):
        found = list(_requests(journey, who))
        standing = [one for one in found if isinstance(one, _Request)]
        yield from (one for one in found if isinstance(one, Refused))
        for place, one in enumerate(standing):
            yield _m02_of(journey, who, one, [each.fact for each in standing[place + 1 :]])


def _m02_of(journey: Derived, who: Child, request: _Request, later: list[Seen]) -> Draft:
    one, bounds = request.fact, journey.bounds
    wished = range_of(one.day("from_"))
    untold = _untold(who, one)
    entitled = None if untold else who.reaches(bounds.in_force("M02.age", one.latest).number)
    notice = after(request.first.latest, bounds.in_force("M02.notice", request.first.latest))
    days = [notice, *(each.latest for each in (wished, entitled) if each is not None)]
    exact = all(each.exact for each in (wished, entitled) if each is not None)
    certain = one.exact and request.first.exact and exact and entitled is not None
    answers = of_child(journey.view, who, *_ANSWERS)
    evidence = [each for each in (request.first, who.fact) if each is not None and each is not one]
    return Draft(
        one,
        one.latest,
        max(days),
        followed=counting_anywhere(journey.view, one, answers),
        cancelled=_no_longer_asked(journey, who, one),
        superseded=later,
        partial=not certain,
        evidence=tuple(evidence),
    )


def _untold(who: Child, request: Seen) -> bool:
    """Say whether a request is about a child of whom nothing else is told."""
    return who.fact is None and who.minor_on(request.latest) is not True


def _no_longer_asked(journey: Derived, who: Child, request: Seen) -> Iterator[Seen]:
    """Yield what ends a request otherwise: withdrawn, school, leaving the household or the country, death."""
    ends = [*of_child(journey.view, who, _WITHDRAWN)]
    if not _untold(who, request):
        ends += of_child(journey.view, who, "SchoolStarted", unnamed=False)
    ends += _leaving(journey, who, request)
    yield from counting_anywhere(journey.view, request, ends)
    yield from who.deaths


@dataclass(frozen=True, slots=True)
class _Knot:
    """A parent's entitlement and a child's request, and in which journey the parent's facts stand."""

    entitlement: Seen
    later: list[Seen]
    parent: View
    request: Seen
    who: Child


def _m03(journey: Derived) -> Found:
    found = False
    for knot in _knots(journey):
        if isinstance(knot, Refused):
            yield knot
            continue
        found = True
        yield _m03_of(journey, knot)
    if not found:
        for one in journey.view.of(*M03.triggers):
            yield Refused(one, _NO_KNOT)


def _knots(journey: Derived) -> Iterator[_Knot | Refused]:
    """Yield the knots of a parent's own page, and of a child's page with each parent's journey."""
    for who in _everybody(journey):
        spells = _spells(journey, who)
        views = [journey.view]
        if who.fact is None:
            views += parents(journey.view, journey.household)
        for view in views if spells else ():
            yield from _with_parent(view, who, spells)


def _spells(journey: Derived, who: Child) -> list[Seen]:
    """Return the first request of each time without an answer."""
    found = (one for one in _requests(journey, who) if isinstance(one, _Request))
    return list({one.first.id: one.first for one in found}.values())


def _with_parent(view: View, who: Child, spells: list[Seen]) -> Iterator[_Knot | Refused]:
    entitlements = view.of("CourseEntitlementIssued")
    for place, one in enumerate(entitlements):
        if integration_course_running(view, one) is not None:
            yield Refused(one, _ATTENDS)
            continue
        for request in spells:
            yield _Knot(one, entitlements[place + 1 :], view, request, who)


def _m03_of(journey: Derived, knot: _Knot) -> Draft:
    own = knot.parent is journey.view
    trigger, other = (knot.entitlement, knot.request) if own else (knot.request, knot.entitlement)
    first = max(knot.entitlement.latest, knot.request.latest)
    days = journey.bounds.in_force("M03.tolerance", first).number
    view, who = journey.view, knot.who
    answers = of_child(view, who, *_ANSWERS)
    courses = [one for one in knot.parent.of("CourseStarted") if integration_course(one)]
    begun = [one for one in courses if counts_from(knot.entitlement, one)]
    return Draft(
        trigger,
        first,
        plus_days(first, days - 1),
        key=f"{knot.entitlement.id}+{knot.request.id}",
        followed=[*begun, *counting_anywhere(view, knot.request, answers)],
        cancelled=[
            *_no_longer_asked(journey, who, knot.request),
            *counting(knot.entitlement, knot.parent.of(LEFT)),
            *knot.parent.of(DIED),
        ],
        superseded=knot.later,
        closings=_lapsed(knot.entitlement),
        partial=not (knot.entitlement.exact and knot.request.exact),
        evidence=(other,),
    )


def _lapsed(entitlement: Seen) -> list[Closing]:
    last: date | None = entitlement.latest_of("lapses_on")
    if last is None:
        return []
    told = range_of(entitlement.day("lapses_on"))
    unsure = None if told is None else told.next_day.unsure_from
    return [Closing(plus_days(last, 1), ClosedBy.CANCELLED, entitlement, unsure)]


TERMS_OF = "Day care"
TERMS = (
    Term(
        "Request for a place",
        "`ChildcareRequested` about a *child* (see Children); one without `child_ref` is, unless just one child is known, about a child that is not told: the person itself if no child is known and the person is certainly under 18 on its day, else somebody of whom neither birth nor school is known; day care without `child_ref` is about the same child then. None while the child is in care: the latest of `ChildcareStarted`, `ChildcareEnded` about it and its *going abroad* (see Children) before the request is a start. Requests are taken in order (G3; of two journeys: see Children). *First request* is the first of all about the child, then each before which a `ChildcarePlaceOffered`, `ChildcareStarted`, `ChildcareRequestWithdrawn` about it or its *end by leaving* stands that counts from the last first request on; an end by leaving also if the child is back from it by this request. *End by leaving* of a request is the `MemberLeft` or `LeftGermany` by which the child leaves, unless it is back by the request; of a child whose journey is not known its going abroad too.",
    ),
)

M02 = Rule(
    id="M02",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FAMILIE,
    label=Label("Kind ohne Betreuungsplatz", "Child without day care", "Kita fehlt"),
    watches=Label(
        "Ein Betreuungsplatz ist beantragt, das Recht darauf besteht, und es gibt noch keinen.",
        "A place in day care is asked for, there is a right to it, and there is none yet.",
    ),
    sentence=Label(
        "Um einen Betreuungsplatz ist am oder vor dem {first} gebeten; bis zum {due} ist einer anzubieten.",
        "A place in day care was asked for on or before {first}; one is to be offered by {due}.",
    ),
    next_step=Label("Beim Jugendamt nachfragen", "Ask the youth welfare office"),
    source="§ 24 Abs. 2 SGB VIII; Anmeldefrist Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.JUGENDAMT,),
    bounds=("M02.notice", "M02.age"),
    triggers=("ChildcareRequested", "ChildBorn", "MemberJoined"),
    missing=("ChildcarePlaceOffered", "ChildcareStarted"),
    find=_m02,
    entry=Entry(
        trigger="A *request for a place* (see Day care).",
        window="From the trigger's day through the latest of: 6 months after the last *first request* about the child (the trigger or an earlier one; see Day care), the latest day of the trigger's `from`, the latest possible first birthday. What is not known is left out.",
        followed_by="`ChildcarePlaceOffered`, `ChildcareStarted` about the child.",
        cancelled_by="`ChildcareRequestWithdrawn`, `SchoolStarted` about the child; `PersonDied` in the child's own journey, wherever it stands; the request's *end by leaving* (see Day care).",
        series="Series: the child; any later request supersedes. Key: the trigger.",
        severity="medium.",
        example="Born in 2022, asked on 20 May 2022 for 9 January 2023: due (possibly) through 31 December 2023.",
        decided="W30. A place held already leaves nothing to ask for. Asking again does not begin the months of notice anew, but its wish counts; asking after the child was gone does. A place ends when the child goes abroad, also where nobody tells so, not when it leaves the household.",
    ),
    visible_to=PROTECTED,
    reasons=(GapReason.NO_CAPACITY, GapReason.CLIENT_DECLINED, GapReason.MOVED, GapReason.OTHER),
    knot=True,
)

M03 = Rule(
    id="M03",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.FAMILIE,
    label=Label("Betreuung blockiert Kurs", "Day care blocks the course", "Kita blockiert"),
    watches=Label(
        "Eine Berechtigung zum Kurs bleibt ungenutzt, während für ein Kind kein Betreuungsplatz da ist.",
        "An entitlement to a course stays unused while a child has no place in day care.",
    ),
    sentence=Label(
        "Seit dem {first} wartet ein Kind auf einen Betreuungsplatz und ein Elternteil auf den Kurs; bis zum {due} ist das zu lösen.",
        "Since {first} a child has waited for day care and a parent for the course; to be solved by {due}.",
    ),
    next_step=Label(
        "Platz oder Kurs mit Kinderbetreuung suchen", "Find a place or a course with day care"
    ),
    source="§ 24 Abs. 2 SGB VIII, § 44 AufenthG; 60 Tage Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.JUGENDAMT),
    bounds=("M03.tolerance",),
    triggers=("CourseEntitlementIssued", "ChildcareRequested"),
    missing=("ChildcarePlaceOffered", "ChildcareStarted", "CourseStarted"),
    find=_m03,
    entry=Entry(
        trigger="A `CourseEntitlementIssued` in the person's journey, and a *first request* for a place about a child (see Day care). Where the request is about a child that is not told, the entitlement may also stand in the journey of a known member who joined the household (`MemberJoined`) with `role` parent or adult. None if an integration course runs before the entitlement. First common day f: the later of the two latest days.",
        window="Due from f through f + 59, open from f + 60.",
        followed_by="`CourseStarted` of an integration course, counted from the entitlement on, in the journey of the entitlement; `ChildcarePlaceOffered`, `ChildcareStarted` about the child, counted from the request on.",
        cancelled_by="What cancels M02 of that request; in the journey of the entitlement `LeftGermany`, counted from it on, and `PersonDied`, wherever it stands; the day after `lapses_on`. None if any of these, or of the follow-ups, falls before f.",
        series="Series: the child's request; any later `CourseEntitlementIssued` of that parent supersedes, whether or not it makes an instance. Key: `entitlement+request`, the same on the pages of parent and child: one knot. The trigger, first in the evidence, is the one of the two in the person's own journey, of two the entitlement.",
        severity="high.",
        example="Entitled on 1 March 2025, asked for a place on 10 April: due from 10 April through 8 June, open from 9 June 2025.",
    ),
    visible_to=PROTECTED,
    reasons=(GapReason.NO_CHILDCARE, GapReason.NO_CAPACITY, GapReason.OTHER),
    knot=True,
)
