"""What if: two readings of the same rules, and nothing but their differences."""

from datetime import date

import pytest

from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.fields import Handlungsfeld
from domain.vocabulary.benefits import Rechtskreis
from projections.field_states import WorkState
from projections.what_if import Effect, WhatIf, what_if

TODAY = date(2026, 2, 1)


def told(*lines: str, mark: str = "f") -> list[Told]:
    facts = []
    for place, line in enumerate(lines, 1):
        name, day, *rest = line.split()
        attributes = dict(word.split("=") for word in rest)
        facts.append(Told(f"{mark}{place}", read_fact(name, attributes), PartialDate.parse(day)))
    return facts


AT_A_COURSE = told(
    "TitleGranted 2025-06-01 basis=AUFENTHG_25_1 valid_until=2028-05-31",
    "CourseStarted 2025-12-01 kind=IK_ALLGEMEIN mode=full",
    "CourseRegistered 2026-01-10 kind=BSK_B2",
)
JOB = told("EmploymentStarted 2026-03-01 employment_kind=SV_VOLLZEIT hours_per_week=39", mark="h")


def effects(result: WhatIf) -> dict[str, Effect]:
    return {one.interval.rule: one.effect for one in result.gaps}


def test_a_job_collides_with_a_full_time_course() -> None:
    result = what_if(AT_A_COURSE, JOB, TODAY)
    assert effects(result)["B07"] is Effect.OPENS
    (conflict,) = [one for one in result.gaps if one.interval.rule == "B07"]
    assert conflict.before is None
    assert conflict.interval.begins_on == date(2026, 3, 1)


def test_the_field_in_which_the_person_would_stand_elsewhere_is_named_on_the_later_day() -> None:
    result = what_if(AT_A_COURSE, JOB, TODAY)
    assert result.day == date(2026, 3, 1)
    (work,) = [one for one in result.fields if one.before.field is Handlungsfeld.ARBEIT]
    assert work.after.state is WorkState.FULL
    assert work.before.state is not WorkState.FULL


def test_what_a_fact_would_fulfil_closes() -> None:
    known = told("TitleGranted 2024-04-01 basis=AUFENTHG_25_1 valid_until=2026-04-30")
    applied = told("TitleApplied 2026-03-10 kind=verlaengerung", mark="h")
    result = what_if(known, applied, TODAY)
    assert effects(result)["A01"] is Effect.CLOSES
    assert effects(result)["A03"] is Effect.OPENS
    assert effects(result)["A02"] is Effect.CLOSES


def test_what_is_over_in_both_readings_is_not_told() -> None:
    known = told("CourseRegistered 2024-01-10", "CourseStarted 2024-02-01 kind=IK_ALLGEMEIN")
    result = what_if(known, told("ContactHeld 2026-03-01", mark="h"), TODAY)
    assert "S05" not in effects(result)


def test_a_fact_that_changes_nothing_has_no_effect() -> None:
    result = what_if(AT_A_COURSE, told("BankAccountOpened 2026-03-01", mark="h"), TODAY)
    assert (result.gaps, result.fields, result.items, result.clocks) == ((), (), (), ())


def test_a_job_lifts_the_residence_duty_and_leads_out_of_the_benefit() -> None:
    known = told(
        "AssignedToMunicipality 2024-09-01 municipality=05916000",
        "AsylumDecisionIssued 2025-06-01 outcome=fluechtling served_on=2025-06-03",
        "TitleGranted 2025-07-01 basis=AUFENTHG_25_2_FL valid_until=2028-06-30",
        "BenefitGranted 2025-07-01 rechtskreis=SGB_II from=2025-07-01 until=2026-06-30",
    )
    offer = told(
        "EmploymentStarted 2026-03-01 employment_kind=SV_VOLLZEIT hours_per_week=39",
        "BenefitEnded 2026-03-31 rechtskreis=SGB_II",
        mark="h",
    )
    result = what_if(known, offer, date(2026, 4, 15))
    (duty,) = result.duties
    assert (duty.duty.fact.id, duty.binds) == ("f2", False)
    (circle,) = [one for one in result.fields if one.before.field is Handlungsfeld.LEISTUNGEN]
    assert (circle.before.state, circle.after.state) == (
        Rechtskreis.SGB_II,
        Rechtskreis.OWN_INCOME,
    )


def test_only_the_rights_that_are_for_such_a_person_are_told() -> None:
    known = told("TitleGranted 2025-07-01 basis=AUFENTHG_25_2_FL valid_until=2028-06-30")
    secured = told("LivelihoodSecured 2026-01-01 degree=full", mark="h")
    listed = {one.checklist.id for one in what_if(known, secured, TODAY).items}
    assert {"26_3", "STAG_10"} <= listed
    assert not listed & {"18C_1", "28_2", "AUFENTHG_25B", "STAG_9"}


BOUND = (
    "AssignedToMunicipality 2024-09-01 municipality=05916000",
    "AsylumDecisionIssued 2025-06-01 outcome=fluechtling served_on=2025-06-03",
    "TitleGranted 2025-07-01 basis=AUFENTHG_25_2_FL valid_until=2028-06-30",
)


@pytest.mark.parametrize(
    "fact",
    [
        "StudyAdmitted 2026-03-01",
        "VocationalCourseStarted 2026-03-01",
        "CourseStarted 2026-03-01 kind=IK_ALLGEMEIN",
        "NaturalisationCertificateHandedOver 2026-03-01",
        "LeftGermany 2026-03-01",
    ],
)
def test_whatever_lifts_the_residence_duty_is_told(fact: str) -> None:
    (duty,) = what_if(told(*BOUND), told(fact, mark="h"), TODAY).duties
    assert not duty.binds


def test_a_fixed_term_lifts_it_through_its_last_day_of_work() -> None:
    term = "EmploymentStarted 2026-02-01 employment_kind=SV_VOLLZEIT fixed_term_until=2026-06-30"
    lifted = [
        bool(what_if(told(*BOUND), told(term, mark="h"), day).duties)
        for day in (date(2026, 6, 30), date(2026, 7, 1))
    ]
    assert lifted == [True, False]


def test_a_benefit_of_nothing_hides_no_own_means() -> None:
    known = told("BenefitGranted 2025-07-01 rechtskreis=NONE")
    (circle,) = [
        one
        for one in what_if(known, JOB, TODAY).fields
        if one.before.field is Handlungsfeld.LEISTUNGEN
    ]
    assert circle.after.state is Rechtskreis.OWN_INCOME
