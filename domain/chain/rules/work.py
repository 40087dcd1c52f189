"""Training and work: T02, B03, B07."""

from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import Bounds
from domain.chain.calendar import plus_days, working_day_from
from domain.chain.counting import Range, counted_day, counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import (
    LEFT,
    NATURALISED,
    Closing,
    Draft,
    Found,
    Pattern,
    Refused,
    Rule,
)
from domain.chain.states.courses import Attendance
from domain.chain.states.work import MARGINAL, Job, NamedEnd, Stint, named_ends
from domain.chain.windows import after, lead_start
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_TRAINING_BASES = frozenset({"AUFENTHG_16G", "AUFENTHG_60C"})
_OTHER_BASIS = Label("kein Papier nach § 16g oder § 60c", "no paper under § 16g or § 60c")
_NEXT_CONTRACT = Label(
    "ein Anschlussvertrag war schon unterschrieben", "a following contract was signed already"
)
_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_MARGINAL = Label("nur ein Minijob", "a Minijob only")
_NO_OVERLAP = Label("keine gemeinsamen Tage", "no common days")
_NOT_FULL = Label("kein Vollzeitkurs", "no full-time course")


@dataclass(frozen=True, slots=True)
class _Abort:
    """An abort under § 16g or § 60c, and the basis if it is told."""

    fact: Seen
    basis: str | None


def _t02(journey: Derived) -> Found:
    view = journey.view
    aborts: list[_Abort] = []
    for one in view.of("TrainingAborted"):
        paper = _paper_before(view, one)
        basis = paper.get("basis") if paper is not None else None
        reason = _why_no_clock(journey, one, basis)
        if reason is None:
            aborts.append(_Abort(one, basis))
        else:
            yield Refused(one, reason)
    for place, abort in enumerate(aborts):
        yield _t02_of(journey, abort, aborts[:place], aborts[place + 1 :])


def _paper_before(view: View, one: Seen) -> Seen | None:
    """Return the latest title or Duldung before a fact, valid or not."""
    papers = view.before(one, "TitleGranted", "ToleranceIssued")
    return papers[-1] if papers else None


def _why_no_clock(journey: Derived, abort: Seen, basis: str | None) -> Label | None:
    if basis is not None and basis not in _TRAINING_BASES:
        return _OTHER_BASIS
    if _search_term(journey.bounds, abort, basis) is None:
        return _NO_LAW
    for contract in journey.view.before(abort, "TrainingContractSigned"):
        start = contract.latest_of("start")
        if start is not None and start >= abort.latest:
            return _NEXT_CONTRACT
    return None


def _search_term(bounds: Bounds, abort: Seen, basis: str | None) -> date | None:
    """Return the last day of the search by law; None before the law began."""
    name = "T02.search_16g" if basis == "AUFENTHG_16G" else "T02.search"
    term = bounds.on(name, abort.latest)
    return None if term is None else after(abort.latest, term)


def _t02_of(journey: Derived, abort: _Abort, earlier: list[_Abort], later: list[_Abort]) -> Draft:
    fact, view = abort.fact, journey.view
    following = later[0].fact if later else None
    granted = _granted_search(view, fact, following)
    if granted is not None:
        due_on, exact = granted.latest, granted.exact
    elif _used_before(view, abort, earlier):
        due_on, exact = fact.latest, fact.exact
    else:
        due_on, exact = _search_term(journey.bounds, fact, abort.basis) or fact.latest, fact.exact
    titles = view.after(fact, "TitleGranted")
    return Draft(
        fact,
        fact.latest,
        due_on,
        followed=[
            *counting(fact, view.of("TrainingContractSigned")),
            *view.after(fact, "TrainingStarted"),
        ],
        cancelled=[one for one in titles if _ends_search(one.get("basis"), abort.basis)],
        superseded=[one.fact for one in later],
        kind=Kind.GAP if abort.basis is not None else Kind.DATA,
        partial=not (exact and fact.exact),
    )


def _ends_search(basis: str | None, held: str | None) -> bool:
    """Say whether a newer title has another known basis."""
    if basis is None:
        return False
    return basis != held if held is not None else basis not in _TRAINING_BASES


def _granted_search(view: View, abort: Seen, following: Seen | None) -> Range | None:
    """Return the end of the last search period granted from the abort on and before the next one."""
    for one in reversed([*counting(abort, view.of("SearchPeriodGranted"))]):
        until = one.day("until")
        if until is None or (following is not None and one.rank > following.rank):
            continue
        if until.earliest is not None and until.latest is not None:
            return Range(until.earliest, until.latest)
    return None


def _used_before(view: View, abort: _Abort, earlier: list[_Abort]) -> bool:
    """Say whether the one search was used up under the same basis: by an earlier abort or a period granted."""
    if abort.basis is None:
        return False
    if any(one.basis == abort.basis for one in earlier):
        return True
    for period in view.before(abort.fact, "SearchPeriodGranted"):
        paper = _paper_before(view, period)
        if paper is not None and paper.get("basis") == abort.basis:
            return True
    return False


def _b03(journey: Derived) -> Found:
    for job in journey.jobs:
        ends = named_ends(job)
        for place, end in enumerate(ends):
            if end.marginal:
                yield Refused(end.fact, _MARGINAL)
            else:
                yield _b03_of(journey, job, ends, place)


def _b03_of(journey: Derived, job: Job, ends: list[NamedEnd], place: int) -> Draft | Refused:
    end, view = ends[place], journey.view
    due_on = _last_day_to_register(journey.bounds, end)
    notice = journey.bounds.on("B03.notice", due_on)
    if notice is None:
        return Refused(end.fact, _NO_LAW)
    first = lead_start(end.days.earliest, journey.bounds.in_force("B03.window", due_on))
    if end.fact.dated or end.fact.day("known_since") is not None:
        first = max(first, end.known.latest)
    begun = [
        *(
            one
            for one in view.of("EmploymentStarted")
            if one is not job.start and one.get("employment_kind") != MARGINAL
        ),
        *view.of("TrainingStarted"),
    ]
    return Draft(
        end.fact,
        first,
        due_on,
        followed=_registrations(view, ends[: place + 1]),
        cancelled=[one for one in begun if _begins_in_window(one, end.fact, first)],
        superseded=[one.fact for one in ends[place + 1 :]],
        partial=not (end.days.exact and end.known.exact),
        since=end.known.earliest,
    )


def _last_day_to_register(bounds: Bounds, end: NamedEnd) -> date:
    """Return the last day in time: three months before the end, else three days after it was known.

    The term is that of today's law; whether it was law then is judged by the day found.
    """
    last = end.days.latest
    notice = bounds.in_force("B03.notice", date.max)
    late = bounds.in_force("B03.after_knowledge", date.max)
    three_months_before = lead_start(last, notice)
    if end.known.latest <= three_months_before:
        return working_day_from(three_months_before)
    return working_day_from(after(end.known.latest, late))


def _registrations(view: View, named: list[NamedEnd]) -> list[Seen]:
    """Return the registrations since the first day on which this end, or one named before it, was known."""
    since = min(one.known.earliest for one in named)
    first = named[0].fact
    return [
        one
        for one in view.of("JobSeekerRegistered", "UnemploymentRegistered")
        if (one.latest >= since if one.dated and first.dated else one.rank > first.rank)
    ]


def _begins_in_window(one: Seen, named_by: Seen, first: date) -> bool:
    """Say whether work begins from the window's first day on: by days alone."""
    return one.latest >= first if one.dated else one.rank > named_by.rank


def _b07(journey: Derived) -> Found:
    for course in journey.attendances:
        if course.mode not in (None, "full"):
            yield Refused(course.begin, _NOT_FULL)
            continue
        for work in journey.stints:
            yield _b07_of(journey, course, work)


def _b07_of(journey: Derived, course: Attendance, work: Stint) -> Draft | Refused:
    later = max(course.begin, work.begin, key=lambda one: one.rank)
    first = max(course.begin.latest, work.begin.latest)
    if any(end is not None and end.rank < later.rank for end in (course.end, work.end)):
        return Refused(later, _NO_OVERLAP)
    due_on = plus_days(first, journey.bounds.in_force("B07.tolerance", first).number - 1)
    closings = [
        *(_ended(one, due_on) for one in (course.end, work.end) if one is not None),
        *([] if work.term is None else [_term_over(*work.term, due_on)]),
    ]
    if any(closing.day <= first for closing in closings):
        return Refused(later, _NO_OVERLAP)
    return Draft(
        later,
        first,
        due_on,
        key=f"{work.begin.id}+{course.begin.id}",
        closings=closings,
        strict=True,
        kind=Kind.GAP if course.mode is not None else Kind.DATA,
        partial=not later.exact,
        evidence=(work.begin, course.begin),
    )


def _ended(one: Seen, due_on: date) -> Closing:
    """Close on the fact that ends the course or the work; a following part-time course cancels."""
    day = counted_day(one, due_on)
    if one.type == "CourseStarted" and one.get("mode") in ("part", "online"):
        by = ClosedBy.CANCELLED
    else:
        by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
    return Closing(day, by, one, one.unsure_from)


def _term_over(one: Seen, until: Range, due_on: date) -> Closing:
    """Close on the day after the last day of a fixed term."""
    over = until.next_day
    day = min(over.latest, due_on) if over.earliest <= due_on else over.latest
    by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
    return Closing(day, by, one, over.unsure_from)


T02 = Rule(
    id="T02",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUSBILDUNG,
    label=Label(
        "Ausbildung abgebrochen, Frist läuft", "Training aborted, time runs", "Frist läuft"
    ),
    watches=Label(
        "Eine Ausbildung nach § 16g oder § 60c ist abgebrochen; die Zeit für einen neuen Vertrag läuft.",
        "Training under § 16g or § 60c is aborted; the time for a new contract runs.",
    ),
    sentence=Label(
        "Ausbildung abgebrochen {day}; bis zum {due} muss ein neuer Ausbildungsvertrag unterschrieben sein.",
        "Training aborted {day}; a new training contract must be signed by {due}.",
    ),
    next_step=Label("Neuen Ausbildungsplatz suchen", "Find a new training place"),
    source="§ 16g Abs. 5, § 60c Abs. 6 AufenthG",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.EMPLOYER, Responsible.ABH),
    bounds=("T02.search", "T02.search_16g"),
    triggers=("TrainingAborted",),
    missing=("TrainingContractSigned", "TrainingStarted"),
    find=_t02,
    entry=Entry(
        trigger="`TrainingAborted`, where the latest `TitleGranted` or `ToleranceIssued` before it, valid or not, has `basis` `16G` or `60C`. None if a `TrainingContractSigned` from before has its `start` on or after the abort's day.",
        window="From the abort's day through `until` of the last `SearchPeriodGranted` from the abort on and before the next such abort; without one, through the abort's day + 6 months, but after an earlier abort (one that is a trigger of this rule) or search period under the same basis only through the abort's day.",
        followed_by="`TrainingContractSigned`; `TrainingStarted` after the abort.",
        cancelled_by="A newer title with another known `basis` (data row: neither `16G` nor `60C`).",
        data_row="No paper before the abort, or its `basis` is missing.",
        severity="critical.",
        example="Abort on 31 August 2025: due through 28 February 2026.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.ILLNESS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.OTHER,
    ),
    unknown="basis",
)

B03 = Rule(
    id="B03",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.ARBEIT,
    label=Label("Nicht arbeitsuchend gemeldet", "Not registered as seeking work", "nicht gemeldet"),
    watches=Label(
        "Eine Beschäftigung endet, und eine Meldung als arbeitsuchend liegt nicht vor.",
        "A job will end and the client is not registered as seeking work.",
    ),
    sentence=Label(
        "Das Ende der Beschäftigung ist bekannt; die Meldung als arbeitsuchend ist bis zum {due} fällig.",
        "The end of the job is known; registration as seeking work is due by {due}.",
    ),
    next_step=Label("Arbeitsuchend melden", "Register as seeking work"),
    source="§ 38 Abs. 1 SGB III",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("B03.notice", "B03.after_knowledge", "B03.window"),
    triggers=(
        "EmploymentStarted",
        "EmploymentChanged",
        "EmploymentEndAnnounced",
        "EmploymentEnded",
    ),
    missing=("JobSeekerRegistered", "UnemploymentRegistered"),
    find=_b03,
    entry=Entry(
        trigger="For each job and each end of it, the first fact that names the end: `EmploymentStarted` or `EmploymentChanged` with `fixed_term_until`, `EmploymentEndAnnounced` with `end`, a dated `EmploymentEnded` (its own days). A job has several ends one after the other (G3); one that shares a day with the last different end is the same end. An undated `EmploymentEnded` names none. None if the `employment_kind` last told by this fact or one of the job before it (G3) is `MINIJOB`. The trigger's day is the day on which the end was *known*: `known_since`, if missing the day of the fact.",
        window="T is three months before the latest possible end (G6). Known by T: due through T, else through known + 3 days; § 193 BGB on both. The window begins four months before the earliest possible end, but not before the latest day on which it may have become known (an undated trigger without `known_since` sets no such bound).",
        followed_by="`JobSeekerRegistered` or `UnemploymentRegistered` whose latest day is not before the earliest day on which this end, or one of this job named before it, may have become known. If the registration or the first fact that named an end of this job is undated: one that stands after that fact (G3).",
        cancelled_by="`EmploymentStarted` of another job (`employment_kind` not `MINIJOB`; missing counts) or `TrainingStarted`, whose latest day is not before the window's first day, wherever it stands; an undated one, if it stands after the trigger (G3). One that began before the window cancels nothing. Endings (G10) count from the earliest day on which the end may have become known.",
        series="Series: the job. Another end supersedes on the latest day of the next fact that names it, not on the day it was known; a change to `MINIJOB` that names another end supersedes too and has no instance. Key: the fact that first names the end.",
        severity="high.",
        example="End 30 November 2025, known early: T is Sunday 31 August, so due from 31 July through 1 September. End 15 May 2025, known on 15 April: due through 22 April (18 April is Good Friday).",
    ),
    reasons=(GapReason.NOT_INFORMED, GapReason.ILLNESS, GapReason.WORKS, GapReason.OTHER),
)

B07 = Rule(
    id="B07",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.ARBEIT,
    label=Label(
        "Kurs und Arbeit zur selben Zeit", "Course and work at the same time", "Zeitkonflikt"
    ),
    watches=Label(
        "Ein Vollzeitkurs und Vollzeitarbeit oder Ausbildung überschneiden sich mehr als 14 Tage.",
        "A full-time course and full-time work or training collide for more than 14 days.",
    ),
    sentence=Label(
        "Seit dem {first} laufen Vollzeitkurs und Vollzeitarbeit oder Ausbildung zugleich; bis zum {due} ist das zu lösen.",
        "A full-time course and full-time work or training have run together since {first}; to be solved by {due}.",
    ),
    next_step=Label("Kurs oder Arbeit anpassen", "Adjust course or work"),
    source="§ 44a Abs. 1 S. 5 AufenthG; 14 Tage Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("B07.tolerance",),
    triggers=("CourseStarted", "CourseResumed"),
    missing=("CourseCompleted", "CourseAborted", "EmploymentEnded", "EmploymentChanged"),
    find=_b07,
    entry=Entry(
        trigger="A course with `mode` full and work that overlap; none if one of the two had ended before the other began (G3). The trigger is the later start. * *Course*: from `CourseStarted` to the next `CourseCompleted`, `CourseAborted`, `CourseInterrupted` or `CourseStarted`. `CourseResumed` begins an interrupted course again, with its own id and the same mode. * *Work*: a job from the fact (`EmploymentStarted`, `EmploymentChanged`) that makes its `employment_kind` `SV_VOLLZEIT` to its `EmploymentEnded` or a change of kind, else to its last `fixed_term_until`; or from `TrainingStarted` to the next `TrainingAborted`, `TrainingInterrupted`, `TrainingCompleted`, `TrainingFinallyFailed` or `TrainingStarted`.",
        window="The first common day f is the trigger's day. Due from f through f + 13, open from f + 14. None if a closing counts on or before f.",
        followed_by="The fact that ends the course or the work; for `fixed_term_until` the day after it.",
        cancelled_by="The ending fact, if it is a `CourseStarted` with `mode` part or online.",
        data_row="`mode`.",
        series="No series. Key: `job+course`, the ids of the facts that begin the two.",
        severity="medium.",
        example="Course from 1 April, job from 1 May: due through 14 May, open from 15 May.",
    ),
    reasons=(GapReason.WORKS, GapReason.OTHER),
    unknown="mode",
)
