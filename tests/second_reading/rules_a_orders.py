"""Orders of a court: A27."""

from tests.second_reading.basis import Row, Told, View, later, of, settle, since

BENEFITS = ("BenefitGranted", "BenefitExtended", "BenefitRefused")
ACTS = {
    "abh": (
        *("TitleGranted", "TitleRefused", "FictionCertificateIssued", "ContinuationOrdered"),
        *("ToleranceIssued", "ToleranceRefused", "TemporaryPermissionIssued"),
        *("TravelDocumentIssued", "ResidenceObligationLifted"),
        *("WorkPermitGranted", "WorkPermitRefused"),
    ),
    "ebh": (
        *("NaturalisationAssuranceGranted", "NaturalisationApproved"),
        *("NaturalisationRefused", "NaturalisationCertificateHandedOver"),
    ),
    "bamf": (
        *("AsylumDecisionIssued", "CourseEntitlementIssued", "CourseAdmissionRefused"),
        *("FeeExemptionGranted", "FeeRefundGranted", "FeeRefundRefused", "RepetitionGranted"),
    ),
    "sozialamt": BENEFITS,
    "jobcenter": (*BENEFITS, "CourseEntitlementIssued"),
    "employment_agency": (*BENEFITS, "VocationalLanguageEntitlementIssued"),
    "jugendamt": (*BENEFITS, "HelpContinued", "ChildcarePlaceOffered", "ChildcareStarted"),
    "chamber": ("RecognitionDecided", "ProfessionalLicenceGranted"),
    "school": ("SchoolStarted", "SchoolExemptionGranted"),
}
ALL = tuple(sorted({act for acts in ACTS.values() for act in acts}))


def _is_set_aside(fact: Told, order: Told) -> bool:
    return fact.get("against") == order.id and fact.get("outcome") in ("granted", "reversed")


def a27(view: View) -> list[Row]:
    rows: list[Row] = []
    for order in of(view, "CourtOrderIssued"):
        served = order.day("served_on") or order.latest
        due = order.day("due") or later(served, "A27.response")
        acts = ACTS.get(order.get("addressee"), ALL)
        rows += settle(
            "A27",
            view,
            order,
            order.latest,
            due,
            followed=since(view, order, *acts),
            cancelled=[
                one for one in since(view, order, "AppealDecided") if _is_set_aside(one, order)
            ],
        )
    return rows


READERS = {"A27": a27}
