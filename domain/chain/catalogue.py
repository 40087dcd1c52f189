"""Every gap rule by its id, in the order of the catalogue; a module of ``rules`` brings its own."""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import MappingProxyType, ModuleType

import domain.chain.rules
from domain.chain.bounds import STANDARD
from domain.chain.entry import Term
from domain.chain.rule import Rule
from domain.errors import UnknownRuleError

LETTERS = "FAOLHUMSETBN"
"""The first letters of the ids in the order of the catalogue (reference 3.2)."""


def place_of(rule_id: str) -> tuple[int, str]:
    """Return the place of a rule in the catalogue: by the letter of its field, then by its number."""
    return LETTERS.index(rule_id[0]), rule_id[1:]


GENERAL = Path(__file__).with_name("general.md")
"""The lines that hold for every rule."""


def _modules() -> Iterator[ModuleType]:
    for module_info in iter_modules(domain.chain.rules.__path__):
        yield import_module(f"{domain.chain.rules.__name__}.{module_info.name}")


def _found() -> Iterator[Rule]:
    for module in _modules():
        yield from (value for value in vars(module).values() if isinstance(value, Rule))


TERMS: Mapping[str, tuple[Term, ...]] = MappingProxyType(
    {module.TERMS_OF: module.TERMS for module in _modules() if hasattr(module, "TERMS")}
)
"""The words that the entries of a field use, by the name under which they stand in the reference."""

RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rule in sorted(_found(), key=lambda rule: place_of(rule.id))}
)


def bounds_of(rule: Rule) -> list[str]:
    """Return the bounds of a rule: those that it names, and those that only its terms use."""
    own = [name for name in STANDARD.rows if name.split(".")[0] == rule.id]
    return [*own, *(name for name in rule.bounds if name not in own)]


def rules(ids: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules of these ids, or all if none is named.

    Raises:
        UnknownRuleError: If an id is not in the catalogue.
    """
    wanted = tuple(ids)
    for one in wanted:
        if one not in RULES:
            raise UnknownRuleError(
                f"unknown rule {one[:20]!r}; `kette rules` lists {len(RULES)} rules"
            )
    return tuple(RULES[one] for one in wanted) if wanted else tuple(RULES.values())
