"""The organisation page, and the office of the person's town on the list and on the journey's page."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from consumers.views import catch_up
from domain.commands import StartJourney
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.handling import handle
from domain.journal import Actor, Entry
from infra.group import GroupAppender
from infra.integrity import Integrity
from infra.journal import open_journal
from infra.metrics import Metrics
from infra.municipalities import municipality
from infra.tail import Tail
from infra.views import open_views
from projections.catalogue import KEPT
from tests.keyring import keys_of
from web.app import create_app
from web.ports import Ports

LUENEN, SELM = "05978024", "05978032"
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
TODAY = NOW.date()
ME = Actor("cm-luenen-1", "case_manager", "fm-luenen")


def life(family: str, *towns: tuple[int, str]) -> list[tuple[int, str, dict[str, object]]]:
    """Return a person whose Duldung runs out in two weeks, and where they lived from which day on."""
    case = {"case_id": f"K-{family}"}
    registered = [(days, "AddressRegistered", {"ags": ags}) for days, ags in towns]
    return [
        (400, "JourneyStarted", {}),
        (400, "PersonIdentified", {"given_names": "Ali", "family_name": family}),
        (390, "CaseOpened", case | {"org_unit": "fm-luenen", "carrier": "stadt-luenen"}),
        (390, "CaseManagerAssigned", case | {"cm": "cm-luenen-1"}),
        (20, "ContactHeld", case),
        (10, "ContactHeld", case | {"no_show": True}),
        (9, "EnquiryAnswered", {"instead_of": "abh-luenen"}),
        (100, "ToleranceIssued", {"valid_until": str(TODAY + timedelta(days=9))}),
        *registered,
    ]


PEOPLE = {
    "Luenen": life("Luenen", (380, LUENEN)),
    "Selm": life("Selm", (380, SELM)),
    "Umzug": life("Umzug", (380, LUENEN), (30, SELM)),
    "Unbekannt": life("Unbekannt"),
    "Herne": life("Herne", (380, "05916000")),
}


@pytest.fixture(scope="module")
def journeys() -> dict[str, UUID]:
    return {name: uuid4() for name in PEOPLE}


@pytest.fixture(scope="module")
def client(module_dsn: str, journeys: dict[str, UUID], serving) -> Iterator[httpx.Client]:
    with (
        open_journal(module_dsn, keys_of(module_dsn)) as journal,
        GroupAppender(journal) as group,
        open_views(module_dsn, keys_of(module_dsn)) as views,
    ):
        for name, facts in PEOPLE.items():
            entries = tuple(
                Entry(
                    str(uuid4()),
                    read_fact(type_name, attributes),
                    PartialDate.of(TODAY - timedelta(days=days)),
                    ME,
                )
                for days, type_name, attributes in facts
            )
            handle(group, StartJourney(uuid4(), journeys[name], entries, TODAY))
        catch_up(journal, views, KEPT)
        ports = Ports(
            records=journal,
            tail=Tail(module_dsn),
            gaps=views,
            register=views,
            counts=views,
            integrity=Integrity(module_dsn, Path("log")),
            record=lambda command: handle(group, command),
            now=lambda: NOW,
            new_id=uuid4,
            metrics=Metrics(views, lambda: TODAY).exposition,
            actor=ME,
            place=municipality("unna"),
        )
        with serving(create_app(ports)) as url, httpx.Client(base_url=url) as opened:
            yield opened


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))


def row_of(page: str, name: str) -> str:
    """Return the row of the gap list about somebody's Duldung, in words."""
    rows = re.findall(r'<tr role="row">.*?</tr>', page, re.DOTALL)
    (row,) = [one for one in rows if f"Ali {name}" in one and "Duldung" in one]
    return words(row)


@pytest.mark.parametrize(
    ("name", "office"),
    [
        ("Luenen", "Ausländerbehörde Lünen"),
        ("Selm", "Ausländerbehörde Kreis Unna"),
        ("Umzug", "Ausländerbehörde Kreis Unna"),
    ],
)
def test_the_office_of_the_persons_town_has_to_act(
    client: httpx.Client, journeys: dict[str, UUID], name: str, office: str
) -> None:
    assert office in row_of(client.get("/?regel=A05").text, name)
    page = words(client.get(f"/verlauf/{journeys[name]}").text)
    assert office in page
    other = {"Ausländerbehörde Lünen", "Ausländerbehörde Kreis Unna"} - {office}
    assert not any(one in page for one in other)
    assert ("wohnt in Lünen" if name == "Luenen" else "wohnt in Selm") in page


@pytest.mark.parametrize("name", ["Unbekannt", "Herne"])
def test_the_general_word_stands_where_no_office_of_this_municipality_is_responsible(
    client: httpx.Client, journeys: dict[str, UUID], name: str
) -> None:
    assert "Ausländerbehörde " not in row_of(client.get("/?regel=A05").text, name)
    page = words(client.get(f"/verlauf/{journeys[name]}").text)
    assert re.search(r"Zuständig Ratsuchende Person, Ausländerbehörde (?!Lünen|Kreis)", page)
    assert ("wohnt in" in page) is (name == "Herne")


def test_a_past_day_has_the_office_of_that_day(
    client: httpx.Client, journeys: dict[str, UUID]
) -> None:
    past = (TODAY - timedelta(days=40)).strftime("%d.%m.%Y")
    page = words(client.get(f"/verlauf/{journeys['Umzug']}?stand={past}").text)
    assert "wohnt in Lünen" in page


def test_the_list_can_be_kept_to_a_town(client: httpx.Client) -> None:
    page = client.get(f"/?ort={SELM}&regel=A05").text
    assert "Ali Selm" in page
    assert "Ali Umzug" in page
    assert "Ali Luenen" not in page
    assert f'<option value="{SELM}" selected>Selm</option>' in page
    assert "Keine Lücke passt" in client.get("/?ort=00000000").text


def test_the_page_draws_the_tree_with_posts_and_caseload(client: httpx.Client) -> None:
    page = client.get("/organisation").text
    text = words(page)
    assert 'href="/organisation" aria-current="page"' in page
    assert "Kreis Unna" in text
    for told in (
        "Teilregion Nord",
        "für Lünen, Werne, Selm",
        "Maike Holtrup, Case Manager:in 0,5 · Baustein 2",
        "Bernd Asbeck, KIM in der Ausländerbehörde 1,0 · Baustein 3",
        "9,0 besetzte Vollzeitstellen, davon 3,0 im Case Management",
        "5 aktive Fälle",
        "Ehrenamt und Patenschaften Selm Ehrenamt · Stadt Selm · Vermittlung: Teilhabe",
        "Selm Ausländerbehörde Kreis Unna Einbürgerungsbehörde Kreis Unna Jobcenter Kreis Unna Sozialamt Selm",
        "Lünen Ausländerbehörde Lünen Einbürgerungsbehörde Lünen Jobcenter Kreis Unna Sozialamt Lünen",
    ):
        assert told in text, told
    (row,) = [
        one for one in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if "Fallmanagement Lünen" in one
    ]
    figures = [words(one).strip() for one in re.findall(r'<td[^>]*class="num".*?</td>', row)]
    assert [one for one in figures if one] == ["2,0", "5", "2,5", "5", "5", "5"]


def test_the_page_counts_up_to_the_day_asked_about(client: httpx.Client) -> None:
    before = (TODAY - timedelta(days=15)).strftime("%d.%m.%Y")
    text = words(client.get(f"/organisation?stand={before}").text)
    assert "Stand am" in text
    assert re.search(r"5 Teilnehmende 5 Beratungen 1,7 aktive Fälle je", text)
    assert "Anfragen statt" not in text
    assert client.get("/organisation?stand=morgen").status_code == 400


def test_the_page_is_told_in_english(client: httpx.Client) -> None:
    text = words(client.get("/organisation?lang=en").text)
    for told in (
        "Participants",
        "active cases",
        "case manager",
        "for Selm",
        "Who is there for whom?",
    ):
        assert told in text, told
    client.cookies.clear()


def test_a_form_that_asks_for_a_provider_offers_those_of_the_town(
    client: httpx.Client, journeys: dict[str, UUID]
) -> None:
    page = client.get(f"/verlauf/{journeys['Selm']}/erfassen/ServiceLinked").text
    offered = dict(re.findall(r'<option value="([\w-]+)">([^<]+)</option>', page))
    assert offered["ehrenamt-selm"] == "Ehrenamt und Patenschaften Selm"
    assert {"vhs-selm", "mso", "fm-werne", "jobcenter"} <= offered.keys()
    assert not {"ehrenamt-luenen", "vhs-luenen"} & offered.keys()
    assert 'name="provider" value="" autocomplete="off" list="stellen"' in page


def test_what_stands_under_names_that_the_file_does_not_know_is_shown_as_such(site) -> None:
    text = words(httpx.get(f"{site.url}/organisation").text)
    assert "DRK Herne steht nicht in der Datei der Kommune" in text
    assert "ohne Einheit" in text or "AWO Herne" in text
