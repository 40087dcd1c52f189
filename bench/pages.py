"""How fast the two screens answer: ``python -m bench.pages URL`` asks a running site.

Requests go out on time whether or not those before have been answered, and an answer's time counts from
the moment its request was due: a site that falls behind cannot hide it. Every request asks for another
journey, or for the gap list of another day, so that no answer is one that was kept.
"""

import asyncio
import sys
from collections.abc import Sequence
from datetime import timedelta
from time import perf_counter

import httpx

from bench.figures import Figure, percentile
from infra.population.generation import DEMO_DAY

RATE, SECONDS, LIMIT = 20, 24, 100.0
_WARM_UP = 20
_PAGE = 1_000
_MILLISECONDS = 1_000


def main() -> int:
    """Measure a running site and print the figures."""
    if len(sys.argv) != 2:
        print("usage: python -m bench.pages URL", file=sys.stderr)
        return 2
    for one in figures(sys.argv[1].rstrip("/")):
        print(f"{one.name:<40}{one.measured:8.1f} {one.unit}  {one.beside}")
    return 0


def figures(url: str) -> list[Figure]:
    """Return what 99 of 100 answers of each page do not exceed."""
    return asyncio.run(_figures(url))


async def _figures(url: str) -> list[Figure]:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        asked = RATE * SECONDS
        journeys = await _journeys(client, asked + _WARM_UP)
        days = [DEMO_DAY - timedelta(days=number) for number in range(asked + _WARM_UP)]
        lists = [f"/?stand={day}" for day in days]
        return [
            await _figure(client, f"{name}, p99 at {RATE} requests/s", paths)
            for name, paths in (("gap list", lists), ("journey page", journeys))
        ]


async def _journeys(client: httpx.AsyncClient, count: int) -> list[str]:
    """Return the addresses of different journeys, in the order of the journal."""
    found: dict[str, None] = {}
    after = 0
    while len(found) < count:
        answer = await client.get("/api/v1/events", params={"after": after, "limit": _PAGE})
        items = answer.raise_for_status().json()["items"]
        if not items:
            raise SystemExit(f"only {len(found)} journeys: load the demo data first")
        found.update(dict.fromkeys(f"/verlauf/{one['journey']}" for one in items))
        after = items[-1]["position"]
    return list(found)[:count]


async def _figure(client: httpx.AsyncClient, name: str, paths: Sequence[str]) -> Figure:
    for path in paths[:_WARM_UP]:
        await _timed(client, path, perf_counter())
    began = perf_counter()
    measured = paths[_WARM_UP:]
    took = await asyncio.gather(
        *(_timed(client, path, began + n / RATE) for n, path in enumerate(measured))
    )
    return Figure(
        name,
        percentile(took, 99),
        "ms",
        at_most=LIMIT,
        beside=f"p50 {percentile(took, 50):.0f} ms, slowest {max(took):.0f} ms; {len(took)} requests",
    )


async def _timed(client: httpx.AsyncClient, path: str, due: float) -> float:
    """Ask at a moment; return how long after it the answer was there, in milliseconds."""
    await asyncio.sleep(max(0.0, due - perf_counter()))
    (await client.get(path)).raise_for_status()
    return (perf_counter() - due) * _MILLISECONDS


if __name__ == "__main__":
    sys.exit(main())
