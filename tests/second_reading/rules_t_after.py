"""What follows a training or a measure on the way to one: T03, T04."""

from dataclasses import dataclass
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
    later,
    lead,
    of,
    plus_days,
    plus_months,
    row_of_missing_end,
    same_or_missing,
    settle,
    since,
)
from tests.second_reading.courses import own_school
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.language import earlier
from tests.second_reading.rules_b_leave import title_of_stay
from tests.second_reading.stay import Stretch, status_on, statuses
from tests.second_reading.titles import is_positive

# T03

TRAINING = ("TrainingContractSigned", "TrainingStarted")


def t03(view: View) -> list[Row]:
    stretches = statuses(view)
    rows: list[Row] = []
    for trigger in of(view, "TrainingCompleted"):
        if not any(_runs_on(job, trigger) for job in jobs_of(view)):
            rows += _t03_job(view, trigger)
        kind = _title_asked(view, stretches, trigger)
        if kind is not None:
            rows += _t03_title(view, trigger, kind)
    return rows


def _runs_on(job: Job, trigger: Told) -> bool:
    """A job, no mini job by then, begun earlier than the training was completed, still runs."""
    start = job.start
    if start is None or counts_from(start, trigger):
        return False
    kinds = [
        one.get("employment_kind")
        for one in job.facts
        if before(one, trigger) and one.get("employment_kind") is not None
    ]
    if kinds[-1:] == ["MINIJOB"]:
        return False
    if job.end is not None:
        return not before(job.end, trigger)
    term = job.last_told("fixed_term_until")
    until = None if term is None else term.day("fixed_term_until")
    return until is None or until >= trigger.latest


def _title_asked(view: View, stretches: list[Stretch], trigger: Told) -> str | None:
    """``gap`` or ``data``; None: no title is missing."""
    told = earlier(of(view, "TitleApplied", "TitleGranted", "TitleRefused"), trigger)
    if told and told[-1].type == "TitleApplied" and told[-1].basis != "16A":
        return None
    stretch = status_on(stretches, trigger.latest)
    if stretch is None:
        return "data"
    if stretch.status in ("duldung", "obliged", "without_title"):
        return "gap"
    if stretch.status not in ("title", "fiktion"):
        return None
    title = title_of_stay(view, stretch)
    if title is None or title.basis is None:
        return "data"
    return "gap" if title.basis in ("16A", "16G") else None


def _last_day_in_time(view: View, trigger: Told) -> date:
    following = facts_after(view, trigger, "TrainingCompleted")
    searches = [
        one
        for one in since(view, trigger, "SearchPeriodGranted")
        if one.get("until") is not None and not (following and before(following[0], one))
    ]
    until = searches[-1].day("until") if searches else None
    return later(trigger.latest, "T03.search") if until is None else until


def _t03_job(view: View, trigger: Told) -> list[Row]:
    found = since(view, trigger, "EmploymentStarted", "SelfEmploymentStarted", *TRAINING)
    return settle(
        "T03",
        view,
        trigger,
        trigger.latest,
        _last_day_in_time(view, trigger),
        key=f"{trigger.id}+job",
        followed=[one for one in found if one.get("employment_kind") != "MINIJOB"],
        cancelled=since(view, trigger, "StudyAdmitted"),
        superseded=facts_after(view, trigger, "TrainingCompleted"),
    )


def _t03_title(view: View, trigger: Told, kind: str) -> list[Row]:
    titles = since(view, trigger, "TitleApplied", "TitleGranted")
    ends = ("StudyAdmitted", "RightOfFreeMovementRecorded", *TRAINING)
    positive = [one for one in since(view, trigger) if is_positive(one)]
    return settle(
        "T03",
        view,
        trigger,
        trigger.latest,
        _last_day_in_time(view, trigger),
        key=f"{trigger.id}+title",
        kind=kind,
        followed=[one for one in titles if one.basis != "16A"],
        cancelled=[*since(view, trigger, *ends), *positive],
        superseded=facts_after(view, trigger, "TrainingCompleted"),
    )


# T04


@dataclass
class Measure:
    """A measure on the way to training; an end that belongs to none is one by itself."""

    begun: Told
    end: Told | None = None


def measures_of(view: View) -> list[Measure]:
    found: list[Measure] = []
    for fact in of(view, "BridgingMeasureStarted", "BridgingMeasureEnded"):
        running = [
            one
            for one in found
            if one.begun.type == "BridgingMeasureStarted"
            and one.end is None
            and same_or_missing(one.begun, fact, "kind")
        ]
        if fact.type == "BridgingMeasureEnded" and running:
            running[-1].end = fact
        else:
            found.append(Measure(fact))
    return found


def _last_day(first: date, months: int) -> date:
    """The last day of so many months of which the day is the first."""
    end = plus_months(first, months)
    return plus_days(end, -1) if end.day == first.day else end


def _end_of(measure: Measure) -> Days | None:
    begun = measure.begun
    if begun.type == "BridgingMeasureEnded":
        return begun.own
    if measure.end is not None and measure.end.dated:
        return measure.end.own
    months = begun.get("months") or None
    if begun.get("kind") == "EQ":
        most = bound("T04.eq_months", begun.latest)
        months = min(months or most, most)
    if months is None:
        return None
    return Days(_last_day(begun.earliest, months), _last_day(begun.latest, months))


def _is_contracted(view: View, trigger: Told) -> bool:
    """A contract from before begins later."""
    contracts = earlier(of(view, "TrainingContractSigned"), trigger)
    starts = [one.day("start") for one in contracts]
    return any(start is not None and start > trigger.latest for start in starts)


def t04(view: View) -> list[Row]:
    measures = [one for one in measures_of(view) if not _is_contracted(view, one.begun)]
    rows: list[Row] = []
    for measure in measures:
        trigger = measure.begun
        newer = facts_after(view, trigger, "BridgingMeasureStarted")
        jobs = since(view, trigger, "EmploymentStarted")
        followed = since(view, trigger, *TRAINING)
        followed += [one for one in jobs if one.get("employment_kind") != "MINIJOB"]
        cancelled = since(view, trigger, "StudyAdmitted") + own_school(since(view, trigger))
        end = _end_of(measure)
        if end is None:
            rows += row_of_missing_end(
                "T04", view, trigger, followed=followed, cancelled=cancelled, superseded=newer
            )
            continue
        rows += settle(
            "T04",
            view,
            trigger,
            max(lead(end.earliest, "T04.lead", trigger.latest), trigger.latest),
            end.latest,
            followed=followed,
            cancelled=cancelled,
            superseded=newer,
        )
    return rows


READERS = {"T03": t03, "T04": t04}
