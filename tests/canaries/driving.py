"""A municipality that is driven through every command and page, with canaries in all that it is told.

What is meant to show values to a person (pages of a journey, `kette timeline`, forms that come back) goes to that
person and is not kept. What is kept: every file that was written, what servers and commands said beside their
results, error pages, and what programs are answered.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import psycopg
from typer.testing import CliRunner

from domain.days import PartialDate
from domain.events.registry import FACTS
from infra.embedded import EmbeddedServer
from infra.spreadsheets.rows import FactRow
from infra.spreadsheets.writer import write_fact_list
from kette.__main__ import app
from kette.settings import Settings
from projections.catalogue import IN_CLEAR
from tests.canaries.planting import HIDDEN_FACTS, Planted, typed, words

SETTINGS = tuple(f"KETTE_{name.upper()}" for name in Settings.model_fields)
HIDDEN_NAMES = frozenset(one.type_name() for one in HIDDEN_FACTS)
FORM = {"content-type": "application/x-www-form-urlencoded"}
SHOWING = frozenset({"timeline", "events", "why", "gaps", "what-if", "evaluate"})
"""Commands whose result shows values to whom they were asked by."""

_CLEAR_FILES = """
WITH clear AS (
    SELECT c.oid, c.reltoastrelid FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname LIKE 'views%%' AND relname = ANY(%s)
), kept AS (
    SELECT oid FROM clear UNION SELECT reltoastrelid FROM clear WHERE reltoastrelid <> 0
)
SELECT pg_relation_filepath(oid) FROM kept
 UNION SELECT pg_relation_filepath(indexrelid) FROM pg_index JOIN kept ON indrelid = kept.oid
"""


@dataclass
class Town:
    """A data folder, what is planted in it, and what was said meanwhile."""

    folder: Path
    planted: Planted = field(default_factory=Planted)
    server: "subprocess.Popen[bytes] | None" = None
    port: int = 0
    said: int = 0

    def __post_init__(self) -> None:
        for one in (self.data, self.temp, self.heard, self.lists):
            one.mkdir(parents=True)
        self.folder.chmod(0o755)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def temp(self) -> Path:
        """Return the folder for temporary files of all that is run."""
        return self.folder / "temp"

    @property
    def heard(self) -> Path:
        """Return the folder of what servers and commands said."""
        return self.folder / "heard"

    @property
    def lists(self) -> Path:
        """Return the folder of the lists that are read, the only files that hold canaries."""
        return self.folder / "lists"

    def settings(self) -> dict[str, str]:
        return {"KETTE_ACTOR": "anna", "KETTE_DATA_DIR": str(self.data), "COLUMNS": "250"}

    def environment(self) -> dict[str, str]:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("KETTE_")}
        return clean | self.settings() | {"LC_ALL": "C.UTF-8", "TMPDIR": str(self.temp)}

    # Commands

    def kette(self, *args: str | Path, code: int | None = 0, show: bool | None = None) -> str:
        """Run a command in this process; keep what it said, but for a result that shows values."""
        given = {**dict.fromkeys(SETTINGS), **self.settings()}
        tempfile.tempdir = str(self.temp)
        try:
            done = CliRunner().invoke(app, [str(one) for one in args], env=given)
        finally:
            tempfile.tempdir = None
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert code is None or done.exit_code == code, f"{args}: {done.output}"
        shows = args[0] in SHOWING if show is None else show
        self.hear(str(args[0]), done.stderr if shows and done.exit_code == 0 else done.output)
        return done.stdout

    def process(self, *args: str | Path) -> None:
        """Run a command as a process; keep all that it said."""
        command = [sys.executable, "-m", "kette", *map(str, args)]
        done = subprocess.run(command, env=self.environment(), capture_output=True, check=False)
        self.hear(str(args[0]), (done.stdout + done.stderr).decode())

    def hear(self, name: str, text: str) -> None:
        self.said += 1
        (self.heard / f"{self.said:04d}-{name}").write_text(text)

    # The server

    def serve(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.said += 1
        with (self.heard / f"{self.said:04d}-serve").open("wb") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "kette", "serve", "--port", str(self.port)],
                env=self.environment(), stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with suppress(httpx.TransportError):
                if httpx.get(f"http://127.0.0.1:{self.port}/healthz").status_code == 200:
                    return
            assert self.server.poll() is None, "the server ended"
            time.sleep(0.1)
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        assert self.server is not None
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(60)

    def kill(self) -> None:
        """Kill the server, and both databases under it."""
        assert self.server is not None
        below = [
            int((one / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
            for one in (self.data, self.data / "keys")
        ]
        for one in (self.server.pid, *below):
            os.kill(one, signal.SIGKILL)
        self.server.wait(60)

    def end(self) -> None:
        """Stop what still runs, in order; if that fails, at once."""
        if self.server is None or self.server.poll() is not None:
            return
        try:
            self.stop()
        except subprocess.TimeoutExpired:
            self.kill()

    @contextmanager
    def client(self) -> Iterator[httpx.Client]:
        with httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30) as client:
            yield client

    def ask(self, client: httpx.Client, path: str, *, status: int | None = 200, **how: Any) -> str:
        """Ask for a page; keep it if it is an error or an answer for programs."""
        method = "POST" if {"data", "content", "json"} & how.keys() else "GET"
        answer = client.request(method, path, **how)
        assert status is None or answer.status_code == status, f"{path}: {answer.text}"
        machine = path.startswith(("/api/", "/metrics", "/log/", "/healthz", "/subjects"))
        comes_back = answer.status_code == 422 and not machine
        if machine or (answer.status_code >= 400 and not comes_back):
            self.hear("answer", f"{answer.headers}\n{answer.text}")
        return answer.text

    # What is told

    def form(self, client: httpx.Client, path: str) -> dict[str, str]:
        """Return the hidden fields of a form."""
        text = self.ask(client, path)
        found = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', text))
        return {name: found[name] for name in ("command_id", "basis") if name in found}

    def tell(self, client: httpx.Client, journey: UUID) -> None:
        """Record every hidden fact by its form, and correct each."""
        for fact in HIDDEN_FACTS:
            name = fact.type_name()
            given = typed(self.planted.attributes(fact, "by its form"))
            day = self.planted.day(f"day of {name}, by its form")
            path = f"/verlauf/{journey}/erfassen/{name}"
            form = {**self.form(client, path), **given, "occurred_on": f"{day:%d.%m.%Y}"}
            self.ask(client, path, status=303, data=form)
        for row in self.rows("events", journey):
            if row["type"] in HIDDEN_NAMES:
                self._correct(client, journey, row)

    def _correct(self, client: httpx.Client, journey: UUID, row: Mapping[str, Any]) -> None:
        given = typed(self.planted.attributes(FACTS[row["type"]], "by a correction"))
        day = self.planted.day(f"day of {row['type']}, by a correction")
        path = f"/verlauf/{journey}/berichtigen/{row['version']}"
        form = {**self.form(client, path), **given, "occurred_on": f"{day:%d.%m.%Y}"}
        self.ask(client, path, status=303, data=form)

    def rows(self, *args: str | UUID) -> list[dict[str, Any]]:
        """Run a command for its result alone."""
        said = self.kette(*map(str, args), "--json", show=True)
        return [json.loads(line) for line in said.splitlines()]

    def list_of(self, name: str, people: Sequence[str], by: str) -> Path:
        """Write a list in which people have every hidden fact."""
        rows = [
            FactRow(person, fact.type_name(), f"{person[-4:]}-{number}",
                    PartialDate.of(self.planted.day(f"day of {fact.type_name()}, {by}")),
                    self._attributes(fact, by))
            for person in people for number, fact in enumerate(HIDDEN_FACTS)
        ]  # fmt: skip
        path = self.lists / name
        write_fact_list(path, rows)
        return path

    def _attributes(self, fact: Any, by: str) -> Mapping[str, Any]:
        found = self.planted.attributes(fact, by)
        if fact.type_name() == "NoteTaken":
            found["text"] = self.planted.long_text(f"NoteTaken.text, {by}", repeated="chang" in by)
        return found

    # Where values may stand

    def clear_files(self) -> set[Path]:
        """Return the files of the tables that may hold values in clear; a database must be running."""
        with psycopg.connect(EmbeddedServer(self.data).dsn()) as connection:
            stems = {row[0] for row in connection.execute(_CLEAR_FILES, [sorted(IN_CLEAR)])}
        found = set()
        for stem in stems:
            path = self.data / "postgres" / stem
            found |= {one for one in path.parent.glob(f"{path.name}*")
                      if re.fullmatch(r"\d+(_fsm|_vm|_init)?(\.\d+)?", one.name)}  # fmt: skip
        return {one for one in found if one.name.split("_")[0].split(".")[0] in
                {Path(stem).name for stem in stems}}  # fmt: skip


def new_journey(town: Town) -> UUID:
    """Begin a journey on the command line."""
    (begun,) = town.rows("record", "new", "JourneyStarted", "--on", "1920")
    return UUID(begun["journey"])


def recorded_by_command(town: Town, journey: UUID) -> None:
    """Record a fact of each class on the command line, and correct it."""
    for name in ("PersonIdentified", "ChildcareRequested", "NoteTaken"):
        given = town.planted.attributes(FACTS[name], "by command")
        day = town.planted.day(f"day of {name}, by command")
        (row,) = town.rows("record", journey, name, "--on", str(day), *words(given))
        told = json.dumps(town.planted.attributes(FACTS[name], "by a correction on the line"))
        target = ("--on", "2024-01-02", f"target={row['id']}", f"attributes={told}")
        town.kette("record", str(journey), "EventCorrected", *target)
