"""A list that came in under an earlier version of a fact says the same today."""

from datetime import UTC, datetime
from uuid import UUID

from domain.days import PartialDate
from domain.events.record import EventCorrected
from domain.events.registry import read_fact
from domain.fact import Fact
from domain.journal import Entry, Recorded
from domain.journey import fold
from infra.importing.held import content, correction_id, held

LIST, JOURNEY = UUID(int=5), UUID(int=7)


def record(version: int, fact_id: str, fact: Fact) -> Recorded:
    entry = Entry(fact_id, fact, PartialDate(2024), correlation_id=LIST)
    return Recorded(version, JOURNEY, version, datetime(2024, 6, 1, tzinfo=UTC), LIST, entry)


def test_a_row_that_was_corrected_under_an_earlier_version_is_held_in_the_form_of_today() -> None:
    records = [
        record(1, "f1", read_fact("CaseSuspended", {"reason": "Kur", "case_id": "c1"})),
        record(
            2,
            correction_id(LIST, "f1", 0),
            EventCorrected(target="f1", attributes_={"reason": "absence"}),
        ),
    ]
    again = read_fact("CaseSuspended", {"reason": "absence", "case_id": "c1"})

    found = held(records, fold(JOURNEY, records), LIST)["f1"]

    assert found.attributes == content("CaseSuspended", again.known_attributes())
