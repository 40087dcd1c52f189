"""What is of identity, sensitive or notes stands in clear where it may, and nowhere else.

Every attribute of these classes gets a value of its own by a form, on the command line, in a list, and in a
correction; then everything is called that can be called, and every file that was written is searched.
"""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from domain.events.registry import FACTS
from infra.embedded import EmbeddedServer
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.writer import write_fact_list
from projections.catalogue import IN_CLEAR
from tests.canaries.driving import HIDDEN_NAMES, Town, new_journey, recorded_by_command
from tests.canaries.planting import words
from tests.canaries.scanning import found_in_files, found_in_tables, unpacked

pytestmark = pytest.mark.faults

BY_HAND = ("by its form", "by a correction", "by command", "by a correction on the line")
CLEAR_TABLES = frozenset(
    f"{schema}.{name}" for schema in ("views", "views_next") for name in IN_CLEAR
)
PAGES = (
    "/", "/luecken", "/organisation", "/integritaet", "/regelwerk", "/impressum",
    "/verlauf/{0}", "/verlauf/{0}/erfassen", "/verlauf/{0}/berichtigen/2", "/verlauf/{0}/zuruecknehmen/2",
)  # fmt: skip
ANSWERS = (
    "/api/v1/events?limit=1000", "/api/v1/journeys/{0}/timeline", "/api/v1/journeys/{0}/gaps",
    "/api/v1/openapi.json", "/metrics", "/healthz", "/log/checkpoint", "/subjects",
)  # fmt: skip


@dataclass
class Driven:
    """A municipality after all was called: what was found in the tables while it ran, and its people."""

    town: Town
    journey: UUID
    tables: dict[str, set[str]] = field(default_factory=dict)
    crashed: dict[str, set[str]] = field(default_factory=dict)
    clear: set[Path] = field(default_factory=set)

    @property
    def dsn(self) -> str:
        return EmbeddedServer(self.town.data).dsn()

    def keep_tables(self) -> None:
        """Search the tables of both databases, and note the files that may hold values."""
        keys_dsn = EmbeddedServer(self.town.data / "keys").dsn()
        for name, dsn in (("journal", self.dsn), ("keys", keys_dsn)):
            found = found_in_tables(self.town.planted, dsn)
            for table, seen in found.items():
                self.tables.setdefault(f"{name}: {table}", set()).update(seen)
        self.clear = self.town.clear_files()


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Driven:
    """Drive a municipality through everything; its server has stopped at the end."""
    town = Town(tmp_path_factory.mktemp("canaries") / "town")
    town.serve()
    driven = Driven(town, new_journey(town))
    try:
        _tell(driven)
        _ask(driven)
        _misuse(driven)
        driven.keep_tables()
        town.kill()
        allowed = driven.clear
        driven.crashed = found_in_files(town.planted, town.data, town.heard, allowed=allowed)
        town.serve()
        _care_for(driven)
        driven.keep_tables()
    finally:
        town.end()
    return driven


def _tell(driven: Driven) -> None:
    town = driven.town
    with town.client() as client:
        town.tell(client, driven.journey)
    recorded_by_command(town, driven.journey)
    people = [town.planted.text("number of a file") for _ in range(3)]
    town.kette("import", town.list_of("list.xlsx", people, "in a list"))
    town.kette("import", town.list_of("list.xlsx", people, "in a changed list"))


def _ask(driven: Driven) -> None:
    """Call pages, answers for programs and commands as they are meant."""
    town, journey = driven.town, driven.journey
    name = next(iter(town.planted.texts))
    town.kette("notary", "--once")
    with town.client() as client:
        for path in PAGES:
            town.ask(client, path.format(journey), params={"text": name, "lang": "en"})
        for path in ANSWERS:
            town.ask(client, path.format(journey))
        town.ask(client, "/luecken", params={"wissen": "02.01.2025"}, status=None)
    number = town.rows("gaps", journey)
    assert number
    for command in ("gaps", "timeline", "events"):
        town.kette(command, str(journey))
    town.kette("gaps", "--opens-within", "36000")
    town.kette("why", str(journey), "A01")
    town.kette("what-if", str(journey), "CourseStarted", "--on", "2026-01-05", code=None)
    town.kette("organisations")
    town.kette("clock", "--until-caught-up")


def _misuse(driven: Driven) -> None:
    """Call the same with values that do not fit, or where they do not belong."""
    town, planted = driven.town, driven.town.planted
    with town.client() as client:
        _misuse_pages(town, client, driven.journey)
    said = planted.text("bad input of a command")
    person = str(driven.journey)
    for wrong in (
        ("PersonIdentified", "--on", said), ("PersonIdentified", "--on", "1901-02-30"),
        ("PersonIdentified", "--on", "2024", f"birth_date={said}"),
        ("PersonIdentified", "--on", "2024", f"birth_date={planted.day('a bad day')}x"),
        ("PersonIdentified", "--on", "2024", f"{said}=x"), ("NoteTaken", "--on", "2024", said),
        ("NoteTaken", "--on", "2024", f"confidence={{\"{said}\":\"none\"}}"),
        ("NoteTaken", "--on", "2024", f"text={said * 2_000}"),
        ("ChildcareRequested", "--on", "2024", f"hours_per_week={said}"),
        ("EventCorrected", "--on", "2024", "target=2", f'attributes={{"family_name": ["{said}"]}}'),
        ("EventCorrected", "--on", "2024", "target=2", f"attributes={{{said}"),
    ):  # fmt: skip
        town.kette("record", person, *wrong, code=None, show=False)
    for words_ in (("gaps", said), ("timeline", said), ("events", said), ("keys", "destroy", said)):
        town.kette(*words_, code=None, show=False)
    _misuse_lists(town)


def _misuse_pages(town: Town, client: httpx.Client, journey: UUID) -> None:
    said = town.planted.text("bad input of a page")
    here = f"/verlauf/{journey}"
    for path in (
        f"/verlauf/{said}", f"/verlauf/{uuid4()}", f"/verlauf/{uuid4()}/nachweis", f"/{said}",
        f"{here}?stichtag={said}", f"{here}?wissen={said}", f"/luecken?stichtag={said}&text={said}",
        f"/luecken?seite={said}&regel={said}", f"{here}/erfassen/{said}", f"{here}/berichtigen/{said}",
        f"/api/v1/journeys/{said}/timeline", f"/api/v1/journeys/{journey}/gaps?as_of={said}",
        f"/api/v1/events?after={said}", f"/log/{said}", f"/nachweis?verlauf={said}", f"/subjects/{said}/versions",
        f"/organisation?stichtag={said}",
    ):  # fmt: skip
        town.ask(client, path, status=None)
    person = {"family_name": said, "birth_date": said, "occurred_on": said, said: said}
    for path in (f"{here}/erfassen/PersonIdentified", f"/verlauf/{uuid4()}/erfassen/PersonIdentified",
                 f"{here}/berichtigen/2", f"{here}/{said}/2", f"/{said}", "/api/v1/events"):  # fmt: skip
        town.ask(client, path, status=None, data=person)
        town.ask(client, path, status=None, data=person | {"command_id": str(uuid4())})
    form = f"{here}/erfassen/NoteTaken"
    town.ask(client, form, status=413, content=f"text={said * 20_000}".encode())
    town.ask(client, form, status=None, json=person)
    town.ask(client, form, status=None, data=person, headers={"origin": f"http://{said}.example"})
    town.ask(client, "/", status=421, headers={"host": f"{said}.example"})


def _misuse_lists(town: Town) -> None:
    """Import lists whose cells do not fit, and files that are none."""
    planted = town.planted
    people = [planted.text("number of a file in a bad list") for _ in range(2)]
    path = town.list_of("bad.xlsx", people, "in a bad list")
    good = {"family_name": planted.text("PersonIdentified.family_name, beside bad ones")}
    row = FactRow(people[0], "PersonIdentified", attributes=good)
    write_fact_list(path.with_name("good.xlsx"), [row])
    fact = FACTS["PersonIdentified"]
    born, name = (
        one.label.de for one in fact.attributes() if one.name in {"birth_date", "family_name"}
    )
    text = f"Person;Ereignis;Datum;{name};{born}\n"
    said = planted.text("a bad cell")
    label, child = fact.about.label.de, FACTS["ChildBorn"].about.label.de
    for line in (f"{said};{said};{said};;", f"{said};{label};{said};{said};{said}", f";{said};;;{said}",
                 f"{people[0]};{label};01.02.2099;{said};", f"{people[0]};{child};;{said};",
                 f"{said * 20};{label};2024;{said};", f"{people[1]};{label};2024;{said * 20};{said}"):  # fmt: skip
        text += f"{line}\n"
    path.with_name("bad.csv").write_text(text)
    path.with_name("none.xlsx").write_text(said)
    path.with_name("none.csv").write_text(f"{said}\n{said};{said}\n")
    town.process("import", path.with_name("bad.csv"))
    for name in ("bad.csv", "none.xlsx", "none.csv"):
        town.kette("import", path.with_name(name), "--dry-run", "--json", code=None)
    (town.lists / "bad.jsonl").write_text(f'{{"journey": "{said}", "type": "{said}"}}\n')
    town.kette("evaluate", town.lists / "bad.jsonl", "--as-of", "2026-01-01", code=None, show=False)


def _care_for(driven: Driven) -> None:
    """Do what keeps a store, with one journey more after the crash."""
    town = driven.town
    journey = new_journey(town)
    given = town.planted.attributes_of("PersonIdentified", "after the crash")
    town.kette("record", str(journey), "PersonIdentified", "--on", "2024-01-02", *words(given))
    town.kette("rebuild")
    town.kette("keys", "status")
    town.kette("keys", "rotate")
    town.kette("keys", "release", str(driven.journey), "--out", town.folder / "released.json")
    town.kette("backup", town.folder / "backup")
    town.kette("export", town.folder / "export")
    with town.client() as client:
        for path in ("/integritaet", f"/verlauf/{driven.journey}/nachweis"):
            town.ask(client, path)
    with psycopg.connect(driven.dsn, autocommit=True) as connection:
        connection.execute("ANALYZE")
        connection.execute("CHECKPOINT")


def test_what_stands_in_clear_stands_in_the_tables_that_are_named(driven: Driven) -> None:
    """The scan finds names where they may stand; else it would prove nothing."""
    assert {name.removeprefix("journal: ") for name in driven.tables} <= CLEAR_TABLES
    seen = " ".join(driven.tables["journal: views.register"])
    assert "PersonIdentified.family_name" in seen
    assert "FileNumberRecorded.number" in seen
    assert any("day" in one for one in driven.tables["journal: views.gaps"])
    register = found_in_files(driven.town.planted, driven.town.data)
    assert {Path(one) for one in register} <= driven.clear
    assert any("PersonIdentified.family_name" in one for seen in register.values() for one in seen)


def test_nothing_that_was_written_carries_a_value(driven: Driven) -> None:
    town = driven.town
    assert driven.crashed == {}
    kept = [one for one in town.folder.iterdir() if one != town.lists]
    assert {one.name for one in kept} >= {
        "data",
        "heard",
        "temp",
        "backup",
        "export",
        "released.json",
    }
    assert (
        found_in_files(town.planted, town.folder, allowed={*driven.clear, *town.lists.iterdir()})
        == {}
    )


def test_what_was_driven_was_told(driven: Driven) -> None:
    """The journal holds all that was planted; else nothing could have been found."""
    town = driven.town
    said = "".join(one.read_text(errors="replace") for one in town.heard.iterdir())
    assert "Traceback" not in said
    exported = b"".join(
        data for path in (town.folder / "export").iterdir() for data in unpacked(path.read_bytes())
    )
    people = 1 + 3  # by forms, and in a list; each fact once, and corrected
    assert exported.count(b'"header"') > 2 * people * len(HIDDEN_NAMES)
    assert max(map(len, exported.split(b"\n"))) > 12_000


def test_nothing_is_left_of_a_person_whose_keys_are_destroyed(driven: Driven) -> None:
    town = driven.town
    theirs = town.planted.only(BY_HAND)
    assert {"texts", "days"} <= {
        name for name in ("texts", "days", "numbers") if getattr(theirs, name)
    }
    before = found_in_files(theirs, town.data)
    assert any("PersonIdentified.family_name" in one for seen in before.values() for one in seen)
    town.kette("keys", "destroy", str(driven.journey), "--yes")
    assert found_in_files(theirs, town.data) == {}
    others = found_in_files(town.planted, town.data)
    assert any(
        "PersonIdentified.family_name, in a" in one for seen in others.values() for one in seen
    )
