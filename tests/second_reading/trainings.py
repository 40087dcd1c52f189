"""Trainings (terms "Training and work"): which contract, start and end belong together."""

from dataclasses import dataclass

from tests.second_reading.basis import Told, View, of, same_or_missing

ENDS = ("TrainingAborted", "TrainingCompleted", "TrainingFinallyFailed")


@dataclass
class Training:
    """A contract, a start, or both, and what ends it."""

    contract: Told | None = None
    start: Told | None = None
    end: Told | None = None

    @property
    def kind(self) -> str | None:
        told = [one.get("training_kind") for one in (self.contract, self.start) if one]
        return next((kind for kind in told if kind is not None), None)


def trainings_of(view: View) -> list[Training]:
    found: list[Training] = []
    for fact in of(view, "TrainingContractSigned", "TrainingStarted", *ENDS):
        if fact.type == "TrainingContractSigned":
            found.append(Training(contract=fact))
        elif fact.type == "TrainingStarted":
            _start(found, fact)
        else:
            _end(found, fact)
    return found


def _start(found: list[Training], fact: Told) -> None:
    for one in reversed(found):
        if (
            one.contract is not None
            and one.start is None
            and one.end is None
            and same_or_missing(one.contract, fact, "training_kind")
        ):
            one.start = fact
            return
    found.append(Training(start=fact))


def _end(found: list[Training], fact: Told) -> None:
    running = [one for one in found if one.end is None]
    started = [one for one in running if one.start is not None]
    ending = (sorted(started, key=lambda one: one.start.rank) or running)[-1:]
    for one in ending:
        one.end = fact
