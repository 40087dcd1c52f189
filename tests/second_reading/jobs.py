"""Jobs (terms of the rules): which facts belong to which job, in the order of G3."""

from dataclasses import dataclass, field

from tests.second_reading.basis import Told, View, of

JOB_FACTS = ("EmploymentStarted", "EmploymentChanged", "EmploymentEndAnnounced", "EmploymentEnded")


@dataclass
class Job:
    """The facts of a job in the order of G3; the first is its start, if one is told."""

    facts: list[Told] = field(default_factory=list)

    @property
    def start(self) -> Told | None:
        return self.facts[0] if self.facts[0].type == "EmploymentStarted" else None

    @property
    def employer(self) -> str | None:
        """The employer that the job first told."""
        told = [fact.get("employer") for fact in self.facts if fact.get("employer") is not None]
        return told[0] if told else None

    @property
    def end(self) -> Told | None:
        """The ``EmploymentEnded`` of the job."""
        return self.facts[-1] if self.facts[-1].type == "EmploymentEnded" else None

    def last_told(self, name: str) -> Told | None:
        """The last fact of the job that carries the attribute."""
        telling = [fact for fact in self.facts if fact.get(name) is not None]
        return telling[-1] if telling else None

    def known_by(self, name: str, fact: Told) -> object:
        """The value of the attribute last told by the fact (itself included)."""
        told = None
        for other in self.facts:
            if other.rank <= fact.rank and other.get(name) is not None:
                told = other.get(name)
        return told


def jobs_of(view: View) -> list[Job]:
    jobs: list[Job] = []
    for fact in of(view, *JOB_FACTS):
        job = None if fact.type == "EmploymentStarted" else _job_of(jobs, fact)
        if job is None:
            job = Job()
            jobs.append(job)
        job.facts.append(fact)
    return jobs


def _job_of(jobs: list[Job], fact: Told) -> Job | None:
    running = [job for job in jobs if job.end is None]
    for job in running:
        if job.start is not None and job.start.id == fact.get("employment"):
            return job
    for job in reversed(running):
        if job.employer is None or fact.get("employer") in (None, job.employer):
            return job
    return None
