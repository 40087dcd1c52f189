"""The cut-off day for Ukraine: L07, as long as the switch ``law.24_to_asylblg`` is unverified."""

from tests.second_reading.basis import Row, View


def l07(view: View) -> list[Row]:
    """The switch is off: there is never an instance."""
    return []


READERS = {"L07": l07}
