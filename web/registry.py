"""The schema registry as Confluent's clients ask for it, read only: what is published comes with the program.

Paths, answers and codes are those of Confluent's REST interface; ``docs/reference/registry.md`` compares.
"""

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from schemas.catalogue import Schema, UnknownSchemaError, by_id
from schemas.subjects import COMPATIBILITY, subjects, subjects_of, versions_under
from web.problems import REGISTRY_MEDIA_TYPE, RegistryCode, RegistryError

router = APIRouter(include_in_schema=False)

_LAST_ID = 2**31 - 1
_NUMBER = re.compile(r"[0-9]{1,10}")

SchemaId = Annotated[int, Path(ge=1, le=_LAST_ID)]


class Lookup(BaseModel):
    """A schema that somebody holds and asks the id of."""

    text: str = Field(alias="schema")
    kind: str = Field(default="AVRO", alias="schemaType")


@router.get("/schemas/types")
def types() -> Response:
    """Return the kinds of schemas."""
    return _answer(["AVRO"])


@router.get("/schemas/ids/{schema_id}")
def schema(schema_id: SchemaId) -> Response:
    """Return the schema of an id; ``subject`` would only narrow the search and is not needed."""
    return _answer({"schema": _by_id(schema_id).text})


@router.get("/schemas/ids/{schema_id}/schema")
def bare_schema(schema_id: SchemaId) -> Response:
    """Return the schema of an id as it is written."""
    return _written(_by_id(schema_id))


@router.get("/schemas/ids/{schema_id}/versions")
def places(schema_id: SchemaId) -> Response:
    """Return under which subjects and versions an id is known."""
    found = _by_id(schema_id)
    return _answer([{"subject": one, "version": found.version} for one in subjects_of(found)])


@router.get("/schemas/ids/{schema_id}/subjects")
def subjects_by_id(schema_id: SchemaId) -> Response:
    """Return under which subjects an id is known."""
    return _answer(subjects_of(_by_id(schema_id)))


@router.get("/subjects")
def all_subjects(prefix: Annotated[str, Query(alias="subjectPrefix")] = "") -> Response:
    """Return every subject."""
    return _answer([one for one in subjects() if one.startswith(prefix)])


@router.post("/subjects/{subject}")
def looked_up(subject: str, asked: Lookup) -> Response:
    """Return the id and version of a schema that is published under a subject."""
    found = _versions(subject)
    wanted = _definition(asked.text)
    for one in found:
        if asked.kind == "AVRO" and _definition(one.text) == wanted:
            return _answer(_registered(subject, one))
    raise RegistryError(RegistryCode.SCHEMA_NOT_FOUND, "Schema not found")


@router.get("/subjects/{subject}/versions")
def versions(subject: str) -> Response:
    """Return the versions of a subject."""
    return _answer([one.version for one in _versions(subject)])


@router.get("/subjects/{subject}/versions/{version}")
def registered(subject: str, version: str) -> Response:
    """Return a version of a subject; ``latest`` is the newest."""
    return _answer(_registered(subject, _version(subject, version)))


@router.get("/subjects/{subject}/versions/{version}/schema")
def bare_version(subject: str, version: str) -> Response:
    """Return the schema of a version as it is written."""
    return _written(_version(subject, version))


@router.get("/config")
def compatibility() -> Response:
    """Return what every new version is held to."""
    return _answer({"compatibilityLevel": COMPATIBILITY})


@router.get("/config/{subject}")
def compatibility_of(subject: str) -> Response:
    """Return what the next version of a subject is held to: the same everywhere."""
    _versions(subject)
    return compatibility()


@router.get("/mode")
def mode() -> Response:
    """Return that nobody registers a schema here."""
    return _answer({"mode": "READONLY"})


@router.get("/mode/{subject}")
def mode_of(subject: str) -> Response:
    """Return that nobody registers a schema under a subject."""
    _versions(subject)
    return mode()


def _by_id(schema_id: int) -> Schema:
    try:
        return by_id(schema_id)
    except UnknownSchemaError:
        raise RegistryError(
            RegistryCode.SCHEMA_NOT_FOUND, f"Schema {schema_id} not found"
        ) from None


def _versions(subject: str) -> tuple[Schema, ...]:
    found = versions_under(subject)
    if not found:
        raise RegistryError(RegistryCode.SUBJECT_NOT_FOUND, "Subject not found.")
    return found


def _version(subject: str, version: str) -> Schema:
    found = _versions(subject)
    if version in {"latest", "-1"}:
        return found[-1]
    if not (_NUMBER.fullmatch(version) and 0 < int(version) <= _LAST_ID):
        raise RegistryError(
            RegistryCode.INVALID_VERSION,
            f"The specified version '{version}' is not a valid version id. Allowed values are between "
            '[1, 2^31-1] and the string "latest"',
        )
    for one in found:
        if one.version == int(version):
            return one
    raise RegistryError(RegistryCode.VERSION_NOT_FOUND, f"Version {version} not found.")


def _definition(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        raise RegistryError(RegistryCode.INVALID_SCHEMA, "Invalid schema: it is no JSON") from None


def _registered(subject: str, found: Schema) -> Mapping[str, object]:
    return {
        "subject": subject,
        "version": found.version,
        "id": found.id,
        "schema": found.text,
    }


def _answer(value: Mapping[str, object] | Sequence[object]) -> Response:
    return JSONResponse(value, HTTPStatus.OK, media_type=REGISTRY_MEDIA_TYPE)


def _written(found: Schema) -> Response:
    return Response(found.text, HTTPStatus.OK, media_type=REGISTRY_MEDIA_TYPE)
