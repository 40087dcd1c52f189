"""Files as they come: every special case of XLSX and CSV is handled or refused with its place."""

import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from infra.importing.reading import Waiting, by_journey, read_file
from infra.importing.report import Tally
from infra.importing.spool import Spool
from infra.spreadsheets.errors import UnreadableFileError
from infra.spreadsheets.rows import FactRow

HEAD = ("Person", "Vorgangsnummer", "Ereignis", "Datum", "gültig bis", "Gemeinde")
TITLE = "Aufenthaltstitel erteilt"


class Told:
    """What a file told: rows by their number, refusals and hints as (code, place)."""

    def __init__(self, path: Path) -> None:
        self.rows: dict[int, FactRow] = {}
        tally = Tally()
        with Spool[Waiting]() as spool:
            read_file(path, None, lambda one: uuid5(NAMESPACE_URL, one), spool, tally, silent)
            for _journey, waiting in by_journey(spool):
                self.rows |= {one.place.row: one.one.row for one in waiting if one.one}
        self.refused = [
            (one.code, str(one.place.row) + one.place.column) for one in tally.findings.refused
        ]
        self.sentences = [one.in_language("de") for one in tally.findings.refused]
        self.hints = {
            (one.notice.code, one.notice.place.column): one.rows
            for one in tally.findings.warnings()
        }


def silent(_stage: str, _done: int, _of: int | None) -> None:
    pass


def sheet_of(tmp_path: Path, fill: Callable[[Worksheet], None], name: str = "liste.xlsx") -> Told:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Fakten"
    sheet.append(HEAD)
    fill(sheet)
    book.save(tmp_path / name)
    return Told(tmp_path / name)


def csv_of(tmp_path: Path, content: bytes) -> Told:
    path = tmp_path / "liste.csv"
    path.write_bytes(content)
    return Told(path)


def refusal(path: Path) -> str:
    with pytest.raises(UnreadableFileError) as error:
        Told(path)
    return error.value.notice.code


# XLSX


def test_dates_in_cells_are_days_months_and_years_as_they_are_shown(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        formats = ("dd.mm.yyyy", "mm/yyyy", "mmm yyyy", "yyyy", 'dd"."mm"."yy;@', "General")
        for number, shown in enumerate(formats, 2):
            sheet.append(("A-1", f"T-{number}", TITLE, date(2024, 1, 1)))
            sheet.cell(number, 4).number_format = shown
        sheet.append(("A-1", "T-8", TITLE, date(2024, 3, 15)))
        sheet.cell(8, 4).number_format = "mm/yyyy"

    told = sheet_of(tmp_path, fill)
    assert [str(told.rows[row].occurred_on) for row in range(2, 9)] == [
        "2024-01-01", "2024-01", "2024-01", "2024", "2024-01-01", "2024-01-01", "2024-03-15",
    ]  # fmt: skip


def test_days_may_count_from_1904(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet("Fakten")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ("A-1", "T-1", TITLE))
        sheet.write_datetime(
            1, 3, datetime.fromisoformat("2024-03-15"), book.add_format({"num_format": 14})
        )
    assert str(Told(path).rows[2].occurred_on) == "2024-03-15"


def test_leading_zeros_are_kept_or_their_loss_is_refused(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        for value, shown in (("05916000", "@"), (5916000, "00000000"), (5916000, "General")):
            sheet.append(("0417", None, "Anmeldung", "01.02.2024", None, value))
            sheet.cell(sheet.max_row, 6).number_format = shown
        sheet.append((417, None, "Anmeldung", "02.02.2024"))
        sheet.cell(sheet.max_row, 1).number_format = "0000"

    told = sheet_of(tmp_path, fill)
    assert told.rows[2].attributes == told.rows[3].attributes == {"ags": "05916000"}
    assert told.refused == [("zero-lost", "4F")]
    assert told.rows[5].person == "0417"


def test_hidden_rows_columns_and_sheets(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(("A-1", "T-1", TITLE, "01.02.2024"))
        sheet.append(("A-1", "T-2", TITLE, "02.02.2024"))
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        other = sheet.parent.create_sheet("Alt")
        other.append(HEAD)
        other.append(("A-9", "T-9", TITLE, "01.02.2024"))
        other.sheet_state = "hidden"
        sheet.parent.create_sheet("Notizen").append(("etwas", "anderes"))

    told = sheet_of(tmp_path, fill)
    assert sorted(told.rows) == [2, 3]
    assert told.hints == {
        ("hidden-row", ""): (3,),
        ("hidden-column", "B"): (),
        ("sheet-not-read", ""): (),
    }


def test_cells_merged_downwards_are_filled_and_sidewards_refused(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(("A-1", "T-1", TITLE, "01.02.2024"))
        sheet.append((None, "T-2", TITLE, "02.02.2024"))
        sheet.append(("A-2", "T-3", TITLE, "02.02.2024"))
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("D4:E4")

    told = sheet_of(tmp_path, fill)
    assert told.rows[3].person == "A-1"
    assert told.refused == [("merged-cells", "4D")]


def test_a_title_above_the_header_row_is_passed_over(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.insert_rows(1, 3)
        sheet["A1"] = "Fallliste, Stand März"
        sheet.merge_cells("A1:F1")
        sheet.append(("A-1", "T-1", TITLE, "01.02.2024"))

    assert sorted(sheet_of(tmp_path, fill).rows) == [5]


def test_formulas_give_their_stored_value_or_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "formeln.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Fakten")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ("A-1", "T-1", TITLE))
        sheet.write_formula(1, 3, "=DATE(2024,3,15)", book.add_format({"num_format": 14}), 45366)
        sheet.write_formula(1, 1, '="T-"&1', None, "T-1")
        sheet.write_row(2, 0, ("A-1", "T-2", TITLE))
        sheet.write_formula(2, 3, "=#REF!", None, "#REF!")
    told = Told(path)
    assert str(told.rows[2].occurred_on) == "2024-03-15"
    assert told.hints == {("formula", "B"): (2,), ("formula", "D"): (2, 3)}
    assert told.refused == [("error-cell", "3D")]
    bare = sheet_of(tmp_path, lambda sheet: sheet.append(("A-1", "T-1", TITLE, "=TODAY()")))
    assert bare.refused == [("formula-without-value", "2D")]


def test_headers_may_be_empty_only_above_empty_cells_and_stand_once(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(("A-1", "T-1", TITLE, "01.02.2024"))
        sheet.append(("A-1", "T-2", TITLE, "01.02.2024", None, None, None, "x"))

    told = sheet_of(tmp_path, fill)
    assert told.refused == [("value-without-header", "3H")]
    with pytest.raises(UnreadableFileError, match=r"Spalte G .* Spalte D"):
        sheet_of(tmp_path, lambda sheet: sheet.__setitem__("G1", "DATUM "))


def test_unknown_columns_are_named_with_what_may_be_meant(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["G1"], sheet["H1"] = "gultig bis ", "Haarfarbe"

    with pytest.raises(UnreadableFileError) as error:
        sheet_of(tmp_path, fill)
    assert "G „gultig bis“ (gemeint: „gültig bis“?)" in str(error.value)
    assert "H „Haarfarbe“" in str(error.value)


def test_rows_without_person_or_event_and_foreign_attributes_are_refused(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append((None, "T-1", TITLE))
        sheet.append(("A-1", "T-2", None))
        sheet.append(("A-1", "T-3", "Kaffee getrunken"))
        sheet.append(("A-1", "T-4", TITLE, "32.01.2024", "01.01.2027", "05916000"))
        sheet.append(("Beispiel", "T-4", TITLE))

    told = sheet_of(tmp_path, fill)
    assert sorted(told.refused, key=lambda one: one[1]) == [
        ("no-person", "2A"), ("no-event", "3C"), ("unknown-event", "4C"),
        ("no-such-day", "5D"), ("foreign-attribute", "5F"),
    ]  # fmt: skip
    assert told.sentences[4].startswith(
        "liste.xlsx, Blatt „Fakten“, Zeile 5, Spalte F („Gemeinde“): "
    )
    assert not told.rows
    assert ("example-row", "") in told.hints


def test_a_refusal_never_shows_a_value(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet["G1"], sheet["H1"], sheet["I1"] = "Geburtsdatum", "Schuljahre", "Familienname"
        sheet.append(
            ("GEHEIM-1", "T-1", "Personalien erfasst", "01.02.2024", None, None, "GEHEIM-2")
        )
        sheet.append(
            ("GEHEIM-1", "T-2", "Integrationsverlauf angelegt", None, None, None, None, -4711)
        )
        sheet.append(
            ("GEHEIM-1", "T-3", "Personalien erfasst", None, None, None, None, None, "GEHEIM" * 40)
        )

    told = sheet_of(tmp_path, fill)
    assert len(told.refused) == 3
    assert not any("GEHEIM" in one or "4711" in one for one in told.sentences)


def test_rich_text_and_control_characters_are_read(tmp_path: Path) -> None:
    path = tmp_path / "reich.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Fakten")
        sheet.write_row(0, 0, (*HEAD[:4], "Text"))
        sheet.write_row(1, 0, ("A-1", "T-1", "Notiz", "01.02.2024"))
        sheet.write_rich_string(1, 4, "fett ", book.add_format({"bold": True}), "und mehr")
        sheet.write_row(2, 0, ("A-1", "T-2", "Notiz", "01.02.2024", "a\x01b _x0041_"))
    told = Told(path)
    assert told.rows[2].attributes["text"] == "fett und mehr"
    assert told.rows[3].attributes["text"] == "a\x01b _x0041_"


# damaged and hostile files


def rewritten(source: Path, target: Path, changed: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, changed.get(part.filename, old.read(part)))
    return target


SHEET = "xl/worksheets/sheet1.xml"


def part_of(path: Path, part: str) -> bytes:
    with zipfile.ZipFile(path) as book:
        return book.read(part)


@pytest.fixture
def good(tmp_path: Path) -> Path:
    sheet_of(tmp_path, lambda sheet: sheet.append(("A-1", "T-1", TITLE, "01.02.2024")))
    return tmp_path / "liste.xlsx"


def test_external_entities_and_document_types_are_refused(good: Path, tmp_path: Path) -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"):
        assert refusal(rewritten(good, tmp_path / "boese.xlsx", {part: evil})) == "broken-xml"


def test_a_zip_bomb_is_refused_before_it_is_unpacked(good: Path, tmp_path: Path) -> None:
    bomb = rewritten(good, tmp_path / "bombe.xlsx", {"xl/styles.xml": b" " * (100 << 20)})
    assert bomb.stat().st_size < 1 << 20
    assert refusal(bomb) == "zip-bomb"


def test_damaged_files_and_files_of_another_kind_are_refused(good: Path, tmp_path: Path) -> None:
    def written(name: str, content: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content)
        return path

    whole = good.read_bytes()
    assert refusal(written("halb.xlsx", whole[: len(whole) // 2])) == "damaged"
    assert (
        refusal(written("alt.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600))
        == "old-excel"
    )
    assert refusal(written("leer.xlsx", b"")) == "empty-file"
    assert refusal(written("bild.png", b"\x89PNG")) == "unknown-kind"
    assert refusal(written("falsch.xlsx", b"Person;Ereignis")) == "text-as-excel"
    assert refusal(tmp_path / "fehlt.xlsx") == "file-missing"
    assert refusal(tmp_path) == "file-is-folder"
    with zipfile.ZipFile(tmp_path / "zip.xlsx", "w") as other:
        other.writestr("etwas.txt", "x")
    assert refusal(tmp_path / "zip.xlsx") == "not-xlsx"
    broken = rewritten(
        good, tmp_path / "kaputt.xlsx", {"xl/worksheets/sheet1.xml": b"<worksheet><row"}
    )
    assert refusal(broken) == "broken-xml"


@pytest.mark.parametrize("cut", range(0, 100, 9))
def test_a_file_with_a_damaged_byte_is_read_or_refused(
    good: Path, tmp_path: Path, cut: int
) -> None:
    content = bytearray(good.read_bytes())
    content[len(content) * cut // 100] ^= 0xFF
    path = tmp_path / "bit.xlsx"
    path.write_bytes(content)
    with suppress(UnreadableFileError):
        assert set(Told(path).rows) <= {2}


# CSV

ROW = f"A-1;T-1;{TITLE};15.03.2024;04.03.2027\n"
CSV = f"Person;Vorgangsnummer;Ereignis;Datum;gültig bis\n{ROW}"


@pytest.mark.parametrize(
    "content",
    [
        CSV.encode(),
        CSV.encode("utf-8-sig"),
        CSV.encode("cp1252"),
        CSV.encode("utf-16"),
        CSV.replace(";", ",").encode(),
        CSV.replace(";", "\t").encode(),
        b"sep=;\r\n" + CSV.replace("\n", "\r\n").encode("cp1252"),
        ("Fallliste;;;;\n\n" + CSV).encode(),
        CSV.replace("T-1", '"T-1"').rstrip().encode(),
    ],
    ids=["utf-8", "bom", "cp1252", "utf-16", "comma", "tab", "sep", "title", "no-newline"],
)
def test_encodings_and_separators_are_found(tmp_path: Path, content: bytes) -> None:
    (row,) = csv_of(tmp_path, content).rows.values()
    assert (row.person, row.number, row.type) == ("A-1", "T-1", "TitleGranted")
    assert row.attributes == {"valid_until": "2027-03-04"}


def test_quotes_line_breaks_and_separators_in_cells_are_read(tmp_path: Path) -> None:
    text = 'Person;Ereignis;Datum;Text\nA-1;Notiz;01.02.2024;"sagt ""ja"";\nund geht"\nA-1;Notiz;02.02.2024;x\n'
    told = csv_of(tmp_path, text.encode())
    assert told.rows[2].attributes["text"] == 'sagt "ja";\nund geht'
    assert str(told.rows[3].occurred_on) == "2024-02-02"


def test_broken_quotes_name_their_row_and_more_values_than_columns_are_refused(
    tmp_path: Path,
) -> None:
    with pytest.raises(UnreadableFileError, match="Zeile 3"):
        csv_of(tmp_path, (CSV + 'A-1;"T-2"x;y;z\n').encode())
    told = csv_of(tmp_path, (CSV + f"A-1;T-2;{TITLE};15.03.2024;;zuviel\n").encode())
    assert told.refused == [("value-without-header", "3F")]


def test_other_texts_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    for content, code in (
        (b"\0\1\2\3", "no-text-file"),
        (CSV.encode() + b"\x81\xff", "wrong-encoding"),
        (b"Name;Ort\nx;y\n", "no-header"),
        (b"\n\n", "no-header"),
    ):
        path.write_bytes(content)
        assert refusal(path) == code


# size


def long_list(path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Fakten")
        sheet.write_row(0, 0, HEAD[:4])
        for number in range(1, rows + 1):
            sheet.write_row(number, 0, (f"A-{number % 500}", f"T-{number}", TITLE, "01.02.2024"))


def peak_kib(path: Path) -> int:
    """Return the peak memory of a process that reads the file."""
    code = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from uuid import NAMESPACE_URL, uuid5\n"
        "from infra.importing.reading import Waiting, by_journey, read_file\n"
        "from infra.importing.report import Tally\n"
        "from infra.importing.spool import Spool\n"
        "with Spool() as spool:\n"
        "    read_file(Path(sys.argv[1]), None, lambda one: uuid5(NAMESPACE_URL, one), spool, Tally(),\n"
        "              lambda *_: None)\n"
        "    assert sum(len(rows) for _, rows in by_journey(spool)) == int(sys.argv[2])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    rows = str(int(path.stem))
    done = subprocess.run(
        [sys.executable, "-c", code, str(path), rows], check=True, capture_output=True, text=True
    )
    return int(done.stdout)


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    peaks = []
    for rows in (5_000, 20_000):
        path = tmp_path / f"{rows}.xlsx"
        long_list(path, rows)
        peaks.append(peak_kib(path))
    assert peaks[1] < peaks[0] + 5_000


def test_separators_inside_of_quoted_cells_do_not_count(tmp_path: Path) -> None:
    text = (
        f'Person,Ereignis,Datum,Text\nA-1,Notiz,01.02.2024,"a;b;c;d;e;f"\nA-1,{TITLE},02.02.2024,\n'
    )
    told = csv_of(tmp_path, text.encode())
    assert told.rows[2].attributes["text"] == "a;b;c;d;e;f"
    assert told.rows[3].type == "TitleGranted"


def test_failed_formulas_and_text_that_excel_kept_are_known_in_csv(tmp_path: Path) -> None:
    text = f'Person;Ereignis;Datum;gültig bis\n="0012";{TITLE};01.02.2024;#NV\n="0013";{TITLE};1.2.24;\n'
    told = csv_of(tmp_path, text.encode())
    assert told.refused == [("error-cell", "2D")]
    assert told.rows[3].person == "0013"


def test_zero_characters_are_no_text(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="Textdatei"):
        csv_of(tmp_path, CSV.replace("A-1", "A\0-1").encode("utf-16"))


def test_a_formula_that_shows_nothing_is_an_empty_cell(good: Path, tmp_path: Path) -> None:
    formula = b'<c r="E2" t="str"><f>IF(1=1,"","x")</f><v></v></c></row></sheetData>'
    sheet = part_of(good, SHEET).replace(b"</row></sheetData>", formula)
    told = Told(rewritten(good, tmp_path / "formeln.xlsx", {SHEET: sheet}))
    assert (told.refused, told.rows[2].attributes) == ([], {})


def test_numbers_of_a_workbook_from_1904_are_its_days(tmp_path: Path) -> None:
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": True}) as book:
        sheet = book.add_worksheet("Fakten")
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ("A-1", "T-1", TITLE, 43_890))
    assert str(Told(path).rows[2].occurred_on) == "2024-03-01"


def test_what_no_text_may_hold_is_left_out(good: Path, tmp_path: Path) -> None:
    sheet = part_of(good, SHEET).replace(b">A-1<", b">A_x0000_-_xD800_1<")
    assert b"_x0000_" in sheet
    path = rewritten(good, tmp_path / "nul.xlsx", {SHEET: sheet})
    assert [one.person for one in Told(path).rows.values()] == ["A-1"]


def test_a_file_number_that_excel_made_a_number_is_hinted_at(tmp_path: Path) -> None:
    told = sheet_of(tmp_path, lambda sheet: sheet.append((12, "T-1", TITLE, "01.02.2024")))
    assert told.rows[2].person == "12"
    assert told.hints == {("number-as-text", "A"): (2,)}
