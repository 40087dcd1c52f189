"""S02, S04: the way into an integration course, and what the admission stop of 2026 leaves."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from domain.chain.catalogue import RULES
from domain.chain.evaluation import why
from domain.chain.explanation import explain, findings
from domain.chain.intervals import Certainty, Kind, Responsible, Severity, State
from domain.chain.reading import read
from domain.vocabulary.gaps import GapReason

Given = Callable[..., Any]

CLAIM = "TitleGranted 2025-03-10 course_claim=true"
CLAIMED = "f1 2025-03-10..2025-04-09"
STOPPED = "CourseAdmissionRefused 2026-02-20 reason=quota_stop_2026"
REFUSED = "f1 2026-02-20..2026-03-22"
ADMITTED = "CourseEntitlementIssued 2024-09-01 basis=44_4_zulassung lapses_on=2025-08-31"
ADMISSION = "f1 2025-07-02..2025-08-31"


def said(given: Given, rule: str, *lines: str) -> Any:
    """Return what is said of the only instance of a rule."""
    past = given(*lines)
    one = past.only(rule)
    return explain(one, read(past.told), one.begins_on)


# S02 by title


def test_s02_example_a_title_on_10_march_2025(given: Given) -> None:
    assert given(CLAIM).rows("S02") == [CLAIMED]


def test_d5_s02_the_days_before_on_and_after_its_bounds(given: Given) -> None:
    past = given(CLAIM)
    assert past.state("S02", "2025-03-09") is State.NOT_APPLICABLE
    assert past.state("S02", "2025-03-10") is State.DUE
    assert past.state("S02", "2025-04-09") is State.DUE
    assert past.state("S02", "2025-04-10") is State.OPEN


def test_s02_is_medium_and_the_immigration_office_acts_first(given: Given) -> None:
    one = given(CLAIM).only("S02")
    assert (one.severity, one.responsible[0]) == (Severity.MEDIUM, Responsible.ABH)
    assert one.consequence is None


@pytest.mark.parametrize(
    ("follow_up", "how"),
    [
        ("CourseEntitlementIssued 2025-04-09", "in_time 2025-04-09"),
        ("CourseEntitlementIssued 2025-04-10 basis=44a_nr2", "late 2025-04-10"),
        ("CourseEntitlementIssued 2025-03-10", "in_time 2025-03-10"),
        ("CourseRegistered 2025-04-01", "in_time 2025-04-01"),
        ("CourseStarted 2025-04-01 kind=IK_ALPHA", "in_time 2025-04-01"),
        ("CourseEntitlementIssued 2025-04", "in_time 2025-04-09"),
        ("CourseEntitlementIssued -", "in_time 2025-04-09"),
    ],
)
def test_w15_s02_is_followed_up_by_the_entitlement_or_by_a_course(
    given: Given, follow_up: str, how: str
) -> None:
    assert given(CLAIM, follow_up).rows("S02") == [f"{CLAIMED} {how} f2"]


@pytest.mark.parametrize("other", ["CourseStarted 2025-04-01 kind=EOK", "FeeExemptionGranted -"])
def test_s02_by_title_is_not_closed_by_another_course(given: Given, other: str) -> None:
    assert given(CLAIM, other).rows("S02") == [CLAIMED]


@pytest.mark.parametrize(
    "cancelling",
    [
        "LanguageTestTaken 2025-03-20 result=B1",
        "IntegrationCourseCertificateIssued 2025-03-20",
        "SchoolStarted 2025-03-20",
        "CourseAdmissionRefused 2025-03-20 reason=low_need",
        "CourseAdmissionRefused 2025-03-20 reason=b1_present",
        "CourseAdmissionRefused 2025-03-20 reason=school",
        "TitleRevoked 2025-03-20",
        "NaturalisationCertificateHandedOver 2025-03-20",
        "LeftGermany 2025-03-20",
    ],
)
def test_s02_is_cancelled_where_no_course_is_needed_any_more(given: Given, cancelling: str) -> None:
    assert given(CLAIM, cancelling).rows("S02") == [f"{CLAIMED} cancelled 2025-03-20 f2"]


@pytest.mark.parametrize(
    "other",
    [
        "LanguageTestTaken 2025-03-20 result=A2",
        "LanguageTestTaken 2025-03-20 result=B1 test_kind=EINSTUFUNG",
        'LanguageTestTaken 2025-03-20 result=B1 per_skill={"writing":"A2"}',
        "SchoolStarted 2025-03-20 child_ref=c1",
        "CourseAdmissionRefused 2025-03-20 reason=other",
    ],
)
def test_w25_s02_is_not_cancelled_by_less_than_b1_or_a_school_of_a_child(
    given: Given, other: str
) -> None:
    assert given(CLAIM, other).rows("S02") == [CLAIMED]


@pytest.mark.parametrize(
    ("earlier", "reason"),
    [
        ("LanguageTestTaken 2025-03-09 result=B1", "B1"),
        ("CourseRegistered 2025-01-10", "running already"),
        ("SchoolStarted 2025-01-10", "goes to school"),
        ("CourseEntitlementIssued 2025-01-10", "valid already"),
        ("CourseEntitlementIssued 2025-01-10 lapses_on=2025-03-10", "valid already"),
        ("CourseEntitlementIssued 2025-01-10 lapses_on=2025-03", "valid already"),
    ],
)
def test_d21_s02_has_no_instance_where_nothing_is_missing_and_says_why(
    given: Given, earlier: str, reason: str
) -> None:
    past = given(earlier, CLAIM)
    assert past.rows("S02") == []
    view = read(past.told)
    standing = why(view, RULES["S02"], date(2025, 3, 20))
    assert any(reason in one.text.en for one in findings(standing, view, date(2025, 3, 20)))


@pytest.mark.parametrize(
    "earlier",
    [
        "CourseEntitlementIssued 2024-01-10 lapses_on=2025-03-09",
        "LanguageTestTaken 2025-01-10 result=A2",
        "CourseRegistered 2025-01-10 kind=EOK",
    ],
)
def test_s02_begins_where_what_was_there_before_no_longer_helps(given: Given, earlier: str) -> None:
    assert given(earlier, CLAIM).rows("S02") == ["f2 2025-03-10..2025-04-09"]


def test_d4_s02_an_entitlement_of_the_same_day_closes_it_in_any_order(given: Given) -> None:
    entitled = "CourseEntitlementIssued 2025-03-10"
    assert given(entitled, CLAIM).rows("S02") == ["f2 2025-03-10..2025-04-09 in_time 2025-03-10 f1"]


def test_s02_only_the_first_title_with_a_claim_counts(given: Given) -> None:
    past = given(
        "TitleGranted 2024-01-10 basis=AUFENTHG_25_5", CLAIM, CLAIM.replace("2025", "2026")
    )
    assert past.rows("S02") == ["f2 2025-03-10..2025-04-09"]


def test_d17_s02_a_title_that_may_give_a_claim_is_a_row_of_missing_data(given: Given) -> None:
    past = given("TitleGranted 2025-03-10 basis=AUFENTHG_25_2_FL")
    assert past.rows("S02") == [f"data {CLAIMED}"]
    assert past.only("S02").severity is Severity.LOW
    assert given("TitleGranted 2025-03-10 basis=AUFENTHG_24").rows("S02") == []
    assert given("TitleGranted 2025-03-10 course_claim=false").rows("S02") == []


def test_d3_s02_a_title_of_a_month_is_due_from_its_latest_day(given: Given) -> None:
    one = given("TitleGranted 2025-03 course_claim=true").only("S02")
    assert (one.begins_on, one.due_on) == (date(2025, 3, 31), date(2025, 4, 30))
    assert one.certainty is Certainty.POSSIBLY


def test_s02_the_stop_leaves_the_claim_of_a_title_untouched(given: Given) -> None:
    before = said(given, "S02", "TitleGranted 2026-02-08 course_claim=true")
    since = said(given, "S02", "TitleGranted 2026-02-09 course_claim=true")
    assert "Zulassungsstopp" not in before.de
    assert "berührt diesen Anspruch nicht" in since.de
    assert "does not touch this claim" in since.en


# S02 by the stop


def test_s02_example_an_admission_refused_for_the_stop(given: Given) -> None:
    assert given(STOPPED).rows("S02") == [REFUSED]


def test_s02_a_refusal_for_the_stop_names_the_other_ways_and_who_may_open_them(
    given: Given,
) -> None:
    text = said(given, "S02", STOPPED)
    for way in ("§ 44a Abs. 1", "§ 5a IntV", "Erstorientierungskurs"):
        assert way in text.de
    assert "first orientation course" in text.en
    one = given(STOPPED).only("S02")
    assert one.responsible[0] is Responsible.CASE_MANAGER
    assert {Responsible.JOBCENTER, Responsible.ABH} < set(one.responsible)
    assert GapReason.ADMISSION_STOP in RULES["S02"].reasons


@pytest.mark.parametrize(
    ("refusal", "counts"),
    [
        ("CourseAdmissionRefused 2026-02-09", True),
        ("CourseAdmissionRefused 2026-02-08", False),
        ("CourseAdmissionRefused 2026-02-08 reason=quota_stop_2026", True),
        ("CourseAdmissionRefused 2026-03-01 reason=low_need", False),
        ("CourseAdmissionRefused 2026-03-01 reason=other", False),
        ("CourseAdmissionRefused 2016-07-20 reason=other", False),
    ],
)
def test_s02_counts_a_refusal_for_the_stop_or_of_unknown_reason_since_it(
    given: Given, refusal: str, counts: bool
) -> None:
    assert bool(given(refusal).rows("S02")) is counts


@pytest.mark.parametrize(
    "follow_up",
    [
        "CourseEntitlementIssued 2026-03-01 basis=5a_IntV",
        "CourseRegistered 2026-03-01 kind=LAND_BASIS",
        "CourseStarted 2026-03-01 kind=EHRENAMT",
        "OrientationCourseStarted 2026-03-01",
    ],
)
def test_s02_after_a_refusal_any_course_will_do(given: Given, follow_up: str) -> None:
    assert given(STOPPED, follow_up).rows("S02") == [f"{REFUSED} in_time 2026-03-01 f2"]


def test_d6_s02_a_second_refusal_supersedes_the_first(given: Given) -> None:
    past = given(STOPPED, "CourseAdmissionRefused 2026-03-01 reason=quota_stop_2026")
    assert past.rows("S02") == [f"{REFUSED} superseded 2026-03-01 f2", "f2 2026-03-01..2026-03-31"]


def test_s02_a_title_with_a_claim_supersedes_a_refusal_but_not_the_other_way_round(
    given: Given,
) -> None:
    title = "TitleGranted 2026-03-01 course_claim=true"
    by_title = "f2 2026-03-01..2026-03-31"
    assert given(STOPPED, title).rows("S02") == [by_title, f"{REFUSED} superseded 2026-03-01 f2"]
    past = given("TitleGranted 2026-02-10 course_claim=true", STOPPED)
    assert past.rows("S02") == ["f1 2026-02-10..2026-03-12", "f2 2026-02-20..2026-03-22"]


@pytest.mark.parametrize(
    "earlier",
    [
        "CourseStarted 2026-01-10",
        "LanguageTestTaken 2026-01-10 result=C1",
        "SchoolStarted 2026-01-01",
    ],
)
def test_s02_a_refusal_needs_nothing_where_a_course_runs_or_b1_is_proven(
    given: Given, earlier: str
) -> None:
    assert given(earlier, STOPPED).rows("S02") == []


def test_s02_a_refused_title_whose_course_runs_supersedes_no_refusal(given: Given) -> None:
    past = given(STOPPED, "CourseStarted 2026-03-05", "TitleGranted 2026-03-10 course_claim=true")
    assert past.rows("S02") == [f"{REFUSED} in_time 2026-03-05 f2"]


# S04


def test_s04_leads_60_days_to_the_last_valid_day(given: Given) -> None:
    assert given(ADMITTED).rows("S04") == [ADMISSION]


def test_d5_s04_the_days_before_on_and_after_its_bounds(given: Given) -> None:
    past = given(ADMITTED)
    assert past.state("S04", "2025-07-01") is State.NOT_APPLICABLE
    assert past.state("S04", "2025-07-02") is State.DUE
    assert past.state("S04", "2025-08-31") is State.DUE
    assert past.state("S04", "2025-09-01") is State.OPEN


@pytest.mark.parametrize(
    ("facts", "row"),
    [
        ("2025-09-01", "f1 2026-07-03..2026-09-01"),
        ("2024-02-29", "f1 2024-12-30..2025-02-28"),
        ("2025-09-01 issued_on=2025-08-20", "f1 2026-06-21..2026-08-20"),
        ("- issued_on=2025-09-01", "f1 2026-07-03..2026-09-01"),
        ("2025-09", "f1 2026-07-03..2026-09-30"),
        ("2025-09-01 lapses_on=2026-08", "f1 2026-06-02..2026-08-31"),
        ("2025-09-01 lapses_on=2025-09-30", "f1 2025-09-01..2025-09-30"),
    ],
)
def test_s04_without_a_told_end_an_admission_is_valid_for_a_year(
    given: Given, facts: str, row: str
) -> None:
    day, *rest = facts.split()
    past = given(" ".join(["CourseEntitlementIssued", day, "basis=44_4_zulassung", *rest]))
    assert past.rows("S04") == [row]


@pytest.mark.parametrize(
    ("end", "certainty"),
    [("2026-08-31", Certainty.CERTAINLY), ("2026-08", Certainty.POSSIBLY)],
)
def test_g6_s04_is_as_certain_as_the_day_on_which_the_admission_lapses(
    given: Given, end: str, certainty: Certainty
) -> None:
    past = given(f"CourseEntitlementIssued 2025-09-01 basis=44_4_zulassung lapses_on={end}")
    assert past.only("S04").certainty is certainty


@pytest.mark.parametrize("way", ["CourseRegistered", "CourseStarted"])
def test_w15_s04_a_registration_and_a_start_both_close_it(given: Given, way: str) -> None:
    assert given(ADMITTED, f"{way} 2025-08-31").rows("S04") == [
        f"{ADMISSION} in_time 2025-08-31 f2"
    ]
    assert given(ADMITTED, f"{way} 2025-09-01").rows("S04") == [f"{ADMISSION} late 2025-09-01 f2"]
    assert given(ADMITTED, f"{way} 2025-07-01").rows("S04") == []
    assert given(ADMITTED, f"{way} 2025-08-01 kind=EOK").rows("S04") == [ADMISSION]


@pytest.mark.parametrize(
    "cancelling",
    [
        "LanguageTestTaken 2025-08-01 result=B2",
        "SchoolStarted 2025-08-01",
        "LeftGermany 2025-08-01",
    ],
)
def test_s04_is_cancelled_where_the_course_is_not_needed(given: Given, cancelling: str) -> None:
    assert given(ADMITTED, cancelling).rows("S04") == [f"{ADMISSION} cancelled 2025-08-01 f2"]


def test_d15_s04_ends_with_naturalisation(given: Given) -> None:
    past = given(ADMITTED, "NaturalisationCertificateHandedOver 2025-08-01")
    assert past.rows("S04") == [f"{ADMISSION} cancelled 2025-08-01 f2"]


@pytest.mark.parametrize("basis", ["basis=44a_nr2", "basis=44_1", ""])
def test_d6_s04_a_newer_entitlement_of_any_basis_supersedes_it(given: Given, basis: str) -> None:
    past = given(ADMITTED, f"CourseEntitlementIssued 2025-08-01 {basis} obligated=true")
    assert past.rows("S04") == [f"{ADMISSION} superseded 2025-08-01 f2"]


@pytest.mark.parametrize(
    ("end", "severity"),
    [("2026-02-07", "high"), ("2026-02-08", "critical"), ("2026-08-31", "critical")],
)
def test_s04_is_critical_where_no_new_admission_follows_its_end(
    given: Given, end: str, severity: str
) -> None:
    line = f"CourseEntitlementIssued 2025-09-01 basis=44_4_zulassung lapses_on={end}"
    assert given(line).only("S04").severity == severity
    text = said(given, "S04", line)
    assert ("§ 5a IntV" in text.de) is (severity == "critical")
    assert ("no new admission" in text.en) is (severity == "critical")


def test_s04_an_admission_issued_before_the_stop_stays_valid(given: Given) -> None:
    past = given("CourseEntitlementIssued 2026-02-01 basis=44_4_zulassung")
    assert past.rows("S04") == ["f1 2026-12-03..2027-02-01"]
    assert past.state("S04", "2027-02-01") is State.DUE
    assert GapReason.ADMISSION_STOP in RULES["S04"].reasons


def test_s04_leaves_a_lapsed_admission_behind(given: Given) -> None:
    one = given(ADMITTED).only("S04")
    assert (one.consequence.code, one.consequence.since) == ("claim_lapsed", date(2025, 9, 1))
    assert given(ADMITTED, "CourseStarted 2025-08-31").only("S04").consequence is None


@pytest.mark.parametrize(
    "line",
    [
        "CourseEntitlementIssued 2024-09-01 basis=44_1",
        "CourseEntitlementIssued 2024-09-01 basis=44a_nr1",
        "CourseEntitlementIssued 2024-09-01 basis=5a_IntV",
        "CourseEntitlementIssued 2024-09-01 obligated=true",
        "CourseEntitlementIssued 2004-12-31 basis=44_4_zulassung",
    ],
)
def test_s04_does_not_watch_other_entitlements_or_times_before_the_law(
    given: Given, line: str
) -> None:
    assert given(line).rows("S04") == []


def test_d16_s04_the_law_begins_with_2005(given: Given) -> None:
    assert len(given("CourseEntitlementIssued 2005-01-01 basis=44_4_zulassung").rows("S04")) == 1


def test_d17_s04_an_entitlement_of_unknown_basis_is_a_row_of_missing_data(given: Given) -> None:
    past = given("CourseEntitlementIssued 2012-06-01 lapses_on=2014-05-31")
    assert past.rows("S04") == ["data f1 2014-04-01..2014-05-31"]
    one = past.only("S04")
    assert (one.kind, one.severity, one.consequence) == (Kind.DATA, Severity.LOW, None)


@pytest.mark.parametrize(
    "earlier", ["CourseStarted 2024-08-01", "LanguageTestTaken 2024-08-01 result=B1"]
)
def test_s04_has_no_instance_where_a_course_runs_or_b1_is_proven(
    given: Given, earlier: str
) -> None:
    assert given(earlier, ADMITTED).rows("S04") == []


def test_s04_begins_where_the_course_before_was_aborted(given: Given) -> None:
    past = given("CourseStarted 2024-06-01", "CourseAborted 2024-08-01", ADMITTED)
    assert past.rows("S04") == ["f3 2025-07-02..2025-08-31"]


def test_d8_s04_a_correction_of_the_end_moves_the_window(given: Given) -> None:
    past = given(
        ADMITTED,
        'EventCorrected 2025-08-15 target=f1 attributes={"lapses_on":"2025-12-31"}',
    )
    assert past.rows("S04") == ["f1 2025-11-01..2025-12-31"]
    assert past.rows("S04", known_at="2025-08-14") == [ADMISSION]
