"""What kind of value an attribute holds, read off its class once."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from domain.days import PartialDate
from domain.fact import Attribute
from domain.labels import Vocabulary


class Form(Enum):
    """How a value is written into a cell."""

    DAY = "day"
    FLAG = "flag"
    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    CODE = "code"
    TEXT = "text"
    LIST = "list"
    MAP = "map"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Kind:
    """The kind of a value: its form, the vocabulary of a code, and what lists and maps hold."""

    form: Form
    vocabulary: type[Vocabulary] | None = None
    key: "Kind | None" = None
    inner: "Kind | None" = None


_PLAIN = {
    PartialDate: Form.DAY,
    bool: Form.FLAG,
    int: Form.WHOLE,
    float: Form.NUMBER,
    Decimal: Form.MONEY,
    str: Form.TEXT,
}


def kind(attribute: Attribute) -> Kind:
    """Return the kind of value that an attribute holds."""
    annotation: Any = attribute.info.annotation
    return _kind(annotation)


@cache
def _kind(annotation: Any) -> Kind:
    plain = _bare(annotation)
    arguments = get_args(plain)
    if get_origin(plain) is tuple:
        return Kind(Form.LIST, inner=_kind(arguments[0]))
    if get_origin(plain) is dict:
        return Kind(Form.MAP, key=_kind(arguments[0]), inner=_kind(arguments[1]))
    if isinstance(plain, type) and issubclass(plain, Vocabulary):
        return Kind(Form.CODE, vocabulary=plain)
    return Kind(_PLAIN.get(plain, Form.JSON))


def _bare(annotation: Any) -> Any:
    """Take away ``Annotated`` and ``None``."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return _bare(get_args(annotation)[0])
    if origin in {Union, UnionType}:
        known = [one for one in get_args(annotation) if one is not NoneType]
        return _bare(known[0]) if len(known) == 1 else annotation
    return annotation
