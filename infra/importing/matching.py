"""Which row is which fact: by its number, else by type and day, else by being the only change.

Anything less clear is refused, never guessed.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from infra.importing.held import SYNTHETIC, Held, content
from infra.spreadsheets.cells import Place
from infra.spreadsheets.rows import FactRow, Sourced

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, and why."""

    one: Sourced
    code: str
    others: tuple[int, ...] = ()

    @property
    def place(self) -> Place:
        """Return where the row stands."""
        return self.one.place


@dataclass(slots=True)
class Match:
    """What became of the rows of one person.

    Attributes:
        pairs: Rows and the facts they told before.
        moved: Rows without a number that tell another day than before.
        new: Rows that tell something new.
        twice: Rows that repeat another row.
        vanished: Facts of this list that no row tells any more.
        refused: Rows that are not clear.
    """

    pairs: list[tuple[Sourced, Held]] = field(default_factory=list)
    moved: list[Sourced] = field(default_factory=list)
    new: list[Sourced] = field(default_factory=list)
    twice: list[Sourced] = field(default_factory=list)
    vanished: list[Held] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def match(rows: Sequence[Sourced], facts: Mapping[str, Held]) -> Match:
    """Match the rows of one person with the facts of their journey."""
    found = Match()
    rows = _by_number(_once(rows, found), dict(facts), found)
    taken = {fact.id for _row, fact in found.pairs}
    left = [one for one in facts.values() if one.ours and one.id not in taken]
    rows, left = _by_day(rows, left, found)
    rows = _without_renumbered(rows, left, found)
    _by_being_the_only(rows, [one for one in left if one.stands], found)
    return found


def _once(rows: Sequence[Sourced], found: Match) -> list[Sourced]:
    """Take rows of the same identity once if they say the same, refuse them if not."""
    kept: list[Sourced] = []
    for same in _grouped(rows, _identity).values():
        if all(_says_the_same(one.row, same[0].row) for one in same):
            kept.append(same[0])
            found.twice += same[1:]
        else:
            _refuse(found, same, "same-number" if same[0].row.number else "same-day")
    return kept


def _identity(one: Sourced) -> Hashable:
    return one.row.number or (one.row.type, one.row.occurred_on)


def _says_the_same(one: FactRow, other: FactRow) -> bool:
    return (one.type, one.occurred_on, content(one.type, one.attributes)) == (
        other.type,
        other.occurred_on,
        content(other.type, other.attributes),
    )


def _by_number(rows: Sequence[Sourced], facts: Mapping[str, Held], found: Match) -> list[Sourced]:
    left = []
    for one in rows:
        fact = facts.get(one.row.number or "")
        if fact is None:
            left.append(one)
        elif fact.type != one.row.type:
            found.refused.append(Refused(one, "type-changed"))
        else:
            found.pairs.append((one, fact))
    return left


def _by_day(
    rows: Sequence[Sourced], facts: Sequence[Held], found: Match
) -> tuple[list[Sourced], list[Held]]:
    """Match what agrees in type and day; two numbers that differ never agree."""
    by_day = _grouped(facts, lambda one: (one.type, one.occurred_on))
    left: list[Sourced] = []
    taken: set[str] = set()
    for one in rows:
        same = [
            fact
            for fact in by_day.get((one.row.type, one.row.occurred_on), ())
            if fact.id not in taken and not (fact.numbered and one.row.number)
        ]
        if len(same) > 1:
            same = [fact for fact in same if _unchanged(one.row, fact)][:1] or same
        if len(same) > 1:
            _refuse(found, [one], "ambiguous")
            taken |= {fact.id for fact in same}
        elif same:
            found.pairs.append((one, same[0]))
            taken.add(same[0].id)
        else:
            left.append(one)
    return left, [fact for fact in facts if fact.id not in taken]


def _without_renumbered(
    rows: Sequence[Sourced], facts: Sequence[Held], found: Match
) -> list[Sourced]:
    """Refuse rows that stood under another number before, which no row has any more."""
    numbered = {(one.type, one.occurred_on) for one in facts if one.numbered and one.stands}
    left: list[Sourced] = []
    for one in rows:
        known = one.row.number and one.row.occurred_on.known
        if known and (one.row.type, one.row.occurred_on) in numbered:
            found.refused.append(Refused(one, "renumbered"))
        else:
            left.append(one)
    return left


def _unchanged(row: FactRow, fact: Held) -> bool:
    return content(row.type, row.attributes) == fact.attributes


def _by_being_the_only(rows: Sequence[Sourced], facts: Sequence[Held], found: Match) -> None:
    """Take one new row and one old fact of a type as a change of it."""
    new, old = _grouped(rows, lambda one: one.row.type), _grouped(facts, lambda one: one.type)
    for type_name in dict.fromkeys([*new, *old]):
        _pair(new.get(type_name, []), old.get(type_name, []), found)


def _pair(rows: Sequence[Sourced], facts: Sequence[Held], found: Match) -> None:
    may = [(one, fact) for one in rows for fact in facts if not (one.row.number and fact.numbered)]
    asked = list({id(one): one for one, _fact in may}.values())
    doubtful = {fact.id for _one, fact in may}
    if len(may) == 1:
        found.pairs.append(may[0])
        found.moved.append(may[0][0])
    elif may:
        _refuse(found, asked, "ambiguous")
    found.new += [one for one in rows if one not in asked]
    found.vanished += [
        fact for fact in facts if fact.id not in doubtful and fact.id not in SYNTHETIC
    ]


def _refuse(found: Match, rows: Sequence[Sourced], code: str) -> None:
    numbers = tuple(one.place.row for one in rows)
    found.refused += [
        Refused(one, code, tuple(row for row in numbers if row != one.place.row)) for one in rows
    ]


def _grouped(all_of: Iterable[One], key: Callable[[One], Hashable]) -> dict[Hashable, list[One]]:
    groups: defaultdict[Hashable, list[One]] = defaultdict(list)
    for one in all_of:
        groups[key(one)].append(one)
    return dict(groups)
