"""Which life is to have which gap: exact shares of the people, drawn from those whom it fits."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from infra.population.draws import Draw
from infra.population.ledger import Seed
from infra.population.people import Cohort, Stay

SHARES: Mapping[Seed, float] = MappingProxyType(
    {
        Seed.S01: 0.08,
        Seed.L01: 0.03,
        Seed.A01: 0.06,
        Seed.A02: 0.03,
        Seed.S05: 0.20,
        Seed.S15: 0.12,
        Seed.F02: 0.04,
        Seed.F11: 0.05,
        Seed.F06: 0.10,
        Seed.M02: 0.04,
    }
)
"""The share of all people on whom each gap is seeded, due or open."""

_COURSE = frozenset({Cohort.PROTECTION, Cohort.UKRAINE, Cohort.FAMILY, Cohort.EU})
_TITLE = frozenset({Cohort.PROTECTION, Cohort.FAMILY})
_ALL = frozenset(Cohort)

_FITS: Mapping[Seed, frozenset[Cohort]] = MappingProxyType(
    {
        Seed.S01: _TITLE,
        Seed.L01: frozenset({Cohort.PROTECTION}),
        Seed.A01: _TITLE,
        Seed.A02: _TITLE,
        Seed.S05: _COURSE,
        Seed.S15: _COURSE,
        Seed.F02: _ALL,
        Seed.F11: _ALL,
        Seed.F06: _ALL,
        Seed.M02: _ALL,
    }
)

_LANGUAGE = frozenset({Seed.S01, Seed.S05, Seed.S15})
_TITLES = frozenset({Seed.A01, Seed.A02})
_CASE = frozenset({Seed.F02, Seed.F11, Seed.F06})
_APART: tuple[frozenset[Seed], ...] = (
    _LANGUAGE | {Seed.L01},
    _TITLES | {Seed.L01},
    _CASE,
)

_OLD_CASE = 200
_YOUNG_CASE = 12


def seeded(stays: Sequence[Stay], draw: Draw, today: date) -> list[frozenset[Seed]]:
    """Return for every place in the caseload the gaps that its life is to have."""
    chosen: list[set[Seed]] = [set() for _ in stays]
    for seed, share in SHARES.items():
        wanted = round(share * len(stays))
        fitting = [n for n, stay in enumerate(stays) if _fits(seed, stay, chosen[n], today)]
        active = [n for n in fitting if stays[n].closes is None]
        places = draw.some(active, wanted)
        resting = sorted(set(fitting) - set(active))
        if seed not in _CASE:
            places += draw.some(resting, wanted - len(places))
        for place in places:
            chosen[place].add(seed)
    return [frozenset(one) for one in chosen]


def _fits(seed: Seed, stay: Stay, chosen: set[Seed], today: date) -> bool:
    """Say whether a gap fits a place beside those already chosen for it."""
    if stay.cohort not in _FITS[seed]:
        return False
    if any(seed in group and not chosen.isdisjoint(group) for group in _APART):
        return False
    age = (today - stay.opened).days
    return age >= (_OLD_CASE if seed is Seed.F06 else _YOUNG_CASE)
