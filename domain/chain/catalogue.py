"""Every gap rule by its id, in the order of the fields of the catalogue."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from domain.chain.rule import Rule
from domain.chain.rules import benefits, case, language, papers, recognition, titles, work
from domain.errors import UnknownRuleError

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            *case.RULES,
            *sorted((*titles.RULES, *papers.RULES), key=lambda rule: rule.id),
            *benefits.RULES,
            *language.RULES,
            *recognition.RULES,
            *work.RULES,
        )
    }
)


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
