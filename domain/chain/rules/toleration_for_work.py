"""From the toleration for employment to a residence permit: A13 (§ 25b (6) AufenthG)."""

from datetime import date

from domain.chain.checklists.stay_chances import integration
from domain.chain.counting import Range, counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.work import Job
from domain.chain.windows import after, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_EMPLOYMENT = "AUFENTHG_60D"
_NOT_60D = Label("keine Beschäftigungsduldung (§ 60d)", "no toleration for employment (§ 60d)")
_RENEWED = Label("Verlängerung einer Beschäftigungsduldung", "a renewed toleration for employment")
_NO_LAW = Label("vor dem Beginn der Rechtslage", "before the law began")


def _a13(journey: Derived) -> Found:
    papers = journey.view.of("ToleranceIssued", "TitleGranted")
    begun: list[Seen] = []
    for place, one in enumerate(papers):
        if one.type != "ToleranceIssued":
            continue
        if one.get("basis") != _EMPLOYMENT:
            yield Refused(one, _NOT_60D)
        elif place and _is_60d(papers[place - 1]):
            yield Refused(one, _RENEWED)
        elif journey.bounds.on("A13.months", one.latest) is None:
            yield Refused(one, _NO_LAW)
        else:
            begun.append(one)
    for place, one in enumerate(begun):
        yield _a13_of(journey, one, begun[place + 1 :])


def _is_60d(paper: Seen) -> bool:
    return paper.type == "ToleranceIssued" and paper.get("basis") == _EMPLOYMENT


def _a13_of(journey: Derived, trigger: Seen, following: list[Seen]) -> Draft:
    months = journey.bounds.in_force("A13.months", trigger.latest)
    end = Range(after(trigger.earliest, months), after(trigger.latest, months))
    lead = journey.bounds.in_force("A13.lead", trigger.latest)
    newer = journey.view.after(trigger, "TitleGranted", "ToleranceIssued")
    applications = counting(trigger, journey.view.of("TitleApplied"))
    return Draft(
        trigger,
        lead_window(trigger, end, lead, own_end=False),
        end.latest,
        followed=[one for one in (*applications, *newer) if integration(one)],
        cancelled=[
            *(one for one in newer if not integration(one) and _ends_60d(one)),
            *_jobs_lost(journey, trigger, end.latest),
        ],
        superseded=following,
        partial=not trigger.exact,
    )


def _ends_60d(paper: Seen) -> bool:
    """Say whether a title or a Duldung takes the place of a Duldung under § 60d."""
    return paper.type == "TitleGranted" or paper.get("basis") not in (None, _EMPLOYMENT)


def _jobs_lost(journey: Derived, trigger: Seen, due_on: date) -> list[Seen]:
    """Return the ends of jobs after which no other runs and none begins by the end."""
    ended = counting(trigger, journey.view.of("EmploymentEnded"))
    return [
        one
        for one in ended
        if not any(
            start.rank > one.rank and start.latest <= due_on
            for start in journey.view.of("EmploymentStarted")
        )
        and not any(_runs_on(job, one) for job in journey.jobs)
    ]


def _runs_on(job: Job, end: Seen) -> bool:
    """Say whether a job begun before another's end still runs after it."""
    if job.ended is end or job.facts[0].rank > end.rank:
        return False
    return job.runs_on(end.latest, end)


A13 = Rule(
    id="A13",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label(
        "Beschäftigungsduldung: Weg zu § 25b",
        "Toleration for employment: on to § 25b",
        "60d zu 25b",
    ),
    watches=Label(
        "Nach 30 Monaten Beschäftigungsduldung soll die Aufenthaltserlaubnis folgen.",
        "After 30 months of toleration for employment a residence permit should follow.",
    ),
    sentence=Label(
        "Die {day} erteilte Beschäftigungsduldung ist am {due} 30 Monate alt; bis dahin ist die Aufenthaltserlaubnis zu beantragen.",
        "The toleration for employment issued {day} is 30 months old on {due}; the permit should be applied for by then.",
    ),
    next_step=Label("§ 25b Abs. 6 beantragen", "Apply under § 25b(6)"),
    source="§ 25b Abs. 6 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A13.months", "A13.lead"),
    triggers=("ToleranceIssued",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a13,
    entry=Entry(
        trigger="`ToleranceIssued` with `basis` `60D`; none if the latest `ToleranceIssued` or `TitleGranted` before it is such a Duldung (a renewal).",
        window="Lead 120 days to the trigger's day + 30 months.",
        followed_by="`TitleApplied` with `basis` `25A` or `25B` or without one; a newer `TitleGranted` with `basis` `25A` or `25B`.",
        cancelled_by="A newer `TitleGranted` of another basis or none; a newer `ToleranceIssued` with another known `basis`; `EmploymentEnded`, if no `EmploymentStarted` stands after it with its latest day by `due_on`, and no other job begun before it runs on its day (it has no `EmploymentEnded` before it, and none at all with a last `fixed_term_until` before that day).",
        series="The journey. Only a Duldung that is a trigger supersedes.",
        severity="high.",
        law="From 1 January 2020.",
        example="Issued on 31 August 2023: 30 months are full on 28 February 2026, so due from 31 October 2025.",
        decided="The 30 months are counted from the first Duldung under § 60d, as an event (§ 187 (1) BGB), not by what is printed: a renewal does not begin them anew. A change of job does not end the way; a job lost with none after it does.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)
