"""M01: a child of school age without a school, in one journey and across linked ones."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.derived import Derived
from domain.chain.evaluation import evaluate, turned
from domain.chain.explanation import explain
from domain.chain.intervals import Certainty, State
from domain.chain.reading import read
from domain.chain.rule import PROTECTED

Given = Callable[..., Any]

CHILD = "ChildBorn 2015-05-10 id=k"
ARRIVED = "AssignedToMunicipality 2025-03-03 id=a"


def linked(past: Any, **others: Any) -> list[str]:
    """Return the instances of M01 on a journey whose household is known."""
    household = {name: read(other.told) for name, other in others.items()}
    return [
        " ".join(
            str(word)
            for word in (one.key, f"{one.begins_on}..{one.due_on}", one.closed_by, one.closes_on)
            if word
        )
        for one in evaluate(past.told, None, [RULES["M01"]], household=household)
    ]


def reasons(past: Any) -> set[str]:
    return {one.reason.en for one in turned(Derived(read(past.told)), RULES["M01"])}


def test_m01_example_is_due_through_the_28th_day(given: Given) -> None:
    past = given(CHILD, ARRIVED)
    assert past.rows("M01") == ["a+k 2025-03-03..2025-03-31 cancelled 2033-05-10 k"]
    assert past.states("M01", "2025-03-31") == {"a+k": State.DUE}
    assert past.states("M01", "2025-04-01") == {"a+k": State.OPEN}
    assert RULES["M01"].visible_to == PROTECTED


@pytest.mark.parametrize("trigger", ["AddressRegistered", "AddressChanged"])
def test_m01_an_address_begins_the_time_as_well(given: Given, trigger: str) -> None:
    assert given(CHILD, f"{trigger} 2025-03-03 id=a").states("M01", "2025-04-01") == {
        "a+k": State.OPEN
    }


@pytest.mark.parametrize(
    ("born", "of_age"),
    [
        ("2019-03-04", False),
        ("2019-03-03", True),
        ("2007-03-04", True),
        ("2007-03-03", False),
        ("2016-02-29", True),
    ],
)
def test_m01_from_the_sixth_to_the_day_before_the_eighteenth_birthday(
    given: Given, born: str, of_age: bool
) -> None:
    past = given(f"ChildBorn {born} id=k", ARRIVED)
    assert bool(past.intervals("M01")) is of_age
    if not of_age:
        assert "not of school age" in reasons(past)


def test_d3_m01_a_year_of_birth_is_certain_possible_or_unknown(given: Given) -> None:
    certain = given("ChildBorn 2018 id=k", ARRIVED, "SchoolStarted 2025-03-20 child_ref=k")
    assert certain.only("M01").certainty is Certainty.CERTAINLY
    unknown = given("ChildBorn 2019 id=k", ARRIVED)
    assert unknown.rows("M01") == ["data a+k 2025-03-03..2025-03-31 cancelled 2037-12-31 k"]
    said = explain(unknown.only("M01"), read(unknown.told), date(2025, 5, 1))
    assert "„Geburtsdatum“ fehlt" in said.de
    grown = given("ChildBorn 2007 id=k", ARRIVED).only("M01")
    assert grown.certainty is Certainty.POSSIBLY
    assert given("ChildBorn 2020 id=k", ARRIVED).intervals("M01") == ()
    assert given("ChildBorn 2006 id=k", ARRIVED).intervals("M01") == ()


@pytest.mark.parametrize("fact", ["SchoolStarted", "SchoolChanged"])
def test_m01_school_settles_it(given: Given, fact: str) -> None:
    assert given(CHILD, ARRIVED, f"{fact} 2025-03-31 id=s child_ref=k").rows("M01") == [
        "a+k 2025-03-03..2025-03-31 in_time 2025-03-31 s"
    ]
    assert given(CHILD, ARRIVED, f"{fact} 2025-04-01 id=s child_ref=k").rows("M01") == [
        "a+k 2025-03-03..2025-03-31 late 2025-04-01 s"
    ]


@pytest.mark.parametrize("ref", ["", "child_ref=other"])
def test_m01_the_school_of_somebody_else_does_not(given: Given, ref: str) -> None:
    past = given(CHILD, ARRIVED, f"SchoolStarted 2025-03-20 {ref}")
    assert past.states("M01", "2025-04-01")["a+k"] is State.OPEN


def test_m01_a_school_that_runs_already_needs_none(given: Given) -> None:
    school = "SchoolStarted 2024-08-20 child_ref=k"
    assert given(CHILD, school, ARRIVED).rows("M01") == []
    left = given(CHILD, school, "SchoolLeft 2025-02-28 child_ref=k", ARRIVED)
    assert left.states("M01", "2025-04-01") == {"a+k": State.OPEN}
    again = given(
        CHILD,
        school,
        "SchoolLeft 2025-01-31 child_ref=k",
        "SchoolStarted 2025-02-03 child_ref=k",
        ARRIVED,
    )
    assert again.rows("M01") == []


@pytest.mark.parametrize(
    ("until", "rows"),
    [("until=2025-03-02", 1), ("until=2025-03-03", 0), ("", 0)],
)
def test_m01_an_exemption_before_the_arrival_counts_while_it_lasts(
    given: Given, until: str, rows: int
) -> None:
    past = given(CHILD, f"SchoolExemptionGranted 2025-01-10 child_ref=k {until}", ARRIVED)
    assert len(past.intervals("M01")) == rows


@pytest.mark.parametrize(
    "fact",
    [
        "SchoolExemptionGranted 2025-03-20 id=x child_ref=k",
        "MemberLeft 2025-03-20 id=x member_journey_id=k",
    ],
)
def test_m01_an_exemption_or_moving_out_ends_it(given: Given, fact: str) -> None:
    past = given("ChildBorn 2015-05-10 child_journey_id=k", ARRIVED, fact)
    assert past.rows("M01") == ["a+k 2025-03-03..2025-03-31 cancelled 2025-03-20 x"]


def test_m01_a_child_that_left_before_needs_none_here(given: Given) -> None:
    past = given(
        "ChildBorn 2015-05-10 child_journey_id=k",
        "MemberLeft 2025-01-20 member_journey_id=k",
        ARRIVED,
    )
    assert past.rows("M01") == []
    assert "the child no longer lives here" in reasons(past)


def test_m01_registering_after_the_assignment_does_not_begin_it_anew(given: Given) -> None:
    past = given(CHILD, ARRIVED, "AddressRegistered 2025-03-10 ags=05911000")
    assert past.rows("M01") == ["a+k 2025-03-03..2025-03-31 cancelled 2033-05-10 k"]
    assert "the time runs already" in reasons(past)


def test_m01_another_municipality_begins_it_anew(given: Given) -> None:
    past = given(
        CHILD,
        "AssignedToMunicipality 2025-03-03 id=a municipality=05911000",
        "AddressChanged 2025-06-10 id=b ags=05916000",
        "AddressChanged 2025-07-10 id=c ags=05916000",
    )
    assert past.rows("M01") == [
        "a+k 2025-03-03..2025-03-31 superseded 2025-06-10 b",
        "b+k 2025-06-10..2025-07-08 cancelled 2033-05-10 k",
    ]


def test_m01_after_a_school_that_ended_a_new_address_begins_it_anew(given: Given) -> None:
    past = given(
        CHILD,
        ARRIVED,
        "SchoolStarted 2025-03-20 id=s child_ref=k",
        "SchoolLeft 2026-01-31 child_ref=k",
        "AddressChanged 2026-02-10 id=b",
    )
    assert past.rows("M01")[1] == "b+k 2026-02-10..2026-03-10 cancelled 2033-05-10 k"


def test_m01_two_children_are_two_instances(given: Given) -> None:
    past = given(
        CHILD, "ChildBorn 2012-01-01 id=l", ARRIVED, "SchoolStarted 2025-03-10 child_ref=l"
    )
    assert past.states("M01", "2025-04-01") == {"a+k": State.OPEN, "a+l": State.CLOSED}


def test_d16_m01_since_february_2026_the_asylum_application_begins_two_months(
    given: Given,
) -> None:
    assert given(CHILD, "AsylumApplicationFiled 2026-02-26").rows("M01") == []
    past = given(CHILD, "AsylumApplicationFiled 2026-02-27 id=a")
    assert past.rows("M01") == ["a+k 2026-02-27..2026-04-27 cancelled 2033-05-10 k"]
    assert given(CHILD, "AsylumApplicationFiled 2026-02-27 procedure=folge").rows("M01") == []


def test_d17_m01_a_child_without_a_birth_is_a_data_row_until_school_proves_its_age(
    given: Given,
) -> None:
    past = given("MemberJoined 2025-01-01 member_journey_id=k role=child", ARRIVED)
    assert past.rows("M01") == ["data a+k 2025-03-03..2025-03-31"]
    past = given(
        "MemberJoined 2025-01-01 member_journey_id=k role=child",
        ARRIVED,
        "SchoolPlacementRequested 2025-03-20 id=r child_ref=k",
    )
    assert past.rows("M01") == [
        "data a+k 2025-03-03..2025-03-31 superseded 2025-03-20 r",
        "r+k 2025-03-20..2025-04-17",
    ]
    assert past.intervals("M01")[1].certainty is Certainty.POSSIBLY


def test_m01_a_child_known_by_a_fact_about_school_alone_is_a_child(given: Given) -> None:
    past = given(
        "SchoolPlacementRequested 2016-05 id=r child_ref=c", "SchoolStarted 2016-09-01 child_ref=c"
    )
    assert past.rows("M01") == ["r+c 2016-05-31..2016-06-28 late 2016-09-01 f2"]


def test_m01_the_person_itself_may_be_of_school_age(given: Given) -> None:
    born = "JourneyStarted 2012-12-04 birth_year=1996"
    past = given(born, "AssignedToMunicipality 2012-12-18 id=a")
    assert past.rows("M01") == ["a 2012-12-18..2013-01-15 cancelled 2014-12-31 a"]
    assert given(born, "AssignedToMunicipality 2012-12-18", "SchoolStarted 2012-12-20").states(
        "M01", "2013-01-16"
    ) == {"f2": State.CLOSED}
    training = given(born, "AssignedToMunicipality 2012-12-18", "TrainingStarted 2012-12-20")
    assert training.states("M01", "2013-01-16") == {"f2": State.CLOSED}


def test_m01_an_adult_and_somebody_of_unknown_age_are_not(given: Given) -> None:
    adult = given("JourneyStarted 2012-12-04 birth_year=1980", ARRIVED)
    assert adult.rows("M01") == []
    unknown = given(ARRIVED)
    assert unknown.rows("M01") == []
    assert reasons(unknown) == {"no child of school age is known"}


PARENT = "ChildBorn 2015-05-10 child_journey_id=k"


def test_m01_across_journeys_the_childs_own_school_settles_it(given: Given) -> None:
    parent = given(PARENT, ARRIVED)
    child = given("PersonIdentified 2025-03-01 id=p birth_date=2015-05-10")
    assert linked(parent, k=child) == ["a+k 2025-03-03..2025-03-31 cancelled 2033-05-10"]
    child = given("SchoolStarted 2025-03-20 id=s")
    assert linked(parent, k=child) == ["a+k 2025-03-03..2025-03-31 in_time 2025-03-20"]


def test_m01_across_journeys_the_childs_own_arrival_counts_and_is_shown_on_both_pages(
    given: Given,
) -> None:
    parent = given(PARENT)
    child = given(
        "PersonIdentified 2025-03-01 id=p birth_date=2015-05-10",
        "AssignedToMunicipality 2025-03-03 id=own",
    )
    assert linked(parent, k=child) == ["own+k 2025-03-03..2025-03-31 cancelled 2033-05-10"]
    assert linked(child) == ["own 2025-03-03..2025-03-31 cancelled 2033-05-10"]


@pytest.mark.parametrize("fact", ["TrainingStarted", "LeftGermany", "PersonDied"])
def test_m01_across_journeys_what_happens_to_the_child_ends_it(given: Given, fact: str) -> None:
    parent = given(PARENT, ARRIVED)
    child = given(f"{fact} 2025-03-20 id=x")
    assert linked(parent, k=child) == ["a+k 2025-03-03..2025-03-31 cancelled 2025-03-20"]


def test_g10_m01_for_a_child_that_has_died_nothing_begins(given: Given) -> None:
    parent = given(PARENT, ARRIVED)
    assert linked(parent, k=given("PersonDied 2024-12-01 id=x")) == []


def test_m01_across_journeys_the_birth_may_stand_in_the_childs_journey_alone(
    given: Given,
) -> None:
    parent = given("MemberJoined 2025-01-01 member_journey_id=k role=child", ARRIVED)
    child = given("JourneyStarted 2025-01-01 id=j birth_year=2015")
    assert linked(parent, k=child) == ["a+k 2025-03-03..2025-03-31 cancelled 2033-12-31"]


def test_m01_the_childs_school_before_the_arrival_runs_on_in_either_journey(given: Given) -> None:
    parent = given(PARENT, ARRIVED)
    assert linked(parent, k=given("SchoolStarted 2024-08-20 id=s")) == []
    ended = given("SchoolStarted 2024-08-20 id=s", "SchoolLeft 2025-02-01 id=l")
    assert linked(parent, k=ended) == ["a+k 2025-03-03..2025-03-31 cancelled 2033-05-10"]


@pytest.mark.parametrize("contacts", [0, 4])
def test_m01_across_journeys_an_undated_leaving_counts_by_the_day_of_its_recording(
    given: Given, contacts: int
) -> None:
    member = "MemberJoined 2024-01-10 member_journey_id=k role=child"
    talks = [f"ContactHeld 2024-06-0{day}" for day in range(1, contacts + 1)]
    child = given(
        "PersonIdentified 2024-01-01 id=p birth_date=2014-05-10",
        "AddressChanged 2024-03-01 id=own",
    )
    left = given(member, "LeftGermany - @2024-06-01", *talks)
    assert linked(left, k=child) == ["own+k 2024-03-01..2024-03-29 cancelled 2024-03-29"]
    left = given(member, "LeftGermany - @2024-02-29", *talks)
    assert linked(left, k=child) == ["own+k 2024-03-01..2024-03-29 cancelled 2032-05-10"]


def test_m01_across_journeys_of_two_arrivals_on_one_day_the_childs_own_stands_first(
    given: Given,
) -> None:
    parent = given("NoteTaken 2025-01-01", PARENT, "AddressRegistered 2025-03-03 id=a")
    child = given("AddressRegistered 2025-03-03 id=own")
    assert linked(parent, k=child) == ["own+k 2025-03-03..2025-03-31 cancelled 2033-05-10"]


def test_m01_a_child_named_before_its_birth_is_told_bears_its_name(given: Given) -> None:
    past = given(
        "SchoolPlacementRequested 2016-01-01 child_ref=k1",
        "ChildBorn 2016-05-08 id=k1 child_journey_id=k",
        "AddressChanged 2023-01-01 id=a",
    )
    assert past.rows("M01") == ["a+k 2023-01-01..2023-01-29 cancelled 2034-05-08 k1"]


def test_m01_a_child_that_joins_somebody_who_is_here_is_owed_a_school_from_then_on(
    given: Given,
) -> None:
    joined = "MemberJoined 2024-01-10 id=m member_journey_id=k role=child"
    child = given("PersonIdentified 2024-01-10 id=p birth_date=2014-05-10")
    at_school = given(
        "PersonIdentified 2024-01-10 id=p birth_date=2014-05-10", "SchoolStarted 2024-01-31 id=s"
    )
    parent = given("AssignedToMunicipality 2022-03-01", joined, "AddressRegistered 2024-01-12")
    assert linked(parent, k=child) == ["m+k 2024-01-10..2024-02-07 cancelled 2032-05-10"]
    assert linked(parent, k=at_school) == ["m+k 2024-01-10..2024-02-07 in_time 2024-01-31"]
    together = given(joined, "AddressRegistered 2024-03-01 id=a")
    assert linked(together, k=child) == ["a+k 2024-03-01..2024-03-29 cancelled 2032-05-10"]


def test_m01_a_child_told_by_its_birth_arrived_with_the_person(given: Given) -> None:
    parent = given(PARENT, ARRIVED, "MemberJoined 2025-06-01 member_journey_id=k role=child")
    assert linked(parent) == ["a+k 2025-03-03..2025-03-31 cancelled 2033-05-10"]


def test_m01_twins_are_two_instances(given: Given) -> None:
    parent = given(
        "ChildBorn 2015-11-11 id=k1",
        "ChildBorn 2015-11-11 id=k2 child_journey_id=k",
        "AddressRegistered 2025-03-03 id=a",
    )
    rows = linked(parent, k=given("NoteTaken 2025-03-03"))
    assert [row.split()[0] for row in rows] == ["a+k1", "a+k"]


GONE = "MemberLeft 2024-06-01 id=x member_journey_id=k"
BACK = "MemberJoined 2025-01-07 id=m member_journey_id=k role=child"
HERE = "AssignedToMunicipality 2024-01-10 id=a municipality=05911000"


def test_m01_a_child_that_left_and_came_back_is_owed_a_school_while_it_is_here(
    given: Given,
) -> None:
    moved = "AddressChanged 2024-09-02 id=b ags=05916000"
    past = given(PARENT, HERE, GONE, moved, BACK)
    assert past.rows("M01") == [
        "a+k 2024-01-10..2024-02-07 cancelled 2024-06-01 x",
        "m+k 2025-01-07..2025-02-04 cancelled 2033-05-10 f1",
    ]
    assert "the child no longer lives here" in reasons(past)


def test_m01_a_child_that_came_back_is_owed_a_school_once(given: Given) -> None:
    same_town = "AddressRegistered 2025-01-20 id=b ags=05911000"
    rows = given(PARENT, HERE, GONE, BACK, same_town).rows("M01")
    assert [row.split()[0] for row in rows] == ["a+k", "m+k"]
    at_school = given(PARENT, HERE, "SchoolStarted 2024-01-20 child_ref=k", GONE, BACK)
    assert len(at_school.rows("M01")) == 1


def test_m01_a_child_that_left_and_came_back_on_one_day_does_not_leave_again(
    given: Given,
) -> None:
    back = BACK.replace("2025-01-07", "2024-06-01")
    past = given(PARENT, HERE, GONE, back)
    assert past.rows("M01")[1] == "m+k 2024-06-01..2024-06-29 cancelled 2033-05-10 f1"


def test_m01_a_child_joins_where_the_person_arrived_last(given: Given) -> None:
    other_town = "AddressChanged 2025-01-20 id=b ags=05916000"
    rows = given(PARENT, HERE, GONE, BACK, other_town).rows("M01")
    assert rows[1:] == [
        "m+k 2025-01-07..2025-02-04 superseded 2025-01-20 b",
        "b+k 2025-01-20..2025-02-17 cancelled 2033-05-10 f1",
    ]


def test_m01_a_child_that_left_germany_is_owed_no_school_until_it_is_back(given: Given) -> None:
    parent = given(PARENT, "AddressChanged 2025-03-03 id=a")
    assert linked(parent, k=given("LeftGermany 2025-03-02")) == []
    assert linked(parent, k=given("LeftGermany 2025-03-02", "EntryRegistered 2025-03-03")) == [
        "a+k 2025-03-03..2025-03-31 cancelled 2033-05-10"
    ]
    arrived = given("LeftGermany 2025-03-02", "AddressRegistered 2025-06-02 id=own")
    assert linked(parent, k=arrived) == ["own+k 2025-06-02..2025-06-30 cancelled 2033-05-10"]
    later = given("LeftGermany 2025-03-04 id=x")
    assert linked(parent, k=later) == ["a+k 2025-03-03..2025-03-31 cancelled 2025-03-04"]


def test_m01_a_child_that_came_back_before_anybody_arrived_arrives_with_the_person(
    given: Given,
) -> None:
    first = "MemberJoined 2024-01-10 member_journey_id=k role=child"
    past = given(first, GONE, BACK, "AddressRegistered 2025-02-03 id=b")
    assert [row.split()[1] for row in past.rows("M01")] == ["b+k"]


BACK_AGAIN = "AddressRegistered 2025-01-07 id=b ags=05911000"


def test_m01_who_left_germany_and_arrives_again_is_owed_a_school_on_the_own_page_as_well(
    given: Given,
) -> None:
    own = given(
        "PersonIdentified 2012-05-10 id=i birth_date=2012-05-10",
        HERE.replace("id=a", "id=c"),
        "LeftGermany 2024-06-01 id=x",
        BACK_AGAIN,
    )
    assert linked(own) == [
        "c 2024-01-10..2024-02-07 cancelled 2024-06-01",
        "b 2025-01-07..2025-02-04 cancelled 2030-05-10",
    ]
    parent = given("ChildBorn 2012-05-10 child_journey_id=k", HERE)
    assert linked(parent, k=own)[1:] == ["b+k 2025-01-07..2025-02-04 cancelled 2030-05-10"]


def test_m01_a_parent_that_left_germany_and_arrives_again_is_asked_again(given: Given) -> None:
    past = given(PARENT, HERE, "LeftGermany 2024-06-01 id=x", BACK_AGAIN)
    assert past.rows("M01") == [
        "a+k 2024-01-10..2024-02-07 cancelled 2024-06-01 x",
        "b+k 2025-01-07..2025-02-04 cancelled 2033-05-10 f1",
    ]


@pytest.mark.parametrize(
    "entry", ["NoteTaken 2025-01-05 id=e", "EntryRegistered 2025-01-05 id=e", "ChildBorn"]
)
def test_m01_a_child_back_from_abroad_is_owed_a_school_from_joining_on_whatever_brought_it_back(
    given: Given, entry: str
) -> None:
    told_again = ["ChildBorn 2025-01-03 child_journey_id=k birth_date=2015-05-10"]
    parent = given(PARENT, HERE, *(told_again if entry == "ChildBorn" else ()), BACK)
    child = given("LeftGermany 2024-06-01 id=x", *(() if entry == "ChildBorn" else (entry,)))
    assert linked(parent, k=child) == [
        "a+k 2024-01-10..2024-02-07 cancelled 2024-06-01",
        "m+k 2025-01-07..2025-02-04 cancelled 2033-05-10",
    ]


def test_m01_joining_after_an_arrival_of_its_own_begins_no_second_time(given: Given) -> None:
    parent = given(PARENT, HERE, BACK)
    child = given("LeftGermany 2024-06-01 id=x", BACK_AGAIN.replace("01-07", "01-05"))
    assert [row.split()[0] for row in linked(parent, k=child)] == ["a+k", "b+k"]


def test_m01_a_school_ends_where_the_child_goes_abroad(given: Given) -> None:
    school = "SchoolStarted 2024-01-20 id=s"
    own = given(
        "PersonIdentified 2024-01-10 id=i birth_date=2015-05-10",
        school,
        "LeftGermany 2024-06-01 id=x",
        BACK_AGAIN,
    )
    assert linked(own) == ["b 2025-01-07..2025-02-04 cancelled 2033-05-10"]
    assert linked(given(PARENT, HERE), k=own) == [
        "a+k 2024-01-10..2024-02-07 in_time 2024-01-20",
        "b+k 2025-01-07..2025-02-04 cancelled 2033-05-10",
    ]


@pytest.mark.parametrize(("stays", "rows"), [(False, ["a+k", "b+k"]), (True, ["a+k"])])
def test_m01_a_child_whose_journey_is_not_known_goes_abroad_with_the_person(
    given: Given, stays: bool, rows: list[str]
) -> None:
    school = "SchoolStarted 2024-01-20 child_ref=k"
    parent = given(PARENT, HERE, school, "LeftGermany 2024-06-01", BACK_AGAIN)
    known = {"k": given("NoteTaken 2024-01-10 id=n")} if stays else {}
    assert [row.split()[0] for row in linked(parent, **known)] == rows


def test_d3_m01_a_child_back_within_the_month_of_its_leaving_is_here(given: Given) -> None:
    gone, back = GONE.replace("-01 ", " "), BACK.replace("2025-01-07", "2024-06-20")
    later = "AddressRegistered 2024-06-25 id=b ags=05911000"
    past = given(PARENT, HERE, gone, back, later)
    assert past.rows("M01") == [
        "a+k 2024-01-10..2024-02-07 superseded 2024-06-20 m",
        "m+k 2024-06-20..2024-07-18 cancelled 2033-05-10 f1",
    ]
    told_before = given(PARENT, HERE, back, gone)
    assert told_before.rows("M01") == ["a+k 2024-01-10..2024-02-07 cancelled 2024-06-30 x"]


def test_d3_m01_a_child_back_within_the_month_in_which_it_left_germany_is_here(
    given: Given,
) -> None:
    child = given("LeftGermany 2024-06 id=x", "AddressRegistered 2024-06-20 id=b ags=05911000")
    assert linked(given(PARENT, HERE), k=child) == [
        "a+k 2024-01-10..2024-02-07 superseded 2024-06-20",
        "b+k 2024-06-20..2024-07-18 cancelled 2033-05-10",
    ]
