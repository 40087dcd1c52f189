import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import SCHEMAS, Schema, UnknownSchemaError, latest
from schemas.codec import UndecodableError, decode, encode

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {
    path.stem: bytes.fromhex(sample["bytes"])
    for path in sorted(GOLDEN.glob("*.json"))
    for sample in json.loads(path.read_text())[:1]
}


def reason(data: bytes, expected: str | None = None) -> str:
    with pytest.raises(UndecodableError) as caught:
        decode(data, expected)
    return caught.value.reason


def test_a_value_begins_with_a_zero_byte_and_the_id_of_its_schema() -> None:
    data = SAMPLES["CaseOpened.1"]
    assert data[:5] == b"\0" + latest("CaseOpened").id.to_bytes(4, "big")


def test_an_event_that_nobody_published_is_not_written() -> None:
    with pytest.raises(UnknownSchemaError, match="Nothing"):
        encode("Nothing", {})


@pytest.mark.parametrize("name", SAMPLES)
def test_a_value_cut_anywhere_is_refused(name: str) -> None:
    data = SAMPLES[name]
    assert decode(data).name == name.partition(".")[0]
    for length in range(5):
        assert reason(data[:length]) == "no-frame"
    for length in range(5, len(data)):
        assert reason(data[:length]) == "broken"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_value_with_bytes_behind_it_is_refused(name: str) -> None:
    assert reason(SAMPLES[name] + b"\0") == "trailing"


def test_a_value_in_another_form_is_refused() -> None:
    data = SAMPLES["CaseOpened.1"]
    assert reason(b"\1" + data[1:]) == "no-frame"
    assert reason(b'{"journey": "x"}') == "no-frame"
    assert reason(b"\0\0\x0f\x42\x40" + data[5:]) == "unknown-schema"


def test_a_value_of_another_event_than_was_announced_is_refused() -> None:
    data = SAMPLES["CaseOpened.1"]
    assert decode(data, "CaseOpened").name == "CaseOpened"
    assert reason(data, "CaseClosed") == "wrong-schema"


def test_bytes_of_one_event_under_the_id_of_another_are_refused() -> None:
    advanced = SAMPLES["JourneyAdvanced.1"]
    for schema in SCHEMAS:
        if schema.name not in {"JourneyAdvanced", "SubjectState"}:
            assert reason(b"\0" + schema.id.to_bytes(4, "big") + advanced[5:]) == "broken"
    opened = SAMPLES["CaseOpened.1"]
    under = latest("JourneyAdvanced").id.to_bytes(4, "big")
    assert reason(b"\0" + under + opened[5:]) == "trailing"


@settings(max_examples=1_000, deadline=None)
@given(st.sampled_from(SCHEMAS), st.binary(max_size=200))
def test_no_bytes_at_all_make_a_reader_die(schema: Schema, body: bytes) -> None:
    frame = b"\0" + schema.id.to_bytes(4, "big")
    with suppress(UndecodableError):
        assert decode(frame + body).name == schema.name


@settings(max_examples=1_000, deadline=None)
@given(st.sampled_from(sorted(SAMPLES)), st.integers(0, 10_000), st.integers(1, 255))
def test_a_spoilt_byte_makes_no_reader_die(name: str, place: int, flip: int) -> None:
    data = bytearray(SAMPLES[name])
    data[place % len(data)] ^= flip
    with suppress(UndecodableError):
        assert decode(bytes(data)).value
