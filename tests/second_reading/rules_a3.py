"""Where the status of the stay decides: A21 to A24, A26, A28."""

from dataclasses import dataclass
from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    before,
    bound,
    counts_from,
    counts_on,
    facts_after,
    facts_before,
    later,
    of,
    plus_days,
    plus_months,
    plus_years,
    settle,
    since,
)
from tests.second_reading.rules_a import other_job_runs, without_short_lived
from tests.second_reading.rules_start_titles import a02_of, latest_title
from tests.second_reading.stay import (
    PAPERS,
    Stretch,
    first_day,
    refusals,
    status_on,
    stay_of,
)
from tests.second_reading.titles import (
    is_permanent,
    is_positive,
    losses,
    positive_decisions,
    protection_begins,
    title_of,
)

# A21


@dataclass(frozen=True)
class Part:
    """Days of a contradiction, and what closes it on the day after (None: no fact)."""

    first: date
    last: date
    trigger: Told
    key: str
    closing: Told | None


def _next_status(stretches: list[Stretch], day: date) -> Told | None:
    following = [one for one in stretches if one.first == day and day > date.min]
    return following[0].fact if following else None


def _parts_of_status(stretches: list[Stretch]) -> list[Part]:
    parts = []
    for one in stretches:
        if _is_said_by_status(one):
            assert one.fact is not None
            parts.append(Part(one.first, one.last, one.fact, one.fact.id, None))
    return parts


def _is_said_by_status(one: Stretch) -> bool:
    lost = one.status == "without_title" and one.fact and one.fact.type != "TitleGranted"
    return one.status == "obliged" or bool(lost)


def _contradicts(one: Stretch, paper: Told) -> bool:
    says = PAPERS[paper.type]
    if one.status == "without_title":
        return says in ("gestattung", "fiktion") and not _is_said_by_status(one)
    if paper.latest < one.first:
        return False
    if one.status == "protected":
        return says == "duldung" and one.basis != "25_3"
    others = {
        "duldung": ("gestattung", "fiktion"),
        "gestattung": ("fiktion",),
        "fiktion": ("gestattung",),
        "title": ("gestattung", "duldung"),
    }
    return says in others.get(one.status or "", ())


def _parts_of_papers(view: View, stretches: list[Stretch]) -> list[Part]:
    parts = []
    for paper in of(view, *PAPERS):
        following = facts_after(view, paper, *PAPERS, "TitleGranted")
        until = paper.day("valid_until") or date.max
        if following:
            until = min(until, plus_days(following[0].latest, -1))
        for one in stretches:
            first, last = max(paper.latest, one.first), min(until, one.last)
            if first <= last and _contradicts(one, paper):
                assert one.fact is not None
                trigger = paper if paper.latest >= one.first else one.fact
                key = f"{one.fact.id}+{paper.id}"
                newer = following[0] if following else None
                if newer is not None and plus_days(last, 1) != newer.latest:
                    newer = None
                parts.append(Part(first, last, trigger, key, newer))
    return parts


def _joined(parts: list[Part]) -> list[Part]:
    joined: list[Part] = []
    for part in sorted(parts, key=lambda part: part.first):
        if joined and joined[-1].last < date.max and plus_days(joined[-1].last, 1) == part.first:
            one = joined.pop()
            part = Part(one.first, part.last, one.trigger, one.key, part.closing)
        joined.append(part)
    return joined


def _parts_of_titles(view: View) -> list[Part]:
    grants = of(view, "TitleGranted")
    parts = []
    for number in range(1, len(grants)):
        older, newer = grants[number - 1], grants[number]
        begins = (first_day(view, older), first_day(view, newer))
        lasting = is_permanent(older) and older.basis != "DEUTSCH"
        lasting = lasting and not (older.basis or "").startswith("FREIZUEGG_EU")
        at_once = begins[0] == begins[1] and older.basis is not None
        if is_permanent(newer) or newer.basis is None or not (lasting or at_once):
            continue
        first = max(begins)
        if any(one.latest <= first for one in losses(view, older)):
            continue
        ends: list[tuple[date, Told | None]] = []
        for grant in (older, newer):
            end = title_of(view, grant).end
            if end is not None and not is_permanent(grant):
                ends.append((end.latest, None))
            ends += [
                (plus_days(one.latest, -1), one)
                for one in losses(view, grant)
                if one.latest > first
            ]
        if number + 1 < len(grants):
            third = grants[number + 1]
            ends.append((plus_days(first_day(view, third), -1), third))
        last, closing = min(ends, key=lambda one: one[0], default=(date.max, None))
        if last >= first:
            parts.append(Part(first, last, newer, f"{older.id}+{newer.id}", closing))
    return parts


def a21(view: View) -> list[Row]:
    stretches = stay_of(view)
    parts = _joined([*_parts_of_status(stretches), *_parts_of_papers(view, stretches)])
    rows: list[Row] = []
    for part in parts:
        following = None if part.last == date.max else plus_days(part.last, 1)
        closing = (following and _next_status(stretches, following)) or part.closing
        rows += _a21_of(view, part, closing, "gap")
    for part in _parts_of_titles(view):
        rows += _a21_of(view, part, part.closing, "gap")
    for one, two in zip(stretches, stretches[1:], strict=False):
        grant = one.rests_on
        if one.status != "title" or grant is None or is_permanent(grant):
            continue
        ended = two.status == "duldung" and two.fact and two.fact.type == "ToleranceIssued"
        if ended and title_of(view, grant).end is None:
            assert two.fact is not None
            part = Part(two.first, two.last, two.fact, two.fact.id, None)
            following = None if two.last == date.max else plus_days(two.last, 1)
            rows += _a21_of(view, part, following and _next_status(stretches, following), "data")
    return rows


def _a21_of(view: View, part: Part, closing: Told | None, kind: str) -> list[Row]:
    due = plus_days(part.first, bound("A21.tolerance", part.first) - 1)
    followed: list[Told | date] = []
    if part.last < date.max:
        day = plus_days(part.last, 1)
        followed = [closing if closing is not None and closing.latest == day else day]
    rows = settle(
        "A21",
        view,
        part.trigger,
        part.first,
        due,
        key=part.key,
        kind=kind,
        followed=followed,
    )
    return without_short_lived(rows)


# A22


def a22(view: View) -> list[Row]:
    stretches = stay_of(view)
    triggers: list[tuple[date, Told, Told, bool]] = []
    for refusal in refusals(view):
        status = status_on(stretches, refusal.day).status
        known = refusal.decision.get("outcome") is not None
        if status in ("obliged", "without_title"):
            triggers.append((refusal.day, refusal.fact, refusal.decision, True))
        elif not known and status is None:
            triggers.append((refusal.day, refusal.fact, refusal.decision, False))
    for fact in of(view, "DepartureObligationArisen"):
        status = status_on(stretches, fact.latest).status
        if fact.get("enforceable") is not False and status in ("obliged", "without_title"):
            triggers.append((fact.latest, fact, fact, True))
    triggers.sort(key=lambda one: (one[0], one[2].rank))
    rows: list[Row] = []
    for number, (day, fact, decision, known) in enumerate(triggers):
        following = [one[0] for one in triggers[number + 1 :]]
        rows += _a22_of(view, day, fact, known, following)
    return rows


def _from_day(view: View, trigger: Told, day: date, *types: str) -> View:
    return [
        one
        for one in of(view, *types)
        if one is not trigger
        and (
            one.latest >= day
            if one.dated and (trigger.dated or trigger.get("final_on"))
            else before(trigger, one)
        )
    ]


def _a22_of(view: View, day: date, fact: Told, known: bool, following: list[date]) -> list[Row]:
    possible = fact.earliest
    if fact.type != "DepartureObligationArisen":
        final = fact.days("final_on")
        possible = day if final is None else final.earliest
    ended = _from_day(
        view,
        fact,
        possible,
        *("TitleGranted", "RightOfFreeMovementRecorded", "ContinuationOrdered"),
        *("ArrivalCertificateIssued", "AsylumApplicationFiled"),
    )
    protected = [protection_begins(one) for one in positive_decisions(view)]
    return settle(
        "A22",
        view,
        fact,
        day,
        later(day, "A22.response"),
        kind="gap" if known else "data",
        followed=_from_day(view, fact, possible, "ToleranceIssued", "LeftGermany"),
        cancelled=[
            *(one for one in ended if one.get("procedure") != "folge"),
            *(one for one in protected if one >= possible),
        ],
        superseded=following,
    )


READERS = {"A21": a21, "A22": a22}
