"""While an integration course runs and when it ends: S08, S09, S10."""

from domain.chain.calendar import plus_days
from domain.chain.counting import counting, earlier
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Consequence, Responsible, Severity, Step, StepName
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import (
    integration_course,
    language_tests,
    tested_or_certified_b1,
)
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_OTHER_COURSE = Label("kein Integrationskurs", "no integration course")
_STILL_INTERRUPTED = Label(
    "der Kurs ist schon seit früher unterbrochen", "the course has been interrupted before"
)
_EXCUSED = Label("die Fehlzeiten sind entschuldigt", "the absence is excused")
_UNANSWERED = Label(
    "ein früherer Anlass wartet noch auf das Gespräch", "an earlier occasion still waits for a talk"
)
_NO_LANGUAGE_COURSE = Label(
    "kein Sprachkurs eines Integrationskurses", "no language part of an integration course"
)
_TESTED = Label("ein Sprachtest liegt schon vor", "a language test is there already")


def _s08(journey: Derived) -> Found:
    view = journey.view
    interrupted = []
    for one in view.of("CourseInterrupted"):
        reason = _why_not_interrupted(journey, one)
        if reason is None:
            interrupted.append(one)
        else:
            yield Refused(one, reason)
    for place, one in enumerate(interrupted):
        yield _s08_of(journey, one, interrupted[place + 1 :])


_GOES_ON = ("CourseResumed", "CourseStarted", "CourseCompleted", "CourseAborted")


def _why_not_interrupted(journey: Derived, one: Seen) -> Label | None:
    view = journey.view
    if journey.bounds.on("S08.interruption", one.latest) is None:
        return _NO_LAW
    started = view.before(one, "CourseStarted")
    if started and not integration_course(started[-1]):
        return _OTHER_COURSE
    last = view.before(one, "CourseInterrupted", *_GOES_ON)
    return _STILL_INTERRUPTED if last and last[-1].type == "CourseInterrupted" else None


def _s08_of(journey: Derived, one: Seen, following: list[Seen]) -> Draft:
    view, bounds = journey.view, journey.bounds
    due_on = after(one.latest, bounds.in_force("S08.interruption", one.latest))
    first = after(one.latest, bounds.in_force("S08.warning", one.latest))
    second = after(one.latest, bounds.in_force("S08.second_warning", one.latest))
    begun = [start for start in view.after(one, "CourseStarted") if integration_course(start)]
    return Draft(
        one,
        first,
        due_on,
        followed=[*counting(one, view.of("CourseResumed")), *begun],
        cancelled=[
            *counting(one, tested_or_certified_b1(view)),
            *view.after(one, "CourseCompleted", "CourseAborted"),
        ],
        superseded=following,
        partial=not one.exact,
        steps=(Step(first, StepName.WARNING), Step(second, StepName.URGENT)),
        consequence=Consequence("entitlement_may_lapse", plus_days(due_on, 1)),
    )


def _s09(journey: Derived) -> Found:
    view = journey.view
    talks = [one for one in view.of("ContactHeld") if _about_language(one)]
    triggers: list[Seen] = []
    for one in view.of("AttendanceWarningIssued", "CourseAborted"):
        if one.get("excused") is True:
            yield Refused(one, _EXCUSED)
        elif one.type == "AttendanceWarningIssued" and _waits(view, triggers, talks, one):
            yield Refused(one, _UNANSWERED)
        else:
            triggers.append(one)
    for place, one in enumerate(triggers):
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("S09.response", one.latest)),
            followed=counting(one, talks),
            cancelled=view.after(one, *_ATTENDS_AGAIN),
            superseded=triggers[place + 1 :],
            partial=not one.exact,
        )


_ATTENDS_AGAIN = ("CourseResumed", "CourseStarted")


def _about_language(contact: Seen) -> bool:
    """Say whether a contact took place and may have been about language."""
    fields = contact.get("fields")
    return contact.get("no_show") is not True and (not fields or Handlungsfeld.SPRACHE in fields)


def _waits(view: View, triggers: list[Seen], talks: list[Seen], one: Seen) -> bool:
    """Say whether the last occasion before a fact is still unanswered there."""
    if not triggers:
        return False
    closings = (*counting(triggers[-1], talks), *view.after(triggers[-1], *_ATTENDS_AGAIN))
    return not any(closing.rank < one.rank for closing in closings)


def _s10(journey: Derived) -> Found:
    view = journey.view
    finished = []
    for one in view.of("CourseCompleted"):
        reason = _why_no_test_follows(view, one)
        if reason is None:
            finished.append(one)
        else:
            yield Refused(one, reason)
    tested = [*language_tests(view), *view.of("IntegrationCourseCertificateIssued")]
    begun = [one for one in view.of("CourseStarted") if integration_course(one)]
    for place, one in enumerate(finished):
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("S10.response", one.latest)),
            followed=counting(one, tested),
            cancelled=[start for start in begun if start.rank > one.rank],
            superseded=finished[place + 1 :],
            partial=not one.exact,
        )


def _why_no_test_follows(view: View, one: Seen) -> Label | None:
    begun = view.before(one, "CourseStarted") or view.before(one, "CourseRegistered")
    kind = begun[-1].get("kind") if begun else None
    if kind is not None and not kind.startswith("IK_"):
        return _NO_LANGUAGE_COURSE
    bounding = view.before(one, "CourseStarted", "CourseCompleted")
    since = bounding[-1].rank if bounding else -1
    tests = [test for test in language_tests(view) if test.rank > since]
    return _TESTED if earlier(one, tests) else None


S08 = Rule(
    id="S08",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Unterbrechung droht zu verfallen", "Interruption may cost the entitlement", "unterbrochen"
    ),
    watches=Label(
        "Ein Kurs ist unterbrochen; nach einem Jahr kann die Berechtigung erlöschen.",
        "A course is interrupted; after a year the entitlement may lapse.",
    ),
    sentence=Label(
        "Der Kurs wurde {day} unterbrochen; geht er bis zum {due} nicht weiter, kann die Berechtigung erlöschen, wenn die Gründe nicht bei anderen liegen.",
        "The course was interrupted {day}; if it does not go on by {due}, the entitlement may lapse, unless the reasons lie with others.",
    ),
    next_step=Label(
        "Rückkehr in den Kurs planen oder die Gründe belegen",
        "Plan the return to the course, or document the reasons",
    ),
    source="§ 4 Abs. 1 S. 3 IntV",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=("S08.interruption", "S08.warning", "S08.second_warning"),
    triggers=("CourseInterrupted",),
    missing=("CourseResumed", "CourseStarted"),
    find=_s08,
    entry=Entry(
        trigger="`CourseInterrupted`. None if the latest `CourseStarted` before it (G3) is for no integration course (none before it: it counts). None for a repetition: the latest of `CourseInterrupted`, `CourseResumed`, `CourseStarted` (any `kind`), `CourseCompleted`, `CourseAborted` before it (G3) is a `CourseInterrupted`.",
        window="From the trigger's day + 6 months through the trigger's day + 1 year.",
        followed_by="`CourseResumed`; `CourseStarted` for an integration course, after the trigger (G3).",
        cancelled_by="A proof of B1; after the trigger (G3) `CourseCompleted` or `CourseAborted`.",
        severity="high; steps at 6 and 10 months after the trigger's day.",
        consequence="`entitlement_may_lapse`.",
        law="None before 2005-01-01. Longer than a year is too long, so the last day of the year is still good.",
        example="Interrupted on 31 August 2024: due from 28 February 2025 through 31 August 2025, urgent from 30 June.",
        decided="A second interruption without a return in between does not begin the year anew: the attendance stopped with the first.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.NO_CAPACITY,
        GapReason.OTHER,
    ),
    consequence=Label(
        "Berechtigung kann erloschen sein seit {since}",
        "the entitlement may have lapsed since {since}",
    ),
)

S09 = Rule(
    id="S09",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Fehlzeiten oder Abbruch ohne Gespräch", "Absence or abort without a talk", "kein Gespräch"
    ),
    watches=Label(
        "Fehlzeiten oder ein Kursabbruch sind gemeldet, und niemand hat darüber gesprochen.",
        "Absence from a course or its abort is reported, and nobody has talked about it.",
    ),
    sentence=Label(
        "Fehlzeiten oder Kursabbruch gemeldet {day}; ein Gespräch über den Kurs ist bis zum {due} fällig.",
        "Absence from the course or its abort reported {day}; a talk about the course is due by {due}.",
    ),
    next_step=Label("Gespräch über den Kurs führen", "Talk about the course"),
    source="Praxisvorgabe, 14 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("S09.response",),
    triggers=("AttendanceWarningIssued", "CourseAborted"),
    missing=("ContactHeld",),
    find=_s09,
    entry=Entry(
        trigger="`CourseAborted` (any course); `AttendanceWarningIssued` unless `excused` is true. A warning begins nothing while the last fact before it that began an instance still waits: none of the follow-ups of that instance (from it on, G4) and of its cancellations stands before the warning (G3). Whether its 14 days are over does not matter.",
        window="14 days.",
        followed_by="`ContactHeld` unless `no_show` is true, if its `fields` hold sprache, are empty or missing.",
        cancelled_by="`CourseResumed` or `CourseStarted` (any `kind`) after the trigger (G3).",
        severity="high.",
        example="Warned on 3 and again on 10 March 2025, no talk: one instance, due through 17 March.",
        decided="Without the second sentence of the trigger every new warning would put the talk off again. An abort is another occasion and supersedes a warning.",
    ),
    reasons=(
        GapReason.ILLNESS,
        GapReason.NO_CHILDCARE,
        GapReason.WORKS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)

S10 = Rule(
    id="S10",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label("Sprachkurs beendet, kein Test", "Language course finished, no test", "kein Test"),
    watches=Label(
        "Ein Integrationskurs ist beendet, und kein Sprachtest liegt vor.",
        "An integration course is finished and no language test is there.",
    ),
    sentence=Label(
        "Kurs beendet {day}; der Sprachtest gehört zum Kurs und soll bis zum {due} abgelegt sein.",
        "Course finished {day}; the language test is part of the course and should be taken by {due}.",
    ),
    next_step=Label("Testtermin beim Träger erfragen", "Ask the provider for a test date"),
    source="§ 17 Abs. 1 IntV; Frist Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.COURSE_PROVIDER, Responsible.CASE_MANAGER),
    bounds=("S10.response",),
    triggers=("CourseCompleted",),
    missing=("LanguageTestTaken",),
    find=_s10,
    entry=Entry(
        trigger="`CourseCompleted`. None if the course has no language part: the `kind` of the latest `CourseStarted` before it (G3; if there is no `CourseStarted` before it, of the latest `CourseRegistered` before it) is told and not `IK_*`. None if a language test is earlier that stands after (G3) the latest `CourseStarted` or `CourseCompleted` before the trigger (with none before it: any earlier language test).",
        window="56 days.",
        followed_by="A language test, whatever its level; `IntegrationCourseCertificateIssued`.",
        cancelled_by="`CourseStarted` for an integration course after the trigger (G3).",
        severity="medium.",
        example="Finished on 30 April 2013: due through 25 June; a test of the year before does not count, one of the last weeks of this course does.",
        decided="Participants often take the test before the orientation course ends, so a test since the start is enough.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.ILLNESS, GapReason.CLIENT_DECLINED, GapReason.OTHER),
)
