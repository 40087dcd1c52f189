"""The registry view: Confluent's own client reads our topic through it, and gets Confluent's answers."""

import importlib
import json
import time
import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from confluent_kafka import Consumer, Producer
from confluent_kafka import Message as Read
from confluent_kafka.admin import AdminClient, NewTopic
from confluent_kafka.serialization import MessageField, SerializationContext

from domain.outgoing import Outgoing
from schemas import catalogue
from schemas.catalogue import SCHEMAS, Schema, names, versions
from schemas.public import PublicEvent
from schemas.subjects import carried, subjects
from schemas.topics import JOURNEY, SUBJECTS
from schemas.wire import Message, Origin, fact_message

GOLDEN = Path(__file__).parents[1] / "schemas" / "golden"
CASE = "kette.journey.v1-de.kette.journey.CaseOpened"
ORIGIN = Origin("//kette.example/herne", UUID(int=7))
MOMENT = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def confluent() -> ModuleType:
    """Return Confluent's registry client; a library under it insists on warning of its own future."""
    with warnings.catch_warnings():
        warning = importlib.import_module("authlib.deprecate").AuthlibDeprecationWarning
        warnings.simplefilter("ignore", warning)
        module = importlib.import_module("confluent_kafka.schema_registry")
        importlib.import_module("confluent_kafka.schema_registry.avro")
    return module


@pytest.fixture
def client(site, confluent: ModuleType) -> Any:
    with confluent.SchemaRegistryClient({"url": site.url}) as opened:
        yield opened


@pytest.fixture
def registry(site) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=site.url) as opened:
        yield opened


def golden() -> Iterator[PublicEvent]:
    """Yield public events of every kind, in the newest version of their schemas."""
    for name in names():
        file = GOLDEN / f"{name}.{versions(name)[-1].version}.json"
        for one in json.loads(file.read_text(encoding="utf-8")):
            yield PublicEvent(name, one["value"])


def delivered(bootstrap: str, messages: list[Message]) -> list[Read]:
    """Send messages over a broker, and return what a client of another make reads there."""
    topic = messages[0].topic
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, JOURNEY.partitions, 1)])[topic].result(30)
    producer = Producer({"bootstrap.servers": bootstrap})
    for one in messages:
        producer.produce(topic, one.value, one.key, one.partition, headers=list(one.headers))
    assert producer.flush(30) == 0
    consumer = Consumer(
        {"bootstrap.servers": bootstrap, "group.id": topic, "auto.offset.reset": "earliest"}
    )
    consumer.subscribe([topic])
    read: list[Read] = []
    deadline = time.monotonic() + 30
    while len(read) < len(messages) and time.monotonic() < deadline:
        read += consumer.consume(100, 0.2)
    consumer.close()
    return read


def test_confluents_deserializer_reads_every_public_event_through_this_view(
    kafka, confluent, client
) -> None:
    topic = replace(JOURNEY, name=f"test.{uuid4().hex}")
    sent = {}
    for position, event in enumerate(golden(), start=1):
        outgoing = Outgoing(position, UUID(int=position % 9), 1, MOMENT, uuid4(), bytes(32), None)
        sent[f"{outgoing.journey}/{position}"] = (
            event,
            fact_message(topic, ORIGIN, replace(outgoing, version=position), event),
        )
    deserialize = confluent.avro.AvroDeserializer(client)
    read = {}
    for message in delivered(kafka.bootstrap, [one for _, one in sent.values()]):
        context = SerializationContext(topic.name, MessageField.VALUE)
        headers = dict(message.headers())
        read[headers["ce_id"].decode()] = (
            headers["ce_type"].decode(),
            deserialize(message.value(), context),
        )
    assert read == {
        id_: (f"de.kette.journey.{event.name}", event.value) for id_, (event, _) in sent.items()
    }
    assert len({kind for kind, _ in read.values()}) == len(names())


def test_bytes_with_an_unknown_id_are_refused_by_name(confluent, client) -> None:
    deserialize = confluent.avro.AvroDeserializer(client)
    with pytest.raises(confluent.error.SchemaRegistryError) as refused:
        deserialize(b"\0\0\0\x30\x39" + b"abc", SerializationContext("t", MessageField.VALUE))
    assert (refused.value.http_status_code, refused.value.error_code) == (404, 40403)


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> Schema:
    """Publish a second version of a schema for the time of one test."""
    (first,) = versions("CaseOpened")
    definition = json.loads(first.text)
    definition["fields"].append({"name": "added", "type": "string", "default": "nothing"})
    newer = replace(first, version=2, id=9_999, text=json.dumps(definition))
    monkeypatch.setattr(catalogue, "SCHEMAS", (*SCHEMAS, newer))
    monkeypatch.setitem(catalogue._BY_ID, newer.id, newer)
    return newer


def test_an_older_version_is_told_as_well_as_the_latest(registry, second: Schema) -> None:
    (first,) = (one for one in SCHEMAS if one.name == "CaseOpened")
    assert registry.get(f"/subjects/{CASE}/versions").json() == [1, 2]
    for version, schema in (("1", first), ("2", second), ("latest", second), ("-1", second)):
        assert registry.get(f"/subjects/{CASE}/versions/{version}").json() == {
            "subject": CASE,
            "version": schema.version,
            "id": schema.id,
            "schema": schema.text,
        }
        bare = registry.get(f"/subjects/{CASE}/versions/{version}/schema")
        assert bare.json() == json.loads(schema.text)
    assert registry.get("/schemas/ids/9999/versions").json() == [{"subject": CASE, "version": 2}]


def test_confluents_client_resolves_one_version_to_another(
    confluent, client, second: Schema
) -> None:
    old = json.loads((GOLDEN / "CaseOpened.1.json").read_text(encoding="utf-8"))[0]
    reader = confluent.avro.AvroDeserializer(client, second.text)
    context = SerializationContext("t", MessageField.VALUE)
    assert reader(bytes.fromhex(old["bytes"]), context) == old["value"] | {"added": "nothing"}


def test_every_schema_is_known_by_its_id_and_under_its_subject(registry) -> None:
    assert registry.get("/subjects").json() == list(subjects())
    assert len(subjects()) == len(carried(JOURNEY)) + len(carried(SUBJECTS)) == len(names())
    for schema in SCHEMAS:
        path = f"/schemas/ids/{schema.id}"
        assert registry.get(path).json() == {"schema": schema.text}
        assert registry.get(f"{path}/schema").text == schema.text
        (under,) = registry.get(f"{path}/subjects").json()
        assert under.endswith(f"-{schema.full_name}")
        found = registry.get(f"/subjects/{under}/versions/{schema.version}").json()
        assert found["id"] == schema.id


def test_a_later_generation_of_a_topic_has_the_subjects_of_the_first(registry) -> None:
    later = CASE.replace("v1-", "v1.g2-")
    assert registry.get(f"/subjects/{later}/versions").json() == [1]
    assert registry.get(f"/subjects/{CASE.replace('v1-', 'v2-')}/versions").status_code == 404


def test_confluents_client_finds_a_schema_that_it_holds(confluent, client) -> None:
    (held,) = versions("CaseOpened")
    rewritten = json.dumps(json.loads(held.text), sort_keys=True)
    found = client.lookup_schema(CASE, confluent.Schema(rewritten, "AVRO"))
    assert (found.schema_id, found.version, found.subject) == (held.id, 1, CASE)
    assert client.get_latest_version(CASE).schema_id == held.id
    assert client.get_compatibility() == client.get_compatibility(CASE) == "FULL_TRANSITIVE"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/schemas/ids/12345", None, 404, 40403),
        ("GET", "/schemas/ids/12345/schema", None, 404, 40403),
        ("GET", "/schemas/ids/12345/versions", None, 404, 40403),
        ("GET", "/schemas/ids/12345/subjects", None, 404, 40403),
        ("GET", "/schemas/ids/x", None, 404, 404),
        ("GET", "/schemas/ids/0", None, 404, 404),
        ("GET", "/schemas/nichts", None, 404, 404),
        ("GET", "/subjects/nichts/versions", None, 404, 40401),
        ("GET", "/subjects/nichts/versions/1", None, 404, 40401),
        ("GET", "/subjects/nichts/versions/latest/schema", None, 404, 40401),
        ("GET", f"/subjects/{CASE}/versions/99", None, 404, 40402),
        ("GET", f"/subjects/{CASE}/versions/x", None, 422, 42202),
        ("GET", f"/subjects/{CASE}/versions/0", None, 422, 42202),
        ("GET", f"/subjects/{CASE}/versions/-2", None, 422, 42202),
        ("GET", f"/subjects/{CASE}/versions/{'9' * 5000}", None, 422, 42202),
        ("GET", "/config/nichts", None, 404, 40401),
        ("GET", "/mode/nichts", None, 404, 40401),
        ("POST", "/subjects/nichts", {"schema": '"string"'}, 404, 40401),
        ("POST", f"/subjects/{CASE}", {"schema": '"string"'}, 404, 40403),
        ("POST", f"/subjects/{CASE}", {"schema": "{"}, 422, 42201),
        ("POST", f"/subjects/{CASE}", {}, 422, 422),
        ("POST", f"/subjects/{CASE}/versions", {"schema": '"string"'}, 405, 405),
        ("PUT", "/config", {"compatibility": "NONE"}, 405, 405),
        ("PUT", f"/config/{CASE}", {"compatibility": "NONE"}, 405, 405),
        ("PUT", "/mode", {"mode": "READWRITE"}, 405, 405),
        ("DELETE", f"/subjects/{CASE}", None, 405, 405),
        ("DELETE", f"/subjects/{CASE}/versions/1", None, 405, 405),
    ],
)
def test_what_it_does_not_have_and_does_not_do_is_said_in_confluents_words(
    registry, method: str, path: str, body: object, status: int, code: int
) -> None:
    answer = registry.request(method, path, json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/vnd.schemaregistry.v1+json"
    assert answer.json()["error_code"] == code
    assert answer.json()["message"]


def test_only_this_machine_and_our_own_pages_are_answered(registry) -> None:
    bent = registry.get("/subjects", headers={"host": "registry.example"})
    assert (bent.status_code, bent.json()["error_code"]) == (421, 421)
    held = {"schema": versions("CaseOpened")[0].text}
    foreign = registry.post(f"/subjects/{CASE}", json=held, headers={"origin": "http://x.example"})
    assert foreign.status_code == 403


def test_the_view_says_that_nobody_writes_here(registry) -> None:
    assert registry.get("/mode").json() == {"mode": "READONLY"}
    assert registry.get(f"/mode/{CASE}").json() == {"mode": "READONLY"}
    assert registry.get("/schemas/types").json() == ["AVRO"]
    assert registry.get("/subjects", params={"subjectPrefix": "kette.subjects"}).json() == [
        "kette.subjects.v1-de.kette.journey.SubjectState"
    ]
