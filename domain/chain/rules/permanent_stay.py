"""Permanent residence possible: A14, one key for every way (reference 2.8; design 4, line 19)."""

from domain.chain.checklists.chances import Telling, refusal, told
from domain.chain.checklists.permanent import PERMANENT
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Found, Pattern, Rule
from domain.chain.states.titles import PERMANENT_TITLES
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason
from domain.vocabulary.residence import ApplicationKind


def lasting(one: Seen) -> bool:
    """Say whether an application or a title is one for permanent residence.

    An application that tells no basis is, unless it is one for a renewal.
    """
    basis = one.get("basis")
    if basis is not None:
        return basis in PERMANENT_TITLES
    return one.type == "TitleApplied" and one.get("kind") != ApplicationKind.RENEWAL


_WAYS = tuple(Telling(one, "A14.action", lasting, prefix=f"{one.id}:") for one in PERMANENT)


def _a14(journey: Derived) -> Found:
    for way in _WAYS:
        if not way.checklist.items[0].met_or_unknown(journey):
            continue
        drafts = list(told(journey, way))
        yield from drafts
        if not drafts:
            refused = refusal(journey, way, A14.triggers)
            if refused is not None:
                yield refused


TERMS_OF = "Permanent residence"
TERMS = (
    Term(
        "On a title of",
        "status title or Fiktion with one of these bases (a Fiktion has the basis of the title that it continues).",
    ),
    Term(
        "Held",
        "the clock of an unbroken stretch of days on a title of these bases, long absences taken out (the rest begins anew). *Since asylum*: days of status protected belong to the stretch too, and its clock begins as many days before its first day as the last stretch of status Gestattung (a stretch of its own, not joined with others of that status) that began before it had days; not for what is left after a long absence.",
    ),
    Term(
        "Pension months",
        "met from the latest day of the first `PensionMonthsConfirmed` with at least so many `months`. Unknown before the first `PensionMonthsConfirmed`; after one with fewer, until the next, unknown only from `as_of` (if missing its own day) + as many months as are lacking, and not before its own day; at once if it tells no `months`.",
    ),
    Term(
        "Housing",
        "as last told by `kind` of `HousingAssigned`, `HousingChanged`, `LeaseSigned` or `housing_kind` of `AddressRegistered`, `AddressChanged`, each from its latest day to the day before that of the next of these facts (G3): unmet with land_facility, communal or homeless, met with another kind, unknown without a kind and before the first.",
    ),
    Term(
        "General titles",
        "`18A 18B 18D 18G 19C 19D 21 28 29 30 31 32 36 36A 38A`. *Refugee titles*: `25_1 25_2_FL 23_4`. *Humanitarian titles*: `22 23_1 23_2 25_2_SUB 25_3 25_4_2 25_4A 25_4B 25_5 25A 25B`. *Skilled titles*: `18A 18B 18D 18G`. *Family titles*: `28 29 32 36 36A`. *Held humanitarian*: humanitarian, refugee and `24 25_4 104C`. *Held in general*: general and held humanitarian titles.",
    ),
    Term(
        "Lasting",
        "a `TitleApplied` or `TitleGranted` with a permanent `basis` (`9 9A 18C 26_3 26_4 28_2 35`, `DEUTSCH`); a `TitleApplied` without `basis`, unless its `kind` is verlaengerung.",
    ),
)

A14 = Rule(
    id="A14",
    pattern=Pattern.OPPORTUNITY,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Unbefristeter Aufenthalt möglich", "Permanent residence possible", "NE möglich"),
    watches=Label(
        "Die Zeiten und Nachweise für einen unbefristeten Aufenthalt sind beisammen.",
        "The times and proofs for permanent residence are complete.",
    ),
    sentence=Label(
        "Seit dem {first} sind die Voraussetzungen von {chance} erfasst; der Antrag ist möglich.",
        "The conditions of {chance} are recorded as full since {first}; it can be applied for.",
    ),
    next_step=Label("Unbefristeten Aufenthalt beantragen", "Apply for permanent residence"),
    source="§§ 9, 9a, 18c, 26 Abs. 3 und 4, 28 Abs. 2, 35 AufenthG",
    severity=Severity.CHANCE,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=(
        "A14.years_9",
        "A14.pension_9",
        "A14.years_26_3",
        "A14.years_26_3_3",
        "A14.years_26_4",
        "A14.years_18c",
        "A14.pension_18c",
        "A14.years_18c_german",
        "A14.pension_18c_german",
        "A14.months_18c_2",
        "A14.months_18c_2_b1",
        "A14.years_28_2",
        "A14.years_35",
        "A14.age_35",
        "A14.years_9a",
        "A14.absence",
        "A14.action",
    ),
    triggers=("TitleGranted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a14,
    entry=Entry(
        trigger="One of these checklists is full; each begins with the status. "
        "`9`: on a general title; held in general for 5 years; 60 pension months; livelihood fully; B1; civics; housing (presumed); a title without `basis` (status title) makes the status unknown and its time counts. "
        "`26_3`: on a refugee title; refugee titles held since asylum for 5 years; livelihood predominantly; A2. "
        "`26_3_3`: the same, held for 3 years; C1, unmet where not met; livelihood fully. "
        "`26_4`: on a humanitarian title; held humanitarian, since asylum, for 5 years; 60 pension months; livelihood fully; B1; civics; housing (presumed). "
        "`18C_1`: on a skilled title; skilled titles held for 3 years; 36 pension months; B1; livelihood fully (presumed); housing (presumed). "
        "`18C_1_2`: the same, held for 2 years; 24 pension months; from the latest day of the first `TrainingCompleted` or `StudyCompleted` on. "
        "`18C_2`: on `18G`; `18G` held for 27 months; A1; livelihood fully (presumed); housing (presumed). "
        "`18C_2_B1`: the same, held for 21 months; B1, unmet where not met. "
        "`28_2`: on `28`; `28` held for 3 years; B1; livelihood fully (presumed). "
        "`35`: on a family title; from the latest possible 16th birthday on, in an unbroken stretch on family titles (long absences taken out) that holds on it and whose first day + 5 years is not after it; unmet if the birth is not known. "
        "`9A`: on a general title or `23_2 25_1 25_2_FL 25_2_SUB`; held in general for 5 years; B1; livelihood fully (presumed); housing (presumed); civics.",
        window="90 days from the first day of the stretch.",
        followed_by="Taken by what is lasting.",
        cancelled_by="The end of the stretch.",
        data_row="The checklist is unsure.",
        series="No series. Key: the name of the checklist, a colon, and the first day of the stretch.",
        severity="chance.",
        law="The clocks are those of the law of 2025 on every day (cases/README.md 4 names no others).",
        example="Title under § 18a from 15 March 2021, 40 pension months, B1, no benefits: `18C_1:2024-03-15`, due through 13 June 2024; with a training completed here `18C_1_2:2023-03-15`. Asylum applied for on 3 May 2019, refugee status on 10 January 2020, title since then, A2 and own income: `26_3:2024-05-03`.",
        decided="Every way is told by itself, since the right chosen matters. Where reference 2.8 names no livelihood (§§ 18c, 28 (2), 9a), the livelihood is presumed: told as lost or paid by a benefit it stands against the chance, unknown it does not; so is housing everywhere. C1, B1 of the Blue Card and a German qualification are asked for only where they are told: nobody gets a row for what is rare. 'Weit überwiegend' in § 26 (3) S. 3 is read as fully. Times of study and training (half by § 9 (4)) and breaks of lawful stay (§ 85) are left to the office. An absence of more than six months breaks the clocks (W22, unverified).",
    ),
    kind=Kind.CHANCE,
    ended_by=(NATURALISED, LEFT),
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.OTHER,
    ),
    unknown="months",
)
