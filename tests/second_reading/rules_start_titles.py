"""Titles and what follows them: A01 to A06, A10, L01."""

from dataclasses import replace
from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    before,
    facts_after,
    facts_before,
    first_of_month,
    in_force,
    last_of_month,
    later,
    of,
    plus_days,
    plus_months,
    row_of_missing_end,
    settle,
    since,
    window_of_lead,
)
from tests.second_reading.titles import (
    Title,
    by_end,
    counting_applications,
    final_day,
    is_positive,
    losses,
    newer_titles,
    positive_decisions,
    protection_begins,
    protection_counts_from,
    suits_104c,
    term_of_104c,
    title_of,
)


def temporary_titles(view: View) -> list[Title]:
    titles = [title_of(view, grant) for grant in of(view, "TitleGranted")]
    return [title for title in titles if not title.permanent]


def superseded_after(row: Row, day: date) -> Row:
    """Before all else of that day, the next rule takes over."""
    if row.closes_on is not None and row.closes_on < day:
        return row
    return Row(
        row.rule,
        row.key,
        row.kind,
        row.begins_on,
        row.opens_on,
        row.due_on,
        day,
        "superseded",
    )


def a01(view: View) -> list[Row]:
    rows: list[Row] = []
    for title in temporary_titles(view):
        if title.grant.basis != "24":
            rows += _a01_of(view, title)
    return rows


def _a01_of(view: View, title: Title) -> list[Row]:
    applications = counting_applications(view, title)
    newer = newer_titles(view, title.grant)
    lost = losses(view, title.grant)
    if title.end is None:
        return row_of_missing_end(
            "A01", view, title.grant, followed=[*applications, *newer], cancelled=lost
        )
    end = title.end.latest
    begins = begins_of_lead(title, title.end, title.old_end, "A01.lead")
    if begins is None:
        return []
    rows = settle(
        "A01",
        view,
        title.grant,
        begins,
        end,
        followed=[*(one for one in applications if by_end(one, end)), *newer],
        cancelled=[one for one in lost if by_end(one, end)],
    )
    return [superseded_after(row, plus_days(end, 1)) for row in rows]


def begins_of_lead(title: Title, end: Days, old_end: Days | None, name: str) -> date | None:
    """The first day of A01 or A10; none if the window has no day."""
    own_end = title.shortened is None
    begins = window_of_lead(title.grant, end, name, own_end=own_end, law_of=title.grant.latest)
    if title.shortened is not None:
        on = title.shortened.latest
        if on > end.latest:
            return None
        told_before = on
        if old_end is not None:
            old = window_of_lead(title.grant, old_end, name, own_end=True, law_of=on)
            told_before = min(on, old)
        begins = max(begins, told_before)
    return begins if begins <= end.latest else None


def a02(view: View) -> list[Row]:
    rows: list[Row] = []
    for title in temporary_titles(view):
        rows += a02_of(view, title)
    return rows


def a02_of(view: View, title: Title) -> list[Row]:
    if title.end is None:
        return []
    grant, end = title.grant, title.end.latest
    kept = [*counting_applications(view, title), *losses(view, grant)]
    if any(by_end(one, end) for one in kept):
        return []
    begins = plus_days(end, 1)
    if title.shortened is not None and title.shortened.latest > end:
        begins = plus_days(title.shortened.latest, 1)
    if grant.dated or title.shortened is not None:
        begins = max(begins, grant.latest)
    followed = newer_titles(view, grant)
    followed += facts_after(view, grant, "ContinuationOrdered", "RightOfFreeMovementRecorded")
    followed += [one for one in facts_after(view, grant) if is_positive(one)]
    cancelled = [
        one.latest
        for one in of(view, "ToleranceIssued", "TemporaryPermissionIssued")
        if one.latest >= begins and (one.dated or before(grant, one))
    ]
    return settle("A02", view, grant, begins, end, followed=followed, cancelled=cancelled)


def latest_title(view: View, fact: Told) -> Title | None:
    earlier = facts_before(view, fact, "TitleGranted")
    return title_of(view, earlier[-1]) if earlier else None


def applied_in_time(view: View, application: Told) -> bool | None:
    """By the end of the latest title before it; None where that cannot be judged."""
    title = latest_title(view, application)
    if title is None or title.permanent or title.end is None:
        return None
    return by_end(application, title.end.latest) and suits_104c(title.grant, application)


def a03(view: View) -> list[Row]:
    rows: list[Row] = []
    triggers = [one for one in of(view, "TitleApplied") if applied_in_time(view, one)]
    for application in triggers:
        title = latest_title(view, application)
        assert title is not None
        assert title.end is not None
        end = title.end.latest
        rows += settle(
            "A03",
            view,
            application,
            min(application.latest, end),
            end,
            followed=[
                *since(view, application, "FictionCertificateIssued"),
                *facts_after(view, application, "TitleGranted"),
            ],
            cancelled=since(view, application, "TitleRefused"),
            superseded=[one for one in triggers if before(application, one)],
        )
    return rows


def _without_effect(view: View, paper: Told) -> bool:
    by_then = [one for one in of(view, "TitleApplied") if one.latest <= paper.latest]
    if not by_then:
        return False
    application = by_then[-1]
    decided = facts_after(view, application, "TitleGranted", "TitleRefused")
    if any(before(one, paper) for one in decided):
        return False
    return applied_in_time(view, application) is False and not facts_after(
        view, application, "ContinuationOrdered"
    )


def a04(view: View) -> list[Row]:
    rows: list[Row] = []
    for paper in of(view, "FictionCertificateIssued"):
        if not _without_effect(view, paper):
            followed = facts_after(view, paper, "FictionCertificateIssued")
            cancelled = since(view, paper, "TitleGranted", "TitleRefused")
            rows += _paper("A04", view, paper, followed, cancelled)
    return rows


def _paper(rule: str, view: View, paper: Told, followed: View, cancelled: list) -> list[Row]:
    end = paper.days("valid_until")
    if end is None:
        return row_of_missing_end(rule, view, paper, followed=followed, cancelled=cancelled)
    begins = window_of_lead(paper, end, f"{rule}.lead", own_end=True)
    return settle(rule, view, paper, begins, end.latest, followed=followed, cancelled=cancelled)


def _asylum_over(view: View, paper: Told) -> bool:
    """The Gestattung was issued after a decision had become final, with no application between."""
    for decision in of(view, "AsylumDecisionIssued"):
        final = None if is_positive(decision) else final_day(view, decision)
        if final is None or final >= paper.latest:
            continue
        applications = of(view, "AsylumApplicationFiled")
        if not any(final <= one.latest <= paper.latest for one in applications):
            return True
    return False


def a05(view: View) -> list[Row]:
    rows: list[Row] = []
    for paper in of(view, "TemporaryPermissionIssued", "ToleranceIssued"):
        gestattung = paper.type == "TemporaryPermissionIssued"
        if gestattung and _asylum_over(view, paper):
            continue
        days = [protection_begins(one) for one in positive_decisions(view)]
        if gestattung:
            days += [
                final_day(view, one)
                for one in of(view, "AsylumDecisionIssued")
                if not is_positive(one)
            ]
        decided = [day for day in days if day is not None and day >= paper.earliest]
        followed = facts_after(view, paper, "TemporaryPermissionIssued", "ToleranceIssued")
        cancelled = [*since(view, paper, "TitleGranted"), *decided]
        rows += _paper("A05", view, paper, followed, cancelled)
    return rows


def a06(view: View) -> list[Row]:
    rows: list[Row] = []
    for decision in positive_decisions(view):
        due = later(protection_counts_from(decision), "A06.response")
        rows += settle(
            "A06",
            view,
            decision,
            protection_begins(decision),
            due,
            followed=since(view, decision, "TitleApplied", "TitleGranted"),
            cancelled=since(view, decision, "ProtectionRevoked"),
            superseded=[one for one in positive_decisions(view) if before(decision, one)],
        )
    return rows


def a10(view: View) -> list[Row]:
    rows: list[Row] = []
    for title in temporary_titles(view):
        if title.grant.basis == "104C":
            rows += _a10_of(view, title)
    return rows


def _a10_of(view: View, title: Title) -> list[Row]:
    term = term_of_104c(title.grant)
    end = title.end or term
    begins = begins_of_lead(title, end, title.old_end or term, "A10.lead")
    if begins is None:
        return []
    newer = newer_titles(view, title.grant)
    leads_on = [one for one in newer if one.basis in ("25A", "25B")]
    known = replace(title, end=end)
    applied = [one for one in counting_applications(view, known) if one.basis in ("25A", "25B")]
    lost = [one for one in losses(view, title.grant) if by_end(one, end.latest)]
    return settle(
        "A10",
        view,
        title.grant,
        begins,
        end.latest,
        followed=[*applied, *leads_on],
        cancelled=[*(one for one in newer if one not in leads_on), *lost],
        superseded=[row.begins_on for row in a02_of(view, title)],
    )


def _is_change(fact: Told) -> bool:
    return (fact.get("from") or "").startswith("ASYLBLG_") and fact.get("to") == "SGB_II"


def _leaves_asylblg(view: View, fact: Told) -> bool:
    by_title = fact.type == "TitleGranted" and fact.basis not in (
        None,
        "23_1",
        "24",
        "25_4",
        "25_5",
    )
    by_decision = is_positive(fact) and fact.get("outcome") != "abschiebungsverbot"
    if not (by_title or by_decision):
        return False
    grants = facts_before(view, fact, "BenefitGranted")
    return bool(grants) and (grants[-1].get("rechtskreis") or "").startswith("ASYLBLG_")


def l01(view: View) -> list[Row]:
    triggers = [one for one in of(view, "RechtskreisChangeTriggered") if _is_change(one)]
    if not triggers:
        triggers = [one for one in view if _leaves_asylblg(view, one)][:1]
    rows: list[Row] = []
    for trigger in triggers:
        if in_force("L01.months", trigger.latest):
            rows += _l01_of(view, trigger, [one for one in triggers if before(trigger, one)])
    return rows


def _l01_of(view: View, trigger: Told, following: View) -> list[Row]:
    month = first_of_month(trigger.latest)
    effective = trigger.day("effective_month")
    if effective is not None:
        month = plus_months(first_of_month(effective), -1)
    first = min(month, first_of_month(trigger.earliest))
    followed = [
        one
        for one in of(view, "BenefitApplied", "BenefitGranted")
        if one.get("rechtskreis") == "SGB_II"
        and (one.latest >= first if one.dated and trigger.dated else before(trigger, one))
    ]
    secured = since(view, trigger, "LivelihoodSecured")
    return settle(
        "L01",
        view,
        trigger,
        trigger.latest,
        last_of_month(plus_months(month, 1)),
        followed=followed,
        cancelled=[one for one in secured if one.get("degree") == "full"],
        superseded=following,
    )


READERS = {
    "A01": a01,
    "A02": a02,
    "A03": a03,
    "A04": a04,
    "A05": a05,
    "A06": a06,
    "A10": a10,
    "L01": l01,
}
