"""Recognition: E01, E02, E03, E04."""

from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    facts_after,
    in_force,
    later,
    next_working_day,
    of,
    same_or_missing,
    settle,
    since,
)
from tests.second_reading.language import earlier

ADVISED = ("RecognitionAdvised", "RecognitionApplied", "RecognitionDecided")


# E01


def _is_schooling(report: Told) -> bool:
    """The first digit of ``isced`` is below 3."""
    digits = [sign for sign in report.get("isced") or "" if sign.isdigit()]
    return bool(digits) and int(digits[0]) < 3


def e01(view: View) -> list[Row]:
    triggers = [
        one
        for one in of(view, "QualificationReported")
        if not _is_schooling(one) and not earlier(of(view, *ADVISED), one)
    ]
    rows: list[Row] = []
    for trigger in triggers:
        declined = [
            one
            for one in since(view, trigger, "OfferDeclined")
            if one.get("field") == "anerkennung"
        ]
        rows += settle(
            "E01",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "E01.response"),
            followed=since(view, trigger, *ADVISED),
            cancelled=declined,
            superseded=facts_after(triggers, trigger),
        )
    return rows


# Terms "Recognition"


def is_lasting_licence(fact: Told) -> bool:
    if fact.type != "ProfessionalLicenceGranted":
        return False
    kind = fact.get("kind")
    if kind is None:
        return fact.get("valid_until") is None
    return "approbation" in kind.lower()


def decisions(facts: View) -> View:
    return [one for one in facts if one.type == "RecognitionDecided" or is_lasting_licence(one)]


def of_application(view: View, application: Told, *types: str) -> View:
    """Facts from the application on that name it, or name none and fit its body."""
    return [
        one
        for one in since(view, application, *types)
        if one.get("application") == application.id
        or (one.get("application") is None and same_or_missing(one, application, "body"))
    ]


def applied_again(view: View, application: Told) -> View:
    return [
        one
        for one in facts_after(view, application, "RecognitionApplied")
        if same_or_missing(one, application, "body")
        and same_or_missing(one, application, "occupation")
    ]


def answered_on(answers: View, due: date | None) -> list[date]:
    """An answer of an office counts on its latest day, undated on ``due_on``."""
    return [one.latest if one.dated or due is None else due for one in answers]


# E02


def e02(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "RecognitionApplied"):
        if not in_force("E02.months", trigger.latest):
            continue
        due = next_working_day(later(trigger.latest, "E02.months"))
        answers = of_application(
            view,
            trigger,
            "ReceiptConfirmed",
            "DocumentsRequested",
            "RecognitionPeriodExtended",
            "QualificationAnalysisStarted",
        )
        answers += decisions(since(view, trigger))
        rows += settle(
            "E02",
            view,
            trigger,
            trigger.latest,
            due,
            followed=answered_on(answers, due),
            superseded=applied_again(view, trigger),
        )
    return rows


# E03


def _lists(view: View, application: Told, by: date) -> View:
    """Lists of missing papers told by the day."""
    told = of_application(view, application, "DocumentsRequested", "ReceiptConfirmed")
    return [
        one
        for one in told
        if (one.type == "DocumentsRequested" or one.get("complete") is False)
        and (not one.dated or one.earliest <= by)
    ]


def _complete_on(view: View, application: Told, receipt: date, listed: View) -> date | None:
    confirmed = [
        one.latest
        for one in of_application(view, application, "ReceiptConfirmed")
        if one.get("complete") is True
    ][:1]
    told = application.day("complete_on")
    if told is None and confirmed and (listed or confirmed[0] <= receipt):
        told = confirmed[0]
    if told is not None:
        return max(told, application.latest) if application.dated else told
    return None if listed else receipt


def _due_on_with_extension(view: View, application: Told, due: date) -> date:
    extended = [
        one.day("until")
        for one in of_application(view, application, "RecognitionPeriodExtended")
        if one.get("until") is not None and (not one.dated or one.earliest <= due)
    ]
    return max(due, extended[0]) if extended else due


def e03(view: View) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "RecognitionApplied"):
        if in_force("E03.months", trigger.latest):
            rows += _e03_of(view, trigger)
    return rows


def _e03_of(view: View, trigger: Told) -> list[Row]:
    receipt = later(trigger.latest, "E03.receipt")
    listed = _lists(view, trigger, receipt)
    complete = _complete_on(view, trigger, receipt, listed)
    if complete is None:
        kind, begins, due = "data", max(listed[0].latest, trigger.latest), None
    else:
        kind, begins = "gap", complete
        due = next_working_day(later(complete, "E03.months", trigger.latest))
        due = _due_on_with_extension(view, trigger, due)
    return settle(
        "E03",
        view,
        trigger,
        begins,
        due,
        kind=kind,
        followed=answered_on(decisions(since(view, trigger)), due),
        cancelled=of_application(view, trigger, "QualificationAnalysisStarted"),
        superseded=applied_again(view, trigger),
    )


# E04


def _asks_for_compensation(view: View, decided: Told) -> bool:
    if decided.get("outcome") not in ("PARTIAL", "COMPENSATION_REQUIRED", None):
        return False
    before = earlier(of(view, "CompensationStarted", "CompensationCompleted"), decided)
    return not (before and before[-1].type == "CompensationStarted")


def e04(view: View) -> list[Row]:
    triggers = [one for one in of(view, "RecognitionDecided") if _asks_for_compensation(view, one)]
    rows: list[Row] = []
    for trigger in triggers:
        followed = since(view, trigger, "CompensationStarted", "CompensationCompleted")
        followed += [one for one in since(view, trigger) if is_lasting_licence(one)]
        settled = [
            one
            for one in facts_after(view, trigger, "RecognitionDecided")
            if one.get("outcome") in ("FULL", "REJECTED")
        ]
        rows += settle(
            "E04",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "E04.response"),
            kind="data" if trigger.get("outcome") is None else "gap",
            followed=followed,
            cancelled=settled,
            superseded=facts_after(triggers, trigger),
        )
    return rows


READERS = {"E01": e01, "E02": e02, "E03": e03, "E04": e04}
