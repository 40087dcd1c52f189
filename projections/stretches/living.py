"""Housing, health insurance and the way to naturalisation: strands that no rule derives."""

from collections.abc import Iterator

from domain.chain.derived import Derived
from domain.labels import Label, Vocabulary
from domain.vocabulary.benefits import InsuranceKind
from domain.vocabulary.person import HousingKind
from projections.field_states import FamilyState, NaturalisationState
from projections.short import shortened
from projections.strands import StrandName
from projections.stretches.stretch import (
    Stretch,
    joined,
    last_day,
    one_after_another,
    runs,
    stretch,
)

_HOUSING = ("HousingAssigned", "LeaseSigned", "AddressRegistered", "AddressChanged")
_LODGING = Label("Unterkunft", "accommodation", "Unterkunft")
_FLAT = Label("eigene Wohnung", "own flat", "Wohnung")
_INSURANCE = Label("Krankenversicherung", "health insurance", "Krankenvers.")
_PROCEDURE = Label("Einbürgerungsverfahren", "naturalisation procedure", "Verfahren")
_PROCEDURE_ENDS = (
    "NaturalisationRefused",
    "NaturalisationApproved",
    "NaturalisationCertificateHandedOver",
)


def housing(derived: Derived) -> tuple[Stretch, ...]:
    """Return where the person lived, one place after another; an address alone is no change."""
    return one_after_another(joined(sorted(_housing(derived), key=lambda one: one.start)))


def _housing(derived: Derived) -> Iterator[Stretch]:
    for one in derived.view.of(*_HOUSING):
        kind = one.get("kind") or one.get("housing_kind")
        if kind is None and one.type == "LeaseSigned":
            kind = HousingKind.PRIVATE_LEASE
        if kind is None and one.type != "HousingAssigned":
            continue
        yield stretch(
            StrandName.WOHNEN,
            one,
            None,
            _label(kind, _FLAT if one.type == "LeaseSigned" else _LODGING),
            start=one.latest_of("move_in"),
            state=kind if isinstance(kind, HousingKind) else None,
        )


def family(derived: Derived) -> tuple[Stretch, ...]:
    """Return how the person was insured against illness."""
    return one_after_another(_insurance(derived))


def _insurance(derived: Derived) -> Iterator[Stretch]:
    for one in derived.view.of("HealthInsuranceRegistered"):
        kind = one.get("kind")
        voucher = kind in (InsuranceKind.VOUCHER, InsuranceKind.MANDATED)
        yield stretch(
            StrandName.FAMILIE,
            one,
            None,
            _label(kind, _INSURANCE),
            state=FamilyState.ASYLBLG_SCOPE if voucher else FamilyState.INSURED,
        )


def naturalisation(derived: Derived) -> tuple[Stretch, ...]:
    """Return the procedures for naturalisation."""
    begins = ("NaturalisationApplied",)
    return tuple(
        stretch(
            StrandName.EINBUERGERUNG,
            begin,
            last_day(closing, begins),
            _PROCEDURE,
            state=NaturalisationState.APPLIED,
        )
        for begin, closing in runs(derived.view, begins, _PROCEDURE_ENDS)
    )


def _label(value: object, otherwise: Label) -> Label:
    return shortened(value) if isinstance(value, Vocabulary) else otherwise
