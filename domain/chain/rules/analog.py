"""Analogleistungen: L06, by the law of each day."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.asylblg_2 import Law, laws_for
from domain.chain.counting import counting, possible_from
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import (
    ClosedBy,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
from domain.chain.rule import Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.regimes import Basic, basic_stretches
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_HIGHER = "ASYLBLG_2"
_NOT_BASIC = Label("keine Grundleistungen nach § 3 AsylbLG", "no basic benefits under § 3 AsylbLG")
_TOO_SHORT = Label(
    "die Wartezeit endet nicht, solange Grundleistungen gezahlt werden",
    "the time does not end while basic benefits are paid",
)


def _l06(journey: Derived) -> Found:
    stretches = basic_stretches(journey.regimes)
    for grant in journey.view.of("BenefitGranted"):
        if grant.get("rechtskreis") != "ASYLBLG_3":
            yield Refused(grant, _NOT_BASIC)
    for stretch in stretches:
        drafts = [
            _l06_of(journey, stretch, law)
            for law in laws_for(journey, stretch)
            if _meet(stretch, law)
        ]
        yield from drafts
        if not drafts:
            yield Refused(stretch.grant, _TOO_SHORT)


def _first(stretch: Basic, law: Law) -> date:
    return max(law.warns, stretch.first, law.first or date.min)


def _meet(stretch: Basic, law: Law) -> bool:
    """Say whether the window begins while the benefits are paid and the law is in force."""
    first = _first(stretch, law)
    ends = [one for one in (stretch.last, law.last) if one is not None]
    return all(first <= one for one in ends)


def _l06_of(journey: Derived, stretch: Basic, law: Law) -> Draft:
    grant, due_on = stretch.grant, law.full.latest
    first = _first(stretch, law)
    later = law.first is not None and law.first > grant.latest
    return Draft(
        grant,
        first,
        due_on,
        key=f"{grant.id}@{law.first}" if later else grant.id,
        followed=[
            one
            for one in counting(
                grant, journey.view.of("BenefitGranted", "RechtskreisChangeCompleted")
            )
            if _HIGHER in (one.get("rechtskreis"), one.get("to"))
        ],
        closings=[*_ends(stretch, law), *_abuse(journey)],
        partial=not (law.exact and stretch.exact),
        evidence=(law.fact,),
        steps=(Step(max(plus_days(due_on, 1), first), StepName.WORSE, Severity.HIGH),),
    )


def _ends(stretch: Basic, law: Law) -> Iterator[Closing]:
    """Yield the end of the basic benefits, unless by the higher ones, and the end of the law."""
    if stretch.last is not None and stretch.end is not None:
        higher = (stretch.end.get("rechtskreis"), stretch.end.get("to"))
        if _HIGHER not in higher or stretch.end.type == "BenefitEnded":
            day = plus_days(stretch.last, 1)
            yield Closing(day, ClosedBy.CANCELLED, stretch.end, possible_from(stretch.end, day))
    if law.last is not None:
        yield Closing(plus_days(law.last, 1), ClosedBy.RULE_CHANGE)


def _abuse(journey: Derived) -> Iterator[Closing]:
    for one in journey.view.of("AbuseFound"):
        yield Closing(one.latest, ClosedBy.CANCELLED, one, one.unsure_from)


TERMS_OF = "Analogleistungen"
TERMS = (
    Term(
        "Stretch of basic benefits",
        "from the first day of a *benefit* of `ASYLBLG_3` to the day before the first day of the next *benefit* (in the order, G3, of the facts by which they begin) of another, known `rechtskreis`, or through the last day of one of `ASYLBLG_3` or without `rechtskreis` that `BenefitEnded` or `RechtskreisChangeCompleted` ends, whichever of these benefits comes first. Further benefits of `ASYLBLG_3` or without `rechtskreis` between belong to it; the passing of `until` does not end it, nor does the `RechtskreisChangeCompleted` that begins it. Its trigger is the fact that begins its first benefit.",
    ),
    Term(
        "Clock of § 2 AsylbLG",
        "has its last day by each law for itself. By stay: n months after the latest possible day of entry (D 1; 36 months after 7 January 2021 end on 7 January 2024); entered is who has an `EntryRegistered` (`entry_date`, if missing its own days), the first that is not before the last `LeftGermany` with its latest day before the stretch's first day; else who has a `JourneyStarted` with an `entry_date` that is not before it; else the latest day of the first `AsylumSought`, `ArrivalCertificateIssued` or `AsylumApplicationFiled` by the first day of the stretch and not before that leaving; else the first day of the stretch. By receipt: the stretches of basic benefits that begin by the first day of this one, in the order of their first days. Its last day is that of n months of which the first day of the first stretch counts as the first (the day before the same day of the month, or the month's last day if it has no such day); while that lies after the last day of a stretch, it moves later by the days between that stretch and the next. If it lies after the last day of the last of them, the clock does not end.",
    ),
)

L06 = Rule(
    id="L06",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label("Analogleistungen möglich", "Benefits under § 2 AsylbLG possible", "§ 2 AsylbLG"),
    watches=Label(
        "Die Wartezeit für Analogleistungen endet oder ist erfüllt, und es werden Grundleistungen gezahlt.",
        "The time for benefits under § 2 AsylbLG ends or is served, and basic benefits are paid.",
    ),
    sentence=Label(
        "Die Wartezeit nach § 2 AsylbLG endet mit dem {due}; ab dem Tag danach stehen höhere Leistungen zu.",
        "The time under § 2 AsylbLG ends on {due}; from the day after, higher benefits are due.",
    ),
    next_step=Label("Analogleistungen beantragen", "Apply for benefits under § 2 AsylbLG"),
    source="§ 2 Abs. 1 AsylbLG",
    severity=Severity.CHANCE,
    responsible=(Responsible.SOZIALAMT, Responsible.CASE_MANAGER),
    bounds=("L06.months", "L06.clock", "L06.kept"),
    triggers=("BenefitGranted", "BenefitExtended", "RechtskreisChangeCompleted"),
    missing=("BenefitGranted",),
    find=_l06,
    entry=Entry(
        trigger="The fact that begins a *stretch of basic benefits* (see Analogleistungen), once for each law of `L06.months` under which the *clock of § 2 AsylbLG* has a last day e. None where the window's first day lies after the last day of the stretch or of that law.",
        window="From the first day of the month before the month of the earliest possible e, but not before the stretch or the law begins, through the latest possible e. Open from the day after e, or from the first day of the stretch or the law if that is later.",
        followed_by="`BenefitGranted` with `rechtskreis` `ASYLBLG_2`, `RechtskreisChangeCompleted` with `to` `ASYLBLG_2`.",
        cancelled_by="The day after the last day of the stretch, unless it ends because `ASYLBLG_2` begins; `AbuseFound`, on its latest day, wherever it stands (before the window: no instance). On the day after the last day of the law the instance closes as `rule_change`.",
        series="No series. Key: the trigger; for a law that began after the trigger's day, the trigger, `@` and the first day of that law, such as `f3@2024-02-27`.",
        severity="chance; high from the first day of the gap.",
        law="36 months by receipt through 27 August 2007, 48 by receipt from 28 August 2007, 15 by stay from 1 March 2015, 18 by stay from 21 August 2019, 36 by stay from 27 February 2024. Each counts on its own days only. The switch `L06.kept` (who had the right keeps it through a change of law, §§ 15, 20 AsylbLG) is unverified and off: were it on when a law begins, and the latest possible e of the law before is earlier than that law's last day, e would stay as it was.",
        example="Entered on 7 January 2017, basic benefits from 9 January 2017: due from 1 March through 7 April 2018, open from 8 April 2018; on 21 August 2019 closed by change of law, and open from that day under the next (18 months ended on 7 July 2018).",
        decided='By receipt the first day paid counts, by stay the day of entry does not (§§ 187, 188 BGB; the court in C27 gave the higher benefits from 8 April 2018 after an entry on 7 January 2017). A law works on its own days (cases 4: "36 until 27 August 2007"), so a longer one takes back what was full; the transitional law that would prevent it is not in the documents. The passing of `until` ends no stretch: benefits under § 3 AsylbLG go on month by month without an application.',
    ),
    kind=Kind.CHANCE,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.OTHER,
    ),
)
