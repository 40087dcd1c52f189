"""Courses: who may claim one, the integration course that runs, full-time courses, own school, language tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.chain.reading import Seen, View

CLAIM_BY_BASIS = frozenset(
    f"AUFENTHG_{code}"
    for code in (
        *("18A", "18B", "18D", "18G", "19C", "21", "23_2", "23_4", "25_1", "25_2_FL", "25_2_SUB"),
        *("25_4A", "25B", "28", "29", "30", "32", "36", "36A", "38A"),
    )
)
"""The bases of the titles that may give a claim to an integration course (§ 44 (1) AufenthG)."""

_B1_OR_MORE = frozenset({"B1", "B2", "C1", "C2"})
NO_LANGUAGE_TEST = frozenset({"EINSTUFUNG", "LID", "EBT"})
_COURSE_ENDS = ("CourseCompleted", "CourseAborted", "CourseInterrupted", "CourseStarted")


def claims_course(grant: Seen) -> bool:
    """Say whether a title gives a claim to a course, or may give one by its basis."""
    claim = grant.get("course_claim")
    return claim is True or (claim is None and grant.get("basis") in CLAIM_BY_BASIS)


def integration_course(one: Seen) -> bool:
    """Say whether a registration or start is for an integration course, or does not say for what."""
    kind = one.get("kind")
    return kind is None or kind == "OK_ONLY" or kind.startswith("IK_")


def integration_courses(view: View) -> list[Seen]:
    """Return the registrations for and starts of integration courses, in order."""
    return [one for one in view.of("CourseRegistered", "CourseStarted") if integration_course(one)]


def integration_course_running(view: View, at: Seen) -> Seen | None:
    """Return the latest integration course begun before a fact, if it still runs there."""
    begun = [one for one in integration_courses(view) if one.rank < at.rank]
    if not begun:
        return None
    ended = view.after(begun[-1], "CourseCompleted", "CourseAborted", "CourseNotRealised")
    return None if any(one.rank < at.rank for one in ended) else begun[-1]


def integration_course_attended(view: View, at: Seen) -> Seen | None:
    """Return the latest start of an integration course before a fact, if that course has not ended there."""
    begun = [one for one in view.before(at, "CourseStarted") if integration_course(one)]
    if not begun:
        return None
    ended = view.after(begun[-1], "CourseCompleted", "CourseAborted")
    return None if any(one.rank < at.rank for one in ended) else begun[-1]


def own_school(view: View) -> list[Seen]:
    """Return the starts of the person's own school, not a child's."""
    return [one for one in view.of("SchoolStarted") if one.get("child_ref") is None]


def own_school_running(view: View, at: Seen) -> Seen | None:
    """Return the own school begun before a fact, if it still runs there."""
    begun = [one for one in own_school(view) if one.rank < at.rank]
    if not begun:
        return None
    left = [one for one in view.after(begun[-1], "SchoolLeft") if one.get("child_ref") is None]
    return None if any(one.rank < at.rank for one in left) else begun[-1]


def proofs_of_b1(view: View) -> list[Seen]:
    """Return the facts that prove B1: the certificate, or a test with B1 in every skill."""
    return [
        one
        for one in view.of("IntegrationCourseCertificateIssued", "LanguageTestTaken")
        if one.type == "IntegrationCourseCertificateIssued" or _reaches_b1(one)
    ]


def language_tests(view: View) -> list[Seen]:
    """Return the tests of language: neither placement tests nor tests of civics."""
    return [
        one for one in view.of("LanguageTestTaken") if one.get("test_kind") not in NO_LANGUAGE_TEST
    ]


def tests_of_b1(view: View) -> list[Seen]:
    """Return the tests of language that reach B1 in every skill."""
    return [one for one in language_tests(view) if _reaches_b1(one)]


def tested_or_certified_b1(view: View) -> list[Seen]:
    """Return the tests of B1 and the certificates of the integration course: no placement test is one."""
    return [*tests_of_b1(view), *view.of("IntegrationCourseCertificateIssued")]


def _reaches_b1(test: Seen) -> bool:
    per_skill = test.get("per_skill")
    if per_skill:
        return all(level in _B1_OR_MORE for level in per_skill.values())
    return test.get("result") in _B1_OR_MORE


@dataclass(frozen=True, slots=True)
class Attendance:
    """A course attended from one fact to the next that ends it; ``mode`` None: not told."""

    begin: Seen
    end: Seen | None
    mode: str | None


def attendances(view: View) -> Iterator[Attendance]:
    """Yield every stretch of a course; a resumed course begins again with its own id and the same mode."""
    begin: Seen | None = None
    mode: str | None = None
    interrupted = False
    for one in view.of(*_COURSE_ENDS, "CourseResumed"):
        if one.type == "CourseResumed":
            if begin is None and interrupted:
                begin, interrupted = one, False
            continue
        interrupted = one.type == "CourseInterrupted" and (begin is not None or interrupted)
        if begin is not None:
            yield Attendance(begin, one, mode)
            begin = None
        if one.type == "CourseStarted":
            begin, mode = one, one.get("mode")
    if begin is not None:
        yield Attendance(begin, None, mode)
