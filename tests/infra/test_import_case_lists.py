"""Case lists as offices keep them: mapped, compared with earlier ones, refused where not clear."""

from pathlib import Path

import pytest

from domain.days import PartialDate
from domain.journal import Actor
from infra.importing.report import ImportReport
from infra.importing.run import run_import
from infra.journal import JournalRecorder
from infra.spreadsheets.errors import UnreadableFileError
from infra.spreadsheets.mappings import MappingError, read_mapping, shipped_mappings

ACTOR = Actor("kim-1", "case_manager")
HEAD = "Aktenzeichen;Name;Einreise;Titel;gültig bis;Kursbeginn;B1 am;Arbeit seit;Bemerkung"
ROW = "KIM-7;Muster;11.2022;§ 24;04.03.2026;02.05.2023;;01.02.2025;ruft an"


def load(
    journal: JournalRecorder, tmp_path: Path, *lines: str, mapping: str | None = None
) -> ImportReport:
    path = tmp_path / "faelle.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    chosen = None
    if mapping is not None:
        chosen = tmp_path / "eigene.toml"
        chosen.write_text(mapping, encoding="utf-8")
    return run_import(path, journal, actor=ACTOR, mapping=chosen)


def test_a_shipped_mapping_is_found_by_the_columns(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    report = load(journal, tmp_path, HEAD, ROW)
    assert report.source == "Fallliste"
    assert report.exit_code == 0
    told = {one.entry.fact.type_name(): one.entry for one in journal.page(0, 100)}
    assert set(told) == {
        "JourneyStarted", "FileNumberRecorded", "PersonIdentified", "EntryRegistered",
        "TitleGranted", "CourseStarted", "EmploymentStarted",
    }  # fmt: skip
    assert told["EntryRegistered"].occurred_on == PartialDate(2022, 11)
    assert told["TitleGranted"].fact.known_attributes() == {
        "basis": "AUFENTHG_24",
        "valid_until": "2026-03-04",
    }
    assert told["EmploymentStarted"].occurred_on == PartialDate(2025, 2, 1)


def test_the_next_export_brings_new_facts_changes_and_nothing_else(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    load(journal, tmp_path, HEAD, ROW)
    assert load(journal, tmp_path, HEAD, ROW).appended == 0
    report = load(
        journal, tmp_path, HEAD,
        "KIM-7;Muster;11.2022;§ 24;04.03.2027;03.05.2023;15.01.2024;01.02.2025;rief an",
        "KIM-8;Neu;;;;;;;",
    )  # fmt: skip
    assert (report.appended, report.corrections, report.unchanged) == (4, 2, 3)
    assert report.by_type["LanguageTestTaken"] == 1


def test_values_that_no_word_of_the_mapping_means_are_refused_with_their_place(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    report = load(journal, tmp_path, HEAD, ROW.replace("§ 24", "blaue Karte?"))
    (refused,) = report.refused
    assert refused.in_language("de").startswith("faelle.csv, Zeile 2, Spalte D („Titel“): ")
    assert "blaue" not in refused.in_language("de")
    assert report.exit_code == 1
    assert journal.head().position == 0


def test_unmapped_columns_are_refused_missing_ones_are_hinted_at(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFileError, match="B „Augenfarbe“"):
        load(journal, tmp_path, "Aktenzeichen;Augenfarbe;Einreise", "KIM-1;x;2022")
    report = load(journal, tmp_path, "Aktenzeichen;Einreise", "KIM-1;2022")
    (hint,) = report.warnings
    assert hint.notice.code == "columns-missing"


MAPPING = """
name = "Eigene"
person = "Nr"
ignore = ["Rest"]
[[fact]]
type = "CourseEntitlementIssued"
date = "Schein"
when = ["Schein"]
[fact.attributes]
obligated = "Pflicht"
"""


def test_a_mapping_of_ones_own_says_what_is_not_taken(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    report = load(
        journal, tmp_path, "Nr;Schein;Pflicht;Rest", "1;;ja;", "2;3.4.24;x;y", mapping=MAPPING
    )
    assert report.by_type["CourseEntitlementIssued"] == 1
    assert [(one.notice.code, one.rows) for one in report.warnings] == [("not-told", (2,))]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("CourseEntitlementIssued", "Kurs"), "no fact 'Kurs'"),
        (("obligated", "haarfarbe"), "no attribute haarfarbe"),
        (('name = "Eigene"', 'nmae = "Eigene"'), "nmae"),
        (('"Pflicht"', "{ column = 'a', value = 1 }"), "either a column or a fixed value"),
        (("[[fact]]", "[[fact"), "no TOML"),
        (("[[fact]]", "[also]\nFarbe = ['bunt']\n[[fact]]"), "not mapped: Farbe"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(
    tmp_path: Path, change: tuple[str, str], says: str
) -> None:
    path = tmp_path / "eigene.toml"
    path.write_text(MAPPING.replace(*change), encoding="utf-8")
    with pytest.raises(MappingError, match=says):
        read_mapping(path)


def test_a_missing_mapping_is_said(tmp_path: Path) -> None:
    with pytest.raises(MappingError, match=r"fehlt\.toml"):
        read_mapping(tmp_path / "fehlt.toml")


@pytest.mark.parametrize("person", ["Aktenzeichen", "AZ", "Az."])
@pytest.mark.parametrize(
    ("name", "born"), [("Name", "Geburtsdatum"), ("Nachname", "geb. am"), ("Familienname", "geb.")]
)
def test_the_usual_headers_need_no_mapping(
    journal: JournalRecorder, tmp_path: Path, person: str, name: str, born: str
) -> None:
    head = f"{person};{name};Vorname;{born};Einreise;Titel;gültig bis;Kursbeginn;B1 am;Arbeit seit"
    row = "0012/24;Muster;Olena;1.3.90;Nov 2022;§ 24 AufenthG;04.03.2026;02.05.2023;-;1.2.25"
    report = load(journal, tmp_path, head, row)
    assert (report.source, report.exit_code) == ("Fallliste", 0)
    told = {one.entry.fact.type_name(): one.entry for one in journal.page(0, 100)}
    assert told["FileNumberRecorded"].fact.known_attributes() == {"number": "0012/24"}
    assert told["PersonIdentified"].fact.known_attributes() == {
        "given_names": "Olena",
        "family_name": "Muster",
        "birth_date": "1990-03-01",
    }
    assert told["TitleGranted"].fact.known_attributes()["basis"] == "AUFENTHG_24"
    assert "LanguageTestTaken" not in told


@pytest.mark.parametrize(
    ("word", "basis"),
    [
        ("§24", "AUFENTHG_24"),
        ("AE nach § 25 Abs. 3 AufenthG", "AUFENTHG_25_3"),
        ("§25a", "AUFENTHG_25A"),
        ("Niederlassungserlaubnis § 9 AufenthG", "AUFENTHG_9"),
        ("Vorübergehender Schutz (§ 24)", "AUFENTHG_24"),
        ("AUFENTHG_104C", "AUFENTHG_104C"),
    ],
)
def test_titles_are_read_as_offices_write_them(
    journal: JournalRecorder, tmp_path: Path, word: str, basis: str
) -> None:
    load(journal, tmp_path, "Aktenzeichen;Titel", f"KIM-1;{word}")
    (title,) = (one.entry.fact for one in journal.page(0, 9) if one.entry.id.startswith("ohne-nr"))
    assert title.known_attributes() == {"basis": basis}


def test_a_column_that_stands_twice_by_another_name_is_refused(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    with pytest.raises(UnreadableFileError, match="C „Geburtsdatum“"):
        load(journal, tmp_path, "Aktenzeichen;geb. am;Geburtsdatum", "KIM-1;1.1.90;2.1.90")


def test_numbered_rows_keep_their_facts_apart(journal: JournalRecorder, tmp_path: Path) -> None:
    head = "Aktenzeichen;Vorgangsnummer;Kursbeginn;Arbeit seit"
    load(journal, tmp_path, head, "KIM-1;1;02.05.2023;", "KIM-1;2;03.06.2024;01.02.2025")
    report = load(journal, tmp_path, head, "KIM-1;1;04.05.2023;", "KIM-1;2;05.06.2024;01.02.2025")
    assert (report.appended, report.corrections, report.unchanged) == (0, 2, 1)
    kept = {one.entry.id for one in journal.page(0, 99)}
    assert kept >= {"1/CourseStarted", "2/CourseStarted", "2/EmploymentStarted"}


def test_what_the_journal_refuses_names_the_column_of_its_day(
    journal: JournalRecorder, tmp_path: Path
) -> None:
    report = load(journal, tmp_path, "AZ;Einreise;Arbeit seit", "KIM-1;2022;01.01.2999")
    (refused,) = report.refused
    assert refused.in_language("de").startswith("faelle.csv, Zeile 2, Spalte C („Arbeit seit“): ")
    assert journal.head().position == 0


def test_two_mappings_ship() -> None:
    assert [one.name for one in shipped_mappings()] == ["Fallliste", "Kursliste"]
