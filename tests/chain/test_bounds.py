"""The dated bounds: the law and the practice of the day (G12, design 4, line 16)."""

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from domain.chain.bounds import STANDARD, Bound, BoundKind, Unit
from domain.chain.catalogue import RULES

Given = Callable[..., Any]
bound, ended_after = STANDARD.on, STANDARD.ended_after
ALL = [one for rows in STANDARD.rows.values() for one in rows]


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("F02.response", 5, Unit.WORKING_DAYS),
        ("F06.intensive", 30, Unit.DAYS),
        ("F06.accompanied", 60, Unit.DAYS),
        ("F06.other", 90, Unit.DAYS),
        ("F11.response", 14, Unit.DAYS),
        ("F14.default_validity", 24, Unit.MONTHS),
        ("A01.lead", 90, Unit.DAYS),
        ("A01.urgent", 30, Unit.DAYS),
        ("A03.check", 14, Unit.DAYS),
        ("A04.lead", 30, Unit.DAYS),
        ("A05.lead", 21, Unit.DAYS),
        ("A05.appeal", 14, Unit.DAYS),
        ("A05.appeal_short", 7, Unit.DAYS),
        ("A06.response", 14, Unit.DAYS),
        ("A10.term", 18, Unit.MONTHS),
        ("A10.lead", 12, Unit.MONTHS),
        ("A10.step_second", 6, Unit.MONTHS),
        ("A10.step_third", 3, Unit.MONTHS),
        ("L01.urgent", 14, Unit.DAYS),
        ("S01.warning", 270, Unit.DAYS),
        ("S01.second_warning", 330, Unit.DAYS),
        ("S01.claim", 1, Unit.YEARS),
        ("S03.response", 28, Unit.DAYS),
        ("S05.weeks", 6, Unit.WEEKS),
        ("S15.response", 90, Unit.DAYS),
        ("S15.same_course", 180, Unit.DAYS),
        ("S16.lead", 30, Unit.DAYS),
        ("S16.entitlement", 3, Unit.MONTHS),
        ("T02.search", 6, Unit.MONTHS),
        ("T02.search_16g", 6, Unit.MONTHS),
        ("B03.notice", 3, Unit.MONTHS),
        ("B03.after_knowledge", 3, Unit.DAYS),
        ("B03.window", 4, Unit.MONTHS),
        ("B07.tolerance", 14, Unit.DAYS),
    ],
)
def test_a_bound_has_the_value_of_its_rule(name: str, value: int, unit: Unit) -> None:
    found = bound(name, day("2026-01-01"))
    assert found is not None
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("L01.months", "2005-01-01"),
        ("S03.response", "2005-01-01"),
        ("S05.weeks", "2005-01-01"),
        ("S16.lead", "2016-07-01"),
        ("T02.search", "2020-01-01"),
        ("T02.search_16g", "2024-03-01"),
        ("B03.notice", "2006-01-01"),
    ],
)
def test_d16_before_its_law_begins_a_bound_does_not_exist(name: str, first: str) -> None:
    assert bound(name, date.fromordinal(day(first).toordinal() - 1)) is None
    assert bound(name, day(first)) is not None


def test_d16_a_past_day_is_judged_by_the_law_of_that_day() -> None:
    served = {text: bound("A05.service", day(text)) for text in ("2024-12-31", "2025-01-01")}
    assert [one.value for one in served.values() if one] == [3, 4]


def test_d16_a_bound_followed_by_another_has_not_ended() -> None:
    assert ended_after("A05.service", day("2024-06-01")) is None
    assert ended_after("S05.weeks", day("2024-06-01")) is None


@pytest.mark.parametrize("one", ALL, ids=lambda one: f"{one.id} {one.valid_from or ''}".strip())
def test_a_bound_names_its_source_and_the_rule_it_belongs_to(one: Bound) -> None:
    assert one.source
    assert one.id.split(".")[0] in {*RULES, "law"}
    assert not isinstance(one.value, int) or one.value >= 0
    assert one.kind is BoundKind.DEF or any(
        word in one.source for word in ("§", "Art. ", "Zustellung")
    )


@pytest.mark.parametrize("name", STANDARD.rows)
def test_the_periods_of_a_bound_follow_each_other_without_gap_or_overlap(name: str) -> None:
    for earlier, later in pairwise(STANDARD.rows[name]):
        assert earlier.valid_until is not None
        assert later.valid_from is not None
        assert later.valid_from.toordinal() == earlier.valid_until.toordinal() + 1


def test_an_unknown_bound_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        bound("Z99.nothing", day("2025-01-01"))


@pytest.mark.parametrize(
    ("rule", "before", "since"),
    [
        (
            "L01",
            "RechtskreisChangeTriggered 2004-12-31 from=ASYLBLG_3 to=SGB_II",
            "RechtskreisChangeTriggered 2005-01-01 from=ASYLBLG_3 to=SGB_II",
        ),
        (
            "S03",
            "CourseEntitlementIssued 2004-12-31 obligated=true",
            "CourseEntitlementIssued 2005-01-01 obligated=true",
        ),
        ("S05", "CourseRegistered 2004-12-31", "CourseRegistered 2005-01-01"),
        (
            "S16",
            "VocationalLanguageEntitlementIssued 2016-06-30",
            "VocationalLanguageEntitlementIssued 2016-07-01",
        ),
        (
            "B03",
            "EmploymentStarted 2005-01-10 fixed_term_until=2006-03-30",
            "EmploymentStarted 2005-01-10 fixed_term_until=2006-03-31",
        ),
    ],
)
def test_g12_before_its_law_a_rule_has_no_instance(
    given: Given, rule: str, before: str, since: str
) -> None:
    assert given(before).rows(rule) == []
    assert len(given(since).rows(rule)) == 1


@pytest.mark.parametrize(
    ("basis", "before", "since"),
    [
        ("AUFENTHG_60C", "2019-12-31", "2020-01-01"),
        ("AUFENTHG_16G", "2024-02-29", "2024-03-01"),
    ],
)
def test_g12_the_time_after_an_abort_runs_since_the_law_of_its_basis(
    given: Given, basis: str, before: str, since: str
) -> None:
    paper = f"ToleranceIssued 2019-08-01 basis={basis}"
    assert given(paper, f"TrainingAborted {before}").rows("T02") == []
    assert len(given(paper, f"TrainingAborted {since}").rows("T02")) == 1


def test_g12_b03_is_judged_by_its_due_day_not_by_the_day_it_was_known(given: Given) -> None:
    past = given("EmploymentStarted 2004-01-10 fixed_term_until=2006-12-31")
    assert past.rows("B03") == ["f1 2006-08-31..2006-10-02"]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("A01", "TitleGranted 1995-03-01 basis=AUSLG valid_until=1997-03-01"),
        ("A02", "TitleGranted 1995-03-01 basis=AUSLG valid_until=1997-03-01"),
        ("A05", "ToleranceIssued 1995-03-01 valid_until=1995-09-01"),
        ("F11", "HandoverOffered 1995-03-01"),
    ],
)
def test_g12_a_rule_without_a_law_date_holds_on_every_day(
    given: Given, rule: str, line: str
) -> None:
    assert len(given(line).rows(rule)) == 1
