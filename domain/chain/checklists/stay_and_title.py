"""Stay and title as the ways to naturalisation ask for them: the clock by the law of the day, and which titles count."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Days
from domain.chain.checklists.proofs import language_proofs
from domain.chain.checklists.spans_of_law import (
    else_not_met,
    periods,
    switched_on,
    within,
)
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, intersection, union
from domain.chain.states.lawful import Clock
from domain.chain.states.residence import Status, Stay
from domain.chain.windows import after

FAST = "law.stag_10_3"
_ABOVE_B1 = "B2"


def stay_by_claim(journey: Derived) -> Days:
    """Return the days of enough lawful stay under § 10 (1); until 2024 shorter with special integration."""
    certificate = next(iter(journey.view.of("IntegrationCourseCertificateIssued")), None)
    above = next(iter(language_proofs(journey.view, _ABOVE_B1)), None)
    met: list[Span] = []
    for clock in journey.clocks:
        met += _full(journey, clock, "N01.years")
        met += _full(journey, clock, "N01.years_course", certificate) if certificate else ()
        met += _full(journey, clock, "N01.years_special", above) if above else ()
    return _with_clocks(journey, union(met))


def stay_of_spouses(journey: Derived) -> Days:
    """Return the days of enough lawful stay under § 9."""
    return _simple(journey, "N01.years_spouse")


def stay_of_fast_track(journey: Derived) -> Days:
    """Return the days of enough lawful stay under § 10 (3), while that was law."""
    law = list(switched_on(journey.bounds, FAST))
    days = _simple(journey, "N01.years_fast")
    return else_not_met(intersection([days.met, law]), (), days.against)


def _simple(journey: Derived, name: str) -> Days:
    met = [span for clock in journey.clocks for span in _full(journey, clock, name)]
    return _with_clocks(journey, union(met))


def _full(journey: Derived, clock: Clock, name: str, proof: Seen | None = None) -> Iterator[Span]:
    """Yield the days from which a clock has run long enough, by each value on its own days."""
    facts = (clock.fact,) if proof is None else (clock.fact, proof)
    for row, days in periods(journey.bounds, name):
        full = after(clock.first, row)
        first = full if proof is None else max(full, proof.latest)
        if clock.last is None or first <= clock.last:
            yield from within([Span(first, clock.last, facts)], days)


def _with_clocks(journey: Derived, met: list[Span]) -> Days:
    """Return the days of an item of stay: on all days without enough of it, the clock speaks against it."""
    against = [
        Span(plus_days(one.last, 1), None, (one.by,))
        for one in journey.clocks
        if one.last and one.by
    ]
    running = [Span(one.first, one.last, (one.fact,)) for one in journey.clocks]
    return else_not_met(met, (), (*running, *reversed(against)))


@dataclass(frozen=True, slots=True)
class Held:
    """A status, and the basis of the title on which it rests; a Fiktion without a grant keeps that of the title before.

    ``titled`` says whether it is a title, rests on its grant or follows one.
    """

    stay: Stay
    basis: str | None
    titled: bool


def held(journey: Derived) -> list[Held]:
    """Return the statuses with their bases, in order."""
    latest: Stay | None = None
    found: list[Held] = []
    for one in journey.stays:
        if one.status is Status.TITLE:
            latest = one
        granted = one.fact.type == "TitleGranted"
        basis = one.basis
        if latest is not None and one.status is Status.FIKTION and not granted:
            basis = latest.basis
        found.append(Held(one, basis, granted or latest is not None))
    return found


def fitting_title(journey: Derived) -> Days:
    """Return the days with a title under which § 10 (1) S. 1 Nr. 2 lets somebody be naturalised."""
    met: list[Span] = []
    unknown: list[Span] = []
    against: list[Span] = []
    for one in journey.once(held):
        span = Span(one.stay.first, one.stay.last, (one.stay.fact,))
        match one.stay.status:
            case Status.FREE_MOVEMENT:
                met.append(span)
            case Status.TITLE | Status.FIKTION if one.basis is None:
                unknown.append(span)
            case Status.TITLE | Status.FIKTION:
                for codes, days in journey.once(excluded_titles):
                    (against if one.basis in codes else met).extend(within([span], days))
            case _:
                against.append(span)
    return else_not_met(met, unknown, against)


def excluded_titles(journey: Derived) -> list[tuple[frozenset[str], Span]]:
    """Return the bases that lead nowhere, each list with the days on which it is law."""
    return [(row.codes, days) for row, days in periods(journey.bounds, "N01.excluded_titles")]


def excluded_on(journey: Derived, basis: str, day: date) -> bool:
    """Say whether a title leads nowhere by the law of a day."""
    return any(
        basis in codes and days.holds_on(day) for codes, days in journey.once(excluded_titles)
    )
