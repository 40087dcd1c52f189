"""The time axis: which days the picture shows, and where each of them lies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from domain.labels import Vocabulary
from projections.strands import Strand, Timeline


class Period(Vocabulary):
    """How much of the journey the picture shows."""

    YEAR = "12m", "12 Monate", "12 months"
    THREE_YEARS = "3j", "3 Jahre", "3 years"
    ALL = "alles", "Gesamt", "all"


@dataclass(frozen=True, slots=True)
class Scale:
    """A stretch of days laid over a width in pixels; both days inclusive."""

    start: date
    end: date
    width: int

    def x(self, day: date) -> float:
        """Return where a day begins, kept inside the picture."""
        days = (self.end - self.start).days + 1
        inside = min(max((day - self.start).days, 0), days)
        return round(inside / days * self.width, 1)

    def after(self, day: date) -> float:
        """Return where a day ends."""
        return self.x(day) if day == date.max else self.x(day + timedelta(days=1))

    def shows(self, first: date, last: date | None) -> bool:
        """Say whether any day of a stretch lies inside."""
        return first <= self.end and (last is None or last >= self.start)


def scale_of(timeline: Timeline, period: Period, width: int) -> Scale:
    """Return the axis for a period; it always holds the day that the picture is drawn for."""
    today = timeline.as_of
    match period:
        case Period.YEAR:
            return Scale(months_from(today, -12), months_from(today, 4), width)
        case Period.THREE_YEARS:
            return Scale(months_from(today, -36), months_from(today, 8), width)
        case Period.ALL:
            first = min((day for day in _days(timeline.strands) if day <= today), default=today)
            first = min(first, months_from(today, -12))
            last = max((day for day in _days(timeline.strands) if day > today), default=today)
            ahead = months_from(today, max(4, (today - first).days // 110))
            last = min(max(last, ahead), months_from(today, 15))
            return Scale(_quarter(months_from(first, -1)), last, width)


def _days(strands: Iterable[Strand]) -> Iterable[date]:
    """Yield every day that something begins, ends or happens on."""
    for strand in strands:
        yield from (span.start for span in strand.spans)
        yield from (span.end for span in strand.spans if span.end is not None)
        yield from (mark.on for mark in strand.marks)
        yield from strand.dots


def months_from(day: date, months: int) -> date:
    """Return the first day of the month so many months away, kept inside the calendar."""
    count = min(max(day.year * 12 + day.month - 1 + months, 12), 9998 * 12 + 11)
    return date(count // 12, count % 12 + 1, 1)


def _quarter(day: date) -> date:
    """Return the first day of the day's quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
