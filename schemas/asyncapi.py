"""The topics and what lies on them as an AsyncAPI 3 document, made from the schemas and the topics.

``make docs`` writes it to ``docs/reference/asyncapi.yaml`` and lets AsyncAPI's own tools check and draw it.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from schemas.catalogue import Schema, latest
from schemas.examples import JOURNEY_NAME, example, example_headers
from schemas.subjects import COMPATIBILITY, SUBJECT_STATE, carried
from schemas.topics import DEAD_LETTERS, GROUPS, JOURNEY, SUBJECTS, Topic
from schemas.wire import CONTENT_TYPE
from schemas.yaml_text import yaml_text

VERSION = "1.0.0"
_WRITTEN = "Written by `make docs`; change the schemas and topics, not this document."
_LICENCE = "https://interoperable-europe.ec.europa.eu/collection/eupl/eupl-text-eupl-12"
_AVRO = "application/vnd.apache.avro;version=1.9.0"
_BINDING = "0.5.0"

Part = dict[str, Any]
Told = Mapping[str, str]

_EVENT: Told = MappingProxyType(
    {
        "ce_specversion": "Version of CloudEvents.",
        "ce_id": "Unique within ce_source, and the same for an event published again.",
        "ce_source": "The house that speaks.",
        "ce_type": "Full name of the event.",
        "ce_subject": "The journey's name on this topic.",
        "ce_partitionkey": "The same: it is the key of the record.",
        "ce_time": "When it was recorded or noticed, in UTC.",
        "ce_dataschema": "The schema with its fingerprint (CRC-64-AVRO).",
        "content-type": "Avro, behind a zero byte and four bytes of schema id.",
        "ce_position": "Place in the whole journal; of what is derived, the place up to which all was known.",
        "ce_logepoch": "Another one than before: the journal was restored to an earlier state.",
        "ce_traceparent": "The trace that it belongs to (W3C).",
    }
)
FACT_HEADERS: Told = MappingProxyType(
    {
        **_EVENT,
        "ce_journeyversion": "Place of the event in its journey, from 1.",
        "ce_prevversion": (
            "The version before it on this topic, 0 before the first; if it is not the version last "
            "read, something is missing."
        ),
    }
)
DERIVED_HEADERS: Told = _EVENT
DEAD_LETTER_HEADERS: Told = MappingProxyType(
    {
        "kette_dlq_topic": "The topic it lay on.",
        "kette_dlq_partition": "The partition it lay in.",
        "kette_dlq_offset": "Its offset there.",
        "kette_dlq_reason": "Why it could not be read.",
    }
)


def document() -> Part:
    """Return the AsyncAPI document as plain values."""
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "defaultContentType": CONTENT_TYPE,
        "servers": _SERVERS,
        "channels": {
            "journey": _channel(JOURNEY, carried(JOURNEY)),
            "subjects": _channel(SUBJECTS, carried(SUBJECTS)),
            "deadLetters": _channel(DEAD_LETTERS, (_DEAD_LETTER,)),
        },
        "operations": _operations(),
        "components": {
            "messages": {
                **{name: _message(latest(name)) for name in (*carried(JOURNEY), SUBJECT_STATE)},
                _DEAD_LETTER: _dead_letter(),
            },
            "messageTraits": {
                "fact": _trait(FACT_HEADERS),
                "derived": _trait(DERIVED_HEADERS),
            },
        },
    }


def asyncapi_yaml() -> str:
    """Return the document as YAML."""
    return f"# {_WRITTEN}\n{yaml_text(document())}"


_DEAD_LETTER = "Unreadable"
_SERVERS: Part = {
    "house": {
        "host": "{brokers}",
        "protocol": "kafka",
        "description": "The Kafka of the house; its address is the setting KETTE_KAFKA.",
        "variables": {
            "brokers": {
                "default": "127.0.0.1:9092",
                "description": "Where `make kafka-up` starts one.",
            }
        },
        "bindings": {
            "kafka": {
                "schemaRegistryUrl": "http://127.0.0.1:8000",
                "schemaRegistryVendor": "confluent",
                "bindingVersion": _BINDING,
            }
        },
    }
}


def _info() -> Part:
    return {
        "title": "Kette: the events of the journeys",
        "version": VERSION,
        "description": (
            "What subscribers learn of the journeys of a municipality's Integrationskette. Journeys are "
            "pseudonymous; only coded values leave: days, codes, numbers, flags, keys of "
            "organisations. The journal is the source: a relay publishes it exactly once, in order "
            f"within a journey. Schemas change by {COMPATIBILITY} only."
        ),
        "contact": {"name": "The municipality that runs this installation"},
        "license": {"name": "EUPL-1.2", "url": _LICENCE},
        "externalDocs": {
            "description": "Where clients find the schemas.",
            "url": "http://127.0.0.1:8000/subjects",
        },
    }


def _channel(topic: Topic, messages: tuple[str, ...]) -> Part:
    return {
        "address": topic.name,
        "description": topic.purpose,
        "servers": [{"$ref": "#/servers/house"}],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    name: _setting(name, value) for name, value in sorted(topic.settings.items())
                },
                "bindingVersion": _BINDING,
            }
        },
    }


def _setting(name: str, value: str) -> object:
    if name == "cleanup.policy":
        return value.split(",")
    return int(value) if value.isdigit() else value


def _operations() -> Part:
    relay = "What `kette relay` does, in one transaction with its progress."
    member = "What a member of `kette consume` does; other subscribers do the same."
    return {
        "publishEvents": _operation("send", "journey", relay),
        "followEvents": _operation("receive", "journey", member),
        "publishSubjects": _operation("send", "subjects", relay),
        "followSubjects": _operation("receive", "subjects", "Copies of an erased journey go."),
        "setAside": _operation("send", "deadLetters", "What `kette consume` cannot read."),
        "lookThrough": _operation("receive", "deadLetters", "For people, to find out why."),
    }


def _operation(action: str, channel: str, summary: str) -> Part:
    told: Part = {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "summary": summary,
    }
    if action == "receive":
        group = {
            "type": "string",
            "pattern": f"^{GROUPS}",
            "description": "Named by the access list.",
        }
        told["bindings"] = {"kafka": {"groupId": group, "bindingVersion": _BINDING}}
    return told


def _message(schema: Schema) -> Part:
    names = {one["name"] for one in schema.parsed["fields"]}
    return {
        "name": schema.name,
        "title": schema.parsed["doc"].rstrip("."),
        "contentType": CONTENT_TYPE,
        "traits": [{"$ref": f"#/components/messageTraits/{_kind(names)}"}],
        "payload": {"schemaFormat": _AVRO, "schema": json.loads(schema.text)},
        "examples": [
            {
                "name": schema.name,
                "headers": example_headers(schema),
                "payload": example(schema),
            }
        ],
        "x-schema-id": schema.id,
        "x-schema-version": schema.version,
        "x-schema-fingerprint": schema.fingerprint,
        "bindings": _key_binding(),
    }


def _kind(fields: set[str]) -> str:
    return "fact" if "version" in fields else "derived"


def _dead_letter() -> Part:
    return {
        "name": _DEAD_LETTER,
        "title": "Bytes that could not be read, with the headers they had and where they lay",
        "contentType": "application/octet-stream",
        "headers": _headers(DEAD_LETTER_HEADERS),
        "payload": {"type": "string", "format": "binary", "description": "The bytes as they were."},
        "examples": [
            {
                "name": _DEAD_LETTER,
                "headers": {
                    "kette_dlq_topic": JOURNEY.name,
                    "kette_dlq_partition": "4",
                    "kette_dlq_offset": "90317",
                    "kette_dlq_reason": "no schema has the id 9999",
                },
                "payload": "\0\0\0'\u000f…",
            }
        ],
    }


def _key_binding() -> Part:
    return {
        "kafka": {
            "key": {
                "type": "string",
                "description": "The journey's name on this topic; its murmur2 gives the partition.",
                "examples": [JOURNEY_NAME],
            },
            "schemaIdLocation": "payload",
            "schemaIdPayloadEncoding": "4",
            "schemaLookupStrategy": "TopicRecordNameStrategy",
            "bindingVersion": _BINDING,
        }
    }


def _trait(told: Told) -> Part:
    return {"headers": _headers(told)}


def _headers(told: Told) -> Part:
    return {
        "type": "object",
        "required": list(told),
        "properties": {
            name: {"type": "string", "description": meaning} for name, meaning in told.items()
        },
    }
