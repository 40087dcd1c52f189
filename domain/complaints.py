"""What does not fit together in a municipality's file, each with its place and its cure."""

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.chain.bounds import STANDARD, BoundRefusedError, Change
from domain.fields import Recorder
from domain.organisations import Carrier, Municipality, Post, Role, Unit, UnitKind

_KREIS = "000"
_RESPONSIBLE = (Recorder.ABH, Recorder.EBH, Recorder.JOBCENTER, Recorder.SOZIALAMT)


def complaints(municipality: Municipality) -> tuple[str, ...]:
    """Return what does not fit together, each with its place and its cure."""
    return (
        *_doubled("carriers", municipality.carriers),
        *_doubled("units", municipality.units),
        *_doubled("roles", municipality.roles),
        *_doubled("posts", municipality.posts),
        *_place_complaints(municipality),
        *_tree_complaints(municipality),
        *_unit_complaints(municipality),
        *_address_complaints(municipality),
        *_post_complaints(municipality),
        *_bound_complaints(municipality),
    )


def _bound_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of bounds that do not exist, stand twice or loosen law; with the paragraph."""
    for one, count in Counter(bound.id for bound in municipality.bounds).items():
        if count > 1:
            yield f"bounds.{one}: stands {count} times; set it once"
    for bound in municipality.bounds:
        try:
            STANDARD.adapted([Change.read(bound.id, bound.value)])
        except BoundRefusedError as refused:
            yield f"bounds.{bound.id}: {refused}"


def _doubled(where: str, parts: Iterable[Carrier | Unit | Role | Post]) -> Iterator[str]:
    """Complain of keys that are used twice."""
    for key, count in Counter(one.key for one in parts).items():
        if count > 1:
            yield f"{where}: key {key!r} stands {count} times; give each its own"


def _place_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of towns, districts and quarters that stand twice or in the wrong place."""
    names = [one.name for one in municipality.quarters]
    towns = [one.ags for one in municipality.towns]
    for what, found in (
        ("districts", municipality.districts),
        ("quarters", names),
        ("towns", towns),
    ):
        for one, count in Counter(found).items():
            if count > 1:
                yield f"{what}.{one}: stands {count} times; name it once"
    for quarter in municipality.quarters:
        if quarter.district is not None and quarter.district not in municipality.districts:
            yield (
                f"quarters.{quarter.name}.district: no district {quarter.district!r}; "
                "add it to `districts`"
            )
    for ags in towns:
        if ags[:5] != municipality.ags[:5] or not municipality.ags.endswith(_KREIS):
            yield f"towns.{ags}: is no town of {municipality.ags}; only a Kreis has towns, of its own number"


def _tree_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of units that do not hang together as one tree."""
    parents = {one.key: one.parent for one in municipality.units}
    tops = [key for key, parent in parents.items() if parent is None]
    if len(tops) != 1:
        yield f"units: {len(tops)} have no parent; exactly one unit stands at the top"
    for key in parents:
        path = {key}
        above = parents[key]
        while above is not None and above in parents and above not in path:
            path.add(above)
            above = parents[above]
        if above in path:
            yield f"units.{key}.parent: leads in a circle; name a unit nearer to the top"
        elif above is not None:
            yield f"units.{key}.parent: no unit {above!r}; add it or name another"


def _unit_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of units that name a carrier, unit or place that is not there."""
    carriers = {one.key for one in municipality.carriers}
    units = {one.key for one in municipality.units}
    for one in municipality.units:
        if one.carrier not in carriers:
            yield f"units.{one.key}.carrier: no carrier {one.carrier!r}; add it or name another"
        if one.beside is not None and one.beside not in units:
            yield f"units.{one.key}.beside: no unit {one.beside!r}; add it or name another"
        for key in one.answers_for:
            if key not in units:
                yield f"units.{one.key}.answers_for: no unit {key!r}; add it or name another"
        yield from _misplaced(one, municipality)


def _misplaced(unit: Unit, municipality: Municipality) -> Iterator[str]:
    """Complain of the places of a unit that are not the municipality's."""
    quarters = {one.name for one in municipality.quarters}
    towns = {one.ags for one in municipality.home_towns()}
    for district in unit.serves:
        if district not in municipality.districts:
            yield f"units.{unit.key}.serves: no district {district!r}; add it to `districts`"
    for quarter in unit.quarters:
        if quarter not in quarters:
            yield f"units.{unit.key}.quarters: no quarter {quarter!r}; add it to `quarters`"
    for ags in unit.competent_for:
        if ags not in towns:
            yield f"units.{unit.key}.competent_for: no town {ags!r}; add it to `towns`"


def _address_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain where an address does not say which office is responsible."""
    for recorder in Recorder:
        offices = _offices(municipality, recorder)
        for town in municipality.home_towns() if offices else ():
            naming = [one for one in offices if town.ags in one.competent_for]
            found = naming or [one for one in offices if not one.competent_for]
            keys = " and ".join(one.key for one in found)
            if len(found) > 1:
                yield (
                    f"units: {keys} are both {recorder} for {town.name} ({town.ags}); "
                    "say in `competent_for` who is there for whom"
                )
            elif not found and recorder in _RESPONSIBLE:
                yield (
                    f"units: nobody is {recorder} for {town.name} ({town.ags}); "
                    "add the town to a `competent_for`"
                )


def _offices(municipality: Municipality, recorder: Recorder) -> list[Unit]:
    """Return the authorities that record as somebody."""
    return [
        one
        for one in municipality.units
        if one.recorder is recorder and one.kind is UnitKind.AUTHORITY
    ]


def _post_complaints(municipality: Municipality) -> Iterator[str]:
    """Complain of posts whose unit or role is not there, or that end before they begin."""
    units = {one.key for one in municipality.units}
    roles = {one.key for one in municipality.roles}
    for one in municipality.posts:
        if one.unit not in units:
            yield f"posts.{one.key}.unit: no unit {one.unit!r}; add it or name another"
        if one.role not in roles:
            yield f"posts.{one.key}.role: no role {one.role!r}; add it or name another"
        if one.valid_to is not None and one.valid_to < one.valid_from:
            yield f"posts.{one.key}.valid_to: lies before valid_from; correct one of the two"
