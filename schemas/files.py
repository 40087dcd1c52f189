"""The contract files as they lie here, and what the lock says about them.

``CaseOpened.avsc`` is the first version of a name, ``CaseOpened.2.avsc`` the second. Two digests say
whether a file is still what was published: the CRC-64-AVRO fingerprint of the parsing canonical form,
little-endian as Avro writes it, and a SHA-256 over everything but the ``doc`` texts, which may be mended.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastavro.schema import fingerprint, to_parsing_canonical_form

FOLDER = Path(__file__).parent
LOCK = FOLDER / "lock.json"
NAMESPACE = "de.kette.journey"


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """One version of one schema as its file holds it."""

    name: str
    version: int
    text: str

    @property
    def definition(self) -> dict[str, Any]:
        """Return the schema as plain values."""
        read: dict[str, Any] = json.loads(self.text)
        return read

    @property
    def fingerprint(self) -> str:
        """Return the CRC-64-AVRO fingerprint of the parsing canonical form."""
        return str(fingerprint(to_parsing_canonical_form(self.definition), "CRC-64-AVRO"))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of everything but the ``doc`` texts."""
        told = json.dumps(_undocumented(self.definition), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(told.encode()).hexdigest()

    @property
    def file_name(self) -> str:
        """Return the name of the file."""
        return f"{self.name}.avsc" if self.version == 1 else f"{self.name}.{self.version}.avsc"


def schema_files(folder: Path = FOLDER) -> tuple[SchemaFile, ...]:
    """Return the schema files of a folder by name and version."""
    return tuple(sorted(_read(folder), key=lambda one: (one.name, one.version)))


def _read(folder: Path) -> Iterator[SchemaFile]:
    for path in folder.glob("*.avsc"):
        name, _, version = path.stem.partition(".")
        yield SchemaFile(name, int(version or "1"), path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Locked:
    """What was published of one version of a schema; the id is for ever."""

    version: int
    fingerprint: str
    digest: str
    id: int


def read_lock(path: Path = LOCK) -> Mapping[str, tuple[Locked, ...]]:
    """Return what is published, by name."""
    stored = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {name: tuple(Locked(**one) for one in versions) for name, versions in stored.items()}


def _undocumented(value: Any) -> Any:
    """Return a schema without its ``doc`` texts."""
    if isinstance(value, dict):
        return {key: _undocumented(one) for key, one in value.items() if key != "doc"}
    return [_undocumented(one) for one in value] if isinstance(value, list) else value
