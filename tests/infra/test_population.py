"""An invented population, told as offices tell it."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from domain.commands import RecordFacts, StartJourney
from domain.days import Precision
from domain.events.registry import read_fact
from domain.fields import Recorder
from domain.journal import Actor, Entry
from domain.journey import Journey, decide, evolve
from domain.organisations import Baustein, Municipality
from infra.importing.run import run_import
from infra.journal import JournalRecorder
from infra.municipalities import municipality
from infra.population.generation import Population, fitting, generate
from infra.population.telling import HARMLESS
from infra.population.writing import write_population
from infra.spreadsheets.rows import FactRow

SOMEBODY = UUID(int=7)


@pytest.fixture(scope="module")
def herne() -> Population:
    return generate(municipality("herne"), 500, 1)


def test_five_hundred_people_and_two_thousand_five_hundred_consultations(herne: Population) -> None:
    held = [
        row
        for row in herne.rows
        if row.type == "ContactHeld" and row.attributes.get("no_show") is not True
    ]
    assert len({row.person for row in herne.rows if row.type == "CaseOpened"}) == 500
    begun = [row.person for row in herne.rows if row.type == "JourneyStarted"]
    assert len(begun) == len({row.person for row in herne.rows})
    assert len(held) == 2500
    first = min(row.occurred_on.earliest or date.max for row in held)
    assert first > herne.today - timedelta(days=2 * 365)


def test_parent_and_child_name_each_other_by_their_file_numbers(herne: Population) -> None:
    joined = [row for row in herne.rows if row.type == "MemberJoined"]
    links = {(row.person, row.attributes["member_journey_id"]) for row in joined}
    assert len(links) == len(joined) > 40
    assert {(other, person) for person, other in links} == links
    born = {row.person for row in herne.rows if row.attributes.get("birth_date")}
    assert {row.person for row in joined} <= born


PLACES = ("herne", "muelheim", "gladbeck", "gelsenkirchen", "unna")


@pytest.fixture(scope="module", params=PLACES)
def of_a_place(request: pytest.FixtureRequest) -> tuple[Municipality, Population]:
    place = municipality(request.param)
    return place, generate(place, 60, 1)


def named(population: Population, name: str) -> set[str]:
    return {str(row.attributes[name]) for row in population.rows if row.attributes.get(name)}


def test_people_live_in_the_towns_of_their_municipality(
    of_a_place: tuple[Municipality, Population],
) -> None:
    place, population = of_a_place
    towns = {one.ags for one in place.home_towns()}
    assert named(population, "ags") <= towns
    assert named(population, "municipality") <= towns
    if place.slug == "unna":
        assert {"05978024", "05978032"} <= named(population, "ags")


def test_offices_carriers_and_providers_are_those_of_the_file(
    of_a_place: tuple[Municipality, Population],
) -> None:
    place, population = of_a_place
    units = {one.key for one in place.units}
    for attribute in ("provider", "org_unit", "recipient", "authority", "body", "accepted_by"):
        assert named(population, attribute) <= units, attribute
    offers = [row for row in population.rows if row.type == "HandoverOffered"]
    assert {row.attributes[end] for row in offers for end in ("from", "to")} <= units
    assert named(population, "cm") <= {one.key for one in place.posts}
    recorders = {row.recorded_by.unit for row in population.rows if row.recorded_by is not None}
    assert recorders <= units
    assert {row.controller for row in population.rows} <= {one.key for one in place.carriers}


def test_a_fact_of_an_office_is_told_by_the_one_of_the_town_of_that_day() -> None:
    place = municipality("unna")
    population = generate(place, 150, 4)
    told: Counter[str] = Counter()
    for person in {row.person for row in population.rows}:
        rows = [row for row in population.rows if row.person == person]
        lived = {row.attributes["ags"] for row in rows if row.attributes.get("ags")}
        lived |= {
            row.attributes["municipality"] for row in rows if "municipality" in row.attributes
        }
        if len(lived) == 1:
            (town,) = lived
            own = place.office(Recorder.ABH, str(town))
            by = {row.recorded_by.unit for row in rows if row.recorded_by is not None}
            assert own is not None
            assert by & {"abh-luenen", "abh-kreis"} <= {own.key}
            told.update(by & {"abh-luenen", "abh-kreis"})
        else:
            told["moved"] += len(lived) > 1
    assert min(told["abh-luenen"], told["abh-kreis"], told["moved"]) > 3, told


def test_enquiries_answered_instead_are_told_where_the_office_does_so(
    of_a_place: tuple[Municipality, Population],
) -> None:
    place, population = of_a_place
    asked = [row for row in population.rows if row.type == "EnquiryAnswered"]
    assert (len(asked) > 20) is (place.slug == "muelheim")
    assert all(row.attributes["instead_of"] == "abh" for row in asked)


def test_only_case_managers_lead_cases(of_a_place: tuple[Municipality, Population]) -> None:
    place, population = of_a_place
    leading = {one.key for one in place.posts if one.baustein is Baustein.CASE_MANAGEMENT}
    assert named(population, "cm") <= leading


@pytest.mark.parametrize(
    ("place", "people"),
    [("herne", 528), ("muelheim", 240), ("gladbeck", 48), ("gelsenkirchen", 576), ("unna", 144)],
)
def test_as_many_people_come_as_the_posts_can_lead(place: str, people: int) -> None:
    assert fitting(municipality(place)) == people


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_the_same_bytes_for_the_same_seed(tmp_path: Path, place: str) -> None:
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    for path in (first, again):
        write_population(generate(municipality(place), 15, 9), path)
    assert first.read_bytes() == again.read_bytes()


@pytest.mark.parametrize("suffix", ["xlsx", "jsonl"])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    tmp_path: Path, suffix: str
) -> None:
    files = {}
    for name, seed in (("one", 3), ("same", 3), ("other", 4)):
        path = tmp_path / f"{name}.{suffix}"
        truth = write_population(generate(municipality("herne"), 25, seed), path)
        assert truth == tmp_path / f"{name}.truth.jsonl"
        files[name] = (path.read_bytes(), truth.read_bytes())
    assert files["one"] == files["same"]
    assert files["one"][0] != files["other"][0]
    assert files["one"][1] != files["other"][1]


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"ends in \.xlsx or \.jsonl"):
        write_population(generate(municipality("herne"), 1, 1), tmp_path / "people.docx")


def test_a_population_needs_people_and_a_day_whose_law_it_knows() -> None:
    for people, day in ((0, date(2026, 11, 23)), (5, date(2024, 1, 1))):
        with pytest.raises(ValueError, match="at least one person"):
            generate(municipality("herne"), people, 1, day)


def test_a_line_of_json_is_a_fact_as_evaluate_reads_it(tmp_path: Path, herne: Population) -> None:
    path = tmp_path / "herne.jsonl"
    write_population(herne, path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == len(herne.rows)
    for line in lines[:500]:
        fact = read_fact(line["type"], line["attributes"])
        given = {
            name: value for name, value in fact.known_attributes().items() if value is not None
        }
        assert given == line["attributes"]


def refuse_nothing(rows: list[FactRow]) -> None:
    """Record the rows of one journey; a refusal fails the test."""
    state = Journey(SOMEBODY)
    for place, row in enumerate(rows):
        assert row.recorded_at is not None
        fact = read_fact(row.type, row.attributes)
        entry = Entry(row.number or "", fact, row.occurred_on)
        kind = RecordFacts if place else StartJourney
        command = kind(UUID(int=place), SOMEBODY, (entry,), row.recorded_at.date())
        for accepted in decide(state, command):
            state = evolve(state, accepted)


def test_the_journal_refuses_no_fact_of_any_life(herne: Population) -> None:
    journeys: dict[str, list[FactRow]] = {}
    for row in herne.rows:
        journeys.setdefault(row.person, []).append(row)
    for rows in journeys.values():
        refuse_nothing(rows)


def test_facts_are_told_late_by_months_twice_wrongly_and_taken_back(herne: Population) -> None:
    total = len(herne.rows)
    types = Counter(row.type for row in herne.rows)
    by_month = [row for row in herne.rows if row.occurred_on.precision is Precision.MONTH]
    assert 0.08 < len(by_month) / total < 0.12
    assert {row.type for row in by_month} <= HARMLESS
    assert 0.01 < types["EventCorrected"] / total < 0.03
    assert 0.005 < types["EventRetracted"] / total < 0.02
    assert 0.02 < _told_twice(herne) / total < 0.04
    assert 0.17 < _late_since_intake(herne) < 0.23


def _told_twice(population: Population) -> int:
    """Count the rows that say again what another of the person says."""
    said = Counter(
        (row.person, row.type, str(row.occurred_on), json.dumps(row.attributes, sort_keys=True))
        for row in population.rows
        if row.type in HARMLESS | {"LanguageTestTaken"}
    )
    return sum(times - 1 for times in said.values())


def _late_since_intake(population: Population) -> float:
    """Return the share of facts since the intake that are recorded more than 14 days late."""
    intake = {
        row.person: row.occurred_on.exact for row in population.rows if row.type == "JourneyStarted"
    }
    delays = [
        (row.recorded_at.date() - row.occurred_on.exact).days
        for row in population.rows
        if row.recorded_at is not None
        and row.occurred_on.exact is not None
        and row.occurred_on.exact >= (intake[row.person] or date.max)
        and row.type not in {"EventCorrected", "EventRetracted"}
    ]
    return sum(one > 14 for one in delays) / len(delays)


def test_every_strand_of_the_picture_is_filled(herne: Population) -> None:
    types = {row.type for row in herne.rows}
    assert {
        "BenefitGranted",
        "RechtskreisChangeTriggered",
        "TitleGranted",
        "ToleranceIssued",
        "FictionCertificateIssued",
        "RightOfFreeMovementRecorded",
        "CourseStarted",
        "VocationalCourseStarted",
        "RecognitionDecided",
        "TrainingStarted",
        "EmploymentEnded",
        "LeaseSigned",
        "ChildBorn",
        "HealthBarrierReported",
        "HandoverAccepted",
        "CaseSuspended",
        "NaturalisationApplied",
    } <= types


def test_the_xlsx_fills_an_empty_store_once_with_references_that_hold(
    tmp_path: Path, journal: JournalRecorder
) -> None:
    population = generate(municipality("herne"), 12, 2)
    path = tmp_path / "herne.xlsx"
    write_population(population, path)
    first = run_import(path, journal, actor=Actor("test"))
    assert first.history
    assert first.appended == len(population.rows)
    assert first.refused_rows == 0
    stored = {one.entry.id: one for one in journal.page(0, 10_000)}
    assert len(stored) == len(population.rows)
    journeys = {row.person: str(stored[row.number or ""].journey) for row in population.rows}
    for row in population.rows:
        one = stored[row.number or ""]
        assert one.recorded_at == row.recorded_at
        assert one.entry.occurred_on == row.occurred_on
        attributes = dict(row.attributes)
        if member := attributes.get("member_journey_id"):
            attributes["member_journey_id"] = journeys[str(member)]
        assert one.entry.fact == read_fact(row.type, attributes)
    again = run_import(path, journal, actor=Actor("test"))
    assert again.unchanged == len(population.rows)
    assert again.appended == again.corrections == again.refused_rows == 0
