"""Pages: templates in the language of the visitor, with what every page shows."""

from dataclasses import replace
from functools import cache
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from domain.days import PartialDate
from domain.labels import Language
from web.days import written_day
from web.ports import Ports
from web.texts import LANGUAGES, Texts, chosen_language, texts_in

_COOKIE = "sprache"
_YEAR = 365 * 24 * 3600


def page(
    request: Request,
    template: str,
    status: HTTPStatus = HTTPStatus.OK,
    **values: object,
) -> HTMLResponse:
    """Answer with a page."""
    texts = texts_of(request)
    ports = ports_of(request)
    html = (
        templates_in(texts.language)
        .get_template(template)
        .render(
            **values,
            texts=texts,
            municipality=ports.place.name,
            actor=texts.name(ports.actor.party),
            here=request.url.path,
            typed=lambda day: written_day(PartialDate.of(day)),
            languages=[(one, _here(request, status, one)) for one in LANGUAGES],
        )
    )
    answer = HTMLResponse(html, status)
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        answer.set_cookie(_COOKIE, asked, max_age=_YEAR, samesite="lax", httponly=True)
    return answer


def _here(request: Request, status: HTTPStatus, language: Language) -> str:
    """Return where the same is said in a language; an error repeats nothing of what was asked."""
    if status >= HTTPStatus.BAD_REQUEST:
        return f"?lang={language}"
    return str(request.url.include_query_params(lang=language))


def ports_of(request: Request) -> Ports:
    """Return what the application stands on."""
    app = request.app
    if not isinstance(app, FastAPI) or not isinstance(app.state.ports, Ports):
        raise TypeError("the application was made without its ports")
    return app.state.ports


def texts_of(request: Request) -> Texts:
    """Return the words of the visitor's language."""
    asked, remembered = request.query_params.get("lang"), request.cookies.get(_COOKIE)
    texts = texts_in(chosen_language(asked, remembered))
    return replace(texts, names=ports_of(request).names)


@cache
def templates_in(language: Language) -> Environment:
    """Return the templates in a language."""
    room = Path(__file__).parent
    environment = Environment(
        loader=FileSystemLoader(room / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    translations = texts_in(language).catalogue
    environment.install_gettext_translations(  # type: ignore[attr-defined]  # the extension puts it there
        translations, newstyle=True
    )
    return environment
