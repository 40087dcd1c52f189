"""What an auditor gets: a real export, the time to verify it, and proofs of single events out of the tiles.

``python -m bench.exported [JOURNEYS]`` prints the figures; :func:`figures` returns them. The journal is loaded here, signed by the
notary and written by `kette export`; the verifier runs as an auditor starts it.
"""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from bench.figures import Figure, percentile
from bench.population import fill
from bench.store import fresh_store
from bench.verify import verified
from infra.merkle import Frontier, includes, inclusion, leaf_hash
from infra.notary_store import PUBLIC_KEY
from infra.tiles import TileFolder, TileReader, TileWriter

_JOURNEYS, _MILLION = 1_000, 1_000_000
_PROOFS = 400
_VERIFY_SECONDS, _PROOF_MILLISECONDS = 180.0, 1.0
_MILLISECONDS = 1_000


def figures(journeys: int = _JOURNEYS) -> list[Figure]:
    """Export a journal and verify it; prove events of a tree of a million."""
    return [_verifying(journeys), _proving()]


def _verifying(journeys: int) -> Figure:
    with tempfile.TemporaryDirectory(prefix="kette-bench-") as folder, fresh_store() as store:
        events = fill(store, journeys)
        settings = {**store.settings, "KETTE_DATA_DIR": folder}
        target = Path(folder, "export")
        signing = _kette(settings, "notary", "--once")
        writing = _kette(settings, "export", str(target))
        size = sum(one.stat().st_size for one in target.iterdir()) / _MILLION
        key = Path(folder, "log", PUBLIC_KEY).read_text().strip()
        took, used = verified(str(target), key)
    scale = _MILLION / events
    return Figure(
        "verify 1 M events of a real export",
        took * scale,
        "s",
        at_most=_VERIFY_SECONDS,
        beside=f"{events:,} events, {size:.0f} MB, in {took:.1f} s; CPU {used.ru_utime + used.ru_stime:.1f} s; "
        f"signed in {signing:.1f} s, exported in {writing:.1f} s",
    )


def _kette(settings: Mapping[str, str], *command: str) -> float:
    """Run a command of Kette; return its seconds, start-up included."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "kette", *command],
        env=os.environ | dict(settings),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - begun


def _proving() -> Figure:
    with tempfile.TemporaryDirectory(prefix="kette-bench-") as place:
        folder = TileFolder(Path(place))
        top = _grown(folder)
        indices = random.Random(1).sample(range(_MILLION), _PROOFS)
        warm = TileReader(folder.fetch, _MILLION)
        alone = [_proven(TileReader(folder.fetch, _MILLION), one, top) for one in indices]
        kept = [_proven(warm, one, top) for one in indices]
    elapsed = [one.elapsed for one in alone]
    return Figure(
        "inclusion proof in a tree of 1 M, from tiles",
        statistics.median(one.used for one in alone),
        "ms",
        at_most=_PROOF_MILLISECONDS,
        beside="CPU, each by a new reader; by the clock "
        f"{statistics.median(elapsed):.2f} ms, best {min(elapsed):.2f}, p99 {percentile(elapsed, 99):.2f}; "
        f"all by one reader {statistics.median(one.used for one in kept):.2f} ms of CPU",
    )


def _grown(folder: TileFolder) -> bytes:
    """Write the tiles of a tree of a million leaves; return its root."""
    edge, writer = Frontier(), TileWriter(folder, 0)
    for index in range(_MILLION):
        edge.append(_leaf(index))
        writer.append(_leaf(index))
    writer.finish()
    return edge.root()


def _leaf(index: int) -> bytes:
    return leaf_hash(index.to_bytes(8, "big"))


class Took(NamedTuple):
    """Milliseconds of a proof: by the clock, and of this process."""

    elapsed: float
    used: float


def _proven(reader: TileReader, index: int, top: bytes) -> Took:
    """Make a proof; return what that took, once it was verified."""
    used, begun = time.process_time(), time.perf_counter()
    proof = inclusion(reader.nodes, index, _MILLION)
    elapsed, used = time.perf_counter() - begun, time.process_time() - used
    if not includes(top, _MILLION, _leaf(index), index, proof):
        raise RuntimeError(f"the proof of leaf {index} does not hold")
    return Took(elapsed * _MILLISECONDS, used * _MILLISECONDS)


def main() -> None:
    """Print the figures."""
    for one in figures(int(sys.argv[1]) if len(sys.argv) > 1 else _JOURNEYS):
        print(f"{one.name:48} {one.measured:8.2f} {one.unit}  {one.beside}")


if __name__ == "__main__":
    main()
