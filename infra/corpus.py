"""The released forms of the facts: every payload form that a program of ours ever wrote, for ever readable.

A release of the fact registry is one file, named by its fingerprint: a line for each form that no release
before it had, with payloads as they were written. `lock.json` says in which order, and that none was changed.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from domain.errors import KetteError

FOLDER = Path(__file__).with_name("released")
COMMAND = "make release-facts"


class CorpusError(KetteError):
    """A released form of a fact is not as it was released, or can no longer be read."""

    code = "released-facts"


@dataclass(frozen=True, slots=True)
class Release:
    """One release of the fact registry.

    Attributes:
        fingerprint: What stands in the headers that it wrote, in hex.
        digest: SHA-256 of its file, in hex.
    """

    fingerprint: str
    digest: str


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a version of a type, with payloads as they were written.

    Attributes:
        type: Name of the fact type then; ``entry`` is the envelope around all.
        schema_version: Its version.
        attributes: What each attribute may hold (:mod:`domain.form`).
        payloads: One with the least that can be told, one with everything.
        upcast: The attributes of payloads of the version before, each with what they became.
    """

    type: str
    schema_version: int
    attributes: Mapping[str, Any]
    payloads: Sequence[Mapping[str, Any]]
    upcast: Sequence[Sequence[Mapping[str, Any]]] = ()


@cache
def releases(folder: Path = FOLDER) -> tuple[Release, ...]:
    """Return the releases in their order."""
    return tuple(Release(**one) for one in json.loads((folder / "lock.json").read_text("utf-8")))


def released_forms(folder: Path = FOLDER) -> Iterator[Form]:
    """Yield every form that was ever released, the oldest first.

    Raises:
        CorpusError: If a file is missing, was changed, or is no release.
    """
    known = releases(folder)
    strange = {path.stem for path in folder.glob("*.jsonl")} - {one.fingerprint for one in known}
    if strange:
        raise CorpusError(f"{min(strange)}.jsonl is no release of the facts; remove it")
    for one in known:
        path = folder / f"{one.fingerprint}.jsonl"
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != one.digest:
            raise CorpusError(f"{path.name} is not what was released; restore it")
        yield from (Form(**orjson.loads(line)) for line in path.read_bytes().splitlines())


def add_release(fingerprint: str, forms: Sequence[Form], folder: Path = FOLDER) -> None:
    """Write the forms of a new release and lock them."""
    body = b"".join(orjson.dumps(asdict(one)) + b"\n" for one in forms)
    (folder / f"{fingerprint}.jsonl").write_bytes(body)
    known = (*releases(folder), Release(fingerprint, hashlib.sha256(body).hexdigest()))
    lock = json.dumps([asdict(one) for one in known], indent=2) + "\n"
    (folder / "lock.json").write_text(lock, "utf-8")
    releases.cache_clear()
