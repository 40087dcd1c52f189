"""The AsyncAPI document says what is on the wire, and AsyncAPI's own tools accept and draw it."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.crossings import Crossing, CrossingKind
from domain.events.registry import FACTS, read_fact
from domain.outgoing import Outgoing
from infra.streams.dead_letters import _coordinates
from schemas.asyncapi import (
    DEAD_LETTER_HEADERS,
    DERIVED_HEADERS,
    FACT_HEADERS,
    asyncapi_yaml,
    document,
)
from schemas.catalogue import latest, names
from schemas.codec import decode, encode
from schemas.coded import ENVELOPE
from schemas.examples import example
from schemas.public import PublicEvent
from schemas.topics import DEAD_LETTERS, JOURNEY, SUBJECTS
from schemas.wire import Message, Origin, crossing_message, fact_message, subject_message
from schemas.yaml_text import yaml_text

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / "docs" / "asyncapi"
REFERENCE = ROOT / "docs" / "reference"
PERSON = UUID(int=1)
MOMENT = datetime(2026, 3, 9, 11, 30, tzinfo=UTC)
ORIGIN = Origin("/kette/05916000", UUID(int=7))


def node(*words: str | Path, told: str = "") -> "subprocess.CompletedProcess[str]":
    """Run Node.js with AsyncAPI's tools, as `make` installed them."""
    beside = os.pathsep.join([os.environ["PATH"], str(Path(sys.executable).parent)])
    program = shutil.which("node", path=beside)
    assert program, "call `make test`, which installs AsyncAPI's tools"
    return subprocess.run(
        [program, *map(str, words)], cwd=TOOLS, input=told, capture_output=True, text=True
    )


def read_as_yaml(text: str) -> Any:
    """Read YAML with somebody else's reader."""
    script = (
        "const yaml = require('js-yaml'); const fs = require('fs');"
        "console.log(JSON.stringify(yaml.load(fs.readFileSync(0, 'utf8'))))"
    )
    answer = node("-e", script, told=text)
    assert answer.returncode == 0, answer.stderr
    return json.loads(answer.stdout)


def without_reference(whole: dict[str, Any]) -> None:
    del whole["components"]["messages"]["CaseOpened"]


def with_a_field_of_no_type(whole: dict[str, Any]) -> None:
    whole["components"]["messages"]["CaseOpened"]["payload"]["schema"]["fields"][0]["type"] = "text"


def with_a_policy_that_is_none(whole: dict[str, Any]) -> None:
    kafka = whole["channels"]["journey"]["bindings"]["kafka"]
    kafka["topicConfiguration"]["cleanup.policy"] = ["sometimes"]


def with_an_action_that_is_none(whole: dict[str, Any]) -> None:
    whole["operations"]["publishEvents"]["action"] = "shout"


BROKEN: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "reference.json": (without_reference, "CaseOpened"),
    "avro.json": (with_a_field_of_no_type, "no Avro schema"),
    "policy.json": (with_a_policy_that_is_none, "cleanup.policy"),
    "action.json": (with_an_action_that_is_none, "action"),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return what AsyncAPI's parser has against the document, and against broken ones."""
    folder = tmp_path_factory.mktemp("documents")
    shutil.copy(REFERENCE / "asyncapi.yaml", folder)
    for name, (broken, _) in BROKEN.items():
        whole = json.loads(json.dumps(document()))
        broken(whole)
        (folder / name).write_text(json.dumps(whole), encoding="utf-8")
    files = sorted(folder.iterdir())
    answer = node("asyncapi.mjs", "check", *files)
    assert answer.returncode == 1
    said = answer.stderr.splitlines()
    return {
        one.name: "\n".join(line for line in said if line.startswith(f"{one}: ")) for one in files
    }


def test_asyncapis_parser_accepts_the_document_and_its_avro(verdicts: dict[str, str]) -> None:
    assert verdicts["asyncapi.yaml"] == ""


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_document_is_refused(verdicts: dict[str, str], name: str) -> None:
    assert BROKEN[name][1] in verdicts[name]


def test_the_drawn_page_is_what_the_document_says(tmp_path: Path) -> None:
    page = tmp_path / "streams.md"
    answer = node("asyncapi.mjs", "draw", REFERENCE / "asyncapi.yaml", page)
    assert answer.returncode == 0, answer.stderr
    assert (REFERENCE / "streams.md").read_text(encoding="utf-8") == page.read_text(
        encoding="utf-8"
    ), "call `make docs`"
    for name in names():
        assert f"`{name}`" in page.read_text(encoding="utf-8")


def test_the_yaml_says_what_was_meant() -> None:
    assert read_as_yaml(asyncapi_yaml()) == json.loads(json.dumps(document()))


def test_texts_that_yaml_could_misread_are_quoted() -> None:
    texts = (
        "",
        " a",
        "a ",
        "yes",
        "No",
        "null",
        "~",
        "1e3",
        "0x1f",
        "12:30:00",
        "2026-03-09",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "-",
        "[a",
        "{a",
        "!a",
        "&a",
        "*a",
        "%a",
        "@a",
        "`a",
        "'a'",
        '"a"',
        "a\nb",
        "a\tb",
        "ä ö",
        "…",
        "\u2028",
        "\0",
        "=",
        "<<",
    )
    value = {"texts": texts, "deep": [{text or "none": [text, {"a": text}]} for text in texts]}
    more = {"empty": {}, "none": [], "nothing": None, "yes": True, "number": 1.5, "big": 2**53}
    plain = json.loads(json.dumps(value | more))
    assert read_as_yaml(yaml_text(plain)) == plain


@pytest.mark.parametrize("name", names())
def test_the_example_of_an_event_is_valid_and_could_have_been_recorded(name: str) -> None:
    shown = example(latest(name))
    assert decode(encode(name, shown)).value == shown
    if name in FACTS and "target_version" not in shown:
        attributes = {key: one for key, one in shown.items() if key not in ENVELOPE}
        fact = read_fact(name, {key: one for key, one in attributes.items() if one is not None})
        assert fact.type_name() == name


def headers(message: Message) -> set[str]:
    return {name for name, _ in message.headers}


def test_the_headers_are_those_on_the_wire() -> None:
    shown = example(latest("CaseOpened"))
    outgoing = Outgoing(9, PERSON, 2, MOMENT, UUID(int=5), bytes(32), None)
    fact = fact_message(JOURNEY, ORIGIN, outgoing, PublicEvent("CaseOpened", shown))
    assert headers(fact) == set(FACT_HEADERS)
    shown = example(latest("GapOpened"))
    crossing = Crossing(3, 9, PERSON, CrossingKind.OPENED, "F11", "x", MOMENT.date(), MOMENT, {})
    derived = crossing_message(JOURNEY, ORIGIN, crossing, PublicEvent("GapOpened", shown))
    assert headers(derived) == set(DERIVED_HEADERS)
    state = PublicEvent("SubjectState", example(latest("SubjectState")))
    subject = subject_message(SUBJECTS, ORIGIN, PERSON, MOMENT, state)
    assert headers(subject) == set(DERIVED_HEADERS)


def test_dead_letters_have_the_headers_that_are_told() -> None:
    class Lost:
        topic, partition, offset = "kette.journey.v1", 4, 9

    assert {name for name, _ in _coordinates(Lost(), "why")} == set(DEAD_LETTER_HEADERS)  # type: ignore[arg-type]


def test_every_event_lies_on_one_channel_and_every_channel_is_a_topic() -> None:
    channels = document()["channels"]
    assert {
        one["address"]: one["bindings"]["kafka"]["partitions"] for one in channels.values()
    } == {topic.name: topic.partitions for topic in (JOURNEY, SUBJECTS, DEAD_LETTERS)}
    told = [name for one in channels.values() for name in one["messages"]]
    assert sorted(told) == sorted((*names(), "Unreadable"))
    assert channels["journey"]["bindings"]["kafka"]["topicConfiguration"]["retention.ms"] == (
        JOURNEY.retention_ms
    )
    assert channels["subjects"]["bindings"]["kafka"]["topicConfiguration"]["cleanup.policy"] == [
        "compact"
    ]


def test_every_channel_is_written_and_read() -> None:
    operations = document()["operations"].values()
    pairs = {(one["action"], one["channel"]["$ref"].rsplit("/", 1)[1]) for one in operations}
    assert pairs == {
        (action, channel)
        for action in ("send", "receive")
        for channel in ("journey", "subjects", "deadLetters")
    }
