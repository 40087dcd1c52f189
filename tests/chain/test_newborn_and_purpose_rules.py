"""A newborn without application (A17), a title whose purpose is gone (A28), dates that cannot be right (A29)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, ClosedBy, Interval, Kind, Responsible, Severity, State
from domain.chain.reading import read
from domain.chain.rule import PROTECTED

Given = Callable[..., Any]

ENTRY = "EntryRegistered 2020-01-10"
DULDUNG = "ToleranceIssued 2020-02-01"
BORN = "ChildBorn 2024-08-31 child_journey_id=kid"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-08-30", State.NOT_APPLICABLE),
        ("2024-08-31", State.DUE),
        ("2025-02-28", State.DUE),
        ("2025-03-01", State.OPEN),
    ],
)
def test_a17_a_title_is_to_be_applied_for_within_six_months(
    given: Given, day: str, state: State
) -> None:
    past = given(ENTRY, DULDUNG, BORN)
    assert past.state("A17", day) is state
    one = past.only("A17")
    assert (one.severity, one.responsible[0]) == (Severity.HIGH, Responsible.CLIENT)
    assert RULES["A17"].visible_to == PROTECTED


def household(given: Given, parent: tuple[str, ...], *child: str) -> list[Interval]:
    """Evaluate a parent's journey beside the child's."""
    view = read(given(*child).told)
    return list(evaluate(given(*parent).told, None, [RULES["A17"]], household={"kid": view}))


@pytest.mark.parametrize(
    ("fact", "by", "day"),
    [
        ("TitleApplied 2024-12-01", ClosedBy.IN_TIME, "2024-12-01"),
        ("TitleApplied 2025-03-01", ClosedBy.LATE, "2025-03-01"),
        ("TitleGranted 2024-10-01 basis=AUFENTHG_32", ClosedBy.IN_TIME, "2024-10-01"),
        ("AsylumApplicationFiled 2024-10-01", ClosedBy.CANCELLED, "2024-10-01"),
        ("TemporaryPermissionIssued 2024-10-01", ClosedBy.CANCELLED, "2024-10-01"),
        ("ToleranceIssued 2024-10-01", ClosedBy.CANCELLED, "2024-10-01"),
        ("RightOfFreeMovementRecorded 2024-10-01", ClosedBy.CANCELLED, "2024-10-01"),
        ("LeftGermany 2024-10-01", ClosedBy.CANCELLED, "2024-10-01"),
        ("PersonDied 2024-10-01", ClosedBy.CANCELLED, "2024-10-01"),
        ("TitleApplied - @2025-05-01", ClosedBy.IN_TIME, "2025-02-28"),
    ],
)
def test_a17_the_answer_may_stand_in_the_childs_own_journey(
    given: Given, fact: str, by: ClosedBy, day: str
) -> None:
    (one,) = household(given, (ENTRY, DULDUNG, BORN), fact)
    assert (one.closed_by, one.closes_on) == (by, date.fromisoformat(day))


def test_a17_without_the_household_the_childs_journey_is_not_looked_at(given: Given) -> None:
    assert given(ENTRY, DULDUNG, BORN).only("A17").closes_on is None


@pytest.mark.parametrize(
    ("person", "closed"), [("kid", True), ("f3", True), ("other", False), (None, False)]
)
def test_a17_in_the_parents_journey_the_answer_names_the_child(
    given: Given, person: str | None, closed: bool
) -> None:
    named = "" if person is None else f" person={person}"
    past = given(ENTRY, DULDUNG, BORN, f"TitleApplied 2024-10-01{named}")
    assert (past.only("A17").closes_on is not None) is closed


@pytest.mark.parametrize(
    "facts",
    [
        ("EntryRegistered 2024-09-01", DULDUNG, BORN),
        (ENTRY, "RightOfFreeMovementRecorded 2020-02-01", BORN),
        (ENTRY, "NaturalisationCertificateHandedOver 2024-01-01", BORN),
        (ENTRY, DULDUNG, "MarriageRecorded 2023-01-01 spouse_german=true", BORN),
        (ENTRY, DULDUNG, "PaternityAcknowledged 2024-05-01 child_german=true", BORN),
    ],
)
def test_a17_a_child_born_abroad_free_to_move_or_german_needs_no_title(
    given: Given, facts: tuple[str, ...]
) -> None:
    assert given(*facts).rows("A17") == []


@pytest.mark.parametrize(
    "facts",
    [
        ("EntryRegistered 2024-08", DULDUNG),
        (ENTRY, DULDUNG, "MarriageRecorded 2024-09-01 spouse_german=true"),
        (ENTRY, DULDUNG, "MarriageRecorded 2023-01-01 spouse_german=false"),
        (
            ENTRY,
            DULDUNG,
            "MarriageRecorded 2022-01-01 spouse_german=true",
            "PartnershipEnded 2023-01-01",
        ),
        (ENTRY, DULDUNG, "PaternityAcknowledged 2024-05-01 child_german=false"),
        (ENTRY, "AsylumApplicationFiled 2020-02-01"),
        (),
    ],
)
def test_a17_where_nothing_says_otherwise_the_rule_holds(
    given: Given, facts: tuple[str, ...]
) -> None:
    assert len(given(*facts, BORN).rows("A17")) == 1


@pytest.mark.parametrize(
    ("title", "day", "german"),
    [
        ("TitleGranted 2019-08-31 basis=AUFENTHG_9", "2024-08-31", True),
        ("TitleGranted 2019-09-01 basis=AUFENTHG_9", "2024-08-31", False),
        ("TitleGranted 2019-08-31 basis=AUFENTHG_18A", "2024-08-31", False),
        ("TitleGranted 2016-06-26 basis=AUFENTHG_9", "2024-06-26", True),
        ("TitleGranted 2016-06-27 basis=AUFENTHG_9", "2024-06-26", False),
        ("TitleGranted 2019-06-27 basis=AUFENTHG_9", "2024-06-27", True),
        ("TitleGranted 1985-01-01 basis=AUFENTHG_9", "1999-12-31", False),
    ],
)
def test_d16_a17_a_child_is_german_by_the_residence_of_a_parent_by_the_law_of_the_day(
    given: Given, title: str, day: str, german: bool
) -> None:
    assert (given(title, f"ChildBorn {day}").rows("A17") == []) is german


def test_a17_with_a_title_of_the_parent_the_office_acts_of_its_own(given: Given) -> None:
    one = given(ENTRY, "TitleGranted 2020-02-01 basis=AUFENTHG_25_3", BORN).only("A17")
    assert one.responsible == (Responsible.ABH, Responsible.CLIENT)


def test_a17_a_child_of_german_nationality_by_its_own_journey_needs_none(given: Given) -> None:
    german = 'JourneyStarted 2024-09-01 nationality=["DEU"]'
    assert household(given, (ENTRY, DULDUNG, BORN), german) == []
    syrian = 'JourneyStarted 2024-09-01 nationality=["SYR"]'
    assert len(household(given, (ENTRY, DULDUNG, BORN), syrian)) == 1


def test_a17_each_child_once_and_side_by_side(given: Given) -> None:
    past = given(ENTRY, DULDUNG, BORN, BORN, "ChildBorn 2024-10-01")
    assert past.rows("A17") == ["f3 2024-08-31..2025-02-28", "f5 2024-10-01..2025-04-01"]


def test_a17_an_acknowledgement_concerns_the_child_born_last_before_it(given: Given) -> None:
    past = given(
        ENTRY,
        DULDUNG,
        "ChildBorn 2022-01-10",
        "ChildBorn 2024-08-31",
        "PaternityAcknowledged 2024-09-15 child_german=true",
    )
    assert past.rows("A17") == [
        "f3 2022-01-10..2022-07-10",
        "f4 2024-08-31..2025-02-28 cancelled 2024-09-15 f5",
    ]


def test_d3_a17_a_year_of_birth_counts_by_its_last_day(given: Given) -> None:
    one = given(ENTRY, DULDUNG, "ChildBorn 2024").only("A17")
    assert (one.begins_on, one.due_on) == (date(2024, 12, 31), date(2025, 6, 30))
    assert one.certainty is Certainty.POSSIBLY


def test_d17_a17_a_birth_without_a_day_is_a_row_without_an_end(given: Given) -> None:
    past = given(ENTRY, DULDUNG, "ChildBorn - @2024-09-05")
    assert past.rows("A17") == ["data f3 2024-09-05.."]
    dated = given(ENTRY, DULDUNG, "ChildBorn - birth_date=2024-08-31 @2024-09-05")
    assert dated.rows("A17") == ["f3 2024-08-31..2025-02-28"]


# A28

SPOUSE = "TitleGranted 2015-01-05 basis=AUFENTHG_30 valid_until=2018-10-01"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2017-08-16", State.NOT_APPLICABLE),
        ("2017-08-17", State.DUE),
        ("2017-08-31", State.DUE),
        ("2017-09-01", State.OPEN),
    ],
)
def test_w32_a28_a_separation_asks_for_a_talk_within_two_weeks(
    given: Given, day: str, state: State
) -> None:
    past = given(SPOUSE, "PartnershipEnded 2017-08-17")
    assert past.state("A28", day) is state
    assert past.only("A28").severity is Severity.HIGH
    assert RULES["A28"].visible_to == PROTECTED


@pytest.mark.parametrize(
    ("ended", "chance"),
    [("2018-01-04", False), ("2018-01-05", True), ("2018-10-01", True), ("2018-10-02", None)],
)
def test_w32_a28_three_years_of_marriage_here_give_a_right_of_ones_own(
    given: Given, ended: str, chance: bool | None
) -> None:
    keys = [one.key for one in given(SPOUSE, f"PartnershipEnded {ended}").intervals("A28")]
    assert keys == ([] if chance is None else ["f2", "31:f2"] if chance else ["f2"])


def test_w32_a28_the_right_of_ones_own_is_a_chance_with_sixty_days(given: Given) -> None:
    past = given(SPOUSE, "PartnershipEnded 2018-01-05", "TitleApplied 2018-02-01")
    contact, chance = past.intervals("A28")
    assert (chance.kind, chance.severity) == (Kind.CHANCE, Severity.CHANCE)
    assert (chance.due_on, chance.closed_by) == (date(2018, 3, 6), ClosedBy.IN_TIME)
    assert chance.missing == ("TitleApplied", "TitleGranted")
    assert contact.closed_by is ClosedBy.LATE


def test_w32_a28_the_marriage_may_begin_after_the_title(given: Given) -> None:
    past = given(
        SPOUSE.replace("2018-10-01", "2020-10-01"),
        "MarriageRecorded 2016-03-01",
        "PartnershipEnded 2019-02-28",
    )
    assert [one.key for one in past.intervals("A28")] == ["f3"]
    later = given(
        SPOUSE.replace("2018-10-01", "2020-10-01"),
        "MarriageRecorded 2016-03-01",
        "PartnershipEnded 2019-03-01",
    )
    assert [one.key for one in later.intervals("A28")] == ["f3", "31:f3"]


def test_w32_a28_a_divorce_is_no_second_end_of_living_together(given: Given) -> None:
    past = given(
        SPOUSE, "PartnershipEnded 2017-08-17", "PartnershipEnded 2018-08-17 kind=Scheidung"
    )
    assert past.rows("A28") == [
        "f2 2017-08-17..2017-08-31 superseded 2018-08-17 f3",
        "f3 2018-08-17..2018-08-31",
    ]


@pytest.mark.parametrize(
    ("title", "ended", "applies"),
    [
        ("basis=AUFENTHG_28", "PartnershipEnded", True),
        ("basis=AUFENTHG_28 purpose_bound_to=Ehe", "PartnershipEnded", True),
        ("basis=AUFENTHG_28 purpose_bound_to=child", "PartnershipEnded", False),
        ("basis=AUFENTHG_18A", "PartnershipEnded", False),
        ("basis=AUFENTHG_18A purpose_bound_to=marriage", "PartnershipEnded", True),
        ("basis=AUFENTHG_16B", "StudyEnded", True),
        ("basis=AUFENTHG_30", "StudyEnded", False),
        ("basis=AUFENTHG_30 purpose_bound_to=Kurs-B2", "StudyEnded", True),
        ("basis=AUFENTHG_18B", "EmploymentEnded", True),
        ("basis=AUFENTHG_19C purpose_bound_to=Zimmerei-Otto", "EmploymentEnded", True),
        ("basis=AUFENTHG_19C purpose_bound_to=Ehe", "EmploymentEnded", False),
        ("basis=AUFENTHG_25_3", "EmploymentEnded", False),
        ("basis=AUFENTHG_9", "EmploymentEnded", False),
    ],
)
def test_w32_a28_the_title_hangs_on_what_its_purpose_or_basis_says(
    given: Given, title: str, ended: str, applies: bool
) -> None:
    past = given(f"TitleGranted 2024-01-05 {title}", f"{ended} 2024-06-01")
    assert bool(past.rows("A28")) is applies


def test_d17_a28_a_title_that_tells_neither_is_a_data_row(given: Given) -> None:
    past = given("TitleGranted 2024-01-05", "EmploymentEnded 2024-06-01")
    assert past.rows("A28") == ["data f2 2024-06-01..2024-06-15"]


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ("ContactHeld 2024-06-15", "in_time 2024-06-15 f3"),
        ("ContactHeld 2024-06-10 no_show=true", ""),
        ("TitleApplied 2024-06-20", "late 2024-06-20 f3"),
        ("TitleGranted 2024-06-10 basis=AUFENTHG_18A", "cancelled 2024-06-10 f3"),
        ("EmploymentStarted 2024-06-10", "cancelled 2024-06-10 f3"),
        ("StudyAdmitted 2024-06-10", ""),
        ("EmploymentEnded 2024-07-01 employer=x", "superseded 2024-07-01 f3"),
    ],
)
def test_w32_a28_what_closes_the_talk(given: Given, answer: str, row: str) -> None:
    past = given("TitleGranted 2024-01-05 basis=AUFENTHG_18A", "EmploymentEnded 2024-06-01", answer)
    assert past.rows("A28")[0] == f"f2 2024-06-01..2024-06-15 {row}".rstrip()


def test_w32_a28_where_another_job_goes_on_nothing_hangs(given: Given) -> None:
    past = given(
        "TitleGranted 2024-01-05 basis=AUFENTHG_18A",
        "EmploymentStarted 2024-02-01 employer=a",
        "EmploymentStarted 2024-03-01 employer=b",
        "EmploymentEnded 2024-06-01 employer=a",
    )
    assert past.rows("A28") == []


def test_w32_a28_without_a_title_on_the_day_nothing_hangs(given: Given) -> None:
    assert given("EmploymentEnded 2024-06-01").rows("A28") == []
    assert given(DULDUNG, "EmploymentEnded 2024-06-01").rows("A28") == []
    lapsed = "TitleGranted 2024-01-05 basis=AUFENTHG_18A valid_until=2024-05-31"
    assert given(lapsed, "EmploymentEnded 2024-06-01").rows("A28") == []


# A29


def test_w33_a29_a_second_date_is_told_beside_the_first(given: Given) -> None:
    past = given("NaturalisationApplied 2018-10-23 conflict=2023-10-19")
    one = past.only("A29")
    assert past.rows("A29") == ["data two_dates:f1 2018-10-23.."]
    assert (one.kind, one.severity) == (Kind.DATA, Severity.LOW)
    assert one.state(date(2018, 10, 23)) is State.OPEN
    said = explain(one, read(past.told), date(2024, 1, 1))
    assert "19.10.2023" in said.de
    assert "2023-10-19" in said.en
    assert "{" not in said.de


@pytest.mark.parametrize(
    ("fact", "rows"),
    [
        ("WorkPermitRequested 2020-01-09", ["data before_entry:f2 2020-01-09.."]),
        ("WorkPermitRequested 2020-01-10", []),
        ("WorkPermitRequested 2020-01", []),
        ("WorkPermitRequested 2019", ["data before_entry:f2 2019-12-31.."]),
        ("WorkPermitRequested - @2019-05-01", []),
        ("TitleGranted 2019-05-01 basis=VISA_D", []),
    ],
)
def test_w33_a29_what_needs_somebody_here_cannot_lie_before_the_entry(
    given: Given, fact: str, rows: list[str]
) -> None:
    assert given(ENTRY, fact).rows("A29") == rows


def test_w33_a29_who_left_and_came_again_may_have_been_here_before(given: Given) -> None:
    past = given("ToleranceIssued 2015-01-01", "LeftGermany 2018-01-01", ENTRY)
    assert past.rows("A29") == []


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ("AsylumDecisionIssued 2024-05-02 served_on=2024-05-01", True),
        ("AsylumDecisionIssued 2024-05-02 served_on=2024-05-02", False),
        ("AsylumDecisionIssued 2024-05 final_on=2024-04-30", True),
        ("AsylumDecisionIssued 2024-05 final_on=2024-05-10", False),
        ("TitleGranted 2024-05-02 served_on=2024-05-01", True),
    ],
)
def test_w33_a29_nothing_is_served_or_final_before_it_is_decided(
    given: Given, fact: str, told: bool
) -> None:
    assert (given(fact).rows("A29") != []) is told


@pytest.mark.parametrize(
    ("facts", "rows"),
    [
        (
            ("AsylumDecisionIssued 2024-05-02", "AsylumApplicationFiled 2024-05-03"),
            ["data after_decision:f2 2024-05-03.."],
        ),
        (("AsylumDecisionIssued 2024-05-02", "AsylumApplicationFiled 2024-05-02"), []),
        (("AsylumDecisionIssued 2024-05-02", "AsylumApplicationFiled 2024-05"), []),
        (
            (
                "AsylumDecisionIssued 2024-05-02",
                "AsylumApplicationFiled 2024-06-03 procedure=folge",
            ),
            [],
        ),
        (
            (
                "WorkPermitGranted 2024-05-02",
                "WorkPermitGranted 2024-06-02",
                "WorkPermitRequested 2024-07-01",
            ),
            [],
        ),
        (
            ("WorkPermitRefused 2024-05-02", "WorkPermitRequested 2024-07-01"),
            ["data after_decision:f2 2024-07-01.."],
        ),
    ],
)
def test_w33_a29_the_only_request_cannot_lie_after_the_only_decision(
    given: Given, facts: tuple[str, ...], rows: list[str]
) -> None:
    assert given(*facts).rows("A29") == rows


def test_d8_a29_a_correction_takes_the_row_away(given: Given) -> None:
    correction = "EventCorrected 2024-01-01 target=f2 occurred_on=2020-01-11"
    assert given(ENTRY, "ToleranceIssued 2020-01-01", correction).rows("A29") == []
