"""`kette template`, `generate` and `import`: files in and out, and files that do not fit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


def positions(invoked: Run) -> int:
    return len(invoked("events", "--json").rows)


@pytest.mark.parametrize("command", ["template", "generate"])
@pytest.mark.parametrize(
    ("out", "complaint"),
    [
        ("missing/x.xlsx", "is no folder; make it first"),
        ("folder.xlsx", "cannot be written"),
        ("x.docx", "name a file that ends in .xlsx"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(
    invoked: Run, tmp_path: Path, command: str, out: str, complaint: str
) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    people = ("--people", "1") if command == "generate" else ()
    said = invoked(command, "--out", tmp_path / out, *people)
    assert said.code == 2
    assert complaint in said.err
    assert said.err.startswith("kette: ")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.xlsx"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--municipality", "atlantis"), "no municipality 'atlantis'"),
        (("--today", "bald"), "--today: 'bald' is no day"),
        (("--today", "2020-01-01"), "a day from"),
    ],
)
def test_a_population_that_cannot_be_is_refused(
    invoked: Run, tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    said = invoked("generate", "--people", "1", "--out", tmp_path / "x.jsonl", *words)
    assert said.code == 2
    assert complaint in said.err
    assert list(tmp_path.iterdir()) == []


def test_the_same_seed_gives_the_same_bytes(invoked: Run, tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx", "one.jsonl", "two.jsonl"):
        invoked("generate", "--people", "3", "--seed", "7", "--out", tmp_path / name)
    for kind in ("xlsx", "jsonl", "truth.jsonl"):
        one, two = ((tmp_path / f"{name}.{kind}").read_bytes() for name in ("one", "two"))
        assert one == two
        assert one


def test_the_template_is_a_list_that_can_be_imported(invoked: Run, tmp_path: Path) -> None:
    out = tmp_path / "liste.xlsx"
    assert invoked("template", "--out", out).out == f"written: {out}\n"
    said = invoked("import", out, "--dry-run", "--json")
    assert said.code == 0, said.err
    assert said.rows[0]["refused"] == []


FILES: dict[str, bytes] = {
    "empty.xlsx": b"",
    "empty.csv": b"",
    "words.xlsx": b"no spreadsheet",
    "words.csv": b"no table",
    "binary.csv": b"a;b\0\n",
    "words.docx": b"no list",
}


@pytest.mark.parametrize("name", [*FILES, ".", "missing.xlsx"])
def test_a_list_that_cannot_be_read_is_named(
    invoked: Run, journey: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    if name in FILES:
        Path(name).write_bytes(FILES[name])
    before = positions(invoked)
    for lang in ("de", "en"):
        said = invoked("import", name, "--lang", lang)
        assert said.code == 2
        assert "kette: " in said.err
        assert (name if name != "." else "Ordner" if lang == "de" else "folder") in said.err
        assert "Traceback" not in said.err
    assert positions(invoked) == before


def test_refused_rows_are_told_with_their_place_and_the_rest_is_taken(
    invoked: Run, journey: str, tmp_path: Path
) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(
        "Person;Ereignis;Datum;Geburtsdatum\n"
        "K-1;Personalien erfasst;01.02.2024;Geheimtag\n"
        "K-2;Beratung durchgeführt;31.02.2024;\n"
        "K-3;Tanzabend;01.02.2024;\n"
        "K-4;Beratung durchgeführt;01.02.2024;\n",
        encoding="utf-8",
    )
    tried = invoked("import", path, "--dry-run", "--json", "--source", "probe")
    done = invoked("import", path, "--json", "--source", "probe")
    again = invoked("import", path, "--json", "--source", "probe")
    assert tried.code == done.code == again.code == 1
    (would,), (did,), (left,) = tried.rows, done.rows, again.rows
    assert would["appended"] == did["appended"] > 0
    assert left["appended"] == 0
    assert [would["dry_run"], did["dry_run"]] == [True, False]
    assert did["journeys_started"] == 1
    assert len(did["refused"]) == 3
    for row, complaint in zip((2, 3, 4), sorted(did["refused"]), strict=True):
        assert "liste.csv" in complaint
        assert str(row) in complaint
    told = invoked("import", path, "--source", "probe")
    assert "Geheimtag" not in told.out + told.err + done.out + done.err
    assert "K-4" in invoked("events", "K-4", "--json").out


def test_a_mapping_that_cannot_be_read_is_named(invoked: Run, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Name;Einreise\nA;01.02.2024\n", encoding="utf-8")
    (tmp_path / "broken.toml").write_text("[[[")
    for name in ("missing.toml", "broken.toml", "."):
        said = invoked("import", path, "--mapping", tmp_path / name)
        assert said.code == 2
        assert "kette: " in said.err
        assert "Traceback" not in said.err


def test_every_line_of_json_is_json(invoked: Run, journey: str) -> None:
    for words in (("events",), ("gaps",), ("rules",), ("config",), ("timeline", journey)):
        for line in invoked(*words, "--json").out.splitlines():
            assert isinstance(json.loads(line), dict)
