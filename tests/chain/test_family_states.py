"""Children and household: who belongs to whom, in one journey and across linked ones."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from domain.chain.counting import Range
from domain.chain.derived import Derived
from domain.chain.reading import View, read
from domain.chain.states.family import (
    absences,
    before,
    children,
    counting_anywhere,
    in_order,
    members,
    of_child,
    parents,
    the_person,
)

Given = Callable[..., Any]
ALONE: Mapping[str, View] = {}


def view_of(past: Any) -> View:
    return read(past.told)


def test_children_are_told_by_birth_and_by_joining_the_household(given: Given) -> None:
    view = view_of(
        given(
            "ChildBorn 2015-05-10",
            "ChildBorn 2018 child_journey_id=k2",
            "MemberJoined 2020-01-01 member_journey_id=k3 role=child",
            "MemberJoined 2020-01-01 member_journey_id=p role=partner",
        )
    )
    assert [one.name for one in children(view, ALONE)] == ["f1", "k2", "k3"]


def test_a_child_told_twice_is_one(given: Given) -> None:
    view = view_of(
        given(
            "ChildBorn 2018-03-01 child_journey_id=k",
            "MemberJoined 2018-03-01 member_journey_id=k role=child",
        )
    )
    (child,) = children(view, ALONE)
    assert child.names == {"k", "f1", "f2"}
    assert child.only


def test_a_birth_without_a_journey_is_that_of_the_member_who_may_be_born_then(given: Given) -> None:
    view = view_of(
        given("ChildBorn 2018", "MemberJoined 2020-01-01 member_journey_id=k role=child")
    )
    own = view_of(given("PersonIdentified 2020-01-01 id=i1 birth_date=2018-03-04"))
    (child,) = children(view, {"k": own})
    assert (child.name, child.view) == ("k", own)
    other = view_of(given("PersonIdentified 2020-01-01 id=i1 birth_date=2017-03-04"))
    assert len(children(view, {"k": other})) == 2


def test_the_order_of_birth_and_joining_does_not_matter_and_the_birth_told_stands_first(
    given: Given,
) -> None:
    view = view_of(
        given(
            "MemberJoined 2018-06-01 member_journey_id=k role=child",
            "ChildBorn - birth_date=2018-07",
        )
    )
    own = view_of(given("JourneyStarted 2020-01-01 id=i1 birth_year=2018"))
    (child,) = children(view, {"k": own})
    assert child.born is not None
    assert (child.name, child.born.earliest) == ("k", date(2018, 7, 1))


def test_a_child_of_whom_only_a_fact_about_school_tells_is_a_child(given: Given) -> None:
    view = view_of(given("SchoolStarted 2020-08-12 child_ref=c1", "SchoolLeft 2021-07-01"))
    (child,) = children(view, ALONE)
    assert (child.name, child.born, child.only) == ("c1", None, True)


def test_the_id_of_the_birth_names_the_child(given: Given) -> None:
    view = view_of(given("ChildBorn 2015-05-10", "SchoolStarted 2021-08-12 child_ref=f1"))
    (child,) = children(view, ALONE)
    assert [one.id for one in of_child(view, child, "SchoolStarted", unnamed=False)] == ["f2"]


def test_a_fact_may_name_a_child_by_what_tells_of_it_later(given: Given) -> None:
    view = view_of(
        given(
            "ChildcareRequested 2026-02-10 id=r child_ref=k1",
            "ChildBorn 2026-04-02 id=k1 child_journey_id=k",
        )
    )
    (child,) = children(view, ALONE)
    assert (child.name, child.born) == ("k", Range(date(2026, 4, 2), date(2026, 4, 2)))
    assert [one.id for one in of_child(view, child, "ChildcareRequested")] == ["r"]


def test_twins_are_two_also_where_the_journey_of_one_is_known(given: Given) -> None:
    lines = ["ChildBorn 2012-11-11 id=k1", "ChildBorn 2012-11-11 id=k2 child_journey_id=k"]
    own = view_of(given("NoteTaken 2020-01-01"))
    for joined in ([], ["MemberJoined 2020-01-01 member_journey_id=k role=child"]):
        found = children(view_of(given(*lines, *joined)), {"k": own})
        assert [one.name for one in found] == ["k1", "k"]


def test_a_member_is_the_child_of_one_birth_at_most(given: Given) -> None:
    view = view_of(
        given(
            "ChildBorn 2018-03-04 id=k1",
            "ChildBorn 2018-03-04 id=k2",
            "MemberJoined 2020-01-01 member_journey_id=k role=child",
        )
    )
    own = view_of(given("PersonIdentified 2020-01-01 id=i1 birth_date=2018-03-04"))
    assert [one.name for one in children(view, {"k": own})] == ["k2", "k"]


def test_a_child_is_born_as_its_last_dated_birth_tells(given: Given) -> None:
    view = view_of(
        given(
            "ChildBorn 2018 child_journey_id=k",
            "ChildBorn 2019-03-04 child_journey_id=k birth_date=2019-02",
            "ChildBorn - child_journey_id=k @2020-01-01",
        )
    )
    (child,) = children(view, ALONE)
    assert child.born == Range(date(2019, 2, 1), date(2019, 2, 28))


def test_a_child_born_on_29_february_comes_of_age_on_1_march(given: Given) -> None:
    (child,) = children(view_of(given("ChildBorn 2008-02-29")), ALONE)
    adult = child.reaches(18)
    assert adult is not None
    assert adult.latest == date(2026, 3, 1)
    assert child.minor_on(date(2026, 2, 28)) is True
    assert child.minor_on(date(2026, 3, 1)) is False


def test_of_a_child_born_in_a_year_it_is_not_known_within_the_year_whether_it_is_of_age(
    given: Given,
) -> None:
    (child,) = children(view_of(given("ChildBorn 2008")), ALONE)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 30), date(2026, 12, 31))
    assert [child.minor_on(day) for day in days] == [True, None, None, False]


def test_an_undated_birth_tells_no_age(given: Given) -> None:
    (child,) = children(view_of(given("ChildBorn -", "NoteTaken 2025-01-01")), ALONE)
    assert child.born is None
    assert child.minor_on(date(2025, 1, 1)) is None


def test_day_care_without_a_name_is_about_the_only_child_school_is_not(given: Given) -> None:
    view = view_of(
        given("ChildBorn 2020-05-10", "ChildcareRequested 2021-01-01", "SchoolStarted 2026-08-01")
    )
    (child,) = children(view, ALONE)
    assert [one.id for one in of_child(view, child, "ChildcareRequested")] == ["f2"]
    assert of_child(view, child, "SchoolStarted", unnamed=False) == []
    person = the_person(None)
    assert [one.id for one in of_child(view, person, "SchoolStarted", unnamed=False)] == ["f3"]


def test_of_several_children_a_fact_without_a_name_is_about_none(given: Given) -> None:
    view = view_of(
        given("ChildBorn 2020-05-10", "ChildBorn 2021-06-10", "ChildcareRequested 2022-01-01")
    )
    assert [of_child(view, one, "ChildcareRequested") for one in children(view, ALONE)] == [[], []]


def test_the_own_journey_of_a_child_is_read_as_well(given: Given) -> None:
    view = view_of(given("ChildBorn 2015-05-10 child_journey_id=k"))
    own = view_of(
        given(
            "SchoolStarted 2021-08-12 id=s1",
            "SchoolStarted 2035-08-12 id=s2 child_ref=grandchild",
            "SchoolLeft 2031-06-30 id=s3 child_ref=k",
        )
    )
    (child,) = children(view, {"k": own})
    found = of_child(view, child, "SchoolStarted", "SchoolLeft", unnamed=False)
    assert [one.id for one in found] == ["s1", "s3"]


def away(view: View, **household: View) -> list[tuple[str, str | None]]:
    """By what the only child leaves and is back."""
    (child,) = children(view, household)
    return [(one.left.id, one.back and one.back.id) for one in absences(view, child)]


def test_who_leaves_the_household_is_away_until_told_anew(given: Given) -> None:
    lines = [
        "ChildBorn 2015-05-10 child_journey_id=k",
        "MemberLeft 2020-01-01 member_journey_id=other",
    ]
    assert away(view_of(given(*lines))) == []
    lines.append("MemberLeft 2020-06-01 member_journey_id=k")
    assert away(view_of(given(*lines))) == [("f3", None)]
    lines.append("MemberJoined 2021-01-01 member_journey_id=k role=child")
    lines.append("MemberLeft 2022-01-01 member_journey_id=k")
    assert away(view_of(given(*lines))) == [("f3", "f4"), ("f5", None)]


@pytest.mark.parametrize("fact", ["EntryRegistered", "AddressRegistered", "AsylumApplicationFiled"])
def test_who_left_germany_is_away_until_an_entry_an_arrival_or_told_anew(
    given: Given, fact: str
) -> None:
    born = "ChildBorn 2015-05-10 child_journey_id=k"
    own = ["LeftGermany 2020-01-01 id=l", "ContactHeld 2021-01-01"]
    assert away(view_of(given(born)), k=view_of(given(*own))) == [("l", None)]
    own.append(f"{fact} 2022-01-01 id=e")
    assert away(view_of(given(born)), k=view_of(given(*own))) == [("l", "e")]
    joined = "MemberJoined 2021-06-01 id=m member_journey_id=k role=child"
    assert away(view_of(given(born, joined)), k=view_of(given(*own))) == [("l", "m")]


@pytest.mark.parametrize(
    ("left", "joined", "back"),
    [
        ("2020-06", "2020-06-20", "f3"),
        ("2020", "2020-06", "f3"),
        ("2020-06", "2020-06-01", "f3"),
        ("2020-06", "2020-05-31", None),
        ("2020-06-21", "2020-06-20", None),
        ("2020-06", "- @2020-06-20", None),
    ],
)
def test_d3_who_is_told_anew_after_leaving_within_its_month_is_back(
    given: Given, left: str, joined: str, back: str | None
) -> None:
    born = "ChildBorn 2015-05-10 child_journey_id=k"
    named = "member_journey_id=k"
    gone, again = f"MemberLeft {left} {named}", f"MemberJoined {joined} {named} role=child"
    view = view_of(given(born, gone, again, "NoteTaken 2020-06-10"))
    assert away(view) == [("f2", back)]


def test_d3_what_another_journey_tells_within_the_month_of_a_leaving_is_no_return(
    given: Given,
) -> None:
    lines = ("ChildBorn 2015-05-10 child_journey_id=k", "NoteTaken 2020-01-01")
    view = view_of(given(*lines, "MemberJoined 2020-06-20 member_journey_id=k role=child"))
    assert away(view, k=view_of(given("LeftGermany 2020-06 id=l"))) == [("l", None)]


def test_who_left_the_household_is_not_back_by_an_arrival_elsewhere(given: Given) -> None:
    view = view_of(
        given(
            "ChildBorn 2015-05-10 child_journey_id=k", "MemberLeft 2020-01-01 member_journey_id=k"
        )
    )
    assert away(view, k=view_of(given("AddressRegistered 2020-02-01"))) == [("f2", None)]


def test_whom_only_a_reference_tells_may_have_left_before(given: Given) -> None:
    view = view_of(
        given("MemberLeft 2020-01-01 member_journey_id=c", "SchoolStarted 2020-08-12 child_ref=c")
    )
    assert away(view) == [("f1", None)]


@pytest.mark.parametrize(("day", "counts"), [("2025-03-09", False), ("2025-03-10", True)])
def test_dated_facts_of_two_journeys_are_compared_by_their_days(
    given: Given, day: str, counts: bool
) -> None:
    view = view_of(given("AddressRegistered 2025-03-10"))
    other = view_of(given(f"SchoolStarted {day} id=s1"))
    found = list(counting_anywhere(view, view.facts[0], other.facts))
    assert bool(found) is counts


@pytest.mark.parametrize(("recorded", "counts"), [("2025-03-09", False), ("2025-03-10", True)])
def test_undated_facts_of_two_journeys_are_compared_by_the_days_of_recording(
    given: Given, recorded: str, counts: bool
) -> None:
    view = view_of(given("AddressRegistered 2025-03-10"))
    other = view_of(given(f"SchoolStarted - id=s1 @{recorded}"))
    assert bool(list(counting_anywhere(view, view.facts[0], other.facts))) is counts


def test_from_an_undated_trigger_on_counts_what_happened_since_it_was_recorded(
    given: Given,
) -> None:
    view = view_of(given("AddressRegistered - @2025-03-10"))
    other = view_of(
        given("SchoolStarted 2025-03-09 id=s1 @2025-04-01", "SchoolStarted 2025-03-10 id=s2")
    )
    found = counting_anywhere(view, view.facts[0], other.facts)
    assert [one.id for one in found] == ["s2"]


def test_two_journeys_have_one_order_on_one_day_the_childs_own_facts_come_first(
    given: Given,
) -> None:
    view = view_of(given("AddressRegistered 2025-03-10 id=p1", "AddressChanged 2025-03-12 id=p2"))
    own = view_of(
        given(
            "SchoolStarted - id=c1 @2025-06-01",
            "AddressRegistered 2025-03-10 id=c2",
            "SchoolLeft 2025-03-11 id=c3",
        )
    )
    found = in_order(view, [*view.facts, *own.facts])
    assert [one.id for one in found] == ["c1", "c2", "p1", "c3", "p2"]
    assert before(view, own.facts[1], view.facts[0])
    assert not before(view, view.facts[0], own.facts[1])


def test_g4_within_the_childs_own_journey_its_order_decides(given: Given) -> None:
    view = view_of(given("NoteTaken 2025-01-01"))
    own = view_of(given("LeftGermany - id=c1 @2025-06-01", "ChildcareRequested 2025-03 id=c2"))
    assert list(counting_anywhere(view, own.facts[1], own.facts)) == []


def test_g4_within_one_journey_an_undated_fact_must_stand_after_the_trigger(given: Given) -> None:
    view = view_of(given("SchoolStarted -", "AddressRegistered 2025-03-10"))
    assert list(counting_anywhere(view, view.facts[1], view.facts)) == []


def test_parents_are_the_members_told_as_parents_whose_journeys_are_known(given: Given) -> None:
    view = view_of(
        given(
            "MemberJoined 2020-01-01 member_journey_id=m role=parent",
            "MemberJoined 2020-01-01 member_journey_id=f role=parent",
            "MemberJoined 2020-01-01 member_journey_id=s role=child",
            "MemberJoined 2021-01-01 member_journey_id=m role=adult",
        )
    )
    mother = view_of(given("NoteTaken 2020-01-01"))
    assert parents(view, {"m": mother, "s": mother}) == [mother]


def test_the_members_are_those_who_joined_and_did_not_leave(given: Given) -> None:
    lines = [
        "ChildBorn 2015-05-10 child_journey_id=k1",
        "MemberJoined 2020-01-01 member_journey_id=k2 role=child",
        "MemberJoined 2020-01-01 member_journey_id=p role=partner",
        "MemberJoined 2020-01-01",
    ]
    assert list(members(view_of(given(*lines)))) == ["k1", "k2", "p"]
    lines.append("MemberLeft 2021-01-01 member_journey_id=k2")
    assert list(members(view_of(given(*lines)))) == ["k1", "p"]


def test_whoever_leaves_takes_the_children_along(given: Given) -> None:
    view = view_of(
        given(
            "ChildBorn 2015-05-10 child_journey_id=k1",
            "MemberJoined 2020-01-01 member_journey_id=p role=partner",
            "MemberLeft 2021-01-01",
        )
    )
    assert list(members(view)) == ["k1"]


def test_d23_a_journey_offers_its_children_once_derived(given: Given) -> None:
    journey = Derived(view_of(given("ChildBorn 2015-05-10")))
    assert journey.children is journey.children
