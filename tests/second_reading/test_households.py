"""Children and their parents: what the chain and the second reading find where two journeys meet."""

from collections.abc import Mapping, Sequence
from datetime import date

from domain.chain.catalogue import RULES
from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact
from tests.second_reading.basis import Row
from tests.second_reading.test_agreement import differences_of, rows_of_chain

CHILD = ("f1 MemberJoined 2024-01-10 member_journey_id=a role=child",)
PARENT = (
    "c1 MemberJoined 2024-01-10 member_journey_id=p role=parent",
    "c2 PersonIdentified 2024-01-10 birth_date=2022-06-01",
)


def _told(line: str) -> Told:
    """A fact of one line: id, type, day (- for none), attributes."""
    fact_id, name, day, *rest = line.split()
    parts = [] if day == "-" else [int(part) for part in day.split("-")]
    attributes = dict(one.split("=", 1) for one in rest)
    return Told(fact_id, read_fact(name, attributes), PartialDate(*parts), None)


def _rows(
    rule: str, own: Sequence[str], others: Mapping[str, Sequence[str]] | None = None
) -> list[Row]:
    """The rows on which both readings agree, in the order of their keys."""
    told = [_told(line) for line in own]
    household_ = {name: [_told(line) for line in lines] for name, lines in (others or {}).items()}
    assert not list(differences_of(RULES[rule], told, None, household_))
    return sorted(rows_of_chain(RULES[rule], told, None, household_), key=lambda row: row.key)


def test_a_move_told_by_the_child_begins_the_time_on_the_page_of_the_parent() -> None:
    own = {
        "a": [
            "c1 PersonIdentified 2024-01-10 birth_date=2014-05-10",
            "c2 AddressChanged 2024-03-01",
        ]
    }
    [row] = _rows("M01", CHILD, own)
    assert (row.key, row.due_on) == ("c2+a", date(2024, 3, 29))


def test_school_told_by_the_child_closes_what_a_move_of_the_parent_began() -> None:
    own = {
        "a": ["c1 PersonIdentified 2024-01-10 birth_date=2014-05-10", "c2 SchoolStarted 2024-04-08"]
    }
    [row] = _rows("M01", [*CHILD, "f2 AddressRegistered 2024-03-01"], own)
    assert (row.key, row.closes_on, row.closed_by) == ("f2+a", date(2024, 4, 8), "late")


def test_without_the_journey_of_the_child_its_age_is_asked_for() -> None:
    [row] = _rows("M01", [*CHILD, "f2 AddressRegistered 2024-03-01"])
    assert (row.key, row.kind) == ("f2+a", "data")


def test_a_place_told_by_the_child_answers_the_request_of_the_parent() -> None:
    told = [*CHILD, "f2 ChildcareRequested 2024-02-01 child_ref=a"]
    own = {
        "a": [
            "c1 PersonIdentified 2024-01-10 birth_date=2022-06-01",
            "c2 ChildcareStarted 2024-05-02",
        ]
    }
    [row] = _rows("M02", told, own)
    assert (row.key, row.closes_on, row.closed_by) == ("f2", date(2024, 5, 2), "in_time")


def test_a_birth_told_later_and_a_member_may_be_one_child() -> None:
    told = [*CHILD, "f2 ChildBorn 2023-11-11", "f3 AddressRegistered 2030-03-01"]
    own = {"a": ["c1 PersonIdentified 2024-01-10 birth_date=2023-11"]}
    assert [row.key for row in _rows("M01", told, own)] == ["f3+a"]
    assert [row.key for row in _rows("M01", told)] == ["f3+a", "f3+f2"]


def test_day_care_and_course_are_one_knot_on_the_pages_of_parent_and_child() -> None:
    parent = [*CHILD, "f2 CourseEntitlementIssued 2024-03-01", "f3 CourseStarted 2024-07-01"]
    child = [*PARENT, "c3 ChildcareRequested 2024-04-10"]
    assert _rows("M03", parent, {"a": child}) == _rows("M03", child, {"p": parent})
    [row] = _rows("M03", parent, {"a": child})
    assert (row.key, row.begins_on, row.opens_on) == ("f2+c3", date(2024, 4, 10), date(2024, 6, 9))
    assert (row.closes_on, row.closed_by) == (date(2024, 7, 1), "late")


def test_who_is_no_parent_is_not_asked_for_the_course() -> None:
    parent = ["f2 CourseEntitlementIssued 2024-03-01"]
    child = [PARENT[0].replace("parent", "other"), PARENT[1], "c3 ChildcareRequested 2024-04-10"]
    assert _rows("M03", child, {"p": parent}) == []


def test_who_left_germany_and_arrives_again_is_owed_a_school_on_both_pages() -> None:
    child = [
        "c1 PersonIdentified 2012-05-10 birth_date=2012-05-10",
        "c2 AssignedToMunicipality 2024-01-10 municipality=05911000",
        "c3 LeftGermany 2024-06-01",
        "c4 AddressRegistered 2025-01-07 ags=05911000",
    ]
    parent = [
        "f1 ChildBorn 2012-05-10 child_journey_id=a",
        "f2 AssignedToMunicipality 2024-01-10 municipality=05911000",
    ]
    assert [row.key for row in _rows("M01", child)] == ["c2", "c4"]
    assert [row.key for row in _rows("M01", parent, {"a": child})] == ["c2+a", "c4+a"]


def test_a_child_back_from_abroad_is_owed_a_school_also_where_its_entry_is_told() -> None:
    parent = [
        "f1 ChildBorn 2015-05-10 child_journey_id=a",
        "f2 AssignedToMunicipality 2024-01-10",
        "f3 MemberJoined 2025-01-07 member_journey_id=a role=child",
    ]
    child = ["c1 LeftGermany 2024-06-01", "c2 EntryRegistered 2025-01-05"]
    for known in (child[:1], child):
        assert [row.key for row in _rows("M01", parent, {"a": known})] == ["f2+a", "f3+a"]


def test_after_a_stay_abroad_school_and_day_care_are_asked_for_anew() -> None:
    own = {
        "a": [
            "c1 SchoolStarted 2022-01-20",
            "c2 LeftGermany 2022-08-01",
            "c3 AddressRegistered 2023-01-10",
        ]
    }
    born = "f1 ChildBorn 2015-05-10 child_journey_id=a"
    assert [row.key for row in _rows("M01", [born], own)] == ["c3+a"]
    told = [
        "f1 ChildBorn 2021-01-10 child_journey_id=a",
        "f2 ChildcareRequested 2022-05-01 child_ref=a",
        "f3 ChildcareRequested 2023-02-01 child_ref=a",
    ]
    assert [row.due_on for row in _rows("M02", told, own)][1] == date(2023, 8, 1)
    alone = [*told[:2], "f4 LeftGermany 2022-08-01", told[2]]
    assert [row.due_on for row in _rows("M02", alone)][1] == date(2023, 8, 1)
    place = "f2 ChildcareStarted 2022-05-01 child_ref=a"
    assert [row.key for row in _rows("M02", [told[0], place, told[2]], own)] == ["f3"]


def test_a_child_back_within_the_month_of_its_leaving_is_here() -> None:
    told = [
        "f1 ChildBorn 2015-05-10 child_journey_id=a",
        "f2 AssignedToMunicipality 2024-01-10",
        "f3 MemberLeft 2024-06 member_journey_id=a",
        "f4 MemberJoined 2024-06-20 member_journey_id=a role=child",
    ]
    assert [row.key for row in _rows("M01", told)] == ["f2+a", "f4+a"]
    asked = [
        told[0].replace("2015", "2021"),
        "f5 ChildcareRequested 2024-05-01 child_ref=a",
        *told[2:],
        "f6 ChildcareRequested 2024-06-25 child_ref=a",
    ]
    assert [row.due_on for row in _rows("M02", asked)][1] == date(2024, 12, 25)
