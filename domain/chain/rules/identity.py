"""Identity not clarified: A15 with its clocks, and A30, the office's request for papers.

What is missing is a paper, and whose turn it is differs; neither rule speaks of a fault.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.presence import tolerated
from domain.chain.checklists.proofs import (
    clarified_from,
    identity,
    says_not_by_what,
    serves,
)
from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import (
    ClosedBy,
    Consequence,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.residence import Status, Stay
from domain.chain.states.titles import CHANCE_TITLE
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

ENTRY_KEY = "entry"
_CLARIFIED = Label("die Identität war schon geklärt", "the identity was clarified before")
_EARLY_ENTRY = Label(
    "eingereist, bevor die Sechsmonatsfrist galt", "entered before the six months were law"
)
_NO_PROCEDURE = Label(
    "kein Asylverfahren und keine Duldung", "no asylum procedure and no toleration"
)
_NATURALISATION_ENDS = (
    "NaturalisationApproved",
    "NaturalisationRefused",
    "NaturalisationWithdrawn",
    "NaturalisationCertificateHandedOver",
)


@dataclass(frozen=True, slots=True)
class _Clock:
    """A clock of A15: since which day the identity is asked for, what ends it, and for which purposes."""

    trigger: Seen
    first: date
    due_on: date
    over: tuple[Closing, ...]
    purposes: tuple[str, ...]
    exact: bool
    key: str = ""
    ended: tuple[Seen, ...] = ()
    following: tuple[Seen, ...] = ()


def _a15(journey: Derived) -> Found:
    for one in (*_tolerated(journey), *_naturalising(journey)):
        yield _a15_of(journey, one)
    yield from _since_entry(journey)


_STAY, _ENTRY, _STAG = ("60", "25", "104c", "16g"), ("16g", "60c"), ("stag",)


_ON_A_TITLE = frozenset({Status.TITLE, Status.FIKTION, Status.WITHOUT_TITLE})


def _asks_for_identity(one: Stay) -> bool:
    """Say whether a stay waits for the identity: tolerated, § 104c and what continues it."""
    return tolerated(one) or (one.status in _ON_A_TITLE and one.basis == CHANCE_TITLE)


def _tolerated(journey: Derived) -> Iterator[_Clock]:
    run: list[Stay] = []
    for one in journey.stays:
        if _asks_for_identity(one):
            run.append(one)
        elif run:
            yield _tolerated_clock(journey, run)
            run = []
    if run:
        yield _tolerated_clock(journey, run)


def _tolerated_clock(journey: Derived, run: list[Stay]) -> _Clock:
    begin = run[0]
    due_on = after(begin.first, journey.bounds.in_force("A15.absence", begin.first))
    return _Clock(begin.fact, begin.first, due_on, _ended(run[-1]), _STAY, begin.exact)


def _ended(stay: Stay) -> tuple[Closing, ...]:
    """Return the closing on the day after a stay, by what began the next."""
    if stay.last is None:
        return ()
    return (Closing(plus_days(stay.last, 1), ClosedBy.CANCELLED, stay.by, stay.over_unsure_from),)


def _naturalising(journey: Derived) -> Iterator[_Clock]:
    applied = journey.view.of("NaturalisationApplied")
    for place, one in enumerate(applied):
        due_on = after(one.latest, journey.bounds.in_force("A15.absence", one.latest))
        ended = tuple(counting(one, journey.view.of(*_NATURALISATION_ENDS)))
        yield _Clock(
            one,
            one.latest,
            due_on,
            (),
            _STAG,
            one.exact,
            ended=ended,
            following=tuple(applied[place + 1 :]),
        )


def _since_entry(journey: Derived) -> Found:
    entry = journey.entry
    if entry is None:
        return
    day = entry.days.latest
    begin = _waiting_on(journey, day)
    if day < journey.bounds.in_force("A15.entry_from", day).day:
        yield Refused(entry.fact, _EARLY_ENTRY)
    elif begin is None:
        yield Refused(entry.fact, _NO_PROCEDURE)
    else:
        first = max(day, begin.first)
        due_on = after(day, journey.bounds.in_force("A15.entry", day))
        exact = entry.days.exact and (first == day or begin.exact)
        over = tuple(_waits_no_more(journey, begin))
        clock = _Clock(entry.fact, first, due_on, over, _ENTRY, exact, ENTRY_KEY)
        yield _a15_of(journey, clock)


def _waiting_on(journey: Derived, day: date) -> Stay | None:
    """Return the first stay in a procedure, tolerated or obliged, that holds on or after a day."""
    for one in journey.stays:
        waits = tolerated(one) or one.status is Status.GESTATTUNG
        if waits and (one.last is None or one.last >= day):
            return one
    return None


def _waits_no_more(journey: Derived, begin: Stay) -> Iterator[Closing]:
    """Yield the closings by the titles, protections and other lawful statuses after a stay began."""
    for one in journey.stays:
        if one.first > begin.first and not (
            one.status in (Status.GESTATTUNG, Status.WITHOUT_TITLE) or _asks_for_identity(one)
        ):
            yield Closing(one.first, ClosedBy.CANCELLED, one.since, one.unsure_from)


def _a15_of(journey: Derived, clock: _Clock) -> Draft | Refused:
    proofs = list(_clarified(journey, clock))
    if any(one.day < clock.first for one in proofs):
        return Refused(clock.trigger, _CLARIFIED)
    unclear = not proofs and any(
        says_not_by_what(one) for one in _for(clock, journey.view.of("IdentityClarified"))
    )
    warning = journey.bounds.in_force("A15.warning", clock.first)
    return Draft(
        clock.trigger,
        clock.first,
        clock.due_on,
        key=clock.key,
        cancelled=clock.ended,
        superseded=clock.following,
        closings=[*proofs, *clock.over],
        kind=Kind.DATA if unclear else Kind.GAP,
        partial=not clock.exact,
        steps=(Step(after(clock.first, warning), StepName.WARNING),),
        consequence=Consequence("identity_late", plus_days(clock.due_on, 1))
        if clock.key == ENTRY_KEY
        else None,
    )


def _for(clock: _Clock, facts: Iterable[Seen]) -> Iterator[Seen]:
    """Yield the clarifications for the purposes of a clock."""
    return (one for one in facts if serves(one, *clock.purposes))


def _clarified(journey: Derived, clock: _Clock) -> Iterator[Closing]:
    """Yield the clarifications that count, each on its day (design 4, line 12; G5)."""
    for one in _for(clock, journey.view.of("IdentityClarified")):
        days = clarified_from(one)
        if days is None:
            continue
        day = _counted(clock, one, days)
        by = ClosedBy.IN_TIME if day <= clock.due_on else ClosedBy.LATE
        yield Closing(day, by, one, days.unsure_from)


def _counted(clock: _Clock, one: Seen, days: Range) -> date:
    told = one.dated or one.day("date") is not None or one.day("accepted_on") is not None
    if not told and one.rank > clock.trigger.rank:
        return clock.due_on
    if told and clock.first <= days.latest and days.earliest <= clock.due_on:
        return min(days.latest, clock.due_on)
    return days.latest if told else plus_days(clock.first, -1)


def _a30(journey: Derived) -> Found:
    requests = journey.view.of("IdentityDocumentsRequested")
    for place, one in enumerate(requests):
        yield _a30_of(journey, one, requests[place + 1 :])


def _a30_of(journey: Derived, request: Seen, following: list[Seen]) -> Draft | Refused:
    clear = identity(journey)
    if clear is not None and clear.first < request.earliest:
        return Refused(request, _CLARIFIED)
    due = range_of(request.day("due"))
    response = journey.bounds.in_force("A30.response", request.latest)
    due_on = after(request.latest, response) if due is None else max(due.latest, request.latest)
    return Draft(
        request,
        request.latest,
        due_on,
        followed=counting(request, journey.view.of("IdentityClarified", "PassportIssued")),
        superseded=following,
        partial=not (request.exact and (due is None or due.exact)),
    )


TERMS_OF = "Identity"
TERMS = (
    Term(
        "First known entry",
        "the first `EntryRegistered`, on `entry_date`, if missing on its own days; without any, the first `JourneyStarted` that tells `entry_date`, on that.",
    ),
    Term(
        "Waits for the identity",
        "status Duldung or obliged; status title, Fiktion or without title with basis `104C`.",
    ),
    Term(
        "A clarification for a clock",
        "an `IdentityClarified` without `purposes` or with one that, in small letters and without `§` and outer spaces, begins with: `60`, `25`, `104c` or `16g` for a stay; `stag` for a naturalisation; `16g` or `60c` for the entry. It counts from its days with `means` pass or id (undated: from `date`, else `accepted_on`, if told), with any other `means` or none from `accepted_on`; not at all if that is missing. Handed in is not accepted (W36).",
    ),
)

A15 = Rule(
    id="A15",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Identität ungeklärt", "Identity not clarified", "Identität"),
    watches=Label(
        "Von der geklärten Identität hängen Bleiberecht, Ausbildung und Einbürgerung ab.",
        "The right to stay, training and naturalisation depend on a clarified identity.",
    ),
    sentence=Label(
        "Seit dem {first} ist kein anerkannter Identitätsnachweis erfasst; er wird bis zum {due} gebraucht.",
        "No accepted proof of identity is recorded since {first}; it is needed by {due}.",
    ),
    next_step=Label(
        "Nachweise beschaffen oder Bemühungen belegen", "Get proofs or document the efforts"
    ),
    source="§§ 16g Abs. 2, 60b, 60c Abs. 2 Nr. 3 AufenthG; § 10 Abs. 1 StAG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("A15.absence", "A15.entry", "A15.entry_from", "A15.warning"),
    triggers=(
        "ToleranceIssued",
        "DepartureObligationArisen",
        "AsylumDecisionIssued",
        "ProtectionRevoked",
        "TitleGranted",
        "NaturalisationApplied",
        "AsylumApplicationFiled",
        "AsylumHearingHeld",
        "ArrivalCertificateIssued",
        "TemporaryPermissionIssued",
    ),
    missing=("IdentityClarified",),
    find=_a15,
    entry=Entry(
        trigger="Three clocks. *Stay*: the fact on which the first status rests of an unbroken stretch of days with a status that waits for the identity (terms of the status of the stay). *Naturalisation*: each `NaturalisationApplied`. *Entry*: the fact of the first known entry, if its latest day is on or after 1 January 2020 (`A15.entry_from`) and a status Gestattung, Duldung or obliged holds on or after that day. None if a clarification for the clock counts on a day before the window's first day; an undated one without `date` and `accepted_on` does so if it does not stand after the trigger.",
        window="*Stay*: from the first day of the stretch through that day + 6 months (`A15.absence`). *Naturalisation*: the same from the trigger's day. *Entry*: through the entry's latest day + 6 months (`A15.entry`), from that day or, if later, from the first day of the first such status. It is open from that first day if that is after `due_on`.",
        followed_by="A clarification for the clock, on the latest of its days, at most on `due_on` if the earliest is on or before it; undated without `date` and `accepted_on` on `due_on`.",
        cancelled_by="*Stay*: the end of the stretch, on the day after. *Entry*: the first day, after the first day of that first status, of a status other than Gestattung, without title, and those that wait for the identity. *Naturalisation*: `NaturalisationApproved`, `NaturalisationRefused`, `NaturalisationWithdrawn`, `NaturalisationCertificateHandedOver`.",
        data_row="No clarification for the clock counts, and an `IdentityClarified` for its purposes, on whatever day, tells neither `means` nor `accepted_on`: then the instance is a data row with the days of the gap.",
        series="*Naturalisation*: the next `NaturalisationApplied` supersedes. The others have no series. Key: the trigger's id; for the entry the word `entry`.",
        severity="high; a step 90 days after the window's first day.",
        consequence="`identity_late` since `due_on` + 1, for the entry only: §§ 16g, 60c then only at discretion.",
        law="Entry: entries from 1 January 2020.",
        example="Duldung on 3 June 2005, extended again and again: due through 3 December 2005, open from 4 December. Asylum refused on 7 March 2003, no appeal: obliged from 25 March 2003, open from 26 September 2003 until a passport on 21 July 2009 (C79).",
        decided="The first day of the Duldung starts the clock (W35), renewals do not; a title under § 104C goes on with it. Documented efforts have no fact of their own: they are told as an explanation (GapExplained), which lets the gap rest; a document handed in and not accepted does not close it (C72). The naturalisation has a key of its own, since another office and another purpose decide. A passport issued is not yet an identity accepted.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
    consequence=Label(
        "§§ 16g und 60c nur noch nach Ermessen seit {since}",
        "§§ 16g and 60c only at discretion since {since}",
    ),
    unknown="means",
)

A30 = Rule(
    id="A30",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label(
        "Identitätsnachweise angefordert", "Identity documents requested", "Nachweis offen"
    ),
    watches=Label(
        "Die Behörde hat Identitätsnachweise verlangt, und nichts ist eingereicht.",
        "The office has asked for proofs of identity and nothing is handed in.",
    ),
    sentence=Label(
        "Die Behörde hat {day} Identitätsnachweise angefordert; bis zum {due} sollten Nachweise oder belegte Bemühungen vorliegen.",
        "The office asked for proofs of identity {day}; proofs or documented efforts should be there by {due}.",
    ),
    next_step=Label(
        "Nachweise einreichen oder Bemühungen belegen", "Hand in proofs or document efforts"
    ),
    source="§ 48 Abs. 3 AufenthG; Praxisvorgabe, 90 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("A30.response",),
    triggers=("IdentityDocumentsRequested",),
    missing=("IdentityClarified", "PassportIssued"),
    find=_a30,
    entry=Entry(
        trigger="`IdentityDocumentsRequested`; none if the identity was clarified (see *identity clarified*) on a day before the trigger's earliest day.",
        window="From the trigger's day through `due`, if told (its latest day, not before the trigger's); else 90 days.",
        followed_by="`IdentityClarified` of any `means`, accepted or not (a document handed in is an effort); `PassportIssued`.",
        series="The journey: any later request supersedes, also one that makes no instance.",
        severity="high.",
        example="Asked on 4 February 2013: due through 5 May 2013. Asked again on 15 November 2013: the first is superseded then.",
        decided="The day that the office itself sets goes before the 90 days (W35), as in N05. What is handed in ends this rule; whether it is accepted is A15's question (W36).",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
)
