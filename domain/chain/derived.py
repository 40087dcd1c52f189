"""What follows from the facts of one journey, each state derived once and only when asked for."""

from functools import cached_property

from domain.chain.reading import View
from domain.chain.states.asylum import Decision, decisions
from domain.chain.states.cases import Moment, moments
from domain.chain.states.consents import Consent, consents
from domain.chain.states.courses import Attendance, attendances
from domain.chain.states.titles import Titles
from domain.chain.states.work import Job, Stint, full_time_stints, jobs


class Derived:
    """The corrected view of a journey and the states derived from it."""

    def __init__(self, view: View) -> None:
        self.view = view

    @cached_property
    def titles(self) -> Titles:
        """Residence titles."""
        return Titles(self.view)

    @cached_property
    def decisions(self) -> list[Decision]:
        """Asylum decisions."""
        return decisions(self.view)

    @cached_property
    def moments(self) -> list[Moment]:
        """Cases and offices after each fact about them."""
        return moments(self.view)

    @cached_property
    def consents(self) -> list[Consent]:
        """Consents with their days."""
        return consents(self.view)

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
