"""Taking what a destroyed key sealed out of the tables that hold values in clear, whoever keeps them."""

import threading
import time
from collections.abc import Collection
from uuid import UUID

from consumers.views import purge
from domain.errors import KetteError
from infra.keys import CACHE_SECONDS
from kette.compose import Store
from kette.output import say
from kette.settings import Settings
from projections.catalogue import KEPT

_SECONDS = 5.0


def left_nothing(store: Store, settings: Settings, journeys: Collection[UUID]) -> bool:
    """Take journeys out of the tables that this process keeps, or out of those of a group.

    Returns:
        False, and nothing is written, if somebody moved the tables meanwhile.
    """
    if settings.keeps_readings:
        return purge(store.views, KEPT, journeys)
    store.views.wipe(journeys)
    return True


def keep_purged(store: Store, settings: Settings, stop: threading.Event) -> None:
    """Purge until stopped: at once, and again when nobody can have the key at hand any more.

    Tables that a crash of the database emptied are filled anew as well: no record has to come for it.
    """
    due: list[tuple[float, frozenset[UUID]]] = []
    seq = 0
    while not stop.is_set():
        now = time.monotonic()
        try:
            if found := store.keys.destroyed_after(seq):
                seq = found[-1].seq
                journeys = frozenset(one.journey for one in found)
                due += [(now, journeys), (now + 2 * CACHE_SECONDS, journeys)]
            if store.views.emptied():
                store.views.rebuild()
            ready = {journey for moment, journeys in due if moment <= now for journey in journeys}
            if ready and left_nothing(store, settings, ready):
                due = [one for one in due if one[0] > now]
        except KetteError as error:
            say(f"kette: the tables could not be purged yet: {error}")
        stop.wait(_SECONDS)
