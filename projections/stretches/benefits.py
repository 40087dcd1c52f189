"""The Rechtskreise: under which law a person lives, and since when."""

from domain.chain.derived import Derived
from domain.chain.states.regimes import Regime
from domain.labels import Label
from domain.vocabulary.benefits import Rechtskreis
from projections.short import shortened
from projections.strands import StrandName
from projections.stretches.stretch import Stretch, stretch

_UNNAMED = Label("Leistung, Rechtskreis unbekannt", "benefit, legal circle unknown", "Leistung")


def benefits(derived: Derived) -> tuple[Stretch, ...]:
    """Return the regimes; one that was granted without an end lasts until another begins."""
    return tuple(_drawn(one) for one in derived.regimes)


def _drawn(regime: Regime) -> Stretch:
    named = regime.rechtskreis
    known = named if isinstance(named, Rechtskreis) else None
    return stretch(
        StrandName.RECHTSKREIS,
        regime.grant,
        regime.ended_by or regime.last,
        _UNNAMED if known is None else shortened(known),
        start=regime.first,
        state=known,
    )
