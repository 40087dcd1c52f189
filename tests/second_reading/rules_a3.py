"""Where the status of the stay decides: A21 to A24, A26, A28."""

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    before,
    bound,
    facts_after,
    facts_before,
    later,
    next_working_day,
    of,
    plus_days,
    settle,
    since,
)
from tests.second_reading.residence import (
    PAPERS,
    Stretch,
    first_day,
    refusals,
    status_on,
    stay_of,
)
from tests.second_reading.rules_a import other_job_runs, without_short_lived
from tests.second_reading.rules_start_titles import a02_of, latest_title
from tests.second_reading.titles import (
    is_permanent,
    is_positive,
    losses,
    positive_decisions,
    protection_begins,
    title_of,
)

# A21

ENDINGS = ("NaturalisationCertificateHandedOver", "LeftGermany", "PersonDied")


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
        one = joined[-1] if joined else None
        if one is None or (one.last < date.max and plus_days(one.last, 1) < part.first):
            joined.append(part)
            continue
        ending = part if part.last >= one.last else one
        joined[-1] = Part(one.first, ending.last, one.trigger, one.key, ending.closing)
    return joined


def _cannot_follow(older: Told, newer: Told, *, at_once: bool) -> bool:
    basis = older.basis or ""
    if basis == "DEUTSCH" or basis.startswith("FREIZUEGG_EU"):
        return False
    if is_permanent(newer) or newer.basis is None:
        return False
    return is_permanent(older) or (at_once and basis not in ("", newer.basis))


def _parts_of_titles(view: View) -> list[Part]:
    grants = of(view, "TitleGranted")
    parts = []
    for number in range(1, len(grants)):
        older, newer = grants[number - 1], grants[number]
        begins = (first_day(view, older), first_day(view, newer))
        at_once = begins[0] == begins[1]
        if not _cannot_follow(older, newer, at_once=at_once):
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
    for one, two in pairwise(stretches):
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
    closings: list[Told | date] = []
    if part.last < date.max:
        day = plus_days(part.last, 1)
        closings = [closing if closing is not None and closing.latest == day else day]
    ends = closing is not None and closing.type in ENDINGS
    rows = settle(
        "A21",
        view,
        part.trigger,
        part.first,
        due,
        key=part.key,
        kind=kind,
        followed=[] if ends else closings,
        cancelled=closings if ends else [],
    )
    return without_short_lived(rows)


# A22


def a22(view: View) -> list[Row]:
    stretches = stay_of(view)
    triggers: list[tuple[date, Told, Told, bool]] = []
    for refusal in refusals(view):
        status = status_on(stretches, refusal.day).status
        decided = refusal.fact.type == "AppealDecided"
        known = decided or refusal.decision.get("outcome") is not None
        if status in ("obliged", "without_title") or (not known and status is None):
            triggers.append((refusal.day, refusal.fact, refusal.decision, known))
    for fact in of(view, "DepartureObligationArisen"):
        status = status_on(stretches, fact.latest).status
        if fact.get("enforceable") is not False and status in ("obliged", "without_title"):
            triggers.append((fact.latest, fact, fact, True))
    triggers.sort(key=lambda one: (one[0], one[2].rank))
    rows: list[Row] = []
    for number, (day, fact, _, known) in enumerate(triggers):
        following = [one[0] for one in triggers[number + 1 :]]
        rows += _a22_of(view, day, fact, known, following)
    return rows


def _from_day(view: View, trigger: Told, day: date, *types: str) -> View:
    return [
        one
        for one in of(view, *types)
        if one is not trigger and (one.latest >= day if one.dated else before(trigger, one))
    ]


def _first_possible_day(fact: Told, day: date) -> date:
    if fact.type == "DepartureObligationArisen":
        return fact.earliest
    final = fact.days("final_on")
    if final is not None:
        return final.earliest
    served = fact.days("served_on") or fact.own
    if fact.get("served_on") is None:
        first = plus_days(served.earliest, bound("A05.service", served.earliest))
    else:
        first = served.earliest
    time = "A05.appeal_short" if fact.get("outcome") in ("ou", "unzulaessig") else "A05.appeal"
    return min(day, plus_days(next_working_day(plus_days(first, bound(time, first))), 1))


def _a22_of(view: View, day: date, fact: Told, known: bool, following: list[date]) -> list[Row]:
    possible = _first_possible_day(fact, day)
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


# A23


def a23(view: View) -> list[Row]:
    stretches = stay_of(view)
    triggers = []
    for absence in of(view, "AbsenceAbroadRecorded"):
        start = absence.days("from") or absence.own
        titles = facts_before(view, absence, "TitleGranted")
        if _holds_title(view, stretches, absence, start.latest):
            nine = _basis_abroad(status_on(stretches, start.latest), titles) == "9A"
            triggers.append((absence, start, nine))
    rows: list[Row] = []
    for number, (absence, start, nine) in enumerate(triggers):
        tail = "_9a" if nine else ""
        due = later(start.latest, f"A23.months{tail}")
        begins = later(start.earliest, f"A23.first_warning{tail}")
        if absence.dated or absence.get("from") is None:
            begins = max(begins, absence.latest)
        back = facts_after(view, absence, "EntryRegistered")
        back += [one for one in facts_after(view, absence, "ContactHeld") if _is_here(one)]
        until = absence.days("until")
        returned = []
        if until is not None:
            returned = [min(until.latest, due) if until.earliest <= due else until.latest]
        rows += settle(
            "A23",
            view,
            absence,
            begins,
            due,
            followed=[*returned, *back],
            cancelled=[
                *facts_after(view, absence, "TitleGranted"),
                *since(view, absence, "TitleRevoked"),
            ],
            superseded=[one[0] for one in triggers[number + 1 :]],
        )
    return rows


def _is_here(contact: Told) -> bool:
    met = contact.get("channel") in ("office", "home", "outreach")
    return met and contact.get("no_show") is not True


def _basis_abroad(status: Stretch, titles: View) -> str | None:
    if status.status is not None:
        return status.basis
    return titles[-1].basis if titles else None


def _holds_title(view: View, stretches: list[Stretch], absence: Told, day: date) -> bool:
    status = status_on(stretches, day).status
    if status is not None:
        return status in ("title", "fiktion")
    titles = facts_before(view, absence, "TitleGranted")
    if not titles:
        return False
    title = title_of(view, titles[-1])
    ended = not title.permanent and title.end is not None and title.end.latest < day
    return not ended and not any(one.latest <= day for one in losses(view, title.grant))


# A24


def a24(view: View) -> list[Row]:
    rows: list[Row] = []
    for application in of(view, "TitleApplied"):
        title = latest_title(view, application)
        if title is None or title.permanent:
            continue
        day = application.latest
        if not any(
            row.opens_on <= day and (row.closes_on is None or day < row.closes_on)
            for row in a02_of(view, title)
        ):
            continue
        followed = since(
            view,
            application,
            "ContinuationOrdered",
            "TitleGranted",
            "RightOfFreeMovementRecorded",
        )
        rows += settle(
            "A24",
            view,
            application,
            day,
            later(day, "A24.response"),
            followed=[*followed, *(one for one in since(view, application) if is_positive(one))],
            cancelled=since(
                view, application, "TitleRefused", "ToleranceIssued", "TemporaryPermissionIssued"
            ),
        )
    return _superseded_by_next(rows, of(view, "TitleApplied"))


def _superseded_by_next(rows: list[Row], facts: View) -> list[Row]:
    """The series is the journey (G8)."""
    by_id = {one.id: one for one in facts}
    found = []
    for row in rows:
        later_ones = [one for one in rows if before(by_id[row.key], by_id[one.key])]
        days = [by_id[one.key].latest for one in later_ones]
        if days and min(days) < row.begins_on:
            continue
        if days and (row.closes_on is None or min(days) < row.closes_on):
            row = replace(row, closes_on=min(days), closed_by="superseded")
        found.append(row)
    return found


# A26

KNOWN_BY = ("PassportIssued", "TravelDocumentIssued", "PassportExpired")
REFUGEE = ("asyl", "fluechtling")


def _makes_known(fact: Told) -> bool:
    clarified = fact.type == "IdentityClarified" and fact.get("means") == "pass"
    return fact.type in KNOWN_BY or clarified


def _is_refugee(fact: Told) -> bool:
    return fact.type == "AsylumDecisionIssued" and fact.get("outcome") in REFUGEE


def _needs_passport(view: View, fact: Told) -> bool:
    if fact.type == "TitleApplied" and fact.basis in ("25_1", "25_2_FL"):
        return False
    earlier = facts_before(view, fact)
    if any(_makes_known(one) for one in earlier):
        return False
    refugee = [one for one in earlier if _is_refugee(one) or one.type == "ProtectionRevoked"]
    return not (refugee and _is_refugee(refugee[-1]))


def a26(view: View) -> list[Row]:
    calls = [(one.latest, one) for one in of(view, "TitleApplied")]
    calls += [
        (one.first, one.fact)
        for one in stay_of(view)
        if one.status in ("duldung", "obliged") and one.fact is not None
    ]
    calls.sort(key=lambda call: (call[0], call[1].rank))
    rows: list[Row] = []
    runs_through = date.min
    for day, fact in calls:
        if day <= runs_through or not _needs_passport(view, fact):
            continue
        closing = [
            one.latest
            for one in view
            if (_makes_known(one) or one.type == "TitleGranted" or _is_refugee(one))
            and one.latest >= day
        ]
        runs_through = min(closing, default=date.max)
        rows += _a26_of(view, day, fact)
    return rows


def _a26_of(view: View, day: date, fact: Told) -> list[Row]:
    due = later(day, "A26.response")
    followed = [one for one in facts_after(view, fact) if _makes_known(one)]
    cancelled = [
        one
        for one in view
        if (one.type == "TitleGranted" or _is_refugee(one))
        and one is not fact
        and (one.latest >= day if one.dated else before(fact, one))
    ]
    gap = plus_days(due, 1)
    unknown = settle(
        "A26",
        view,
        fact,
        day,
        None,
        key=f"{fact.id}+unknown",
        kind="data",
        followed=followed,
        cancelled=cancelled,
        superseded=[gap],
    )
    return [
        *unknown,
        *settle("A26", view, fact, gap, due, followed=followed, cancelled=cancelled),
    ]


# A28

NAMES = {
    "marriage": ("ehe", "marriage", "partner", "spouse"),
    "course": ("stud", "course", "kurs", "school", "schul"),
    "employer": ("employ", "arbeit", "job", "betrieb"),
}
BASES = {
    "marriage": ("28", "30", "36A"),
    "course": ("16B", "16F", "16_1_OLD", "16_5_OLD"),
    "employer": ("18A", "18B", "18D", "18G", "18_4_OLD", "19C", "19D"),
}
ENDED = {
    "PartnershipEnded": "marriage",
    "StudyEnded": "course",
    "EmploymentEnded": "employer",
}


def _hangs_on(title: Told | None) -> tuple[str, ...]:
    if title is None:
        return ()
    purpose = title.get("purpose_bound_to")
    if purpose is None:
        return tuple(what for what, bases in BASES.items() if title.basis in bases)
    named = tuple(
        what for what, words in NAMES.items() if any(word in purpose.lower() for word in words)
    )
    return named or ("course", "employer")


def _title_of_status(status: Stretch) -> Told | None:
    rests = status.rests_on
    return rests if rests is not None and rests.type == "TitleGranted" else None


def a28(view: View) -> list[Row]:
    stretches = stay_of(view)
    triggers: list[tuple[Told, str]] = []
    for fact in of(view, *ENDED):
        status = status_on(stretches, fact.latest)
        title = _title_of_status(status)
        if status.status not in ("title", "fiktion"):
            continue
        if fact.type == "EmploymentEnded" and other_job_runs(view, fact):
            continue
        if title is None or (title.get("purpose_bound_to") is None and title.basis is None):
            triggers.append((fact, "data"))
        elif ENDED[fact.type] in _hangs_on(title):
            triggers.append((fact, "gap"))
    rows: list[Row] = []
    for fact, kind in triggers:
        anew = {"StudyEnded": ("StudyAdmitted",), "EmploymentEnded": ("EmploymentStarted",)}
        contacts = since(view, fact, "ContactHeld")
        rows += settle(
            "A28",
            view,
            fact,
            fact.latest,
            later(fact.latest, "A28.contact"),
            kind=kind,
            followed=[
                *(one for one in contacts if one.get("no_show") is not True),
                *since(view, fact, "TitleApplied"),
            ],
            cancelled=facts_after(view, fact, "TitleGranted", *anew.get(fact.type, ())),
            superseded=[one for one, _ in triggers if one.type == fact.type and before(fact, one)],
        )
    return [*rows, *_independent(view, stretches)]


def _independent(view: View, stretches: list[Stretch]) -> list[Row]:
    rows: list[Row] = []
    for fact in of(view, "PartnershipEnded"):
        earlier = facts_before(view, fact, "PartnershipEnded", "MarriageRecorded")
        if earlier and earlier[-1].type == "PartnershipEnded":
            continue
        first = _first_of_marriage_title(stretches, fact.latest)
        if first is None:
            continue
        begins = max([first, *(one.latest for one in earlier[-1:])])
        if later(begins, "A28.marriage_years") > fact.latest:
            continue
        rows += settle(
            "A28",
            view,
            fact,
            fact.latest,
            later(fact.latest, "A28.action"),
            key=f"31:{fact.id}",
            kind="chance",
            followed=since(view, fact, "TitleApplied", "TitleGranted"),
        )
    return rows


def _first_of_marriage_title(stretches: list[Stretch], day: date) -> date | None:
    """The first day of the unbroken days of these titles that the day lies in."""
    first = None
    for one in stretches:
        if one.status in ("title", "fiktion") and one.basis in BASES["marriage"]:
            first = one.first if first is None else first
        else:
            first = None
        if one.has(day):
            return first
    return None


READERS = {
    "A21": a21,
    "A22": a22,
    "A23": a23,
    "A24": a24,
    "A26": a26,
    "A28": a28,
}
