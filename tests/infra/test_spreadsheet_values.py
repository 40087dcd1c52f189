"""Values as German offices write them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days import UNKNOWN_DAY, PartialDate
from domain.events.registry import FACTS
from domain.labels import Vocabulary
from infra.spreadsheets.cells import Cell, CellError, UnreadableCellError, Value, letters
from infra.spreadsheets.columns import (
    attribute_headers,
    attributes_by_header,
    fact_type,
    known_headers,
    normal,
)
from infra.spreadsheets.days import german_day, read_day, read_moment
from infra.spreadsheets.kinds import Form, Kind, kind
from infra.spreadsheets.values import codes, labels, read_number, read_value

clock = datetime.fromisoformat


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("15.03.2024", "2024-03-15"),
        ("5.3.24", "2024-03-05"),
        ("05.3.98", "1998-03-05"),
        (" 15. 3. 2024 ", "2024-03-15"),
        ("2024-03-15", "2024-03-15"),
        ("2024-03-15T10:00:00Z", "2024-03-15"),
        ("15.03.2024 10:30", "2024-03-15"),
        ("15. März 2024", "2024-03-15"),
        ("03.2024", "2024-03"),
        ("3/2024", "2024-03"),
        ("2024-03", "2024-03"),
        ("März 2024", "2024-03"),
        ("Mrz. 24", "2024-03"),
        ("2024", "2024"),
        (2024.0, "2024"),
        (45366.0, "2024-03-15"),
        ("45366", "2024-03-15"),
        (45366.75, "2024-03-15"),
        ("15 März 2024", "2024-03-15"),
        (clock("2024-03-15 12:30"), "2024-03-15"),
        (PartialDate(2024, 3), "2024-03"),
        ("29.02.2024", "2024-02-29"),
        ("unbekannt", ""),
    ],
)
def test_a_day_is_read(written: Value, meant: str) -> None:
    assert str(read_day(Cell(written))) == meant


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("29.02.2023", "no-such-day"),
        ("31.04.2024", "no-such-day"),
        ("13.2024", "no-such-day"),
        ("15 Foo 2024", "no-date"),
        ("Foo 2024", "no-date"),
        ("ca. 2024", "no-date"),
        ("bald", "no-date"),
        (3.2024, "no-date"),
        (20240315.0, "no-date"),
        (0.0, "no-date"),
        (True, "no-date"),
        (CellError("#REF!"), "error-cell"),
        (None, "formula-without-value"),
    ],
)
def test_what_is_no_day_is_refused(written: Value | None, code: str) -> None:
    with pytest.raises(UnreadableCellError) as error:
        read_day(Cell(written))
    assert error.value.code == code


@given(st.dates())
def test_every_day_is_read_back_from_german_writing(day: object) -> None:
    partial = PartialDate.parse(str(day))
    for one in (partial, PartialDate(partial.year, partial.month), PartialDate(partial.year)):
        if one.year and one.year > 1000:
            assert read_day(Cell(german_day(one))) == one
    assert read_day(Cell(german_day(UNKNOWN_DAY))) == UNKNOWN_DAY


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-04-02T10:00:00Z", datetime(2024, 4, 2, 10, tzinfo=UTC)),
        ("2024-04-02T12:00:00+02:00", datetime(2024, 4, 2, 10, tzinfo=UTC)),
        ("02.04.2024 12:00", datetime(2024, 4, 2, 10, tzinfo=UTC)),
        ("02.04.2024, 9:05 Uhr", datetime(2024, 4, 2, 7, 5, tzinfo=UTC)),
        ("02.04.2024", datetime(2024, 4, 2, 10, tzinfo=UTC)),
        (clock("2024-01-02 12:00:00.000400"), datetime(2024, 1, 2, 11, tzinfo=UTC)),
        (clock("2024-01-02"), datetime(2024, 1, 2, 11, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_the_clock_in_berlin_shows_it(written: Value, meant: datetime) -> None:
    assert read_moment(Cell(written)) == meant


@pytest.mark.parametrize("written", ["03.2024", "02.04.2024 25:00", "bald"])
def test_a_moment_needs_an_exact_day(written: str) -> None:
    with pytest.raises(UnreadableCellError):
        read_moment(Cell(written))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("-3,5", "-3.5"),
        ("1.450,00 €", "1450.00"),
        ("1 450", "1450"),
        (19.5, "19.5"),
        ("0", "0"),
    ],
)
def test_a_german_number_is_read(written: Value, meant: str) -> None:
    assert str(read_number(Cell(written))) == meant


@pytest.mark.parametrize("written", ["1,234.56", "1.23.4", "zwölf", "12,", "1.2345,6"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(UnreadableCellError, match="no-number"):
        read_number(Cell(written))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("ja", True), ("X", True), ("Nein", False), (True, True), (0.0, False), ("unbekannt", None)],
)
def test_yes_and_no_are_read(written: Value, meant: bool | None) -> None:
    assert read_value(Cell(written), Kind(Form.FLAG)) is meant


def test_a_whole_number_has_no_fraction() -> None:
    assert read_value(Cell("12"), Kind(Form.WHOLE)) == 12
    with pytest.raises(UnreadableCellError, match="no-whole-number"):
        read_value(Cell("12,5"), Kind(Form.WHOLE))


def test_lists_and_maps_are_read() -> None:
    texts = Kind(Form.LIST, inner=Kind(Form.TEXT))
    assert read_value(Cell(" a; b ;;c\nd"), texts) == ["a", "b", "c", "d"]
    assert read_value(Cell('["a;b"]'), texts) == ["a;b"]
    pairs = Kind(Form.MAP, key=Kind(Form.TEXT), inner=Kind(Form.WHOLE))
    assert read_value(Cell("a: 1; b: 2"), pairs) == {"a": 1, "b": 2}
    with pytest.raises(UnreadableCellError, match="no-map"):
        read_value(Cell("a"), pairs)
    with pytest.raises(UnreadableCellError, match="no-json"):
        read_value(Cell("{a"), pairs)


def test_text_that_excel_turned_into_a_date_is_refused() -> None:
    with pytest.raises(UnreadableCellError, match="no-text"):
        read_value(Cell(clock("2024-03-01")), Kind(Form.TEXT))


def vocabularies(root: type[Vocabulary] = Vocabulary) -> Iterator[type[Vocabulary]]:
    for one in root.__subclasses__():
        yield one
        yield from vocabularies(one)


@pytest.mark.parametrize("vocabulary", list(vocabularies()), ids=lambda one: one.__name__)
def test_every_code_is_read_by_its_label_and_by_itself(vocabulary: type[Vocabulary]) -> None:
    how = Kind(Form.CODE, vocabulary)
    for one, label in zip(vocabulary, labels(vocabulary), strict=True):
        assert read_value(Cell(label), how) == one.value
        assert read_value(Cell(one.value.lower()), how) == one.value
        assert normal(one.label.en) in codes(vocabulary)
    with pytest.raises(UnreadableCellError, match="no-choice"):
        read_value(Cell("§ 999"), how)


def test_every_fact_is_found_by_its_label_and_its_headers_are_its_own() -> None:
    for name, fact in FACTS.items():
        assert fact_type(fact.about.label.de.upper()) == name
        assert fact_type(name) == name
        assert len(attributes_by_header(fact)) == len(fact.attributes())
        assert all(kind(one).form for one in fact.attributes())
    assert len(known_headers()) > len(attribute_headers())
    assert len({normal(one) for one in attribute_headers()}) == len(attribute_headers())


def test_columns_have_letters() -> None:
    assert [letters(one) for one in (0, 25, 26, 701, 702, 16_383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD",
    ]  # fmt: skip
