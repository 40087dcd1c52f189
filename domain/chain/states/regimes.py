"""The Rechtskreise: under which law the livelihood is paid, from which day through which.

A benefit lasts as told: through its ``until``, its end, or, where none is told, to the day before another
begins. An extension belongs to the benefit that it extends, and is one of its own after days without.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen, View

ENDS = frozenset({"BenefitEnded", "RechtskreisChangeCompleted"})
_EXTENDS = frozenset({"BenefitExtended", "HelpContinued"})
_TYPES = ("BenefitGranted", *sorted(_EXTENDS), *sorted(ENDS))
BASIC = "ASYLBLG_3"
YOUTH_HELP = "SGB_VIII"


@dataclass(frozen=True, slots=True)
class Regime:
    """A benefit granted, and the days through which it is paid.

    Attributes:
        grant: The fact by which it begins.
        rechtskreis: Under which law; None: not told.
        first: First day paid.
        last: Last day paid; None: no end is known.
        facts: The grant and the facts that prolonged or ended it, in order.
        exact: Whether both days are known exactly.
        end: The fact that gives the last day: its own ``until``, its end, or what took over from it.
    """

    grant: Seen
    rechtskreis: str | None
    first: date
    last: date | None
    facts: tuple[Seen, ...]
    exact: bool
    end: Seen | None = None

    def pays_on(self, day: date) -> bool:
        """Say whether it is paid on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def ended_by(self) -> Seen | None:
        """Return the fact that ends it, if one does; a change that begins it is no end of it."""
        last = self.facts[-1]
        return last if last.type in ENDS and last is not self.grant else None


@dataclass(slots=True)
class _Running:
    """A benefit while the facts are walked through.

    ``last`` is told; ``implied`` follows from another benefit that began, where no end is told.
    """

    grant: Seen
    kind: str | None
    first: date
    last: date | None
    end: Seen | None
    exact: bool
    implied: tuple[date, Seen] | None = None
    ended: bool = False
    facts: list[Seen] = field(default_factory=list)

    def told(self) -> Regime:
        """Return it as it stands."""
        last, end, exact = self.last, self.end, self.exact
        if last is None and self.implied is not None:
            last, end = self.implied
            exact = exact and _begins_exactly(end)
        return Regime(self.grant, self.kind, self.first, last, tuple(self.facts), exact, end)


def first_day(grant: Seen) -> date:
    """Return the first day that a grant pays: ``from``, if missing the grant's day."""
    return grant.latest_of("from_") or grant.latest


def regimes(view: View) -> list[Regime]:
    """Return the benefits granted, in order; one that another takes over from its first day is left out."""
    found: list[_Running] = []
    for one in view.of(*_TYPES):
        kind = YOUTH_HELP if one.type == "HelpContinued" else one.get("rechtskreis")
        if one.type == "RechtskreisChangeCompleted":
            _change(one, found)
        elif one.type == "BenefitEnded":
            _end(one, _concerned(kind, found), one.latest)
        elif one.type == "BenefitGranted" or not _extend(one, _extended(kind, found)):
            _begin(one, kind, first_day(one), found)
    told = [one.told() for one in found]
    return [one for one in told if one.last is None or one.last >= one.first]


def _extended(kind: str | None, found: list[_Running]) -> _Running | None:
    """Return the benefit that an extension prolongs: the latest of its Rechtskreis; without one, the latest."""
    return next((one for one in reversed(found) if kind is None or one.kind == kind), None)


def _concerned(kind: str | None, found: list[_Running]) -> _Running | None:
    """Return the benefit that an end concerns: of those not ended the latest of its Rechtskreis, else of its law.

    An end that names no Rechtskreis is that of the latest benefit, unless that has ended.
    """
    running = [one for one in reversed(found) if not one.ended]
    if kind is None:
        return running[0] if running and running[0] is found[-1] else None
    exactly = (one for one in running if one.kind == kind)
    roughly = (one for one in running if same_law(one.kind, kind))
    return next(exactly, None) or next(roughly, None)


def _begin(one: Seen, kind: str | None, first: date, found: list[_Running]) -> None:
    """Begin a benefit; it takes over from those of its Rechtskreis, and from all of which no end is told."""
    before = plus_days(first, -1)
    for other in found:
        if other.kind == kind and not other.ended and _pays_after(other, before):
            other.last, other.end, other.implied = before, one, None
    for other in found:
        if other.last is None and other.implied is None:
            other.implied = (before, one)
    until = one.latest_of("until") if one.type != "RechtskreisChangeCompleted" else None
    exact = _begins_exactly(one) and (until is None or _is_exact(one, "until"))
    found.append(
        _Running(one, kind, first, until, None if until is None else one, exact, facts=[one])
    )


def _extend(one: Seen, running: _Running | None) -> bool:
    """Prolong a benefit; say whether there is one that goes on without a day between."""
    if running is None:
        return False
    last = running.told().last
    begins = one.latest_of("from_")
    if begins is None and running.ended:
        begins = one.latest
    if last is not None and begins is not None and begins > plus_days(last, 1):
        return False
    until = one.latest_of("until")
    running.facts.append(one)
    running.last, running.end = until, None if until is None else one
    running.implied, running.ended = None, False
    running.exact = running.exact and (until is None or _is_exact(one, "until"))
    return True


def _end(one: Seen, running: _Running | None, last: date) -> None:
    """End a benefit on its last day paid."""
    if running is None:
        return
    running.facts.append(one)
    running.last, running.end, running.ended = last, one, True
    running.exact = running.exact and one.exact


def _change(one: Seen, found: list[_Running]) -> None:
    """Carry out a change: the old law pays to the day before, the new one from the fact's day on."""
    old, new = one.get("from_"), one.get("to")
    if old is not None and old == new:
        return
    before = plus_days(one.latest, -1)
    running = (
        None
        if old is None
        else _concerned(old, [other for other in found if new is None or other.kind != new])
    )
    if running is not None and _pays_after(running, before):
        _end(one, running, before)
    if new is not None and not any(
        other.kind == new and other.told().pays_on(one.latest) for other in found
    ):
        _begin(one, new, one.latest, found)


def _pays_after(running: _Running, day: date) -> bool:
    last = running.told().last
    return last is None or last > day


def _begins_exactly(one: Seen) -> bool:
    """Say whether the first day that a fact gives is known exactly."""
    return one.exact if one.day("from_") is None else _is_exact(one, "from_")


def _is_exact(one: Seen, name: str) -> bool:
    told = one.day(name)
    return told is not None and told.exact is not None


def paying_on(all_regimes: list[Regime], day: date) -> list[Regime]:
    """Return the benefits that are paid on a day."""
    return [one for one in all_regimes if one.pays_on(day)]


@cache
def law_of(rechtskreis: str | None) -> str | None:
    """Return the law under which a Rechtskreis pays: AsylbLG, SGB II, SGB III, SGB XII and so on."""
    if rechtskreis is None:
        return None
    if rechtskreis.startswith("ASYLBLG"):
        return "ASYLBLG"
    if rechtskreis.startswith("SGB_XII") or rechtskreis == "BSHG":
        return "SGB_XII"
    return "SGB_III" if rechtskreis == "ALG_AGENTUR" else rechtskreis


def same_law(one: str | None, other: str | None) -> bool:
    """Say whether two Rechtskreise are of one law, or one of them is not told."""
    return one is None or other is None or law_of(one) == law_of(other)


def runs(all_regimes: list[Regime]) -> list[Regime]:
    """Return the benefits by Rechtskreis, those joined between which no day is unpaid, by first day."""
    found: list[Regime] = []
    latest: dict[str | None, int] = {}
    for one in sorted(all_regimes, key=lambda regime: regime.first):
        place = latest.get(one.rechtskreis)
        before = None if place is None else found[place]
        if before is not None and place is not None and _touches(before, one):
            found[place] = _joined(before, one)
        else:
            latest[one.rechtskreis] = len(found)
            found.append(one)
    return found


def _touches(before: Regime, one: Regime) -> bool:
    return before.last is None or one.first <= plus_days(before.last, 1)


def _joined(before: Regime, one: Regime) -> Regime:
    """Return two benefits as one; the later end counts."""
    exact = before.exact and one.exact
    facts = (*before.facts, *(fact for fact in one.facts if fact not in before.facts))
    if before.last is None or (one.last is not None and one.last <= before.last):
        return replace(before, facts=facts, exact=exact)
    return replace(before, last=one.last, end=one.end, facts=facts, exact=exact)


@dataclass(frozen=True, slots=True)
class Basic:
    """A stretch on basic benefits (§ 3 AsylbLG), whether or not each renewal is told.

    Attributes:
        grant: The grant that begins it.
        first: Its first day.
        last: Its last day; None: it goes on.
        end: The fact that ended it, or began another benefit.
        exact: Whether its first day is known exactly.
    """

    grant: Seen
    first: date
    last: date | None
    end: Seen | None
    exact: bool


def basic_stretches(all_regimes: list[Regime]) -> list[Basic]:
    """Return the stretches on basic benefits: the passing of ``until`` ends none, another benefit does."""
    return list(_basic(all_regimes))


def _basic(all_regimes: list[Regime]) -> Iterator[Basic]:
    begun: Regime | None = None
    for one in all_regimes:
        if begun is not None and one.rechtskreis not in (BASIC, None):
            yield Basic(begun.grant, begun.first, plus_days(one.first, -1), one.grant, begun.exact)
            begun = None
        if begun is None and one.rechtskreis == BASIC:
            begun = one
        if begun is not None and one.ended_by is not None:
            yield Basic(begun.grant, begun.first, one.last, one.ended_by, begun.exact)
            begun = None
    if begun is not None:
        yield Basic(begun.grant, begun.first, None, None, begun.exact)
