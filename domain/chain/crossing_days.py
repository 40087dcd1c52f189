"""On which days the gaps of a journey cross something, and what is to be told of it (design 4, line 22).

What was told of an instance and not undone is always the beginning of its course: where the two part,
everything behind is taken back, the last first, and then told as it is now. So a subscriber who knows
the last crossing of an instance that still stands knows where the instance stands.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from pydantic import JsonValue

from domain.chain.calendar import berlin_day, plus_days
from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import Interval, Severity, Step
from domain.chain.reading import told as told_by
from domain.crossings import Crossing, CrossingKind, Noticed
from domain.events.record import EventCorrected, EventRetracted, JourneyErased
from domain.fields import DataClass
from domain.journal import Recorded

Instance = tuple[str, str]
"""A rule, and the key of one of its instances on a journey."""

_ORDER = (CrossingKind.CLOSED, CrossingKind.OPENED, CrossingKind.ESCALATED, CrossingKind.STATUS)
_GRAVITY = tuple(Severity)

# What a crossing claims. The rest only explains it, and may become more exact without being told again.
_CLAIMS: Mapping[CrossingKind, tuple[str, ...]] = {
    CrossingKind.OPENED: ("kind", "severity", "due_on"),
    CrossingKind.ESCALATED: ("kind", "severity", "step"),
    CrossingKind.CLOSED: ("kind", "closed_by", "by_version"),
}


@dataclass(frozen=True, slots=True)
class Sources:
    """What may be said outside of the facts of a journey.

    Attributes:
        versions: The facts of class base by id: a public event names them by version.
        withheld: The day of recording of the others: nothing else may be said of them.
    """

    versions: Mapping[str, int]
    withheld: Mapping[str, date]

    def all_base(self, ids: Iterable[str]) -> bool:
        """Say whether all of these are facts of class base."""
        return all(one in self.versions for one in ids)


def sources(records: Iterable[Recorded]) -> Sources:
    """Return what may be said of the facts of a journey."""
    versions: dict[str, int] = {}
    withheld: dict[str, date] = {}
    for one in records:
        if one.entry.data_class is DataClass.BASE:
            versions[one.entry.id] = one.version
        else:
            withheld[one.entry.id] = berlin_day(one.recorded_at)
    return Sources({id_: at for id_, at in versions.items() if id_ not in withheld}, withheld)


@dataclass(frozen=True, slots=True)
class Turn:
    """What happens to an instance on a day, ahead or behind."""

    kind: CrossingKind
    day: date
    told: Mapping[str, JsonValue]

    def was_told_by(self, crossing: Crossing) -> bool:
        """Say whether a crossing told just this."""
        return (
            crossing.kind is self.kind
            and crossing.day == self.day
            and all(crossing.told.get(one) == self.told[one] for one in _CLAIMS[self.kind])
        )


@dataclass(frozen=True, slots=True)
class Courses:
    """The course of every instance of a journey in the order of days, and how many are kept back."""

    turns: Mapping[Instance, tuple[Turn, ...]]
    withheld: int

    def by(self, instance: Instance, day: date) -> tuple[Turn, ...]:
        """Return what has happened to an instance by a day."""
        return tuple(one for one in self.turns.get(instance, ()) if one.day <= day)


def openly(
    records: Iterable[Recorded], found: Iterable[Interval], known: Sources
) -> Sequence[Interval]:
    """Return the instances as they would be without the facts kept back, of the rules where one closed any."""
    rules = {one.rule for one in found if one.closing in known.withheld}
    if not rules:
        return ()
    base = [one for one in records if one.entry.id in known.versions]
    return evaluate(told_by(base), rules=[RULES[rule] for rule in sorted(rules)])


def courses(found: Iterable[Interval], known: Sources, without: Iterable[Interval] = ()) -> Courses:
    """Return the courses of the instances that open and rest on facts of class base alone.

    Args:
        found: The instances.
        known: What may be said.
        without: The same as they would be without the facts kept back, where one closed any.
    """
    open_ends = {(one.rule, one.key): one for one in without if one.closes_on is not None}
    turns: dict[Instance, tuple[Turn, ...]] = {}
    withheld = 0
    for one in found:
        if not one.was_open:
            continue
        if known.all_base(one.evidence) and one.key not in known.withheld:
            told = _closed_openly(one, open_ends.get((one.rule, one.key)), known)
            turns[_instance(one, known, turns)] = tuple(_course(told, known))
        else:
            withheld += 1
    return Courses(turns, withheld)


def _instance(one: Interval, known: Sources, taken: Mapping[Instance, object]) -> Instance:
    """Name an instance without the ids of its facts, which people may have typed."""
    versions = known.versions
    if one.key in versions:
        key = str(versions[one.key])
    elif all(id_ in versions for id_ in one.key.split("+")):
        key = "+".join(str(versions[id_]) for id_ in one.key.split("+"))
    else:
        key = f"{versions[one.evidence[0]]}:{sha256(one.key.encode()).hexdigest()[:16]}"
    again = 1
    while (one.rule, f"{key}#{again}" if again > 1 else key) in taken:
        again += 1
    return one.rule, f"{key}#{again}" if again > 1 else key


def _course(one: Interval, known: Sources) -> Iterator[Turn]:
    yield Turn(CrossingKind.OPENED, one.opens_on, _opening(one, known))
    for step, severity in _escalations(one):
        yield Turn(
            CrossingKind.ESCALATED,
            step.on,
            {"kind": one.kind.value, "severity": severity.value, "step": step.name.value},
        )
    if one.closes_on is not None:
        yield Turn(
            CrossingKind.CLOSED, _closing_day(one, known, one.closes_on), _closing(one, known)
        )


def _opening(one: Interval, known: Sources) -> dict[str, JsonValue]:
    return {
        "kind": one.kind.value,
        "field": RULES[one.rule].field.value,
        "severity": one.severity_on(one.opens_on).value,
        "certainty": one.certainty.value,
        "due_on": None if one.due_on is None else one.due_on.isoformat(),
        "responsible": [who.value for who in one.responsible],
        "evidence": [known.versions[id_] for id_ in one.evidence],
        "missing": list(one.missing),
    }


def _escalations(one: Interval) -> Iterator[tuple[Step, Severity]]:
    """Yield the steps by which an open gap becomes graver."""
    severity = one.severity_on(one.opens_on)
    for step in one.steps:
        open_then = one.opens_on < step.on and (one.closes_on is None or step.on < one.closes_on)
        if open_then and step.severity is not None and _graver(step.severity, severity):
            severity = step.severity
            yield step, severity


def _graver(one: Severity, other: Severity) -> bool:
    return _GRAVITY.index(one) < _GRAVITY.index(other)


def _closed_openly(one: Interval, without: Interval | None, known: Sources) -> Interval:
    """Return the instance, closed as it was before a fact kept back was recorded, if it was closed then."""
    recorded = known.withheld.get(one.closing or "")
    if recorded is None or without is None or without.closes_on is None:
        return one
    return without if without.was_open and without.closes_on <= recorded else one


def _closing_day(one: Interval, known: Sources, closes_on: date) -> date:
    """Return the day of a closing; that of a fact that is kept back would tell when a child was born."""
    recorded = known.withheld.get(one.closing or "")
    return closes_on if recorded is None else max(recorded, plus_days(one.opens_on, 1))


def _closing(one: Interval, known: Sources) -> dict[str, JsonValue]:
    return {
        "kind": one.kind.value,
        "closed_by": None if one.closed_by is None else one.closed_by.value,
        "by_version": known.versions.get(one.closing or ""),
    }


def differences(
    told: Sequence[Crossing],
    now: Courses,
    day: date,
    undone_by: Callable[[Instance, Sequence[Crossing]], int | None],
) -> list[Noticed]:
    """Return what is to be told so that what was told is what has happened by a day.

    Args:
        told: All that was told of the gaps of a journey, in order.
        now: The courses as they are known now.
        day: The day in question.
        undone_by: Names the version of the fact by which what was told of an instance is no longer so.
    """
    revoked: list[tuple[Crossing, int | None]] = []
    fresh: list[Noticed] = []
    live = standing(told)
    for instance in dict.fromkeys((*live, *now.turns)):
        before, course = live.get(instance, ()), now.by(instance, day)
        kept = agreement(before, course)
        if kept < len(before):
            version = undone_by(instance, before)
            revoked.extend((one, version) for one in before[kept:])
        fresh.extend(Noticed(one.kind, *instance, one.day, one.told) for one in course[kept:])
    revoked.sort(key=lambda pair: pair[0].seq, reverse=True)
    fresh.sort(key=in_order)
    return [*(_revocation(one, version) for one, version in revoked), *fresh]


def in_order(one: Noticed) -> tuple[date, int, str, str]:
    """Order what is told at once: by day, what ends before what begins."""
    return one.day, _ORDER.index(one.kind), one.name, one.key


def standing(told: Iterable[Crossing]) -> dict[Instance, list[Crossing]]:
    """Return by instance what was told and not undone since, in order."""
    live: dict[Instance, list[Crossing]] = {}
    for one in told:
        if one.kind is CrossingKind.REVOKED:
            live[one.name, one.key].pop()
        else:
            live.setdefault((one.name, one.key), []).append(one)
    return {instance: crossings for instance, crossings in live.items() if crossings}


def agreement(told: Sequence[Crossing], course: Sequence[Turn]) -> int:
    """Return how many crossings are told as they happened, from the first on."""
    kept = 0
    for one, turn in zip(told, course, strict=False):
        if not turn.was_told_by(one):
            break
        kept += 1
    return kept


def _revocation(one: Crossing, version: int | None) -> Noticed:
    told: dict[str, JsonValue] = {
        "kind": one.told["kind"],
        "undoes": one.seq,
        "undone": one.kind.value,
        "by_version": version,
    }
    return Noticed(CrossingKind.REVOKED, one.name, one.key, one.day, told, one.seq)


def in_rounds(told: Iterable[Crossing], noticed: Iterable[Noticed]) -> Iterator[Noticed]:
    """Number what is told again on the same day, having been undone."""
    rounds = Counter((one.kind, one.name, one.key, one.day) for one in told)
    for one in noticed:
        again = (one.kind, one.name, one.key, one.day)
        yield replace(one, round=rounds[again])
        rounds[again] += 1


def undone_by(
    records: Sequence[Recorded], considered: int, day: date
) -> Callable[[Instance, Sequence[Crossing]], int | None]:
    """Return what names the fact by which an instance came to differ from what was told of it.

    Args:
        records: All that is known of the journey.
        considered: The version up to which it was known when the crossings were last told.
        day: The day up to which crossings are told.
    """
    known = sources(records)
    first = sum(one.version <= considered for one in records)
    erased = any(isinstance(one.entry.fact, JourneyErased) for one in records)

    def agreed(instance: Instance, told: Sequence[Crossing], count: int) -> bool:
        rules = [RULES[instance[0]]] if instance[0] in RULES else ()
        found = evaluate(told_by(records[:count]), rules=rules)
        now = courses(found, known, openly(records[:count], found, known))
        return agreement(told, now.by(instance, day)) == len(told)

    def version(instance: Instance, told: Sequence[Crossing]) -> int | None:
        """Halve the records that came since until the one is found that made the difference."""
        low, high = first, len(records)
        if erased or low == high or not agreed(instance, told, low):
            return None
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if agreed(instance, told, middle) else (low, middle)
        return _named(records, high - 1, known)

    return version


def _named(records: Sequence[Recorded], place: int, known: Sources) -> int | None:
    """Return the version of a fact if it may be named; what works on a fact kept back may not."""
    by_id = {one.entry.id: one.entry for one in records}
    seen: set[str] = set()
    one = records[place].entry
    while isinstance(one.fact, EventCorrected | EventRetracted) and one.fact.target not in seen:
        seen.add(one.id)
        target = by_id.get(one.fact.target or "")
        if target is None:
            break
        one = target
    return known.versions.get(records[place].entry.id) if one.id in known.versions else None
