"""The figures of a running Kette for Prometheus: appends, positions, lag of the read models, open gaps.

Journeys and persons never appear in a label.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from time import perf_counter
from typing import Protocol
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from typing_extensions import override

from domain.errors import KetteError
from domain.integrity import Standing
from domain.journal import Answer, Append, Journal, Recorded
from projections.worklist import Freshness

_BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Tables(Protocol):
    """What the read models tell about themselves."""

    def freshness(self) -> Freshness:
        """Return how far the tables have read."""
        ...

    def open_by_rule(self, as_of: date) -> Mapping[str, int]:
        """Return how many gaps of each rule are open on a day."""
        ...


class Metrics:
    """The figures of one process; scraping reads what is in the database anew."""

    def __init__(
        self,
        tables: Tables,
        today: Callable[[], date],
        signed: Callable[[], Standing] | None = None,
    ) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Kept(tables, today))
        if signed is not None:
            self._registry.register(_Signed(signed))
        self.append_seconds = Histogram(
            "kette_append_seconds",
            "Time from handing appends over to their answers",
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.appends = Counter(
            "kette_appends", "Answers to appends", ["outcome"], registry=self._registry
        )

    def measured(self, journal: Journal) -> Journal:
        """Return the journal with its appends measured."""
        return _Measured(journal, self)

    def exposition(self) -> bytes:
        """Return every figure in the text format."""
        return generate_latest(self._registry)


class _Measured:
    """A journal whose appends are measured."""

    def __init__(self, journal: Journal, metrics: Metrics) -> None:
        self._journal = journal
        self._metrics = metrics

    def append(self, requests: Sequence[Append]) -> Sequence[Answer]:
        started = perf_counter()
        answers = self._journal.append(requests)
        self._metrics.append_seconds.observe(perf_counter() - started)
        for answer in answers:
            self._metrics.appends.labels(answer.outcome.value).inc()
        return answers

    def answered(self, command_id: UUID, body: bytes) -> Answer | None:
        return self._journal.answered(command_id, body)

    def read(self, journey: UUID) -> Sequence[Recorded]:
        return self._journal.read(journey)

    def page(self, after: int, limit: int) -> Sequence[Recorded]:
        return self._journal.page(after, limit)


class _Kept(Collector):
    """What stands in the database, read at every scrape; an unreachable database is a figure as well."""

    def __init__(self, tables: Tables, today: Callable[[], date]) -> None:
        self._tables = tables
        self._today = today

    @override
    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("kette_database_up", "1 if the database answers")
        try:
            freshness = self._tables.freshness()
            gaps = self._tables.open_by_rule(self._today())
        except KetteError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        yield from _positions(freshness)
        opened = GaugeMetricFamily("kette_gaps_open", "Open gaps by rule", labels=["rule"])
        for rule, number in sorted(gaps.items()):
            opened.add_metric([rule], number)
        yield opened


class _Signed(Collector):
    """How far the journal is signed."""

    def __init__(self, signed: Callable[[], Standing]) -> None:
        self._signed = signed

    @override
    def collect(self) -> Iterator[Metric]:
        try:
            found = self._signed()
        except KetteError:
            return
        waited = 0.0
        if found.unsigned_since is not None:
            waited = (datetime.now(UTC) - found.unsigned_since).total_seconds()
        for name, meaning, value in (
            (
                "kette_checkpoint_size",
                "Events in the newest checkpoint",
                found.head - found.unsigned,
            ),
            ("kette_unsigned_events", "Events that no checkpoint holds yet", found.unsigned),
            ("kette_unsigned_seconds", "How long the oldest of them has waited", max(waited, 0.0)),
            (
                "kette_notary_refuses",
                "1 if the notary stopped signing",
                int(found.refusal is not None),
            ),
        ):
            yield GaugeMetricFamily(name, meaning, value)


def _positions(freshness: Freshness) -> Iterator[Metric]:
    """Yield how far the journal and the tables are."""
    head = freshness.position + freshness.behind
    yield GaugeMetricFamily("kette_journal_position", "Last position of the journal", head)
    yield GaugeMetricFamily(
        "kette_projection_position", "Last position in the read models", freshness.position
    )
    yield GaugeMetricFamily(
        "kette_projection_lag_events", "Records that the read models lack", freshness.behind
    )
    yield GaugeMetricFamily(
        "kette_projection_lag_seconds",
        "How long the oldest record that they lack has waited",
        freshness.lag_seconds,
    )
