"""Integration courses, own school and proofs of B1 (terms of the start rules)."""

from tests.second_reading.basis import Told, View, facts_before, of

B1_AND_MORE = ("B1", "B2", "C1", "C2")


def is_integration_course(fact: Told) -> bool:
    kind = fact.get("kind")
    return fact.type in ("CourseRegistered", "CourseStarted") and (
        kind is None or kind.startswith("IK_") or kind == "OK_ONLY"
    )


def integration_courses(view: View) -> View:
    return [fact for fact in view if is_integration_course(fact)]


def is_own_school(fact: Told) -> bool:
    return fact.type == "SchoolStarted" and fact.get("child_ref") is None


def own_school(view: View) -> View:
    return [fact for fact in view if is_own_school(fact)]


def still_runs(view: View, begun: View, fact: Told, *ends: str) -> bool:
    """The latest of these facts before the fact is not followed by an end before it (G3)."""
    earlier = [one for one in begun if one.rank < fact.rank]
    if not earlier:
        return False
    return not any(earlier[-1].rank < one.rank < fact.rank for one in of(view, *ends))


def course_runs(view: View, fact: Told) -> bool:
    """An integration course begun before the fact still runs."""
    ends = ("CourseCompleted", "CourseAborted", "CourseNotRealised")
    return still_runs(view, integration_courses(view), fact, *ends)


def school_runs(view: View, fact: Told) -> bool:
    """Own school begun before the fact still runs."""
    earlier = [one for one in facts_before(view, fact) if is_own_school(one)]
    left = [one for one in of(view, "SchoolLeft") if one.get("child_ref") is None]
    return bool(earlier) and not any(earlier[-1].rank < one.rank < fact.rank for one in left)


def proves_b1(fact: Told) -> bool:
    """B1 proven as S01 has it: a placement test counts too."""
    if fact.type == "IntegrationCourseCertificateIssued":
        return True
    if fact.type != "LanguageTestTaken":
        return False
    skills = [level for level in (fact.get("per_skill") or {}).values() if level is not None]
    return all(level in B1_AND_MORE for level in skills or [fact.get("result")])
