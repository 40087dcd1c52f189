"""`kette clock`: what crosses a day in people's lives, told once in the second outbox."""

from collections import Counter
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer

from consumers.clock import catch_up, follow
from domain.chain.calendar import BERLIN
from domain.crossings import Notice
from infra.clock_store import ClockStore
from kette.compose import opened_database
from kette.output import told_plainly
from kette.settings import Settings
from kette.stopping import stopping

UntilCaughtUp = Annotated[
    bool, typer.Option("--until-caught-up", help="End when all is told that crossed by today.")
]


@told_plainly
def clock(until_caught_up: UntilCaughtUp = False) -> None:
    """Tell once which gaps opened, escalated, closed or were undone, and which statuses changed."""
    tally = Tally()
    with (
        stopping() as stop,
        opened_database(Settings()) as database,
        ClockStore(*database) as outbox,
    ):
        if until_caught_up:
            catch_up(outbox, datetime.now(BERLIN).date(), stop, tally)
        else:
            follow(outbox, lambda: datetime.now(BERLIN).date(), stop, tally)
    typer.echo(tally.sentence())


class Tally:
    """How much was told, by kind, and how much was kept back."""

    def __init__(self) -> None:
        self._told = Counter[str]()
        self._withheld: dict[UUID, int] = {}

    def __call__(self, notice: Notice) -> None:
        """Count what was told of a journey."""
        self._told.update(one.kind.value for one in notice.crossings)
        if notice.withheld:
            self._withheld[notice.journey] = notice.withheld
        else:
            self._withheld.pop(notice.journey, None)

    def sentence(self) -> str:
        """Say it for people."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self._told.items()))
        told = f"told {self._told.total()} crossings" + (f" ({kinds})" if kinds else "")
        withheld = sum(self._withheld.values())
        return f"{told}; {withheld} instances kept back" if withheld else told
