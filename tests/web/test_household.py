"""The household on the page: one knot, the same on the page of the parent and on that of the child."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from domain.chain.reading import told
from infra.embedded import EmbeddedServer
from infra.journal import JournalRecorder, open_journal
from projections.history import history
from projections.household import around
from tests.keyring import keys_of
from tests.web import conftest as site
from web.fact_words import fact_details
from web.household import Member, household, others_of, with_people
from web.moment import Moment
from web.texts import texts_in


def nour() -> list[site.Line]:
    joined = {
        "household_id": "h1",
        "member_journey_id": str(site.journey_id("sami")),
        "role": "child",
    }
    return [
        (400, "JourneyStarted", {"entry_date": site.ago(400)}),
        (400, "PersonIdentified", {"given_names": "Nour", "family_name": "H."}),
        (399, "MemberJoined", joined),
        (200, "ChildcareRequested", {"child_ref": str(site.journey_id("sami"))}),
        (180, "CourseEntitlementIssued", {"obligated": True}),
    ]


def sami() -> list[site.Line]:
    joined = {
        "household_id": "h1",
        "member_journey_id": str(site.journey_id("nour")),
        "role": "parent",
    }
    return [
        (400, "JourneyStarted", {"entry_date": site.ago(400)}),
        (400, "PersonIdentified", {"given_names": "Sami", "birth_date": site.ago(900)}),
        (398, "MemberJoined", joined),
    ]


@pytest.fixture
def journal(server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[JournalRecorder]:
    monkeypatch.setitem(site.PEOPLE, "nour", nour())
    monkeypatch.setitem(site.PEOPLE, "sami", sami())
    name = f"household_{uuid4().hex}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE kette_template")
    site.fill(server.dsn(name), ("nour", "sami"))
    with open_journal(server.dsn(name), keys_of(server.dsn(name))) as opened:
        yield opened


def shown(journal: JournalRecorder, name: str, days_ago: int = 0) -> tuple[Member, ...]:
    journey = site.journey_id(name)
    records = journal.read(journey)
    day = site.TODAY - site.timedelta(days=days_ago)
    moment = Moment(as_of=day, known_at=None, today=site.TODAY)
    known = history(told(records), None, around(journey, records, journal.read))
    others = others_of(known, moment, journal.read)
    return household(journey, known, others, moment, texts_in("de"))


def test_a_child_without_a_place_and_the_unused_course_are_one_knot_on_both_pages(
    journal: JournalRecorder,
) -> None:
    of_parent, of_child = shown(journal, "nour"), shown(journal, "sami")

    knots = {one.name.split()[0]: one.knots for one in of_parent}
    assert [one.name for one in of_parent] == [one.name for one in of_child]
    assert [one.knots for one in of_parent] == [one.knots for one in of_child]
    assert any(words.startswith("Betreuung blockiert Kurs") for words in knots["Nour"])
    assert any(
        words.startswith("Kind ohne Betreuungsplatz") for each in knots.values() for words in each
    )
    (here,) = (one for one in of_parent if not one.address)
    (other,) = (one for one in of_child if not one.address)
    assert (here.name.split()[0], other.name.split()[0]) == ("Nour", "Sami")
    assert all(str(site.journey_id("sami")) in one.address for one in of_parent if one.address)


def test_before_the_household_is_known_there_is_no_knot(journal: JournalRecorder) -> None:
    assert all(not one.knots for one in shown(journal, "nour", 300))


def test_somebody_alone_has_no_household(journal: JournalRecorder) -> None:
    assert shown(journal, "sami") != ()
    records = journal.read(site.journey_id("nour"))[:2]
    alone = history(told(records))
    moment = Moment(as_of=site.TODAY, known_at=None, today=site.TODAY)
    assert others_of(alone, moment, journal.read) == {}
    assert household(site.journey_id("nour"), alone, {}, moment, texts_in("de")) == ()


def test_what_is_told_of_the_others_calls_them_by_their_names(journal: JournalRecorder) -> None:
    journey = site.journey_id("nour")
    records = journal.read(journey)
    known = history(told(records), None, around(journey, records, journal.read))
    moment = Moment(as_of=site.TODAY, known_at=None, today=site.TODAY)
    texts = with_people(texts_in("de"), known, others_of(known, moment, journal.read))
    details = {one.entry.fact.type_name(): fact_details(one.entry.fact, texts) for one in records}
    assert details["MemberJoined"].startswith("Verlauf des Mitglieds: Sami")
    assert details["ChildcareRequested"] == "Kind: Sami"
    plain = fact_details(records[2].entry.fact, texts_in("de"))
    assert plain == f"Verlauf des Mitglieds: Verlauf {str(site.journey_id('sami'))[:8]}, Kind"
