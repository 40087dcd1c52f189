"""The two times of every reading, as they stand in an address: *Stand am* and *Wissensstand*."""

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request

from domain.chain.calendar import berlin_day
from domain.days import PartialDate
from domain.errors import UnreadableDateError
from web.days import typed_exact, written_day
from web.drawing.scale import Period
from web.pages import ports_of
from web.problems import BadQueryError
from web.texts import marked


@dataclass(frozen=True, slots=True)
class Moment:
    """As of which day, as known on which day, and how much of the time the picture shows.

    Attributes:
        as_of: The day on which states are told.
        known_at: Only what was recorded by this day counts; None: everything.
        today: The day itself.
    """

    as_of: date
    known_at: date | None
    today: date
    period: Period = Period.ALL

    @property
    def known_until(self) -> date:
        """Return the day up to which the record is known."""
        return self.known_at or self.today

    @property
    def is_now(self) -> bool:
        """Say whether both times are the present."""
        return self.as_of == self.today and self.known_at is None

    def query(self, **changes: object) -> str:
        """Return this moment, or a changed one, as the query of an address."""
        other = replace(self, **changes) if changes else self  # type: ignore[arg-type]  # checked by replace
        parts = {
            "stand": _day(other.as_of) if other.as_of != other.today else "",
            "wissen": _day(other.known_at) if other.known_at else "",
            "zeitraum": str(other.period) if other.period is not Period.ALL else "",
        }
        kept = {name: value for name, value in parts.items() if value}
        return f"?{urlencode(kept)}" if kept else "?"


def moment_of(request: Request) -> Moment:
    """Read the two times off an address; what is left out is the present.

    Raises:
        BadQueryError: If a day or a period cannot be read.
    """
    today = berlin_day(ports_of(request).now())
    as_of = asked_day(request, "stand") or today
    known_at = asked_day(request, "wissen")
    if known_at is not None and known_at >= today:
        known_at = None
    wanted = request.query_params.get("zeitraum") or Period.ALL
    period = next((one for one in Period if one == wanted), None)
    if period is None:
        raise BadQueryError(marked("Diesen Zeitraum gibt es nicht."))
    return Moment(as_of, known_at, today, period)


def asked_day(request: Request, name: str) -> date | None:
    """Return a day of an address; None if it is left out.

    Raises:
        BadQueryError: If it is no day, or lies centuries away.
    """
    text = request.query_params.get(name, "").strip()
    if not text:
        return None
    try:
        return typed_exact(text)
    except UnreadableDateError:
        raise BadQueryError(_UNREADABLE) from None


_UNREADABLE = marked(
    "Ein Datum in der Adresse ist nicht lesbar. Bitte TT.MM.JJJJ schreiben, zum Beispiel 15.03.2024."
)


def _day(day: date) -> str:
    return written_day(PartialDate.of(day))
