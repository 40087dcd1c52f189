"""Which law is responsible: L07 the cut-off day for Ukraine, L09 benefit and stay that do not fit."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import end_of_running_period, plus_days
from domain.chain.checklists.benefit_table import (
    LIVELIHOOD,
    TRANSITION,
    Table,
    back_under_asylblg,
    first_protection,
    without_basis,
)
from domain.chain.counting import counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.spans import Span, common, intersection, union
from domain.chain.states.livelihood import lived_on
from domain.chain.states.regimes import Regime, paying_on, same_law
from domain.chain.states.residence import Status, Stay, status_on
from domain.chain.states.titles import TEMPORARY_PROTECTION
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_JOBSEEKER = "SGB_II"
_NOT_IN_FORCE = Label(
    "das Gesetz ist nicht in Kraft, oder der Schutz begann bis zum Stichtag",
    "the law is not in force, or the protection began by the cut-off day",
)
_FITS = Label(
    "Leistung und Aufenthalt passen zusammen, oder der Aufenthalt ist nicht bekannt",
    "benefit and stay fit, or the stay is not known",
)
_UNFIT = Label(
    "die bewilligte Leistung passt nicht zum Aufenthalt; eine andere Stelle ist zuständig",
    "the benefit granted does not fit the stay; another office is responsible",
)
_NOBODY = Label(
    "keine Stelle ist zuständig: was beantragt ist, ist abgelehnt oder passt nicht zum Aufenthalt",
    "no office is responsible: what is applied for is refused or does not fit the stay",
)


def _l07(journey: Derived) -> Found:
    begins = back_under_asylblg(journey)
    first = None if begins is None else first_protection(journey)
    for one in journey.runs:
        if one.rechtskreis == _JOBSEEKER:
            found = (
                None if first is None or begins is None else _l07_of(journey, one, first, begins)
            )
            yield found or Refused(one.grant, _NOT_IN_FORCE)


def _l07_of(journey: Derived, run: Regime, first: Seen, begins: date) -> Draft | None:
    """Draft the days on which SGB II still pays though the AsylbLG is responsible; None if there are none."""
    since = begins
    if run.first < begins:
        term = journey.bounds.in_force(TRANSITION, begins).number
        running = [one for one in paying_on(journey.regimes, begins) if _same(one, run)]
        ends = [one.last for one in running if one.last is not None]
        since = plus_days(min([*ends, end_of_running_period(begins, term)]), 1)
    shared = intersection(
        [[Span(since, None)], [Span(run.first, run.last)], _protected(journey.stays)]
    )
    if not shared:
        return None
    return Draft(
        run.grant,
        shared[0].first,
        plus_days(shared[0].first, -1),
        closings=_closing(journey, run, shared[0], plus_days(shared[0].first, -1)),
        partial=not (run.exact and first.exact),
        evidence=(first,),
        since=min(shared[0].first, run.grant.earliest),
    )


def _same(one: Regime, run: Regime) -> bool:
    return one.rechtskreis == run.rechtskreis


def _protected(stays: list[Stay]) -> list[Span]:
    return union(
        Span(one.first, one.last)
        for one in stays
        if one.basis == TEMPORARY_PROTECTION and one.status in {Status.TITLE, Status.FIKTION}
    )


def _closing(journey: Derived, run: Regime, days: Span, due_on: date) -> Iterator[Closing]:
    """Yield the closing on the day after: by the end of the benefit, else by what changed in the stay."""
    if days.last is None:
        return
    day = plus_days(days.last, 1)
    if run.last == days.last:
        by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
        yield Closing(day, by, run.end, None if run.exact else day)
        return
    stay = next((one for one in journey.stays if one.first >= day), None)
    stay = stay or status_on(journey.stays, days.last)
    if stay is not None:
        unsure = stay.unsure_from if stay.first >= day else stay.over_unsure_from
        yield Closing(day, ClosedBy.CANCELLED, stay.fact, unsure)


def _l09(journey: Derived) -> Found:
    table = journey.once(Table)
    found = [*_misfits(journey, table), *_nobody(journey, table)]
    yield from found
    if not found:
        for one in journey.view.of(*L09.triggers):
            yield Refused(one, _FITS)


def _misfits(journey: Derived, table: Table) -> Iterator[Draft]:
    unknown = union(Span(one.first, one.last) for one in journey.stays if without_basis(one))
    since = journey.bounds.rows["L09.tolerance"][0].valid_from or date.min
    for run in journey.runs:
        if run.rechtskreis is None or run.rechtskreis not in LIVELIHOOD:
            continue
        paid = common(Span(run.first, run.last), Span(since, None))
        if paid is None:
            continue
        for days in table.misfits(run.rechtskreis, paid):
            yield _misfit(journey, run, days, Kind.GAP)
        for one in unknown:
            shared = common(one, paid)
            if shared is not None:
                yield _misfit(journey, run, shared, Kind.DATA)


def _misfit(journey: Derived, run: Regime, days: Span, kind: Kind) -> Draft:
    stay = status_on(journey.stays, days.first)
    fact = run.grant if stay is None else stay.fact
    trigger, other = sorted((run.grant, fact), key=lambda one: one.rank, reverse=True)
    tolerance = journey.bounds.in_force("L09.tolerance", days.first).number
    due_on = plus_days(days.first, tolerance - 1)
    return Draft(
        trigger,
        days.first,
        due_on,
        key=f"{fact.id}+{run.grant.id}",
        closings=_closing(journey, run, days, due_on),
        kind=kind,
        partial=not run.exact or (stay is not None and not stay.exact),
        evidence=(other,),
        since=min(days.first, trigger.earliest),
        details=(("finding", _UNFIT),),
    )


def _nobody(journey: Derived, table: Table) -> Iterator[Draft]:
    """Yield the applications and refusals after which no office pays and none is asked that could."""
    since = journey.bounds.rows["L09.tolerance"][0].valid_from or date.min
    found: list[tuple[Seen, date]] = []
    for one in journey.view.of("BenefitApplied", "BenefitRefused"):
        if one.get("rechtskreis") not in LIVELIHOOD:
            continue
        first = one.latest if one.type == "BenefitRefused" else _first_misfit(table, one)
        if first is None or first < since or _somebody(journey, table, one, first):
            continue
        found.append((one, first))
    for place, (one, first) in enumerate(found):
        yield _nobody_from(journey, table, one, first, [later for later, _ in found[place + 1 :]])


def _first_misfit(table: Table, application: Seen) -> date | None:
    days = table.misfits(application.get("rechtskreis"), Span(application.latest, None))
    return days[0].first if days else None


def _somebody(journey: Derived, table: Table, one: Seen, day: date) -> bool:
    """Say whether on a day there is something to live on, or an office is still asked that could pay."""
    if lived_on(journey.means, day) is not None:
        return True
    return any(
        other is not one and other.latest <= day and _asks(table, other, day)
        for other in journey.view.of("BenefitApplied")
        if not _decided(journey, other, day)
    )


def _asks(table: Table, application: Seen, day: date) -> bool:
    """Say whether an application asks an office that could pay on a day."""
    asked = application.get("rechtskreis")
    return asked not in LIVELIHOOD or table.fits_on(asked, day)


def _decided(journey: Derived, application: Seen, day: date) -> bool:
    """Say whether an application was decided by a day."""
    return any(
        one.latest <= day and same_law(one.get("rechtskreis"), application.get("rechtskreis"))
        for one in journey.view.after(application, "BenefitGranted", "BenefitRefused")
    )


def _nobody_from(
    journey: Derived, table: Table, one: Seen, first: date, later: list[Seen]
) -> Draft:
    view = journey.view
    asked = [other for other in view.of("BenefitApplied") if _asks(table, other, other.latest)]
    return Draft(
        one,
        first,
        plus_days(first, -1),
        key=f"none+{one.id}",
        followed=counting(one, asked),
        superseded=later,
        closings=_means_begin(journey, first),
        partial=not one.exact,
        severity=Severity.CRITICAL,
        details=(("finding", _NOBODY),),
    )


def _means_begin(journey: Derived, first: date) -> Iterator[Closing]:
    """Yield the closing on the first day after on which there is something to live on."""
    for one in journey.means:
        if one.first > first:
            by = ClosedBy.CANCELLED if one.own else ClosedBy.LATE
            yield Closing(one.first, by, one.begin, one.begins_unsure_from)
            return


TERMS_OF = "Responsible law"
TERMS = (
    Term(
        "Fits",
        "what the table L09 allows. The *status of the stay* on a day gives the bound whose codes fit: Gestattung, Duldung, obliged to leave: `L09.asylum`; free movement: `L09.free`; German: `L09.german`; protection granted, but not by abschiebungsverbot: `L09.title`; a title or Fiktion by its basis: `23_1`, `24`, `25_4`: the bound of that name as of the day; `25_5`: below; any other `AUFENTHG_*` but `60*`, `81*`, `15A`, and a Fiktion begun by its certificate: `L09.title`, or `L09.no_work` if the fact on which the status rests has `work` keine or `work_allowed` false. Every other status says nothing, and nothing is known on its days. Basis `25_5`: `L09.asylum` through 28 February 2015 and on later days through s, `L09.title` (or `L09.no_work`) on later days after s, where s is 18 months after the first `ToleranceIssued` before the grant; without one s is 18 months after the grant, and `L09.title` fits from 1 March 2015 on as well. Basis `24` from the first day of `L07.transition` on, if L07 applies: `L09.asylum` as well.",
    ),
    Term(
        "Days that do not fit",
        "of a `rechtskreis`: days on which something is known and no day of whose month is one on which it fits.",
    ),
    Term(
        "Livelihood law",
        "`ASYLBLG_2`, `ASYLBLG_3`, `SGB_II`, `SGB_XII_3`, `SGB_XII_4`, `SGB_XII_23_1`, `SGB_XII_23_3_BRIDGE`.",
    ),
)

L07 = Rule(
    id="L07",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label("Ukraine-Stichtag", "Cut-off day for Ukraine", "Stichtag § 24"),
    watches=Label(
        "Schutz nach § 24 begann nach dem Stichtag, und SGB II läuft über den Übergang hinaus.",
        "Protection under § 24 began after the cut-off day and SGB II runs beyond the transition.",
    ),
    sentence=Label(
        "Seit dem {first} ist für diesen Aufenthalt nach § 24 das AsylbLG zuständig; das SGB II zahlt noch.",
        "Since {first} the AsylbLG is responsible for this stay under § 24; SGB II still pays.",
    ),
    next_step=Label(
        "Übergang zum AsylbLG mit Jobcenter und Sozialamt abstimmen",
        "Arrange the change to the AsylbLG with Jobcenter and social welfare office",
    ),
    source="§ 1 AsylbLG (Entwurf des Leistungsrechtsanpassungsgesetzes, nicht in Kraft bestätigt)",
    severity=Severity.HIGH,
    responsible=(Responsible.JOBCENTER, Responsible.SOZIALAMT),
    bounds=("L07.transition", "L07.cutoff"),
    triggers=("BenefitGranted", "BenefitExtended", "RechtskreisChangeCompleted"),
    missing=("BenefitEnded", "RechtskreisChangeCompleted"),
    find=_l07,
    entry=Entry(
        trigger="While the switch `law.24_to_asylblg` is on (it is unverified, so off: then there is never an instance): a *run of benefits* of `SGB_II`, where the first `TitleGranted` with basis `24`, or `FictionCertificateIssued` whose latest `TitleApplied` before it has basis `24`, has its latest day after `L07.cutoff`, and the run pays on days t or later on which the status is a title or Fiktion of basis `24`.",
        window="t is the first day of the law (1 July 2026) for a run that begins on it or later; for one begun before, the day after the last day of the benefit paid on that day, at most three months of which that day counts as the first (30 September 2026). Open from the first common day; `due_on` is the day before.",
        followed_by="The day after the last common day, if the run ends then, with the fact that gives its last day: late.",
        cancelled_by="The day after the last common day otherwise, with the fact that begins the next status. Endings (G10) count from the trigger's earliest day or the first common day on, whichever is earlier.",
        series="No series. Key: the fact that begins the run.",
        severity="high.",
        law="From 1 July 2026 by the bill; its entry into force is not confirmed.",
    ),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.DATA_MISSING, GapReason.OTHER),
)

L09 = Rule(
    id="L09",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.LEISTUNGEN,
    label=Label(
        "Leistung passt nicht zum Aufenthalt", "Benefit does not fit the stay", "Zuständigkeit"
    ),
    watches=Label(
        "Ein Gesetz zahlt, das für diesen Aufenthalt nicht zuständig ist, oder keines ist zuständig.",
        "A law pays that is not responsible for this stay, or none is responsible.",
    ),
    sentence=Label("Seit dem {first}: {finding}.", "Since {first}: {finding}."),
    next_step=Label(
        "Zuständigkeit klären; hilfsweise beim Sozialamt beantragen",
        "Clarify which office is responsible; if need be apply at the social welfare office",
    ),
    source="§ 1 AsylbLG, § 7 Abs. 1, § 8 Abs. 2 SGB II, § 23 SGB XII",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.JOBCENTER, Responsible.SOZIALAMT),
    bounds=(
        "L09.tolerance",
        "L09.asylum",
        "L09.title",
        "L09.no_work",
        "L09.free",
        "L09.german",
        "L09.23_1",
        "L09.24",
        "L09.25_4",
        "L09.suspension",
    ),
    triggers=(
        "BenefitGranted",
        "BenefitExtended",
        "RechtskreisChangeCompleted",
        "BenefitApplied",
        "BenefitRefused",
    ),
    missing=("BenefitGranted", "BenefitApplied"),
    find=_l09,
    entry=Entry(
        trigger="(1) A *run of benefits* of a *livelihood law* and *days that do not fit* on which it is paid, one instance for each stretch of them; days before 1 January 2005 are left out. The trigger is the later (G3) of the fact that begins the run and the fact on which the status of the first such day rests. (2) Nobody responsible: `BenefitRefused` of a livelihood law, from its latest day; `BenefitApplied` of a livelihood law, from the first of the *days that do not fit* on or after its latest day. None before 1 January 2005; none if on that day there are *means*, or an office is asked: another `BenefitApplied` with its latest day by then, not followed (G3) by a `BenefitGranted` or `BenefitRefused` of the same *law of a benefit* by then, whose `rechtskreis` is no livelihood law or missing, or of whose *days that do not fit* that day is none.",
        window="(1) Due on the first 30 days, open from the 31st. (2) Open from that day; `due_on` is the day before.",
        followed_by="(1) The day after the stretch, if the run ends then, with the fact that gives its last day. (2) `BenefitApplied` whose `rechtskreis` is no livelihood law or missing, or of whose *days that do not fit* its latest day is none; the first *means* that begin after that day, on their first day, if they are no own means.",
        cancelled_by="(1) The day after the stretch otherwise, with the fact of the next status, if none the fact of the last. (2) The same means, if they are own means. Endings (G10) of (1) count from the trigger's earliest day or the first such day on, whichever is earlier.",
        data_row="(1) On days that are paid the status is title or fiktion and rests on a `TitleGranted` without `basis`: for each stretch of such days a row with the days of the gap.",
        series="(1) No series; key `status+run`, the ids of the fact on which the status of the first day rests and of the fact that begins the run. (2) Key `none+` and the id of the trigger; the next trigger of this kind supersedes.",
        severity="high; (2) critical.",
        example="SGB II from 1 March 2010, title under § 25(5) since 2009: due from 1 March, open from 31 March 2010. Refugee status on 10 January 2025, AsylbLG still paid: due from 1 February, for January fits.",
        law="§ 25(5) since 1 March 2015 only for 18 months under the AsylbLG (§ 1(1) Nr. 3 c); § 24 under SGB II since June 2022, unverified.",
        decided="W18 asks for the table and says nothing of a tolerance: 30 days, as changes of office take a month by law. The month counts as a whole (§ 1(3) AsylbLG, § 37(2) SGB II). Deportation bans without a title, titles of old law, and a Fiktion ordered where no title is told, say nothing.",
    ),
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.DATA_MISSING,
        GapReason.OTHER,
    ),
    unknown="basis",
)
