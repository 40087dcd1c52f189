"""Each municipality by the command line: its own data, its tree with figures, its offices by address."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from infra.municipalities import municipalities, municipality
from infra.population.generation import generate
from infra.population.writing import write_population
from kette.compose import data_folder, has_data
from kette.settings import Settings

Run = Callable[..., Any]
DAY = "2026-11-23"
LUENEN, SELM = "05978024", "05978032"


@pytest.fixture(scope="module")
def unna(server, without_store: Run, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run commands on a database with people of the Kreis Unna."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE people_of_unna TEMPLATE kette_template")
    own = {"KETTE_DSN": server.dsn("people_of_unna"), "KETTE_MUNICIPALITY": "unna"}
    path = tmp_path_factory.mktemp("unna") / "people.xlsx"
    write_population(generate(municipality("unna"), 60, 1), path)
    said = without_store("import", path, **own)
    assert said.code == 0, said.err
    return lambda *words, **more: without_store(*words, **{**own, **more})


@pytest.fixture(scope="module")
def towns(unna: Run) -> dict[str, str]:
    """Return the town in which each journey lives, as its facts tell it last."""
    found: dict[str, tuple[str, str]] = {}
    for row in unna("events", "--json").rows:
        attributes = row["attributes"]
        town = attributes.get("ags") if row["type"].startswith("Address") else None
        town = attributes.get("municipality") if row["type"] == "AssignedToMunicipality" else town
        day = row["occurred_on"] or ""
        if town and day >= found.get(row["journey"], ("", ""))[0]:
            found[row["journey"]] = (day, town)
    return {journey: town for journey, (_, town) in found.items()}


def test_two_journeys_in_luenen_and_in_selm_show_different_immigration_offices(
    unna: Run, towns: dict[str, str]
) -> None:
    rows = [
        row for row in unna("gaps", "--as-of", DAY, "--json").rows if "abh" in row["responsible"]
    ]
    assert len(rows) > 5
    named: dict[str, set[str]] = {}
    for row in rows:
        offices = {one["unit"] for one in row["offices"] if one["responsible"] == "abh"}
        named.setdefault(towns.get(row["journey"], ""), set()).update(offices)
    assert named[LUENEN] == {"abh-luenen"}
    assert named[SELM] == {"abh-kreis"}
    assert named.get("", set()) == set()


def test_why_names_the_office_beside_the_general_word(unna: Run, towns: dict[str, str]) -> None:
    rows = unna("gaps", "--as-of", DAY, "--json").rows
    for town, name in ((LUENEN, "Ausländerbehörde Lünen"), (SELM, "Ausländerbehörde Kreis Unna")):
        row = next(
            one for one in rows if towns.get(one["journey"]) == town and "abh" in one["responsible"]
        )
        told = unna("why", row["journey"], row["rule"], "--as-of", DAY, "--lang", "de")
        assert name in told.out
        (answer,) = unna("why", row["journey"], row["rule"], "--as-of", DAY, "--json").rows
        assert name in {one["name"] for one in answer["offices"]}
        assert "abh" in answer["responsible"]
        table = unna("gaps", row["journey"], "--as-of", DAY, "--lang", "de").out
        assert name in " ".join(table.split())


def test_where_no_address_is_known_the_general_word_stands(unna: Run) -> None:
    (begun,) = unna(
        "record", "new", "JourneyStarted", "--on", "2026-01-02", "--json", KETTE_ACTOR="anna"
    ).rows
    journey = begun["journey"]
    words = ("ToleranceIssued", "--on", "2026-09-10", "valid_until=2026-12-09")
    assert unna("record", journey, *words, KETTE_ACTOR="anna").code == 0
    rows = unna("gaps", journey, "--as-of", DAY, "--json").rows
    assert any("abh" in row["responsible"] for row in rows)
    assert all(row["offices"] == [] for row in rows)
    assert "Ausländerbehörde" in unna("gaps", journey, "--as-of", DAY, "--lang", "de").out


def test_organisations_draws_the_tree_with_posts_and_caseload(unna: Run) -> None:
    (row,) = unna("organisations", "--as-of", DAY, "--json").rows
    by_unit = {one["unit"]: one for one in row["by_unit"]}
    assert by_unit["fm-luenen"]["fte"] == 2.0
    assert by_unit["fm-selm"]["case_fte"] == 0.5
    office = by_unit["fm-luenen"]
    assert office["per_fte"] == pytest.approx(office["active"] / 2, abs=0.05)
    assert row["figures"]["participants"] == 60
    assert row["figures"]["consultations"] == 300
    offices = {one["town"]: one["offices"]["abh"] for one in row["responsible"]}
    assert (offices["Lünen"], offices["Selm"]) == ("abh-luenen", "abh-kreis")
    tree = unna("organisations", "--as-of", DAY, "--lang", "de").out
    for words in ("Teilregion Nord", "0,5 VZÄ", "60 Teilnehmende", "je VZÄ", "Baustein 3"):
        assert words in tree
    english = unna("organisations", "--as-of", DAY, "--lang", "en").out
    assert "60 participants" in english
    assert "active cases" in english


def test_of_another_municipality_only_the_file_is_shown(unna: Run) -> None:
    said = unna("organisations", "herne", "--lang", "de")
    assert said.code == 0
    assert "no data of Herne here" in said.err
    assert "KIM Wanne" in said.out
    assert "Teilnehmende" not in said.out
    (row,) = unna("organisations", "gelsenkirchen", "--json").rows
    assert row["figures"] is None
    assert row["slug"] == "gelsenkirchen"


def settings(monkeypatch: pytest.MonkeyPatch, folder: Path, municipality: str) -> Settings:
    monkeypatch.delenv("KETTE_DSN", raising=False)
    monkeypatch.setenv("KETTE_DATA_DIR", str(folder))
    return Settings(municipality=municipality)


def test_each_municipality_has_a_data_folder_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders = {
        one.slug: data_folder(settings(monkeypatch, tmp_path, one.slug)) for one in municipalities()
    }
    assert len(set(folders.values())) == len(folders) == 5
    assert folders["herne"] == tmp_path
    for one in municipalities():
        for name in (one.ags, one.name):
            assert data_folder(settings(monkeypatch, tmp_path, name)) == folders[one.slug]
    assert not has_data(settings(monkeypatch, tmp_path, "unna"))


@pytest.mark.parametrize("word", ["", "unna"])
def test_make_demo_starts_with_the_municipality_that_it_is_told(word: str) -> None:
    told = subprocess.run(
        ["make", "-n", "demo", *([f"MUNICIPALITY={word}"] if word else [])],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert ("kette demo --municipality 'unna'" in told) is bool(word)
    assert "kette demo" in told


def test_generate_fits_its_municipality(without_store: Run, tmp_path: Path) -> None:
    path = tmp_path / "gladbeck.jsonl"
    said = without_store("generate", "--municipality", "gladbeck", "--out", path)
    assert said.code == 0
    assert said.err.startswith("48 people")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert {one["unit"] for one in lines if one["type"] == "CaseOpened"} == {"buero"}
