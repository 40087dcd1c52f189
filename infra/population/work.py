"""The strands of work, training and recognition."""

from datetime import date

from domain.events.education import (
    QualificationReported,
    RecognitionApplied,
    RecognitionDecided,
)
from domain.events.training import (
    TrainingAborted,
    TrainingContractSigned,
    TrainingStarted,
)
from domain.events.work import (
    EmploymentEnded,
    EmploymentStarted,
    JobSeekerRegistered,
    MeasureEnded,
    MeasureStarted,
    UnemploymentRegistered,
)
from domain.fields import Recorder
from domain.vocabulary.education import Documents, RecognitionOutcome, TrainingKind
from domain.vocabulary.work import EmploymentKind, QualificationLevel
from infra.population.draws import after, weekday
from infra.population.ledger import Seed, Step
from infra.population.life import Life, exactly
from infra.population.months import last_day_of_period
from infra.population.people import Cohort

_EMPLOYERS = (
    "logistikzentrum-nord",
    "pflegedienst-emscher",
    "baeckerei-kornfeld",
    "reinigung-ruhrglanz",
    "grosskueche-mittelpunkt",
    "bauhof-westring",
    "gartenbau-ilsental",
    "metallbau-hellweg",
    "kita-sonnenhof",
    "hotel-am-kanal",
)

_HOURS = {
    EmploymentKind.SV_VOLLZEIT: (38, 40),
    EmploymentKind.SV_TEILZEIT: (18, 30),
    EmploymentKind.MINIJOB: (6, 10),
}

_LIKELY = {
    Cohort.PROTECTION: 0.38,
    Cohort.UKRAINE: 0.35,
    Cohort.PENDING: 0.2,
    Cohort.TOLERATED: 0.45,
    Cohort.FAMILY: 0.35,
    Cohort.EU: 0.8,
    Cohort.LABOUR: 1.0,
}

_FULL_INCOME = 36
_YOUNG = 30


def job(life: Life, start: date, end: date | None = None) -> None:
    """Begin a job, and end it where it ends."""
    kind = life.draw.weighted(
        {
            EmploymentKind.SV_VOLLZEIT: 50,
            EmploymentKind.SV_TEILZEIT: 32,
            EmploymentKind.MINIJOB: 18,
        }
    )
    hours = life.draw.between(*_HOURS[kind])
    level = QualificationLevel.HELFER if life.draw.chance(0.65) else QualificationLevel.FACHKRAFT
    told = {}
    if end is None and life.draw.chance(0.3):
        months = life.draw.one((12, 24))
        until = last_day_of_period(start, months)
        if until > after(life.today, 20):
            told = {"fixed_term_until": exactly(until)}
    employer = life.draw.one(_EMPLOYERS)
    number = life.tell(
        EmploymentStarted(
            employer=employer,
            employment_kind=kind,
            hours_per_week=hours,
            qualification_level=level,
            **told,
        ),
        start,
        Recorder.EMPLOYER,
    )
    life.ledger.steps.append(Step(start, end))
    if end is not None:
        _ended(life, number, employer, end)
    elif hours >= _FULL_INCOME and not life.seeded(Seed.L01):
        life.income_from = min(life.today, after(start, 30))


def _ended(life: Life, number: str, employer: str, end: date) -> None:
    """End a job; most tell the agency of it in time."""
    life.tell(
        EmploymentEnded(employment=number, employer=employer, end_reason="dismissed"),
        end,
        Recorder.EMPLOYER,
    )
    if life.draw.chance(0.75):
        on = min(life.today, after(end, life.draw.between(-60, 10)))
        fact = JobSeekerRegistered(on=exactly(on))
        other = UnemploymentRegistered(on=exactly(on))
        life.tell(fact if on < end else other, on, Recorder.EMPLOYMENT_AGENCY)


def training(life: Life, start: date) -> None:
    """Sign a contract and begin a training of three years; some break it off."""
    signed = max(after(start, -life.draw.between(15, 60)), after(life.person.entered, 1))
    life.tell(
        TrainingContractSigned(
            training_kind=TrainingKind.DUAL_LONG,
            start=exactly(start),
            end=exactly(last_day_of_period(start, 36)),
            registered_at_chamber=True,
        ),
        signed,
        Recorder.CHAMBER,
    )
    life.tell(TrainingStarted(training_kind=TrainingKind.DUAL_LONG), start, Recorder.EMPLOYER)
    end = weekday(after(start, life.draw.between(60, 360)))
    aborted = end < life.today and life.draw.chance(0.3)
    if aborted:
        life.tell(TrainingAborted(reason="language"), end, Recorder.EMPLOYER)
    life.ledger.steps.append(Step(start, end if aborted else None))


def measure(life: Life, start: date) -> None:
    """Attend a measure of the Jobcenter for some months."""
    life.tell(MeasureStarted(kind="aktivierung"), start, Recorder.JOBCENTER)
    end = weekday(after(start, life.draw.between(80, 180)))
    over = end <= life.today
    if over:
        life.tell(MeasureEnded(kind="aktivierung"), end, Recorder.JOBCENTER)
    life.ledger.steps.append(Step(start, end if over else None))


def working_life(life: Life) -> None:
    """Write the jobs of a life beside its courses."""
    if life.person.cohort is Cohort.LABOUR and life.access is not None:
        job(life, after(life.access, life.draw.between(1, 12)))
        return
    if not life.draw.chance(0.6 if life.seeded(Seed.S01) else _LIKELY[life.person.cohort]):
        return
    start = after(life.access or life.person.entered, life.draw.between(120, 900))
    if life.person.cohort is Cohort.EU:
        start = after(life.person.entered, life.draw.between(20, 200))
    if life.seeded(Seed.S15):
        _job_before_course(life, start)
        return
    if start > after(life.today, -10):
        return
    if life.access is not None and life.person.age(start) < _YOUNG and life.draw.chance(0.35):
        training(life, max(start, life.access))
        return
    end = weekday(after(start, life.draw.between(100, 800)))
    job(life, start, end if end < life.today and life.draw.chance(0.45) else None)


def _job_before_course(life: Life, start: date) -> None:
    """Hold a job that ends before the course whose end nothing is to follow."""
    last = after(life.ledger.registrations[-1].day, -20)
    end = min(last, after(start, life.draw.between(80, 300)))
    if (end - start).days > 60:
        job(life, start, end)


def recognition(life: Life) -> None:
    """Report a qualification; some have it recognised."""
    person = life.person
    if person.schooling < 10 or life.access is None or not life.draw.chance(0.7):
        return
    reported = max(person.opened, life.access)
    life.tell(
        QualificationReported(
            isced=life.draw.one(("ISCED-3", "ISCED-4", "ISCED-6")),
            occupation_kldb=life.draw.one(("81302", "43104", "26212", "62102", "83112")),
            years=life.draw.between(2, 12),
            documents=life.draw.weighted(
                {Documents.FULL: 45, Documents.PARTIAL: 40, Documents.NONE: 15}
            ),
        ),
        reported,
    )
    applied = after(reported, life.draw.between(20, 160))
    if applied > life.today or not life.draw.chance(0.5):
        return
    life.tell(
        RecognitionApplied(
            body=life.one_of(Recorder.CHAMBER),
            regulated=life.draw.chance(0.4),
            complete_on=exactly(applied),
        ),
        applied,
        Recorder.CLIENT,
    )
    decided = weekday(after(applied, life.draw.wait(110, 220)))
    if decided <= life.today:
        outcome = life.draw.weighted(
            {
                RecognitionOutcome.FULL: 40,
                RecognitionOutcome.PARTIAL: 30,
                RecognitionOutcome.COMPENSATION_REQUIRED: 20,
                RecognitionOutcome.REJECTED: 10,
            }
        )
        life.tell(RecognitionDecided(outcome=outcome), decided, Recorder.CHAMBER)
