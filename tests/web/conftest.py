"""A real site over a real database: invented people whose days are counted back from today."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import psycopg
import pytest
import uvicorn
from fastapi import FastAPI

from consumers.views import write
from domain.chain.calendar import berlin_day
from domain.commands import StartJourney
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.handling import HotJourneys, canonical, handle
from domain.journal import Actor, Append, Entry
from infra.embedded import EmbeddedServer
from infra.group import GroupAppender
from infra.history import HistoryLoad
from infra.integrity import Integrity
from infra.journal import open_journal
from infra.metrics import Metrics
from infra.municipalities import municipality
from infra.notary_store import NotaryStore
from infra.tail import Tail
from infra.views import ViewStore, open_views
from projections.catalogue import KEPT
from tests.keyring import keys_of
from web.app import create_app
from web.ports import Ports

TODAY = berlin_day(datetime.now(UTC))
NAMESPACE = UUID("5f3cf3a1-4f0c-4b35-9bb5-b4e1b7e1c0aa")
KRAEMER = Actor("J. Krämer", "case_manager", "DRK")

Line = tuple[int, str, dict[str, Any]] | tuple[int, str, dict[str, Any], int]
"""Days ago, type, attributes, and how many days later it was recorded."""


def ago(days: int) -> str:
    return (TODAY - timedelta(days=days)).isoformat()


def journey_id(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def amina() -> list[Line]:
    case = {"case_id": "KIM-0417"}
    return [
        (1655, "JourneyStarted", {"entry_date": ago(1655), "nationality": ["SYR"]}),
        (1655, "PersonIdentified", {"given_names": "Amina", "family_name": "R."}),
        (1650, "AsylumApplicationFiled", {}, 3),
        (1650, "TemporaryPermissionIssued", {"valid_until": ago(1370)}),
        (1640, "BenefitGranted", {"rechtskreis": "ASYLBLG_3", "from": ago(1640)}, 20),
        (1640, "HousingAssigned", {"kind": "communal"}, 20),
        (1540, "CaseOpened", case | {"intensity": "begleitung", "org_unit": "DRK Herne"}),
        (1538, "CaseManagerAssigned", case | {"cm": "J. Krämer"}),
        *(
            (days, "ContactHeld", case | {"channel": "office", "minutes": 45})
            for days in range(1500, 20, -41)
        ),
        (1500, "CourseRegistered", {"kind": "IK_ALLGEMEIN", "provider": "VHS Herne"}),
        (1470, "CourseStarted", {"kind": "IK_ALLGEMEIN", "provider": "VHS Herne"}),
        (1370, "AsylumDecisionIssued", {"outcome": "fluechtling", "final_on": ago(1350)}, 12),
        (1360, "BenefitApplied", {"rechtskreis": "SGB_II"}),
        (1340, "BenefitGranted", {"rechtskreis": "SGB_II", "from": ago(1340)}, 9),
        (1365, "TitleApplied", {"basis": "AUFENTHG_25_2_FL"}),
        (
            1270,
            "TitleGranted",
            {"basis": "AUFENTHG_25_2_FL", "valid_until": ago(-8), "course_claim": True},
            4,
        ),
        (1120, "CourseCompleted", {}, 20),
        (1110, "LanguageTestTaken", {"test_kind": "DTZ", "result": "B1"}, 30),
        (1090, "RecognitionApplied", {"occupation": "Pflegefachfrau", "body": "Bezirksregierung"}),
        (950, "LeaseSigned", {"kind": "private_lease"}, 6),
        (940, "VocationalCourseStarted", {"kind": "BSK_B2"}),
        (700, "VocationalCourseCompleted", {}, 25),
        (
            780,
            "EmploymentStarted",
            {
                "employer": "Seniorenheim",
                "employment_kind": "SV_TEILZEIT",
                "fixed_term_until": ago(326),
            },
        ),
        (430, "RecognitionDecided", {"outcome": "PARTIAL"}, 3),
        (350, "EmploymentEnded", {"employer": "Seniorenheim", "end_reason": "Befristung"}, 14),
        (312, "HandoverOffered", case | {"to": "Jobcenter Herne", "reason": "rechtskreis"}),
        (600, "ChildBorn", {}, 40),
        (200, "ConsentGranted", {"recipients": ["Jobcenter Herne"], "valid_until": ago(-400)}),
        (199, "NoteTaken", {}),
    ]


def yonas() -> list[Line]:
    case = {"case_id": "KIM-0339"}
    return [
        (420, "JourneyStarted", {"entry_date": ago(700)}),
        (420, "PersonIdentified", {"given_names": "Yonas", "family_name": "T."}),
        (415, "CaseOpened", case | {"intensity": "intensiv", "org_unit": "AWO Herne"}, 2),
        (400, "TitleGranted", {"basis": "AUFENTHG_25_3", "valid_until": ago(30)}, 20),
        (380, "CourseEntitlementIssued", {"obligated": True}),
        (300, "CourseRegistered", {"kind": "IK_ALLGEMEIN"}, 60),
        (120, "ToleranceIssued", {}),
    ]


def daryna() -> list[Line]:
    return [
        (90, "JourneyStarted", {}),
        (90, "PersonIdentified", {"given_names": "Daryna", "family_name": "V."}),
        (80, "FictionCertificateIssued", {"valid_until": ago(-11)}),
        (60, "HandoverOffered", {"to": "Jobcenter Herne"}, 30),
    ]


PEOPLE: dict[str, list[Line]] = {"amina": amina(), "yonas": yonas(), "daryna": daryna()}


def history_of(name: str) -> list[tuple[datetime, Append]]:
    journey = journey_id(name)
    lines = sorted(
        PEOPLE[name], key=lambda line: line[0] - (line[3] if len(line) > 3 else 0), reverse=True
    )
    found = []
    for version, (days, type_name, attributes, *late) in enumerate(lines):
        recorded_on = TODAY - timedelta(days=days - (late[0] if late else 0))
        moment = datetime.combine(min(recorded_on, TODAY - timedelta(days=1)), time(9), UTC)
        entry = Entry(
            f"{name}-{version}",
            read_fact(type_name, attributes),
            PartialDate.of(TODAY - timedelta(days=days)),
            KRAEMER,
        )
        command = StartJourney(uuid5(journey, str(version)), journey, (entry,), recorded_on)
        append = Append(command.command_id, canonical(command), journey, version, (entry,), moment)
        found.append((moment, append))
    return found


@dataclass(frozen=True, slots=True)
class Site:
    """A running site: where it answers, and what lies behind it."""

    url: str
    dsn: str
    ports: Ports
    tables: ViewStore

    def page_of(self, name: str) -> str:
        return f"{self.url}/verlauf/{journey_id(name)}"


def fill(dsn: str, names: Sequence[str]) -> None:
    """Write the people into an empty journal, with the days on which their facts were recorded."""
    appends = sorted((one for name in names for one in history_of(name)), key=lambda pair: pair[0])
    with HistoryLoad(dsn, keys_of(dsn)) as load:
        load.append([append for _, append in appends])
        load.finish()


def catch_up(tables: ViewStore, dsn: str) -> None:
    """Bring the tables to the end of the journal."""
    with open_journal(dsn, keys_of(dsn)) as journal:
        while block := journal.page(tables.position(), 1000):
            write(tables, KEPT, block, tables.position())


@pytest.fixture(scope="session")
def site_dsn(server: EmbeddedServer) -> str:
    """Return a database that holds the invented people; the tests of the pages share it."""
    name = f"site_{uuid4().hex}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE kette_template")
    fill(server.dsn(name), tuple(PEOPLE))
    return server.dsn(name)


@pytest.fixture(scope="session")
def site_log(site_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the tree of the invented people's journal, signed once."""
    folder = tmp_path_factory.mktemp("tree") / "log"
    with NotaryStore(site_dsn, folder) as notary:
        notary.sign()
    return folder


@pytest.fixture(scope="session")
def ports(site_dsn: str, site_log: Path) -> Iterator[tuple[Ports, ViewStore]]:
    """Return what the application stands on, with the real clock."""
    with (
        open_journal(site_dsn, keys_of(site_dsn)) as journal,
        GroupAppender(journal) as group,
        open_views(site_dsn, keys_of(site_dsn)) as tables,
    ):
        catch_up(tables, site_dsn)
        metrics = Metrics(tables, lambda: TODAY)
        yield (
            Ports(
                records=journal,
                tail=Tail(site_dsn),
                gaps=tables,
                register=tables,
                counts=tables,
                integrity=Integrity(site_dsn, site_log),
                record=partial(handle, metrics.measured(group), hot=HotJourneys()),
                now=lambda: datetime.now(UTC),
                new_id=uuid4,
                metrics=metrics.exposition,
                actor=KRAEMER,
                place=municipality("herne"),
            ),
            tables,
        )


@pytest.fixture(scope="session")
def app(ports: tuple[Ports, ViewStore]) -> FastAPI:
    return create_app(ports[0])


class Running(uvicorn.Server):
    """A server in a thread of the test run."""

    def start(self) -> int:
        """Start, and return the port it listens on."""
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        assert self.ready.wait(10)
        return int(self.servers[0].sockets[0].getsockname()[1])

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    def stop(self) -> None:
        """Stop, and wait for the end."""
        self.should_exit = True
        self.thread.join(10)


@contextmanager
def _serving(app: FastAPI) -> Iterator[str]:
    running = Running(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning"))
    port = running.start()
    yield f"http://127.0.0.1:{port}"
    running.stop()


@pytest.fixture(scope="session")
def serving() -> Callable[[FastAPI], AbstractContextManager[str]]:
    """Serve an application on a free port of the loopback interface."""
    return _serving


@pytest.fixture(scope="session")
def site(app: FastAPI, ports: tuple[Ports, ViewStore], site_dsn: str) -> Iterator[Site]:
    """Serve the site of the invented people."""
    with _serving(app) as url:
        yield Site(url, site_dsn, *ports)
