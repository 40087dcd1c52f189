"""Lawful stay: its stretches and gaps, and the clocks of naturalisation that run on it (§§ 10, 12b StAG).

The asylum procedure counts once asylum, refugee or subsidiary protection is granted (§ 55 (3) AsylG); a ban
on deportation makes a stay neither lawful by itself nor the procedure count. A Duldung never counts.
"""

from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen, View
from domain.chain.spans import Span, without
from domain.chain.states.absence import Interruption
from domain.chain.states.residence import Status, Stay

_INTERNATIONAL = frozenset({"asyl", "fluechtling", "subsidiaer"})
_RESTS_ON_IT = frozenset({"AUFENTHG_25_1", "AUFENTHG_25_2_FL", "AUFENTHG_25_2_SUB"})
_BY_TITLE = frozenset({Status.TITLE, Status.FIKTION, Status.FREE_MOVEMENT})
_DONE = frozenset({Status.GONE, Status.GERMAN})


@dataclass(frozen=True, slots=True)
class Gap:
    """Days without lawful stay after a lawful stretch.

    Attributes:
        fact: The fact that makes it; where a title ran out, the grant of that title.
        first: Its first day.
        back_on: The first day of lawful stay again, also after days of which nothing is known; None: there is none.
        back_by: The fact that makes the stay lawful again.
        harmless: Whether it is disregarded: no title was applied for in time, and one followed (§ 12b (3)).
        exact: Whether its first day is known exactly.
        back_unsure_from: The first day that ``back_on`` may be, where that is not known exactly.
    """

    fact: Seen
    first: date
    back_on: date | None
    back_by: Seen | None
    harmless: bool
    exact: bool
    back_unsure_from: date | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """Lawful stay without a gap that matters; last None: as far as is known."""

    stays: tuple[Stay, ...]
    last: date | None
    by: Seen | None

    @property
    def first(self) -> date:
        """Return its first day."""
        return self.stays[0].first


@dataclass(frozen=True, slots=True)
class LawfulStay:
    """The lawful stretches of a journey, and the gaps behind them, harmless ones included."""

    stretches: tuple[Stretch, ...]
    gaps: tuple[Gap, ...]


def lawful_stay(view: View, every: list[Stay]) -> LawfulStay:
    """Return the lawful stretches and the gaps, in order; the facts are those that are not void."""
    stretches: list[Stretch] = []
    gaps: list[Gap] = []
    run: list[Stay] = []
    blocks = _blocks(every)
    for place, (lawful, block) in enumerate(blocks):
        gap = None
        if not lawful and run and _touch(run[-1], block[0]):
            following = next((after[0] for known, after in blocks[place:] if known), None)
            gap = _gap(view, run, (block, following))
            gaps += [] if gap is None else [gap]
        goes_on = _touch(run[-1], block[0]) if lawful and run else gap is not None and gap.harmless
        if run and not goes_on:
            stretches.append(_stretch(run))
            run = []
        if lawful or goes_on:
            run += block
    if run:
        stretches.append(_stretch(run))
    return LawfulStay(tuple(stretches), tuple(gaps))


def _blocks(every: list[Stay]) -> list[tuple[bool, list[Stay]]]:
    """Return the statuses in runs that are lawful and runs that are not; nothing unknown lies within a run."""
    found: list[tuple[bool, list[Stay]]] = []
    for place, one in enumerate(every):
        lawful = _lawful(one, every[place + 1 :])
        if found and found[-1][0] is lawful and _touch(found[-1][1][-1], one):
            found[-1][1].append(one)
        else:
            found.append((lawful, [one]))
    return found


def _touch(one: Stay, following: Stay) -> bool:
    return one.last is not None and plus_days(one.last, 1) == following.first


def _lawful(one: Stay, later: list[Stay]) -> bool:
    """Say whether a status is a lawful stay for the clocks of naturalisation."""
    if one.status is Status.PROTECTED:
        return one.fact.get("outcome") in _INTERNATIONAL
    if one.status is Status.GESTATTUNG:
        return _leads_to_protection(one, later)
    return one.status in _BY_TITLE


def _leads_to_protection(one: Stay, later: list[Stay]) -> bool:
    """Say whether a procedure ends by protection, however often a status of no day lies in it."""
    for following in later:
        if not _touch(one, following):
            return False
        if following.status is not Status.GESTATTUNG:
            return _protection_granted(following)
        one = following
    return False


def _protection_granted(after: Stay) -> bool:
    """Say whether the status after a procedure is international protection, or a title that rests on it."""
    if after.status is Status.PROTECTED:
        return after.fact.get("outcome") in _INTERNATIONAL
    return after.status is Status.TITLE and after.basis in _RESTS_ON_IT


def _stretch(run: list[Stay]) -> Stretch:
    return Stretch(tuple(run), run[-1].last, run[-1].by)


_Between = tuple[list[Stay], Stay | None]
"""A run of statuses that are not lawful, and the lawful one known after it."""


def _gap(view: View, run: list[Stay], between: _Between) -> Gap | None:
    """Return the gap that a run of statuses makes after a lawful one; who left or is German has none."""
    block, following = between
    begin, by = block[0], run[-1].unlawful_by
    if begin.status in _DONE or by is None:
        return None
    back = following if following is not None and _touch(block[-1], following) else None
    return Gap(
        by,
        begin.first,
        None if following is None else following.first,
        None if following is None else following.since,
        _harmless(view, run, (block, back)),
        begin.exact,
        None if following is None else following.unsure_from,
    )


def _harmless(view: View, run: list[Stay], between: _Between) -> bool:
    """Say whether a title ran out and another followed, none refused between, after a time as long at least."""
    block, back = between
    gap, last = block[0], block[0].last
    if len(block) > 1 or last is None or not _ran_out(run[-1], gap):
        return False
    if back is None or back.status not in _BY_TITLE:
        return False
    if any(gap.first <= one.latest <= last for one in view.of("TitleRefused")):
        return False
    return (last - gap.first).days + 1 <= (gap.first - run[0].first).days


def _ran_out(before: Stay, gap: Stay) -> bool:
    """Say whether a stay without a title began by the end of one, not by a loss or a refusal."""
    return gap.status is Status.WITHOUT_TITLE and before.unlawful_by is gap.fact


@dataclass(frozen=True, slots=True)
class Clock:
    """Lawful habitual residence without an interruption: what the years of naturalisation are counted on.

    Attributes:
        first: Its first day.
        last: Its last day; None: as far as is known.
        fact: The fact with which it begins: that of the status, after an interruption the absence.
        by: The fact that ends it, if one does.
        exact: Whether its first day is known exactly.
    """

    first: date
    last: date | None
    fact: Seen
    by: Seen | None
    exact: bool

    def runs_on(self, day: date) -> bool:
        """Say whether it runs on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


def clocks(stay: LawfulStay, interrupting: list[Interruption]) -> list[Clock]:
    """Return the clocks of every lawful stretch, in order: each begins anew after an interruption."""
    return [
        _clock(stretch, piece, interrupting)
        for stretch in stay.stretches
        for piece in without(Span(stretch.first, stretch.last), [one.span for one in interrupting])
    ]


def _clock(stretch: Stretch, piece: Span, interrupting: list[Interruption]) -> Clock:
    fact, exact, by = stretch.stays[0].fact, stretch.stays[0].exact, stretch.by
    for one in interrupting:
        if one.absence.last is not None and plus_days(one.absence.last, 1) == piece.first:
            fact, exact = one.absence.fact, one.absence.exact
        if piece.last is not None and plus_days(piece.last, 1) == one.first:
            by = one.absence.fact
    return Clock(piece.first, piece.last, fact, by, exact)
