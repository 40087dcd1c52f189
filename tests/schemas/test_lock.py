import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from avro.schema import parse

from schemas.catalogue import SCHEMAS, UnknownSchemaError, by_id, latest, subject, versions
from schemas.files import FOLDER, LOCK, read_lock, schema_files
from schemas.lock import SchemaLockError, locked, publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the schemas that a test may spoil."""
    for path in (*FOLDER.glob("*.avsc"), LOCK):
        shutil.copy(path, tmp_path)
    return tmp_path


def check(folder: Path) -> None:
    locked(schema_files(folder), read_lock(folder / "lock.json"))


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    schema = json.loads(path.read_text())
    change(schema)
    path.write_text(json.dumps(schema))


def test_the_lock_names_every_file_once_and_ids_are_never_given_twice() -> None:
    check(FOLDER)
    ids = [one.id for one in SCHEMAS]
    assert sorted(ids) == list(range(1, len(ids) + 1))


def test_fingerprints_are_those_of_the_avro_specification() -> None:
    for one in schema_files():
        assert int.from_bytes(bytes.fromhex(one.fingerprint), "little") == rabin(
            canonical(one.definition)
        )


def rabin(text: str) -> int:
    """Return CRC-64-AVRO as the specification spells it."""
    empty = 0xC15D213AA4D7A795
    fingerprint = empty
    for byte in text.encode():
        low = (fingerprint ^ byte) & 0xFF
        for _ in range(8):
            low = (low >> 1) ^ (empty & -(low & 1))
        fingerprint = (fingerprint >> 8) ^ low
    return fingerprint


def canonical(schema: dict[str, Any]) -> str:
    """Return the parsing canonical form by avro's own hand."""
    text: str = parse(json.dumps(schema)).canonical_form
    return text


@pytest.mark.parametrize(
    "change",
    [
        lambda schema: schema["fields"].append(
            {"name": "more", "type": ["null", "int"], "default": None, "doc": "More."}
        ),
        lambda schema: schema["fields"].pop(),
        lambda schema: schema["fields"][3].pop("default"),
        lambda schema: schema["fields"][0].update(type={"type": "string", "logicalType": "uuid"}),
        lambda schema: schema["fields"][4]["type"].update(default="DAY"),
    ],
    ids=["a field more", "a field less", "no default", "a logical type", "another enum default"],
)
def test_a_published_schema_is_never_changed(
    folder: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    rewrite(folder / "CaseOpened.avsc", change)
    with pytest.raises(
        SchemaLockError, match=r"CaseOpened\.avsc is not what .*CaseOpened\.2\.avsc"
    ):
        check(folder)
    with pytest.raises(SchemaLockError, match=r"CaseOpened\.avsc"):
        publish(folder, folder / "lock.json")


def test_the_words_of_a_published_schema_may_be_mended(folder: Path) -> None:
    rewrite(folder / "CaseOpened.avsc", lambda schema: schema.update(doc="A case begins."))
    check(folder)


def test_a_published_schema_does_not_go_away(folder: Path) -> None:
    (folder / "CaseOpened.avsc").unlink()
    with pytest.raises(SchemaLockError, match=r"CaseOpened version 1 .* restore it"):
        check(folder)
    with pytest.raises(SchemaLockError, match="CaseOpened version 1"):
        publish(folder, folder / "lock.json")


def test_an_id_in_the_lock_that_was_changed_by_hand_is_seen(folder: Path) -> None:
    rewrite(folder / "lock.json", lambda lock: lock["CaseOpened"][0].update(fingerprint="0" * 16))
    with pytest.raises(SchemaLockError, match=r"CaseOpened\.avsc"):
        check(folder)


def test_a_new_version_gets_the_next_id_and_leaves_the_old_lines_alone(folder: Path) -> None:
    before = read_lock(folder / "lock.json")
    schema = json.loads((folder / "CaseOpened.avsc").read_text())
    schema["fields"].append(
        {"name": "more", "type": ["null", "int"], "default": None, "doc": "More."}
    )
    (folder / "CaseOpened.2.avsc").write_text(json.dumps(schema))
    with pytest.raises(SchemaLockError, match=r"CaseOpened\.2\.avsc is not published"):
        check(folder)
    (new,) = publish(folder, folder / "lock.json")
    assert (new.name, new.version) == ("CaseOpened", 2)
    check(folder)
    after = read_lock(folder / "lock.json")
    assert after["CaseOpened"][1].id == len(SCHEMAS) + 1
    assert {**after, "CaseOpened": after["CaseOpened"][:1]} == before
    assert publish(folder, folder / "lock.json") == ()


def test_no_version_is_left_out(folder: Path) -> None:
    shutil.copy(folder / "CaseOpened.avsc", folder / "CaseOpened.3.avsc")
    with pytest.raises(SchemaLockError, match="the next version of CaseOpened is 2"):
        publish(folder, folder / "lock.json")


def test_a_program_with_a_changed_schema_does_not_start(folder: Path, tmp_path: Path) -> None:
    house = tmp_path / "house"
    shutil.copytree(FOLDER, house / "schemas")
    rewrite(house / "schemas" / "CaseOpened.avsc", lambda schema: schema["fields"].pop())
    started = subprocess.run(
        [sys.executable, "-c", "import schemas.catalogue"],
        cwd=house,
        env={"PYTHONPATH": f"{house}:{FOLDER.parent}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "schemas/CaseOpened.avsc is not what was published; restore it" in started.stderr


def test_running_the_lock_twice_adds_nothing() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "schemas.lock"],
        cwd=FOLDER.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "0 added to schemas/lock.json\n"


def test_schemas_are_found_by_name_by_id_and_by_subject() -> None:
    schema = latest("CourseStarted")
    assert by_id(schema.id) is schema
    assert versions("CourseStarted")[-1] is schema
    assert versions("Nothing") == ()
    assert schema.full_name == "de.kette.journey.CourseStarted"
    assert subject("kette.journey.v1", "CourseStarted") == (
        "kette.journey.v1-de.kette.journey.CourseStarted"
    )
    with pytest.raises(UnknownSchemaError, match="Nothing"):
        latest("Nothing")
    with pytest.raises(UnknownSchemaError, match="999999"):
        by_id(999_999)
