import ctypes
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID, uuid4

import confluent_kafka
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.crossings import Crossing, CrossingKind
from domain.days import PartialDate
from domain.events.case import CaseOpened
from domain.journal import Actor, Entry
from domain.outgoing import Outgoing
from schemas.catalogue import latest
from schemas.codec import UndecodableError, decode
from schemas.derived import crossing_event
from schemas.murmur import murmur2
from schemas.public import Subject, public_event, subject_event
from schemas.topics import JOURNEY, SUBJECTS
from schemas.wire import (
    Envelope,
    Message,
    Origin,
    crossing_message,
    fact_message,
    partition_of,
    read_headers,
    subject_message,
)

PERSON = UUID("0b8f3c1e-5a57-4f0e-9c39-6a7d6b1f2a10")
EPOCH = UUID("11111111-2222-4333-8444-555555555555")
COMMAND = UUID("aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee")
MOMENT = datetime(2026, 3, 9, 11, 30, 0, 123456, tzinfo=UTC)
ORIGIN = Origin("urn:kette:05916000", EPOCH)
OPENED = Outgoing(
    17,
    PERSON,
    3,
    MOMENT,
    COMMAND,
    bytes(range(32)),
    Entry("fact-1", CaseOpened(org_unit="ki-nord"), PartialDate(2026), Actor("a")),
)
CROSSING = Crossing(
    42,
    17,
    PERSON,
    CrossingKind.CLOSED,
    "L02",
    "fact-1",
    MOMENT.date(),
    MOMENT,
    {"kind": "gap", "closed_by": "late"},
)


def opened(outgoing: Outgoing = OPENED) -> Message:
    return fact_message(JOURNEY, ORIGIN, outgoing, public_event(outgoing))


def crossed(crossing: Crossing = CROSSING) -> Message:
    return crossing_message(JOURNEY, ORIGIN, crossing, crossing_event(crossing))


def test_a_fact_is_a_cloud_event_in_binary_mode() -> None:
    message = opened()
    schema = latest("CaseOpened")
    assert dict(message.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": f"{PERSON}/3".encode(),
        "ce_source": b"urn:kette:05916000",
        "ce_type": b"de.kette.journey.CaseOpened",
        "ce_subject": str(PERSON).encode(),
        "ce_time": b"2026-03-09T11:30:00.123456Z",
        "ce_dataschema": f"urn:kette:avro:de.kette.journey.CaseOpened:{schema.fingerprint}".encode(),
        "content-type": b"application/avro",
        "ce_partitionkey": str(PERSON).encode(),
        "ce_journeyversion": b"3",
        "ce_prevversion": b"2",
        "ce_position": b"17",
        "ce_logepoch": str(EPOCH).encode(),
        "ce_traceparent": b"00-bfd8bb20333847c9238e32f9467ac33f-0000000000000011-01",
    }
    assert (message.topic, message.key) == ("kette.journey.v1", str(PERSON).encode())
    assert message.partition == partition_of(message.key, 12)
    assert decode(message.value).name == "CaseOpened"


def test_no_header_stands_twice_and_every_attribute_is_lower_case_and_alphanumeric() -> None:
    for message in (opened(), crossed()):
        names = [name for name, _ in message.headers]
        assert len(names) == len(set(names))
        for name in names:
            attribute = name.removeprefix("ce_")
            assert name == "content-type" or (
                attribute.isascii() and attribute.isalnum() and attribute == attribute.lower()
            )


def test_the_first_version_of_a_journey_follows_zero() -> None:
    assert dict(opened(replace(OPENED, version=1)).headers)["ce_prevversion"] == b"0"


def test_what_is_derived_has_an_id_of_its_own_and_no_version() -> None:
    headers = dict(crossed().headers)
    assert headers["ce_id"] == f"{PERSON}/gap/42".encode()
    assert headers["ce_type"] == b"de.kette.journey.GapClosed"
    assert headers["ce_position"] == b"17"
    assert headers.keys() >= {"ce_time", "ce_traceparent", "ce_logepoch"}
    assert not headers.keys() & {"ce_prevversion", "ce_journeyversion"}
    status = replace(CROSSING, kind=CrossingKind.STATUS, name="sprache", told={})
    assert dict(crossed(status).headers)["ce_id"] == f"{PERSON}/status/42".encode()


def test_the_state_of_keys_is_told_under_the_journeys_name() -> None:
    event = subject_event(PERSON, Subject.ERASED, 17)
    message = subject_message(SUBJECTS, ORIGIN, PERSON, MOMENT, event)
    assert (message.topic, message.key) == ("kette.subjects.v1", str(PERSON).encode())
    told = read_headers(message.headers)
    assert (told.id, told.name, told.position) == (f"{PERSON}/subject/17", "SubjectState", 17)


def test_the_same_record_makes_the_same_message_again() -> None:
    assert opened() == opened(replace(OPENED))
    assert crossed() == crossed(replace(CROSSING))
    elsewhere = replace(OPENED, recorded_at=MOMENT.astimezone(timezone(timedelta(hours=2))))
    assert opened(elsewhere) == opened()


def test_what_one_command_recorded_is_one_trace_that_does_not_name_the_command() -> None:
    command, elsewhere = uuid4(), uuid4()
    told = [replace(OPENED, position=place, command_id=command) for place in (17, 18)]
    told.append(replace(OPENED, position=19, command_id=elsewhere))
    traces = [read_headers(opened(one).headers).traceparent.split("-") for one in told]
    assert [traces[0][1] == one[1] for one in traces] == [True, True, False]
    assert len({one[2] for one in traces}) == 3
    for secret in (command.hex, elsewhere.hex, OPENED.leaf[:8].hex()):
        assert secret not in repr(traces)


def test_a_trace_has_the_form_of_the_w3c_and_differs_from_event_to_event() -> None:
    traces = [
        read_headers(message.headers).traceparent
        for message in (opened(), crossed(), crossed(replace(CROSSING, seq=43)))
    ]
    assert len(set(traces)) == 3
    for trace in traces:
        version, trace_id, parent, flags = trace.split("-")
        assert (version, len(trace_id), len(parent), flags) == ("00", 32, 16, "01")
        assert int(trace_id, 16)
        assert int(parent, 16)


def test_headers_are_read_back() -> None:
    assert read_headers(opened().headers) == Envelope(
        f"{PERSON}/3",
        "de.kette.journey.CaseOpened",
        MOMENT,
        str(PERSON),
        3,
        2,
        17,
        EPOCH,
        "00-bfd8bb20333847c9238e32f9467ac33f-0000000000000011-01",
    )
    told = read_headers(crossed().headers)
    assert (told.name, told.version, told.prevversion, told.position) == (
        "GapClosed",
        None,
        None,
        17,
    )


@pytest.mark.parametrize("name", ["ce_id", "ce_type", "ce_subject", "ce_time", "ce_logepoch"])
@pytest.mark.parametrize(
    "spoil", [lambda _: (), lambda name: ((name, b"\xff"),), lambda name: ((name, None),)]
)
def test_headers_that_lack_what_every_message_has_are_refused(
    name: str, spoil: Callable[[str], tuple[tuple[str, bytes], ...]]
) -> None:
    kept = tuple(one for one in opened().headers if one[0] != name)
    with pytest.raises(UndecodableError) as caught:
        read_headers((*kept, *spoil(name)))
    assert caught.value.reason == "headers"


@pytest.mark.parametrize("name", ["ce_time", "ce_logepoch", "ce_journeyversion", "ce_position"])
def test_headers_in_another_form_are_refused(name: str) -> None:
    kept = tuple(one for one in opened().headers if one[0] != name)
    with pytest.raises(UndecodableError):
        read_headers((*kept, (name, b"soon")))


def test_headers_of_others_are_left_alone() -> None:
    told = read_headers((*opened().headers, ("traced-by", b"\xff\xfe")))
    assert told == read_headers(opened().headers)


# The partition of a key is the one that every other client computes.


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (b"21", -973932308),
        (b"foobar", -790332482),
        (b"a-little-bit-long-string", -985981536),
        (b"a-little-bit-longer-string", -1486304829),
        (b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971),
        (b"abc", 479470107),
    ],
)
def test_murmur2_gives_what_the_java_clients_own_tests_expect(key: bytes, expected: int) -> None:
    assert murmur2(key) == expected % 2**32


def librdkafka() -> Callable[[bytes, int], int]:
    """Return the partitioner ``murmur2_random`` that confluent-kafka carries."""
    folder = Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs"
    (library,) = folder.glob("librdkafka*.so*")
    function = ctypes.CDLL(str(library)).rd_kafka_msg_partitioner_murmur2_random
    function.restype = ctypes.c_int32
    function.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_size_t,
        ctypes.c_int32,
        ctypes.c_void_p,
        ctypes.c_void_p,
    ]
    return lambda key, partitions: function(None, key, len(key), partitions, None, None)


@pytest.mark.parametrize("partitions", [1, 3, 12, 16])
def test_confluent_kafka_puts_ten_thousand_keys_where_we_do(partitions: int) -> None:
    theirs = librdkafka()
    draw = random.Random(2026)
    keys = [str(UUID(int=draw.getrandbits(128), version=4)).encode() for _ in range(5_000)]
    keys += [draw.randbytes(draw.randint(1, 80)) for _ in range(5_000)]
    assert [partition_of(key, partitions) for key in keys] == [
        theirs(key, partitions) for key in keys
    ]
    assert {partition_of(key, partitions) for key in keys} == set(range(partitions))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=64), st.integers(1, 100))
def test_a_partition_is_one_of_those_there_are(key: bytes, partitions: int) -> None:
    assert 0 <= partition_of(key, partitions) < partitions
