"""Registration (A18), and living where one has to (A19, A20; cases W17, W39, W40, C24, C25, C60, C81)."""

from collections.abc import Callable
from typing import Any

import pytest

from domain.chain.derived import Derived
from domain.chain.intervals import ClosedBy, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

ASSIGNED = "AssignedToMunicipality 2016-08-31 municipality=05117000"
RECOGNISED = "AsylumDecisionIssued 2017-03-20 outcome=subsidiaer"
BOUND = "ResidenceObligationImposed 2017-04-03 scope=gemeinde area=05117000 until=2020-03-20"
AWAY = "AddressChanged 2018-05-01 ags=05916000"
BERLIN = "AddressChanged 2018-05-01 ags=11000000"


# A18


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-03-02", State.NOT_APPLICABLE),
        ("2025-03-03", State.DUE),
        ("2025-03-17", State.DUE),
        ("2025-03-18", State.OPEN),
    ],
)
def test_a_move_is_to_be_registered_within_two_weeks(given: Given, day: str, state: State) -> None:
    assert given("HousingChanged 2025-03-03").state("A18", day) is state


def test_the_last_day_stands_also_on_a_holiday(given: Given) -> None:
    assert given("HousingChanged 2012-12-11").rows("A18") == ["f1 2012-12-11..2012-12-25"]


@pytest.mark.parametrize("fact", ["AddressRegistered", "AddressChanged"])
def test_registering_closes_it(given: Given, fact: str) -> None:
    move = "HousingChanged 2025-03-03"
    assert given(move, f"{fact} 2025-03-03").only("A18").closed_by is ClosedBy.IN_TIME
    assert given(move, f"{fact} 2025-03-17").only("A18").closed_by is ClosedBy.IN_TIME
    assert given(move, f"{fact} 2025-03-18").only("A18").closed_by is ClosedBy.LATE
    assert given(f"{fact} 2025-03-01", move).only("A18").closed_by is None


def test_w39_c60_the_next_move_replaces_the_duty(given: Given) -> None:
    past = given(
        "HousingChanged 2012-12-07", "HousingChanged 2012-12-11", "HousingChanged 2013-01-02"
    )
    assert past.rows("A18") == [
        "f1 2012-12-07..2012-12-21 superseded 2012-12-11 f2",
        "f2 2012-12-11..2012-12-25 superseded 2013-01-02 f3",
        "f3 2013-01-02..2013-01-16",
    ]
    assert past.states("A18", "2012-12-22") == {"f1": State.CLOSED, "f2": State.DUE}


@pytest.mark.parametrize("kind", ["land_facility", "communal"])
def test_in_collective_accommodation_the_office_registers(given: Given, kind: str) -> None:
    collective = f"HousingChanged 2025-03-05 kind={kind}"
    assert given(collective).intervals("A18") == ()
    assert given("HousingChanged 2025-03-03", collective).rows("A18") == [
        "f1 2025-03-03..2025-03-17 cancelled 2025-03-05 f2"
    ]
    assigned = given("HousingChanged 2025-03-03", "HousingAssigned 2025-03-06")
    assert assigned.only("A18").closed_by is ClosedBy.CANCELLED


# the duties themselves


def duties(past: Any) -> list[str]:
    found = Derived(read(past.told)).duties
    return [f"{one.fact.id} {one.by_law} {one.area} {one.last}" for one in found]


def test_w17_the_land_binds_by_law_and_the_town_by_decision(given: Given) -> None:
    assert duties(given(ASSIGNED, RECOGNISED, BOUND)) == [
        "f2 True 05 2020-03-20",
        "f3 False 05117000 2020-03-20",
    ]


def test_w17_the_law_binds_from_2016_on_and_only_who_was_assigned(given: Given) -> None:
    assert duties(given(RECOGNISED)) == []
    assert (
        duties(
            given(
                ASSIGNED.replace("2016-08", "2014-08"),
                "AsylumDecisionIssued 2015-12-31 outcome=asyl",
            )
        )
        == []
    )
    first = given(
        ASSIGNED.replace("2016-08", "2014-08"), "AsylumDecisionIssued 2016-01-01 outcome=asyl"
    )
    assert duties(first) == ["f2 True 05 2019-01-01"]
    unknown = given("AssignedToMunicipality 2016-08-31", RECOGNISED)
    assert duties(unknown) == ["f2 True None 2020-03-20"]


@pytest.mark.parametrize(
    ("fact", "binds"),
    [
        ("AsylumDecisionIssued 2017-03-20 outcome=abschiebungsverbot", False),
        ("TitleGranted 2017-03-20 basis=AUFENTHG_25_3", True),
        ("TitleGranted 2017-03-20 basis=AUFENTHG_24", True),
        ("TitleGranted 2017-03-20 basis=AUFENTHG_25_2_FL", True),
        ("TitleGranted 2017-03-20 basis=AUFENTHG_18A", False),
    ],
)
def test_the_duty_by_law_follows_recognition_or_the_first_title_of_its_kind(
    given: Given, fact: str, *, binds: bool
) -> None:
    assert bool(duties(given(ASSIGNED, fact))) is binds
    again = given(ASSIGNED, RECOGNISED, "TitleGranted 2018-01-10 basis=AUFENTHG_25_2_SUB")
    assert duties(again) == ["f2 True 05 2020-03-20"]


def test_w17_without_a_printed_end_a_decision_binds_three_years_from_recognition(
    given: Given,
) -> None:
    imposed = "ResidenceObligationImposed 2017-04-03 scope=gemeinde"
    assert duties(given(RECOGNISED, imposed)) == ["f2 False None 2020-03-20"]
    leap = given(
        "AsylumDecisionIssued 2016-02-29 outcome=asyl", "ResidenceObligationImposed 2016-04-03"
    )
    assert duties(leap) == ["f2 False None 2019-02-28"]
    assert duties(given(imposed, RECOGNISED.replace("2017-03-20", "2017-05-01"))) == [
        "f1 False None None"
    ]


@pytest.mark.parametrize(
    ("lift", "law", "town"),
    [
        ("ResidenceObligationLifted 2018-09-04", "2018-09-03", "2018-09-03"),
        ("ResidenceObligationLifted 2018-09-04 by=authority", "2018-09-03", "2018-09-03"),
        ("ResidenceObligationLifted 2018-09-04 by=court", "2020-03-20", "2018-09-03"),
        ("ResidenceObligationLifted 2018-09-04 lift_reason=court", "2020-03-20", "2018-09-03"),
        ("ResidenceObligationLifted 2018-09-04 scope=land", "2018-09-03", "2020-03-20"),
        ("ResidenceObligationLifted 2018-09-04 scope=gemeinde", "2020-03-20", "2018-09-03"),
        ("ResidenceObligationLifted 2018-09-04 obligation=f2", "2018-09-03", "2020-03-20"),
        ("ResidenceObligationEnded 2018-09-04 obligation=f3", "2020-03-20", "2018-09-03"),
        ("AppealDecided 2018-09-04 outcome=granted against=f3", "2020-03-20", "2018-09-03"),
        ("AppealDecided 2018-09-04 outcome=dismissed against=f3", "2020-03-20", "2020-03-20"),
        ("AppealDecided 2018-09-04 outcome=granted", "2020-03-20", "2020-03-20"),
        (
            "DecisionAnnulledRetroactively 2018-09-04 target=f3 effective_from=2018-01-01",
            "2020-03-20",
            "2018-09-03",
        ),
    ],
)
def test_w17_a_lift_says_which_of_the_two_and_a_court_annuls_no_law(
    given: Given, lift: str, law: str, town: str
) -> None:
    assert duties(given(ASSIGNED, RECOGNISED, BOUND, lift)) == [
        f"f2 True 05 {law}",
        f"f3 False 05117000 {town}",
    ]


def test_a_decision_annulled_from_its_day_on_never_bound(given: Given) -> None:
    annulled = "DecisionAnnulledRetroactively 2018-09-04 target=f3"
    assert duties(given(ASSIGNED, RECOGNISED, BOUND, annulled)) == ["f2 True 05 2020-03-20"]


def test_the_next_decision_of_the_same_scope_takes_over(given: Given) -> None:
    newer = "ResidenceObligationImposed 2018-01-10 scope=gemeinde area=05916000 until=2020-03-20"
    assert duties(given(RECOGNISED, BOUND, newer)) == [
        "f2 False 05117000 2018-01-09",
        "f3 False 05916000 2020-03-20",
    ]
    land = "ResidenceObligationImposed 2018-01-10 scope=land area=05"
    assert duties(given(RECOGNISED, BOUND, land))[0] == "f2 False 05117000 2020-03-20"


# A19


def test_a_move_out_of_the_town_breaks_its_duty_at_once(given: Given) -> None:
    past = given(RECOGNISED, BOUND, AWAY)
    assert past.rows("A19") == ["f2+f3 2018-05-01..2018-04-30 superseded 2020-03-21"]
    assert past.state("A19", "2018-04-30") is State.NOT_APPLICABLE
    assert past.state("A19", "2018-05-01") is State.OPEN
    assert past.only("A19").severity is Severity.HIGH


def test_w17_a_move_within_the_land_breaks_no_law_one_out_of_it_does(given: Given) -> None:
    assert given(ASSIGNED, RECOGNISED, AWAY).rows("A19") == []
    assert given(ASSIGNED, RECOGNISED, BERLIN).rows("A19") == [
        "f2+f3 2018-05-01..2018-04-30 superseded 2020-03-21"
    ]
    both = given(ASSIGNED, RECOGNISED, BOUND, BERLIN)
    assert [one.key for one in both.intervals("A19")] == ["f2+f4", "f3+f4"]


def test_w40_staying_elsewhere_breaks_a_duty_imposed_later(given: Given) -> None:
    past = given("AddressRegistered 2016-09-10 ags=05916000", RECOGNISED, BOUND)
    assert past.rows("A19") == ["f3+f1 2017-04-03..2017-04-02 superseded 2020-03-21"]


def test_w40_moving_back_closes_it_and_moving_on_supersedes(given: Given) -> None:
    back = given(RECOGNISED, BOUND, AWAY, "AddressChanged 2018-08-01 ags=05117000")
    assert back.rows("A19") == ["f2+f3 2018-05-01..2018-04-30 late 2018-08-01 f4"]
    further = "AddressChanged 2018-08-01 ags=05913000"
    on = given(RECOGNISED, BOUND, AWAY, further, "AddressChanged 2018-10-01 ags=05117000")
    assert on.rows("A19") == [
        "f2+f3 2018-05-01..2018-04-30 superseded 2018-08-01 f4",
        "f2+f4 2018-08-01..2018-07-31 late 2018-10-01 f5",
    ]


def test_c25_a_duty_annulled_is_broken_by_nobody(given: Given) -> None:
    lifted = "ResidenceObligationLifted 2018-09-04 lift_reason=court"
    assert (
        given(RECOGNISED, BOUND, lifted, "AddressChanged 2018-09-05 ags=05916000").rows("A19") == []
    )
    before = given(RECOGNISED, BOUND, AWAY, lifted)
    assert before.rows("A19") == ["f2+f3 2018-05-01..2018-04-30 cancelled 2018-09-04 f4"]
    same_day = given(RECOGNISED, BOUND, AWAY, "ResidenceObligationLifted 2018-05-01")
    assert same_day.rows("A19") == []


def test_the_day_of_moving_in_counts_not_that_of_registering(given: Given) -> None:
    past = given(
        RECOGNISED,
        BOUND,
        "AddressChanged 2018-05-10 move_in=2018-05-01 ags=05916000",
        "ResidenceObligationLifted 2018-05-05",
    )
    assert past.rows("A19") == ["f2+f3 2018-05-01..2018-04-30 cancelled 2018-05-05 f4"]


@pytest.mark.parametrize(
    ("fact", "exempts"),
    [
        ("EmploymentStarted {} hours_per_week=15", True),
        ("EmploymentStarted {} hours_per_week=14.5", False),
        ("EmploymentStarted {} employment_kind=SV_VOLLZEIT", True),
        ("EmploymentStarted {} employment_kind=MINIJOB", False),
        ("TrainingStarted {}", True),
        ("StudyAdmitted {}", True),
        ("VocationalCourseStarted {}", True),
        ("CourseStarted {} kind=IK_ALLGEMEIN", True),
        ("CourseStarted {} kind=EOK", False),
    ],
)
def test_work_training_or_a_course_lifts_the_bond(
    given: Given, fact: str, *, exempts: bool
) -> None:
    later = given(RECOGNISED, BOUND, AWAY, fact.format("2018-07-01")).only("A19")
    assert (later.closed_by is ClosedBy.CANCELLED) is exempts


@pytest.mark.parametrize(
    ("facts", "exempts"),
    [
        (["EmploymentStarted 2018-03-01 hours_per_week=20"], True),
        (
            [
                "EmploymentStarted 2018-03-01 hours_per_week=20",
                "EmploymentEnded 2018-04-30",
            ],
            False,
        ),
        (["EmploymentStarted 2018-03-01 hours_per_week=20 fixed_term_until=2018-04-30"], False),
        (["EmploymentStarted 2018-03-01 hours_per_week=20 fixed_term_until=2018-05-01"], True),
        (["TrainingStarted 2018-03-01"], True),
        (["TrainingStarted 2018-03-01", "TrainingAborted 2018-04-30"], False),
        (["CourseStarted 2018-03-01 kind=IK_ALLGEMEIN"], False),
    ],
)
def test_work_or_training_that_runs_already_frees_the_move(
    given: Given, facts: list[str], *, exempts: bool
) -> None:
    assert (given(RECOGNISED, BOUND, *facts, AWAY).intervals("A19") == ()) is exempts


def test_w40_a_facility_binds_whatever_the_work(given: Given) -> None:
    bound = "ResidenceObligationImposed 2017-04-03 scope=einrichtung"
    private = "HousingChanged 2018-05-01 kind=private_lease"
    past = given("TrainingStarted 2018-03-01", bound, private, "TrainingStarted 2018-09-01")
    assert past.rows("A19") == ["f2+f3 2018-05-01..2018-04-30"]
    assert given(bound, "HousingChanged 2018-05-01 kind=communal").data_rows("A19")


def test_d17_a_move_to_an_untold_place_is_a_data_row(given: Given) -> None:
    (row,) = given(RECOGNISED, BOUND, "AddressChanged 2018-05-01").data_rows("A19")
    assert (str(row.begins_on), row.kind) == ("2018-05-01", Kind.DATA)
    assert given(RECOGNISED, BOUND, "HousingChanged 2018-05-01").data_rows("A19")
    named = BOUND.replace("area=05117000", "area=Herne")
    assert given(RECOGNISED, named, AWAY).data_rows("A19")
    registered = given(RECOGNISED, BOUND, "AddressRegistered 2018-05-01")
    assert registered.intervals("A19") == ()
    assert given("AddressChanged 2017-01-10", RECOGNISED, BOUND).intervals("A19") == ()


def test_without_any_duty_nothing_is_broken(given: Given) -> None:
    assert given(AWAY, "HousingChanged 2019-01-10").intervals("A19") == ()


def test_c81_a_breach_told_is_open_until_the_next_move_or_the_lift(given: Given) -> None:
    bound = "ResidenceObligationImposed 2017-04-03 scope=einrichtung"
    breach = "ResidenceDutyBreached 2018-02-10"
    assert given(bound, breach).rows("A19") == ["f2 2018-02-10..2018-02-09"]
    assert given(breach).state("A19", "2018-02-10") is State.OPEN
    training = given(bound, breach, "TrainingStarted 2018-03-01 training_kind=SCHULISCH")
    assert training.only("A19").closed_by is None
    moved = given(bound, breach, "HousingChanged 2018-04-01 kind=land_facility")
    assert moved.intervals("A19")[-1].closed_by is ClosedBy.LATE
    lifted = given(bound, breach, "ResidenceObligationLifted 2018-04-01")
    assert lifted.only("A19").closed_by is ClosedBy.CANCELLED
    alone = given(breach, "ResidenceObligationEnded 2018-04-01")
    assert alone.only("A19").closed_by is ClosedBy.CANCELLED
    again = given(breach, "ResidenceDutyBreached 2018-05-10")
    assert again.rows("A19")[0] == "f1 2018-02-10..2018-02-09 superseded 2018-05-10 f2"


def test_a_breach_told_ends_with_the_duty_and_is_left_to_the_place_that_tells_it(
    given: Given,
) -> None:
    breach = "ResidenceDutyBreached 2018-06-10"
    assert given(RECOGNISED, BOUND, breach).rows("A19") == [
        "f3 2018-06-10..2018-06-09 superseded 2020-03-21"
    ]
    told = given(RECOGNISED, BOUND, AWAY, breach)
    assert [one.key for one in told.intervals("A19")] == ["f2+f3"]


# A20


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2017-08-05", State.NOT_APPLICABLE),
        ("2017-08-06", State.DUE),
        ("2017-10-05", State.DUE),
        ("2017-10-06", State.CLOSED),
    ],
)
def test_c24_the_end_of_a_duty_is_told_60_days_before_and_is_never_open(
    given: Given, day: str, state: State
) -> None:
    past = given("ResidenceObligationImposed 2017-07-14 scope=gemeinde until=2017-10-05")
    assert past.state("A20", day) is state
    assert (past.only("A20").kind, past.only("A20").severity) == (Kind.CHANCE, Severity.CHANCE)


def test_c25_a_duty_annulled_in_between_has_no_end_to_tell(given: Given) -> None:
    past = given(
        "AssignedToMunicipality 2016-08-31",
        RECOGNISED,
        "ResidenceObligationImposed 2017-04-03 scope=gemeinde until=2020-03-20",
        "ResidenceObligationLifted 2018-09-04 lift_reason=court",
    )
    assert past.states("A20", "2020-01-20") == {}


def test_w17_the_bond_to_a_known_land_ends_too(given: Given) -> None:
    assert given(ASSIGNED, RECOGNISED).rows("A20") == [
        "f2 2020-01-20..2020-03-20 superseded 2020-03-21"
    ]
    assert given(ASSIGNED, RECOGNISED, BOUND).rows("A20") == [
        "f2 2020-01-20..2020-03-20 superseded 2020-03-21",
        "f3 2020-01-20..2020-03-20 superseded 2020-03-21",
    ]


def test_w17_an_end_that_is_not_printed_is_reckoned_from_recognition_or_missing(
    given: Given,
) -> None:
    imposed = "ResidenceObligationImposed 2017-04-03 scope=gemeinde"
    assert given(RECOGNISED, imposed).rows("A20") == [
        "f2 2020-01-20..2020-03-20 superseded 2020-03-21"
    ]
    (row,) = given(imposed).data_rows("A20")
    assert (str(row.begins_on), row.due_on) == ("2017-04-03", None)


@pytest.mark.parametrize(
    ("fact", "by"),
    [
        ("ResidenceObligationEnded 2020-02-10", ClosedBy.IN_TIME),
        ("ResidenceObligationLifted 2020-02-10", ClosedBy.CANCELLED),
        (
            "ResidenceObligationImposed 2020-02-10 scope=gemeinde until=2020-03-20",
            ClosedBy.SUPERSEDED,
        ),
        ("LeftGermany 2020-02-10", ClosedBy.CANCELLED),
        ("NaturalisationCertificateHandedOver 2020-02-10", ClosedBy.CANCELLED),
    ],
)
def test_what_ends_a_duty_before_its_day(given: Given, fact: str, by: ClosedBy) -> None:
    assert given(RECOGNISED, BOUND, fact).intervals("A20")[0].closed_by is by
