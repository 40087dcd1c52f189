"""Which office has to act: by the rule's general word, and by the address."""

import pytest

from domain.chain.intervals import Responsible
from domain.competence import competent, offices
from domain.organisations import Municipality
from infra.municipalities import municipality

LUENEN, SELM, UNNA = "05978024", "05978032", "05978036"


@pytest.fixture(scope="module")
def kreis() -> Municipality:
    return municipality("unna")


def key(place: Municipality, who: Responsible, ags: str | None) -> str | None:
    unit = competent(place, who, ags)
    return None if unit is None else unit.key


@pytest.mark.parametrize(
    ("who", "luenen", "selm", "unna"),
    [
        (Responsible.ABH, "abh-luenen", "abh-kreis", "abh-kreis"),
        (Responsible.SOZIALAMT, "sozialamt-luenen", "sozialamt-selm", "sozialamt-unna"),
        (Responsible.JOBCENTER, "jobcenter", "jobcenter", "jobcenter"),
        (Responsible.EMPLOYMENT_AGENCY, "arbeitsagentur", "arbeitsagentur", "arbeitsagentur"),
        (Responsible.BAMF, "bamf", "bamf", "bamf"),
        (Responsible.COORDINATION, "koordination-luenen", "koordination-luenen", "ki"),
    ],
)
def test_the_office_follows_the_address(
    kreis: Municipality, who: Responsible, luenen: str, selm: str, unna: str
) -> None:
    assert [key(kreis, who, ags) for ags in (LUENEN, SELM, UNNA)] == [luenen, selm, unna]


@pytest.mark.parametrize("ags", [None, "", "05916000", "05978000", "Selm"])
def test_the_general_word_stands_where_the_address_is_unknown_or_elsewhere(
    kreis: Municipality, ags: str | None
) -> None:
    assert all(competent(kreis, who, ags) is None for who in Responsible)


@pytest.mark.parametrize(
    "who",
    [
        Responsible.CLIENT,
        Responsible.CASE_MANAGER,
        Responsible.TEAM_LEAD,
        Responsible.RECEIVING_UNIT,
        Responsible.COURSE_PROVIDER,
        Responsible.EMPLOYER,
        Responsible.DPO,
    ],
)
def test_whom_the_case_names_no_address_does(who: Responsible) -> None:
    for name, ags in (("unna", SELM), ("herne", "05916000"), ("gladbeck", "05562014")):
        assert competent(municipality(name), who, ags) is None


def test_of_several_who_have_to_act_those_that_are_known_are_named(kreis: Municipality) -> None:
    found = offices(kreis, (Responsible.CLIENT, Responsible.ABH, Responsible.JOBCENTER), SELM)
    assert {who: unit.key for who, unit in found.items()} == {
        Responsible.ABH: "abh-kreis",
        Responsible.JOBCENTER: "jobcenter",
    }
