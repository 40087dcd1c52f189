"""Whether language goes on at all while somebody is accompanied: S19."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.chain.checklists.proofs import reached_level, reaches
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import tested_or_certified_b1
from domain.chain.states.person import birthdays
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_B1 = Label("B1 ist erreicht oder übertroffen", "B1 or more is reached")
_AGE = Label("außerhalb der Altersgrenzen", "outside the limits of age")
_LEVEL_OF = {
    "PlacementTestTaken": "level",
    "ModuleCompleted": "level_reached",
    "CourseStarted": "level_reached",
}
_TESTED = ("LanguageTestTaken", "IntegrationCourseCertificateIssued")
_EVENTS = frozenset(
    {
        *_LEVEL_OF,
        *_TESTED,
        "CourseEntitlementIssued",
        "CourseRegistered",
        "CourseStartAnnounced",
        "CourseResumed",
        "CourseCompleted",
        "CivicsTestTaken",
        "RepetitionGranted",
        "VocationalLanguageEntitlementIssued",
        "VocationalCourseRegistered",
        "VocationalCourseStarted",
        "VocationalCourseCompleted",
        "OrientationCourseStarted",
        "OrientationCourseCompleted",
    }
)
_CASE = ("CaseOpened", "CaseResumed", "CaseSuspended", "CaseClosed")
_STANDSTILL = ("HealthBarrierReported", "HealthBarrierResolved", "SchoolStarted", "SchoolLeft")


@dataclass(slots=True)
class _Now:
    """What holds after a fact: whether language should go on, and how far it has come."""

    active: bool = False
    barrier: bool = False
    school: bool = False
    level: str | None = None
    proven: bool = False

    @property
    def watched(self) -> bool:
        """Say whether a case is active and nothing stands in the way."""
        return self.active and not self.barrier and not self.school


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch without a language event: what begins it, and what was known of the level then."""

    begin: Seen
    level: str | None
    proven: bool


def _s19(journey: Derived) -> Found:
    """Walk through the facts; at most one stretch runs at a time."""
    now = _Now()
    stretch: _Stretch | None = None
    for one in _moved(journey, now):
        if stretch is not None:
            yield _s19_of(journey, stretch, one)
        stretch = _Stretch(one, now.level, now.proven) if now.watched else None
    if stretch is not None:
        yield _s19_of(journey, stretch, None)


def _moved(journey: Derived, now: _Now) -> Iterator[Seen]:
    """Bring ``now`` up to each fact in order; yield those that begin or end a stretch."""
    active = {moment.fact.id: bool(moment.active) for moment in journey.moments}
    proofs = {one.id for one in tested_or_certified_b1(journey.view)}
    for one in journey.view.of(*_CASE, *_STANDSTILL, *_EVENTS):
        watched = now.watched
        now.active = active.get(one.id, now.active)
        now.proven = now.proven or one.id in proofs
        now.level = _level(one) or now.level
        _stand_still(one, now)
        if now.watched is not watched or (watched and one.type in _EVENTS):
            yield one


def _level(one: Seen) -> str | None:
    """Return the level that a fact tells."""
    if one.type in _TESTED:
        return reached_level(one)
    level: str | None = one.get(_LEVEL_OF[one.type]) if one.type in _LEVEL_OF else None
    return level


def _stand_still(one: Seen, now: _Now) -> None:
    match one.type:
        case "HealthBarrierReported":
            now.barrier = now.barrier or one.get("severity") in ("moderate", "severe")
        case "HealthBarrierResolved":
            now.barrier = False
        case "SchoolStarted" | "SchoolLeft" if one.get("child_ref") is None:
            now.school = one.type == "SchoolStarted"
        case _:
            return


def _s19_of(journey: Derived, stretch: _Stretch, ending: Seen | None) -> Draft | Refused:
    begin = stretch.begin
    if stretch.proven or reaches(stretch.level, "B1"):
        return Refused(begin, _B1)
    if _outside_the_ages(journey, begin):
        return Refused(begin, _AGE)
    first = begin.latest
    due_on = after(first, journey.bounds.in_force("S19.response", first))
    event = ending is not None and ending.type in _EVENTS
    return Draft(
        begin,
        first,
        due_on,
        followed=[ending] if ending is not None and event else [],
        cancelled=[ending] if ending is not None and not event else [],
        kind=Kind.DATA if stretch.level is None else Kind.GAP,
        partial=not begin.exact,
        undated=lambda told: max(min(told.recorded, due_on), first),
        strict=True,
    )


def _outside_the_ages(journey: Derived, begin: Seen) -> bool:
    """Say whether the person is surely too young or too old on the stretch's first day."""
    if journey.born is None:
        return False
    youngest = journey.bounds.in_force("S19.youngest", begin.latest).number
    oldest = journey.bounds.in_force("S19.oldest", begin.latest).number
    return (
        begin.latest < birthdays(journey.born, youngest).earliest
        or begin.latest >= birthdays(journey.born, oldest).latest
    )


S19 = Rule(
    id="S19",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.SPRACHE,
    label=Label("Kein Sprachfortschritt", "No progress in language", "kein Fortschr."),
    watches=Label(
        "In einem aktiven Fall unter B1 geschieht ein halbes Jahr lang nichts mit der Sprache.",
        "In an active case below B1 nothing happens with language for half a year.",
    ),
    sentence=Label(
        "Unter B1, und seit dem {first} ist kein Schritt in der Sprache bekannt; bis zum {due} soll einer folgen.",
        "Below B1, and no step in language is known since {first}; one should follow by {due}.",
    ),
    next_step=Label(
        "Sprachstand und nächsten Kurs klären", "Clarify the level and the next course"
    ),
    source="Praxisvorgabe, 180 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("S19.response", "S19.youngest", "S19.oldest"),
    triggers=("CaseOpened", "CaseResumed"),
    missing=("CourseRegistered", "CourseStarted", "ModuleCompleted", "LanguageTestTaken"),
    find=_s19,
    entry=Entry(
        trigger="The fact that begins a stretch. *Watched* is the time in which a case is active (G13), no health barrier runs (from `HealthBarrierReported` with `severity` moderate or severe to the next `HealthBarrierResolved`, which ends all) and no own school runs. A stretch begins, in the order of G3, with the fact by which the journey becomes watched, and with every language event after which it is still watched. *Language events*: `PlacementTestTaken`, `CourseEntitlementIssued`, `CourseRegistered`, `CourseStartAnnounced`, `CourseStarted`, `ModuleCompleted`, `CourseResumed`, `CourseCompleted`, `LanguageTestTaken` (any `test_kind`), `CivicsTestTaken`, `IntegrationCourseCertificateIssued`, `RepetitionGranted`, `VocationalLanguageEntitlementIssued`, `VocationalCourseRegistered`, `VocationalCourseStarted`, `VocationalCourseCompleted`, `OrientationCourseStarted`, `OrientationCourseCompleted`. None if, by the trigger (it and all before it, G3), there is a proof of B1, or the last told level is B1 or higher: `level` of `PlacementTestTaken`, `level_reached` of `ModuleCompleted` and `CourseStarted`, the level of `LanguageTestTaken` (any `test_kind`; as for a language test), B1 of the certificate. None if the person is surely under 16 or surely 65 or older on the trigger's day (*age*; with unknown birth neither).",
        window="180 days. A stretch that is closed on or before its first day never comes into being.",
        followed_by="The next language event, which begins the next stretch.",
        cancelled_by="The fact by which the journey is no longer watched. Undated closings of both kinds, and undated endings, count on their recorded day, at most on `due_on` and not before the first day (not G5).",
        data_row="`level`: no level is told by the trigger.",
        series="One stretch at a time. Key: the fact that begins it.",
        severity="medium.",
        example="Case opened on 1 March 2025, placed at A1 before: due through 28 August. Module completed on 1 July: the next stretch is due through 28 December.",
        decided="The rule watches an active case (catalogue S19), so it ends with that state; it is no ending by D 14. A course alone is no sign of progress for longer than half a year: modules of 100 units are reported. The limits of age are practice: school below 16, retirement from 65.",
    ),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.ADMISSION_STOP,
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="level",
)
