"""Appointments of Jobcenter and agency: L08."""

from collections.abc import Iterator

from domain.chain.calendar import plus_months
from domain.chain.counting import counting, same
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_STRICTER = "law.grundsicherungsgeld"
_AGENCY = "BA"
_EXCUSED = Label("der Termin ist entschuldigt", "the appointment is excused")
_CUT = Label("eine Minderung der Leistung", "a cut of the benefit")
_CUT_30 = Label("eine Minderung um 30 % für einen Monat", "a cut of 30 % for a month")
_LOSS = Label("der Verlust der Leistung", "the loss of the benefit")
_BAN = Label("eine Sperrzeit von einer Woche", "a week without benefit")


def _l08(journey: Derived) -> Found:
    missed = journey.view.of("JobcenterAppointmentMissed")
    for one in missed:
        if one.get("excused") is True:
            yield Refused(one, _EXCUSED)
    contacts = [one for one in journey.view.of("ContactHeld") if one.get("no_show") is not True]
    counted = list(_counted(journey, missed))
    for place, (one, count) in enumerate(counted):
        severity, threat = _weight(journey, one, count)
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("L08.response", one.latest)),
            followed=counting(one, contacts),
            superseded=[later for later, _ in counted[place + 1 :]],
            partial=not one.exact,
            severity=severity,
            responsible=_who(one),
            details=(("threat", threat),),
        )


def _counted(journey: Derived, missed: list[Seen]) -> Iterator[tuple[Seen, int]]:
    """Yield the misses that are not excused, each with its number in a row."""
    before: list[tuple[Seen, int]] = []
    for one in missed:
        if one.get("excused") is True:
            continue
        since = plus_months(one.latest, -journey.bounds.in_force("L08.row", one.latest).number)
        row = (
            count
            for earlier, count in reversed(before)
            if same(earlier.get("issuer"), one.get("issuer")) and earlier.latest >= since
        )
        counted = (one, one.get("count_in_row") or next(row, 0) + 1)
        before.append(counted)
        yield counted


def _weight(journey: Derived, one: Seen, count: int) -> tuple[Severity, Label]:
    """Return how bad a miss is, and what threatens."""
    if one.get("issuer") == _AGENCY:
        return Severity.HIGH, _BAN
    if not journey.bounds.is_on(_STRICTER, one.latest):
        return Severity.HIGH, _CUT
    match count:
        case 1:
            return Severity.HIGH, _CUT
        case 2:
            return Severity.CRITICAL, _CUT_30
        case _:
            return Severity.CRITICAL, _LOSS


def _who(one: Seen) -> tuple[Responsible, ...]:
    office = (
        Responsible.EMPLOYMENT_AGENCY if one.get("issuer") == _AGENCY else Responsible.JOBCENTER
    )
    return (Responsible.CASE_MANAGER, Responsible.CLIENT, office)


TERMS_OF = "Appointments"
TERMS = (
    Term(
        "Number in a row",
        "of a missed appointment: its `count_in_row`; if missing (or nought), one more than the number of the latest missed appointment before it (G3) that is not excused, whose `issuer` is the same or missing on either side, and whose latest day is not before the same day 12 months earlier; if there is none, 1.",
    ),
)

L08 = Rule(
    id="L08",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label("Versäumter Meldetermin", "Missed appointment", "Versäumt"),
    watches=Label(
        "Ein Termin bei Jobcenter oder Agentur kam nicht zustande, und darüber ist nicht gesprochen.",
        "An appointment at the Jobcenter or the agency did not take place and nobody has talked about it.",
    ),
    sentence=Label(
        "Ein Termin kam {day} nicht zustande; bis zum {due} ist zu klären, warum, denn es droht {threat}.",
        "An appointment did not take place {day}; why is to be clarified by {due}, for what threatens is {threat}.",
    ),
    next_step=Label(
        "Grund klären und der Stelle mitteilen", "Clarify the reason and tell the office"
    ),
    source="§ 32 SGB II, § 159 SGB III; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT, Responsible.JOBCENTER),
    bounds=("L08.response", "L08.row"),
    triggers=("JobcenterAppointmentMissed",),
    missing=("ContactHeld",),
    find=_l08,
    entry=Entry(
        trigger="`JobcenterAppointmentMissed` unless `excused` is true, whoever is the `issuer`.",
        window="3 NRW working days after the trigger's day.",
        followed_by="`ContactHeld` unless `no_show` is true.",
        severity="high; critical from the second in a row (see Appointments) while the switch `law.grundsicherungsgeld` is on on the trigger's day, unless `issuer` is BA.",
        law="From 1 July 2026 (announced) the second miss in a row costs 30 % for a month, the third the benefit. Under SGB III each costs a week (W19). Before, and for the first, the words say only that a cut threatens.",
        example="Missed on Thursday 16 April 2026: due through Tuesday 21 April.",
        decided="An appointment made is none missed; who comes late has not missed it (C36).",
    ),
    reasons=(
        GapReason.NOT_INFORMED,
        GapReason.ILLNESS,
        GapReason.NO_CHILDCARE,
        GapReason.WORKS,
        GapReason.OTHER,
    ),
)
