"""Pages that stand still: the rules, and whose work the pages are made of."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.chain.bounds import STANDARD, Unit
from domain.chain.catalogue import RULES
from web.pages import page, texts_of
from web.texts import Texts

router = APIRouter(include_in_schema=False)


@router.get("/regelwerk")
def rules(request: Request) -> HTMLResponse:
    """Show every rule with its law and its bounds."""
    return page(
        request,
        "rules.html",
        rules=tuple(RULES.values()),
        bounds=STANDARD.rows,
        units=_units(texts_of(request)),
    )


def _units(texts: Texts) -> dict[Unit, str]:
    return {
        Unit.DAYS: texts.say("Tage"),
        Unit.WORKING_DAYS: texts.say("Arbeitstage"),
        Unit.WEEKS: texts.say("Wochen"),
        Unit.MONTHS: texts.say("Monate"),
        Unit.YEARS: texts.say("Jahre"),
        Unit.HOURS: texts.say("Stunden"),
    }


@router.get("/impressum")
def imprint(request: Request) -> HTMLResponse:
    """Name the licences of what the pages are made of."""
    return page(request, "imprint.html")
