"""L06: benefits under § 2 AsylbLG, by the law of each day; the checklist of § 2 AsylbLG."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from domain.chain.bounds import STANDARD, Bounds, Status
from domain.chain.catalogue import RULES
from domain.chain.checklists.asylblg_2 import ASYLBLG_2
from domain.chain.checklists.checklist import Verdict
from domain.chain.derived import Derived
from domain.chain.evaluation import evaluate, turned
from domain.chain.intervals import Certainty, ClosedBy, Kind, Severity, State
from domain.chain.reading import read

Given = Callable[..., Any]

ENTRY = "EntryRegistered 2017-01-07"
BASIC = "BenefitGranted 2017-01-09 rechtskreis=ASYLBLG_3"
RECEIPT = "BenefitGranted 2001-04-17 rechtskreis=ASYLBLG_3 from=2001-04"


def states(past: Any, day: str) -> set[State]:
    return set(past.states("L06", day).values())


def test_d19_l06_c27_is_due_from_the_month_before_and_open_on_the_day_after_the_clock(
    given: Given,
) -> None:
    past = given(ENTRY, BASIC)
    first = past.intervals("L06")[0]
    assert (first.key, first.begins_on, first.due_on) == (
        "f2",
        date(2018, 3, 1),
        date(2018, 4, 7),
    )
    assert states(past, "2018-02-28") == set()
    assert states(past, "2018-03-01") == {State.DUE}
    assert states(past, "2018-04-07") == {State.DUE}
    assert states(past, "2018-04-08") == {State.OPEN}


def test_l06_is_a_chance_and_weighs_high_once_the_higher_benefits_are_due(given: Given) -> None:
    one = given(ENTRY, BASIC).intervals("L06")[0]
    assert (one.kind, one.severity) == (Kind.CHANCE, Severity.CHANCE)
    assert one.severity_on(date(2018, 4, 7)) is Severity.CHANCE
    assert one.severity_on(date(2018, 4, 8)) is Severity.HIGH


def test_d16_l06_example_every_law_counts_on_its_own_days(given: Given) -> None:
    past = given(ENTRY, BASIC)
    assert past.rows("L06") == [
        "f2 2018-03-01..2018-04-07 rule_change 2019-08-21",
        "f2@2019-08-21 2019-08-21..2018-07-07 rule_change 2024-02-27",
        "f2@2024-02-27 2024-02-27..2020-01-07",
    ]
    assert states(past, "2019-08-20") == {State.OPEN}
    assert states(past, "2019-08-21") == {State.CLOSED, State.OPEN}


def test_d16_l06_a_longer_time_takes_back_what_was_nearly_full(given: Given) -> None:
    past = given("EntryRegistered 2018-06-01", "BenefitGranted 2018-06-05 rechtskreis=ASYLBLG_3")
    assert past.rows("L06")[:2] == [
        "f2 2019-08-01..2019-09-01 rule_change 2019-08-21",
        "f2@2019-08-21 2019-11-01..2019-12-01 rule_change 2024-02-27",
    ]
    assert states(past, "2019-09-02") == {State.CLOSED}
    assert states(past, "2019-11-01") == {State.CLOSED, State.DUE}


@pytest.mark.parametrize(
    ("entry", "begins", "due"),
    [
        ("2021-01-31", "2023-12-01", "2024-01-31"),
        ("2021-02-28", "2024-02-27", "2024-02-28"),
        ("2021-03-31", "2024-02-27", "2024-03-31"),
        ("2021-04-30", "2024-03-01", "2024-04-30"),
        ("2024-02-29", "2027-01-01", "2027-02-28"),
    ],
)
def test_l06_36_months_of_stay_since_27_february_2024(
    given: Given, entry: str, begins: str, due: str
) -> None:
    past = given(f"EntryRegistered {entry}", f"BenefitGranted {entry} rechtskreis=ASYLBLG_3")
    last = past.intervals("L06")[-1]
    assert str(last.due_on) == due
    assert str(last.begins_on) == max(begins, "2024-02-27")


def test_l06_c80_by_receipt_it_is_long_open_and_stays_open_under_the_longer_time(
    given: Given,
) -> None:
    past = given("EntryRegistered 2000", RECEIPT)
    assert states(past, "2007-08-27") == {State.OPEN}
    assert past.rows("L06")[:2] == [
        "f2 2004-03-01..2004-04-29 rule_change 2007-08-28",
        "f2@2007-08-28 2007-08-28..2005-04-29 rule_change 2015-03-01",
    ]
    assert past.intervals("L06")[0].certainty is Certainty.POSSIBLY


def test_l06_by_receipt_the_first_day_paid_counts(given: Given) -> None:
    past = given("BenefitGranted 1998-04-03 rechtskreis=ASYLBLG_3")
    assert past.intervals("L06")[0].due_on == date(2001, 4, 2)


def test_l06_by_receipt_days_under_another_law_do_not_count(given: Given) -> None:
    past = given(
        "BenefitGranted 2002-02-01 rechtskreis=ASYLBLG_3",
        "BenefitGranted 2005-02-01 rechtskreis=ASYLBLG_2",
        "BenefitGranted 2007-10-01 rechtskreis=ASYLBLG_3",
    )
    assert past.rows("L06")[:2] == [
        "f1 2004-12-01..2005-01-31 late 2005-02-01 f2",
        "f3 2008-08-01..2008-09-29 rule_change 2015-03-01",
    ]


def test_l06_by_receipt_a_time_not_reached_makes_nothing(given: Given) -> None:
    past = given(
        "BenefitGranted 2005-02-01 rechtskreis=ASYLBLG_3",
        "BenefitEnded 2006-02-01 rechtskreis=ASYLBLG_3",
    )
    assert past.rows("L06") == []


def test_l06_the_passing_of_until_ends_nothing(given: Given) -> None:
    past = given(ENTRY, f"{BASIC} until=2017-01-31")
    assert states(past, "2018-04-08") == {State.OPEN}


@pytest.mark.parametrize(
    ("fact", "row"),
    [
        (
            "BenefitGranted 2018-04-07 rechtskreis=ASYLBLG_2",
            "f2 2018-03-01..2018-04-07 in_time 2018-04-07 f3",
        ),
        (
            "BenefitGranted 2018-05-20 rechtskreis=ASYLBLG_2 from=2018-04-08",
            "f2 2018-03-01..2018-04-07 late 2018-05-20 f3",
        ),
        (
            "RechtskreisChangeCompleted 2018-04-08 from=ASYLBLG_3 to=ASYLBLG_2",
            "f2 2018-03-01..2018-04-07 late 2018-04-08 f3",
        ),
        (
            "BenefitGranted 2018-05-01 rechtskreis=SGB_II",
            "f2 2018-03-01..2018-04-07 cancelled 2018-05-01 f3",
        ),
        (
            "BenefitEnded 2018-04-30 rechtskreis=ASYLBLG_3",
            "f2 2018-03-01..2018-04-07 cancelled 2018-05-01 f3",
        ),
        ("AbuseFound 2018-03-20", "f2 2018-03-01..2018-04-07 cancelled 2018-03-20 f3"),
        ("LeftGermany 2018-03-20", "f2 2018-03-01..2018-04-07 cancelled 2018-03-20 f3"),
    ],
)
def test_l06_what_fulfils_it_and_what_ends_it(given: Given, fact: str, row: str) -> None:
    assert given(ENTRY, BASIC, fact).rows("L06")[0] == row


def test_l06_abuse_found_before_bars_it_for_good(given: Given) -> None:
    assert given(ENTRY, "AbuseFound 2017-01-08", BASIC).rows("L06") == []


def test_c79_l06_without_basic_benefits_there_is_nothing_to_raise(given: Given) -> None:
    past = given("EntryRegistered 2002-09-02", "AsylumApplicationFiled 2002-09-12")
    assert past.rows("L06") == []


def test_l06_why_not_says_that_no_basic_benefits_are_paid(given: Given) -> None:
    journey = Derived(read(given("BenefitGranted 2020-01-01 rechtskreis=SGB_II").told))
    assert [one.reason.en for one in turned(journey, RULES["L06"])] == [
        "no basic benefits under § 3 AsylbLG"
    ]


@pytest.mark.parametrize(
    ("facts", "due"),
    [
        (("JourneyStarted 2017-02-01 entry_date=2017-01-07",), "2018-04-07"),
        (("EntryRegistered 2017-03-01 entry_date=2017-01-07",), "2018-04-07"),
        (("AsylumApplicationFiled 2017-01-08",), "2018-04-08"),
        (("ArrivalCertificateIssued 2017-01-05", "AsylumSought 2017-01-04"), "2018-04-04"),
        ((), "2018-04-09"),
        (("AsylumApplicationFiled 2017-02-08",), "2018-04-09"),
        (
            ("EntryRegistered 2010-01-01", "LeftGermany 2012-01-01", "EntryRegistered 2017-01-03"),
            "2018-04-03",
        ),
        (("EntryRegistered 2010-01-01", "LeftGermany 2012-01-01"), "2018-04-09"),
    ],
)
def test_l06_the_stay_counts_from_the_entry_else_from_what_first_proves_it(
    given: Given, facts: tuple[str, ...], due: str
) -> None:
    past = given(*facts, BASIC)
    one = past.intervals("L06")[0]
    assert str(one.due_on) == due
    told = any("Entry" in fact or "entry" in fact for fact in facts) and due != "2018-04-09"
    assert one.certainty is (Certainty.CERTAINLY if told else Certainty.POSSIBLY)


def test_d3_l06_a_partial_entry_warns_from_the_earliest_and_is_due_on_the_latest_day(
    given: Given,
) -> None:
    one = given("EntryRegistered 2016-10", BASIC).intervals("L06")[0]
    assert (str(one.begins_on), str(one.due_on)) == ("2017-12-01", "2018-01-31")
    assert one.certainty is Certainty.POSSIBLY


def _kept() -> Bounds:
    """Return the standard bounds with the transitional law in force."""
    rows = dict(STANDARD.rows)
    rows["L06.kept"] = tuple(replace(one, status=Status.IN_FORCE) for one in rows["L06.kept"])
    return Bounds(MappingProxyType(rows))


def test_the_transitional_law_is_unverified_and_off_and_would_keep_what_was_full(
    given: Given,
) -> None:
    assert not STANDARD.is_on("L06.kept", date(2024, 2, 27))
    past = given("EntryRegistered 2022-01-10", "BenefitGranted 2022-01-12 rechtskreis=ASYLBLG_3")
    last = evaluate(past.told, None, [RULES["L06"]])[-1]
    assert str(last.due_on) == "2025-01-10"
    kept = evaluate(past.told, None, [RULES["L06"]], _kept())[-1]
    assert (str(kept.begins_on), str(kept.due_on)) == ("2024-02-27", "2023-07-10")
    late = given("EntryRegistered 2022-08-26", "BenefitGranted 2022-08-26 rechtskreis=ASYLBLG_3")
    kept = evaluate(late.told, None, [RULES["L06"]], _kept())[-1]
    assert str(kept.due_on) == "2025-08-26"
    late = given("EntryRegistered 2022-08-25", "BenefitGranted 2022-08-26 rechtskreis=ASYLBLG_3")
    kept = evaluate(late.told, None, [RULES["L06"]], _kept())[-1]
    assert str(kept.due_on) == "2024-02-25"


def test_the_checklist_is_full_exactly_while_l06_is_open(given: Given) -> None:
    past = given(ENTRY, BASIC, "BenefitGranted 2020-03-01 rechtskreis=ASYLBLG_2")
    journey = Derived(read(past.told))
    full = [(str(one.first), str(one.last)) for one in ASYLBLG_2.full(journey)]
    assert full == [("2018-04-08", "2020-02-29")]
    answers = {
        item.name: answer.verdict for item, answer in ASYLBLG_2.answers(journey, date(2018, 4, 7))
    }
    assert answers == {
        "basic_benefits": Verdict.MET,
        "clock": Verdict.NOT_MET,
        "no_abuse": Verdict.MET,
    }
    opened = [one for one in past.intervals("L06") if one.closed_by is not ClosedBy.IN_TIME]
    assert [str(one.opens_on) for one in opened] == ["2018-04-08", "2019-08-21"]


def test_the_checklist_names_the_abuse_and_the_entry(given: Given) -> None:
    journey = Derived(read(given(ENTRY, BASIC, "AbuseFound 2018-05-01").told))
    answers = {item.name: answer for item, answer in ASYLBLG_2.answers(journey, date(2018, 5, 1))}
    assert answers["no_abuse"].verdict is Verdict.NOT_MET
    assert [one.id for one in answers["clock"].facts] == ["f1"]
