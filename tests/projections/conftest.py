"""The past written as facts: ``told("TitleGranted 2024-03-15 basis=AUFENTHG_25_3", ...)``."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from domain.chain.reading import Told
from domain.days import PartialDate
from domain.events.registry import read_fact

Tell = Callable[..., tuple[Told, ...]]


def _told(number: int, text: str) -> Told:
    name, day, *rest = text.split(" ")
    attributes: dict[str, Any] = {}
    recorded = None
    fact_id = f"f{number}"
    for pair in rest:
        key, value = pair.split("=", 1)
        if key == "recorded":
            recorded = datetime.combine(date.fromisoformat(value), datetime.min.time(), UTC)
        elif key == "id":
            fact_id = value
        else:
            attributes[key] = _value(value)
    return Told(fact_id, read_fact(name, attributes), PartialDate.parse(day.strip("-")), recorded)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text.replace("_", " ") if text.startswith("~") else text


@pytest.fixture
def told() -> Tell:
    return lambda *texts: tuple(_told(number, text) for number, text in enumerate(texts, 1))
