"""Titles (terms "Titles"), asylum decisions and when they are final (A05, A06)."""

from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import (
    Days,
    Told,
    View,
    before,
    bound,
    counts_from,
    facts_after,
    facts_before,
    next_working_day,
    of,
    plus_days,
    plus_months,
)

PERMANENT = ("9", "9A", "18C", "26_3", "26_4", "28_2", "35", "DEUTSCH")
POSITIVE = ("asyl", "fluechtling", "subsidiaer", "abschiebungsverbot")
TITLE_ENDINGS = ("TitleShortened", "TitleRevoked", "TitleExpired")


@dataclass(frozen=True)
class Title:
    """A title with its known end (None: not known) and the one before its last shortening."""

    grant: Told
    end: Days | None
    old_end: Days | None
    shortened: Told | None

    @property
    def permanent(self) -> bool:
        return is_permanent(self.grant)


def is_permanent(fact: Told) -> bool:
    """By basis, whatever ``valid_until``."""
    basis = fact.basis or ""
    return basis in PERMANENT or basis.startswith("FREIZUEGG_EU")


def concerns(view: View, ending: Told) -> str | None:
    """The id of the title that a shortening, revocation or expiry concerns."""
    if ending.get("title") is not None:
        return ending.get("title")
    earlier = facts_before(view, ending, "TitleGranted")
    return earlier[-1].id if earlier else None


def last_annulment(view: View, fact: Told) -> Told | None:
    """The last annulment of a fact; an annulment itself is never annulled."""
    if fact.type == "DecisionAnnulledRetroactively":
        return None
    found = [
        one for one in of(view, "DecisionAnnulledRetroactively") if one.get("target") == fact.id
    ]
    return found[-1] if found else None


def annulled_on(view: View, fact: Told, day: date) -> bool:
    """Annulled from that day on, or from an earlier one."""
    annulment = last_annulment(view, fact)
    if annulment is None:
        return False
    since = annulment.day("effective_from")
    return since is None or since <= day


def is_void(view: View, fact: Told) -> bool:
    """Annulled by the day on which it takes effect."""
    takes_effect = fact.latest
    new_end = fact.day("new_valid_until") if fact.type == "TitleShortened" else None
    if new_end is not None:
        takes_effect = plus_days(max(new_end, fact.latest), 1)
    return annulled_on(view, fact, takes_effect)


def title_of(view: View, grant: Told) -> Title:
    shortenings = [
        fact
        for fact in of(view, "TitleShortened")
        if concerns(view, fact) == grant.id
        and fact.get("new_valid_until") is not None
        and not is_void(view, fact)
    ]
    ends = [grant.days("valid_until")] + [fact.days("new_valid_until") for fact in shortenings]
    last = shortenings[-1] if shortenings else None
    end = ends[-1]
    if end is not None and grant.basis == "24":
        end = _prolonged(grant, end, last, losses(view, grant))
    return Title(grant, end, ends[-2] if last else None, last)


def _prolonged(grant: Told, end: Days, last: Told | None, lost: View) -> Days:
    """Temporary protection runs on for those who hold it on 1 February of 2024, 2025, 2026."""
    for year in (2024, 2025, 2026):
        february, march = date(year, 2, 1), date(year + 1, 3, 4)
        overridden = last is not None and last.latest > february
        held = grant.latest <= february <= end.latest
        if held and not overridden and not any(one.latest < february for one in lost):
            end = Days(max(end.earliest, march), max(end.latest, march))
    return end


def by_end(fact: Told, end: date) -> bool:
    """By the end: earliest day on or before it, or undated."""
    return not fact.dated or fact.earliest <= end


def newer_titles(view: View, grant: Told) -> View:
    return facts_after(view, grant, "TitleGranted")


def suits_104c(grant: Told, application: Told) -> bool:
    return grant.basis != "104C" or application.basis in ("25A", "25B", None)


def counting_applications(view: View, title: Title) -> View:
    """Applications after the grant that count, whenever they were made."""
    return [
        application
        for application in facts_after(view, title.grant, "TitleApplied")
        if suits_104c(title.grant, application) and not _refused(view, title, application)
    ]


def first_day_without(title: Title) -> date:
    """The day after the known end, or after the shortening where that came later."""
    assert title.end is not None
    last = title.end.latest
    if title.shortened is not None:
        last = max(last, title.shortened.latest)
    return plus_days(last, 1)


def _refused(view: View, title: Title, application: Told) -> bool:
    if title.end is None:
        return False
    gone = first_day_without(title)
    return any(
        refusal.latest <= title.end.latest and not annulled_on(view, refusal, gone)
        for refusal in facts_after(view, application, "TitleRefused")
    )


def losses(view: View, grant: Told) -> View:
    """Revocation and expiry of this title, from its grant on, unless void."""
    return [
        fact
        for fact in of(view, "TitleRevoked", "TitleExpired")
        if concerns(view, fact) == grant.id and counts_from(fact, grant) and not is_void(view, fact)
    ]


# Asylum decisions


def is_positive(decision: Told) -> bool:
    return decision.type == "AsylumDecisionIssued" and decision.get("outcome") in POSITIVE


def positive_decisions(view: View) -> View:
    return [fact for fact in of(view, "AsylumDecisionIssued") if is_positive(fact)]


def appeals(view: View, decision: Told, *types: str) -> View:
    """Appeals from the decision on and not after the next decision, against it or against any."""
    following = facts_after(view, decision, "AsylumDecisionIssued")
    return [
        fact
        for fact in of(view, *types)
        if counts_from(fact, decision)
        and not (following and before(following[0], fact))
        and fact.get("against") in (None, "AsylumDecisionIssued", decision.id)
    ]


def final_day(view: View, decision: Told) -> date | None:
    """The day on which a decision that is not positive is final (A05)."""
    if decision.get("final_on") is not None:
        return decision.day("final_on")
    outcome = decision.get("outcome")
    if outcome is None or appeals(view, decision, "AppealFiled", "AppealDecided"):
        return None
    served = decision.day("served_on") or plus_days(
        decision.latest, bound("A05.service", decision.latest)
    )
    time = "A05.appeal_short" if outcome in ("ou", "unzulaessig") else "A05.appeal"
    return plus_days(next_working_day(plus_days(served, bound(time, served))), 1)


def protection_begins(decision: Told) -> date:
    """The first day of A06: when a positive decision is final, else served, else its own day."""
    return max(protection_counts_from(decision), decision.latest)


def protection_counts_from(decision: Told) -> date:
    return decision.day("final_on") or decision.day("served_on") or decision.latest


# The term of § 104c (A10)


def term_of_104c(grant: Told) -> Days:
    """18 months from ``valid_from`` (if missing the grant), whose day counts."""
    start = grant.days("valid_from") or grant.own
    return Days(_term_end(start.earliest), _term_end(start.latest))


def _term_end(start: date) -> date:
    end = plus_months(start, bound("A10.term", start))
    return plus_days(end, -1) if end.day == start.day else end
