"""Every published schema in every version, as the lock names them; read once at start.

Start-up stops with :class:`schemas.lock.SchemaLockError` where a file is not what was published.
"""

from dataclasses import dataclass
from typing import Any

from fastavro import parse_schema

from domain.errors import KetteError
from schemas.files import NAMESPACE, Locked, SchemaFile, read_lock, schema_files
from schemas.lock import locked


class UnknownSchemaError(KetteError):
    """No published schema has this name or id."""

    code = "unknown-schema"


@dataclass(frozen=True, slots=True)
class Schema:
    """One version of a public event.

    Attributes:
        name: Name of the event, without namespace.
        version: Its version, from 1.
        id: The id that stands in front of every message: for ever, over all names and versions.
        fingerprint: CRC-64-AVRO of the parsing canonical form, little-endian, in hex.
        text: The contract as it is written.
        parsed: The schema as fastavro wants it.
    """

    name: str
    version: int
    id: int
    fingerprint: str
    text: str
    parsed: Any

    @property
    def full_name(self) -> str:
        """Return the name with its namespace."""
        return f"{NAMESPACE}.{self.name}"


def _schema(file: SchemaFile, known: Locked) -> Schema:
    parsed = parse_schema(file.definition, named_schemas={})
    return Schema(file.name, file.version, known.id, known.fingerprint, file.text, parsed)


SCHEMAS: tuple[Schema, ...] = tuple(
    _schema(file, known) for file, known in locked(schema_files(), read_lock())
)
_LATEST = {one.name: one for one in SCHEMAS}
_BY_ID = {one.id: one for one in SCHEMAS}


def latest(name: str) -> Schema:
    """Return the newest version of a public event.

    Raises:
        UnknownSchemaError: If there is none of this name.
    """
    try:
        return _LATEST[name]
    except KeyError:
        raise UnknownSchemaError(
            f"no schema {name[:60]!r}; write schemas/{name[:60]}.avsc and run `python -m schemas.lock`"
        ) from None


def by_id(schema_id: int) -> Schema:
    """Return the schema of an id.

    Raises:
        UnknownSchemaError: If there is none.
    """
    try:
        return _BY_ID[schema_id]
    except KeyError:
        raise UnknownSchemaError(
            f"no schema has the id {schema_id}; update this program to one that knows it"
        ) from None


def versions(name: str) -> tuple[Schema, ...]:
    """Return every version of a public event, the oldest first; empty if there is none."""
    return tuple(one for one in SCHEMAS if one.name == name)


def names() -> tuple[str, ...]:
    """Return the names of all public events."""
    return tuple(_LATEST)


def subject(topic: str, name: str) -> str:
    """Return the registry's subject of an event on a topic (TopicRecordNameStrategy)."""
    return f"{topic}-{NAMESPACE}.{name}"
