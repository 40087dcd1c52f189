"""Jobs that end: B04 under a Duldung for employment, B05 with a fixed term."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from domain.chain.checklists.permission import EMPLOYMENT_TOLERANCE
from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import (
    LEFT,
    NATURALISED,
    Draft,
    Found,
    Pattern,
    Refused,
    Rule,
)
from domain.chain.states.residence import Status, status_on
from domain.chain.states.work import MARGINAL, Job
from domain.chain.windows import after, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NOT_60D = Label("keine Beschäftigungsduldung", "no Duldung for employment")
_MARGINAL = Label("nur ein Minijob", "a Minijob only")
_STILL_WORKS = Label("eine andere Arbeit läuft noch", "another job still runs")
_CONTACT = Label("ein Gespräch stattfinden", "a talk is due")
_NEW_JOB = Label("eine neue Beschäftigung begonnen sein", "a new job is to begin")


def _b04(journey: Derived) -> Found:
    lost: list[tuple[Job, Seen]] = []
    for job in journey.jobs:
        if job.ended is None:
            continue
        reason = _why_not_60d(journey, job, job.ended)
        if reason is None:
            lost.append((job, job.ended))
        else:
            yield Refused(job.ended, reason)
    lost.sort(key=lambda pair: pair[1].rank)
    for place, (job, one) in enumerate(lost):
        yield from _b04_of(journey, job, one, [later for _, later in lost[place + 1 :]])


def _why_not_60d(journey: Derived, job: Job, one: Seen) -> Label | None:
    """Return why the end of a job does not touch a Duldung for employment; None if it does."""
    if job.kind_by(one) == MARGINAL:
        return _MARGINAL
    stay = status_on(journey.stays, one.latest)
    if stay is None or stay.status is not Status.DULDUNG:
        return _NOT_60D
    if stay.basis not in (None, EMPLOYMENT_TOLERANCE):
        return _NOT_60D
    beside = (other for other in journey.jobs if other is not job)
    return _STILL_WORKS if any(_runs_beside(other, one) for other in beside) else None


def _runs_beside(job: Job, one: Seen) -> bool:
    return (
        job.start is not None
        and job.start.rank < one.rank
        and job.kind_by(one) != MARGINAL
        and job.runs_on(one.latest, one)
    )


def _b04_of(journey: Derived, job: Job, one: Seen, following: list[Seen]) -> Iterator[Draft]:
    """Draft the two duties after a job was lost; what was done since its end was announced counts."""
    view = journey.view
    since = next((fact for fact in job.facts if fact.type == "EmploymentEndAnnounced"), one)
    talks = [fact for fact in view.of("ContactHeld") if fact.get("no_show") is not True]
    new = [*counting(since, [*_proper_jobs(view, job), *view.of("TrainingStarted")])]
    other = [fact for fact in view.of("ToleranceIssued") if _another_basis(fact)]
    left = [*counting(one, [*other, *view.of("TitleGranted")])]
    stay = status_on(journey.stays, one.latest)
    contact = after(one.latest, journey.bounds.in_force("B04.contact", one.latest))
    notice = after(one.latest, journey.bounds.in_force("B04.notice", one.latest))
    talk = Draft(
        one,
        one.latest,
        contact,
        key=f"{one.id}+contact",
        followed=counting(since, talks),
        cancelled=[*new, *left],
        superseded=following,
        kind=Kind.DATA if stay is None or stay.basis is None else Kind.GAP,
        partial=not one.exact,
        missing=("ContactHeld",),
        details=(("duty", _CONTACT),),
    )
    yield talk
    yield replace(
        talk,
        due_on=notice,
        key=f"{one.id}+job",
        followed=new,
        cancelled=left,
        missing=("EmploymentStarted",),
        details=(("duty", _NEW_JOB),),
    )


def _proper_jobs(view: View, job: Job) -> list[Seen]:
    """Return the starts of other jobs that are no Minijobs."""
    return [
        one
        for one in view.of("EmploymentStarted")
        if one is not job.start and one.get("employment_kind") != MARGINAL
    ]


def _another_basis(paper: Seen) -> bool:
    return paper.get("basis") not in (None, EMPLOYMENT_TOLERANCE)


def _b05(journey: Derived) -> Found:
    for job in journey.jobs:
        terms = _terms(job)
        for place, (one, until) in enumerate(terms):
            if job.kind_by(one) == MARGINAL:
                yield Refused(one, _MARGINAL)
            else:
                following = [later for later, _ in terms[place + 1 :]]
                yield _b05_of(journey, job, one, until, following)


def _terms(job: Job) -> list[tuple[Seen, Range]]:
    """Return the fixed terms of a job in the order of their naming; one that shares a day with the last is the same."""
    found: list[tuple[Seen, Range]] = []
    for one in job.facts:
        until = range_of(one.day("fixed_term_until"))
        if until is None:
            continue
        last = found[-1][1] if found else None
        if last is None or until.earliest > last.latest or last.earliest > until.latest:
            found.append((one, until))
    return found


def _b05_of(journey: Derived, job: Job, one: Seen, until: Range, following: list[Seen]) -> Draft:
    view = journey.view
    first = lead_window(one, until, journey.bounds.in_force("B05.lead", one.latest))
    changed = [
        fact
        for fact in job.facts
        if fact.type == "EmploymentChanged" and fact.day("fixed_term_until") is None
    ]
    begun = [*_proper_jobs(view, job), *view.of("TrainingStarted")]
    return Draft(
        one,
        first,
        until.latest,
        followed=_from_day([*changed, *begun], one, first),
        cancelled=[
            *_from_day(view.of("StudyAdmitted", "SelfEmploymentStarted"), one, first),
            *_ended_early(job, until),
        ],
        superseded=following,
        partial=not until.exact or (not one.exact and first == one.latest),
    )


def _from_day(facts: Iterable[Seen], trigger: Seen, first: date) -> list[Seen]:
    """Return the facts from the window's first day on: by days alone, undated ones after the trigger."""
    return [
        one
        for one in facts
        if (one.latest >= first if one.dated else one.rank > trigger.rank) and one is not trigger
    ]


def _ended_early(job: Job, until: Range) -> list[Seen]:
    """Return the end of a job that came before its term; an end on the term is no cure."""
    ended = job.ended
    if ended is None or not ended.dated or ended.latest >= until.earliest:
        return []
    return [ended]


B04 = Rule(
    id="B04",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ARBEIT,
    label=Label("Jobverlust mit Beschäftigungsduldung", "Job lost under § 60d", "§ 60d: Verlust"),
    watches=Label(
        "Eine Arbeit endet, an der eine Beschäftigungsduldung hängt.",
        "A job ends on which a Duldung for employment rests.",
    ),
    sentence=Label(
        "Beschäftigung beendet {day} mit Duldung nach § 60d: Bis zum {due} muss {duty}.",
        "Job ended {day} under a Duldung by § 60d: {duty} by {due}.",
    ),
    next_step=Label("Gespräch führen und neue Arbeit suchen", "Talk and look for new work"),
    source="§ 60d Abs. 3 AufenthG (Mitteilung binnen zwei Wochen); Gespräch Praxisvorgabe",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("B04.contact", "B04.notice"),
    triggers=("EmploymentEnded",),
    missing=("ContactHeld", "EmploymentStarted"),
    find=_b04,
    entry=Entry(
        trigger="`EmploymentEnded` that ends a job, on whose day the *status of the stay* (terms of that name) is duldung with basis `60D`. None if the job's latest `employment_kind` by then is `MINIJOB`, or if another job that began with an `EmploymentStarted` before it (G3), not `MINIJOB` by then, still runs: it is not ended before the trigger (G3), and if it never ends, its last `fixed_term_until` (latest day) is not before the trigger's day.",
        window="Two keys. *Contact*: three working days. *Job*: two weeks.",
        followed_by="From the first `EmploymentEndAnnounced` of this job on, without one from the trigger on: *contact* `ContactHeld` unless `no_show` is true; *job* `EmploymentStarted` of another job, not `MINIJOB`; `TrainingStarted`.",
        cancelled_by="From the trigger on `TitleGranted`; `ToleranceIssued` with a known `basis` other than `60D`. *Contact* also by what fulfils *job*.",
        data_row="The basis of the status is missing.",
        series="The next such `EmploymentEnded` supersedes. Keys: the id of the trigger and `+contact` or `+job`.",
        severity="critical.",
        example="Job ended on Friday 28 March 2025: contact due through Wednesday 2 April, a new job through 11 April.",
        decided="Within two weeks the employer tells the office, which then may revoke; so a new job is looked for until that day. Contact and job are two duties (D 19). Where no Duldung is known at all the rule is silent: most jobs are not under § 60d.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(GapReason.ILLNESS, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
    unknown="basis",
)

B05 = Rule(
    id="B05",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.ARBEIT,
    label=Label("Befristung endet", "Fixed term ends", "Befristung"),
    watches=Label(
        "Eine befristete Arbeit endet bald, und nichts folgt.",
        "A fixed-term job will soon end and nothing follows.",
    ),
    sentence=Label(
        "Die Beschäftigung ist bis zum {due} befristet; eine Verlängerung oder neue Arbeit ist nicht bekannt.",
        "The job is fixed until {due}; no prolongation and no new job is known.",
    ),
    next_step=Label("Verlängerung oder neue Arbeit klären", "Settle prolongation or new work"),
    source="Praxisvorgabe, 120 Tage (vor § 38 SGB III)",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("B05.lead",),
    triggers=("EmploymentStarted", "EmploymentChanged"),
    missing=("EmploymentChanged", "EmploymentStarted"),
    find=_b05,
    entry=Entry(
        trigger="For each job and each fixed term of it, the first `EmploymentStarted` or `EmploymentChanged` that names it in `fixed_term_until`. A term that shares a day with the term told before, as that was first named, is the same. None if the job's latest `employment_kind` by then is `MINIJOB`.",
        window="Lead 120 days to `fixed_term_until`.",
        followed_by="From the window's first day on (latest day; undated: after the trigger): `EmploymentChanged` of this job without `fixed_term_until`; `EmploymentStarted` of another job, not `MINIJOB`; `TrainingStarted`.",
        cancelled_by="`StudyAdmitted`, `SelfEmploymentStarted`, both from the window's first day on; a dated `EmploymentEnded` of this job whose latest day is before the earliest day of the term.",
        series="Series: the job; the next fact that names another term supersedes. Key: the fact that first names the term.",
        severity="medium.",
        example="Fixed until 31 December 2010: due from 2 September through 31 December.",
        decided="The end of the job on its term is what is warned of, no cure; an earlier end makes the term moot. A change without a term within the window is a prolongation; before it anything else may have changed.",
    ),
    reasons=(GapReason.WORKS, GapReason.CLIENT_DECLINED, GapReason.OTHER),
)
