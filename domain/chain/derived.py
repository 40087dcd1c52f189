"""What follows from the facts of one journey, each state derived once and only when asked for."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, TypeVar

from domain.chain.bounds import STANDARD, Bounds
from domain.chain.counting import Range
from domain.chain.reading import View
from domain.chain.states.absence import Absence, Interruption, absences, interruptions
from domain.chain.states.annulment import standing
from domain.chain.states.asylum import Decision, Refusal, decisions, refusals
from domain.chain.states.cases import Moment, moments
from domain.chain.states.consents import Consent, consents
from domain.chain.states.courses import Attendance, attendances
from domain.chain.states.family import Child, children
from domain.chain.states.housing import Home, homes
from domain.chain.states.lawful import Clock, LawfulStay, clocks, lawful_stay
from domain.chain.states.livelihood import Means, means
from domain.chain.states.naturalisation import Procedure, procedures
from domain.chain.states.person import Entry, birth, first_entry
from domain.chain.states.regimes import Regime, regimes, runs
from domain.chain.states.residence import Paper, Stay, papers
from domain.chain.states.residence_duty import Duty, Place, duties, places
from domain.chain.states.status_steps import stays
from domain.chain.states.titles import Titles
from domain.chain.states.training import Training, trainings
from domain.chain.states.work import Job, Stint, full_time_stints, jobs

Household = Mapping[str, View]
"""The corrected views of the other journeys of the household, by journey id."""

ALONE: Household = MappingProxyType({})
"""The household of somebody of whom no other journey is known."""

_Found = TypeVar("_Found")


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
        self._found: dict[object, Any] = {}

    def once(self, find: Callable[["Derived"], _Found]) -> _Found:
        """Return what a function finds in this journey; it looks only once."""
        known = self._found
        found: _Found
        if find in known:
            found = known[find]
        else:
            found = known[find] = find(self)
        return found

    @cached_property
    def standing(self) -> "Derived":
        """The same without the facts that are void: what the status of the stay rests on."""
        view = standing(self.view)
        return self if view is self.view else self.on(view)

    def on(self, view: View) -> "Derived":
        """Return the states of another view of the journey, by the same bounds."""
        return Derived(view, self.bounds, self.household)

    @cached_property
    def titles(self) -> Titles:
        """Residence titles."""
        return Titles(self.view)

    @cached_property
    def decisions(self) -> list[Decision]:
        """Asylum decisions."""
        return decisions(self.view, self.bounds)

    @cached_property
    def trainings(self) -> list[Training]:
        """Trainings, each with its contract, start and end."""
        return trainings(self.view)

    @cached_property
    def refusals(self) -> list[Refusal]:
        """Asylum applications refused for good."""
        return refusals(self.view, self.decisions)

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
        valid = self.standing
        return stays(valid.view, valid.titles, valid.decisions, valid.refusals, self.bounds)

    @cached_property
    def absences(self) -> list[Absence]:
        """Absences from Germany."""
        return absences(self.view)

    @cached_property
    def interruptions(self) -> list[Interruption]:
        """Absences that interrupt the habitual residence."""
        return interruptions(self.absences, self.bounds)

    @cached_property
    def lawful(self) -> LawfulStay:
        """Stretches of lawful stay, and the gaps behind them."""
        return lawful_stay(self.standing.view, self.stays)

    @cached_property
    def clocks(self) -> list[Clock]:
        """Lawful habitual residence, as the years of naturalisation are counted."""
        return clocks(self.lawful, self.interruptions)

    @cached_property
    def procedures(self) -> list[Procedure]:
        """Naturalisation procedures."""
        return procedures(self.view)

    @cached_property
    def papers(self) -> list[Paper]:
        """Certificates of Gestattung, Duldung and Fiktion."""
        return papers(self.view)

    @cached_property
    def duties(self) -> list[Duty]:
        """Duties to live in an area, by law and by decision."""
        return duties(self.view, self.decisions, self.bounds)

    @cached_property
    def places(self) -> list[Place]:
        """Where the person lives, place after place."""
        return places(self.view)

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
