"""Journeys directed at naturalisation: long stays in which the rules N01 to N11 have something to say."""

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from domain.chain.reading import Told
from domain.chain.rule import Rule
from domain.days import PartialDate
from domain.events.registry import read_fact
from tests.chain.journeys import Drawn

Draw = random.Random
Attributes = dict[str, Any]

GOOD = ("25_1", "25_2_FL", "25_2_SUB", "28", "18A", "25B", "9", "26_3")
EXCLUDED = ("25_5", "25_3", "24", "16B", "104C", "23_1", "23_1", "22")
LEVELS = ("A2", "B1", "B1", "B2", "C1")
NEED = ("SGB_II", "SGB_XII_3", "ASYLBLG_2", "WOGG_KIZ")
LISTS: tuple[list[str], ...] = (["a"], ["b"], ["a", "b"], [])


def _near(draw: Draw, day: date, *offsets: int) -> str:
    told = day + timedelta(days=draw.choice(offsets))
    return told.isoformat() if draw.random() < 0.9 else told.isoformat()[:7]


def _basis(draw: Draw) -> str:
    return "AUFENTHG_" + draw.choice(GOOD if draw.random() < 0.6 else EXCLUDED)


def _title(draw: Draw, day: date) -> Attributes:
    end = day if draw.random() < 0.4 else None
    return {
        "basis": draw.choice((_basis(draw), _basis(draw), _basis(draw), None)),
        "valid_until": end and _near(draw, end, 200, 365, 730, 1095, 1900),
        "valid_from": _near(draw, day, -30, 0, 10, -400) if draw.random() < 0.1 else None,
    }


def _absence(draw: Draw, day: date) -> Attributes:
    return {
        "from": _near(draw, day, -30, 0, 0, 20) if draw.random() < 0.7 else None,
        "until": _near(draw, day, 20, 120, 180, 183, 190, 400) if draw.random() < 0.75 else None,
        "allowed_until": _near(draw, day, 150, 300, 900) if draw.random() < 0.5 else None,
    }


def _identity(draw: Draw, day: date) -> Attributes:
    return {
        "means": draw.choice(("pass", "pass", "id", "other", None)),
        "date": _near(draw, day, -10, 0),
        "accepted_on": _near(draw, day, 0, 100) if draw.random() < 0.4 else None,
        "purposes": draw.choice(
            (None, None, ["StAG"], ["§ StAG"], ["60b", " StAG § 10"], ["60b"], [])
        ),
    }


def _conviction(draw: Draw, day: date) -> Attributes:
    return {
        "daily_rates": draw.choice((None, 30, 60, 90, 120)),
        "months": draw.choice((None, None, 0, 1, 4)),
        "suspended": draw.choice((None, True, False)),
        "hate_motive": draw.choice((None, None, None, False, True)),
    }


def _language(draw: Draw, day: date) -> Attributes:
    skills = {"reading": draw.choice(LEVELS), "speaking": draw.choice(LEVELS)}
    return {
        "result": draw.choice((*LEVELS, None)),
        "per_skill": draw.choice((None, None, skills)),
        "accredited": draw.choice((None, None, True, False)),
        "test_kind": draw.choice((None, None, "DTZ", "EINSTUFUNG", "LID")),
    }


def _job(draw: Draw, day: date) -> Attributes:
    return {
        "employment_kind": draw.choice(("SV_VOLLZEIT", "SV_VOLLZEIT", "SV_TEILZEIT", None)),
        "employer": draw.choice(("a", "b", None)),
        "fixed_term_until": _near(draw, day, 300, 600, 700) if draw.random() < 0.3 else None,
    }


def _one(name: str, *values: Any) -> Callable[[Draw, date], Attributes]:
    return lambda draw, day: {name: draw.choice(values)}


def _benefit(draw: Draw, day: date) -> Attributes:
    return {
        "rechtskreis": draw.choice((*NEED, None)),
        "from": _near(draw, day, -20, 0, 10) if draw.random() < 0.4 else None,
        "until": _near(draw, day, 100, 180, 365) if draw.random() < 0.6 else None,
    }


MAKERS: dict[str, Callable[[Draw, date], Attributes]] = {
    "TitleGranted": _title,
    "AbsenceAbroadRecorded": _absence,
    "IdentityClarified": _identity,
    "ConvictionRecorded": _conviction,
    "LanguageTestTaken": _language,
    "EmploymentStarted": _job,
    "EmploymentChanged": _job,
    "EmploymentEnded": _one("employer", "a", "b", None),
    "BenefitGranted": _benefit,
    "BenefitExtended": _benefit,
    "BenefitEnded": _one("rechtskreis", *NEED, None),
    "LivelihoodSecured": _one("degree", "full", "full", "full", "predominantly", "partial", None),
    "CivicsTestTaken": lambda draw, day: {
        "points": draw.choice((None, 15, 16, 17, 30)),
        "passed_natural": draw.choice((None, True, False)),
    },
    "NaturalisationTestTaken": _one("points", 16, 17, 30, None),
    "MarriageRecorded": lambda draw, day: {
        "spouse_german": draw.choice((True, True, False, None)),
        "recognised": draw.choice((None, None, True, False)),
    },
    "PassportIssued": _one("kind", "nationalpass", "nationalpass", "RA_fluechtling", None),
    "ToleranceIssued": lambda draw, day: {
        "basis": draw.choice(("AUFENTHG_60A", "AUFENTHG_60B", None)),
        "valid_until": draw.choice((None, _near(draw, day, 90, 180))),
    },
    "TitleApplied": lambda draw, day: {
        "basis": draw.choice((None, _basis(draw))),
        "kind": draw.choice((None, "verlaengerung")),
    },
    "TitleShortened": lambda draw, day: {"new_valid_until": _near(draw, day, -20, 0, 60, 300)},
    "DecisionAnnulledRetroactively": lambda draw, day: {
        "target": draw.choice([f"f{place}" for place in range(3, 9)]),
        "effective_from": draw.choice((None, _near(draw, day, -100, -20, 0, 60))),
    },
    "AsylumDecisionIssued": lambda draw, day: {
        "outcome": draw.choice(("fluechtling", "subsidiaer", "abschiebungsverbot", "abgelehnt")),
        "final_on": draw.choice((None, _near(draw, day, 0, 30))),
    },
    "AsylumApplicationFiled": _one("procedure", "regulär", "folge", None),
    "PersonIdentified": lambda draw, day: {
        "birth_date": draw.choice(("1990-05-01", "2006-02", "2008-02-29", "2005"))
    },
    "ServiceLinked": _one(
        "field", None, "einbuergerung", "aufenthalt", "arbeit", "sprache", "soziale_beratung"
    ),
    "ContactHeld": lambda draw, day: {
        "no_show": draw.choice((None, False, True)),
        "channel": draw.choice((None, "office", "phone", "home")),
    },
    "NaturalisationDocumentsRequested": lambda draw, day: {
        "items": draw.choice((None, *LISTS)),
        "due": draw.choice((None, _near(draw, day, -5, 14, 60))),
    },
    "NaturalisationDocumentsProvided": lambda draw, day: {"items": draw.choice((None, *LISTS))},
    "NaturalisationAssuranceGranted": lambda draw, day: {
        "valid_until": draw.choice((None, _near(draw, day, 60, 365, 730)))
    },
    "AppealFiled": lambda draw, day: {
        "kind": draw.choice(("untaetigkeit", "klage", None)),
        "against": draw.choice((None, "NaturalisationApplied", "f1", "TitleRefused")),
    },
    "LoyaltyDeclarationMade": lambda draw, day: {"date": draw.choice((None, _near(draw, day, -9)))},
}

STAY = (
    *("TitleGranted", "TitleGranted", "TitleGranted", "TitleApplied", "TitleRefused"),
    *("AsylumDecisionIssued", "AsylumApplicationFiled", "RightOfFreeMovementRecorded"),
    *("FictionCertificateIssued", "ContinuationOrdered", "ToleranceIssued", "TitleRevoked"),
    *("TitleExpired", "TitleShortened", "EntryRegistered", "LeftGermany", "AddressRegistered"),
    "AddressChanged",
    *("DepartureObligationArisen", "ContactHeld", "AbsenceAbroadRecorded"),
    *("AbsenceAbroadRecorded", "ProtectionRevoked"),
)
PROCEDURE = (
    *("NaturalisationApplied", "NaturalisationApplied", "NaturalisationRefused"),
    *("NaturalisationWithdrawn", "NaturalisationCertificateHandedOver"),
)
ACTS = (
    *("NaturalisationApproved", "NaturalisationAssuranceGranted", "NaturalisationSuspended"),
    *("NaturalisationDocumentsRequested", "NaturalisationDocumentsProvided"),
    *("NaturalisationHearingLetter", "SecurityCheckCompleted", "NaturalisationReversed"),
    *("AppealFiled", "NaturalisationDocumentsRequested", "PersonDied", "LeftGermany"),
)
LIVELIHOOD = (
    *("LivelihoodSecured", "LivelihoodSecured", "LivelihoodLost", "BenefitGranted"),
    *("BenefitEnded", "BenefitExtended", "EmploymentStarted", "EmploymentChanged"),
    "EmploymentEnded",
)
ITEMS = (
    *LIVELIHOOD,
    *("IdentityClarified", "IdentityClarified", "PassportIssued", "IdentityDocumentsRequested"),
    *("LoyaltyDeclarationMade", "ConvictionRecorded", "LanguageTestTaken", "LanguageTestTaken"),
    *("CivicsTestTaken", "NaturalisationTestTaken", "MarriageRecorded", "PartnershipEnded"),
    *("VolunteeringStarted", "IntegrationCourseCertificateIssued", "PersonIdentified"),
)
ADVICE = ("NaturalisationAdvised", "PrecheckCompleted", "ServiceLinked", "ServiceLinked")
# What a naturalisation rests on, told at the beginning of a long stay.
PROVEN: tuple[tuple[str, Attributes], ...] = (
    ("IdentityClarified", {"means": "pass"}),
    ("LivelihoodSecured", {"degree": "full"}),
    ("LanguageTestTaken", {"result": "B1"}),
    ("CivicsTestTaken", {"points": 20}),
)
# What stands in the way of it, each instead of what is proven at the same place.
LACKING: tuple[tuple[str, Attributes], ...] = (
    ("IdentityDocumentsRequested", {}),
    ("BenefitGranted", {"rechtskreis": "SGB_II"}),
    ("LanguageTestTaken", {"result": "A2"}),
    ("CivicsTestTaken", {"points": 15}),
)
# What makes a way shorter: married to a German, special achievements, a course.
SHORTER: tuple[tuple[tuple[str, Attributes], ...], ...] = (
    (("MarriageRecorded", {"spouse_german": True}),),
    (("VolunteeringStarted", {}), ("LanguageTestTaken", {"result": "C1"})),
    (("IntegrationCourseCertificateIssued", {}),),
    (("LanguageTestTaken", {"result": "B2"}),),
)
ANNULLED = ("TitleShortened", "TitleRefused", *("DecisionAnnulledRetroactively",) * 3)
PALETTES = {
    "N01": (*STAY, *ITEMS * 3, *PROCEDURE, *ADVICE),
    "N02": (*STAY, *ITEMS * 3, *PROCEDURE, *ADVICE),
    "N03": (*STAY, *ADVICE, "TitleGranted", "TitleGranted"),
    "N04": (*PROCEDURE, *ACTS, *ACTS),
    "N05": (*PROCEDURE, *ACTS, *ACTS[3:5], *ACTS[3:5]),
    "N06": (*PROCEDURE, *ACTS),
    "N07": (*STAY, *PROCEDURE, *PROCEDURE[:1], "TitleGranted", "TitleApplied", *ANNULLED * 3),
    "N08": (*LIVELIHOOD, *PROCEDURE, "LivelihoodLost", "BenefitGranted", "ContactHeld"),
    "N09": (*STAY, *("AbsenceAbroadRecorded",) * 12),
    "N10": (*PROCEDURE, *ACTS, "NaturalisationAssuranceGranted"),
    "N11": STAY,
}
LONG = ("N01", "N02", "N03", "N09", "N11")
FIRST: dict[str, tuple[tuple[str, Attributes], ...]] = {
    "N04": (("NaturalisationApplied", {}),),
    "N06": (("NaturalisationApproved", {}),),
    "N07": (("TitleGranted", {"basis": "AUFENTHG_25_1"}), ("NaturalisationApplied", {})),
    "N08": (("NaturalisationApplied", {}),),
}


def directed(seed: int, rule: Rule) -> Drawn:
    """The journey of a seed, of what the rule looks at."""
    draw = random.Random(f"{rule.id} {seed}")
    long = rule.id in LONG
    begin = date(2012, 1, 1) + timedelta(days=draw.randint(0, 3600))
    span = draw.choice((1500, 3000, 4000)) if long else draw.choice((150, 400, 1000))
    told: list[Told] = []
    for name, attributes in _beginning(draw, rule):
        day = begin + timedelta(days=draw.randint(0, span // 3))
        if rule.id == "N07" and name == "TitleGranted":
            attributes = attributes | {"valid_until": _near(draw, day, 60, 100, 200, 365)}
        told.append(_fact(draw, len(told) + 1, name, day, attributes))
    for _ in range(draw.randint(2, 12)):
        name = draw.choice(PALETTES[rule.id])
        day = begin + timedelta(days=draw.randint(0, span))
        told.append(_fact(draw, len(told) + 1, name, day, _made(draw, name, day)))
    if draw.random() < 0.5:
        draw.shuffle(told)
    known = begin + timedelta(days=draw.randint(0, span)) if draw.random() < 0.1 else None
    return Drawn(tuple(told), known, ())


def _beginning(draw: Draw, rule: Rule) -> list[tuple[str, Attributes]]:
    if rule.id not in LONG:
        return list(FIRST.get(rule.id, ()))
    good = rule.id in ("N01", "N02") and draw.random() < 0.7
    title: Attributes = {"basis": "AUFENTHG_25_1" if good else _basis(draw)}
    found = [("TitleGranted", title)] if draw.random() < 0.8 else []
    if rule.id in ("N01", "N02"):
        lacking = draw.randrange(8 if rule.id == "N01" else 5)
        told = [LACKING[at] if at == lacking else one for at, one in enumerate(PROVEN)]
        found += [one for one in told if draw.random() < 0.9]
        found += draw.choice((*SHORTER, ()))
    return found


def _made(draw: Draw, name: str, day: date) -> Attributes:
    attributes = MAKERS[name](draw, day) if name in MAKERS else {}
    return {key: value for key, value in attributes.items() if value is not None}


def _fact(draw: Draw, place: int, name: str, day: date, attributes: Attributes) -> Told:
    recorded = None
    if draw.random() < 0.2:
        late = day + timedelta(days=draw.choice((0, 0, 9, 200)))
        recorded = datetime(late.year, late.month, late.day, 10, tzinfo=UTC)
    exact = draw.random()
    when = PartialDate.of(day)
    if exact > 0.97:
        when = PartialDate()
    elif exact > 0.85:
        when = PartialDate(day.year, day.month) if exact > 0.88 else PartialDate(day.year)
    return Told(f"f{place}", read_fact(name, attributes), when, recorded)
