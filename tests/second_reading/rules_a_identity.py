"""Identity not clarified: A15."""

from dataclasses import dataclass, field
from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    facts_after,
    later,
    of,
    plus_days,
    settle,
    since,
)
from tests.second_reading.identity import (
    clarifications,
    first_known_entry,
    is_for,
    is_vague,
    stands_before,
)
from tests.second_reading.residence import Stretch, stay_of

STAY, NATURALISATION, ENTRY = ("60", "25", "104c", "16g"), ("stag",), ("16g", "60c")
ENDS_OF_PROCEDURE = (
    "NaturalisationApproved",
    "NaturalisationRefused",
    "NaturalisationWithdrawn",
    "NaturalisationCertificateHandedOver",
)


@dataclass(frozen=True)
class Clock:
    """A trigger, its window and what cancels or supersedes it."""

    trigger: Told
    key: str
    purposes: tuple[str, ...]
    begins: date
    due: date
    cancelled: list[Told | date] = field(default_factory=list)
    superseded: list[Told] = field(default_factory=list)


def waits(one: Stretch) -> bool:
    if one.status in ("title", "fiktion", "without_title"):
        return one.basis == "104C"
    return one.status in ("duldung", "obliged")


def _clocks_of_stay(stay: list[Stretch]) -> list[Clock]:
    found: list[Clock] = []
    for place, one in enumerate(stay):
        if not waits(one) or (place > 0 and waits(stay[place - 1])):
            continue
        assert one.rests_on is not None
        last = one.last
        for other in stay[place + 1 :]:
            if not waits(other):
                break
            last = other.last
        found.append(
            Clock(
                one.rests_on,
                one.rests_on.id,
                STAY,
                one.first,
                later(one.first, "A15.absence"),
                [plus_days(last, 1)] if last < date.max else [],
            )
        )
    return found


def _clocks_of_naturalisation(view: View) -> list[Clock]:
    return [
        Clock(
            fact,
            fact.id,
            NATURALISATION,
            fact.latest,
            later(fact.latest, "A15.absence"),
            list(since(view, fact, *ENDS_OF_PROCEDURE)),
            facts_after(view, fact, "NaturalisationApplied"),
        )
        for fact in of(view, "NaturalisationApplied")
    ]


def _clocks_of_entry(view: View, stay: list[Stretch]) -> list[Clock]:
    entry = first_known_entry(view)
    if entry is None or entry[1].latest < date(2020, 1, 1):
        return []
    fact, day = entry[0], entry[1].latest
    fitting = [
        one
        for one in stay
        if one.status in ("gestattung", "duldung", "obliged") and one.last >= day
    ]
    if not fitting:
        return []
    first = fitting[0].first
    others = [
        one.first
        for one in stay
        if one.first > first
        and one.status not in (None, "gestattung", "without_title")
        and not waits(one)
    ]
    return [Clock(fact, "entry", ENTRY, max(day, first), later(day, "A15.entry"), list(others[:1]))]


def a15(view: View) -> list[Row]:
    stay = stay_of(view)
    clocks = _clocks_of_stay(stay) + _clocks_of_naturalisation(view)
    clocks += _clocks_of_entry(view, stay)
    rows: list[Row] = []
    for clock in clocks:
        rows += _row(view, clock)
    return rows


def _row(view: View, clock: Clock) -> list[Row]:
    clarified = clarifications(view, clock.purposes)
    followed: list[date] = []
    for one in clarified:
        if one.days is None:
            if stands_before(one, clock.trigger):
                return []
            followed.append(clock.due)
        elif one.days.earliest <= clock.due:
            followed.append(min(one.days.latest, clock.due))
        else:
            followed.append(one.days.latest)
    vague = [one for one in of(view, "IdentityClarified") if is_for(one, clock.purposes)]
    is_unsure = not clarified and any(is_vague(one) for one in vague)
    return settle(
        "A15",
        view,
        clock.trigger,
        clock.begins,
        clock.due,
        key=clock.key,
        kind="data" if is_unsure else "gap",
        followed=followed,
        cancelled=clock.cancelled,
        superseded=clock.superseded,
    )


READERS = {"A15": a15}
