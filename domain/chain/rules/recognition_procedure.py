"""The way to recognition: advice before it (E01), compensation after it (E04)."""

from domain.chain.counting import counting, earlier
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.states.recognition import lasting_licences
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_VOCATIONAL = 3
_COMPENSATE = frozenset({"PARTIAL", "COMPENSATION_REQUIRED"})
_RESOLVED = frozenset({"FULL", "REJECTED"})
_NOT_VOCATIONAL = Label("keine berufliche Qualifikation", "no vocational qualification")
_ADVISED = Label("schon beraten oder beantragt", "advised or applied for already")
_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_NOTHING_MISSING = Label("die Entscheidung verlangt keinen Ausgleich", "nothing to compensate")
_RUNNING = Label("eine Ausgleichsmaßnahme läuft schon", "a compensation runs already")
_WORDS = (GapReason.WAITING_FOR_DOCUMENTS, GapReason.CLIENT_DECLINED, GapReason.OTHER)


def _e01(journey: Derived) -> Found:
    view = journey.view
    steps = view.of("RecognitionAdvised", "RecognitionApplied", "RecognitionDecided")
    triggers = []
    for one in view.of("QualificationReported"):
        level = _isced(one)
        if level is not None and level < _VOCATIONAL:
            yield Refused(one, _NOT_VOCATIONAL)
        elif earlier(one, steps):
            yield Refused(one, _ADVISED)
        else:
            triggers.append(one)
    declined = [one for one in view.of("OfferDeclined") if _of_recognition(one)]
    for place, one in enumerate(triggers):
        response = journey.bounds.in_force("E01.response", one.latest)
        yield Draft(
            one,
            one.latest,
            after(one.latest, response),
            followed=counting(one, steps),
            cancelled=counting(one, declined),
            superseded=triggers[place + 1 :],
            partial=not one.exact,
        )


def _isced(one: Seen) -> int | None:
    """Return the first digit of the ISCED level."""
    return next((int(sign) for sign in one.get("isced") or "" if sign.isdecimal()), None)


def _of_recognition(one: Seen) -> bool:
    return bool(one.get("field") is Handlungsfeld.ANERKENNUNG)


def _e04(journey: Derived) -> Found:
    view = journey.view
    decided = view.of("RecognitionDecided")
    triggers = []
    for one in decided:
        outcome = one.get("outcome")
        if outcome is not None and outcome not in _COMPENSATE:
            yield Refused(one, _NOTHING_MISSING)
        elif _compensation_runs(view, one):
            yield Refused(one, _RUNNING)
        else:
            triggers.append(one)
    steps = [*view.of("CompensationStarted", "CompensationCompleted"), *lasting_licences(view)]
    for place, one in enumerate(triggers):
        response = journey.bounds.in_force("E04.response", one.latest)
        resolved = [later for later in decided if later.rank > one.rank]
        yield Draft(
            one,
            one.latest,
            after(one.latest, response),
            followed=counting(one, steps),
            cancelled=[later for later in resolved if later.get("outcome") in _RESOLVED],
            superseded=triggers[place + 1 :],
            kind=Kind.DATA if one.get("outcome") is None else Kind.GAP,
            partial=not one.exact,
        )


def _compensation_runs(view: View, decision: Seen) -> bool:
    """Say whether a compensation begun before the decision is not over there."""
    steps = earlier(decision, view.of("CompensationStarted", "CompensationCompleted"))
    return bool(steps) and steps[-1].type == "CompensationStarted"


E01 = Rule(
    id="E01",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ANERKENNUNG,
    label=Label(
        "Qualifikation ohne Anerkennungsberatung",
        "Qualification without advice on recognition",
        "ohne Beratung",
    ),
    watches=Label(
        "Eine ausländische Qualifikation ist erfasst, eine Anerkennungsberatung nicht.",
        "A foreign qualification is reported and advice on recognition is not.",
    ),
    sentence=Label(
        "Qualifikation erfasst {day}; bis zum {due} ist eine Anerkennungsberatung vorgesehen.",
        "Qualification reported {day}; advice on recognition is foreseen by {due}.",
    ),
    next_step=Label("Anerkennungsberatung vermitteln", "Arrange advice on recognition"),
    source="Praxisvorgabe, 90 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("E01.response",),
    triggers=("QualificationReported",),
    missing=("RecognitionAdvised", "RecognitionApplied"),
    find=_e01,
    entry=Entry(
        trigger="`QualificationReported`. None if its `isced` tells a level below 3 (its first digit; a missing level counts), or if a `RecognitionAdvised`, `RecognitionApplied` or `RecognitionDecided` is there that does not count from the trigger on (G4).",
        window="90 days.",
        followed_by="`RecognitionAdvised`, `RecognitionApplied`, `RecognitionDecided`.",
        cancelled_by="`OfferDeclined` with `field` anerkennung.",
        severity="medium.",
        decided="Whoever has applied is past the advice, so application and decision count too, also earlier ones. A missing level of education is no data row: the advice finds it out. Levels below 3 are schooling, which nobody recognises as a vocation (as E05). An offer declined without a field is not taken for this one.",
    ),
    reasons=_WORDS,
)

E04 = Rule(
    id="E04",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ANERKENNUNG,
    label=Label(
        "Teilanerkennung ohne Ausgleich", "Partial recognition, no compensation", "kein Ausgleich"
    ),
    watches=Label(
        "Eine Anerkennung verlangt einen Ausgleich, und keine Maßnahme oder Prüfung hat begonnen.",
        "A recognition asks for compensation and neither course nor exam has begun.",
    ),
    sentence=Label(
        "Teilanerkennung oder Ausgleich entschieden {day}; bis zum {due} ist eine Ausgleichsmaßnahme vorgesehen.",
        "Partial recognition or compensation decided {day}; a compensation is foreseen by {due}.",
    ),
    next_step=Label("Ausgleichsmaßnahme suchen", "Find a compensation course or exam"),
    source="§ 11 BQFG; Praxisvorgabe, 180 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("E04.response",),
    triggers=("RecognitionDecided",),
    missing=("CompensationStarted",),
    find=_e04,
    entry=Entry(
        trigger="`RecognitionDecided` with `outcome` PARTIAL or COMPENSATION_REQUIRED. None if the latest `CompensationStarted` or `CompensationCompleted` that does not count from the trigger on (G4) is a `CompensationStarted`: the compensation runs already.",
        window="180 days.",
        followed_by="`CompensationStarted`, `CompensationCompleted`, a lasting licence.",
        cancelled_by="A later `RecognitionDecided` (G3) with `outcome` FULL or REJECTED.",
        data_row="`outcome`.",
        severity="high.",
        decided="A course completed was begun; a full recognition or a refusal leaves nothing to make up for. A decision without `outcome` is a data row with the days of the gap (C75).",
    ),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.NO_CHILDCARE,
        GapReason.WORKS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="outcome",
)
