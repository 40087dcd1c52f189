"""Whose row it is: journeys begun by hand are found by their file number, and never by somebody else's."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from domain.commands import RecordFacts, StartJourney
from domain.events.case import CaseOpened
from domain.events.journey import FileNumberRecorded, JourneyStarted
from domain.events.record import EventCorrected, EventRetracted
from domain.fact import Fact
from domain.handling import handle
from domain.journal import Actor, Entry
from infra.importing.report import ImportReport
from infra.importing.run import run_import
from infra.journal import JournalRecorder

ACTOR = Actor("kim-1", "case_manager")
DAY = date(2024, 6, 3)


def record(journal: JournalRecorder, journey: UUID, *facts: Fact) -> None:
    start = isinstance(facts[0], JourneyStarted)
    entries = tuple(
        Entry("akte" if isinstance(one, FileNumberRecorded) else str(uuid4()), one) for one in facts
    )
    handle(journal, (StartJourney if start else RecordFacts)(uuid4(), journey, entries, DAY))


def begun(journal: JournalRecorder, *facts: Fact) -> UUID:
    journey = uuid4()
    record(journal, journey, JourneyStarted(), *facts)
    return journey


@pytest.fixture
def load(journal: JournalRecorder, tmp_path: Path) -> Callable[[], ImportReport]:
    def run() -> ImportReport:
        path = tmp_path / "faelle.csv"
        path.write_text("Aktenzeichen;Einreise\nKIM 7 ;1.2.2023\n", encoding="utf-8")
        return run_import(path, journal, actor=ACTOR)

    return run


Load = Callable[[], ImportReport]


def journey_of_entry(journal: JournalRecorder) -> UUID:
    (found,) = (
        one.journey
        for one in journal.page(0, 100)
        if one.entry.fact.type_name() == "EntryRegistered"
    )
    return found


def test_a_journey_begun_by_hand_is_found_by_its_file_number(
    load: Load, journal: JournalRecorder
) -> None:
    journey = begun(journal, FileNumberRecorded(number="kim  7"))
    assert (load().journeys_started, journey_of_entry(journal)) == (0, journey)
    assert load().unchanged == 1


def test_a_corrected_number_counts_a_retracted_one_does_not(
    load: Load, journal: JournalRecorder
) -> None:
    journey = begun(journal, FileNumberRecorded(number="KIM 8"))
    correction = {"target": "akte", "attributes": {"number": "KIM 7"}}
    record(journal, journey, EventCorrected.model_validate(correction))
    other = begun(journal, FileNumberRecorded(number="KIM 7"))
    record(journal, other, EventRetracted(target="akte"))
    load()
    assert journey_of_entry(journal) == journey


def test_a_number_that_two_people_have_is_refused(load: Load, journal: JournalRecorder) -> None:
    for _ in range(2):
        begun(journal, FileNumberRecorded(number="KIM 7"))
    before = journal.head().position
    report = load()
    assert [one.code for one in report.refused] == ["two-people"]
    assert (report.exit_code, journal.head().position) == (1, before)


def test_the_number_of_another_office_may_be_anybodys(load: Load, journal: JournalRecorder) -> None:
    begun(journal, FileNumberRecorded(number="KIM 7", authority="Jobcenter"))
    assert load().journeys_started == 1


def test_the_number_of_the_office_that_keeps_the_case_is_the_persons(
    load: Load, journal: JournalRecorder
) -> None:
    own = FileNumberRecorded(number="KIM 7", authority="Herne-Mitte")
    journey = begun(journal, own, CaseOpened(org_unit="Herne-Mitte"))
    load()
    assert journey_of_entry(journal) == journey


def test_who_was_imported_first_stays_the_same_journey(
    load: Load, journal: JournalRecorder
) -> None:
    load()
    begun(journal, FileNumberRecorded(number="KIM 7"))
    assert load().unchanged == 1
