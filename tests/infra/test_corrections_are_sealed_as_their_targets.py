from datetime import UTC, datetime
from uuid import UUID

from domain.commands import RecordFacts, StartJourney
from domain.days import PartialDate
from domain.events.record import EventCorrected
from domain.events.registry import read_fact
from domain.fields import DataClass
from domain.handling import handle
from domain.journal import Entry
from infra.journal import JournalRecorder

JOURNEY = UUID(int=7)
TODAY = datetime(2026, 11, 2, tzinfo=UTC).date()


def test_a_correction_of_an_identity_fact_is_kept_in_the_class_identity(
    journal: JournalRecorder,
) -> None:
    start = Entry("f1", read_fact("JourneyStarted", {}), PartialDate(2025))
    name = Entry("f2", read_fact("PersonIdentified", {"family_name": "Alt"}), PartialDate(2025))
    handle(journal, StartJourney(UUID(int=1), JOURNEY, (start, name), TODAY))
    fact = EventCorrected(target="f2", attributes_={"family_name": "Neu"})
    again = EventCorrected(target="f3", attributes_={"family_name": "Neuer"})
    for number, correction in enumerate((fact, again), start=3):
        entry = Entry(f"f{number}", correction, PartialDate.of(TODAY))
        handle(journal, RecordFacts(UUID(int=number), JOURNEY, (entry,), TODAY))
    classes = [one.entry.data_class for one in journal.read(JOURNEY)]
    assert classes == [DataClass.BASE] + [DataClass.IDENTITY] * 3
