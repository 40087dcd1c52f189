"""The vocational language course that follows the integration course."""

from datetime import date

from domain.events.language import LanguageTestTaken
from domain.events.vocational_language import (
    VocationalCourseCompleted,
    VocationalCourseRegistered,
    VocationalCourseStarted,
    VocationalLanguageEntitlementIssued,
)
from domain.fields import Recorder
from domain.vocabulary.language import Cefr, CourseKind, EntitlementIssuer, LanguageTest
from infra.population.draws import after, weekday
from infra.population.ledger import Step
from infra.population.life import Life, exactly
from infra.population.months import months_later

_UNITS = 400


def vocational_course(life: Life, start: date) -> None:
    """Be entitled, register and start; complete it where there was time."""
    issued = after(start, -6)
    life.tell(
        VocationalLanguageEntitlementIssued(
            issuer=EntitlementIssuer.JC,
            target=Cefr.B2,
            issued_on=exactly(issued),
            lapses_on=exactly(months_later(issued, 3)),
        ),
        issued,
        Recorder.JOBCENTER,
    )
    life.tell(
        VocationalCourseRegistered(kind=CourseKind.BSK_B2, target=Cefr.B2),
        after(start, -3),
        Recorder.CLIENT,
    )
    life.tell(
        VocationalCourseStarted(kind=CourseKind.BSK_B2, ue=_UNITS, target=Cefr.B2),
        start,
        Recorder.COURSE_PROVIDER,
    )
    end = weekday(after(start, life.draw.between(130, 190)))
    over = end <= life.today
    life.ledger.steps.append(Step(start, end if over else None))
    if over:
        _completed(life, end)


def _completed(life: Life, end: date) -> None:
    life.tell(
        VocationalCourseCompleted(kind=CourseKind.BSK_B2, ue=_UNITS), end, Recorder.COURSE_PROVIDER
    )
    tested = after(end, life.draw.between(5, 20))
    if tested <= life.today:
        level = Cefr.B2 if life.draw.chance(0.58) else Cefr.B1
        life.tell(
            LanguageTestTaken(test_kind=LanguageTest.TELC_B2, result=level),
            tested,
            Recorder.COURSE_PROVIDER,
        )
