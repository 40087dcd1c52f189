"""Units, carriers, posts and roles of a municipality."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from domain.complaints import complaints
from domain.organisations import (
    Carrier,
    CarrierKind,
    Municipality,
    Post,
    Role,
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
    ],
)
def test_what_does_not_fit_is_named_with_place_and_cure(
    changed: dict[str, Any], complaint: str
) -> None:
    found = complaints(town(**changed))
    if complaint:
        assert any(one.startswith(complaint) for one in found), found
    else:
        assert found == ()
