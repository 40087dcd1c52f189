"""Titles, papers and identity: A07, A08, A09, A13, A16, A18, A25, A29, A30."""

from collections.abc import Iterable
from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    bound,
    days_of,
    facts_after,
    facts_before,
    in_force,
    later,
    next_working_day,
    of,
    plus_days,
    plus_months,
    row_of_missing_end,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.jobs import Job, jobs_of
from tests.second_reading.rules_start_titles import a02_of
from tests.second_reading.titles import losses, newer_titles, title_of

WITHOUT_CARD = (
    *("DEUTSCH", "FREIZUEGG_EU", "BVFG_4", "VISA_C", "VISA_D", "VISA_FREE"),
    "UKRAINE_AUFENTH_UEV",
)


def without_short_lived(rows: Iterable[Row]) -> list[Row]:
    """None if a closing counts on or before the first day."""
    return [row for row in rows if row.closes_on is None or row.closes_on > row.begins_on]


# A07


def a07(view: View) -> list[Row]:
    grants = [one for one in of(view, "TitleGranted") if one.basis not in WITHOUT_CARD]
    rows: list[Row] = []
    for grant in grants:
        title = title_of(view, grant)
        ended = [] if title.permanent or title.end is None else [plus_days(title.end.latest, 1)]
        rows += settle(
            "A07",
            view,
            grant,
            grant.latest,
            later(grant.latest, "A07.response"),
            followed=[
                one
                for one in since(view, grant, "TitleCardHandedOver")
                if one.get("title") in (None, grant.id)
            ],
            cancelled=losses(view, grant),
            superseded=[*ended, *(one for one in grants if before(grant, one))],
        )
    return rows


# A08

PASSPORTS = ("PassportIssued", "TravelDocumentIssued")


def a08(view: View) -> list[Row]:
    rows: list[Row] = []
    for passport in of(view, *PASSPORTS):
        rows += _a08_of(view, passport)
    expiries = [
        one for one in of(view, "PassportExpired") if not facts_before(view, one, *PASSPORTS)
    ]
    for expiry in expiries:
        rows += settle(
            "A08",
            view,
            expiry,
            expiry.latest,
            expiry.latest,
            followed=facts_after(view, expiry, *PASSPORTS),
            superseded=[one for one in expiries if before(expiry, one)],
        )
    return rows


def _a08_of(view: View, passport: Told) -> list[Row]:
    newer = facts_after(view, passport, *PASSPORTS)
    expired = [
        one
        for one in facts_after(view, passport, "PassportExpired")
        if not newer or before(one, newer[0])
    ]
    printed = passport.days("valid_until")
    end = printed
    earlier = [one for one in expired if printed is None or printed.latest > one.latest]
    if earlier:
        end = earlier[0].own
    if end is None:
        return row_of_missing_end("A08", view, passport, followed=newer)
    begins = window_of_lead(passport, end, "A08.lead", own_end=end is printed)
    return settle("A08", view, passport, begins, end.latest, followed=newer)


# A09


def a09(view: View) -> list[Row]:
    rows: list[Row] = []
    grants = [one for one in of(view, "TitleGranted") if one.basis == "24"]
    for grant in grants:
        ends = _ends_in_turn(view, grant)
        for place, (end, counts_since, year) in enumerate(ends):
            following = ends[place + 1][1] if place + 1 < len(ends) else None
            rows += _a09_of(view, grant, end, counts_since, year, following)
    return rows


def _ends_in_turn(view: View, grant: Told) -> list[tuple[Days, date | None, int | None]]:
    """Each end with the day since which it counts and the year of its fixed day."""
    title = title_of(view, grant)
    end = grant.days("valid_until")
    if title.shortened is not None:
        end = title.shortened.days("new_valid_until")
    if end is None:
        fixed = bound("A09.end", grant.latest)
        end = Days(fixed, fixed)
    ends: list[tuple[Days, date | None, int | None]] = [(end, None, None)]
    starts = ((2024, date(2023, 12, 5)), (2025, date(2024, 11, 28)), (2026, date(2025, 10, 28)))
    for year, counts_since in starts:
        february, march = date(year, 2, 1), date(year + 1, 3, 4)
        overridden = title.shortened is not None and title.shortened.latest > february
        if overridden or not grant.latest <= february <= end.latest or end.earliest >= march:
            continue
        end = Days(max(end.earliest, march), max(end.latest, march))
        ends.append((end, counts_since, year + 1))
    return ends


def _a09_of(
    view: View,
    grant: Told,
    end: Days,
    counts_since: date | None,
    year: int | None,
    following: date | None,
) -> list[Row]:
    title = title_of(view, grant)
    printed = counts_since is None and title.shortened is None and grant.get("valid_until")
    begins = window_of_lead(grant, end, "A09.lead", own_end=bool(printed))
    if counts_since is not None:
        begins = max(begins, counts_since)
    applied = [
        one
        for one in facts_after(view, grant, "TitleApplied")
        if one.basis != "24"
        and not (one.basis is None and one.get("kind") == "verlaengerung")
        and not any(
            refusal.latest <= end.latest for refusal in facts_after(view, one, "TitleRefused")
        )
    ]
    newer = newer_titles(view, grant)
    return settle(
        "A09",
        view,
        grant,
        begins,
        end.latest,
        key=grant.id if year is None else f"{grant.id}+{year}",
        followed=[*applied, *(one for one in newer if one.basis != "24")],
        cancelled=losses(view, grant),
        superseded=[
            *(one for one in newer if one.basis == "24"),
            *(row.begins_on for row in a02_of(view, title)),
        ],
        law_ends=following,
    )


# A13


def other_job_runs(view: View, ended: Told) -> bool:
    """Another job begun before the end of one runs on its day."""
    return any(
        before(job.facts[0], ended) and ended not in job.facts and _runs(job, ended)
        for job in jobs_of(view)
    )


def _runs(job: Job, ended: Told) -> bool:
    if job.end is not None:
        return not before(job.end, ended)
    telling = job.last_told("fixed_term_until")
    until = None if telling is None else telling.day("fixed_term_until")
    return until is None or until >= ended.latest


def a13(view: View) -> list[Row]:
    triggers = [one for one in of(view, "ToleranceIssued") if _is_first_60d(view, one)]
    triggers = [one for one in triggers if in_force("A13.months", one.latest)]
    rows: list[Row] = []
    for trigger in triggers:
        due = later(trigger.latest, "A13.months")
        end = Days(later(trigger.earliest, "A13.months", trigger.latest), due)
        titles = newer_titles(view, trigger)
        papers = facts_after(view, trigger, "ToleranceIssued")
        applied = since(view, trigger, "TitleApplied")
        rows += settle(
            "A13",
            view,
            trigger,
            window_of_lead(trigger, end, "A13.lead"),
            due,
            followed=[
                *(one for one in applied if one.basis in ("25A", "25B", None)),
                *(one for one in titles if one.basis in ("25A", "25B")),
            ],
            cancelled=[
                *(one for one in titles if one.basis not in ("25A", "25B")),
                *(one for one in papers if one.basis not in ("60D", None)),
                *(
                    one
                    for one in since(view, trigger, "EmploymentEnded")
                    if _job_is_lost(view, one, due)
                ),
            ],
            superseded=[one for one in triggers if before(trigger, one)],
        )
    return rows


def _is_first_60d(view: View, paper: Told) -> bool:
    earlier = facts_before(view, paper, "ToleranceIssued", "TitleGranted")
    renewed = earlier and earlier[-1].type == "ToleranceIssued" and earlier[-1].basis == "60D"
    return paper.basis == "60D" and not renewed


def _job_is_lost(view: View, ended: Told, due: date) -> bool:
    begun = facts_after(view, ended, "EmploymentStarted")
    return not any(one.latest <= due for one in begun) and not other_job_runs(view, ended)


# A16


def _basis_of_paper(view: View, paper: Told) -> str | None:
    if paper.basis is not None:
        return paper.basis
    telling = [one for one in facts_before(view, paper, "ToleranceIssued") if one.basis]
    if not telling:
        return None
    between = facts_after(view, telling[-1], "TitleGranted")
    return None if any(before(one, paper) for one in between) else telling[-1].basis


def a16(view: View) -> list[Row]:
    rows: list[Row] = []
    papers = of(view, "ToleranceIssued")
    triggers = [one for one in papers if _basis_of_paper(view, one) in ("60B", None)]
    for trigger in triggers:
        due = plus_days(trigger.latest, bound("A16.tolerance", trigger.latest) - 1)
        others = [one for one in since(view, trigger, "ToleranceIssued") if one not in triggers]
        rows += settle(
            "A16",
            view,
            trigger,
            trigger.latest,
            due,
            kind="gap" if _basis_of_paper(view, trigger) else "data",
            followed=[*others, *_days_of_clarification(view, trigger, due)],
            cancelled=since(view, trigger, "TitleGranted", "TemporaryPermissionIssued"),
            superseded=[one for one in triggers if before(trigger, one)],
        )
    return without_short_lived(rows)


def _days_of_clarification(view: View, trigger: Told, due: date) -> list[date | Told]:
    found: list[date | Told] = []
    for fact in of(view, "IdentityClarified"):
        by_itself = fact.get("means") in ("pass", "id")
        days = _own_or_date(fact) if by_itself else fact.days("accepted_on")
        if days is not None and days.latest >= trigger.earliest:
            found.append(min(days.latest, due) if days.earliest <= due else days.latest)
    return found


def _own_or_date(fact: Told) -> Days:
    if fact.dated:
        return fact.own
    return fact.days("date") or fact.days("accepted_on") or fact.own


# A18


def a18(view: View) -> list[Row]:
    changes = of(view, "HousingChanged")
    triggers = [one for one in changes if one.get("kind") not in ("land_facility", "communal")]
    rows: list[Row] = []
    for trigger in triggers:
        moved = facts_after(view, trigger, "HousingChanged", "HousingAssigned")
        rows += settle(
            "A18",
            view,
            trigger,
            trigger.latest,
            later(trigger.latest, "A18.response"),
            followed=since(view, trigger, "AddressRegistered", "AddressChanged"),
            cancelled=[one for one in moved if one not in triggers],
            superseded=[one for one in triggers if before(trigger, one)],
        )
    return rows


# A25


def a25(view: View) -> list[Row]:
    rows: list[Row] = []
    for refusal in of(view, "TitleRefused"):
        served = refusal.day("served_on") or later(refusal.latest, "A25.service")
        due = next_working_day(plus_months(served, bound("A25.appeal", served)))
        annulled = since(view, refusal, "DecisionAnnulledRetroactively")
        proofs = [
            min(one.latest, due) if one.dated else due
            for one in since(view, refusal, "AppealDecided")
            if _is_against(one, refusal)
        ]
        rows += settle(
            "A25",
            view,
            refusal,
            refusal.latest,
            due,
            followed=[
                *(o for o in since(view, refusal, "AppealFiled") if _is_against(o, refusal)),
                *since(view, refusal, "ToleranceIssued"),
                *proofs,
            ],
            cancelled=[
                *since(view, refusal, "TitleGranted", "RightOfFreeMovementRecorded"),
                *(one for one in annulled if one.get("target") == refusal.id),
            ],
            superseded=facts_after(view, refusal, "TitleRefused"),
        )
    return rows


def _is_against(appeal: Told, refusal: Told) -> bool:
    fits = appeal.get("against") in (None, "TitleRefused", refusal.id)
    return fits and appeal.get("kind") != "untaetigkeit"


# A30


def clarified_on(view: View) -> date | None:
    """Identity clarified (terms of the chances): the earliest day."""
    days = []
    for fact in of(view, "IdentityClarified"):
        if fact.get("means") in ("pass", "id"):
            days.append(_own_or_date(fact).latest)
        elif fact.get("accepted_on") is not None:
            days.append(days_of(fact.get("accepted_on")).latest)
    return min(days, default=None)


def a30(view: View) -> list[Row]:
    clarified = clarified_on(view)
    requests = of(view, "IdentityDocumentsRequested")
    triggers = [one for one in requests if clarified is None or clarified >= one.earliest]
    rows: list[Row] = []
    for trigger in triggers:
        told = trigger.day("due")
        due = later(trigger.latest, "A30.response")
        if told is not None:
            due = max(told, trigger.latest)
        rows += settle(
            "A30",
            view,
            trigger,
            trigger.latest,
            due,
            followed=since(view, trigger, "IdentityClarified", "PassportIssued"),
            superseded=facts_after(view, trigger, "IdentityDocumentsRequested"),
        )
    return rows


READERS = {
    "A07": a07,
    "A08": a08,
    "A09": a09,
    "A13": a13,
    "A16": a16,
    "A18": a18,
    "A25": a25,
    "A30": a30,
}
