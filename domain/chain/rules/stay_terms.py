"""The words that the chances of a stay and of permanent residence share."""

from domain.chain.entry import Term

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
        "by a `TitleApplied` from the trigger on (G4), or a `TitleGranted` newer than it (G3), of a basis that the rule names; a `TitleApplied` not if a `TitleRefused` after it has its latest day on or before the first day of the instance. An application that was made before that first day and not refused by then leaves no instance (G5).",
    ),
    Term(
        "Here",
        "a stretch of days in Germany. Signs are `EntryRegistered` (on its `entry_date`, if missing on its own day), `JourneyStarted` with `entry_date` (on that day), and on their own day `AsylumSought`, `ArrivalCertificateIssued`, `AsylumApplicationFiled`, `AsylumHearingHeld`, `AsylumDecisionIssued`, `TemporaryPermissionIssued`, `ToleranceIssued`, `DepartureObligationArisen`, `TitleGranted`; always the latest day. Read in the order of G3 together with `LeftGermany`, a stretch begins on the earliest day told by the signs before the next `LeftGermany`, a sign not counting if its day is before the `LeftGermany` before it; it ends on the day before the `LeftGermany`. The status does not matter. A *long absence* is taken out of it, and the rest begins anew: `AbsenceAbroadRecorded` from `from` (if missing its own day) through `until`, if both told days make it longer than six months (`A14.absence`); without `until` there is none.",
    ),
    Term(
        "Clock",
        "a period that is full from the day as many months or years after its first day as the bound says (clipped, D 1) to the end of its stretch. The bound is that of each day (on a day without one it is not full): where it changes on a day, the clock is full on that day if the new period has passed by then. *Slowed*: each day with a Duldung under `60B` (status Duldung with that basis) from the first day on and before the clock is full moves the full day one on.",
    ),
    Term(
        "Tolerated",
        "status Duldung or obliged (real files often show no Duldung, W07). *May stay*: tolerated, or status title with basis `104C`.",
    ),
    Term(
        "Spoken A2 and other levels",
        "the level of a fact is B1 for `IntegrationCourseCertificateIssued`; for `LanguageTestTaken` the least level of `per_skill`, if missing `result`, none if `accredited` is false or it is no language test (`test_kind` EINSTUFUNG, LID, EBT). The *spoken* level of a test with `per_skill` is that of `speaking`, none without it. Met from the latest day of the first fact (G3) with at least the level; unknown before the latest day of the first fact that tells any level, always if there is none.",
    ),
    Term(
        "Civics",
        "met from the latest day of the first `IntegrationCourseCertificateIssued`, `CivicsTestTaken` with `points` of at least 15 (without `points`: `passed_ok` true, without that `passed_natural` true), or `NaturalisationTestTaken` with `points` of at least 17; unknown before the latest day of the first of these facts that tells a result (the certificate itself, `points`, `passed_ok`, or `passed_natural` true; of a `NaturalisationTestTaken` only `points`), always if there is none.",
    ),
    Term(
        "Livelihood",
        "as last told: `LivelihoodSecured` and `LivelihoodLost` each hold from their latest day to the day before that of the next of them (G3); a `LivelihoodSecured` with `degree` full at most to the day before the first day of a benefit that begins after its own day, a `LivelihoodLost` at most to the day before full-time work that begins after its own day. *Secured predominantly*: while the `degree` told is full or predominantly; *fully*: full. Unmet while it is told as lost or of a lesser degree. While no degree is told (nothing holds, or one without `degree`): unmet while a benefit is paid, else met on days of full-time work, else unknown. *Benefit*: one of `rechtskreis` `SGB_II`, `SGB_XII*`, `ASYLBLG*` or `BSHG`, on the days on which it is paid (terms of the benefits). *Full-time work*: a job (terms) from the latest day of the fact that makes its `employment_kind` `SV_VOLLZEIT` through its `EmploymentEnded` or to the day before a change of kind, else through its last `fixed_term_until`.",
    ),
    Term(
        "Identity clarified",
        "from an `IdentityClarified` with `means` pass or id on, on its latest day (undated: `date`, else `accepted_on`, if told); with any other `means` or none from `accepted_on` on; the earliest such day. Unknown from the latest day of one on that has neither `means` nor `accepted_on`; else unmet.",
    ),
    Term(
        "Minor child",
        "a child of the person (terms of the family), from its latest possible day of birth through the day before its earliest possible 18th birthday; a child whose birth is not known is none. Whether it still lives in the household is not asked.",
    ),
)
