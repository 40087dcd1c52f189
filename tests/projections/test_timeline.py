"""The picture of a journey: strands, spans, holes, milestones, and the chain above them."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest

from domain.chain.reading import Told
from projections.strands import LinkState, MarkKind, Span, SpanKind, Strand, StrandName, Timeline
from projections.timeline import timeline

Tell = Callable[..., tuple[Told, ...]]
AMINA = UUID(int=1)
DAY = date(2026, 11, 22)
LIFE = (
    "JourneyStarted 2022-05-12",
    "EntryRegistered 2022-05-12",
    "AsylumApplicationFiled 2022-05-14",
    "TemporaryPermissionIssued 2022-05-14 valid_until=2023-05-13",
    "BenefitGranted 2022-06-01 rechtskreis=ASYLBLG_3",
    "AsylumDecisionIssued 2023-02-20 outcome=fluechtling final_on=2023-03-10",
    "TitleApplied 2023-03-12",
    "TitleGranted 2023-05-20 basis=AUFENTHG_25_2_FL valid_until=2026-05-19",
    "BenefitApplied 2023-03-20 rechtskreis=SGB_II",
    "BenefitGranted 2023-04-01 rechtskreis=SGB_II",
    "TitleApplied 2026-05-11 kind=verlaengerung",
    "FictionCertificateIssued 2026-05-20 valid_until=2026-11-30",
    "CourseStarted 2023-06-01 kind=IK_ALLGEMEIN",
    "CourseCompleted 2024-02-01",
    "LanguageTestTaken 2024-02-20 result=B1",
    "CivicsTestTaken 2024-02-20 kind=LID points=30",
    "IntegrationCourseCertificateIssued 2024-03-15",
    "HousingAssigned 2022-05-20 kind=communal",
    "LeaseSigned 2024-07-01",
    "CaseOpened 2023-01-10 case_id=KIM-2022-0417 org_unit=Mitte carrier=DRK intensity=begleitung",
    "CaseManagerAssigned 2023-01-10 case_id=KIM-2022-0417 cm=Krämer",
    "ContactHeld 2026-11-19 minutes=45",
    "ContactHeld 2026-11-20 no_show=true",
    "HandoverOffered 2026-01-14 to=Jobcenter reason=rechtskreis",
    "EmploymentStarted 2024-03-01 employer=Klinik employment_kind=SV_VOLLZEIT",
)


def strand(drawn: Timeline, name: StrandName) -> Strand:
    return next(one for one in drawn.strands if one.name is name)


def open_gaps(drawn: Timeline, name: StrandName) -> list[str]:
    return [one.rule for one in strand(drawn, name).spans if one.kind is SpanKind.GAP_OPEN]


def said(spans: tuple[Span, ...]) -> list[tuple[str, str, str]]:
    return [(str(one.start), str(one.end or ""), one.kind.value) for one in spans]


@pytest.fixture
def amina(told: Tell) -> Timeline:
    return timeline(AMINA, told(*LIFE), DAY)


def test_the_strands_stand_in_their_order(amina: Timeline) -> None:
    assert [one.name for one in amina.strands] == list(StrandName)
    assert [one.name.de for one in amina.chain] == [
        "Erstorientierung",
        "Aufenthalt",
        "Sprache",
        "Anerkennung und Bildung",
        "Arbeit",
        "Wohnen",
        "Einbürgerung",
    ]


def test_protection_granted_permits_the_stay_until_the_title_is_there(told: Tell) -> None:
    waiting = timeline(AMINA, told(*LIFE[:6]), date(2023, 5, 15))
    shown = [
        span.label.de for span in strand(waiting, StrandName.AUFENTHALT).spans if not span.rule
    ]
    assert shown[-1] == "Schutz zuerkannt"


def test_what_has_fallen_away_is_not_shown_as_reached(told: Tell) -> None:
    past = timeline(
        AMINA,
        told(
            "TitleGranted 2022-05-14 basis=AUFENTHG_24 valid_until=2023-05-13",
            "TitleRevoked 2023-01-01",
        ),
        DAY,
    )
    shown = strand(past, StrandName.AUFENTHALT)
    assert shown.state is not LinkState.DONE


def test_counselling_speaks_of_the_case_and_not_of_orientation(amina: Timeline) -> None:
    assert strand(amina, StrandName.BERATUNG).note.de != "abgeschlossen"


def test_one_paper_follows_the_other_and_the_deadline_tears_a_hole_ahead(amina: Timeline) -> None:
    papers = strand(amina, StrandName.AUFENTHALT)

    shown = [one for one in papers.spans if not one.rule]
    assert said(tuple(shown)) == [
        ("2022-05-14", "2023-03-09", "done"),
        ("2023-03-10", "2023-05-19", "done"),
        ("2023-05-20", "2026-05-19", "done"),
        ("2026-05-20", "2026-11-30", "running"),
    ]
    ahead = [one for one in papers.spans if one.kind is SpanKind.GAP_DUE]
    assert said(tuple(ahead)) == [("2026-11-22", "2026-11-30", "gap_due")]
    assert ahead[0].rule == "A04"
    assert papers.state is LinkState.DUE
    assert papers.note.de == "Frist in 8 Tagen"


def test_a_regime_lasts_until_another_begins(amina: Timeline) -> None:
    spans = [one for one in strand(amina, StrandName.RECHTSKREIS).spans if not one.rule]

    assert [(one.label.de, str(one.end or "")) for one in spans] == [
        ("AsylbLG § 3", "2023-03-31"),
        ("SGB II", ""),
    ]


def test_an_unanswered_handover_breaks_the_strand_it_was_to_bridge(amina: Timeline) -> None:
    seam = strand(amina, StrandName.RECHTSKREIS)

    assert open_gaps(amina, StrandName.RECHTSKREIS) == ["F11"]
    assert [one.kind for one in seam.marks if "Jobcenter" in one.label.de] == [MarkKind.BROKEN]
    assert seam.state is LinkState.BROKEN
    assert seam.note.de == "1 offene Lücke"


def test_consultations_are_dots_and_a_missed_one_is_none(amina: Timeline) -> None:
    assert strand(amina, StrandName.BERATUNG).dots == (date(2026, 11, 19),)


def test_a_job_runs_and_a_flat_is_kept(amina: Timeline) -> None:
    (job,) = strand(amina, StrandName.ARBEIT).spans
    homes = tuple(one for one in strand(amina, StrandName.WOHNEN).spans if not one.rule)

    assert (job.kind, job.detail) == (SpanKind.RUNNING, "Klinik")
    assert said(homes) == [
        ("2022-05-20", "2024-06-30", "done"),
        ("2024-07-01", "", "running"),
    ]


def test_the_links_say_where_the_chain_holds(amina: Timeline) -> None:
    states = {one.name.de: (one.state, one.note.de) for one in amina.chain}

    assert states["Aufenthalt"] == (LinkState.DUE, "Frist in 8 Tagen")
    assert states["Sprache"] == (LinkState.DONE, "Integrationskurs bestanden seit 03.2024")
    assert states["Arbeit"][0] is LinkState.BROKEN
    assert states["Wohnen"] == (LinkState.DONE, "eigene Wohnung seit 07.2024")
    assert states["Einbürgerung"] == (LinkState.AHEAD, "noch nicht")


def test_a_milestone_says_how_late_it_was_recorded(told: Tell) -> None:
    drawn = timeline(AMINA, told("LanguageTestTaken 2025-07-02 result=B2 recorded=2025-08-12"), DAY)

    (mark,) = strand(drawn, StrandName.SPRACHE).marks
    assert (mark.on, mark.late_days, mark.label.de) == (date(2025, 7, 2), 41, "B2 erreicht")


def test_what_was_not_recorded_yet_was_not_known(told: Tell) -> None:
    facts = told(
        "TitleGranted 2023-12-01 basis=AUFENTHG_25_3 valid_until=2025-06-15 recorded=2023-12-05",
        "TitleApplied 2025-06-01 recorded=2025-07-20",
    )

    before = timeline(AMINA, facts, date(2025, 7, 1), known_at=date(2025, 7, 1))
    after = timeline(AMINA, facts, date(2025, 7, 1), known_at=date(2025, 7, 20))

    assert open_gaps(before, StrandName.AUFENTHALT) == ["A02"]
    assert open_gaps(after, StrandName.AUFENTHALT) == ["A03"]


def test_the_day_decides_what_runs_and_what_lies_ahead(told: Tell) -> None:
    facts = told("EmploymentStarted 2025-03-01 fixed_term_until=2025-09-30")

    kinds = {
        day: strand(timeline(AMINA, facts, date.fromisoformat(day)), StrandName.ARBEIT)
        .spans[0]
        .kind
        for day in ("2025-02-28", "2025-03-01", "2025-09-30", "2025-10-01")
    }

    assert list(kinds.values()) == [
        SpanKind.PLANNED,
        SpanKind.RUNNING,
        SpanKind.RUNNING,
        SpanKind.DONE,
    ]


def test_a_correction_moves_the_span(told: Tell) -> None:
    drawn = timeline(
        AMINA,
        told("EmploymentStarted 2025-03-01", "EventCorrected - target=f1 occurred_on=2025-04-01"),
        DAY,
    )

    assert strand(drawn, StrandName.ARBEIT).spans[0].start == date(2025, 4, 1)


def test_a_retracted_fact_is_not_drawn(told: Tell) -> None:
    drawn = timeline(AMINA, told("EmploymentStarted 2025-03-01", "EventRetracted - target=f1"), DAY)

    assert strand(drawn, StrandName.ARBEIT).spans == ()


def test_nothing_is_drawn_of_an_erased_journey(told: Tell) -> None:
    drawn = timeline(AMINA, told(*LIFE, "JourneyErased -"), DAY, known_at=date(2024, 1, 1))

    assert all(not one.spans and not one.marks and not one.dots for one in drawn.strands)
    assert drawn.intervals == ()


def test_nothing_outlasts_a_departure(told: Tell) -> None:
    drawn = timeline(AMINA, told("LeaseSigned 2024-07-01", "LeftGermany 2025-01-31"), DAY)

    assert said(strand(drawn, StrandName.WOHNEN).spans) == [("2024-07-01", "2025-01-31", "done")]


def test_an_uncertain_day_makes_an_uncertain_span(told: Tell) -> None:
    drawn = timeline(AMINA, told("LeaseSigned 2024-07"), DAY)

    (home,) = strand(drawn, StrandName.WOHNEN).spans
    assert (home.start, home.certainty.value) == (date(2024, 7, 31), "possibly")


def test_a_case_is_drawn_under_each_of_its_managers(told: Tell) -> None:
    drawn = timeline(
        AMINA,
        told(
            "CaseOpened 2024-01-10 case_id=K1 carrier=AWO",
            "CaseManagerAssigned 2024-01-10 case_id=K1 cm=Demir",
            "CaseManagerReleased 2024-06-01 case_id=K1 cm=Demir",
            "CaseManagerAssigned 2024-06-10 case_id=K1 cm=Wolf",
            "CaseClosed 2025-01-01 case_id=K1",
        ),
        DAY,
    )

    cases = [one for one in strand(drawn, StrandName.BERATUNG).spans if not one.rule]
    assert [(one.detail, str(one.start), str(one.end)) for one in cases] == [
        ("AWO · Demir", "2024-01-10", "2024-05-31"),
        ("AWO", "2024-06-01", "2024-06-09"),
        ("AWO · Wolf", "2024-06-10", "2024-12-31"),
    ]
