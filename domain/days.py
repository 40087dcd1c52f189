"""Days as people know them: exactly, by month, by year, or not at all.

A :class:`PartialDate` never pretends to know more than was said. What it may be compared by is its
*earliest* and its *latest* possible day; "before" is therefore two questions, :meth:`certainly_before`
and :meth:`possibly_before`.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema
from typing_extensions import override

from domain.errors import UnreadableDateError

_ISO = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class Precision(StrEnum):
    """How exactly a day is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month, a year, or *happened, day unknown*; written ``2024-03-15``, ``2024-03``, ``2024``.

    Attributes:
        earliest: The first possible day; None if nothing is known.
        latest: The last possible day; None if nothing is known.

    Raises:
        UnreadableDateError: If the parts do not name a day of the calendar.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    earliest: date | None = field(init=False, repr=False, compare=False)
    latest: date | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if (self.month is not None and self.year is None) or (
            self.day is not None and self.month is None
        ):
            raise UnreadableDateError("a date lacks its year or month")
        try:
            earliest, latest = _possible(self.year, self.month, self.day)
        except ValueError as error:
            raise UnreadableDateError("there is no such day in the calendar") from error
        object.__setattr__(self, "earliest", earliest)
        object.__setattr__(self, "latest", latest)

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the exact day."""
        return cls(day.year, day.month, day.day)

    @staticmethod
    @lru_cache(maxsize=65536)
    def parse(text: str) -> "PartialDate":
        """Read ISO text of day, month or year precision; the empty text is the unknown day."""
        if not text:
            return PartialDate()
        found = _ISO.fullmatch(text)
        if found is None:
            raise UnreadableDateError("this is no date: write YYYY-MM-DD, YYYY-MM or YYYY")
        return PartialDate(*(None if part is None else int(part) for part in found.groups()))

    @property
    def precision(self) -> Precision:
        """Say how exactly the day is known."""
        if self.year is None:
            return Precision.UNKNOWN
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def known(self) -> bool:
        """Say whether anything is known about the day."""
        return self.year is not None

    @property
    def exact(self) -> date | None:
        """Return the day if it is known exactly."""
        return self.earliest if self.day is not None else None

    def certainly_before(self, other: Self | date) -> bool:
        """Say whether every possible day of this date lies before every possible day of the other."""
        mine, theirs = self.latest, other if isinstance(other, date) else other.earliest
        return mine is not None and theirs is not None and mine < theirs

    def certainly_after(self, other: Self | date) -> bool:
        """Say whether every possible day of this date lies after every possible day of the other."""
        mine, theirs = self.earliest, other if isinstance(other, date) else other.latest
        return mine is not None and theirs is not None and mine > theirs

    def possibly_before(self, other: Self | date) -> bool:
        """Say whether this date may lie before the other: an unknown day may lie anywhere."""
        mine, theirs = self.earliest, other if isinstance(other, date) else other.latest
        return mine is None or theirs is None or mine < theirs

    @override
    def __str__(self) -> str:
        if self.year is None:
            return ""
        parts = [f"{self.year:04d}"]
        parts += [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(parts)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: type[Any], _handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated,
            serialization=core_schema.plain_serializer_function_ser_schema(
                _serialised, return_schema=core_schema.nullable_schema(core_schema.str_schema())
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {
            "type": ["string", "null"],
            "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$",
            "description": "A day, a month or a year; null: happened, day unknown.",
        }


def _possible(
    year: int | None, month: int | None, day: int | None
) -> tuple[date | None, date | None]:
    """Return the first and the last possible day."""
    if year is None:
        return None, None
    first = date(year, 1 if month is None else month, 1 if day is None else day)
    if day is not None:
        return first, first
    last = 12 if month is None else month
    return first, date(year, last, monthrange(year, last)[1])


UNKNOWN_DAY = PartialDate()


def _validated(value: object) -> PartialDate:
    """Read what pydantic hands over; None is the unknown day."""
    if isinstance(value, str):
        try:
            return PartialDate.parse(value)
        except UnreadableDateError:
            raise UnreadableDateError(_CURE) from None
    if isinstance(value, PartialDate):
        return value
    if value is None:
        return UNKNOWN_DAY
    if type(value) is date:
        return PartialDate.of(value)
    raise UnreadableDateError(_CURE)


_CURE = "write an existing day as YYYY-MM-DD, YYYY-MM or YYYY"


def _serialised(value: PartialDate) -> str | None:
    return str(value) or None
