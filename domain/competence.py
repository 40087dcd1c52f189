"""Which office of a municipality has to act: by what a rule says, and by where the person lives."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from domain.chain.intervals import Responsible
from domain.fields import Recorder
from domain.organisations import Municipality, Unit

_OF_THE_CASE = frozenset({Recorder.CASE_MANAGER, Recorder.TEAM_LEAD})
"""Whom the case names, not the address."""

_TASKS: Mapping[str, Recorder] = MappingProxyType(
    {one.value: one for one in Recorder if one not in _OF_THE_CASE}
)


def competent(municipality: Municipality, responsible: Responsible, ags: str | None) -> Unit | None:
    """Return the office that has to act for whoever lives in a town.

    None: the address is unknown or in another municipality, the case or the person and no office has
    to act, or the municipality's file names no such office. The general word then stands.

    Args:
        municipality: Whose offices.
        responsible: Who has to act, in general.
        ags: The town of the person's address.
    """
    task = _TASKS.get(responsible.value)
    if task is None or ags is None:
        return None
    return municipality.office(task, ags)


def offices(
    municipality: Municipality, responsible: Sequence[Responsible], ags: str | None
) -> dict[Responsible, Unit]:
    """Return the offices behind general words, those that are known."""
    found = ((one, competent(municipality, one, ags)) for one in responsible)
    return {one: unit for one, unit in found if unit is not None}
