"""How long an auditor's check of a million events takes: ``python -m bench.verify [EVENTS]``.

The export is written here, sealed and signed, without the store; the program runs as an auditor starts it.
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

from bench.figures import Figure
from tests.verify import making
from tests.verify.making import Row

_PROGRAM = Path(__file__).parents[1] / "verify" / "kette_verify.py"
_EVENTS, _MILLION = 200_000, 1_000_000
_PER_JOURNEY, _PER_FILE = 25, 100_000
_TEXT = b'{"type":"ContactNoted","occurred_on":"2026-03-02","attributes":{"text":"%s"}}' % (
    b"x" * 200
)


def figures(events: int = _EVENTS) -> Sequence[Figure]:
    """Write an export, verify it, and return the time for a million events."""
    with tempfile.TemporaryDirectory() as folder:
        with ProcessPoolExecutor(1, get_context("spawn")) as writer:
            key = writer.submit(_write, Path(folder), events).result()
        size = sum(one.stat().st_size for one in Path(folder).iterdir()) / _MILLION
        took, used = verified(folder, key)
    beside = (
        f"{events} events of {events // _PER_JOURNEY} journeys, {size:.0f} MB, in {took:.1f} s; "
        f"CPU {used.ru_utime + used.ru_stime:.1f} s, memory {used.ru_maxrss / 1024:.0f} MiB"
    )
    scale = _MILLION / events
    return (Figure("verify 1 M events", took * scale, "s", at_most=180, beside=beside),)


def verified(folder: str, key: str) -> tuple[float, resource.struct_rusage]:
    """Run the program; return its seconds and what it used."""
    begun = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, _PROGRAM, folder, "--key", key], stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    if program.returncode:
        raise RuntimeError("the export that was written here does not verify")
    return time.perf_counter() - begun, used


def _rows(events: int) -> Iterator[Row]:
    """Yield events of journeys that are told side by side."""
    rnd = random.Random(1)
    people = [rnd.randbytes(16) for _ in range(max(events // _PER_JOURNEY, 1))]
    keys = {one: (rnd.randbytes(16), rnd.randbytes(32)) for one in people}
    heads: dict[bytes, tuple[int, bytes]] = {}
    for position in range(1, events + 1):
        journey = rnd.choice(people)
        version, previous = heads.get(journey, (0, bytes(32)))
        row = making.sealed_row(
            _TEXT,
            keys[journey][1],
            rnd.randbytes(12),
            position=position,
            journey=journey,
            version=version + 1,
            kind=b"notes",
            fingerprint=bytes(16),
            moment=position,
            previous=previous,
            key=keys[journey][0],
            command=UUID(int=position).bytes,
            actor=bytes(16),
        )
        heads[journey] = (version + 1, making.leaf(row))
        yield row


def _write(folder: Path, events: int) -> str:
    """Write an export and return its verifier key."""
    signer, rows = making.signer(1), _rows(events)
    listed, leaves, commands = [], list[bytes](), list[bytes]()
    for first in range(1, events + 1, _PER_FILE):
        block = list(islice(rows, _PER_FILE))
        leaves += map(making.leaf, block)
        commands += (
            making.command_line(row[0][201:217], first + place, 1)
            for place, row in enumerate(block)
        )
        lines = [making.event_line(row) for row in block]
        listed.append(making.written(folder / f"events-{first:012d}.jsonl.zst", lines))
    note = signer.note(events, making.root(leaves))
    listed.append(making.written(folder / "commands.jsonl.zst", commands))
    making.write_trailer(folder, making.trailer(0, events, listed, note))
    return signer.verifier


if __name__ == "__main__":
    for one in figures(int(sys.argv[1]) if len(sys.argv) > 1 else _EVENTS):
        print(f"{one.name}: {one.measured:.1f} {one.unit} ({one.beside})", os.getloadavg()[0])
