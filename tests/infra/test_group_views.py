"""The pages on the tables of a consumer group: the same answers, and how far the group has read."""

from datetime import date
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Actor, Append, Entry
from infra.group_views import GroupTablesError, open_group_views
from infra.journal import JournalRecorder
from infra.streams.consumer_build import Begin, GroupTables
from infra.views import open_views
from projections.catalogue import KEPT
from projections.worklist import GapQuery
from tests.keyring import keys_of

DAY = date(2026, 11, 22)
TOLD = (
    ("JourneyStarted", "2024-01-10"),
    ("CaseOpened", "2024-01-10"),
    ("CourseEntitlementIssued", "2024-02-01"),
)


def tell(journal: JournalRecorder, journey: UUID, after: int, *told: tuple[str, str]) -> None:
    entries = tuple(
        Entry(uuid4().hex, read_fact(name, {}), PartialDate.parse(day), Actor("anna"))
        for name, day in told
    )
    journal.append([Append(uuid4(), b"", journey, after, entries)])


def build(dsn: str, group: str = "kette-all", projections: tuple[object, ...] = KEPT) -> None:
    begin = Begin("kette.journey.v1", UUID(int=7), {0: 0, 1: 0})
    GroupTables(dsn, keys_of(dsn), group, projections).ensure(
        lambda: begin, lambda _text: None, anew=True
    )  # type: ignore[arg-type]


def test_the_tables_of_a_group_answer_as_those_of_this_process(journal: JournalRecorder) -> None:
    for number in range(1, 6):
        tell(journal, UUID(int=number), 0, *TOLD)
    build(journal.dsn)
    with (
        open_views(journal.dsn, keys_of(journal.dsn)) as own,
        open_group_views(journal.dsn, keys_of(journal.dsn)) as group,
    ):
        query = GapQuery(as_of=DAY)
        assert group.gap_list(query) == own.gap_list(query)
        assert group.gap_list(query).rows
        assert group.tiles(query) == own.tiles(query)
        assert group.status_counts(DAY) == own.status_counts(DAY)
        earlier = GapQuery(as_of=DAY, known_at=date(2024, 1, 1))
        assert group.gap_list(earlier) == own.gap_list(earlier)


def test_freshness_says_what_the_slowest_group_lacks(journal: JournalRecorder) -> None:
    tell(journal, UUID(int=1), 0, *TOLD)
    build(journal.dsn, "kette-gaps", tuple(one for one in KEPT if one.name == "gaps"))
    build(journal.dsn, "kette-rest", tuple(one for one in KEPT if one.name != "gaps"))
    with open_group_views(journal.dsn, keys_of(journal.dsn)) as group:
        fresh = group.freshness()
        assert (fresh.position, fresh.behind, fresh.lag_seconds) == (3, 0, 0.0)
        tell(journal, UUID(int=1), 3, ("ContactHeld", "2024-03-01"))
        tell(journal, UUID(int=2), 0, *TOLD)
        behind = group.freshness()
        assert (behind.position, behind.behind) == (3, 4)
        assert behind.lag_seconds > 0
        build(journal.dsn, "kette-gaps", tuple(one for one in KEPT if one.name == "gaps"))
        assert group.freshness().behind == 4, "one group still lacks them"
        build(journal.dsn, "kette-rest", tuple(one for one in KEPT if one.name != "gaps"))
        assert group.freshness().behind == 0


def test_freshness_is_not_well_where_something_waits_longer_than_is_looked_back(
    journal: JournalRecorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 4):
        tell(journal, UUID(int=number), 0, *TOLD)
    build(journal.dsn)
    with psycopg.connect(journal.dsn) as connection:
        connection.execute(
            "UPDATE kette.streamed_journeys SET version = 2 WHERE journey_id = %s", [UUID(int=1)]
        )
    monkeypatch.setattr("infra.group_views._UNREAD_AMONG", 2)
    with open_group_views(journal.dsn, keys_of(journal.dsn)) as group:
        fresh = group.freshness()
        assert (fresh.position, fresh.behind) == (8, 1)
        assert fresh.lag_seconds > 0


def test_tables_that_no_group_keeps_are_named_with_the_cure(journal: JournalRecorder) -> None:
    with pytest.raises(
        GroupTablesError, match=r"keeps addresses, caseload, .*kette consume --projection all"
    ):
        open_group_views(journal.dsn, keys_of(journal.dsn))
    build(journal.dsn)
    with psycopg.connect(journal.dsn) as connection:
        connection.execute("UPDATE kette.streamed_groups SET shape = 'older'")
    with pytest.raises(GroupTablesError, match="of another version of this program"):
        open_group_views(journal.dsn, keys_of(journal.dsn))


def test_nobody_but_the_group_builds_its_tables(journal: JournalRecorder) -> None:
    build(journal.dsn)
    with (
        open_group_views(journal.dsn, keys_of(journal.dsn)) as group,
        pytest.raises(GroupTablesError, match="--rebuild"),
    ):
        group.rebuild()
