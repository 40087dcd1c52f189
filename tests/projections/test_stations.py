"""Stations: the same row from the journal and from what a topic tells, at once or bit by bit."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from consumers.arrivals import Arrival, recorded
from domain.arrived import Kept
from domain.chain.reading import read, told
from domain.days import PartialDate
from domain.events.registry import FACTS, read_fact
from domain.fact import Fact, Published
from domain.fields import DataClass
from domain.journal import Actor, Entry, Recorded
from domain.outgoing import Outgoing, Target
from projections.catalogue import STREAMED
from projections.projection import Projection, Row
from projections.stations import ATTRIBUTES, STATIONS, Way, _standing
from schemas.catalogue import latest
from schemas.codec import decode, encode
from schemas.public import public_event

PERSON = UUID("0b8f3c1e-5a57-4f0e-9c39-6a7d6b1f2a10")
BEGIN = datetime(2026, 3, 1, 9, tzinfo=UTC)
NAMES = [column.name for column in STATIONS.columns]


def journey(*told: tuple[str, str, Mapping[str, object]]) -> list[Recorded]:
    """Return a journey: each fact by type, day and attributes; the ids are f1, f2, f3."""
    return [
        Recorded(
            1_000 + version,
            PERSON,
            version,
            BEGIN + timedelta(days=version),
            UUID(int=version),
            Entry(
                f"f{version}", read_fact(name, attributes), PartialDate.parse(day), Actor("anna")
            ),
        )
        for version, (name, day, attributes) in enumerate(told, start=1)
    ]


def row_of(records: Sequence[Recorded]) -> Row | None:
    return only(STATIONS.rows(PERSON, STATIONS.fold(records)))


def only(rows: Iterator[Row] | Sequence[Row]) -> Row | None:
    found = list(rows)
    assert len(found) <= 1
    return found[0] if found else None


def shown(row: Row | None) -> dict[str, object]:
    assert row is not None
    return dict(zip(NAMES, row, strict=True))


def as_published(records: Sequence[Recorded]) -> Iterator[Arrival]:
    """Yield what the topic tells of a journey, as a consumer reads it."""
    for one in records:
        target = target_of(records, one.entry.fact)
        outgoing = Outgoing(
            one.position,
            one.journey,
            one.version,
            one.recorded_at,
            one.command_id,
            bytes(32),
            one.entry,
            target=target,
        )
        event = public_event(outgoing)
        value = decode(encode(event.name, event.value)).value
        raw = Kept("t", 0, one.version, b"k", b"v", ())
        yield Arrival(raw, one.journey, one.version, one.version - 1, event.name, value)


def target_of(records: Sequence[Recorded], fact: Fact) -> Target | None:
    by_id = {one.entry.id: one for one in records}
    found = by_id.get(getattr(fact, "target", None) or "")
    if found is None:
        return None
    root: Recorded | None = found
    while root is not None and hasattr(root.entry.fact, "target"):
        root = by_id.get(root.entry.fact.target or "")
    name = found.entry.fact.type_name()
    return Target(found.version, name, None if root is None else root.entry.fact.type_name())


def row_of_topic(records: Sequence[Recorded], rng: random.Random) -> Row | None:
    """Return the row that a consumer has in the end that goes on from its row again and again."""
    row: Row | None = None
    waiting = list(as_published(records))
    while waiting:
        taken = rng.randrange(1, 4)
        state = STATIONS.start if row is None else restored(row)
        for one in waiting[:taken]:
            if one.name in STATIONS.needs:
                state = STATIONS.apply(state, recorded(one))
        row = only(STATIONS.rows(PERSON, state))
        waiting = waiting[taken:]
    return row


def restored(row: Row) -> Way:
    assert STATIONS.restore is not None
    return STATIONS.restore(PERSON, row)


def test_a_journey_shows_where_it_stands() -> None:
    row = shown(
        row_of(
            journey(
                ("CaseOpened", "2025-01-10", {"intensity": "begleitung"}),
                ("TitleGranted", "2025-02", {"basis": "AUFENTHG_18A", "valid_until": "2027-02-28"}),
                ("ContactHeld", "2025-03-01", {}),
                ("CourseStarted", "2025-04-01", {"kind": "IK_ALLGEMEIN"}),
                ("LanguageTestTaken", "2025-12-01", {"result": "B1"}),
            )
        )
    )

    assert row["station"] == "LanguageTestTaken"
    assert row["since"] == date(2025, 12, 1)
    assert row["facts"] == 4
    assert row["title_granted_on"] == date(2025, 2, 28)
    assert row["title_until"] == date(2027, 2, 28)
    assert row["title_basis"] == "AUFENTHG_18A"
    assert row["course_kind"] == "IK_ALLGEMEIN"
    assert row["test_result"] == "B1"


def test_a_late_fact_takes_its_place_by_its_day_and_not_by_its_arrival() -> None:
    row = shown(
        row_of(
            journey(
                ("CourseStarted", "2025-04-01", {"kind": "IK_ALLGEMEIN"}),
                ("CaseOpened", "2024-01-10", {}),
            )
        )
    )

    assert row["station"] == "CourseStarted"


def test_a_correction_changes_the_row_and_its_retraction_changes_it_back() -> None:
    told = [
        ("TitleGranted", "2025-02-01", {"basis": "AUFENTHG_18A", "valid_until": "2027-02-28"}),
        (
            "EventCorrected",
            "",
            {"target": "f1", "occurred_on": "2025-02-03", "attributes": {"valid_until": None}},
        ),
    ]
    corrected = shown(row_of(journey(*told)))
    assert corrected["title_granted_on"] == date(2025, 2, 3)
    assert corrected["title_until"] is None
    assert corrected["title_basis"] == "AUFENTHG_18A"

    undone = shown(row_of(journey(*told, ("EventRetracted", "", {"target": "f2"}))))
    assert undone["title_granted_on"] == date(2025, 2, 1)
    assert undone["title_until"] == date(2027, 2, 28)


def test_a_retraction_that_is_retracted_undoes_nothing() -> None:
    told = [
        ("CaseOpened", "2025-02-01", {}),
        ("EventRetracted", "", {"target": "f1"}),
    ]
    assert shown(row_of(journey(*told)))["case_opened_on"] is None

    again = shown(row_of(journey(*told, ("EventRetracted", "", {"target": "f2"}))))
    assert again["case_opened_on"] == date(2025, 2, 1)


@pytest.mark.parametrize("seed", range(150))
def test_what_stands_is_what_the_corrected_view_shows(seed: int) -> None:
    records = journey(*life(random.Random(seed)))

    expected = Counter(
        (one.type, tuple(shown_value(one.get(name)) for name in ATTRIBUTES[one.type]))
        for one in read(told(records)).of(*ATTRIBUTES)
    )

    standing = _standing(STATIONS.fold(records).steps)
    assert expected == Counter(
        (one.type, tuple(one.told.get(name) for name in ATTRIBUTES[one.type])) for one in standing
    )


def shown_value(value: object) -> str | None:
    return None if value is None else str(getattr(value, "value", value))


def test_a_journey_without_published_facts_has_no_row() -> None:
    assert row_of(journey(("ContactHeld", "2025-03-01", {}))) is None


def test_an_erased_journey_has_no_row() -> None:
    erased = journey(("CaseOpened", "2025-01-10", {}), ("JourneyErased", "", {}))
    assert row_of(erased) is None


@pytest.mark.parametrize("seed", range(150))
def test_the_topic_gives_the_row_that_the_journal_gives(seed: int) -> None:
    rng = random.Random(seed)
    records = journey(*life(rng))

    assert row_of_topic(records, rng) == row_of(records)


def life(rng: random.Random) -> Iterator[tuple[str, str, Mapping[str, object]]]:
    """Yield a life of published and other facts, corrected and retracted in every way."""
    for number in range(1, rng.randrange(3, 30)):
        target = f"f{rng.randrange(max(1, number - 6), max(2, number))}"
        name, attributes = rng.choice(TOLD)
        match rng.randrange(10) if number > 1 else 9:
            case 0 | 1:
                changed: dict[str, object] = {"target": target}
                if rng.random() < 0.5:
                    changed["occurred_on"] = day(rng) or None
                if rng.random() < 0.7:
                    changed["attributes"] = dict(rng.choice(CHANGES))
                yield "EventCorrected", "", changed
            case 2 | 3:
                yield "EventRetracted", "", {"target": target}
            case _:
                yield name, day(rng), attributes


def day(rng: random.Random) -> str:
    on = date(2023, 1, 1) + timedelta(days=rng.randrange(1_200))
    return rng.choice((on.isoformat(), f"{on:%Y-%m}", f"{on:%Y}", "", on.isoformat()))


TOLD: Sequence[tuple[str, Mapping[str, object]]] = (
    ("CaseOpened", {"intensity": "begleitung", "org_unit": "Team Mitte", "case_id": "K-1"}),
    ("CaseClosed", {"reason": "goals_reached"}),
    ("TitleGranted", {"basis": "AUFENTHG_18A", "valid_until": "2027-02", "purpose_bound_to": "x"}),
    ("TitleGranted", {"basis": "AUFENTHG_104C"}),
    ("CourseRegistered", {"kind": "IK_ALPHA", "provider": "vhs.herne"}),
    ("CourseStarted", {"kind": "IK_ALLGEMEIN", "course_no": "4711"}),
    ("CourseCompleted", {"ue_total": 600}),
    ("LanguageTestTaken", {"result": "B1", "per_skill": {"reading": "B2"}}),
    ("EmploymentStarted", {"employment_kind": "MINIJOB", "employer": "Bäckerei"}),
    ("EmploymentEnded", {"end_reason": "befristet"}),
    ("HandoverOffered", {"to": "Jobcenter"}),
    ("HandoverAccepted", {}),
    ("NaturalisationApplied", {}),
    ("NaturalisationCertificateHandedOver", {"date": "2026-01-05"}),
    ("ContactHeld", {"minutes": 30}),
    ("PersonIdentified", {"given_names": "Amsel"}),
)
CHANGES: Sequence[Mapping[str, object]] = (
    {"valid_until": "2028-01-31"},
    {"valid_until": None, "basis": "AUFENTHG_18B"},
    {"basis": "no such basis"},
    {"kind": "IK_INTENSIV"},
    {"result": "C1"},
    {"result": None},
    {"employer": "Metzgerei"},
    {"date": "2025-11-30"},
    {"intensity": None},
    {},
)


@pytest.mark.parametrize("projection", STREAMED, ids=lambda one: one.name)
def test_a_projection_that_goes_on_from_its_row_reads_published_facts_only(
    projection: Projection[Way],
) -> None:
    assert STATIONS in STREAMED
    for name in projection.needs:
        about = FACTS[name].about
        assert isinstance(about.publish, Published), name
        assert about.data_class is DataClass.BASE, name


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_stations_keep_only_attributes_that_are_published(name: str) -> None:
    published = {one["name"] for one in latest(name).parsed["fields"]}

    assert set(ATTRIBUTES[name]) <= published
