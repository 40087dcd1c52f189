"""Language (terms of the rules): what is earlier, tests and their level, civics tests, age."""

from collections.abc import Iterable
from datetime import date

from tests.second_reading.basis import (
    Days,
    Told,
    View,
    counts_from,
    days_of,
    facts_before,
    of,
    plus_days,
    plus_years,
)
from tests.second_reading.courses import integration_courses

LEVELS = ("PRE_A1", "A1", "A2", "B1", "B2", "C1", "C2")
NO_LANGUAGE_TEST = ("EINSTUFUNG", "LID", "EBT")


def earlier(facts: Iterable[Told], trigger: Told) -> View:
    """Those that do not count from the trigger on (G4)."""
    return [one for one in facts if one.id != trigger.id and not counts_from(one, trigger)]


def at_least_b1(level: str | None) -> bool:
    return level is not None and LEVELS.index(level) >= LEVELS.index("B1")


def is_language_test(fact: Told) -> bool:
    return fact.type == "LanguageTestTaken" and fact.get("test_kind") not in NO_LANGUAGE_TEST


def language_tests(view: View) -> View:
    return [fact for fact in view if is_language_test(fact)]


def level_of_test(test: Told) -> str | None:
    """The lowest level told for a skill, else the result; None: unknown."""
    skills = [level for level in (test.get("per_skill") or {}).values() if level is not None]
    return min(skills, key=LEVELS.index) if skills else test.get("result")


def is_b1_test(fact: Told) -> bool:
    return is_language_test(fact) and at_least_b1(level_of_test(fact))


def is_proof_of_b1(fact: Told) -> bool:
    return is_b1_test(fact) or fact.type == "IntegrationCourseCertificateIssued"


def proofs_of_b1(facts: Iterable[Told]) -> View:
    return [fact for fact in facts if is_proof_of_b1(fact)]


def is_lid_passed(fact: Told) -> bool:
    if fact.type != "CivicsTestTaken" or fact.get("kind") == "EBT":
        return False
    if fact.get("points") is not None:
        return bool(fact.get("points") >= 15)
    if fact.get("passed_ok") is None:
        return fact.get("passed_natural") is True
    return fact.get("passed_ok") is True


def is_ebt_passed(fact: Told) -> bool:
    points = fact.get("points")
    if fact.type == "NaturalisationTestTaken":
        return points is not None and points >= 17
    if fact.type != "CivicsTestTaken" or fact.get("kind") != "EBT":
        return False
    return fact.get("passed_natural") is True if points is None else bool(points >= 17)


def last_told_kind(view: View, trigger: Told) -> str | None:
    """The last told ``kind`` of an integration course before the trigger (G3)."""
    kinds = [
        one.get("kind")
        for one in integration_courses(facts_before(view, trigger))
        if one.get("kind") is not None
    ]
    return kinds[-1] if kinds else None


# Age


def days_of_birth(view: View) -> Days | None:
    told = [one.get("birth_date") for one in of(view, "PersonIdentified")]
    years = [one.get("birth_year") for one in of(view, "JourneyStarted")]
    known = [text for text in told if text] or [str(year) for year in years if year]
    return days_of(known[-1]) if known else None


def _birthday(born: date, age: int) -> date:
    day = plus_years(born, age)
    return plus_days(day, 1) if (born.month, born.day) == (2, 29) and day.day == 28 else day


def surely_under(born: Days | None, age: int, day: date) -> bool:
    return born is not None and day < _birthday(born.earliest, age)


def surely_reached(born: Days | None, age: int, day: date) -> bool:
    return born is not None and day >= _birthday(born.latest, age)
