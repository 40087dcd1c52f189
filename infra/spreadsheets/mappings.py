"""Mappings: how the columns of an office's case list become facts, one TOML file for each list."""

import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)

from domain.errors import KetteError
from domain.events.registry import FACTS
from domain.fact import Attribute, Fact
from infra.spreadsheets.columns import normal

_STRICT = ConfigDict(frozen=True, extra="forbid")


class MappingError(KetteError):
    """A mapping cannot be read; the message names the file, the place and what is allowed there."""

    code = "unreadable-mapping"


class Source(BaseModel):
    """Where a value comes from: a column, with the office's words for codes, or a fixed value.

    Attributes:
        values: What the office's words mean; case and spaces do not count in them.
        without: Words that do not count either.
    """

    model_config = _STRICT

    column: str | None = None
    value: JsonValue = None
    values: Mapping[str, JsonValue] = Field(default_factory=dict)
    without: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.column is None) == (self.value is None):
            raise ValueError("name either a column or a fixed value")
        return self

    def meant(self, said: str) -> JsonValue | None:
        """Return what a word of the office means, if it is one of them."""
        return self._words.get(self._bare(said))

    @cached_property
    def _words(self) -> Mapping[str, JsonValue]:
        return {self._bare(word): value for word, value in self.values.items()}

    def _bare(self, said: str) -> str:
        left_out = {normal(one) for one in self.without}
        return "".join(word for word in normal(said).split() if word not in left_out)


def _as_source(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


From = Annotated[Source, BeforeValidator(_as_source)]


class MappedFact(BaseModel):
    """One fact that a row may tell.

    Attributes:
        type_name: The type of the fact.
        date: The column of the day it happened.
        when: The columns of which one must be filled for the fact to be told; all of its own unless
            given.
        attributes: Where each attribute comes from.
    """

    model_config = _STRICT

    type_name: str = Field(alias="type")
    date: str | None = None
    when: tuple[str, ...] = ()
    attributes: Mapping[str, From] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.type_name not in FACTS:
            raise ValueError(f"there is no fact {self.type_name!r}")
        unknown = sorted(set(self.attributes) - {one.name for one in self.fact.attributes()})
        if unknown:
            raise ValueError(f"{self.type_name} has no attribute {', '.join(unknown)}")
        if not self.columns:
            raise ValueError(f"{self.type_name} takes nothing from a column")
        return self

    @property
    def fact(self) -> type[Fact]:
        """Return the class of the fact."""
        return FACTS[self.type_name]

    def attribute(self, name: str) -> Attribute:
        """Return an attribute of the fact."""
        return next(one for one in self.fact.attributes() if one.name == name)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that the fact is told by."""
        used = [one.column for one in self.attributes.values() if one.column is not None]
        return tuple(dict.fromkeys([*([self.date] if self.date else []), *used, *self.when]))

    def sign(self, filled: Container[str]) -> str:
        """Return the compared header where the fact stands: its day's, else one that is filled."""
        names = [normal(one) for one in self.columns]
        return names[0] if self.date else next((one for one in names if one in filled), names[0])

    def renamed(self, names: Mapping[str, str]) -> Self:
        """Return the fact as told by columns of other names."""
        attributes = {
            attribute: one.model_copy(update={"column": one.column and names[one.column]})
            for attribute, one in self.attributes.items()
        }
        when = tuple(names[one] for one in self.when)
        date = self.date and names[self.date]
        return self.model_copy(update={"date": date, "when": when, "attributes": attributes})

    @property
    def signs(self) -> frozenset[str]:
        """Return the compared headers of which one must be filled for the fact to be told."""
        return frozenset(normal(one) for one in self.when or self.columns)


class CaseListMapping(BaseModel):
    """How one kind of case list is read.

    Attributes:
        name: The lasting name of the list; rows of later exports are compared with earlier ones.
        person: The column of the number under which the person's file is kept.
        number: The column of the row's own lasting number, if there is one.
        ignore: Columns that are known and left alone.
        also: Other headers under which a column may stand.
        facts: The facts that a row may tell.
    """

    model_config = _STRICT

    name: str = Field(min_length=1, max_length=80)
    person: str
    number: str | None = None
    ignore: tuple[str, ...] = ()
    also: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    facts: tuple[MappedFact, ...] = Field(alias="fact", min_length=1)

    @model_validator(mode="after")
    def _also_of_columns(self) -> Self:
        unknown = sorted(self.also.keys() - {self.number, *self.columns})
        if unknown:
            raise ValueError(f"'also' names columns that are not mapped: {', '.join(unknown)}")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the columns that are mapped, the person's first."""
        told = (name for one in self.facts for name in one.columns)
        return tuple(dict.fromkeys([self.person, *told]))

    def fact_id(self, number: str | None, fact: MappedFact) -> str | None:
        """Return the lasting number of one fact of a numbered row."""
        if number is None:
            return None
        same = [one for one in self.facts if one.type_name == fact.type_name]
        at = next(place for place, one in enumerate(same) if one is fact)
        return f"{number}/{fact.type_name}" + (f"/{at + 1}" if at else "")

    @property
    def known(self) -> frozenset[str]:
        """Return the compared headers that the list may have."""
        own = [self.number] if self.number else []
        return frozenset(normal(one) for one in [*self.columns, *own, *self.ignore])

    def fit(self, headers: frozenset[str]) -> int:
        """Return how many mapped columns a header row has; 0 if it is no list of this kind."""
        has = sum(normal(one) in headers for one in self.columns)
        return has if normal(self.person) in headers and has > 1 else 0

    def fitted(self, headers: frozenset[str]) -> Self:
        """Return the mapping with its columns named as a header row names them."""
        own = [self.number] if self.number else []
        names = {one: self._as_in(headers, one) for one in (*self.columns, *own)}
        update = {
            "person": names[self.person],
            "number": self.number and names[self.number],
            "facts": tuple(one.renamed(names) for one in self.facts),
        }
        return self.model_copy(update=update)

    def _as_in(self, headers: frozenset[str], name: str) -> str:
        found = (one for one in (name, *self.also.get(name, ())) if normal(one) in headers)
        return next(found, name)


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    text: str


def read_mapping(path: Path) -> CaseListMapping:
    """Read a mapping.

    Raises:
        MappingError: If it cannot be read; the message says where and why.
    """
    try:
        return _mapping(_File(path.name, path.read_text(encoding="utf-8")))
    except OSError as error:
        raise MappingError(f"{path.name}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise MappingError(f"{path.name}: save the file as UTF-8") from None


def shipped_mappings() -> tuple[CaseListMapping, ...]:
    """Return the mappings that come with the program."""
    folder: Traversable = files("municipalities").joinpath("mappings")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    return tuple(
        _mapping(_File(name, folder.joinpath(name).read_text(encoding="utf-8"))) for name in names
    )


def _mapping(file: _File) -> CaseListMapping:
    try:
        return CaseListMapping.model_validate(tomllib.loads(file.text))
    except tomllib.TOMLDecodeError as error:
        raise MappingError(f"{file.name} is no TOML: {error}") from None
    except ValidationError as error:
        complaints = "; ".join(
            f"{'.'.join(str(step) for step in one['loc']) or 'file'}: "
            f"{one['msg'].removeprefix('Value error, ')}"
            for one in error.errors(include_url=False, include_input=False, include_context=False)
        )
        raise MappingError(f"{file.name}: {complaints}") from None
