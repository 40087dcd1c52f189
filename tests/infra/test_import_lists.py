"""Imports on a real journal: new facts, changes, what is not clear, what vanished."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from domain.commands import RecordFacts
from domain.days import PartialDate
from domain.events.case import ContactHeld
from domain.events.journey import NoteTaken
from domain.events.record import EventCorrected
from domain.handling import handle
from domain.journal import Actor, Entry, Recorded
from infra.errors import HistoryLoadError
from infra.importing.report import ImportReport
from infra.importing.run import run_import
from infra.journal import JournalRecorder
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.writer import write_fact_list

ACTOR = Actor("kim-1", "case_manager")
TITLE = FactRow("KIM-1", "TitleGranted", "T-1", PartialDate(2024, 3, 15), {"basis": "AUFENTHG_24"})
CONTACT = FactRow("KIM-1", "ContactHeld", None, PartialDate(2024, 4, 2), {"minutes": 30})
OTHER = FactRow("KIM-2", "EntryRegistered", None, PartialDate(2023, 11), {"place": "Herne"})

Load = Callable[..., ImportReport]


@pytest.fixture
def load(journal: JournalRecorder, tmp_path: Path) -> Load:
    def run(*rows: FactRow, name: str = "liste.xlsx", dry_run: bool = False) -> ImportReport:
        path = tmp_path / name
        write_fact_list(path, rows)
        return run_import(path, journal, actor=ACTOR, dry_run=dry_run)

    return run


def facts(journal: JournalRecorder) -> Sequence[Recorded]:
    return journal.page(0, 1_000)


def counts(report: ImportReport) -> tuple[int, int, int, int, int]:
    return (
        report.appended,
        report.corrections,
        report.unchanged,
        report.refused_rows,
        report.vanished_facts,
    )


def codes(report: ImportReport) -> list[str]:
    return [one.code for one in report.refused]


def test_a_list_is_recorded_and_every_person_gets_a_beginning_and_a_file_number(
    load: Load, journal: JournalRecorder
) -> None:
    report = load(TITLE, CONTACT, OTHER)
    assert counts(report) == (7, 0, 0, 0, 0)
    assert report.journeys_started == 2
    assert report.exit_code == 0
    kept = {one.entry.fact.type_name() for one in facts(journal)}
    assert kept == {
        "JourneyStarted", "FileNumberRecorded", "TitleGranted", "ContactHeld", "EntryRegistered",
    }  # fmt: skip
    first = next(one for one in facts(journal) if one.entry.id == "T-1")
    assert first.entry.recorded_by == ACTOR
    assert first.version > 1


def test_the_same_list_again_changes_nothing(load: Load, journal: JournalRecorder) -> None:
    load(TITLE, CONTACT, OTHER)
    before = journal.head().position
    assert counts(load(TITLE, CONTACT, OTHER, name="kopie.xlsx")) == (0, 0, 3, 0, 0)
    assert journal.head().position == before


def test_a_changed_cell_is_one_correction(load: Load, journal: JournalRecorder) -> None:
    load(TITLE, CONTACT, OTHER)
    changed = replace(TITLE, attributes={"basis": "AUFENTHG_24", "valid_until": "2027-03-04"})
    assert counts(load(changed, CONTACT, OTHER)) == (0, 1, 2, 0, 0)
    correction = facts(journal)[-1].entry.fact
    assert isinstance(correction, EventCorrected)
    assert correction.known_attributes() == {
        "target": "T-1",
        "attributes": {"valid_until": "2027-03-04"},
    }
    assert counts(load(changed, CONTACT, OTHER)) == (0, 0, 3, 0, 0)


def test_a_cell_that_is_emptied_is_corrected_to_unknown(
    load: Load, journal: JournalRecorder
) -> None:
    load(TITLE)
    load(replace(TITLE, attributes={}))
    assert facts(journal)[-1].entry.fact.known_attributes()["attributes"] == {"basis": None}


def test_a_change_may_be_taken_back_and_made_again(load: Load) -> None:
    later = replace(TITLE, occurred_on=PartialDate(2024, 3, 16))
    load(TITLE)
    for row in (later, TITLE, later, TITLE):
        assert counts(load(row)) == (0, 1, 0, 0, 0)
    assert counts(load(TITLE)) == (0, 0, 1, 0, 0)


def test_without_a_number_one_old_and_one_new_row_are_a_change(
    load: Load, journal: JournalRecorder
) -> None:
    load(CONTACT, OTHER)
    moved = replace(CONTACT, occurred_on=PartialDate(2024, 4, 3))
    report = load(moved, OTHER)
    assert counts(report) == (0, 1, 1, 0, 0)
    assert [(one.notice.code, one.rows) for one in report.warnings] == [("taken-as-change", (2,))]
    correction = facts(journal)[-1].entry.fact
    assert isinstance(correction, EventCorrected)
    assert correction.occurred_on == PartialDate(2024, 4, 3)
    assert counts(load(moved, OTHER)) == (0, 0, 2, 0, 0)


def test_two_changes_of_one_kind_are_ambiguous_and_nothing_of_the_person_is_taken(
    load: Load, journal: JournalRecorder
) -> None:
    second = replace(CONTACT, occurred_on=PartialDate(2024, 5, 2))
    load(CONTACT, second, OTHER)
    before = journal.head().position
    changed = [
        replace(one, occurred_on=PartialDate(2024, 6, day))
        for day, one in ((1, CONTACT), (2, second))
    ]
    report = load(*changed, TITLE, OTHER)
    assert codes(report) == ["ambiguous", "ambiguous"]
    assert report.exit_code == 1
    assert "Zeile 2" in report.refused[0].in_language("de")
    assert "Zeile 3" in report.refused[0].in_language("de")
    assert journal.head().position == before


def test_more_rows_of_one_kind_are_new_facts(load: Load) -> None:
    load(CONTACT)
    second = replace(CONTACT, occurred_on=PartialDate(2024, 5, 2))
    assert counts(load(CONTACT, second)) == (1, 0, 1, 0, 0)


def test_a_vanished_row_and_a_vanished_person_are_reported_and_stay(
    load: Load, journal: JournalRecorder
) -> None:
    load(TITLE, CONTACT, OTHER)
    before = journal.head().position
    report = load(TITLE)
    assert counts(report) == (0, 0, 1, 0, 2)
    assert {one.type for one in report.vanished} == {"ContactHeld", "EntryRegistered"}
    assert journal.head().position == before


def test_numbers_given_later_match_the_rows_without_them(load: Load) -> None:
    load(CONTACT, OTHER)
    assert counts(load(replace(CONTACT, number="B-1"), OTHER)) == (0, 0, 2, 0, 0)


def test_rows_of_the_same_identity_count_once_or_are_refused(load: Load) -> None:
    assert counts(load(CONTACT, CONTACT)) == (3, 0, 1, 0, 0)
    report = load(CONTACT, replace(CONTACT, attributes={"minutes": 45}))
    assert codes(report) == ["same-day", "same-day"]
    assert codes(load(TITLE, replace(TITLE, attributes={}))) == ["same-number", "same-number"]


def test_the_same_event_under_another_number_is_refused_unless_both_rows_stand(
    load: Load,
) -> None:
    load(TITLE)
    renumbered = replace(TITLE, number="T-9")
    report = load(renumbered)
    assert codes(report) == ["renumbered"]
    assert (report.refused[0].place.column, report.refused[0].place.header) == (
        "B",
        "Vorgangsnummer",
    )
    assert counts(load(TITLE, renumbered)) == (1, 0, 1, 0, 0)


def test_a_row_with_two_mistakes_is_one_refused_row(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(
        "Person;Ereignis;Datum;Dauer in Minuten\n"
        "KIM-1;Beratung durchgeführt;31.02.2024;viel\n"
        "KIM-2;Beratung durchgefürt;01.02.2024;30\n"
        "KIM-3;Beratung durchgeführt;01.02.2024;200000\n",
        encoding="utf-8",
    )
    report = run_import(path, journal, actor=ACTOR)
    assert (report.rows, report.refused_rows, report.reasons) == (3, 3, 4)
    said = list(report.lines())
    assert "Abgewiesene Zeilen (3):" in said
    assert "Gemeint: „Beratung durchgeführt“?" in said[-2]
    assert "höchstens 100000" in said[-1]


def test_a_row_that_is_not_understood_keeps_the_rest_of_its_person_out(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(
        "Person;Ereignis;Datum\nKIM-1;Notiz;01.02.2024\nKIM-1;Notiz;02.02.2024;zuviel\n",
        encoding="utf-8",
    )
    report = run_import(path, journal, actor=ACTOR)
    assert (report.refused_rows, report.appended, journal.head().position) == (1, 0, 0)


@pytest.mark.parametrize("header", ["Person", "Vorgangsnummer"])
def test_numbers_that_are_too_long_are_refused(
    journal: JournalRecorder, tmp_path: Path, header: str
) -> None:
    row = {"Person": "KIM-1", "Vorgangsnummer": "1", "Ereignis": "Notiz", header: "9" * 201}
    path = tmp_path / "liste.csv"
    path.write_text(";".join(row) + "\n" + ";".join(row.values()) + "\n", encoding="utf-8")
    report = run_import(path, journal, actor=ACTOR)
    assert [(one.code, one.place.header) for one in report.refused] == [("too-long", header)]


def test_another_event_under_the_same_number_is_refused(load: Load) -> None:
    load(TITLE)
    assert codes(load(replace(TITLE, type="TitleRefused", attributes={}))) == ["type-changed"]


def test_a_person_with_a_row_that_the_journal_refuses_is_left_out_and_the_others_are_taken(
    load: Load,
) -> None:
    ahead = replace(CONTACT, occurred_on=PartialDate(2999, 1, 1))
    report = load(TITLE, ahead, OTHER)
    assert codes(report) == ["after-recording"]
    assert (report.appended, report.journeys_started) == (3, 1)


def test_a_dry_run_says_the_same_and_writes_nothing(load: Load, journal: JournalRecorder) -> None:
    tried = load(TITLE, CONTACT, OTHER, dry_run=True)
    assert journal.head().position == 0
    done = load(TITLE, CONTACT, OTHER)
    assert replace(tried, dry_run=False) == done
    assert "Probelauf" in next(iter(tried.lines()))


def test_references_by_number_reach_the_fact(load: Load, journal: JournalRecorder) -> None:
    end = FactRow("KIM-1", "TitleRevoked", "T-2", PartialDate(2024, 9, 1), {"title": "T-1"})
    retraction = FactRow(
        "KIM-1", "EventRetracted", "T-3", PartialDate(2024, 9, 2), {"target": "T-2"}
    )
    assert load(retraction, end, TITLE).refused_rows == 0
    assert [one.entry.id for one in facts(journal)][-1] == "T-3"
    assert load(retraction, end, TITLE).unchanged == 3


def test_a_correction_by_others_outlives_the_next_import(
    load: Load, journal: JournalRecorder
) -> None:
    load(TITLE)
    row = FactRow(
        "KIM-1", "EventCorrected", "K-1", PartialDate(2024, 9, 2),
        {"target": "T-1", "attributes": {"valid_until": "2026-01-01"}},
    )  # fmt: skip
    assert counts(load(TITLE, row)) == (1, 0, 1, 0, 0)
    assert counts(load(TITLE, row)) == (0, 0, 2, 0, 0)


# history


def at(day: int) -> datetime:
    return datetime(2024, 5, day, 10, tzinfo=UTC)


def history() -> list[FactRow]:
    return [
        replace(TITLE, recorded_at=at(9)),
        replace(OTHER, recorded_at=at(3)),
        FactRow("KIM-1", "JourneyStarted", "S-1", PartialDate(2024, 3), recorded_at=at(1)),
        replace(CONTACT, recorded_at=at(5)),
    ]


def test_an_empty_store_keeps_the_day_of_recording_sorted_over_the_whole_file(
    load: Load, journal: JournalRecorder
) -> None:
    report = load(*history())
    assert report.history
    assert [(one.entry.fact.type_name(), one.recorded_at.day) for one in facts(journal)] == [
        ("JourneyStarted", 1),
        ("FileNumberRecorded", 1),
        ("JourneyStarted", 3),
        ("FileNumberRecorded", 3),
        ("EntryRegistered", 3),
        ("ContactHeld", 5),
        ("TitleGranted", 9),
    ]
    assert counts(load(*history())) == (0, 0, 4, 0, 0)
    assert counts(load(*history(), replace(TITLE, number="T-9"))) == (1, 0, 4, 0, 0)


def test_a_store_in_use_records_now(load: Load, journal: JournalRecorder) -> None:
    load(OTHER)
    report = load(OTHER, *(one for one in history() if one.person == "KIM-1"))
    assert not report.history
    assert "recording-not-kept" in {one.notice.code for one in report.warnings}
    assert facts(journal)[-1].recorded_at.year > 2024


@pytest.mark.parametrize("broken_at", range(0, 40, 7))
def test_a_history_load_that_breaks_off_goes_on(
    journal: JournalRecorder, tmp_path: Path, broken_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        replace(
            CONTACT,
            person=f"KIM-{number % 9}",
            number=f"B-{number}",
            recorded_at=at(1 + number % 28),
        )
        for number in range(40)
    ]
    path = tmp_path / "verlauf.xlsx"
    write_fact_list(path, rows)
    monkeypatch.setattr("infra.importing.history._BATCH", 3)

    def stop(stage: str, done: int, _of: int | None) -> None:
        if stage == "write" and done > broken_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(path, journal, actor=ACTOR, progress=stop)
    written = journal.head().position
    assert 0 < written < 58
    write_fact_list(tmp_path / "andere.xlsx", [TITLE])
    with pytest.raises(HistoryLoadError):
        run_import(tmp_path / "andere.xlsx", journal, actor=ACTOR)
    run_import(path, journal, actor=ACTOR)
    assert len(facts(journal)) == 58
    assert len({(one.journey, one.entry.id) for one in facts(journal)}) == 58
    assert run_import(path, journal, actor=ACTOR).unchanged == 40


@pytest.mark.parametrize("broken_at", [0, 3, 8])
def test_an_import_that_breaks_off_is_finished_by_the_next(
    journal: JournalRecorder, tmp_path: Path, broken_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [replace(CONTACT, person=f"KIM-{number}") for number in range(9)]
    path = tmp_path / "liste.xlsx"
    write_fact_list(path, rows)
    monkeypatch.setattr("infra.importing.ordinary._BATCH", 2)

    def stop(stage: str, done: int, _of: int | None) -> None:
        if stage == "write" and done > broken_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_import(path, journal, actor=ACTOR, progress=stop)
    run_import(path, journal, actor=ACTOR)
    assert len(facts(journal)) == 27
    report = run_import(path, journal, actor=ACTOR)
    assert (report.unchanged, report.vanished_facts) == (9, 0)


def test_a_journey_that_others_write_to_meanwhile_gets_its_facts_once(
    load: Load, journal: JournalRecorder, tmp_path: Path
) -> None:
    load(TITLE, OTHER)
    path = tmp_path / "mehr.xlsx"
    write_fact_list(path, [TITLE, CONTACT, OTHER, replace(CONTACT, person="KIM-2")])
    journeys = {one.journey for one in facts(journal)}

    def interfere(stage: str, done: int, of: int | None) -> None:
        if stage == "write" and done == of:
            for number, journey in enumerate(sorted(journeys)):
                note = Entry(f"n-{number}", NoteTaken(), recorded_by=ACTOR)
                handle(journal, RecordFacts(uuid4(), journey, (note,), date(2026, 1, 1)))

    report = run_import(path, journal, actor=ACTOR, progress=interfere)
    assert counts(report) == (2, 0, 2, 0, 0)
    assert sum(isinstance(one.entry.fact, ContactHeld) for one in facts(journal)) == 2
    assert run_import(path, journal, actor=ACTOR).unchanged == 4


def test_a_fact_recorded_before_it_happened_or_tomorrow_is_refused(load: Load) -> None:
    early = replace(TITLE, recorded_at=datetime(2024, 3, 1, tzinfo=UTC))
    late = replace(OTHER, recorded_at=datetime(2999, 3, 1, tzinfo=UTC))
    assert sorted(codes(load(early, late))) == ["after-recording", "recorded-ahead"]
