"""Benefits under § 2 AsylbLG: L06."""

import itertools
from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import (
    Days,
    Row,
    Told,
    View,
    first_of_month,
    of,
    plus_days,
    plus_months,
    settle,
    since,
)
from tests.second_reading.benefits import Benefit, benefits_of

# The laws of L06.months: first day, last day, months, by stay or by receipt.
LAWS = (
    (date.min, date(2007, 8, 27), 36, "receipt"),
    (date(2007, 8, 28), date(2015, 2, 28), 48, "receipt"),
    (date(2015, 3, 1), date(2019, 8, 20), 15, "stay"),
    (date(2019, 8, 21), date(2024, 2, 26), 18, "stay"),
    (date(2024, 2, 27), date.max, 36, "stay"),
)


@dataclass
class Stretch:
    """A stretch of basic benefits; ``ended_by`` the fact after whose day before it ends."""

    trigger: Told
    first: date
    last: date
    into: str | None = None


def stretches_of_basic(view: View) -> list[Stretch]:
    benefits = benefits_of(view)
    found: list[Stretch] = []
    running: Stretch | None = None
    for place, benefit in enumerate(benefits):
        if benefit.rechtskreis != "ASYLBLG_3":
            continue
        if running is not None and benefit.first <= running.last:
            continue
        running = _stretch(benefit, benefits[place:])
        if running.first <= running.last:
            found.append(running)
    return sorted(found, key=lambda one: (one.first, one.trigger.rank))


def _stretch(benefit: Benefit, following: list[Benefit]) -> Stretch:
    """It ends before the next benefit of another law, or with one that is ended."""
    for other in following:
        if other.rechtskreis in ("ASYLBLG_3", None):
            if other.ended and other.until is not None:
                return Stretch(benefit.begun, benefit.first, other.until, _into(other.by))
        else:
            return Stretch(
                benefit.begun, benefit.first, plus_days(other.first, -1), other.rechtskreis
            )
    return Stretch(benefit.begun, benefit.first, date.max)


def _into(ending: Told) -> str | None:
    return ending.get("to") if ending.type == "RechtskreisChangeCompleted" else None


# The clock


def _entry(view: View, stretch: Stretch) -> Days:
    """The days of entry."""
    left = [one.latest for one in of(view, "LeftGermany") if one.latest < stretch.first]
    back = max(left, default=date.min)
    for fact in of(view, "EntryRegistered"):
        days = fact.days("entry_date") or fact.own
        if days.latest >= back:
            return days
    for fact in of(view, "JourneyStarted"):
        told = fact.days("entry_date")
        if told is not None and told.latest >= back:
            return told
    for fact in of(view, "AsylumSought", "ArrivalCertificateIssued", "AsylumApplicationFiled"):
        if back <= fact.latest <= stretch.first:
            return Days(fact.latest, fact.latest)
    return Days(stretch.first, stretch.first)


def _last_of_receipt(stretches: list[Stretch], stretch: Stretch, months: int) -> date | None:
    counted = [one for one in stretches if one.first <= stretch.first]
    first = counted[0].first
    last = plus_months(first, months)
    if last.day == first.day:
        last = plus_days(last, -1)
    for one, other in itertools.pairwise(counted):
        if last > one.last:
            last = plus_days(last, max(0, (other.first - one.last).days - 1))
    return None if last > counted[-1].last else last


def _clock(
    view: View, stretches: list[Stretch], stretch: Stretch, months: int, clock: str
) -> Days | None:
    if clock == "receipt":
        last = _last_of_receipt(stretches, stretch, months)
        return None if last is None else Days(last, last)
    entry = _entry(view, stretch)
    return Days(plus_months(entry.earliest, months), plus_months(entry.latest, months))


def _month_before(day: date) -> date:
    return first_of_month(plus_days(first_of_month(day), -1))


def l06(view: View) -> list[Row]:
    stretches = stretches_of_basic(view)
    rows: list[Row] = []
    for stretch in stretches:
        for law in LAWS:
            rows += _l06_of(view, stretches, stretch, law)
    return rows


def _l06_of(
    view: View,
    stretches: list[Stretch],
    stretch: Stretch,
    law: tuple[date, date, int, str],
) -> list[Row]:
    from_day, to_day, months, clock = law
    ends = _clock(view, stretches, stretch, months, clock)
    if ends is None:
        return []
    begins = max(_month_before(ends.earliest), stretch.first, from_day)
    if begins > min(stretch.last, to_day):
        return []
    trigger = stretch.trigger
    higher = [
        one
        for one in since(view, trigger, "BenefitGranted", "RechtskreisChangeCompleted")
        if "ASYLBLG_2" in (one.get("rechtskreis"), one.get("to"))
    ]
    cancelled: list[Told | date] = [one.latest for one in of(view, "AbuseFound")]
    if stretch.last < date.max and stretch.into != "ASYLBLG_2":
        cancelled.append(plus_days(stretch.last, 1))
    later_law = from_day > trigger.latest
    return settle(
        "L06",
        view,
        trigger,
        begins,
        ends.latest,
        key=f"{trigger.id}@{from_day}" if later_law else trigger.id,
        kind="chance",
        followed=higher,
        cancelled=cancelled,
        law_ends=None if to_day == date.max else plus_days(to_day, 1),
    )


READERS = {"L06": l06}
