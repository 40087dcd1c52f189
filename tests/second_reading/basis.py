"""The second reading of the gap rules: a slow and plain interpreter of ``docs/reference/rules.md``.

It shares no code with the program, only the vocabulary's codes and the dated bounds, which are law.
This page is what a reader of a field needs.

A rule is a function from the view to rows, registered in a module named for its letter::

    # tests/second_reading/rules_a_papers.py
    def a04(view: View) -> list[Row]:
        rows: list[Row] = []
        for paper in of(view, "FictionCertificateIssued"):
            end = paper.days("valid_until")
            followed = facts_after(view, paper, "FictionCertificateIssued")
            cancelled = since(view, paper, "TitleGranted", "TitleRefused")
            if end is None:
                rows += row_of_missing_end("A04", view, paper, followed=followed, cancelled=cancelled)
                continue
            begins = window_of_lead(paper, end, "A04.lead", own_end=True)
            rows += settle(
                "A04", view, paper, begins, end.latest, followed=followed, cancelled=cancelled
            )
        return rows

    READERS = {"A04": a04}

``View``: a list of ``Told`` in the order of G3: corrections and retractions applied, known-at kept,
days narrowed. ``Told``: ``id type attributes``, ``earliest latest`` (G1, G2), ``dated`` (false:
undated; then both days are the recorded day), ``recorded``, ``place`` (in the file);
``get(name)`` (None: missing), ``day(name)`` (latest day of a date in an attribute), ``days(name)``
(both: ``Days(earliest, latest)``), ``own`` (its own ``Days``), ``basis`` (without ``AUFENTHG_``).

Facts: ``of(view, *types)``, ``facts_before`` and ``facts_after(view, fact, *types)`` (G3 alone),
``before(one, other)`` (G3), ``since(view, trigger, *types)`` and ``counts_from(fact, trigger)``
(G4: from the trigger on), ``counts_on(fact, due_on)`` (G5), ``same_or_missing(one, other, name)``.

Days: ``plus_days plus_months plus_years months_before first_of_month last_of_month
plus_working_days next_working_day`` (§ 193 BGB) and ``days_of(text)``. Bounds:
``bound(name, day)`` (value in force on the day, None without law), ``in_force(name, day)`` (G12),
``switch(name, day)``, ``later(day, name, law_of)`` (day + bound in its own unit),
``lead(end, name, law_of)`` (first day of a lead).

Rows: ``settle(rule, view, trigger, begins_on, due_on, key=, kind=, opens_on=, followed=,
cancelled=, superseded=, law_ends=)`` gives the row, or none if it never comes into being. Each of
``followed cancelled superseded`` is a list of facts (counted by G5; superseding on the latest day) or
of days (counted on just that day). What may close it is the reader's choice, so filter by ``since`` or
``facts_after`` first. The endings of G10 and D 15 are added by ``settle``.
``row_of_missing_end(...)``: the data row of G9 where the missing value gives the end (where it decides
whether the rule applies: ``settle`` with ``kind="data"``). ``window_of_lead(trigger, end, bound)``:
the first day of a lead, not before the trigger.

Cases (G13): ``case_history(view)`` (every fact, the cases before it, the cases after it),
``active(cases)``, ``living(cases)``. Terms that several fields share stand in modules of their own
(``titles``, ``jobs``); look there first, and add such a module for terms of your field.
"""

from datetime import date

from tests.second_reading.cases import (
    CASE_FACTS,
    Cases,
    active,
    case_history,
    cases_after,
    living,
)
from tests.second_reading.days import (
    Days,
    bound,
    days_of,
    first_of_month,
    in_force,
    is_working_day,
    last_of_month,
    later,
    lead,
    months_before,
    next_working_day,
    plus_days,
    plus_months,
    plus_working_days,
    plus_years,
    switch,
)
from tests.second_reading.settle import Row, endings, row_of_missing_end, settle
from tests.second_reading.view import (
    Fact,
    Told,
    View,
    before,
    counts_from,
    counts_on,
    facts_after,
    facts_before,
    of,
    read_view,
    same_or_missing,
    since,
)

__all__ = [
    "CASE_FACTS",
    "Cases",
    "Days",
    "Fact",
    "Row",
    "Told",
    "View",
    "active",
    "before",
    "bound",
    "case_history",
    "cases_after",
    "counts_from",
    "counts_on",
    "days_of",
    "endings",
    "facts_after",
    "facts_before",
    "first_of_month",
    "in_force",
    "is_working_day",
    "last_of_month",
    "later",
    "lead",
    "living",
    "months_before",
    "next_working_day",
    "of",
    "plus_days",
    "plus_months",
    "plus_working_days",
    "plus_years",
    "read_view",
    "row_of_missing_end",
    "same_or_missing",
    "settle",
    "since",
    "switch",
    "window_of_lead",
]


def window_of_lead(
    trigger: Told, end: Days, name: str, *, own_end: bool = False, law_of: date | None = None
) -> date:
    """G6: from the earliest possible end, not before the trigger's day.

    ``own_end``: the end stands in an attribute of the trigger; then an undated one sets no bound.
    """
    begins = lead(end.earliest, name, law_of)
    return begins if own_end and not trigger.dated else max(begins, trigger.latest)
