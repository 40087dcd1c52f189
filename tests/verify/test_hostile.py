"""Whatever lies in an export: the answer is a code and a place, never a traceback and never much memory."""

import json
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.verify import making
from tests.verify.conftest import Verify
from tests.verify.making import Story, event_line, trailer_of, write_trailer
from tests.verify.mutants import EVENTS

KINDS = ("events-000000000001", "crossings-000000000001", "commands", "imported", "checkpoints")
LINES = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[" * 200_000,
    b'{"header":' * 50_000,
    b'{"header":"","ciphertext":null}',
    b'{"header":"%s=","ciphertext":"="}' % (b"A" * 311),
    b'{"header":"%s=","ciphertext":"A"}' % (b"A" * 311),
    b'{"seq":1e999}',
    b'{"size":%s,"note":"","signed_at":""}' % (b"9" * 5_000),
    b'{"size":NaN,"note":"\\ud800","signed_at":""}',
    b"\xff\xfe",
    b"\x00" * 100,
)
TEXTS = st.text(max_size=30) | st.sampled_from(
    [
        "",
        "\ud800",
        "a\nb\nc\n\n",
        "\u2014 a b",
        "=",
        "A" * 400,
        "kette/x/y\n1\nAA==\n\n\u2014 x AA==\n",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.just(1 << 80)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)
SOME = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def fresh(folder: Path, story: Story) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    return story.write(folder)


def replaced(folder: Path, name: str, data: bytes, lines: int) -> None:
    """Put a file there with its right digest."""
    (folder / name).write_bytes(data)
    trailer = trailer_of(folder)
    (mine,) = (one for one in trailer["files"] if one["name"] == name)
    mine |= {"lines": lines, "sha256": making.sha(data).hex()}
    write_trailer(folder, trailer)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_that_is_none(
    tmp_path: Path, story: Story, verify: Verify, kind: str, number: int
) -> None:
    folder, name = fresh(tmp_path / "e", story), f"{kind}.jsonl.zst"
    lines = story.files(0, EVENTS)[name]
    lines[len(lines) // 2] = LINES[number]
    data = zstandard.compress(b"".join(line + b"\n" for line in lines))
    replaced(folder, name, data, len(b"".join(line + b"\n" for line in lines).split(b"\n")) - 1)
    told = verify([folder], story.signer.verifier)
    assert told.code == 1
    assert told.report["findings"][0]["file"] == name
    assert told.report["findings"][0]["line"] == len(lines) // 2 + 1


@SOME
@given(
    kind=st.sampled_from([*KINDS, "trailer"]),
    at=st.integers(0),
    data=st.binary(max_size=9),
    cut=st.booleans(),
    told=st.booleans(),
)
def test_bytes_that_were_changed(
    tmp_path: Path,
    story: Story,
    verify: Verify,
    kind: str,
    at: int,
    data: bytes,
    cut: bool,
    told: bool,
) -> None:
    folder = fresh(tmp_path / "e", story)
    name = "trailer.json" if kind == "trailer" else f"{kind}.jsonl.zst"
    right = (folder / name).read_bytes()
    place = at % len(right)
    wrong = right[:place] + data + (b"" if cut else right[place + len(data) :])
    if told and kind != "trailer":
        replaced(folder, name, wrong, len(story.files(0, EVENTS)[name]))
    else:
        (folder / name).write_bytes(wrong)
    code = verify([folder], story.signer.verifier).code
    assert code in {1, 2} or wrong == right or told or kind == "trailer"


@SOME
@given(data=st.data())
def test_a_trailer_of_anything(
    tmp_path: Path, story: Story, verify: Verify, data: st.DataObject
) -> None:
    folder = fresh(tmp_path / "e", story)
    trailer = trailer_of(folder)
    before = json.dumps(trailer)
    key = data.draw(st.sampled_from([*trailer, "name", "lines", "sha256"]))
    value = data.draw(VALUES | st.sampled_from([[], {}, -1, 59, 61]))
    if key in trailer:
        trailer[key] = value
    else:
        trailer["files"][data.draw(st.integers(0, 4))][key] = value
    (folder / "trailer.json").write_text(json.dumps(trailer), "utf-8")
    code = verify([folder], story.signer.verifier).code
    assert code in {1, 2} or json.dumps(trailer) == before or key == "recorded_at"


@SOME
@given(data=st.data())
def test_lines_of_anything(
    tmp_path: Path, story: Story, verify: Verify, data: st.DataObject
) -> None:
    folder = fresh(tmp_path / "e", story)
    name = data.draw(st.sampled_from(KINDS)) + ".jsonl.zst"
    lines = story.files(0, EVENTS)[name]
    at = data.draw(st.integers(0, len(lines) - 1))
    told: dict[str, Any] = json.loads(lines[at])
    told[data.draw(st.sampled_from([*told]))] = data.draw(VALUES)
    lines[at] = json.dumps(told, separators=(",", ":")).encode()
    replaced(folder, name, zstandard.compress(b"".join(one + b"\n" for one in lines)), len(lines))
    assert verify([folder], story.signer.verifier).code in {0, 1}


@SOME
@given(data=st.data())
def test_proofs_and_keys_of_anything(
    tmp_path: Path, story: Story, verify: Verify, data: st.DataObject
) -> None:
    folder, keys, pack = tmp_path / "e", tmp_path / "keys.json", tmp_path / "pack.json"
    if not folder.exists():
        story.write(folder)
    proof: dict[str, Any] = story.pack(story.rows[0][0][41:57], EVENTS)
    released: dict[str, Any] = story.released()
    whole = data.draw(st.sampled_from([proof, proof["events"][0], released, released["keys"][0]]))
    whole[data.draw(st.sampled_from([*whole]))] = data.draw(VALUES)
    pack.write_text(json.dumps(proof), "utf-8")
    keys.write_text(json.dumps(released), "utf-8")
    key = story.signer.verifier
    assert verify([pack], key).code in {0, 1, 2}
    assert verify([folder], key, [], "--keys", keys).code in {0, 1, 2}


@SOME
@given(note=TEXTS | st.binary(max_size=50), key=TEXTS.filter(lambda text: "\0" not in text))
def test_notes_and_keys_of_the_auditor_of_anything(
    tmp_path: Path, story: Story, verify: Verify, note: str | bytes, key: str
) -> None:
    folder, own = tmp_path / "e", tmp_path / "note"
    if not folder.exists():
        story.write(folder)
    own.write_bytes(note if isinstance(note, bytes) else note.encode("utf-8", "surrogatepass"))
    words = ("--checkpoint", own, f"--witness={key}")
    assert verify([folder], story.signer.verifier, [], *words).code in {1, 2}


def test_a_bomb_of_one_line_does_not_fill_the_memory(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    folder, name = fresh(tmp_path / "e", story), f"{KINDS[0]}.jsonl.zst"
    packing = zstandard.ZstdCompressor(level=1).compressobj()
    packed = b"".join(packing.compress(bytes(1 << 20)) for _ in range(1 << 10)) + packing.flush()
    assert len(packed) < 1 << 20
    replaced(folder, name, packed, EVENTS)
    tracemalloc.start()
    told = verify([folder], story.signer.verifier)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (told.code, "longer than 16 MiB" in told.problems) == (1, True)
    assert peak < 100 << 20


def test_many_wrong_lines_end_the_reading(tmp_path: Path, story: Story, verify: Verify) -> None:
    bad = story.copy()
    bad.rows = [(row[0], b"other") for row in bad.rows]
    told = verify([bad.write(tmp_path)], story.signer.verifier)
    assert len(told.report["findings"]) == 51
    assert "more than 50 findings" in told.problems


def test_a_terminal_is_told_nothing_that_it_obeys(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    folder = fresh(tmp_path / "e", story)
    trailer = trailer_of(folder)
    trailer["checkpoint"] = trailer["checkpoint"].replace("kette/", "\x1b[2J/")
    trailer["files"][0]["name"] = "\x1b[2J"
    write_trailer(folder, trailer)
    (folder / "\x1b[2J.jsonl.zst").write_bytes(event_line(story.rows[0]))
    assert "\x1b" not in verify([folder], story.signer.verifier).said
    trailer["files"][0]["name"] = "events-000000000001.jsonl.zst"
    write_trailer(folder, trailer)
    assert "\x1b" not in verify([folder], story.signer.verifier).said
