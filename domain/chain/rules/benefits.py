"""Benefits and legal circles: L01."""

from datetime import date

from domain.chain.calendar import first_of_month, last_of_month, plus_days
from domain.chain.counting import counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Responsible, Severity, Step, StepName
from domain.chain.reading import Seen
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.states.asylum import positive
from domain.chain.windows import after, lead_start
from domain.days import Precision
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_STAYS_UNDER_ASYLBLG = frozenset(f"AUFENTHG_{code}" for code in ("23_1", "24", "25_4", "25_5"))
_OTHER_CHANGE = Label("kein Wechsel vom AsylbLG zum SGB II", "no change from the AsylbLG to SGB II")
_NO_CHANGE = Label(
    "davor ist keine Leistung nach dem AsylbLG bewilligt, oder der Titel ändert daran nichts",
    "no benefit under the AsylbLG is granted before it, or the title changes nothing about it",
)
_NO_LAW = Label("vor dem Beginn des SGB II", "before SGB II began")


def _l01(journey: Derived) -> Found:
    told = journey.view.of("RechtskreisChangeTriggered")
    changes = [one for one in told if _to_sgb_ii(one)]
    for one in told:
        if not _to_sgb_ii(one):
            yield Refused(one, _OTHER_CHANGE)
    if not changes:
        inferred = _inferred_change(journey)
        changes = [] if inferred is None else [inferred]
        if inferred is None:
            for one in journey.view.of("TitleGranted", "AsylumDecisionIssued"):
                yield Refused(one, _NO_CHANGE)
    for place, change in enumerate(changes):
        yield _l01_of(journey, change, changes[place + 1 :])


def _to_sgb_ii(one: Seen) -> bool:
    return (one.get("from_") or "").startswith("ASYLBLG") and one.get("to") == "SGB_II"


def _inferred_change(journey: Derived) -> Seen | None:
    """Return the first title or decision that ends the AsylbLG for somebody who lives on it."""
    for one in journey.view.of("TitleGranted", "AsylumDecisionIssued"):
        if not _ends_asylblg(one):
            continue
        granted = journey.view.before(one, "BenefitGranted")
        if granted and (granted[-1].get("rechtskreis") or "").startswith("ASYLBLG"):
            return one
    return None


def _ends_asylblg(one: Seen) -> bool:
    if one.type == "TitleGranted":
        basis = one.get("basis")
        return basis is not None and basis not in _STAYS_UNDER_ASYLBLG
    return positive(one) and one.get("outcome") != "abschiebungsverbot"


def _l01_of(journey: Derived, change: Seen, following: list[Seen]) -> Draft | Refused:
    term = journey.bounds.on("L01.months", change.latest)
    if term is None:
        return Refused(change, _NO_LAW)
    month = _trigger_month(change)
    due_on = last_of_month(after(month, term))
    since = min(month, first_of_month(change.earliest))
    urgent = lead_start(due_on, journey.bounds.in_force("L01.urgent", change.latest))
    view = journey.view
    return Draft(
        change,
        change.latest,
        due_on,
        followed=[
            one
            for one in view.of("BenefitApplied", "BenefitGranted")
            if one.get("rechtskreis") == "SGB_II" and _since(one, change, since)
        ],
        cancelled=[
            one
            for one in counting(change, view.of("LivelihoodSecured"))
            if one.get("degree") == "full"
        ],
        superseded=following,
        partial=not (change.exact and _month_is_told(change)),
        steps=(Step(max(urgent, change.latest), StepName.URGENT),),
    )


def _trigger_month(change: Seen) -> date:
    """Return the first day of the month in which the condition of the AsylbLG falls away."""
    effective = change.latest_of("effective_month")
    if effective is None:
        return first_of_month(change.latest)
    return first_of_month(plus_days(first_of_month(effective), -1))


def _month_is_told(change: Seen) -> bool:
    """Say whether the effective month, where one is told, is told as a month and not as a year only."""
    effective = change.day("effective_month")
    return effective is None or effective.precision is not Precision.YEAR


def _since(one: Seen, change: Seen, since: date) -> bool:
    if not one.dated or not change.dated:
        return one.rank > change.rank
    return one.latest >= since


L01 = Rule(
    id="L01",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label(
        "Rechtskreiswechsel ohne Antrag", "Change of Rechtskreis, no application", "kein Antrag"
    ),
    watches=Label(
        "Das AsylbLG gilt nicht mehr, und SGB II ist nicht beantragt.",
        "The AsylbLG no longer applies and SGB II is not applied for.",
    ),
    sentence=Label(
        "Mit dem Ereignis {day} endet das AsylbLG; SGB II muss bis zum {due} beantragt sein, sonst bleiben Tage ohne Leistung.",
        "With what happened {day} the AsylbLG ends; SGB II must be applied for by {due}, or days remain without benefit.",
    ),
    next_step=Label("Antrag beim Jobcenter stellen", "Apply at the Jobcenter"),
    source="§ 1 Abs. 3 AsylbLG, § 37 Abs. 2 SGB II",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.SOZIALAMT, Responsible.JOBCENTER),
    bounds=("L01.months", "L01.urgent"),
    triggers=("RechtskreisChangeTriggered", "TitleGranted", "AsylumDecisionIssued"),
    missing=("BenefitApplied", "BenefitGranted"),
    find=_l01,
    entry=Entry(
        trigger="`RechtskreisChangeTriggered` with `from` `ASYLBLG_*` and `to` `SGB_II`. If the journey has no such fact: the first `TitleGranted` with a known `basis` other than `23_1 24 25_4 25_5`, or positive decision other than abschiebungsverbot, for which the latest `BenefitGranted` before it has `rechtskreis` `ASYLBLG_*`.",
        window="From the trigger's day through the last day of the month after the trigger month; no § 193 BGB. *Trigger month*, when the condition of the AsylbLG falls away: the month before `effective_month` (the first of the new regime), if missing that of the trigger's day.",
        followed_by="`BenefitApplied` or `BenefitGranted` with `rechtskreis` `SGB_II`, from the first of the trigger month or of the month of the trigger's earliest day, whichever is earlier (if one is undated: after the trigger).",
        cancelled_by="`LivelihoodSecured` with `degree` full.",
        severity="critical; urgent from 14 days before the due day.",
        example="Trigger 30 January 2025, also with `effective_month` 2025-02: due through 28 February; with 2025-03: through 31 March.",
    ),
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WORKS,
        GapReason.OTHER,
    ),
)
