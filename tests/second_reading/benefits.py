"""Benefits and livelihood (terms of the rules): benefits, runs of benefits, means."""

from dataclasses import dataclass, field
from datetime import date

from tests.second_reading.basis import (
    Days,
    Told,
    View,
    bound,
    facts_after,
    of,
    plus_days,
)
from tests.second_reading.jobs import Job, jobs_of

BENEFIT_FACTS = (
    "BenefitGranted",
    "BenefitExtended",
    "HelpContinued",
    "BenefitEnded",
    "RechtskreisChangeCompleted",
)


def rechtskreis_of(fact: Told) -> str | None:
    return "SGB_VIII" if fact.type == "HelpContinued" else fact.get("rechtskreis")


def law_of(rechtskreis: str | None) -> str | None:
    if rechtskreis is None:
        return None
    if rechtskreis.startswith("ASYLBLG_"):
        return "AsylbLG"
    if rechtskreis.startswith("SGB_XII_") or rechtskreis == "BSHG":
        return "SGB XII"
    return "SGB III" if rechtskreis in ("SGB_III", "ALG_AGENTUR") else rechtskreis


def is_law_fitting(one: str | None, other: str | None) -> bool:
    """The same law; a missing ``rechtskreis`` is of every law."""
    return None in (one, other) or law_of(one) == law_of(other)


@dataclass
class Benefit:
    """A benefit, as far as told by the facts read until now."""

    begun: Told
    rechtskreis: str | None
    first: date
    until: date | None
    by: Told
    facts: list[Told] = field(default_factory=list)  # what granted and prolonged it
    ended: bool = False
    taken_over: bool = False
    next_first: date | None = None
    next_by: Told | None = None

    @property
    def last(self) -> date | None:
        """The last day paid; None: no end is known."""
        if self.until is not None:
            return self.until
        return None if self.next_first is None else plus_days(self.next_first, -1)

    @property
    def last_by(self) -> Told:
        """The fact that gives the last day."""
        return self.next_by if self.until is None and self.next_by is not None else self.by

    def pays_on_or_after(self, day: date) -> bool:
        return self.last is None or self.last >= day


@dataclass
class _Reading:
    benefits: list[Benefit] = field(default_factory=list)

    def begin(self, fact: Told, rechtskreis: str | None, first: date, until: date | None) -> None:
        for earlier in self.benefits:
            if (
                earlier.rechtskreis == rechtskreis
                and not earlier.ended
                and earlier.pays_on_or_after(first)
            ):
                earlier.until, earlier.by = plus_days(first, -1), fact
                earlier.taken_over = True
            if earlier.until is None and earlier.next_first is None:
                earlier.next_first, earlier.next_by = first, fact
        self.benefits.append(Benefit(fact, rechtskreis, first, until, fact, [fact]))

    def latest(self, rechtskreis: str | None) -> Benefit | None:
        """The latest benefit of the ``rechtskreis``; if that is missing, of any."""
        found = [one for one in self.benefits if rechtskreis in (None, one.rechtskreis)]
        return found[-1] if found else None

    def grant(self, fact: Told) -> None:
        first = fact.day("from") or fact.latest
        self.begin(fact, fact.get("rechtskreis"), first, fact.day("until"))

    def extend(self, fact: Told) -> None:
        of_law = rechtskreis_of(fact)
        benefit = self.latest(of_law)
        start = fact.day("from")
        if benefit is not None and benefit.ended and start is None:
            start = fact.latest
        leaves_unpaid = (
            benefit is not None
            and start is not None
            and benefit.last is not None
            and start > plus_days(benefit.last, 1)
        )
        if benefit is None or leaves_unpaid:
            self.begin(fact, of_law, start or fact.latest, fact.day("until"))
            return
        benefit.until, benefit.by, benefit.ended = fact.day("until"), fact, False
        benefit.facts.append(fact)
        benefit.next_first = benefit.next_by = None

    def end(self, fact: Told) -> None:
        of_law = fact.get("rechtskreis")
        if of_law is None:
            benefit = self.latest(None)
        else:
            running = [one for one in self.benefits if not one.ended]
            same = [one for one in running if one.rechtskreis == of_law]
            same = same or [one for one in running if is_law_fitting(one.rechtskreis, of_law)]
            benefit = same[-1] if same else None
        if benefit is not None and not benefit.ended:
            benefit.until, benefit.by, benefit.ended = fact.latest, fact, True

    def change(self, fact: Told) -> None:
        left, entered = fact.get("from"), fact.get("to")
        if left is not None and left == entered:
            return
        running = [
            one
            for one in self.benefits
            if not one.ended
            and left is not None
            and (entered is None or one.rechtskreis != entered)
        ]
        same = [one for one in running if one.rechtskreis == left]
        same = same or [one for one in running if is_law_fitting(one.rechtskreis, left)]
        if same and same[-1].pays_on_or_after(fact.latest):
            same[-1].until, same[-1].by = plus_days(fact.latest, -1), fact
            same[-1].ended = True
        paid = any(
            one.rechtskreis == entered
            and one.first <= fact.latest
            and one.pays_on_or_after(fact.latest)
            for one in self.benefits
        )
        if entered is not None and not paid:
            self.begin(fact, entered, fact.latest, None)


def benefits_of(view: View) -> list[Benefit]:
    """All benefits, in the order of the facts that begin them (G3)."""
    reading = _Reading()
    read = {
        "BenefitGranted": reading.grant,
        "BenefitExtended": reading.extend,
        "HelpContinued": reading.extend,
        "BenefitEnded": reading.end,
        "RechtskreisChangeCompleted": reading.change,
    }
    for fact in of(view, *BENEFIT_FACTS):
        read[fact.type](fact)
    return [one for one in reading.benefits if one.pays_on_or_after(one.first)]


@dataclass
class Paid:
    """Days on which something is paid or earned; ``last`` None: no end is known."""

    begun: Told
    first: date
    last: date | None
    last_by: Told
    of: str | None = None

    @property
    def end(self) -> date:
        return date.max if self.last is None else self.last


def runs_of_benefits(view: View) -> list[Paid]:
    runs: list[Paid] = []
    for benefit in sorted(benefits_of(view), key=lambda one: (one.first, one.begun.rank)):
        paid = Paid(
            benefit.begun, benefit.first, benefit.last, benefit.last_by, benefit.rechtskreis
        )
        same = [run for run in runs if run.of == paid.of]
        if same and (same[-1].last is None or paid.first <= plus_days(same[-1].last, 1)):
            if paid.end > same[-1].end:
                same[-1].last, same[-1].last_by = paid.last, paid.last_by
        else:
            runs.append(paid)
    return runs


# Means


def _job_pays(job: Job) -> Paid | None:
    kind = job.last_told("employment_kind")
    begun = job.facts[0]
    if kind and kind.get("employment_kind") in bound("L02.no_livelihood", begun.latest):
        return None
    if job.end is not None:
        return Paid(begun, begun.latest, job.end.latest, job.end)
    named = job.last_told("fixed_term_until")
    return Paid(
        begun, begun.latest, named.day("fixed_term_until") if named else None, named or begun
    )


def _until_next(fact: Told, following: View, days: int) -> Paid:
    if not following:
        return Paid(fact, fact.latest, None, fact)
    return Paid(fact, fact.latest, plus_days(following[0].latest, days), following[0])


TRAINING_ENDS = (
    "TrainingAborted",
    "TrainingInterrupted",
    "TrainingCompleted",
    "TrainingFinallyFailed",
)


def means(view: View) -> list[Paid]:
    """What a person lives on, in the order of first days (on one day of the facts, G3)."""
    found = [
        Paid(one.begun, one.first, one.last, one.last_by, one.rechtskreis or "")
        for one in benefits_of(view)
        if one.rechtskreis not in ("NONE", "DONATIONS")
    ]
    found += [paid for paid in map(_job_pays, jobs_of(view)) if paid is not None]
    for fact in of(view, "TrainingStarted"):
        found.append(_until_next(fact, facts_after(view, fact, *TRAINING_ENDS), 0))
    for fact in of(view, "SelfEmploymentStarted"):
        found.append(_until_next(fact, [], 0))
    for fact in of(view, "LivelihoodSecured"):
        if fact.get("degree") in ("full", "predominantly", None):
            lesser = [
                one
                for one in facts_after(view, fact, "LivelihoodLost", "LivelihoodSecured")
                if one.type == "LivelihoodLost" or one.get("degree") == "partial"
            ]
            found.append(_until_next(fact, lesser, -1))
    found = [paid for paid in found if paid.first <= paid.end]
    return sorted(found, key=lambda paid: (paid.first, paid.begun.rank))


def is_own(paid: Paid) -> bool:
    return paid.of in (None, "OWN_INCOME", "FAMILY")


def common_days(one: Paid, other: Paid) -> Days | None:
    first, last = max(one.first, other.first), min(one.end, other.end)
    return Days(first, last) if first <= last else None
