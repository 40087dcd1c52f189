"""The household of a journey: its members, and the gaps that tie them to each other, the same on each page."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from domain.chain.catalogue import RULES
from domain.chain.intervals import Interval, Kind, State
from domain.chain.reading import told
from domain.journal import Recorded
from projections.history import History, history
from projections.household import Read, around
from projections.register import header_of
from projections.worklist import Header
from web.cards import since
from web.moment import Moment
from web.naming import title_of
from web.texts import Texts


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a household.

    Attributes:
        address: The page of the journey; empty: it is the page on which this stands.
        knots: The gaps that stand and tie the member to others of the household.
    """

    address: str
    name: str
    knots: tuple[str, ...]


Others = Mapping[UUID, History]
"""What is known of the others of a household, by journey."""


def others_of(known: History, moment: Moment, read: Read) -> Others:
    """Return what is known of the others of the household; empty for somebody alone."""
    return dict(_others(known, moment, read))


def household(
    journey: UUID, known: History, others: Others, moment: Moment, texts: Texts
) -> tuple[Member, ...]:
    """Return everybody of the household by journey id, so that it reads the same on each of their pages.

    Empty if no other journey of the household is known.
    """
    if not others:
        return ()
    every = {journey: known, **others}
    return tuple(
        _member(one, every[one], "" if one == journey else f"/verlauf/{one}", moment, texts)
        for one in sorted(every)
    )


def with_people(texts: Texts, known: History, others: Others) -> Texts:
    """Return texts that call the others of the household by their names, however the facts refer to them."""
    names = {str(one): _name(one, history, texts) for one, history in others.items()}
    for child in known.derived.children:
        if child.name in names:
            names |= dict.fromkeys(child.names, names[child.name])
    return replace(texts, names={**texts.names, **names})


def _others(known: History, moment: Moment, read: Read) -> Iterator[tuple[UUID, History]]:
    for name, _ in known.beside:
        one = UUID(name)
        records: Sequence[Recorded] = read(one)
        yield one, history(told(records), moment.known_at, around(one, records, read))


def _member(one: UUID, known: History, address: str, moment: Moment, texts: Texts) -> Member:
    return Member(
        f"{address}{moment.query()}" if address else "",
        _name(one, known, texts),
        tuple(_knots(known.intervals, moment, texts)),
    )


def _name(one: UUID, known: History, texts: Texts) -> str:
    return title_of(header_of(one, known) or Header(one), texts)


def _knots(intervals: Iterable[Interval], moment: Moment, texts: Texts) -> Iterator[str]:
    for one in intervals:
        stands = one.state(moment.as_of) in {State.OPEN, State.DUE}
        if stands and RULES[one.rule].knot and one.kind is Kind.GAP:
            yield f"{texts.label(RULES[one.rule].label)}, {since(one, moment.as_of, texts)}"
