"""Work becomes possible: B01, a chance once the waiting time with a Gestattung or Duldung is full."""

from collections.abc import Iterator
from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.permission import (
    ALLOWED,
    FORBIDDEN,
    IDENTITY_UNCLEAR,
    WORK_TOLERANCES,
    allows,
)
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import ClosedBy, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.person import nationalities
from domain.chain.states.residence import Status, Stay
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NO_WAIT = Label(
    "der Status ändert sich, bevor die Wartezeit voll ist",
    "the status changes before the waiting time is full",
)
_SAFE = Label("sicherer Herkunftsstaat", "safe country of origin")
_HAS_LEAVE = Label("eine Erlaubnis ist beantragt oder erteilt", "leave is asked for or given")
_NO_WORK_STATUS = Label(
    "die Duldung schließt Arbeit aus oder erlaubt sie schon",
    "the Duldung excludes work or allows it already",
)
_WAITING = frozenset({Status.GESTATTUNG, Status.DULDUNG, Status.OBLIGED})
_FACILITY = "land_facility"
_DUBLIN = frozenset({"dublin", "AMMR"})


def _b01(journey: Derived) -> Found:
    since: Stay | None = None
    for stay in journey.stays:
        if stay.status not in _WAITING:
            since = None
            continue
        since = since or stay
        if stay.status is not Status.OBLIGED:
            yield _b01_of(journey, stay, since)


def _b01_of(journey: Derived, stay: Stay, since: Stay) -> Draft | Refused:
    if stay.basis in WORK_TOLERANCES or stay.fact.get("work_note") == ALLOWED or _excludes(stay):
        return Refused(stay.fact, _NO_WORK_STATUS)
    first = _possible_from(journey, stay, since)
    if first is None:
        return Refused(stay.fact, _NO_WAIT)
    if _from_a_safe_country(journey, first):
        return Refused(stay.fact, _SAFE)
    if _has_leave(journey, stay, first):
        return Refused(stay.fact, _HAS_LEAVE)
    view = journey.view
    asked = view.of(
        "WorkPermitRequested", "WorkPermitGranted", "EmploymentStarted", "TrainingStarted"
    )
    papers = view.of("TemporaryPermissionIssued", "ToleranceIssued")
    allowed = [*asked, *(one for one in papers if allows(one))]
    return Draft(
        stay.fact,
        first,
        after(first, journey.bounds.in_force("B01.action", first)),
        followed=[one for one in allowed if _within(stay, one)],
        cancelled=[one for one in papers if _excluding(one) and _within(stay, one)],
        closings=_end_of(stay),
        partial=not (stay.exact and since.exact),
        evidence=(since.fact,),
        since=stay.first,
    )


def _within(stay: Stay, one: Seen) -> bool:
    """Say whether a fact lies in a stretch of status or after it: by its latest day; undated ones after its begin."""
    if one is stay.fact:
        return False
    return one.latest >= stay.first if one.dated else one.rank > stay.fact.rank


def _end_of(stay: Stay) -> Iterator[Closing]:
    """Yield the end of the status: what follows is another matter."""
    if stay.last is not None:
        day = plus_days(stay.last, 1)
        yield Closing(day, ClosedBy.CANCELLED, stay.by, stay.over_unsure_from)


def _excludes(stay: Stay) -> bool:
    return stay.basis == IDENTITY_UNCLEAR or _excluding(stay.fact)


def _excluding(paper: Seen) -> bool:
    """Say whether a Duldung excludes work: its basis or its note does."""
    return paper.type == "ToleranceIssued" and (
        paper.get("basis") == IDENTITY_UNCLEAR or paper.get("work_note") == FORBIDDEN
    )


def _possible_from(journey: Derived, stay: Stay, since: Stay) -> date | None:
    """Return the first day of a status on which the months are full that the law of that day asks for."""
    turns = [*journey.once(_housing), *journey.view.of("AsylumApplicationFiled")]
    days = {stay.first, *_law_begins(journey), *(one.latest for one in turns)}
    days |= {
        after(since.first, row)
        for name in ("B01.months", "B01.facility")
        for row in journey.bounds.rows[name]
    }
    return next((day for day in sorted(days) if _possible_on(journey, stay, since, day)), None)


def _law_begins(journey: Derived) -> Iterator[date]:
    for name in ("B01.months", "B01.facility", "law.geas"):
        yield from (one.valid_from for one in journey.bounds.rows[name] if one.valid_from)


def _possible_on(journey: Derived, stay: Stay, since: Stay, day: date) -> bool:
    if not stay.holds_on(day):
        return False
    longer = _in_a_facility(journey, day) and not _opened(journey, day)
    months = journey.bounds.in_force("B01.facility" if longer else "B01.months", day)
    return after(since.first, months) <= day


def _housing(journey: Derived) -> list[Seen]:
    """Return the facts that tell how somebody lives, in order."""
    found = journey.view.of(
        "HousingAssigned",
        "HousingChanged",
        "AddressRegistered",
        "AddressChanged",
        "LeaseSigned",
        "AssignedToMunicipality",
    )
    return [one for one in found if _housing_kind(one) is not None]


def _housing_kind(one: Seen) -> str | None:
    if one.type in ("LeaseSigned", "AssignedToMunicipality"):
        return one.type
    kind: str | None = one.get("kind") or one.get("housing_kind")
    return kind


def _in_a_facility(journey: Derived, day: date) -> bool:
    housed = [one for one in journey.once(_housing) if one.latest <= day]
    return bool(housed) and _housing_kind(housed[-1]) == _FACILITY


def _opened(journey: Derived, day: date) -> bool:
    """Say whether the shorter time holds in facilities too: not in a Dublin procedure."""
    applied = [one for one in journey.view.of("AsylumApplicationFiled") if one.latest <= day]
    dublin = bool(applied) and applied[-1].get("procedure") in _DUBLIN
    return journey.bounds.is_on("law.geas", day) and not dublin


def _from_a_safe_country(journey: Derived, day: date) -> bool:
    """Say whether a safe country of origin bars work: by the list of the day, for whoever asked since the key date."""
    told = nationalities(journey.view) or frozenset()
    if not told & journey.bounds.in_force("B01.safe_countries", day).codes:
        return False
    asked = journey.view.of("AsylumSought", "AsylumApplicationFiled")
    key_date = journey.bounds.in_force("B01.safe_since", day).day
    return bool(asked) and min(one.earliest for one in asked) >= key_date


def _has_leave(journey: Derived, stay: Stay, first: date) -> bool:
    """Say whether leave asked for before is not answered, or leave given before still runs on the first day."""
    permits = journey.view.of("WorkPermitRequested", "WorkPermitGranted", "WorkPermitRefused")
    before = [one for one in permits if not _within(stay, one)]
    if before and before[-1].type == "WorkPermitRequested":
        return True
    ends = (one.latest_of("valid_until") for one in before if one.type == "WorkPermitGranted")
    return any(until is None or until >= first for until in ends)


B01 = Rule(
    id="B01",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.ARBEIT,
    label=Label(
        "Arbeit möglich, keine Erlaubnis beantragt",
        "Work is possible, no permit asked for",
        "Arbeit möglich",
    ),
    watches=Label(
        "Mit Gestattung oder Duldung ist die Wartezeit voll: eine Erlaubnis zu arbeiten kann beantragt werden.",
        "With a Gestattung or Duldung the waiting time is full: leave to work can be asked for.",
    ),
    sentence=Label(
        "Seit dem {first} ist die Wartezeit voll: eine Beschäftigungserlaubnis kann beantragt werden.",
        "The waiting time was full on {first}: a work permit can be asked for.",
    ),
    next_step=Label("Arbeit suchen und Erlaubnis beantragen", "Look for work and ask for a permit"),
    source="§ 61 AsylG, § 60a Abs. 5b und 6, § 60b Abs. 5 AufenthG, § 32 BeschV; Frist Praxisvorgabe",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=(
        "B01.months",
        "B01.facility",
        "B01.action",
        "B01.safe_since",
        "B01.safe_countries",
        "law.geas",
    ),
    triggers=(
        "AsylumApplicationFiled",
        "ArrivalCertificateIssued",
        "AsylumHearingHeld",
        "AsylumDecisionIssued",
        "TemporaryPermissionIssued",
        "ToleranceIssued",
    ),
    missing=("WorkPermitRequested",),
    find=_b01,
    entry=Entry(
        trigger="Each stretch of the *status of the stay* (terms of that name) gestattung or duldung; the trigger is the fact on which it rests. A fact is *within* the stretch if its latest day is on or after the stretch's first day (undated: if it stands after the trigger, G3), also when it lies after its end; the trigger is not. The wait runs from the first day of the first of the stretches of gestattung, duldung and obliged that follow each other up to this one with no other status between (days of which nothing is known may lie between). None if the basis of the status is `60B`, `60C`, `60D` or `60A_2_4`, or the trigger is a `ToleranceIssued` with `work_note` verboten or a paper with `work_note` gestattet; if the wait is not full within the stretch; for a *safe country*: a nationality (the latest `JourneyStarted` that tells any) is in `B01.safe_countries` of the window's first day, and asylum was sought on or after `B01.safe_since`: the earliest day of all `AsylumSought` and `AsylumApplicationFiled`, of which there is one; if of the `WorkPermitRequested`, `WorkPermitGranted`, `WorkPermitRefused` that are not within the stretch the last is a request, or any grant has no `valid_until` or one whose latest day is on or after the window's first day.",
        window="From the first day of the stretch on which the months are full that the law of that day asks for (the wait's first day + n months, that day included) through that day + 60 days. n is `B01.months`; in a facility `B01.facility`, but where `law.geas` is on `B01.months` too, unless the latest `AsylumApplicationFiled` by that day has `procedure` dublin or AMMR. *In a facility*: the last by that day (G3) of `HousingAssigned`, `HousingChanged` with `kind`, `AddressRegistered`, `AddressChanged` with `housing_kind`, `LeaseSigned`, `AssignedToMunicipality` tells land_facility (the last two never do).",
        followed_by="Within the stretch: `WorkPermitRequested`, `WorkPermitGranted`, `EmploymentStarted`, `TrainingStarted`; a `TemporaryPermissionIssued` or `ToleranceIssued` with `work_note` gestattet or `basis` `60C`, `60D`, `60A_2_4`.",
        cancelled_by="Within the stretch `ToleranceIssued` with `basis` `60B` or `work_note` verboten; the end of the stretch, on the day after it. The endings count from the stretch's first day on.",
        series="No series.",
        severity="chance.",
        law="9 months until 5 November 2014, then 3; in a facility 6, from 12 June 2026 3 (`law.geas`, announced). The day in November 2014, the key date of asking for asylum (1 September 2015) and the list of safe countries are unverified.",
        example="Asylum applied for on 4 September 2012: nine months are full on 4 June 2013, due through 3 August. Applied on 10 August 2014: three months are full on 10 November 2014.",
        decided="The wait counts days with either paper (§ 32 BeschV). Where nothing tells a facility, none is assumed: a chance blames nobody. An unknown nationality bars nobody. Somebody obliged to leave has no chance without a Duldung, but the days count. The ban is tied to asking for asylum, not to the application (W34).",
    ),
    kind=Kind.CHANCE,
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.ILLNESS,
        GapReason.NO_CHILDCARE,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)
