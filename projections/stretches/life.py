"""Every stretch of a journey, strand by strand."""

from collections.abc import Callable, Mapping
from datetime import date

from domain.chain.derived import Derived
from projections.strands import StrandName
from projections.stretches.benefits import benefits
from projections.stretches.counselling import counselling
from projections.stretches.education import education
from projections.stretches.language import language
from projections.stretches.living import family, housing, naturalisation
from projections.stretches.residence import residence
from projections.stretches.stretch import Stretch
from projections.stretches.work import work

_SOURCES: tuple[Callable[[Derived], tuple[Stretch, ...]], ...] = (
    benefits,
    residence,
    language,
    education,
    work,
    housing,
    family,
    counselling,
    naturalisation,
)
_PLACE: Mapping[StrandName, int] = {name: place for place, name in enumerate(StrandName)}


def stretches(derived: Derived) -> tuple[Stretch, ...]:
    """Return every stretch in the order of the strands and of their days; nothing outlasts the stay."""
    last = _last_day_of_all(derived)
    found = (one for source in _SOURCES for one in source(derived))
    kept = (one.until(last) for one in found if last is None or one.start <= last)
    return tuple(sorted(kept, key=lambda one: (_PLACE[one.strand], one.start, one.refs)))


def _last_day_of_all(derived: Derived) -> date | None:
    """Return the day after which nothing runs: the person died, or left and told nothing since."""
    deaths = [one.latest for one in derived.view.of("PersonDied")]
    if deaths:
        return min(deaths)
    left = derived.view.of("LeftGermany")
    if left and left[-1] is derived.view.facts[-1]:
        return left[-1].latest
    return None
