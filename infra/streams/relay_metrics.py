"""The figures of a relay for Prometheus; how far it lags is read off the journal at every scrape.

Journeys and persons never appear in a label.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import psycopg
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from domain.outgoing import Withheld
from domain.publishing import Progress
from infra import header
from infra.session import READER, Session

_LOOPBACK = "127.0.0.1"
_SELECT_LAG = """
SELECT head.position - %b, (SELECT header FROM kette.events WHERE position = %b + 1),
       waiting.number, waiting.since
  FROM kette.log_head AS head,
       (SELECT count(*) AS number, min(noticed_at) AS since FROM kette.crossings WHERE seq > %b) AS waiting
"""


class RelayMetrics:
    """The figures of one relay of one topic."""

    def __init__(self, dsn: str, topic: str) -> None:
        self._topic = topic
        self._serving = ExitStack()
        self._registry = CollectorRegistry()
        self._lag = _Lag(dsn, topic)
        self._registry.register(self._lag)
        self._leading = self._gauge("kette_relay_leading", "1 while this relay leads")
        self._refused = self._gauge(
            "kette_relay_refused_position",
            "Position of the record that the broker refuses; 0 if none",
        )
        self._published = self._counter("kette_relay_published", "Facts and crossings published")
        self._fenced = self._counter("kette_relay_fenced", "Times another relay took the place")
        self._rebuilds = self._counter(
            "kette_relay_rebuilds", "Times everything was thrown away and begun again", "reason"
        )
        self._suppressed = self._counter(
            "kette_relay_suppressed",
            "Facts of which subscribers learn only that the journey advanced",
            "reason",
        )
        self._fenced.labels(topic)
        self._published.labels(topic)
        for why in Withheld:
            self._suppressed.labels(topic, why.value)

    def close(self) -> None:
        """Read and serve no more."""
        self._lag.close()
        self._serving.close()

    def serve(self, port: int) -> None:
        """Let this machine scrape the figures.

        Raises:
            OSError: If the port cannot be had.
        """
        server, _thread = start_http_server(port, _LOOPBACK, self._registry)
        self._serving.callback(server.server_close)
        self._serving.callback(server.shutdown)

    def exposition(self) -> str:
        """Return every figure in the text format."""
        return generate_latest(self._registry).decode()

    def standby(self) -> None:
        """Another relay leads."""
        self._leading.labels(self._topic).set(0)

    def reached(self, progress: Progress, published: int, withheld: Iterable[Withheld]) -> None:
        """Tell how far the topic came, and what went out."""
        self._lag.progress = progress
        self._leading.labels(self._topic).set(1)
        if published:
            self._refused.labels(self._topic).set(0)
            self._published.labels(self._topic).inc(published)
        for why, number in Tally(withheld).items():
            self._suppressed.labels(self._topic, why.value).inc(number)

    def failed(self, reason: str) -> None:
        """Everything is thrown away and begun again."""
        self._leading.labels(self._topic).set(0)
        self._rebuilds.labels(self._topic, reason).inc()

    def refused(self, position: int) -> None:
        """The broker refuses what stands at a position."""
        self._refused.labels(self._topic).set(position)

    def fenced(self) -> None:
        """Another relay took the place."""
        self._fenced.labels(self._topic).inc()

    def _gauge(self, name: str, meaning: str) -> Gauge:
        return Gauge(name, meaning, ["topic"], registry=self._registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(name, meaning, ["topic", *labels], registry=self._registry)


class _Lag(Collector):
    """How far the topic lags behind the journal; nothing is said before it is known or while it is not."""

    def __init__(self, dsn: str, topic: str) -> None:
        self.progress: Progress | None = None
        self._session = Session(dsn, READER)
        self._topic = topic

    def close(self) -> None:
        with self._session.lock:
            self._session.drop()

    @override
    def collect(self) -> Iterator[Metric]:
        events = GaugeMetricFamily(
            "kette_relay_lag_events", "Facts and crossings not published yet", labels=["topic"]
        )
        seconds = GaugeMetricFamily(
            "kette_relay_lag_seconds", "Age of the oldest of them", labels=["topic"]
        )
        if self.progress is not None and (row := self._read(self.progress)) is not None:
            facts, stored_header, crossings, since = row
            events.add_metric([self._topic], max(0, facts) + crossings)
            seconds.add_metric([self._topic], _age(stored_header, since))
        yield events
        yield seconds

    def _read(self, progress: Progress) -> Any:
        arguments = [progress.position, progress.position, progress.crossing]
        with self._session.lock:
            try:
                cursor = self._session.connection().execute(_SELECT_LAG, arguments)
                return cursor.fetchone()
            except psycopg.Error:
                self._session.drop()
                return None


def _age(stored_header: bytes | None, since: datetime | None) -> float:
    """Return how long the oldest of a fact and a crossing has waited."""
    waiting = [] if since is None else [since]
    if stored_header is not None:
        waiting.append(header.unpack(stored_header).recorded_at)
    return max(((datetime.now(UTC) - one).total_seconds() for one in waiting), default=0.0)
