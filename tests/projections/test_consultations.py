"""Consultations and enquiries are counted under who led the case on the day."""

from collections.abc import Callable, Sequence
from uuid import UUID

from domain.chain.reading import Told
from projections.consultations import CONSULTATIONS
from projections.history import history

Tell = Callable[..., tuple[Told, ...]]

CASE = (
    "CaseOpened 2024-03-01 case_id=K1 org_unit=mitte carrier=caritas",
    "CaseManagerAssigned 2024-03-01 case_id=K1 cm=cm-1",
)


def rows(told: Sequence[Told]) -> list[tuple[object, ...]]:
    found = CONSULTATIONS.rows(UUID(int=1), history(tuple(told)))
    return [(*row[:4], str(row[4])) for row in found]


def test_a_consultation_counts_where_the_case_is_led(told: Tell) -> None:
    assert rows(told(*CASE, "ContactHeld 2024-04-01 case_id=K1")) == [
        ("consultation", "mitte", "cm-1", "", "2024-04-01")
    ]


def test_a_missed_appointment_is_no_consultation(told: Tell) -> None:
    assert rows(told(*CASE, "ContactHeld 2024-04-01 case_id=K1 no_show=true")) == []
    kept = rows(told(*CASE, "ContactHeld 2024-04-01 case_id=K1 no_show=false"))
    assert len(kept) == 1


def test_an_enquiry_says_instead_of_whom(told: Tell) -> None:
    assert rows(told(*CASE, "EnquiryAnswered 2024-04-02 instead_of=abh")) == [
        ("enquiry", "mitte", "cm-1", "abh", "2024-04-02")
    ]


def test_after_a_handover_it_counts_under_the_new_case_manager(told: Tell) -> None:
    past = told(
        *CASE,
        "CaseManagerReleased 2024-05-01 case_id=K1 cm=cm-1",
        "CaseManagerAssigned 2024-05-01 case_id=K1 cm=cm-7",
        "ContactHeld 2024-04-30 case_id=K1",
        "ContactHeld 2024-05-01 case_id=K1",
    )
    assert [row[2] for row in rows(past)] == ["cm-1", "cm-7"]


def test_outside_of_every_case_it_counts_under_nobody(told: Tell) -> None:
    before = rows(told(*CASE, "ContactHeld 2024-02-01"))
    after = rows(told(*CASE, "CaseClosed 2024-06-01 case_id=K1", "ContactHeld 2024-06-01"))
    assert before == [("consultation", "", "", "", "2024-02-01")]
    assert after == [("consultation", "", "", "", "2024-06-01")]


def test_of_two_cases_the_named_one_counts(told: Tell) -> None:
    second = (
        "CaseOpened 2024-04-01 case_id=K2 org_unit=wanne",
        "CaseManagerAssigned 2024-04-01 case_id=K2 cm=cm-9",
    )
    past = told(*CASE, *second, "ContactHeld 2024-05-01 case_id=K1", "ContactHeld 2024-05-02")
    assert [(row[1], row[4]) for row in rows(past)] == [
        ("mitte", "2024-05-01"),
        ("wanne", "2024-05-02"),
    ]
