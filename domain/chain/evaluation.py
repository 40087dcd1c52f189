"""From the facts of one journey to the intervals of every rule: pure, bounded, the same every time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from domain.chain.bounds import STANDARD, Bounds
from domain.chain.catalogue import RULES
from domain.chain.derived import ALONE, Derived, Household
from domain.chain.intervals import Interval, State, Turned
from domain.chain.reading import Told, View, read
from domain.chain.rule import Draft, Refused, Rule, settle


def evaluate(
    told: Sequence[Told],
    known_at: date | None = None,
    rules: Sequence[Rule] | None = None,
    bounds: Bounds = STANDARD,
    household: Household = ALONE,
) -> tuple[Interval, ...]:
    """Return the intervals of one journey, future ones included, in the order of rules and facts.

    Args:
        told: The facts of one journey, in the order of the file or of the journal.
        known_at: The last day whose recordings count; None counts everything.
        rules: The rules asked for; None asks for all.
        bounds: The law and the practice to judge by.
        household: The corrected views of the other members of the household.
    """
    return intervals(Derived(read(told, known_at), bounds, household), rules)


def intervals(journey: Derived, rules: Sequence[Rule] | None = None) -> tuple[Interval, ...]:
    """Return the intervals of a journey already read."""
    view, found = journey.view, list[Interval]()
    for rule in RULES.values() if rules is None else rules:
        if view.has(*rule.triggers):
            for one in rule.find(journey):
                if type(one) is Draft:
                    settled = settle(rule, one, journey)
                    if type(settled) is Interval:
                        found.append(settled)
    return tuple(found)


def turned(journey: Derived, rule: Rule) -> tuple[Turned, ...]:
    """Return the triggers of a rule that make no instance, each with the first condition that fails."""
    return tuple(_turned(journey, rule))


def _turned(journey: Derived, rule: Rule) -> Iterator[Turned]:
    for one in rule.find(journey):
        if isinstance(one, Refused):
            yield Turned(rule.id, one.trigger.id, one.reason)
        else:
            settled = settle(rule, one, journey)
            if isinstance(settled, Turned):
                yield settled


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a rule stands on a day: its instances, and the triggers that made none.

    Attributes:
        state: The most pressing state: open, due, closed, not applicable.
        instances: Every instance, also those that begin later.
        turned: The triggers that make no instance.
        triggered: Whether there is any fact that could set the rule off.
    """

    rule: Rule
    state: State
    instances: tuple[Interval, ...]
    turned: tuple[Turned, ...]
    triggered: bool


_PRESSING = (State.OPEN, State.DUE, State.CLOSED)


def why(
    view: View,
    rule: Rule,
    day: date,
    bounds: Bounds = STANDARD,
    household: Household = ALONE,
) -> Standing:
    """Return why a rule is open on a day, or why it is not."""
    journey = Derived(view, bounds, household)
    instances = intervals(journey, (rule,))
    states = {one.state(day) for one in instances}
    state = next((one for one in _PRESSING if one in states), State.NOT_APPLICABLE)
    return Standing(rule, state, instances, turned(journey, rule), view.has(*rule.triggers))
