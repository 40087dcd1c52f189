"""What follows a test of language: S11, S12, S13; and the words that the entries of this field share."""

from collections.abc import Iterator

from domain.chain.checklists.proofs import passed_civics, reached_level, reaches
from domain.chain.counting import counting, earlier
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import (
    integration_courses,
    language_tests,
    own_school,
    own_school_running,
    tested_or_certified_b1,
    tests_of_b1,
)
from domain.chain.states.work import TRAINING_ENDS
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

TERMS_OF = "Language"
TERMS = (
    Term(
        "Earlier",
        "a fact is *earlier* than a trigger if it does not count from it on (G4). What is earlier can prevent an instance; what counts from the trigger on closes one. Where an entry says before or after (G3), G3 alone decides.",
    ),
    Term(
        "Language test",
        "`LanguageTestTaken` whose `test_kind` is missing or other than EINSTUFUNG, LID, EBT. Its *level*: the lowest level in `per_skill`; if that is missing or empty, `result`; if both are, unknown; whether the test was accredited is not asked. Levels in order: PRE_A1 A1 A2 B1 B2 C1 C2.",
    ),
    Term(
        "B1 test", "a language test whose level is B1 or higher: every skill told reaches B1 (W25)."
    ),
    Term(
        "Proof of B1",
        "a B1 test or `IntegrationCourseCertificateIssued`. (*B1 proven* in S01 is wider: there a placement test counts too.)",
    ),
    Term(
        "LiD passed",
        "`CivicsTestTaken` whose `kind` is not EBT, with at least 15 `points`; without `points`, if `passed_ok` is true, or missing while `passed_natural` is true.",
    ),
    Term(
        "EBT passed",
        "`CivicsTestTaken` of `kind` EBT with at least 17 `points`, without `points` if `passed_natural` is true; `NaturalisationTestTaken` with at least 17 `points`.",
    ),
    Term(
        "Age",
        "reckoned from the `birth_date` last told by `PersonIdentified` (G3), if none is told from the `birth_year` last told by `JourneyStarted` (any day of that year). An age is reached on the birthday; who was born on 29 February reaches it on 1 March of a year without that day. *Surely*: for every possible day of birth.",
    ),
)

_EBT = "EBT"
_EBT_POINTS = 17
_B1 = Label("B1 ist schon nachgewiesen", "B1 is proven already")
_REACHED = Label("B1 ist erreicht", "B1 is reached")
_NOT_REACHED = Label(
    "kein Sprachtest mit B1 in jeder Fertigkeit", "no language test with B1 in every skill"
)
_NO_TEST = Label("kein Sprachtest", "no language test")
_STEP_RUNS = Label(
    "Arbeit, Ausbildung oder Schule läuft schon", "work, training or school is running already"
)
_CIVICS = Label(
    "der Test Leben in Deutschland ist schon bestanden", "the civics test is passed already"
)
_CERTIFIED = Label("das Zertifikat liegt schon vor", "the certificate is there already")
_OTHER_HALF = Label(
    "Sprachtest und Test Leben in Deutschland sind nicht beide bestanden",
    "language test and civics test are not both passed",
)
_NOT_THE_LATER = Label(
    "nicht der Test, mit dem beide bestanden sind", "not the test with which both are passed"
)


def lid_passed(view: View) -> list[Seen]:
    """Return the tests Leben in Deutschland that are passed for the orientation course."""
    return [
        one
        for one in view.of("CivicsTestTaken")
        if one.get("kind") != _EBT and passed_civics(one, for_naturalisation=False)
    ]


def _ebt_passed(view: View) -> list[Seen]:
    """Return the naturalisation tests that are passed."""
    return [
        *(
            one
            for one in view.of("CivicsTestTaken")
            if one.get("kind") == _EBT and passed_civics(one, for_naturalisation=True)
        ),
        *(
            one
            for one in view.of("NaturalisationTestTaken")
            if (one.get("points") or 0) >= _EBT_POINTS
        ),
    ]


def _s11(journey: Derived) -> Found:
    tests = language_tests(journey.view)
    below = []
    for one in journey.view.of("LanguageTestTaken"):
        reason = _why_nothing_must_follow(journey, one) if one in tests else _NO_TEST
        if reason is None:
            below.append(one)
        else:
            yield Refused(one, reason)
    for place, one in enumerate(below):
        yield _s11_of(journey, one, below[place + 1 :])


def _why_nothing_must_follow(journey: Derived, one: Seen) -> Label | None:
    if reaches(reached_level(one), "B1"):
        return _REACHED
    if earlier(one, tested_or_certified_b1(journey.view)):
        return _B1
    return _STEP_RUNS if any(_running(journey, one)) else None


def _running(journey: Derived, at: Seen) -> Iterator[Seen]:
    """Yield the jobs, the training and the school begun before a fact that still run there."""
    view = journey.view
    for job in journey.jobs:
        start = job.start
        if start is not None and start.rank < at.rank and job.runs_on(at.latest, at):
            yield start
    for begun in view.before(at, "TrainingStarted")[-1:]:
        if not any(end.rank < at.rank for end in view.after(begun, *TRAINING_ENDS)):
            yield begun
    school = own_school_running(view, at)
    if school is not None:
        yield school


_VOCATIONAL = (
    "VocationalLanguageEntitlementIssued",
    "VocationalCourseRegistered",
    "VocationalCourseStarted",
)


def _s11_of(journey: Derived, one: Seen, following: list[Seen]) -> Draft:
    view = journey.view
    repeated = [grant for grant in view.of("RepetitionGranted") if _lawful(journey, grant)]
    steps = [*view.of("EmploymentStarted", "TrainingStarted"), *own_school(view)]
    return Draft(
        one,
        one.latest,
        after(one.latest, journey.bounds.in_force("S11.response", one.latest)),
        followed=[
            *counting(one, [*repeated, *view.of(*_VOCATIONAL), *tested_or_certified_b1(view)]),
            *view.after(one, "CourseRegistered", "CourseStarted"),
        ],
        cancelled=counting(one, steps),
        superseded=following,
        kind=Kind.DATA if reached_level(one) is None else Kind.GAP,
        partial=not one.exact,
        details=(("ways", _ways(journey, one)),),
    )


_REPEATABLE = frozenset({"IK_ALPHA", "IK_FOERDER"})


def _lawful(journey: Derived, grant: Seen) -> bool:
    """Say whether a repetition may be granted after this kind of course on its day."""
    kind = grant.get("kind")
    return kind is None or _repeatable(journey, kind, grant)


def _repeatable(journey: Derived, kind: str | None, at: Seen) -> bool:
    general = journey.bounds.on("S11.general_repetition", at.latest)
    return kind in _REPEATABLE or general is not None


def _ways(journey: Derived, one: Seen) -> Label:
    """Return what may follow: a repetition only where the law of the day gives one."""
    kinds = [
        begun.get("kind") for begun in integration_courses(journey.view) if begun.rank < one.rank
    ]
    if not _repeatable(journey, next((kind for kind in reversed(kinds) if kind), None), one):
        return _OTHER_COURSES
    hours = journey.bounds.on("S11.repetition", one.latest)
    number = "" if hours is None else f"{hours.number} "
    return Label(
        f"Wiederholung ({number}Unterrichtseinheiten), {_OTHER_COURSES.de}",
        f"repetition ({number}units), {_OTHER_COURSES.en}",
    )


_OTHER_COURSES = Label(
    "Berufssprachkurs B1 oder A2, Landeskurs oder VHS-Kurs",
    "a Berufssprachkurs B1 or A2, a course of the Land or of the VHS",
)


def _s12(journey: Derived) -> Found:
    view = journey.view
    reached = tests_of_b1(view)
    for one in view.of("LanguageTestTaken"):
        if one not in reached:
            yield Refused(one, _NOT_REACHED)
    for one in reached[1:]:
        yield Refused(one, _B1)
    if reached:
        yield _s12_of(journey, reached[0])


def _s12_of(journey: Derived, one: Seen) -> Draft | Refused:
    view = journey.view
    certificates = view.of("IntegrationCourseCertificateIssued")
    passed, naturalisation = lid_passed(view), _ebt_passed(view)
    if earlier(one, certificates):
        return Refused(one, _B1)
    if earlier(one, [*passed, *naturalisation]):
        return Refused(one, _CIVICS)
    untold = any(_untold(test) for test in view.of("CivicsTestTaken"))
    return Draft(
        one,
        one.latest,
        after(one.latest, journey.bounds.in_force("S12.response", one.latest)),
        followed=counting(one, [*passed, *certificates]),
        cancelled=counting(one, naturalisation),
        kind=Kind.DATA if untold else Kind.GAP,
        partial=not one.exact,
    )


def _untold(test: Seen) -> bool:
    """Say whether a civics test tells nothing of its outcome."""
    return all(test.get(name) is None for name in ("points", "passed_ok", "passed_natural"))


def success(view: View) -> tuple[Seen, Seen] | None:
    """Return the first B1 test and the first LiD passed, the later one last; None without both."""
    reached, passed = tests_of_b1(view), lid_passed(view)
    if not reached or not passed:
        return None
    one, other = reached[0], passed[0]
    return (one, other) if one.rank < other.rank else (other, one)


def _s13(journey: Derived) -> Found:
    view = journey.view
    both = success(view)
    for one in view.of("LanguageTestTaken", "CivicsTestTaken"):
        if both is None:
            yield Refused(one, _OTHER_HALF)
        elif one is not both[1]:
            yield Refused(one, _NOT_THE_LATER)
    if both is None:
        return
    first, later = both
    certificates = view.of("IntegrationCourseCertificateIssued")
    if earlier(later, certificates):
        yield Refused(later, _CERTIFIED)
        return
    yield Draft(
        later,
        later.latest,
        after(later.latest, journey.bounds.in_force("S13.response", later.latest)),
        followed=counting(later, certificates),
        partial=not later.exact,
        evidence=(first,),
    )


S11 = Rule(
    id="S11",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label("B1 nicht erreicht, kein Anschluss", "B1 not reached, nothing follows", "B1 offen"),
    watches=Label(
        "Ein Sprachtest blieb unter B1, und kein weiterer Kurs folgt.",
        "A language test stayed below B1 and no further course follows.",
    ),
    sentence=Label(
        "Sprachtest {day} unter B1; bis zum {due} soll ein Anschluss stehen: {ways}.",
        "Language test {day} below B1; by {due} something should follow: {ways}.",
    ),
    next_step=Label("Anschluss an den Kurs suchen", "Find what follows the course"),
    source="§ 13 Abs. 1 S. 4 IntV, § 13 Abs. 2 DeuFöV; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.JOBCENTER),
    bounds=("S11.response", "S11.repetition", "S11.general_repetition"),
    triggers=("LanguageTestTaken",),
    missing=("RepetitionGranted", *_VOCATIONAL, "CourseRegistered", "CourseStarted"),
    find=_s11,
    entry=Entry(
        trigger="A language test whose level is below B1 (or as under data row). None if a proof of B1 is earlier. None if one of these was begun before it (G3) and still runs: a job: if its `EmploymentEnded` is told, until that stands before the test (G3), else through its last `fixed_term_until` (latest day); the latest training, until a `TrainingCompleted`, `TrainingAborted`, `TrainingInterrupted` or `TrainingFinallyFailed` before it (G3); own school (terms).",
        window="90 days.",
        followed_by="From the trigger on (G4) `RepetitionGranted` with `kind` IK_ALPHA, IK_FOERDER or missing, with any other `kind` only if `S11.general_repetition` is in force on its latest day (through 2024-12-06); `VocationalLanguageEntitlementIssued`, `VocationalCourseRegistered`, `VocationalCourseStarted`; a proof of B1; after the trigger (G3) `CourseRegistered` or `CourseStarted` of any `kind`.",
        cancelled_by="`EmploymentStarted` of any `employment_kind`, `TrainingStarted`, the start of own school.",
        data_row="The level is unknown: neither `per_skill` nor `result` is told.",
        series="The next language test that meets the conditions supersedes.",
        severity="high.",
        law="300 units may be repeated after a literacy or a remedial course; until 6 December 2024 after every kind. The sentence names the repetition only where the law of the trigger's day gives one, by the last told `kind` of an integration course before the trigger.",
        example="DTZ with A2 on 15 June 2012: due through 13 September; a repetition granted on 17 September is late.",
        decided="A skill below B1 is below B1, whatever the overall result says (W25).",
    ),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.ADMISSION_STOP,
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
    unknown="result",
)

S12 = Rule(
    id="S12",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label("B1 ohne Test Leben in Deutschland", "B1 without the civics test", "LiD fehlt"),
    watches=Label(
        "B1 ist erreicht, und der Test Leben in Deutschland fehlt.",
        "B1 is reached and the test Leben in Deutschland is missing.",
    ),
    sentence=Label(
        "B1 nachgewiesen {day}; der Test Leben in Deutschland soll bis zum {due} bestanden sein, erst beide ergeben das Zertifikat.",
        "B1 proven {day}; the test Leben in Deutschland should be passed by {due}: only both make the certificate.",
    ),
    next_step=Label(
        "Orientierungskurs oder Testtermin klären", "Arrange the orientation course or a test date"
    ),
    source="§ 17 Abs. 2 IntV; Frist Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.COURSE_PROVIDER, Responsible.CLIENT),
    bounds=("S12.response",),
    triggers=("LanguageTestTaken",),
    missing=("CivicsTestTaken",),
    find=_s12,
    entry=Entry(
        trigger="The first B1 test of the journey (G3). None if `IntegrationCourseCertificateIssued`, LiD passed or EBT passed is earlier.",
        window="120 days.",
        followed_by="LiD passed; `IntegrationCourseCertificateIssued`.",
        cancelled_by="EBT passed.",
        data_row="`points`: the journey holds a `CivicsTestTaken`, on any day, that tells neither `points` nor `passed_ok` nor `passed_natural`. The row has the days of the gap.",
        series="One instance per journey.",
        severity="medium.",
        example="B2 on 16 May 2014, LiD with 33 points on 21 May: closed on 21 May.",
        decided="Also without any fact of an integration course: permanent residence and naturalisation ask for civics as well. A test whose level is unknown has its data row in S11.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.CLIENT_DECLINED, GapReason.ILLNESS, GapReason.OTHER),
    unknown="points",
)

S13 = Rule(
    id="S13",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label("Zertifikat steht aus", "Certificate outstanding", "kein Zertif."),
    watches=Label(
        "Beide Tests sind bestanden, und das Zertifikat Integrationskurs fehlt.",
        "Both tests are passed and the certificate of the integration course is missing.",
    ),
    sentence=Label(
        "Beide Tests bestanden {day}; das Zertifikat Integrationskurs soll bis zum {due} da sein.",
        "Both tests passed {day}; the certificate of the integration course should be there by {due}.",
    ),
    next_step=Label("Zertifikat beim BAMF anfordern", "Ask the BAMF for the certificate"),
    source="§ 17 Abs. 4 IntV; Frist Praxisvorgabe",
    severity=Severity.LOW,
    responsible=(Responsible.BAMF, Responsible.COURSE_PROVIDER),
    bounds=("S13.response",),
    triggers=("LanguageTestTaken", "CivicsTestTaken"),
    missing=("IntegrationCourseCertificateIssued",),
    find=_s13,
    entry=Entry(
        trigger="Of the first B1 test and the first LiD passed of the journey, both there, the one that stands later (G3). None if `IntegrationCourseCertificateIssued` is earlier than it.",
        window="56 days.",
        followed_by="`IntegrationCourseCertificateIssued`.",
        series="One instance per journey.",
        severity="low.",
        example="B2 on 16 May 2014, LiD on 21 May: due through 16 July.",
        decided="The naturalisation test (EBT) makes no certificate; LiD is taken in a course, so no fact of a course is asked for.",
    ),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.WAITING_FOR_DOCUMENTS, GapReason.OTHER),
)
