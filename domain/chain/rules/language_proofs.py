"""What a proof of language is good for, and how long: S14, S18."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.chain.checklists.proofs import reached_level
from domain.chain.counting import Range, counting, earlier, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.rules.language_tests import success
from domain.chain.states.courses import (
    integration_course,
    integration_courses,
    language_tests,
    tests_of_b1,
)
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_SPECIAL = frozenset({"IK_ALPHA", "IK_ZWEITSCHRIFT", "IK_FOERDER", "IK_JUGEND", "IK_ELTERN_FRAUEN"})
_CERTIFICATE = "IntegrationCourseCertificateIssued"
_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_NO_SUCCESS = Label(
    "Sprachtest und Test Leben in Deutschland sind nicht beide bestanden",
    "language test and civics test are not both passed",
)
_NOT_THE_SUCCESS = Label(
    "nicht die Tatsache, mit der der Kurs bestanden ist",
    "not the fact by which the course is passed",
)
_TOO_LATE = Label(
    "erst nach der Frist für die Erstattung bestanden", "passed after the time for the refund"
)
_FREE = Label("vom Kostenbeitrag befreit", "exempt from the fee")
_ASKED = Label("die Erstattung ist schon beantragt", "the refund is applied for already")
_SUCCESSES = ("LanguageTestTaken", "CivicsTestTaken", _CERTIFICATE)


def _s14(journey: Derived) -> Found:
    view = journey.view
    passed = _passed(view)
    for one in view.of(*_SUCCESSES):
        if not passed:
            yield Refused(one, _NO_SUCCESS)
        elif one is not passed[-1]:
            yield Refused(one, _NOT_THE_SUCCESS)
    if passed:
        yield _s14_of(journey, passed)


def _passed(view: View) -> tuple[Seen, ...]:
    """Return the facts by which the course is passed, the deciding one last: both tests, or the certificate."""
    both = success(view)
    certificate = next(iter(view.of(_CERTIFICATE)), None)
    if certificate is None or (both is not None and both[-1].rank < certificate.rank):
        return both or ()
    return (certificate,)


def _s14_of(journey: Derived, passed: tuple[Seen, ...]) -> Draft | Refused:
    view, trigger = journey.view, passed[-1]
    applied = view.of("FeeRefundApplied", "FeeRefundGranted")
    exempt = view.of("FeeExemptionGranted")
    if earlier(trigger, exempt):
        return Refused(trigger, _FREE)
    if earlier(trigger, applied):
        return Refused(trigger, _ASKED)
    end = _end_of_refund(journey, trigger)
    if end is not None and not all(_by(end, one) for one in passed):
        return Refused(trigger, _TOO_LATE)
    return Draft(
        trigger,
        trigger.latest,
        None if end is None else end.latest,
        followed=counting(trigger, applied),
        cancelled=counting(trigger, [*exempt, *view.of("FeeRefundRefused")]),
        kind=Kind.DATA if end is None else Kind.GAP,
        partial=not trigger.exact or (end is not None and not end.exact),
        evidence=(*passed[:-1], *view.of("CourseEntitlementIssued")[:1]),
    )


def _by(end: Range, one: Seen) -> bool:
    return not one.dated or one.earliest <= end.latest


def _end_of_refund(journey: Derived, trigger: Seen) -> Range | None:
    """Return the possible last days for success, from the first entitlement; None if its day is not told."""
    first = next(iter(journey.view.of("CourseEntitlementIssued")), None)
    if first is None:
        return None
    told = range_of(first.day("issued_on"))
    if told is None and not first.dated:
        return None
    issued = told or Range(first.earliest, first.latest)
    name = "S14.special" if _special(journey.view, trigger) else "S14.refund"
    term = journey.bounds.in_force(name, issued.latest)
    return Range(after(issued.earliest, term), after(issued.latest, term))


def _special(view: View, trigger: Seen) -> bool:
    """Say whether the last course of a told kind before a success was one of the special courses."""
    kinds = [one.get("kind") for one in integration_courses(view) if one.rank < trigger.rank]
    return next((kind for kind in reversed(kinds) if kind is not None), None) in _SPECIAL


_FRESH = Label("der Sprachnachweis ist noch jung genug", "the proof is recent enough")
_NO_PROOF = Label(
    "kein Sprachnachweis vor der Anmeldung, dessen Alter zählt",
    "no proof before the registration whose age matters",
)
_OTHER_COURSE = Label("kein Integrationskurs", "no integration course")


@dataclass(frozen=True, slots=True)
class _Clock:
    """How old a proof may be at a registration, and what renews it.

    Attributes:
        bound: Name of the bound.
        age: The bound in words.
        proof: Returns the proof that counts at a registration.
        renewing: The types besides a language test that make the old proof unnecessary.
        dropping: The types after which the registration is void.
    """

    bound: str
    age: Label
    proof: Callable[[View, Seen], Seen | None]
    renewing: tuple[str, ...]
    dropping: tuple[str, ...]


def _certificate_of_b1(view: View, one: Seen) -> Seen | None:
    """Return the latest test of B1 before a registration, unless it is the course's own test."""
    tests = [test for test in tests_of_b1(view) if test.rank < one.rank]
    return tests[-1] if tests and tests[-1].get("test_kind") != "DTZ" else None


def _evidence_of_level(view: View, one: Seen) -> Seen | None:
    """Return the latest fact before a registration by which the person can be placed at a level."""
    proofs = [
        *(test for test in language_tests(view) if reached_level(test) is not None),
        *view.of("PlacementTestTaken", _CERTIFICATE),
    ]
    return max((proof for proof in proofs if proof.rank < one.rank), key=_rank, default=None)


def _rank(one: Seen) -> int:
    return one.rank


_COURSE = _Clock(
    "S18.course",
    Label("ein Jahr", "a year"),
    _certificate_of_b1,
    (_CERTIFICATE,),
    ("CourseNotRealised", "CourseAborted"),
)
_VOCATIONAL = _Clock(
    "S18.vocational",
    Label("sechs Monate", "six months"),
    _evidence_of_level,
    ("PlacementTestTaken", "VocationalCourseStarted", "VocationalCourseCompleted"),
    ("VocationalCourseAborted",),
)


def _s18(journey: Derived) -> Found:
    view = journey.view
    yield from _s18_by(journey, _COURSE, view.of("CourseRegistered"))
    yield from _s18_by(journey, _VOCATIONAL, view.of("VocationalCourseRegistered"))


def _s18_by(journey: Derived, clock: _Clock, registered: list[Seen]) -> Found:
    old: list[tuple[Seen, Seen]] = []
    for one in registered:
        proof = clock.proof(journey.view, one)
        reason = _why_not_old(journey, clock, one, proof)
        if reason is None and proof is not None:
            old.append((one, proof))
        else:
            yield Refused(one, reason or _NO_PROOF)
    for place, (one, proof) in enumerate(old):
        yield _s18_of(journey, clock, one, proof, [later for later, _ in old[place + 1 :]])


def _why_not_old(journey: Derived, clock: _Clock, one: Seen, proof: Seen | None) -> Label | None:
    bound = journey.bounds.on(clock.bound, one.latest)
    if bound is None:
        return _NO_LAW
    if one.type == "CourseRegistered" and not integration_course(one):
        return _OTHER_COURSE
    if proof is None:
        return _NO_PROOF
    day = _day_of(proof)
    return _FRESH if day is not None and one.latest <= after(day, bound) else None


def _day_of(proof: Seen) -> date | None:
    """Return the last possible day of a proof; None if none is told."""
    return proof.latest_of("certificate_date") or (proof.latest if proof.dated else None)


def _s18_of(
    journey: Derived, clock: _Clock, one: Seen, proof: Seen, following: list[Seen]
) -> Draft:
    view = journey.view
    told = _day_of(proof) is not None
    return Draft(
        one,
        one.latest,
        None,
        followed=counting(one, [*language_tests(view), *view.of(*clock.renewing)]),
        cancelled=view.after(one, *clock.dropping),
        superseded=following,
        kind=Kind.GAP if told else Kind.DATA,
        partial=not one.exact,
        evidence=(proof,),
        details=(("age", clock.age),),
    )


S14 = Rule(
    id="S14",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.SPRACHE,
    label=Label(
        "Hälfte des Kostenbeitrags zurück möglich", "Half of the course fee back", "Erstattung"
    ),
    watches=Label(
        "Wer den Kurs rechtzeitig besteht, kann die Hälfte des Kostenbeitrags zurückbekommen.",
        "Whoever passes the course in time can have half of the fee back.",
    ),
    sentence=Label(
        "Kurs bestanden {day}, innerhalb der Frist bis zum {due}: Die Hälfte des Kostenbeitrags kann beantragt werden.",
        "Course passed {day}, within the time until {due}: half of the fee can be asked back.",
    ),
    next_step=Label("Erstattung beim BAMF beantragen", "Apply to the BAMF for the refund"),
    source="§ 9 Abs. 6 IntV",
    severity=Severity.CHANCE,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("S14.refund", "S14.special"),
    triggers=_SUCCESSES,
    missing=("FeeRefundApplied",),
    find=_s14,
    entry=Entry(
        trigger="The *success*: of the first B1 test and the first LiD passed of the journey, both there, the one that stands later (G3); or the first `IntegrationCourseCertificateIssued`, if it stands before that (G3) or not both are there. None if `FeeExemptionGranted` is earlier; none if `FeeRefundApplied` or `FeeRefundGranted` is earlier; none if the success is too late: of its facts (both tests, or the certificate) one is dated and its earliest day is after the end.",
        window="From the trigger's day; `due_on` is the end: the first `CourseEntitlementIssued` of the journey (G3; its `issued_on`, if missing its own days) + 2 years; instead + `S14.special` years, by the law of that day (its latest), if the last told `kind` of an integration course before the trigger (G3) is IK_ALPHA, IK_ZWEITSCHRIFT, IK_FOERDER, IK_JUGEND or IK_ELTERN_FRAUEN. If the end lies before the trigger's day, it is open at once.",
        followed_by="`FeeRefundApplied`, `FeeRefundGranted`.",
        cancelled_by="`FeeExemptionGranted`, `FeeRefundRefused`.",
        data_row="`issued_on`: there is no `CourseEntitlementIssued`, or the first one is undated without `issued_on`; open from the trigger's day.",
        series="One instance per journey.",
        severity="chance.",
        law="Three years for special courses only where the entitlement was issued from 1 February 2023 on; two before.",
        example="Entitled on 1 June 2012, passed on 21 May 2014: due from that day through 1 June 2014, then open, closed by the application of 28 July 2014.",
        decided="The success must lie in time, not the application (VG Ansbach, 30 April 2015): after the end the chance stays open.",
    ),
    kind=Kind.CHANCE,
    reasons=(GapReason.CLIENT_DECLINED, GapReason.WAITING_FOR_DOCUMENTS, GapReason.OTHER),
    unknown="issued_on",
)

S18 = Rule(
    id="S18",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.SPRACHE,
    label=Label("Sprachnachweis zu alt", "Language proof too old", "zu alt"),
    watches=Label(
        "Bei der Anmeldung zu einem Kurs ist der Sprachnachweis zu alt, um zu zählen.",
        "At the registration for a course the language proof is too old to count.",
    ),
    sentence=Label(
        "Bei der Anmeldung {day} war der Sprachnachweis älter als {age}; es braucht einen neuen Test.",
        "At the registration {day} the language proof was older than {age}; a new test is needed.",
    ),
    next_step=Label("Neuen Test vereinbaren", "Arrange a new test"),
    source="§ 17 Abs. 2 S. 3 Nr. 4 IntV, § 8 Abs. 1 DeuFöV",
    severity=Severity.LOW,
    responsible=(Responsible.COURSE_PROVIDER,),
    bounds=("S18.course", "S18.vocational"),
    triggers=("CourseRegistered", "VocationalCourseRegistered"),
    missing=("LanguageTestTaken", "PlacementTestTaken"),
    find=_s18,
    entry=Entry(
        trigger="Of two kinds, each with its *proof*. (a) `CourseRegistered` for an integration course; proof: the latest B1 test before it (G3); none if that is a DTZ. (b) `VocationalCourseRegistered`; proof: the latest before it (G3) of `PlacementTestTaken`, a language test whose level is known, `IntegrationCourseCertificateIssued`. None without a proof. The proof's day: `certificate_date`, if missing its own day (latest days). None if the trigger's day is on or before the proof's day + 1 year (a), + 6 months (b).",
        window="Open from the trigger's day; `due_on` is null.",
        followed_by="A language test, whatever its level. (a): also `IntegrationCourseCertificateIssued`. (b): also `PlacementTestTaken`, `VocationalCourseStarted`, `VocationalCourseCompleted`.",
        cancelled_by="After the trigger (G3): (a) `CourseNotRealised`, `CourseAborted`; (b) `VocationalCourseAborted`.",
        data_row="`certificate_date`: the proof is undated and tells none. Open from the trigger's day as well.",
        series="(a) and (b) are two series; within each the next trigger that meets the conditions supersedes.",
        severity="low.",
        law="(a) none before 2005-01-01, (b) none before 2016-07-01.",
        example="Placed at B1 on 31 August 2024, registered for a Berufssprachkurs on 1 March 2025: open from that day; on 28 February it would still have counted.",
        decided="The catalogue says at registration, so there is nothing to warn of before. The course's own test (DTZ) has no age for (a): the law limits the other certificates only.",
    ),
    reasons=(GapReason.WAITING_FOR_DOCUMENTS, GapReason.NO_CAPACITY, GapReason.OTHER),
    unknown="certificate_date",
)
