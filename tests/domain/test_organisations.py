"""Units, carriers, posts and roles of a municipality."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.complaints import complaints
from domain.fields import Handlungsfeld, Recorder
from domain.organisations import (
    Baustein,
    Carrier,
    CarrierKind,
    Municipality,
    Post,
    Quarter,
    Role,
    Town,
    Unit,
    UnitKind,
    UnknownOrganisationError,
)

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)

CITY = Unit(key="stadt", name="Stadt", kind=UnitKind.MUNICIPALITY, carrier="stadt")
OFFICE = Unit(
    key="buero",
    name="Büro",
    kind=UnitKind.DISTRICT_OFFICE,
    parent="stadt",
    carrier="stadt",
    serves=("Nord",),
)
HALF = Post(
    key="cm-1",
    unit="buero",
    role="cm",
    baustein="2",
    fte=Decimal("0.5"),
    holder="Judith Krämer",
    valid_from=date(2025, 1, 1),
    valid_to=date(2026, 5, 31),
)


def town(**changed: Any) -> Municipality:
    parts: dict[str, Any] = {
        "ags": "05978024",
        "name": "Musterstadt",
        "slug": "musterstadt",
        "districts": ("Nord",),
        "carriers": (Carrier(key="stadt", name="Stadt", kind=CarrierKind.PUBLIC),),
        "units": (CITY, OFFICE),
        "roles": (Role(key="cm", de="Fallführung", en="case manager", recorder="case_manager"),),
        "posts": (HALF,),
    }
    return Municipality(**(parts | changed))


def test_a_municipality_that_fits_together_has_no_complaints() -> None:
    assert complaints(town()) == ()


def test_a_post_counts_by_its_fraction_while_somebody_holds_it() -> None:
    assert town().fte("buero", MAY) == Decimal("0.5")
    assert town().fte("buero", JUNE) == 0
    vacant = HALF.model_copy(update={"holder": None})
    assert town(posts=(vacant,)).staff("buero", MAY) == ()


def test_case_offices_are_the_units_with_posts_of_case_management() -> None:
    assert town().case_offices() == (OFFICE,)
    assert town().children("stadt") == (OFFICE,)


def test_an_unknown_unit_is_refused_by_name() -> None:
    with pytest.raises(UnknownOrganisationError, match="no unit 'mond'"):
        town().unit("mond")
    assert town().post("cm-1") is HALF
    assert town().carrier("stadt").kind is CarrierKind.PUBLIC


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"units": (CITY,), "posts": ()}, ""),
        ({"units": (CITY, OFFICE, OFFICE)}, "units: key 'buero' stands 2 times"),
        ({"units": (OFFICE,)}, "units: 0 have no parent"),
        ({"units": (OFFICE,)}, "units.buero.parent: no unit 'stadt'"),
        (
            {"units": (CITY, OFFICE.model_copy(update={"parent": "buero"}))},
            "units.buero.parent: leads in a circle",
        ),
        (
            {"units": (CITY, OFFICE.model_copy(update={"carrier": "awo"}))},
            "units.buero.carrier: no carrier 'awo'",
        ),
        (
            {"units": (CITY, OFFICE.model_copy(update={"beside": "abh"}))},
            "units.buero.beside: no unit 'abh'",
        ),
        ({"districts": ()}, "units.buero.serves: no district 'Nord'"),
        ({"posts": (HALF.model_copy(update={"unit": "x"}),)}, "posts.cm-1.unit: no unit 'x'"),
        ({"roles": ()}, "posts.cm-1.role: no role 'cm'"),
        (
            {"posts": (HALF.model_copy(update={"valid_to": date(2024, 1, 1)}),)},
            "posts.cm-1.valid_to: lies before valid_from",
        ),
        ({"districts": ("Nord", "Nord")}, "districts.Nord: stands 2 times"),
        (
            {"quarters": (Quarter(name="Hafen", district="Süd"),)},
            "quarters.Hafen.district: no district 'Süd'",
        ),
        ({"quarters": (Quarter(name="Hafen"),) * 2}, "quarters.Hafen: stands 2 times"),
        (
            {"units": (CITY, OFFICE.model_copy(update={"quarters": ("Hafen",)}))},
            "units.buero.quarters: no quarter 'Hafen'",
        ),
        (
            {"units": (CITY, OFFICE.model_copy(update={"competent_for": ("05978032",)}))},
            "units.buero.competent_for: no town '05978032'",
        ),
        (
            {"units": (CITY, OFFICE.model_copy(update={"answers_for": ("abh",)}))},
            "units.buero.answers_for: no unit 'abh'",
        ),
        (
            {"towns": (Town(ags="05978032", name="Selm"),)},
            "towns.05978032: is no town of 05978024; only a Kreis has towns",
        ),
    ],
)
def test_what_does_not_fit_is_named_with_place_and_cure(
    changed: dict[str, Any], complaint: str
) -> None:
    _complained(town(**changed), complaint)


def _complained(municipality: Municipality, complaint: str) -> None:
    found = complaints(municipality)
    if complaint:
        assert any(one.startswith(complaint) for one in found), found
    else:
        assert found == ()


LUENEN, SELM, WERNE = "05978024", "05978032", "05978040"
KREIS = Unit(key="kreis", name="Kreis", kind=UnitKind.MUNICIPALITY, carrier="kreis")


def below(key: str, kind: UnitKind, recorder: Recorder, *towns: str, **more: Any) -> Unit:
    return Unit(
        key=key,
        name=key,
        kind=kind,
        parent="kreis",
        carrier="kreis",
        recorder=recorder,
        competent_for=towns,
        **more,
    )


def kreis(*units: Unit, **changed: Any) -> Municipality:
    parts: dict[str, Any] = {
        "ags": "05978000",
        "name": "Kreis",
        "slug": "kreis",
        "towns": (
            Town(ags=LUENEN, name="Lünen"),
            Town(ags=SELM, name="Selm"),
            Town(ags=WERNE, name="Werne"),
        ),
        "carriers": (Carrier(key="kreis", name="Kreis", kind=CarrierKind.PUBLIC),),
        "units": (KREIS, *units),
        "roles": (),
        "posts": (),
    }
    return Municipality(**(parts | changed))


OWN = below("abh-luenen", UnitKind.AUTHORITY, Recorder.ABH, LUENEN)
OTHERS = below("abh-kreis", UnitKind.AUTHORITY, Recorder.ABH)


def test_an_office_that_names_the_town_stands_before_one_that_is_there_for_the_others() -> None:
    place = kreis(OTHERS, OWN)
    assert complaints(place) == ()
    assert place.office(Recorder.ABH, LUENEN) == OWN
    assert place.office(Recorder.ABH, SELM) == OTHERS


def test_nobody_is_responsible_for_a_town_of_another_municipality() -> None:
    place = kreis(OTHERS, OWN)
    assert place.office(Recorder.ABH, "05916000") is None
    assert place.office(Recorder.ABH, "05978000") is None, "the Kreis is no town to live in"
    assert place.office(Recorder.EBH, LUENEN) is None


def test_a_service_is_nobodys_office_though_it_is_the_only_one() -> None:
    school = below("vhs", UnitKind.SERVICE, Recorder.COURSE_PROVIDER)
    assert kreis(school).office(Recorder.COURSE_PROVIDER, SELM) is None


@pytest.mark.parametrize(
    ("units", "complaint"),
    [
        ((OTHERS, OWN), ""),
        ((OWN,), "units: nobody is abh for Selm (05978032)"),
        ((OTHERS, OTHERS.model_copy(update={"key": "abh-2"})), "units: abh-kreis and abh-2 are"),
        ((OWN, OTHERS, OWN.model_copy(update={"key": "abh-2"})), "units: abh-luenen and abh-2 are"),
        ((below("melde", UnitKind.AUTHORITY, Recorder.REGISTRATION, SELM),), ""),
    ],
)
def test_an_address_leads_to_one_office_or_the_file_is_complained_of(
    units: tuple[Unit, ...], complaint: str
) -> None:
    _complained(kreis(*units), complaint)


@pytest.mark.parametrize(
    ("towns", "complaint"),
    [
        ((Town(ags="05916000", name="Herne"),), "towns.05916000: is no town of 05978000"),
        ((Town(ags=SELM, name="Selm"),) * 2, "towns.05978032: stands 2 times"),
    ],
)
def test_towns_are_those_of_the_kreis_each_once(towns: tuple[Town, ...], complaint: str) -> None:
    _complained(kreis(towns=towns), complaint)


def test_people_are_linked_to_whom_their_town_has_volunteers_among_them() -> None:
    teilhabe = (Handlungsfeld.TEILHABE,)
    selm = below("e-selm", UnitKind.VOLUNTEERS, Recorder.COUNSELLING, SELM, offers=teilhabe)
    anywhere = below("mso", UnitKind.VOLUNTEERS, Recorder.COUNSELLING, offers=teilhabe)
    place = kreis(selm, anywhere, OTHERS)
    assert place.providers(SELM) == (selm, anywhere)
    assert place.providers(LUENEN) == (anywhere,)
    assert place.providers(None) == (selm, anywhere)


def test_only_posts_of_case_management_lead_cases() -> None:
    desk = HALF.model_copy(update={"key": "ko-1", "baustein": Baustein.COORDINATION})
    place = town(posts=(HALF, desk))
    assert place.fte("buero", MAY) == 1
    assert place.case_fte("buero", MAY) == Decimal("0.5")
    assert place.case_managers("buero", MAY) == (HALF,)


def test_a_post_is_there_while_it_is_valid_though_nobody_holds_it() -> None:
    vacant = HALF.model_copy(update={"holder": None})
    assert vacant.exists_on(MAY)
    assert not vacant.held_on(MAY)
    assert not vacant.exists_on(JUNE)


def test_towns_units_and_holders_are_named_by_their_keys() -> None:
    names = kreis(OWN).names()
    assert (names["05978000"], names[SELM], names["abh-luenen"]) == ("Kreis", "Selm", "abh-luenen")
    assert town().names()["cm-1"] == "Judith Krämer"
    assert town().names()["05978024"] == "Musterstadt"
