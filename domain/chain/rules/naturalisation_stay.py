"""The stay on the way to naturalisation: N03 (a title that leads nowhere), N09 (absence), N11 (gap)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.spans_of_law import within
from domain.chain.checklists.stay_and_title import excluded_on, excluded_titles, held
from domain.chain.counting import possible_from
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Consequence, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.spans import Span
from domain.chain.states.absence import Absence, Interruption, last_harmless_day
from domain.chain.states.lawful import Clock, Gap
from domain.chain.states.residence import Status, Stay
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
_ADVISED = ("NaturalisationAdvised", "PrecheckCompleted")
_LAWFUL_BY = (
    "TitleGranted",
    "AsylumDecisionIssued",
    "RightOfFreeMovementRecorded",
    "FictionCertificateIssued",
    "ContinuationOrdered",
)
_UNDER_A_TITLE = frozenset({Status.TITLE, Status.FIKTION, Status.WITHOUT_TITLE})
_FITS = Label(
    "der Titel führt zur Einbürgerung, oder der Aufenthalt ist noch zu kurz",
    "the title leads to naturalisation, or the stay is still too short",
)
_NO_GAP = Label("keine Lücke im rechtmäßigen Aufenthalt", "no gap in the lawful stay")
_BACKWARDS = Label("das Ende liegt vor dem Anfang", "it ends before it begins")


@dataclass(frozen=True, slots=True)
class _Run:
    """Days of one clock under titles of one kind: excluded, or of a basis that is not told.

    ``by`` is the fact that ends it; None with a known last day: the law of the next day is another.
    """

    clock: Clock
    begin: Stay
    first: date
    last: date | None
    excluded: bool
    by: Seen | None


def _n03(journey: Derived) -> Found:
    keys: Counter[str] = Counter()
    for clock in journey.clocks:
        for run in _runs(journey, clock):
            draft = _n03_of(journey, run)
            if draft is not None:
                name = run.begin.fact.id
                keys[name] += 1
                draft.key = name if keys[name] == 1 else f"{name}+{keys[name]}"
                yield draft
    if not keys:
        yield from (Refused(one, _FITS) for one in journey.view.of("TitleGranted")[:1])


def _runs(journey: Derived, clock: Clock) -> list[_Run]:
    """Return the runs of excluded titles and of titles of an unknown basis, in order."""
    found: list[_Run] = []
    for stay, span, excluded in _pieces(journey, clock):
        before = found[-1] if found else None
        by = _ended_by(clock, stay, span)
        if (
            before is not None
            and before.excluded is excluded
            and before.last == plus_days(span.first, -1)
        ):
            found[-1] = _Run(clock, before.begin, before.first, span.last, excluded, by)
        else:
            found.append(_Run(clock, stay, span.first, span.last, excluded, by))
    return found


def _pieces(journey: Derived, clock: Clock) -> Iterator[tuple[Stay, Span, bool]]:
    """Yield the days of a clock under an excluded title (true) or one of an unknown basis (false)."""
    days = Span(clock.first, clock.last)
    for one in journey.once(held):
        if not one.titled or one.stay.status not in _UNDER_A_TITLE:
            continue
        for span in within([Span(one.stay.first, one.stay.last)], days):
            if one.basis is None:
                yield one.stay, span, False
                continue
            for codes, law in journey.once(excluded_titles):
                if one.basis in codes:
                    yield from ((one.stay, piece, True) for piece in within([span], law))


def _ended_by(clock: Clock, stay: Stay, span: Span) -> Seen | None:
    """Return the fact that ends a piece: that of the next status, or what ends the clock; None: the law."""
    if span.last is None:
        return None
    if span.last == clock.last:
        return clock.by
    return stay.by if span.last == stay.last else None


def _n03_of(journey: Derived, run: _Run) -> Draft | None:
    bounds, clock = journey.bounds, run.clock
    day = run.begin.fact.latest
    first = max(run.first, after(clock.first, bounds.in_force("N03.advice", day)))
    if run.last is not None and first > run.last:
        return None
    full = after(clock.first, bounds.in_force("N03.months", day))
    return Draft(
        run.begin.fact,
        first,
        max(full, plus_days(first, -1)),
        followed=[
            *(one for one in journey.view.of(*_ADVISED) if one.latest >= first),
            *_applied_for_another(journey, run.begin.fact),
        ],
        closings=_run_over(run),
        kind=Kind.GAP if run.excluded else Kind.DATA,
        partial=not (clock.exact and run.begin.exact),
        evidence=(clock.fact,),
    )


def _applied_for_another(journey: Derived, title: Seen) -> list[Seen]:
    """Return the applications after a title for one that leads to naturalisation, not refused since."""
    view = journey.standing.view
    return [
        one
        for one in view.after(title, "TitleApplied")
        if (basis := one.get("basis")) is not None
        and not excluded_on(journey, basis, one.latest)
        and not view.after(one, "TitleRefused")
    ]


def _run_over(run: _Run) -> list[Closing]:
    if run.last is None:
        return []
    day = plus_days(run.last, 1)
    if run.by is None:
        return [Closing(day, ClosedBy.RULE_CHANGE)]
    return [Closing(day, ClosedBy.CANCELLED, run.by, possible_from(run.by, day))]


def _n09(journey: Derived) -> Found:
    found = {one.fact.id for one in journey.absences}
    for fact in journey.view.of("AbsenceAbroadRecorded"):
        if fact.id not in found:
            yield Refused(fact, _BACKWARDS)
    for absence in journey.absences:
        yield _n09_of(absence, absence.first, last_harmless_day(absence, journey.bounds))
    for one in journey.interruptions:
        if one.summed:
            yield _n09_half(one)


def _n09_of(absence: Absence, first: date, due_on: date) -> Draft:
    return Draft(
        absence.fact,
        first,
        due_on,
        closings=_returned(absence, due_on),
        partial=not absence.exact,
        consequence=Consequence("residence_interrupted", plus_days(due_on, 1)),
    )


def _n09_half(one: Interruption) -> Draft:
    """Return the instance of the second key: with this absence more than half of the time was abroad."""
    draft = _n09_of(one.absence, one.first, plus_days(one.first, -1))
    draft.key = f"{one.absence.fact.id}+half"
    draft.evidence = tuple(absence.fact for absence in one.summed)
    draft.partial = any(not absence.exact for absence in one.summed)
    return draft


def _returned(absence: Absence, due_on: date) -> list[Closing]:
    """Return the closing on the day after the absence; whoever used the whole time was in time, on its last day."""
    if absence.last is None:
        return []
    day = plus_days(absence.last, 1)
    if absence.last == due_on:
        day = due_on
    by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
    return [Closing(day, by, absence.back, None if absence.exact else day)]


def _n11(journey: Derived) -> Found:
    gaps = journey.lawful.gaps
    yield from (_n11_of(one) for one in gaps)
    if not gaps:
        yield from (Refused(one, _NO_GAP) for one in journey.view.of(*_LAWFUL_BY)[:1])


def _n11_of(gap: Gap) -> Draft:
    lawful = []
    if gap.back_on is not None:
        lawful = [Closing(gap.back_on, ClosedBy.LATE, gap.back_by, gap.back_unsure_from)]
    return Draft(
        gap.fact,
        gap.first,
        plus_days(gap.first, -1),
        closings=lawful,
        partial=not gap.exact,
        consequence=None if gap.harmless else Consequence("clock_interrupted", gap.first),
    )


N03 = Rule(
    id="N03",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label(
        "Titel führt nicht zur Einbürgerung",
        "Title does not lead to naturalisation",
        "Titel hindert",
    ),
    watches=Label(
        "Der Aufenthalt ist bald lang genug für die Einbürgerung, aber der Titel gehört zu denen, die § 10 StAG ausnimmt.",
        "The stay will soon be long enough for naturalisation, but the title is one of those that § 10 StAG leaves out.",
    ),
    sentence=Label(
        "Vier Jahre rechtmäßiger Aufenthalt sind voll, doch mit dem {day} erteilten Titel ist keine Einbürgerung möglich; bis zum {due} soll zu einem anderen Titel beraten sein.",
        "Four years of lawful stay are full, yet the title granted {day} does not allow naturalisation; by {due} somebody should have advised on another title.",
    ),
    next_step=Label("Titelwechsel beraten", "Advise on another title"),
    source="§ 10 Abs. 1 S. 1 Nr. 2 StAG",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("N03.advice", "N03.months"),
    triggers=("TitleGranted",),
    missing=("NaturalisationAdvised", "PrecheckCompleted", "TitleApplied", "TitleGranted"),
    find=_n03,
    entry=Entry(
        trigger="A run of days of one clock under an excluded title: the status is title, or fiktion or without_title (in a harmless gap) that rests on a grant or stands after a title, and its basis (of a fiktion that rests on no grant, that of the title that was the status last before it) is excluded by the law of the day. The trigger is the fact on which the status of the first day of the run rests (the grant). None if the run has no day on which 48 months of the clock are full.",
        window="From the day on which 48 months since the first day of the clock are full, not before the run, through the day on which 54 months are full, at least through the day before the window.",
        followed_by="`NaturalisationAdvised`, `PrecheckCompleted` with the latest day in the window or later; `TitleApplied` after the trigger, with a `basis` that is not excluded on its day, and no `TitleRefused` after it, void facts left out (terms of the status of the stay). An application before the window leaves no instance (G5).",
        cancelled_by="On the day after the run, by the fact of the next status or what ends the clock; `rule_change` if only the law changes.",
        data_row="`basis`: a run of days under titles without it is a data row, with the days of the gap.",
        series="No series. Key: the trigger's id; of several with the same key the second has `+2`, in order.",
        severity="high.",
        example="Title under § 25(5) of 15 March 2018, renewed: due from 15 March through 15 September 2022, open from 16 September.",
        decided="48 and 54 months hold unchanged under the older law, when 8 years were needed (cases/README 4: a rule that no row names). Advice is an answer: the title itself often cannot be changed.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="basis",
)

_INTERRUPTED = Label(
    "Gewöhnlicher Aufenthalt unterbrochen seit {since}",
    "habitual residence interrupted since {since}",
)

N09 = Rule(
    id="N09",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label(
        "Auslandsaufenthalt unterbricht die Frist", "Absence interrupts the clock", "Abwesenheit"
    ),
    watches=Label(
        "Ein Auslandsaufenthalt dauert länger als sechs Monate, oder alle zusammen länger als die halbe geforderte Zeit.",
        "An absence lasts longer than six months, or all together longer than half of the required time.",
    ),
    sentence=Label(
        "Im Ausland seit dem {first}; bis zum {due} bleibt der gewöhnliche Aufenthalt für die Einbürgerung bestehen, danach nur mit einer Frist der Ausländerbehörde.",
        "Abroad since {first}; the habitual residence lasts for naturalisation through {due}, later only within a period set by the immigration office.",
    ),
    next_step=Label("Rückkehr oder Frist klären", "Clarify return or a period"),
    source="§ 12b Abs. 1, 2 StAG",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("N09.months", "N09.half"),
    triggers=("AbsenceAbroadRecorded",),
    missing=("EntryRegistered", "AddressRegistered", "AddressChanged", "ContactHeld"),
    find=_n09,
    entry=Entry(
        trigger="`AbsenceAbroadRecorded` that is an absence (terms). A second instance for an absence on one of whose days the sum is too great (terms, *Interruption*; an absence that is too long by itself has none).",
        window="From the first day of the absence, also where it lies before the fact's day, through the same day six months later, or through `allowed_until` if that is later. The second instance: open from the first day on which the sum is too great, `due_on` is the day before.",
        followed_by="The day after the last day of the absence; on `due_on` itself, in time, if that is the last day.",
        series="No series. Key: the trigger's id; of the second instance this and `+half`.",
        severity="medium.",
        consequence="`residence_interrupted` since the day after `due_on`.",
        example="Abroad from 1 February 2021: due through 1 August. Last day 1 August: in time on 1 August, never open. Last day 1 September: open from 2 August, closed on 2 September, interrupted from 2 August on for good.",
        decided="It does not ask for a lawful stay: old files print the titles rarely. An absence without a known end is told while it lasts, not as a data row: this is when somebody can still come back. The period of the immigration office (§ 12b(1) S. 2) is the attribute `allowed_until`. Credit for earlier years (§ 12b(2)) is left to the office.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.ILLNESS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.DATA_MISSING,
        GapReason.OTHER,
    ),
    consequence=_INTERRUPTED,
)

N11 = Rule(
    id="N11",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label("Lücke im rechtmäßigen Aufenthalt", "Gap in the lawful stay", "Lücke"),
    watches=Label(
        "Der rechtmäßige Aufenthalt ist unterbrochen; die Jahre für die Einbürgerung stehen in Frage.",
        "The lawful stay is interrupted; the years for naturalisation are in question.",
    ),
    sentence=Label(
        "Seit dem {first} ist der Aufenthalt nicht rechtmäßig; war nur der Antrag verspätet, schadet das der Einbürgerung nicht.",
        "Since {first} the stay is not lawful; if only the application was late, that does not harm naturalisation.",
    ),
    next_step=Label("Grund der Lücke festhalten", "Record the reason of the gap"),
    source="§ 12b Abs. 3 StAG",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("N11.tolerance",),
    triggers=_LAWFUL_BY,
    missing=("TitleGranted", "ContinuationOrdered", "RightOfFreeMovementRecorded"),
    find=_n11,
    entry=Entry(
        trigger="The fact that makes the first status not lawful after a lawful one, if this is not gone or german (where a title ran out, its grant). Of several facts of that day: the first, in order, after the last lawful status of that day that makes a status not lawful.",
        window="Open from the first day of that status, `due_on` is the day before.",
        followed_by="The fact that makes the next lawful status, on the first day of that (late), also after days of which nothing is known.",
        series="No series.",
        severity="medium.",
        consequence="`clock_interrupted` since the first day; none for a harmless gap.",
        example="Title to 14 January 2020, the next on 1 June 2020, longer held before than the gap: open from 15 January to 31 May, nothing stays (§ 12b(3)). If the extension was refused meanwhile, the clock begins anew on 1 June.",
        decided='A gap is told as long as it lasts, as the absence is; whether it harms is known when a title follows. That a title followed without a refusal between is taken for "only not applied for in time", whether the application is recorded or not; a gap longer than the stay before it is not (C56: lawful times outweigh). The days of a harmless gap count: § 12b(3) leaves it out of account.',
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.DATA_MISSING,
        GapReason.OTHER,
    ),
    consequence=Label(
        "Frist für die Einbürgerung unterbrochen seit {since}",
        "clock of naturalisation interrupted since {since}",
    ),
)
