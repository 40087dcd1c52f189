"""M02 no place in day care; M03 the knot of a child without a place and a parent's unused course."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import evaluate
from domain.chain.intervals import Certainty, State
from domain.chain.reading import read
from domain.chain.rule import PROTECTED

Given = Callable[..., Any]

BORN = "ChildBorn 2024-01-10 id=k"
ASKED = "ChildcareRequested 2025-01-31 id=r"


def linked(rule: str, past: Any, **others: Any) -> list[str]:
    household = {name: read(other.told) for name, other in others.items()}
    return [
        " ".join(
            str(word)
            for word in (one.key, f"{one.begins_on}..{one.due_on}", one.closed_by, one.closes_on)
            if word
        )
        for one in evaluate(past.told, None, [RULES[rule]], household=household)
    ]


def test_w30_m02_c62_is_due_through_the_latest_of_notice_wish_and_first_birthday(
    given: Given,
) -> None:
    past = given("ChildBorn 2022", "ChildcareRequested 2022-05-20 id=r from=2023-01-09")
    one = past.only("M02")
    assert (str(one.begins_on), str(one.due_on)) == ("2022-05-20", "2023-12-31")
    assert one.certainty is Certainty.POSSIBLY
    for day in ("2022-11-20", "2022-11-21"):
        assert past.state("M02", day) is State.DUE


@pytest.mark.parametrize(
    ("born", "wish", "due"),
    [
        ("2023-01-10", "", "2025-07-31"),
        ("2024-10-10", "", "2025-10-10"),
        ("2023-01-10", "from=2025-08-01", "2025-08-01"),
        ("2023-01-10", "from=2025-02-01", "2025-07-31"),
        ("2024-02-29", "from=2025-02-01", "2025-07-31"),
        ("2024-09-30", "from=2025-08-01", "2025-09-30"),
    ],
)
def test_w30_m02_the_three_days(given: Given, born: str, wish: str, due: str) -> None:
    past = given(f"ChildBorn {born}", f"{ASKED} {wish}")
    assert past.rows("M02") == [f"r 2025-01-31..{due}"]
    assert past.state("M02", due) is State.DUE
    assert past.only("M02").certainty is Certainty.CERTAINLY
    assert RULES["M02"].visible_to == PROTECTED


def test_m02_a_child_not_told_leaves_out_the_birthday(given: Given) -> None:
    one = given(ASKED).only("M02")
    assert (str(one.due_on), one.certainty) == ("2025-07-31", Certainty.POSSIBLY)
    adult = given("JourneyStarted 2024-01-01 birth_year=1990", ASKED).only("M02")
    assert (str(adult.due_on), adult.certainty) == ("2025-07-31", Certainty.POSSIBLY)


def test_m02_a_parents_own_school_is_not_the_childs(given: Given) -> None:
    past = given(ASKED, "SchoolStarted 2025-03-01")
    assert past.rows("M02") == ["r 2025-01-31..2025-07-31"]
    child = given("PersonIdentified 2025-01-01 birth_date=2024-10-10", ASKED)
    assert child.rows("M02") == ["r 2025-01-31..2025-10-10"]


def test_m02_in_the_childs_own_journey_it_is_about_the_person(given: Given) -> None:
    past = given("PersonIdentified 2025-01-01 birth_date=2024-10-10", ASKED)
    assert past.rows("M02") == ["r 2025-01-31..2025-10-10"]


def test_w30_m02_a_place_held_already_leaves_nothing_to_ask_for(given: Given) -> None:
    past = given(BORN, "ChildcareStarted 2024-12-01", ASKED)
    assert past.rows("M02") == []
    ended = given(BORN, "ChildcareStarted 2024-10-01", "ChildcareEnded 2024-12-31", ASKED)
    assert ended.rows("M02") == ["r 2025-01-31..2025-07-31"]


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("ChildcarePlaceOffered 2025-07-31", "in_time 2025-07-31 f3"),
        ("ChildcareStarted 2025-08-01", "late 2025-08-01 f3"),
        ("ChildcareRequestWithdrawn 2025-03-01", "cancelled 2025-03-01 f3"),
        ("SchoolStarted 2025-03-01 child_ref=k", "cancelled 2025-03-01 f3"),
        ("LeftGermany 2025-03-01", "cancelled 2025-03-01 f3"),
    ],
)
def test_m02_what_settles_it_and_what_ends_it(given: Given, fact: str, row: str) -> None:
    assert given(BORN, ASKED, fact).rows("M02") == [f"r 2025-01-31..2025-07-31 {row}"]


def test_m02_asking_again_keeps_the_first_notice_and_takes_the_new_wish(given: Given) -> None:
    past = given(BORN, ASKED, "ChildcareRequested 2025-05-01 id=q from=2025-06-01")
    assert past.rows("M02") == [
        "r 2025-01-31..2025-07-31 superseded 2025-05-01 q",
        "q 2025-05-01..2025-07-31",
    ]


def test_m02_after_an_answer_a_request_has_its_own_notice(given: Given) -> None:
    past = given(
        BORN, ASKED, "ChildcareRequestWithdrawn 2025-03-01", "ChildcareRequested 2025-05-01 id=q"
    )
    assert past.rows("M02")[1] == "q 2025-05-01..2025-11-01"


def test_m02_asking_before_the_birth_is_asking_for_the_same_child(given: Given) -> None:
    past = given(
        "ChildcareRequested 2026-02-10 id=r1 child_ref=k1",
        "ChildcareRequested 2026-03-06 id=r2 child_ref=k",
        "ChildBorn 2026-04-02 id=k1 child_journey_id=k",
    )
    assert past.rows("M02") == [
        "r1 2026-02-10..2027-04-02 superseded 2026-03-06 r2",
        "r2 2026-03-06..2027-04-02",
    ]


def test_m02_an_answer_before_the_first_request_answers_no_later_one(given: Given) -> None:
    past = given(
        BORN,
        "ChildcareRequestWithdrawn 2025-01-05",
        "ChildcareRequested 2025-01-31 id=r1",
        "ChildcareRequested 2025 id=r2 @2025-02-10",
        "ChildcareRequested 2025-03-10 id=r3",
    )
    assert past.rows("M02")[-1] == "r3 2025-03-10..2025-07-31"


def test_m02_children_are_told_apart(given: Given) -> None:
    past = given(
        BORN,
        "ChildBorn 2023-01-10 id=l",
        "ChildcareRequested 2025-01-31 id=r child_ref=k",
        "ChildcareRequested 2025-02-28 id=q child_ref=l",
        "ChildcareRequested 2025-03-15 id=u",
        "ChildcarePlaceOffered 2025-04-01 id=o child_ref=k",
    )
    assert past.rows("M02") == [
        "q 2025-02-28..2025-08-28",
        "r 2025-01-31..2025-07-31 in_time 2025-04-01 o",
        "u 2025-03-15..2025-09-15",
    ]


def test_m02_across_journeys_both_pages_show_it(given: Given) -> None:
    parent = given("ChildBorn 2024-10-10 child_journey_id=k")
    child = given("PersonIdentified 2025-01-01 id=p birth_date=2024-10-10", ASKED)
    assert linked("M02", parent, k=child) == ["r 2025-01-31..2025-10-10"]
    assert linked("M02", child) == ["r 2025-01-31..2025-10-10"]
    offered = given(ASKED, "ChildcarePlaceOffered 2025-03-01 id=o")
    assert linked("M02", parent, k=offered) == ["r 2025-01-31..2025-10-10 in_time 2025-03-01"]


ENTITLED = "CourseEntitlementIssued 2025-03-01 id=e"
WAITING = "ChildcareRequested 2025-04-10 id=r"


def test_m03_example_is_due_for_60_common_days_and_then_open(given: Given) -> None:
    past = given(BORN, ENTITLED, WAITING)
    assert past.rows("M03") == ["e+r 2025-04-10..2025-06-08"]
    assert past.state("M03", "2025-04-09") is State.NOT_APPLICABLE
    assert past.state("M03", "2025-06-08") is State.DUE
    assert past.state("M03", "2025-06-09") is State.OPEN
    assert past.only("M03").evidence == ("e", "r")
    assert RULES["M03"].visible_to == PROTECTED


def test_m03_the_order_of_the_two_does_not_matter(given: Given) -> None:
    past = given(BORN, "ChildcareRequested 2025-01-10 id=r", ENTITLED)
    assert past.rows("M03") == ["e+r 2025-03-01..2025-04-29"]


def test_m03_a_child_not_told_counts_too(given: Given) -> None:
    assert given(ENTITLED, WAITING).rows("M03") == ["e+r 2025-04-10..2025-06-08"]


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        ("ChildcarePlaceOffered 2025-06-08 id=x", "in_time 2025-06-08 x"),
        ("ChildcareStarted 2025-06-09 id=x", "late 2025-06-09 x"),
        ("CourseStarted 2025-06-09 id=x kind=IK_ALLGEMEIN", "late 2025-06-09 x"),
        ("CourseStarted 2025-05-01 id=x", "in_time 2025-05-01 x"),
        ("ChildcareRequestWithdrawn 2025-05-01 id=x", "cancelled 2025-05-01 x"),
        ("SchoolStarted 2025-05-01 id=x child_ref=k", "cancelled 2025-05-01 x"),
        ("CourseEntitlementIssued 2025-05-01 id=x", "superseded 2025-05-01 x"),
    ],
)
def test_m03_what_unties_the_knot(given: Given, fact: str, row: str) -> None:
    assert (
        given(BORN, ENTITLED, WAITING, fact).rows("M03")[0] == f"e+r 2025-04-10..2025-06-08 {row}"
    )


def test_m03_a_course_of_another_kind_does_not_untie_it(given: Given) -> None:
    past = given(BORN, ENTITLED, WAITING, "CourseStarted 2025-05-01 kind=EOK")
    assert past.state("M03", "2025-06-09") is State.OPEN


def test_m03_an_entitlement_that_lapses_ends_it(given: Given) -> None:
    past = given(BORN, f"{ENTITLED} lapses_on=2025-05-31", WAITING)
    assert past.rows("M03") == ["e+r 2025-04-10..2025-06-08 cancelled 2025-06-01 e"]


@pytest.mark.parametrize(
    "facts",
    [
        (ENTITLED, "CourseStarted 2025-03-15", WAITING),
        (ENTITLED, WAITING.replace("04-10", "02-10"), "ChildcarePlaceOffered 2025-02-20"),
        ("CourseStarted 2025-02-15 kind=IK_ALPHA", ENTITLED, WAITING),
        (ENTITLED,),
        (WAITING,),
        (f"{ENTITLED} lapses_on=2025-04-01", WAITING),
    ],
)
def test_m03_no_common_days_no_knot(given: Given, facts: tuple[str, ...]) -> None:
    assert given(BORN, *facts).rows("M03") == []


def test_m03_asking_again_is_the_same_knot(given: Given) -> None:
    past = given(BORN, ENTITLED, WAITING, "ChildcareRequested 2025-05-10 id=q")
    assert past.rows("M03") == ["e+r 2025-04-10..2025-06-08"]


def test_m03_across_journeys_one_knot_on_both_pages(given: Given) -> None:
    parent = given("ChildBorn 2024-01-10 id=b child_journey_id=k", ENTITLED)
    child = given("MemberJoined 2024-01-10 id=m member_journey_id=p role=parent", WAITING)
    assert linked("M03", parent, k=child) == ["e+r 2025-04-10..2025-06-08"]
    assert linked("M03", child, p=parent) == ["e+r 2025-04-10..2025-06-08"]
    (on_parent,) = evaluate(parent.told, None, [RULES["M03"]], household={"k": read(child.told)})
    (on_child,) = evaluate(child.told, None, [RULES["M03"]], household={"p": read(parent.told)})
    assert (on_parent.evidence, on_child.evidence) == (("e", "r"), ("r", "e"))
    assert on_parent.key == on_child.key


def test_m03_across_journeys_either_side_unties_it(given: Given) -> None:
    parent = given("ChildBorn 2024-01-10 id=b child_journey_id=k", ENTITLED)
    child = given(
        "MemberJoined 2024-01-10 id=m member_journey_id=p role=parent",
        WAITING,
        "ChildcareStarted 2025-05-05 id=s",
    )
    untied = ["e+r 2025-04-10..2025-06-08 in_time 2025-05-05"]
    assert linked("M03", parent, k=child) == untied
    assert linked("M03", child, p=parent) == untied
    parent = given(
        "ChildBorn 2024-01-10 id=b child_journey_id=k", ENTITLED, "CourseStarted 2025-05-05 id=c"
    )
    child = given("MemberJoined 2024-01-10 id=m member_journey_id=p role=parent", WAITING)
    assert linked("M03", parent, k=child) == untied
    assert linked("M03", child, p=parent) == untied


@pytest.mark.parametrize("fact", ["LeftGermany", "PersonDied"])
def test_m03_across_journeys_a_parent_who_leaves_or_dies_unties_it_on_both_pages(
    given: Given, fact: str
) -> None:
    parent = given(
        "ChildBorn 2024-01-10 child_journey_id=c",
        "CourseEntitlementIssued 2025-03-01 id=e",
        f"{fact} 2025-05-02",
    )
    child = given(
        "MemberJoined 2024-01-10 member_journey_id=p role=parent",
        "PersonIdentified 2024-01-10 birth_date=2024-01-10",
        "ChildcareRequested 2025-04-10 id=r",
    )
    knot = ["e+r 2025-04-10..2025-06-08 cancelled 2025-05-02"]
    assert linked("M03", parent, c=child) == linked("M03", child, p=parent) == knot


def test_m03_across_journeys_only_a_parents_course_counts(given: Given) -> None:
    sibling = given(ENTITLED)
    child = given("MemberJoined 2024-01-10 id=m member_journey_id=p role=child", WAITING)
    assert linked("M03", child, p=sibling) == []


def test_g11_m03_is_known_only_once_both_are_recorded(given: Given) -> None:
    past = given(BORN, ENTITLED, f"{WAITING} @2025-07-01")
    assert past.rows("M03", "2025-06-30") == []
    assert past.rows("M03", "2025-07-01") == ["e+r 2025-04-10..2025-06-08"]
    assert date(2025, 6, 9) == past.only("M03").opens_on


def test_m02_a_child_that_leaves_asks_no_longer_though_it_comes_back(given: Given) -> None:
    born, gone, back = (
        "ChildBorn 2023-05-10 child_journey_id=k",
        "MemberLeft 2024-03-01 id=x member_journey_id=k",
        "MemberJoined 2024-09-01 member_journey_id=k role=child",
    )
    asked = "ChildcareRequested 2024-02-01 id=r child_ref=k"
    assert given(born, asked, gone, back).rows("M02") == [
        "r 2024-02-01..2024-08-01 cancelled 2024-03-01 x"
    ]
    again = "ChildcareRequested 2024-09 id=r child_ref=k"
    on_return = "MemberJoined 2024-09-30 member_journey_id=k role=child"
    gone_in_september = "MemberLeft 2024-09-10 id=x member_journey_id=k"
    assert given(born, gone_in_september, on_return, again).rows("M02") == [
        "r 2024-09-30..2025-03-30"
    ]


TODDLER = "ChildBorn 2021-01-10 child_journey_id=k"
FIRST = "ChildcareRequested 2022-05-01 id=r1 child_ref=k"
AGAIN = "ChildcareRequested 2023-02-01 id=r2 child_ref=k"
ENTITLED_2023 = "CourseEntitlementIssued 2023-01-20 id=e"


def test_m02_asking_after_the_child_was_gone_is_asking_anew(given: Given) -> None:
    past = given(
        TODDLER,
        FIRST,
        "MemberLeft 2022-08-01 id=x member_journey_id=k",
        "MemberJoined 2023-01-10 member_journey_id=k role=child",
        ENTITLED_2023,
        AGAIN,
    )
    assert past.rows("M02") == [
        "r1 2022-05-01..2022-11-01 cancelled 2022-08-01 x",
        "r2 2023-02-01..2023-08-01",
    ]
    assert past.rows("M03") == ["e+r2 2023-02-01..2023-04-01"]


def test_m02_asking_after_the_child_was_abroad_is_asking_anew(given: Given) -> None:
    child = given("LeftGermany 2022-08-01 id=x", "EntryRegistered 2023-01-10 id=y")
    assert linked("M02", given(TODDLER, FIRST, AGAIN), k=child) == [
        "r1 2022-05-01..2022-11-01 cancelled 2022-08-01",
        "r2 2023-02-01..2023-08-01",
    ]


@pytest.mark.parametrize("born", [TODDLER, "PersonIdentified 2021-01-10 birth_date=2021-01-10", ""])
def test_m02_a_child_whose_journey_is_not_known_goes_abroad_with_the_person(
    given: Given, born: str
) -> None:
    facts = (FIRST, "LeftGermany 2022-08-01 id=x", ENTITLED_2023, AGAIN)
    told = [one if born == TODDLER else one.removesuffix(" child_ref=k") for one in facts]
    past = given(*([born] if born else []), *told)
    assert past.rows("M02") == [
        "r1 2022-05-01..2022-11-01 cancelled 2022-08-01 x",
        "r2 2023-02-01..2023-08-01",
    ]
    assert past.rows("M03") == ["e+r2 2023-02-01..2023-04-01"]


def test_m02_the_persons_leaving_ends_no_request_for_a_child_that_stays(given: Given) -> None:
    parent = given(TODDLER, FIRST, "LeftGermany 2022-08-01 id=x", AGAIN)
    stays = given("PersonIdentified 2021-01-10 id=p birth_date=2021-01-10")
    assert linked("M02", parent, k=stays)[1] == "r2 2023-02-01..2022-11-01"


def test_m02_a_place_ends_where_the_child_goes_abroad_not_where_it_leaves_the_household(
    given: Given,
) -> None:
    place = "ChildcareStarted 2022-02-01 child_ref=k"
    assert linked("M02", given(TODDLER, place, AGAIN), k=given("NoteTaken 2022-08-01 id=n")) == []
    abroad = given("LeftGermany 2022-08-01 id=x", "AddressRegistered 2023-01-10 id=y")
    assert linked("M02", given(TODDLER, place, AGAIN), k=abroad) == ["r2 2023-02-01..2023-08-01"]
    moved = (
        "MemberLeft 2022-08-01 member_journey_id=k",
        "MemberJoined 2023-01-10 member_journey_id=k role=child",
    )
    assert given(TODDLER, place, *moved, AGAIN).rows("M02") == []


def test_d3_m02_asking_after_a_return_within_the_month_of_leaving_is_asking_anew(
    given: Given,
) -> None:
    past = given(
        TODDLER,
        FIRST,
        "MemberLeft 2022-08 id=x member_journey_id=k",
        "MemberJoined 2022-08-10 member_journey_id=k role=child",
        "ChildcareRequested 2022-08-20 id=r2 child_ref=k",
    )
    assert past.rows("M02") == [
        "r1 2022-05-01..2022-11-01 superseded 2022-08-20 r2",
        "r2 2022-08-20..2023-02-20",
    ]


def test_m02_asking_while_the_child_is_away_counts_when_it_is_back(given: Given) -> None:
    past = given(
        TODDLER,
        "MemberLeft 2022-03-01 id=x member_journey_id=k",
        FIRST,
        "MemberJoined 2022-08-10 member_journey_id=k role=child",
        "ChildcareRequested 2022-08-20 id=r2 child_ref=k",
    )
    assert past.rows("M02")[1] == "r2 2022-08-20..2022-11-01"
