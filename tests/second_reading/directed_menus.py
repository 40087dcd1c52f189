"""What directed journeys are drawn from: facts, with the values that their rules look at."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Near:
    """A day so many days from the day of the fact."""

    first: int
    last: int


@dataclass(frozen=True)
class Offer:
    """A type of fact with its values; ``tells`` is the share in which each value is told.

    ``surely``: the share of journeys that have it whatever else they have.
    """

    type: str
    attributes: dict[str, Any] = field(default_factory=dict)
    weight: int = 1
    tells: float = 0.75
    surely: float = 0.0


@dataclass(frozen=True)
class Menu:
    """The facts of the journey and of the other members of the household, and the time."""

    offers: tuple[Offer, ...]
    members: dict[str, tuple[Offer, ...]] = field(default_factory=dict)
    begin: date = date(2015, 1, 1)
    range: int = 3600
    spans: tuple[int, ...] = (60, 300, 1000)


TOWNS = ("05916000", "05978020")
CHILD = ("a", "b", "c", "f1", "f2", "f3")
MEMBER = ("a", "b", "p")


def _births(first: int, last: int) -> tuple[Offer, ...]:
    return (
        Offer("ChildBorn", {"child_journey_id": ("a", "b"), "birth_date": Near(first, last)}, 2),
        Offer("MemberJoined", {"member_journey_id": ("a", "b"), "role": ("child",)}, 2, 0.9),
        Offer(
            "MemberJoined", {"member_journey_id": ("a", "p"), "role": ("parent", "adult", "other")}
        ),
        Offer("MemberLeft", {"member_journey_id": MEMBER}),
    )


def _own(first: int, last: int, tells: float) -> tuple[Offer, ...]:
    return (
        Offer("PersonIdentified", {"birth_date": Near(first, last)}, 1, tells),
        Offer("JourneyStarted", {"birth_year": (2008, 2012, 2016, 2019, 2020)}, 1, tells),
    )


_SCHOOL = (
    Offer("SchoolPlacementRequested", {"child_ref": CHILD}, 2),
    Offer("SchoolStarted", {"child_ref": CHILD}),
    Offer("SchoolChanged", {"child_ref": CHILD}),
    Offer("SchoolLeft", {"child_ref": CHILD}),
    Offer("SchoolExemptionGranted", {"child_ref": CHILD, "until": Near(0, 200)}),
)
_MOVES = (
    Offer("AssignedToMunicipality", {"municipality": TOWNS}, 2),
    Offer("AddressRegistered", {"ags": TOWNS}),
    Offer("AddressChanged", {"ags": TOWNS}),
    Offer("AsylumApplicationFiled", {"procedure": ("regulär", "folge")}, 2),
)
_ENDS = (Offer("LeftGermany"), Offer("PersonDied"), Offer("TrainingStarted"))

_COMING_AND_GOING = (
    Offer("MemberLeft", {"member_journey_id": ("a",)}, surely=0.4),
    Offer(
        "MemberJoined", {"member_journey_id": ("a",), "role": ("child",)}, tells=0.95, surely=0.4
    ),
)

M01 = Menu(
    (
        *_births(-6700, -1900),
        *_COMING_AND_GOING,
        *_own(-6700, -1900, 0.4),
        *_SCHOOL,
        *_MOVES,
        *_ENDS[::2],
    ),
    {"a": (*_own(-6700, -1900, 0.9), *_SCHOOL, *_MOVES, *_ENDS, Offer("EntryRegistered"))},
    begin=date(2024, 6, 1),
    range=900,
)

_CARE = tuple(
    Offer(name, {"child_ref": CHILD, "from": Near(-30, 400)}, weight)
    for name, weight in (
        ("ChildcareRequested", 4),
        ("ChildcareRequestWithdrawn", 1),
        ("ChildcarePlaceOffered", 1),
        ("ChildcareStarted", 1),
        ("ChildcareEnded", 1),
    )
)
_COURSES = (
    Offer("CourseEntitlementIssued", {"lapses_on": Near(20, 400)}, 3, 0.4),
    Offer("CourseStarted", {"kind": ("IK_ALLGEMEIN", "EOK")}),
    Offer("CourseCompleted"),
)
_CHILDREN = (
    *(*_births(-900, 200), *_own(-2000, -100, 0.5), *_CARE),
    Offer("SchoolStarted", {"child_ref": CHILD}),
)
M02 = Menu(
    (*_CHILDREN, *_COMING_AND_GOING, Offer("LeftGermany")),
    {"a": (*_own(-900, 200, 0.9), *_CARE, *_SCHOOL[1:2], *_ENDS, *_MOVES)},
)
M03 = Menu(
    (*_CHILDREN, *_COURSES, Offer("LeftGermany")),
    {"a": (*_own(-900, 200, 0.9), *_CARE, *_ENDS), "p": (*_COURSES, *_ENDS)},
    spans=(60, 200, 600),
)

_SGB_VIII = ("SGB_VIII", "SGB_VIII", "SGB_II", "ASYLBLG_3")
M04 = Menu(
    (
        Offer("PersonIdentified", {"birth_date": Near(-6700, -6000)}, tells=0.95, surely=1.0),
        Offer("JourneyStarted", {"birth_year": (2005, 2010)}),
        Offer("MinorTurnedAdult", {"on": Near(-60, 10)}),
        Offer("GuardianAppointed", {}, 2),
        Offer(
            "BenefitGranted",
            {"rechtskreis": _SGB_VIII, "from": Near(-60, 60), "until": Near(30, 600)},
            4,
        ),
        Offer(
            "BenefitExtended",
            {"rechtskreis": _SGB_VIII, "from": Near(-60, 60), "until": Near(30, 600)},
            2,
        ),
        Offer("HelpContinued", {"until": Near(0, 600)}),
        Offer("BenefitEnded", {"rechtskreis": _SGB_VIII}, 2),
        Offer("RechtskreisChangeCompleted", {"from": _SGB_VIII, "to": _SGB_VIII}),
        Offer("HandoverAccepted", {"reason": ("age18", "rechtskreis", "move")}, 3),
        Offer("BenefitApplied", {"rechtskreis": _SGB_VIII}, 2),
        Offer("LivelihoodSecured", {"degree": ("full", "partial")}),
        Offer("LeftGermany"),
    ),
    spans=(300, 1000),
)
M05 = Menu(
    (
        Offer(
            "AsylumDecisionIssued",
            {
                "outcome": ("asyl", "fluechtling", "subsidiaer", "abschiebungsverbot"),
                "served_on": Near(0, 30),
                "final_on": Near(0, 90),
            },
            4,
            0.7,
        ),
        Offer("FamilyReunificationApplied", {}, 2),
        Offer("FamilyReunificationNotified"),
        Offer("FamilyReunificationDecided"),
        Offer("ProtectionRevoked"),
        Offer("OfferDeclined", {"field": ("familie", "wohnen")}),
        Offer("NaturalisationCertificateHandedOver"),
        Offer("LeftGermany"),
    ),
    range=4400,
)

_KINDS = ("EQ", "EQ", "BVB", "AV_BK")
_NEXT_STEPS = (
    Offer("TrainingContractSigned", {"start": Near(-20, 500)}, 2),
    Offer("TrainingStarted"),
    Offer(
        "EmploymentStarted",
        {"employment_kind": ("MINIJOB", "SV_VOLLZEIT"), "employer": ("x", "y")},
        2,
    ),
    Offer("StudyAdmitted"),
)
_BASES = ("AUFENTHG_16A", "AUFENTHG_16G", "AUFENTHG_18A", "AUFENTHG_25A", "AUFENTHG_60C")
T03 = Menu(
    (
        Offer("TrainingCompleted", {}, 4),
        *_NEXT_STEPS,
        Offer("EmploymentChanged", {"employment_kind": ("MINIJOB", "SV_VOLLZEIT")}),
        Offer("EmploymentEnded", {"employer": ("x", "y")}),
        Offer("EmploymentStarted", {"fixed_term_until": Near(20, 400)}),
        Offer("SelfEmploymentStarted"),
        Offer("SearchPeriodGranted", {"until": Near(0, 300)}, 2),
        Offer("TitleGranted", {"basis": _BASES[:4], "valid_until": Near(200, 900)}, 2),
        Offer("TitleApplied", {"basis": _BASES[:4]}, 2),
        Offer("TitleRefused"),
        Offer("ToleranceIssued", {"basis": _BASES[4:]}, 2),
        Offer("DepartureObligationArisen"),
        Offer("AsylumDecisionIssued", {"outcome": ("fluechtling", "abgelehnt")}),
        Offer("RightOfFreeMovementRecorded"),
        Offer("NaturalisationCertificateHandedOver"),
        Offer("FictionCertificateIssued"),
    )
)
T04 = Menu(
    (
        Offer("BridgingMeasureStarted", {"kind": _KINDS, "months": (0, 1, 6, 10, 12, 18)}, 5),
        Offer("BridgingMeasureEnded", {"kind": _KINDS}, 2),
        *_NEXT_STEPS,
        Offer("SchoolStarted", {"child_ref": ("a",)}, 1, 0.4),
        Offer("LeftGermany"),
    )
)
_SKILLED = (*("AUFENTHG_18A",) * 5, "AUFENTHG_19D")
T05 = Menu(
    (
        Offer("TrainingCompleted", {}, 1, surely=1.0),
        Offer(
            "TitleGranted",
            {"basis": _SKILLED, "valid_from": Near(-30, 30), "valid_until": Near(900, 2500)},
            1,
            0.95,
            surely=1.0,
        ),
        Offer(
            "PensionMonthsConfirmed",
            {"months": (10, 20, 24, 30, 40), "as_of": Near(-60, 0)},
            1,
            0.9,
            surely=0.9,
        ),
        Offer(
            "LanguageTestTaken",
            {"result": ("A2", "B1", "B2"), "accredited": (True, True, False)},
            1,
        ),
        Offer(
            "LanguageTestTaken",
            {
                "per_skill": ({"speaking": "B1", "writing": "A2"}, {"speaking": "B1"}),
                "result": ("B2",),
            },
        ),
        Offer("IntegrationCourseCertificateIssued", surely=0.6),
        Offer("CivicsTestTaken", {"points": (10, 16, 20), "passed_ok": (True, False)}, 1),
        Offer("NaturalisationTestTaken", {"points": (12, 20)}),
        Offer("LivelihoodSecured", {"degree": ("full", "predominantly")}),
        Offer("LivelihoodLost"),
        Offer("BenefitGranted", {"rechtskreis": ("SGB_II", "WOGG_KIZ"), "until": Near(20, 300)}),
        Offer("EmploymentStarted", {"employment_kind": ("SV_VOLLZEIT",)}),
        Offer("AbsenceAbroadRecorded", {"from": Near(-40, 0), "until": Near(20, 400)}),
        Offer(
            "TitleApplied",
            {
                "basis": ("AUFENTHG_18C", "AUFENTHG_9", "AUFENTHG_18A"),
                "kind": ("verlaengerung", "erst"),
            },
            2,
        ),
        Offer("TitleRefused"),
        Offer("TitleGranted", {"basis": ("AUFENTHG_18C",)}),
        Offer("NaturalisationCertificateHandedOver"),
    ),
    begin=date(2012, 1, 1),
    spans=(1000, 1800),
)

MENUS = {
    "M01": M01,
    "M02": M02,
    "M03": M03,
    "M04": M04,
    "M05": M05,
    "T03": T03,
    "T04": T04,
    "T05": T05,
}
