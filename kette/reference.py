"""The generated reference: facts, rules and streams, as the program knows them; `make docs` writes it."""

import sys
from collections.abc import Iterator
from pathlib import Path

from domain.chain.bounds import STANDARD, Bound
from domain.chain.catalogue import GENERAL, RULES, TERMS, bounds_of
from domain.chain.entry import Entry
from domain.chain.rule import Rule
from domain.events.registry import FACTS
from domain.fact import Fact, NotPublished
from domain.fields import Handlungsfeld
from schemas.asyncapi import asyncapi_yaml

_WRITTEN = "Written by `make docs`; change the classes and records, not this page."


def facts_page() -> str:
    """Return the reference of the facts."""
    lines = ["# Facts", "", _WRITTEN, "", f"{len(FACTS)} facts, by Handlungsfeld."]
    for field in Handlungsfeld:
        here = [fact for fact in FACTS.values() if fact.about.field is field]
        if here:
            lines += ["", f"## {field.label.de} · {field.label.en}"]
        for fact in here:
            lines += _fact_lines(fact)
    return "\n".join(lines) + "\n"


def _fact_lines(fact: type[Fact]) -> Iterator[str]:
    about = fact.about
    recorders = ", ".join(sorted(one.label.de for one in about.recorders))
    match about.publish:
        case NotPublished(because):
            published = f"not published: {because}"
        case other:
            published = f"published as `{other.event}`"
    yield ""
    yield f"### {fact.type_name()}"
    yield ""
    yield f"**{about.label.de}** · {about.label.en}. {(fact.__doc__ or '').splitlines()[0]}"
    yield ""
    yield f"Data class `{about.data_class}`; {published}. Recorded by: {recorders}. Source: {about.source}."
    yield ""
    yield "| attribute | German | English | meaning |"
    yield "|---|---|---|---|"
    for one in fact.attributes():
        yield f"| `{one.name}` | {one.label.de} | {one.label.en} | {one.meaning} |"


def rules_page() -> str:
    """Return the reference of the rules."""
    lines = [
        "# Gap rules",
        "",
        _WRITTEN,
        "",
        f"{len(RULES)} rules. These entries are normative: the program keeps them, and a second reading of "
        "them is written from this page alone. How the unsettled places were read stands in "
        "[decision 2](../decisions/0002-how-the-rules-were-read.md).",
        "",
        GENERAL.read_text(encoding="utf-8").rstrip(),
    ]
    lines += _terms()
    lines += ["", "## Rules"]
    for rule in RULES.values():
        lines += _rule_lines(rule)
    return "\n".join(lines) + "\n"


def _rule_lines(rule: Rule) -> Iterator[str]:
    responsible = ", ".join(one.label.de for one in rule.responsible)
    endings = ", ".join(f"`{one}`" for one in rule.endings) or "nothing"
    yield ""
    yield f"### {rule.id} {rule.label.de} · {rule.label.en}"
    yield ""
    yield f"* **Watches** {rule.watches.en} {rule.watches.de}"
    yield from _entry_lines(rule.entry)
    yield ""
    yield f"* Pattern: {rule.pattern.label.en}. Severity: {rule.severity.label.en}. Kind: {rule.kind.label.en}."
    yield f"* Triggers: {', '.join(f'`{one}`' for one in rule.triggers)}"
    yield f"* Closed by: {', '.join(f'`{one}`' for one in rule.missing)}"
    yield f"* Ended by: {endings}"
    if rule.unknown:
        yield f"* Data row where `{rule.unknown}` is missing"
    if rule.consequence is not None:
        yield f"* Lasting consequence: {rule.consequence.en}"
    yield f"* Responsible: {responsible}. Next step: {rule.next_step.de}."
    yield f"* Reasons offered: {', '.join(one.label.de for one in rule.reasons)}"
    yield f"* Source: {rule.source}"
    yield ""
    yield "| bound | value | kind | in force | source | status |"
    yield "|---|---|---|---|---|---|"
    for name in bounds_of(rule):
        for one in STANDARD.rows[name]:
            yield _bound_line(one)


def _entry_lines(entry: Entry) -> Iterator[str]:
    """Yield the lines of an entry; what it leaves out is left to the general lines."""
    for name, words in _ENTRY_WORDS.items():
        text = getattr(entry, name)
        if text:
            yield f"* **{words}** {text}"


_ENTRY_WORDS = {
    "trigger": "Trigger",
    "window": "Window and due day",
    "followed_by": "Followed up by",
    "cancelled_by": "Cancelled by",
    "data_row": "Data row",
    "series": "Series, key",
    "severity": "Severity",
    "consequence": "Consequence",
    "law": "Law",
    "example": "Example",
    "decided": "Decided here",
}


def _bound_line(one: Bound) -> str:
    since = "always" if one.valid_from is None else f"from {one.valid_from}"
    until = "" if one.valid_until is None else f" through {one.valid_until}"
    value = one.value if not isinstance(one.value, tuple) else " ".join(one.value)
    return (
        f"| `{one.id}` | {value} {one.unit} | {one.kind} | {since}{until} "
        f"| {one.source} | {one.status}, checked {one.checked} |"
    )


def _terms() -> Iterator[str]:
    """Yield the words that the fields' own modules define."""
    for name, terms in TERMS.items():
        yield ""
        yield f"### {name}"
        yield ""
        for one in terms:
            yield f"* *{one.word}*: {one.meaning}"


PAGES = {"facts.md": facts_page, "rules.md": rules_page, "asyncapi.yaml": asyncapi_yaml}


def main(folder: Path) -> None:
    """Write every page into a folder."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
