"""From what was typed to the attributes of a fact and back; what cannot be read stays as it was typed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import ValidationError
from starlette.datastructures import FormData

from domain.days import PartialDate
from domain.errors import UnreadableDateError
from domain.fact import Fact
from web.days import typed_day, written_day
from web.forms.fields import Field, FieldKind, fields_of
from web.texts import marked

Typed = Mapping[str, tuple[str, ...]]
"""What was typed, by the name of the field."""

Value = TypeVar("Value")

_NUMBER = re.compile(r"-?\d{1,9}(?:[.,]\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_YES_NO = {"ja": True, "nein": False}

_NO_DAY = marked("Bitte als TT.MM.JJJJ, MM.JJJJ oder JJJJ schreiben, zum Beispiel 15.03.2024.")
_NO_WHOLE = marked("Bitte eine ganze Zahl schreiben, zum Beispiel 45.")
_NO_NUMBER = marked("Bitte eine Zahl schreiben, zum Beispiel 38,5.")
_NO_CHOICE = marked("Bitte einen Eintrag der Liste wählen.")
_NO_PAIRS = marked("Bitte je Zeile eine Angabe schreiben: Name: Wert.")
_TOO_SMALL = marked("Die Zahl ist zu klein.")
_TOO_LARGE = marked("Die Zahl ist zu groß.")
_TOO_LONG = marked("Der Text ist zu lang.")
_UNFIT = marked("Diese Angabe passt hier nicht.")

_SENTENCES = {
    "string_too_long": _TOO_LONG,
    "greater_than_equal": _TOO_SMALL,
    "less_than_equal": _TOO_LARGE,
    "enum": _NO_CHOICE,
}


class UnfitError(ValueError):
    """A value cannot be read; the message says how to write it."""


@dataclass(slots=True)
class Reading:
    """What a form gave: attributes, and what is wrong by the name of the field."""

    attributes: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    fact: Fact | None = None


def typed_in(form: FormData) -> dict[str, tuple[str, ...]]:
    """Return what was typed into a form; files are left out."""
    return {
        name: tuple(one.replace("\0", "") for one in form.getlist(name) if isinstance(one, str))
        for name in form
    }


def read_form(fact: type[Fact], typed: Typed) -> Reading:
    """Read the attributes of a fact."""
    reading = Reading()
    for one in fields_of(fact):
        value = _read(one, typed, reading.errors)
        if value is not None:
            reading.attributes[one.key] = value
    if not reading.errors:
        _validate(fact, reading)
    return reading


def _validate(fact: type[Fact], reading: Reading) -> None:
    try:
        reading.fact = fact.model_validate(reading.attributes)
    except ValidationError as error:
        for one in error.errors(include_input=False, include_url=False):
            name = str(one["loc"][0]) if one["loc"] else ""
            reading.errors[name] = _SENTENCES.get(one["type"], _UNFIT)


def _read(one: Field, typed: Typed, errors: dict[str, str]) -> Any:
    if one.kind is FieldKind.GROUP:
        return _read_group(one, typed, errors)
    texts = [text.strip() for text in typed.get(one.name, ()) if text.strip()]
    if not texts:
        return None
    try:
        return _value(one, texts)
    except UnfitError as error:
        errors[one.name] = str(error)
        return None


def _read_group(group: Field, typed: Typed, errors: dict[str, str]) -> Any:
    values = {one.key: _read(one, typed, errors) for one in group.members}
    filled = {key: value for key, value in values.items() if value is not None}
    if not filled:
        return None
    return list(filled.values()) if group.many else filled


def _value(one: Field, texts: Sequence[str]) -> Any:
    options = {str(option): str(option) for option in one.options}
    match one.kind:
        case FieldKind.WHOLE | FieldKind.NUMBER:
            return _number(one, texts[0])
        case FieldKind.YES_NO:
            return _chosen(texts[0], _YES_NO)
        case FieldKind.CHOICE:
            return _chosen(texts[0], options)
        case FieldKind.CHOICES:
            return [_chosen(text, options) for text in texts]
        case _:
            return _READERS.get(one.kind, str)(texts[0])


def _day(text: str) -> str:
    try:
        return str(typed_day(text))
    except UnreadableDateError:
        raise UnfitError(_NO_DAY) from None


def _number(one: Field, text: str) -> int | float:
    whole = one.kind is FieldKind.WHOLE
    if (_WHOLE if whole else _NUMBER).fullmatch(text) is None:
        raise UnfitError(_NO_WHOLE if whole else _NO_NUMBER)
    value = int(text) if whole else float(text.replace(",", "."))
    if one.least is not None and value < one.least:
        raise UnfitError(_TOO_SMALL)
    if one.most is not None and value > one.most:
        raise UnfitError(_TOO_LARGE)
    return value


def _chosen(text: str, options: Mapping[str, Value]) -> Value:
    if text not in options:
        raise UnfitError(_NO_CHOICE)
    return options[text]


def _pairs(text: str) -> dict[str, str]:
    pairs = [line.partition(":") for line in text.splitlines() if line.strip()]
    if not all(colon and name.strip() and value.strip() for name, colon, value in pairs):
        raise UnfitError(_NO_PAIRS)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


_READERS: Mapping[FieldKind, Callable[[str], Any]] = MappingProxyType(
    {FieldKind.DAY: _day, FieldKind.TEXTS: _list, FieldKind.PAIRS: _pairs}
)


def written(fact: type[Fact], attributes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the attributes of a fact as they are typed."""
    found: dict[str, tuple[str, ...]] = {}
    for one in fields_of(fact):
        found |= dict(_written(one, attributes.get(one.key)))
    return found


def _written(one: Field, value: Any) -> Iterable[tuple[str, tuple[str, ...]]]:
    if value is None:
        return
    if one.kind is FieldKind.GROUP:
        inner = {str(n): v for n, v in enumerate(value, 1)} if one.many else value
        for member in one.members:
            yield from _written(member, inner.get(member.key))
        return
    yield one.name, _texts(one, value)


def _texts(one: Field, value: Any) -> tuple[str, ...]:
    match one.kind:
        case FieldKind.DAY:
            return (written_day(PartialDate.parse(str(value))),)
        case FieldKind.NUMBER:
            return (str(value).replace(".", ","),)
        case FieldKind.YES_NO:
            return ("ja" if value else "nein",)
        case FieldKind.CHOICES:
            return tuple(str(each) for each in value)
        case FieldKind.TEXTS:
            return (", ".join(str(each) for each in value),)
        case FieldKind.PAIRS:
            return ("\n".join(f"{name}: {each}" for name, each in value.items()),)
        case _:
            return (str(value),)
