"""What directed journeys are made of, by rule."""

from dataclasses import replace
from datetime import date

from tests.second_reading.along_directions import Directions

EMPLOYMENT = (
    *("EmploymentStarted", "EmploymentChanged", "EmploymentEndAnnounced", "EmploymentEnded"),
    "TrainingStarted",
)
KINDS = ("MINIJOB", "AUSHILFE_KURZFRISTIG", "SV_VOLLZEIT", "SV_TEILZEIT", None)
EMPLOYERS = ("a", "b", None)
PAPERS = ("TemporaryPermissionIssued", "ToleranceIssued")
WORK = {
    "EmploymentStarted.employment_kind": KINDS,
    "EmploymentChanged.employment_kind": KINDS,
    "EmploymentEnded.employment": ("ID", None),
    "EmploymentEndAnnounced.employment": ("ID", None),
    **{f"{name}.employer": EMPLOYERS for name in EMPLOYMENT[:-1]},
}

PERMANENT = Directions(
    ("TitleGranted", "LanguageTestTaken", "EmploymentStarted"),
    (
        *("TitleGranted", "TitleGranted", "PensionMonthsConfirmed", "CivicsTestTaken"),
        *("LivelihoodSecured", "LivelihoodLost", "BenefitGranted", "LanguageTestTaken"),
        *("IntegrationCourseCertificateIssued", "NaturalisationTestTaken", "HousingAssigned"),
        *("AddressRegistered", "AbsenceAbroadRecorded", "PersonIdentified", "TitleApplied"),
        *("TitleRefused", "AsylumApplicationFiled", "AsylumDecisionIssued", "LeftGermany"),
        *("TrainingCompleted", "StudyCompleted", "EmploymentEnded", "TitleApplied"),
        *("EmploymentChanged", "TitleRevoked"),
    ),
    {
        "TitleGranted.basis": (
            *("AUFENTHG_18A", "AUFENTHG_18G", "AUFENTHG_28", "AUFENTHG_25_2_FL", None),
            *("AUFENTHG_25_2_SUB", "AUFENTHG_25B", "AUFENTHG_104C", "AUFENTHG_36"),
            *("AUFENTHG_9", "AUFENTHG_18G"),
        ),
        "TitleGranted.valid_until": (None, None, None, "DAY"),
        "TitleGranted.valid_from": (None, None, "DAY"),
        "EmploymentStarted.employment_kind": ("SV_VOLLZEIT", "SV_VOLLZEIT", "MINIJOB"),
        "EmploymentStarted.fixed_term_until": (None, None, "DAY"),
        "LivelihoodSecured.degree": ("full", "full", "predominantly", "partial", None),
        "LanguageTestTaken.result": ("B1", "B2", "A2", "A1", "C1", None),
        "LanguageTestTaken.per_skill": (None, None, {"speaking": "B1", "writing": "A1"}),
        "PensionMonthsConfirmed.months": (12, 24, 36, 40, 60, 60, None),
        "CivicsTestTaken.points": (14, 15, 20, None),
        "NaturalisationTestTaken.points": (16, 17, None),
        "PersonIdentified.birth_date": ("1999-05", "2001-02-28", "2004-02-29", "2008"),
        "AsylumDecisionIssued.outcome": ("asyl", "fluechtling", "abschiebungsverbot"),
        "AbsenceAbroadRecorded.from": (None, "DAY"),
        "AbsenceAbroadRecorded.until": ("DAY", "DAY", None),
        "HousingAssigned.kind": ("communal", "private_lease", None),
        "BenefitGranted.until": ("DAY", None),
        "TitleApplied.basis": ("AUFENTHG_9", "AUFENTHG_26_3", None, "AUFENTHG_18A"),
        "TitleApplied.kind": (None, "verlaengerung"),
    },
    most=14,
    spans=(1300, 2500, 4500),
    begin=(date(2003, 1, 1), date(2020, 1, 1)),
)

AFTER_ASYLUM = Directions(
    (
        *("AsylumApplicationFiled", "AsylumDecisionIssued", "TitleGranted", "LanguageTestTaken"),
        *("EmploymentStarted", "PensionMonthsConfirmed", "CivicsTestTaken"),
    ),
    (
        *("TitleGranted", "AbsenceAbroadRecorded", "LivelihoodSecured", "TitleRevoked"),
        *("IntegrationCourseCertificateIssued", "TemporaryPermissionIssued", "LeftGermany"),
        *("PersonIdentified", "TitleApplied", "TitleRefused", "AppealDecided", "BenefitGranted"),
        *("DecisionAnnulledRetroactively", "PensionMonthsConfirmed", "LanguageTestTaken"),
    ),
    {
        **PERMANENT.values,
        "TitleGranted.basis": (
            *("AUFENTHG_25_2_FL", "AUFENTHG_25_2_FL", "AUFENTHG_25_2_SUB", "AUFENTHG_25_3"),
            *("AUFENTHG_25_5", "AUFENTHG_26_3", "AUFENTHG_29", None),
        ),
        "LanguageTestTaken.result": ("B1", "C1", "C1", "A2", None),
        "LanguageTestTaken.per_skill": (None,),
        "PensionMonthsConfirmed.months": (40, 60, 60, 90),
        "CivicsTestTaken.points": (15, 20, 20, None),
        "DecisionAnnulledRetroactively.target": ("ID",),
    },
    most=6,
    spans=(1300, 2500, 4500),
    begin=(date(2003, 1, 1), date(2018, 1, 1)),
)

ANNULLED = Directions(
    ("TitleGranted", "DecisionAnnulledRetroactively"),
    (
        *("TitleShortened", "TitleShortened", "TitleRefused", "TitleRefused", "TitleApplied"),
        *("TitleApplied", "TitleRevoked", "TitleExpired", "TitleGranted"),
        *("DecisionAnnulledRetroactively",) * 6,
        *("ToleranceIssued", "ContinuationOrdered", "NaturalisationApplied", "LeftGermany"),
    ),
    {
        "TitleGranted.basis": ("AUFENTHG_18A", "AUFENTHG_24", "AUFENTHG_25_1", None),
        "TitleGranted.valid_until": ("DAY", "DAY", "DAY", None),
        "TitleShortened.new_valid_until": ("DAY", "DAY", "DAY", None),
        "TitleShortened.title": (None, None, "ID"),
        "TitleRevoked.title": (None, None, "ID"),
        "TitleExpired.title": (None, None, "ID"),
        "TitleApplied.basis": (None, "AUFENTHG_25B", "AUFENTHG_18A"),
        "DecisionAnnulledRetroactively.target": ("DECISION", "DECISION", "ID"),
        "DecisionAnnulledRetroactively.effective_from": (None, "DAY", "DAY"),
    },
    most=14,
    begin=(date(2015, 1, 1), date(2025, 1, 1)),
)
ANNULLED_UNDER_104C = replace(
    ANNULLED, values={**ANNULLED.values, "TitleGranted.basis": ("AUFENTHG_104C",)}
)

ORDERS = Directions(
    ("CourtOrderIssued",),
    (
        "CourtOrderIssued",
        "AppealDecided",
        "TitleGranted",
        "BenefitGranted",
        "BenefitRefused",
        "NaturalisationCertificateHandedOver",
        "HelpContinued",
        "NaturalisationApproved",
        "AsylumDecisionIssued",
        "CourseEntitlementIssued",
        "WorkPermitRefused",
        "SchoolStarted",
        "RecognitionDecided",
        "LeftGermany",
        "VocationalLanguageEntitlementIssued",
        "ChildcareStarted",
        "ToleranceIssued",
    ),
    {
        "AppealDecided.against": ("ID", "CourtOrderIssued"),
        "AppealDecided.outcome": ("granted", "reversed", "dismissed"),
    },
)

PERMITS = Directions(
    ("WorkPermitRequested",),
    (
        *("WorkPermitRequested", "WorkPermitGranted", "WorkPermitRefused", *PAPERS),
        "TitleGranted",
        "AsylumDecisionIssued",
        "RightOfFreeMovementRecorded",
        "NaturalisationCertificateHandedOver",
        "LeftGermany",
    ),
    {
        **{f"WorkPermit{step}.employer": EMPLOYERS for step in ("Requested", "Granted")},
        "WorkPermitRefused.employer": EMPLOYERS,
        "ToleranceIssued.work_note": ("gestattet", None, "verboten"),
        "TemporaryPermissionIssued.work_note": ("gestattet", None),
        "AsylumDecisionIssued.outcome": ("asyl", "subsidiaer", "abgelehnt"),
        "TitleGranted.work": ("unbeschränkt", None, "keine"),
    },
    spans=(60, 120, 400),
)

LOSSES = Directions(
    ("ToleranceIssued", "EmploymentStarted", "EmploymentEnded"),
    (
        *EMPLOYMENT,
        "EmploymentEnded",
        "ContactHeld",
        "TitleGranted",
        "ToleranceIssued",
        "ContactHeld",
        "LeftGermany",
        "DepartureObligationArisen",
    ),
    {
        **WORK,
        "ToleranceIssued.basis": ("AUFENTHG_60D", "AUFENTHG_60D", None, "AUFENTHG_60B"),
        "ContactHeld.no_show": (True, False, None),
    },
    spans=(60, 120, 400),
    begin=(date(2018, 1, 1), date(2026, 1, 1)),
)

TERMS = Directions(
    ("EmploymentStarted",),
    (
        *EMPLOYMENT,
        "EmploymentChanged",
        "StudyAdmitted",
        "SelfEmploymentStarted",
        "LeftGermany",
    ),
    WORK,
)

WAITING = Directions(
    ("AsylumApplicationFiled",),
    (
        "AsylumApplicationFiled",
        "AsylumSought",
        "ToleranceIssued",
        "JourneyStarted",
        "TemporaryPermissionIssued",
        "HousingAssigned",
        "HousingChanged",
        "LeaseSigned",
        "AddressRegistered",
        "AssignedToMunicipality",
        "WorkPermitRequested",
        "WorkPermitGranted",
        "WorkPermitRefused",
        "EmploymentStarted",
        "TrainingStarted",
        "AsylumDecisionIssued",
        "DepartureObligationArisen",
        "TitleGranted",
        "LeftGermany",
        "NaturalisationCertificateHandedOver",
        "ArrivalCertificateIssued",
    ),
    {
        "AsylumApplicationFiled.procedure": (None, "dublin", "AMMR", "folge"),
        "AsylumDecisionIssued.outcome": ("abgelehnt", "ou", "asyl", None),
        "HousingAssigned.kind": ("land_facility", "communal", None),
        "HousingChanged.kind": ("land_facility", "communal", None),
        "AddressRegistered.housing_kind": ("land_facility", "private_lease", None),
        "LeaseSigned.kind": ("land_facility", None),
        "JourneyStarted.nationality": (["SEN"], ["SYR", "ALB"], ["GEO"], ["SYR"], None),
        "ToleranceIssued.basis": (None, "AUFENTHG_60A_2_3", "AUFENTHG_60B", "AUFENTHG_60C"),
        "ToleranceIssued.work_note": (None, None, "verboten", "gestattet"),
        "TemporaryPermissionIssued.work_note": (None, None, "gestattet", "verboten"),
        "TitleGranted.valid_from": (None,),
    },
    begin=(date(2012, 1, 1), date(2026, 6, 1)),
)

SMALL_WORK = Directions(
    ("EmploymentStarted",),
    (
        *EMPLOYMENT,
        "TrainingContractSigned",
        "TrainingCompleted",
        "TrainingAborted",
        "SchoolStarted",
        "SchoolLeft",
        "StudyAdmitted",
        "StudyCompleted",
        "HealthBarrierReported",
        "HealthBarrierResolved",
        "SelfEmploymentStarted",
        "LeftGermany",
        "StudyEnded",
    ),
    {
        **WORK,
        "SchoolStarted.child_ref": (None, None, "a"),
        "SchoolLeft.child_ref": (None, None, "a"),
        "HealthBarrierReported.severity": ("severe", "severe", None),
    },
)

IDENTITY = Directions(
    ("ToleranceIssued",),
    (
        "ToleranceIssued",
        "DepartureObligationArisen",
        "AsylumDecisionIssued",
        "ProtectionRevoked",
        "TitleGranted",
        "NaturalisationApplied",
        "EntryRegistered",
        "AsylumApplicationFiled",
        "JourneyStarted",
        "IdentityClarified",
        "LeftGermany",
        "IdentityClarified",
        "NaturalisationRefused",
        "NaturalisationWithdrawn",
        "NaturalisationApproved",
        "TitleApplied",
        "ArrivalCertificateIssued",
    ),
    {
        "IdentityClarified.means": ("pass", "id", None, "other"),
        "IdentityClarified.accepted_on": (None, None, "DAY"),
        "IdentityClarified.date": (None, None, "DAY"),
        "IdentityClarified.purposes": (
            *(None, ["§ 60b"], ["StAG"], [" §16g ", "x"], ["60c"], ["x"], []),
            *(["§§ 25a, 25b"], ["104C"]),
        ),
        "TitleGranted.basis": ("AUFENTHG_104C", "AUFENTHG_25_5", None),
        "AsylumDecisionIssued.outcome": ("abgelehnt", "ou", "asyl", "abschiebungsverbot"),
    },
    undated=("IdentityClarified", "ToleranceIssued", "EntryRegistered"),
    most=9,
    begin=(date(2015, 1, 1), date(2025, 1, 1)),
)

PAID = Directions(
    ("BenefitGranted",),
    (
        "BenefitGranted",
        "BenefitExtended",
        "BenefitEnded",
        "RechtskreisChangeCompleted",
        "BenefitApplied",
        "BenefitApplied",
        "BenefitRefused",
        "ToleranceIssued",
        "TitleGranted",
        "TitleGranted",
        "TitleApplied",
        "AsylumApplicationFiled",
        "AsylumDecisionIssued",
        "FictionCertificateIssued",
        "RightOfFreeMovementRecorded",
        "LeftGermany",
        "NaturalisationCertificateHandedOver",
        "EmploymentStarted",
        "TitleRefused",
        "TitleRevoked",
        "ContinuationOrdered",
        "DepartureObligationArisen",
    ),
    {
        **{
            f"{name}.rechtskreis": ("SGB_II", "ASYLBLG_3", "SGB_XII_3", "SGB_III", None)
            for name in ("BenefitGranted", "BenefitExtended", "BenefitEnded")
        },
        **{
            f"{name}.rechtskreis": ("SGB_II", "ASYLBLG_3", "SGB_XII_23_3_BRIDGE", None)
            for name in ("BenefitApplied", "BenefitRefused")
        },
        "RechtskreisChangeCompleted.from": ("ASYLBLG_3", "SGB_II", None),
        "RechtskreisChangeCompleted.to": ("ASYLBLG_3", "SGB_II", "SGB_XII_3"),
        "TitleGranted.basis": (
            *("AUFENTHG_25_5", "AUFENTHG_24", "AUFENTHG_23_1", "AUFENTHG_18A", None),
            "AUFENTHG_25_4",
            "AUFENTHG_25_5",
            "FREIZUEGG_EU",
            "VISA_D",
            "AUFENTHG_60C",
        ),
        "TitleGranted.work": (None, None, "keine"),
        "AsylumDecisionIssued.outcome": ("abgelehnt", "asyl", "abschiebungsverbot"),
    },
)

NEWBORN = Directions(
    ("ChildBorn", "TitleGranted", "TitleGranted"),
    (
        "ChildBorn",
        "EntryRegistered",
        "JourneyStarted",
        "TitleGranted",
        "TitleGranted",
        "MarriageRecorded",
        "PartnershipEnded",
        "PaternityAcknowledged",
        "TitleApplied",
        "TitleApplied",
        "TemporaryPermissionIssued",
        "ToleranceIssued",
        "LeftGermany",
        "NaturalisationCertificateHandedOver",
        "RightOfFreeMovementRecorded",
        "AsylumApplicationFiled",
        "AsylumDecisionIssued",
        "TitleRefused",
    ),
    {
        **{
            f"{name}.person": (None, "f1", "f2", "f3", "a", "b")
            for name in ("TitleApplied", "ToleranceIssued", "AsylumApplicationFiled")
        },
        "TitleGranted.person": (None, None, "f1", "f2", "a"),
        "TemporaryPermissionIssued.person": (None, "f1", "f2", "a"),
        "ChildBorn.child_journey_id": (None, None, "a", "b"),
        "ChildBorn.birth_date": (None, "2012-05", "2024-07-01"),
        "MarriageRecorded.spouse_german": (True, False, None),
        "PaternityAcknowledged.child_german": (True, False, None),
        "TitleGranted.basis": ("AUFENTHG_26_3", "AUFENTHG_9", "AUFENTHG_18A", None),
        "TitleGranted.valid_until": (None, "DAY"),
        "AsylumDecisionIssued.outcome": ("abgelehnt", "asyl", "subsidiaer"),
    },
    most=9,
    spans=(400, 1300, 4000),
    begin=(date(1996, 1, 1), date(2024, 1, 1)),
)

WAITING_NOW = replace(WAITING, begin=(date(2025, 6, 1), date(2026, 9, 1)), spans=(400, 700))
PAID_UNDER_25_5 = replace(
    PAID,
    first=("ToleranceIssued", "TitleGranted", "BenefitGranted"),
    values={
        **PAID.values,
        "TitleGranted.basis": ("AUFENTHG_25_5", "AUFENTHG_25_5", "AUFENTHG_24"),
        "TitleGranted.valid_until": (None, None, "DAY"),
    },
    begin=(date(2010, 1, 1), date(2022, 1, 1)),
)

DIRECTIONS: dict[str, tuple[Directions, ...]] = {
    "A01": (ANNULLED,),
    "A02": (ANNULLED, ANNULLED_UNDER_104C),
    "A10": (ANNULLED_UNDER_104C,),
    "A24": (ANNULLED,),
    "A27": (ORDERS,),
    "B02": (PERMITS,),
    "B04": (LOSSES,),
    "B05": (TERMS,),
    "B01": (WAITING, WAITING_NOW),
    "B06": (SMALL_WORK,),
    "A15": (IDENTITY,),
    "L09": (PAID, PAID_UNDER_25_5),
    "A17": (NEWBORN,),
    "A14": (PERMANENT, AFTER_ASYLUM),
}
