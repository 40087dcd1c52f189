"""The pages over HTTP: what they show, what they refuse, and that a form records once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from domain.chain.calendar import berlin_day
from domain.commands import RecordFacts, StartJourney
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Entry, Recorded
from infra.keys import KeyRing

TODAY = berlin_day(datetime.now(UTC))


def german(days_ago: int) -> str:
    return (TODAY - timedelta(days=days_ago)).strftime("%d.%m.%Y")


@pytest.fixture
def client(site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url) as opened:
        yield opened


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found
    return found[1]


def journey_of(site, name: str) -> UUID:
    return UUID(site.page_of(name).rsplit("/", 1)[1])


def records(site, name: str) -> list[Recorded]:
    return list(site.ports.records.read(journey_of(site, name)))


def test_the_start_page_is_the_gap_list_with_tiles_groups_and_next_steps(client) -> None:
    page = client.get("/").text
    for words in (
        "Offene Lücken",
        "Diese Woche und nächste Woche fällig",
        "beim Wechsel des Rechtskreises verloren",
        "Amina R.",
        "Nächster Schritt",
        "Vorführdaten",
        "Stand der Liste: Ereignis",
    ):
        assert words in page
    assert client.get("/luecken").text.count("<tr") == page.count("<tr")


@pytest.mark.parametrize(
    ("query", "shown", "hidden_name"),
    [
        ("suche=Ami", "Amina R.", "Yonas T."),
        ("suche=KIM-0339", "Yonas T.", "Amina R."),
        ("strang=sprache", "Yonas T.", "Daryna V."),
        ("regel=A04", "Daryna V.", "Amina R."),
        ("gruppe=seam", "Amina R.", "Daryna V."),
        ("niemand=1", "Yonas T.", "Amina R."),
    ],
)
def test_filters_stand_in_the_address(client, query: str, shown: str, hidden_name: str) -> None:
    page = client.get(f"/?{query}").text
    assert shown in page
    assert hidden_name not in page


def test_the_list_can_be_read_as_it_was_known_on_a_past_day(client) -> None:
    past = client.get("/", params={"stand": german(200), "wissen": german(200)}).text
    assert "bekannt war" in past
    assert "Daryna V." not in past


def test_a_journey_shows_chain_picture_reasons_and_records(client, site) -> None:
    page = client.get(site.page_of("amina")).text
    for words in (
        "Warum ist die Kette unterbrochen?",
        "Übergabe nicht beantwortet",
        "Belegt durch",
        "Es fehlt",
        "(später)",
        "Flüchtlingsschutz",
        'role="listitem"',
    ):
        assert words in page


def test_the_known_at_control_moves_what_is_shown(client, site) -> None:
    now = client.get(site.page_of("amina")).text
    then = client.get(site.page_of("amina"), params={"wissen": german(700)}).text
    assert "Übergabe nicht beantwortet" in now
    assert "Übergabe nicht beantwortet" not in then
    assert "Ereignisse erfasst." in then
    assert then.count('id="ereignis-') < now.count('id="ereignis-')


@pytest.mark.parametrize("period", ["12m", "3j", "alles"])
def test_every_period_can_be_asked_for(client, site, period: str) -> None:
    page = client.get(site.page_of("amina"), params={"zeitraum": period})
    assert page.status_code == 200
    assert 'aria-current="true"' in page.text


def test_the_pages_speak_english_when_asked(client) -> None:
    page = client.get("/?lang=en")
    assert "Open gaps" in page.text
    assert '<html lang="en">' in page.text
    assert "Open gaps" in client.get("/").text
    assert "Offene Lücken" in client.get("/?lang=de").text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nichts", 404),
        ("/verlauf/kein-verlauf", 404),
        (f"/verlauf/{UUID(int=0)}", 404),
        ("/?stand=31.02.2026", 400),
        ("/?wissen=gestern", 400),
        ("/?stand=01.01.9999", 400),
        ("/?regel=Z99", 400),
        ("/?strang=quer", 400),
        ("/?gruppe=alle", 400),
        ("/?zustaendig=wer", 400),
        ("/?zeitraum=immer", 400),
        ("/?seite=0", 400),
        ("/?seite=-1", 400),
        ("/?gruppe=open&seite=900", 400),
        ("/?seite=2", 400),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_page_in_plain_words(
    client, path: str, status: int
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert "Das ging nicht" in answer.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("name", ["suche", "einheit", "fallfuehrung"])
def test_a_text_with_a_nul_is_searched_for_without_it(client, name: str) -> None:
    assert client.get(f"/?{name}=%00").status_code == 200


def test_a_search_without_a_find_says_so(client) -> None:
    assert "Keine Lücke passt" in client.get("/", params={"suche": "'; DROP TABLE gaps --"}).text


def test_a_page_can_be_asked_for_its_head_alone(client, site) -> None:
    for path in ("/", site.page_of("amina"), "/api/v1/events", "/healthz", "/metrics"):
        answer = client.head(path)
        assert (answer.status_code, answer.text) == (200, "")


@pytest.mark.parametrize("number", ["99999999", "9" * 5000, "-1", "x"])
def test_only_a_record_of_the_journey_is_told_as_saved(client, site, number: str) -> None:
    answer = client.get(site.page_of("amina"), params={"erfasst": number})
    assert answer.status_code == 200
    assert "Gespeichert als" not in answer.text


@pytest.mark.parametrize("type_name", ["EventCorrected", "EventRetracted", "JourneyErased"])
def test_what_is_about_the_record_itself_has_no_form_of_its_own(
    client, site, type_name: str
) -> None:
    before = len(records(site, "daryna"))
    address = site.page_of("daryna") + f"/erfassen/{type_name}"
    form = {"command_id": str(uuid4()), "occurred_on": german(1)}
    assert client.get(address).status_code == 404
    assert client.post(address, data=form).status_code == 404
    assert len(records(site, "daryna")) == before


@pytest.mark.parametrize("version", ["0", "-1", "99999", "9" * 30])
def test_an_event_that_is_not_there_is_named_so_in_german(client, site, version: str) -> None:
    answer = client.get(site.page_of("daryna") + f"/berichtigen/{version}")
    assert answer.status_code == 404
    assert "Dieses Ereignis gibt es in diesem Verlauf nicht." in answer.text


def test_what_was_known_before_the_first_record_is_explained(client, site) -> None:
    page = client.get(site.page_of("amina"), params={"wissen": "01.01.2000"}).text
    assert "Bis dahin war zu diesem Verlauf noch nichts erfasst" in page
    assert "<h1>Amina R.</h1>" in page
    assert "ist keine Lücke offen" not in page
    assert "ohne Case Management" not in page


def test_of_an_erased_journey_nothing_is_shown_or_recorded(client, site) -> None:
    journey, day = uuid4(), PartialDate.of(TODAY)
    facts = ("JourneyStarted", {}), ("PersonIdentified", {"family_name": "Verborgen"})
    entries = tuple(
        Entry(str(uuid4()), read_fact(name, attributes), day, site.ports.actor)
        for name, attributes in facts
    )
    site.ports.record(StartJourney(uuid4(), journey, entries, TODAY))
    erased = Entry(str(uuid4()), read_fact("JourneyErased", {}), day, site.ports.actor)
    assert "Verborgen" in client.get(f"/verlauf/{journey}").text
    site.ports.record(RecordFacts(uuid4(), journey, (erased,), TODAY))
    for path in ("", "/erfassen", "/erfassen/ContactHeld", "/berichtigen/2", "?wissen=01.01.2026"):
        answer = client.get(f"/verlauf/{journey}{path}")
        assert answer.status_code == 410
        assert "Dieser Verlauf wurde gelöscht." in answer.text
        assert "Verborgen" not in answer.text
    for path in ("timeline", "gaps"):
        answer = client.get(f"/api/v1/journeys/{journey}/{path}")
        assert answer.status_code == 410
        assert answer.json()["type"] == "urn:kette:erased-journey"


@pytest.mark.parametrize("day", ["01.01.1700", "1899", "01.2201"])
def test_a_day_centuries_away_is_taken_for_a_slip(client, site, day: str) -> None:
    form = {"command_id": str(uuid4()), "occurred_on": day}
    answer = client.post(site.page_of("daryna") + "/erfassen/ContactHeld", data=form)
    assert answer.status_code == 422
    assert "Bitte als TT.MM.JJJJ" in answer.text


def test_a_form_that_cannot_be_read_is_refused_in_german(client, site) -> None:
    address = site.page_of("daryna") + "/erfassen/ContactHeld"
    many = "&".join(f"f{n}=1" for n in range(2000))
    form = {"content-type": "application/x-www-form-urlencoded"}
    answer = client.post(address, content=many, headers=form)
    assert answer.status_code == 400
    assert "Die Anfrage ist nicht lesbar." in answer.text
    assert "nicht vollständig angekommen" in client.post(address).text


def test_every_answer_carries_the_security_headers(client) -> None:
    for path in ("/", "/nichts", "/api/v1/events", "/static/app.css"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://boese.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Host": "boese.example"}, 421),
    ],
)
def test_a_form_from_another_site_is_refused(client, site, headers, status: int) -> None:
    before = len(records(site, "daryna"))
    form = {"command_id": str(uuid4()), "occurred_on": german(1)}
    answer = client.post(
        site.page_of("daryna") + "/erfassen/ContactHeld", data=form, headers=headers
    )
    assert answer.status_code == status
    assert len(records(site, "daryna")) == before


def test_a_body_over_256_kib_is_refused_announced_or_not(client, site) -> None:
    address = site.page_of("daryna") + "/erfassen/ContactHeld"
    form = {"content-type": "application/x-www-form-urlencoded"}

    def chunks() -> Iterator[bytes]:
        for _ in range(300):
            yield b"a" * 1024

    assert client.post(address, content=b"a" * 300_000, headers=form).status_code == 413
    assert client.post(address, content=chunks(), headers=form).status_code == 413


def test_a_form_sent_twice_records_once(client, site) -> None:
    before = len(records(site, "daryna"))
    page = client.get(site.page_of("daryna") + "/erfassen/ContactHeld").text
    form = {
        "command_id": hidden(page, "command_id"),
        "occurred_on": german(2),
        "channel": "phone",
        "minutes": "20",
    }
    address = site.page_of("daryna") + "/erfassen/ContactHeld"
    first, second = (client.post(address, data=form) for _ in range(2))
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"]
    assert len(records(site, "daryna")) == before + 1
    assert "Gespeichert als Ereignis" in client.get(first.headers["location"]).text


def test_the_same_form_with_other_values_is_asked_for_again(client, site) -> None:
    before = len(records(site, "daryna"))
    address = site.page_of("daryna") + "/erfassen/ContactHeld"
    form = {"command_id": str(uuid4()), "occurred_on": german(2), "minutes": "20"}
    assert client.post(address, data=form).status_code == 303
    again = client.post(address, data=form | {"minutes": "25"})
    assert again.status_code == 422
    assert hidden(again.text, "command_id") != form["command_id"]
    assert 'value="25"' in again.text
    assert len(records(site, "daryna")) == before + 1


def test_a_wrong_form_says_what_is_wrong_and_loses_nothing(client, site) -> None:
    before = len(records(site, "daryna"))
    form = {
        "command_id": str(uuid4()),
        "occurred_on": "31.02.2026",
        "channel": "fax",
        "minutes": "viele",
        "case_id": "KIM-0001",
    }
    answer = client.post(site.page_of("daryna") + "/erfassen/ContactHeld", data=form)
    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 3
    for typed in ("31.02.2026", "viele", "KIM-0001"):
        assert f'value="{typed}"' in answer.text
    assert len(records(site, "daryna")) == before


def test_a_day_ahead_of_today_is_refused_in_words(client, site) -> None:
    form = {"command_id": str(uuid4()), "occurred_on": german(-5)}
    answer = client.post(site.page_of("daryna") + "/erfassen/ContactHeld", data=form)
    assert answer.status_code == 422
    assert "Ein Tag liegt in der Zukunft" in answer.text


def test_a_correction_holds_only_what_was_changed_and_is_made_once(client, site) -> None:
    version = next(
        one.version
        for one in records(site, "yonas")
        if one.entry.fact.type_name() == "CourseRegistered"
    )
    address = site.page_of("yonas") + f"/berichtigen/{version}"
    page = client.get(address).text
    form = {
        "command_id": hidden(page, "command_id"),
        "basis": hidden(page, "basis"),
        "occurred_on": german(300),
        "kind": "IK_ALPHA",
        "berichtigungsgrund": "Kursart verwechselt",
    }
    first, second = (client.post(address, data=form) for _ in range(2))
    assert first.headers["location"] == second.headers["location"]
    correction = records(site, "yonas")[-1].entry.fact.known_attributes()
    assert correction["attributes"] == {"kind": "IK_ALPHA"}
    assert "occurred_on" not in correction
    shown = client.get(site.page_of("yonas")).text
    assert "berichtigt durch" in shown
    assert (
        client.post(address, data=form | {"command_id": str(uuid4()), "basis": "999"}).status_code
        == 422
    )


def test_a_correction_of_what_somebody_else_corrected_meanwhile_is_asked_for_again(
    client, site
) -> None:
    new = {"command_id": str(uuid4()), "occurred_on": german(3), "minutes": "5"}
    client.post(site.page_of("daryna") + "/erfassen/ContactHeld", data=new)
    version = records(site, "daryna")[-1].version
    address = site.page_of("daryna") + f"/berichtigen/{version}"
    pages = [client.get(address).text for _ in range(2)]
    forms = [
        {
            "command_id": hidden(page, "command_id"),
            "basis": hidden(page, "basis"),
            "occurred_on": german(3),
            "minutes": minutes,
        }
        for page, minutes in zip(pages, ("10", "15"), strict=True)
    ]
    assert client.post(address, data=forms[0]).status_code == 303
    late = client.post(address, data=forms[1])
    assert late.status_code == 422
    assert "inzwischen von jemand anderem berichtigt" in late.text
    assert 'value="15"' in late.text
    assert client.post(address, data=forms[0]).status_code == 303
    fresh = forms[1] | {name: hidden(late.text, name) for name in ("command_id", "basis")}
    assert client.post(address, data=fresh).status_code == 303
    corrections = [one.entry.fact.known_attributes() for one in records(site, "daryna")[-2:]]
    assert [one["attributes"] for one in corrections] == [{"minutes": 10}, {"minutes": 15}]


@pytest.mark.parametrize("basis", ["9" * 5000, "-1", "x", ""])
def test_a_basis_that_nobody_sent_does_no_harm(client, site, basis: str) -> None:
    version = records(site, "daryna")[0].version
    form = {"command_id": str(uuid4()), "basis": basis, "occurred_on": german(90)}
    answer = client.post(site.page_of("daryna") + f"/berichtigen/{version}", data=form)
    assert answer.status_code == 422
    assert "Es wurde nichts geändert." in answer.text


def test_a_retraction_stays_visible_and_can_be_made_once(client, site) -> None:
    form = {"command_id": str(uuid4()), "occurred_on": german(3), "minutes": "5"}
    client.post(site.page_of("daryna") + "/erfassen/ContactHeld", data=form)
    version = records(site, "daryna")[-1].version
    address = site.page_of("daryna") + f"/zuruecknehmen/{version}"
    page = client.get(address).text
    command = {"command_id": hidden(page, "command_id"), "basis": hidden(page, "basis")}
    assert client.post(address, data=command).status_code == 303
    assert client.post(address, data=command).status_code == 303
    assert 'class="undone"' in client.get(site.page_of("daryna")).text
    assert client.get(address).status_code == 400


def test_every_kind_of_fact_has_its_form(client, site) -> None:
    offered = set(
        re.findall(r"/erfassen/(\w+)", client.get(site.page_of("daryna") + "/erfassen").text)
    )
    assert len(offered) > 100
    for type_name in sorted(offered):
        answer = client.get(site.page_of("daryna") + f"/erfassen/{type_name}")
        assert answer.status_code == 200, type_name
    assert client.get(site.page_of("daryna") + "/erfassen/GibtEsNicht").status_code == 404


def test_rules_and_licences_have_their_pages(client) -> None:
    rules = client.get("/regelwerk").text
    assert all(rule in rules for rule in ("A02", "F11", "B03", "§ 81"))
    imprint = client.get("/impressum").text
    assert all(words in imprint for words in ("EUPL-1.2", "0BSD", "Open Font License"))


def test_metrics_tell_positions_lag_appends_and_open_gaps(client, site) -> None:
    text = client.get("/metrics").text
    assert "kette_database_up 1.0" in text
    assert "kette_projection_lag_events" in text
    assert "kette_append_seconds_bucket" in text
    assert 'kette_gaps_open{rule="F11"} 2.0' in text
    assert "Amina" not in text
    assert client.get("/healthz").json()["status"] == "ok"


@contextmanager
def lost_keys(keys: KeyRing, journey: UUID) -> Iterator[None]:
    """Take the keys of a journey out of the store for a while, without destroying them."""
    with psycopg.connect(keys.store.dsn, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        statement = "DELETE FROM kette.data_keys WHERE journey_id = %s RETURNING *"
        rows = connection.execute(statement, [journey]).fetchall()
        keys.forget()
        yield
        connection.cursor().executemany(
            "INSERT INTO kette.data_keys VALUES (%s, %s, %s, %s, %s)", rows
        )


def test_a_missing_key_is_named_by_journey_and_class_and_nothing_is_guessed(site, client) -> None:
    journey = uuid4()
    entry = Entry(str(uuid4()), read_fact("JourneyStarted", {}), PartialDate.of(TODAY))
    site.ports.record(StartJourney(uuid4(), journey, (entry,), TODAY))
    named = f"the key store does not have the key of position \\d+, journey {journey}, class base"
    with lost_keys(site.ports.records.keys, journey):
        for language, words in (("de", "Ein Schlüssel fehlt"), ("en", "A key is missing")):
            answer = client.get(f"/verlauf/{journey}?lang={language}")
            assert answer.status_code == 500
            assert words in answer.text
            assert re.search(named, answer.text)
        told = client.get(f"/api/v1/journeys/{journey}/gaps")
        assert (told.status_code, told.json()["type"]) == (500, "urn:kette:key-missing")
        assert re.search(named, told.json()["detail"])
    assert client.get(f"/verlauf/{journey}").status_code == 200
