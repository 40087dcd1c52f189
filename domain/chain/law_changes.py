"""What changed in law and practice between two days: every bound that began, ended or took another value."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import Bound, Bounds, Status, Unit
from domain.chain.calendar import plus_days


@dataclass(frozen=True, slots=True)
class LawChange:
    """One change of one bound.

    Attributes:
        on: The first day on which it is otherwise.
        id: The bound.
        before: What held on the day before; None: nothing.
        after: What holds from the day on; None: nothing.
    """

    on: date
    id: str
    before: Bound | None
    after: Bound | None

    @property
    def told_by(self) -> Bound:
        """Return the record that says most about the change: the new one, else the one that ended."""
        found = self.after or self.before
        if found is None:
            raise LookupError(f"{self.id}: nothing changed")
        return found

    @property
    def counts(self) -> bool:
        """Say whether the rules go by it; a switch that is not verified is off."""
        one = self.told_by
        return one.unit is not Unit.SWITCH or one.status is not Status.UNVERIFIED


def law_changes(bounds: Bounds, since: date, through: date) -> tuple[LawChange, ...]:
    """Return the changes after one day and through another, in the order of their days.

    Args:
        bounds: The bounds in question.
        since: A day of the old law; what already held on it is no change.
        through: The last day looked at.
    """
    found = [one for name in bounds.rows for one in _of(bounds, name, since, through)]
    return tuple(sorted(found, key=lambda one: (one.on, one.id)))


def _of(bounds: Bounds, name: str, since: date, through: date) -> Iterator[LawChange]:
    days = {one.valid_from for one in bounds.rows[name] if one.valid_from is not None}
    days |= {
        plus_days(one.valid_until, 1) for one in bounds.rows[name] if one.valid_until is not None
    }
    for day in sorted(days):
        if since < day <= through:
            before, after = bounds.on(name, plus_days(day, -1)), bounds.on(name, day)
            if before is not after:
                yield LawChange(day, name, before, after)
