"""A full disk: a clear error, nothing half-written, and everything goes on once there is room.

The disk is a small one of the test's own: a tmpfs, which takes root to mount, or the folder named in
``KETTE_TEST_SMALL_DISK``, on a file system of at most 512 MB.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import psycopg
import pytest

from domain.journal import Answer, Append, Outcome
from infra import cluster
from infra.embedded import EmbeddedServer
from infra.errors import JournalUnavailableError
from infra.journal import JournalRecorder
from infra.kek import KekFiles
from infra.keys import KeyRing, open_keys
from infra.migrations import migrate
from tests.faults.journals import opened, patiently_opened
from tests.faults.seen import Seen
from tests.faults.writing import Acknowledged, entries
from tests.keyring import TENANT

pytestmark = pytest.mark.faults

SAYS = {
    "both": r"no space left on the (database|key store)'s disk: make room there",
    "tables": "no space left on the database's disk: make room there",
    "keys": "no space left on the key store's disk: make room there",
}
MEGABYTE = 2**20
FACTS, WRITERS = 40, 3


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return an empty folder on a small disk."""
    given = os.environ.get("KETTE_TEST_SMALL_DISK")
    if given:
        folder = Path(given, uuid4().hex)
        folder.mkdir()
        yield folder
        shutil.rmtree(folder)
        return
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=240m,mode=0755", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.fail(
            "a small disk cannot be mounted: run the tests as root, or name a folder on a file system of"
            f" at most 512 MB in KETTE_TEST_SMALL_DISK ({mounted.stderr.strip()})"
        )
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(disk: Path, left: int) -> Path:
    """Fill a disk up to so many bytes with a file."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        while (free := shutil.disk_usage(disk).free) > left:
            file.write(bytes(min(MEGABYTE, free - left)))
            file.flush()
    return filler


def move_log(data: Path, target: Path) -> None:
    """Move the log of a stopped server to another disk."""
    log = data / "postgres" / "pg_wal"
    cluster.own(target)
    subprocess.run(["cp", "-a", f"{log}/.", target], check=True)
    shutil.rmtree(log)
    log.symlink_to(target)


def end_log_segment(dsn: str) -> None:
    """Let what is written next go to a new file of the log: keys are too small to fill one soon."""
    with suppress(psycopg.OperationalError), psycopg.connect(dsn) as connection:
        connection.execute("SELECT pg_switch_wal()")


@dataclass
class Sent:
    """What writers sent: what was answered, and what was said instead of an answer."""

    requests: dict[UUID, Append] = field(default_factory=dict)
    answered: list[Acknowledged] = field(default_factory=list)
    refused: dict[UUID, str] = field(default_factory=dict)

    def write(self, dsn: str, keys: KeyRing, number: int, most: int = 100_000) -> None:
        """Append until an error comes, or so often."""
        with opened(dsn, keys) as journal:
            for _ in range(most):
                facts = entries(Random(number), FACTS)
                request = Append(uuid4(), b"", uuid4(), 0, facts)
                self.requests[request.command_id] = request
                try:
                    (answer,) = journal.append([request])
                except JournalUnavailableError as error:
                    self.refused[request.command_id] = str(error)
                    return
                assert answer.first_position is not None
                done = Acknowledged(request.command_id, answer.first_position, FACTS)
                self.answered.append(done)

    def again(self, dsn: str, keys: KeyRing) -> None:
        """Send again what was not answered, under the same ids."""
        with patiently_opened(dsn, keys) as journal:
            for command in self.refused:
                answer = when_there_is_room(journal, self.requests[command])
                assert answer.outcome in {Outcome.APPENDED, Outcome.DUPLICATE}
                assert answer.first_position is not None
                self.answered.append(Acknowledged(command, answer.first_position, FACTS))


def when_there_is_room(journal: JournalRecorder, request: Append) -> Answer:
    """Append as soon as it goes: a server that ended for want of room is being started again."""
    deadline = time.monotonic() + 30
    while True:
        try:
            return journal.append([request])[0]
        except JournalUnavailableError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def all_of(dsn: str, keys: KeyRing) -> Seen:
    """Read a whole journal."""
    seen = Seen()
    with opened(dsn, keys) as journal:
        while block := journal.page(seen.position, 2_000):
            seen.take(block)
        assert journal.head().position == seen.position
    return seen


def wrong_in(seen: Seen, sent: Sent) -> list[str]:
    """Return what is not there as it was answered, and whatever else is wrong."""
    seen.check(sent.answered)
    return seen.wrong


def reading(dsn: str, keys: KeyRing, sent: Sent, what: str) -> list[str]:
    """Read while the disk is full; a server that ended may say why, or is back without new room."""
    keys.forget()
    try:
        return wrong_in(all_of(dsn, keys), sent)
    except JournalUnavailableError as error:
        named = what != "tables" and re.match(SAYS[what], str(error))
        return [] if named else [str(error)]


@pytest.mark.parametrize("what", SAYS)
def test_a_full_disk_is_named_and_nothing_is_half_written(
    disk: Path, tmp_path: Path, what: str
) -> None:
    """Without room for the tables PostgreSQL stays and refuses; without room for its log it ends."""
    roomy = tmp_path / "roomy"
    data = roomy if what == "keys" else disk / "kette"
    journal, store = (
        EmbeddedServer(data),
        EmbeddedServer((roomy if what == "tables" else disk / "kette") / "keys"),
    )
    with journal:
        migrate(journal.dsn(), TENANT)
    if what == "tables":
        move_log(data, tmp_path / "log")

    sent = Sent()
    with journal, store, open_keys(store.dsn(), KekFiles(roomy / "kek"), TENANT) as keys:
        dsn = journal.dsn()
        sent.write(dsn, keys, 0, most=5)
        filler = fill(disk, left=6 * MEGABYTE)
        if what == "keys":
            end_log_segment(store.dsn())
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(sent.write, [dsn] * WRITERS, [keys] * WRITERS, range(WRITERS)))
        begun = time.monotonic()
        assert reading(dsn, keys, sent, what) == []
        assert time.monotonic() - begun < 5

        filler.unlink()
        sent.again(dsn, keys)
        seen = all_of(dsn, keys)

    assert len(sent.refused) == WRITERS
    assert all(re.match(SAYS[what], said) for said in sent.refused.values()), sent.refused
    assert wrong_in(seen, sent) == []
    assert seen.position == FACTS * len(sent.requests)
    assert len(seen.commands()) == len(sent.requests)
    print(
        f"\nfull    appends  refused  lost  half-written\n"
        f"{what:6}  {len(sent.requests):7}  {len(sent.refused):7}     0             0"
    )
