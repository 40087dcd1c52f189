"""Language: courses attended, integration courses and vocational ones."""

from collections.abc import Iterator

from domain.chain.derived import Derived
from domain.chain.reading import Seen, View
from domain.labels import Label
from domain.vocabulary.language import CourseKind
from projections.field_states import LanguageState
from projections.short import shortened
from projections.strands import StrandName
from projections.stretches.stretch import Stretch, last_day, runs, stretch

_COURSE = Label("Sprachkurs", "language course", "Kurs")
_VOCATIONAL = Label("Berufssprachkurs", "vocational language course", "BSK")
_VOCATIONAL_BEGINS = ("VocationalCourseStarted",)
_VOCATIONAL_ENDS = ("VocationalCourseCompleted", "VocationalCourseAborted")


def language(derived: Derived) -> tuple[Stretch, ...]:
    """Return the courses attended."""
    return (*_courses(derived), *_vocational(derived.view))


def _courses(derived: Derived) -> Iterator[Stretch]:
    kind: object = None
    for attended in derived.attendances:
        if attended.begin.type == "CourseStarted":
            kind = attended.begin.get("kind")
        yield stretch(
            StrandName.SPRACHE,
            attended.begin,
            last_day(attended.end, ("CourseStarted",)),
            shortened(kind) if isinstance(kind, CourseKind) else _COURSE,
            state=LanguageState.RUNNING,
            detail=str(attended.begin.get("provider") or ""),
        )


def _vocational(view: View) -> Iterator[Stretch]:
    for begin, closing in runs(view, _VOCATIONAL_BEGINS, _VOCATIONAL_ENDS):
        yield stretch(
            StrandName.SPRACHE,
            begin,
            last_day(closing, _VOCATIONAL_BEGINS),
            _kind(begin),
            state=LanguageState.VOCATIONAL_RUNNING,
        )


def _kind(begin: Seen) -> Label:
    kind = begin.get("kind")
    return shortened(kind) if isinstance(kind, CourseKind) else _VOCATIONAL
