"""Data that went out without a consent that covers it: F14."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Consequence, Kind, Severity, State

Given = Callable[..., Any]

CONSENT = 'ConsentGranted 2025-01-10 recipients=["jc"]'
SENT = "DataDisclosed 2025-03-05 recipient=jc"
OPEN = "f1 2025-03-05..2025-03-04"


def uncovered(past: Any) -> list[str]:
    return [one.key for one in past.intervals("F14") if one.kind is Kind.GAP]


def test_f14_data_that_went_out_without_any_consent_are_a_gap_from_that_day(given: Given) -> None:
    past = given(SENT)
    one = past.only("F14")
    assert past.rows("F14") == [OPEN]
    assert one.opens_on == date(2025, 3, 5)
    assert past.state("F14", "2025-03-04") is State.NOT_APPLICABLE
    assert past.state("F14", "2025-03-05") is State.OPEN
    assert one.severity is Severity.CRITICAL
    assert one.consequence == Consequence("disclosed_without_basis", date(2025, 3, 5))


def test_d5_precedence_is_never_due(given: Given) -> None:
    past = given(SENT, 'ConsentGranted 2025-03-06 recipients=["jc"]')
    days = [date(2025, 3, day) for day in range(1, 12)]
    assert State.DUE not in {past.only("F14").state(day) for day in days}


@pytest.mark.parametrize("basis", ["tintg9", "sgb", "aufenthg88a", "art6_1e"])
def test_f14_another_legal_basis_needs_no_consent(given: Given, basis: str) -> None:
    assert given(f"{SENT} legal_basis={basis}").rows("F14") == []


@pytest.mark.parametrize("basis", ["consent", "art9_2a", "null"])
def test_f14_consent_as_the_basis_needs_a_consent(given: Given, basis: str) -> None:
    assert given(f"{SENT} legal_basis={basis}").rows("F14") == [OPEN]


@pytest.mark.parametrize(
    ("warm", "rows"), [("warm_handover=false", 0), ("warm_handover=true", 1), ("", 1)]
)
def test_f14_a_link_sends_data_unless_it_is_no_warm_handover(
    given: Given, warm: str, rows: int
) -> None:
    assert len(given(f"ServiceLinked 2025-03-05 provider=awo {warm}").rows("F14")) == rows


def test_f14_a_covering_consent_that_is_valid_makes_it_lawful(given: Given) -> None:
    assert given(CONSENT, SENT).rows("F14") == []
    assert given(CONSENT, "DataDisclosed 2025-03-05 recipient=abh").rows("F14") == [
        "f2 2025-03-05..2025-03-04"
    ]


def test_f14_where_no_recipient_is_told_the_provider_is_meant(given: Given) -> None:
    linked = "ServiceLinked 2025-03-05 provider=awo"
    assert given('ConsentGranted 2025-01-10 recipients=["awo"]', linked).rows("F14") == []
    assert uncovered(given(CONSENT, linked)) == ["f2"]
    both = given(CONSENT, "ServiceLinked 2025-03-05 provider=awo recipient=jc")
    assert both.rows("F14") == []


@pytest.mark.parametrize(
    ("consent", "sent", "covered"),
    [
        ('scope_fields=["arbeit","sprache"]', "field=arbeit", True),
        ('scope_fields=["sprache"]', "field=arbeit", False),
        ('scope_fields=["sprache"]', "", True),
        ("", "field=arbeit", True),
        ('data_categories=["stammdaten","arbeit"]', 'data_categories=["arbeit"]', True),
        ('data_categories=["arbeit"]', 'data_categories=["arbeit","gesundheit"]', False),
        ('data_categories=["arbeit"]', "", True),
        ("", 'data_categories=["gesundheit"]', True),
        ("kind=einwilligung_datenweitergabe", "", True),
        ("kind=schweigepflichtentbindung", "", True),
        ("kind=einwilligung_falldokumentation", "", False),
        ("kind=einwilligung_foto", "", False),
        ("kind=einwilligung_kontakt_messenger", "", False),
        ("direction=send", "", True),
        ("direction=mutual", "", True),
        ("direction=receive", "", False),
    ],
)
def test_f14_a_consent_covers_recipient_field_categories_kind_and_direction(
    given: Given, consent: str, sent: str, covered: bool
) -> None:
    past = given(f"{CONSENT} {consent}", f"{SENT} {sent}")
    assert (uncovered(past) == []) is covered
    assert past.data_rows("F14") == ()


def test_f14_two_consents_do_not_add_up(given: Given) -> None:
    past = given(
        f'{CONSENT} data_categories=["arbeit"]',
        f'{CONSENT} data_categories=["gesundheit"]',
        f'{SENT} data_categories=["arbeit","gesundheit"]',
    )
    assert uncovered(past) == ["f3"]


@pytest.mark.parametrize(
    ("granted", "sent", "covered"),
    [
        ("2025-01-10", "2025-01-09", False),
        ("2025-01-10", "2025-01-10", True),
        ("2025-01", "2025-01-01", True),
        ("2025-01", "2024-12-31", False),
        ("2025-01-10 valid_until=2025-03-05", "2025-03-05", True),
        ("2025-01-10 valid_until=2025-03-05", "2025-03-06", False),
        ("2025-01-10 valid_until=2025-03", "2025-03-31", True),
        ("2025-01-10 valid_until=2025-03", "2025-04-01", False),
        ("2023-01-10", "2025-01-10", True),
        ("2023-01-10", "2025-01-11", False),
        ("2024-02-29", "2026-02-28", True),
        ("2024-02-29", "2026-03-01", False),
        ("2023-01", "2025-01-31", True),
        ("2023-01", "2025-02-01", False),
        ("2025-01-10 withdrawn_on=2025-03-06", "2025-03-05", True),
        ("2025-01-10 withdrawn_on=2025-03-05", "2025-03-05", False),
        ("2025-01-10 withdrawn_on=2025-03", "2025-03-30", True),
        ("2025-01-10 withdrawn_on=2025-03", "2025-03-31", False),
        ("- granted_on=2025-01-10", "2025-01-10", True),
        ("2025-01-10 valid_until=2028-01-10", "2027-06-01", True),
    ],
)
def test_f14_a_consent_is_valid_from_its_earliest_day_through_its_end_or_24_months(
    given: Given, granted: str, sent: str, covered: bool
) -> None:
    past = given(
        f'ConsentGranted {granted} recipients=["jc"]', f"DataDisclosed {sent} recipient=jc"
    )
    state = past.state("F14", sent)
    assert state is (State.NOT_APPLICABLE if covered else State.OPEN)


@pytest.mark.parametrize(("linked", "rows"), [("2025-02-19", 0), ("2025-02-20", 1)])
@pytest.mark.parametrize("end", ["ConsentWithdrawn", "ConsentExpired"])
def test_f14_until_the_day_before_its_withdrawal_a_consent_covers_for_good(
    given: Given, end: str, linked: str, rows: int
) -> None:
    past = given(CONSENT, f"ServiceLinked {linked} recipient=jc", f"{end} 2025-02-20")
    assert len(past.rows("F14")) == rows


@pytest.mark.parametrize(
    ("consent", "withdrawn", "ended"),
    [
        ("consent_id=e1", "consent_id=e1", True),
        ("consent_id=e1", "consent_id=f1", True),
        ("", "consent_id=f1", True),
        ("consent_id=e1", "consent_id=e2", False),
        ("", "consent_id=e2", False),
        ("consent_id=e1", "", True),
        ("", 'recipients=["jc","abh"]', True),
        ("", 'recipients=["abh"]', False),
        ("", "", True),
        ("consent_id=e1", 'consent_id=e1 recipients=["abh"]', True),
    ],
)
def test_f14_a_withdrawal_ends_the_consent_it_names_or_those_with_a_recipient_in_common(
    given: Given, consent: str, withdrawn: str, ended: bool
) -> None:
    past = given(f"{CONSENT} {consent}", f"ConsentWithdrawn 2025-02-20 {withdrawn}", SENT)
    assert (uncovered(past) == ["f3"]) is ended


def test_f14_a_withdrawal_ends_a_consent_that_names_no_recipients(given: Given) -> None:
    past = given(
        "ConsentGranted 2025-01-10", 'ConsentWithdrawn 2025-02-20 recipients=["abh"]', SENT
    )
    assert uncovered(past) == ["f3"]


def test_f14_a_withdrawal_before_a_consent_does_not_end_it(given: Given) -> None:
    past = given("ConsentWithdrawn 2025-01-09", CONSENT, SENT)
    assert past.rows("F14") == []


def test_f14_a_partial_withdrawal_counts_with_its_latest_day(given: Given) -> None:
    consent = [CONSENT, "ConsentWithdrawn 2025-02"]
    assert given(*consent, "DataDisclosed 2025-02-27 recipient=jc").rows("F14") == []
    assert len(given(*consent, "DataDisclosed 2025-02-28 recipient=jc").rows("F14")) == 1


@pytest.mark.parametrize(
    ("granted", "closing"),
    [
        ("2025-03-06", " late 2025-03-06 f2"),
        ("2025-04", " late 2025-04-30 f2"),
        ("- @2025-05-02", " late 2025-05-02 f2"),
        ("2025-03-04 withdrawn_on=2025-03-05", ""),
        ("2025-04-10 valid_until=2025-04-09", ""),
        ("2025-04-10 valid_until=2025-04-10", " late 2025-04-10 f2"),
        ("2025-04-10 kind=einwilligung_foto", ""),
    ],
)
def test_f14_a_later_covering_consent_closes_it_late(
    given: Given, granted: str, closing: str
) -> None:
    past = given(SENT, f'ConsentGranted {granted} recipients=["jc"]')
    assert past.rows("F14") == [f"{OPEN}{closing}"]


def test_f14_a_later_consent_for_another_closes_nothing(given: Given) -> None:
    past = given(SENT, 'ConsentGranted 2025-03-06 recipients=["abh"]')
    assert past.rows("F14") == [OPEN]


def test_f14_a_consent_of_the_same_day_or_month_covers(given: Given) -> None:
    assert given(SENT, 'ConsentGranted 2025-03-05 recipients=["jc"]').rows("F14") == []
    assert given(SENT, 'ConsentGranted 2025-03 recipients=["jc"]').rows("F14") == []


def test_f14_what_was_disclosed_without_basis_stays_so_after_a_consent(given: Given) -> None:
    one = given(SENT, 'ConsentGranted 2025-03-06 recipients=["jc"]').only("F14")
    assert one.consequence == Consequence("disclosed_without_basis", date(2025, 3, 5))


def test_f14_each_disclosure_is_an_instance_of_its_own(given: Given) -> None:
    past = given(SENT, "DataDisclosed 2025-03-07 recipient=abh", "ServiceLinked 2025-03-08")
    assert past.rows("F14") == [
        OPEN,
        "f2 2025-03-07..2025-03-06",
        "f3 2025-03-08..2025-03-07",
    ]


@pytest.mark.parametrize(
    ("consent", "sent"),
    [
        ("ConsentGranted 2025-01-10", SENT),
        (CONSENT, "DataDisclosed 2025-03-05"),
        ("ConsentGranted 2025-01-10", "ServiceLinked 2025-03-05"),
    ],
)
def test_f14_where_only_a_recipient_is_missing_the_row_is_of_missing_data(
    given: Given, consent: str, sent: str
) -> None:
    past = given(consent, sent)
    assert past.rows("F14") == ["data f2 2025-03-05..2025-03-04"]
    assert past.state("F14", "2025-03-05") is State.OPEN
    assert past.only("F14").severity is Severity.LOW
    assert past.only("F14").consequence is None


@pytest.mark.parametrize(
    ("consent", "sent"),
    [
        ("ConsentGranted 2025-01-10 direction=receive", SENT),
        ("ConsentGranted 2025-01-10 kind=einwilligung_foto", SENT),
        ('ConsentGranted 2025-01-10 scope_fields=["arbeit"]', f"{SENT} field=sprache"),
        ("ConsentGranted 2025-01-10 valid_until=2025-03-04", SENT),
        ("ConsentGranted 2025-03-06", SENT),
    ],
)
def test_f14_a_consent_that_fails_otherwise_is_no_matter_of_missing_data(
    given: Given, consent: str, sent: str
) -> None:
    assert given(consent, sent).rows("F14") == ["f2 2025-03-05..2025-03-04"]


def test_g9_the_same_consents_close_a_row_of_missing_data(given: Given) -> None:
    past = given("ConsentGranted 2025-01-10", SENT, 'ConsentGranted 2025-03-20 recipients=["jc"]')
    assert past.rows("F14") == ["data f2 2025-03-05..2025-03-04 late 2025-03-20 f3"]


def test_f14_a_consent_known_later_makes_it_lawful_in_hindsight(given: Given) -> None:
    past = given(SENT, f"{CONSENT} @2025-04-01")
    assert past.rows("F14", known_at="2025-03-31") == [OPEN]
    assert past.rows("F14", known_at="2025-04-01") == []
