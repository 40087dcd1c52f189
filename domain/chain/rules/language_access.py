"""The way into an integration course: S02, S04."""

from collections.abc import Iterable

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counting, earlier, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Consequence, Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import (
    claims_course,
    integration_course_running,
    integration_courses,
    own_school,
    own_school_running,
    tested_or_certified_b1,
)
from domain.chain.states.titles import Title
from domain.chain.windows import after, imprecise, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

ADMISSIONS = "law.44_4_admissions"
"""The switch of the law: whether admissions under § 44(4) AufenthG are issued."""

_ADMISSION = "44_4_zulassung"
_STOP = "quota_stop_2026"
_NO_CLAIM = Label("kein Kursanspruch aus diesem Titel", "no claim to a course from this title")
_NOT_FIRST = Label("nicht der erste Titel mit Kursanspruch", "not the first title with a claim")
_OTHER_REFUSAL = Label(
    "die Ablehnung beruht nicht auf dem Zulassungsstopp", "the admission stop is not the reason"
)
_B1 = Label("B1 ist schon nachgewiesen", "B1 is proven already")
_RUNS = Label("ein Integrationskurs läuft schon", "an integration course is running already")
_AT_SCHOOL = Label("die Person geht zur Schule", "the person goes to school")
_ENTITLED = Label("eine Berechtigung gilt schon", "an entitlement is valid already")
_NO_ADMISSION = Label(
    "keine Zulassung nach § 44 Abs. 4 AufenthG", "no admission under § 44(4) AufenthG"
)
_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")
_NO_NEED = frozenset({"low_need", "b1_present", "school"})
_OTHER_WAYS = Label(
    "Verpflichtung durch Jobcenter, Ausländerbehörde oder Sozialamt (§ 44a Abs. 1 AufenthG), Zulassung durch das Jobcenter (§ 5a IntV), Landeskurs oder Erstorientierungskurs",
    "an obligation by the Jobcenter, the immigration office or the social welfare office (§ 44a(1) AufenthG), admission by the Jobcenter (§ 5a IntV), a course of the Land or a first orientation course",
)
_NOTHING = Label("", "")


def _s02(journey: Derived) -> Found:
    claims = [title for title in journey.titles.all if claims_course(title.grant)]
    for title in journey.titles.all:
        if title not in claims:
            yield Refused(title.grant, _NO_CLAIM)
    for title in claims[1:]:
        yield Refused(title.grant, _NOT_FIRST)
    stopped = []
    for one in journey.view.of("CourseAdmissionRefused"):
        reason = _why_not_stopped(journey, one)
        if reason is None:
            stopped.append(one)
        else:
            yield Refused(one, reason)
    by_title = [_s02_by_title(journey, title) for title in claims[:1]]
    yield from by_title
    drafted = [one.trigger for one in by_title if isinstance(one, Draft)]
    for place, one in enumerate(stopped):
        yield _s02_by_stop(journey, one, [*stopped[place + 1 :], *_after(one, drafted)])


def _after(one: Seen, facts: Iterable[Seen]) -> list[Seen]:
    """Return the facts that stand after another (G3)."""
    return [other for other in facts if other.rank > one.rank]


def _why_not_stopped(journey: Derived, one: Seen) -> Label | None:
    """Return why a refusal is none for the stop, or leaves nothing to do; None if it does."""
    reason = one.get("reason")
    on = journey.bounds.is_on(ADMISSIONS, one.latest)
    if reason != _STOP and (reason is not None or on):
        return _OTHER_REFUSAL
    return _why_no_entitlement(journey.view, one)


def _why_no_entitlement(view: View, trigger: Seen) -> Label | None:
    """Return why no entitlement is missing; None if one is."""
    if earlier(trigger, tested_or_certified_b1(view)):
        return _B1
    if integration_course_running(view, trigger) is not None:
        return _RUNS
    if own_school_running(view, trigger) is not None:
        return _AT_SCHOOL
    valid = [one for one in view.of("CourseEntitlementIssued") if _valid_at(one, trigger)]
    return _ENTITLED if earlier(trigger, valid) else None


def _valid_at(entitlement: Seen, trigger: Seen) -> bool:
    """Say whether an entitlement has no told end before a fact."""
    end = entitlement.latest_of("lapses_on")
    return end is None or end >= trigger.latest


def _s02_by_title(journey: Derived, title: Title) -> Draft | Refused:
    grant, view = title.grant, journey.view
    reason = _why_no_entitlement(view, grant)
    if reason is not None:
        return Refused(grant, reason)
    refused = [one for one in view.of("CourseAdmissionRefused") if one.get("reason") in _NO_NEED]
    entitled = view.of("CourseEntitlementIssued")
    stop = not journey.bounds.is_on(ADMISSIONS, grant.latest)
    return Draft(
        grant,
        grant.latest,
        after(grant.latest, journey.bounds.in_force("S02.response", grant.latest)),
        followed=counting(grant, [*entitled, *integration_courses(view)]),
        cancelled=[
            *counting(grant, [*tested_or_certified_b1(view), *own_school(view), *refused]),
            *title.losses,
        ],
        kind=Kind.GAP if grant.get("course_claim") else Kind.DATA,
        partial=not grant.exact,
        details=(("what", _TITLE_GRANTED), ("ways", _CLAIM_UNTOUCHED if stop else _NOTHING)),
    )


_TITLE_GRANTED = Label("Titel mit Kursanspruch erteilt", "Title with a claim to a course granted")
_STOP_REFUSED = Label(
    "Zulassung wegen des Zulassungsstopps abgelehnt",
    "Admission refused because of the admission stop",
)
_CLAIM_UNTOUCHED = Label(
    " Der Zulassungsstopp nach § 44 Abs. 4 berührt diesen Anspruch nicht.",
    " The stop of admissions under § 44(4) does not touch this claim.",
)
_BY_OTHER_WAYS = Label(
    f" Andere Wege: {_OTHER_WAYS.de}.",
    f" Other ways: {_OTHER_WAYS.en}.",
)
_ANY_COURSE = ("CourseRegistered", "CourseStarted", "OrientationCourseStarted")


def _s02_by_stop(journey: Derived, one: Seen, following: list[Seen]) -> Draft:
    view = journey.view
    return Draft(
        one,
        one.latest,
        after(one.latest, journey.bounds.in_force("S02.response", one.latest)),
        followed=counting(one, view.of("CourseEntitlementIssued", *_ANY_COURSE)),
        cancelled=counting(one, [*tested_or_certified_b1(view), *own_school(view)]),
        superseded=following,
        partial=not one.exact,
        responsible=(
            Responsible.CASE_MANAGER,
            Responsible.JOBCENTER,
            Responsible.SOZIALAMT,
            Responsible.ABH,
        ),
        details=(("what", _STOP_REFUSED), ("ways", _BY_OTHER_WAYS)),
    )


def _s04(journey: Derived) -> Found:
    issued = journey.view.of("CourseEntitlementIssued")
    for place, one in enumerate(issued):
        basis = one.get("basis")
        if basis != _ADMISSION and (basis is not None or one.get("obligated") is True):
            yield Refused(one, _NO_ADMISSION)
        else:
            yield _s04_of(journey, one, issued[place + 1 :])


def _s04_of(journey: Derived, one: Seen, following: list[Seen]) -> Draft | Refused:
    view = journey.view
    lead = journey.bounds.on("S04.lead", one.latest)
    if lead is None:
        return Refused(one, _NO_LAW)
    if integration_course_running(view, one) is not None:
        return Refused(one, _RUNS)
    if earlier(one, tested_or_certified_b1(view)):
        return Refused(one, _B1)
    told = range_of(one.day("lapses_on"))
    end = told or _year_after_issue(journey, one)
    first = lead_window(one, end, lead, own_end=told is not None)
    gone = not journey.bounds.is_on(ADMISSIONS, plus_days(end.latest, 1))
    return Draft(
        one,
        first,
        end.latest,
        followed=counting(one, integration_courses(view)),
        cancelled=counting(one, [*tested_or_certified_b1(view), *own_school(view)]),
        superseded=following,
        kind=Kind.GAP if one.get("basis") else Kind.DATA,
        partial=imprecise(one, first, end),
        consequence=Consequence("claim_lapsed", plus_days(end.latest, 1)),
        severity=Severity.CRITICAL if gone else None,
        details=(("then", _NO_NEW_ADMISSION if gone else _NOTHING),),
    )


def _year_after_issue(journey: Derived, one: Seen) -> Range:
    """Return the possible last days of an admission that tells none: a year after it was issued."""
    issued = range_of(one.day("issued_on")) or Range(one.earliest, one.latest)
    term = journey.bounds.in_force("S04.admission", one.latest)
    return Range(after(issued.earliest, term), after(issued.latest, term))


_NO_NEW_ADMISSION = Label(
    f" Eine neue Zulassung gibt es danach nicht; es bleiben: {_OTHER_WAYS.de}.",
    f" There is no new admission after that; what remains: {_OTHER_WAYS.en}.",
)


_LAPSED = Label("Zulassung verfallen seit {since}", "admission lapsed since {since}")

S02 = Rule(
    id="S02",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.SPRACHE,
    label=Label("Berechtigung zum Kurs fehlt", "No entitlement to a course", "keine Berecht."),
    watches=Label(
        "Ein Anspruch auf einen Kurs besteht oder die Zulassung wurde gestoppt, und keine Berechtigung liegt vor.",
        "There is a claim to a course, or the admission was stopped, and no entitlement is there.",
    ),
    sentence=Label(
        "{what} {day}; eine Berechtigung zum Integrationskurs soll bis zum {due} vorliegen.{ways}",
        "{what} {day}; an entitlement to an integration course should be there by {due}.{ways}",
    ),
    next_step=Label(
        "Berechtigung anfordern oder einen anderen Weg zum Kurs gehen",
        "Ask for the entitlement, or take another way into a course",
    ),
    source="§ 44 Abs. 1, § 44a Abs. 1 AufenthG, §§ 5a, 6 IntV; Frist Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.ABH, Responsible.CASE_MANAGER),
    bounds=("S02.response", ADMISSIONS),
    triggers=("TitleGranted", "CourseAdmissionRefused"),
    missing=("CourseEntitlementIssued", "CourseRegistered", "CourseStarted"),
    find=_s02,
    entry=Entry(
        trigger="Of two kinds. (a) The first `TitleGranted` of the journey with `course_claim` true (or as under data row; the same title as in S01). (b) Every `CourseAdmissionRefused` with `reason` quota_stop_2026, or with a missing `reason` on a day on which `law.44_4_admissions` is off (it is on from 2005-01-01 through 2026-02-08). For both none if a proof of B1 is earlier; if an integration course begun before the trigger still runs; if own school begun before it still runs; if a `CourseEntitlementIssued` is earlier whose `lapses_on` is missing or, by its latest day, not before the trigger's day.",
        window="30 days.",
        followed_by="`CourseEntitlementIssued` of any basis; an integration course. For (b) also `CourseRegistered` or `CourseStarted` of any `kind`, `OrientationCourseStarted`.",
        cancelled_by="A proof of B1; own school. For (a) also `CourseAdmissionRefused` with `reason` low_need, b1_present or school, and loss of this title, on any day.",
        data_row="For (a): `course_claim` is missing and `basis` is one of those under data row of S01.",
        series="(a): one instance per journey; nothing supersedes it. (b): the refusals that meet the conditions are a series; the title of (a), if it meets its conditions and stands after the refusal (G3), supersedes as well.",
        severity="medium.",
        law="Admissions under § 44(4) are stopped from 9 February 2026 (`law.44_4_admissions`). The claim of (a) rests on § 44(1) and is untouched; the sentence says so from that day on. For (b) it names the other ways: obligation by Jobcenter, immigration office or social welfare office (§ 44a(1)), admission by the Jobcenter (§ 5a IntV), a course of the Land, a first orientation course.",
        example="Title on 10 March 2025: due through 9 April. Refused on 20 February 2026 for the stop: due through 22 March.",
        decided="The catalogue knows the title only; (b) was added because a refusal for the stop is a gap of policy, not of the case work, and the watch list wants other routes proposed here. A registration or start shows that there was an entitlement (W15).",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.ADMISSION_STOP,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="course_claim",
)

S04 = Rule(
    id="S04",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.SPRACHE,
    label=Label("Zulassung läuft ab", "Admission runs out", "läuft ab"),
    watches=Label(
        "Eine Zulassung zum Kurs nach § 44 Abs. 4 läuft bald ungenutzt ab.",
        "An admission to a course under § 44(4) will soon run out unused.",
    ),
    sentence=Label(
        "Die {day} ausgestellte Zulassung gilt bis zum {due}, und noch ist kein Kurs angemeldet.{then}",
        "The admission issued {day} is valid until {due}, and no course is registered yet.{then}",
    ),
    next_step=Label(
        "Kurs anmelden, solange die Zulassung gilt",
        "Register for a course while the admission is valid",
    ),
    source="§ 44 Abs. 4 AufenthG, § 5 Abs. 3 IntV",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=("S04.lead", "S04.admission", ADMISSIONS),
    triggers=("CourseEntitlementIssued",),
    missing=("CourseRegistered", "CourseStarted"),
    find=_s04,
    entry=Entry(
        trigger="`CourseEntitlementIssued` with `basis` 44_4_zulassung (or as under data row). None if an integration course begun before it still runs, or a proof of B1 is earlier.",
        window="Lead 60 days to `lapses_on` (last valid day), if missing to the day of issue + 1 year. Day of issue: `issued_on`, if missing the trigger's own days.",
        followed_by="An integration course.",
        cancelled_by="A proof of B1; own school.",
        data_row="`basis` is missing and `obligated` is not true.",
        series="Any later `CourseEntitlementIssued`, of whatever basis, supersedes.",
        severity="high; critical if `law.44_4_admissions` is off on the day after `due_on`, because no new admission follows then.",
        consequence="`claim_lapsed`.",
        law="None before 2005-01-01. An admission issued before the stop of 9 February 2026 stays valid to its end.",
        example="Issued on 1 September 2025: due from 3 July 2026 through 1 September 2026, critical.",
        decided="Only the end of the one instance is looked at for the severity, so that it does not change from day to day.",
    ),
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.ADMISSION_STOP,
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.OTHER,
    ),
    consequence=_LAPSED,
    unknown="basis",
)
