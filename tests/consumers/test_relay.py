"""The relay's loop, with an outbox and a topic in memory: its order, its checks and how it begins anew."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from consumers.relay import CompleteError, Orders, Relay, World
from consumers.relay_batch import Places, Step
from domain.crossings import Crossing, CrossingKind
from domain.days import PartialDate
from domain.errors import JournalCorruptError, KetteError
from domain.events.registry import read_fact
from domain.journal import Entry
from domain.outgoing import Outgoing, Withheld
from domain.publishing import (
    DivergedError,
    FencedError,
    Progress,
    PublishingFailedError,
    RecordRefusedError,
    Standing,
)
from infra.errors import JournalUnavailableError
from schemas.codec import decode
from schemas.topics import JOURNEY, SUBJECTS
from schemas.wire import Message, read_headers

EPOCH, RUN = UUID(int=7), UUID(int=8)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
PLACES = Places(JOURNEY, SUBJECTS, "/kette/test")
AWAY = PublishingFailedError("Kafka: away", "KafkaTimeoutError")
TOO_LARGE = RecordRefusedError("too large")


def leaf(position: int) -> bytes:
    return position.to_bytes(32, "big")


def fact(position: int, journey: int = 1, type_name: str = "CaseOpened") -> Outgoing:
    entry = Entry(f"f{position}", read_fact(type_name, {}), PartialDate(2026, 3, 4))
    return Outgoing(
        position, UUID(int=journey), position, NOON, UUID(int=position), leaf(position), entry
    )


def crossing(seq: int, basis: int, journey: int = 1) -> Crossing:
    told = {"kind": "gap", "severity": "high", "certainty": "certainly"}
    return Crossing(
        seq,
        basis,
        UUID(int=journey),
        CrossingKind.OPENED,
        "F01",
        "f1",
        date(2026, 3, 4),
        NOON,
        told,
    )


@dataclass
class MemoryOutbox:
    """An outbox in memory; ``troubles`` are raised one after the other where it is led."""

    recorded: list[Outgoing] = field(default_factory=list)
    crossed: list[Crossing] = field(default_factory=list)
    erased: dict[UUID, int] = field(default_factory=dict)
    troubles: list[KetteError | bool] = field(default_factory=list)
    arriving: list[Outgoing] = field(default_factory=list)
    led: int = 0

    def lead(self) -> bool:
        if self.troubles:
            trouble = self.troubles.pop(0)
            if isinstance(trouble, KetteError):
                raise trouble
            return trouble
        self.led += 1
        return True

    def resign(self) -> None:
        """Nothing is held."""

    def ends(self) -> Standing:
        return self.standing()

    def standing(self) -> Standing:
        return Standing(len(self.recorded), len(self.crossed), EPOCH)

    def leaf(self, position: int) -> bytes | None:
        return self.recorded[position - 1].leaf if 0 < position <= len(self.recorded) else None

    def facts(self, after: int, limit: int) -> Sequence[Outgoing]:
        return self.recorded[after : after + limit]

    def crossings(self, after: int, upto: int, limit: int) -> Sequence[Crossing]:
        found: list[Crossing] = []
        for one in self.crossed[after : after + limit]:
            if one.basis_position > upto:
                break
            found.append(one)
        return found

    def erased_at(self, journey: UUID) -> int | None:
        return self.erased.get(journey)

    def wait(self, seconds: float) -> None:
        """A ring comes with the next record."""
        if self.arriving:
            self.recorded.append(self.arriving.pop(0))


@dataclass
class MemoryTopic:
    """A topic in memory; ``troubles`` are raised at publishing, before or after it took effect."""

    stored: Progress | None = None
    refuses: Callable[[Message], bool] = lambda _message: False
    troubles: list[tuple[KetteError, bool]] = field(default_factory=list)
    batches: list[list[Message]] = field(default_factory=list)
    begun: int = 0
    under_way: tuple[list[Message], Progress] | None = None

    def begin(self) -> Progress | None:
        self.begun += 1
        return self.stored

    def seen(self) -> Progress | None:
        return self.stored

    def start(self, messages: Sequence[Message], progress: Progress) -> None:
        assert self.under_way is None
        self.under_way = list(messages), progress

    def finish(self) -> None:
        assert self.under_way is not None
        (messages, progress), self.under_way = self.under_way, None
        error, done = self.troubles.pop(0) if self.troubles else (None, True)
        if any(map(self.refuses, messages)):
            raise TOO_LARGE
        if done:
            self.batches.append(messages)
            self.stored = progress
        if error is not None:
            raise error

    def abandon(self) -> None:
        self.under_way = None

    @property
    def ids(self) -> list[str]:
        """Return what went onto the topic of events, in order, without the journeys."""
        return [
            read_headers(one.headers).id.partition("/")[2]
            for batch in self.batches
            for one in batch
            if one.topic == JOURNEY.name
        ]

    @property
    def states(self) -> list[tuple[str, int]]:
        """Return the states of journeys that were told, and from where on."""
        told = [
            decode(m.value).value
            for batch in self.batches
            for m in batch
            if m.topic == SUBJECTS.name
        ]
        return [(one["state"], one["position"]) for one in told]


@dataclass
class Told:
    """Keeps what the relay reports."""

    positions: list[int] = field(default_factory=list)
    pauses: list[tuple[str, float]] = field(default_factory=list)
    refusals: list[tuple[int, UUID]] = field(default_factory=list)
    withheld: list[Withheld] = field(default_factory=list)
    standbys: int = 0
    fencings: int = 0

    def standby(self, seen: Progress | None) -> None:
        self.standbys += 1

    def reached(self, progress: Progress, done: Sequence[Step]) -> None:
        self.positions.append(progress.position)
        self.withheld += [one.withheld for one in done if one.withheld]

    def failed(self, error: KetteError, reason: str, pause: float) -> None:
        self.pauses.append((reason, pause))

    def refused(self, step: Step, error: RecordRefusedError) -> None:
        self.refusals.append((step.position, step.journey))

    def fenced(self) -> None:
        self.fencings += 1


@dataclass
class Time:
    """A clock that only pauses move."""

    now: float = 0.0
    after_pause: Callable[[], None] = lambda: None

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.after_pause()


def run(
    outbox: MemoryOutbox,
    topic: MemoryTopic,
    told: Told | None = None,
    time: Time | None = None,
    stopped: Callable[[], bool] = lambda: False,
    **orders: object,
) -> None:
    time = time or Time()
    ordered = replace(Orders(RUN, until_caught_up=True), **orders)  # type: ignore[arg-type]
    world = World(stopped, time.pause, lambda: 1.0, lambda: time.now)
    Relay(outbox, topic, told or Told(), PLACES, ordered, world).run()


def test_facts_go_out_in_their_order_and_the_progress_with_them() -> None:
    outbox, topic, told = MemoryOutbox([fact(n) for n in range(1, 8)]), MemoryTopic(), Told()
    run(outbox, topic, told, batch=3)
    assert topic.ids == [str(n) for n in range(1, 8)]
    assert [len(batch) for batch in topic.batches] == [
        4,
        3,
        1,
    ]  # the first tells the journey's state
    assert told.positions == [0, 3, 6, 7]
    assert topic.stored == Progress(7, leaf(7), 0, EPOCH, RUN, complete=True)


def test_a_topic_is_complete_once_it_stood_where_the_journal_did() -> None:
    outbox, topic = MemoryOutbox([fact(n) for n in range(1, 5)]), MemoryTopic()
    completes: list[bool] = []

    class Watched(Told):
        def reached(self, progress: Progress, done: Sequence[Step]) -> None:
            completes.append(progress.complete)

    run(outbox, topic, Watched(), batch=2)
    outbox.recorded += [fact(n) for n in range(5, 9)]
    run(outbox, topic, Watched(), batch=2)
    assert completes == [False, False, True, True, True, True]


def test_a_crossing_goes_out_after_the_facts_that_it_rests_on_and_before_those_it_did_not_know() -> (
    None
):
    outbox = MemoryOutbox([fact(n) for n in range(1, 6)])
    outbox.crossed = [crossing(1, 2), crossing(2, 2), crossing(3, 4), crossing(4, 5)]
    topic = MemoryTopic()
    run(outbox, topic)
    assert topic.ids == ["1", "2", "gap/1", "gap/2", "3", "4", "gap/3", "5", "gap/4"]
    assert topic.stored is not None
    assert (topic.stored.position, topic.stored.crossing) == (5, 4)


def test_a_crossing_whose_basis_lies_beyond_the_batch_waits_and_holds_back_those_behind_it() -> (
    None
):
    outbox = MemoryOutbox([fact(n) for n in range(1, 7)])
    outbox.crossed = [crossing(1, 5), crossing(2, 1)]
    topic = MemoryTopic()
    run(outbox, topic, batch=2)
    assert topic.ids == ["1", "2", "3", "4", "5", "gap/1", "gap/2", "6"]


def test_more_crossings_than_a_batch_holds_go_out_in_several() -> None:
    outbox = MemoryOutbox([fact(1)], [crossing(seq, 1) for seq in range(1, 8)])
    topic = MemoryTopic()
    run(outbox, topic, batch=3)
    assert topic.ids == ["1", *(f"gap/{seq}" for seq in range(1, 8))]


def test_crossings_alone_are_published_as_well() -> None:
    outbox = MemoryOutbox([fact(1)])
    topic = MemoryTopic()
    run(outbox, topic)
    outbox.crossed.append(crossing(1, 1))
    run(outbox, topic)
    assert topic.ids == ["1", "gap/1"]


def test_the_state_of_a_journey_is_told_at_its_first_fact_and_at_its_erasure() -> None:
    known, erased = UUID(int=1), UUID(int=2)
    facts = [
        replace(fact(1), version=1),
        replace(fact(2, 2), version=1),
        replace(fact(3), version=2),
    ]
    last = replace(fact(4, 2), version=2, entry=None, withheld=Withheld.ERASED)
    facts[1] = replace(facts[1], entry=None, withheld=Withheld.ERASED)
    topic, told = MemoryTopic(), Told()
    run(MemoryOutbox([*facts, last], erased={erased: 4}), topic, told)
    assert topic.states == [("ACTIVE", 1), ("ERASED", 4)]
    keys = [one.key.decode() for one in topic.batches[0] if one.topic == SUBJECTS.name]
    assert keys == [str(known), str(erased)]
    assert told.withheld == [Withheld.ERASED, Withheld.ERASED]


def test_what_was_noticed_of_a_journey_before_it_was_erased_is_not_told_any_more() -> None:
    erased = UUID(int=2)
    last = replace(fact(2, 2), entry=None, withheld=Withheld.ERASED)
    revoked = {"kind": "gap", "undoes": 1, "undone": "opened", "by_version": None}
    taken_back = replace(crossing(3, 2, 2), kind=CrossingKind.REVOKED, told=revoked)
    crossed = [crossing(1, 1, 2), crossing(2, 1), taken_back]
    topic, told = MemoryTopic(), Told()
    run(MemoryOutbox([fact(1), last], crossed, erased={erased: 2}), topic, told)
    assert topic.ids == ["1", "gap/2", "2", "gap/3"]
    assert topic.stored is not None
    assert topic.stored.crossing == 3
    assert told.withheld == [Withheld.ERASED, Withheld.ERASED]


def test_what_is_told_no_more_moves_the_progress_all_the_same() -> None:
    outbox = MemoryOutbox([fact(1), fact(2, 2)], [crossing(1, 1, 2)], erased={UUID(int=2): 2})
    topic = MemoryTopic()
    run(outbox, topic, batch=1)
    assert topic.ids == ["1", "2"]
    assert topic.stored is not None
    assert topic.stored.crossing == 1


def test_after_a_failure_it_goes_on_from_the_stored_progress() -> None:
    outbox, told = MemoryOutbox([fact(n) for n in range(1, 7)]), Told()
    topic = MemoryTopic(troubles=[(AWAY, False), (AWAY, True)])
    run(outbox, topic, told, batch=2)
    assert topic.ids == [str(n) for n in range(1, 7)]
    assert topic.begun == outbox.led == 3
    assert [reason for reason, _ in told.pauses] == ["KafkaTimeoutError"] * 2


def test_pauses_grow_with_failures_up_to_a_bound_and_shrink_with_success() -> None:
    outbox, told = MemoryOutbox([fact(1), fact(2)]), Told()
    nine = [(AWAY, False)] * 9
    done: tuple[KetteError, bool] = (AWAY, True)
    run(outbox, MemoryTopic(troubles=[*nine, done]), told, batch=1)
    pauses = [pause for _, pause in told.pauses]
    assert pauses[:4] == pytest.approx([0.2, 0.4, 0.8, 1.6])
    assert pauses[6:9] == [5.0] * 3
    outbox.recorded.append(fact(3))
    told.pauses.clear()
    topic = MemoryTopic(troubles=[(AWAY, False)])
    run(outbox, topic, told)
    assert told.pauses == [("KafkaTimeoutError", pytest.approx(0.2))]


def test_a_database_that_is_away_is_waited_for() -> None:
    outbox, topic, told = MemoryOutbox([fact(1)]), MemoryTopic(), Told()
    outbox.troubles = [JournalUnavailableError("gone"), JournalUnavailableError("gone")]
    run(outbox, topic, told)
    assert topic.ids == ["1"]
    assert [reason for reason, _ in told.pauses] == ["journal-unavailable"] * 2


def test_a_damaged_journal_stops_it() -> None:
    outbox = MemoryOutbox([fact(1)], troubles=[JournalCorruptError("position 1 is missing")])
    with pytest.raises(JournalCorruptError):
        run(outbox, MemoryTopic())


def test_a_fenced_relay_ends_and_does_not_fight() -> None:
    fenced: tuple[KetteError, bool] = (FencedError("taken"), False)
    topic, told = MemoryTopic(troubles=[fenced]), Told()
    with pytest.raises(FencedError):
        run(MemoryOutbox([fact(1)]), topic, told)
    assert (topic.begun, topic.ids, told.fencings) == (1, [], 1)


def test_while_another_leads_it_waits_and_then_takes_over() -> None:
    outbox, topic, told = MemoryOutbox([fact(1)], troubles=[False, False]), MemoryTopic(), Told()
    run(outbox, topic, told)
    assert (told.standbys, topic.ids) == (2, ["1"])


def test_what_another_publishes_to_the_end_is_done() -> None:
    outbox, topic, told = MemoryOutbox([fact(1)], troubles=[False] * 99), MemoryTopic(), Told()
    topic.stored = Progress(1, outbox.recorded[0].leaf, 0, EPOCH, UUID(int=9), complete=True)
    run(outbox, topic, told)
    assert (told.standbys, topic.begun) == (1, 0)


def test_patience_ends_while_another_leads() -> None:
    outbox, topic = MemoryOutbox([fact(1)], troubles=[False] * 99), MemoryTopic()
    with pytest.raises(PublishingFailedError, match="another relay"):
        run(outbox, topic, patience=3.0)
    assert topic.begun == 0


def test_patience_ends_after_so_long_without_success() -> None:
    time = Time()
    topic = MemoryTopic(troubles=[(AWAY, False)] * 99)
    with pytest.raises(PublishingFailedError):
        run(MemoryOutbox([fact(1)]), topic, time=time, patience=10.0)
    assert 10.0 < time.now < 20.0


def too_large(*positions: int) -> Callable[[Message], bool]:
    return lambda message: read_headers(message.headers).position in positions


def test_a_refused_record_is_found_and_everything_before_it_goes_out() -> None:
    outbox = MemoryOutbox([fact(n, journey=n % 3 + 1) for n in range(1, 101)])
    topic, told, time = MemoryTopic(refuses=too_large(38)), Told(), Time()

    def cure() -> None:
        if len(told.refusals) == 3:
            assert topic.ids[-1] == "37"
            topic.refuses = too_large()

    time.after_pause = cure
    run(outbox, topic, told, time, batch=64)
    assert told.refusals == [(38, UUID(int=3))] * 3
    assert topic.ids == [str(n) for n in range(1, 101)]
    searching = [pause for _, pause in told.pauses[:-3]]
    assert len(searching) <= 7
    assert set(searching) == {0.0}
    assert all(pause > 0 for _, pause in told.pauses[-3:])


def test_behind_a_cured_record_the_batches_are_whole_again() -> None:
    outbox = MemoryOutbox([fact(n) for n in range(1, 101)])
    topic, told, time = MemoryTopic(refuses=too_large(3)), Told(), Time()

    def cure() -> None:
        topic.refuses = too_large() if told.refusals else topic.refuses

    time.after_pause = cure
    run(outbox, topic, told, time, batch=16)
    assert topic.ids == [str(n) for n in range(1, 101)]
    assert [len(batch) for batch in topic.batches[-5:]] == [16, 16, 16, 16, 4]


def test_two_refused_records_are_both_found() -> None:
    outbox = MemoryOutbox([fact(n) for n in range(1, 41)])
    topic, told, time = MemoryTopic(refuses=too_large(7, 9)), Told(), Time()

    def cure() -> None:
        if told.refusals:
            topic.refuses = too_large(9) if len(told.refusals) < 2 else too_large()

    time.after_pause = cure
    run(outbox, topic, told, time, batch=32)
    assert [position for position, _ in told.refusals] == [7, 9]
    assert topic.ids == [str(n) for n in range(1, 41)]


STOOD = Progress(2, leaf(2), 1, EPOCH, UUID(int=1))


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (replace(STOOD, epoch=UUID(int=99)), "another journal"),
        (replace(STOOD, position=9, leaf=leaf(9)), "stands at position 9, the journal ends at 3"),
        (replace(STOOD, leaf=leaf(99)), "at position 2 the topic holds another record"),
        (replace(STOOD, crossing=5), "stands at crossing 5"),
    ],
    ids=["foreign epoch", "position ahead", "other record", "crossing ahead"],
)
def test_a_topic_that_does_not_hold_the_beginning_of_this_journal_stops_it(
    stored: Progress, said: str
) -> None:
    outbox = MemoryOutbox([fact(n) for n in range(1, 4)], [crossing(1, 1)])
    topic = MemoryTopic(stored)
    with pytest.raises(DivergedError, match=said) as raised:
        run(outbox, topic)
    assert "kette republish" in str(raised.value)
    assert topic.batches == []


def test_a_topic_that_stood_complete_is_not_filled_again() -> None:
    outbox = MemoryOutbox([fact(1), fact(2), fact(3)], [crossing(1, 1)])
    topic = MemoryTopic(replace(STOOD, complete=True))
    with pytest.raises(CompleteError, match="position 2"):
        run(outbox, topic, anew=True)
    topic.stored = STOOD
    run(outbox, topic, anew=True)
    assert topic.ids == ["3"]


def test_a_fill_that_fails_after_its_end_is_done() -> None:
    after: tuple[KetteError, bool] = (AWAY, True)
    topic = MemoryTopic(troubles=[after])
    run(MemoryOutbox([fact(1)]), topic, anew=True)
    assert topic.ids == ["1"]


def test_it_follows_until_it_is_stopped() -> None:
    outbox = MemoryOutbox([fact(1)], arriving=[fact(2), fact(3)])
    topic = MemoryTopic()
    run(outbox, topic, stopped=lambda: topic.ids[-1:] == ["3"], until_caught_up=False)
    assert topic.ids == ["1", "2", "3"]


def test_a_stop_lets_the_batch_that_is_under_way_finish_and_leaves_the_rest() -> None:
    outbox, topic = MemoryOutbox([fact(n) for n in range(1, 12)]), MemoryTopic()
    run(outbox, topic, stopped=lambda: len(topic.batches) >= 2, batch=2)
    assert topic.ids == ["1", "2", "3", "4", "5", "6"]
    assert topic.under_way is None
