"""Readings over a consumer group: whatever becomes of its members, they equal a rebuild row for row."""

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from uuid import uuid4

import confluent_kafka
import psycopg
import pytest
from kafka import KafkaAdminClient, TopicPartition

from infra.broker.cluster import Cluster
from infra.embedded import EmbeddedServer
from infra.journal import open_journal
from infra.migrations import migrate
from projections.catalogue import KEPT
from schemas.topics import JOURNEY
from schemas.wire import Message
from tests.keyring import TENANT, keys_of
from tests.streams.filling import fill
from tests.streams.groups import GroupSeen, MemberProcess, Publisher, until

EVENTS = 4_000
MANY = 50_000
SESSION = ("--session-seconds", "3")
TABLES = {"stations": ["stations"], "all": [one.name for one in KEPT], "status": ["status"]}
Start = Callable[..., MemberProcess]


@pytest.fixture
def own_dsn(own_server: EmbeddedServer) -> Iterator[str]:
    """Return a fresh database on the server that a test may restart."""
    name = f"test_{uuid4().hex}"
    with psycopg.connect(own_server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    migrate(own_server.dsn(name), TENANT)
    return own_server.dsn(name)


@pytest.fixture
def start(own_dsn: str, broker: Cluster, topic: str, tmp_path: Path) -> Iterator[Start]:
    """Start members of a group; they end with the test."""
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.create_topics({f"{topic}.dlq": {"num_partitions": 1}}, wait_for_metadata=True)
    admin.close()
    with ExitStack() as stack:
        member = partial(MemberProcess, tmp_path, own_dsn, broker.bootstrap, topic)
        yield lambda *words: stack.enter_context(member(*words, *SESSION))


@pytest.fixture
def publisher(own_dsn: str, broker: Cluster, topic: str) -> Iterator[Publisher]:
    with Publisher(own_dsn, broker.bootstrap, topic) as made:
        yield made


def begun(start: Start, dsn: str, projection: str, events: int) -> GroupSeen:
    """Build a group's tables on an empty journal, then fill the journal: all comes by the topic."""
    assert start("--projection", projection, "--until-caught-up").ends() == 0
    with open_journal(dsn, keys_of(dsn)) as journal:
        fill(journal, events, journeys=max(40, events // 125))
    return GroupSeen(dsn, f"kette-{projection}", TABLES[projection])


def assert_equal_to_a_rebuild(start: Start, seen: GroupSeen, projection: str) -> None:
    streamed = seen.rows()
    rebuild = start("--projection", projection, "--rebuild", "--until-caught-up")
    assert rebuild.ends() == 0, rebuild.said
    rebuilt = seen.rows()
    assert all(rebuilt.values())
    assert {one: len(rows) for one, rows in streamed.items()} == {
        one: len(rows) for one, rows in rebuilt.items()
    }
    assert streamed == rebuilt


def members_come_and_are_killed(
    start: Start, publisher: Publisher, seen: GroupSeen, projection: str, events: int
) -> None:
    """Run 1, 2, 3, 2 and 1 members under load; the ones that go are killed with -9."""
    join = partial(start, "--projection", projection)
    first = join()
    until(lambda: first.claims(12), "one member holds all")
    publisher.publish(events // 5)
    second = join()
    until(lambda: first.claims(6) and second.claims(6), "two members share")
    publisher.publish(events * 2 // 5)
    third = join()
    until(lambda: all(one.claims(4) for one in (first, second, third)), "three members share")
    publisher.publish(events * 3 // 5)
    until(lambda: seen.offsets() > events * 2 // 5, "the third share is being read")
    second.kill()
    publisher.publish(events * 4 // 5)
    until(lambda: first.claims(6) and third.claims(6), "the killed one's partitions are dealt anew")
    publisher.publish(events)
    third.kill()
    until(lambda: seen.holds(events), "all is read")
    until(lambda: first.claims(12), "one member holds all again")
    first.signal(signal.SIGTERM)
    assert first.ends() == 0


@pytest.mark.faults
@pytest.mark.parametrize("projection", ["stations", "all"])
def test_one_two_three_two_one_members_with_kills_equal_a_rebuild(
    start: Start, publisher: Publisher, own_dsn: str, projection: str
) -> None:
    seen = begun(start, own_dsn, projection, EVENTS)

    members_come_and_are_killed(start, publisher, seen, projection, EVENTS)

    assert seen.parked() == 0
    assert_equal_to_a_rebuild(start, seen, projection)


@pytest.mark.soak
@pytest.mark.parametrize("projection", ["stations", "all"])
def test_the_same_over_fifty_thousand_events(
    start: Start, publisher: Publisher, own_dsn: str, projection: str
) -> None:
    seen = begun(start, own_dsn, projection, MANY)

    members_come_and_are_killed(start, publisher, seen, projection, MANY)

    assert seen.parked() == 0
    assert_equal_to_a_rebuild(start, seen, projection)


@pytest.mark.faults
def test_a_frozen_member_that_wakes_after_its_session_changes_nothing(
    start: Start, publisher: Publisher, own_dsn: str
) -> None:
    seen = begun(start, own_dsn, "stations", EVENTS)
    frozen = start("--projection", "stations")
    until(lambda: frozen.claims(12), "the first member holds all")
    publisher.publish(EVENTS // 2)
    until(lambda: seen.offsets() > 0, "it reads")
    frozen.signal(signal.SIGSTOP)

    other = start("--projection", "stations")
    until(lambda: other.claims(12), "the other one took over")
    publisher.publish(EVENTS)
    until(lambda: seen.holds(EVENTS), "the other one read all")
    frozen.signal(signal.SIGCONT)
    until(lambda: other.claims(6), "the frozen one is a member again, of its half only")

    assert seen.parked() == 0
    assert_equal_to_a_rebuild(start, seen, "stations")


@pytest.mark.faults
def test_a_restarted_database_is_waited_for_without_leaving_the_group(
    start: Start, publisher: Publisher, own_dsn: str, own_server: EmbeddedServer
) -> None:
    seen = begun(start, own_dsn, "stations", EVENTS)
    messages = list(publisher.messages(EVENTS))
    member = start("--projection", "stations")
    until(lambda: member.claims(12), "the member holds all")

    publisher.send(messages[: EVENTS // 2])
    own_server.stop()
    publisher.send(messages[EVENTS // 2 :])
    until(lambda: "waiting: " in member.said, "the member waits")
    own_server.start()
    until(lambda: seen.holds(EVENTS), "all is read")

    assert member.said.count(" claimed: ") == 1, "it never left the group"
    assert_equal_to_a_rebuild(start, seen, "stations")


@pytest.mark.faults
def test_a_rebuild_beside_members_at_work_takes_nothing_from_them(
    start: Start, publisher: Publisher, own_dsn: str
) -> None:
    seen = begun(start, own_dsn, "stations", EVENTS)
    messages = list(publisher.messages(EVENTS))
    members = [start("--projection", "stations") for _ in range(2)]
    until(lambda: all(one.claims(6) for one in members), "two members share")
    publisher.send(messages[: EVENTS // 2])
    rebuilding = start("--projection", "stations", "--rebuild", "--until-caught-up")
    publisher.send(messages[EVENTS // 2 :])
    assert rebuilding.ends() == 0, rebuilding.said
    until(lambda: all(one.claims(6) for one in members), "two members share again")
    until(lambda: seen.holds(EVENTS), "all is read")

    assert all(one.process.poll() is None for one in members)
    assert seen.parked() == 0
    assert_equal_to_a_rebuild(start, seen, "stations")


@pytest.mark.faults
def test_a_restarted_broker_is_waited_for(
    start: Start, publisher: Publisher, own_dsn: str, broker: Cluster
) -> None:
    seen = begun(start, own_dsn, "stations", EVENTS)
    messages = list(publisher.messages(EVENTS))
    members = [start("--projection", "stations") for _ in range(2)]
    until(lambda: all(one.claims(6) for one in members), "two members share")
    publisher.send(messages[: EVENTS // 2])
    broker.restart()
    publisher.send(messages[EVENTS // 2 :])
    until(lambda: seen.holds(EVENTS), "all is read")

    assert all(one.process.poll() is None for one in members)
    assert seen.parked() == 0
    assert_equal_to_a_rebuild(start, seen, "stations")


def test_doubled_and_swapped_messages_change_nothing_in_the_end(
    start: Start, publisher: Publisher, own_dsn: str
) -> None:
    seen = begun(start, own_dsn, "stations", 400)
    messages = list(publisher.messages(400))
    member = start("--projection", "stations")
    until(lambda: member.claims(12), "the member holds all")

    publisher.send(messages[:200])
    publisher.send(messages[100:300])
    swapped = swap_two_of_a_journey(messages[300:])
    publisher.send(swapped)
    until(lambda: "parked: " in member.said, "what came too early is parked")
    member.signal(signal.SIGTERM)
    assert member.ends() == 0
    assert start("--projection", "stations", "--until-caught-up").ends() == 0

    assert seen.parked() > 0
    assert start("--projection", "stations", "--replay").ends() == 0
    assert seen.parked() == 0
    assert seen.holds(400)
    assert_equal_to_a_rebuild(start, seen, "stations")


def swap_two_of_a_journey(messages: Sequence[Message]) -> list[Message]:
    """Let the second message of a journey come before its first."""
    swapped = list(messages)
    first = 0
    second = next(
        place for place in range(1, len(swapped)) if swapped[place].key == swapped[first].key
    )
    swapped[first], swapped[second] = swapped[second], swapped[first]
    return swapped


def test_a_lost_message_parks_its_journey_and_the_journal_cures_it(
    start: Start, publisher: Publisher, own_dsn: str
) -> None:
    seen = begun(start, own_dsn, "stations", 400)
    messages = list(publisher.messages(400))
    key = messages[0].key
    lost = next(place for place, one in enumerate(messages) if one.key == key and place > 0)
    publisher.send(messages[:lost] + messages[lost + 1 :])

    assert start("--projection", "stations", "--until-caught-up").ends() == 0
    waiting = sum(one.key == key for one in messages[lost + 1 :])
    assert seen.parked() == waiting
    reasons = seen.ask("SELECT reason FROM kette.parked ORDER BY version")
    assert "a gap" in str(reasons[0][0])

    freed = start("--projection", "stations", "--replay")
    assert freed.ends() == 0
    assert "0 journeys stay parked" in freed.said
    assert_equal_to_a_rebuild(start, seen, "stations")


def test_poison_goes_to_the_dead_letters_and_others_go_on(
    start: Start, publisher: Publisher, own_dsn: str, broker: Cluster, topic: str
) -> None:
    seen = begun(start, own_dsn, "stations", 400)
    messages = list(publisher.messages(400))
    good = messages[0]
    poison = [
        replace(good, value=b"\x01" + good.value[1:]),
        replace(good, value=good.value[:-2]),
        replace(good, value=b"\0\0\0\xff\xff" + good.value[5:]),
        replace(good, value=messages[1].value),
        replace(good, value=good.value + b"x"),
        replace(good, headers=()),
        replace(good, key=None),
        replace(good, value=None),
    ]
    publisher.send([*poison, *messages])

    ended = start("--projection", "stations", "--until-caught-up")
    assert ended.ends() == 0
    assert seen.holds(400)
    assert f"{len(poison)} dead letters" in ended.said
    letters = dead_letters(broker, topic)
    assert [value for value, _ in letters] == [one.value for one in poison]
    assert [int(headers["kette_dlq_offset"]) for _, headers in letters] == [*range(len(poison))]
    assert {headers["kette_dlq_topic"] for _, headers in letters} == {topic.encode()}
    reasons = [headers["kette_dlq_reason"].decode().split(":")[0] for _, headers in letters]
    assert reasons[:3] == ["no-frame", "broken", "unknown-schema"]
    assert_equal_to_a_rebuild(start, seen, "stations")


def dead_letters(broker: Cluster, topic: str) -> list[tuple[bytes | None, dict[str, bytes]]]:
    """Return what lies in the dead letters of a topic, by an independent client."""
    consumer = confluent_kafka.Consumer(
        {"bootstrap.servers": broker.bootstrap, "group.id": uuid4().hex, "log_level": 0}
    )
    place = confluent_kafka.TopicPartition(f"{topic}.dlq", 0, 0)
    consumer.assign([place])
    _, end = consumer.get_watermark_offsets(place, timeout=30)
    found = consumer.consume(end, timeout=30)
    consumer.close()
    return [(one.value(), dict(one.headers() or ())) for one in found]


def test_a_topic_made_anew_stops_the_group_with_the_cure(
    start: Start, publisher: Publisher, own_dsn: str, broker: Cluster, topic: str
) -> None:
    begun(start, own_dsn, "stations", 400)
    publisher.publish(400)
    member = start("--projection", "stations")
    until(lambda: member.claims(12), "the member holds all")

    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.delete_topics([topic])
    until(lambda: topic not in admin.list_topics(), "the topic is gone")
    admin.create_topics({topic: {"num_partitions": JOURNEY.partitions}}, wait_for_metadata=True)
    admin.close()

    assert member.ends() == 5, member.said
    assert "made anew" in member.said or "lost or damaged" in member.said
    assert "kette consume --rebuild" in member.said
    again = start("--projection", "stations", "--until-caught-up")
    assert again.ends() == 5
    assert "made anew" in again.said
    assert "kette consume --rebuild" in again.said
    assert start("--projection", "stations", "--rebuild", "--until-caught-up").ends() == 0


def test_an_offset_out_of_range_stops_the_group_with_the_cure(
    start: Start, publisher: Publisher, own_dsn: str, broker: Cluster, topic: str
) -> None:
    seen = begun(start, own_dsn, "stations", 400)
    messages = list(publisher.messages(400))
    publisher.send(messages)
    places = {TopicPartition(topic, one.partition): 1 for one in messages}
    admin = KafkaAdminClient(bootstrap_servers=broker.bootstrap)
    admin.delete_records(places)
    admin.close()

    member = start("--projection", "stations")
    assert member.ends() == 5
    assert "no longer holds offset 0 of partition" in member.said
    assert not seen.holds(400)
    assert start("--projection", "stations", "--rebuild", "--until-caught-up").ends() == 0
    assert seen.holds(400)


def test_of_several_new_members_one_builds_and_the_others_wait(
    start: Start, own_dsn: str, publisher: Publisher
) -> None:
    with open_journal(own_dsn, keys_of(own_dsn)) as journal:
        fill(journal, 2_000, journeys=40)
    publisher.publish(1_000)

    members = [start("--projection", "status") for _ in range(3)]
    until(lambda: all(one.claims(4) for one in members), "three members share")
    assert sum("built up to position 2000" in one.said for one in members) == 1
    publisher.publish(2_000)
    seen = GroupSeen(own_dsn, "kette-status", TABLES["status"])
    assert seen.holds(2_000)


def test_a_table_is_kept_by_one_group_only(start: Start, publisher: Publisher) -> None:
    assert start("--projection", "stations", "--until-caught-up").ends() == 0
    other = start("--projection", "stations", "--group", "kette-other")

    assert other.ends() == 2
    assert "--group kette-stations" in other.said
