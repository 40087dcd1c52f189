"""Recognition of qualifications: E05, a chance."""

from domain.chain.counting import counting, earlier
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.states.work import Job
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_UNSKILLED = "HELFER"
_VOCATIONAL = 3
_NOT_UNSKILLED = Label("keine Helfertätigkeit", "no unskilled work")
_NO_QUALIFICATION = Label(
    "keine berufliche Qualifikation erfasst", "no vocational qualification is reported"
)
_RECOGNISED = Label(
    "die Anerkennung war vor der Erfassung der Qualifikation schon beantragt",
    "recognition was applied for before the qualification was reported",
)


def _e05(journey: Derived) -> Found:
    for job in journey.jobs:
        begin = next((one for one in job.facts if _level(one) == _UNSKILLED), None)
        reported = _qualification(journey)
        if begin is None:
            yield Refused(job.facts[0], _NOT_UNSKILLED)
        elif reported is None:
            yield Refused(begin, _NO_QUALIFICATION)
        elif earlier(reported, _recognised(journey)):
            yield Refused(begin, _RECOGNISED)
        else:
            yield _e05_of(journey, job, begin, reported)


def _recognised(journey: Derived) -> list[Seen]:
    """Return the applications for recognition, and the full recognitions of which no application is told."""
    return [
        one
        for one in journey.view.of("RecognitionApplied", "RecognitionDecided")
        if one.type == "RecognitionApplied" or one.get("outcome") == "FULL"
    ]


def _level(one: Seen) -> str | None:
    level: str | None = one.get("qualification_level")
    return level


def _qualification(journey: Derived) -> Seen | None:
    """Return the first report of a vocational qualification, else the first that tells no level."""
    reports = journey.view.of("QualificationReported")
    vocational = [one for one in reports if (_isced(one) or 0) >= _VOCATIONAL]
    untold = [one for one in reports if one.get("isced") is None]
    return next(iter([*vocational, *untold]), None)


def _isced(one: Seen) -> int | None:
    """Return the first digit of the ISCED level."""
    digits = [sign for sign in one.get("isced") or "" if sign.isdigit()]
    return int(digits[0]) if digits else None


def _e05_of(journey: Derived, job: Job, begin: Seen, reported: Seen) -> Draft:
    full = after(begin.latest, journey.bounds.in_force("E05.after", begin.latest))
    trigger = begin if full >= reported.latest else reported
    first = max(full, reported.latest)
    view = journey.view
    better = [
        one
        for one in view.of("EmploymentStarted", "EmploymentChanged")
        if _level(one) not in (None, _UNSKILLED)
    ]
    return Draft(
        trigger,
        first,
        after(first, journey.bounds.in_force("E05.action", first)),
        key=begin.id,
        followed=[*counting(reported, _recognised(journey)), *counting(begin, better)],
        cancelled=[
            *([] if job.ended is None else [job.ended]),
            *counting(begin, view.of("LeftGermany")),
        ],
        kind=Kind.GAP if reported.get("isced") is not None else Kind.DATA,
        partial=not (begin.exact and reported.exact),
        evidence=(begin, reported),
    )


E05 = Rule(
    id="E05",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.ANERKENNUNG,
    label=Label("Arbeit unter der Qualifikation", "Work below the qualification", "unter Niveau"),
    watches=Label(
        "Wer eine berufliche Qualifikation mitbringt, arbeitet seit einem Jahr als Helfer.",
        "Somebody with a vocational qualification has done unskilled work for a year.",
    ),
    sentence=Label(
        "Eine berufliche Qualifikation ist erfasst, und seit dem {first} sind zwölf Monate Helfertätigkeit voll: Anerkennung oder qualifizierte Arbeit ist möglich.",
        "A vocational qualification is reported, and twelve months of unskilled work were full on {first}: recognition or skilled work is possible.",
    ),
    next_step=Label("Anerkennung beraten", "Advise on recognition"),
    source="Praxisvorgabe, zwölf Monate",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("E05.after", "E05.action"),
    triggers=("EmploymentStarted", "EmploymentChanged"),
    missing=("RecognitionApplied",),
    find=_e05,
    entry=Entry(
        trigger="A job (terms) of which a fact tells `qualification_level` HELFER, and *the report*: the first (G3) `QualificationReported` whose `isced` has 3 or more as its first digit (vocational or higher). An `isced` with less or without a digit is no report. None if a `RecognitionApplied` or a `RecognitionDecided` with `outcome` FULL does not count from the report on (G4): it stands before it.",
        window="From the later of two days: twelve months after the latest day of the first such fact of the job, and the latest day of the report; 90 days to act.",
        followed_by="From the report on (G4): `RecognitionApplied`, `RecognitionDecided` with `outcome` FULL. From the fact that first tells HELFER on: `EmploymentStarted` or `EmploymentChanged` of any job with another, known `qualification_level`.",
        cancelled_by="`EmploymentEnded` of the job. The endings of G10 count from the fact that first tells HELFER on.",
        data_row="`isced`: none tells 3 or more, and a `QualificationReported` tells no `isced`; the first of these is then the report.",
        series="Series: the job, once: who returns to HELFER begins nothing anew. Key: the fact that makes it HELFER.",
        severity="chance.",
        decided="Whoever had applied for recognition before anybody noted the qualification has found that way already.",
    ),
    kind=Kind.CHANCE,
    reasons=(GapReason.CLIENT_DECLINED, GapReason.WAITING_FOR_DOCUMENTS, GapReason.OTHER),
    unknown="isced",
)
