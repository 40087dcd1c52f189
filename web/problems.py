"""Saying no: the same errors as pages for people and as ``application/problem+json`` for programs.

HTTP numbers live here and nowhere else. No answer carries a value of somebody's data.
"""

import logging
from collections.abc import Mapping, Sequence
from enum import IntEnum
from http import HTTPStatus
from types import MappingProxyType

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from domain.errors import KetteError
from web.headers import SECURITY_HEADERS
from web.pages import page, texts_of
from web.texts import marked, texts_in

log = logging.getLogger(__name__)

REGISTRY_PATHS = frozenset({"schemas", "subjects", "config", "mode"})
REGISTRY_MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
MACHINE_PATHS = ("/api/", "/log/", "/metrics", "/healthz")
KEYS = frozenset({"key-missing", "key-store", "key-file", "kek"})
NAMED = KEYS | {"journal-corrupt", "unreadable-record"}
"""What whoever mends it has to know is where: the error's own words, which hold ids and places alone."""
UNAVAILABLE = frozenset({"journal-unavailable", "journal-busy", "views-unavailable", "unsigned"})

_STATUS: Mapping[str, HTTPStatus] = MappingProxyType(
    {
        "unknown-journey": HTTPStatus.NOT_FOUND,
        "erased-journey": HTTPStatus.GONE,
        "keys-destroyed": HTTPStatus.GONE,
        "key-destroyed": HTTPStatus.GONE,
        "unknown-fact-type": HTTPStatus.NOT_FOUND,
        "unknown-target": HTTPStatus.NOT_FOUND,
        "unknown-rule": HTTPStatus.NOT_FOUND,
        "unreadable-date": HTTPStatus.BAD_REQUEST,
        "invalid-fact": HTTPStatus.BAD_REQUEST,
        "stream-moved": HTTPStatus.CONFLICT,
        "position-ahead": HTTPStatus.CONFLICT,
        "command-id-reused": HTTPStatus.CONFLICT,
        "unreadable-record": HTTPStatus.INTERNAL_SERVER_ERROR,
        "tile": HTTPStatus.INTERNAL_SERVER_ERROR,
        "note": HTTPStatus.INTERNAL_SERVER_ERROR,
        "journal-corrupt": HTTPStatus.INTERNAL_SERVER_ERROR,
        **dict.fromkeys(KEYS, HTTPStatus.INTERNAL_SERVER_ERROR),
        **dict.fromkeys(UNAVAILABLE, HTTPStatus.SERVICE_UNAVAILABLE),
    }
)

_DESTROYED = marked(
    "Die Schlüssel dieses Verlaufs sind vernichtet. Nichts von ihm kann je wieder gelesen oder erfasst werden."
)
_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "unknown-journey": marked("Diesen Verlauf gibt es hier nicht."),
        "erased-journey": marked(
            "Dieser Verlauf wurde gelöscht. Von ihm wird nichts mehr gezeigt und nichts mehr erfasst."
        ),
        **dict.fromkeys(("keys-destroyed", "key-destroyed"), _DESTROYED),
        **dict.fromkeys(
            KEYS,
            marked(
                "Ein Schlüssel fehlt oder passt nicht. Deshalb wird hier nichts gezeigt. Bitte diese Zeile an die Technik geben:"
            ),
        ),
        "unknown-fact-type": marked("Diese Art von Ereignis gibt es nicht."),
        "unknown-rule": marked("Diese Regel gibt es nicht."),
        "after-recording": marked(
            "Ein Tag liegt in der Zukunft. Was angekündigt ist, ist ein eigenes Ereignis."
        ),
        "before-birth": marked("Der Tag liegt vor der Geburt der Person."),
        "end-before-start": marked("Das Ende liegt vor dem Beginn."),
        "already-retracted": marked("Dieses Ereignis ist schon zurückgenommen."),
        "unknown-target": marked("Dieses Ereignis gibt es in diesem Verlauf nicht."),
        "invalid-correction": marked("Die berichtigten Angaben passen nicht zu diesem Ereignis."),
        "fact-exists": marked("Dieses Ereignis ist schon erfasst."),
        "command-id-reused": marked(
            "Dieses Formular wurde schon mit anderen Angaben abgeschickt. Bitte prüfen und noch einmal speichern."
        ),
        "stream-moved": marked(
            "Jemand anderes hat gleichzeitig in diesen Verlauf geschrieben. Bitte noch einmal versuchen."
        ),
        "journal-unavailable": marked(
            "Die Datenbank ist gerade nicht erreichbar. Es wurde nichts gespeichert. Die Seite geht wieder, sobald die Datenbank da ist."
        ),
        "journal-busy": marked(
            "Die Datenbank antwortet gerade zu langsam. Es wurde nichts gespeichert. Bitte noch einmal versuchen."
        ),
        "journal-corrupt": marked(
            "Was hier gespeichert ist, ist nicht mehr das, was erfasst wurde. Die Seite „Unverändert?“ nennt die Stelle."
        ),
        "tile": marked(
            "Der Baum der Prüfsummen ist beschädigt. Die Seite „Unverändert?“ nennt die Stelle."
        ),
        "unsigned": marked(
            "Die letzten Ereignisse dieses Verlaufs sind noch nicht unterschrieben. Bitte in zehn Sekunden noch einmal versuchen."
        ),
        "views-unavailable": marked(
            "Die Datenbank ist gerade nicht erreichbar. Die Seite geht wieder, sobald sie da ist."
        ),
    }
)


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(
        description="Names the kind of problem", examples=["urn:kette:unknown-journey"]
    )
    title: str
    status: int
    detail: str = ""
    errors: tuple[str, ...] = Field(
        default=(), description="Each parameter that does not fit, and why"
    )


class BadQueryError(KetteError):
    """A part of the address cannot be read; ``args[0]`` says which, in words for people."""

    code = "bad-query"


class ErasedJourneyError(KetteError):
    """A journey was erased; nothing of it is shown."""

    code = "erased-journey"


class KeysDestroyedError(ErasedJourneyError):
    """The keys of a journey were destroyed; nothing of it can be read."""

    code = "keys-destroyed"


class AheadError(KetteError):
    """A reader goes on from a position that the journal has not reached: it has read another one."""

    code = "position-ahead"


class RegistryCode(IntEnum):
    """Confluent's codes for what its registry does not have; the HTTP status stands in front."""

    SUBJECT_NOT_FOUND = 40401
    VERSION_NOT_FOUND = 40402
    SCHEMA_NOT_FOUND = 40403
    INVALID_SCHEMA = 42201
    INVALID_VERSION = 42202

    @property
    def status(self) -> HTTPStatus:
        """Return the HTTP status."""
        return HTTPStatus(self // 100)


class RegistryError(Exception):
    """The registry does not have what was asked for, in Confluent's code and a sentence."""

    def __init__(self, code: RegistryCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def refusal(
    request: Request,
    status: HTTPStatus,
    detail: str,
    code: str = "about:blank",
    errors: Sequence[str] = (),
    place: str = "",
) -> Response:
    """Answer with a page or with problem+json, by who asks; ``place`` is for whoever mends it."""
    if _asks_registry(request):
        return _registry_answer(status, status, f"HTTP {status.value} {status.phrase}")
    kind = code if ":" in code else f"urn:kette:{code}"
    if request.url.path.startswith(MACHINE_PATHS):
        told = texts_in("en").say(detail)
        problem = Problem(
            type=kind, title=status.phrase, status=status, detail=told, errors=tuple(errors)
        )
        answer: Response = JSONResponse(
            problem.model_dump(), status, media_type="application/problem+json"
        )
    else:
        said = texts_of(request).say(detail)
        answer = page(request, "problem.html", status=status, detail=said, place=place)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["retry-after"] = "2"
    return answer


def install(app: FastAPI) -> None:
    """Let the application answer every error in these words."""
    app.add_exception_handler(KetteError, _told)
    app.add_exception_handler(RegistryError, _not_registered)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(Exception, _unexpected)


def _asks_registry(request: Request) -> bool:
    return request.url.path.split("/")[1] in REGISTRY_PATHS


def _registry_answer(status: HTTPStatus, code: int, message: str) -> Response:
    return JSONResponse(
        {"error_code": code, "message": message}, status, media_type=REGISTRY_MEDIA_TYPE
    )


def _not_registered(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RegistryError):
        raise error
    return _registry_answer(error.code.status, error.code, str(error))


def status_of(error: KetteError) -> HTTPStatus:
    """Return the HTTP status of an error; what a rule of the journal forbids is a bad request."""
    return _STATUS.get(error.code, HTTPStatus.BAD_REQUEST)


def _told(request: Request, error: Exception) -> Response:
    if not isinstance(error, KetteError):
        raise error
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request refused: %s", error.code)
    detail = str(error) if request.url.path.startswith(MACHINE_PATHS) else sentence_of(error)
    place = str(error) if error.code in NAMED else ""
    return refusal(request, status, detail, error.code, place=place)


def sentence_of(error: KetteError) -> str:
    """Return the German sentence that tells people of an error; what has none speaks for itself."""
    return _SENTENCES.get(error.code, str(error))


def _http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    status = HTTPStatus(error.status_code)
    known = {
        HTTPStatus.BAD_REQUEST: marked(
            "Die Anfrage ist nicht lesbar. Es wurde nichts gespeichert."
        ),
        HTTPStatus.NOT_FOUND: marked("Diese Seite gibt es nicht."),
        HTTPStatus.METHOD_NOT_ALLOWED: marked("So kann diese Seite nicht aufgerufen werden."),
    }
    answer = refusal(request, status, known.get(status, str(error.detail)))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _unreadable(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors = tuple(f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}" for one in error.errors())
    in_body = any(one["loc"][0] == "body" for one in error.errors())
    told = request.url.path.startswith(MACHINE_PATHS) or (in_body and _asks_registry(request))
    if not told:
        return refusal(request, HTTPStatus.NOT_FOUND, marked("Diese Seite gibt es nicht."))
    detail = "A parameter cannot be read."
    return refusal(request, HTTPStatus.UNPROCESSABLE_ENTITY, detail, "invalid-parameter", errors)


def _unexpected(request: Request, _error: Exception) -> Response:
    answer = refusal(
        request,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        marked(
            "Es ist ein Fehler aufgetreten, der nicht vorgesehen war. Er steht im Protokoll des Dienstes."
        ),
    )
    answer.headers.update(SECURITY_HEADERS)
    return answer
