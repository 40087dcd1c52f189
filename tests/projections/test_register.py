"""The register: who a journey is about, and who leads the case."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from domain.chain.reading import Told
from projections.history import history
from projections.register import header_of, search_key
from projections.worklist import Header

Tell = Callable[..., tuple[Told, ...]]
AMINA = UUID(int=1)


def header(told: tuple[Told, ...]) -> Header:
    found = header_of(AMINA, history(told))
    assert found is not None
    return found


def test_the_header_says_who_and_since_when_and_by_whom(told: Tell) -> None:
    found = header(
        told(
            "JourneyStarted 2022-05-20 entry_date=2022-05-12",
            "PersonIdentified 2022-05-20 given_names=Amina family_name=Rahimi",
            "CaseOpened 2022-06-01 case_id=KIM-2022-0417 org_unit=mitte",
            "CaseManagerAssigned 2022-06-01 cm=kraemer",
            "ConsentGranted 2025-04-01 valid_until=2027-03-31",
        )
    )

    assert found == Header(
        AMINA,
        "Amina Rahimi",
        "KIM-2022-0417",
        "mitte",
        "kraemer",
        date(2022, 5, 12),
        date(2027, 3, 31),
    )


@pytest.mark.parametrize(
    ("facts", "number"),
    [
        (["FileNumberRecorded 2024-01-01 number=AZR-1 authority=abh"], "AZR-1"),
        (["FileNumberRecorded 2024-01-01 number=AZR-1", "CaseOpened 2024-02-01 case_id=K7"], "K7"),
        (
            [
                "FileNumberRecorded 2024-01-01 number=AZR-1 authority=abh",
                "FileNumberRecorded 2024-01-02 number=KIM-1 authority=mitte",
                "CaseOpened 2024-02-01 case_id=K7 org_unit=mitte",
            ],
            "KIM-1",
        ),
        (["CaseOpened 2024-02-01"], ""),
    ],
)
def test_the_number_of_the_office_that_leads_the_case_comes_first(
    told: Tell, facts: list[str], number: str
) -> None:
    assert header(told(*facts)).case_number == number


def test_a_new_name_takes_the_place_of_the_old_one(told: Tell) -> None:
    found = header(
        told(
            "PersonIdentified 2022-05-20 given_names=Amina family_name=Rahimi",
            "PersonIdentified 2024-05-20 given_names=Amina family_name=Karimi",
        )
    )

    assert found.name == "Amina Karimi"


def test_a_closed_case_is_led_by_nobody(told: Tell) -> None:
    found = header(
        told(
            "CaseOpened 2022-06-01 case_id=K1 org_unit=mitte",
            "CaseManagerAssigned 2022-06-01 case_id=K1 cm=kraemer",
            "CaseClosed 2023-06-01 case_id=K1",
        )
    )

    assert (found.unit, found.case_manager) == ("", "")


def test_nobody_is_found_under_an_erased_journey(told: Tell) -> None:
    facts = told("PersonIdentified 2022-05-20 family_name=Rahimi", "JourneyErased -")

    assert header_of(AMINA, history(facts)) is None


def test_case_and_spacing_do_not_matter_in_a_search() -> None:
    assert search_key("  Öztürk   STRAẞE ") == "öztürk strasse"
