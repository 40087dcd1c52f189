"""Bytes of public events: a zero byte, the schema's id in four bytes, big-endian, and Avro.

What is read is read with the schema it was written with; other versions are resolved by readers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from fastavro import schemaless_reader, schemaless_writer

from domain.errors import KetteError
from schemas.catalogue import SCHEMAS, UnknownSchemaError, by_id, latest

_MAGIC = b"\0"
_HEAD = 5


class UndecodableError(KetteError):
    """Bytes are not what a public event is written as; ``reason`` is a slug."""

    code = "undecodable"

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Decoded:
    """A public event as it was written, and the version it was written in."""

    name: str
    version: int
    value: dict[str, Any]


_HEADS = {one.id: _MAGIC + one.id.to_bytes(4, "big") for one in SCHEMAS}


def encode(name: str, value: Mapping[str, Any]) -> bytes:
    """Return the bytes of a public event in the newest version of its schema.

    Raises:
        UnknownSchemaError: If there is no such event.
    """
    schema = latest(name)
    out = BytesIO()
    out.write(_HEADS[schema.id])
    schemaless_writer(out, schema.parsed, value)
    return out.getvalue()


def decode(data: bytes, expected: str | None = None) -> Decoded:
    """Read the bytes of a public event with the schema that they were written with.

    Args:
        data: The bytes.
        expected: The name that the event must have, where a header says it.

    Raises:
        UndecodableError: If the bytes are none; the message never shows them.
    """
    if data[:1] != _MAGIC or len(data) < _HEAD:
        raise UndecodableError("no-frame", "the value does not begin with a zero byte and an id")
    try:
        schema = by_id(int.from_bytes(data[1:_HEAD], "big"))
    except UnknownSchemaError as error:
        raise UndecodableError("unknown-schema", str(error)) from None
    if expected is not None and schema.name != expected:
        raise UndecodableError(
            "wrong-schema", f"the value is a {schema.name}, announced as {expected[:60]!r}"
        )
    source = BytesIO(data)
    source.seek(_HEAD)
    try:
        value: Any = schemaless_reader(source, schema.parsed, None)
    except (ArithmeticError, EOFError, LookupError, MemoryError, TypeError, ValueError) as error:
        raise UndecodableError(
            "broken", f"the value is no {schema.name}: {type(error).__name__}"
        ) from None
    if source.tell() != len(data):
        raise UndecodableError("trailing", f"bytes follow the {schema.name} in the value")
    return Decoded(schema.name, schema.version, value)
