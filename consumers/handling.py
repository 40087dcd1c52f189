"""What a batch of arrivals changes: known ones skipped, gaps and failures parked, the rest folded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

from consumers.arrivals import ADVANCED, Arrival, erasure, recorded
from domain.arrived import BEHIND, Parked
from domain.errors import KetteError
from domain.journal import Recorded
from projections.change import Change, Standing
from projections.folding import Rows, rows_of
from projections.history import Beside
from projections.household import beside as beside_of
from projections.projection import Projection, Row

Arrivals = Mapping[UUID, Sequence[Arrival]]


class JournalBehindError(KetteError):
    """The topic tells more of a journey than the journal holds."""

    code = "journal-behind"


@dataclass(slots=True)
class Outcome:
    """What becomes of the journeys of a batch while it is worked out."""

    fresh: dict[UUID, Sequence[Arrival]] = field(default_factory=dict)
    rows: list[tuple[UUID, Rows]] = field(default_factory=list)
    versions: dict[UUID, int] = field(default_factory=dict)
    parked: list[Parked] = field(default_factory=list)
    known: int = 0

    def park(self, arrivals: Iterable[Arrival], reason: str) -> None:
        """Put arrivals of one journey aside: the first for a reason, the others behind it."""
        for one in arrivals:
            self.parked.append(Parked(one.journey, one.version, reason, one.raw))
            reason = BEHIND

    def change(self) -> Change:
        """Return what is to be written, parked records in the order of the topic."""
        self.parked.sort(key=lambda one: (one.raw.partition, one.raw.offset))
        return Change(self.rows, self.versions, self.parked, self.known)


class Handler(Protocol):
    """What folds the fresh arrivals of journeys into rows."""

    def fold(self, outcome: Outcome, standing: Standing) -> None:
        """Fold what is fresh; add rows and versions, park what fails."""
        ...

    def anew(self, records: Sequence[Recorded], journey: UUID, beside: Beside = ()) -> Rows:
        """Return the rows of a journey by its whole history, among the others of its household."""
        ...


def handler_of(projections: Sequence[Projection[Any]]) -> Handler:
    """Return what folds these projections: from the row where each can be restored, else from the journal."""
    if len(projections) == 1 and projections[0].restore is not None:
        return FromItsRow(projections[0], projections[0].restore)
    return FromTheJournal(projections)


def changed(arrivals: Arrivals, standing: Standing, handler: Handler) -> Change:
    """Return what a batch changes, given what stood before it."""
    outcome = Outcome()
    for journey, told in arrivals.items():
        _sift(outcome, told, standing.versions.get(journey, 0), journey in standing.parked)
    handler.fold(outcome, standing)
    return outcome.change()


def _sift(outcome: Outcome, told: Sequence[Arrival], held: int, parked: bool) -> None:
    """Split the arrivals of a journey: known, fresh in unbroken order, and what must wait."""
    fresh: list[Arrival] = []
    for place, one in enumerate(told):
        if one.version <= held:
            outcome.known += 1
        elif parked or one.previous != held:
            rest = [other for other in told[place:] if other.version > held]
            outcome.known += len(told) - place - len(rest)
            reason = f"a gap: version {one.version} follows {one.previous}, held is {held}"
            outcome.park(rest, BEHIND if parked else reason)
            break
        else:
            fresh.append(one)
            held = one.version
    if fresh:
        outcome.fresh[told[0].journey] = fresh


@dataclass(frozen=True, slots=True)
class FromTheJournal:
    """Projections of the whole history: whatever arrives, the journey is folded anew from the journal."""

    projections: Sequence[Projection[Any]]

    def fold(self, outcome: Outcome, standing: Standing) -> None:
        """Fold each fresh journey up to the journal's end, which may lie ahead of the topic.

        Raises:
            JournalBehindError: If the journal does not hold what arrived.
        """
        found = list(standing.told(outcome.fresh))
        readable = {one: told for one, told in found if not isinstance(told, KetteError)}
        beside = beside_of(readable, standing.told)
        for journey, records in found:
            arrivals = outcome.fresh[journey]
            if isinstance(records, KetteError):
                outcome.park(arrivals, reason_of(records))
                continue
            _check_held(records, arrivals[-1])
            try:
                rows = self.anew(records, journey, beside[journey])
            except Exception as error:  # noqa: BLE001  whatever it is, only its journey waits
                outcome.park(arrivals, reason_of(error))
                continue
            outcome.rows.append((journey, rows))
            outcome.versions[journey] = records[-1].version

    def anew(self, records: Sequence[Recorded], journey: UUID, beside: Beside = ()) -> Rows:
        """Return the rows of a journey by its whole history, among the others of its household."""
        return rows_of(self.projections, journey, records, beside)


def _check_held(records: Sequence[Recorded], last: Arrival) -> None:
    if not records or records[-1].version < last.version:
        raise JournalBehindError(
            f"the topic tells version {last.version} of journey {last.journey}, which the journal does "
            "not hold: it was restored from an older backup, or the database is the wrong one"
        )


@dataclass(frozen=True, slots=True)
class FromItsRow:
    """A projection on published facts: it goes on from its own row and needs no journal."""

    projection: Projection[Any]
    restore: Callable[[UUID, Row], Any]

    def fold(self, outcome: Outcome, standing: Standing) -> None:
        """Apply each fresh fact that the projection needs, up to the first that fails."""
        advanced = [
            one.value["position"]
            for told in outcome.fresh.values()
            for one in told
            if one.name == ADVANCED
        ]
        erased = standing.erased(advanced)
        needs = self.projection.needs
        touched = [
            journey
            for journey, told in outcome.fresh.items()
            if journey in erased or any(one.name in needs for one in told)
        ]
        rows = standing.rows(touched)
        for journey, told in outcome.fresh.items():
            outcome.versions[journey] = told[-1].version
        for journey in touched:
            self._go_on(outcome, journey, rows.get(journey), journey in erased)

    def anew(self, records: Sequence[Recorded], journey: UUID, beside: Beside = ()) -> Rows:
        """Return the rows of a journey by its whole history; nobody beside it is asked."""
        return rows_of((self.projection,), journey, records, beside)

    def _go_on(self, outcome: Outcome, journey: UUID, row: Row | None, erased: bool) -> None:
        arrivals = outcome.fresh[journey]
        done: list[Arrival] = []
        state = self.projection.start if row is None else self.restore(journey, row)
        try:
            for one in arrivals:
                if one.name in self.projection.needs:
                    state = self.projection.apply(state, recorded(one))
                done.append(one)
        except Exception as error:  # noqa: BLE001  whatever it is, only its journey waits
            outcome.park(arrivals[len(done) :], reason_of(error))
        if not done:
            del outcome.versions[journey]
            return
        if erased:
            state = self.projection.apply(state, erasure(done[-1]))
        rows = tuple(self.projection.rows(journey, state))
        outcome.rows.append((journey, {self.projection.name: rows}))
        outcome.versions[journey] = done[-1].version


def reason_of(error: Exception) -> str:
    """Return why something failed, without any value: the sentence of our own errors, else the kind."""
    return str(error) if isinstance(error, KetteError) else type(error).__name__


def without(change: Change, refused: frozenset[UUID], arrivals: Arrivals, reason: str) -> Change:
    """Return a change in which some journeys are parked from their first fresh arrival on."""
    outcome = Outcome(known=change.known)
    outcome.rows = [(journey, rows) for journey, rows in change.rows if journey not in refused]
    outcome.versions = {one: at for one, at in change.versions.items() if one not in refused}
    outcome.parked = [one for one in change.parked if one.journey not in refused]
    for journey in refused:
        outcome.park(arrivals[journey], reason)
    return outcome.change()
