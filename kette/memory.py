"""How a process of Kette collects garbage: rarely, and without what its start left.

Classes, rules and bounds live as long as the process, and a journey leaves hardly a cycle behind; to look through all
of them after every 700 new objects costs a quarter of the time of `kette evaluate` (docs/reference/figures.md).
"""

import gc

_NEW_OBJECTS = 50_000


def keep_what_is_there() -> None:
    """Leave all that exists now out of later collections, and let those wait for more objects."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()
