"""A subscriber by confluent-kafka that notes when what arrives: ``python -m bench.streams_subscriber``.

Takes as JSON the brokers, the topic, its partitions and how many records to wait for; says ``ready`` when
it stands at the end, then the moment of each id on the clock that all processes of a machine share.
"""

import json
import sys
import time

import confluent_kafka

_PATIENCE_SECONDS = 60.0


def main() -> None:
    """Stand at the end, note what comes, tell."""
    orders = json.loads(sys.argv[1])
    consumer = confluent_kafka.Consumer(
        {
            "bootstrap.servers": orders["bootstrap"],
            "group.id": "bench-subscriber",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
        }
    )
    places = [confluent_kafka.TopicPartition(orders["topic"], one) for one in orders["partitions"]]
    for place in places:
        _, place.offset = consumer.get_watermark_offsets(place, _PATIENCE_SECONDS)
    consumer.assign(places)
    consumer.poll(1.0)
    print("ready", flush=True)
    seen: dict[str, int] = {}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while len(seen) < orders["records"] and time.monotonic() < deadline:
        message = consumer.poll(1.0)
        if message is not None and message.error() is None:
            told = dict(message.headers() or ())["ce_id"]
            seen.setdefault(
                told.decode() if isinstance(told, bytes) else str(told), time.monotonic_ns()
            )
    print(json.dumps(seen), flush=True)
    consumer.close()


if __name__ == "__main__":
    main()
