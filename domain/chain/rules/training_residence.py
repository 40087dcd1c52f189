"""Training and the right to stay: T01, an application and a decision before the first day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from domain.chain.checklists.permission import (
    ALLOWED,
    TRAINING_TITLES,
    TRAINING_TOLERANCES,
    for_training,
    free_title,
    paper_of,
    permits_for,
    title_of,
)
from domain.chain.counting import Range, counting, earlier
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity, Step, StepName
from domain.chain.office_answers import answered_by
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.asylum import positive
from domain.chain.states.courses import own_school
from domain.chain.states.residence import Status, Stay, status_on
from domain.chain.states.training import SCHOOL_BASED, Training
from domain.chain.windows import lead_start, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NOT_VOCATIONAL = Label("keine Berufsausbildung", "no vocational training")
_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_FREE = Label(
    "Titel oder Status erlauben die Ausbildung", "the title or status allows the training"
)
_PERMITTED = Label("die Ausbildung ist schon erlaubt", "the training is permitted already")
_SCHOOL = Label(
    "eine schulische Ausbildung braucht keine Erlaubnis",
    "school-based training needs no permission",
)
_GENERAL_COLLEGE = Label("keine Duldung", "no Duldung")
_COLLEGE = "BK"
_APPLIED = ("WorkPermitRequested", "ToleranceApplied", "TitleApplied")
_GRANTED = ("WorkPermitGranted", "ToleranceIssued", "TitleGranted")
_REFUSED = ("WorkPermitRefused", "ToleranceRefused", "TitleRefused")
_UNKNOWN_START = ("unknown", Label("Beginn der Ausbildung", "start of the training"))
_UNKNOWN_STAY = ("unknown", Label("Aufenthaltsstatus und Titel", "residence status and title"))
_UNKNOWN_KIND = ("unknown", Label("Ausbildungsart", "kind of training"))


class _Ground(Enum):
    """What the stay rests on, as far as it decides on the step to take."""

    PERMIT = "permit"
    TOLERATION = "toleration"
    TITLE = "title"
    UNKNOWN = "unknown"


_DUTY: Mapping[_Ground, Label] = {
    _Ground.PERMIT: Label(
        "die Erlaubnis zur Ausbildung beantragt sein",
        "the permit for the training is to be applied for",
    ),
    _Ground.TOLERATION: Label(
        "eine Ausbildungsduldung oder ein Titel zur Ausbildung beantragt sein",
        "a Duldung or a title for the training is to be applied for",
    ),
    _Ground.TITLE: Label(
        "ein Titel zur Ausbildung beantragt sein", "a title for the training is to be applied for"
    ),
    _Ground.UNKNOWN: Label(
        "der Aufenthalt für die Ausbildung geklärt sein",
        "the stay for the training is to be settled",
    ),
}
_MISSING: Mapping[_Ground, tuple[str, ...]] = {
    _Ground.PERMIT: ("WorkPermitRequested",),
    _Ground.TOLERATION: ("ToleranceApplied", "TitleApplied"),
    _Ground.TITLE: ("TitleApplied",),
    _Ground.UNKNOWN: _APPLIED,
}
_DECIDED = Label("über den Antrag entschieden sein", "the application is to be decided")


@dataclass(frozen=True, slots=True)
class _Case:
    """A training that needs a step, and what the step depends on."""

    training: Training
    ground: _Ground

    @property
    def trigger(self) -> Seen:
        """Return the fact by which the training became known."""
        return self.training.first


def _t01(journey: Derived) -> Found:
    cases: list[_Case] = []
    for training in journey.trainings:
        found = _case(journey, training)
        if isinstance(found, Label):
            yield Refused(training.first, found)
        else:
            cases.append(found)
    for place, case in enumerate(cases):
        yield from _drafts(journey, case, [one.trigger for one in cases[place + 1 :]])
    for one in own_school(journey.view):
        if one.get("form") == _COLLEGE:
            yield _college(journey, one)


def _case(journey: Derived, training: Training) -> _Case | Label:
    """Return what a training needs, or why it needs nothing."""
    at = training.first
    if not training.vocational:
        return _NOT_VOCATIONAL
    if training.contract is None and permits_for(journey, at):
        return _PERMITTED
    if _granted_earlier(journey, training):
        return _PERMITTED
    stay = status_on(journey.stays, at.latest)
    if stay is None:
        return _Case(training, _Ground.UNKNOWN)
    found = _ground(journey, stay, training)
    return found if isinstance(found, Label) else _Case(training, found)


def _ground(journey: Derived, stay: Stay, training: Training) -> _Ground | Label:
    match stay.status:
        case Status.GESTATTUNG:
            return _pending_asylum(journey, stay, training)
        case Status.TITLE | Status.FIKTION:
            return _under_title(journey, stay, training.first)
        case Status.DULDUNG | Status.OBLIGED | Status.WITHOUT_TITLE:
            return _without_title(journey, stay, training.first)
        case _:
            return _FREE


def _pending_asylum(journey: Derived, stay: Stay, training: Training) -> _Ground | Label:
    if training.kind == SCHOOL_BASED:
        return _SCHOOL
    paper = paper_of(journey, stay, training.first.latest, "work_note")
    allowed = paper is not None and paper.get("work_note") == ALLOWED
    return _PERMITTED if allowed else _Ground.PERMIT


def _under_title(journey: Derived, stay: Stay, at: Seen) -> _Ground | Label:
    grant = title_of(journey, stay)
    if grant is None:
        return _Ground.UNKNOWN
    if free_title(journey, grant) or for_training(journey, grant, at):
        return _FREE
    told = grant.get("work") is not None or grant.get("basis") is not None
    return _Ground.TITLE if told else _Ground.UNKNOWN


def _without_title(journey: Derived, stay: Stay, at: Seen) -> _Ground | Label:
    if journey.bounds.on("T01.basis", at.latest) is None:
        return _NO_LAW
    paper = paper_of(journey, stay, at.latest, "basis")
    if paper is not None and for_training(journey, paper, at):
        return _PERMITTED
    return _Ground.TOLERATION


def _for_the_training(journey: Derived, one: Seen) -> bool:
    """Say whether an application, or the answer to one, may be for a training; what is not told may."""
    basis = one.get("basis")
    match one.type:
        case "WorkPermitRequested":
            return one.get("for_training") is not False
        case "ToleranceApplied" | "ToleranceRefused":
            return basis is None or basis in TRAINING_TOLERANCES
        case "ToleranceIssued":
            return basis in TRAINING_TOLERANCES or one.get("work_note") == ALLOWED
        case "TitleApplied":
            return basis is None or basis in TRAINING_TITLES or _is_free(journey, one, basis)
        case "TitleGranted":
            return _opens(journey, one)
        case _:
            return True


def _is_free(journey: Derived, one: Seen, basis: str) -> bool:
    return basis in journey.bounds.in_force("B09.free_titles", one.latest).codes


def _opens(journey: Derived, grant: Seen) -> bool:
    """Say whether a title granted opens training; one that tells neither basis nor work may."""
    if grant.get("basis") is None and grant.get("work") is None:
        return True
    return grant.get("basis") in TRAINING_TITLES or bool(free_title(journey, grant))


def _told_for_it(one: Seen) -> bool:
    """Say whether an application tells that it is for a training."""
    basis = one.get("basis")
    return (
        one.get("for_training") is True or basis in TRAINING_TOLERANCES or basis in TRAINING_TITLES
    )


def _earlier_application(journey: Derived, training: Training) -> Seen | None:
    """Return the last application that does not count from the trigger on, and is for this training."""
    applied = [
        one
        for one in earlier(training.first, journey.view.of(*_APPLIED))
        if _for_the_training(journey, one) and (training.contract is None or _told_for_it(one))
    ]
    return applied[-1] if applied else None


def _answer_before(journey: Derived, training: Training, application: Seen) -> Seen | None:
    """Return the first answer to an earlier application that does not count from the trigger on."""
    answers = earlier(training.first, journey.view.after(application, *_GRANTED, *_REFUSED))
    return next((one for one in answers if _for_the_training(journey, one)), None)


def _granted_earlier(journey: Derived, training: Training) -> bool:
    application = _earlier_application(journey, training)
    if application is None:
        return False
    answer = _answer_before(journey, training, application)
    return answer is not None and answer.type in _GRANTED


def _pending(journey: Derived, training: Training) -> Seen | None:
    """Return the earlier application, if nothing has answered it."""
    application = _earlier_application(journey, training)
    if application is None or _answer_before(journey, training, application) is not None:
        return None
    return application


def _drafts(journey: Derived, case: _Case, following: list[Seen]) -> Iterator[Draft]:
    pending = _pending(journey, case.training)
    since = counting(case.trigger, journey.view.of(*_APPLIED))
    application = pending or next((one for one in since if _for_the_training(journey, one)), None)
    if pending is None:
        yield _application_draft(journey, case, following)
    if application is not None:
        yield _decision_draft(journey, case, application, following)


def _application_draft(journey: Derived, case: _Case, following: list[Seen]) -> Draft:
    trigger, begins = case.trigger, case.training.begins
    steps = counting(trigger, journey.view.of(*_APPLIED, *_GRANTED, *_REFUSED[:2]))
    unknown = _unknown(case, begins)
    first = trigger.latest if begins is None else _first_day(journey, case, begins)
    return Draft(
        trigger,
        first,
        None if begins is None else begins.latest,
        key=f"{trigger.id}+application",
        followed=[one for one in steps if _for_the_training(journey, one)],
        cancelled=_over(journey, case),
        superseded=following,
        kind=Kind.GAP if unknown is None else Kind.DATA,
        partial=not trigger.exact or (begins is not None and not begins.exact),
        evidence=_evidence(case),
        steps=() if begins is None else _steps(journey, trigger.latest, first, begins),
        missing=_MISSING[case.ground],
        details=(_what(trigger), ("duty", _DUTY[case.ground]), *([unknown] if unknown else [])),
    )


def _decision_draft(
    journey: Derived, case: _Case, application: Seen, following: list[Seen]
) -> Draft:
    begins = case.training.begins
    first = max(case.trigger.latest, application.latest)
    due_on = None if begins is None else begins.latest
    answers = counting(application, journey.view.of(*_GRANTED, *_REFUSED))
    return Draft(
        application,
        first,
        due_on,
        key=f"{case.trigger.id}+decision",
        closings=answered_by((one for one in answers if _for_the_training(journey, one)), due_on),
        cancelled=_over(journey, case),
        superseded=following,
        kind=Kind.DATA if begins is None else Kind.GAP,
        partial=not application.exact or (begins is not None and not begins.exact),
        evidence=(case.trigger, *_evidence(case)),
        steps=() if begins is None else _steps(journey, case.trigger.latest, first, begins),
        responsible=(Responsible.ABH, Responsible.CASE_MANAGER),
        missing=_GRANTED,
        details=(
            _what(application),
            ("duty", _DECIDED),
            *([_UNKNOWN_START] if begins is None else []),
        ),
    )


def _first_day(journey: Derived, case: _Case, begins: Range) -> date:
    """Return the first day of the window: for a Duldung not earlier than one may apply."""
    window = journey.bounds.on("T01.window", case.trigger.latest)
    if case.ground is not _Ground.TOLERATION or window is None:
        return case.trigger.latest
    own = case.training.contract is not None and case.trigger.day("start") is not None
    return lead_window(case.trigger, begins, window, own_end=own)


def _steps(journey: Derived, day: date, first: date, begins: Range) -> tuple[Step, ...]:
    """Return the warnings before the first day of the training."""
    warning = journey.bounds.in_force("T01.warning", day)
    urgent = journey.bounds.in_force("T01.urgent", day)
    return (
        Step(max(first, lead_start(begins.earliest, warning)), StepName.WARNING),
        Step(max(first, lead_start(begins.earliest, urgent)), StepName.URGENT),
    )


def _over(journey: Derived, case: _Case) -> list[Seen]:
    """Return what leaves nothing to apply for: the training's end, protection, free movement."""
    view = journey.view
    ended = [] if case.training.end is None else [case.training.end]
    free = [
        *(one for one in view.of("AsylumDecisionIssued") if positive(one)),
        *view.of("RightOfFreeMovementRecorded"),
    ]
    return [*ended, *counting(case.trigger, free)]


def _evidence(case: _Case) -> tuple[Seen, ...]:
    start = case.training.start
    return () if start is None or start is case.trigger else (start,)


def _what(one: Seen) -> tuple[str, Label]:
    return "what", one.fact.about.label.opening


def _unknown(case: _Case, begins: Range | None) -> tuple[str, Label] | None:
    if case.ground is _Ground.UNKNOWN:
        return _UNKNOWN_STAY
    return _UNKNOWN_START if begins is None else None


def _college(journey: Derived, one: Seen) -> Draft | Refused:
    """Draft the row of somebody tolerated at a Berufskolleg: whether it is a training is not told."""
    stay = status_on(journey.stays, one.latest)
    if stay is None or stay.status not in (Status.DULDUNG, Status.OBLIGED):
        return Refused(one, _GENERAL_COLLEGE)
    ground = _without_title(journey, stay, one)
    if isinstance(ground, Label):
        return Refused(one, ground)
    view = journey.view
    left = [one for one in view.of("SchoolLeft") if one.get("child_ref") is None]
    steps = counting(one, view.of(*_APPLIED, *_GRANTED))
    return Draft(
        one,
        one.latest,
        one.latest,
        key=f"{one.id}+application",
        followed=[step for step in steps if _for_the_training(journey, step)],
        cancelled=counting(one, left),
        kind=Kind.DATA,
        missing=_MISSING[ground],
        details=(_UNKNOWN_KIND,),
    )


TERMS_OF = "Training and work"
TERMS = (
    Term(
        "Training",
        "begins with a `TrainingContractSigned`, or with a `TrainingStarted` that belongs to none. A `TrainingStarted` belongs to the latest contract before it (G3) that has no start and no end yet and whose `training_kind` is the same or missing on either side. `TrainingAborted`, `TrainingCompleted`, `TrainingFinallyFailed` end the latest training with a start that has no end yet, else the latest contract that has none. Its *first fact* is the contract, else the start; its *kind* the `training_kind` of the contract, if missing that of the start; its *beginning* the days of `start` in the contract, if missing those of the `TrainingStarted`. *Vocational*: the kind is not EQ, BVB, AV_BK, IFK, TEILQUALIFIKATION, NACHQUALIFIZIERUNG or STUDIUM.",
    ),
    Term(
        "Fits the employer",
        "the `employer` of both is the same or missing on either side.",
    ),
    Term(
        "Free title",
        "a `TitleGranted` that allows any work: `work` is unbeschränkt; if `work` is missing, its basis is permanent (Titles) or in the bound `B09.free_titles` of the grant's day.",
    ),
    Term(
        "Title of the stay",
        "in the status title or fiktion the `TitleGranted` on which the status rests; if it rests on another fact, the latest `TitleGranted` before that (G3).",
    ),
    Term(
        "Paper of the stay",
        "`TemporaryPermissionIssued` in the status gestattung, `ToleranceIssued` in duldung, whose latest day is within the stretch of the status and not after the trigger's day; if there is none, the one on which the status rests. Its `work_note` and its `basis` are each that of the latest such paper (G3) that tells one.",
    ),
    Term(
        "Made for training",
        "a title or a paper of the stay with `basis` `16A`, `16G`, `60C` or `60A_2_4` (a Duldung told as a title is one too), with no `TrainingAborted` after the fact that tells this basis and before the trigger (G3).",
    ),
    Term(
        "Valid permit",
        "a `WorkPermitGranted` that fits the employer, has its earliest day on or before the trigger's day (if one of the two is undated: stands before it, G3), and whose `valid_until` is missing or has its latest day on or after the trigger's earliest day.",
    ),
    Term(
        "Step to a training",
        "`WorkPermitRequested` unless `for_training` is false; `ToleranceApplied` with `basis` `60C`, `60A_2_4` or missing; `TitleApplied` with `basis` `16A`, `16G`, one of `B09.free_titles` (of its day) or missing. *Grant*: `WorkPermitGranted`; `ToleranceIssued` with `basis` `60C` or `60A_2_4`, or `work_note` gestattet; `TitleGranted` with `basis` `16A` or `16G`, a free title, or one with neither `basis` nor `work`. *Refusal*: `WorkPermitRefused`; `ToleranceRefused` with `basis` `60C`, `60A_2_4` or missing; `TitleRefused`.",
    ),
)

T01 = Rule(
    id="T01",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUSBILDUNG,
    label=Label(
        "Ausbildung ohne Aufenthaltsschritt", "Training without the step to stay", "Schritt fehlt"
    ),
    watches=Label(
        "Eine Ausbildung steht an oder läuft, und der Schritt fehlt, mit dem der Aufenthalt sie erlaubt: der Antrag oder die Entscheidung darüber.",
        "A training is agreed or runs, and the step is missing by which the stay allows it: the application, or the decision on it.",
    ),
    sentence=Label(
        "{what} {day}: Bis zum {due} muss {duty}.",
        "{what} {day}: {duty} by {due}.",
    ),
    next_step=Label("Aufenthalt für die Ausbildung klären", "Settle the stay for the training"),
    source="§ 16g, § 60c AufenthG (bis 2019: § 60a Abs. 2 S. 4), § 61 AsylG, § 4a Abs. 4 AufenthG",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=("T01.warning", "T01.urgent", "T01.basis", "T01.window"),
    triggers=("TrainingContractSigned", "TrainingStarted", "SchoolStarted"),
    missing=("ToleranceApplied", "TitleApplied", "WorkPermitRequested"),
    find=_t01,
    entry=Entry(
        trigger="The first fact of a vocational training, by the *status of the stay* (terms of that name) on the trigger's day. Duldung, obliged, without_title: none if the paper of the stay is made for training. Gestattung: none if the kind is SCHULISCH or the paper's `work_note` is gestattet. Title, fiktion: none if the title of the stay is a free title or made for training. None in every other known status. In all of them, also where no status is known, none if the first fact is a `TrainingStarted` with a valid permit, or if the *earlier application* was granted: the last step to the training that does not count from the trigger on (G4), where a contract is the first fact only one that tells its purpose (`for_training` true, `basis` `60C`, `60A_2_4`, `16A` or `16G`), whose first answer (grant or refusal after it, G3, that does not count from the trigger on) is a grant. An earlier application without such an answer is *pending*. Further trigger: own `SchoolStarted` with `form` BK in the status duldung or obliged, unless the paper of the stay is made for training.",
        window="Two duties, two keys, both due through the latest day of the beginning. *Application*, unless one is pending: from the trigger's day; in the status duldung, obliged or without_title with a lead of 7 months to the beginning (G6; `start` is the own end of the contract), where the bound `T01.window` holds on the trigger's day. *Decision*: from the day of the application (the pending one, else the first step to the training from the trigger on, in the order of G3), not before the trigger's day; none without an application. `SchoolStarted`: its own day, application only.",
        followed_by="*Application*: a step to the training, a grant, `WorkPermitRefused`, or `ToleranceRefused` as a refusal (an answer proves the application). *Decision*: from the application on a grant or a refusal, as an answer of an office. `SchoolStarted`: a step or a grant.",
        cancelled_by="The endings of G10, for `+decision` from the application on. The end of this training; from the trigger on a positive decision or `RightOfFreeMovementRecorded`. `SchoolStarted`: own `SchoolLeft`.",
        data_row="The beginning is missing (both keys: open from the first day, for the application the trigger's day; no `due_on`). For the application too: no status is known, or title or fiktion with no title of the stay or with one that tells neither `basis` nor `work` (the days of the gap, without lead). `SchoolStarted`: always (whether it is a training is not told).",
        series="Series: the journey; the first fact of the next training that meets the conditions supersedes both keys. `SchoolStarted` belongs to no series. Keys: the id of the first fact and `+application` or `+decision`.",
        severity="critical; steps at 90 and 30 days before the earliest day of the beginning, none on `SchoolStarted`.",
        law="In the status duldung, obliged or without_title no instance if the trigger's day is before 6 August 2016 (§ 60a(2) S. 4; from 2020 § 60c, from 1 March 2024 also § 16g); the lead of 7 months from 2020. Other statuses: always, as work needed a permit before too.",
        example="Duldung, contract of 10 January 2025 with `start` 2025-09-01: application due from 1 February (7 months before) through 1 September. Applied on 3 March: in time, and the decision is due from 3 March through 1 September, by the immigration office.",
        decided="Which steps count is lenient (a file often tells no basis), which titles are open is data (`B09.free_titles`). A refusal answers: what follows is the appeal (W14). Three months of Duldung are a condition of the grant and move no day. § 24 and titles for other purposes are not open (W11, catalogue). A late application is still owed a decision, open at once. Nobody with a Gestattung needs leave for school-based training (W12). A Berufskolleg may or may not train: low data row (W12).",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.OTHER,
    ),
    unknown="basis",
)
