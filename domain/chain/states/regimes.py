"""The Rechtskreise: under which law the livelihood is paid, from which day through which."""

from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.reading import Seen, View

_AFTER = ("BenefitExtended", "BenefitEnded", "BenefitGranted")


@dataclass(frozen=True, slots=True)
class Regime:
    """A benefit granted, and the days through which it is paid.

    Attributes:
        grant: The fact that grants it.
        rechtskreis: Under which law; None: not told.
        first: First day paid.
        last: Last day paid; None: no end is known.
        facts: The grant and the facts that prolonged or ended it, in order.
        exact: Whether both days are known exactly.
    """

    grant: Seen
    rechtskreis: str | None
    first: date
    last: date | None
    facts: tuple[Seen, ...]
    exact: bool

    def pays_on(self, day: date) -> bool:
        """Say whether it is paid on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def ended_by(self) -> Seen | None:
        """Return the fact that ends it, if one does."""
        return self.facts[-1] if self.facts[-1].type == "BenefitEnded" else None


def first_day(grant: Seen) -> date:
    """Return the first day that a grant pays: ``from``, if missing the grant's day."""
    return grant.latest_of("from_") or grant.latest


def regimes(view: View) -> list[Regime]:
    """Return the benefits granted, in order.

    A grant of the same Rechtskreis takes over from the one before. One granted without an end lasts until
    it is ended, or until the next grant begins.
    """
    grants = view.of("BenefitGranted")
    return [
        _regime(view, grant, grants[place + 1] if place + 1 < len(grants) else None)
        for place, grant in enumerate(grants)
    ]


def _regime(view: View, grant: Seen, following: Seen | None) -> Regime:
    rechtskreis = grant.get("rechtskreis")
    facts = [grant]
    last = grant.latest_of("until")
    exact = (grant.day("from_") is None and grant.exact) or _is_exact(grant, "from_")
    exact = exact and (last is None or _is_exact(grant, "until"))
    for one in view.after(grant, *_AFTER):
        if one.type == "BenefitGranted":
            if one.get("rechtskreis") == rechtskreis:
                last = min(plus_days(first_day(one), -1), last or date.max)
                return Regime(grant, rechtskreis, first_day(grant), last, tuple(facts), exact)
            continue
        if one.get("rechtskreis") not in (rechtskreis, None):
            continue
        facts.append(one)
        if one.type == "BenefitEnded":
            exact = exact and one.exact
            return Regime(grant, rechtskreis, first_day(grant), one.latest, tuple(facts), exact)
        last = one.latest_of("until") or last
    if last is None and following is not None:
        last = plus_days(first_day(following), -1)
    return Regime(grant, rechtskreis, first_day(grant), last, tuple(facts), exact)


def _is_exact(one: Seen, name: str) -> bool:
    told = one.day(name)
    return told is not None and told.exact is not None


def paying_on(all_regimes: list[Regime], day: date) -> list[Regime]:
    """Return the benefits that are paid on a day."""
    return [one for one in all_regimes if one.pays_on(day)]
