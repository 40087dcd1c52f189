"""What every answer and every request is held to: headers, origins, hosts and sizes."""

from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.headers import SECURITY_HEADERS
from web.problems import refusal
from web.texts import marked

BODY_LIMIT = 256 * 1024
HEAD_ONLY = "kette.head_only"

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Guard:
    """Refuses what comes from elsewhere or is too large, and puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sealed = _with_headers(scope, send)
        headers = Headers(scope=scope)
        refused = _refused(scope["method"], headers)
        if refused is None:
            await self.app(_as_get(scope), _counted(receive), sealed)
            return
        answer = refusal(Request(scope), *refused)
        await answer(scope, receive, sealed)


def _as_get(scope: Scope) -> Scope:
    """Let HEAD be answered as GET is; the server leaves the body out, and streams need not begin."""
    return {**scope, "method": "GET", HEAD_ONLY: True} if scope["method"] == "HEAD" else scope


def _refused(method: str, headers: Headers) -> tuple[HTTPStatus, str] | None:
    """Return why a request is refused before its body is read; None if it is not."""
    if not _is_loopback(headers.get("host", "")):
        return (
            HTTPStatus.MISDIRECTED_REQUEST,
            marked("Dieser Dienst antwortet nur auf dem eigenen Rechner."),
        )
    if _announced_size(headers) > BODY_LIMIT:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE
    if method not in _SAFE_METHODS and not _same_origin(headers):
        return (
            HTTPStatus.FORBIDDEN,
            marked("Die Anfrage kam von einer anderen Seite und wurde nicht ausgeführt."),
        )
    return None


TOO_LARGE = marked("Die Anfrage ist größer als 256 KiB. Es wurde nichts gespeichert.")


def _is_loopback(host: str) -> bool:
    """Say whether a host names this machine; any other name may have been bent to point here."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _announced_size(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isascii() and length.isdigit() else 0


def _same_origin(headers: Headers) -> bool:
    """Say whether a request comes from our own pages; programs that are no browsers send neither header."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


def _with_headers(scope: Scope, send: Send) -> Send:
    fresh = not scope["path"].startswith("/static/")

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if fresh:
                headers.setdefault("cache-control", "no-store")
        await send(message)

    return sealed


def _counted(receive: Receive) -> Receive:
    """Stop reading a body that turns out larger than allowed."""
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        if message["type"] == "http.request":
            size += len(message.get("body", b""))
            if size > BODY_LIMIT:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
        return message

    return counted
