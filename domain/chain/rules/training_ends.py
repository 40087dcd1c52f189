"""What follows training and the measures before it: T03, T04."""

from datetime import date

from domain.chain.calendar import end_of_running_period
from domain.chain.checklists.permission import TRAINING_TITLES, title_of
from domain.chain.counting import Range, counting, earlier, range_of, same
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity, Step, StepName
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.asylum import positive
from domain.chain.states.courses import own_school
from domain.chain.states.residence import Status, status_on
from domain.chain.states.work import MARGINAL
from domain.chain.windows import after, imprecise, lead_start, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_TRAINING_ONLY = "AUFENTHG_16A"
_INTRODUCTORY = "EQ"
_WORKS = Label("eine Arbeit läuft schon", "a job runs already")
_LAWFUL = Label(
    "der Aufenthalt hängt nicht an der Ausbildung", "the stay does not rest on the training"
)
_APPLIED = Label("ein Titel ist schon beantragt", "a title is applied for already")
_AGREED = Label("ein Ausbildungsvertrag liegt schon vor", "a training contract is signed already")
_JOB_DUTY = Label(
    "eine Beschäftigung oder ein Anschluss gefunden sein", "a job or a next step is to be found"
)
_TITLE_DUTY = Label(
    "ein Titel für danach beantragt sein", "a title for the time after is to be applied for"
)


def _t03(journey: Derived) -> Found:
    completed = journey.view.of("TrainingCompleted")
    for place, one in enumerate(completed):
        following = completed[place + 1 :]
        due_on, exact = _search_ends(journey, one, following)
        yield _job(journey, one, due_on, exact=exact, following=following)
        yield _title(journey, one, due_on, exact=exact, following=following)


def _search_ends(journey: Derived, one: Seen, following: list[Seen]) -> tuple[date, bool]:
    """Return the last day of the search: as granted, else six months after the end of the training."""
    for period in reversed([*counting(one, journey.view.of("SearchPeriodGranted"))]):
        until = range_of(period.day("until"))
        if until is not None and not (following and period.rank > following[0].rank):
            return until.latest, until.exact
    return after(one.latest, journey.bounds.in_force("T03.search", one.latest)), one.exact


def _step(journey: Derived, one: Seen, due_on: date) -> tuple[Step, ...]:
    warning = journey.bounds.in_force("T03.warning", one.latest)
    return (Step(max(one.latest, lead_start(due_on, warning)), StepName.WARNING),)


def _job(
    journey: Derived, one: Seen, due_on: date, *, exact: bool, following: list[Seen]
) -> Draft | Refused:
    view = journey.view
    if _works(journey, one):
        return Refused(one, _WORKS)
    next_training = view.of("TrainingContractSigned", "TrainingStarted", "SelfEmploymentStarted")
    return Draft(
        one,
        one.latest,
        due_on,
        key=f"{one.id}+job",
        followed=counting(one, [*_proper_jobs(view), *next_training]),
        cancelled=counting(one, view.of("StudyAdmitted")),
        superseded=following,
        partial=not (exact and one.exact),
        steps=_step(journey, one, due_on),
        missing=("EmploymentStarted",),
        details=(("duty", _JOB_DUTY),),
    )


def _works(journey: Derived, one: Seen) -> bool:
    """Say whether a job that is no Minijob, begun before the training was completed, still runs."""
    return any(
        job.start is not None
        and earlier(one, [job.start]) != []
        and job.kind_by(one) != MARGINAL
        and job.runs_on(one.latest, one)
        for job in journey.jobs
    )


def _proper_jobs(view: View) -> list[Seen]:
    return [one for one in view.of("EmploymentStarted") if one.get("employment_kind") != MARGINAL]


def _title(
    journey: Derived, one: Seen, due_on: date, *, exact: bool, following: list[Seen]
) -> Draft | Refused:
    view = journey.view
    rests = _rests_on_training(journey, one)
    if rests is False:
        return Refused(one, _LAWFUL)
    if _waits(view, one):
        return Refused(one, _APPLIED)
    free = [
        *(decision for decision in view.of("AsylumDecisionIssued") if positive(decision)),
        *view.of(
            "RightOfFreeMovementRecorded",
            "StudyAdmitted",
            "TrainingContractSigned",
            "TrainingStarted",
        ),
    ]
    return Draft(
        one,
        one.latest,
        due_on,
        key=f"{one.id}+title",
        followed=counting(one, _for_afterwards(view.of("TitleApplied", "TitleGranted"))),
        cancelled=counting(one, free),
        superseded=following,
        kind=Kind.DATA if rests is None else Kind.GAP,
        partial=not (exact and one.exact),
        steps=_step(journey, one, due_on),
        responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT, Responsible.ABH),
        missing=("TitleApplied",),
        details=(("duty", _TITLE_DUTY),),
    )


def _rests_on_training(journey: Derived, one: Seen) -> bool | None:
    """Say whether the stay ends with the training; None where status or basis is not told."""
    stay = status_on(journey.stays, one.latest)
    if stay is None:
        return None
    if stay.status in (Status.DULDUNG, Status.OBLIGED, Status.WITHOUT_TITLE):
        return True
    if stay.status not in (Status.TITLE, Status.FIKTION):
        return False
    grant = title_of(journey, stay)
    basis = None if grant is None else grant.get("basis")
    return None if basis is None else basis in TRAINING_TITLES


def _for_afterwards(facts: list[Seen]) -> list[Seen]:
    """Return the applications and titles for the time after the training: not those for a training."""
    return [one for one in facts if one.get("basis") != _TRAINING_ONLY]


def _waits(view: View, one: Seen) -> bool:
    """Say whether an application for afterwards, made before the end of the training, is not answered."""
    answered = earlier(one, view.of("TitleApplied", "TitleGranted", "TitleRefused"))
    return bool(answered and answered[-1].type == "TitleApplied" and _for_afterwards(answered[-1:]))


def _t04(journey: Derived) -> Found:
    measures = _measures(journey.view)
    for place, (one, ended) in enumerate(measures):
        following = [begin for begin, _ in measures[place + 1 :] if begin.type.endswith("Started")]
        agreed = _agreed_after(journey.view, one)
        yield Refused(one, _AGREED) if agreed else _t04_of(journey, one, ended, following)


def _measures(view: View) -> list[tuple[Seen, Seen | None]]:
    """Return the measures with what ended them: the latest begun of the same kind, else one by itself."""
    found: list[tuple[Seen, Seen | None]] = []
    for one in view.of("BridgingMeasureStarted", "BridgingMeasureEnded"):
        if one.type == "BridgingMeasureStarted":
            found.append((one, None))
            continue
        fitting = [
            place
            for place, (begin, end) in enumerate(found)
            if end is None
            and begin.type == "BridgingMeasureStarted"
            and same(begin.get("kind"), one.get("kind"))
        ]
        if fitting:
            found[fitting[-1]] = (found[fitting[-1]][0], one)
        else:
            found.append((one, None))
    return found


def _agreed_after(view: View, one: Seen) -> bool:
    """Say whether a contract from before begins after the day on which the measure began."""
    starts = (
        contract.latest_of("start") for contract in earlier(one, view.of("TrainingContractSigned"))
    )
    return any(start is not None and start > one.latest for start in starts)


def _end(journey: Derived, one: Seen, ended: Seen | None) -> Range | None:
    """Return the possible last days of a measure: as ended, else by its months, an EQ at most twelve."""
    if one.type == "BridgingMeasureEnded":
        return Range(one.earliest, one.latest)
    if ended is not None and ended.dated:
        return Range(ended.earliest, ended.latest)
    months = one.get("months")
    if one.get("kind") == _INTRODUCTORY:
        longest = journey.bounds.in_force("T04.eq_months", one.latest).number
        months = min(months or longest, longest)
    if not months:
        return None
    return Range(
        end_of_running_period(one.earliest, months), end_of_running_period(one.latest, months)
    )


def _t04_of(journey: Derived, one: Seen, ended: Seen | None, following: list[Seen]) -> Draft:
    end = _end(journey, one, ended)
    view = journey.view
    first = one.latest
    if end is not None:
        lead = journey.bounds.in_force("T04.lead", one.latest)
        first = lead_window(one, end, lead, own_end=False)
    return Draft(
        one,
        first,
        None if end is None else end.latest,
        followed=counting(
            one, [*view.of("TrainingContractSigned", "TrainingStarted"), *_proper_jobs(view)]
        ),
        cancelled=counting(one, [*view.of("StudyAdmitted"), *own_school(view)]),
        superseded=following,
        kind=Kind.GAP if end is not None else Kind.DATA,
        partial=end is None or imprecise(one, first, end),
        evidence=() if ended is None else (ended,),
    )


_ENDINGS = (NATURALISED, LEFT)

T03 = Rule(
    id="T03",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUSBILDUNG,
    label=Label("Abschluss ohne Anschluss", "Completed, and nothing follows", "kein Anschluss"),
    watches=Label(
        "Eine Ausbildung ist abgeschlossen; Arbeit oder der Titel für danach fehlt.",
        "A training is completed; work, or the title for the time after, is missing.",
    ),
    sentence=Label(
        "Ausbildung abgeschlossen {day}; bis zum {due} muss {duty}.",
        "Training completed {day}: {duty} by {due}.",
    ),
    next_step=Label(
        "Arbeit und Titel für danach klären", "Settle work and title for the time after"
    ),
    source="§ 16g Abs. 5 und 8, § 60c Abs. 6, §§ 18a, 19d AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("T03.search", "T03.warning"),
    triggers=("TrainingCompleted",),
    missing=("EmploymentStarted", "TitleApplied"),
    find=_t03,
    entry=Entry(
        trigger="`TrainingCompleted`. Two keys. *Job*: none if a job begun by an `EmploymentStarted` that does not count from the trigger on (G4), not `MINIJOB` by then, still runs: not ended before the trigger (G3), and if it never ends, its last `fixed_term_until` (latest day) not before the trigger's day. *Title*: by the *status of the stay* (terms of that name) on the trigger's day: duldung, obliged, without_title; title or fiktion whose title of the stay has `basis` `16A` or `16G`; none in other known statuses or with another known basis. None either if the last of `TitleApplied`, `TitleGranted`, `TitleRefused` that does not count from the trigger on (G4) is a `TitleApplied` with a `basis` other than `16A` or a missing one: it waits.",
        window="Both keys: from the trigger's day through `until` of the last `SearchPeriodGranted` with `until` that counts from the trigger on and is not after the next `TrainingCompleted` (G3); without one through the trigger's day + 6 months.",
        followed_by="*Job*: `EmploymentStarted`, not `MINIJOB`; `SelfEmploymentStarted`, `TrainingContractSigned`, `TrainingStarted`. *Title*: `TitleApplied` or `TitleGranted` with a `basis` other than `16A`, or a missing one.",
        cancelled_by="`StudyAdmitted`. *Title* also: `TrainingContractSigned`, `TrainingStarted`, a positive decision, `RightOfFreeMovementRecorded`.",
        data_row="*Title*: no status is known, or the basis of the title of the stay is missing.",
        series="Any later `TrainingCompleted` (G3) supersedes both, whether or not it makes an instance. Keys: the id of the trigger and `+job` or `+title`.",
        severity="high; a step 60 days before the last day in time.",
        example="Completed on 31 August 2025 under § 60c: both due through 28 February 2026; hired on 1 October closes the job, the title stays due.",
        decided="Work and title are two duties of two people, so two keys (D 19). The title matters only where the stay rests on the training or on none; nobody in an asylum procedure can get one for it. Any application but for another § 16a is the next step (§§ 18a, 19d, 16g(8), 25a, 25b ...).",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.WORKS, GapReason.OTHER),
    unknown="basis",
)

T04 = Rule(
    id="T04",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUSBILDUNG,
    label=Label(
        "EQ oder Maßnahme endet ohne Anschluss", "Measure ends and nothing follows", "Maßn. endet"
    ),
    watches=Label(
        "Eine Einstiegsqualifizierung oder Vorbereitung endet bald, und ein Ausbildungsvertrag fehlt.",
        "An introductory training or preparation will soon end and no training contract is signed.",
    ),
    sentence=Label(
        "Die Maßnahme läuft bis zum {due}; ein Ausbildungsvertrag oder Anschluss ist nicht bekannt.",
        "The measure runs through {due}; no training contract or next step is known.",
    ),
    next_step=Label("Ausbildungsvertrag oder Anschluss finden", "Find a contract or a next step"),
    source="§ 54a SGB III; Vorlauf Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.EMPLOYMENT_AGENCY, Responsible.CASE_MANAGER),
    bounds=("T04.lead", "T04.eq_months"),
    triggers=("BridgingMeasureStarted", "BridgingMeasureEnded"),
    missing=("TrainingContractSigned", "TrainingStarted"),
    find=_t04,
    entry=Entry(
        trigger="`BridgingMeasureStarted`; `BridgingMeasureEnded` that belongs to none. It belongs to the latest measure begun before it (G3) that has no end yet and whose `kind` is the same or missing on either side. None if a `TrainingContractSigned` that does not count from the trigger on (G4) has the latest day of its `start` after the trigger's day.",
        window="Lead 60 days to the end: the days of the `BridgingMeasureEnded` that belongs to it, if dated; if missing `months` months whose first day is the trigger's (they end on the day before the same day of the month, or on that month's last day if it has no such day), for `kind` EQ at most 12 and, if `months` is missing or 0, 12. Not before the trigger's day, also if this is undated. For a `BridgingMeasureEnded` by itself its own days.",
        followed_by="`TrainingContractSigned`, `TrainingStarted`; `EmploymentStarted`, not `MINIJOB`.",
        cancelled_by="`StudyAdmitted`; own school.",
        data_row="`months` is missing or 0, the `kind` is not EQ, and no dated end is told: open from the trigger's day.",
        series="Series: the journey; any later `BridgingMeasureStarted` (G3) supersedes, whether or not it makes an instance; a `BridgingMeasureEnded` does not.",
        severity="high.",
        example="EQ from 1 October 2024 over 10 months: ends on 31 July 2025, due from 1 June through 31 July.",
        decided="A job is a next step too; school or study leaves nothing to find. No law but § 54a SGB III ends a measure by itself.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.CLIENT_DECLINED, GapReason.OTHER),
    unknown="months",
)
