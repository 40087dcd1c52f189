"""Responsible law (terms of the rules): what benefits fit the status of a day."""

from collections.abc import Callable
from datetime import date

from tests.second_reading.basis import (
    Told,
    View,
    bound,
    facts_before,
    first_of_month,
    plus_days,
    plus_months,
)
from tests.second_reading.residence import Stretch, status_on
from tests.second_reading.rules_a4 import Period, runs_of

LIVELIHOOD_LAWS = (
    *("ASYLBLG_2", "ASYLBLG_3", "SGB_II", "SGB_XII_3", "SGB_XII_4"),
    *("SGB_XII_23_1", "SGB_XII_23_3_BRIDGE"),
)
OF_STATUS = {
    **dict.fromkeys(("gestattung", "duldung", "obliged"), "L09.asylum"),
    "free_movement": "L09.free",
    "german": "L09.german",
}
OTHER_LAWS = ("ASYLG_", "FREIZUEGG_", "BVFG_", "VISA_", "UKRAINE_", "AUSLG", "BUEMA", "DEUTSCH")
NO_TITLES = ("60", "81", "15A")
CHANGES_OF_LAW = (date(2005, 1, 1), date(2015, 3, 1), date(2022, 6, 1), date(2022, 9, 1))


def codes_that_fit(view: View, one: Stretch, day: date) -> list[str] | None:
    """The codes that fit on a day of the stretch; None: nothing is known."""
    if one.status in OF_STATUS:
        return list(bound(OF_STATUS[one.status], day))
    if one.status == "protected":
        return None if one.basis == "25_3" else list(bound("L09.title", day))
    if one.status not in ("title", "fiktion"):
        return None
    fact = one.rests_on
    assert fact is not None
    may_not_work = fact.get("work") == "keine" or fact.get("work_allowed") is False
    title = list(bound("L09.no_work" if may_not_work else "L09.title", day))
    if one.status == "fiktion" and fact.type == "FictionCertificateIssued":
        return title
    return _of_title(view, one, day, title)


def _of_title(view: View, one: Stretch, day: date, title: list[str]) -> list[str] | None:
    basis = one.basis
    if basis is None or basis.startswith(OTHER_LAWS) or basis.startswith(NO_TITLES):
        return None
    if basis in ("23_1", "24", "25_4"):
        return list(bound(f"L09.{basis}", day))
    if basis == "25_5":
        return _of_25_5(view, one, day, title)
    return title


def end_of_suspension(view: View, grant: Told) -> tuple[date, bool]:
    """The day s of § 25 (5), and whether a Duldung tells it."""
    tolerated = facts_before(view, grant, "ToleranceIssued")
    begun = tolerated[0] if tolerated else grant
    return plus_months(begun.latest, 18), bool(tolerated)


def _of_25_5(view: View, one: Stretch, day: date, title: list[str]) -> list[str]:
    assert one.rests_on is not None
    asylum = list(bound("L09.asylum", day))
    s, is_told = end_of_suspension(view, one.rests_on)
    if day <= date(2015, 2, 28):
        return asylum
    if not is_told:
        return [*title, *asylum] if day <= s else title
    return asylum if day <= s else title


def fits(view: View, stay: list[Stretch], rechtskreis: str | None, day: date) -> bool:
    return rechtskreis in (codes_that_fit(view, status_on(stay, day), day) or [])


def days_that_do_not_fit(view: View, stay: list[Stretch], rechtskreis: str) -> list[Period]:
    changes = {one.first for one in stay if one.first > date.min} | set(CHANGES_OF_LAW)
    changes |= {
        plus_days(end_of_suspension(view, one.rests_on)[0], 1)
        for one in stay
        if one.basis == "25_5" and one.rests_on is not None
    }
    months = {first_of_month(day) for day in changes}
    months |= {plus_months(month, 1) for month in months}
    days = sorted(changes | months)
    is_unfit = _unfit(view, stay, rechtskreis, days)
    return runs_of(days, is_unfit)


def _unfit(
    view: View, stay: list[Stretch], rechtskreis: str, days: list[date]
) -> Callable[[date], bool]:
    def is_unfit(day: date) -> bool:
        if codes_that_fit(view, status_on(stay, day), day) is None:
            return False
        month = first_of_month(day)
        in_month = [month, *(one for one in days if first_of_month(one) == month)]
        return not any(fits(view, stay, rechtskreis, one) for one in in_month)

    return is_unfit
