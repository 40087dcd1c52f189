"""The words of the naturalisation rules: lawful stay, absence, clock, procedure, and the items of the ways."""

from domain.chain.entry import Term

TERMS_OF = "Naturalisation (N01 to N11)"

TERMS = (
    Term(
        "Lawful status",
        "a status of the stay (terms of that name): title, fiktion, free_movement; protected by a decision asyl, fluechtling or subsidiaer; gestattung if the status of the day after it is protected by one of these or a title with basis `25_1`, `25_2_FL`, `25_2_SUB` (§ 55(3) AsylG). A status that is over on the day on which it begins is none.",
    ),
    Term(
        "Harmless gap",
        "a stretch of without_title that came by the end of a title (not a loss or a refusal), between a lawful status on the day before and title, fiktion or free_movement on the day after, if no `TitleRefused` that is not void (terms of the status of the stay) has its latest day in it and it has no more days than lie between the first day of the lawful stretch before it and its own first day (§ 12b(3) StAG).",
    ),
    Term(
        "Lawful stretch",
        "days of lawful status and harmless gaps that follow each other.",
    ),
    Term(
        "Absence",
        "`AbsenceAbroadRecorded`, from `from`, if missing from its day, through `until`; if missing through the day before the earliest latest day, after its first day, of an `EntryRegistered`, `AddressRegistered`, `AddressChanged`, `ContactHeld` (not `no_show`, `channel` office, home, outreach or missing) or another `AbsenceAbroadRecorded`; without one it has no known end. None if it ends before it begins.",
    ),
    Term(
        "Interruption",
        "of an absence that lasts beyond the same day six months after its first and beyond `allowed_until`, or has no known end: its days after the later of the two (until then the residence lasts, § 12b(1) StAG). Of another absence its days from the first one on which the sum is too great: the days abroad, of the absences begun since the last interruption up to this one (in order of their first days), in the time that ends on that day and is as long as § 10 asks for on it (8 or 5 years), each day once, are more than half of these years, a year being 365 days.",
    ),
    Term(
        "Clock",
        "the days of a lawful stretch between interruptions. Its fact is that on which its first status rests, after an interruption that absence; it ends by the fact that makes the next status, or by the absence. n years or months of it are full on the same day n years or months after its first day.",
    ),
    Term(
        "Procedure",
        "begins with `NaturalisationApplied` while none runs, ends with the next `NaturalisationRefused`, `NaturalisationWithdrawn` or `NaturalisationCertificateHandedOver`, in order. Its application is *pending* from its latest day to the day before the latest day of the end.",
    ),
    Term(
        "Sign of life",
        "`NaturalisationDocumentsRequested`, `NaturalisationHearingLetter`, `SecurityCheckCompleted`, `NaturalisationSuspended`, `NaturalisationAssuranceGranted`, `NaturalisationApproved`, `NaturalisationRefused`, `NaturalisationCertificateHandedOver`.",
    ),
    Term(
        "Benefit that means need",
        "one with `rechtskreis` `SGB_II`, `BSHG`, `SGB_XII*` or `ASYLBLG_*`; when it is paid is said in the terms of benefits and livelihood.",
    ),
    Term(
        "Ways and items",
        "§ 10: stay, identity, loyalty, title, livelihood, conviction, language, civics, exclusion. § 9: stay, marriage, identity, loyalty, livelihood, conviction, language, civics, exclusion. § 10(3): stay, language, achievements, identity, loyalty, title, livelihood, conviction, civics, exclusion. On each day an item is met, not met or unknown; met counts before all, and unless said otherwise it is unknown where nothing speaks for or against it. Facts count from their latest day.",
    ),
    Term(
        "Stay",
        "§ 10: met while a clock runs whose years are full: 8 until 26 June 2024 (from the first `IntegrationCourseCertificateIssued` on 7, from the first proof of B2 on 6), 5 from then on, each on its own days. § 9: 3 years. § 10(3): 3 years, on days of the switch. Else not met.",
    ),
    Term(
        "Identity",
        "met from the first `IdentityClarified` on (with `means` pass or id from its day, undated from `date`, else `accepted_on`, if told; with any other `means` or none from `accepted_on`; for a naturalisation by its `purposes`, terms of the identity: none, or one that begins with `stag`) or `PassportIssued` with `kind` nationalpass; not met from the first `IdentityDocumentsRequested`, `ToleranceIssued` with `basis` `60B`, or other `IdentityClarified` on.",
    ),
    Term("Loyalty", "met from `LoyaltyDeclarationMade` on (`date`, if missing its day)."),
    Term(
        "Title",
        "met while the status is free_movement, or title or fiktion with a basis that is not excluded; unknown with a basis that is not known; else not met. A fiktion that rests on no grant has the basis of the title that was the status last before it. *Excluded*: the list N01.excluded_titles of the day (bounds).",
    ),
    Term(
        "Livelihood",
        "secured from `LivelihoodSecured` with `degree` full to the day before the next `LivelihoodLost`, `LivelihoodSecured` with another known degree, or first day of a benefit that means need that lies after it. Not secured while such a benefit is paid, and from `LivelihoodLost` or `LivelihoodSecured` with another known degree to the day before the next of these two types. "
        "§ 9, § 10(3): met while secured, not met while not. § 10: met also, from 27 June 2024, on days on which of the 730 days that end on the day itself 600 are days of full-time work (20 months of 30 days, § 191 BGB); and while a partner lives in the household (`MemberJoined` with `role` partner, to the day before `MemberLeft` of the same or without a name) whose journey is known and shows the same, together with a minor child (terms of the chances of a stay). "
        "*Full-time work*: a job from the fact that makes its `employment_kind` `SV_VOLLZEIT` to its `EmploymentEnded` (a day of work) or the day before a change of kind, else through its last `fixed_term_until`.",
    ),
    Term(
        "Conviction",
        "by all `ConvictionRecorded` up to the day: not met if daily rates and months (30 each) together exceed 90, if imprisonment (`months` above 0) is told not to be `suspended`, or at a `hate_motive`; else unknown if one tells neither `daily_rates` nor `months`, or imprisonment does not tell whether it is `suspended`; else met, also without any (§ 12a StAG, C50: taken together).",
    ),
    Term(
        "Language",
        "tests with `accredited` false and those that are no language test (`test_kind` EINSTUFUNG, LID, EBT) are left out. *Proof* of a level: `LanguageTestTaken` with this level or a higher one in every skill of `per_skill`, if missing in `result`; of B1 also `IntegrationCourseCertificateIssued`. Met from the first proof of B1 on, not met from the first test that tells a lower level, but unknown before the 16th birthday (from the earliest possible day of birth). § 10(3): met from the first proof of C1, else not met.",
    ),
    Term(
        "Civics",
        "met from the first `CivicsTestTaken` or `NaturalisationTestTaken` with 17 `points` or more (if missing `passed_natural` true), not met from the first with fewer (or false), but unknown before the 16th birthday.",
    ),
    Term(
        "Marriage",
        "met from two years after `MarriageRecorded` with `spouse_german` true, unknown where that is missing, to the day before the next `PartnershipEnded`; else not met; one that is not `recognised` does not count.",
    ),
    Term("Achievements", "met from `VolunteeringStarted` on, else not met."),
    Term("Exclusion", "always unknown: § 11 StAG is looked at in the procedure."),
)
