"""Facts: each says all about itself, may know nothing, and refuses what it does not have."""

import builtins
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, JsonValue

from domain.days import PartialDate
from domain.errors import InvalidFactError, UnknownFactTypeError
from domain.events.registry import FACTS, fact_class, read_fact, read_fact_leniently
from domain.fact import Attribute, Fact, NotPublished, Published, python_name
from domain.fields import DataClass, Recorder

CASE = """JourneyStarted PersonIdentified ContactDetailsRecorded FileNumberRecorded NoteTaken
    FirstContactRecorded ConsentGranted ConsentWithdrawn ConsentExpired DataDisclosed CaseOpened
    CaseManagerAssigned CaseManagerReleased AssessmentCompleted PlanAgreed PlanReviewed ContactHeld
    ServiceLinked LinkConfirmed LinkFailed HandoverOffered HandoverAccepted HandoverRejected
    CaseSuspended CaseResumed CaseClosed"""
RESIDENCE = """EntryRegistered AssignedToMunicipality AsylumApplicationFiled AsylumDecisionIssued
    AppealFiled AppealDecided DepartureObligationArisen TemporaryPermissionIssued ToleranceIssued
    TitleApplied FictionCertificateIssued TitleGranted TitleRefused TitleShortened TitleRevoked
    TitleExpired ProtectionRevoked RightOfFreeMovementRecorded ContinuationOrdered
    IdentityDocumentsRequested IdentityClarified PassportIssued AbsenceAbroadRecorded
    AddressRegistered AddressChanged"""
BENEFITS = """BenefitApplied BenefitGranted BenefitExtended BenefitEnded BenefitRefused
    RechtskreisChangeTriggered HealthInsuranceRegistered"""
LANGUAGE = """CourseEntitlementIssued CourseAdmissionRefused PlacementTestTaken CourseRegistered
    CourseStartAnnounced CourseNotRealised CourseStarted CourseInterrupted CourseResumed
    CourseAborted CourseCompleted LanguageTestTaken CivicsTestTaken
    IntegrationCourseCertificateIssued VocationalLanguageEntitlementIssued
    VocationalCourseRegistered VocationalCourseStarted VocationalCourseCompleted
    VocationalCourseAborted"""
LIFE = """QualificationReported RecognitionApplied RecognitionDecided BridgingMeasureStarted
    BridgingMeasureEnded MeasureStarted MeasureEnded StudyAdmitted StudyCompleted StudyEnded
    SchoolStarted SchoolLeft TrainingContractSigned TrainingStarted TrainingInterrupted
    TrainingAborted TrainingCompleted TrainingFinallyFailed SearchPeriodGranted JobSeekerRegistered
    UnemploymentRegistered EmploymentStarted EmploymentChanged EmploymentEndAnnounced
    EmploymentEnded SelfEmploymentStarted HousingAssigned LeaseSigned LivelihoodSecured
    PensionMonthsConfirmed ChildBorn HealthBarrierReported LeftGermany PersonDied"""
NATURALISATION = """NaturalisationAdvised PrecheckCompleted NaturalisationApplied
    NaturalisationAssuranceGranted NaturalisationRefused NaturalisationApproved
    NaturalisationCertificateHandedOver"""
FURTHER = """IntakeHeld ReferralElsewhere ShortAdviceEnded GoalReached GoalAbandoned CaseConferenceHeld
    CaseEvaluated AftercareContactHeld StructuralGapReported StructuralGapDecided OtherSteeringStarted
    OtherSteeringEnded EnquiryAnswered OfferDeclined GapAcknowledged GapExplained WithdrawalCarriedOut
    AccessRequestReceived AccessExtended AccessAnswered RetentionHoldPlaced ProcessingRestricted
    RestrictionLifted ArrivalCertificateIssued AsylumSought AsylumHearingHeld VisaIssued
    TitleCardHandedOver ToleranceApplied ToleranceRefused PassportExpired TravelDocumentIssued
    ResidenceObligationImposed ResidenceObligationLifted ResidenceObligationEnded ResidenceDutyBreached
    VoluntaryReturnAdvised DecisionAnnulledRetroactively CourtOrderIssued HouseholdFormed MemberJoined
    MemberLeft PregnancyReported MarriageRecorded PartnershipEnded PaternityAcknowledged
    GuardianAppointed MinorTurnedAdult FamilyReunificationApplied FamilyReunificationNotified
    FamilyReunificationDecided FamilyMemberArrived ChildcareRequested ChildcareRequestWithdrawn
    ChildcarePlaceOffered ChildcareStarted ChildcareEnded SchoolPlacementRequested SchoolChanged
    SchoolExemptionGranted SchoolCertificateObtained OrientationCourseStarted OrientationCourseCompleted
    InitialAdviceGiven BankAccountOpened TaxIdReceived HealthCardReceived CounsellingUsed
    VolunteeringStarted ClubJoined MentorMatched CourseAdmissionApplied CourseObligationLifted
    FeeExemptionGranted TravelAllowanceGranted FeeRefundApplied FeeRefundGranted FeeRefundRefused
    ModuleCompleted AttendanceWarningIssued RepetitionGranted RecognitionAdvised ReceiptConfirmed
    DocumentsRequested RecognitionPeriodExtended QualificationAnalysisStarted CompensationStarted
    CompensationCompleted ProfessionalLicenceGranted WorkPermitRequested WorkPermitGranted
    WorkPermitRefused CareerCounsellingHeld InternshipStarted InternshipEnded InterimExamPassed
    CooperationPlanAgreed LivelihoodLost InsolvencyOpened RechtskreisChangeCompleted
    JobcenterAppointmentScheduled JobcenterAppointmentMissed SanctionImposed PaymentCardIssued AbuseFound
    HelpContinued ConvictionRecorded HousingChanged EvictionThreatened HousingCertificateIssued
    HealthBarrierResolved NaturalisationTestTaken NaturalisationHearingLetter
    NaturalisationDocumentsRequested NaturalisationDocumentsProvided SecurityCheckCompleted
    LoyaltyDeclarationMade NaturalisationSuspended NaturalisationWithdrawn NaturalisationReversed"""
RECORD = "EventCorrected EventRetracted JourneyErased"
FIRST_PUBLISHED = """CaseOpened CaseClosed HandoverOffered HandoverAccepted TitleGranted
    CourseRegistered CourseStarted CourseCompleted LanguageTestTaken EmploymentStarted
    EmploymentEnded NaturalisationApplied NaturalisationCertificateHandedOver EventRetracted
    EventCorrected"""
PERIODS = """ConsentGranted TitleGranted AbsenceAbroadRecorded BenefitGranted BenefitExtended
    CourseEntitlementIssued VocationalLanguageEntitlementIssued TrainingContractSigned"""
ENDINGS = """CaseClosed ConsentWithdrawn ConsentExpired LinkConfirmed LinkFailed TitleShortened
    TitleRevoked TitleExpired EmploymentEnded"""

every_fact = pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.__name__)


def test_the_registry_holds_every_fact_of_the_catalogue_and_of_the_cases() -> None:
    catalogue = [CASE, RESIDENCE, BENEFITS, LANGUAGE, LIFE, NATURALISATION, FURTHER, RECORD]
    assert set(FACTS) >= set(" ".join(catalogue).split())


@every_fact
def test_a_fact_says_all_about_itself(fact: type[Fact]) -> None:
    about = fact.about
    assert "\n\n" not in (fact.__doc__ or "\n\n")
    assert about.label.de.strip()
    assert about.label.en.strip()
    assert 0 < len(about.label.short) <= 14
    assert Recorder.CASE_MANAGER in about.recorders
    assert about.source.strip()


@every_fact
def test_every_attribute_has_words_in_both_languages(fact: type[Fact]) -> None:
    for attribute in fact.attributes():
        assert attribute.info.title == attribute.label.de
        assert attribute.label.de.strip()
        assert attribute.label.en.strip()
        assert isinstance(attribute.info.json_schema_extra, dict)
        assert attribute.info.json_schema_extra["en"] == attribute.label.en
        assert attribute.info.default is None
        assert python_name(attribute.name) in fact.model_fields


def test_no_two_facts_have_the_same_name() -> None:
    words = [fact.about.label.de for fact in FACTS.values()]
    assert len(set(words)) == len(words)


def test_the_first_published_set_goes_out_and_nothing_else() -> None:
    published = {
        name: fact.about.publish.event
        for name, fact in FACTS.items()
        if isinstance(fact.about.publish, Published)
    }
    assert published == {name: name for name in FIRST_PUBLISHED.split()}


@every_fact
def test_only_base_facts_are_published_and_the_others_say_why_not(fact: type[Fact]) -> None:
    match fact.about.publish:
        case Published():
            assert fact.about.data_class is DataClass.BASE
        case NotPublished(because=because):
            assert because.strip()


def test_identity_notes_and_sensitive_facts_have_keys_of_their_own() -> None:
    classes = {
        name: fact.about.data_class
        for name, fact in FACTS.items()
        if fact.about.data_class is not DataClass.BASE
    }
    sensitive = """ChildBorn HealthBarrierReported HealthBarrierResolved HouseholdFormed MemberJoined
        MemberLeft PregnancyReported MarriageRecorded PartnershipEnded PaternityAcknowledged
        GuardianAppointed FamilyReunificationApplied FamilyReunificationNotified
        FamilyReunificationDecided FamilyMemberArrived ChildcareRequested ChildcareRequestWithdrawn
        ChildcarePlaceOffered ChildcareStarted ChildcareEnded CounsellingUsed ConvictionRecorded
        SecurityCheckCompleted NaturalisationSuspended"""
    assert classes == {
        "PersonIdentified": DataClass.IDENTITY,
        "ContactDetailsRecorded": DataClass.IDENTITY,
        "FileNumberRecorded": DataClass.IDENTITY,
        "NoteTaken": DataClass.NOTES,
        **dict.fromkeys(sensitive.split(), DataClass.SENSITIVE),
    }


def test_a_period_is_told_by_two_days_of_the_fact() -> None:
    periods = {name: fact.about.span for name, fact in FACTS.items() if fact.about.span}
    assert set(periods) == set(PERIODS.split())
    for name, span in periods.items():
        assert set(span) <= {one.name for one in FACTS[name].attributes() if one.is_day}


def test_an_ending_is_tied_to_what_it_ends() -> None:
    endings = {name: fact.about.ends for name, fact in FACTS.items() if fact.about.ends}
    assert set(endings) == set(ENDINGS.split())
    by_id = {"title": ("TitleGranted",), "employment": ("EmploymentStarted",)}
    for name, ends in endings.items():
        assert ends.by in FACTS[name].model_fields
        assert ends.begun_by == by_id.get(ends.by) or all(
            ends.by in FACTS[begun].model_fields for begun in ends.begun_by
        )


@every_fact
def test_a_fact_may_know_nothing_but_its_type(fact: type[Fact]) -> None:
    empty = read_fact(fact.type_name(), {})
    assert type(empty) is fact
    assert empty.known_attributes() == {}
    assert list(empty.days()) == []
    unknown = dict.fromkeys((attribute.name for attribute in fact.attributes()), None)
    assert read_fact(fact.type_name(), unknown).known_attributes() == unknown


@every_fact
def test_a_fact_refuses_what_its_type_does_not_have(fact: type[Fact]) -> None:
    with pytest.raises(
        InvalidFactError, match=rf"{fact.__name__} has no attribute of the name that was given"
    ):
        read_fact(fact.type_name(), {"shoe_size": "geheim-4711"})
    kept, dropped = read_fact_leniently(fact.type_name(), {"shoe_size": "geheim-4711"})
    assert (kept.known_attributes(), dropped) == ({}, ("shoe_size",))


@every_fact
def test_a_value_that_does_not_fit_is_named_by_its_attribute_and_never_shown(
    fact: type[Fact],
) -> None:
    for attribute in fact.attributes():
        value = {"geheim-4711": ["geheim-4711"]} if _is_text(attribute) else "geheim-4711"
        with pytest.raises(InvalidFactError) as refusal:
            read_fact(fact.type_name(), {attribute.name: value})
        assert f"{fact.__name__}.{attribute.name}" in str(refusal.value)
        assert "geheim-4711" not in str(refusal.value)
        assert len(str(refusal.value)) < 300


def test_leniently_only_the_unknown_part_is_dropped() -> None:
    fact, dropped = read_fact_leniently(
        "ContactHeld", {"channel": "mail", "minutes": 30, "from": "x"}
    )
    assert fact.known_attributes() == {"minutes": 30}
    assert dropped == ("channel", "from")


def test_an_unknown_type_is_refused_by_its_name() -> None:
    with pytest.raises(UnknownFactTypeError, match="'SomethingUpdated'"):
        fact_class("SomethingUpdated")


def test_a_correction_to_an_unknown_day_differs_from_a_correction_of_attributes_alone() -> None:
    day_unknown = read_fact("EventCorrected", {"target": "f3", "occurred_on": None})
    day_kept = read_fact("EventCorrected", {"target": "f3", "attributes": {"valid_until": None}})
    assert "occurred_on" in day_unknown.model_fields_set
    assert "occurred_on" not in day_kept.model_fields_set
    assert day_kept.known_attributes()["attributes"] == {"valid_until": None}


def test_facts_know_which_days_must_not_lie_ahead() -> None:
    title = read_fact("TitleGranted", {"valid_until": "2027-03-14", "served_on": "2024-03"})
    assert [(one.name, one.happened, str(day)) for one, day in title.days()] == [
        ("served_on", True, "2024-03"),
        ("valid_until", False, "2027-03-14"),
    ]


@every_fact
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_what_is_known_of_a_fact_is_read_back_as_the_same_fact(
    fact: type[Fact], data: st.DataObject
) -> None:
    told = data.draw(_attributes_of(fact))
    one = read_fact(fact.type_name(), told)
    known = json.loads(json.dumps(one.known_attributes()))
    assert known.keys() == told.keys()
    again = read_fact(fact.type_name(), known)
    assert again == one
    assert again.known_attributes() == known


def _attributes_of(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Draw JSON values for any of the attributes of a fact."""
    optional = {
        info.alias or name: st.none() | _json(info.annotation, info.metadata)
        for name, info in model.model_fields.items()
    }
    return st.fixed_dictionaries({}, optional=optional)


def _json(annotation: Any, marks: Sequence[Any] = ()) -> st.SearchStrategy[Any]:
    """Draw JSON values of a type."""
    match get_origin(annotation), get_args(annotation):
        case (builtins.tuple, (item, _)):
            return st.lists(_json(item), max_size=3)
        case (builtins.dict, (key, item)):
            return st.dictionaries(_json(key), _json(item), max_size=3)
        case (None, ()):
            return _plain(annotation, marks)
        case (_, alternatives):
            return _json(next(one for one in alternatives if one is not NoneType), marks)
    raise AssertionError(annotation)


def _plain(kind: Any, marks: Sequence[Any]) -> st.SearchStrategy[Any]:
    low = next((mark.ge for mark in marks if hasattr(mark, "ge")), 0)
    high = next((mark.le for mark in marks if hasattr(mark, "le")), 1_000)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return st.sampled_from([str(member) for member in kind])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _attributes_of(kind)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        str: st.text(max_size=20),
        bool: st.booleans(),
        int: st.integers(low, high),
        float: st.floats(low, high),
        Decimal: st.decimals(0, 10_000, places=2).map(str),
        PartialDate: st.dates().flatmap(_written),
        JsonValue: st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    }
    return simple[kind]


def _written(day: date) -> st.SearchStrategy[str]:
    """Write a day with day, month or year precision."""
    return st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])


def _is_text(attribute: Attribute) -> bool:
    return attribute.info.annotation == str | None
