"""Leave to work: B09."""

from datetime import date
from functools import partial

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    before,
    bound,
    counts_on,
    facts_before,
    of,
    plus_days,
    settle,
    since,
)
from tests.second_reading.jobs import jobs_of
from tests.second_reading.stay import Stretch, status_on, statuses
from tests.second_reading.titles import is_positive
from tests.second_reading.trainings import trainings_of
from tests.second_reading.work_terms import fits_employer, is_free_title

NO_WORK = ("AGH_16D_SGBII", "AGH_5_ASYLBLG", "FFIM_5A")
NOT_IN_A_FIRM = ("SCHULISCH", "BVB", "AV_BK", "IFK", "STUDIUM")
MADE_FOR_TRAINING = ("16A", "16G", "60C", "60A_2_4")
PAPERS = {"gestattung": "TemporaryPermissionIssued", "duldung": "ToleranceIssued"}
REQUESTS = ("WorkPermitRequested", "WorkPermitGranted", "WorkPermitRefused")


def has_valid_permit(view: View, trigger: Told) -> bool:
    for permit in of(view, "WorkPermitGranted"):
        if permit.dated and trigger.dated:
            begun = permit.earliest <= trigger.latest
        else:
            begun = before(permit, trigger)
        end = permit.day("valid_until")
        if begun and fits_employer(permit, trigger) and (end is None or end >= trigger.earliest):
            return True
    return False


def title_of_stay(view: View, stretch: Stretch) -> Told | None:
    rests = stretch.rests_on
    if rests is None or rests.type == "TitleGranted":
        return rests
    grants = facts_before(view, rests, "TitleGranted")
    return grants[-1] if grants else None


def papers_of_stay(view: View, stretch: Stretch, trigger: Told) -> View:
    kind = PAPERS.get(stretch.status or "")
    if kind is None:
        return []
    found = [one for one in of(view, kind) if stretch.first <= one.latest <= trigger.latest]
    if not found and stretch.rests_on is not None and stretch.rests_on.type == kind:
        return [stretch.rests_on]
    return found


def _not_aborted(view: View, fact: Told, trigger: Told) -> bool:
    return not any(before(fact, one) for one in facts_before(view, trigger, "TrainingAborted"))


# What each line answers: True there, False lacking, None unknown.


def _by_title(view: View, stretch: Stretch, trigger: Told) -> bool | None:
    title = title_of_stay(view, stretch)
    if title is None:
        return None
    if is_free_title(title):
        return True
    if title.get("work") == "keine":
        return False
    if trigger.type == "TrainingStarted":
        made = title.basis in MADE_FOR_TRAINING and _not_aborted(view, title, trigger)
        return True if made else None
    limited = title.get("basis") in bound("B09.limited_titles", trigger.latest)
    return True if limited or title.get("work") == "bestimmte" else None


def _by_fiction(view: View, stretch: Stretch, trigger: Told) -> bool | None:
    title = title_of_stay(view, stretch)
    papers = [
        one
        for one in of(view, "FictionCertificateIssued")
        if one.latest <= trigger.latest and (title is None or before(title, one))
    ]
    if papers and papers[-1].get("work_allowed") is not None:
        return bool(papers[-1].get("work_allowed"))
    return _by_title(view, stretch, trigger)


def _by_paper(view: View, stretch: Stretch, trigger: Told) -> bool | None:
    papers = papers_of_stay(view, stretch, trigger)
    notes = [one.get("work_note") for one in papers if one.get("work_note") is not None]
    told = [one for one in papers if one.basis is not None][-1:]
    note = notes[-1] if notes else None
    if note == "gestattet":
        return True
    if note == "verboten" or (stretch.status == "duldung" and stretch.basis == "60B"):
        return False
    for paper in told:
        if trigger.type == "TrainingStarted":
            if paper.basis in MADE_FOR_TRAINING and _not_aborted(view, paper, trigger):
                return True
        elif paper.basis == "60D":
            return True
    asked = [one for one in facts_before(view, trigger, *REQUESTS) if fits_employer(one, trigger)]
    return False if asked else None


def leave(view: View, stretches: list[Stretch], trigger: Told) -> bool | None:
    if has_valid_permit(view, trigger):
        return True
    stretch = status_on(stretches, trigger.latest)
    if stretch is None or stretch.status == "gone":
        return None
    if stretch.status in ("protected", "free_movement", "german"):
        return True
    if stretch.status == "fiktion":
        return _by_fiction(view, stretch, trigger)
    if stretch.status == "title":
        return _by_title(view, stretch, trigger)
    return _by_paper(view, stretch, trigger)


def _allows(fact: Told, trigger: Told) -> bool:
    if fact.type == "WorkPermitGranted":
        return fits_employer(fact, trigger)
    if fact.type in ("TemporaryPermissionIssued", "ToleranceIssued"):
        return fact.get("work_note") == "gestattet" or fact.basis in ("60C", "60D", "60A_2_4")
    if fact.type == "FictionCertificateIssued":
        return fact.get("work_allowed") is True
    return is_free_title(fact) or is_positive(fact) or fact.type == "RightOfFreeMovementRecorded"


def _work(view: View) -> list[tuple[Told, list[date]]]:
    """What begins work or training in a firm, and the day of its end."""
    found: list[tuple[Told, list[date]]] = []
    for job in jobs_of(view):
        if job.start is None or job.start.get("employment_kind") in NO_WORK:
            continue
        ends = [] if job.end is None else [job.end.latest]
        named = job.last_told("fixed_term_until")
        term = None if named is None else named.day("fixed_term_until")
        if not ends and term is not None:
            ends = [plus_days(term, 1)]
        found.append((job.start, ends))
    for training in trainings_of(view):
        if training.start is not None and training.kind not in NOT_IN_A_FIRM:
            ends = [] if training.end is None else [training.end.latest]
            found.append((training.start, ends))
    return found


def b09(view: View) -> list[Row]:
    stretches = statuses(view)
    rows: list[Row] = []
    for trigger, ends in _work(view):
        there = leave(view, stretches, trigger)
        if there is True:
            continue
        allowed = [one for one in since(view, trigger) if _allows(one, trigger)]
        due = plus_days(trigger.latest, -1)
        rows += settle(
            "B09",
            view,
            trigger,
            trigger.latest,
            due,
            kind="gap" if there is False else "data",
            followed=[one if one.dated else one.latest for one in allowed],
            cancelled=ends,
            ending_on=partial(_ending_day, due),
        )
    return rows


def _ending_day(due: date, ending: Told) -> date:
    return counts_on(ending, due) if ending.dated else ending.latest


READERS = {"B09": b09}
