"""Language courses and tests: all rules of S but those of ``rules_start_courses``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    active,
    before,
    bound,
    case_history,
    counts_on,
    facts_after,
    facts_before,
    in_force,
    later,
    of,
    settle,
    since,
    switch,
    window_of_lead,
)
from tests.second_reading.courses import (
    course_runs,
    integration_courses,
    is_integration_course,
    is_own_school,
    school_runs,
)
from tests.second_reading.jobs import jobs_of
from tests.second_reading.language import (
    at_least_b1,
    days_of_birth,
    earlier,
    is_b1_test,
    is_ebt_passed,
    is_language_test,
    is_lid_passed,
    language_tests,
    last_told_kind,
    level_of_test,
    proofs_of_b1,
    surely_reached,
    surely_under,
)
from tests.second_reading.rules_start_courses import claim_of, job_runs
from tests.second_reading.titles import losses


def _school_since(view: View, trigger: Told) -> View:
    return [one for one in since(view, trigger) if is_own_school(one)]


def _courses_since(view: View, trigger: Told) -> View:
    return integration_courses(since(view, trigger))


def _b1_since(view: View, trigger: Told) -> View:
    return proofs_of_b1(since(view, trigger))


def _later_of(triggers: Iterable[Told], trigger: Told) -> View:
    return [one for one in triggers if before(trigger, one)]


# S02


def s02(view: View) -> list[Row]:
    titles = [one for one in of(view, "TitleGranted") if claim_of(one)][:1]
    titles = [one for one in titles if _lacks_entitlement(view, one)]
    refusals = [
        one
        for one in of(view, "CourseAdmissionRefused")
        if _is_for_the_stop(one) and _lacks_entitlement(view, one)
    ]
    rows: list[Row] = []
    for title in titles:
        refused = [
            one
            for one in since(view, title, "CourseAdmissionRefused")
            if one.get("reason") in ("low_need", "b1_present", "school")
        ]
        rows += settle(
            "S02",
            view,
            title,
            title.latest,
            later(title.latest, "S02.response"),
            kind=claim_of(title) or "gap",
            followed=[*since(view, title, "CourseEntitlementIssued"), *_courses_since(view, title)],
            cancelled=[
                *_b1_since(view, title),
                *_school_since(view, title),
                *refused,
                *losses(view, title),
            ],
        )
    other_ways = (
        "CourseEntitlementIssued",
        "CourseRegistered",
        "CourseStarted",
        "OrientationCourseStarted",
    )
    for refusal in refusals:
        rows += settle(
            "S02",
            view,
            refusal,
            refusal.latest,
            later(refusal.latest, "S02.response"),
            followed=since(view, refusal, *other_ways),
            cancelled=[*_b1_since(view, refusal), *_school_since(view, refusal)],
            superseded=_later_of([*refusals, *titles], refusal),
        )
    return rows


def _is_for_the_stop(refusal: Told) -> bool:
    reason = refusal.get("reason")
    stopped = not switch("law.44_4_admissions", refusal.latest)
    return reason == "quota_stop_2026" or (reason is None and stopped)


def _lacks_entitlement(view: View, trigger: Told) -> bool:
    entitled = any(
        one.get("lapses_on") is None or one.day("lapses_on") >= trigger.latest
        for one in earlier(of(view, "CourseEntitlementIssued"), trigger)
    )
    proven = bool(earlier(proofs_of_b1(view), trigger))
    return not (entitled or proven or course_runs(view, trigger) or school_runs(view, trigger))


# S04


def _admission(issued: Told) -> str | None:
    if issued.get("basis") is None:
        return None if issued.get("obligated") is True else "data"
    return "gap" if issued.get("basis") == "44_4_zulassung" else None


def s04(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "CourseEntitlementIssued"):
        kind = _admission(trigger)
        proven = bool(earlier(proofs_of_b1(view), trigger))
        if kind is None or proven or course_runs(view, trigger):
            continue
        if not in_force("S04.lead", trigger.latest):
            continue
        issued = trigger.days("issued_on") or trigger.own
        end = trigger.days("lapses_on") or Days(
            later(issued.earliest, "S04.admission", trigger.latest),
            later(issued.latest, "S04.admission", trigger.latest),
        )
        rows += settle(
            "S04",
            view,
            trigger,
            window_of_lead(trigger, end, "S04.lead", own_end=True, law_of=trigger.latest),
            end.latest,
            kind=kind,
            followed=_courses_since(view, trigger),
            cancelled=[*_b1_since(view, trigger), *_school_since(view, trigger)],
            superseded=facts_after(view, trigger, "CourseEntitlementIssued"),
        )
    return rows


# S06, S07, S08


def _fell_through(view: View, report: Told) -> bool:
    registered = facts_before(view, report, "CourseRegistered", "VocationalCourseRegistered")
    ours = not registered or is_integration_course(registered[-1])
    assigned = report.get("reassignment") is True or report.get("new_start") is not None
    return ours and not assigned


def s06(view: View) -> list[Row]:
    triggers = [one for one in of(view, "CourseNotRealised") if _fell_through(view, one)]
    rows: list[Row] = []
    for trigger in triggers:
        courses = integration_courses(facts_after(view, trigger))
        rows += settle(
            "S06",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "S06.response"),
            followed=[*courses, *since(view, trigger, "CourseStartAnnounced")],
            cancelled=_b1_since(view, trigger),
            superseded=_later_of(triggers, trigger),
        )
    return rows


def _starts(facts: Iterable[Told]) -> View:
    return [one for one in facts if one.type == "CourseStarted" and is_integration_course(one)]


def _attends(view: View, registration: Told) -> bool:
    started = _starts(facts_before(view, registration))
    if not started:
        return False
    ends = facts_after(view, started[-1], "CourseCompleted", "CourseAborted")
    return not any(before(one, registration) for one in ends)


def s07(view: View) -> list[Row]:
    triggers = [
        one
        for one in integration_courses(view)
        if one.type == "CourseRegistered"
        and not _attends(view, one)
        and in_force("S07.start", one.latest)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        law = trigger.latest
        end = Days(
            later(trigger.earliest, "S07.start", law), later(trigger.latest, "S07.start", law)
        )
        proofs = facts_after(
            view, trigger, "ModuleCompleted", "CourseInterrupted", "CourseCompleted"
        )
        fallen = facts_after(view, trigger, "CourseNotRealised", "CourseAborted")
        rows += settle(
            "S07",
            view,
            trigger,
            window_of_lead(trigger, end, "S07.lead", law_of=law),
            end.latest,
            followed=[*_starts(since(view, trigger)), *proofs],
            cancelled=[*_b1_since(view, trigger), *fallen],
            superseded=_later_of(triggers, trigger),
        )
    return rows


ATTENDANCE = (
    "CourseInterrupted",
    "CourseResumed",
    "CourseStarted",
    "CourseCompleted",
    "CourseAborted",
)


def _interrupts(view: View, trigger: Told) -> bool:
    started = facts_before(view, trigger, "CourseStarted")
    last = facts_before(view, trigger, *ATTENDANCE)
    ours = not started or is_integration_course(started[-1])
    return ours and not (last and last[-1].type == "CourseInterrupted")


def s08(view: View) -> list[Row]:
    triggers = [
        one
        for one in of(view, "CourseInterrupted")
        if _interrupts(view, one) and in_force("S08.interruption", one.latest)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        started = _starts(facts_after(view, trigger))
        ended = facts_after(view, trigger, "CourseCompleted", "CourseAborted")
        rows += settle(
            "S08",
            view,
            trigger,
            later(trigger.latest, "S08.warning"),
            later(trigger.latest, "S08.interruption"),
            followed=[*since(view, trigger, "CourseResumed"), *started],
            cancelled=[*_b1_since(view, trigger), *ended],
            superseded=_later_of(triggers, trigger),
        )
    return rows


# S09


def _is_talk(contact: Told) -> bool:
    fields = contact.get("fields") or []
    return contact.get("no_show") is not True and (not fields or "sprache" in fields)


def _talks(view: View, trigger: Told) -> View:
    return [one for one in since(view, trigger, "ContactHeld") if _is_talk(one)]


def _returns(view: View, trigger: Told) -> View:
    return facts_after(view, trigger, "CourseResumed", "CourseStarted")


def s09_triggers(view: View) -> View:
    triggers: View = []
    for fact in of(view, "AttendanceWarningIssued", "CourseAborted"):
        if fact.type == "AttendanceWarningIssued":
            if fact.get("excused") is True:
                continue
            if triggers and not any(
                before(one, fact)
                for one in _talks(view, triggers[-1]) + _returns(view, triggers[-1])
            ):
                continue
        triggers.append(fact)
    return triggers


def s09(view: View) -> list[Row]:
    triggers = s09_triggers(view)
    rows: list[Row] = []
    for trigger in triggers:
        rows += settle(
            "S09",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "S09.response"),
            followed=_talks(view, trigger),
            cancelled=_returns(view, trigger),
            superseded=_later_of(triggers, trigger),
        )
    return rows


# S10, S11


def _has_language_part(view: View, completed: Told) -> bool:
    courses = facts_before(view, completed, "CourseStarted") or facts_before(
        view, completed, "CourseRegistered"
    )
    kind = courses[-1].get("kind") if courses else None
    return kind is None or kind.startswith("IK_")


def _was_tested(view: View, completed: Told) -> bool:
    marks = facts_before(view, completed, "CourseStarted", "CourseCompleted")
    return any(
        not marks or before(marks[-1], test) for test in earlier(language_tests(view), completed)
    )


def s10(view: View) -> list[Row]:
    triggers = [
        one
        for one in of(view, "CourseCompleted")
        if _has_language_part(view, one) and not _was_tested(view, one)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        tests = language_tests(since(view, trigger))
        rows += settle(
            "S10",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "S10.response"),
            followed=[*tests, *since(view, trigger, "IntegrationCourseCertificateIssued")],
            cancelled=_starts(facts_after(view, trigger)),
            superseded=_later_of(triggers, trigger),
        )
    return rows


TRAINING_ENDS = (
    "TrainingCompleted",
    "TrainingAborted",
    "TrainingInterrupted",
    "TrainingFinallyFailed",
)


def _is_busy(view: View, test: Told) -> bool:
    training = facts_before(view, test, "TrainingStarted")
    trains = bool(training) and not any(
        before(one, test) for one in facts_after(view, training[-1], *TRAINING_ENDS)
    )
    works = any(job_runs(job, test) for job in jobs_of(view))
    return trains or works or school_runs(view, test)


def s11(view: View) -> list[Row]:
    triggers = [
        one
        for one in language_tests(view)
        if not at_least_b1(level_of_test(one))
        and not earlier(proofs_of_b1(view), one)
        and not _is_busy(view, one)
    ]
    steps = (
        "VocationalLanguageEntitlementIssued",
        "VocationalCourseRegistered",
        "VocationalCourseStarted",
    )
    rows: list[Row] = []
    for trigger in triggers:
        rows += settle(
            "S11",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "S11.response"),
            kind="data" if level_of_test(trigger) is None else "gap",
            followed=[
                *[one for one in since(view, trigger, "RepetitionGranted") if _is_repetition(one)],
                *since(view, trigger, *steps),
                *_b1_since(view, trigger),
                *facts_after(view, trigger, "CourseRegistered", "CourseStarted"),
            ],
            cancelled=[
                *since(view, trigger, "EmploymentStarted", "TrainingStarted"),
                *_school_since(view, trigger),
            ],
            superseded=_later_of(triggers, trigger),
        )
    return rows


def _is_repetition(granted: Told) -> bool:
    of_right = granted.get("kind") in ("IK_ALPHA", "IK_FOERDER", None)
    return of_right or in_force("S11.general_repetition", granted.latest)


# S12, S13, S14

CERTIFICATE = "IntegrationCourseCertificateIssued"


def s12(view: View) -> list[Row]:
    tests = [one for one in view if is_b1_test(one)]
    passed = [one for one in view if is_lid_passed(one) or one.type == CERTIFICATE]
    ebt = [one for one in view if is_ebt_passed(one)]
    if not tests or earlier([*passed, *ebt], tests[0]):
        return []
    trigger = tests[0]
    untold = any(
        all(one.get(name) is None for name in ("points", "passed_ok", "passed_natural"))
        for one in of(view, "CivicsTestTaken")
    )
    return settle(
        "S12",
        view,
        trigger,
        trigger.latest,
        later(trigger.latest, "S12.response"),
        kind="data" if untold else "gap",
        followed=[one for one in since(view, trigger) if one in passed],
        cancelled=[one for one in since(view, trigger) if one in ebt],
    )


def both_tests(view: View) -> View:
    """The first B1 test and the first LiD passed in the order of G3; empty unless both are there."""
    b1 = [one for one in view if is_b1_test(one)]
    lid = [one for one in view if is_lid_passed(one)]
    if not b1 or not lid:
        return []
    return sorted([b1[0], lid[0]], key=lambda one: one.rank)


def s13(view: View) -> list[Row]:
    tests = both_tests(view)
    if not tests or earlier(of(view, CERTIFICATE), tests[-1]):
        return []
    return settle(
        "S13",
        view,
        tests[-1],
        tests[-1].latest,
        later(tests[-1].latest, "S13.response"),
        followed=since(view, tests[-1], CERTIFICATE),
    )


SPECIAL = ("IK_ALPHA", "IK_ZWEITSCHRIFT", "IK_FOERDER", "IK_JUGEND", "IK_ELTERN_FRAUEN")


def success(view: View) -> View:
    """The facts of the success, the last of them is the trigger."""
    tests = both_tests(view)
    certificates = of(view, CERTIFICATE)
    if certificates and (not tests or before(certificates[0], tests[-1])):
        return certificates[:1]
    return tests


def end_of_refund(view: View, trigger: Told) -> date | None:
    entitlements = of(view, "CourseEntitlementIssued")
    if not entitlements or not entitlements[0].dated:
        return None
    issued = entitlements[0].day("issued_on") or entitlements[0].latest
    is_special = last_told_kind(view, trigger) in SPECIAL
    return later(issued, "S14.special" if is_special else "S14.refund")


def s14(view: View) -> list[Row]:
    facts = success(view)
    if not facts:
        return []
    trigger = facts[-1]
    settled = of(view, "FeeExemptionGranted", "FeeRefundApplied", "FeeRefundGranted")
    end = end_of_refund(view, trigger)
    too_late = end is not None and any(one.dated and one.earliest > end for one in facts)
    if earlier(settled, trigger) or too_late:
        return []
    return settle(
        "S14",
        view,
        trigger,
        trigger.latest,
        end,
        kind="data" if end is None else "chance",
        followed=since(view, trigger, "FeeRefundApplied", "FeeRefundGranted"),
        cancelled=since(view, trigger, "FeeExemptionGranted", "FeeRefundRefused"),
    )


# S17, S18


def s17(view: View) -> list[Row]:
    triggers = [
        one for one in of(view, "VocationalCourseRegistered") if in_force("S17.weeks", one.latest)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        completed = facts_after(view, trigger, "VocationalCourseCompleted")
        rows += settle(
            "S17",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "S17.weeks"),
            followed=[*since(view, trigger, "VocationalCourseStarted"), *completed],
            cancelled=facts_after(view, trigger, "VocationalCourseAborted"),
            superseded=_later_of(triggers, trigger),
        )
    return rows


def proof_for_course(view: View, registration: Told) -> Told | None:
    tests = [one for one in facts_before(view, registration) if is_b1_test(one)]
    return tests[-1] if tests and tests[-1].get("test_kind") != "DTZ" else None


def proof_for_vocational(view: View, registration: Told) -> Told | None:
    proofs = [
        one
        for one in facts_before(view, registration)
        if one.type in ("PlacementTestTaken", CERTIFICATE)
        or (is_language_test(one) and level_of_test(one) is not None)
    ]
    return proofs[-1] if proofs else None


def kind_of_proof(proof: Told | None, registration: Told, age: str) -> str | None:
    """None: there is no proof, it is not too old, or the law does not yet ask."""
    if proof is None or not in_force(age, registration.latest):
        return None
    day = proof.day("certificate_date")
    if day is None and not proof.dated:
        return "data"
    last = later(day or proof.latest, age, registration.latest)
    return "gap" if registration.latest > last else None


def s18(view: View) -> list[Row]:
    courses = [one for one in integration_courses(view) if one.type == "CourseRegistered"]
    vocational = of(view, "VocationalCourseRegistered")
    course_kinds = [
        (one, kind_of_proof(proof_for_course(view, one), one, "S18.course")) for one in courses
    ]
    vocational_kinds = [
        (one, kind_of_proof(proof_for_vocational(view, one), one, "S18.vocational"))
        for one in vocational
    ]
    return [
        *_s18_of(
            view,
            course_kinds,
            followed=(CERTIFICATE,),
            cancelled=("CourseNotRealised", "CourseAborted"),
        ),
        *_s18_of(
            view,
            vocational_kinds,
            followed=("PlacementTestTaken", "VocationalCourseStarted", "VocationalCourseCompleted"),
            cancelled=("VocationalCourseAborted",),
        ),
    ]


def _s18_of(
    view: View,
    kinds: list[tuple[Told, str | None]],
    followed: tuple[str, ...],
    cancelled: tuple[str, ...],
) -> list[Row]:
    triggers = [one for one, kind in kinds if kind is not None]
    rows: list[Row] = []
    for trigger, kind in kinds:
        if kind is not None:
            rows += settle(
                "S18",
                view,
                trigger,
                trigger.latest,
                None,
                kind=kind,
                followed=[
                    *language_tests(since(view, trigger)),
                    *since(view, trigger, *followed),
                ],
                cancelled=facts_after(view, trigger, *cancelled),
                superseded=_later_of(triggers, trigger),
            )
    return rows


# S19

LANGUAGE_EVENTS = (
    *("PlacementTestTaken", "CourseEntitlementIssued", "CourseRegistered"),
    *("CourseStartAnnounced", "CourseStarted", "ModuleCompleted", "CourseResumed"),
    *("CourseCompleted", "LanguageTestTaken", "CivicsTestTaken", CERTIFICATE),
    *("RepetitionGranted", "VocationalLanguageEntitlementIssued"),
    *("VocationalCourseRegistered", "VocationalCourseStarted", "VocationalCourseCompleted"),
    *("OrientationCourseStarted", "OrientationCourseCompleted"),
)


@dataclass
class Stretch:
    """A stretch without a language event: the fact that begins it and the one that closes it."""

    fact: Told
    closing: Told | None = None
    followed: bool = False


def watched_stretches(view: View) -> list[Stretch]:
    found: list[Stretch] = []
    running: Stretch | None = None
    barrier = school = False
    for fact, _, after in case_history(view):
        if fact.type == "HealthBarrierReported" and fact.get("severity") in ("moderate", "severe"):
            barrier = True
        if fact.type == "HealthBarrierResolved":
            barrier = False
        if is_own_school(fact):
            school = True
        if fact.type == "SchoolLeft" and fact.get("child_ref") is None:
            school = False
        watched = bool(active(after)) and not barrier and not school
        is_event = fact.type in LANGUAGE_EVENTS
        if running is not None and (is_event or not watched):
            running.closing, running.followed = fact, is_event
            running = None
        if running is None and watched:
            running = Stretch(fact)
            found.append(running)
    return found


def level_told(fact: Told) -> str | None:
    if fact.type == "PlacementTestTaken":
        return fact.get("level")
    if fact.type in ("ModuleCompleted", "CourseStarted"):
        return fact.get("level_reached")
    if fact.type == "LanguageTestTaken":
        return level_of_test(fact)
    return "B1" if fact.type == CERTIFICATE else None


def s19(view: View) -> list[Row]:
    rows: list[Row] = []
    born = days_of_birth(view)
    for stretch in watched_stretches(view):
        fact, day = stretch.fact, stretch.fact.latest
        known = [*facts_before(view, fact), fact]
        levels = [level_told(one) for one in known if level_told(one) is not None]
        if proofs_of_b1(known) or (levels and at_least_b1(levels[-1])):
            continue
        if surely_under(born, bound("S19.youngest", day), day):
            continue
        if surely_reached(born, bound("S19.oldest", day), day):
            continue
        due = later(day, "S19.response")
        day_of = partial(_closing_day, day, due)
        days = [] if stretch.closing is None else [day_of(stretch.closing)]
        found = settle(
            "S19",
            view,
            fact,
            day,
            due,
            kind="gap" if levels else "data",
            followed=days if stretch.followed else [],
            cancelled=[] if stretch.followed else days,
            ending_on=day_of,
        )
        rows += [row for row in found if row.closes_on is None or row.closes_on > day]
    return rows


def _closing_day(first: date, due: date, closing: Told) -> date:
    if closing.dated:
        return counts_on(closing, due)
    return max(first, min(closing.latest, due))


READERS = {
    "S02": s02,
    "S04": s04,
    "S06": s06,
    "S07": s07,
    "S08": s08,
    "S09": s09,
    "S10": s10,
    "S11": s11,
    "S12": s12,
    "S13": s13,
    "S14": s14,
    "S17": s17,
    "S18": s18,
    "S19": s19,
}
