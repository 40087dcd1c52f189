"""Export and restore of a journal: ``python -m bench.export [EVENTS]`` prints events a second and bytes an event.

The journal is sealed, four hundred bytes of payload an event, one journey for ten events. Nothing here is compared
with another program, so `make bench` does not run it.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.journal import Append, Entry
from infra.embedded import EmbeddedServer
from infra.export import export
from infra.history import HistoryLoad
from infra.kek import KekFiles
from infra.keys import KeyRing, open_keys
from infra.migrations import migrate
from infra.notary_store import NotaryStore
from infra.restore import restore_exports

_TENANT = UUID(int=1)
_JOURNEY, _BATCH = 10, 100
_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def main(events: int) -> None:
    """Fill a journal, export it, restore it, and say how long each took."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(EmbeddedServer(place / "data"))
        beside = stack.enter_context(EmbeddedServer(place / "data" / "keys"))
        keys = stack.enter_context(open_keys(beside.dsn(), KekFiles(place / "kek"), _TENANT))
        migrate(server.dsn(), _TENANT)
        _fill(server.dsn(), keys, events)
        with NotaryStore(server.dsn(), place / "log") as log:
            _timed("sign", events, log.sign)
        _timed("export", events, lambda: export(server.dsn(), place / "one"))
        size = sum(path.stat().st_size for path in (place / "one").iterdir())
        print(f"{size / events:.0f} bytes an event")
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE other")
        other = server.dsn("other")
        migrate(other, _TENANT)
        _timed("restore", events, lambda: restore_exports(other, [place / "one"], keys.store))
        _timed("export again", events, lambda: export(other, place / "two"))
        for path in (place / "one").iterdir():
            if path.read_bytes() != (place / "two" / path.name).read_bytes():
                raise SystemExit(f"{path.name} is not exported twice alike")


def _fill(dsn: str, keys: KeyRing, events: int) -> None:
    with HistoryLoad(dsn, keys) as load:
        for begin in range(0, events // _JOURNEY, _BATCH):
            moment = _BEGIN + timedelta(seconds=begin)
            load.append([_append(moment) for _ in range(min(_BATCH, events // _JOURNEY - begin))])
        load.finish()


def _append(moment: datetime) -> Append:
    fact = read_fact("ContactHeld", {})
    entries = [
        Entry(uuid4().hex, fact, PartialDate(2024), controller="x" * 150) for _ in range(_JOURNEY)
    ]
    return Append(uuid4(), b"", uuid4(), 0, tuple(entries), moment)


def _timed(what: str, events: int, act: Callable[[], object]) -> None:
    began, cpu = time.perf_counter(), time.process_time()
    act()
    took, own = time.perf_counter() - began, time.process_time() - cpu
    print(
        f"{what}: {took:.1f} s, {events / took:,.0f} events/s ({own / events * 1e6:.0f} us of CPU here)"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
