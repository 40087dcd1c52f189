"""What may go wrong while naturalisation is pending: N07 (title), N08 (livelihood), N10 (assurance)."""

from domain.chain.calendar import plus_days
from domain.chain.checklists.livelihood import means_need, worked_enough
from domain.chain.counting import counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import (
    ClosedBy,
    Consequence,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.naturalisation import (
    APPROVED,
    ASSURED,
    REFUSED,
    WITHDRAWN,
    Procedure,
    pending,
)
from domain.chain.states.titles import TEMPORARY_PROTECTION, Title, first_warning_day
from domain.chain.windows import after, imprecise, lead_start, lead_window, leading
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
_NOT_PENDING = Label("es läuft kein Einbürgerungsantrag", "no application is pending")
_KNOWN_LOSS = Label(
    "der Verlust ist im Verfahren schon bekannt", "the loss is known in the procedure already"
)
_NO_NEED = Label("keine Leistung nach SGB II oder XII", "no benefit under SGB II or XII")
_NO_END = Label("kein befristeter Titel mit bekanntem Ende", "no temporary title of a known end")
_NO_WINDOW = Label(
    "das Fenster hat keinen Tag während eines Antrags",
    "the window has no day while an application is pending",
)


def _n07(journey: Derived) -> Found:
    for title in journey.titles.all:
        if title.permanent or title.basis == TEMPORARY_PROTECTION or title.end is None:
            yield Refused(title.grant, _NO_END)
            continue
        drafts = [_n07_of(journey, title, one) for one in journey.procedures]
        found = [one for one in drafts if one is not None]
        yield from found
        if not found:
            yield Refused(title.grant, _NO_WINDOW)


def _n07_of(journey: Derived, title: Title, procedure: Procedure) -> Draft | None:
    """Return the window of A01 as far as an application is pending in it."""
    grant, bounds = title.grant, journey.bounds
    warned = first_warning_day(title, leading(bounds.in_force("N07.lead", grant.latest)))
    if title.end is None or warned is None:
        return None
    first, end = max(warned, procedure.applied.latest), title.end.latest
    if first > end or not procedure.pending_on(first):
        return None
    urgent = lead_start(title.end.earliest, bounds.in_force("N07.urgent", grant.latest))
    applications = journey.titles.counting_applications(title)
    return Draft(
        grant,
        first,
        end,
        key=f"{grant.id}+{procedure.applied.id}",
        followed=[*(one for one in applications if title.by_the_end(one)), *title.newer],
        cancelled=[*title.lost_by_the_end, *([procedure.ended] if procedure.ended else ())],
        closings=[Closing(plus_days(end, 1), ClosedBy.SUPERSEDED, first_of_day=True)],
        partial=imprecise(grant, first, title.end)
        or not journey.titles.decided_exactly(title)
        or (first == procedure.applied.latest and not procedure.applied.exact),
        evidence=(procedure.applied, *title.shortened_by),
        steps=(Step(max(urgent, first), StepName.URGENT),),
    )


_LIVELIHOOD = ("LivelihoodLost", "BenefitGranted", "LivelihoodSecured", "BenefitEnded")


def _n08(journey: Derived) -> Found:
    known: Procedure | None = None
    triggers: list[tuple[Seen, Procedure]] = []
    for one in journey.view.of(*_LIVELIHOOD):
        if one.type in {"LivelihoodSecured", "BenefitEnded"}:
            known = None if _restores(one) else known
            continue
        procedure = pending(journey.procedures, one.latest)
        reason = _why_no_loss(one, procedure, known)
        if reason is not None or procedure is None:
            yield Refused(one, reason or _NOT_PENDING)
        else:
            known = procedure
            triggers.append((one, procedure))
    for place, (one, procedure) in enumerate(triggers):
        yield _n08_of(journey, one, procedure, [later for later, _ in triggers[place + 1 :]])


def _restores(one: Seen) -> bool:
    """Say whether a fact ends what is known of a loss: the livelihood is secured, or such a benefit ends."""
    if one.type == "LivelihoodSecured":
        return one.get("degree") in (None, "full")
    rechtskreis = one.get("rechtskreis")
    return rechtskreis is None or means_need(rechtskreis)


def _why_no_loss(one: Seen, procedure: Procedure | None, known: Procedure | None) -> Label | None:
    if one.type == "BenefitGranted" and not means_need(one.get("rechtskreis")):
        return _NO_NEED
    if procedure is None:
        return _NOT_PENDING
    return _KNOWN_LOSS if procedure is known else None


def _n08_of(journey: Derived, one: Seen, procedure: Procedure, following: list[Seen]) -> Draft:
    view = journey.view
    contacts = [held for held in view.of("ContactHeld") if held.get("no_show") is not True]
    secured = [told for told in view.of("LivelihoodSecured") if _restores(told)]
    return Draft(
        one,
        one.latest,
        after(one.latest, journey.bounds.in_force("N08.response", one.latest)),
        followed=counting(one, contacts),
        cancelled=[
            *counting(one, secured),
            *([procedure.ended] if procedure.ended is not None else ()),
        ],
        superseded=following,
        partial=not one.exact,
        evidence=(procedure.applied,),
        details=(("work", _worked(journey, one)),),
    )


def _worked(journey: Derived, one: Seen) -> Label:
    """Return whether full-time work of 20 of the last 24 months is told on the day: then the loss is harmless."""
    if any(span.holds_on(one.latest) for span in worked_enough(journey)):
        return Label(
            "Vollzeitarbeit in 20 der letzten 24 Monate ist erfasst und genügt",
            "full-time work in 20 of the last 24 months is recorded and is enough",
        )
    return Label(
        "ob Vollzeitarbeit in 20 der letzten 24 Monate genügt, ist zu prüfen",
        "whether full-time work in 20 of the last 24 months is enough is to be checked",
    )


def _n10(journey: Derived) -> Found:
    view = journey.view
    assurances = view.of(ASSURED)
    for place, one in enumerate(assurances):
        end = range_of(one.day("valid_until"))
        followed = [*counting(one, view.of(APPROVED, NATURALISED)), *assurances[place + 1 :]]
        cancelled = list(counting(one, view.of(REFUSED, WITHDRAWN)))
        if end is None:
            yield Draft(
                one, one.latest, None, followed=followed, cancelled=cancelled, kind=Kind.DATA
            )
            continue
        lead = journey.bounds.in_force("N10.lead", one.latest)
        first = lead_window(one, end, lead)
        yield Draft(
            one,
            first,
            end.latest,
            followed=followed,
            cancelled=cancelled,
            partial=imprecise(one, first, end),
            consequence=Consequence("assurance_lapsed", plus_days(end.latest, 1)),
        )


N07 = Rule(
    id="N07",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label(
        "Titel läuft während der Einbürgerung ab",
        "Title runs out during naturalisation",
        "Titel endet",
    ),
    watches=Label(
        "Ein Titel endet bald, während die Einbürgerung läuft, und der nächste ist nicht beantragt.",
        "A title will soon end while naturalisation is pending, and the next is not applied for.",
    ),
    sentence=Label(
        "Der {day} erteilte Titel endet am {due}, während der Einbürgerungsantrag läuft; ohne Titel scheitert auch dieser.",
        "The title granted {day} ends on {due} while the application for naturalisation is pending; without a title that fails too.",
    ),
    next_step=Label("Verlängerung beantragen", "Apply for an extension"),
    source="§ 81 Abs. 4 AufenthG; § 10 Abs. 1 S. 1 Nr. 2 StAG",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT, Responsible.ABH),
    bounds=("N07.lead", "N07.urgent"),
    triggers=("TitleGranted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_n07,
    entry=Entry(
        trigger="`TitleGranted` that A01 watches, for each procedure that is pending on the first day of the window.",
        window="The window of A01 (lead 90 days to the end, the words on shortening too), not before the day of the application.",
        followed_by="A counting application by the end; a newer title.",
        cancelled_by="Loss by the end; the fact that ends the procedure. On end + 1 it is superseded, before all else of that day.",
        series="No series. Key: the ids of the title and of the application, joined by `+`.",
        severity="high; urgent from 30 days before the end.",
        example="Title to 15 June 2025, naturalisation applied for on 1 April: due from 1 April; applied for on 1 February: from 17 March.",
        decided="An unknown end is told by A01 alone. What was annulled counts as in A01.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
)

N08 = Rule(
    id="N08",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label(
        "Lebensunterhalt kippt im Verfahren",
        "Livelihood lost during the procedure",
        "Unterhalt weg",
    ),
    watches=Label(
        "Während der Einbürgerung fällt der Lebensunterhalt weg, und niemand hat darüber gesprochen.",
        "The livelihood is lost while naturalisation is pending, and nobody has talked about it.",
    ),
    sentence=Label(
        "Der Lebensunterhalt ist {day} weggefallen, während die Einbürgerung läuft; {work}. Bis zum {due} soll darüber gesprochen sein.",
        "The livelihood was lost {day} while naturalisation is pending; {work}. By {due} somebody should have talked about it.",
    ),
    next_step=Label("Über den Lebensunterhalt beraten", "Advise on the livelihood"),
    source="§ 10 Abs. 1 S. 1 Nr. 3 StAG; Praxisvorgabe, 14 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("N08.response",),
    triggers=("LivelihoodLost", "BenefitGranted"),
    missing=("ContactHeld",),
    find=_n08,
    entry=Entry(
        trigger="`LivelihoodLost`, or `BenefitGranted` of a benefit that means need, on whose day a procedure is pending. None if a loss is known in this procedure already: the latest such trigger was in it, and no `LivelihoodSecured` with `degree` full or missing and no `BenefitEnded` with `rechtskreis` missing or of such a benefit lies between, in order.",
        window="14 days.",
        followed_by="`ContactHeld` unless `no_show` is true.",
        cancelled_by="`LivelihoodSecured` with `degree` full or missing; the fact that ends the procedure.",
        severity="high.",
        example="Lost on 21 November 2008 while the application of 2002 is pending: due through 5 December, open from the 6th; SGB II granted on the same day begins nothing more.",
        decided="The benefit itself tells the loss where nobody wrote it down (W07). An assurance that lapsed does not end the procedure (C49). Whether full-time work of 20 of the last 24 months makes the loss harmless is said in the sentence, it does not silence the rule: what counts is the day of the decision.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.ILLNESS, GapReason.DATA_MISSING, GapReason.OTHER),
)

N10 = Rule(
    id="N10",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label("Einbürgerungszusicherung läuft ab", "Assurance runs out", "Zusich. endet"),
    watches=Label(
        "Die Zusicherung der Einbürgerung endet bald, und die Einbürgerung ist nicht vollzogen.",
        "The assurance of naturalisation will soon end, and the naturalisation has not followed.",
    ),
    sentence=Label(
        "Die {day} erteilte Zusicherung gilt bis zum {due}; bis dahin muss die Einbürgerung folgen oder die Zusicherung verlängert sein.",
        "The assurance granted {day} is valid until {due}; by then naturalisation must follow or the assurance be extended.",
    ),
    next_step=Label("Einbürgerung abschließen", "Complete the naturalisation"),
    source="Praxisvorgabe, 90 Tage vor dem Ende der Zusicherung",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT, Responsible.EBH),
    bounds=("N10.lead",),
    triggers=(ASSURED,),
    missing=(APPROVED, NATURALISED, ASSURED),
    find=_n10,
    entry=Entry(
        trigger="`NaturalisationAssuranceGranted`.",
        window="Lead 90 days to `valid_until`.",
        followed_by="`NaturalisationApproved`, `NaturalisationCertificateHandedOver`; a newer assurance.",
        cancelled_by="`NaturalisationRefused`, `NaturalisationWithdrawn`.",
        data_row="`valid_until`.",
        series="No series: a newer assurance is a follow-up.",
        severity="high.",
        consequence="`assurance_lapsed` since the day after the end.",
        example="Assurance to 16 September 2005: due from 18 June, open from 17 September.",
        decided="W23 names no lead: 90 days as in A01.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.OTHER,
    ),
    consequence=Label(
        "Zusicherung der Einbürgerung erloschen seit {since}",
        "assurance of naturalisation lapsed since {since}",
    ),
    unknown="valid_until",
)
