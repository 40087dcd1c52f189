"""Health: L05 insurance after a change, H01 a barrier without support."""

from domain.chain.counting import counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import PROTECTED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.links import confirmed_for
from domain.chain.states.work import MARGINAL
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_MARGINAL = Label("ein Minijob versichert nicht", "marginal employment does not insure")
_INSURED = Label("die Versicherung besteht schon", "the insurance is there already")
_INSURANCE = frozenset({None, "gkv", "pkv"})
_ASYLUM_CARE = frozenset({None, "aok_auftrag_264", "asylblg_schein"})
_NOT_SEVERE = Label("kein schweres Hemmnis", "no severe barrier")
_UNTOLD = frozenset({None, "unknown"})


def _l05(journey: Derived) -> Found:
    view = journey.view
    triggers: list[Seen] = []
    for one in view.of("RechtskreisChangeCompleted", "EmploymentStarted"):
        reason = _why_insured(journey, one)
        if reason is None:
            triggers.append(one)
        else:
            yield Refused(one, reason)
    ends = {job.start.id: job.ended for job in journey.jobs if job.start is not None}
    for place, one in enumerate(triggers):
        ended = ends.get(one.id)
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("L05.response", one.latest)),
            followed=counting(one, view.of("HealthInsuranceRegistered", "HealthCardReceived")),
            cancelled=[] if ended is None else [ended],
            superseded=triggers[place + 1 :],
            partial=not one.exact,
        )


def _why_insured(journey: Derived, one: Seen) -> Label | None:
    """Return why no insurance is to be registered; None if one is."""
    if one.get("employment_kind") == MARGINAL:
        return _MARGINAL
    insured = journey.view.before(one, "HealthInsuranceRegistered")
    asylum = (one.get("to") or "").startswith("ASYLBLG")
    fitting = _ASYLUM_CARE if asylum else _INSURANCE
    return _INSURED if insured and insured[-1].get("kind") in fitting else None


def _h01(journey: Derived) -> Found:
    reports = journey.view.of("HealthBarrierReported")
    triggers = [one for one in reports if one.get("severity") in {"severe", *_UNTOLD}]
    for one in reports:
        if one not in triggers:
            yield Refused(one, _NOT_SEVERE)
    for place, one in enumerate(triggers):
        yield _h01_of(journey, one, triggers[place + 1 :])


def _h01_of(journey: Derived, one: Seen, following: list[Seen]) -> Draft:
    view = journey.view
    declined = [
        each
        for each in view.of("OfferDeclined")
        if each.get("field") in (None, Handlungsfeld.GESUNDHEIT)
    ]
    over = [*declined, *view.of("HealthBarrierResolved")]
    return Draft(
        one,
        one.latest,
        after(one.latest, journey.bounds.in_force("H01.response", one.latest)),
        followed=counting(one, confirmed_for(view, Handlungsfeld.GESUNDHEIT)),
        cancelled=counting(one, over),
        superseded=following,
        kind=Kind.DATA if one.get("severity") in _UNTOLD else Kind.GAP,
        partial=not one.exact,
    )


L05 = Rule(
    id="L05",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.GESUNDHEIT,
    label=Label("Krankenversicherung fehlt", "No health insurance", "nicht versich."),
    watches=Label(
        "Nach einem Wechsel des Rechtskreises oder dem Beginn einer Arbeit fehlt die Krankenversicherung.",
        "After a change of Rechtskreis or the beginning of a job health insurance is missing.",
    ),
    sentence=Label(
        "Der Wechsel oder der Arbeitsbeginn {day} ändert die Krankenversicherung; sie ist bis zum {due} zu klären.",
        "The change or the beginning of work {day} changes the health insurance; it is to be settled by {due}.",
    ),
    next_step=Label("Bei der Krankenkasse anmelden", "Register with a health insurer"),
    source="§ 5 SGB V, § 264 SGB V; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.INSURER),
    bounds=("L05.response",),
    triggers=("RechtskreisChangeCompleted", "EmploymentStarted"),
    missing=("HealthInsuranceRegistered", "HealthCardReceived"),
    find=_l05,
    entry=Entry(
        trigger="`RechtskreisChangeCompleted`, `EmploymentStarted` unless `employment_kind` is `MINIJOB`. None if the latest `HealthInsuranceRegistered` before it (G3) has `kind` gkv, pkv or missing; for a change with `to` `ASYLBLG_*`: aok_auftrag_264, asylblg_schein or missing.",
        window="14 days.",
        followed_by="`HealthInsuranceRegistered`, `HealthCardReceived`.",
        cancelled_by="For a job its `EmploymentEnded`.",
        severity="high.",
        decided="An insurance goes on through the next job and the next change; only care under the AsylbLG ends with it, and the statutory one with the way back. Whoever is insured with the family is told as gkv.",
    ),
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.OTHER,
    ),
)

H01 = Rule(
    id="H01",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.GESUNDHEIT,
    label=Label(
        "Gesundheitliches Hemmnis ohne Anbindung", "Health barrier without support", "Gesundheit"
    ),
    watches=Label(
        "Ein schweres gesundheitliches Hemmnis ist bekannt, und keine Stelle unterstützt.",
        "A severe health barrier is known and no service supports.",
    ),
    sentence=Label(
        "Ein schweres gesundheitliches Hemmnis ist {day} gemeldet; bis zum {due} sollte eine Anbindung bestätigt sein.",
        "A severe health barrier was reported {day}; a link to a service should be confirmed by {due}.",
    ),
    next_step=Label("An einen Gesundheitsdienst vermitteln", "Link to a health service"),
    source="Praxisvorgabe, 30 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("H01.response",),
    triggers=("HealthBarrierReported",),
    missing=("LinkConfirmed",),
    find=_h01,
    entry=Entry(
        trigger="`HealthBarrierReported` with `severity` severe.",
        window="30 days.",
        followed_by="A *link confirmed for* health (see Housing and links).",
        cancelled_by="`HealthBarrierResolved`; `OfferDeclined` with `field` gesundheit or missing.",
        data_row="`severity` (missing or unknown).",
        severity="high.",
    ),
    visible_to=PROTECTED,
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.CLIENT_DECLINED,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.OTHER,
    ),
    unknown="severity",
)
