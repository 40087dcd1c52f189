"""`kette evaluate` and `kette check`: the chain on files, without a database."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from domain.chain.catalogue import RULES, rules
from domain.chain.derived import Derived
from domain.chain.evaluation import intervals
from domain.chain.explanation import explain
from domain.chain.intervals import Interval, Kind, State
from domain.chain.reading import View, read
from domain.chain.rule import Rule
from domain.chain.states.family import members
from domain.labels import Language
from infra.factfiles import Case, Check, Dropped, read_cases, read_facts
from kette.acting import acting_words
from kette.options import AsJson, AsOf, KnownAt, Lang, RuleIds, language, today
from kette.output import (
    DIFFERENT,
    console,
    print_json,
    read_day,
    say,
    table,
    told_plainly,
)


def interval_row(journey: str, one: Interval, view: View, day: date) -> dict[str, Any]:
    """Return an instance as one JSON object."""
    text = explain(one, view, day)
    return {
        "journey": journey,
        "rule": one.rule,
        "key": one.key,
        "kind": one.kind,
        "state": one.state(day),
        "certainty": one.certainty,
        "begins_on": one.begins_on,
        "opens_on": one.opens_on,
        "due_on": one.due_on,
        "closes_on": one.closes_on,
        "closed_by": one.closed_by,
        "closing": one.closing,
        "severity": one.severity_on(day),
        "urgent": one.urgent(day),
        "responsible": one.responsible,
        "evidence": one.evidence,
        "missing": one.missing,
        "consequence": None
        if one.consequence is None
        else {"code": one.consequence.code, "since": one.consequence.since},
        "explanation": {"de": text.de, "en": text.en},
    }


def standing_rows(
    journey: str, derived: Derived, chosen: tuple[Rule, ...], day: date
) -> Iterator[dict[str, Any]]:
    """Yield every instance that is due, open or closed on a day."""
    for one in intervals(derived, chosen):
        if one.state(day) is not State.NOT_APPLICABLE:
            yield interval_row(journey, one, derived.view, day)


@told_plainly
def evaluate(
    file: Annotated[Path, typer.Argument(help="One fact a line, as JSON.")],
    as_of: AsOf,
    known_at: KnownAt = None,
    rule: RuleIds = None,
    lenient: Annotated[
        bool, typer.Option("--lenient", help="Drop just the parts that are not known.")
    ] = False,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Evaluate the gap rules over a file of facts, without a database."""
    day, known = today(as_of), read_day(known_at, "--known-at")
    chosen = rules(rule or ())
    told = read_facts(file, _say_dropped if lenient else None)
    views = {journey: read(facts, known) for journey, facts in told.items()}
    rows = (
        row
        for journey, view in views.items()
        for row in standing_rows(journey, _derived(view, views), chosen, day)
    )
    if as_json:
        print_json(rows)
    else:
        print_rows(rows, language(lang))


def _derived(view: View, views: Mapping[str, View]) -> Derived:
    """Return the states of a journey, with the journeys of the file that it names as its household."""
    named = {one: views[one] for one in members(view) if one in views}
    return Derived(view, household=named)


def _say_dropped(dropped: Dropped) -> None:
    say(f"dropped: {dropped.place}: {dropped.what}")


def print_rows(rows: Iterator[dict[str, Any]], lang: Language) -> None:
    """Print instances as a table."""
    german = lang == "de"
    shown = (
        table("Verlauf", "Regel", "Zustand", "Frist", "Zuständig", "Warum")
        if german
        else table("Journey", "Rule", "State", "Due", "Responsible", "Why")
    )
    for row in rows:
        state = row["state"].label.in_language(lang)
        if row["kind"] == Kind.DATA:
            state = Kind.DATA.label.in_language(lang)
        due = "" if row["due_on"] is None else str(row["due_on"])
        who = acting_words(row["responsible"], row.get("offices", ()), lang)
        shown.add_row(row["journey"], row["rule"], state, due, who, row["explanation"][lang])
    console().print(shown)


@told_plainly
def check(
    file: Annotated[Path, typer.Argument(help="One case a line, with facts and checks.")],
    rule: RuleIds = None,
    set_name: Annotated[
        str | None, typer.Option("--set", help="Only the checks of this set (A or B).")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Compare what case files expect with what the rules find; exit 1 on any difference."""
    rules(rule or ())
    dropped: list[Dropped] = []
    results = [
        result
        for case in read_cases(file, dropped.append)
        for result in _results(case, frozenset(rule or ()), set_name)
    ]
    if as_json:
        print_json(results)
    else:
        _print_results(results, language(lang))
    held = sum(one["holds"] is True for one in results)
    differing = sum(one["holds"] is False for one in results)
    unjudged = [one for one in results if one["holds"] is None]
    say(
        f"{len(results)} checks: {held} hold, {differing} differ, {len(unjudged)} not judged; "
        f"{len(dropped)} parts dropped"
    )
    if unjudged:
        missing = sorted({one["rule"] for one in unjudged})
        say(f"rules that this program does not have: {', '.join(missing)}")
    if differing or unjudged:
        raise typer.Exit(DIFFERENT)


def _results(case: Case, chosen: frozenset[str], set_name: str | None) -> Iterator[dict[str, Any]]:
    for one in case.checks:
        if chosen and one.rule not in chosen:
            continue
        if set_name is None or one.set == set_name:
            yield _result(case, one)


def _result(case: Case, check_: Check) -> dict[str, Any]:
    """Return one check with what was expected, what was found, and why."""
    row: dict[str, Any] = {
        "case": case.name,
        "rule": check_.rule,
        "on": check_.on,
        "known_at": check_.known_at,
        "expected": check_.state,
        "got": None,
        "holds": None,
        "explanation": {"de": "", "en": ""},
    }
    rule = RULES.get(check_.rule)
    if rule is None:
        return row
    view = read(case.facts, check_.known_at)
    found = intervals(Derived(view), (rule,))
    got = _states(found, check_)
    texts = [
        explain(one, view, check_.on)
        for one in found
        if one.state(check_.on) is not State.NOT_APPLICABLE
    ]
    explanation = {
        "de": " ".join(text.de for text in texts),
        "en": " ".join(text.en for text in texts),
    }
    return row | {
        "got": "+".join(got) or State.NOT_APPLICABLE.value,
        "holds": _holds(got, check_),
        "explanation": explanation,
    }


def _states(found: tuple[Interval, ...], check_: Check) -> list[str]:
    """Return the states of the instances on the day; data rows carry their kind."""
    states = []
    for one in found:
        state = one.state(check_.on)
        if state is not State.NOT_APPLICABLE:
            states.append(f"data:{state}" if one.kind is Kind.DATA else state.value)
    return sorted(set(states))


def _holds(got: list[str], check_: Check) -> bool:
    """Say whether a check holds (design 4, line 26)."""
    if check_.data and {"data:due", "data:open"} & set(got):
        return True
    own = {one for one in got if not one.startswith("data:")}
    match check_.state:
        case "not_applicable":
            return not own
        case "closed":
            return own == {"closed"}
        case wanted:
            return wanted in own


def _print_results(results: list[dict[str, Any]], lang: Language) -> None:
    headers = (
        ("Fall", "Regel", "Tag", "erwartet", "gefunden", "", "Warum")
        if lang == "de"
        else ("Case", "Rule", "Day", "expected", "got", "", "Why")
    )
    signs = {True: "✓", False: "✗", None: "?"}
    shown = table(*headers)
    for one in results:
        shown.add_row(
            one["case"],
            one["rule"],
            str(one["on"]),
            one["expected"],
            one["got"] or "–",
            signs[one["holds"]],
            one["explanation"][lang],
        )
    console().print(shown)
