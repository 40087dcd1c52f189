"""How a tolerated stay becomes a lawful one: A11 (§ 25b), A12 (§ 25a), A31 (§ 104c)."""

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
from domain.chain.checklists.stay_chances import STAY_25A, STAY_25B, STAY_104C, integration
from domain.chain.counting import Range
from domain.chain.derived import Derived
from domain.chain.entry import Entry
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
from domain.chain.states.titles import CHANCE_TITLE
from domain.chain.windows import lead_start
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_BIRTH = Label("Geburtsdatum", "date of birth")
_TOO_LATE = Label(
    "die Voraussetzungen fallen in keinen Tag vor der Altersgrenze",
    "the conditions are full on no day before the age limit",
)
_STATUS_FACTS = (
    "ToleranceIssued",
    "DepartureObligationArisen",
    "AsylumDecisionIssued",
    "ProtectionRevoked",
)
_ENDINGS = (NATURALISED, LEFT)


def _any_way_on(one: Seen) -> bool:
    """Say whether an application or a title is one under §§ 104c, 25a or 25b."""
    return one.get("basis") == CHANCE_TITLE or integration(one)


_25B = Telling(STAY_25B, "A11.action", integration)
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
        yield from _refused(journey, Telling(STAY_25A, "A12.lead", integration), A12)


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
        followed=taken(journey, trigger, span.first, integration),
        closings=_over(span.last),
        kind=Kind.DATA,
        evidence=span.facts,
        details=(("unknown", _BIRTH),),
    )


def _by_the_age(journey: Derived, law: Bound, span: Span, kind: Kind) -> Iterator[Draft]:
    """Yield the instance of a stretch under one age limit; none if they share no day of the lead."""
    end = _end_of_age(journey, law)
    if end is None:
        return
    lead = lead_start(end.earliest, journey.bounds.in_force("A12.lead", end.earliest))
    first = max(lead, span.first, law.valid_from or date.min)
    if first > min(end.latest, span.last or date.max, law.valid_until or date.max):
        return
    trigger = begun_by(journey, STAY_25A, first)
    lapsed = Consequence("chance_lapsed", plus_days(end.latest, 1))
    yield Draft(
        trigger,
        first,
        end.latest,
        key=first.isoformat(),
        followed=taken(journey, trigger, first, integration),
        closings=[*_over(span.last), *_over(law.valid_until, ClosedBy.RULE_CHANGE)],
        kind=kind,
        partial=not (span.exact and end.exact),
        evidence=span.facts,
        consequence=lapsed if law.valid_until is None else None,
        details=details(journey, STAY_25A, first, kind),
    )


def _end_of_age(journey: Derived, law: Bound) -> Range | None:
    """Return the possible last days before the birthday of the age limit."""
    if journey.born is None:
        return None
    birthday = birthdays(journey.born, law.number)
    return Range(plus_days(birthday.earliest, -1), plus_days(birthday.latest, -1))


def _over(last: date | None, by: ClosedBy = ClosedBy.CANCELLED) -> list[Closing]:
    return [] if last is None else [Closing(plus_days(last, 1), by)]


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
        decided="The stay counts from the entry, whatever the papers (C11, C17: years of stay); a Duldung under § 60b slows the clock except for § 104c (reference 2.4). Somebody obliged to leave counts as tolerated (W07). Basic legal knowledge is law but quick to prove: it does not hold the chance up. Six months of imprisonment follow § 54 (2) no. 1 (unverified). Identity that is not told is unmet, not unknown: A15 watches it. Full-time work without a benefit secures the livelihood where nobody told how far.",
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
        trigger="The checklist of § 25a is full: *status*: may stay. *Tolerated*: the clock `A12.duldung_months` of the unbroken stretch of tolerated days is full, slowed; met on all days with status title of basis `104C`. *Stay*: the clock `A12.years_stay`, as in A11. *School*: from the latest day of a `SchoolCertificateObtained` whose `origin` is not foreign_equivalent, or of a `TrainingCompleted`, on; or the clock `A12.years_school` of a visit is full: from the first `SchoolStarted` or `SchoolChanged` to the day before the next `SchoolLeft`; all these without `child_ref`; unknown before the latest day of the first of these facts, always if there is none (as of somebody who tells a foreign_equivalent certificate only).",
        window="For each record of `A12.age`: the end is the day before that birthday; lead 365 days to the end, but not before the stretch begins and not before the record is in force; none if that is after the end, the stretch or the record. `due_on` is the end. The trigger is the fact on which the status of the window's first day rests.",
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
