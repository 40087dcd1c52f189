"""Partial dates: what is known, what is possible, what is certain."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days import UNKNOWN_DAY, PartialDate, Precision
from domain.errors import UnreadableDateError

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
days = st.dates(FIRST, LAST)
partial_dates = st.one_of(
    days.map(PartialDate.of),
    days.map(lambda day: PartialDate(day.year, day.month)),
    days.map(lambda day: PartialDate(day.year)),
)


@st.composite
def dates_with_a_possible_day(draw: st.DrawFn) -> tuple[PartialDate, date]:
    partial = draw(partial_dates)
    assert partial.earliest is not None
    assert partial.latest is not None
    return partial, draw(st.dates(partial.earliest, partial.latest))


@pytest.mark.parametrize(
    ("text", "precision", "earliest", "latest"),
    [
        ("2024-03-15", Precision.DAY, date(2024, 3, 15), date(2024, 3, 15)),
        ("2024-02", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", Precision.MONTH, date(2023, 2, 1), date(2023, 2, 28)),
        ("2000-02", Precision.MONTH, date(2000, 2, 1), date(2000, 2, 29)),
        ("2100-02", Precision.MONTH, date(2100, 2, 1), date(2100, 2, 28)),
        ("2024-12", Precision.MONTH, date(2024, 12, 1), date(2024, 12, 31)),
        ("2024", Precision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
        ("", Precision.UNKNOWN, None, None),
    ],
)
def test_a_date_lies_between_its_earliest_and_its_latest_day(
    text: str, precision: Precision, earliest: date | None, latest: date | None
) -> None:
    partial = PartialDate.parse(text)
    assert (partial.precision, partial.earliest, partial.latest) == (precision, earliest, latest)
    assert partial.exact == (earliest if precision is Precision.DAY else None)
    assert str(partial) == text


@pytest.mark.parametrize(
    "text",
    [
        "2023-02-29",
        "2100-02-29",
        "2024-13",
        "2024-00",
        "2024-03-00",
        "2024-04-31",
        "0000",
        "24",
        "15.03.2024",
        "2024-3",
        "2024-03-15T00:00:00",
        "٢٠٢٤",
        "geheim",
    ],
)
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDateError):
        PartialDate.parse(text)


@pytest.mark.parametrize("parts", [(None, 3, None), (2024, None, 15), (None, None, 1)])
def test_a_day_without_its_month_or_year_is_refused(parts: tuple[int | None, ...]) -> None:
    with pytest.raises(UnreadableDateError):
        PartialDate(*parts)


@given(partial_dates)
def test_writing_and_reading_a_date_gives_it_back(partial: PartialDate) -> None:
    assert PartialDate.parse(str(partial)) == partial


@given(dates_with_a_possible_day(), dates_with_a_possible_day())
def test_certainly_before_holds_for_every_pair_of_possible_days(
    one: tuple[PartialDate, date], two: tuple[PartialDate, date]
) -> None:
    (mine, my_day), (theirs, their_day) = one, two
    if mine.certainly_before(theirs):
        assert my_day < their_day
    if mine.certainly_after(theirs):
        assert my_day > their_day
    if my_day < their_day:
        assert mine.possibly_before(theirs)


@given(partial_dates, partial_dates)
def test_certainty_is_one_sided_and_implies_possibility(
    mine: PartialDate, theirs: PartialDate
) -> None:
    assert mine.certainly_before(theirs) == theirs.certainly_after(mine)
    assert not (mine.certainly_before(theirs) and theirs.certainly_before(mine))
    if mine.certainly_before(theirs):
        assert mine.possibly_before(theirs)
        assert not theirs.possibly_before(mine)


@given(partial_dates, days)
def test_comparing_with_a_plain_day_is_comparing_with_the_exact_date(
    partial: PartialDate, day: date
) -> None:
    exact = PartialDate.of(day)
    assert partial.certainly_before(day) == partial.certainly_before(exact)
    assert partial.certainly_after(day) == partial.certainly_after(exact)
    assert partial.possibly_before(day) == partial.possibly_before(exact)


@given(st.integers(1900, 2100), st.integers(1, 12))
def test_the_latest_day_of_a_month_is_the_eve_of_the_next(year: int, month: int) -> None:
    latest = PartialDate(year, month).latest
    assert latest is not None
    following = latest + timedelta(days=1)
    assert following.day == 1
    assert (following.year, following.month) == ((year, month + 1) if month < 12 else (year + 1, 1))


@given(partial_dates)
def test_an_unknown_day_may_lie_anywhere_and_is_certain_nowhere(partial: PartialDate) -> None:
    assert UNKNOWN_DAY.possibly_before(partial)
    assert partial.possibly_before(UNKNOWN_DAY)
    assert not UNKNOWN_DAY.certainly_before(partial)
    assert not UNKNOWN_DAY.certainly_after(partial)
    assert not partial.certainly_before(UNKNOWN_DAY)
    assert not UNKNOWN_DAY.known
