"""Residence: procedures, papers and titles, each until the next one begins."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.states.titles import Title
from domain.labels import Label
from domain.vocabulary.residence import ResidenceBasis
from projections.field_states import Residence
from projections.short import shortened
from projections.strands import StrandName
from projections.stretches.stretch import Stretch, one_after_another, stretch

_STRAND = StrandName.AUFENTHALT
_PAPERS = {
    "AsylumApplicationFiled": (
        Label("Asylverfahren", "asylum procedure", "Asylverfahren"),
        Residence.GESTATTUNG,
    ),
    "TemporaryPermissionIssued": (
        Label("Aufenthaltsgestattung", "permission pending asylum", "Gestattung"),
        Residence.GESTATTUNG,
    ),
    "ToleranceIssued": (Label("Duldung", "toleration", "Duldung"), Residence.DULDUNG),
    "FictionCertificateIssued": (
        Label("Fiktionsbescheinigung", "certificate of fiction", "Fiktion"),
        Residence.FIKTION,
    ),
    "DepartureObligationArisen": (
        Label("Ausreisepflicht", "obligation to leave", "Ausreisepfl."),
        Residence.OBLIGED_TO_LEAVE,
    ),
    "RightOfFreeMovementRecorded": (
        Label("Freizügigkeit EU", "EU free movement", "EU-Freizügig."),
        Residence.FREE_MOVEMENT,
    ),
    "NaturalisationCertificateHandedOver": (
        Label("Deutsche Staatsangehörigkeit", "German citizenship", "Deutsch"),
        Residence.GERMAN,
    ),
}

_PERMITTED_BY_LAW = frozenset({"asyl", "fluechtling", "subsidiaer"})
_PENDING = frozenset({"AsylumApplicationFiled", "TemporaryPermissionIssued"})


def residence(derived: Derived) -> tuple[Stretch, ...]:
    """Return the stay, paper after paper."""
    return one_after_another(_papers(derived))


def _papers(derived: Derived) -> Iterator[Stretch]:
    for one in derived.view.of(*_PAPERS):
        label, state = _PAPERS[one.type]
        basis = _basis(one)
        if basis is ResidenceBasis.AUFENTHG_60B:
            state = Residence.DULDUNG_60B
        yield stretch(
            _STRAND,
            one,
            _end(derived, one),
            label if basis is None else shortened(basis),
            state=state,
        )
    yield from _protected(derived)
    for title in derived.titles.all:
        yield _granted(title)


def _protected(derived: Derived) -> Iterator[Stretch]:
    """Yield protection granted: the stay is permitted by law until the card is there (§ 25 (1) S. 3, (2) S. 2)."""
    for decision in derived.decisions:
        if decision.fact.get("outcome") in _PERMITTED_BY_LAW:
            yield stretch(
                _STRAND,
                decision.fact,
                None,
                Residence.PROTECTED.label,
                start=decision.protects_from,
                state=Residence.PROTECTED,
            )


def _end(derived: Derived, paper: Seen) -> date | None:
    """Return the last day of a paper: as told, or before the refusal of asylum became final."""
    told = paper.latest_of("valid_until")
    if paper.type not in _PENDING:
        return told
    final = [
        plus_days(one.final.latest, -1)
        for one in derived.decisions
        if one.final is not None and not one.positive and one.fact.rank > paper.rank
    ]
    return min([*final[:1], told or date.max]) if final else told


def _granted(title: Title) -> Stretch:
    grant = title.grant
    basis = _basis(grant)
    return stretch(
        _STRAND,
        grant,
        None if title.permanent else _last_day(title),
        Label("Aufenthaltstitel", "residence title", "Titel")
        if basis is None
        else shortened(basis),
        start=grant.latest_of("valid_from"),
        state=_title_state(title),
    )


def _last_day(title: Title) -> date | None:
    """Return the day on which a title ends or is lost, whichever is first."""
    days = [one.latest for one in title.losses]
    if title.end is not None:
        days.append(title.end.latest)
    return min(days, default=None)


def _title_state(title: Title) -> Residence:
    if title.basis == ResidenceBasis.DEUTSCH:
        return Residence.GERMAN
    if title.basis is not None and title.basis.startswith(ResidenceBasis.FREIZUEGG_EU):
        return Residence.FREE_MOVEMENT
    return Residence.PERMANENT if title.permanent else Residence.LIMITED


def _basis(one: Seen) -> ResidenceBasis | None:
    basis = one.get("basis")
    return basis if isinstance(basis, ResidenceBasis) else None
