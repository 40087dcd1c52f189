"""What the auditor's program checks, one by one, and what it says of each."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from tests.verify import making
from tests.verify.conftest import Verify
from tests.verify.making import Story, b64, changed, history, signer, trailer_of, write_trailer
from tests.verify.mutants import EVENTS

PROGRAM = Path(__file__).parents[2] / "verify" / "kette_verify.py"
WITNESS = signer(9, "data.protection.example/witness", kind=4)


def spoilt(folder: Path, **values: object) -> Path:
    """Change what the trailer says."""
    write_trailer(folder, trailer_of(folder) | values)
    return folder


def replaced(folder: Path, name: str, lines: list[bytes]) -> Path:
    """Write a file anew, with its right digest in the trailer."""
    files = [one for one in trailer_of(folder)["files"] if one["name"] != name]
    return spoilt(folder, files=[*files, making.written(folder / name, lines)])


def test_the_program_runs_by_itself(tmp_path: Path, story: Story) -> None:
    folder = story.write(tmp_path / "export")
    words = [sys.executable, "-I", str(PROGRAM), str(folder), "--key", story.signer.verifier]
    clean = subprocess.run(words, capture_output=True, text=True)
    assert (clean.returncode, clean.stderr) == (0, "")
    assert clean.stdout.startswith("VERIFIED  kette/")
    assert "not protected: crossings, commands" in clean.stdout
    name = folder / "events-000000000001.jsonl.zst"
    name.write_bytes(name.read_bytes()[:-1] + b"x")
    assert subprocess.run(words, capture_output=True).returncode == 1


def test_it_knows_nothing_of_kette() -> None:
    asked = "import sys, runpy; runpy.run_path(sys.argv[1]); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-I", "-c", asked, str(PROGRAM)], capture_output=True, text=True
    ).stdout.split()
    rooms = {"consumers", "domain", "infra", "kette", "projections", "schemas", "web"}
    assert not rooms & {one.split(".")[0] for one in loaded}
    assert "cryptography" not in loaded, "it is needed for signatures only"


def test_large_files_are_read_in_pieces(tmp_path: Path, verify: Verify) -> None:
    large = history(3, events=4_000, journeys=90)
    folder = large.write(tmp_path / "export")
    assert sum(one["lines"] for one in trailer_of(folder)["files"]) > 5_000
    assert verify([folder], large.signer.verifier).code == 0


def test_an_empty_log_verifies(tmp_path: Path, verify: Verify) -> None:
    empty = history(3, events=0)
    assert verify([empty.write(tmp_path)], empty.signer.verifier, [empty.notes[0]]).code == 0


def test_destroyed_keys_are_counted_and_listed(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    gone = story.copy()
    journey = gone.rows[0][0][41:57]
    gone.rows = [(row[0], None) if row[0][41:57] == journey else row for row in gone.rows]
    told = verify([gone.write(tmp_path)], story.signer.verifier, [story.notes[EVENTS]])
    count = sum(row[1] is None for row in gone.rows)
    assert told.code == 0
    assert told.report["checked"]["blanked"] == count > 1
    assert told.report["blanked"] == {str(UUID(bytes=journey)): count}
    assert f"key destroyed: {count} events of journey {UUID(bytes=journey)}" in told.said


def test_the_place_of_a_wrong_event_is_named(tmp_path: Path, story: Story, verify: Verify) -> None:
    bad = story.copy()
    bad.per_file = 20
    header, sealed = bad.rows[32]
    assert sealed
    bad.rows[32] = (header, bytes([sealed[0] ^ 1]) + sealed[1:])
    told = verify([bad.write(tmp_path)], story.signer.verifier)
    assert told.report["first_wrong"] == {"position": 33, "until": 33}
    (finding,) = told.report["findings"]
    assert (finding["file"], finding["line"]) == ("events-000000000021.jsonl.zst", 13)
    assert finding["journey"] == str(UUID(bytes=header[41:57]))
    assert "ALTERED   the first wrong position: 33" in told.said


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"format": 2}, "format, tenant or epoch"),
        ({"tenant": bytes(16)}, "format, tenant or epoch"),
        ({"epoch": bytes(16)}, "format, tenant or epoch"),
        ({"position": 30}, "position 30 where 31 has to be"),
        ({"version": 90}, "version 90 where"),
        ({"previous": bytes(32)}, "its link is not the leaf"),
        ({"moment": 1}, "recorded_at falls back"),
        ({"digest": bytes(32)}, "the ciphertext is not the one"),
        ({"journey": bytes(16), "previous": bytes(32), "version": 2}, "begins with version 2"),
        ({"journey": bytes(16), "version": 1}, "names an event before its first"),
    ],
)
def test_a_signature_makes_no_wrong_event_right(
    tmp_path: Path, story: Story, verify: Verify, values: dict[str, object], problem: str
) -> None:
    bad = story.copy()
    bad.rows[30] = (changed(bad.rows[30][0], **values), bad.rows[30][1])
    bad.sign(*bad.notes)
    told = verify([bad.write(tmp_path)], story.signer.verifier)
    assert told.code == 1
    assert problem in next(iter(told.problems.splitlines()))
    assert told.report["first_wrong"]["until"] == 31


# Checkpoints, keys and witnesses.


def test_a_larger_checkpoint_shows_that_the_end_was_cut_off(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    cut = story.write(tmp_path, upto=40)
    assert verify([cut], story.signer.verifier).code == 0
    told = verify([cut], story.signer.verifier, [story.notes[EVENTS]])
    assert told.code == 1
    assert "the log was 60 long; the export ends at 40" in told.problems


def test_a_rewritten_and_newly_signed_log_is_caught_by_the_auditors_own_checkpoint(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    forged = story.copy()
    forged.rows[30] = (changed(forged.rows[30][0], actor=bytes(16)), forged.rows[30][1])
    forged.linked()
    forged.sign(*forged.notes)
    folder = forged.write(tmp_path)
    assert verify([folder], story.signer.verifier).code == 0, "nobody else can know"
    told = verify([folder], story.signer.verifier, [story.notes[25], story.notes[EVENTS]])
    assert told.report["first_wrong"] == {"position": 26, "until": 60}
    assert told.report["supplied_checkpoints"] == [25]


def test_the_key_of_the_auditor_counts_and_no_other(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    folder = story.write(tmp_path)
    assert verify([folder], signer(2).verifier).code == 1
    elsewhere = signer(1, "kette/" + "/".join([str(UUID(int=1))] * 2))
    told = verify([folder], elsewhere.verifier)
    assert told.code == 1
    assert "of another log" in told.problems


def test_a_checkpoint_needs_its_own_signature(tmp_path: Path, story: Story, verify: Verify) -> None:
    borrowed = story.notes[25].split("\n\n")[1]
    forged = story.notes[EVENTS].split("\n\n")[0] + "\n\n" + borrowed
    folder = spoilt(story.write(tmp_path), checkpoint=forged)
    told = verify([folder], story.signer.verifier)
    assert told.problems == "the checkpoint of 60 is not signed with the given key"
    name = "checkpoints.jsonl.zst"
    for note in (story.notes[25], story.signer.note(25, bytes(32)), signer(2).note(25, bytes(32))):
        line = making.line(size=25, note=note, signed_at="")
        folder = replaced(story.write(tmp_path), name, [line])
        assert verify([folder], story.signer.verifier).code == (note != story.notes[25])
    twice = [making.line(size=25, note=story.notes[25], signed_at="")] * 2
    folder = replaced(story.write(tmp_path), name, twice)
    assert verify([folder], story.signer.verifier).problems == "the line is out of order"


def test_a_key_has_to_have_its_hash(tmp_path: Path, story: Story, verify: Verify) -> None:
    name, _, key = story.signer.verifier.split("+", 2)
    assert verify([story.write(tmp_path)], f"{name}+00000000+{key}").code == 2


def test_after_a_change_of_keys_both_may_be_given(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    later = story.copy()
    later.signer = signer(2)
    later.sign(EVENTS)
    folder = later.write(tmp_path / "export")
    key = tmp_path / "new.vkey"
    key.write_text(later.signer.verifier + "\n", "utf-8")
    assert verify([folder], story.signer.verifier).code == 1
    assert verify([folder], story.signer.verifier, [], "--key", key).code == 0


def test_a_witness_has_to_have_cosigned(tmp_path: Path, story: Story, verify: Verify) -> None:
    seen = story.copy()
    seen.notes[40] = WITNESS.cosigned(seen.notes[40], 1_780_000_000)
    without, folder = story.write(tmp_path / "1"), seen.write(tmp_path / "2")
    key = story.signer.verifier
    told = verify([folder], key, [], "--witness", WITNESS.verifier)
    assert told.code == 0
    assert told.report["witnesses"] == {WITNESS.name: {"size": 40, "time": 1_780_000_000}}
    assert verify([without], key, [], "--witness", WITNESS.verifier).code == 2
    seen.notes[40] = WITNESS.cosigned(story.notes[25], 1).replace(story.notes[25], story.notes[40])
    told = verify([seen.write(tmp_path / "3")], key, [], "--witness", WITNESS.verifier)
    assert (told.code, "is not its own" in told.problems) == (1, True)


# Exports that follow each other.


def test_exports_are_read_in_their_order(tmp_path: Path, story: Story, verify: Verify) -> None:
    parts = story.parts(tmp_path, 25)
    told = verify(parts[::-1], story.signer.verifier, [story.notes[10], story.notes[EVENTS]])
    assert told.code == 0, told.said
    assert told.report["checked"]["events"] == EVENTS
    assert [one["size"] for one in told.report["logs"]] == [25, EVENTS]


@pytest.mark.parametrize("at", range(1, EVENTS))
def test_a_continuation_alone_is_checked_against_the_log_before(
    tmp_path: Path, story: Story, verify: Verify, at: int
) -> None:
    whole = story.copy()
    whole.sign(at)
    folder = whole.parts(tmp_path, at)[1]
    told = verify([folder], story.signer.verifier, [whole.notes[at], story.notes[EVENTS]])
    assert told.code == 0, told.said
    assert f"what is before position {at + 1} was not read" in told.said


def test_a_continuation_of_another_log_is_refused(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    first = story.parts(tmp_path / "1", 25)[0]
    forged = story.copy()
    forged.rows[3] = (changed(forged.rows[3][0], actor=bytes(16)), forged.rows[3][1])
    forged.linked()
    forged.sign(*forged.notes)
    following = forged.parts(tmp_path / "2", 25)[1]
    assert verify([following], story.signer.verifier).code == 0
    assert verify([first, following], story.signer.verifier).code == 1
    proof = spoilt(story.parts(tmp_path / "3", 25)[1], consistency=[b64(bytes(32))])
    assert verify([proof], story.signer.verifier).code == 1


def test_the_ends_of_an_export_have_to_be_those_of_its_checkpoints(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    key = story.signer.verifier
    short = spoilt(story.write(tmp_path / "1"), checkpoint=story.notes[40])
    assert verify([short], key).problems == "the checkpoint is not of the export's size"
    less = spoilt(story.write(tmp_path / "5", upto=40), size=EVENTS, checkpoint=story.notes[EVENTS])
    told = verify([less], key)
    assert "the events end at 40" in told.problems
    assert told.report["first_wrong"] == {"position": 41, "until": EVENTS}
    first, rest = story.parts(tmp_path / "2", 25)
    proof = [b64(one) for one in making.consistency(10, story.signed)]
    told = verify([spoilt(rest, previous=story.notes[10], consistency=proof)], key)
    assert "the consistency proof does not hold" in told.problems
    other = story.copy()
    other.rows[:25] = [(changed(row[0], actor=bytes(16)), row[1]) for row in other.rows[:25]]
    other.sign(*other.notes)
    told = verify([first, other.write(tmp_path / "3", after=25)], key)
    assert "the previous checkpoint is not that of the export before" in told.problems
    signed = story.signer.note(EVENTS, bytes(32))
    told = verify([spoilt(story.parts(tmp_path / "6", 25)[1], checkpoint=signed)], key)
    assert "the consistency proof does not hold" in told.problems
    elsewhere = spoilt(story.write(tmp_path / "4"), tenant=str(UUID(int=3)))
    assert "the export is of another log" in verify([elsewhere], key).problems


def test_what_cannot_be_checked_is_no_success(tmp_path: Path, story: Story, verify: Verify) -> None:
    key = story.signer.verifier
    parts = story.parts(tmp_path / "parts", 25)
    assert verify([parts[1]], key, [story.notes[10]]).code == 2
    assert verify([parts[0], story.write(tmp_path / "gap", after=40)], key).code == 2
    assert verify([tmp_path], key).code == 2
    assert verify([tmp_path / "nowhere"], key).code == 2
    assert verify([parts[0]], "no-key").code == 2
    assert verify([parts[0]], WITNESS.verifier).code == 2
    assert verify([parts[0]], key, ["nothing"]).code == 2
    assert verify([spoilt(parts[0], format="kette-export-2")], key).code == 2
    (tmp_path / "pack.json").write_text('{"format":"kette-proof-2"}', "utf-8")
    assert verify([tmp_path / "pack.json"], key).code == 2


# What only the trailer covers.


def merged(lines: list[bytes]) -> list[bytes]:
    """Give the events of two commands to the first."""
    one, other = (json.loads(line) for line in lines[:2])
    named = UUID(one["id"]).bytes
    return [making.command_line(named, 1, one["n"] + other["n"]), *lines[2:]]


def test_commands_have_to_fit_the_headers(tmp_path: Path, story: Story, verify: Verify) -> None:
    key = story.signer.verifier
    lines = making.command_lines(story.rows, 0, EVENTS)
    name = "commands.jsonl.zst"
    for number, wrong in enumerate(
        [
            lines[:3] + lines[4:],
            [*lines[:3], lines[4], lines[3], *lines[5:]],
            [*lines, lines[-1]],
            [making.command_line(bytes(16), 1, 1), *lines[1:]],
            merged(lines),
            [*lines[:-3], making.command_line(bytes(16), 61, 1), *lines[-3:]],
        ]
    ):
        told = verify([replaced(story.write(tmp_path / str(number)), name, wrong)], key)
        assert told.code == 1, number


def test_a_command_may_go_on_behind_an_export(tmp_path: Path, verify: Verify) -> None:
    long = history(5, 30)
    same = bytes([7]) * 16
    long.rows = [(changed(row[0], command=same), row[1]) for row in long.rows]
    long.linked()
    long.sign(10, 20, 30)
    key = long.signer.verifier
    first, rest = long.parts(tmp_path / "two", 10)
    for paths in ([first], [rest], [first, rest]):
        told = verify(paths, key)
        assert told.code == 0, told.said


def test_crossings_are_dense(tmp_path: Path, story: Story, verify: Verify) -> None:
    lines = making.crossing_lines(5)
    name = "crossings-000000000001.jsonl.zst"
    folder = replaced(story.write(tmp_path), name, lines[:2] + lines[3:])
    assert "crossing 4 where 3 has to be" in verify([folder], story.signer.verifier).problems


def test_files_have_their_digests_and_lines(tmp_path: Path, story: Story, verify: Verify) -> None:
    key = story.signer.verifier
    folder = story.write(tmp_path)
    files = trailer_of(folder)["files"]
    imports = next(one for one in files if one["name"] == "imported.jsonl.zst")
    imports["sha256"] = "0" * 64
    told = verify([spoilt(folder, files=files)], key)
    assert told.problems == "is not the file whose digest is in the trailer"
    folder = replaced(folder, "imported.jsonl.zst", making.imported_lines())
    for lines in (1, 3):
        files = trailer_of(folder)["files"]
        next(one for one in files if one["name"] == "imported.jsonl.zst")["lines"] = lines
        assert "of the trailer" in verify([spoilt(folder, files=files)], key).problems


def test_files_that_are_missing_or_more_are_told(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    key = story.signer.verifier
    folder = story.write(tmp_path / "1")
    (folder / "events-000000000061.jsonl.zst").write_bytes(b"")
    assert verify([folder], key).code == 1
    folder = story.write(tmp_path / "2")
    (folder / "commands.jsonl.zst").unlink()
    assert verify([folder], key).code == 1
    folder = story.write(tmp_path / "3")
    (folder / "commands.jsonl.zst").unlink()
    (folder / "commands.jsonl.zst").symlink_to("/dev/zero")
    assert verify([folder], key).code == 2
    listed = [{"name": "../../secret", "lines": 1, "sha256": ""}]
    assert verify([spoilt(story.write(tmp_path / "4"), files=listed)], key).code == 1


# Released keys.


def test_released_keys_open_what_they_sealed_and_nothing_else(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    folder, keys = story.write(tmp_path / "export"), tmp_path / "keys.json"
    released = story.released()

    def checked(told: object) -> tuple[int, int]:
        keys.write_text(json.dumps(told), "utf-8")
        verdict = verify([folder], story.signer.verifier, [], "--keys", keys)
        assert "ClubVisited" not in verdict.said + json.dumps(verdict.report)
        return verdict.code, verdict.report["checked"].get("decrypted", 0)

    assert checked(released) == (0, EVENTS)
    one = released["keys"][0]
    some = checked(released | {"keys": [one]})
    assert some[0] == 0
    assert 0 < some[1] < EVENTS
    assert checked(released | {"keys": [one | {"key": b64(bytes(32))}]})[0] == 1
    assert checked(released | {"keys": [one | {"journey": str(UUID(int=1))}]})[0] == 1
    assert checked(released | {"keys": [one | {"key": "short"}]})[0] == 2
    assert checked(released | {"format": "other"})[0] == 2


def test_a_payload_under_another_header_does_not_open(
    tmp_path: Path, story: Story, verify: Verify
) -> None:
    moved = story.copy()
    named = moved.rows[5][0][185:201]
    moved.rows[5] = (changed(moved.rows[5][0], fingerprint=bytes(16)), moved.rows[5][1])
    odd = making.resealed(
        moved.rows[9][0], b"[]", moved.keys[moved.rows[9][0][185:201]][2], bytes(12)
    )
    moved.rows[9] = odd
    moved.linked()
    moved.sign(*moved.notes)
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(story.released()), "utf-8")
    told = verify([moved.write(tmp_path / "e")], story.signer.verifier, [], "--keys", keys)
    assert named in story.keys
    assert [one["position"] for one in told.report["findings"]] == [6, 10]
    assert "does not open it under this header" in told.problems
    assert "no JSON object with type and occurred_on" in told.problems


# The proof of one journey.


@pytest.mark.parametrize("size", [25, 40, EVENTS])
def test_every_journey_is_proven(tmp_path: Path, story: Story, verify: Verify, size: int) -> None:
    pack = tmp_path / "proof.json"
    for journey in {row[0][41:57] for row in story.rows[:size]}:
        pack.write_text(json.dumps(story.pack(journey, size)), "utf-8")
        told = verify([pack], story.signer.verifier, [story.notes[size]])
        assert told.code == 0, told.said
        assert told.report["supplied_checkpoints"] == [size]
        assert verify([pack], signer(2).verifier).code == 1


def test_a_proof_that_was_changed_is_refused(tmp_path: Path, story: Story, verify: Verify) -> None:
    right = story.pack(story.rows[0][0][41:57], EVENTS)
    events = right["events"]
    wrong = [
        events[1:],
        [*events[:1], *events[2:]],
        [events[1], events[0], *events[2:]],
        [events[0] | {"proof": events[1]["proof"]}, *events[1:]],
        [events[0] | {"proof": []}, *events[1:]],
        [events[0] | {"ciphertext": events[1]["ciphertext"]}, *events[1:]],
        [events[0] | {"header": events[0]["header"][:-8]}, *events[1:]],
        [{}],
    ]
    pack = tmp_path / "proof.json"
    for number, told in enumerate(wrong):
        pack.write_text(json.dumps(right | {"events": told}), "utf-8")
        assert verify([pack], story.signer.verifier).code == 1, number
    pack.write_text(json.dumps(right | {"journey": str(UUID(int=1))}), "utf-8")
    assert "of another journey" in verify([pack], story.signer.verifier).problems
    pack.write_text(json.dumps(right), "utf-8")
    assert verify([pack], story.signer.verifier, [story.notes[25]]).code == 2
    forged = story.signer.note(EVENTS, bytes(32))
    told = verify([pack], story.signer.verifier, [forged])
    assert (told.code, "split view" in told.problems) == (1, True)
