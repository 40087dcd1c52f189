"""Identity (terms of the rules): first known entry, clarifications for a clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.second_reading.basis import Days, Told, View, before, of


def first_known_entry(view: View) -> tuple[Told, Days] | None:
    for fact in of(view, "EntryRegistered"):
        return fact, fact.days("entry_date") or fact.own
    for fact in of(view, "JourneyStarted"):
        told = fact.days("entry_date")
        if told is not None:
            return fact, told
    return None


@dataclass(frozen=True)
class Clarification:
    """A clarification and its days (None: undated)."""

    fact: Told
    days: Days | None


def is_for(fact: Told, beginnings: Sequence[str]) -> bool:
    purposes = fact.get("purposes")
    if not purposes:
        return True
    plain = [one.lower().replace("§", "").strip() for one in purposes]
    return any(one.startswith(tuple(beginnings)) for one in plain)


def _days_of_pass(fact: Told) -> Days | None:
    return fact.own if fact.dated else fact.days("date") or fact.days("accepted_on")


def clarifications(view: View, beginnings: Sequence[str]) -> list[Clarification]:
    found: list[Clarification] = []
    for fact in of(view, "IdentityClarified"):
        if not is_for(fact, beginnings):
            continue
        if fact.get("means") in ("pass", "id"):
            found.append(Clarification(fact, _days_of_pass(fact)))
        elif fact.get("accepted_on") is not None:
            found.append(Clarification(fact, fact.days("accepted_on")))
    return found


def is_vague(fact: Told) -> bool:
    """It tells neither by what the identity was clarified nor when that was accepted."""
    return (
        fact.type == "IdentityClarified"
        and fact.get("means") is None
        and fact.get("accepted_on") is None
    )


def stands_before(clarification: Clarification, trigger: Told) -> bool:
    return not before(trigger, clarification.fact)
