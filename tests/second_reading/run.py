"""The agreement run: ``python -m tests.second_reading.run [--journeys 2000] [--out FILE]``.

Random journeys of the facts of one to four rules, each read by all rules and both readings, with everything known and
as it was known on a random day.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from domain.chain.catalogue import RULES
from tests.chain.journeys import Drawn, drawn
from tests.second_reading.test_agreement import differences_of, report, rows_of_chain

_COLUMNS = 4


@dataclass
class Run:
    """What a run compared, by rule: journeys on which it spoke, rows found, journeys that differ."""

    journeys: int = 0
    facts: int = 0
    readings: int = 0
    spoke: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    differ: Counter[str] = field(default_factory=Counter)
    reports: list[str] = field(default_factory=list)

    def take(self, journey: Drawn) -> None:
        """Compare both readings of a journey, by all rules."""
        self.journeys += 1
        self.facts += len(journey.told)
        for rule in RULES.values():
            found = set()
            for known_at in (None, journey.known_at or journey.days[2]):
                self.readings += 1
                found |= rows_of_chain(rule, journey.told, known_at)
                differences = list(differences_of(rule, journey.told, known_at))
                if differences:
                    self.differ[rule.id] += 1
                    self.reports.append(report(journey, differences))
            self.spoke[rule.id] += bool(found)
            self.rows[rule.id] += len(found)

    def page(self) -> str:
        """The table for the reference."""
        return "\n".join((*self._head(), *self._table(), ""))

    def _head(self) -> Sequence[str]:
        differing = sum(self.differ.values())
        return (
            "# The last agreement run",
            "",
            f"{self.journeys:,} random journeys with {self.facts:,} facts, each read by all {len(RULES)} rules with everything",
            "known and as it was known on a random day: "
            f"{self.readings:,} readings by the engine and as many by the [second reading](agreement.md).",
            f"They found {sum(self.rows.values()):,} rows and differ in {differing} readings.",
            "`make soak` runs it; the columns are: on how many journeys the rule had anything to say, how many rows, how many",
            "readings differ.",
            "",
        )

    def _table(self) -> Sequence[str]:
        cells = [
            f"{one} | {self.spoke[one]} | {self.rows[one]} | {self.differ[one]}" for one in RULES
        ]
        lines = [
            " | ".join(cells[place : place + _COLUMNS]) for place in range(0, len(cells), _COLUMNS)
        ]
        lines[-1] += " | " * (4 * (-len(cells) % _COLUMNS))
        return (
            "| " + " | ".join(["rule | speaks | rows | differ"] * _COLUMNS) + " |",
            "|" + "---|---:|---:|---:|" * _COLUMNS,
            *(f"| {line} |" for line in lines),
        )


def run(journeys: int) -> Run:
    """Compare so many journeys, seed after seed."""
    done = Run()
    for seed in range(journeys):
        done.take(drawn(seed))
    return done


def main(words: Sequence[str] | None = None) -> int:
    """Run, write the table, and show the first that differ."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--journeys", type=int, default=2000)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(words)
    done = run(given.journeys)
    if given.out is None:
        print(done.page())
    else:
        given.out.write_text(done.page(), encoding="utf-8")
    print("\n".join(done.reports[:5]), file=sys.stderr)
    return 1 if done.differ else 0


if __name__ == "__main__":
    sys.exit(main())
