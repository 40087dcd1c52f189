"""Chances of naturalisation: N01 (it is possible) and N02 (one item is missing)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Item, Verdict
from domain.chain.checklists.course import (
    Segment,
    Standing,
    Told,
    course_of,
    standings,
    turned_by,
)
from domain.chain.checklists.naturalisation import STAG_9, STAG_10, STAG_10_3
from domain.chain.counting import possible_from
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity, Step, StepName
from domain.chain.reading import Seen
from domain.chain.rule import (
    LEFT,
    NATURALISED,
    PROTECTED,
    Closing,
    Draft,
    Found,
    Pattern,
    Refused,
    Rule,
)
from domain.chain.states.lawful import Clock
from domain.chain.states.naturalisation import APPLIED, pending
from domain.chain.windows import after, lead_start
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_TRIGGERS = (
    "TitleGranted",
    "AsylumDecisionIssued",
    "RightOfFreeMovementRecorded",
    "FictionCertificateIssued",
    "ContinuationOrdered",
)
_CLAIM = course_of(STAG_10, lambda _: True)
_COURSES = (
    _CLAIM,
    course_of(STAG_9, lambda item: item.only_missing),
    course_of(STAG_10_3, lambda item: item.only_missing),
)
_ADVISED = ("NaturalisationAdvised", "PrecheckCompleted")
_NO_STAY = Label("kein rechtmäßiger Aufenthalt bekannt", "no lawful stay is known")
_NEVER_OPEN = Label(
    "an keinem Tag sind alle Voraussetzungen erfüllt oder offen",
    "on no day are all requirements met or unknown",
)
_NEVER_ONE = Label(
    "an keinem Tag mit genügend langem Aufenthalt fehlt genau ein Baustein",
    "on no day with a stay long enough is exactly one item missing",
)
_PENDING = Label("eine Einbürgerung ist schon beantragt", "naturalisation is applied for already")


def _possible(segment: Segment) -> Told | None:
    """Tell of a day whether all items are met but one certificate at most, or may be; None if not."""
    missing, unknown = segment.not_met, segment.unknown
    if len(missing) > 1 or any(not one.only_missing for one in missing):
        return None
    certificates = [one for one in (*missing, *unknown) if one.only_missing]
    sure = len(certificates) <= 1 and all(one.only_missing for one in unknown)
    return (Kind.CHANCE if sure else Kind.DATA), None


def _n01(journey: Derived) -> Found:
    if not journey.clocks:
        yield from _without_stay(journey)
        return
    found = standings(_COURSES, journey, _possible, _ends(journey))
    if not found:
        yield Refused(journey.clocks[0].fact, _NEVER_OPEN)
    keys: Counter[str] = Counter()
    for one in found:
        clock = _clock_on(journey, one.first)
        key = _key(keys, clock.fact.id)
        if _applied_before(journey, one.first):
            yield Refused(clock.fact, _PENDING)
        else:
            yield _n01_of(journey, one, clock, key)


def _applied_before(journey: Derived, first: date) -> bool:
    """Say whether an application made before a day is pending on it."""
    procedure = pending(journey.procedures, first)
    return procedure is not None and procedure.applied.latest < first


def _ends(journey: Derived) -> frozenset[date]:
    """Return the days on which a procedure ends: from then on a chance is another one."""
    return frozenset(one.ended.latest for one in journey.procedures if one.ended is not None)


def _without_stay(journey: Derived) -> Found:
    yield from (Refused(one, _NO_STAY) for one in journey.view.of(*_TRIGGERS)[:1])


def _clock_on(journey: Derived, day: date) -> Clock:
    return next(one for one in journey.clocks if one.runs_on(day))


def _key(keys: Counter[str], name: str) -> str:
    """Return the key of the next instance of a name: the name itself, then with +2, +3."""
    keys[name] += 1
    return name if keys[name] == 1 else f"{name}+{keys[name]}"


def _n01_of(journey: Derived, one: Standing, clock: Clock, key: str) -> Draft:
    view, first = journey.view, one.first
    warned = max(
        lead_start(first, journey.bounds.in_force("N01.prewarning", first)),
        *(day for day in _ends(journey) if day <= first),
        date.min,
    )
    evidence = _evidence(clock, one.begin)
    return Draft(
        clock.fact,
        first,
        after(first, journey.bounds.in_force("N01.action", first)),
        key=key,
        followed=[
            *(told for told in view.of(*_ADVISED) if told.latest >= warned),
            *(told for told in view.of(APPLIED) if told.latest >= first),
        ],
        closings=_over(journey, one, clock),
        kind=Kind.GAP if one.kind is Kind.CHANCE else Kind.DATA,
        partial=_inexact(clock, evidence),
        evidence=evidence,
        steps=(Step(warned, StepName.WARNING),),
        details=(
            ("way", one.begin.way.label),
            ("proof", _proof_missing(one.begin)),
            ("unknown", _listed(one.begin.unknown)),
        ),
    )


def _evidence(clock: Clock, segment: Segment) -> tuple[Seen, ...]:
    """Return the facts behind the answers of a day, the beginning of the clock first, each once."""
    return tuple({one.id: one for one in (clock.fact, *segment.facts)}.values())


def _inexact(clock: Clock, evidence: Iterable[Seen]) -> bool:
    return not clock.exact or any(not one.exact for one in evidence if one is not clock.fact)


def _proof_missing(segment: Segment) -> Label:
    """Return which certificate is still missing, to stand behind the sentence; nothing if none is."""
    certificates = [one for one in (*segment.not_met, *segment.unknown) if one.only_missing]
    if not certificates:
        return Label("", "")
    listed = _listed(certificates)
    return Label(f" Nachzuweisen bleibt: {listed.de}.", f" Still to be proven: {listed.en}.")


def _listed(items: list[Item]) -> Label:
    return Label(", ".join(one.label.de for one in items), ", ".join(one.label.en for one in items))


def _over(journey: Derived, one: Standing, clock: Clock) -> list[Closing]:
    """Return the closing on the first day on which it no longer stands so, by the fact that says so."""
    if one.last is None:
        return []
    day, turned = plus_days(one.last, 1), turned_by(one, journey)
    if turned is None:
        return [Closing(day, ClosedBy.SUPERSEDED)]
    item, before, now = turned
    if item is STAG_10_3.items[0] and clock.runs_on(day):
        return [Closing(day, ClosedBy.RULE_CHANGE)]
    fact = (now.facts or before.facts or (clock.fact,))[-1]
    return [Closing(day, ClosedBy.CANCELLED, fact, possible_from(fact, day))]


def _one_missing(segment: Segment) -> Told | None:
    """Tell of a day whether exactly one item is not met, all others met or perhaps met; None if not."""
    missing = segment.not_met
    if len(missing) != 1:
        return None
    return (Kind.DATA if segment.unknown else Kind.CHANCE), missing[0]


def _n02(journey: Derived) -> Found:
    if not journey.clocks:
        yield from _without_stay(journey)
        return
    found = standings((_CLAIM,), journey, _one_missing, _ends(journey))
    if not found:
        yield Refused(journey.clocks[0].fact, _NEVER_ONE)
    keys: Counter[str] = Counter()
    for one in found:
        clock = _clock_on(journey, one.first)
        if one.item is None:
            continue
        key = _key(keys, f"{clock.fact.id}+{one.item.name}")
        if _applied_before(journey, one.first):
            yield Refused(clock.fact, _PENDING)
        else:
            yield _n02_of(journey, one, clock, key, one.item)


_FIELDS = {
    "identity": {Handlungsfeld.AUFENTHALT},
    "title": {Handlungsfeld.AUFENTHALT},
    "livelihood": {
        Handlungsfeld.ARBEIT,
        Handlungsfeld.AUSBILDUNG,
        Handlungsfeld.ANERKENNUNG,
        Handlungsfeld.LEISTUNGEN,
    },
    "conviction": {Handlungsfeld.SOZIALE_BERATUNG},
    "language": {Handlungsfeld.SPRACHE},
    "civics": {Handlungsfeld.SPRACHE},
}
"""In which fields an offer helps with an item; one of naturalisation helps with every one."""


def _n02_of(journey: Derived, one: Standing, clock: Clock, key: str, item: Item) -> Draft:
    first, view = one.first, journey.view
    due_on = after(first, journey.bounds.in_force("N02.action", first))
    evidence = _evidence(clock, one.begin)
    helping = {None, Handlungsfeld.EINBUERGERUNG, *_FIELDS[item.name]}
    return Draft(
        clock.fact,
        first,
        due_on,
        key=key,
        followed=[
            told
            for told in view.of("ServiceLinked")
            if told.latest >= first and told.get("field") in helping
        ],
        cancelled=[told for told in view.of(APPLIED) if told.latest >= first],
        closings=_filled(journey, one, clock, due_on),
        kind=Kind.GAP if one.kind is Kind.CHANCE else Kind.DATA,
        partial=_inexact(clock, evidence),
        evidence=evidence,
        details=(("item", item.label), ("unknown", _listed(one.begin.unknown))),
    )


def _filled(journey: Derived, one: Standing, clock: Clock, due_on: date) -> list[Closing]:
    """Return the closing on the first day on which it no longer stands so; the item met is a follow-up."""
    turned = turned_by(one, journey)
    closings = _over(journey, one, clock)
    if turned is None or turned[0] is not one.item or turned[2].verdict is not Verdict.MET:
        return closings
    by = ClosedBy.IN_TIME if closings[0].day <= due_on else ClosedBy.LATE
    return [replace(closings[0], by=by)]


N01 = Rule(
    id="N01",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label("Einbürgerung möglich", "Naturalisation possible", "EB möglich"),
    watches=Label(
        "Alles für die Einbürgerung ist da, höchstens ein Nachweis fehlt noch, und niemand hat dazu beraten.",
        "All that naturalisation asks for is there, one certificate at most is missing, and nobody has advised on it.",
    ),
    sentence=Label(
        "Seit dem {first} ist eine Einbürgerung möglich: {way}; bis zum {due} soll beraten oder beantragt sein.{proof}",
        "Naturalisation is possible since {first}: {way}; by {due} somebody should have advised or applied.{proof}",
    ),
    next_step=Label("Zur Einbürgerung beraten", "Advise on naturalisation"),
    source="§§ 9, 10 StAG",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER, Responsible.EBH),
    bounds=(
        "N01.action",
        "N01.prewarning",
        "N01.years",
        "N01.years_course",
        "N01.years_special",
        "N01.years_fast",
        "N01.years_spouse",
        "N01.years_marriage",
        "N01.excluded_titles",
        "N01.work_months",
        "N01.daily_rates",
        "N01.civics_points",
        "law.stag_10_3",
    ),
    triggers=_TRIGGERS,
    missing=("NaturalisationAdvised", "PrecheckCompleted", "NaturalisationApplied"),
    find=_n01,
    entry=Entry(
        trigger="The fact with which a clock begins. A day on which the stay of a way is met is a *chance* if by that way every item is met, where loyalty and exclusion may be unknown, and of the certificates (language and civics; in § 10(3) civics alone) one may be unknown or not met. It is a *data day* if it is no chance by any way, and by one way nothing is not met but one certificate at most. Days of the same kind that follow each other make one stretch, an instance each; with the latest day of the end of a procedure another stretch begins. None if an application with its latest day before the stretch is pending on its first day.",
        window="From the first day of the stretch 90 days.",
        followed_by="`NaturalisationAdvised`, `PrecheckCompleted` with the latest day in the 12 months before the window (the lead of 12 months to its first day, G6), not before the end of a procedure that ended by its first day, or later; `NaturalisationApplied` with the latest day in the window or later; these days alone decide, not G4: advice before a grant told for an earlier day counts as well. What counts before the window leaves no instance (G5).",
        cancelled_by="On the day after the stretch, by the item that answers otherwise then, in the order of the way by which the last day stood (that of several ways which the terms name first): by the last fact on which the new answer rests, without one the old answer, without one the fact of the clock. `rule_change` if it is the stay of § 10(3) and the clock still runs; `superseded` if no item of that way answers otherwise.",
        data_row="A stretch of data days is a data row, with the days of the gap. What is unknown on its first day is named.",
        series="No series. Key: the id of the fact with which the clock begins; of several stretches of the same key the second has `+2`, the third `+3`, in order of their first days, those that are pending counted.",
        severity="chance; a step 12 months before the first day, not before the end of such a procedure.",
        law="The years by the law of each day: 8 until 26 June 2024 (7 and 6 with special integration, unverified), then 5; 3 under § 10(3) while the switch `law.stag_10_3` is on. Titles and work by the law of the day as well.",
        example="Title under § 25(1) of 15 March 2020 and all else proven: due from 15 March through 13 June 2025. Title of 15 March 2018: five years are enough from 27 June 2024 on, so due from that day.",
        decided='The pre-warning is a step and no window: D 4 lets a chance begin on the day on which its conditions are full; an instance that lies ahead is told with its days, and advice within the pre-warning is taken as the answer. A certificate that nobody recorded stands in the way no more than one not passed: catalogue N01, "or only certificate missing". Advice as well as an application is an answer (catalogue N01); a client who declines is told by `GapExplained`. After a refusal or a withdrawal the chance is there again, and advice from before is used up: whoever may still be naturalised should hear what was lacking.',
    ),
    kind=Kind.CHANCE,
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.CLIENT_DECLINED,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.NO_CAPACITY,
        GapReason.OTHER,
    ),
    unknown="degree",
    visible_to=PROTECTED,
)

N02 = Rule(
    id="N02",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label("Ein Baustein zur Einbürgerung fehlt", "One item is missing", "1 fehlt zur EB"),
    watches=Label(
        "Zur Einbürgerung fehlt genau ein Baustein, und kein Angebot dazu ist vermittelt.",
        "Exactly one item is missing for naturalisation, and no offer for it is linked.",
    ),
    sentence=Label(
        "Seit dem {first} fehlt zur Einbürgerung nach § 10 StAG nur noch: {item}; bis zum {due} soll ein Angebot dazu vermittelt sein.",
        "Since {first} naturalisation under § 10 StAG lacks one item only: {item}; an offer for it should be linked by {due}.",
    ),
    next_step=Label("Passendes Angebot vermitteln", "Link a fitting offer"),
    source="§ 10 StAG; Praxisvorgabe, 60 Tage",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("N02.action",),
    triggers=_TRIGGERS,
    missing=("ServiceLinked",),
    find=_n02,
    entry=Entry(
        trigger="The fact with which a clock begins. A day on which the stay of § 10 is met counts if exactly one item of § 10 is not met; loyalty and exclusion may be unknown. Days that follow each other with the same item, all without or all with another item unknown, make one stretch, an instance each, begun anew as in N01. None if an application with its latest day before the stretch is pending on its first day.",
        window="From the first day of the stretch 60 days.",
        followed_by="`ServiceLinked` with the latest day in the window or later (also before the trigger, as in N01), and `field` missing, einbuergerung, or one that helps with the item: aufenthalt (identity, title), arbeit, ausbildung, anerkennung, leistungen (livelihood), soziale_beratung (conviction), sprache (language, civics). The day after the stretch, if the item is met then and no item before it answers otherwise.",
        cancelled_by="`NaturalisationApplied` with the latest day in the window or later. Else the day after the stretch, as in N01.",
        data_row="A stretch with another item unknown is a data row, with the days of the gap.",
        series="No series. Key: the id of the fact with which the clock begins, `+`, the name of the item (identity, title, livelihood, conviction, language, civics); numbered as in N01.",
        severity="chance.",
        example="Five years full on 15 March 2025, all proven, 16 points in the civics test: due from that day through 14 May 2025, item civics; and N01 beside it, since one certificate may be missing.",
        decided="Only § 10 is looked at: nobody is told to marry, and what § 10(3) asked for is over. The stay is never the one missing item: time fills it, and N01 foretells the day. A title that leads nowhere is one (N03 tells it earlier), because the catalogue counts every item.",
    ),
    kind=Kind.CHANCE,
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="degree",
    visible_to=PROTECTED,
)
