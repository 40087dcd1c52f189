"""The read API: typed, pseudonymous, and every error a problem."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import httpx
import pytest

from domain.fields import DataClass


@pytest.fixture
def api(site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{site.url}/api/v1") as opened:
        yield opened


def journey_of(site, name: str) -> str:
    return site.page_of(name).rsplit("/", 1)[1]


def test_events_come_in_order_and_without_a_hole(api) -> None:
    seen, after = [], 0
    while items := (page := api.get("/events", params={"after": after, "limit": 20}).json())[
        "items"
    ]:
        seen += [one["position"] for one in items]
        after = page["next_after"]
    assert seen == list(range(1, len(seen) + 1))


def test_identity_sensitive_and_notes_leave_nothing_but_their_place(api, site) -> None:
    items = {one["position"]: one for one in api.get("/events?limit=1000").json()["items"]}
    journey = UUID(journey_of(site, "amina"))
    for record in site.ports.records.read(journey):
        item = items[record.position]
        assert item["journey"] == str(journey)
        closed = record.entry.fact.about.data_class is not DataClass.BASE
        assert item["withheld"] is closed
        assert (item["type"] is None) is closed
    assert "Amina" not in api.get("/events?limit=1000").text


def test_what_a_retraction_says_of_a_note_stays_inside(api, site) -> None:
    address = site.page_of("daryna")
    form = {"command_id": str(uuid4()), "occurred_on": "2026", "text": "Nichts für andere"}
    assert httpx.post(f"{address}/erfassen/NoteTaken", data=form).status_code == 303
    journey = UUID(journey_of(site, "daryna"))
    version = site.ports.records.read(journey)[-1].version
    why = {"command_id": str(uuid4()), "berichtigungsgrund": "Nichts über Frau V."}
    assert httpx.post(f"{address}/zuruecknehmen/{version}", data=why).status_code == 303
    last = site.ports.records.read(journey)[-1]
    item = api.get("/events", params={"after": last.position - 1, "limit": 1}).json()["items"][0]
    assert (item["withheld"], item["type"], item["attributes"]) == (True, None, None)
    assert "Nichts" not in api.get("/events?limit=1000").text


def test_a_timeline_has_typed_spans_and_tells_both_times(api, site) -> None:
    answer = api.get(
        f"/journeys/{journey_of(site, 'amina')}/timeline?as_of=2026-01-01&known_at=2026-02-01"
    ).json()
    assert (answer["as_of"], answer["known_at"]) == ("2026-01-01", "2026-02-01")
    assert len(answer["strands"]) == 9
    assert {"start", "end", "label", "kind", "events"} <= set(answer["strands"][1]["spans"][0])


def test_the_birth_of_a_child_is_not_on_the_timeline(api, site) -> None:
    text = api.get(f"/journeys/{journey_of(site, 'amina')}/timeline").text
    assert "Kind" not in text


def test_gaps_are_told_with_evidence(api, site) -> None:
    items = api.get(f"/journeys/{journey_of(site, 'amina')}/gaps").json()["items"]
    handover = next(one for one in items if one["rule"] == "F11")
    assert handover["state"] == "open"
    assert handover["evidence"]
    assert handover["missing"] == ["HandoverAccepted", "HandoverRejected"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/events?after=-1", 422),
        ("/events?after=x", 422),
        ("/events?limit=0", 422),
        ("/events?limit=1001", 422),
        ("/events?after=99999999999999999999", 422),
        ("/journeys/kein-verlauf/gaps", 422),
        ("/journeys/00000000-0000-0000-0000-000000000000/timeline", 404),
        ("/journeys/00000000-0000-0000-0000-000000000000/gaps?as_of=2026-13-01", 422),
        ("/nichts", 404),
    ],
)
def test_every_error_is_a_problem(api, path: str, status: int) -> None:
    answer = api.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_method_that_is_not_there_is_a_problem_as_well(api) -> None:
    answer = api.post("/events")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_description_types_every_item(api) -> None:
    described = api.get("/openapi.json").json()
    assert set(described["paths"]) == {
        "/api/v1/events",
        "/api/v1/journeys/{journey}/timeline",
        "/api/v1/journeys/{journey}/gaps",
    }
    schemas = described["components"]["schemas"]
    assert schemas["Events"]["properties"]["items"]["items"] == {
        "$ref": "#/components/schemas/Event"
    }
    for path in described["paths"].values():
        assert "application/problem+json" in path["get"]["responses"]["422"]["content"]
