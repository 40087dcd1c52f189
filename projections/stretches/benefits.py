"""The Rechtskreise: under which law a person lives, and since when."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.labels import Label
from domain.vocabulary.benefits import Rechtskreis
from projections.short import shortened
from projections.strands import StrandName
from projections.stretches.stretch import Stretch, stretch

_UNNAMED = Label("Leistung, Rechtskreis unbekannt", "benefit, legal circle unknown", "Leistung")


def benefits(derived: Derived) -> tuple[Stretch, ...]:
    """Return the regimes; one that was granted without an end lasts until another begins."""
    grants = derived.view.of("BenefitGranted")
    return tuple(
        _regime(derived, grant, following)
        for grant, following in zip(grants, _following(grants), strict=True)
    )


def _following(grants: list[Seen]) -> Iterator[Seen | None]:
    """Yield for every grant the next one."""
    yield from grants[1:]
    if grants:
        yield None


def _regime(derived: Derived, grant: Seen, following: Seen | None) -> Stretch:
    regime = grant.get("rechtskreis")
    label = shortened(regime) if isinstance(regime, Rechtskreis) else _UNNAMED
    return stretch(
        StrandName.RECHTSKREIS,
        grant,
        _end(derived, grant, following),
        label,
        start=_first_day(grant),
        state=regime if isinstance(regime, Rechtskreis) else None,
    )


def _end(derived: Derived, grant: Seen, following: Seen | None) -> Seen | date | None:
    """Return what ends a regime: its end as told, its extended term, or the next regime."""
    regime = grant.get("rechtskreis")
    told = grant.latest_of("until")
    for one in derived.view.after(grant, "BenefitExtended", "BenefitEnded", "BenefitGranted"):
        if one.type == "BenefitGranted":
            if one.get("rechtskreis") == regime:
                return min(plus_days(_first_day(one), -1), told or date.max)
            continue
        if one.get("rechtskreis") not in (regime, None):
            continue
        if one.type == "BenefitEnded":
            return one
        told = one.latest_of("until") or told
    if told is None and following is not None:
        return plus_days(_first_day(following), -1)
    return told


def _first_day(grant: Seen) -> date:
    return grant.latest_of("from_") or grant.latest
