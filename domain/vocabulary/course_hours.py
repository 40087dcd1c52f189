"""The kinds of language courses as they are set out: how many units, and when such a course may begin.

A unit is a lesson of 45 minutes; an integration course has a language part and an orientation course
(reference 2.4; IntV, DeuFöV). A kind with several rows changed; one with an end begins no more.
"""

from dataclasses import dataclass
from datetime import date

from domain.vocabulary.language import CourseKind

_MODULE = 100


@dataclass(frozen=True, slots=True)
class CourseHours:
    """What a kind of course consists of, for courses that begin from one day through another.

    Attributes:
        kind: The kind.
        language: Units of language; None: it varies.
        orientation: Units of the orientation course.
        repetition: Units of language that may be repeated once under today's law.
        up_to: Whether the units of language are the most there are.
        begins_from: First day on which such a course may begin; None: as far as is known.
        begins_until: Last day on which one may begin; None: it still may.
        source: Where it is set out.
    """

    kind: CourseKind
    language: int | None
    orientation: int = 0
    repetition: int = 0
    up_to: bool = False
    begins_from: date | None = None
    begins_until: date | None = None
    source: str = "integrationskette.md 2.4"

    @property
    def total(self) -> int | None:
        """Return all units; None where they vary."""
        return None if self.language is None else self.language + self.orientation

    @property
    def modules(self) -> int | None:
        """Return the parts of an integration course's language course, of 100 units each."""
        return self.language // _MODULE if self.language is not None and self.orientation else None

    def begins_on(self, day: date) -> bool:
        """Say whether a course of this row may begin on a day."""
        return (self.begins_from is None or self.begins_from <= day) and (
            self.begins_until is None or day <= self.begins_until
        )


_SPECIAL = "§ 13 Abs. 1 IntV"
_LEGACY = "§ 13 Abs. 1 IntV a. F., § 22 IntV"
_BASIC = "§ 12 DeuFöV"
_AFTER = "§ 13 Abs. 2 DeuFöV"

COURSE_HOURS: tuple[CourseHours, ...] = (
    CourseHours(CourseKind.IK_ALLGEMEIN, 600, 100, source="§§ 10, 11, 12 IntV"),
    CourseHours(CourseKind.IK_ALPHA, 900, 100, 300, up_to=True, source=_SPECIAL),
    CourseHours(CourseKind.IK_ZWEITSCHRIFT, 900, 100, up_to=True, source=_SPECIAL),
    CourseHours(CourseKind.IK_FOERDER, 900, 100, 300, up_to=True, source=_SPECIAL),
    CourseHours(
        CourseKind.IK_INTENSIV,
        400,
        30,
        begins_until=date(2024, 4, 30),
        source="§ 13 Abs. 2 IntV a. F., § 22 IntV",
    ),
    CourseHours(
        CourseKind.IK_INTENSIV, 400, 100, begins_from=date(2024, 5, 1), source="§ 13 Abs. 2 IntV"
    ),
    CourseHours(
        CourseKind.IK_JUGEND, 900, 100, up_to=True, begins_until=date(2025, 4, 30), source=_LEGACY
    ),
    CourseHours(
        CourseKind.IK_ELTERN_FRAUEN,
        900,
        100,
        up_to=True,
        begins_until=date(2025, 4, 30),
        source=_LEGACY,
    ),
    CourseHours(CourseKind.OK_ONLY, 0, 100, source="§ 44 Abs. 3 S. 2 AufenthG, § 12 IntV"),
    CourseHours(CourseKind.EOK, 300),
    CourseHours(CourseKind.MIA, 34),
    CourseHours(CourseKind.BSK_B2, 400, source=_BASIC),
    CourseHours(CourseKind.BSK_B2_BRIDGE, 500, source=_BASIC),
    CourseHours(CourseKind.BSK_C1, 400, source=_BASIC),
    CourseHours(CourseKind.BSK_C2, 400, source=_BASIC),
    CourseHours(CourseKind.BSK_B1, 400, source=_AFTER),
    CourseHours(CourseKind.BSK_A2, 400, source=_AFTER),
    CourseHours(CourseKind.BSK_ANERKENNUNG, 600, up_to=True),
    CourseHours(CourseKind.BSK_FACH, 300),
    CourseHours(CourseKind.JOB_BSK, 150, up_to=True),
    CourseHours(CourseKind.LAND_BASIS, 300),
    CourseHours(CourseKind.EHRENAMT, None),
    CourseHours(CourseKind.VHS_SELF, None),
)


def hours_of(kind: CourseKind, begins: date) -> CourseHours | None:
    """Return what a course of a kind consists of that begins on a day; None if none may begin then."""
    return next((one for one in COURSE_HOURS if one.kind is kind and one.begins_on(begins)), None)
