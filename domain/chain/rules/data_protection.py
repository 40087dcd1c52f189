"""Data protection: consents that end or are withdrawn, access asked for, retention: F15, F16, F17, F18."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days, working_day_from
from domain.chain.counting import Range, counted_day, counting, range_of, same
from domain.chain.derived import Derived
from domain.chain.duties import of_case
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Responsible, Severity, Step, StepName
from domain.chain.reading import Seen, View
from domain.chain.rule import RECORD_KEEPING, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.consents import ends_of, printed_end
from domain.chain.windows import after, imprecise, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_NOT_WITHDRAWN = Label("nicht widerrufen", "not withdrawn")
_TOLD_APART = Label(
    "der Widerruf ist eigens vermerkt", "the withdrawal is told by a fact of its own"
)
_CASES_LEFT = Label("ein Fall läuft oder ruht noch", "a case is still running or at rest")
_HELD = Label("Aufbewahrung angeordnet", "a retention hold is placed")


def _f15(journey: Derived) -> Found:
    view = journey.view
    for one in view.of("ConsentGranted"):
        end = printed_end(one, journey.bounds)
        lead = journey.bounds.in_force("F15.lead", one.latest)
        first = lead_window(one, end, lead, own_end=one.day("valid_until") is not None)
        yield Draft(
            one,
            first,
            end.latest,
            followed=[new for new in view.after(one, "ConsentGranted") if _renews(new, one)],
            cancelled=[
                *(other for other in ends_of(view, one) if other.type == "ConsentWithdrawn"),
                *of_case([*counting(one, view.of("CaseClosed"))], one),
            ],
            closings=_own_withdrawal(one),
            partial=imprecise(one, first, end),
        )


def _own_withdrawal(one: Seen) -> list[Closing]:
    """Return the closing by a withdrawal that the consent itself tells."""
    told = range_of(one.day("withdrawn_on"))
    if told is None:
        return []
    return [Closing(told.latest, ClosedBy.CANCELLED, one, told.unsure_from)]


def _renews(new: Seen, old: Seen) -> bool:
    """Say whether a newer consent is of the same kind and names every recipient of the older one."""
    if not same(new.get("kind"), old.get("kind")):
        return False
    named, before = new.get("recipients"), old.get("recipients")
    return not named or not before or set(before) <= set(named)


@dataclass(frozen=True, slots=True)
class _Withdrawal:
    """A withdrawal: the fact that tells it, and its possible days."""

    fact: Seen
    days: Range

    @property
    def first(self) -> date:
        """Return the day from which its bound is counted."""
        return max(self.days.latest, self.fact.latest)


def _f16(journey: Derived) -> Found:
    for one in journey.view.of("ConsentWithdrawn", "ConsentGranted"):
        found = _withdrawal(journey.view, one)
        if isinstance(found, Label):
            yield Refused(one, found)
            continue
        response = journey.bounds.on("F16.response", found.first)
        if response is None:
            yield Refused(one, _NO_LAW)
            continue
        yield Draft(
            one,
            found.first,
            after(found.first, response),
            followed=_carried_out(journey.view, found),
            partial=imprecise(one, found.first, found.days),
        )


def _withdrawal(view: View, one: Seen) -> _Withdrawal | Label:
    """Return the withdrawal that a fact tells, or why it tells none of its own."""
    if one.type == "ConsentWithdrawn":
        return _Withdrawal(one, Range(one.earliest, one.latest))
    told = range_of(one.day("withdrawn_on"))
    if told is None:
        return _NOT_WITHDRAWN
    if any(other.type == "ConsentWithdrawn" for other in ends_of(view, one)):
        return _TOLD_APART
    return _Withdrawal(one, told)


def _carried_out(view: View, withdrawal: _Withdrawal) -> list[Seen]:
    """Return the fact with which every recipient of a withdrawal knows of it, if there is one."""
    fact = withdrawal.fact
    waiting = set(fact.get("recipients") or ())
    since = withdrawal.days.earliest if fact.type == "ConsentGranted" else None
    for one in counting(fact, view.of("WithdrawalCarriedOut"), since):
        if not (same(one.get("consent_id"), fact.get("consent_id")) or _names(one, fact)):
            continue
        told = one.get("recipients")
        waiting -= set(told or waiting)
        if not waiting:
            return [one]
    return []


def _names(one: Seen, fact: Seen) -> bool:
    return bool(one.get("consent_id") == fact.id)


def _f17(journey: Derived) -> Found:
    for one in journey.view.of("AccessRequestReceived"):
        response = journey.bounds.on("F17.response", one.latest)
        if response is None:
            yield Refused(one, _NO_LAW)
            continue
        due_on = working_day_from(after(one.latest, response))
        extension = _extension(journey, one, due_on)
        told = None if extension is None else range_of(extension.day("until"))
        if extension is not None:
            limit = working_day_from(
                after(one.latest, journey.bounds.in_force("F17.extended", one.latest))
            )
            due_on = limit if told is None else min(max(told.latest, due_on), limit)
        warning = journey.bounds.in_force("F17.warning", one.latest)
        answers = counting(one, journey.view.of("AccessAnswered"))
        yield Draft(
            one,
            one.latest,
            due_on,
            followed=[answer for answer in answers if _same_request(answer, one)],
            partial=not one.exact or (told is not None and not told.exact),
            evidence=() if extension is None else (extension,),
            steps=(Step(plus_days(due_on, -warning.number), StepName.WARNING),),
        )


def _same_request(one: Seen, other: Seen) -> bool:
    return same(one.get("request_id"), other.get("request_id"))


def _extension(journey: Derived, request: Seen, due_on: date) -> Seen | None:
    """Return the last extension of a request that came in time."""
    told = counting(request, journey.view.of("AccessExtended"))
    in_time = [
        one for one in told if _same_request(one, request) and counted_day(one, due_on) <= due_on
    ]
    return in_time[-1] if in_time else None


@dataclass(frozen=True, slots=True)
class _Keeping:
    """Days on which no hold stops the erasure: from a day, after a hold or none, to the next hold."""

    first: date
    after: Seen | None
    hold: Seen | None


def _f18(journey: Derived) -> Found:
    closings: list[Seen] = []
    for moment in journey.moments:
        if moment.fact.type == "CaseClosed":
            if moment.active or moment.suspended:
                yield Refused(moment.fact, _CASES_LEFT)
            else:
                closings.append(moment.fact)
    for place, closing in enumerate(closings):
        yield from _f18_of(journey, closing, closings[place + 1 :])


def _f18_of(journey: Derived, closing: Seen, following: list[Seen]) -> Found:
    retention = journey.bounds.in_force("F18.retention", closing.latest)
    end = after(date(closing.latest.year, 12, 31), retention)
    begun = [
        moment.fact
        for moment in journey.moments
        if moment.began and moment.fact.rank > closing.rank
    ]
    found = list(_keepings(journey.view, closing.latest))
    if not found:
        yield Refused(closing, _HELD)
    for one in found:
        due_on = max(end, plus_days(one.first, -1)) if one.after is not None else end
        yield Draft(
            closing,
            one.first,
            due_on,
            key=closing.id if one.after is None else f"{closing.id}+{one.after.id}",
            cancelled=begun,
            superseded=following,
            closings=[] if one.hold is None else [_stopped(one.hold)],
            partial=not _exact(closing, one),
            evidence=() if one.after is None else (one.after,),
        )


def _keepings(view: View, first: date) -> Iterator[_Keeping]:
    """Yield the days from a day on without any hold."""
    after_hold: Seen | None = None
    for hold in sorted(view.of("RetentionHoldPlaced"), key=lambda one: one.latest):
        until = hold.latest_of("until")
        if until is not None and until < max(first, hold.latest):
            continue
        if hold.latest > first:
            yield _Keeping(first, after_hold, hold)
        if until is None:
            return
        first, after_hold = plus_days(until, 1), hold
    yield _Keeping(first, after_hold, None)


def _stopped(hold: Seen) -> Closing:
    return Closing(hold.latest, ClosedBy.CANCELLED, hold, hold.unsure_from)


def _exact(closing: Seen, one: _Keeping) -> bool:
    """Say whether the days behind the window are known exactly."""
    until = None if one.after is None else range_of(one.after.day("until"))
    return closing.exact and (until is None or until.exact)


F15 = Rule(
    id="F15",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Einwilligung läuft ab", "Consent expiring", "Einw. endet"),
    watches=Label(
        "Eine Einwilligung endet bald und ist nicht erneuert.",
        "A consent will soon end and is not renewed.",
    ),
    sentence=Label(
        "Die Einwilligung gilt bis zum {due} und ist nicht erneuert.",
        "The consent is valid through {due} and not renewed.",
    ),
    next_step=Label("Einwilligung erneuern", "Renew the consent"),
    source="Praxisvorgabe, 30 Tage vorher; ohne Tag 24 Monate; Art. 7 DSGVO",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F15.lead",),
    triggers=("ConsentGranted",),
    missing=("ConsentGranted",),
    find=_f15,
    entry=Entry(
        trigger="`ConsentGranted` of any `kind`.",
        window="Lead 30 days to `valid_until`, if missing to the consent's day + 24 months (`F14.default_validity`).",
        followed_by="A later `ConsentGranted` of the same `kind` (or missing on either side) whose `recipients` include all of the older one's (or are missing or empty on either side).",
        cancelled_by="`ConsentWithdrawn` that ends it (as in F14); its own `withdrawn_on`, on its latest day; `CaseClosed` with the same `case_id`. Not `ConsentExpired`: it says only that the end has come.",
        series="No series; consents run side by side.",
        severity="medium.",
        example="Granted on 10 March 2025 without `valid_until`: due from 8 February through 10 March 2027.",
        decided="A consent for some of the recipients leaves the others without one, so it does not renew. With the case the need for a consent ends (integrationskette.md 1.6: 24 months or closure of the case, the earlier).",
    ),
    ended_by=(),
    reasons=(GapReason.CLIENT_DECLINED, GapReason.OTHER),
    visible_to=RECORD_KEEPING,
)

F16 = Rule(
    id="F16",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Widerruf nicht umgesetzt", "Withdrawal not acted on", "Widerruf"),
    watches=Label(
        "Eine Einwilligung ist widerrufen, und die Empfänger wissen nichts davon oder bekommen weiter Daten.",
        "A consent is withdrawn, and the recipients do not know or still get data.",
    ),
    sentence=Label(
        "Einwilligung widerrufen am {first}; bis zum {due} müssen die Empfänger es wissen und keine Daten mehr bekommen.",
        "Consent withdrawn on {first}; by {due} the recipients must know and get no more data.",
    ),
    next_step=Label(
        "Empfänger benachrichtigen, Lieferung beenden", "Tell the recipients, stop deliveries"
    ),
    source="Art. 7 Abs. 3, Art. 19 DSGVO",
    severity=Severity.CRITICAL,
    responsible=(Responsible.DPO, Responsible.CASE_MANAGER),
    bounds=("F16.response",),
    triggers=("ConsentWithdrawn", "ConsentGranted"),
    missing=("WithdrawalCarriedOut",),
    find=_f16,
    entry=Entry(
        trigger="`ConsentWithdrawn`, whether or not the consent is known. Also a `ConsentGranted` with `withdrawn_on` that no `ConsentWithdrawn` ends (as in F14).",
        window="1 day from the trigger's day; for `ConsentGranted` from `withdrawn_on` (latest day), not before the trigger's day.",
        followed_by="The first `WithdrawalCarriedOut` (in the order of G3, of any case) with which every one of the trigger's `recipients` is named by it or one before it. Counted are those whose `consent_id` is the trigger's, missing on either side, or the trigger's id, from the trigger on (G4); for `ConsentGranted`, dated or not, from the earliest day of `withdrawn_on` on (an undated one after the trigger). One without `recipients` names all; if the trigger has none, the first one counted is enough.",
        series="No series.",
        severity="critical.",
        law="From 25 May 2018, judged by the day from which is counted.",
        example="Withdrawn on 20 February 2025: due through 21 February, open from 22 February.",
        decided="Closing the case does not end the duty towards those who hold data: D 14 leaves out disclosures, and F16, F17 and F18 are duties about data, not about the case.",
    ),
    ended_by=(),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
    visible_to=RECORD_KEEPING,
)

F17 = Rule(
    id="F17",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Auskunft überfällig", "Access request overdue", "Auskunft"),
    watches=Label(
        "Jemand hat Auskunft über die eigenen Daten verlangt und noch keine bekommen.",
        "Somebody asked which data are kept about them and has no answer yet.",
    ),
    sentence=Label(
        "Auskunft verlangt {day}; sie muss bis zum {due} erteilt sein.",
        "Access requested {day}; it must be answered by {due}.",
    ),
    next_step=Label("Auskunft erteilen", "Answer the request"),
    source="Art. 12 Abs. 3, Art. 15 DSGVO; Art. 3 Abs. 4 VO (EWG, Euratom) Nr. 1182/71",
    severity=Severity.HIGH,
    responsible=(Responsible.DPO,),
    bounds=("F17.response", "F17.extended", "F17.warning"),
    triggers=("AccessRequestReceived",),
    missing=("AccessAnswered",),
    find=_f17,
    entry=Entry(
        trigger="`AccessRequestReceived`.",
        window="1 month, with § 193 BGB. Extended by an `AccessExtended` with the same `request_id` (or missing on either side) that counts (G4, G5; an undated one does) by the last day of that month; of several the last (G3) of these. Then it runs through `until` (latest day, as told), but not less than that month and not longer than 3 months from the trigger's day (§ 193 BGB moves the end of both); if `until` is missing, those 3 months.",
        followed_by="`AccessAnswered` with the same `request_id` (or missing on either side).",
        series="No series; requests run side by side.",
        severity="high; step (warning) at 14 days before `due_on`.",
        law="From 25 May 2018.",
        example="Received on 31 January 2025: due through 28 February. Extended on 20 February without `until`: through 30 April; on 1 March: not extended.",
        decided="The person has to be told of the extension within the first month (Art. 12 (3) S. 3), so a later one does not count. A last day on a weekend or holiday moves to the next working day (Art. 3 (4) Regulation 1182/71), reckoned as § 193 BGB (D 1). Closing the case ends nothing (see F16).",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.WAITING_FOR_DOCUMENTS, GapReason.OTHER),
    visible_to=RECORD_KEEPING,
)

F18 = Rule(
    id="F18",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Löschfrist erreicht", "Retention reached", "Löschfrist"),
    watches=Label(
        "Der Fall ist so lange abgeschlossen, dass die Daten zu löschen sind.",
        "The case has been closed for so long that the data are to be erased.",
    ),
    sentence=Label(
        "Fall abgeschlossen {day}; die Daten dürfen bis zum {due} aufbewahrt werden und sind dann zu löschen.",
        "Case closed {day}; the data may be kept through {due} and are then to be erased.",
    ),
    next_step=Label(
        "Daten löschen oder Aufbewahrung anordnen", "Erase the data or order retention"
    ),
    source="Art. 5 Abs. 1 e, Art. 17 Abs. 1 a DSGVO; Praxisvorgabe: drei Jahre nach dem Jahr des Abschlusses",
    severity=Severity.MEDIUM,
    responsible=(Responsible.DPO,),
    bounds=("F18.retention",),
    triggers=("CaseClosed",),
    missing=("JourneyErased", "RetentionHoldPlaced"),
    find=_f18,
    entry=Entry(
        trigger="`CaseClosed` after which no case (G13) is active or suspended, also where no opening is told.",
        window="From the trigger's day through 31 December of the third year after the year of that day. A `RetentionHoldPlaced`, before or after the trigger, runs from its latest day through `until` (latest day), if missing for good; one whose `until` is before its own day does not count. Days on which a hold runs belong to no instance: each stretch of days without any, from the trigger's day on, is an instance of its own. One that begins after a hold begins on the day after its `until` and has as `due_on` the later of the end of the retention and that `until`.",
        followed_by="Nothing: after `JourneyErased` no reading shows anything.",
        cancelled_by="The hold that begins next, on its latest day; `CaseOpened` or `CaseResumed` after the trigger (G3) that makes a case active. Not `PersonDied` (D 15).",
        series="Series: the journey. Key: the trigger; after a hold `trigger+hold` (of several with the same `until`, the one that begins first).",
        severity="medium.",
        example="Closed on 10 May 2021: due through 31 December 2024, open from 1 January 2025. Hold of 1 November 2024 until 30 June 2026: cancelled on 1 November 2024; open again from 1 July 2026.",
        decided="The years are counted from the end of the year of closing (integrationskette.md 1.6). The rule names no lead, so it is due from the closing on (D 4). The whole journey is erased at once, so the last case decides.",
    ),
    ended_by=(),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
    visible_to=RECORD_KEEPING,
    outlives_death=True,
)
