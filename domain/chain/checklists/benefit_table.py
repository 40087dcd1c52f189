"""Which benefit fits which stay: the table of L09, by basis, permission to work and day (W18).

The codes of each row are dated data. A benefit fits on a day if a stay held on some day of the same month
allows it: the AsylbLG pays through the end of a month (§ 1 (3) AsylbLG), SGB II from its first (§ 37 (2)).
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import Bound
from domain.chain.calendar import first_of_month, last_of_month, plus_days
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, common, union, without
from domain.chain.states.residence import Status, Stay
from domain.chain.states.titles import TEMPORARY_PROTECTION
from domain.chain.windows import after

LIVELIHOOD = frozenset(
    {
        "ASYLBLG_2",
        "ASYLBLG_3",
        "SGB_II",
        "SGB_XII_3",
        "SGB_XII_4",
        "SGB_XII_23_1",
        "SGB_XII_23_3_BRIDGE",
    }
)
ASYLUM, TITLE, NO_WORK, SUSPENSION = "L09.asylum", "L09.title", "L09.no_work", "L09.suspension"
SWITCH, CUTOFF, TRANSITION = "law.24_to_asylblg", "L07.cutoff", "L07.transition"
_IMPOSSIBLE = "AUFENTHG_25_5"
_BY_BASIS = {
    "AUFENTHG_23_1": "L09.23_1",
    "AUFENTHG_24": "L09.24",
    "AUFENTHG_25_4": "L09.25_4",
}
_BY_STATUS = {
    Status.GESTATTUNG: ASYLUM,
    Status.DULDUNG: ASYLUM,
    Status.OBLIGED: ASYLUM,
    Status.FREE_MOVEMENT: "L09.free",
    Status.GERMAN: "L09.german",
}
_NO_TITLES = ("AUFENTHG_60", "AUFENTHG_81", "AUFENTHG_15A")


@dataclass(frozen=True, slots=True)
class Row:
    """Days of one stay, and the benefits that fit it."""

    days: Span
    codes: Container[str]

    @property
    def months(self) -> Span:
        """Return the whole months in which it holds."""
        last = self.days.last
        return Span(first_of_month(self.days.first), None if last is None else last_of_month(last))


class Table:
    """The rows for what is known of a stay, in order; which days of a benefit do not fit."""

    def __init__(self, journey: Derived) -> None:
        back = back_under_asylblg(journey)
        self.rows = [row for stay in journey.stays for row in _rows(journey, stay, back)]
        self._known = union(Span(row.days.first, row.days.last) for row in self.rows)
        self._allowed: dict[str, list[Span]] = {}

    def misfits(self, rechtskreis: str, days: Span) -> list[Span]:
        """Return the days on which something is known of the stay and the benefit does not fit."""
        allowed = self._allowed.get(rechtskreis)
        if allowed is None:
            allowed = union(row.months for row in self.rows if rechtskreis in row.codes)
            self._allowed[rechtskreis] = allowed
        shared = (common(one, days) for one in self._known)
        return [left for one in shared if one is not None for left in _left(one, allowed)]

    def fits_on(self, rechtskreis: str, day: date) -> bool:
        """Say whether a benefit fits on a day, or nothing is known of the stay."""
        return not self.misfits(rechtskreis, Span(day, day))


def _left(days: Span, allowed: list[Span]) -> list[Span]:
    if any(one.first <= days.first and _reaches(one, days) for one in allowed):
        return []
    return without(days, allowed)


def _reaches(one: Span, days: Span) -> bool:
    return one.last is None or (days.last is not None and days.last <= one.last)


def without_basis(stay: Stay) -> bool:
    """Say whether a stay is a title, or the Fiktion after one, whose basis is not told."""
    titled = stay.status in {Status.TITLE, Status.FIKTION} and stay.fact.type == "TitleGranted"
    return titled and stay.basis is None


def first_protection(journey: Derived) -> Seen | None:
    """Return the first title under § 24, or the certificate of an application for one."""
    applied = False
    for one in journey.view.of("TitleApplied", "TitleGranted", "FictionCertificateIssued"):
        protection = one.get("basis") == TEMPORARY_PROTECTION
        if one.type == "TitleApplied":
            applied = protection
        elif protection or (applied and one.type == "FictionCertificateIssued"):
            return one
    return None


def back_under_asylblg(journey: Derived) -> date | None:
    """Return the day from which the AsylbLG is responsible for this protection again; None if it is not."""
    begins = journey.bounds.rows[TRANSITION][0].valid_from or date.max
    if not journey.bounds.is_on(SWITCH, begins):
        return None
    first = first_protection(journey)
    if first is None or first.latest <= journey.bounds.in_force(CUTOFF, begins).day:
        return None
    return begins


def _rows(journey: Derived, stay: Stay, back: date | None) -> Iterator[Row]:
    if stay.basis == _IMPOSSIBLE and stay.status in {Status.TITLE, Status.FIKTION}:
        yield from _impossible(journey, stay)
        return
    name, days = _name(stay), Span(stay.first, stay.last)
    if name is not None:
        yield from _dated(journey, name, days)
    shared = None if back is None else common(days, Span(back, None))
    if stay.basis == TEMPORARY_PROTECTION and shared is not None:
        yield from _dated(journey, ASYLUM, shared)


def _name(stay: Stay) -> str | None:
    """Return the bound that names what fits a stay; None where that is not known."""
    if stay.status in _BY_STATUS:
        return _BY_STATUS[stay.status]
    if stay.status is Status.PROTECTED:
        return None if stay.fact.get("outcome") == "abschiebungsverbot" else TITLE
    if stay.status not in {Status.TITLE, Status.FIKTION}:
        return None
    if stay.basis in _BY_BASIS:
        return _BY_BASIS[stay.basis]
    if stay.basis is None:
        return _title(stay) if stay.fact.type == "FictionCertificateIssued" else None
    is_title = stay.basis.startswith("AUFENTHG_") and not stay.basis.startswith(_NO_TITLES)
    return _title(stay) if is_title else None


def _title(stay: Stay) -> str:
    forbidden = stay.fact.get("work") == "keine" or stay.fact.get("work_allowed") is False
    return NO_WORK if forbidden else TITLE


def _dated(journey: Derived, name: str, days: Span) -> Iterator[Row]:
    for one in journey.bounds.rows[name]:
        always = one.valid_from is None and one.valid_until is None
        in_force = Span(one.valid_from or date.min, one.valid_until)
        shared = days if always else common(days, in_force)
        if shared is not None:
            yield Row(shared, one.codes)


def _impossible(journey: Derived, stay: Stay) -> Iterator[Row]:
    """Yield the rows of § 25 (5): the AsylbLG, since 2015 only for 18 months after the first Duldung.

    Where no Duldung before the title is told, either fits through 18 months after the title.
    """
    term: Bound = journey.bounds.rows[SUSPENSION][0]
    begins = term.valid_from or date.min
    duldung = journey.view.before(stay.fact, "ToleranceIssued")
    limit = after(duldung[0].latest if duldung else stay.fact.latest, term)
    whole = Span(stay.first, stay.last)
    asylum = common(whole, Span(date.min, max(plus_days(begins, -1), limit)))
    if asylum is not None:
        yield from _dated(journey, ASYLUM, asylum)
    since = max(begins, plus_days(limit, 1)) if duldung else begins
    title = common(whole, Span(since, None))
    if title is not None:
        yield from _dated(journey, _title(stay), title)
