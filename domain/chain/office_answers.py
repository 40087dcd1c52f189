"""What an office owes: an answer known by month or year only counts on its latest day (W08).

A duty of an office is never taken for fulfilled earlier than it surely was. Undated, an answer counts on
``due_on`` as everywhere (line G5).
"""

from collections.abc import Iterable, Iterator
from datetime import date

from domain.chain.intervals import ClosedBy
from domain.chain.reading import Seen
from domain.chain.rule import Closing


def answered_by(facts: Iterable[Seen], due_on: date | None) -> Iterator[Closing]:
    """Yield how the answers of an office close its duty."""
    for one in facts:
        day = one.latest if one.dated or due_on is None else due_on
        in_time = due_on is None or day <= due_on
        yield Closing(day, ClosedBy.IN_TIME if in_time else ClosedBy.LATE, one, one.unsure_from)
