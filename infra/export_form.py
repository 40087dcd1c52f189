"""The form of an export: its files, lines and trailer, as ``docs/reference/journal-format.md`` fixes it.

What is read must be what would be written: a line in any other form is refused.
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from infra.errors import ExportError, NoteError
from infra.notes import Note, TreeHead

FORMAT = "kette-export-1"
TRAILER = "trailer.json"
SUFFIX = ".jsonl.zst"
SEGMENT = 100_000
EVENTS, CROSSINGS, COMMANDS, IMPORTED, CHECKPOINTS = (
    "events",
    "crossings",
    "commands",
    "imported",
    "checkpoints",
)
_NAME = re.compile(
    rf"({EVENTS}|{CROSSINGS})-(\d{{12}})\.jsonl\.zst|(?:{COMMANDS}|{IMPORTED}|{CHECKPOINTS})\.jsonl\.zst",
    re.ASCII,
)


class Listed(NamedTuple):
    """A file of an export: its name, its number of lines, the SHA-256 of its compressed bytes."""

    name: str
    lines: int
    sha256: str

    @property
    def first(self) -> int:
        """Return the number of the first line of a segment."""
        return int(self.name.removesuffix(SUFFIX).rpartition("-")[2])


@dataclass(frozen=True, slots=True)
class Trailer:
    """What an export holds.

    Attributes:
        tenant: Whose journal it is.
        epoch: The identity of the log.
        after: The position before the first event; 0 if the export continues none.
        size: The position of the last event.
        crossings_after: The number before the first crossing.
        crossings: The number of the last crossing.
        recorded_at: When the last event was recorded.
        files: Every other file, by name.
        checkpoint: The signed note of ``size``.
        previous: The signed note of ``after``.
        consistency: The proof from ``after`` to ``size``.
    """

    tenant: UUID
    epoch: UUID
    after: int
    size: int
    crossings_after: int
    crossings: int
    recorded_at: datetime
    files: tuple[Listed, ...]
    checkpoint: str
    previous: str | None
    consistency: tuple[bytes, ...]

    @property
    def origin(self) -> str:
        """Return the origin that every note of this log names."""
        return f"kette/{self.tenant}/{self.epoch}"

    def segments(self, kind: str) -> tuple[Listed, ...]:
        """Return the files of a kind in their order."""
        return tuple(one for one in self.files if one.name.startswith(f"{kind}-"))

    def __bytes__(self) -> bytes:
        said = {
            "format": FORMAT,
            "tenant": str(self.tenant),
            "epoch": str(self.epoch),
            "after": self.after,
            "size": self.size,
            "crossings_after": self.crossings_after,
            "crossings": self.crossings,
            "recorded_at": stamp(self.recorded_at),
            "files": [one._asdict() for one in self.files],
            "checkpoint": self.checkpoint,
            "previous": self.previous,
            "consistency": [text(one) for one in self.consistency],
        }
        return orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_trailer(stored: bytes) -> Trailer:
    """Read a trailer.

    Raises:
        ValueError: If it is none, or not in the form in which it is written.
    """
    said = orjson.loads(stored)
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise ValueError("no trailer of this format")
    try:
        found = Trailer(
            UUID(said["tenant"]),
            UUID(said["epoch"]),
            said["after"],
            said["size"],
            said["crossings_after"],
            said["crossings"],
            moment(said["recorded_at"]),
            tuple(Listed(**one) for one in said["files"]),
            said["checkpoint"],
            said["previous"],
            tuple(octets(one) for one in said["consistency"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("a field of the trailer is missing or of another kind") from error
    if bytes(found) != stored or not all(_NAME.fullmatch(one.name) for one in found.files):
        raise ValueError("the trailer is not in the form in which it is written")
    return found


def read_note(note: str | bytes) -> TreeHead:
    """Return what a checkpoint says; who signed it is not looked at.

    Raises:
        ValueError: If it is none.
    """
    try:
        return TreeHead.parse(Note.parse(note.encode() if isinstance(note, str) else note).text)
    except NoteError as error:
        raise ValueError(str(error)) from None


def segment_name(kind: str, first: int) -> str:
    """Return the name of the file that begins with a position or crossing."""
    return f"{kind}-{first:012d}{SUFFIX}"


def event_line(header: bytes, ciphertext: bytes | None) -> bytes:
    """Return the line of an event."""
    if ciphertext is None:
        return b'{"header":"%b","ciphertext":null}\n' % b64encode(header)
    return b'{"header":"%b","ciphertext":"%b"}\n' % (b64encode(header), b64encode(ciphertext))


def read_event(line: bytes) -> tuple[bytes, bytes | None]:
    """Return header and ciphertext of a line.

    Raises:
        ValueError: If the line is not in its form.
    """
    said = orjson.loads(line)
    try:
        head, sealed = b64decode(said["header"]), said["ciphertext"]
        ciphertext = None if sealed is None else b64decode(sealed)
    except (KeyError, TypeError) as error:
        raise ValueError("no line of an event") from error
    if event_line(head, ciphertext) != line:
        raise ValueError("a line is not in the form in which it is written")
    return head, ciphertext


def line(said: dict[str, Any]) -> bytes:
    """Return any other line; of objects inside, the keys are sorted."""
    return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


def read_line(stored: bytes, keys: tuple[str, ...]) -> list[Any]:
    """Return the values of a line with these keys.

    Raises:
        ValueError: If the line is not in its form.
    """
    said = orjson.loads(stored)
    if not isinstance(said, dict) or tuple(said) != keys or line(said) != stored:
        raise ValueError("a line is not in the form in which it is written")
    return list(said.values())


def sorted_json(stored: str) -> orjson.Fragment:
    """Return an object of JSON with its keys sorted, without blanks."""
    return orjson.Fragment(orjson.dumps(orjson.loads(stored), option=orjson.OPT_SORT_KEYS))


def text(octets_: bytes) -> str:
    """Return bytes as base64."""
    return b64encode(octets_).decode()


def octets(base64: str) -> bytes:
    """Read base64.

    Raises:
        ValueError: If it is none.
    """
    return b64decode(base64, validate=True)


def stamp(when: datetime) -> str:
    """Return a moment in UTC with microseconds."""
    return when.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment(stamped: str) -> datetime:
    """Read a moment.

    Raises:
        ValueError: If it is none.
    """
    return datetime.fromisoformat(stamped)


def not_whole(place: object, why: str) -> ExportError:
    """Return the error of an export that is not as it was written."""
    return ExportError(f"{place} is not whole: {why}")
