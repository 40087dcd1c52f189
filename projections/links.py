"""The chain above the picture, and the one line that each strand says about itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.chain.intervals import Interval, Kind, State
from domain.fields import Handlungsfeld
from domain.labels import Label, Vocabulary
from projections.field_states import (
    EducationState,
    LanguageState,
    NaturalisationState,
    Orientation,
    RecognitionState,
    Residence,
    TrainingState,
    WorkState,
)
from projections.places import strand_of_field, threatens
from projections.status import FieldStatus
from projections.strands import Link, LinkState, StrandName

_MONTH = timedelta(days=61)


@dataclass(frozen=True, slots=True)
class _LinkOf:
    """A link: its name, the fields that it stands for, and where its gaps gape."""

    name: Label
    fields: tuple[Handlungsfeld, ...]
    strands: tuple[StrandName, ...]


_LINKS = (
    _LinkOf(
        Label("Erstorientierung", "first orientation"),
        (Handlungsfeld.ERSTORIENTIERUNG,),
        (),
    ),
    _LinkOf(
        Label("Aufenthalt", "residence"),
        (Handlungsfeld.AUFENTHALT,),
        (StrandName.AUFENTHALT,),
    ),
    _LinkOf(Label("Sprache", "language"), (Handlungsfeld.SPRACHE,), (StrandName.SPRACHE,)),
    _LinkOf(
        Label("Anerkennung und Bildung", "recognition and education", "Anerkennung"),
        (Handlungsfeld.ANERKENNUNG, Handlungsfeld.AUSBILDUNG, Handlungsfeld.BILDUNG),
        (StrandName.BILDUNG,),
    ),
    _LinkOf(
        Label("Arbeit", "work"),
        (Handlungsfeld.ARBEIT,),
        (StrandName.ARBEIT, StrandName.RECHTSKREIS),
    ),
    _LinkOf(Label("Wohnen", "housing"), (Handlungsfeld.WOHNEN,), (StrandName.WOHNEN,)),
    _LinkOf(
        Label("Einbürgerung", "naturalisation"),
        (Handlungsfeld.EINBUERGERUNG,),
        (StrandName.EINBUERGERUNG,),
    ),
)
_REACHED: frozenset[Vocabulary] = frozenset(
    {
        Orientation.DONE,
        Residence.GESTATTUNG,
        Residence.DULDUNG,
        Residence.PROTECTED,
        Residence.FIKTION,
        Residence.LIMITED,
        Residence.PERMANENT,
        Residence.FREE_MOVEMENT,
        Residence.GERMAN,
        LanguageState.B1,
        LanguageState.SUCCESSFUL,
        LanguageState.VOCATIONAL_RUNNING,
        LanguageState.B2,
        LanguageState.C1,
        EducationState.SCHOOL,
        EducationState.STUDY,
        EducationState.HIGHER,
        RecognitionState.FULL,
        RecognitionState.PARTIAL,
        RecognitionState.ASSESSED,
        TrainingState.RUNNING,
        TrainingState.COMPLETED,
        WorkState.MARGINAL,
        WorkState.PART,
        WorkState.FULL,
        WorkState.EMPLOYED,
        WorkState.SELF_EMPLOYED,
        NaturalisationState.HANDED_OVER,
    }
)
_FALLEN: frozenset[Vocabulary] = frozenset(
    {
        Residence.EXPIRED,
        Residence.OBLIGED_TO_LEAVE,
        WorkState.NOT_ALLOWED,
        WorkState.SEARCHING,
        WorkState.UNEMPLOYED,
    }
)
_FIELDS_OF: Mapping[StrandName, tuple[Handlungsfeld, ...]] = {
    strand: tuple(
        field
        for field in Handlungsfeld
        if strand_of_field(field) is strand and field is not Handlungsfeld.ERSTORIENTIERUNG
    )
    for strand in StrandName
}
_NOTHING_KNOWN = Label("keine Angaben", "nothing recorded")
_AHEAD = Label("noch nicht", "not yet")


def links(
    gaps: Iterable[tuple[StrandName, Interval]], standing: Sequence[FieldStatus], as_of: date
) -> tuple[Link, ...]:
    """Return the links of the chain on a day."""
    placed = tuple(gaps)
    return tuple(
        Link(
            one.name,
            *_link(one, [gap for strand, gap in placed if strand in one.strands], standing, as_of),
        )
        for one in _LINKS
    )


def strand_note(
    name: StrandName, gaps: Sequence[Interval], standing: Sequence[FieldStatus], as_of: date
) -> tuple[Label, LinkState]:
    """Return what a strand says about itself on a day: its gaps first, else where the person stands."""
    opened = _in_state(gaps, State.OPEN, as_of)
    if opened:
        return _counted(len(opened)), LinkState.BROKEN
    due = _threatening(gaps, as_of)
    if due:
        return _deadline(due, as_of), LinkState.DUE
    status = _latest(_FIELDS_OF[name], standing)
    if status is None or status.state is None:
        return _NOTHING_KNOWN, LinkState.UNKNOWN
    return status.state.label, LinkState.AHEAD if status.state in _FALLEN else LinkState.DONE


def _link(
    one: _LinkOf, gaps: Sequence[Interval], standing: Sequence[FieldStatus], as_of: date
) -> tuple[LinkState, Label]:
    opened = _in_state(gaps, State.OPEN, as_of)
    if opened:
        return LinkState.BROKEN, _gap_since(min(gap.opens_on for gap in opened), as_of)
    due = _threatening(gaps, as_of)
    if due:
        return LinkState.DUE, _deadline(due, as_of)
    status = _latest(one.fields, standing)
    if status is None or status.state is None or status.since is None:
        naturalisation = Handlungsfeld.EINBUERGERUNG in one.fields
        return (LinkState.AHEAD, _AHEAD) if naturalisation else (LinkState.UNKNOWN, _NOTHING_KNOWN)
    housed = one.fields == (Handlungsfeld.WOHNEN,)
    reached = housed or status.state in _REACHED
    return (LinkState.DONE if reached else LinkState.AHEAD), _since(
        status.state.label, status.since
    )


def _in_state(gaps: Iterable[Interval], state: State, as_of: date) -> list[Interval]:
    return [one for one in gaps if one.kind is Kind.GAP and one.state(as_of) is state]


def _threatening(gaps: Iterable[Interval], as_of: date) -> list[Interval]:
    due = _in_state(gaps, State.DUE, as_of)
    return [one for one in due if threatens(one.rule, one.due_on, as_of)]


def _latest(fields: Iterable[Handlungsfeld], standing: Sequence[FieldStatus]) -> FieldStatus | None:
    """Return the status of the field that changed last; None if nothing is known of any."""
    wanted = frozenset(fields)
    known = [one for one in standing if one.field in wanted and one.since is not None]
    return max(known, key=lambda one: one.since or date.min, default=None)


def _counted(number: int) -> Label:
    if number == 1:
        return Label("1 offene Lücke", "1 open gap")
    return Label(f"{number} offene Lücken", f"{number} open gaps")


def _deadline(due: Iterable[Interval], as_of: date) -> Label:
    """Return how long the nearest deadline is away."""
    days = min(((one.due_on or one.opens_on) - as_of).days for one in due)
    if days <= 0:
        return Label("Frist endet heute", "deadline ends today")
    if days == 1:
        return Label("Frist endet morgen", "deadline ends tomorrow")
    return Label(f"Frist in {days} Tagen", f"deadline in {days} days")


def _gap_since(day: date, as_of: date) -> Label:
    """Return how long a gap has been open: in months once it is more than two."""
    length = as_of - day
    days = length.days + 1
    if length < _MONTH:
        unit = ("Tag", "day") if days == 1 else ("Tagen", "days")
        return Label(f"Lücke seit {days} {unit[0]}", f"gap for {days} {unit[1]}")
    months = (as_of.year - day.year) * 12 + as_of.month - day.month
    return Label(f"Lücke seit {months} Monaten", f"gap for {months} months")


def _since(label: Label, day: date) -> Label:
    return Label(
        f"{label.de} seit {day:%m.%Y}", f"{label.en} since {day:%m/%Y}", f"seit {day:%m.%Y}"
    )
