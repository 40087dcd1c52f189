import pytest

from schemas.topics import (
    CONSUMER,
    DEAD_LETTERS,
    JOURNEY,
    PROGRESS,
    RELAY,
    SUBJECTS,
    TOPICS,
    AclLine,
    Cleanup,
    Topic,
    acl_lines,
    dead_letters,
    generation,
)

WEEK = 7 * 24 * 60 * 60 * 1000
DAY = WEEK // 7


def test_the_topics_are_those_of_the_contract() -> None:
    assert [one.name for one in TOPICS] == [
        "kette.journey.v1",
        "kette.subjects.v1",
        "kette.relay.v1",
        "kette.journey.v1.dlq",
    ]


@pytest.mark.parametrize("topic", [JOURNEY, DEAD_LETTERS], ids=lambda one: one.name)
def test_events_are_forgotten_after_a_week_counted_from_their_arrival(topic: Topic) -> None:
    assert topic.settings["cleanup.policy"] == "delete"
    assert topic.settings["retention.ms"] == str(WEEK)
    assert topic.settings["message.timestamp.type"] == "LogAppendTime"
    assert int(topic.settings["segment.ms"]) <= DAY


@pytest.mark.parametrize("topic", [SUBJECTS, PROGRESS], ids=lambda one: one.name)
def test_states_keep_their_newest_record_and_are_compacted_in_time(topic: Topic) -> None:
    assert topic.cleanup is Cleanup.COMPACT
    assert topic.settings["cleanup.policy"] == "compact"
    assert "retention.ms" not in topic.settings
    assert int(topic.settings["max.compaction.lag.ms"]) <= DAY
    assert int(topic.settings["segment.ms"]) < int(topic.settings["max.compaction.lag.ms"])
    assert int(topic.settings["delete.retention.ms"]) > int(JOURNEY.settings["retention.ms"])


def test_every_relay_has_a_partition_of_progress_of_its_own() -> None:
    relayed = [generation(topic, number) for topic in (JOURNEY, SUBJECTS) for number in range(1, 9)]
    assert {one.relay_partition for one in relayed} == set(range(PROGRESS.partitions))


def test_a_generation_is_the_same_topic_under_another_name() -> None:
    second = generation(JOURNEY, 2)
    assert second.name == "kette.journey.v1.g2"
    assert (second.partitions, second.settings) == (JOURNEY.partitions, JOURNEY.settings)
    assert generation(JOURNEY, 1) is JOURNEY
    with pytest.raises(ValueError, match="from 1"):
        generation(JOURNEY, 0)


def test_dead_letters_of_a_topic_lie_beside_it() -> None:
    assert dead_letters(JOURNEY) == DEAD_LETTERS
    assert dead_letters(generation(JOURNEY, 2)).name == "kette.journey.v1.g2.dlq"


def test_only_the_relay_writes_events_and_only_groups_of_the_house_read_them() -> None:
    lines = acl_lines(JOURNEY)
    assert {one.principal for one in lines if one.operation == "WRITE"} == {RELAY}
    assert {one.principal for one in lines if one.operation == "READ"} == {CONSUMER}
    assert AclLine(CONSUMER, "READ", "GROUP", "kette-", "PREFIXED") in lines
    assert AclLine(RELAY, "WRITE", "TRANSACTIONAL_ID", "kette-relay-", "PREFIXED") in lines


def test_progress_is_for_the_relay_alone_and_dead_letters_come_from_consumers() -> None:
    assert {one.principal for one in acl_lines(PROGRESS)} == {RELAY}
    assert {one.principal for one in acl_lines(DEAD_LETTERS)} == {CONSUMER}


@pytest.mark.parametrize("topic", TOPICS, ids=lambda one: one.name)
def test_a_line_names_the_topic_whole_so_that_no_other_is_meant(topic: Topic) -> None:
    for line in acl_lines(topic):
        if line.resource_type == "TOPIC":
            assert (line.resource, line.pattern) == (topic.name, "LITERAL")
