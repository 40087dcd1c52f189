"""Days, weeks, months and working days: design 4, line 1 (§§ 187, 188, 193 BGB)."""

from datetime import UTC, date, datetime, timedelta

import hypothesis
import pytest
from hypothesis import strategies

from domain.chain.calendar import (
    berlin_day,
    end_of_running_period,
    first_of_month,
    is_working_day,
    last_of_month,
    months_before_end,
    plus_days,
    plus_months,
    plus_working_days,
    working_day_from,
)

DAYS = strategies.dates(date(1990, 1, 1), date(2040, 12, 31))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2024-01-29", 1, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-29"),
        ("2025-02-28", 12, "2026-02-28"),
        ("2025-08-31", 6, "2026-02-28"),
        ("2025-10-31", 1, "2025-11-30"),
        ("2025-11-30", 1, "2025-12-30"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-12-15", 1, "2026-01-15"),
        ("2099-12-31", 2, "2100-02-28"),
    ],
)
def test_d1_months_are_counted_forward_and_clipped_to_the_last_day(
    start: str, months: int, end: str
) -> None:
    assert plus_months(day(start), months) == day(end)


@pytest.mark.parametrize(
    ("end", "months", "last_good_day"),
    [
        ("2025-11-30", 3, "2025-08-31"),
        ("2025-11-29", 3, "2025-08-29"),
        ("2025-12-31", 3, "2025-09-30"),
        ("2025-05-15", 3, "2025-02-15"),
        ("2025-05-31", 3, "2025-02-28"),
        ("2024-05-31", 3, "2024-02-29"),
        ("2025-02-28", 12, "2024-02-29"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2025-05-30", 3, "2025-02-27"),
        ("2026-01-31", 1, "2025-12-31"),
    ],
)
def test_d1_months_are_counted_backward_from_the_day_after_the_end(
    end: str, months: int, last_good_day: str
) -> None:
    assert months_before_end(day(end), months) == day(last_good_day)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2023-03-15", "2024-09-14"),
        ("2023-03-01", "2024-08-31"),
        ("2023-08-31", "2025-02-28"),
        ("2022-08-31", "2024-02-29"),
        ("2023-08-29", "2025-02-28"),
        ("2023-08-28", "2025-02-27"),
        ("2024-02-29", "2025-08-28"),
        ("2023-12-31", "2025-06-30"),
    ],
)
def test_a10_a_period_whose_first_day_counts_ends_on_the_day_before_the_same_day(
    start: str, end: str
) -> None:
    assert end_of_running_period(day(start), 18) == day(end)


@pytest.mark.parametrize(
    "holiday",
    [
        "2025-01-01",
        "2025-04-18",
        "2025-04-21",
        "2025-05-01",
        "2025-05-29",
        "2025-06-09",
        "2025-06-19",
        "2025-10-03",
        "2024-11-01",
        "2025-12-25",
        "2025-12-26",
        "2017-10-31",
        "1994-11-16",
    ],
)
def test_d1_a_holiday_in_north_rhine_westphalia_is_no_working_day(holiday: str) -> None:
    assert day(holiday).weekday() < 5
    assert not is_working_day(day(holiday))


@pytest.mark.parametrize(
    "elsewhere",
    [
        "2025-01-06",
        "2024-03-08",
        "2024-08-15",
        "2025-10-31",
        "2024-11-20",
        "2024-12-24",
        "2025-12-24",
        "2024-12-31",
        "2025-12-31",
        "2025-03-03",
    ],
)
def test_f02_the_24th_and_31st_of_december_and_holidays_elsewhere_are_working_days(
    elsewhere: str,
) -> None:
    assert is_working_day(day(elsewhere))


@pytest.mark.parametrize(
    ("last", "moved"),
    [
        ("2025-04-18", "2025-04-22"),
        ("2025-08-31", "2025-09-01"),
        ("2025-08-30", "2025-09-01"),
        ("2025-08-29", "2025-08-29"),
        ("2024-12-25", "2024-12-27"),
        ("2025-11-01", "2025-11-03"),
        ("2025-12-24", "2025-12-24"),
        ("2028-12-30", "2029-01-02"),
    ],
)
def test_d1_a_last_day_on_a_weekend_or_holiday_moves_to_the_next_working_day(
    last: str, moved: str
) -> None:
    assert working_day_from(day(last)) == day(moved)


@pytest.mark.parametrize(
    ("moment", "in_berlin"),
    [
        (datetime(2024, 12, 31, 22, 59, tzinfo=UTC), "2024-12-31"),
        (datetime(2024, 12, 31, 23, 0, tzinfo=UTC), "2025-01-01"),
        (datetime(2025, 6, 30, 21, 59, tzinfo=UTC), "2025-06-30"),
        (datetime(2025, 6, 30, 22, 0, tzinfo=UTC), "2025-07-01"),
        (datetime(2025, 3, 29, 23, 0, tzinfo=UTC), "2025-03-30"),
        (datetime(2025, 3, 30, 22, 0, tzinfo=UTC), "2025-03-31"),
    ],
)
def test_d1_days_are_calendar_days_in_berlin(moment: datetime, in_berlin: str) -> None:
    assert berlin_day(moment) == day(in_berlin)


def test_d1_the_first_and_last_day_of_a_month_hold_in_leap_years() -> None:
    assert first_of_month(day("2024-02-29")) == day("2024-02-01")
    assert last_of_month(day("2024-02-01")) == day("2024-02-29")
    assert last_of_month(day("2025-02-10")) == day("2025-02-28")
    assert last_of_month(day("2025-12-31")) == day("2025-12-31")


@hypothesis.given(DAYS, strategies.integers(1, 60))
def test_d1_a_month_forward_is_the_same_day_or_the_last_of_its_month(
    start: date, months: int
) -> None:
    end = plus_months(start, months)
    assert (end.year - start.year) * 12 + end.month - start.month == months
    assert end.day == start.day or (end.day < start.day and end == last_of_month(end))


@hypothesis.given(DAYS, strategies.integers(1, 36))
def test_d1_the_months_before_an_end_fill_the_period_to_its_last_day(
    end: date, months: int
) -> None:
    first = plus_days(months_before_end(end, months), 1)
    clipped = plus_days(end, 1).day > first.day
    assert plus_months(first, months) == plus_days(end, 1) or clipped


@hypothesis.given(DAYS, strategies.integers(1, 15))
def test_d1_n_working_days_later_lie_exactly_n_working_days(start: date, n: int) -> None:
    end = plus_working_days(start, n)
    between = [start + timedelta(days=k) for k in range(1, (end - start).days + 1)]
    assert sum(is_working_day(one) for one in between) == n
    assert is_working_day(end)


@hypothesis.given(DAYS)
def test_d1_moving_to_a_working_day_never_goes_back_nor_skips_one(start: date) -> None:
    moved = working_day_from(start)
    assert is_working_day(moved)
    skipped = [start + timedelta(days=k) for k in range((moved - start).days)]
    assert not any(is_working_day(one) for one in skipped)
