"""`kette gaps`, `timeline`, `why` and `events`: what the journal tells."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Annotated, Any
from uuid import UUID

import typer

from domain.chain.calendar import berlin_day
from domain.chain.catalogue import rules
from domain.chain.evaluation import Standing
from domain.chain.evaluation import why as standing_of
from domain.chain.explanation import findings, type_label
from domain.chain.intervals import Responsible, State
from domain.chain.reading import told
from domain.chain.rule import Rule
from domain.journal import Recorded
from domain.labels import Language
from domain.organisations import Municipality
from infra.journal import JournalRecorder
from kette.acting import acting_words, office_rows
from kette.chain_commands import print_rows, standing_rows
from kette.compose import Store, opened_store, place_of
from kette.journeys import every_journey, journey_id, records_of
from kette.options import AsJson, AsOfToday, KnownAt, Lang, RuleIds, language, today
from kette.output import UNREADABLE, console, fail, print_json, read_day, table, told_plainly
from kette.settings import Settings
from kette.upcoming import print_upcoming
from projections.history import History, history
from projections.household import around
from projections.practice import practice
from projections.strands import Timeline
from projections.timeline import timeline_of

_BLOCK = 5_000
_LONGEST_LOOK = 36_525  # days: a hundred years

JourneyArgument = Annotated[str, typer.Argument(help="A journey's id or case number.")]


@told_plainly
def gaps(
    journey: Annotated[
        str | None, typer.Argument(help="A journey's id or case number; all if absent.")
    ] = None,
    as_of: AsOfToday = None,
    known_at: KnownAt = None,
    rule: RuleIds = None,
    closed: Annotated[bool, typer.Option("--closed", help="Closed ones as well.")] = False,
    opens_within: Annotated[
        int | None,
        typer.Option(
            "--opens-within",
            min=1,
            max=_LONGEST_LOOK,
            help="Instead, what opens within so many days.",
        ),
    ] = None,
    unit: Annotated[str, typer.Option("--unit", help="With --opens-within: only this unit.")] = "",
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List what is due or open, for one journey or for all; or what opens in the coming days, by unit."""
    day, known = today(as_of), read_day(known_at, "--known-at")
    if opens_within is not None:
        if journey or known or rule or closed:
            fail("--opens-within goes with --as-of, --unit, --json and --lang", UNREADABLE)
        print_upcoming(day, opens_within, unit, as_json, language(lang))
        return
    if unit:
        fail("--unit goes with --opens-within", UNREADABLE)
    chosen = rules(rule or ())
    wanted = {State.DUE, State.OPEN} | ({State.CLOSED} if closed else set())
    settings = Settings()
    place = place_of(settings)
    with opened_store(settings) as store:
        journeys: Iterator[tuple[UUID, Sequence[Recorded]]] = every_journey(store.journal)
        if journey is not None:
            found = journey_id(journey, store.views)
            journeys = iter([(found, records_of(store.journal, found))])
        rows = (
            row
            for one, records in journeys
            for row in _standing(place, one, _known(store, one, records, known), chosen, day)
            if row["state"] in wanted
        )
        if as_json:
            print_json(rows)
        else:
            print_rows(rows, language(lang))


def _standing(
    place: Municipality, journey: UUID, known: History, chosen: tuple[Rule, ...], day: date
) -> Iterator[dict[str, Any]]:
    """Yield the instances of a journey, each with the offices that have to act."""
    for row in standing_rows(str(journey), known.derived, chosen, day):
        yield row | {"offices": office_rows(place, row["responsible"], known.view, day)}


def _known(
    store: Store, journey: UUID, records: Sequence[Recorded], known_at: date | None
) -> History:
    """Return what was known of a journey at a day, and of its household."""
    return history(told(records), known_at, around(journey, records, store.journal.read))


@told_plainly
def why(
    journey: JourneyArgument,
    rule: Annotated[str, typer.Argument(help="A rule's id, such as A01.")],
    as_of: AsOfToday = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Explain why a rule is open on a journey, or why it is not."""
    day, known = today(as_of), read_day(known_at, "--known-at")
    (chosen,) = rules((rule,))
    settings = Settings()
    place = place_of(settings)
    with opened_store(settings) as store:
        found = journey_id(journey, store.views)
        known_then = _known(store, found, records_of(store.journal, found), known)
    view, household = known_then.view, known_then.derived.household
    standing = standing_of(view, chosen, day, practice(), household)
    reasons = findings(standing, view, day)
    acting = _acting(standing, day)
    known_offices = office_rows(place, acting, view, day)
    if as_json:
        print_json(
            [
                {
                    "journey": str(found),
                    "rule": chosen.id,
                    "as_of": day,
                    "known_at": known,
                    "state": standing.state,
                    "responsible": acting,
                    "offices": known_offices,
                    "findings": [
                        {"fact": one.fact, "de": one.text.de, "en": one.text.en} for one in reasons
                    ],
                }
            ]
        )
        return
    lang_ = language(lang)
    out = console()
    state = standing.state.label.in_language(lang_)
    out.print(f"{chosen.id} {chosen.label.in_language(lang_)}: [bold]{state}[/bold] ({day})")
    who = "Zuständig" if lang_ == "de" else "Responsible"
    out.print(f"  {who}: {acting_words(acting, known_offices, lang_)}")
    for one in reasons:
        out.print(f"  {one.text.in_language(lang_)}")


def _acting(standing: Standing, day: date) -> list[Responsible]:
    """Return who has to act on the instances that stand; where none does, who would in general."""
    named = [one.responsible for one in standing.instances if one.state(day) is standing.state]
    return list(dict.fromkeys(who for one in named or [standing.rule.responsible] for who in one))


@told_plainly
def timeline(
    journey: JourneyArgument,
    as_of: AsOfToday = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """Show the strands of one journey: spans, milestones and holes."""
    day, known = today(as_of), read_day(known_at, "--known-at")
    with opened_store(Settings()) as store:
        found = journey_id(journey, store.views)
        known_then = _known(store, found, records_of(store.journal, found), known)
    picture = timeline_of(found, known_then, day)
    if as_json:
        print_json([_timeline_row(picture)])
    else:
        _print_timeline(picture, language(lang))


def _timeline_row(picture: Timeline) -> dict[str, Any]:
    return {
        "journey": str(picture.journey),
        "as_of": picture.as_of,
        "known_at": picture.known_at,
        "chain": [
            {"link": one.name.de, "state": one.state, "note": one.note.de} for one in picture.chain
        ],
        "strands": [
            {
                "strand": strand.name,
                "state": strand.state,
                "note": {"de": strand.note.de, "en": strand.note.en},
                "spans": [
                    {
                        "start": span.start,
                        "end": span.end,
                        "kind": span.kind,
                        "label": {"de": span.label.de, "en": span.label.en},
                        "rule": span.rule,
                        "evidence": span.refs,
                    }
                    for span in strand.spans
                ],
                "marks": [
                    {
                        "on": mark.on,
                        "kind": mark.kind,
                        "label": {"de": mark.label.de, "en": mark.label.en},
                        "evidence": mark.ref,
                        "late_days": mark.late_days,
                    }
                    for mark in strand.marks
                ],
                "contacts": strand.dots,
            }
            for strand in picture.strands
        ],
    }


def _print_timeline(picture: Timeline, lang: Language) -> None:
    german = lang == "de"
    shown = (
        table("Strang", "von", "bis", "Art", "Was")
        if german
        else table("Strand", "from", "to", "Kind", "What")
    )
    for strand in picture.strands:
        name = strand.name.label.in_language(lang)
        for span in strand.spans:
            kind, label = span.kind.label, span.label
            end = "" if span.end is None else str(span.end)
            shown.add_row(
                name,
                str(span.start),
                end,
                kind.in_language(lang),
                label.in_language(lang),
            )
        for mark in strand.marks:
            kind, label = mark.kind.label, mark.label
            shown.add_row(
                name,
                str(mark.on),
                "",
                kind.in_language(lang),
                label.in_language(lang),
            )
    console().print(shown)


@told_plainly
def events(
    journey: Annotated[
        str | None, typer.Argument(help="A journey's id or case number; all if absent.")
    ] = None,
    after: Annotated[int, typer.Option("--after", min=0, help="Only after this position.")] = 0,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="At most so many.")] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Only what may have happened by this day.")
    ] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
    lang: Lang = None,
) -> None:
    """List what was recorded, in the order of the journal."""
    day, known = read_day(as_of, "--as-of"), read_day(known_at, "--known-at")
    with opened_store(Settings()) as store:
        if journey is None:
            records: Iterator[Recorded] = _after(store.journal, after)
        else:
            found = journey_id(journey, store.views)
            records = (one for one in records_of(store.journal, found) if one.position > after)
        visible = (one for one in records if _recorded_by(one, known) and _begun_by(one, day))
        rows = (event_row(one) for one in islice(visible, limit))
        if as_json:
            print_json(rows)
        else:
            _print_events(rows, language(lang))


def _after(journal: JournalRecorder, position: int) -> Iterator[Recorded]:
    while block := journal.page(position, _BLOCK):
        yield from block
        position = block[-1].position


def _recorded_by(one: Recorded, known: date | None) -> bool:
    return known is None or berlin_day(one.recorded_at) <= known


def _begun_by(one: Recorded, day: date | None) -> bool:
    earliest = one.entry.occurred_on.earliest
    return day is None or earliest is None or earliest <= day


def event_row(one: Recorded) -> dict[str, Any]:
    """Return a record as one JSON object."""
    return {
        "journey": str(one.journey),
        "version": one.version,
        "position": one.position,
        "id": one.entry.id,
        "type": one.entry.fact.type_name(),
        "occurred_on": str(one.entry.occurred_on) or None,
        "recorded_at": one.recorded_at,
        "recorded_by": one.entry.recorded_by.party,
        "attributes": one.entry.fact.known_attributes(),
    }


def _print_events(rows: Iterator[dict[str, Any]], lang: Language) -> None:
    shown = (
        table("Nr.", "Verlauf", "Fassung", "gültig ab", "erfasst am", "Ereignis")
        if lang == "de"
        else table("No.", "Journey", "Version", "valid from", "recorded", "Event")
    )
    for row in rows:
        shown.add_row(
            str(row["position"]),
            row["journey"],
            str(row["version"]),
            row["occurred_on"] or "?",
            str(berlin_day(row["recorded_at"])),
            type_label(row["type"], lang),
        )
    console().print(shown)
