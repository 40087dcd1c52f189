"""A full disk: a clear error, nothing half-written, and everything goes on once there is room.

The disk is a small one of the test's own: a tmpfs, which takes root to mount, or the folder named in
``KETTE_TEST_SMALL_DISK``, on a file system of at most 512 MB.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest

from domain.journal import Append, Outcome
from infra import cluster
from infra.embedded import EmbeddedServer
from infra.errors import JournalUnavailableError
from infra.migrations import migrate
from tests.faults.journals import opened, patiently_opened
from tests.faults.seen import Seen
from tests.faults.writing import Acknowledged, entries

pytestmark = pytest.mark.faults

SAYS = "no space left on the database's disk: make room there"
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
        ["mount", "-t", "tmpfs", "-o", "size=160m,mode=0755", "tmpfs", folder],
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


@dataclass
class Sent:
    """What writers sent: what was answered, and what was said instead of an answer."""

    requests: dict[UUID, Append] = field(default_factory=dict)
    answered: list[Acknowledged] = field(default_factory=list)
    refused: dict[UUID, str] = field(default_factory=dict)

    def until_full(self, dsn: str, number: int) -> None:
        """Append until an error comes."""
        with opened(dsn) as journal:
            while True:
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

    def again(self, dsn: str) -> None:
        """Send again what was not answered, under the same ids."""
        with patiently_opened(dsn) as journal:
            for command in self.refused:
                (answer,) = journal.append([self.requests[command]])
                assert answer.outcome in {Outcome.APPENDED, Outcome.DUPLICATE}
                assert answer.first_position is not None
                self.answered.append(Acknowledged(command, answer.first_position, FACTS))


def all_of(dsn: str) -> Seen:
    """Read a whole journal."""
    seen = Seen()
    with patiently_opened(dsn) as journal:
        while block := journal.page(seen.position, 2_000):
            seen.take(block)
        assert journal.head().position == seen.position
    return seen


@pytest.mark.parametrize("what", ["log", "tables"])
def test_a_full_disk_is_named_and_nothing_is_half_written(
    disk: Path, tmp_path: Path, what: str
) -> None:
    """Without room for the tables PostgreSQL stays and refuses; without room for its log it ends."""
    data = disk / "kette"
    with EmbeddedServer(data) as server:
        migrate(server.dsn())
    if what == "tables":
        move_log(data, tmp_path / "log")

    sent = Sent()
    with EmbeddedServer(data) as server:
        dsn = server.dsn()
        filler = fill(disk, left=6 * MEGABYTE)
        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(sent.until_full, [dsn] * WRITERS, range(WRITERS)))
        begun = time.monotonic()
        for _ in range(WRITERS):
            if what == "tables":
                seen = all_of(dsn)
                seen.check(sent.answered)
                assert seen.wrong == []
            else:
                with pytest.raises(JournalUnavailableError, match=SAYS):
                    opened(dsn).close()
        assert time.monotonic() - begun < 5

        filler.unlink()
        sent.again(dsn)
        seen = all_of(dsn)

    assert len(sent.refused) == WRITERS
    assert all(SAYS in said for said in sent.refused.values()), sent.refused
    seen.check(sent.answered)
    assert seen.wrong == []
    assert seen.position == FACTS * len(sent.requests)
    assert len(seen.commands()) == len(sent.requests)
    print(
        f"\nfull   appends  refused  lost  half-written\n{what:6}  {len(sent.requests):6}  {len(sent.refused):7}     0             0"
    )
