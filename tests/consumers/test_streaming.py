"""A member of a group: what it reads, writes, parks, puts aside, waits for, and what makes it stop."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from consumers.handling import Handler, JournalBehindError, handler_of
from consumers.parking import replay
from consumers.streaming import Member, Timing
from domain.arrived import Arrived, Kept, Parked, Place, Span
from domain.days import PartialDate
from domain.errors import KetteError, UnreadableRecordError
from domain.events.registry import read_fact
from domain.journal import Entry, Recorded
from domain.outgoing import Outgoing
from projections.catalogue import KEPT
from projections.change import Change
from projections.folding import Rows, rows_of
from projections.projection import Column, ColumnType, Projection, Row
from projections.stations import STATIONS
from projections.status import STATUS
from schemas.public import public_event
from schemas.topics import JOURNEY
from schemas.wire import Origin, fact_message

EPOCH = UUID(int=77)
ANNA, BERT = UUID(int=1), UUID(int=2)
MOMENT = datetime(2026, 3, 1, 9, tzinfo=UTC)
KINDS = ("CaseOpened", "CourseStarted", "ContactHeld", "LanguageTestTaken")


class AwayError(KetteError):
    code = "journal-unavailable"


class RefusedError(KetteError):
    code = "rows-refused"


def record(journey: UUID, version: int, name: str = "", **attributes: object) -> Recorded:
    fact = read_fact(name or KINDS[version % 4], attributes)
    entry = Entry(f"{journey.int}-{version}", fact, PartialDate(2026, 2, version % 28 + 1))
    return Recorded(version * 10 + journey.int, journey, version, MOMENT, UUID(int=version), entry)


def message(one: Recorded, offset: int, partition: int = 0) -> Kept:
    """Return a record as it lies in the topic."""
    outgoing = Outgoing(
        one.position,
        one.journey,
        one.version,
        one.recorded_at,
        one.command_id,
        bytes(32),
        one.entry,
    )
    sent = fact_message(JOURNEY, Origin("urn:test", EPOCH), outgoing, public_event(outgoing))
    return Kept(JOURNEY.name, partition, offset, sent.key, sent.value, sent.headers)


def lying(*records: Recorded, partition: int = 0) -> list[Kept]:
    return [message(one, offset, partition) for offset, one in enumerate(records)]


@dataclass
class Topic:
    """A source in memory: partitions that are dealt once, read from where one starts."""

    partitions: dict[int, list[Kept]]
    deals: list[Collection[int]] = field(default_factory=list)
    mute: set[int] = field(default_factory=set)
    places: dict[int, int] = field(default_factory=dict)
    rejoined: int = 0
    noted: dict[int, int] = field(default_factory=dict)
    held_back: int = 0
    away: int = 0
    markers: dict[int, int] = field(default_factory=dict)

    def poll(
        self, seconds: float, most: int
    ) -> tuple[Mapping[int, Sequence[Arrived]], Collection[int] | None]:
        if self.away:
            self.away -= 1
            raise AwayError("no broker answers")
        if self.deals:
            self.places.clear()
            return {}, self.deals.pop(0)
        found: dict[int, Sequence[Arrived]] = {}
        for one, at in self.places.items():
            raws = [raw for raw in self.partitions[one] if raw.offset >= at][:most]
            if raws and one not in self.mute:
                found[one] = raws
                self.places[one] = raws[-1].offset + 1
        return found, None

    def start(self, places: Mapping[int, int]) -> None:
        self.places = dict(places)

    def hold(self) -> None:
        self.held_back += 1
        self.places.clear()

    def rejoin(self) -> None:
        self.rejoined += 1
        self.deals.append(list(self.partitions))
        self.places.clear()
        self.mute.clear()

    def behind(self) -> Mapping[int, int]:
        return {
            one: max(0, self.partitions[one][-1].offset + 1 - at)
            for one, at in self.places.items()
            if self.partitions[one]
        }

    def positions(self) -> Mapping[int, int]:
        """Behind the last record of a partition lie as many markers as are given."""
        behind = self.behind()
        return {
            one: at + (0 if behind.get(one) else self.markers.get(one, 0))
            for one, at in self.places.items()
        }

    def note(self, offsets: Mapping[int, int]) -> None:
        self.noted.update(offsets)


@dataclass
class Tables:
    """The tables of a group in memory; ``away`` fails so often, ``refuses`` takes no rows of a journey."""

    journal: Mapping[UUID, Sequence[Recorded]]
    offsets: dict[int, int] = field(default_factory=dict)
    generations: dict[int, int] = field(default_factory=dict)
    versions: dict[UUID, int] = field(default_factory=dict)
    kept: dict[UUID, Rows] = field(default_factory=dict)
    aside: dict[UUID, dict[int, Parked]] = field(default_factory=dict)
    away: int = 0
    acknowledgement_lost: bool = False
    refuses: frozenset[UUID] = frozenset()
    unreadable: frozenset[UUID] = frozenset()
    writes: int = 0

    @property
    def parked(self) -> frozenset[UUID]:
        return frozenset(self.aside)

    def claim(self, partitions: Collection[int]) -> Mapping[int, Place]:
        for one in partitions:
            self.generations[one] = self.generations.get(one, 0) + 1
        return self.places(partitions)

    def places(self, partitions: Collection[int]) -> Mapping[int, Place]:
        self._answer()
        return {one: Place(self.offsets.get(one, 0), self.generations[one]) for one in partitions}

    def standing(self, journeys: Collection[UUID]) -> "Standing":
        self._answer()
        return Standing(self)

    def write(self, spans: Sequence[Span], change: Change) -> bool:
        self._answer()
        if any(journey in self.refuses for journey, _ in change.rows):
            raise RefusedError("the database refuses a row: DataError")
        for one in spans:
            if (self.offsets.get(one.partition, 0), self.generations[one.partition]) != (
                one.first,
                one.generation,
            ):
                return False
        self._put(change)
        self.offsets.update({one.partition: one.beyond for one in spans})
        self.writes += 1
        if self.acknowledgement_lost:
            self.acknowledgement_lost = False
            raise AwayError("the connection was lost")
        return True

    def refused(self, change: Change) -> frozenset[UUID]:
        return self.refuses & {journey for journey, _ in change.rows}

    def waiting(self) -> Sequence[UUID]:
        return list(self.aside)

    def free(self, journey: UUID, seen: Sequence[Parked], change: Change) -> bool:
        del self.aside[journey]
        self._put(change)
        return True

    def _put(self, change: Change) -> None:
        self.kept.update(change.rows)
        self.versions.update(change.versions)
        for one in change.parked:
            self.aside.setdefault(one.journey, {}).setdefault(one.version, one)

    def _answer(self) -> None:
        if self.away:
            self.away -= 1
            raise AwayError("the database is away")


@dataclass
class Standing:
    """What stands of journeys in memory."""

    tables: Tables

    def __post_init__(self) -> None:
        self.versions: Mapping[UUID, int] = dict(self.tables.versions)
        self.parked = self.tables.parked

    def rows(self, journeys: Iterable[UUID]) -> Mapping[UUID, Row]:
        return {
            one: self.tables.kept[one]["stations"][0]
            for one in journeys
            if self.tables.kept.get(one, {}).get("stations")
        }

    def told(
        self, journeys: Iterable[UUID]
    ) -> Iterator[tuple[UUID, Sequence[Recorded] | KetteError]]:
        for one in journeys:
            if one in self.tables.unreadable:
                yield one, UnreadableRecordError("the payload at position 7 was erased")
            else:
                yield one, self.tables.journal.get(one, ())

    def erased(self, positions: Iterable[int]) -> frozenset[UUID]:
        wanted = set(positions)
        return frozenset(
            one.journey
            for told in self.tables.journal.values()
            for one in told
            if one.position in wanted and one.entry.fact.type_name() == "JourneyErased"
        )


@dataclass
class Letters:
    """Dead letters in memory; ``away`` refuses so often."""

    found: list[tuple[Arrived, str]] = field(default_factory=list)
    away: int = 0

    def put(self, raw: Arrived, reason: str) -> None:
        if self.away:
            self.away -= 1
            raise AwayError("no broker")
        self.found.append((raw, reason))


@dataclass
class House:
    """A member with everything around it."""

    topic: Topic
    tables: Tables
    handler: Handler = field(default_factory=lambda: handler_of((STATIONS,)))
    letters: Letters = field(default_factory=Letters)
    said: list[str] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.topic.deals.append(list(self.topic.partitions))
        self.member = Member(
            self.topic,
            self.tables,
            self.letters,
            self.handler,
            str(EPOCH).encode(),
            Timing(lambda: self.now, lambda: 1.0, slowest=8.0, patience=30.0, most=50),
            self.said.append,
        )

    def run(self, steps: int = 12, seconds: float = 1.0) -> None:
        for _ in range(steps):
            self.member.step()
            self.now += seconds


def house(*records: Recorded, journal: Iterable[Recorded] = (), **how: object) -> House:
    told: dict[UUID, list[Recorded]] = {}
    for one in journal or records:
        told.setdefault(one.journey, []).append(one)
    return House(Topic({0: lying(*records)}), Tables(told), **how)  # type: ignore[arg-type]


def life(journey: UUID, versions: int) -> list[Recorded]:
    return [record(journey, version) for version in range(1, versions + 1)]


def stations_of(*records: Recorded) -> Rows:
    return rows_of((STATIONS,), records[0].journey, records)


def test_rows_versions_and_offsets_are_what_the_topic_told() -> None:
    anna, bert = life(ANNA, 5), life(BERT, 3)
    at = house(*anna, *bert)

    at.run()

    assert at.tables.kept == {ANNA: stations_of(*anna), BERT: stations_of(*bert)}
    assert at.tables.versions == {ANNA: 5, BERT: 3}
    assert at.tables.offsets == {0: 8}
    assert at.topic.noted == {0: 8}
    assert at.member.caught_up()


def test_what_came_before_is_known_by_its_version() -> None:
    anna = life(ANNA, 6)
    at = house(*anna[:4], *anna[1:4], *anna[4:], anna[5])

    at.run()

    assert at.tables.kept == {ANNA: stations_of(*anna)}
    assert at.member.counted.known == 4
    assert not at.tables.aside


def test_a_gap_parks_the_journey_and_all_others_go_on() -> None:
    anna, bert = life(ANNA, 5), life(BERT, 3)
    at = house(*anna[:2], *anna[3:], *bert, journal=[*anna, *bert])

    at.run()

    assert at.tables.versions == {ANNA: 2, BERT: 3}
    assert sorted(at.tables.aside[ANNA]) == [4, 5]
    assert "a gap: version 4 follows 3, held is 2" in at.tables.aside[ANNA][4].reason
    assert at.tables.offsets == {0: 7}


def test_what_comes_too_early_waits_for_what_comes_too_late() -> None:
    anna = life(ANNA, 5)
    at = house(anna[0], anna[2], anna[1], *anna[3:])
    at.run()
    assert sorted(at.tables.aside[ANNA]) == [2, 3, 4, 5]

    assert replayed(at) == 0

    assert at.tables.kept[ANNA] == stations_of(*anna)
    assert at.tables.versions[ANNA] == 5


def replayed(at: House, handler: Handler | None = None) -> int:
    return replay(
        ReplayedTables(at.tables), handler or at.handler, str(EPOCH).encode(), at.said.append
    )


@dataclass
class ReplayedTables:
    """The parked journeys of the tables in memory."""

    tables: Tables

    def waiting(self) -> Sequence[UUID]:
        return self.tables.waiting()

    def parked(self, journey: UUID) -> Sequence[Parked]:
        return [one for _, one in sorted(self.tables.aside[journey].items())]

    def standing(self, journeys: Sequence[UUID]) -> Standing:
        return Standing(self.tables)

    def free(self, journey: UUID, seen: Sequence[Parked], change: Change) -> bool:
        return self.tables.free(journey, seen, change)


def test_a_gap_is_cured_from_the_journal() -> None:
    anna = life(ANNA, 5)
    at = house(*anna[:2], *anna[3:], journal=anna)
    at.run()

    assert replayed(at) == 0

    assert at.tables.kept[ANNA] == stations_of(*anna)
    assert at.tables.versions[ANNA] == 5
    assert not at.tables.aside


def test_a_gap_that_the_journal_cannot_cure_stays_parked() -> None:
    anna = life(ANNA, 5)
    at = house(*anna[:2], *anna[3:], journal=anna[:3])
    at.run()

    assert replayed(at) == 1

    assert sorted(at.tables.aside[ANNA]) == [4, 5]
    assert "up to version 3 only" in at.said[-1]


def counting(fails_at: int = 0) -> Projection[int]:
    """Return a projection that counts cases, and fails at a version."""

    def apply(state: int, recorded: Recorded) -> int:
        if recorded.version == fails_at:
            raise ZeroDivisionError("Amsel Zwetschge")
        return state * 10 + recorded.version

    return Projection(
        "stations",
        (Column("told", ColumnType.INTEGER),),
        0,
        apply,
        lambda _, state: ((state,),),
        restore=lambda _, row: int(str(row[0])),
        needs=frozenset({"CaseOpened"}),
    )


def test_a_failing_handler_parks_its_journey_in_order_and_a_replay_goes_on_in_order() -> None:
    cases = [record(ANNA, version, "CaseOpened") for version in range(1, 6)]
    others = [record(BERT, version, "CaseOpened") for version in range(1, 3)]
    at = house(*cases, *others, handler=handler_of((counting(fails_at=3),)))
    at.run()

    assert at.tables.kept == {ANNA: {"stations": ((12,),)}, BERT: {"stations": ((12,),)}}
    assert at.tables.versions == {ANNA: 2, BERT: 2}
    assert sorted(at.tables.aside[ANNA]) == [3, 4, 5]
    assert at.tables.aside[ANNA][3].reason == "ZeroDivisionError", "no value in the reason"

    assert replayed(at, handler_of((counting(fails_at=4),))) == 1
    assert at.tables.kept[ANNA] == {"stations": ((123,),)}
    assert sorted(at.tables.aside[ANNA]) == [4, 5]

    assert replayed(at, handler_of((counting(),))) == 0
    assert at.tables.kept[ANNA] == {"stations": ((12345,),)}


def test_what_comes_while_a_journey_is_parked_queues_behind_it() -> None:
    cases = [record(ANNA, version, "CaseOpened") for version in range(1, 4)]
    at = house(*cases[:2], handler=handler_of((counting(fails_at=2),)))
    at.run()
    at.topic.partitions[0].append(message(cases[2], 2))
    at.run()

    assert sorted(at.tables.aside[ANNA]) == [2, 3]
    assert "behind" in at.tables.aside[ANNA][3].reason
    assert at.tables.offsets == {0: 3}


def test_what_failed_is_not_tried_again_by_being_told_again() -> None:
    case = record(ANNA, 1, "CaseOpened")
    at = house(case, handler=handler_of((counting(fails_at=1),)))
    at.run()
    at.member.handler = handler_of((counting(),))
    at.topic.partitions[0].append(message(case, 1))
    at.run()

    assert at.tables.kept == {}
    assert sorted(at.tables.aside[ANNA]) == [1]


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_projections_of_the_whole_history_follow_the_journal(cut: int) -> None:
    anna = life(ANNA, 6)
    at = house(*anna[: 6 - cut], journal=anna, handler=handler_of(KEPT))

    at.run()

    assert at.tables.kept == {ANNA: rows_of(KEPT, ANNA, anna)}
    assert at.tables.versions == {ANNA: 6}


def test_an_unreadable_journal_parks_the_journey() -> None:
    anna, bert = life(ANNA, 2), life(BERT, 2)
    at = house(*anna, *bert, handler=handler_of((STATUS,)))
    at.tables.unreadable = frozenset({ANNA})

    at.run()

    assert sorted(at.tables.aside[ANNA]) == [1, 2]
    assert at.tables.versions == {BERT: 2}


def test_a_topic_that_tells_more_than_the_journal_stops_the_member() -> None:
    anna = life(ANNA, 3)
    at = house(*anna, journal=anna[:2], handler=handler_of((STATUS,)))

    with pytest.raises(JournalBehindError, match="older backup"):
        at.run()


def test_an_erased_journey_has_no_row() -> None:
    anna = [*life(ANNA, 3), record(ANNA, 4, "JourneyErased")]
    at = house(*anna[:3], journal=anna)
    at.run()
    assert at.tables.kept[ANNA]["stations"]

    at.topic.partitions[0].append(message(anna[3], 3))
    at.run()
    assert at.tables.kept[ANNA] == {"stations": ()}


def broken(good: Kept) -> Iterator[tuple[str, Kept]]:
    value = good.value or b""
    other = message(record(BERT, 1, "CourseStarted"), 0)
    yield "no-frame", replace(good, value=b"\x07" + value[1:])
    yield "no-frame", replace(good, value=b"")
    yield "unknown-schema", replace(good, value=b"\0\xff\xff\xff\xff" + value[5:])
    yield "broken", replace(good, value=value[:-3])
    yield "trailing", replace(good, value=value + b"!")
    yield "wrong-schema", replace(good, value=other.value)
    yield "empty", replace(good, key=None)
    yield "empty", replace(good, value=None)
    yield "headers", replace(good, headers=())
    yield "headers", replace(good, headers=[(name, None) for name, _ in good.headers])
    yield "headers", without(good, "ce_prevversion")
    yield "headers", with_header(good, "ce_subject", b"no journey")
    yield "headers", with_header(good, "ce_type", b"\xff")
    yield "contradiction", with_header(good, "ce_journeyversion", b"99")
    yield "contradiction", replace(good, key=str(BERT).encode())


def without(raw: Kept, name: str) -> Kept:
    return replace(raw, headers=[one for one in raw.headers if one[0] != name])


def with_header(raw: Kept, name: str, value: bytes) -> Kept:
    return replace(raw, headers=[(one, value if one == name else was) for one, was in raw.headers])


@pytest.mark.parametrize(
    ("reason", "poison"), list(broken(message(record(ANNA, 1, "CaseOpened"), 0)))
)
def test_what_cannot_be_read_goes_aside_and_the_rest_goes_on(reason: str, poison: Kept) -> None:
    bert = life(BERT, 2)
    at = house()
    at.topic.partitions[0] = [poison, message(bert[0], 1), message(bert[1], 2)]
    at.tables.journal = {BERT: bert}

    at.run()

    ((raw, said),) = at.letters.found
    assert raw is poison
    assert said.startswith(f"{reason}: ")
    assert at.tables.versions == {BERT: 2}
    assert at.tables.offsets == {0: 3}


def test_no_offset_moves_past_a_dead_letter_that_is_not_safe() -> None:
    good = message(record(ANNA, 1, "CaseOpened"), 0)
    at = house()
    at.topic.partitions[0] = [replace(good, value=b"x")]
    at.letters.away = 2

    at.run(3, seconds=0.01)
    assert at.tables.offsets == {}
    at.run(20)
    assert at.tables.offsets == {0: 1}
    assert len(at.letters.found) == 1


def test_a_topic_of_another_journal_stops_the_member() -> None:
    good = message(record(ANNA, 1, "CaseOpened"), 0)
    at = house()
    at.topic.partitions[0] = [with_header(good, "ce_logepoch", str(UUID(int=1)).encode())]

    with pytest.raises(KetteError, match="another journal"):
        at.run()


def test_derived_events_are_no_facts_and_only_move_the_offset() -> None:
    anna = life(ANNA, 1)
    at = house(*anna)
    derived = without(without(message(anna[0], 1), "ce_journeyversion"), "ce_prevversion")
    at.topic.partitions[0].append(derived)

    at.run()

    assert at.tables.offsets == {0: 2}
    assert at.member.counted.known == 0
    assert not at.letters.found


def test_a_database_that_is_away_is_waited_for_ever_longer_and_nothing_is_lost() -> None:
    anna = life(ANNA, 4)
    at = house(*anna)
    at.tables.away = 5

    at.run(60, seconds=0.5)

    assert at.tables.kept == {ANNA: stations_of(*anna)}
    waits = sum(line.startswith("waiting") for line in at.said)
    assert waits == 5
    assert at.topic.held_back >= 5, "it reads nothing meanwhile"
    assert at.topic.rejoined == 0, "it stays in the group"


def test_brokers_that_are_away_are_waited_for() -> None:
    anna = life(ANNA, 4)
    at = house(*anna[:2], journal=anna)
    at.run()
    at.topic.partitions[0] += [message(one, one.version - 1) for one in anna[2:]]
    at.topic.away = 3
    at.run(40)

    assert at.tables.kept == {ANNA: stations_of(*anna)}
    assert at.topic.rejoined == 0


def test_while_it_waits_it_goes_on_polling() -> None:
    at = house(*life(ANNA, 1))
    at.tables.away = 1_000

    polls = 0
    for _ in range(30):
        at.member.step()
        at.now += 0.05
        polls += 1

    assert polls - sum(line.startswith("waiting") for line in at.said) > 20


def test_a_lost_acknowledgement_is_noticed_and_nothing_is_written_twice() -> None:
    anna = life(ANNA, 4)
    at = house(*anna)
    at.tables.acknowledgement_lost = True

    at.run(40)

    assert at.tables.writes == 1
    assert at.tables.offsets == {0: 4}
    assert at.tables.kept == {ANNA: stations_of(*anna)}


def test_a_member_that_lost_its_partition_writes_nothing_and_joins_anew() -> None:
    anna = life(ANNA, 4)
    at = house(*anna[:2], journal=anna)
    at.run()
    at.tables.claim([0])
    at.topic.partitions[0] += [message(one, one.version - 1) for one in anna[2:]]

    at.member.step()
    assert at.tables.versions == {ANNA: 2}
    at.run()

    assert at.topic.rejoined == 1
    assert "fenced: another member took over; joining the group anew" in at.said
    assert at.tables.versions == {ANNA: 4}, "dealt anew, it reads on"


def test_a_partition_that_yields_nothing_although_its_end_lies_ahead_makes_it_join_anew() -> None:
    anna = life(ANNA, 3)
    at = house(*anna)
    at.topic.mute.add(0)

    at.run(25)
    assert at.topic.rejoined == 0, "patience first"
    at.run(25)

    assert at.topic.rejoined == 1
    assert any(line.startswith("stuck") for line in at.said)
    assert at.tables.versions == {ANNA: 3}


def test_a_quiet_topic_is_not_a_stuck_one() -> None:
    at = house(*life(ANNA, 3))

    at.run(200)

    assert at.topic.rejoined == 0


def test_the_offset_moves_past_the_markers_behind_the_last_record_and_loses_nothing() -> None:
    anna, more = life(ANNA, 3), life(BERT, 2)
    at = house(*anna, *more)
    at.topic.partitions[0], later = at.topic.partitions[0][:3], at.topic.partitions[0][3:]
    at.topic.markers = {0: 1}

    at.run(70)

    assert at.tables.offsets == {0: 4}, "three records and a marker, which retention may take"
    at.topic.partitions[0] += [replace(one, offset=one.offset + 1) for one in later]
    at.run()
    assert at.tables.versions == {ANNA: 3, BERT: 2}
    assert at.member.counted.read == 5


def test_a_member_that_lost_its_partition_does_not_move_past_markers() -> None:
    at = house(*life(ANNA, 3))
    at.run(3)
    at.tables.generations[0] += 1
    at.topic.markers = {0: 1}

    at.run(55)
    assert (at.tables.offsets, at.topic.rejoined) == ({0: 3}, 0), "it is not yet time to move"
    for _ in range(30):
        if not at.topic.rejoined:
            at.run(1)
            assert at.tables.offsets == {0: 3}
    assert at.topic.rejoined == 1


def test_rows_that_the_database_refuses_park_their_journey_only() -> None:
    anna, bert = life(ANNA, 2), life(BERT, 2)
    at = house(*anna, *bert)
    at.tables.refuses = frozenset({ANNA})

    at.run()

    assert at.tables.versions == {BERT: 2}
    assert sorted(at.tables.aside[ANNA]) == [1, 2]
    assert at.tables.offsets == {0: 4}

    at.tables.refuses = frozenset()
    assert replayed(at) == 0
    assert at.tables.kept[ANNA] == stations_of(*anna)


def test_a_member_that_is_dealt_nothing_has_nothing_to_wait_for() -> None:
    at = house()
    at.topic.deals = [[]]

    at.run(2)

    assert at.member.caught_up()
