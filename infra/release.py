"""``python -m infra.release``: add the forms that facts have now to those that stay readable for ever."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from domain.days import PartialDate
from domain.errors import KetteError
from domain.events.registry import FACTS, read_as
from domain.fact import Fact
from domain.fields import Confidence, LegalBasis, SourceKind
from domain.form import Kind, accepts, form_accepts, form_line
from domain.journal import Actor, Entry
from infra import codec
from infra.corpus import COMMAND, FOLDER, CorpusError, Form, add_release, released_forms, releases

_DAY = "2024-02-29"


def new_forms(folder: Path = FOLDER) -> tuple[Form, ...]:
    """Return the forms of today that no release has yet, each with its payloads.

    Raises:
        CorpusError: If a released form was changed, or is not accepted by the form of today.
    """
    released = tuple(released_forms(folder))
    for complaint in complaints(released):
        raise CorpusError(complaint)
    before = {form_line(one.type, one.schema_version, one.attributes) for one in released}
    last = {one.type: one for one in released}
    return tuple(
        _form(orjson.loads(line), last.get(name))
        for name, line in codec.forms().items()
        if line not in before
    )


def complaints(released: tuple[Form, ...]) -> Iterator[str]:
    """Yield what of the released forms the program of today cannot read, or reads otherwise than promised."""
    now = {name: orjson.loads(line) for name, line in codec.forms().items()}
    versions: dict[str, int] = {}
    for one in released:
        today = now.get(one.type)
        if today is not None and one.schema_version > today["schema_version"]:
            yield f"version {one.schema_version} of {one.type} was released: an upcast was removed"
        elif today is not None and one.schema_version == today["schema_version"]:
            yield from _narrowed(one, today["attributes"])
        yield from _unread(one)
        yield from _read_otherwise(one, versions.get(one.type, 1))
        versions[one.type] = one.schema_version


def _narrowed(one: Form, today: Mapping[str, Kind]) -> Iterator[str]:
    """Yield what was changed without an upcast."""
    if form_accepts(today, one.attributes):
        return
    names = [
        name
        for name, kind in one.attributes.items()
        if name not in today or not accepts(today[name], kind)
    ]
    yield (
        f"{one.type} no longer takes what was released of {', '.join(names)}: add an upcast "
        "(docs/how-to/change-a-fact.md)"
    )


def _unread(one: Form) -> Iterator[str]:
    for payload in one.payloads:
        try:
            entry = codec.decode(orjson.dumps(payload))
        except KetteError as error:
            yield f"version {one.schema_version} of {one.type} cannot be read: {error}"
            continue
        if codec.decode(codec.encode(entry)) != entry:
            yield f"version {one.schema_version} of {one.type} is not written as it was read"


def _read_otherwise(one: Form, since: int) -> Iterator[str]:
    """Yield the upcasts that no longer lead to what they led to when they were released."""
    for old, new in one.upcast:
        if _raised(one.type, old, since, one.schema_version) != new:
            yield f"the upcast to version {one.schema_version} of {one.type} was changed"


def _raised(
    type_name: str, attributes: Mapping[str, Any], since: int, until: int
) -> Mapping[str, Any]:
    """Return attributes of one version in the form of a later one."""
    for step in read_as(type_name)[1][since - 1 : until - 1]:
        attributes = step(attributes)
    return attributes


def _form(line: Mapping[str, Any], before: Form | None) -> Form:
    """Return a form with payloads as this program writes them."""
    name, version = line["type"], line["schema_version"]
    fact = FACTS["JourneyErased" if name == "entry" else name]
    told = {} if name == "entry" else _parts(line["attributes"])
    upcast = (
        [
            (old, _raised(name, old, before.schema_version, version))
            for old in (one["attributes"] for one in before.payloads)
        ]
        if before is not None and before.schema_version < version
        else []
    )
    return Form(
        **line, payloads=[_payload(_least(fact)), _payload(_full(fact, told))], upcast=upcast
    )


def _least(fact: type[Fact]) -> Entry:
    return Entry("f1", fact(), recorded_by=Actor("p1"))


def _full(fact: type[Fact], attributes: Mapping[str, Any]) -> Entry:
    return Entry(
        "f2",
        fact.model_validate(attributes),
        PartialDate.parse(_DAY),
        Actor("p1", "case_manager", "u1"),
        "c1",
        SourceKind.DOCUMENT_SEEN,
        Confidence.PROBABLE,
        LegalBasis.CONSENT,
        "consent-1",
        UUID(int=1),
        UUID(int=2),
        UUID(int=3),
    )


def _payload(entry: Entry) -> dict[str, Any]:
    told: dict[str, Any] = orjson.loads(codec.encode(entry))
    return told


def _parts(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return {name: _example(name, kind) for name, kind in kinds.items()}


def _example(name: str, kind: Kind) -> Any:
    """Return an invented value that fits a kind: of a number the greatest, of a list every word."""
    match kind:
        case {"words": words}:
            return words[0]
        case {"list": {"words": words}}:
            return list(words)
        case {"list": item}:
            return [_example(name, item)]
        case {"map": (key, value)}:
            return {_example(name, key): _example(name, value)}
        case {"parts": parts}:
            return _parts(parts)
        case _:
            return _plain(name, kind)


def _plain(name: str, kind: Kind) -> Any:
    match kind:
        case {"whole": (_, most)} | {"number": (_, most)}:
            return most
        case {"decimal": _}:
            return "1234.50"
        case {"flag": _}:
            return True
        case {"day": _}:
            return _DAY
        case _:
            return f"{name} ÄÖÜß"


def main() -> None:
    """Release the facts of today and say what is new."""
    fingerprint = codec.fingerprint().hex()
    if fingerprint in {one.fingerprint for one in releases()}:
        sys.stdout.write(f"the facts are released already: {fingerprint}\n")
        return
    try:
        new = new_forms()
    except CorpusError as error:
        sys.exit(f"{error}; nothing was released by `{COMMAND}`")
    add_release(fingerprint, new)
    for one in new:
        sys.stdout.write(f"{one.type} version {one.schema_version}\n")
    sys.stdout.write(f"{len(new)} forms in infra/released/{fingerprint}.jsonl\n")


if __name__ == "__main__":
    main()
