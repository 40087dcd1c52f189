"""The comparison of a topic with the journal tells every way in which they can differ."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from infra.journal import JournalRecorder
from tests.streams.filling import fill
from tests.streams.reading import Arrived, Comparison, Expected, compare, expected

EVENTS = 600


@pytest.fixture
def wanted(journal: JournalRecorder) -> list[Expected]:
    fill(journal, EVENTS, journeys=10)
    return expected(journal)


def as_told(wanted: list[Expected]) -> list[Arrived]:
    """Return what arrives when all goes well, in one partition."""
    return [
        Arrived(
            partition=0,
            offset=offset,
            key=one.journey,
            id=one.id,
            type=one.type,
            version=one.version,
            prevversion=one.version - 1,
            position=one.position,
            value={"journey": one.journey, "version": one.version, "position": one.position},
        )
        for offset, one in enumerate(wanted)
    ]


def test_a_topic_that_holds_the_journal_is_clean(wanted: list[Expected]) -> None:
    assert compare(wanted, as_told(wanted)) == Comparison(EVENTS, 0, 0, 0, 0)


def test_what_is_expected_holds_every_kind_of_event(wanted: list[Expected]) -> None:
    types = {one.type for one in wanted}
    assert types >= {"JourneyAdvanced", "CourseStarted", "EventCorrected", "EventRetracted"}
    assert len({one.journey for one in wanted}) == 10


def without(found: list[Arrived], place: int) -> list[Arrived]:
    return found[:place] + found[place + 1 :]


def last_of(found: list[Arrived], journey: str) -> int:
    return max(place for place, one in enumerate(found) if one.key == journey)


@pytest.mark.parametrize(
    ("harm", "harmed"),
    [
        (lambda found: without(found, 40), Comparison(EVENTS - 1, 1, 0, 0, 0)),
        (
            lambda found: [*found, found[last_of(found, found[0].key)]],
            Comparison(EVENTS + 1, 0, 1, 0, 0),
        ),
        (
            lambda found: [*without(found, 0), found[0]],
            Comparison(EVENTS, 0, 0, 1, 0),
        ),
        (
            lambda found: [*found[:-1], replace(found[-1], partition=3)],
            Comparison(EVENTS, 0, 0, 1, 0),
        ),
        (
            lambda found: [*found[:-1], replace(found[-1], type="CaseReopened")],
            Comparison(EVENTS, 0, 0, 0, 1),
        ),
        (
            lambda found: [*found[:-1], replace(found[-1], prevversion=0)],
            Comparison(EVENTS, 0, 0, 0, 1),
        ),
        (
            lambda found: [*found[:-1], replace(found[-1], id="somewhere/1")],
            Comparison(EVENTS, 1, 0, 0, 1),
        ),
    ],
    ids=["lost", "doubled", "late", "elsewhere", "another type", "false link", "foreign"],
)
def test_every_harm_is_seen(
    wanted: list[Expected], harm: Callable[[list[Arrived]], list[Arrived]], harmed: Comparison
) -> None:
    seen = compare(wanted, harm(as_told(wanted)))
    assert seen == harmed
    assert not seen.clean
