"""Training and work (terms of the rules) that need no status of the stay."""

from tests.second_reading.basis import Told, bound, same_or_missing
from tests.second_reading.titles import is_permanent


def fits_employer(one: Told, other: Told) -> bool:
    return same_or_missing(one, other, "employer")


def is_free_title(fact: Told) -> bool:
    """A title that allows any work."""
    if fact.type != "TitleGranted":
        return False
    if fact.get("work") is not None:
        return fact.get("work") == "unbeschränkt"
    return is_permanent(fact) or fact.get("basis") in bound("B09.free_titles", fact.latest)
