"""The gate of the published language: whatever was published can be read by everybody for ever.

FULL_TRANSITIVE is judged twice, by avro's checker and by reading a golden corpus of every version with
every version: each of the two misses what the other sees.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType
from avro.schema import parse
from fastavro import parse_schema, schemaless_reader, schemaless_writer

from schemas.catalogue import SCHEMAS, names, versions
from schemas.codec import decode, encode
from schemas.files import NAMESPACE

GOLDEN = Path(__file__).parent / "golden"

Definition = dict[str, Any]
Value = Mapping[str, Any]


def parts(schema: Any) -> Iterator[Any]:
    """Yield a schema and every schema inside it."""
    yield schema
    if isinstance(schema, list):
        for branch in schema:
            yield from parts(branch)
    elif isinstance(schema, dict):
        for inside in ("type", "items", "values"):
            if isinstance(schema.get(inside), (dict, list)):
                yield from parts(schema[inside])
        for one in schema.get("fields", ()):
            yield one
            yield from parts(one["type"])


def misshapen(schema: Definition) -> Iterator[str]:
    """Say what in a schema breaks the rules of the published language."""
    if schema.get("namespace") != NAMESPACE:
        yield f"the namespace is not {NAMESPACE}"
    records = {one["name"] for one in parts(schema) if _is_record(one)}
    for one in parts(schema):
        yield from _misshapen_union(one, records) if isinstance(one, list) else _misshapen_part(one)


def _is_record(part: Any) -> bool:
    return isinstance(part, dict) and part.get("type") == "record"


def _misshapen_union(union: Sequence[Any], records: Collection[str]) -> Iterator[str]:
    if len(union) != 2 or union[0] != "null":
        yield "a union is not [null, T]"
    if any(
        _is_record(one) or (isinstance(one, str) and one.rpartition(".")[2] in records)
        for one in union
    ):
        yield "a union holds a record"


def _misshapen_part(part: Any) -> Iterator[str]:
    if not isinstance(part, dict):
        return
    named = part.get("name", "")
    if named and not part.get("doc", "").strip():
        yield f"{named} has no doc"
    if "aliases" in part:
        yield f"{named} has aliases"
    if "logicalType" in part:
        yield f"{named} has a logical type"
    if part.get("type") == "enum" and (
        part.get("default") != "UNKNOWN" or "UNKNOWN" not in part["symbols"]
    ):
        yield f"{named} has no default symbol UNKNOWN"
    if isinstance(part.get("type"), list) and part.get("default", "") is not None:
        yield f"{named} may be null and has not the default null"


def incompatible(old: Definition, new: Definition, corpus: Sequence[Value]) -> Iterator[str]:
    """Say what of a newer version breaks readers or writers of an older one, or the reverse."""
    yield from misshapen(new)
    for reader, writer in ((old, new), (new, old)):
        found = ReaderWriterCompatibilityChecker().get_compatibility(
            parse(json.dumps(reader)), parse(json.dumps(writer))
        )
        if found.compatibility is not SchemaCompatibilityType.compatible:
            yield f"checker: {sorted(found.messages)}"
    yield from lost(old, new)
    yield from unreadable(old, new, corpus)
    yield from unreadable(new, old, corpus)


def lost(old: Any, new: Any, place: str = "") -> Iterator[str]:
    """Say what of a published schema does not stand so any more; words may be mended, more may be added."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in (old.keys() | new.keys()) - {"doc", "fields", "symbols"}:
            yield from lost(old.get(name, ...), new.get(name, ...), f"{place}.{name}")
        if not set(old.get("symbols", ())) <= set(new.get("symbols", ())):
            yield f"{place} lacks a symbol"
        yield from _lost_fields(old, new, place)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from lost(one, other, place)
    elif old != new:
        yield f"{place} is not what it was"


def _lost_fields(old: Definition, new: Definition, place: str) -> Iterator[str]:
    fields = {one["name"]: one for one in new.get("fields", ())}
    for one in old.get("fields", ()):
        if one["name"] in fields:
            yield from lost(one, fields[one["name"]], f"{place}.{one['name']}")
        else:
            yield f"{place}.{one['name']} is gone or renamed"


def unreadable(writer: Definition, reader: Definition, corpus: Sequence[Value]) -> Iterator[str]:
    """Say which values that one version wrote another cannot read."""
    for value in corpus:
        for variant in variants(writer, value):
            try:
                read_as(write(writer, variant), writer, reader)
            except Exception as error:  # noqa: BLE001 - whatever a reader dies of
                yield f"corpus: {type(error).__name__}"


def variants(schema: Definition, value: Value) -> Iterator[Value]:
    """Yield a value as it stands, and with every symbol of every enum."""
    yield value
    for one in schema["fields"]:
        if isinstance(one["type"], dict) and one["type"]["type"] == "enum":
            for symbol in one["type"]["symbols"]:
                yield {**value, one["name"]: symbol}


def write(schema: Definition, value: Value) -> bytes:
    out = BytesIO()
    schemaless_writer(out, parse_schema(deepcopy(schema), named_schemas={}), dict(value))
    return out.getvalue()


def read_as(data: bytes, writer: Definition, reader: Definition) -> Any:
    wrote, reads = (parse_schema(deepcopy(one), named_schemas={}) for one in (writer, reader))
    source = BytesIO(data)
    value = schemaless_reader(source, wrote, reads)
    if source.tell() != len(data):
        raise ValueError("bytes are left over")
    return value


def golden(name: str, version: int) -> list[dict[str, Any]]:
    stored: list[dict[str, Any]] = json.loads((GOLDEN / f"{name}.{version}.json").read_text())
    return stored


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: f"{one.name}.{one.version}")
def test_a_schema_keeps_the_rules(schema: Any) -> None:
    definition = json.loads(schema.text)
    assert list(misshapen(definition)) == []
    assert definition["name"] == schema.name


@pytest.mark.parametrize("name", names())
def test_every_version_of_an_event_reads_and_is_read_by_every_other(name: str) -> None:
    known = [
        (json.loads(one.text), [sample["value"] for sample in golden(name, one.version)])
        for one in versions(name)
    ]
    for writer, corpus in known:
        for reader, _ in known:
            assert list(unreadable(writer, reader, corpus)) == []
    for place, (older, corpus) in enumerate(known):
        for newer, _ in known[place + 1 :]:
            assert list(incompatible(older, newer, corpus)) == []


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: f"{one.name}.{one.version}")
def test_what_was_once_written_is_read_as_it_was_meant(schema: Any) -> None:
    samples = golden(schema.name, schema.version)
    for one in samples:
        decoded = decode(bytes.fromhex(one["bytes"]))
        assert (decoded.name, decoded.version) == (schema.name, schema.version)
        assert decoded.value == one["value"]
    if schema is versions(schema.name)[-1]:
        assert [encode(schema.name, one["value"]).hex() for one in samples] == [
            one["bytes"] for one in samples
        ]


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda one: f"{one.name}.{one.version}")
def test_the_corpus_shows_every_field_known_and_unknown(schema: Any) -> None:
    samples = [one["value"] for one in golden(schema.name, schema.version)]
    for field in schema.parsed["fields"]:
        told = [one[field["name"]] for one in samples]
        assert any(one not in (None, [], {}) for one in told), field["name"]
        if isinstance(field["type"], list):
            assert None in told, field["name"]


# The gate itself: what it must let through, and what it must not.


INSIDE = {
    "type": "record",
    "name": "Inside",
    "doc": "A part.",
    "fields": [{"name": "a", "type": "int", "default": 0, "doc": "A number."}],
}


def sample_schema() -> Definition:
    return {
        "type": "record",
        "namespace": NAMESPACE,
        "name": "Sample",
        "doc": "An event.",
        "fields": [
            {"name": "journey", "type": "string", "doc": "The journey."},
            {"name": "level", "type": ["null", "string"], "default": None, "doc": "The level."},
            {
                "name": "colour",
                "doc": "The colour.",
                "type": {
                    "type": "enum",
                    "name": "Colour",
                    "doc": "A colour.",
                    "symbols": ["RED", "UNKNOWN"],
                    "default": "UNKNOWN",
                },
            },
            {"name": "mark", "type": "string", "default": "none", "doc": "The mark."},
            {"name": "part", "type": deepcopy(INSIDE), "default": {"a": 0}, "doc": "The part."},
        ],
    }


CORPUS = [{"journey": "j", "level": "B1", "colour": "RED", "mark": "m", "part": {"a": 1}}]


def add_a_field_with_default(schema: Definition) -> None:
    schema["fields"].append(
        {"name": "more", "type": ["null", "int"], "default": None, "doc": "More."}
    )


def add_a_symbol(schema: Definition) -> None:
    schema["fields"][2]["type"]["symbols"].append("BLUE")


def mend_a_doc(schema: Definition) -> None:
    schema["fields"][1]["doc"] = "The level reached."


@pytest.mark.parametrize("change", [add_a_field_with_default, add_a_symbol, mend_a_doc])
def test_what_every_reader_can_bear_is_let_through(change: Any) -> None:
    old, new = sample_schema(), sample_schema()
    change(new)
    assert list(incompatible(old, new, CORPUS)) == []


def add_a_field_without_default(schema: Definition) -> None:
    schema["fields"].append({"name": "more", "type": "int", "doc": "More."})


def add_a_symbol_without_default(schema: Definition) -> None:
    add_a_symbol(schema)
    del schema["fields"][2]["type"]["default"]


def take_a_symbol_away(schema: Definition) -> None:
    schema["fields"][2]["type"]["symbols"].remove("RED")


def give_a_logical_type(schema: Definition) -> None:
    schema["fields"][0]["type"] = {"type": "string", "logicalType": "uuid"}


def rename_a_field(schema: Definition) -> None:
    schema["fields"][1]["name"] = "reached"


def rename_with_an_alias(schema: Definition) -> None:
    schema["fields"][1] |= {"name": "reached", "aliases": ["level"]}


def change_a_default(schema: Definition) -> None:
    schema["fields"][3]["default"] = "other"


def drop_a_default(schema: Definition) -> None:
    del schema["fields"][3]["default"]


def give_an_order(schema: Definition) -> None:
    schema["fields"][0]["order"] = "ignore"


def move_an_enum(schema: Definition) -> None:
    schema["fields"][2]["type"]["namespace"] = "de.kette.other"


def take_a_part_away(schema: Definition) -> None:
    del schema["fields"][4]["type"]["fields"][0]


def take_a_field_away(schema: Definition) -> None:
    del schema["fields"][1]


def widen_to_a_union(schema: Definition) -> None:
    schema["fields"][0] |= {"type": ["null", "string"], "default": None}


def widen_a_union(schema: Definition) -> None:
    schema["fields"][1]["type"].append("int")


def add_a_union_of_records(schema: Definition) -> None:
    schema["fields"].append(
        {"name": "more", "type": ["null", "Inside"], "default": None, "doc": "More."}
    )


def add_a_union_of_new_records(schema: Definition) -> None:
    part = INSIDE | {"name": "Other"}
    schema["fields"].append(
        {"name": "more", "type": ["null", part], "default": None, "doc": "More."}
    )


def change_a_type(schema: Definition) -> None:
    schema["fields"][1]["type"] = ["null", "long"]


def rename_the_event(schema: Definition) -> None:
    schema["name"] = "Other"


def move_the_event(schema: Definition) -> None:
    schema["namespace"] = "de.kette.other"


def forget_a_doc(schema: Definition) -> None:
    del schema["fields"][0]["doc"]


@pytest.mark.parametrize(
    ("change", "because"),
    [
        (add_a_field_without_default, "checker"),
        (add_a_symbol_without_default, "default symbol"),
        (take_a_symbol_away, "lacks a symbol"),
        (give_a_logical_type, "logical type"),
        (rename_a_field, "gone or renamed"),
        (rename_with_an_alias, "aliases"),
        (take_a_field_away, "gone or renamed"),
        (widen_to_a_union, "checker"),
        (widen_a_union, "not [null, T]"),
        (add_a_union_of_records, "holds a record"),
        (add_a_union_of_new_records, "holds a record"),
        (change_a_type, "checker"),
        (change_a_default, "mark.default is not what it was"),
        (drop_a_default, "mark.default is not what it was"),
        (give_an_order, "journey.order is not what it was"),
        (move_an_enum, "colour.type.namespace is not what it was"),
        (take_a_part_away, "part.type.a is gone"),
        (rename_the_event, "checker"),
        (move_the_event, "namespace"),
        (forget_a_doc, "no doc"),
    ],
)
def test_what_some_reader_could_not_bear_is_refused(change: Any, because: str) -> None:
    old, new = sample_schema(), sample_schema()
    change(new)
    assert any(because in one for one in incompatible(old, new, CORPUS))


def test_the_corpus_sees_a_logical_type_that_the_checker_lets_through() -> None:
    old, new = sample_schema(), sample_schema()
    give_a_logical_type(new)
    found = ReaderWriterCompatibilityChecker().get_compatibility(
        parse(json.dumps(new)), parse(json.dumps(old))
    )
    assert found.compatibility is SchemaCompatibilityType.compatible
    assert list(unreadable(new, old, CORPUS)) == ["corpus: ValueError"] * 3
