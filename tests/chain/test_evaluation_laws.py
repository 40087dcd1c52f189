"""Laws that hold for every history: design 4, lines 2 to 8 and 21."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import hypothesis
import pytest
from hypothesis import strategies

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import evaluate, turned
from domain.chain.intervals import ClosedBy, Interval, Kind, State
from domain.chain.reading import Told, read
from domain.days import UNKNOWN_DAY, PartialDate
from domain.events.registry import read_fact

FIRST = date(2024, 1, 1)
DAYS = strategies.integers(0, 700).map(lambda n: FIRST + timedelta(days=n))
NEAR = strategies.integers(0, 120)

SHAPES: tuple[tuple[str, tuple[dict[str, object], ...]], ...] = (
    (
        "CaseOpened",
        (
            {},
            {"case_id": "c1"},
            {"case_id": "c2", "intensity": "intensiv"},
        ),
    ),
    (
        "CaseSuspended",
        (
            {},
            {"case_id": "c1"},
        ),
    ),
    (
        "CaseResumed",
        (
            {},
            {"case_id": "c1"},
        ),
    ),
    (
        "CaseClosed",
        (
            {},
            {"case_id": "c1"},
        ),
    ),
    (
        "CaseManagerAssigned",
        (
            {"cm": "a"},
            {"cm": "b", "case_id": "c1"},
        ),
    ),
    (
        "CaseManagerReleased",
        (
            {},
            {"cm": "a"},
        ),
    ),
    (
        "ContactHeld",
        (
            {},
            {"no_show": True},
        ),
    ),
    (
        "AbsenceAbroadRecorded",
        (
            {},
            {"until": "2024-09-10"},
            {"from": "2024-02-29", "until": "2024-12"},
        ),
    ),
    (
        "HandoverOffered",
        (
            {},
            {"to": "a"},
        ),
    ),
    (
        "HandoverAccepted",
        (
            {},
            {"to": "a"},
        ),
    ),
    (
        "HandoverRejected",
        (
            {},
            {"to": "a", "case_id": "c1"},
        ),
    ),
    ("FirstContactRecorded", ({},)),
    ("ReferralElsewhere", ({},)),
    (
        "AssessmentCompleted",
        (
            {},
            {"case_id": "c1"},
        ),
    ),
    (
        "PlanAgreed",
        (
            {},
            {"next_review": "2024-11-30", "goals": [{"goal_id": "g1", "due": "2024-09-30"}, {}]},
            {"case_id": "c1", "goals": [{"due": "2024-08"}]},
        ),
    ),
    (
        "PlanReviewed",
        (
            {},
            {"goals": [{"goal_id": "g1", "due": "2025-01-31"}]},
        ),
    ),
    (
        "GoalReached",
        (
            {},
            {"goal_id": "g1"},
        ),
    ),
    ("GoalAbandoned", ({"case_id": "c1"},)),
    (
        "ServiceLinked",
        (
            {},
            {"link_id": "l1", "provider": "vhs", "field": "sprache"},
            {"warm_handover": False},
            {"warm_handover": False, "field": "sprache"},
        ),
    ),
    (
        "LinkConfirmed",
        (
            {},
            {"provider": "vhs"},
        ),
    ),
    (
        "LinkFailed",
        (
            {"fail_reason": "no_capacity"},
            {"link_id": "l1"},
        ),
    ),
    (
        "AddressRegistered",
        (
            {"ags": "05916000"},
            {},
            {"housing_kind": "communal"},
        ),
    ),
    (
        "AddressChanged",
        (
            {},
            {"ags": "05916000"},
            {"ags": "05911000"},
            {"ags": "11000000"},
        ),
    ),
    (
        "OtherSteeringStarted",
        (
            {},
            {"body": "jobcenter_bfm"},
            {"body": "mbe"},
        ),
    ),
    (
        "OtherSteeringEnded",
        (
            {},
            {"body": "mbe"},
        ),
    ),
    (
        "CaseConferenceHeld",
        (
            {},
            {"lead": "kim"},
        ),
    ),
    (
        "StructuralGapReported",
        (
            {},
            {"code": "kita"},
        ),
    ),
    ("StructuralGapDecided", ({"code": "kita"},)),
    (
        "ConsentGranted",
        (
            {},
            {"recipients": ["jc"]},
            {"withdrawn_on": "2024-10-01"},
        ),
    ),
    (
        "ConsentWithdrawn",
        (
            {},
            {"recipients": ["jc"]},
        ),
    ),
    (
        "WithdrawalCarriedOut",
        (
            {},
            {"recipients": ["jc"]},
        ),
    ),
    (
        "AccessRequestReceived",
        (
            {},
            {"request_id": "r1"},
        ),
    ),
    (
        "AccessExtended",
        (
            {},
            {"request_id": "r1", "until": "2024-10"},
        ),
    ),
    (
        "AccessAnswered",
        (
            {},
            {"request_id": "r1"},
        ),
    ),
    (
        "RetentionHoldPlaced",
        (
            {},
            {"until": "2024-12-31"},
        ),
    ),
    (
        "DataDisclosed",
        (
            {},
            {"recipient": "jc"},
            {"legal_basis": "sgb"},
        ),
    ),
    (
        "TitleGranted",
        (
            {},
            {"basis": "AUFENTHG_18A", "valid_until": "2024-12-31", "course_claim": True},
            {"basis": "AUFENTHG_104C", "valid_until": "2025-06"},
            {"basis": "AUFENTHG_16G", "valid_until": "2025-03-31"},
            {"basis": "AUFENTHG_9"},
            {"basis": "AUFENTHG_30", "valid_from": "2024-01-20"},
            {"basis": "AUFENTHG_25_2_FL", "purpose_bound_to": "Ehe"},
            {"basis": "AUFENTHG_18G", "conflict": "2024-02-02"},
            {"basis": "AUFENTHG_25_5", "valid_from": "2019-05-31"},
            {"basis": "AUFENTHG_18A", "valid_from": "2019-02-28"},
            {"basis": "AUFENTHG_24", "valid_until": "2024-03-04"},
        ),
    ),
    (
        "JourneyStarted",
        (
            {"birth_year": 1998, "entry_date": "2017-03-01"},
            {"birth_year": 2008},
            {"birth_year": 2007},
            {"birth_year": 1990},
        ),
    ),
    (
        "EntryRegistered",
        (
            {},
            {"entry_date": "2016-05"},
            {"entry_date": "2022-10-20"},
            {"entry_date": "2021-02"},
        ),
    ),
    (
        "AsylumApplicationFiled",
        (
            {},
            {"procedure": "folge"},
        ),
    ),
    (
        "DepartureObligationArisen",
        (
            {},
            {"enforceable": False},
        ),
    ),
    ("ProtectionRevoked", ({},)),
    (
        "IdentityClarified",
        (
            {},
            {"means": "pass"},
            {"means": "other", "accepted_on": "2024-06-03"},
            {"means": "other"},
            {"accepted_on": "2024-09-01"},
        ),
    ),
    (
        "IdentityDocumentsRequested",
        (
            {},
            {"due": "2024-08-01"},
        ),
    ),
    (
        "PassportIssued",
        (
            {},
            {"valid_until": "2025-01-31"},
        ),
    ),
    (
        "LanguageTestTaken",
        (
            {"result": "A2"},
            {"result": "B1"},
            {"result": "A1"},
            {},
            {"result": "A2", "test_kind": "DTZ"},
            {"result": "B1", "per_skill": {"writing": "A2", "reading": "B1"}},
        ),
    ),
    (
        "CivicsTestTaken",
        (
            {"points": 20},
            {"points": 9},
            {"points": 17},
            {"points": 16},
            {},
            {"kind": "LID", "points": 20},
            {"kind": "EBT", "points": 20},
        ),
    ),
    (
        "LivelihoodSecured",
        (
            {"degree": "full"},
            {"degree": "predominantly"},
            {},
            {"degree": "partial"},
        ),
    ),
    ("LivelihoodLost", ({},)),
    (
        "BenefitGranted",
        (
            {"rechtskreis": "SGB_II"},
            {"rechtskreis": "ASYLBLG_3"},
            {},
            {"rechtskreis": "ASYLBLG_2", "from": "2024-07", "until": "2024-12-31"},
            {"rechtskreis": "SGB_II", "from": "2024-06-01", "until": "2025-05-31"},
            {"rechtskreis": "SGB_VIII", "until": "2025-09"},
            {"rechtskreis": "NONE"},
        ),
    ),
    (
        "PensionMonthsConfirmed",
        (
            {"months": 60},
            {"months": 20},
            {},
        ),
    ),
    (
        "ConvictionRecorded",
        (
            {"daily_rates": 60},
            {"months": 7},
            {"daily_rates": 91},
            {},
        ),
    ),
    (
        "SchoolStarted",
        (
            {},
            {"child_ref": "x"},
            {"child_ref": "k"},
            {"form": "BK"},
        ),
    ),
    (
        "SchoolLeft",
        (
            {},
            {"child_ref": "k"},
        ),
    ),
    ("SchoolCertificateObtained", ({},)),
    ("TrainingCompleted", ({},)),
    (
        "ChildBorn",
        (
            {},
            {"child_journey_id": "kid"},
            {"birth_date": "2017-05-10"},
            {"child_journey_id": "k"},
        ),
    ),
    ("PaternityAcknowledged", ({"child_german": True},)),
    (
        "MarriageRecorded",
        (
            {"spouse_german": True},
            {},
        ),
    ),
    ("PartnershipEnded", ({},)),
    ("StudyEnded", ({},)),
    (
        "HousingAssigned",
        (
            {"kind": "communal"},
            {},
            {"kind": "land_facility"},
        ),
    ),
    ("NaturalisationApplied", ({},)),
    ("NaturalisationRefused", ({},)),
    ("RightOfFreeMovementRecorded", ({},)),
    ("NaturalisationAdvised", ({},)),
    (
        "NaturalisationDocumentsRequested",
        (
            {},
            {"due": "2024-09-15", "items": ["a"]},
        ),
    ),
    (
        "NaturalisationDocumentsProvided",
        (
            {},
            {"items": ["b"]},
        ),
    ),
    ("NaturalisationHearingLetter", ({},)),
    ("NaturalisationSuspended", ({},)),
    (
        "NaturalisationAssuranceGranted",
        (
            {},
            {"valid_until": "2025-06-30"},
        ),
    ),
    ("NaturalisationApproved", ({},)),
    ("NaturalisationWithdrawn", ({},)),
    ("NaturalisationCertificateHandedOver", ({},)),
    ("TitleCardHandedOver", ({},)),
    (
        "TitleApplied",
        (
            {},
            {"basis": "AUFENTHG_25B"},
        ),
    ),
    ("TitleRefused", ({},)),
    (
        "TitleShortened",
        (
            {},
            {"new_valid_until": "2024-10-15"},
        ),
    ),
    ("TitleRevoked", ({},)),
    ("TitleExpired", ({},)),
    ("ContinuationOrdered", ({},)),
    (
        "FictionCertificateIssued",
        (
            {},
            {"valid_until": "2025-01-31"},
        ),
    ),
    (
        "ToleranceIssued",
        (
            {},
            {"valid_until": "2024-11-30", "basis": "AUFENTHG_60C"},
            {"basis": "AUFENTHG_60B"},
            {"basis": "AUFENTHG_60D"},
        ),
    ),
    (
        "TemporaryPermissionIssued",
        (
            {},
            {"valid_until": "2024-11-30"},
        ),
    ),
    (
        "AsylumDecisionIssued",
        (
            {"outcome": "fluechtling"},
            {"outcome": "abgelehnt"},
            {},
        ),
    ),
    ("AppealFiled", ({},)),
    (
        "AppealDecided",
        (
            {"outcome": "dismissed", "final_on": "2024-10-01"},
            {"outcome": "granted", "against": "TitleRevoked"},
        ),
    ),
    (
        "DecisionAnnulledRetroactively",
        (
            {"target": "f1"},
            {"target": "f2"},
        ),
    ),
    (
        "CourtOrderIssued",
        (
            {},
            {"addressee": "abh", "due": "2024-12"},
        ),
    ),
    ("PassportExpired", ({},)),
    (
        "AssignedToMunicipality",
        (
            {"municipality": "05117000"},
            {},
            {"municipality": "05911000"},
        ),
    ),
    (
        "ResidenceObligationImposed",
        (
            {},
            {"scope": "gemeinde", "area": "05117000", "until": "2025-03-31"},
        ),
    ),
    (
        "ResidenceObligationLifted",
        (
            {},
            {"by": "court"},
        ),
    ),
    ("ResidenceDutyBreached", ({},)),
    (
        "HousingChanged",
        (
            {},
            {"kind": "communal"},
        ),
    ),
    ("RechtskreisChangeTriggered", ({"from": "ASYLBLG_3", "to": "SGB_II"},)),
    (
        "RechtskreisChangeCompleted",
        (
            {},
            {"from": "ASYLBLG_3", "to": "SGB_II"},
        ),
    ),
    (
        "BenefitApplied",
        (
            {"rechtskreis": "SGB_II"},
            {"rechtskreis": "ASYLBLG_3"},
        ),
    ),
    (
        "BenefitExtended",
        (
            {},
            {"rechtskreis": "SGB_II", "until": "2025-11-30"},
        ),
    ),
    (
        "BenefitEnded",
        (
            {},
            {"rechtskreis": "SGB_II"},
        ),
    ),
    ("BenefitRefused", ({"rechtskreis": "SGB_II"},)),
    ("AbuseFound", ({},)),
    (
        "HealthInsuranceRegistered",
        (
            {},
            {"kind": "asylblg_schein"},
        ),
    ),
    (
        "JobcenterAppointmentMissed",
        (
            {},
            {"issuer": "BA"},
            {"excused": True},
        ),
    ),
    (
        "HealthBarrierReported",
        (
            {},
            {"severity": "severe"},
            {"severity": "moderate"},
        ),
    ),
    ("OrientationCourseStarted", ({},)),
    ("LeaseSigned", ({},)),
    ("HousingCertificateIssued", ({},)),
    ("EvictionThreatened", ({},)),
    ("ResidenceObligationEnded", ({"scope": "einrichtung"},)),
    ("MemberLeft", ({"member_journey_id": "k"},)),
    (
        "SchoolPlacementRequested",
        (
            {},
            {"child_ref": "k"},
        ),
    ),
    (
        "ChildcareRequested",
        (
            {},
            {"child_ref": "k", "from": "2024-12-01"},
        ),
    ),
    (
        "ChildcarePlaceOffered",
        (
            {},
            {"child_ref": "k"},
        ),
    ),
    ("ChildcareStarted", ({"child_ref": "k"},)),
    ("ChildcareEnded", ({"child_ref": "k"},)),
    ("GuardianAppointed", ({},)),
    (
        "MinorTurnedAdult",
        (
            {},
            {"on": "2025-02-28"},
        ),
    ),
    (
        "HelpContinued",
        (
            {},
            {"until": "2025-12-31"},
        ),
    ),
    ("FamilyReunificationApplied", ({},)),
    (
        "CourseEntitlementIssued",
        (
            {"obligated": True},
            {},
            {"basis": "44_4_zulassung", "lapses_on": "2025-02-28"},
            {"basis": "44_4_zulassung"},
        ),
    ),
    (
        "CourseRegistered",
        (
            {},
            {"kind": "EOK"},
        ),
    ),
    (
        "CourseStarted",
        (
            {},
            {"mode": "full"},
            {"kind": "IK_ALPHA"},
        ),
    ),
    ("CourseCompleted", ({},)),
    (
        "VocationalLanguageEntitlementIssued",
        (
            {},
            {"lapses_on": "2025-02-28"},
        ),
    ),
    (
        "TrainingStarted",
        (
            {},
            {"training_kind": "SCHULISCH"},
        ),
    ),
    ("TrainingAborted", ({},)),
    (
        "TrainingContractSigned",
        (
            {},
            {"start": "2024-09-01"},
            {"start": "2025-09"},
        ),
    ),
    (
        "BridgingMeasureStarted",
        (
            {"kind": "EQ"},
            {"months": 6},
        ),
    ),
    ("BridgingMeasureEnded", ({},)),
    (
        "EmploymentStarted",
        (
            {"employment_kind": "SV_VOLLZEIT", "fixed_term_until": "2025-05-31"},
            {"employment_kind": "MINIJOB", "employer": "a"},
            {},
        ),
    ),
    (
        "EmploymentChanged",
        (
            {"employment_kind": "MINIJOB"},
            {"employment_kind": "MIDIJOB"},
        ),
    ),
    ("EmploymentEnded", ({},)),
    (
        "WorkPermitRequested",
        (
            {},
            {"employer": "a"},
        ),
    ),
    (
        "WorkPermitGranted",
        (
            {},
            {"valid_until": "2025-01-31"},
        ),
    ),
    ("WorkPermitRefused", ({},)),
    ("ToleranceApplied", ({},)),
    (
        "QualificationReported",
        (
            {},
            {"isced": "6"},
        ),
    ),
    (
        "RecognitionApplied",
        (
            {},
            {"complete_on": "2024-10-15"},
        ),
    ),
    (
        "ReceiptConfirmed",
        (
            {"complete": False},
            {"complete": True},
        ),
    ),
    ("RecognitionPeriodExtended", ({"until": "2025-06-30"},)),
    (
        "RecognitionDecided",
        (
            {},
            {"outcome": "PARTIAL"},
            {"outcome": "FULL"},
        ),
    ),
    ("CompensationStarted", ({},)),
    ("JobSeekerRegistered", ({},)),
    ("LeftGermany", ({},)),
    ("PersonDied", ({},)),
    (
        "CourseAdmissionRefused",
        (
            {"reason": "quota_stop_2026"},
            {"reason": "low_need"},
            {},
        ),
    ),
    ("CourseStartAnnounced", ({},)),
    (
        "CourseNotRealised",
        (
            {},
            {"reassignment": True},
        ),
    ),
    ("CourseInterrupted", ({},)),
    ("CourseResumed", ({},)),
    ("CourseAborted", ({},)),
    (
        "AttendanceWarningIssued",
        (
            {},
            {"excused": True},
        ),
    ),
    (
        "ModuleCompleted",
        (
            {},
            {"level_reached": "A2"},
        ),
    ),
    (
        "PlacementTestTaken",
        (
            {"level": "A1"},
            {},
        ),
    ),
    ("IntegrationCourseCertificateIssued", ({},)),
    (
        "RepetitionGranted",
        (
            {},
            {"kind": "IK_ALLGEMEIN"},
        ),
    ),
    ("FeeRefundApplied", ({},)),
    ("FeeExemptionGranted", ({},)),
    ("VocationalCourseRegistered", ({},)),
    ("VocationalCourseStarted", ({},)),
)
CHOICES = [(name, attributes) for name, variants in SHAPES for attributes in variants]


@cache
def _fact(place: int) -> Told:
    name, attributes = CHOICES[place]
    return Told("", read_fact(name, attributes), UNKNOWN_DAY)


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


@strategies.composite
def exact_facts(draw: strategies.DrawFn) -> Told:
    """Draw a fact of an exact day with the day of its recording."""
    day = draw(DAYS)
    recorded = day + timedelta(days=draw(NEAR))
    place = draw(strategies.integers(0, len(CHOICES) - 1))
    return replace(_fact(place), occurred_on=PartialDate.of(day), recorded_at=_moment(recorded))


@strategies.composite
def any_facts(draw: strategies.DrawFn) -> Told:
    """Draw a fact of any precision, recorded or not."""
    told = draw(exact_facts())
    day = told.occurred_on
    occurred_on = draw(
        strategies.sampled_from(
            [day, day, day, PartialDate(day.year, day.month), PartialDate(day.year), UNKNOWN_DAY]
        )
    )
    recorded_at = draw(strategies.sampled_from([told.recorded_at, None]))
    return replace(told, occurred_on=occurred_on, recorded_at=recorded_at)


def _named(facts: Sequence[Told]) -> list[Told]:
    return [replace(one, id=f"f{place}") for place, one in enumerate(facts, 1)]


HISTORIES = strategies.lists(any_facts(), min_size=1, max_size=9).map(_named)
EXACT = strategies.lists(exact_facts(), min_size=1, max_size=9).map(_named)


def _added(name: str, attributes: dict[str, object], day: date, recorded: date) -> Told:
    return Told("added", read_fact(name, attributes), PartialDate.of(day), _moment(recorded))


def _sorted(found: tuple[Interval, ...]) -> list[Interval]:
    return sorted(found, key=lambda one: (one.rule, one.key, one.begins_on))


laws = hypothesis.settings(max_examples=120, deadline=None)


@laws
@hypothesis.given(HISTORIES)
def test_d21_the_same_facts_give_the_same_intervals(told: list[Told]) -> None:
    assert evaluate(told) == evaluate(tuple(told))
    one_by_one = tuple(one for rule in RULES.values() for one in evaluate(told, None, [rule]))
    assert evaluate(told) == one_by_one


def _ordered(one: Interval) -> bool:
    return one.begins_on <= one.opens_on and (
        one.closes_on is None or one.closes_on >= one.begins_on
    )


@laws
@hypothesis.given(HISTORIES)
def test_d4_d5_states_run_from_not_applicable_over_due_and_open_to_closed(
    told: list[Told],
) -> None:
    order = [State.NOT_APPLICABLE, State.DUE, State.OPEN, State.CLOSED]
    for one in evaluate(told):
        assert _ordered(one), one
        ends = (one.begins_on, one.opens_on, one.due_on, one.closes_on)
        days = sorted(day + timedelta(days=n) for day in ends if day for n in (-1, 0, 1))
        states = [order.index(one.state(day)) for day in days]
        assert states == sorted(states), one
        assert one.state(one.begins_on - timedelta(days=1)) is State.NOT_APPLICABLE
        assert one.state(one.begins_on) is not State.NOT_APPLICABLE


@laws
@hypothesis.given(HISTORIES)
def test_d2_a_gap_opens_on_the_day_after_it_was_due_but_not_before_its_window(
    told: list[Told],
) -> None:
    for one in evaluate(told):
        after = one.begins_on if one.due_on is None else one.due_on + timedelta(days=1)
        assert one.opens_on == max(one.begins_on, after), one


def _closed_as_said(one: Interval) -> bool:
    match one.closed_by:
        case ClosedBy.IN_TIME:
            return one.due_on is None or (one.closes_on or date.max) <= one.due_on
        case ClosedBy.LATE:
            return one.due_on is not None and (one.closes_on or date.min) > one.due_on
        case ClosedBy.CANCELLED:
            # a chance may end with its conditions, A15 with a stretch of status
            by_a_day = RULES[one.rule].kind is Kind.CHANCE or one.rule == "A15"
            return one.closing is not None or by_a_day
        case ClosedBy.RULE_CHANGE:
            return one.closing is None
        case ClosedBy.SUPERSEDED | None:
            return True
        case _:
            return False


@laws
@hypothesis.given(HISTORIES)
def test_d7_a_closing_has_its_word_its_day_and_its_fact(told: list[Told]) -> None:
    ids = {one.id for one in told}
    for one in evaluate(told):
        assert (one.closed_by is None) == (one.closes_on is None)
        assert _closed_as_said(one), one
        assert one.closing is None or one.closing in ids
        assert set(one.evidence) <= ids
        assert one.evidence


@laws
@hypothesis.given(HISTORIES)
def test_d6_each_instance_of_a_rule_has_a_key_of_its_own(told: list[Told]) -> None:
    found = [(one.rule, one.key) for one in evaluate(told)]
    assert len(found) == len(set(found))


@laws
@hypothesis.given(HISTORIES)
def test_d17_a_row_of_missing_data_weighs_low_and_has_no_consequence(told: list[Told]) -> None:
    for one in evaluate(told):
        if one.kind is Kind.DATA:
            assert (one.severity, one.steps, one.consequence) == ("low", (), None)
        else:
            assert one.severity != "low" or RULES[one.rule].severity == "low"


@laws
@hypothesis.given(HISTORIES)
def test_d21_a_trigger_that_makes_no_instance_says_which_condition_fails(told: list[Told]) -> None:
    journey = Derived(read(told))
    ids = {one.id for one in told}
    for rule in RULES.values():
        for one in turned(journey, rule):
            assert one.reason.de
            assert one.reason.en
            assert one.trigger in ids
            assert one.rule == rule.id


@laws
@hypothesis.given(EXACT, DAYS, NEAR, strategies.integers(0, 9))
def test_an_unrelated_fact_changes_nothing(
    told: list[Told], day: date, later: int, place: int
) -> None:
    note = _added("NoteTaken", {"text": "x"}, day, day + timedelta(days=later))
    assert evaluate([*told[:place], note, *told[place:]]) == evaluate(told)


@laws
@hypothesis.given(EXACT, DAYS)
def test_g11_known_at_a_day_is_the_history_as_recorded_by_that_day(
    told: list[Told], known_at: date
) -> None:
    recorded = [one for one in told if one.recorded_at and one.recorded_at.date() <= known_at]
    assert evaluate(told, known_at) == evaluate(recorded)


@laws
@hypothesis.given(EXACT, strategies.integers(0, 8))
def test_d8_a_retracted_fact_is_as_if_never_told(told: list[Told], place: int) -> None:
    target = told[place % len(told)]
    retraction = _added("EventRetracted", {"target": target.id}, FIRST, date(2027, 1, 1))
    without = [one for one in told if one is not target]
    assert evaluate([*told, retraction]) == evaluate(without)
    assert evaluate([*told, retraction], date(2026, 12, 31)) == evaluate(told)


@laws
@hypothesis.given(EXACT, strategies.integers(0, 8), DAYS)
def test_d8_a_corrected_day_is_as_if_told_so_at_first(
    told: list[Told], place: int, day: date
) -> None:
    target = told[place % len(told)]
    correction = _added(
        "EventCorrected",
        {"target": target.id, "occurred_on": day.isoformat()},
        FIRST,
        date(2027, 1, 1),
    )
    at_first = replace(target, occurred_on=PartialDate.of(day))
    expected = [at_first if one is target else one for one in told]
    assert evaluate([*told, correction]) == evaluate(expected)


@laws
@hypothesis.given(EXACT, strategies.randoms(use_true_random=False))
def test_g3_facts_of_different_days_stand_in_any_order_in_the_file(
    told: list[Told], random: object
) -> None:
    of_each_day = list({one.occurred_on: one for one in told}.values())
    shuffled = list(of_each_day)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _sorted(evaluate(shuffled)) == _sorted(evaluate(of_each_day))


@laws
@hypothesis.given(EXACT)
def test_d15_after_erasure_nothing_is_read(told: list[Told]) -> None:
    erased = _added("JourneyErased", {}, FIRST, date(2027, 1, 1))
    assert evaluate([*told, erased], date(2025, 1, 1)) == ()


@laws
@hypothesis.given(EXACT, DAYS)
def test_d15_nothing_begins_after_the_day_of_death_and_everything_ends_on_it(
    told: list[Told], day: date
) -> None:
    died = _added("PersonDied", {}, day, day)
    mortal = [rule for rule in RULES.values() if not rule.outlives_death]
    for one in evaluate([died, *told], None, mortal):
        assert one.begins_on <= day
        assert one.closes_on is not None
        assert one.closes_on <= day


TITLES = strategies.builds(
    lambda granted, length: (granted, granted + timedelta(days=length)),
    DAYS,
    strategies.integers(0, 400),
)


@pytest.mark.parametrize("kind", ["erst", "verlaengerung", "wechsel"])
@laws
@hypothesis.given(TITLES, strategies.integers(-500, 500))
def test_d9_an_application_leaves_a01_or_a02_exactly_by_whether_it_comes_by_the_end(
    kind: str, title: tuple[date, date], offset: int
) -> None:
    granted, end = title
    applied = max(granted, end + timedelta(days=offset))
    facts = [
        _added(
            "TitleGranted",
            {"basis": "AUFENTHG_18A", "valid_until": end.isoformat()},
            granted,
            granted,
        ),
        _added("TitleApplied", {"kind": kind}, applied, applied),
    ]
    told = _named(facts)
    a01, a02 = evaluate(told, None, [RULES["A01"]]), evaluate(told, None, [RULES["A02"]])
    if applied <= end:
        assert a02 == ()
        assert all(one.closed_by is ClosedBy.IN_TIME for one in a01)
    else:
        assert [one.begins_on for one in a02] == [end + timedelta(days=1)]
        assert [(one.closed_by, one.closes_on) for one in a01] == [
            (ClosedBy.SUPERSEDED, end + timedelta(days=1))
        ]
