"""What is written is read back: random facts through a fact list, and the template."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import ValidationError

from domain.days import PartialDate
from domain.events.record import EventCorrected
from domain.events.registry import FACTS, NAMES_JOURNEY
from domain.fact import Fact
from domain.fields import Confidence, LegalBasis, SourceKind
from domain.journal import Actor
from infra.importing.reading import Waiting, by_journey, read_file
from infra.importing.report import Tally
from infra.importing.spool import Spool
from infra.spreadsheets.kinds import Form, Kind, kind
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.template import write_template
from infra.spreadsheets.writer import write_fact_list

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")),
    min_size=1,
    max_size=12,
)
DAYS = st.dates().map(lambda day: PartialDate.parse(str(day))) | st.builds(
    PartialDate, st.integers(1900, 2100), st.integers(1, 12)
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2025, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda one: one.replace(microsecond=0, hour=9)
)


PLAIN: dict[Form, SearchStrategy[Any]] = {
    Form.DAY: DAYS.filter(lambda day: (day.year or 0) >= 1900).map(str),
    Form.FLAG: st.booleans(),
    Form.WHOLE: st.integers(0, 300),
    Form.NUMBER: st.integers(0, 400).map(lambda one: one / 10),
    Form.MONEY: st.decimals(0, 9_999, places=2).map(str),
    Form.TEXT: WORDS,
    Form.JSON: st.just({}),
}


JOURNEYS = st.uuids().map(str)
"""What names somebody else's journey; a file number would come back as the id of the journey."""


def values(how: Kind) -> SearchStrategy[Any]:
    """Return values of a kind as JSON."""
    if how.vocabulary is not None:
        return st.sampled_from([one.value for one in how.vocabulary])
    if how.inner is None:
        return PLAIN[how.form]
    if how.key is None:
        return st.lists(values(how.inner), min_size=1, max_size=3)
    return st.dictionaries(values(how.key), values(how.inner), min_size=1, max_size=3)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """Return any fact with any of its attributes."""
    fact = draw(st.sampled_from(list(FACTS.values())))
    known = {
        one.name: draw(JOURNEYS if one.name in NAMES_JOURNEY else values(kind(one)))
        for one in fact.attributes()
        if draw(st.integers(0, 3)) == 0
    }
    try:
        return fact.model_validate(known)
    except ValidationError:
        return fact()


@st.composite
def rows(draw: st.DrawFn) -> FactRow:
    """Return any row; its number makes it unlike any other."""
    fact = draw(facts())
    return FactRow(
        person=draw(st.sampled_from(["KIM-2024-0417", "0012", "A"])),
        type=fact.type_name(),
        number=str(draw(st.uuids())),
        occurred_on=draw(DAYS.filter(lambda day: (day.year or 0) >= 1900)),
        attributes=fact.known_attributes(),
        recorded_at=draw(st.none() | MOMENTS),
        recorded_by=draw(st.none() | st.builds(Actor, WORDS, WORDS, WORDS)),
        controller=draw(st.just("") | WORDS),
        source=draw(st.sampled_from(SourceKind)),
        confidence=draw(st.sampled_from(Confidence)),
        legal_basis=draw(st.none() | st.sampled_from(LegalBasis)),
        consent_id=draw(st.none() | WORDS),
        household=draw(st.none() | st.uuids()),
    )


def read(path: Path) -> tuple[dict[str | None, FactRow], Tally]:
    tally = Tally()
    found: dict[str | None, FactRow] = {}
    with Spool[Waiting]() as spool:
        read_file(path, None, journey, spool, tally, lambda *_progress: None)
        for _journey, waiting in by_journey(spool):
            found |= {one.one.row.number: one.one.row for one in waiting if one.one}
    return found, tally


def journey(person: str) -> UUID:
    return uuid5(NAMESPACE_URL, person)


def same(row: FactRow) -> tuple[Any, ...]:
    """Return what must come back: the fact equal as a fact, money by its worth."""
    fact = FACTS[row.type].model_validate(row.attributes)
    envelope = (row.person, row.number, row.occurred_on, row.recorded_at, row.recorded_by)
    return (
        fact,
        *envelope,
        row.controller,
        row.source,
        row.confidence,
        row.legal_basis,
        row.household,
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows(), min_size=1, max_size=8, unique_by=lambda one: one.number))
def test_a_fact_list_is_read_back_equal(told: list[FactRow]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "liste.xlsx")
        write_fact_list(path, told)
        found, tally = read(path)
    assert [one.in_language("de") for one in tally.findings.refused] == []
    assert {row.number: same(row) for row in told} == {key: same(row) for key, row in found.items()}


def test_equal_rows_are_equal_bytes(tmp_path: Path) -> None:
    row = FactRow("A-1", "TitleGranted", "T-1", PartialDate(2024, 3, 1))
    contents = []
    for name in ("eins.xlsx", "zwei.xlsx"):
        write_fact_list(tmp_path / name, [row])
        contents.append((tmp_path / name).read_bytes())
    assert contents[0] == contents[1]


def test_an_unknown_day_in_a_correction_is_not_no_day(tmp_path: Path) -> None:
    fact = EventCorrected.model_validate({"target": "T-1", "occurred_on": None})
    write_fact_list(
        tmp_path / "liste.xlsx",
        [FactRow("A-1", "EventCorrected", "K-1", attributes=fact.known_attributes())],
    )
    found, _tally = read(tmp_path / "liste.xlsx")
    assert found["K-1"].attributes == {"target": "T-1", "occurred_on": None}


def test_the_template_explains_everything_offers_choices_and_its_example_is_no_fact(
    tmp_path: Path,
) -> None:
    path = tmp_path / "vorlage.xlsx"
    write_template(path)
    found, tally = read(path)
    assert found == {}
    assert tally.findings.refused_count == 0
    assert [one.notice.code for one in tally.findings.warnings()] == ["example-row"]
    book = openpyxl.load_workbook(path)
    lists = {
        str(one.sqref).split(":")[0].rstrip("0123456789"): one.formula1
        for one in book["Fakten"].data_validations.dataValidation
    }
    assert len(lists) > 40
    headers = [cell.value for cell in book["Fakten"][1]]
    assert headers[:4] == ["Person", "Vorgangsnummer", "Ereignis", "Datum"]
    events = [cell.value for cell in next(book["Auswahl"].iter_cols(max_col=1))]
    assert events == [fact.about.label.de for fact in FACTS.values()]
    told = {(row[0].value, row[1].value) for row in book["Erläuterung"].iter_rows(min_row=2)}
    for fact in FACTS.values():
        assert (None, fact.about.label.de) in told
        assert (
            sum(label == fact.about.label.de for _header, label in told)
            == len(fact.attributes()) + 1
        )
    book["Fakten"].append(["A-1", "T-1", "Titel beantragt", "01.02.2024"])
    book.save(path)
    assert read(path)[0]["T-1"].type == "TitleApplied"
