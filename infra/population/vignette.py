"""Vignettes: small lives whose truth about one rule is written down beside them, by hand and from its text.

Every rule has some that are due or open, some of people who did everything in time or a day late, and some to whom
it does not apply. Days are told from the day of the truth, step by step in the order written: ``-17`` is 17 days before
it, ``-6m-3`` six months and then three days, ``-5y`` five years, ``-20+5w`` the fifth working day after the 20th day
before, ``-3m+1e`` the end of the month after the day three months before, ``2022-10-31`` that very day; ``~`` behind
a day tells its month only. In attributes a day begins with ``@``. Where the truth hangs on the law of one day, ``on``
names that day, and it holds on no other.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
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
        key: Which fact is the key of the instance, from 1; 0 where the rule names another key.
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
    key: int = 1
    kind: str = "gap"
    opens: str | None = None
    due: str | None = None
    on: date | None = None

    @property
    def positive(self) -> bool:
        """Say whether something of the rule stands on the day."""
        return self.state in {"due", "open"}


@cache
def vignettes() -> tuple[Vignette, ...]:
    """Return every vignette, file by file and in the order of the files."""
    return tuple(
        one for path in sorted(_FOLDER.glob("*.toml")) for one in _read(path.read_text("utf-8"))
    )


def _read(text: str) -> Iterator[Vignette]:
    counted: dict[tuple[str, str], int] = {}
    for row in tomllib.loads(text)["vignette"]:
        kind = (row["rule"], row["state"])
        counted[kind] = counted.get(kind, 0) + 1
        name = f"{row['rule']}-{row['state']}-{counted[kind]}"
        yield Vignette(name=name, **(row | {"facts": tuple(row["facts"])}))


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
    """Return one person for each vignette that holds on a day, and what is true of them.

    Args:
        municipality: Whose case office they come to.
        seed: Draws their names.
        today: The day on which the truth holds.
    """
    draw = Draw(f"{seed}/vignettes")
    office = municipality.case_offices()[0]
    rows: list[FactRow] = []
    judged: list[Judged] = []
    holding = [one for one in vignettes() if one.on in (None, today)]
    for place, one in enumerate(holding, 1):
        person = f"VIG-{one.name}"
        begun = any(line.startswith("JourneyStarted ") for line in one.facts)
        own = (
            []
            if begun
            else [_row(person, f"{one.name}/0", _BEGUN, municipality, office.key, today)]
        )
        own += [
            _row(person, f"{one.name}/{number}", line, municipality, office.key, today)
            for number, line in enumerate(one.facts, 1)
        ]
        rows += sorted(own, key=_in_order)
        rows += _identity(person, place, draw, municipality, office.key, today)
        judged.append(Judged(person, _verdict(one, today)))
    return Population(today, tuple(rows), tuple(judged))


def _in_order(row: FactRow) -> tuple[bool, datetime]:
    """Order by the moment of recording, the beginning of the journey first."""
    return row.type != "JourneyStarted", row.recorded_at or _moment(date.min)


def _verdict(one: Vignette, today: date) -> Verdict:
    key = f"{one.name}/{one.key}" if one.key else ""
    if not one.positive:
        return Verdict(one.rule, key, "none", why=one.why)
    return Verdict(
        one.rule,
        key,
        one.state,
        None if one.opens is None else shifted(one.opens, today),
        None if one.due is None else shifted(one.due, today),
    )


def _identity(
    person: str, place: int, draw: Draw, municipality: Municipality, office: str, today: date
) -> list[FactRow]:
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


def _row(
    person: str, number: str, line: str, municipality: Municipality, office: str, today: date
) -> FactRow:
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
