"""Trainings: which contract, start and end belong together, and what kind of training it is (T01, T03, B06)."""

from dataclasses import dataclass

from domain.chain.counting import Range, range_of, same
from domain.chain.reading import Seen, View

SCHOOL_BASED = "SCHULISCH"
_NOT_VOCATIONAL = frozenset(
    {"EQ", "BVB", "AV_BK", "IFK", "TEILQUALIFIKATION", "NACHQUALIFIZIERUNG", "STUDIUM"}
)
_ENDS = ("TrainingAborted", "TrainingCompleted", "TrainingFinallyFailed")


@dataclass(slots=True)
class Training:
    """One training: its contract, its start and its end, as far as they are told."""

    contract: Seen | None
    start: Seen | None = None
    end: Seen | None = None

    @property
    def first(self) -> Seen:
        """Return the fact by which it became known: the contract, else the start."""
        found = self.contract or self.start
        if found is None:
            message = "a training has a contract or a start"
            raise ValueError(message)
        return found

    @property
    def kind(self) -> str | None:
        """Return the kind of training: as the contract tells it, else the start."""
        told = (one.get("training_kind") for one in (self.contract, self.start) if one is not None)
        return next((one for one in told if one is not None), None)

    @property
    def vocational(self) -> bool:
        """Say whether it leads to a vocation; what is not told does."""
        return self.kind not in _NOT_VOCATIONAL

    @property
    def begins(self) -> Range | None:
        """Return the possible first days: as the contract tells them, else those of the start."""
        told = None if self.contract is None else range_of(self.contract.day("start"))
        if told is not None or self.start is None:
            return told
        return Range(self.start.earliest, self.start.latest)


def trainings(view: View) -> list[Training]:
    """Return the trainings in the order of the facts by which they became known."""
    found: list[Training] = []
    for one in view.of("TrainingContractSigned", "TrainingStarted", *_ENDS):
        if one.type == "TrainingContractSigned":
            found.append(Training(one))
        elif one.type == "TrainingStarted":
            _start(one, found)
        else:
            running = [training for training in found if training.end is None]
            started = [training for training in running if training.start is not None]
            for training in (started or running)[-1:]:
                training.end = one
    return found


def _start(one: Seen, found: list[Training]) -> None:
    """Let a start belong to the latest contract that has none and fits its kind, else to a training of its own."""
    kind = one.get("training_kind")
    agreed = [
        training
        for training in found
        if training.start is None and training.end is None and same(training.kind, kind)
    ]
    if agreed:
        agreed[-1].start = one
    else:
        found.append(Training(None, one))
