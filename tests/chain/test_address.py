"""Where somebody lives: the latest registration or assignment, in the order of G3."""

from datetime import date

import pytest

from domain.chain.reading import read
from domain.chain.states.address import addresses, town_on

LUENEN, SELM, WERNE = "05978024", "05978032", "05978040"


def days(past) -> list[tuple[str, str, str]]:
    return [
        (one.ags, str(one.since), "" if one.until is None else str(one.until))
        for one in addresses(read(past.told))
    ]


def test_an_assignment_a_registration_and_a_change_tell_the_town(given) -> None:
    past = given(
        f"AssignedToMunicipality 2024-03-01 municipality={WERNE}",
        f"AddressRegistered 2024-05-10 ags={LUENEN}",
        f"AddressChanged 2025-02-01 ags={SELM}",
    )
    assert days(past) == [
        (WERNE, "2024-03-01", "2024-05-09"),
        (LUENEN, "2024-05-10", "2025-01-31"),
        (SELM, "2025-02-01", ""),
    ]


@pytest.mark.parametrize(
    ("day", "town"),
    [("2024-05-09", None), ("2024-05-10", LUENEN), ("2025-01-31", LUENEN), ("2025-02-01", SELM)],
)
def test_a_past_day_has_the_town_of_that_day(given, day: str, town: str | None) -> None:
    past = given(
        f"AddressRegistered 2024-05-10 ags={LUENEN}", f"AddressChanged 2025-02-01 ags={SELM}"
    )
    assert town_on(addresses(read(past.told)), date.fromisoformat(day)) == town


def test_of_two_facts_of_one_day_the_last_told_counts(given) -> None:
    past = given(
        f"AddressRegistered 2024-05-10 ags={LUENEN}",
        f"AssignedToMunicipality 2024-05-10 municipality={SELM}",
    )
    assert days(past) == [(SELM, "2024-05-10", "")]


def test_a_partial_day_counts_on_its_latest(given) -> None:
    past = given(f"AddressChanged 2025-02 ags={SELM}", f"AddressRegistered 2025-02-10 ags={LUENEN}")
    assert days(past) == [(LUENEN, "2025-02-10", "2025-02-27"), (SELM, "2025-02-28", "")]


def test_a_fact_that_names_no_town_changes_nothing(given) -> None:
    past = given(f"AddressRegistered 2024-05-10 ags={LUENEN}", "AddressChanged 2025-02-01")
    assert days(past) == [(LUENEN, "2024-05-10", "")]


def test_a_corrected_town_and_a_retracted_move_count_as_they_stand(given) -> None:
    moved = f"AddressChanged 2025-02-01 ags={SELM}"
    registered = f"AddressRegistered 2024-05-10 ags={LUENEN}"
    corrected = f'EventCorrected 2025-03-01 target=f2 attributes={{"ags":"{WERNE}"}}'
    assert days(given(registered, moved, corrected))[-1] == (WERNE, "2025-02-01", "")
    retracted = "EventRetracted 2025-03-01 target=f2"
    assert days(given(registered, moved, retracted)) == [(LUENEN, "2024-05-10", "")]


def test_without_any_address_no_town_is_known(given) -> None:
    past = given("JourneyStarted 2024-01-01")
    assert days(past) == []
    assert town_on(addresses(read(past.told)), date(2026, 1, 1)) is None
