"""librdkafka's mock cluster, for the answers that a real broker cannot be made to give.

It runs inside this process, out of the library that confluent-kafka brings. What it cannot do
(fencing, the last stable offset, checksums of its control batches) is left to the real broker.
"""

import ctypes
from collections.abc import Callable, Sequence
from enum import IntEnum
from pathlib import Path
from typing import Self

import confluent_kafka
from kafka.net.connection import KafkaConnection

_PRODUCER = 0
_ERROR_BYTES = 512


class Api(IntEnum):
    """The requests whose answers are made to fail, by their numbers in Kafka's protocol."""

    PRODUCE = 0
    FETCH = 1
    METADATA = 3
    FIND_COORDINATOR = 10
    INIT_PRODUCER_ID = 22
    ADD_PARTITIONS = 24
    END_TXN = 26


class Code(IntEnum):
    """Kafka's error codes."""

    CORRUPT_MESSAGE = 2
    NOT_LEADER_OR_FOLLOWER = 6
    REQUEST_TIMED_OUT = 7
    MESSAGE_TOO_LARGE = 10
    COORDINATOR_NOT_AVAILABLE = 15
    NOT_COORDINATOR = 16
    NOT_ENOUGH_REPLICAS = 19
    TOPIC_AUTHORIZATION_FAILED = 29
    OUT_OF_ORDER_SEQUENCE_NUMBER = 45
    INVALID_PRODUCER_EPOCH = 47
    CONCURRENT_TRANSACTIONS = 51
    UNKNOWN_PRODUCER_ID = 59
    PRODUCER_FENCED = 90


# Its handlers for the flexible versions of these are wrong: the last version before each.
_LAST_SOUND_VERSIONS = {11: 5, 12: 3, 13: 2, 14: 3}


def _library() -> ctypes.CDLL:
    folder = Path(confluent_kafka.__file__).parent.with_name("confluent_kafka.libs")
    (file,) = folder.glob("librdkafka-*.so*")
    library = ctypes.CDLL(str(file))
    pointer, text, number, short = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int32, ctypes.c_int16
    for name, result, arguments in (
        ("conf_new", pointer, []),
        ("conf_set", ctypes.c_int, [pointer, text, text, text, ctypes.c_size_t]),
        ("new", pointer, [ctypes.c_int, pointer, text, ctypes.c_size_t]),
        ("destroy", None, [pointer]),
        ("mock_cluster_new", pointer, [pointer, ctypes.c_int]),
        ("mock_cluster_destroy", None, [pointer]),
        ("mock_cluster_bootstraps", text, [pointer]),
        ("mock_topic_create", ctypes.c_int, [pointer, text, ctypes.c_int, ctypes.c_int]),
        ("mock_set_apiversion", ctypes.c_int, [pointer, short, short, short]),
        ("mock_broker_set_down", ctypes.c_int, [pointer, number]),
        ("mock_broker_set_up", ctypes.c_int, [pointer, number]),
        ("mock_partition_set_leader", ctypes.c_int, [pointer, text, number, number]),
        ("mock_coordinator_set", ctypes.c_int, [pointer, text, text, number]),
        (
            "mock_push_request_errors_array",
            None,
            [pointer, short, ctypes.c_size_t, ctypes.POINTER(ctypes.c_int)],
        ),
        ("mock_clear_request_errors", None, [pointer, short]),
    ):
        function = getattr(library, f"rd_kafka_{name}")
        function.restype, function.argtypes = result, arguments
    return library


class MockCluster:
    """One mock cluster; every call takes effect at once."""

    def __init__(self, brokers: int = 1) -> None:
        self._library = _library()
        complaint = ctypes.create_string_buffer(_ERROR_BYTES)
        conf = self._library.rd_kafka_conf_new()
        self._library.rd_kafka_conf_set(conf, b"log_level", b"0", complaint, _ERROR_BYTES)
        self._client = self._library.rd_kafka_new(_PRODUCER, conf, complaint, _ERROR_BYTES)
        assert self._client, complaint.value.decode()
        self._cluster = self._library.rd_kafka_mock_cluster_new(self._client, brokers)
        for api, version in _LAST_SOUND_VERSIONS.items():
            self._did(self._library.rd_kafka_mock_set_apiversion(self._cluster, api, 0, version))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._library.rd_kafka_mock_cluster_destroy(self._cluster)
        self._library.rd_kafka_destroy(self._client)

    @property
    def bootstrap(self) -> str:
        """Return the addresses of the brokers."""
        addresses: bytes = self._library.rd_kafka_mock_cluster_bootstraps(self._cluster)
        return addresses.decode()

    def make_topic(self, name: str, partitions: int) -> None:
        """Make a topic with one replica."""
        made = self._library.rd_kafka_mock_topic_create(self._cluster, name.encode(), partitions, 1)
        self._did(made)

    def answer(self, api: Api, codes: Sequence[Code]) -> None:
        """Let the next requests of a kind be answered with these errors, one each."""
        array = (ctypes.c_int * len(codes))(*codes)
        self._library.rd_kafka_mock_push_request_errors_array(self._cluster, api, len(codes), array)

    def recover(self, api: Api) -> None:
        """Forget the errors that were not given yet."""
        self._library.rd_kafka_mock_clear_request_errors(self._cluster, api)

    def take_down(self, broker: int) -> None:
        """Close a broker's connections and refuse new ones."""
        self._did(self._library.rd_kafka_mock_broker_set_down(self._cluster, broker))

    def bring_up(self, broker: int) -> None:
        """Let a broker answer again."""
        self._did(self._library.rd_kafka_mock_broker_set_up(self._cluster, broker))

    def lead(self, topic: str, partition: int, broker: int) -> None:
        """Move the leadership of a partition."""
        moved = self._library.rd_kafka_mock_partition_set_leader(
            self._cluster, topic.encode(), partition, broker
        )
        self._did(moved)

    def coordinate(self, transactional_id: str, broker: int) -> None:
        """Move the coordinator of a transactional id."""
        moved = self._library.rd_kafka_mock_coordinator_set(
            self._cluster, b"transaction", transactional_id.encode(), broker
        )
        self._did(moved)

    def _did(self, error: int) -> None:
        assert error == 0, error


def ask_versions_as_the_mock_wants(begin: Callable[..., None]) -> Callable[..., None]:
    """Return how a connection of kafka-python begins so that the mock understands it.

    To a question for the versions of form 3 and above it sends a malformed answer, as no broker does.
    """

    def begin_with_form_2(connection: KafkaConnection, *arguments: object, **named: object) -> None:
        begin(connection, *arguments, **named)
        connection._api_versions_idx = 2

    return begin_with_form_2
