"""The status of the stay and what follows from it: A16 (§ 60b), A22 (obliged to leave, no Duldung)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.proofs import clarified_from
from domain.chain.counting import Range, counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.residence import Status, status_on
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
_UNCLEAR_IDENTITY = "AUFENTHG_60B"
_GESTATTUNG, _DULDUNG = "TemporaryPermissionIssued", "ToleranceIssued"
_TITLE = "TitleGranted"
_OTHER_DULDUNG = Label("keine Duldung nach § 60b", "no Duldung under § 60b")
_STANDS = Label(
    "der Aufenthalt beruht an diesem Tag auf etwas anderem",
    "the stay rests on something else on that day",
)
_NOT_ENFORCEABLE = Label(
    "die Ausreisepflicht ist nicht vollziehbar", "the obligation to leave is not enforceable"
)


def _a16(journey: Derived) -> Found:
    view = journey.view
    issued = list(_with_basis(view.of(_DULDUNG, _TITLE)))
    triggers = [(one, basis) for one, basis in issued if basis in (None, _UNCLEAR_IDENTITY)]
    others = [one for one, basis in issued if basis not in (None, _UNCLEAR_IDENTITY)]
    for one in others:
        yield Refused(one, _OTHER_DULDUNG)
    for place, (one, basis) in enumerate(triggers):
        tolerance = journey.bounds.in_force("A16.tolerance", one.latest)
        due_on = plus_days(one.latest, tolerance.number - 1)
        yield Draft(
            one,
            one.latest,
            due_on,
            followed=counting(one, others),
            cancelled=counting(one, view.of(_TITLE, _GESTATTUNG)),
            superseded=[later for later, _ in triggers[place + 1 :]],
            closings=_clarified(journey, one, due_on),
            kind=Kind.DATA if basis is None else Kind.GAP,
            strict=True,
            partial=not one.exact,
        )


def _with_basis(papers: list[Seen]) -> Iterator[tuple[Seen, str | None]]:
    """Yield every Duldung with its basis; one that tells none has that of the Duldung before it."""
    basis: str | None = None
    for one in papers:
        if one.type == _TITLE:
            basis = None
            continue
        basis = one.get("basis") or basis
        yield one, basis


def _clarified(journey: Derived, paper: Seen, due_on: date) -> Iterator[Closing]:
    """Yield the closings by an identity clarified since (§ 60b (4))."""
    for one in journey.view.of("IdentityClarified"):
        days = clarified_from(one)
        if days is None or days.latest < paper.earliest:
            continue
        day = min(days.latest, due_on) if days.earliest <= due_on else days.latest
        by = ClosedBy.IN_TIME if day <= due_on else ClosedBy.LATE
        yield Closing(day, by, one, days.unsure_from)


@dataclass(frozen=True, slots=True)
class _Obliged:
    """Since when somebody has to leave: the fact, its days, the first that is unsure, and whether the outcome is told."""

    fact: Seen
    days: Range
    unsure_from: date | None
    told: bool = True


def _a22(journey: Derived) -> Found:
    triggers = []
    for one in _obliged(journey):
        reason = _why_not_obliged(journey, one)
        if reason is None:
            triggers.append(one)
        else:
            yield Refused(one.fact, reason)
    for place, one in enumerate(triggers):
        yield _a22_of(journey, one, triggers[place + 1 :])


def _obliged(journey: Derived) -> list[_Obliged]:
    """Return what obliges to leave, in the order of its days."""
    found = [
        _Obliged(
            one.by,
            one.days,
            one.days.unsure_from,
            one.by is not one.decision.fact or one.decision.fact.get("outcome") is not None,
        )
        for one in journey.refusals
    ]
    found += [
        _Obliged(one, Range(one.earliest, one.latest), one.unsure_from)
        for one in journey.view.of("DepartureObligationArisen")
    ]
    return sorted(found, key=lambda one: (one.days.latest, one.fact.rank))


def _why_not_obliged(journey: Derived, one: _Obliged) -> Label | None:
    if one.fact.get("enforceable") is False:
        return _NOT_ENFORCEABLE
    stay = status_on(journey.stays, one.days.latest)
    if stay is None:
        return None if not one.told else _STANDS
    obliged = stay.status in (Status.OBLIGED, Status.WITHOUT_TITLE)
    return None if obliged else _STANDS


_INSTEAD = ("TitleGranted", "RightOfFreeMovementRecorded", "ContinuationOrdered")


def _a22_of(journey: Derived, one: _Obliged, later: list[_Obliged]) -> Draft:
    view = journey.view
    first = one.days.latest
    applied = [
        two
        for two in view.of("AsylumApplicationFiled", "ArrivalCertificateIssued")
        if two.get("procedure") != "folge"
    ]
    protected = [
        two for two in journey.decisions if two.positive and two.protects_from >= one.days.earliest
    ]
    instead = [*view.of(*_INSTEAD), *applied]
    return Draft(
        one.fact,
        first,
        after(first, journey.bounds.in_force("A22.response", first)),
        followed=_from(one, view.of(_DULDUNG, LEFT)),
        cancelled=_from(one, instead),
        closings=[
            *(
                Closing(two.protects_from, ClosedBy.CANCELLED, two.fact, two.unsure_from)
                for two in protected
            ),
            *(
                Closing(two.days.latest, ClosedBy.SUPERSEDED, two.fact, two.unsure_from)
                for two in later
            ),
        ],
        kind=Kind.GAP if one.told else Kind.DATA,
        partial=one.unsure_from is not None,
    )


def _from(one: _Obliged, facts: list[Seen]) -> Iterator[Seen]:
    """Yield the facts from the first possible day of the obligation on; undated ones after its fact."""
    for two in facts:
        if two.latest >= one.days.earliest if two.dated else two.rank > one.fact.rank:
            yield two


A16 = Rule(
    id="A16",
    pattern=Pattern.CONFLICT,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Duldung nach § 60b", "Duldung under § 60b", "§ 60b"),
    watches=Label(
        "Die Duldung trägt den Zusatz der ungeklärten Identität: keine Arbeit, die Zeit zählt nicht.",
        "The Duldung bears the mark of unclear identity: no work, and its time does not count.",
    ),
    sentence=Label(
        "Duldung mit dem Zusatz nach § 60b erteilt {day}; die Heilung nach § 60b Abs. 4 ist bis zum {due} zu beraten.",
        "Duldung with the mark of § 60b issued {day}; healing under § 60b(4) is to be advised on by {due}.",
    ),
    next_step=Label("Heilung nach § 60b Abs. 4 beraten", "Advise on healing under § 60b(4)"),
    source="§ 60b AufenthG; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("A16.tolerance",),
    triggers=("ToleranceIssued",),
    missing=("ToleranceIssued", "IdentityClarified"),
    find=_a16,
    entry=Entry(
        trigger="`ToleranceIssued` with *basis* `60B`: its own `basis`; if missing, that of the last `ToleranceIssued` before it that tells one, with no `TitleGranted` between.",
        window="Due from its day f through f + 29, open from f + 30. None if a closing counts on or before f.",
        followed_by="`ToleranceIssued` with another basis. `IdentityClarified` on the day from which it clarifies (D 12): with `means` pass or id its own day (undated: `date`, else `accepted_on`, if told, else its recorded day); with any other `means` or none `accepted_on`, without it never. It counts if the latest of that day is not before the trigger's earliest day, wherever the fact stands; on that latest day, but at most on `due_on` if its earliest is on or before it.",
        cancelled_by="`TitleGranted`, `TemporaryPermissionIssued`.",
        data_row="`basis`, where no Duldung before tells it either.",
        series="The next `ToleranceIssued` with basis `60B` or unknown supersedes.",
        severity="high.",
        example="Mark of 20 March 2020: due through 18 April, open from 19 April.",
        decided="Advice alone closes nothing: the mark lasts until another Duldung is issued or the identity is accepted. A conflict with the bound of the catalogue (30 days) as its tolerance.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.OTHER,
    ),
    unknown="basis",
)

A22 = Rule(
    id="A22",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Ausreisepflichtig ohne Duldung", "Obliged to leave, no Duldung", "Ohne Duldung"),
    watches=Label(
        "Die Ausreisepflicht besteht, und weder Duldung noch Ausreise ist bekannt.",
        "There is an obligation to leave, and neither a Duldung nor the departure is known.",
    ),
    sentence=Label(
        "Ausreisepflichtig seit dem {first} (Anlass {day}); bis zum {due} soll eine Duldung vorliegen oder die Ausreise erfolgt sein.",
        "Obliged to leave since {first} (occasion: {day}); a Duldung or the departure is due by {due}.",
    ),
    next_step=Label(
        "Duldung beantragen, Bleiberecht prüfen", "Apply for a Duldung, look into a right to stay"
    ),
    source="§ 60a Abs. 4 AufenthG; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.ABH, Responsible.CASE_MANAGER),
    bounds=("A22.response",),
    triggers=("AsylumDecisionIssued", "DepartureObligationArisen"),
    missing=("ToleranceIssued", "LeftGermany"),
    find=_a22,
    entry=Entry(
        trigger="An asylum application refused for good (terms of the status of the stay), on the day it is final, by the fact that tells it; `DepartureObligationArisen`, unless `enforceable` is false. None if the status of the stay on that day is not obliged or without_title.",
        window="14 days from that day.",
        followed_by="`ToleranceIssued`, `LeftGermany`.",
        cancelled_by="`TitleGranted`, `RightOfFreeMovementRecorded`, `ContinuationOrdered`, `ArrivalCertificateIssued`, `AsylumApplicationFiled` unless `procedure` is folge; a positive decision, on the day A06 begins. All of these, and the follow-ups, from the first possible day on which it is final or the obligation arose (an undated one after the trigger).",
        data_row="`outcome` of a decision that is final and of which no `AppealDecided` tells, where the status on that day is not known, obliged or without_title: the days of the gap.",
        series="A later trigger, by its day, supersedes on that day.",
        severity="high.",
        example="Refused, final on 24 February 2017: due through 10 March, open from 11 March.",
        decided="A Duldung that runs on the day leaves nothing to ask for (the status is duldung). A revoked protection is no trigger (cases W05 name two); A21 shows it.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="outcome",
)

TERMS_OF = "Status of the stay"
TERMS = (
    Term(
        "Paper",
        "`TemporaryPermissionIssued` (Gestattung), `ToleranceIssued` (Duldung), `FictionCertificateIssued` (Fiktion). It is the newest from its day to the day before the next paper or `TitleGranted` (G3), whatever is printed; its printed end is `valid_until`.",
    ),
    Term(
        "First day of a title",
        "`valid_from`, if missing the grant's day (latest day); of an undated grant without it at most its known end (not permanent).",
    ),
    Term(
        "Refused for good",
        "an asylum decision that is not positive, on the day it is *final* (A05); where it is not final so, on `final_on` of the first `AppealDecided` with `outcome` dismissed or withdrawn that has one and tells it of no earlier decision, from the decision on and not after the next decision, with `against` missing, `AsylumDecisionIssued` or the decision's id: then this is the fact that tells it, else the decision.",
    ),
    Term(
        "Void",
        "a fact that the last `DecisionAnnulledRetroactively` with its id as `target` annuls from `effective_from` on, if that is missing or not after the day on which the fact takes effect: its latest day, of a `TitleShortened` the day after its `new_valid_until`, at the earliest the day after its own. A void fact counts for nothing in these terms, as if nobody had told it: a void `TitleShortened` moves no end, a void `TitleRefused` defeats no application. An annulment is never void. A `TitleGranted` annulled from a later day on is lost on that day.",
    ),
    Term(
        "Status of the stay",
        "one for every day, or none where nothing is known. It is changed, each on its latest day, by the facts below; `ProtectionRevoked` counts on `final_on` if told, a title on its first day, a positive decision on the day A06 begins. On one day first the ends of titles and the refusals for good, then `AsylumHearingHeld` and `AsylumDecisionIssued` as proofs of a procedure, then everything else, each in the order of G3 (by the grant, by the decision); last the end of a title that ends before its first day, which then ends on that day. Of several changes on one day the last makes the status of the day; a status that lasts no day began nothing. A *stretch* of a status begins with the fact that makes it and *rests on* a fact; it goes on while the status is the same and no other basis is told (a title is always a new stretch). German is left only by leaving or death.",
    ),
    Term(
        "gestattung",
        "begins with `AsylumApplicationFiled` unless `procedure` is folge, if the status *gives way*: none, gestattung, duldung, obliged, without_title, gone; a fiktion that rests on no grant; a title or a fiktion that rests on a title with a known end (not permanent) no later than six months from its first day (reckoned as in A10; § 55 (2) AsylG). With `ArrivalCertificateIssued`, from none, gestattung, duldung, obliged, without_title, gone. With `TemporaryPermissionIssued`, if the status gives way and asylum is not *over*: refused for good (also with its `outcome` missing) with no `AsylumApplicationFiled` of any `procedure`, `ArrivalCertificateIssued` or positive decision since. With `AsylumHearingHeld` or `AsylumDecisionIssued`, from none or gone, if asylum is not over. A procedure is *pending* from an `AsylumApplicationFiled` (not folge), an `ArrivalCertificateIssued`, a `TemporaryPermissionIssued` while asylum is not over, whatever the status, and from a hearing or decision that began a gestattung, until a refusal for good or a positive decision.",
    ),
    Term(
        "protected",
        "begins with a positive decision, unless the status is title or free_movement. Its basis by `outcome`: asyl `25_1`, fluechtling `25_2_FL`, subsidiaer `25_2_SUB`, abschiebungsverbot `25_3`. `ProtectionRevoked` makes it obliged.",
    ),
    Term(
        "title",
        "begins with `TitleGranted`; with `basis` `DEUTSCH` it is german, with `FREIZUEGG_EU*` free_movement. On the day after its end (after a `TitleShortened` on a later day s: on s + 1; not permanent), while the status is title and rests on this grant: fiktion, if there is a counting application by the end; else it is *without*: duldung, if the last `ToleranceIssued` before it in the order of the changes (by day, so not one of the day after the end itself) stands after the grant (G3) and is valid on that day (`valid_until` missing or not before it; it rests on that paper); else gestattung, if a procedure is pending; else without_title. A loss (`TitleRevoked`, `TitleExpired`, annulment) makes a title, fiktion or free_movement that rests on its grant *without* on its day.",
    ),
    Term(
        "fiktion, without_title",
        "rest on the grant of the title before. `TitleRefused` makes a fiktion without_title. `ContinuationOrdered` makes without_title or obliged a fiktion, which rests on what it rested on, if that is a grant. `FictionCertificateIssued` begins a fiktion only from none or gone, and then it rests on that paper. `AppealDecided` with `outcome` granted or reversed and `against` the id or the type of the fact that took the last title lost, with no title begun since, makes that title the status again, from its day on, unless the status is protected, title, fiktion, free_movement or german, or the title (not permanent) has a known end before that day.",
    ),
    Term(
        "duldung",
        "begins with `ToleranceIssued`, except from a title that is permanent or has a known end, from protected with another basis than `25_3`, and from german. Its basis is `basis`. It does not end with the printed date.",
    ),
    Term(
        "obliged",
        "begins with `DepartureObligationArisen`, except from duldung, german and gone; with a refusal for good, from none and gestattung (with `outcome` missing and no `AppealDecided` that tells it: a gestattung ends and nothing is known).",
    ),
    Term(
        "free_movement, german, gone",
        "`RightOfFreeMovementRecorded`; `NaturalisationCertificateHandedOver`; `LeftGermany` and `PersonDied`: from any status. `EntryRegistered` ends gone, and nothing is known.",
    ),
    Term(
        "Lawful stay",
        "the statuses protected (not with basis `25_3`), title, fiktion, free_movement, german.",
    ),
)
