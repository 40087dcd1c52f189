"""Municipalities as files."""

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.chain.bounds import STANDARD
from domain.fields import Recorder
from domain.organisations import (
    Baustein,
    CarrierKind,
    InvalidMunicipalityError,
    Municipality,
    UnitKind,
    UnknownOrganisationError,
)
from infra.municipalities import municipalities, municipality, read_municipality, shipped
from infra.population.generation import fitting, generate

DAY = date(2026, 11, 23)


def changed(folder: Path, old: str, new: str) -> Path:
    """Write Herne's file with one thing changed."""
    text = (shipped() / "05916000.toml").read_text(encoding="utf-8")
    assert old in text
    path = folder / "05916000.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def _bounds(*wanted: tuple[str, str]) -> tuple[str, str]:
    """Return what to change so that the file sets these bounds."""
    told = ", ".join(f'{{ id = "{name}", value = "{value}" }}' for name, value in wanted)
    return 'slug = "herne"', f'slug = "herne"\nbounds = [{told}]'


def test_herne_has_an_office_for_each_district_with_two_staff_and_the_citys_with_three() -> None:
    herne = municipality("herne")
    offices = {
        one.key: (herne.carrier(one.carrier).name, one.address, len(herne.staff(one.key, DAY)))
        for one in herne.case_offices()
    }
    assert offices == {
        "kim-stadt": ("Stadt Herne", "Shamrockring 1", 3),
        "kim-sodingen": ("AWO", "Lützowstr. 2", 2),
        "kim-mitte": ("Caritas", "Schulstr. 16", 2),
        "kim-eickel": ("DRK", "Hauptstr. 166", 2),
        "kim-wanne": ("PLANB Ruhr", "Hauptstr. 221", 2),
    }
    assert herne.unit("abh").beside == "kim-stadt"
    assert herne.fte("kim-wanne", DAY) == Decimal(2)


def posts(place: Municipality, baustein: Baustein) -> dict[str, Decimal]:
    """Return the full posts of a building block by unit."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for one in place.posts:
        if one.baustein is baustein and one.held_on(DAY):
            found[one.unit] += one.fte
    return dict(found)


def test_unna_has_three_regions_fractions_of_posts_and_two_immigration_offices() -> None:
    unna = municipality("unna")
    regions = [one for one in unna.units if one.kind is UnitKind.REGION]
    assert [one.name for one in regions] == [
        "Teilregion Nord",
        "Teilregion Mitte",
        "Teilregion Süd",
    ]
    towns = {one.ags: one.name for one in unna.towns}
    assert [towns[ags] for ags in regions[0].competent_for] == ["Lünen", "Werne", "Selm"]
    assert sorted(ags for one in regions for ags in one.competent_for) == sorted(towns)
    assert posts(unna, Baustein.CASE_MANAGEMENT) == {
        "fm-luenen": 2,
        "fm-werne": Decimal("0.5"),
        "fm-selm": Decimal("0.5"),
    }
    assert posts(unna, Baustein.OFFICES) == {"abh-luenen": 2}
    assert set(posts(unna, Baustein.COORDINATION)) == {"ki", "koordination-luenen"}
    for town in unna.towns:
        own = "abh-luenen" if town.name == "Lünen" else "abh-kreis"
        office = unna.office(Recorder.ABH, town.ags)
        assert office is not None
        assert office.key == own


def test_gladbeck_has_a_team_of_four_since_may_2022() -> None:
    gladbeck = municipality("gladbeck")
    team = {one.unit: (one.baustein.value, one.fte) for one in gladbeck.posts}
    assert team == {
        "buero": ("2", 1),
        "koordination": ("1", 1),
        "abh": ("3", 1),
        "ebh": ("3", 1),
    }
    assert {one.valid_from for one in gladbeck.posts} == {date(2022, 5, 1)}
    assert gladbeck.unit("buero").name == "Büro für interkulturelle Arbeit"
    (top,) = gladbeck.children(None)
    assert top.name == "Kreis Recklinghausen"


def test_gelsenkirchen_has_eighteen_posts_twelve_in_quarters_and_more_in_its_immigration_office() -> (
    None
):
    place = municipality("gelsenkirchen")
    assert sum(one.fte for one in place.posts) == 18
    led = posts(place, Baustein.CASE_MANAGEMENT)
    assert sum(led.values()) == 12
    assert all(place.unit(key).quarters for key in led)
    kinds = {place.carrier(place.unit(key).carrier).kind for key in led}
    assert kinds == {CarrierKind.PUBLIC, CarrierKind.WELFARE}
    assert set(posts(place, Baustein.OFFICES)) == {"abh"}
    named = {one.name for one in place.quarters}
    assert {quarter for one in place.units for quarter in one.quarters} == named


def test_muelheim_has_posts_with_carriers_and_relieves_its_immigration_office() -> None:
    place = municipality("muelheim")
    led = posts(place, Baustein.CASE_MANAGEMENT)
    carriers = {place.carrier(place.unit(key).carrier).name: fte for key, fte in led.items()}
    assert carriers.keys() == {"Stadt Mülheim an der Ruhr", "Caritas", "DRK"}
    assert carriers["Caritas"] == 1
    assert all(place.unit(key).answers_for == ("abh",) for key in led)
    assert set(posts(place, Baustein.COORDINATION)) == {"ki"}


@pytest.mark.parametrize("place", municipalities(), ids=lambda one: one.slug)
def test_every_municipality_can_lead_link_and_name_who_is_responsible(place: Municipality) -> None:
    assert place.case_offices()
    for town in place.home_towns():
        for recorder in (Recorder.ABH, Recorder.EBH, Recorder.JOBCENTER, Recorder.SOZIALAMT):
            assert place.office(recorder, town.ags) is not None, (recorder, town)
        kinds = {one.kind for one in place.providers(town.ags)}
        assert {UnitKind.AUTHORITY, UnitKind.SERVICE, UnitKind.VOLUNTEERS} <= kinds
    holders = [one.holder for one in place.posts if one.holder]
    assert len(set(holders)) == len(holders)
    assert (shipped() / f"{place.ags}.toml").read_text(encoding="utf-8").count("ssumed") > 0


def test_the_smallest_file_of_the_how_to_is_a_municipality(tmp_path: Path) -> None:
    how_to = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-municipality.md"
    (text,) = re.findall(
        r"^```toml\n(.*?)^```$", how_to.read_text("utf-8"), re.DOTALL | re.MULTILINE
    )
    path = tmp_path / "05999000.toml"
    path.write_text(text, encoding="utf-8")
    place = read_municipality(path)
    assert place.case_fte("kim", DAY) == Decimal("0.5")
    assert len(generate(place, fitting(place), 1).rows) > 100


def test_a_municipality_sets_its_practice_and_wants_warnings_earlier(tmp_path: Path) -> None:
    path = changed(tmp_path, *_bounds(("F06.other", "P45D"), ("A01.lead", "P120D")))
    practice = read_municipality(path).practice()
    assert practice.in_force("F06.other", DAY).value == 45
    assert practice.in_force("A01.lead", DAY).value == 120
    assert municipality("herne").practice() is STANDARD


def test_every_shipped_municipality_is_found_by_ags_slug_and_name() -> None:
    for one in municipalities():
        assert municipality(one.ags) == municipality(one.slug) == municipality(one.name) == one


def test_an_unknown_municipality_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UnknownOrganisationError, match=r"known: .*herne \(05916000\)"):
        municipality("atlantis")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('slug = "herne"', 'slug = "herne"\nmayor = "X"', "05916000.toml: mayor: unknown key"),
        ('address = "Schulstr. 16"', 'adress = "x"', "units.kim-mitte.adress: unknown key"),
        ('ags = "05916000"', 'ags = "5916000"', "ags: String should match"),
        ('ags = "05916000"', 'ags = "05916001"', "ags: the file is named '05916000'"),
        ('name = "Herne"', "", "name: is missing; add it"),
        ('parent = "ki"', 'parent = "mond"', "units.kim-stadt.parent: no unit 'mond'"),
        ("fte = 1.0", "fte = 1.5", "posts.cm-stadt-1.fte: "),
        ('key = "kim-mitte"', 'key = "kim-wanne"', "units: key 'kim-wanne' stands 2 times"),
        ('slug = "herne"', "slug = herne", "is no TOML file in UTF-8"),
        (*_bounds(("A01.lead", "P60D")), "bounds.A01.lead: A01.lead is law (§ 81 Abs. 4 AufenthG"),
        (*_bounds(("S01.claim", "P6M")), "§ 44 Abs. 2 AufenthG): it cannot be changed"),
        (*_bounds(("X99.nothing", "P6M")), "bounds.X99.nothing: no bound 'X99.nothing'"),
        (*_bounds(("F06.other", "soon")), "write a period such as F06.other=P8W (D, W, M, Y)"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_file_place_and_cure(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(InvalidMunicipalityError) as refused:
        read_municipality(path)
    assert message in str(refused.value)
    assert str(refused.value).startswith("05916000.toml: ")


def test_half_a_post_is_half_a_post(tmp_path: Path) -> None:
    path = changed(tmp_path, "fte = 1.0", "fte = 0.3")
    assert read_municipality(path).post("cm-stadt-1").fte == Decimal("0.3")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidMunicipalityError, match="cannot be read"):
        read_municipality(tmp_path / "05916000.toml")
