"""The agreement run of `make soak`."""

import pytest

from tests.second_reading.run import run


@pytest.mark.soak
def test_two_thousand_journeys_are_read_alike() -> None:
    done = run(2000)
    print(f"\n{done.page()}")
    assert not done.differ, "\n".join(done.reports[:3])
