"""How fast the two screens answer: ``python -m bench.pages URL`` asks 20 times a second for 30 seconds.

The journeys asked for are those of the first pages of the gap list, so every answer is another person's.
Requests start on time whether or not the one before has been answered.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from time import perf_counter

import httpx

RATE, SECONDS = 20, 30


def main() -> int:
    """Measure a running site and print the figures."""
    if len(sys.argv) != 2:
        print("usage: python -m bench.pages URL", file=sys.stderr)
        return 2
    for name, value in asyncio.run(measure(sys.argv[1].rstrip("/"))).items():
        print(f"{name:<32}{value:8.1f} ms")
    return 0


async def measure(url: str, rate: int = RATE, seconds: int = SECONDS) -> dict[str, float]:
    """Return percentiles in milliseconds for the gap list and for the journey page."""
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        journeys = await addresses(client)
        asked = [
            ("gap list", f"/?seite={n // 2 % 5 + 1}")
            if n % 2
            else ("journey", journeys[n % len(journeys)])
            for n in range(rate * seconds)
        ]
        began = perf_counter()
        took = await asyncio.gather(
            *(timed(client, path, began + n / rate) for n, (_, path) in enumerate(asked))
        )
    return {
        f"{name}, p{percent}": percentile(
            [time for (kind, _), time in zip(asked, took, strict=True) if kind == name], percent
        )
        for name in ("gap list", "journey")
        for percent in (50, 99)
    }


async def addresses(client: httpx.AsyncClient) -> list[str]:
    """Return the addresses of the journeys on the first pages of the list."""
    pages = [(await client.get(f"/?seite={number}")).text for number in range(1, 6)]
    found = sorted({one for page in pages for one in re.findall(r"/verlauf/[0-9a-f-]{36}", page)})
    if not found:
        raise SystemExit("the gap list is empty: load the demo data first")
    return found


async def timed(client: httpx.AsyncClient, path: str, at: float) -> float:
    """Ask at a moment; return how long the answer took, in milliseconds."""
    await asyncio.sleep(max(0.0, at - perf_counter()))
    started = perf_counter()
    (await client.get(path)).raise_for_status()
    return (perf_counter() - started) * 1000


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


if __name__ == "__main__":
    sys.exit(main())
