"""What follows from the facts of one journey, each state derived once and only when asked for."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType

from domain.chain.bounds import STANDARD, Bounds
from domain.chain.counting import Range
from domain.chain.reading import View
from domain.chain.states.asylum import Decision, decisions
from domain.chain.states.cases import Moment, moments
from domain.chain.states.consents import Consent, consents
from domain.chain.states.courses import Attendance, attendances
from domain.chain.states.family import Child, children
from domain.chain.states.housing import Home, homes
from domain.chain.states.livelihood import Means, means
from domain.chain.states.person import Entry, birth, first_entry
from domain.chain.states.regimes import Regime, regimes, runs
from domain.chain.states.residence import Paper, Stay, papers, stays
from domain.chain.states.titles import Titles
from domain.chain.states.work import Job, Stint, full_time_stints, jobs

Household = Mapping[str, View]
"""The corrected views of the other journeys of the household, by journey id."""

ALONE: Household = MappingProxyType({})
"""The household of somebody of whom no other journey is known."""


class Derived:
    """The corrected view of a journey and the states derived from it.

    Args:
        view: The corrected view.
        bounds: The law and the practice by which it is judged.
        household: The views of the other members of the household.
    """

    def __init__(self, view: View, bounds: Bounds = STANDARD, household: Household = ALONE) -> None:
        self.view = view
        self.bounds = bounds
        self.household = household

    @cached_property
    def titles(self) -> Titles:
        """Residence titles."""
        return Titles(self.view)

    @cached_property
    def decisions(self) -> list[Decision]:
        """Asylum decisions."""
        return decisions(self.view, self.bounds)

    @cached_property
    def moments(self) -> list[Moment]:
        """Cases and offices after each fact about them."""
        return moments(self.view)

    @cached_property
    def consents(self) -> list[Consent]:
        """Consents with their days."""
        return consents(self.view, self.bounds)

    @cached_property
    def jobs(self) -> list[Job]:
        """Jobs with their facts."""
        return jobs(self.view)

    @cached_property
    def stints(self) -> list[Stint]:
        """Full-time work and training."""
        return list(full_time_stints(self.view, self.jobs))

    @cached_property
    def attendances(self) -> list[Attendance]:
        """Courses attended."""
        return list(attendances(self.view))

    @cached_property
    def stays(self) -> list[Stay]:
        """What the stay rested on, stretch by stretch."""
        return stays(self.view, self.titles, self.decisions)

    @cached_property
    def papers(self) -> list[Paper]:
        """Certificates of Gestattung, Duldung and Fiktion."""
        return papers(self.view)

    @cached_property
    def regimes(self) -> list[Regime]:
        """Benefits granted, with the days through which they are paid."""
        return regimes(self.view)

    @cached_property
    def runs(self) -> list[Regime]:
        """Benefits of one Rechtskreis joined where no day between is unpaid."""
        return runs(self.regimes)

    @cached_property
    def means(self) -> list[Means]:
        """What the person lives on."""
        kinds = self.bounds.in_force("L02.no_livelihood", date.max).codes
        return means(self.view, self.regimes, self.jobs, kinds)

    @cached_property
    def homes(self) -> list[Home]:
        """Ways of living, communal or not."""
        return homes(self.view)

    @cached_property
    def born(self) -> Range | None:
        """The possible days of birth."""
        return birth(self.view)

    @cached_property
    def entry(self) -> Entry | None:
        """The first known entry."""
        return first_entry(self.view)

    @cached_property
    def children(self) -> list[Child]:
        """The children, with what is known of them."""
        return children(self.view, self.household)
