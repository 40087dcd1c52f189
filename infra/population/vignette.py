"""Vignettes: small lives whose truth about one rule is written down beside them, by hand and from its text.

Every rule has some that are due or open, some of people who did everything in time or a day late, and some to whom
it does not apply. Days are told from the day of the truth, step by step in the order written: ``-17`` is 17 days before
it, ``-6m-3`` six months and then three days, ``-5y`` five years, ``-20+5w`` the fifth working day after the 20th day
before, ``-3m+1e`` the end of the month after the day three months before, ``2022-10-31`` that very day; ``~`` behind
a day tells its month only. In attributes a day begins with ``@``. Where the truth hangs on the law of one day, ``on``
names that day, and it holds on no other.

``#3`` names the third fact. Where a second person of the household is needed, ``relative`` tells that one's facts;
``#r3`` is the third of these, ``#relative`` and ``#person`` are the two journeys.
"""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import JsonValue

from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.fields import Recorder
from domain.journal import Actor
from domain.organisations import Municipality
from domain.vocabulary.person import Sex
from infra.population.draws import Draw
from infra.population.generation import Judged, Population
from infra.population.months import month_end, months_later, working_day_after
from infra.population.names import COUNTRIES, name_of
from infra.population.truth import Verdict
from infra.spreadsheets.rows import FactRow

_FOLDER = Path(__file__).with_name("vignettes")
_STEP = re.compile(r"([+-]?\d+)([demwy]?)", re.ASCII)
_DAY = re.compile(r"(?:[+-]?\d+[demwy]?)+", re.ASCII)
_VERY_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NAME = re.compile(r"#(person|relative|r?\d+)", re.ASCII)
_MONTHS_OF_YEAR = 12
_BEGUN = "JourneyStarted -1"


@dataclass(frozen=True, slots=True)
class Vignette:
    """A small life and the truth about one rule in it.

    Attributes:
        name: Names it: rule, state and a number.
        rule: The rule in question.
        state: ``due`` or ``open``; ``in_time``, ``late`` or ``not_applicable`` where nothing of the rule stands.
        facts: What happened, one line a fact.
        relative: What happened to another person of the household, one line a fact.
        key: Which fact is the key of the instance, from 1, or the key in words; 0 where it is not told.
        kind: ``gap``, ``chance`` or ``data``.
        opens: The first day of the gap, from the day of the truth.
        due: The last day in time; None where there is none.
        on: The day of the truth where it is not every day.
        why: In words, for people.
    """

    name: str
    rule: str
    state: str
    facts: tuple[str, ...]
    why: str
    key: int | str = 1
    kind: str = "gap"
    opens: str | None = None
    due: str | None = None
    on: date | None = None
    relative: tuple[str, ...] = ()

    @property
    def positive(self) -> bool:
        """Say whether something of the rule stands on the day."""
        return self.state in {"due", "open"}

    @property
    def person(self) -> str:
        """Name the journey of the person."""
        return f"VIG-{self.name}"

    @property
    def other(self) -> str:
        """Name the journey of the relative."""
        return f"{self.person}-relative"

    @property
    def instance(self) -> str:
        """Name the instance by its key; empty where it is not told."""
        if not self.key:
            return ""
        return self.named(f"#{self.key}" if isinstance(self.key, int) else self.key)

    def named(self, text: str) -> str:
        """Return a text with the facts and journeys that it speaks of by their names."""
        journeys = {"person": self.person, "relative": self.other}
        return _NAME.sub(lambda it: journeys.get(it[1], f"{self.name}/{it[1]}"), text)


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Return every vignette, file by file and in the order of the files."""
    return tuple(_read(path.read_text("utf-8") for path in sorted(_FOLDER.glob("*.toml"))))


def _read(texts: Iterable[str]) -> Iterator[Vignette]:
    counted: Counter[tuple[str, str]] = Counter()
    for row in (one for text in texts for one in tomllib.loads(text)["vignette"]):
        kind = (row["rule"], row["state"])
        counted[kind] += 1
        name = f"{row['rule']}-{row['state']}-{counted[kind]}"
        lists = {key: tuple(given) for key, given in row.items() if isinstance(given, list)}
        yield Vignette(name=name, **(row | lists))


def shifted(text: str, today: date) -> date:
    """Return the day that a text tells from a day, step by step; months and years clip each time."""
    if _VERY_DAY.fullmatch(text):
        return date.fromisoformat(text)
    day = today
    for step in _STEP.finditer(text):
        number = int(step[1])
        match step[2]:
            case "y":
                day = months_later(day, number * _MONTHS_OF_YEAR)
            case "m":
                day = months_later(day, number)
            case "e":
                day = month_end(months_later(day, number))
            case "w":
                day = working_day_after(day, number)
            case _:
                day += timedelta(days=number)
    return day


def peopled(municipality: Municipality, seed: int, today: date) -> Population:
    """Return the people of every vignette that holds on a day, and what is true of them.

    Args:
        municipality: Whose case office they come to.
        seed: Draws their names.
        today: The day on which the truth holds.
    """
    draw = Draw(f"{seed}/vignettes")
    rows: list[FactRow] = []
    judged: list[Judged] = []
    holding = [one for one in vignettes() if one.on in (None, today)]
    for place, one in enumerate(holding, 1):
        rows += _facts(one.person, f"{one.name}/", one, one.facts, municipality, today)
        rows += _identity(one.person, place, draw, municipality, today)
        if one.relative:
            rows += _facts(one.other, f"{one.name}/r", one, one.relative, municipality, today)
            rows += _identity(one.other, place, draw, municipality, today)
        judged.append(Judged(one.person, _verdict(one, today)))
    return Population(today, tuple(rows), tuple(judged))


def _facts(
    person: str,
    begin: str,
    one: Vignette,
    lines: tuple[str, ...],
    municipality: Municipality,
    today: date,
) -> list[FactRow]:
    """Return the facts of a person; the numbers of them all begin with the same text."""
    begun = any(line.startswith("JourneyStarted ") for line in lines)
    told = lines if begun else (_BEGUN, *lines)
    rows = [
        _row(person, f"{begin}{number}", one.named(line), municipality, today)
        for number, line in enumerate(told, 1 if begun else 0)
    ]
    return sorted(rows, key=_in_order)


def _in_order(row: FactRow) -> tuple[bool, datetime]:
    """Order by the moment of recording, the beginning of the journey first."""
    return row.type != "JourneyStarted", row.recorded_at or _moment(date.min)


def _verdict(one: Vignette, today: date) -> Verdict:
    if not one.positive:
        return Verdict(one.rule, one.instance, "none", why=one.why)
    return Verdict(
        one.rule,
        one.instance,
        one.state,
        None if one.opens is None else shifted(one.opens, today),
        None if one.due is None else shifted(one.due, today),
    )


def _identity(
    person: str, place: int, draw: Draw, municipality: Municipality, today: date
) -> list[FactRow]:
    office = municipality.case_offices()[0].key
    sex = draw.one((Sex.FEMALE, Sex.MALE))
    name = name_of(draw.one(COUNTRIES), sex, draw, set())
    day = today - timedelta(days=1)
    attributes: list[tuple[str, dict[str, JsonValue]]] = [
        ("PersonIdentified", {"given_names": name.given, "family_name": name.family}),
        ("FileNumberRecorded", {"number": person, "authority": office}),
    ]
    return [
        FactRow(
            person=person,
            type=type_name,
            number=f"{person}/{number}/{place}",
            occurred_on=PartialDate.of(day),
            attributes=given,
            recorded_at=_moment(day),
            recorded_by=Actor(office, Recorder.CASE_MANAGER.value, office),
            controller=municipality.unit(office).carrier,
        )
        for number, (type_name, given) in enumerate(attributes, 1)
    ]


def _row(person: str, number: str, line: str, municipality: Municipality, today: date) -> FactRow:
    office = municipality.case_offices()[0].key
    name, day, *rest = line.split(" ")
    attributes = dict(_attribute(word, today) for word in rest)
    occurred_on = _partial(day, today)
    known = occurred_on.latest or today
    read_fact(name, attributes)
    return FactRow(
        person=person,
        type=name,
        number=number,
        occurred_on=occurred_on,
        attributes=attributes,
        recorded_at=_moment(min(known, today - timedelta(days=1))),
        recorded_by=Actor(office, Recorder.CASE_MANAGER.value, office),
        controller=municipality.unit(office).carrier,
    )


def _partial(text: str, today: date) -> PartialDate:
    if text == "?":
        return PartialDate()
    day = shifted(text.removesuffix("~"), today)
    return PartialDate(day.year, day.month) if text.endswith("~") else PartialDate.of(day)


def _attribute(word: str, today: date) -> tuple[str, JsonValue]:
    name, _, text = word.partition("=")
    if text.startswith("@"):
        return name, str(_partial(text[1:], today))
    if _DAY.fullmatch(text) and not text.isdigit():
        raise ValueError(f"{word}: write a day as {name}=@{text}")
    try:
        value: Any = json.loads(text)
    except ValueError:
        return name, text
    return name, _dated(value, today)


def _dated(value: Any, today: date) -> Any:
    """Return a JSON value with the days inside it reckoned."""
    if isinstance(value, str) and value.startswith("@"):
        return str(_partial(value[1:], today))
    if isinstance(value, Mapping):
        return {key: _dated(inner, today) for key, inner in value.items()}
    return [_dated(one, today) for one in value] if isinstance(value, list) else value


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(8), UTC)
