"""The figures of the units, and the towns in the gap list, on PostgreSQL: counted as by hand."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest

from consumers.views import catch_up
from domain.chain.reading import Told, read, told
from domain.chain.states.address import addresses, town_on
from domain.events.registry import read_fact
from domain.journal import Actor
from domain.organisations import Municipality
from infra.importing.run import run_import
from infra.journal import JournalRecorder, open_journal
from infra.municipalities import municipality
from infra.population.generation import DEMO_DAY, Population, generate
from infra.population.writing import write_population
from infra.views import ViewStore, open_views
from projections.catalogue import KEPT
from projections.figures import Figures, UnitFigures
from projections.organisation import figures_query, organisation
from projections.worklist import GapQuery
from tests.keyring import keys_of

PEOPLE = 40
DAYS = (DEMO_DAY, DEMO_DAY - timedelta(days=300))


class Loaded:
    """A municipality with its people in a database."""

    def __init__(self, place: Municipality, population: Population, views: ViewStore) -> None:
        self.place = place
        self.population = population
        self.views = views

    def figures(self, day: date, known_at: date | None = None) -> Figures:
        return self.views.figures(figures_query(self.place, day, known_at))


@pytest.fixture(scope="module", params=["muelheim", "unna"])
def loaded(
    request: pytest.FixtureRequest, server, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    place = municipality(request.param)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE figures_{place.slug} TEMPLATE kette_template")
    dsn = server.dsn(f"figures_{place.slug}")
    population = generate(place, PEOPLE, 3)
    path = tmp_path_factory.mktemp("people") / "people.xlsx"
    write_population(population, path)
    with open_journal(dsn, keys_of(dsn)) as journal, open_views(dsn, keys_of(dsn)) as views:
        run_import(path, journal, actor=Actor("test"))
        catch_up(journal, views, KEPT)
        yield Loaded(place, population, views)


def by_hand(population: Population, day: date) -> Counter[str]:
    """Count what the population tells to have happened by a day, corrections and retractions applied."""
    facts: dict[str, list[Told]] = {}
    for row in population.rows:
        fact = read_fact(row.type, row.attributes)
        facts.setdefault(row.person, []).append(
            Told(row.number or "", fact, row.occurred_on, row.recorded_at)
        )
    counted: Counter[str] = Counter()
    for one in facts.values():
        view = read(one)
        counted["participants"] += any(it.latest <= day for it in view.of("CaseOpened"))
        held = [it for it in view.of("ContactHeld") if it.get("no_show") is not True]
        counted["consultations"] += sum(it.latest <= day for it in held)
        counted["enquiries"] += sum(it.latest <= day for it in view.of("EnquiryAnswered"))
        ended = [it.latest for it in view.of("CaseClosed")]
        counted["closed"] += any(it <= day for it in ended)
    return counted


@pytest.mark.parametrize("day", DAYS)
def test_the_sums_are_those_that_one_gets_by_hand(loaded: Loaded, day: date) -> None:
    total, counted = loaded.figures(day).total, by_hand(loaded.population, day)
    assert total.participants == counted["participants"] > 0
    assert total.consultations == counted["consultations"] > 0
    assert total.enquiries == counted["enquiries"]
    assert (total.enquiries > 0) is (loaded.place.slug == "muelheim")
    assert total.active + total.suspended == counted["participants"] - counted["closed"]


@pytest.mark.parametrize("day", DAYS)
def test_what_the_units_have_makes_the_sum(loaded: Loaded, day: date) -> None:
    found = loaded.figures(day)
    for name in ("active", "suspended", "consultations", "enquiries"):
        assert sum(getattr(one, name) for one in found.units) == getattr(found.total, name)
    assert {one.unit for one in found.units} <= {one.key for one in loaded.place.case_offices()}


def test_the_tree_carries_the_figures_and_the_caseload_of_each_post(loaded: Loaded) -> None:
    found = loaded.figures(DEMO_DAY)
    shown = organisation(loaded.place, DEMO_DAY, found)
    branches = {one.unit.key: one for one in shown.branches}
    assert [one.unit.key for one in shown.branches if one.depth == 0] == [
        one.key for one in loaded.place.children(None)
    ]
    assert set(branches) == {one.key for one in loaded.place.units}
    assert shown.elsewhere == ()
    for one in found.units:
        branch = branches[one.unit]
        assert branch.figures == one
        assert branch.per_fte is not None
        assert abs(float(branch.per_fte) - one.active / float(branch.case_fte)) <= 0.05


def test_on_another_day_of_knowledge_less_is_known(loaded: Loaded) -> None:
    before = DEMO_DAY - timedelta(days=200)
    known = loaded.figures(DEMO_DAY, before).total
    now = loaded.figures(DEMO_DAY).total
    assert 0 < known.participants < now.participants
    assert known.consultations < now.consultations


def test_a_row_of_the_gap_list_knows_the_town_and_the_filter_keeps_it(loaded: Loaded) -> None:
    everything = loaded.views.gap_list(GapQuery(DEMO_DAY, page_size=1000))
    towns = {one.ags for one in loaded.place.home_towns()}
    assert {one.town for one in everything.rows} <= towns | {""}
    for town in {one.town for one in everything.rows} - {""}:
        kept = loaded.views.gap_list(GapQuery(DEMO_DAY, page_size=1000, town=town))
        assert kept.rows == tuple(one for one in everything.rows if one.town == town)
        assert loaded.views.tiles(GapQuery(DEMO_DAY, town=town)).people <= kept.people


def test_the_town_of_the_list_is_that_of_the_day(loaded: Loaded) -> None:
    with open_journal(loaded.views.dsn, keys_of(loaded.views.dsn)) as journal:
        for day in DAYS:
            for row in loaded.views.gap_list(GapQuery(day, page_size=1000)).rows:
                lived = addresses(read(told(journal.read(row.header.journey))))
                assert row.town == (town_on(lived, day) or ""), row.header


def test_units_and_managers_that_no_file_knows_are_told_apart(journal: JournalRecorder) -> None:
    place = municipality("herne")
    with open_views(journal.dsn, keys_of(journal.dsn)) as views:
        none = views.figures(figures_query(place, DEMO_DAY))
        assert none == Figures((), UnitFigures(""))
        assert organisation(place, DEMO_DAY, none).per_fte == 0
        assert organisation(place, DEMO_DAY, None).per_fte is None
