"""What keeps a title in hand: its card (A07), its fixed end (A09, § 24), and being here (A23, § 51)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counting, range_of, same
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Consequence, Responsible, Severity, Step, StepName
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.rules.titles import on_loss_of_title
from domain.chain.states.residence import Status, status_on
from domain.chain.states.titles import TEMPORARY_PROTECTION, Title, prolongations
from domain.chain.windows import after, lead_start
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
_NO_CARD = frozenset(
    {
        "DEUTSCH",
        "FREIZUEGG_EU",
        "BVFG_4",
        "VISA_C",
        "VISA_D",
        "VISA_FREE",
        "UKRAINE_AUFENTH_UEV",
    }
)
_LONG_TERM = "AUFENTHG_9A"
_IN_PERSON = frozenset({"office", "home", "outreach"})
_HELD = frozenset({Status.TITLE, Status.FIKTION})
_WITHOUT_CARD = Label("für diesen Status gibt es keine Karte", "this status has no card")
_OTHER_TITLE = Label("kein Titel nach § 24", "no title under § 24")
_NO_TITLE = Label("kein Titel zu Beginn der Abwesenheit", "no title when the absence began")


def _a07(journey: Derived) -> Found:
    view = journey.view
    triggers = [one for one in journey.titles.all if one.basis not in _NO_CARD]
    for title in journey.titles.all:
        if title.basis in _NO_CARD:
            yield Refused(title.grant, _WITHOUT_CARD)
    for place, title in enumerate(triggers):
        grant = title.grant
        response = journey.bounds.in_force("A07.response", grant.latest)
        cards = counting(grant, view.of("TitleCardHandedOver"))
        yield Draft(
            grant,
            grant.latest,
            after(grant.latest, response),
            followed=[one for one in cards if same(one.get("title"), grant.id)],
            cancelled=title.losses,
            superseded=[one.grant for one in triggers[place + 1 :]],
            closings=_after_the_end(title),
            partial=not grant.exact,
        )


def _after_the_end(title: Title) -> list[Closing]:
    """Return the closing on the day after a title's end: nothing is left to hand over."""
    if title.end is None or title.permanent:
        return []
    over = title.end.next_day
    return [Closing(over.latest, ClosedBy.SUPERSEDED, None, over.unsure_from)]


@dataclass(frozen=True, slots=True)
class _End:
    """The end of temporary protection as the law stood: from which day, and which days."""

    since: date
    days: Range
    by_law: bool
    key: str


def _a09(journey: Derived) -> Found:
    for title in journey.titles.all:
        if title.basis != TEMPORARY_PROTECTION:
            yield Refused(title.grant, _OTHER_TITLE)
            continue
        ends = list(_ends(journey, title))
        for place, end in enumerate(ends):
            yield _a09_of(journey, title, end, ends[place + 1] if place + 1 < len(ends) else None)


def _ends(journey: Derived, title: Title) -> Iterator[_End]:
    """Yield the ends of a title under § 24 in turn: as told, then as each regulation prolonged it."""
    grant = title.grant
    told = title.told_end
    if told is None:
        fixed = journey.bounds.in_force("A09.end", grant.latest).day
        told = Range(fixed, fixed)
        yield _End(grant.latest, told, True, grant.id)
    else:
        yield _End(grant.latest, told, False, grant.id)
    begun = {one.day: one.valid_from for one in journey.bounds.rows["A09.end"]}
    for fixed, days in prolongations(grant, told, list(title.shortened_by), title.losses):
        since = begun.get(fixed) or grant.latest
        yield _End(since, days, True, f"{grant.id}+{fixed.year}")


def _a09_of(journey: Derived, title: Title, end: _End, following: _End | None) -> Draft:
    grant = title.grant
    lead = journey.bounds.in_force("A09.lead", grant.latest)
    first = lead_start(end.days.earliest, lead)
    if end.by_law or grant.dated or not title.own_end:
        first = max(first, grant.latest, end.since)
    steps = (
        Step(max(first, _lead(journey, name, grant, end)), kind)
        for name, kind in (
            ("A09.lead", StepName.WARNING),
            ("A09.step_second", StepName.WARNING),
            ("A09.step_third", StepName.URGENT),
        )
    )
    others = [one for one in title.newer if one.get("basis") != TEMPORARY_PROTECTION]
    closings = [] if following is None else [Closing(following.since, ClosedBy.RULE_CHANGE)]
    return Draft(
        grant,
        first,
        end.days.latest,
        key=end.key,
        followed=[*_other_applications(journey, title, end), *others],
        cancelled=title.losses,
        superseded=[one for one in title.newer if one not in others],
        closings=[*closings, *on_loss_of_title(journey, title)],
        partial=not (grant.exact and end.days.exact),
        evidence=title.shortened_by,
        steps=tuple(steps),
    )


def _lead(journey: Derived, name: str, grant: Seen, end: _End) -> date:
    return lead_start(end.days.earliest, journey.bounds.in_force(name, grant.latest))


def _other_applications(journey: Derived, title: Title, end: _End) -> list[Seen]:
    """Return the applications for another title that were not refused by the end."""
    view = journey.view
    return [
        one
        for one in view.after(title.grant, "TitleApplied")
        if one.get("basis") != TEMPORARY_PROTECTION
        and not (one.get("basis") is None and one.get("kind") == "verlaengerung")
        and not any(two.latest <= end.days.latest for two in view.after(one, "TitleRefused"))
    ]


@dataclass(frozen=True, slots=True)
class _Absence:
    """An absence of somebody with a title: since when, and the names of the bounds that hold for that title."""

    fact: Seen
    begun: Range
    names: tuple[str, str, str]


_USUAL = ("A23.months", "A23.first_warning", "A23.second_warning")
_LONGER = ("A23.months_9a", "A23.first_warning_9a", "A23.second_warning_9a")


def _a23(journey: Derived) -> Found:
    triggers: list[_Absence] = []
    for fact in journey.view.of("AbsenceAbroadRecorded"):
        begun = range_of(fact.day("from_")) or Range(fact.earliest, fact.latest)
        held, basis = _held_on(journey, fact, begun.latest)
        if held:
            triggers.append(_Absence(fact, begun, _LONGER if basis == _LONG_TERM else _USUAL))
        else:
            yield Refused(fact, _NO_TITLE)
    for place, one in enumerate(triggers):
        yield _a23_of(journey, one, [later.fact for later in triggers[place + 1 :]])


def _held_on(journey: Derived, absence: Seen, day: date) -> tuple[bool, str | None]:
    """Say whether a title is held on a day, and its basis; where nothing is known, by the title before."""
    stay = status_on(journey.stays, day)
    if stay is not None:
        return stay.status in _HELD, stay.basis
    title = journey.titles.before(absence)
    if title is None or any(one.latest <= day for one in title.losses):
        return False, None
    runs = title.permanent or title.end is None or title.end.latest >= day
    return runs, title.basis


def _a23_of(journey: Derived, absence: _Absence, newer: list[Seen]) -> Draft:
    view, fact, begun = journey.view, absence.fact, absence.begun
    limit, *warnings = (journey.bounds.in_force(name, begun.latest) for name in absence.names)
    due_on = after(begun.latest, limit)
    first, second = (after(begun.earliest, one) for one in warnings)
    if fact.dated or fact.day("from_") is None:
        first = max(first, fact.latest)
    opens_on = max(plus_days(due_on, 1), first)
    return Draft(
        fact,
        first,
        due_on,
        followed=_presence(journey, fact),
        cancelled=[
            *view.after(fact, "TitleGranted"),
            *counting(fact, view.of("TitleRevoked")),
        ],
        superseded=newer,
        closings=_return(fact, due_on),
        partial=not begun.exact,
        steps=(
            Step(first, StepName.WARNING),
            Step(max(first, second), StepName.URGENT),
            Step(opens_on, StepName.WORSE, Severity.CRITICAL),
        ),
        consequence=Consequence("title_lapsed", plus_days(due_on, 1)),
    )


def _return(absence: Seen, due_on: date) -> list[Closing]:
    """Return the closing on the last day of the absence, if it is told."""
    until = range_of(absence.day("until"))
    if until is None:
        return []
    in_time = until.earliest <= due_on
    day = min(until.latest, due_on) if in_time else until.latest
    by = ClosedBy.IN_TIME if in_time else ClosedBy.LATE
    return [Closing(day, by, absence, until.unsure_from)]


def _presence(journey: Derived, absence: Seen) -> Iterator[Seen]:
    """Yield the facts that show the person here again."""
    for one in journey.view.after(absence, "EntryRegistered", "ContactHeld"):
        if one.type == "EntryRegistered" or (
            one.get("channel") in _IN_PERSON and not one.get("no_show")
        ):
            yield one


A07 = Rule(
    id="A07",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Karte nicht abgeholt", "Card not collected", "Karte fehlt"),
    watches=Label(
        "Ein Titel ist erteilt, und die Karte ist nicht ausgehändigt.",
        "A title is granted and its card not handed over.",
    ),
    sentence=Label(
        "Titel erteilt {day}; die Karte soll bis zum {due} ausgehändigt sein.",
        "Title granted {day}; the card should be handed over by {due}.",
    ),
    next_step=Label("Nach der Karte fragen", "Ask for the card"),
    source="Praxisvorgabe, 56 Tage",
    severity=Severity.LOW,
    responsible=(Responsible.CLIENT, Responsible.ABH),
    bounds=("A07.response",),
    triggers=("TitleGranted",),
    missing=("TitleCardHandedOver",),
    find=_a07,
    entry=Entry(
        trigger="`TitleGranted`, unless `basis` is one without a card: `DEUTSCH`, `FREIZUEGG_EU`, `BVFG_4`, `VISA_C`, `VISA_D`, `VISA_FREE`, `UKRAINE_AUFENTH_UEV`; a missing `basis` has one.",
        window="56 days.",
        followed_by="`TitleCardHandedOver` with the title's id in `title`, or without `title`.",
        cancelled_by="Loss of this title, on any day. Superseded on the day after the title's known end (not permanent).",
        series="A newer title with a card supersedes.",
        severity="low.",
        decided="A title that has ended needs no card any more.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.NO_CAPACITY,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
)

A09 = Rule(
    id="A09",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Vorübergehender Schutz endet", "Temporary protection ends", "§ 24 endet"),
    watches=Label(
        "Der vorübergehende Schutz endet an einem festen Tag, und ein anderer Titel ist nicht beantragt.",
        "Temporary protection ends on a fixed day and no other title is applied for.",
    ),
    sentence=Label(
        "Der {day} erteilte Titel nach § 24 gilt nach heutigem Recht bis zum {due}; ein anderer Titel ist bis dahin zu prüfen und zu beantragen.",
        "The title under § 24 granted {day} runs by present law until {due}; another title is to be looked into and applied for by then.",
    ),
    next_step=Label("Anderen Titel prüfen", "Look into another title"),
    source="§ 24 AufenthG, § 2 UkraineAufenthFGV",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A09.lead", "A09.step_second", "A09.step_third", "A09.end"),
    triggers=("TitleGranted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a09,
    entry=Entry(
        trigger="`TitleGranted` with `basis` `24`, once for each *end in turn*: first its own (`valid_until`, or `new_valid_until` of its last `TitleShortened`; if missing the fixed day `A09.end` in force on the grant's day); then, for every regulation that prolongs it (G, Titles: *End*), the end by then; a regulation whose fixed day is not after the earliest possible end prolongs nothing. An end by regulation counts since the day from which `A09.end` has that fixed day (5 December 2023 for 4 March 2025, 28 November 2024 for 4 March 2026, 28 October 2025 for 4 March 2027), the own end since the grant.",
        window="Lead 270 days to the end, not before the grant and not before the day since which the end counts (an undated grant with its own `valid_until`, not shortened, sets no such bound for its own end).",
        followed_by="`TitleApplied` after the grant with `basis` other than `24`, or missing unless `kind` is verlaengerung; not if a `TitleRefused` after it has its latest day on or before this end. A newer title of another basis, or of none told.",
        cancelled_by="Loss of this title, on any day. Closed as `rule_change` on the day since which the next end counts.",
        series="A newer title of basis `24` supersedes. Superseded on the first day of A02, if this title gets one. Key: the grant's id; for an end by regulation that id, `+` and the year of its fixed day.",
        severity="high; steps at 270, 180 and 90 days before the end.",
        example="Granted on 1 June 2022, valid until 4 March 2024: due from 8 June 2023, closed on 5 December 2023 (rule_change); to 4 March 2025: due from 7 June 2024 to 27 November 2024; to 4 March 2026: from 7 June 2025 to 27 October 2025; to 4 March 2027: from 7 June 2026.",
        decided="Each regulation is a change of parameter (catalogue A09), so a past day is judged by the fixed day of its own law (D 16). The days on which the regulations began to apply are those of the Bundesgesetzblatt.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_DOCUMENTS, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
)

A23 = Rule(
    id="A23",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Lange im Ausland, Titel erlischt", "Long abroad, title lapses", "Titel erlischt"),
    watches=Label(
        "Wer mit einem Titel sechs Monate im Ausland bleibt, verliert ihn.",
        "Whoever stays abroad for six months with a title loses it.",
    ),
    sentence=Label(
        "Im Ausland ({day}); ohne Rückkehr bis zum {due} erlischt der Titel, wenn die Ausländerbehörde keine längere Frist bestimmt hat.",
        "Abroad ({day}); without return by {due} the title lapses, unless the immigration office has set a longer time.",
    ),
    next_step=Label("Rückkehr oder längere Frist klären", "Clarify the return or a longer time"),
    source="§ 51 Abs. 1 Nr. 7, Abs. 9 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=(*_USUAL, *_LONGER),
    triggers=("AbsenceAbroadRecorded",),
    missing=("EntryRegistered", "ContactHeld"),
    find=_a23,
    entry=Entry(
        trigger="`AbsenceAbroadRecorded` on whose *start* (`from`, if missing its day; latest day) the status of the stay is title or fiktion (terms of the status of the stay); where no status is known on that day, if the latest title before the absence (G3) is permanent or has no known end before that day, and no loss by that day (latest day).",
        window="Due through the start's latest day + 6 months (+ 12 if the basis is `9A`). The window begins 4 months (`9A`: 10) after the start's earliest day, not before the fact's day; an undated fact with `from` sets no such bound.",
        followed_by="The last day of the absence: `until`; if its earliest day is on or before `due_on`, at most on `due_on`. After the absence `EntryRegistered`; `ContactHeld` with `channel` office, home or outreach, unless `no_show` is true.",
        cancelled_by="A `TitleGranted` after it (G3); `TitleRevoked`. Not `TitleExpired`: it only records the loss.",
        series="The next such `AbsenceAbroadRecorded` supersedes.",
        severity="high; steps at 4 and 5 months (10 and 11); critical from the day after `due_on`.",
        consequence="`title_lapsed` since `due_on` + 1.",
        example="Abroad since 31 August 2025: due from 31 December 2025 through 28 February 2026, critical from 1 March 2026.",
        decided="Every title is watched alike but Daueraufenthalt-EU (cases W22); where the law knows a longer time (a longer one set by the office, other titles of § 51), the warning errs on the safe side and is explained away.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.ILLNESS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.DATA_MISSING,
        GapReason.OTHER,
    ),
    consequence=Label(
        "Titel nach Aktenlage erloschen seit {since}",
        "title lapsed, as far as known, since {since}",
    ),
)
