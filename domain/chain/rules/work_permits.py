"""Leave to work: asked for (B02), running out (B08), missing where work begins (B09)."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.permission import WORK_TOLERANCES, allows, free_title, may_work
from domain.chain.counting import counting, range_of, same
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Consequence, Kind, Responsible, Severity
from domain.chain.office_answers import answered_by
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.asylum import positive
from domain.chain.states.training import SCHOOL_BASED
from domain.chain.states.work import Job
from domain.chain.windows import after, imprecise, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_MAY_WORK = Label("die Arbeit ist erlaubt", "the work is permitted")
_NO_JOB = Label("keine Beschäftigung, die eine Erlaubnis braucht", "no employment that needs leave")
_WITHOUT_LEAVE = frozenset({"AGH_16D_SGBII", "AGH_5_ASYLBLG", "FFIM_5A"})
_NOT_IN_A_FIRM = frozenset({SCHOOL_BASED, "BVB", "AV_BK", "IFK", "STUDIUM"})
_ENDINGS = (NATURALISED, LEFT)


def _b02(journey: Derived) -> Found:
    view = journey.view
    requests = view.of("WorkPermitRequested")
    papers = view.of("TemporaryPermissionIssued", "ToleranceIssued")
    for place, one in enumerate(requests):
        due_on = after(one.latest, journey.bounds.in_force("B02.response", one.latest))
        answers = [
            *_fitting(one, view.of("WorkPermitGranted", "WorkPermitRefused")),
            *(paper for paper in papers if allows(paper)),
        ]
        yield Draft(
            one,
            one.latest,
            due_on,
            closings=answered_by(counting(one, answers), due_on),
            cancelled=counting(one, _free_since(journey)),
            superseded=_fitting(one, requests[place + 1 :]),
            partial=not one.exact,
        )


def _fitting(one: Seen, facts: list[Seen]) -> list[Seen]:
    """Return the facts of the same employer, as far as it is told."""
    return [fact for fact in facts if same(fact.get("employer"), one.get("employer"))]


def _free_since(journey: Derived) -> Iterator[Seen]:
    """Yield what makes leave to work needless: a free title, protection, free movement."""
    view = journey.view
    yield from (one for one in view.of("TitleGranted") if free_title(journey, one))
    yield from (one for one in view.of("AsylumDecisionIssued") if positive(one))
    yield from view.of("RightOfFreeMovementRecorded")


def _b08(journey: Derived) -> Found:
    view = journey.view
    permits = view.of("WorkPermitGranted")
    for place, one in enumerate(permits):
        until = range_of(one.day("valid_until"))
        first = one.latest
        if until is not None:
            first = lead_window(one, until, journey.bounds.in_force("B08.lead", one.latest))
        newer = _fitting(one, permits[place + 1 :])
        ended = [
            fact
            for fact in view.of("EmploymentEnded")
            if fact.get("employer") is not None and fact.get("employer") == one.get("employer")
        ]
        yield Draft(
            one,
            first,
            None if until is None else until.latest,
            followed=[*newer, *_asked_again(view, one, first)],
            cancelled=counting(one, [*_free_since(journey), *ended]),
            kind=Kind.GAP if until is not None else Kind.DATA,
            partial=until is None or imprecise(one, first, until),
        )


def _asked_again(view: View, permit: Seen, first: date) -> Iterator[Seen]:
    """Yield the requests for what follows a permit, from the window's first day on."""
    steps = [
        *_fitting(permit, view.of("WorkPermitRequested")),
        *(
            one
            for one in view.of("ToleranceApplied")
            if one.get("basis") is None or one.get("basis") in WORK_TOLERANCES
        ),
    ]
    for one in steps:
        if one.latest >= first if one.dated else one.rank > permit.rank:
            yield one


def _b09(journey: Derived) -> Found:
    kinds = {one.start.id: one.kind for one in journey.trainings if one.start is not None}
    for one in journey.view.of("EmploymentStarted", "TrainingStarted"):
        training = one.type == "TrainingStarted"
        if kinds.get(one.id) in _NOT_IN_A_FIRM or one.get("employment_kind") in _WITHOUT_LEAVE:
            yield Refused(one, _NO_JOB)
            continue
        allowed = may_work(journey, one, training=training)
        if allowed:
            yield Refused(one, _MAY_WORK)
        else:
            yield _b09_of(journey, one, training=training, known=allowed is not None)


def _b09_of(journey: Derived, one: Seen, *, training: bool, known: bool) -> Draft:
    view = journey.view
    granted = [
        *_fitting(one, view.of("WorkPermitGranted")),
        *(
            paper
            for paper in view.of("TemporaryPermissionIssued", "ToleranceIssued")
            if allows(paper)
        ),
        *(
            paper
            for paper in view.of("FictionCertificateIssued")
            if paper.get("work_allowed") is True
        ),
        *_free_since(journey),
    ]
    lost = Consequence("training_begun_without_leave", one.latest)
    return Draft(
        one,
        one.latest,
        plus_days(one.latest, -1),
        followed=counting(one, granted),
        closings=_over(journey, one),
        kind=Kind.GAP if known else Kind.DATA,
        partial=not one.exact,
        undated=lambda fact: fact.recorded,
        severity=Severity.CRITICAL if training else None,
        consequence=lost if training else None,
        details=(("what", one.fact.about.label.opening),),
    )


def _over(journey: Derived, one: Seen) -> Iterator[Closing]:
    """Yield the end of the job or the training: nothing is left to permit."""
    if one.type == "TrainingStarted":
        ends = [training.end for training in journey.trainings if training.start is one]
        yield from (_ended(end) for end in ends if end is not None)
        return
    for job in journey.jobs:
        if job.start is one:
            yield from _job_over(job)


def _job_over(job: Job) -> Iterator[Closing]:
    if job.ended is not None:
        yield _ended(job.ended)
    elif job.fixed_term is not None:
        fact, until = job.fixed_term
        over = until.next_day
        yield Closing(over.latest, ClosedBy.CANCELLED, fact, over.unsure_from)


def _ended(end: Seen) -> Closing:
    return Closing(end.latest, ClosedBy.CANCELLED, end, end.unsure_from)


B02 = Rule(
    id="B02",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ARBEIT,
    label=Label(
        "Erlaubnis beantragt, keine Entscheidung",
        "Permit asked for, no decision",
        "Erlaubnis offen",
    ),
    watches=Label(
        "Eine Beschäftigungserlaubnis ist beantragt und nicht entschieden.",
        "A work permit is asked for and not decided.",
    ),
    sentence=Label(
        "Beschäftigungserlaubnis beantragt {day}; bis zum {due} ist eine Entscheidung zu erwarten.",
        "Work permit asked for {day}; a decision is to be expected by {due}.",
    ),
    next_step=Label("Nach der Entscheidung fragen", "Ask for the decision"),
    source="§ 36 BeschV (Zustimmung der Agentur); Praxisvorgabe, 28 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.ABH, Responsible.EMPLOYMENT_AGENCY),
    bounds=("B02.response",),
    triggers=("WorkPermitRequested",),
    missing=("WorkPermitGranted", "WorkPermitRefused"),
    find=_b02,
    entry=Entry(
        trigger="`WorkPermitRequested`.",
        window="28 days.",
        followed_by="`WorkPermitGranted`, `WorkPermitRefused` that fit the employer; a `TemporaryPermissionIssued` or `ToleranceIssued` with `work_note` gestattet or `basis` `60C`, `60D`, `60A_2_4`. All as answers of an office.",
        cancelled_by="A free title, a positive decision, `RightOfFreeMovementRecorded`.",
        series="Series: the employer; a later request that fits it supersedes.",
        severity="high.",
        example="Asked on 16 July 2015, refused in August 2015: due through 13 August, open from 14 August, closed on 31 August (late, possibly).",
        decided="The refusal may have come in time, but an office's answer counts on its latest day (W08).",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.WAITING_FOR_DOCUMENTS, GapReason.OTHER),
)

B08 = Rule(
    id="B08",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.ARBEIT,
    label=Label("Beschäftigungserlaubnis endet", "Work permit runs out", "Erlaubnis endet"),
    watches=Label(
        "Eine Beschäftigungserlaubnis endet bald, und die nächste ist nicht beantragt.",
        "A work permit will soon end and the next is not asked for.",
    ),
    sentence=Label(
        "Beschäftigungserlaubnis bis zum {due}; ein neuer Antrag ist nicht bekannt.",
        "Work permit through {due}; no new request is known.",
    ),
    next_step=Label("Verlängerung beantragen", "Ask for a prolongation"),
    source="§ 4a Abs. 4 AufenthG; Vorlauf Praxisvorgabe, 60 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=("B08.lead",),
    triggers=("WorkPermitGranted",),
    missing=("WorkPermitRequested", "WorkPermitGranted"),
    find=_b08,
    entry=Entry(
        trigger="`WorkPermitGranted`.",
        window="Lead 60 days to `valid_until`.",
        followed_by="`WorkPermitGranted` after the trigger (G3) that fits the employer. `WorkPermitRequested` that fits the employer, or `ToleranceApplied` with `basis` `60C`, `60D`, `60A_2_4` or missing: with its latest day not before the first day of the window (of a data row: the trigger's day), wherever it stands; an undated one, if it stands after the trigger (G3).",
        cancelled_by="From the trigger on (G4) a free title, a positive decision, `RightOfFreeMovementRecorded`; `EmploymentEnded` with the same `employer`, told on both sides.",
        data_row="`valid_until`.",
        series="No series: permits run side by side until one follows another.",
        severity="high.",
        example="Permit until 31 December 2016: due from 1 November through 31 December, asked again on 8 January: late.",
        decided="A request before the window is for something else, or was the one granted. The decision on the new request is watched by B02 (W13).",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_DOCUMENTS, GapReason.WORKS, GapReason.OTHER),
    unknown="valid_until",
)

B09 = Rule(
    id="B09",
    pattern=Pattern.PRECEDENCE,
    field=Handlungsfeld.ARBEIT,
    label=Label("Arbeit ohne bekannte Erlaubnis", "Work without known leave", "ohne Erlaubnis"),
    watches=Label(
        "Eine Arbeit oder betriebliche Ausbildung hat begonnen, und eine Erlaubnis dafür ist nicht bekannt.",
        "Work or training in a firm has begun and no leave for it is known.",
    ),
    sentence=Label(
        "{what} {day}: Für diesen Tag ist keine Erlaubnis bekannt; der Betrieb lässt sie sich vorher zeigen.",
        "{what} {day}: no leave is known for that day; the firm has it shown before.",
    ),
    next_step=Label("Erlaubnis klären und nachreichen", "Settle the leave and hand it in"),
    source="§ 4a Abs. 4 und 5 AufenthG, § 61 AsylG",
    severity=Severity.HIGH,
    responsible=(Responsible.EMPLOYER, Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("B09.leave", "B09.free_titles", "B09.limited_titles"),
    triggers=("EmploymentStarted", "TrainingStarted"),
    missing=("WorkPermitGranted",),
    find=_b09,
    entry=Entry(
        trigger="`EmploymentStarted` without `employment_kind` `AGH_16D_SGBII`, `AGH_5_ASYLBLG` or `FFIM_5A`; `TrainingStarted` of a training whose kind is not SCHULISCH, BVB, AV_BK, IFK or STUDIUM (a missing one is in a firm). None if leave is *there*; the first line that answers decides. (1) A valid permit: there. (2) The *status of the stay* (terms of that name) on the trigger's day not known, or gone: unknown. (3) protected, free_movement, german: there. (4) fiktion: the latest `FictionCertificateIssued` by that day (latest day), after the title of the stay if there is one (G3), has `work_allowed` true: there; false: lacking; missing, or no such paper: as line 5. (5) title: with no title of the stay unknown; a free title: there; `work` keine: lacking; for a training there if the title is made for training, else unknown; for a job there if `work` is bestimmte or the basis in `B09.limited_titles` of that day, else unknown. (6) All other statuses: the paper of the stay has `work_note` gestattet: there; it has `work_note` verboten, or the basis of the status is `60B`: lacking; it is made for training (for a training) or its `basis` is `60D` (for a job): there; any `WorkPermitRequested`, `WorkPermitGranted` or `WorkPermitRefused` that fits the employer stands before the trigger (G3): lacking; else unknown.",
        window="Open from the trigger's day, `due_on` is the day before.",
        followed_by="`WorkPermitGranted` that fits the employer; a `TemporaryPermissionIssued` or `ToleranceIssued` with `work_note` gestattet or `basis` `60C`, `60D`, `60A_2_4`; `FictionCertificateIssued` with `work_allowed` true; a free title; a positive decision; `RightOfFreeMovementRecorded`. Undated, what closes or ends it counts on its recorded day.",
        cancelled_by="The end of the job (`EmploymentEnded`; if it never ends, the day after its last `fixed_term_until`) or of the training, on its latest day.",
        data_row="Leave is unknown: the days of the gap.",
        series="No series.",
        severity="high; critical for a training.",
        consequence="For a training `training_begun_without_leave`, since the trigger's day.",
        example="Gestattung, permit asked for in September 2016 and refused on 20 September, training begun on 1 October: open from 1 October, for good without a claim to stay for it.",
        decided="Leave is lacking only where a paper, a title or the log of requests says so; a Duldung with the note mit_erlaubnis and nothing else is unknown. Which titles allow work by law is data, unverified. School-based training needs none (W12). A German needs no leave: naturalisation ends it (design 4, line 15 does not name B09).",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.DATA_MISSING, GapReason.OTHER),
    consequence=Label(
        "Ausbildung seit {since} ohne bekannte Erlaubnis: Ein Anspruch auf die Ausbildungsduldung folgt daraus nicht",
        "Training without known leave since {since}: no claim to a Duldung for training follows from it",
    ),
    unknown="work_note",
)
