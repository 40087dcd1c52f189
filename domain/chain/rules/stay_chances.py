"""How a tolerated stay becomes a lawful one: A11 (§ 25b), A12 (§ 25a), A13 (§ 25b (6)), A31 (§ 104c)."""

from collections.abc import Iterator
from datetime import date

from domain.chain.bounds import Bound
from domain.chain.calendar import plus_days
from domain.chain.checklists.chances import (
    Telling,
    begun_by,
    details,
    refusal,
    taken,
    told,
)
from domain.chain.checklists.stay_chances import STAY_25A, STAY_25B, STAY_104C
from domain.chain.counting import Range, counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Consequence, Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import (
    LEFT,
    NATURALISED,
    Closing,
    Draft,
    Found,
    Pattern,
    Refused,
    Rule,
)
from domain.chain.spans import Span
from domain.chain.states.person import birthdays
from domain.chain.states.titles import CHANCE_TITLE, STAY_AFTER_CHANCE
from domain.chain.states.work import Job
from domain.chain.windows import after, lead_start, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_EMPLOYMENT = "AUFENTHG_60D"
_BIRTH = Label("Geburtsdatum", "date of birth")
_TOO_LATE = Label(
    "die Voraussetzungen fallen in keinen Tag vor der Altersgrenze",
    "the conditions are full on no day before the age limit",
)
_NOT_60D = Label("keine Beschäftigungsduldung (§ 60d)", "no toleration for employment (§ 60d)")
_RENEWED = Label("Verlängerung einer Beschäftigungsduldung", "a renewed toleration for employment")
_NO_LAW = Label("vor dem Beginn der Rechtslage", "before the law began")
_STATUS_FACTS = (
    "ToleranceIssued",
    "DepartureObligationArisen",
    "AsylumDecisionIssued",
    "ProtectionRevoked",
)
_ENDINGS = (NATURALISED, LEFT)


def _integration(one: Seen) -> bool:
    """Say whether an application or a title is one under §§ 25a or 25b; an application may tell no basis."""
    basis = one.get("basis")
    return basis in STAY_AFTER_CHANCE or (basis is None and one.type == "TitleApplied")


def _any_way_on(one: Seen) -> bool:
    """Say whether an application or a title is one under §§ 104c, 25a or 25b."""
    return one.get("basis") == CHANCE_TITLE or _integration(one)


_25B = Telling(STAY_25B, "A11.action", _integration)
_104C = Telling(STAY_104C, "A31.action", _any_way_on, switch="law.104c_grants")


def _a11(journey: Derived) -> Found:
    found = False
    for draft in told(journey, _25B):
        if draft.trigger.get("basis") == CHANCE_TITLE:
            draft.severity = Severity.HIGH
        found = True
        yield draft
    if not found:
        yield from _refused(journey, _25B, A11)


def _refused(journey: Derived, telling: Telling, rule: Rule) -> Iterator[Refused]:
    refused = refusal(journey, telling, rule.triggers)
    if refused is not None:
        yield refused


def _a31(journey: Derived) -> Found:
    drafts = list(told(journey, _104C))
    yield from drafts
    if not drafts:
        yield from _refused(journey, _104C, A31)


def _a12(journey: Derived) -> Found:
    drafts = list(_a12_drafts(journey))
    yield from drafts
    if drafts:
        return
    full = STAY_25A.full(journey)
    if full:
        yield Refused(begun_by(journey, STAY_25A, full[-1].first), _TOO_LATE)
    else:
        yield from _refused(journey, Telling(STAY_25A, "A12.lead", _integration), A12)


def _a12_drafts(journey: Derived) -> Iterator[Draft]:
    full = STAY_25A.full(journey)
    if journey.born is None:
        for span in full:
            yield _without_birth(journey, span)
        return
    unsure = STAY_25A.unsure(journey)
    for law in journey.bounds.rows["A12.age"]:
        for span in full:
            yield from _by_the_age(journey, law, span, Kind.GAP)
        for span in unsure:
            yield from _by_the_age(journey, law, span, Kind.DATA)


def _without_birth(journey: Derived, span: Span) -> Draft:
    trigger = begun_by(journey, STAY_25A, span.first)
    return Draft(
        trigger,
        span.first,
        None,
        key=span.first.isoformat(),
        followed=taken(journey, trigger, span.first, _integration),
        closings=_over(span.last),
        kind=Kind.DATA,
        evidence=span.facts,
        details=(("unknown", _BIRTH),),
    )


def _by_the_age(journey: Derived, law: Bound, span: Span, kind: Kind) -> Iterator[Draft]:
    """Yield the instance of a stretch under one age limit; none if they share no day of the lead."""
    if journey.born is None:
        return
    birthday = birthdays(journey.born, law.number)
    end = Range(plus_days(birthday.earliest, -1), plus_days(birthday.latest, -1))
    lead = lead_start(end.earliest, journey.bounds.in_force("A12.lead", end.earliest))
    first = max(lead, span.first, law.valid_from or date.min)
    last = min(end.latest, span.last or date.max, law.valid_until or date.max)
    if first > last:
        return
    trigger = begun_by(journey, STAY_25A, first)
    yield Draft(
        trigger,
        first,
        end.latest,
        key=first.isoformat(),
        followed=taken(journey, trigger, first, _integration),
        closings=[*_over(span.last), *_over(law.valid_until, ClosedBy.RULE_CHANGE)],
        kind=kind,
        partial=not (span.exact and journey.born.exact),
        evidence=span.facts,
        consequence=Consequence("chance_lapsed", plus_days(end.latest, 1))
        if law.valid_until is None
        else None,
        details=details(journey, STAY_25A, first, kind),
    )


def _over(last: date | None, by: ClosedBy = ClosedBy.CANCELLED) -> list[Closing]:
    return [] if last is None else [Closing(plus_days(last, 1), by)]


def _a13(journey: Derived) -> Found:
    papers = journey.view.of("ToleranceIssued", "TitleGranted")
    begun: list[Seen] = []
    for place, one in enumerate(papers):
        if one.type != "ToleranceIssued":
            continue
        if one.get("basis") != _EMPLOYMENT:
            yield Refused(one, _NOT_60D)
        elif place and _is_60d(papers[place - 1]):
            yield Refused(one, _RENEWED)
        elif journey.bounds.on("A13.months", one.latest) is None:
            yield Refused(one, _NO_LAW)
        else:
            begun.append(one)
    for place, one in enumerate(begun):
        yield _a13_of(journey, one, begun[place + 1 :])


def _is_60d(paper: Seen) -> bool:
    return paper.type == "ToleranceIssued" and paper.get("basis") == _EMPLOYMENT


def _a13_of(journey: Derived, trigger: Seen, following: list[Seen]) -> Draft:
    months = journey.bounds.in_force("A13.months", trigger.latest)
    end = Range(after(trigger.earliest, months), after(trigger.latest, months))
    lead = journey.bounds.in_force("A13.lead", trigger.latest)
    papers = counting(trigger, journey.view.of("TitleGranted", "ToleranceIssued"))
    return Draft(
        trigger,
        lead_window(trigger, end, lead, own_end=False),
        end.latest,
        followed=[
            one
            for one in counting(trigger, journey.view.of("TitleApplied", "TitleGranted"))
            if _integration(one)
        ],
        cancelled=[
            *(one for one in papers if not _integration(one) and _ends_60d(one)),
            *_jobs_lost(journey, trigger, end.latest),
        ],
        superseded=following,
        partial=not trigger.exact,
    )


def _ends_60d(paper: Seen) -> bool:
    """Say whether a title or a Duldung takes the place of a Duldung under § 60d."""
    return paper.type == "TitleGranted" or paper.get("basis") not in (None, _EMPLOYMENT)


def _jobs_lost(journey: Derived, trigger: Seen, due_on: date) -> list[Seen]:
    """Return the ends of jobs after which no other runs and none begins by the end."""
    ended = counting(trigger, journey.view.of("EmploymentEnded"))
    return [
        one
        for one in ended
        if not any(
            start.rank > one.rank and start.latest <= due_on
            for start in journey.view.of("EmploymentStarted")
        )
        and not any(_runs_on(job, one) for job in journey.jobs)
    ]


def _runs_on(job: Job, end: Seen) -> bool:
    """Say whether a job begun before another's end still runs after it."""
    if job.ended is end or job.facts[0].rank > end.rank:
        return False
    return job.runs_on(end.latest, end)


TERMS_OF = "The chances of a stay"
TERMS = (
    Term(
        "Checklist, item",
        "an item says of every day whether it is *met*, *unknown* or *unmet*. A checklist is *full* on the days on which all its items are met and nothing excludes. It is *unsure* on the days on which none is unmet, one at least is unknown, and nothing excludes. An item marked *spared* counts for neither; one marked *presumed* stands in the way only where it is unmet, and makes nothing unsure.",
    ),
    Term(
        "Chance of a checklist",
        "each unbroken stretch of days on which it is full, from its first day; each unbroken stretch on which it is unsure is a data row with the days of the gap. The trigger is the fact on which the status of that first day rests (terms of the status of the stay). A stretch that ends closes its instance on the day after as `cancelled`, a follow-up of that day first. Key: the first day of the stretch, `YYYY-MM-DD`.",
    ),
    Term(
        "Taken",
        "from the trigger on (G4), a `TitleApplied` or `TitleGranted` of a basis that the rule names; a `TitleApplied` not if a `TitleRefused` after it has its latest day on or before the first day of the instance. An application that was made before that first day and not refused by then leaves no instance (G5).",
    ),
    Term(
        "Here",
        "a stretch of days in Germany. Signs are `EntryRegistered` (on its `entry_date`, if missing on its own day), `JourneyStarted` with `entry_date` (on that day), and on their own day `AsylumSought`, `ArrivalCertificateIssued`, `AsylumApplicationFiled`, `AsylumHearingHeld`, `AsylumDecisionIssued`, `TemporaryPermissionIssued`, `ToleranceIssued`, `DepartureObligationArisen`, `TitleGranted`; always the latest day. Read in the order of G3 together with `LeftGermany`, a stretch begins on the earliest day told by the signs before the next `LeftGermany`, a sign not counting if its day is before the `LeftGermany` before it; it ends on the day before the `LeftGermany`. The status does not matter. A *long absence* is taken out of it, and the rest begins anew: `AbsenceAbroadRecorded` from `from` (if missing its own day) through `until`, if both told days make it longer than six months (`A14.absence`); without `until` there is none.",
    ),
    Term(
        "Clock",
        "a period that is full from the day as many months or years after its first day as the bound says (clipped, D 1) to the end of its stretch. The bound is that of each day: where it changes on a day, the clock is full on that day if the new period has passed by then. *Slowed*: each day with a Duldung under `60B` (status Duldung with that basis) from the first day on and before the clock is full moves the full day one on.",
    ),
    Term(
        "Tolerated",
        "status Duldung or obliged (real files often show no Duldung, W07). *May stay*: tolerated, or status title with basis `104C`.",
    ),
    Term(
        "Spoken A2 and other levels",
        "the level of a fact is B1 for `IntegrationCourseCertificateIssued`; for `LanguageTestTaken` the least level of `per_skill`, if missing `result`, none if `accredited` is false. The *spoken* level of a test with `per_skill` is that of `speaking`, none without it. Met from the latest day of the first fact (G3) with at least the level; unknown before the latest day of the first fact that tells any level, always if there is none.",
    ),
    Term(
        "Civics",
        "met from the latest day of the first `IntegrationCourseCertificateIssued`, `CivicsTestTaken` with `points` of at least 15 (without `points`: `passed_ok` true, without that `passed_natural` true), or `NaturalisationTestTaken` with `points` of at least 17; unknown before the latest day of the first of these facts that tells a result (of a `NaturalisationTestTaken` only `points`), always if there is none.",
    ),
    Term(
        "Livelihood",
        "as last told: `LivelihoodSecured` and `LivelihoodLost` each hold from their latest day to the day before that of the next of them (G3). A `LivelihoodSecured` with `degree` full holds at most to the day before the first day of a benefit that begins after its own day. *Secured predominantly*: while the `degree` told is full or predominantly; *fully*: full. Unmet while it is told as lost or of a lesser degree, and while no degree is told and a benefit is paid; else unknown. *Benefit*: one of `rechtskreis` `SGB_II`, `SGB_XII*`, `ASYLBLG*` or `BSHG`, on the days on which it is paid (terms of the benefits).",
    ),
    Term(
        "Identity clarified",
        "from an `IdentityClarified` with `means` pass or id on, on its latest day (undated: `date`, if told); with any other `means` or none from `accepted_on` on; the earliest such day. Unknown from the latest day of one on that has neither `means` nor `accepted_on`; else unmet.",
    ),
    Term(
        "Minor child",
        "a child of the person (terms of the family), from its latest possible day of birth through the day before its earliest possible 18th birthday; a child whose birth is not known is none. Whether it still lives in the household is not asked.",
    ),
)

_INTEGRATION = "Taken by basis `25A` or `25B`, or an application without `basis`."

A11 = Rule(
    id="A11",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Bleiberecht nach § 25b möglich", "Stay under § 25b possible", "§ 25b möglich"),
    watches=Label(
        "Wer lange hier lebt und sich eingelebt hat, kann ein Bleiberecht bekommen.",
        "Somebody who has lived here for long and settled in can get a right to stay.",
    ),
    sentence=Label(
        "Seit dem {first} sind die Voraussetzungen von {chance} erfasst; der Antrag ist möglich.",
        "The conditions of {chance} are recorded as full since {first}; it can be applied for.",
    ),
    next_step=Label("§ 25b beantragen", "Apply under § 25b"),
    source="§ 25b AufenthG",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A11.years", "A11.years_with_child", "A11.imprisonment", "A11.action"),
    triggers=("IdentityClarified",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a11,
    entry=Entry(
        trigger="The checklist of § 25b is full: *status*: may stay. *Stay*: the clock `A11.years` of a stretch here is full, slowed; on days with status title of basis `104C` it is also met by the clock not slowed; on days with a minor child `A11.years_with_child` takes the place of `A11.years`. *Identity*: clarified. *Language*: spoken A2. *Livelihood* secured predominantly. *Civics* (spared). Excluded from the latest day of a `ConvictionRecorded` with `months` of at least 6 on (`A11.imprisonment`).",
        window="60 days from the first day of the stretch.",
        followed_by=_INTEGRATION,
        cancelled_by="The end of the stretch.",
        data_row="The checklist is unsure, by whichever item.",
        series="No series. Key: the first day of the stretch.",
        severity="chance; high where the trigger has basis `104C`, since that title cannot be extended.",
        law="`A11.years` and `A11.years_with_child` by the day; § 25b began on 1 August 2015 (unverified).",
        example="Entry on 10 November 2017, Duldung on 5 February 2020, passport and A2 in 2021, livelihood predominantly from 1 March 2023: full from 10 November 2023 (6 years), due through 9 January 2024. With a child born here in 2020: full from 1 March 2023.",
        decided="The stay counts from the entry, whatever the papers (C11, C17: years of stay); a Duldung under § 60b slows the clock except for § 104c (reference 2.4). Somebody obliged to leave counts as tolerated (W07). Basic legal knowledge is law but quick to prove: it does not hold the chance up. Six months of imprisonment follow § 54 (2) no. 1 (unverified). Identity that is not told is unmet, not unknown: A15 watches it.",
    ),
    kind=Kind.CHANCE,
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    unknown="degree",
)

A12 = Rule(
    id="A12",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("§ 25a: Altersgrenze naht", "§ 25a: age limit near", "§ 25a Alter"),
    watches=Label(
        "Ein Antrag nach § 25a ist nur bis zur Altersgrenze möglich.",
        "An application under § 25a is possible only until the age limit.",
    ),
    sentence=Label(
        "Die Voraussetzungen von § 25a sind erfasst; der Antrag muss bis zum {due} gestellt sein, danach ist die Altersgrenze erreicht.",
        "The conditions of § 25a are recorded as full; it must be applied for by {due}, then the age limit is reached.",
    ),
    next_step=Label("§ 25a beantragen", "Apply under § 25a"),
    source="§ 25a Abs. 1 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH, Responsible.CLIENT),
    bounds=(
        "A12.age",
        "A12.years_stay",
        "A12.years_school",
        "A12.duldung_months",
        "A12.lead",
    ),
    triggers=(*_STATUS_FACTS, "TitleGranted"),
    missing=("TitleApplied", "TitleGranted"),
    find=_a12,
    entry=Entry(
        trigger="The checklist of § 25a is full: *status*: may stay. *Tolerated*: the clock `A12.duldung_months` of the unbroken stretch of tolerated days is full, slowed; met on all days with status title of basis `104C`. *Stay*: the clock `A12.years_stay`, as in A11. *School*: from the latest day of a `SchoolCertificateObtained` whose `origin` is not foreign_equivalent, or of a `TrainingCompleted`, on; or the clock `A12.years_school` of a visit is full: from the first `SchoolStarted` or `SchoolChanged` to the day before the next `SchoolLeft`; all these without `child_ref`; unknown before the latest day of the first of these facts, always if there is none.",
        window="For each record of `A12.age`: the end is the day before that birthday; lead 365 days to the end, but not before the stretch begins and not before the record is in force; none if that is after the end, the stretch or the record. `due_on` is the end.",
        followed_by=_INTEGRATION,
        cancelled_by="The end of the stretch. On the day after the record ends A12 is closed as `rule_change`, after all else of that day.",
        data_row="The checklist is unsure (days of the gap); or the day of birth is not known while it is full (open from the first day of the stretch, `due_on` null). Not both.",
        series="No series. Key: the first day of the window.",
        severity="high.",
        consequence="`chance_lapsed` since the birthday, for the record of `A12.age` in force now.",
        law="Age, years of stay and of school, months of toleration by the day; § 25a began on 1 July 2011 (unverified).",
        example="Born on 29 February 2000, certificate and Duldung since 2021, here since 2018: the 27th birthday is 1 March 2027, so due from 28 February 2026 through 28 February 2027.",
        decided="A birthday on 29 February falls on 1 March of other years (§ 187 (2) S. 2 BGB). Of a year of birth the lead begins by the earliest possible day and ends by the latest (G6). A school that was left without a certificate does not count (C58). A new age limit closes what the old one opened, and may open it again.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
    consequence=Label(
        "Antrag nach § 25a nicht mehr möglich seit {since}",
        "application under § 25a no longer possible since {since}",
    ),
    unknown="birth_date",
)

A13 = Rule(
    id="A13",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label(
        "Beschäftigungsduldung: Weg zu § 25b",
        "Toleration for employment: on to § 25b",
        "60d zu 25b",
    ),
    watches=Label(
        "Nach 30 Monaten Beschäftigungsduldung soll die Aufenthaltserlaubnis folgen.",
        "After 30 months of toleration for employment a residence permit should follow.",
    ),
    sentence=Label(
        "Die {day} erteilte Beschäftigungsduldung ist am {due} 30 Monate alt; bis dahin ist die Aufenthaltserlaubnis zu beantragen.",
        "The toleration for employment issued {day} is 30 months old on {due}; the permit should be applied for by then.",
    ),
    next_step=Label("§ 25b Abs. 6 beantragen", "Apply under § 25b(6)"),
    source="§ 25b Abs. 6 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A13.months", "A13.lead"),
    triggers=("ToleranceIssued",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a13,
    entry=Entry(
        trigger="`ToleranceIssued` with `basis` `60D`; none if the latest `ToleranceIssued` or `TitleGranted` before it is such a Duldung (a renewal).",
        window="Lead 120 days to the trigger's day + 30 months.",
        followed_by="`TitleApplied` with `basis` `25A` or `25B` or without one; `TitleGranted` with `basis` `25A` or `25B`.",
        cancelled_by="`TitleGranted` of another basis or none; `ToleranceIssued` with another known `basis`; `EmploymentEnded`, if no `EmploymentStarted` stands after it with its latest day by `due_on`, and no other job begun before it runs on its day (it has no `EmploymentEnded` before it, and none at all with a last `fixed_term_until` before that day).",
        series="The journey. Only a Duldung that is a trigger supersedes.",
        severity="high.",
        law="From 1 January 2020.",
        example="Issued on 31 August 2023: 30 months are full on 28 February 2026, so due from 31 October 2025.",
        decided="The 30 months are counted from the first Duldung under § 60d, as an event (§ 187 (1) BGB), not by what is printed: a renewal does not begin them anew. A change of job does not end the way; a job lost with none after it does.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)

A31 = Rule(
    id="A31",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("§ 104c möglich (Stichtag)", "§ 104c possible (key date)", "§ 104c möglich"),
    watches=Label(
        "Wer am Stichtag fünf Jahre hier war und geduldet ist, kann das Chancen-Aufenthaltsrecht bekommen.",
        "Somebody tolerated who had been here for five years on the key date can get the title under § 104c.",
    ),
    sentence=Label(
        "Seit dem {first} ist {chance} möglich: fünf Jahre Aufenthalt am 31. Oktober 2022 sind erfasst.",
        "{chance} is possible since {first}: five years of stay on 31 October 2022 are recorded.",
    ),
    next_step=Label("§ 104c beantragen", "Apply under § 104c"),
    source="§ 104c AufenthG",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("law.104c_grants", "A31.years", "A31.key_date", "A31.daily_rates", "A31.action"),
    triggers=_STATUS_FACTS,
    missing=("TitleApplied", "TitleGranted"),
    find=_a31,
    entry=Entry(
        trigger="The checklist of § 104c is full, from 31 December 2022 through 31 December 2025 (`law.104c_grants`): *status*: tolerated. *Key date*: from 31 October 2022 on, in a stretch here that holds on that day and whose first day + five years is not after it. Excluded from the latest day of the first `ConvictionRecorded` on by which the `daily_rates` told together are more than 90, or which tells `months` above zero.",
        window="60 days from the first day of the stretch under the law.",
        followed_by="Taken by basis `104C`, `25A` or `25B`, or an application without `basis`.",
        cancelled_by="The end of the stretch. Where the stretch is cut off by the end of the law, it is closed on the day after as `rule_change`.",
        series="No series. Key: the first day of the stretch under the law.",
        severity="chance.",
        law="31 December 2022 through 31 December 2025.",
        example="Entry on 31 October 2017, Duldung since 2020: full from 31 December 2022, due through 1 March 2023, open until the law ends on 31 December 2025. Entry on 1 November 2017: never.",
        decided="Time under § 60b counts here (§ 104c), and identity need not be clarified. Of fines those for offences of foreigners only may reach 90 daily rates, others 50; the log does not tell them apart, so the higher bound excludes (unverified).",
    ),
    kind=Kind.CHANCE,
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)
