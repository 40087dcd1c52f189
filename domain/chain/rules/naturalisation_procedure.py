"""The naturalisation procedure: N04 (no decision), N05 (documents), N06 (certificate)."""

from collections.abc import Iterator

from domain.chain.counting import counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.naturalisation import (
    APPLIED,
    APPROVED,
    ASSURED,
    REFUSED,
    WITHDRAWN,
    Procedure,
)
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_ENDINGS = (NATURALISED, LEFT)
REQUESTED, PROVIDED = "NaturalisationDocumentsRequested", "NaturalisationDocumentsProvided"
HEARING, SUSPENDED = "NaturalisationHearingLetter", "NaturalisationSuspended"
CHECKED = "SecurityCheckCompleted"
_DECISIONS = (APPROVED, REFUSED, ASSURED)
_SIGNS = (*_DECISIONS, REQUESTED, HEARING, SUSPENDED, CHECKED, NATURALISED)
_PENDING_ALREADY = Label(
    "ein früherer Antrag läuft noch", "an earlier application is still pending"
)


def _n04(journey: Derived) -> Found:
    begun = {one.applied.id: one for one in journey.procedures}
    for applied in journey.view.of(APPLIED):
        procedure = begun.get(applied.id)
        if procedure is None:
            yield Refused(applied, _PENDING_ALREADY)
            continue
        yield _three_months(journey, procedure)
        for begin in _silences(journey, procedure):
            yield _no_sign_of_life(journey, procedure, begin)


def _three_months(journey: Derived, procedure: Procedure) -> Draft:
    """Return the first clock: after three months without a decision an action for failure to act is possible."""
    applied, view = procedure.applied, journey.view
    sued = [one for one in view.of("AppealFiled") if _for_failure_to_act(one, applied)]
    return Draft(
        applied,
        applied.latest,
        after(applied.latest, journey.bounds.in_force("N04.months", applied.latest)),
        key=f"{applied.id}+three_months",
        followed=counting(applied, [*view.of(*_DECISIONS, NATURALISED), *sued]),
        cancelled=counting(applied, view.of(SUSPENDED, WITHDRAWN)),
        partial=not applied.exact,
        missing=(APPROVED, REFUSED, ASSURED, "AppealFiled"),
        details=(("clock", _ACTION),),
    )


def _for_failure_to_act(one: Seen, applied: Seen) -> bool:
    against = one.get("against")
    return one.get("kind") == "untaetigkeit" and against in (None, APPLIED, applied.id)


_ACTION = Label(
    "soll sie entschieden haben, danach ist eine Untätigkeitsklage möglich",
    "it should have decided, later an action for failure to act is possible",
)
_SILENCE = Label(
    "soll sie sich gemeldet haben (180 Tage)", "it should have given a sign of life (180 days)"
)


def _silences(journey: Derived, procedure: Procedure) -> Iterator[Seen]:
    """Yield the facts after which it is the office's turn: the application, its own steps, documents handed in."""
    yield procedure.applied
    waiting_for_documents = False
    for one in journey.view.after(procedure.applied, *_SIGNS, PROVIDED):
        if one.type == APPROVED or not procedure.running_at(one):
            return
        if one.type in {HEARING, CHECKED} or (one.type == PROVIDED and waiting_for_documents):
            yield one
        waiting_for_documents = one.type == REQUESTED


def _no_sign_of_life(journey: Derived, procedure: Procedure, begin: Seen) -> Draft:
    """Return a stretch of the second clock: what the office does next ends it."""
    view, applied = journey.view, procedure.applied
    first_one = begin is applied
    signs = counting(begin, view.of(*_SIGNS)) if first_one else view.after(begin, *_SIGNS)
    return Draft(
        begin,
        begin.latest,
        after(begin.latest, journey.bounds.in_force("N04.silence", begin.latest)),
        key=f"{begin.id}+no_sign_of_life",
        followed=signs,
        cancelled=counting(begin, view.of(WITHDRAWN)),
        partial=not begin.exact,
        evidence=(applied,),
        details=(("clock", _SILENCE),),
    )


def _n05(journey: Derived) -> Found:
    view = journey.view
    requests = view.of(REQUESTED)
    for place, one in enumerate(requests):
        told = range_of(one.day("due"))
        response = journey.bounds.in_force("N05.response", one.latest)
        provided = counting(one, view.of(PROVIDED))
        yield Draft(
            one,
            one.latest,
            after(one.latest, response) if told is None else told.latest,
            followed=[handed_in for handed_in in provided if _fits(one, handed_in)],
            cancelled=counting(one, view.of(*_DECISIONS, WITHDRAWN)),
            superseded=[later for later in requests[place + 1 :] if _fits(one, later)],
            partial=not one.exact or (told is not None and not told.exact),
        )


def _fits(request: Seen, other: Seen) -> bool:
    """Say whether two facts about documents have one in common, or either names none."""
    wanted, told = request.get("items"), other.get("items")
    return not wanted or not told or bool(set(wanted) & set(told))


def _n06(journey: Derived) -> Found:
    view = journey.view
    approvals = view.of(APPROVED)
    for place, one in enumerate(approvals):
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("N06.response", one.latest)),
            followed=counting(one, view.of(NATURALISED)),
            cancelled=counting(one, view.of(REFUSED, WITHDRAWN, "NaturalisationReversed")),
            superseded=approvals[place + 1 :],
            partial=not one.exact,
        )


N04 = Rule(
    id="N04",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label("Antrag ohne Entscheidung", "Application without decision", "EB wartet"),
    watches=Label(
        "Ein Einbürgerungsantrag bleibt drei Monate ohne Entscheidung oder 180 Tage ohne ein Zeichen der Behörde.",
        "An application for naturalisation stays three months without a decision, or 180 days without a sign of the office.",
    ),
    sentence=Label(
        "Die Einbürgerung liegt seit dem {first} bei der Behörde; bis zum {due} {clock}.",
        "The naturalisation has been with the office since {first}; by {due} {clock}.",
    ),
    next_step=Label("Sachstand erfragen", "Ask how far it is"),
    source="§ 75 VwGO; Praxisvorgabe, 180 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.EBH, Responsible.CASE_MANAGER),
    bounds=("N04.silence", "N04.months"),
    triggers=(APPLIED,),
    missing=(*_DECISIONS, REQUESTED, HEARING, SUSPENDED, CHECKED),
    find=_n04,
    entry=Entry(
        trigger="`NaturalisationApplied` that begins a procedure: the receipt of any written request; none while an earlier one runs. Two keys. *three_months*: from it. *no_sign_of_life*: from it, and from every fact of the running procedure after which it is the office's turn: `NaturalisationHearingLetter`, `SecurityCheckCompleted`, and `NaturalisationDocumentsProvided` if the latest sign of life of this procedure before it is `NaturalisationDocumentsRequested` and none was provided since; none after `NaturalisationApproved`.",
        window="three_months: from the trigger's day through the same day three months later. no_sign_of_life: 180 days.",
        followed_by="three_months: `NaturalisationApproved`, `NaturalisationRefused`, `NaturalisationAssuranceGranted`, the certificate; `AppealFiled` with `kind` untaetigkeit and `against` missing, `NaturalisationApplied` or the application's id. no_sign_of_life: a sign of life, from the application on, for a later trigger after it.",
        cancelled_by="`NaturalisationWithdrawn`; three_months also `NaturalisationSuspended`.",
        series="Neither key has a series: what follows up closes. Keys: the trigger's id, `+three_months` or `+no_sign_of_life`.",
        severity="medium.",
        example="Applied on 11 August 2011: three_months due through 11 November, open from the 12th; no_sign_of_life due through 7 February 2012, open from the 8th.",
        decided='Signs of life are acts of the naturalisation office in this procedure (C49, C50: "an event of the authority"). A travel document of the immigration office (C54) and an action of the applicant (C51) are none. A later appointment is no new application (C55). Only a decision, or the action itself, answers § 75 VwGO: a hearing letter or a request for documents is a sign of life and no decision. After a sign of life the office may fall silent again, so the 180 days begin anew.',
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)

N05 = Rule(
    id="N05",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label("Nachforderung zur Einbürgerung offen", "Documents asked for", "EB-Unterlagen"),
    watches=Label(
        "Die Einbürgerungsbehörde hat Unterlagen verlangt, und sie sind noch nicht eingereicht.",
        "The naturalisation office has asked for documents, and they are not handed in yet.",
    ),
    sentence=Label(
        "Die Einbürgerungsbehörde hat {day} Unterlagen verlangt; sie werden bis zum {due} gebraucht.",
        "The naturalisation office asked {day} for documents; they are needed by {due}.",
    ),
    next_step=Label("Unterlagen einreichen", "Hand in the documents"),
    source="§ 37 StAG; Praxisvorgabe, 28 Tage ohne gesetzte Frist",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER),
    bounds=("N05.response",),
    triggers=(REQUESTED,),
    missing=(PROVIDED,),
    find=_n05,
    entry=Entry(
        trigger="`NaturalisationDocumentsRequested`.",
        window="From the trigger's day through `due`; if missing 28 days.",
        followed_by="`NaturalisationDocumentsProvided` with one of the `items` in common, or where either side names none.",
        cancelled_by="`NaturalisationApproved`, `NaturalisationRefused`, `NaturalisationAssuranceGranted`, `NaturalisationWithdrawn`.",
        series="A later request with one of the `items` in common, or where either side names none, is of the same series: a reminder or more time.",
        severity="high.",
        decided="Requests for different documents run side by side. Part of what was asked for is an answer: what is still wanted is asked for anew.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
)

N06 = Rule(
    id="N06",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.EINBUERGERUNG,
    label=Label("Urkunde nicht ausgehändigt", "Certificate not handed over", "EB-Urkunde"),
    watches=Label(
        "Die Einbürgerung ist bewilligt, aber die Urkunde ist nicht ausgehändigt; erst sie macht deutsch.",
        "Naturalisation is approved, but the certificate is not handed over; only this makes German.",
    ),
    sentence=Label(
        "Die Einbürgerung wurde {day} bewilligt; die Urkunde soll bis zum {due} ausgehändigt sein.",
        "Naturalisation was approved {day}; the certificate should be handed over by {due}.",
    ),
    next_step=Label("Aushändigung erfragen", "Ask for the handing over"),
    source="§ 16 StAG; Praxisvorgabe, 90 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.EBH,),
    bounds=("N06.response",),
    triggers=(APPROVED,),
    missing=(NATURALISED,),
    find=_n06,
    entry=Entry(
        trigger="`NaturalisationApproved`.",
        window="90 days.",
        followed_by="`NaturalisationCertificateHandedOver`.",
        cancelled_by="`NaturalisationRefused`, `NaturalisationWithdrawn`, `NaturalisationReversed`.",
        severity="medium.",
        decided="A judgment that obliges the office is no approval (W24, C50).",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.ILLNESS, GapReason.OTHER),
)
