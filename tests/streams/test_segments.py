"""The scan of a broker's files finds what is there, however it is packed; else it proves nothing."""

from pathlib import Path

import confluent_kafka
import pytest
from confluent_kafka.admin import AdminClient, NewTopic

from infra.broker.cluster import Cluster
from tests.streams.segments import UnknownCodecError, batches, found

MARK = b"kanarie.traeger-nrw"
# Put together from what stood before: a packed batch then holds no bare copy of the mark.
RECORDS = [MARK[:10] * 3, MARK[9:] * 3, MARK]


def produce(bootstrap: str, topic: str, codec: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(topic, 1)])[topic].result(20)
    producer = confluent_kafka.Producer(
        {
            "bootstrap.servers": bootstrap,
            "compression.type": codec,
            "linger.ms": 100,
            "log_level": 0,
        }
    )
    for number in range(50):
        for record in RECORDS:
            producer.produce(topic, record, key=b"%d" % number)
    assert producer.flush(20) == 0


@pytest.mark.parametrize(("codec", "number"), [("none", 0), ("gzip", 1), ("lz4", 3)])
def test_a_mark_is_found_in_every_codec(kafka: Cluster, codec: str, number: int) -> None:
    topic = f"marked-{codec}"
    produce(kafka.bootstrap, topic, codec)

    assert number in found(kafka.folder, [MARK])[MARK]


def test_nothing_is_found_that_is_not_there(kafka: Cluster) -> None:
    produce(kafka.bootstrap, "unmarked", "lz4")
    absent = MARK[::-1]
    assert found(kafka.folder, [absent]) == {absent: frozenset()}


def test_a_packed_mark_is_found_only_by_unpacking(kafka: Cluster) -> None:
    produce(kafka.bootstrap, "packed", "gzip")
    segments = list(kafka.folder.rglob("packed-0/*.log"))

    assert segments
    for segment in segments:
        assert MARK not in segment.read_bytes()
        assert MARK in b"".join(batch.records for batch in batches(segment))


def test_a_codec_that_cannot_be_unpacked_is_an_error(tmp_path: Path) -> None:
    segment = tmp_path / "00000000000000000000.log"
    front = (0).to_bytes(8, "big") + (60).to_bytes(4, "big") + bytes(4) + b"\2" + bytes(4)
    segment.write_bytes(front + (4).to_bytes(2, "big") + bytes(60))
    with pytest.raises(UnknownCodecError, match="codec 4"):
        list(batches(segment))
