"""From the registration to the first day of a course: S06, S07, S17."""

from dataclasses import dataclass

from domain.chain.bounds import Bounds
from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Consequence, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import (
    integration_course,
    integration_course_attended,
    integration_courses,
    tested_or_certified_b1,
)
from domain.chain.windows import after, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ATTENDED = Label("der Integrationskurs hat schon begonnen", "the course has begun already")
_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_OTHER_COURSE = Label("kein Integrationskurs", "no integration course")
_REASSIGNED = Label(
    "ein neuer Beginn oder Kursträger ist schon genannt",
    "a new start or provider is named already",
)


def _s06(journey: Derived) -> Found:
    view = journey.view
    failed = []
    for one in view.of("CourseNotRealised"):
        if _fell_through_elsewhere(view, one):
            yield Refused(one, _OTHER_COURSE)
        elif one.get("reassignment") is True or one.day("new_start") is not None:
            yield Refused(one, _REASSIGNED)
        else:
            failed.append(one)
    for place, one in enumerate(failed):
        begun = _standing_after(one, integration_courses(view))
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("S06.response", one.latest)),
            followed=[*begun, *counting(one, view.of("CourseStartAnnounced"))],
            cancelled=counting(one, tested_or_certified_b1(view)),
            superseded=failed[place + 1 :],
            partial=not one.exact,
        )


def _fell_through_elsewhere(view: View, one: Seen) -> bool:
    """Say whether the registration before a failure was for another kind of course."""
    registered = view.before(one, "CourseRegistered", "VocationalCourseRegistered")
    if not registered:
        return False
    last = registered[-1]
    return last.type == "VocationalCourseRegistered" or not integration_course(last)


_PROVES_A_START = ("ModuleCompleted", "CourseInterrupted", "CourseCompleted")


def _s07(journey: Derived) -> Found:
    view = journey.view
    waiting = []
    for one in view.of("CourseRegistered"):
        if not integration_course(one):
            yield Refused(one, _OTHER_COURSE)
        elif journey.bounds.on("S07.lead", one.latest) is None:
            yield Refused(one, _NO_LAW)
        elif integration_course_attended(view, one) is not None:
            yield Refused(one, _ATTENDED)
        else:
            waiting.append(one)
    ends = _Ends(
        [one for one in view.of("CourseStarted") if integration_course(one)],
        view.of(*_PROVES_A_START),
        tested_or_certified_b1(view),
        view.of("CourseNotRealised", "CourseAborted"),
    )
    for place, one in enumerate(waiting):
        yield _s07_of(journey.bounds, one, ends, waiting[place + 1 :])


@dataclass(frozen=True, slots=True)
class _Ends:
    """What may close S07: starts, what proves one, proofs of B1, what makes the registration void."""

    started: list[Seen]
    proving: list[Seen]
    proven: list[Seen]
    void: list[Seen]


def _s07_of(bounds: Bounds, one: Seen, ends: _Ends, following: list[Seen]) -> Draft:
    year = bounds.in_force("S07.start", one.latest)
    end = Range(after(one.earliest, year), after(one.latest, year))
    return Draft(
        one,
        lead_window(one, end, bounds.in_force("S07.lead", one.latest), own_end=False),
        end.latest,
        followed=[*counting(one, ends.started), *_standing_after(one, ends.proving)],
        cancelled=[*counting(one, ends.proven), *_standing_after(one, ends.void)],
        superseded=following,
        partial=not one.exact,
        consequence=Consequence("entitlement_may_lapse", plus_days(end.latest, 1)),
    )


def _standing_after(trigger: Seen, facts: list[Seen]) -> list[Seen]:
    """Return the facts that stand after a trigger (G3)."""
    return [one for one in facts if one.rank > trigger.rank]


def _s17(journey: Derived) -> Found:
    view, bounds = journey.view, journey.bounds
    registered = []
    for one in view.of("VocationalCourseRegistered"):
        if bounds.on("S17.weeks", one.latest) is None:
            yield Refused(one, _NO_LAW)
        else:
            registered.append(one)
    for place, one in enumerate(registered):
        begun = counting(one, view.of("VocationalCourseStarted"))
        yield Draft(
            one,
            one.latest,
            after(one.latest, bounds.in_force("S17.weeks", one.latest)),
            followed=[*begun, *view.after(one, "VocationalCourseCompleted")],
            cancelled=view.after(one, "VocationalCourseAborted"),
            superseded=registered[place + 1 :],
            partial=not one.exact,
        )


S06 = Rule(
    id="S06",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Kurs ausgefallen, kein anderer zugewiesen",
        "Course fell through, no other assigned",
        "ausgefallen",
    ),
    watches=Label(
        "Ein angemeldeter Kurs kommt nicht zustande, und kein anderer tritt an seine Stelle.",
        "A registered course does not take place, and no other one replaces it.",
    ),
    sentence=Label(
        "Der Kurs kam nicht zustande (gemeldet {day}); bis zum {due} soll ein anderer Kurs angemeldet oder zugewiesen sein.",
        "The course did not come about (reported {day}); another one should be registered or assigned by {due}.",
    ),
    next_step=Label("Anderen Kurs beim BAMF erfragen", "Ask the BAMF for another course"),
    source="§ 7 Abs. 5 IntV; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.BAMF, Responsible.CASE_MANAGER),
    bounds=("S06.response",),
    triggers=("CourseNotRealised",),
    missing=("CourseRegistered", "CourseStarted", "CourseStartAnnounced"),
    find=_s06,
    entry=Entry(
        trigger="`CourseNotRealised`. None if the latest `CourseRegistered` or `VocationalCourseRegistered` before it (G3) is for no integration course (with none before it, it counts); none if its own `reassignment` is true or its `new_start` is told.",
        window="28 days.",
        followed_by="An integration course (registered or started) that stands after it (G3); `CourseStartAnnounced`.",
        cancelled_by="A proof of B1.",
        severity="high.",
        example="Reported on 3 March 2025: due through 31 March.",
        decided="A registration of the same day counts only if it stands after the trigger: before it, it is the one that fell through. A notice that names the new start or provider is the assignment itself.",
    ),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.NO_CHILDCARE,
        GapReason.OTHER,
    ),
)

S07 = Rule(
    id="S07",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Berechtigung erlischt vor Kursbeginn", "Entitlement lapses before the start", "erlischt"
    ),
    watches=Label(
        "Ein Jahr nach der Anmeldung hat der Kurs nicht begonnen; die Berechtigung kann erlöschen.",
        "A year after registration the course has not begun; the entitlement may lapse.",
    ),
    sentence=Label(
        "Angemeldet {day}, aber noch kein Kursbeginn: Nach dem {due} kann die Berechtigung erlöschen, wenn der Beginn nicht an anderen gescheitert ist.",
        "Registered {day}, but no start yet: after {due} the entitlement may lapse, unless others stood in the way of a start.",
    ),
    next_step=Label(
        "Kursbeginn sichern oder die Gründe belegen", "Secure a start, or document the reasons"
    ),
    source="§ 4 Abs. 1 S. 3 IntV",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.COURSE_PROVIDER),
    bounds=("S07.lead", "S07.start"),
    triggers=("CourseRegistered",),
    missing=("CourseStarted",),
    find=_s07,
    entry=Entry(
        trigger="`CourseRegistered` for an integration course. None if one is attended then: the latest `CourseStarted` for an integration course before it (G3) has no `CourseCompleted` or `CourseAborted` after it and before the trigger.",
        window="Lead 60 days to the trigger's day + 1 year (its end reckoned from the trigger's own days).",
        followed_by="`CourseStarted` for an integration course; after the trigger (G3) `ModuleCompleted`, `CourseInterrupted` or `CourseCompleted`, which prove a start.",
        cancelled_by="A proof of B1; after the trigger (G3) `CourseNotRealised` or `CourseAborted`.",
        severity="high.",
        consequence="`entitlement_may_lapse`.",
        law="None before 2005-01-01. The law asks for reasons that the client has to answer for; that stands in no fact, so the rule warns and the consequence says may.",
        example="Registered on 29 February 2024: due from 30 December 2024 through 28 February 2025.",
        decided="A new registration begins the year anew (D 6).",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.OTHER,
    ),
    consequence=Label(
        "Berechtigung kann erloschen sein seit {since}",
        "the entitlement may have lapsed since {since}",
    ),
)

S17 = Rule(
    id="S17",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Berufssprachkurs angemeldet, kein Start",
        "Berufssprachkurs registered, no start",
        "kein Start",
    ),
    watches=Label(
        "Vier Wochen nach der Anmeldung hat der Berufssprachkurs nicht begonnen.",
        "Four weeks after registration the Berufssprachkurs has not begun.",
    ),
    sentence=Label(
        "Berufssprachkurs angemeldet {day}; kommt er bis zum {due} nicht zustande, meldet es der Träger, und das BAMF vermittelt einen anderen.",
        "Registered for a Berufssprachkurs {day}; if it has not come about by {due}, the provider reports it and the BAMF finds another one.",
    ),
    next_step=Label(
        "Beim Träger nachfragen, sonst Vermittlung durch das BAMF verlangen",
        "Ask the provider, else have the BAMF find another course",
    ),
    source="§ 9 Abs. 3, 4 DeuFöV",
    severity=Severity.MEDIUM,
    responsible=(Responsible.COURSE_PROVIDER, Responsible.BAMF),
    bounds=("S17.weeks",),
    triggers=("VocationalCourseRegistered",),
    missing=("VocationalCourseStarted",),
    find=_s17,
    entry=Entry(
        trigger="`VocationalCourseRegistered`.",
        window="4 weeks.",
        followed_by="`VocationalCourseStarted`; after the trigger (G3) `VocationalCourseCompleted`, which proves a start.",
        cancelled_by="`VocationalCourseAborted` after the trigger (G3).",
        severity="medium.",
        law="None before 2016-07-01.",
        example="Registered on 3 March 2025: due through 31 March.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
)
