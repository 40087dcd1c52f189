"""Every checklist by its id; a module of this package brings its own."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

import domain.chain.checklists
from domain.chain.checklists.checklist import Checklist


def _found() -> Iterator[Checklist]:
    package = domain.chain.checklists
    for module_info in iter_modules(package.__path__):
        name = f"{package.__name__}.{module_info.name}"
        if name != __name__:
            yield from (
                value
                for value in vars(import_module(name)).values()
                if isinstance(value, Checklist)
            )


CHECKLISTS: Mapping[str, Checklist] = MappingProxyType({one.id: one for one in _found()})
