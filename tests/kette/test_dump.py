"""A dump of a municipality's journal tells nobody's name, nothing that happened, and no day on which it did."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import pytest

from domain.events.registry import read_fact
from domain.fact import Fact
from domain.fields import DataClass
from domain.journal import Entry, Recorded
from infra import cluster
from infra.journal import open_journal
from kette.journeys import part_of_journeys
from projections.catalogue import IN_CLEAR, KEPT
from projections.folding import rows_of
from tests.canaries.planting import HIDDEN_FACTS, Planted
from tests.keyring import keys_of

Run = Callable[..., Any]
PEOPLE = 20


@dataclass(frozen=True)
class Told:
    """What a population tells: names, types of facts, and days."""

    names: frozenset[str]
    types: frozenset[str]
    days: frozenset[str]

    def seen_in(self, text: str) -> dict[str, set[str]]:
        words = set(re.findall(r"[^\W\d_]+", text))
        return {
            "names": self.names & words,
            "types": self.types & words,
            "days": self.days & set(re.findall(r"\d{4}-\d\d-\d\d", text)),
        }


@pytest.fixture(scope="module")
def told(module_dsn: str, invoked: Run, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Import a population; return what it tells."""
    folder = tmp_path_factory.mktemp("people")
    lists = [folder / name for name in ("people.xlsx", "people.jsonl")]
    for path in lists:
        said = invoked("generate", "--people", PEOPLE, "--out", path)
        assert said.code == 0, said.err
    said = invoked("import", lists[0])
    assert said.code == 0, said.out
    rows = [json.loads(line) for line in lists[1].read_text().splitlines()]
    return Told(
        frozenset(str(one["attributes"]["family_name"]) for one in rows
                  if one["type"] == "PersonIdentified" and one["attributes"].get("family_name")),
        frozenset(one["type"] for one in rows),
        frozenset(str(one["occurred_on"]) for one in rows if len(str(one["occurred_on"])) == 10),
    )  # fmt: skip


def dump(dsn: str, schema: str) -> str:
    """Return the dump of a schema as SQL."""
    done = cluster.run_as_caller("pg_dump", [f"--schema={schema}", f"--dbname={dsn}"], {})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_dump_of_the_journal_tells_nothing(module_dsn: str, told: Told) -> None:
    assert len(told.names) >= PEOPLE / 2
    assert len(told.types) > 50
    assert len(told.days) > 300
    journal = dump(module_dsn, "kette")
    assert len(re.findall(r"^\d+\t.*\\\\x", journal, re.MULTILINE)) > 500
    seen = told.seen_in(journal)
    with open_journal(module_dsn, keys_of(module_dsn)) as opened:
        recorded_at = opened.head().recorded_at  # when something was recorded stands in the headers
    assert recorded_at is not None
    assert seen == {
        "names": set(),
        "types": set(),
        "days": seen["days"] & {str(recorded_at.date())},
    }


def test_the_tables_in_clear_tell_names_and_days(module_dsn: str, told: Told) -> None:
    """What the test above looks for is found where it is."""
    seen = told.seen_in(dump(module_dsn, "views"))
    assert seen["names"] == told.names
    assert len(seen["days"]) > 100


def test_what_is_not_in_clear_rests_on_class_base_alone(module_dsn: str, told: Told) -> None:
    """Facts of identity, sensitive and notes, of any day, change nothing in the other tables."""
    logged = [one for one in KEPT if not one.in_clear]
    keys, planted, changed = keys_of(module_dsn), Planted(), set()
    with open_journal(module_dsn, keys) as journal:
        head = journal.head().position
    for journey, records in part_of_journeys(module_dsn, keys, head):
        base = [one for one in records if one.entry.data_class is DataClass.BASE]
        mixed = [*records, *_hidden(records, planted)]
        assert rows_of(logged, journey, mixed) == rows_of(logged, journey, base)
        kept = [rows_of(KEPT, journey, some) for some in (mixed, base)]
        changed |= {name for name in kept[0] if kept[0][name] != kept[1][name]}
    assert changed == IN_CLEAR == {"register", "gaps", "household"}


def _hidden(records: Sequence[Recorded], planted: Planted) -> Iterator[Recorded]:
    """Yield every fact of the hidden classes on days at which something else happened."""
    for number, fact in enumerate(HIDDEN_FACTS):
        told = planted.attributes(fact, "a test") | _named(fact)
        place = records[number % len(records)]
        made = read_fact(fact.type_name(), told)
        entry = Entry(f"hidden-{number}", made, place.entry.occurred_on, place.entry.recorded_by)
        yield replace(place, entry=entry)


def _named(fact: type[Fact]) -> dict[str, str]:
    return {one.name: str(uuid4()) for one in fact.attributes() if one.names_journey}
