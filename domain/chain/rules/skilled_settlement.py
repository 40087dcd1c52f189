"""The settlement permit of skilled workers after training here: T05."""

from domain.chain.checklists.chances import Telling, refusal, told
from domain.chain.checklists.permanent import NE_AFTER_TRAINING
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.rule import LEFT, Found, Pattern, Rule
from domain.chain.rules.permanent_stay import lasting
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_AFTER_TRAINING = Telling(NE_AFTER_TRAINING, "T05.action", lasting)


def _t05(journey: Derived) -> Found:
    drafts = list(told(journey, _AFTER_TRAINING))
    yield from drafts
    refused = None if drafts else refusal(journey, _AFTER_TRAINING, T05.triggers)
    if refused is not None:
        yield refused


T05 = Rule(
    id="T05",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.AUSBILDUNG,
    label=Label(
        "Niederlassungserlaubnis nach Ausbildung",
        "Settlement permit after training",
        "NE Fachkraft",
    ),
    watches=Label(
        "Zwei Jahre nach der deutschen Ausbildung ist die Niederlassungserlaubnis möglich.",
        "Two years of skilled work after training here, a settlement permit is possible.",
    ),
    sentence=Label(
        "Seit dem {first} sind die Voraussetzungen von {chance} erfasst; der Antrag ist möglich.",
        "The conditions of {chance} are recorded as full since {first}; it can be applied for.",
    ),
    next_step=Label("Niederlassungserlaubnis beantragen", "Apply for the settlement permit"),
    source="§ 18c Abs. 1 S. 2 AufenthG",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=("T05.years", "T05.pension", "T05.action"),
    triggers=("TrainingCompleted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_t05,
    entry=Entry(
        trigger="The checklist is full (words: the chances of a stay, permanent residence): on `18A`; from the latest day of the first `TrainingCompleted` on; `18A` held for 2 years; 24 pension months; B1; civics; livelihood fully (presumed).",
        window="90 days from the first day of the stretch.",
        followed_by="Taken by what is lasting.",
        cancelled_by="The end of the stretch.",
        data_row="The checklist is unsure.",
        series="No series. Key: the first day of the stretch.",
        severity="chance.",
        example="Training completed on 15 July 2022, title under § 18a from 1 August 2022, 24 pension months confirmed on 3 September 2024, B1 and civics before: full from 3 September 2024, due through 2 December 2024.",
        decided="A14 tells the same paragraph for every German qualification; this rule stands with the training, where the way began. A naturalisation ends it because the status changes (design 4, line 15 does not name T05).",
    ),
    kind=Kind.CHANCE,
    ended_by=(LEFT,),
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.OTHER,
    ),
    unknown="months",
)
