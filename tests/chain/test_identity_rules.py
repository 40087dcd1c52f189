"""Identity not clarified (A15, with its clocks) and papers asked for (A30)."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.intervals import Certainty, ClosedBy, Kind, Severity, State

Given = Callable[..., Any]

DULDUNG = "ToleranceIssued 2025-06-03 basis=AUFENTHG_60A"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-06-02", State.NOT_APPLICABLE),
        ("2025-06-03", State.DUE),
        ("2025-12-03", State.DUE),
        ("2025-12-04", State.OPEN),
    ],
)
def test_w35_a15_the_first_duldung_starts_the_clock(given: Given, day: str, state: State) -> None:
    past = given(DULDUNG)
    assert past.state("A15", day) is state
    one = past.only("A15")
    assert one.severity is Severity.HIGH
    assert [step.on for step in one.steps] == [date(2025, 9, 1)]
    assert one.consequence is None


@pytest.mark.parametrize(
    "renewal",
    [
        "ToleranceIssued 2025-11-01 basis=AUFENTHG_60A",
        "ToleranceIssued 2025-11-01 basis=AUFENTHG_60B",
        "ToleranceIssued - valid_until=2018-08-09 @2025-11-01",
        "TitleGranted 2025-11-01 basis=AUFENTHG_104C valid_until=2027-04-30",
        "AsylumApplicationFiled 2025-11-01 procedure=folge",
        "IdentityClarified 2025-11-01 means=birth_cert",
        "IdentityClarified 2025-11-01 means=other submitted_on=2025-11-01",
        "PassportIssued 2025-11-01 kind=nationalpass",
        "TravelDocumentIssued 2025-11-01 kind=RA_auslaender",
    ],
)
def test_w36_a15_a_renewal_or_a_paper_not_accepted_changes_nothing(
    given: Given, renewal: str
) -> None:
    assert given(DULDUNG, renewal).rows("A15") == ["f1 2025-06-03..2025-12-03"]


@pytest.mark.parametrize(
    ("clear", "row"),
    [
        ("IdentityClarified 2025-12-03 means=pass", "in_time 2025-12-03 f2"),
        ("IdentityClarified 2025-12-04 means=id", "late 2025-12-04 f2"),
        ("IdentityClarified 2025-12 means=pass", "in_time 2025-12-03 f2"),
        ("IdentityClarified - means=pass", "in_time 2025-12-03 f2"),
        ("IdentityClarified - means=pass date=2026-01-10", "late 2026-01-10 f2"),
        ("IdentityClarified - means=pass accepted_on=2025-09-01", "in_time 2025-09-01 f2"),
        (
            "IdentityClarified - means=pass date=2026-01-10 accepted_on=2025-09-01",
            "late 2026-01-10 f2",
        ),
        (
            "IdentityClarified 2025-07-01 means=birth_cert accepted_on=2026-02-01",
            "late 2026-02-01 f2",
        ),
        ("IdentityClarified 2025-07-01 accepted_on=2025-08", "in_time 2025-08-31 f2"),
        ("TitleGranted 2025-10-01 basis=AUFENTHG_25_5", "cancelled 2025-10-01 f2"),
        ("RightOfFreeMovementRecorded 2025-10-01", "cancelled 2025-10-01 f2"),
    ],
)
def test_d12_a15_what_closes_it_and_on_which_day(given: Given, clear: str, row: str) -> None:
    assert given(DULDUNG, clear).rows("A15") == [f"f1 2025-06-03..2025-12-03 {row}"]


@pytest.mark.parametrize(
    "clear",
    [
        "IdentityClarified 2025-06-02 means=pass",
        "IdentityClarified 2024-06-02 means=other accepted_on=2025-06-02",
        "IdentityClarified - means=id @2025-05-01",
    ],
)
def test_a15_an_identity_clarified_before_leaves_no_instance(given: Given, clear: str) -> None:
    assert given(clear, DULDUNG).rows("A15") == []


def test_a15_clarified_on_the_first_day_it_is_closed_from_then_on(given: Given) -> None:
    past = given("IdentityClarified 2025-06-03 means=pass", DULDUNG)
    assert past.state("A15", "2025-06-03") is State.CLOSED


def test_d17_a15_a_clarification_that_tells_no_means_makes_a_data_row(given: Given) -> None:
    past = given(DULDUNG, "IdentityClarified 2025-11-01")
    assert past.rows("A15") == ["data f1 2025-06-03..2025-12-03"]
    both = given(DULDUNG, "IdentityClarified 2025-11-01", "IdentityClarified 2026-01-01 means=pass")
    assert both.only("A15").kind is Kind.GAP


@pytest.mark.parametrize(
    ("facts", "row"),
    [
        (("DepartureObligationArisen 2025-06-03",), "f1 2025-06-03..2025-12-03"),
        (
            (
                "AsylumApplicationFiled 2018-01-01",
                "AsylumDecisionIssued 2019-03-07 outcome=abgelehnt",
            ),
            "f2 2019-03-26..2019-09-26",
        ),
        (
            ("AsylumDecisionIssued 2019-03-07 outcome=ou final_on=2019-04-30",),
            "f1 2019-04-30..2019-10-30",
        ),
        (
            ("TitleGranted 2023-01-31 basis=AUFENTHG_104C valid_until=2024-07-30",),
            "f1 2023-01-31..2023-07-31",
        ),
    ],
)
def test_w07_a15_the_state_starts_it_not_the_paper(
    given: Given, facts: tuple[str, ...], row: str
) -> None:
    assert given(*facts).rows("A15") == [row]


@pytest.mark.parametrize(
    "facts",
    [
        ("AsylumApplicationFiled 2018-01-01",),
        ("TitleGranted 2025-06-03 basis=AUFENTHG_18A",),
        ("AsylumDecisionIssued 2019-03-07 outcome=fluechtling",),
    ],
)
def test_a15_other_states_do_not_wait_for_it(given: Given, facts: tuple[str, ...]) -> None:
    assert given(*facts).rows("A15") == []


def test_a15_a_new_stretch_after_a_title_has_its_own_clock(given: Given) -> None:
    past = given(
        DULDUNG,
        "TitleGranted 2025-08-01 basis=AUFENTHG_25_5 valid_until=2026-01-31",
        "ToleranceIssued 2026-02-10",
    )
    assert past.rows("A15") == [
        "f1 2025-06-03..2025-12-03 cancelled 2025-08-01 f2",
        "f3 2026-02-10..2026-08-10",
    ]


# the naturalisation's clock

APPLIED = "NaturalisationApplied 2018-10-23"


@pytest.mark.parametrize(
    ("more", "row"),
    [
        ((), ""),
        (("TravelDocumentIssued 2019-06-19 kind=RA_fluechtling",), ""),
        (("IdentityClarified 2019-01-10 means=pass",), "in_time 2019-01-10 f2"),
        (('IdentityClarified 2019-01-10 means=pass purposes=["60b"]',), ""),
        (('IdentityClarified 2019-01-10 means=pass purposes=["StAG"]',), "in_time 2019-01-10 f2"),
        (
            ('IdentityClarified 2019-01-10 means=pass purposes=["§_16g","§stag"]',),
            "in_time 2019-01-10 f2",
        ),
        (("NaturalisationRefused 2019-08-01",), "cancelled 2019-08-01 f2"),
        (("NaturalisationWithdrawn 2019-02-01",), "cancelled 2019-02-01 f2"),
        (("NaturalisationApproved 2019-02-01",), "cancelled 2019-02-01 f2"),
    ],
)
def test_a15_a_pending_naturalisation_waits_for_the_identity(
    given: Given, more: tuple[str, ...], row: str
) -> None:
    past = given(APPLIED, *more)
    assert past.rows("A15") == [f"f1 2018-10-23..2019-04-23 {row}".rstrip()]


def test_d6_a15_a_second_application_supersedes_the_first(given: Given) -> None:
    past = given(APPLIED, "NaturalisationApplied 2019-03-01")
    assert past.rows("A15") == [
        "f1 2018-10-23..2019-04-23 superseded 2019-03-01 f2",
        "f2 2019-03-01..2019-09-01",
    ]


def test_d19_a15_a_duldung_and_a_naturalisation_are_two_keys(given: Given) -> None:
    past = given(DULDUNG, "NaturalisationApplied 2025-07-01")
    assert [one.key for one in past.intervals("A15")] == ["f1", "f2"]


# the six months after the entry

ARRIVED = ("EntryRegistered 2024-08-31", "AsylumApplicationFiled 2024-09-10")


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2024-09-09", State.NOT_APPLICABLE),
        ("2024-09-10", State.DUE),
        ("2025-02-28", State.DUE),
        ("2025-03-01", State.OPEN),
    ],
)
def test_d19_a15_the_six_months_after_entry_are_a_key_of_their_own(
    given: Given, day: str, state: State
) -> None:
    past = given(*ARRIVED)
    assert past.states("A15", day).get("entry", State.NOT_APPLICABLE) is state
    one = past.only("A15")
    assert one.evidence[0] == "f1"
    assert one.consequence.code == "identity_late"
    assert one.consequence.since == date(2025, 3, 1)


@pytest.mark.parametrize(
    ("entry", "applies"),
    [
        ("EntryRegistered 2019-12-31", False),
        ("EntryRegistered 2020-01-01", True),
        ("EntryRegistered 2019-12", False),
        ("EntryRegistered 2020", True),
        ("EntryRegistered 2020-03-01 entry_date=2019-12-31", False),
        ("JourneyStarted 2020-03-01 entry_date=2020-01-02", True),
        ("JourneyStarted 2020-03-01", False),
    ],
)
def test_d16_a15_the_six_months_hold_for_entries_from_2020_on(
    given: Given, entry: str, applies: bool
) -> None:
    past = given(entry, "AsylumApplicationFiled 2020-06-01")
    assert bool(past.rows("A15")) is applies


def test_a15_the_entry_of_somebody_with_a_title_starts_no_clock(given: Given) -> None:
    assert (
        given("EntryRegistered 2024-08-31", "TitleGranted 2024-09-10 basis=AUFENTHG_18A").rows(
            "A15"
        )
        == []
    )


def test_a15_a_procedure_begun_after_the_six_months_is_open_at_once(given: Given) -> None:
    past = given("EntryRegistered 2024-01-10", "AsylumApplicationFiled 2024-09-10")
    one = past.only("A15")
    assert (one.begins_on, one.due_on, one.opens_on) == (
        date(2024, 9, 10),
        date(2024, 7, 10),
        date(2024, 9, 10),
    )


@pytest.mark.parametrize(
    ("more", "row"),
    [
        ("IdentityClarified 2025-01-10 means=pass", "in_time 2025-01-10 f3"),
        ('IdentityClarified 2025-01-10 means=pass purposes=["60c"]', "in_time 2025-01-10 f3"),
        ("AsylumDecisionIssued 2025-01-10 outcome=subsidiaer", "cancelled 2025-01-10 f3"),
        ("TitleGranted 2025-04-10 basis=AUFENTHG_16G", "cancelled 2025-04-10 f3"),
    ],
)
def test_a15_what_closes_the_entry_clock(given: Given, more: str, row: str) -> None:
    assert given(*ARRIVED, more).rows("A15") == [f"entry 2024-09-10..2025-02-28 {row}"]


def test_a15_the_entry_clock_goes_on_with_a_duldung_beside_the_other(given: Given) -> None:
    past = given(*ARRIVED, "ToleranceIssued 2025-01-10")
    assert past.rows("A15") == [
        "f3 2025-01-10..2025-07-10",
        "entry 2024-09-10..2025-02-28",
    ]


def test_d3_a15_a_month_of_entry_counts_by_its_last_day_and_says_possibly(given: Given) -> None:
    one = given("EntryRegistered 2024-08", "ToleranceIssued 2024-08-15").intervals("A15")[1]
    assert (one.begins_on, one.due_on) == (date(2024, 8, 31), date(2025, 2, 28))
    assert one.certainty is Certainty.POSSIBLY


def test_d8_a15_a_retracted_clarification_opens_it_again(given: Given) -> None:
    past = given(
        DULDUNG, "IdentityClarified 2025-08-01 means=pass", "EventRetracted 2026-01-10 target=f2"
    )
    assert past.state("A15", "2026-01-01", known_at="2026-01-09") is State.CLOSED
    assert past.state("A15", "2026-01-01") is State.OPEN


# A30


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2013-02-03", State.NOT_APPLICABLE),
        ("2013-02-04", State.DUE),
        ("2013-05-05", State.DUE),
        ("2013-05-06", State.OPEN),
    ],
)
def test_w35_a30_papers_asked_for_are_due_within_ninety_days(
    given: Given, day: str, state: State
) -> None:
    assert given("IdentityDocumentsRequested 2013-02-04").state("A30", day) is state


@pytest.mark.parametrize(
    ("request_", "due"),
    [
        ("IdentityDocumentsRequested 2013-02-04 due=2013-03-01", "2013-03-01"),
        ("IdentityDocumentsRequested 2013-02-04 due=2013-03", "2013-03-31"),
        ("IdentityDocumentsRequested 2013-02-04 due=2013-01-10", "2013-02-04"),
    ],
)
def test_a30_the_day_that_the_office_sets_goes_first(given: Given, request_: str, due: str) -> None:
    assert given(request_).only("A30").due_on == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("answer", "by"),
    [
        ("IdentityClarified 2013-03-11 means=other", ClosedBy.IN_TIME),
        ("IdentityClarified 2013-03-11", ClosedBy.IN_TIME),
        ("PassportIssued 2013-05-06", ClosedBy.LATE),
        ("IdentityDocumentsRequested 2013-11-15", ClosedBy.SUPERSEDED),
        ("LeftGermany 2013-04-01", ClosedBy.CANCELLED),
    ],
)
def test_w36_a30_a_document_handed_in_is_an_effort(given: Given, answer: str, by: ClosedBy) -> None:
    past = given("IdentityDocumentsRequested 2013-02-04", answer)
    assert past.intervals("A30")[0].closed_by is by


def test_a30_an_identity_clarified_before_leaves_nothing_to_ask(given: Given) -> None:
    request = "IdentityDocumentsRequested 2013-02-04"
    assert given("IdentityClarified 2013-02-03 means=pass", request).rows("A30") == []
    assert given("IdentityClarified 2013-02-03 means=other", request).rows("A30") != []
