"""Municipalities as files."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from domain.organisations import InvalidMunicipalityError, UnknownOrganisationError
from infra.municipalities import municipalities, municipality, read_municipality, shipped

DAY = date(2026, 11, 23)


def changed(folder: Path, old: str, new: str) -> Path:
    """Write Herne's file with one thing changed."""
    text = (shipped() / "05916000.toml").read_text(encoding="utf-8")
    assert old in text
    path = folder / "05916000.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


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
