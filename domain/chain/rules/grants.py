"""Benefits over time: L02 days without livelihood, L03 two laws at once, L04 a grant that ends."""

from collections.abc import Iterator
from datetime import date
from itertools import combinations

from domain.chain.calendar import plus_days
from domain.chain.counting import counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.spans import Span, common
from domain.chain.states.livelihood import Hole, holes
from domain.chain.states.regimes import Regime, law_of, same_law
from domain.chain.windows import imprecise, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NO_HOLE = Label("kein Tag ohne Lebensunterhalt", "no day without livelihood")
_NO_OVERLAP = Label("keine zwei Leistungen zugleich", "no two benefits at once")
_NOT_PAID = Label("von keiner Stelle gezahlt", "paid by no office")
_NO_END_ASKED = Label(
    "ohne Ende bewilligt, wie es dieses Gesetz vorsieht",
    "granted without an end, as its law has it",
)
_EXCLUSIVE = frozenset({"ASYLBLG", "SGB_II", "SGB_XII"})
_NO_OFFICE = frozenset({"OWN_INCOME", "FAMILY", "NONE", "DONATIONS"})
_WITHOUT_END = frozenset({"ASYLBLG", "SGB_VIII", "SGB_V_KRANKENGELD"})
_PAID_BY = {
    "SGB_II": (Responsible.CLIENT, Responsible.JOBCENTER),
    "SGB_III": (Responsible.CLIENT, Responsible.EMPLOYMENT_AGENCY),
    "SGB_XII": (Responsible.CLIENT, Responsible.SOZIALAMT),
    "ASYLBLG": (Responsible.SOZIALAMT, Responsible.CASE_MANAGER),
    "SGB_VIII": (Responsible.JUGENDAMT, Responsible.CASE_MANAGER),
}
_GRANTS = ("BenefitGranted", "BenefitExtended", "HelpContinued")


def _l02(journey: Derived) -> Found:
    found = list(holes(journey.means))
    for hole in found:
        yield _l02_of(journey, hole)
    if not found:
        for one in journey.view.of(*L02.triggers):
            yield Refused(one, _NO_HOLE)


def _l02_of(journey: Derived, hole: Hole) -> Draft:
    trigger = hole.after.end or hole.after.begin
    tolerance = journey.bounds.in_force("L02.tolerance", hole.first).number
    closings = []
    if hole.until is not None:
        by = ClosedBy.CANCELLED if hole.until.own else ClosedBy.LATE
        unsure = hole.until.begins_unsure_from
        closings = [Closing(hole.until.first, by, hole.until.begin, unsure)]
    return Draft(
        trigger,
        hole.first,
        plus_days(hole.first, tolerance - 1),
        closings=closings,
        partial=not hole.after.exact,
        evidence=(hole.after.begin,),
        since=min(hole.first, trigger.earliest),
    )


def _l03(journey: Derived) -> Found:
    paid = [one for one in journey.runs if law_of(one.rechtskreis) in _EXCLUSIVE]
    found = False
    for one, other in combinations(paid, 2):
        if law_of(one.rechtskreis) == law_of(other.rechtskreis):
            continue
        shared = common(Span(one.first, one.last), Span(other.first, other.last))
        if shared is not None:
            found = True
            yield _l03_of(journey, one, other, shared)
    if not found:
        for regime in journey.regimes:
            yield Refused(regime.grant, _NO_OVERLAP)


def _l03_of(journey: Derived, one: Regime, other: Regime, shared: Span) -> Draft:
    tolerance = journey.bounds.in_force("L03.tolerance", shared.first).number
    ending = other if one.last is None or one.last != shared.last else one
    closings = []
    if shared.last is not None:
        due_on = plus_days(shared.first, tolerance - 1)
        day = plus_days(shared.last, 1)
        by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
        closings = [Closing(day, by, ending.end, None if ending.exact else day)]
    return Draft(
        other.grant,
        shared.first,
        plus_days(shared.first, tolerance - 1),
        key=f"{one.grant.id}+{other.grant.id}",
        closings=closings,
        partial=not (one.exact and other.exact),
        evidence=(one.grant,),
        since=min(shared.first, other.grant.earliest),
        details=(("one", _word(one)), ("other", _word(other))),
    )


def _word(regime: Regime) -> Label:
    """Return the words for the law of a benefit."""
    named = regime.rechtskreis
    label = getattr(named, "label", None)
    return label if isinstance(label, Label) else Label("Leistung", "benefit")


def _l04(journey: Derived) -> Found:
    for one in journey.view.of(*_GRANTS):
        reason = _why_no_end(one)
        yield _l04_of(journey, one) if reason is None else Refused(one, reason)


def _rechtskreis(one: Seen) -> str | None:
    named: str | None = "SGB_VIII" if one.type == "HelpContinued" else one.get("rechtskreis")
    return named


def _why_no_end(one: Seen) -> Label | None:
    """Return why a grant has no end that is watched; None if it has, or should tell one."""
    named = _rechtskreis(one)
    if named in _NO_OFFICE:
        return _NOT_PAID
    if range_of(one.day("until")) is None and law_of(named) in _WITHOUT_END:
        return _NO_END_ASKED
    return None


def _l04_of(journey: Derived, one: Seen) -> Draft:
    end = range_of(one.day("until"))
    cancelled = list(_no_longer_needed(journey, one))
    if end is None:
        followed = _renewed(journey, one, None)
        return Draft(one, one.latest, None, followed=followed, cancelled=cancelled, kind=Kind.DATA)
    first = lead_window(one, end, journey.bounds.in_force("L04.lead", one.latest))
    return Draft(
        one,
        first,
        end.latest,
        followed=_renewed(journey, one, first),
        cancelled=cancelled,
        partial=imprecise(one, first, end),
        responsible=_PAID_BY.get(law_of(_rechtskreis(one)) or "", ()),
    )


def _renewed(journey: Derived, grant: Seen, first: date | None) -> Iterator[Seen]:
    """Yield what goes on after a grant: the same law at any time, another applied for within the window."""
    for one in journey.view.after(grant, "BenefitApplied", *_GRANTS):
        if same_law(_rechtskreis(grant), _rechtskreis(one)) or (
            one.type == "BenefitApplied" and _within(one, first)
        ):
            yield one


def _within(one: Seen, first: date | None) -> bool:
    return first is not None and (not one.dated or one.latest >= first)


def _no_longer_needed(journey: Derived, grant: Seen) -> Iterator[Seen]:
    """Yield what ends a grant or the need for it: its end, another law that pays, a secured livelihood."""
    named = _rechtskreis(grant)
    for one in journey.view.after(grant, "BenefitEnded", *_GRANTS):
        if same_law(named, _rechtskreis(one)) == (one.type == "BenefitEnded"):
            yield one
    for one in journey.view.after(grant, "RechtskreisChangeCompleted"):
        if not same_law(named, one.get("to")):
            yield one
    for one in counting(grant, journey.view.of("LivelihoodSecured")):
        if one.get("degree") == "full":
            yield one


TERMS_OF = "Benefits and livelihood"
TERMS = (
    Term(
        "Benefit",
        "begins with `BenefitGranted` and is paid from `from` (if missing the fact's day; latest days throughout) through its last day. Its last day is the `until` of the grant, later the `until` of each `BenefitExtended` of its `rechtskreis` (`HelpContinued` is one of `SGB_VIII`; without `until` no end is known then). An extension concerns the latest benefit before it (G3) of its `rechtskreis`, without one the latest of any; it begins a benefit of its own if there is none, or if its `from` (for a benefit that `BenefitEnded` or `RechtskreisChangeCompleted` ended meanwhile: if missing its own day) leaves a day unpaid before it. `BenefitEnded` makes its own day the last day paid, of the latest benefit before it, not ended yet, of its `rechtskreis`, else of its *law* (one without `rechtskreis` is of every law); without `rechtskreis` of the latest benefit of any, unless that has ended already.",
    ),
    Term(
        "Benefit that another takes over from",
        "Where a benefit begins, every earlier one (G3) of the same `rechtskreis` (missing is one of its own) that is not ended and pays on or after the new one's first day pays to the day before. A benefit whose end is not told pays to the day before the first day of the next benefit (G3) of any `rechtskreis` that begins after its last extension. `RechtskreisChangeCompleted` ends on the day before its own the latest benefit not ended of `from`, else of its law, if that pays on its day or later; never one of `to`; and it begins a benefit of `to` on its own day, without a known end, unless one of `to` that was told before it pays on that day; a change to the same changes nothing. A benefit whose last day lies before its first is none; what it took over from stays as it is.",
    ),
    Term(
        "Law of a benefit",
        "`ASYLBLG_*` is the AsylbLG; `SGB_XII_*` and `BSHG` are one law, `SGB_III` and `ALG_AGENTUR` too; every other `rechtskreis` is a law of its own. A missing `rechtskreis` is of every law.",
    ),
    Term(
        "Run of benefits",
        "benefits of one `rechtskreis` in the order of their first days, joined while no day is unpaid between; it has the first day and the trigger of its first benefit and the later last day.",
    ),
    Term(
        "Means",
        "what a person lives on: every *benefit* but `NONE` and `DONATIONS`; every job (terms of the start rules) whose last told `employment_kind` is not in `L02.no_livelihood`, from its first fact through its `EmploymentEnded`, else through its last `fixed_term_until`; training from `TrainingStarted` through the next `TrainingAborted`, `TrainingInterrupted`, `TrainingCompleted` or `TrainingFinallyFailed` (G3); `SelfEmploymentStarted`, without end; `LivelihoodSecured` with `degree` full, predominantly or missing, through the day before the next `LivelihoodLost` or `LivelihoodSecured` with `degree` partial. The benefits `OWN_INCOME` and `FAMILY` and all that is no benefit are *own means*. Latest days throughout; an end before the beginning makes none.",
    ),
)

L02 = Rule(
    id="L02",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label("Tage ohne Lebensunterhalt", "Days without livelihood", "Leist.-Lücke"),
    watches=Label(
        "Eine Leistung oder ein Einkommen endet, und nichts schließt an.",
        "A benefit or an income ends and nothing follows it.",
    ),
    sentence=Label(
        "Ab dem {first} ist nicht bekannt, wovon gelebt wird: keine Leistung, kein Einkommen.",
        "From {first} it is not known what there is to live on: no benefit, no income.",
    ),
    next_step=Label("Lebensunterhalt sofort klären", "Clarify the livelihood at once"),
    source="§ 37 SGB II, § 1 Abs. 3 AsylbLG; Praxisvorgabe",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.JOBCENTER, Responsible.SOZIALAMT),
    bounds=("L02.tolerance", "L02.no_livelihood"),
    triggers=(
        "BenefitGranted",
        "BenefitExtended",
        "BenefitEnded",
        "HelpContinued",
        "RechtskreisChangeCompleted",
        "EmploymentStarted",
        "EmploymentChanged",
        "EmploymentEndAnnounced",
        "EmploymentEnded",
        "TrainingStarted",
        "LivelihoodSecured",
    ),
    missing=("BenefitGranted", "EmploymentStarted", "LivelihoodSecured"),
    find=_l02,
    entry=Entry(
        trigger="The *means* (see Benefits and livelihood) of a person end and none begin on the next day or before: taken in the order of their first days, on one day of the facts that begin them (G3), the stretch reaches through the latest of their last days; of several that end on that day the first decides. The trigger is the fact that gives the last day: the grant or extension whose `until` it is, `BenefitEnded`, `RechtskreisChangeCompleted`, the benefit that takes over or of whose beginning it follows (such as `NONE`), `EmploymentEnded`, the fact that last names `fixed_term_until`, the end of training, `LivelihoodLost` or the lesser `LivelihoodSecured`. Nothing is known of somebody of whom no means were told.",
        window="Open from the first day without means; `due_on` is the day before.",
        followed_by="The *means* that begin next (of several on one day the first by G3), on their first day, also if they are undated: late, if they are a benefit of an office.",
        cancelled_by="The same, if they are own means. Endings (G10) count from the trigger's earliest day or the first day without means on, whichever is earlier.",
        series="No series. Key: the trigger.",
        severity="critical.",
        example="SGB II through 31 March 2025, a job from 15 April: open from 1 April, closed (cancelled) on 15 April.",
        decided="A grant whose `until` has passed is over, as told; a job that ends without anything after it is a day without livelihood as well. An application alone pays nothing.",
    ),
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.DATA_MISSING,
        GapReason.OTHER,
    ),
)

L03 = Rule(
    id="L03",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label("Doppelte Leistung", "Two benefits at once", "doppelt"),
    watches=Label(
        "Zwei Gesetze zahlen den Lebensunterhalt für dieselben Tage.",
        "Two laws pay the livelihood for the same days.",
    ),
    sentence=Label(
        "Seit dem {first} sind zwei Leistungen für dieselben Tage bewilligt: {one} und {other}; eine ist zu viel.",
        "Since {first} two benefits are granted for the same days: {one} and {other}; one of them is too many.",
    ),
    next_step=Label("Zuständigkeit der Stellen klären", "Clarify which office is responsible"),
    source="§ 5 Abs. 2, § 7 Abs. 1 SGB II, § 9 Abs. 1 AsylbLG; Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.SOZIALAMT, Responsible.JOBCENTER),
    bounds=("L03.tolerance",),
    triggers=("BenefitGranted", "BenefitExtended", "RechtskreisChangeCompleted"),
    missing=("BenefitEnded",),
    find=_l03,
    entry=Entry(
        trigger="Two *runs of benefits* (see Benefits and livelihood) of two of the laws AsylbLG, SGB II, SGB XII that pay on common days. The trigger is the fact that begins the run with the later first day (of one day: the later fact).",
        window="Open from the first common day; `due_on` is the day before.",
        followed_by="The day after the last common day, with the fact that gives the last day of the run that ends first (of one day: of the earlier run): late, on just that day (not G5).",
        series="No series. Key: `earlier+later`, the ids of the facts that begin the two runs. Endings (G10) count from the trigger's earliest day or the first common day on, whichever is earlier.",
        severity="medium.",
        example="AsylbLG through 31 March 2025, SGB II from 1 March 2025: open from 1 March, closed on 1 April 2025.",
        decided="SGB II beside SGB XII excludes itself as well (§ 5(2) SGB II); a supplement beside SGB II or SGB III is lawful.",
    ),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.DATA_MISSING, GapReason.OTHER),
)

L04 = Rule(
    id="L04",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label("Bewilligung endet", "Grant ends", "Leist. endet"),
    watches=Label(
        "Eine Leistung ist nur noch kurze Zeit bewilligt, und die Fortsetzung ist nicht beantragt.",
        "A benefit is granted for a short time only and its continuation is not applied for.",
    ),
    sentence=Label(
        "Die {day} bewilligte Leistung endet mit dem {due}; bis dahin ist die Weiterbewilligung zu beantragen.",
        "The benefit granted {day} ends on {due}; its continuation is to be applied for by then.",
    ),
    next_step=Label("Weiterbewilligung beantragen", "Apply for the continuation"),
    source="§ 37, § 41 Abs. 3 SGB II; Vorlauf Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("L04.lead",),
    triggers=("BenefitGranted", "BenefitExtended", "HelpContinued"),
    missing=("BenefitApplied", "BenefitGranted", "BenefitExtended"),
    find=_l04,
    entry=Entry(
        trigger="`BenefitGranted`, `BenefitExtended`, `HelpContinued` (of `SGB_VIII`), with `until`; none with `rechtskreis` `OWN_INCOME`, `FAMILY`, `NONE`, `DONATIONS`.",
        window="Lead 35 days to `until`.",
        followed_by="After the trigger (G3) `BenefitApplied`, `BenefitGranted`, `BenefitExtended` or `HelpContinued` of the same *law of a benefit* (missing on either side fits); `BenefitApplied` of another law after the trigger (G3), with its latest day not before the window's first day; an undated one whenever it stands after the trigger.",
        cancelled_by="After the trigger (G3) `BenefitEnded` of the same law; `BenefitGranted`, `BenefitExtended` or `HelpContinued` of another law; `RechtskreisChangeCompleted` whose `to` is of another law. `LivelihoodSecured` with `degree` full (G4).",
        data_row="`until`, except for the AsylbLG, `SGB_VIII` and `SGB_V_KRANKENGELD`, which are granted without an end as well; another law applied for does not close it.",
        series="No series. Key: the trigger.",
        severity="high.",
        example="SGB II through 31 January 2022: due from 27 December 2021.",
        decided="The application for the grant itself, told on the same day before it, is none for what follows. The end of help for young adults is watched here (W29). The usual 12 or 6 months of § 41(3) SGB II are not put in the place of a missing `until`: nobody knows whether the grant is provisional.",
    ),
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
    unknown="until",
)
