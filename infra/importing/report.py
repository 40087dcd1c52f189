"""What an import did, or would do."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from domain.events.registry import FACTS
from domain.labels import Language
from infra.spreadsheets.cells import Notice, Place
from infra.spreadsheets.findings import Findings, Warned
from infra.spreadsheets.texts import text

_VANISHED_KEPT = 1_000


@dataclass(frozen=True, slots=True)
class Vanished:
    """A fact that an earlier import told and the list no longer has; it stays as it is."""

    journey: UUID
    type: str
    fact_id: str

    def in_language(self, language: Language) -> str:
        """Return the notice as a sentence."""
        label = FACTS[self.type].about.label.in_language(language)
        return text("vanished", language).format(fact=label, id=self.fact_id, journey=self.journey)


_Notices = tuple[Notice, ...] | tuple[Warned, ...] | tuple[Vanished, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do.

    Attributes:
        file: The name of the file.
        source: The lasting name of the list.
        dry_run: Whether nothing was written.
        history: Whether facts kept the day of their recording.
        rows: The rows that were read.
        appended: Facts that are new.
        corrections: Facts that were corrected because their row changed.
        unchanged: Rows that the journal held already.
        journeys_started: People that are new.
        refused_rows: Rows that were refused.
        reasons: For how many reasons, all in all.
        refused: The first of these reasons by row, each with its place and cure.
        vanished_facts: Facts whose row the list no longer has.
        vanished: The first of them.
        warnings: What else is worth knowing.
        by_type: New facts by their type.
    """

    file: str
    source: str
    dry_run: bool
    history: bool
    rows: int
    appended: int
    corrections: int
    unchanged: int
    journeys_started: int
    refused_rows: int
    reasons: int
    refused: tuple[Notice, ...]
    vanished_facts: int
    vanished: tuple[Vanished, ...]
    warnings: tuple[Warned, ...]
    by_type: Mapping[str, int]

    @property
    def exit_code(self) -> int:
        """Return what a command ends with: 0 if all rows were taken, 1 if some were refused."""
        return 1 if self.refused_rows else 0

    def lines(self, language: Language = "de") -> Iterator[str]:
        """Yield the report as sentences for people."""
        head = "report-would" if self.dry_run else "report-did"
        yield text(head, language).format(
            file=self.file,
            rows=self.rows,
            appended=self.appended,
            people=self.journeys_started,
            corrections=self.corrections,
            unchanged=self.unchanged,
        )
        for name, count in sorted(self.by_type.items(), key=lambda one: (-one[1], one[0])):
            yield f"  {count:>7}  {FACTS[name].about.label.in_language(language)}"
        if self.history:
            yield text("report-history", language)
        yield from self._list("report-warnings", self.warnings, len(self.warnings), language)
        yield from self._list("report-vanished", self.vanished, self.vanished_facts, language)
        if self.refused_rows:
            yield text("report-refused", language).format(n=self.refused_rows)
            yield from _lines(self.refused, self.reasons, language)

    def _list(
        self,
        head: str,
        notices: _Notices,
        count: int,
        language: Language,
    ) -> Iterator[str]:
        if count:
            yield text(head, language).format(n=count)
        yield from _lines(notices, count, language)


def _lines(notices: _Notices, count: int, language: Language) -> Iterator[str]:
    for one in notices:
        yield f"  - {one.in_language(language)}"
    if count > len(notices):
        yield text("report-more", language).format(n=count - len(notices))


def _row(notice: Notice) -> tuple[str, int]:
    return notice.place.sheet, notice.place.row


@dataclass(slots=True)
class Tally:
    """Counts while an import runs.

    Attributes:
        columns: Of every sheet that is read, the places of its columns by compared header.
    """

    findings: Findings = field(default_factory=Findings)
    columns: dict[str, Mapping[str, Place]] = field(default_factory=dict)
    rows: int = 0
    appended: int = 0
    corrections: int = 0
    unchanged: int = 0
    journeys_started: int = 0
    vanished_facts: int = 0
    vanished: list[Vanished] = field(default_factory=list)
    by_type: Counter[str] = field(default_factory=Counter)

    def note_vanished(self, one: Vanished) -> None:
        """Note a fact whose row the list no longer has."""
        self.vanished_facts += 1
        if len(self.vanished) < _VANISHED_KEPT:
            self.vanished.append(one)

    def report(self, file: str, source: str, *, dry_run: bool, history: bool) -> ImportReport:
        """Return the finished report."""
        return ImportReport(
            file=file,
            source=source,
            dry_run=dry_run,
            history=history,
            rows=self.rows,
            appended=self.appended,
            corrections=self.corrections,
            unchanged=self.unchanged,
            journeys_started=self.journeys_started,
            refused_rows=self.findings.refused_rows,
            reasons=self.findings.refused_count,
            refused=tuple(sorted(self.findings.refused, key=_row)),
            vanished_facts=self.vanished_facts,
            vanished=tuple(self.vanished),
            warnings=self.findings.warnings(),
            by_type=dict(self.by_type),
        )
