"""Education and training: school, study, recognition of qualifications, bridging measures, training."""

from collections.abc import Iterator
from typing import NamedTuple

from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.states.work import TRAINING_ENDS
from domain.labels import Label, Vocabulary
from projections.field_states import EducationState, RecognitionState, TrainingState
from projections.short import shortened
from projections.strands import StrandName
from projections.stretches.stretch import Stretch, last_day, runs, stretch


class _Course(NamedTuple):
    """A kind of stretch: what begins it, what ends it, and what it is called."""

    begins: tuple[str, ...]
    ends: tuple[str, ...]
    label: Label
    state: Vocabulary
    named_by: str = ""
    detailed_by: str = ""


_COURSES = (
    _Course(
        ("StudyAdmitted",),
        ("StudyCompleted", "StudyEnded"),
        Label("Studium", "study", "Studium"),
        EducationState.STUDY,
    ),
    _Course(
        ("RecognitionApplied",),
        ("RecognitionDecided",),
        Label("Anerkennungsverfahren", "recognition procedure", "Anerkennung"),
        RecognitionState.APPLIED,
        detailed_by="occupation",
    ),
    _Course(
        ("BridgingMeasureStarted",),
        ("BridgingMeasureEnded",),
        Label("Brückenmaßnahme", "bridging measure", "Brücke"),
        TrainingState.BRIDGING,
        named_by="kind",
    ),
    _Course(
        ("TrainingStarted",),
        TRAINING_ENDS,
        Label("Ausbildung", "training", "Ausbildung"),
        TrainingState.RUNNING,
        named_by="training_kind",
    ),
)
_SCHOOL = Label("Schule", "school", "Schule")


def education(derived: Derived) -> tuple[Stretch, ...]:
    """Return schools, studies, procedures and training."""
    return (*_schools(derived), *_courses(derived))


def _courses(derived: Derived) -> Iterator[Stretch]:
    for course in _COURSES:
        for begin, closing in runs(derived.view, course.begins, course.ends):
            yield stretch(
                StrandName.BILDUNG,
                begin,
                last_day(closing, course.begins),
                _named(begin, course.named_by) or course.label,
                state=course.state,
                detail=str(begin.get(course.detailed_by) or ""),
            )


def _schools(derived: Derived) -> Iterator[Stretch]:
    """Yield the schools of the person and of the children, who are told apart by their reference."""
    facts = derived.view.of("SchoolStarted", "SchoolLeft")
    for place, one in enumerate(facts):
        if one.type != "SchoolStarted":
            continue
        child = one.get("child_ref")
        closing = next(
            (other for other in facts[place + 1 :] if other.get("child_ref") == child), None
        )
        yield stretch(
            StrandName.BILDUNG if child is None else StrandName.FAMILIE,
            one,
            last_day(closing, ("SchoolStarted",)),
            _school(one),
            state=EducationState.SCHOOL if child is None else None,
        )


def _school(one: Seen) -> Label:
    """Return the kind of school; a child's says so."""
    label = _named(one, "form") or _SCHOOL
    if one.get("child_ref") is None:
        return label
    return Label(f"Kind: {label.de}", f"child: {label.en}", "Kind: Schule")


def _named(begin: Seen, attribute: str) -> Label | None:
    value = begin.get(attribute) if attribute else None
    return shortened(value) if isinstance(value, Vocabulary) else None
