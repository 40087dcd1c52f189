"""What every fact has in common: a frozen class that says everything about itself.

A fact class holds the attributes of one kind of fact; when it happened and who said so stands in the
envelope (:class:`domain.journal.Entry`). Every attribute may be unknown: ``None`` is unknown, never
"no". What was stored under a name is for ever: another meaning is another name, and an upcast leads to it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

from domain.days import PartialDate
from domain.fields import DataClass, Handlungsfeld, Recorder
from domain.labels import Label


@dataclass(frozen=True, slots=True)
class Published:
    """The fact goes out as this public event."""

    event: str


@dataclass(frozen=True, slots=True)
class NotPublished:
    """The fact stays in the house, for this reason."""

    because: str


@dataclass(frozen=True, slots=True)
class Ends:
    """The fact ends what another fact began: ``by`` names the attribute that ties the two.

    ``by="id"``-like ties (``employment``, ``title``) hold the id of the beginning fact; all others
    (``case_id``, ``consent_id``, ``link_id``) are an attribute that both facts carry.
    """

    begun_by: tuple[str, ...]
    by: str


Upcast = Callable[[Mapping[str, Any]], dict[str, Any]]
"""A pure function from the attributes of one version to those of the next, as JSON values.

It takes any part of them (a correction names a few), loses nothing that was told, invents nothing, and
leaves what is of a later version as it is.
"""


@dataclass(frozen=True, slots=True)
class Former:
    """A type that was stored in the past and is read as another one since.

    Attributes:
        name: The name under which it was stored.
        upcasts: Its own upcasts; the last one leads to version 1 of the type that it is read as.
    """

    name: str
    upcasts: tuple[Upcast, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a fact class says about itself.

    Attributes:
        label: German, English and a German short form of at most 14 characters.
        field: The Handlungsfeld that it belongs to.
        recorders: Who may record it.
        source: Where it is set out (reference, law).
        publish: The public event, or why there is none.
        data_class: Which key seals it.
        span: The two attributes that begin and end a period of time within the fact.
        ends: The fact that this one ends, if it ends one.
        upcasts: How stored attributes are brought up: the first leads from version 1 to version 2.
        formerly: Types stored in the past that are read as this one.
    """

    label: Label
    field: Handlungsfeld
    recorders: frozenset[Recorder]
    source: str
    publish: Published | NotPublished
    data_class: DataClass = DataClass.BASE
    span: tuple[str, str] | None = None
    ends: Ends | None = None
    upcasts: tuple[Upcast, ...] = ()
    formerly: tuple[Former, ...] = ()


class _Kind(Enum):
    """Whether a day inside a fact lies in the past of its recording or may lie ahead."""

    HAPPENED = "happened"
    DEADLINE = "deadline"


Happened = Annotated[PartialDate | None, _Kind.HAPPENED]
"""A day on which something happened: never after the day of recording."""

Deadline = Annotated[PartialDate | None, _Kind.DEADLINE]
"""A day that may lie ahead: the end of a right, an announced start."""


def attribute(
    de: str,
    en: str,
    meaning: str = "",
    *,
    alias: str | None = None,
    also: str | None = None,
) -> Any:
    """Declare an attribute with its words; unknown unless it is given.

    Args:
        de: German word.
        en: English word.
        meaning: What it means, with its unit, where the words do not say it.
        alias: Public name, where the name is a keyword of Python.
        also: A second name under which it may be told.
    """
    return Field(
        default=None,
        alias=alias,
        validation_alias=alias or also,
        title=de,
        description=meaning,
        json_schema_extra={"en": en},
    )


class _Names(Enum):
    """What else than itself an attribute names."""

    JOURNEY = "journey"


JourneyName = Annotated[str | None, Field(max_length=200), _Names.JOURNEY]
"""Somebody else's journey, by its id; a list may give that person's file number instead."""


class Attribute(NamedTuple):
    """One attribute of a fact class, as forms, spreadsheets and the reference need it."""

    name: str
    label: Label
    meaning: str
    info: FieldInfo

    @property
    def is_day(self) -> bool:
        """Say whether the attribute holds a day."""
        return any(isinstance(mark, _Kind) for mark in self.info.metadata)

    @property
    def happened(self) -> bool:
        """Say whether the attribute holds a day that must not lie ahead."""
        return _Kind.HAPPENED in self.info.metadata

    @property
    def names_journey(self) -> bool:
        """Say whether the attribute names somebody else's journey."""
        return _Names.JOURNEY in self.info.metadata


class Fact(BaseModel):
    """A fact of a journey: a frozen class in the past tense."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
    )

    about: ClassVar[About]

    @classmethod
    def type_name(cls) -> str:
        """Return the name under which the fact is stored: the class name."""
        return cls.__name__

    @classmethod
    def schema_version(cls) -> int:
        """Return the version under which the fact is stored: one more than there are upcasts to it."""
        return 1 + len(cls.about.upcasts)

    @classmethod
    def attributes(cls) -> tuple[Attribute, ...]:
        """Return the attributes that this type has, in their order."""
        return _attributes(cls)

    def known_attributes(self) -> dict[str, Any]:
        """Return the attributes that were given, as JSON values under their public names."""
        return self.model_dump(mode="json", by_alias=True, exclude_unset=True)

    def days(self) -> Iterator[tuple[Attribute, PartialDate]]:
        """Yield the known days inside the fact."""
        for one in self.attributes():
            if one.is_day:
                value = getattr(self, python_name(one.name))
                if value is not None and value.known:
                    yield one, value


def python_name(name: str) -> str:
    """Return the Python name of an attribute whose public name is taken in Python."""
    return f"{name}_" if name in {"from", "class", "attributes"} else name


@cache
def _attributes(fact: type[Fact]) -> tuple[Attribute, ...]:
    """Read the attributes off the class once."""
    return tuple(_attribute(name, info) for name, info in fact.model_fields.items())


def _attribute(name: str, info: FieldInfo) -> Attribute:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    label = Label(info.title or name, str(extra.get("en", name)))
    return Attribute(info.alias or name, label, info.description or "", info)
