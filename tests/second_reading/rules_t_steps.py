"""Training and the step to stay: T01."""

from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    bound,
    counts_from,
    facts_after,
    in_force,
    lead,
    of,
    settle,
    since,
)
from tests.second_reading.courses import is_own_school
from tests.second_reading.language import earlier
from tests.second_reading.rules_b_leave import (
    has_valid_permit,
    papers_of_stay,
    title_of_stay,
)
from tests.second_reading.stay import Stretch, status_on, statuses
from tests.second_reading.titles import is_positive
from tests.second_reading.trainings import Training, trainings_of
from tests.second_reading.work_terms import is_free_title

NOT_VOCATIONAL = (
    *("EQ", "BVB", "AV_BK", "IFK", "TEILQUALIFIKATION", "NACHQUALIFIZIERUNG", "STUDIUM"),
)
TOLERATED = ("60C", "60A_2_4")
FOR_TRAINING = ("16A", "16G")
MADE_FOR_TRAINING = (*TOLERATED, *FOR_TRAINING)
OPEN = ("duldung", "obliged", "without_title")


def is_step(fact: Told) -> bool:
    if fact.type == "WorkPermitRequested":
        return fact.get("for_training") is not False
    if fact.type == "ToleranceApplied":
        return fact.basis in (*TOLERATED, None)
    if fact.type != "TitleApplied":
        return False
    free = fact.get("basis") in bound("B09.free_titles", fact.latest)
    return fact.basis in (*FOR_TRAINING, None) or free


def is_grant(fact: Told) -> bool:
    if fact.type == "WorkPermitGranted":
        return True
    if fact.type == "ToleranceIssued":
        return fact.basis in TOLERATED or fact.get("work_note") == "gestattet"
    if fact.type != "TitleGranted":
        return False
    nothing_told = fact.basis is None and fact.get("work") is None
    return fact.basis in FOR_TRAINING or is_free_title(fact) or nothing_told


def is_refusal(fact: Told) -> bool:
    if fact.type == "ToleranceRefused":
        return fact.basis in (*TOLERATED, None)
    return fact.type in ("WorkPermitRefused", "TitleRefused")


def _tells_its_purpose(step: Told) -> bool:
    return step.get("for_training") is True or step.basis in (*TOLERATED, *FOR_TRAINING)


def earlier_application(view: View, trigger: Told) -> tuple[Told | None, bool]:
    """The last step before the trigger, if not refused, and whether it was granted."""
    steps = [one for one in earlier(view, trigger) if is_step(one)]
    if trigger.type == "TrainingContractSigned":
        steps = [one for one in steps if _tells_its_purpose(one)]
    if not steps:
        return None, False
    answers = [
        one
        for one in facts_after(view, steps[-1])
        if (is_grant(one) or is_refusal(one))
        and not counts_from(one, trigger)
        and one.id != trigger.id
    ]
    if answers:
        return None, is_grant(answers[0])
    return steps[-1], False


def _aborted_between(view: View, fact: Told, trigger: Told) -> bool:
    return any(before(fact, one) and before(one, trigger) for one in of(view, "TrainingAborted"))


def paper_made_for_training(view: View, stretch: Stretch, trigger: Told) -> bool:
    told = [one for one in papers_of_stay(view, stretch, trigger) if one.basis is not None]
    return bool(
        told
        and told[-1].basis in MADE_FOR_TRAINING
        and not _aborted_between(view, told[-1], trigger)
    )


def _kind(view: View, stretch: Stretch | None, training: Training, trigger: Told) -> str | None:
    """``gap`` or ``data``; None: the training asks for no step."""
    if stretch is None:
        return "data"
    if stretch.status in OPEN:
        return None if paper_made_for_training(view, stretch, trigger) else "gap"
    if stretch.status == "gestattung":
        papers = papers_of_stay(view, stretch, trigger)
        notes = [one.get("work_note") for one in papers if one.get("work_note") is not None]
        if training.kind == "SCHULISCH" or notes[-1:] == ["gestattet"]:
            return None
        return "gap"
    if stretch.status not in ("title", "fiktion"):
        return None
    title = title_of_stay(view, stretch)
    if title is None:
        return "data"
    made = title.basis in MADE_FOR_TRAINING and not _aborted_between(view, title, trigger)
    if is_free_title(title) or made:
        return None
    return "data" if title.basis is None and title.get("work") is None else "gap"


def _beginning(training: Training) -> Days | None:
    told = training.contract.days("start") if training.contract else None
    return training.start.own if told is None and training.start else told


def _asked(view: View, stretches: list[Stretch], training: Training) -> str | None:
    trigger = training.contract or training.start
    assert trigger is not None
    if training.kind in NOT_VOCATIONAL:
        return None
    stretch = status_on(stretches, trigger.latest)
    status = stretch.status if stretch else None
    if status in OPEN and not in_force("T01.basis", trigger.latest):
        return None
    if trigger.type == "TrainingStarted" and has_valid_permit(view, trigger):
        return None
    if earlier_application(view, trigger)[1]:
        return None
    return _kind(view, stretch, training, trigger)


def t01(view: View) -> list[Row]:
    stretches = statuses(view)
    asked = []
    for training in trainings_of(view):
        kind = _asked(view, stretches, training)
        if kind is not None:
            asked.append((training.contract or training.start, training, kind))
    triggers = [trigger for trigger, _, _ in asked]
    rows: list[Row] = []
    for trigger, training, kind in asked:
        newer = [one for one in triggers if before(trigger, one)]
        cancelled = [one for one in since(view, trigger) if _ends_the_question(one)]
        if training.end is not None:
            cancelled.append(training.end)
        stretch = status_on(stretches, trigger.latest)
        rows += _application(view, trigger, training, kind, stretch, cancelled, newer)
        rows += _decision(view, trigger, training, cancelled, newer)
    return rows + _schools(view, stretches)


def _ends_the_question(fact: Told) -> bool:
    return is_positive(fact) or fact.type == "RightOfFreeMovementRecorded"


def _application(
    view: View,
    trigger: Told,
    training: Training,
    kind: str,
    stretch: Stretch | None,
    cancelled: View,
    newer: View,
) -> list[Row]:
    if earlier_application(view, trigger)[0] is not None:
        return []
    beginning = _beginning(training)
    begins, due = trigger.latest, None
    if beginning is None:
        kind = "data"
    else:
        due = beginning.latest
        if (
            kind == "gap"
            and stretch is not None
            and stretch.status in OPEN
            and in_force("T01.window", trigger.latest)
        ):
            first = lead(beginning.earliest, "T01.window", trigger.latest)
            own = trigger.get("start") is not None
            begins = first if own and not trigger.dated else max(first, trigger.latest)
    answers = [
        one
        for one in since(view, trigger)
        if is_step(one) or is_grant(one) or _proves_application(one)
    ]
    return settle(
        "T01",
        view,
        trigger,
        begins,
        due,
        key=f"{trigger.id}+application",
        kind=kind,
        followed=answers,
        cancelled=cancelled,
        superseded=newer,
    )


def _proves_application(fact: Told) -> bool:
    return is_refusal(fact) and fact.type in ("WorkPermitRefused", "ToleranceRefused")


def _decision(
    view: View, trigger: Told, training: Training, cancelled: View, newer: View
) -> list[Row]:
    pending = earlier_application(view, trigger)[0]
    steps = [one for one in since(view, trigger) if is_step(one)]
    application = pending or (steps[0] if steps else None)
    if application is None:
        return []
    beginning = _beginning(training)
    due: date | None = None if beginning is None else beginning.latest
    answers = [one for one in since(view, application) if is_grant(one) or is_refusal(one)]
    return settle(
        "T01",
        view,
        application,
        max(application.latest, trigger.latest),
        due,
        key=f"{trigger.id}+decision",
        kind="data" if due is None else "gap",
        followed=[one.latest if one.dated or due is None else due for one in answers],
        cancelled=cancelled,
        superseded=newer,
    )


def _schools(view: View, stretches: list[Stretch]) -> list[Row]:
    rows: list[Row] = []
    for trigger in of(view, "SchoolStarted"):
        stretch = status_on(stretches, trigger.latest)
        if (
            not is_own_school(trigger)
            or trigger.get("form") != "BK"
            or stretch is None
            or stretch.status not in ("duldung", "obliged")
            or not in_force("T01.basis", trigger.latest)
            or paper_made_for_training(view, stretch, trigger)
        ):
            continue
        rows += settle(
            "T01",
            view,
            trigger,
            trigger.latest,
            trigger.latest,
            key=f"{trigger.id}+application",
            kind="data",
            followed=[one for one in since(view, trigger) if is_step(one) or is_grant(one)],
            cancelled=[
                one for one in since(view, trigger, "SchoolLeft") if one.get("child_ref") is None
            ],
        )
    return rows


READERS = {"T01": t01}
