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
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.writer import write_fact_list

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


def household_list(path: Path, of_child: str, of_parent: str) -> Path:
    """Write a list in which a parent and a child name each other."""
    joined = [("KIM 7", of_child, "child"), ("KIM 8", of_parent, "parent")]
    rows = [
        FactRow(
            person=person,
            type="MemberJoined",
            number=f"v-{role}",
            attributes={"household_id": "h1", "member_journey_id": other, "role": role},
        )
        for person, other, role in joined
    ]
    write_fact_list(path, rows)
    return path


def links_of(journal: JournalRecorder) -> dict[UUID, str]:
    return {
        one.journey: one.entry.fact.known_attributes()["member_journey_id"]
        for one in journal.page(0, 100)
        if one.entry.fact.type_name() == "MemberJoined"
    }


def test_a_list_names_the_others_of_a_household_by_their_file_numbers(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    path = household_list(tmp_path / "haushalt.xlsx", "kim  8", "KIM 7")
    assert run_import(path, journal, actor=ACTOR).journeys_started == 2
    (first, of_first), (second, of_second) = links_of(journal).items()
    assert (of_first, of_second) == (str(second), str(first))
    assert run_import(path, journal, actor=ACTOR).unchanged == 2


def test_a_list_may_name_them_by_their_journeys_as_well(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    child = begun(journal)
    path = household_list(tmp_path / "haushalt.xlsx", str(child), "KIM 7")
    run_import(path, journal, actor=ACTOR)
    assert str(child) in links_of(journal).values()


def test_a_member_whose_number_two_people_have_is_refused(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    for _ in range(2):
        begun(journal, FileNumberRecorded(number="KIM 9"))
    path = household_list(tmp_path / "haushalt.xlsx", "KIM 9", "KIM 7")
    report = run_import(path, journal, actor=ACTOR)
    assert [one.code for one in report.refused] == ["two-members"]
    assert len(links_of(journal)) == 1


def test_a_correction_names_a_member_by_the_file_number_as_well(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    path = household_list(tmp_path / "haushalt.xlsx", "KIM 9", "KIM 7")
    run_import(path, journal, actor=ACTOR)
    corrected = {"target": "v-child", "attributes": {"member_journey_id": "KIM 8"}}
    rows = [FactRow(person="KIM 7", type="EventCorrected", number="v-c", attributes=corrected)]
    other = tmp_path / "berichtigung.xlsx"
    write_fact_list(other, rows)
    assert run_import(other, journal, actor=ACTOR, source="Berichtigungen").refused_rows == 0
    (told,) = [one for one in journal.page(0, 100) if one.entry.id == "v-c"]
    (kim_8,) = [one.journey for one in journal.page(0, 100) if one.entry.id == "v-parent"]
    assert told.entry.fact.known_attributes()["attributes"] == {"member_journey_id": str(kim_8)}


def test_an_id_is_one_in_either_case_and_nothing_else_is(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    child = begun(journal)
    path = household_list(tmp_path / "haushalt.xlsx", str(child).upper(), child.hex)
    run_import(path, journal, actor=ACTOR)
    assert sorted(one == str(child) for one in links_of(journal).values()) == [False, True]
