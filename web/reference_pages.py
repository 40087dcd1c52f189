"""Pages that stand still: the rules, and whose work the pages are made of."""

from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from domain.chain.bounds import Bound, Unit
from domain.chain.catalogue import RULES, bounds_of
from domain.chain.rule import Rule
from projections.practice import practice
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
        bounds_of=_bounds_of,
        amount=partial(_amount, texts_of(request)),
    )


def _bounds_of(rule: Rule) -> list[Bound]:
    return [one for name in bounds_of(rule) for one in practice().rows[name]]


def _amount(texts: Texts, bound: Bound) -> str:
    """Return the value of a bound in words."""
    match bound.value:
        case date() as day:
            return texts.day(day)
        case tuple() as codes:
            return ", ".join(codes)
        case number if bound.unit is Unit.SWITCH:
            return texts.say("gilt") if number else texts.say("gilt nicht")
        case number:
            return f"{number} {_units(texts).get(bound.unit, '')}".strip()


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
