"""In care and turning 18: M04."""

from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    bound,
    counts_on,
    of,
    plus_days,
    row_of_missing_end,
    settle,
    since,
)
from tests.second_reading.benefits import Benefit, benefits_of
from tests.second_reading.family import birthday
from tests.second_reading.language import days_of_birth

GRANTS = ("BenefitGranted", "BenefitExtended")
ENDS = ("BenefitEnded", "RechtskreisChangeCompleted")


def _tells_care(fact: Told) -> bool:
    if fact.type in GRANTS:
        return fact.get("rechtskreis") == "SGB_VIII"
    return fact.type in ("GuardianAppointed", "MinorTurnedAdult")


def eighteenth(view: View) -> Days | None:
    """The possible days of the eighteenth birthday."""
    told = of(view, "MinorTurnedAdult")
    if told:
        return told[-1].days("on") or told[-1].own
    born = days_of_birth(view)
    if born is None:
        return None
    age = bound("M04.age", born.latest)
    return Days(birthday(born.earliest, age), birthday(born.latest, age))


def m04(view: View) -> list[Row]:
    care, adult = [one for one in view if _tells_care(one)], eighteenth(view)
    if adult is None:
        rows: list[Row] = []
        for trigger in care[:1]:
            helped = since(view, trigger, "HelpContinued")
            rows += row_of_missing_end("M04", view, trigger, followed=helped)
        return rows
    window = plus_days(adult.earliest, -bound("M04.lead", adult.earliest))
    minor = [one for one in care if one.latest < adult.latest and _lasts(view, one, window)]
    for trigger in (minor or of(view, "MinorTurnedAdult"))[:1]:
        begins = max(window, trigger.latest)
        due = plus_days(adult.latest, -1)
        handed = _handed_over(view, trigger, begins, due)
        return settle(
            "M04",
            view,
            trigger,
            begins,
            due,
            followed=[*_goes_on(view, adult.latest), *([] if handed is None else [handed])],
        )
    return []


def _lasts(view: View, fact: Told, day: date) -> bool:
    """Not a grant whose benefit is none, or was ended before the day."""
    granted = fact.type in GRANTS or fact.type == "HelpContinued"
    return not granted or any(
        fact in one.facts and not (_is_ended(one) and one.last is not None and one.last < day)
        for one in benefits_of(view)
    )


def _is_ended(benefit: Benefit) -> bool:
    return benefit.ended and benefit.by.type in ENDS


# Help that goes on past the birthday


def _goes_on(view: View, birthday_: date) -> View:
    ended = [
        one.begun
        for one in benefits_of(view)
        if one.rechtskreis == "SGB_VIII"
        and _is_ended(one)
        and one.last is not None
        and one.last >= birthday_
    ]
    lasting = [one for one in view if _lasts_until(one, birthday_) and _lasts(view, one, birthday_)]
    return [*ended, *lasting]


def _lasts_until(fact: Told, birthday_: date) -> bool:
    until = fact.day("until")
    if fact.type == "HelpContinued":
        return until is None or until >= birthday_
    if fact.type not in GRANTS or fact.get("rechtskreis") != "SGB_VIII":
        return False
    if until is not None:
        return until >= birthday_
    return (fact.day("from") or fact.latest) >= birthday_


# Handover and the next benefit


def _is_handover(fact: Told) -> bool:
    reasons = ("age18", "rechtskreis", None)
    return fact.type == "HandoverAccepted" and fact.get("reason") in reasons


def _is_next_livelihood(fact: Told) -> bool:
    if fact.type == "LivelihoodSecured":
        return fact.get("degree") == "full"
    return fact.type in ("BenefitApplied", *GRANTS) and fact.get("rechtskreis") != "SGB_VIII"


def _handed_over(view: View, trigger: Told, begins: date, due: date) -> date | None:
    """The day on which the later of the two counts."""
    counting = [
        one for one in view if (one.latest >= begins if one.dated else before(trigger, one))
    ]
    handovers = [counts_on(one, due) for one in counting if _is_handover(one)]
    livelihoods = [counts_on(one, due) for one in counting if _is_next_livelihood(one)]
    if not handovers or not livelihoods:
        return None
    return max(min(handovers), min(livelihoods))


READERS = {"M04": m04}
