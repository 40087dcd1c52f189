"""Papers for the wait and the way to a title: A03 to A06 (design 4, lines 10 to 13)."""

from collections.abc import Iterable

from domain.chain.bounds import Bound
from domain.chain.counting import counting, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
from domain.chain.intervals import (
    ClosedBy,
    Kind,
    Responsible,
    Severity,
    Step,
    StepName,
)
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
from domain.chain.states.titles import (
    Title,
)
from domain.chain.windows import after, imprecise, lead_start, lead_window
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NO_END = Label("das Ende des Titels ist nicht bekannt", "the end of the title is not known")
_NO_TITLE = Label("kein befristeter Titel davor", "no temporary title before it")
_LATE = Label("erst nach dem Ende des Titels beantragt", "applied for only after the title's end")
_OTHER_BASIS = Label(
    "nach § 104c zählt nur ein Antrag nach § 25a oder § 25b",
    "after § 104c only an application under § 25a or § 25b counts",
)
_NO_EFFECT = Label("das Papier hat keine Wirkung", "the paper has no effect")
_ENDED_BEFORE = Label(
    "die Gestattung war schon vor der Ausstellung erloschen",
    "the permission had ended before the paper was issued",
)
_NOT_POSITIVE = Label("die Entscheidung gewährt keinen Schutz", "the decision grants no protection")
_ENDINGS = (NATURALISED, LEFT)


def _a03(journey: Derived) -> Found:
    triggers: list[tuple[Seen, Title]] = []
    for application in journey.view.of("TitleApplied"):
        title = journey.titles.before(application)
        reason = _why_no_wait(application, title)
        if reason is not None or title is None:
            yield Refused(application, reason or _NO_TITLE)
        else:
            triggers.append((application, title))
    for place, (application, title) in enumerate(triggers):
        yield _a03_of(journey, application, title, [one for one, _ in triggers[place + 1 :]])


def _why_no_wait(application: Seen, title: Title | None) -> Label | None:
    """Return why an application begins no wait under a running title; None if it does."""
    if title is None or title.permanent:
        return _NO_TITLE
    if title.end is None:
        return _NO_END
    if not title.by_the_end(application):
        return _LATE
    return None if title.admits(application) else _OTHER_BASIS


def _a03_of(
    journey: Derived, application: Seen, title: Title, following: list[Seen]
) -> Draft | Refused:
    if title.end is None:
        return Refused(application, _NO_END)
    end = title.end.latest
    first = min(application.latest, end)
    check = lead_start(end, journey.bounds.in_force("A03.check", application.latest))
    view = journey.view
    return Draft(
        application,
        first,
        end,
        followed=[
            *counting(application, view.of("FictionCertificateIssued")),
            *view.after(application, "TitleGranted"),
        ],
        cancelled=counting(application, view.of("TitleRefused")),
        superseded=following,
        partial=not (application.exact and title.end.exact),
        evidence=(title.grant, *title.shortened_by),
        steps=(Step(max(check, first), StepName.URGENT),),
    )


def _a04(journey: Derived) -> Found:
    view = journey.view
    papers = view.of("FictionCertificateIssued")
    for place, paper in enumerate(papers):
        if _without_effect(journey, paper):
            yield Refused(paper, _NO_EFFECT)
            continue
        closing = counting(paper, view.of("TitleGranted", "TitleRefused"))
        lead = journey.bounds.in_force("A04.lead", paper.latest)
        yield _paper_running_out(paper, lead, papers[place + 1 :], closing)


def _without_effect(journey: Derived, paper: Seen) -> bool:
    """Say whether a Fiktionsbescheinigung certifies nothing: the application was late or of a wrong basis."""
    view = journey.view
    applied = [one for one in view.of("TitleApplied") if one.latest <= paper.latest]
    if not applied:
        return False
    application = applied[-1]
    between = view.after(application, "TitleGranted", "TitleRefused")
    title = journey.titles.before(application)
    if any(one.rank < paper.rank for one in between) or title is None:
        return False
    if title.permanent or title.end is None or _why_no_wait(application, title) is None:
        return False
    return not view.after(application, "ContinuationOrdered")


def _paper_running_out(
    paper: Seen, lead: Bound, newer: list[Seen], cancelled: Iterable[Seen], *closings: Closing
) -> Draft:
    """Draft a paper's end: a lead to ``valid_until``, or a data row where no end is told."""
    end = range_of(paper.day("valid_until"))
    if end is None:
        return Draft(
            paper,
            paper.latest,
            None,
            followed=newer,
            cancelled=cancelled,
            closings=closings,
            kind=Kind.DATA,
        )
    first = lead_window(paper, end, lead)
    return Draft(
        paper,
        first,
        end.latest,
        followed=newer,
        cancelled=cancelled,
        closings=closings,
        partial=imprecise(paper, first, end),
    )


def _a05(journey: Derived) -> Found:
    view = journey.view
    papers = view.of("TemporaryPermissionIssued", "ToleranceIssued")
    for place, paper in enumerate(papers):
        permission = paper.type == "TemporaryPermissionIssued"
        if permission and _permission_over(journey, paper):
            yield Refused(paper, _ENDED_BEFORE)
            continue
        days = _ending_decisions(journey, paper, permission=permission)
        titles = counting(paper, view.of("TitleGranted"))
        lead = journey.bounds.in_force("A05.lead", paper.latest)
        yield _paper_running_out(paper, lead, papers[place + 1 :], titles, *days)


def _permission_over(journey: Derived, paper: Seen) -> bool:
    """Say whether a decision that is not positive was final before a Gestattung was issued."""
    applications = journey.view.before(paper, "AsylumApplicationFiled")
    return any(
        not decision.positive
        and decision.final is not None
        and decision.final.latest < paper.latest
        and not any(one.latest >= decision.final.latest for one in applications)
        for decision in journey.decisions
    )


def _ending_decisions(journey: Derived, paper: Seen, *, permission: bool) -> list[Closing]:
    """Return the decisions that end the paper's stay, on their single days."""
    found = []
    for decision in journey.decisions:
        if decision.positive:
            day, earliest = decision.protects_from, decision.unsure_from
        elif permission and decision.final is not None:
            day, earliest = decision.final.latest, decision.final.unsure_from
        else:
            continue
        if day >= paper.earliest:
            found.append(Closing(day, ClosedBy.CANCELLED, decision.fact, earliest))
    return found


def _a06(journey: Derived) -> Found:
    view = journey.view
    granting = [decision for decision in journey.decisions if decision.positive]
    for decision in journey.decisions:
        if not decision.positive:
            yield Refused(decision.fact, _NOT_POSITIVE)
    for place, decision in enumerate(granting):
        fact, start = decision.fact, decision.effective
        yield Draft(
            fact,
            decision.protects_from,
            after(start.latest, journey.bounds.in_force("A06.response", fact.latest)),
            followed=counting(fact, view.of("TitleApplied", "TitleGranted")),
            cancelled=counting(fact, view.of("ProtectionRevoked")),
            superseded=[later.fact for later in granting[place + 1 :]],
            partial=not decision.exact,
        )


A03 = Rule(
    id="A03",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label(
        "Beantragt, keine Fiktionsbescheinigung",
        "Applied, no Fiktionsbescheinigung",
        "Papier fehlt",
    ),
    watches=Label(
        "Rechtzeitig beantragt, aber noch kein Papier für die Wartezeit.",
        "Applied in time, and no paper yet for the wait.",
    ),
    sentence=Label(
        "Rechtzeitig beantragt {day}; bis zum {due} muss eine Fiktionsbescheinigung oder ein Titel vorliegen.",
        "Applied for in time {day}; a Fiktionsbescheinigung or a title is due by {due}.",
    ),
    next_step=Label("Fiktionsbescheinigung anfordern", "Ask for the Fiktionsbescheinigung"),
    source="§ 81 Abs. 5 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.ABH,),
    bounds=("A03.check",),
    triggers=("TitleApplied",),
    missing=("FictionCertificateIssued", "TitleGranted"),
    find=_a03,
    entry=Entry(
        trigger="`TitleApplied` by the end of the latest title before it, not permanent and with a known end; if it is `104C`, only with `basis` `25A`, `25B` or missing.",
        window="From the trigger's day (at the latest from the end) through the end.",
        followed_by="`FictionCertificateIssued`; `TitleGranted` after the application.",
        cancelled_by="`TitleRefused`.",
        severity="high; step at 14 days before the end.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.NO_CAPACITY, GapReason.OTHER),
)

A04 = Rule(
    id="A04",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Fiktionsbescheinigung läuft ab", "Fiktionsbescheinigung runs out", "Papier endet"),
    watches=Label(
        "Das Papier für die Wartezeit endet bald.", "The paper for the wait will soon end."
    ),
    sentence=Label(
        "Die {day} ausgestellte Fiktionsbescheinigung gilt bis zum {due}; bis dahin braucht es eine neue oder die Entscheidung.",
        "The Fiktionsbescheinigung issued {day} is valid until {due}; a new one or the decision is needed by then.",
    ),
    next_step=Label("Verlängerung anfragen", "Ask for a new paper"),
    source="§ 81 Abs. 5 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.ABH,),
    bounds=("A04.lead",),
    triggers=("FictionCertificateIssued",),
    missing=("FictionCertificateIssued", "TitleGranted"),
    find=_a04,
    entry=Entry(
        trigger="`FictionCertificateIssued`. None if the paper has no effect: the latest `TitleApplied` by the day of the paper, with no `TitleGranted` or `TitleRefused` between the two, is not by the end of the latest title before it or fails the `104C` condition of A03, and no `ContinuationOrdered` is after it. Where that cannot be judged (no such application or title, a permanent one, no known end), the paper is watched.",
        window="Lead 30 days to `valid_until`.",
        followed_by="A newer `FictionCertificateIssued`.",
        cancelled_by="`TitleGranted`, `TitleRefused`.",
        data_row="`valid_until`.",
        severity="high.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.NO_CAPACITY, GapReason.OTHER),
    unknown="valid_until",
)

A05 = Rule(
    id="A05",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label(
        "Gestattung oder Duldung läuft ab", "Gestattung or Duldung runs out", "Papier endet"
    ),
    watches=Label(
        "Eine Gestattung oder Duldung endet bald.", "A Gestattung or Duldung will soon end."
    ),
    sentence=Label(
        "Das {day} ausgestellte Papier gilt bis zum {due}; bis dahin braucht es ein neues.",
        "The paper issued {day} is valid until {due}; a new one is needed by then.",
    ),
    next_step=Label("Verlängerung beantragen", "Apply for a new paper"),
    source="§ 63 Abs. 2 AsylG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.ABH),
    bounds=("A05.lead", "A05.appeal", "A05.appeal_short", "A05.service"),
    triggers=("TemporaryPermissionIssued", "ToleranceIssued"),
    missing=("TemporaryPermissionIssued", "ToleranceIssued", "TitleGranted"),
    find=_a05,
    entry=Entry(
        trigger="`TemporaryPermissionIssued` (Aufenthaltsgestattung), `ToleranceIssued` (Duldung). None for a Gestattung issued after a decision that is not positive became final, unless an `AsylumApplicationFiled` lies between.",
        window="Lead 21 days to `valid_until`.",
        followed_by="A newer paper of either kind.",
        cancelled_by="`TitleGranted`; a positive decision, on the day A06 begins; for a Gestattung any other decision, on the day it is final. Both days are single days, compared by day alone. * *Final*: on `final_on`. If missing, on the day after the time for appeal: 14 days (`outcome` abgelehnt, eingestellt) or 7 (ou, unzulaessig; without `outcome` only `final_on` counts) from `served_on`, if missing from the decision's day + 3 (decisions from 1 January 2025: + 4), with § 193 BGB; but not if there is an `AppealFiled` or `AppealDecided` from the decision on and not after the next decision, with `against` missing, `AsylumDecisionIssued` or the decision's id.",
        data_row="`valid_until`.",
        severity="high.",
        example="Refused, served on 4 April 2025: 18 April is Good Friday, so to 22 April; final on 23 April.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.WAITING_FOR_DOCUMENTS, GapReason.OTHER),
    unknown="valid_until",
)

A06 = Rule(
    id="A06",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Schutz zuerkannt, kein Titelantrag", "Protection, no application", "Antrag fehlt"),
    watches=Label(
        "Schutz ist zuerkannt, und der Titel ist nicht beantragt.",
        "Protection is granted and the title not applied for.",
    ),
    sentence=Label(
        "Schutz zuerkannt {day}; der Aufenthaltstitel ist bis zum {due} zu beantragen.",
        "Protection was granted {day}; the title is to be applied for by {due}.",
    ),
    next_step=Label("Titel beantragen", "Apply for the title"),
    source="§ 25 Abs. 1 S. 3, Abs. 2 S. 2 AufenthG; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A06.response",),
    triggers=("AsylumDecisionIssued",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a06,
    entry=Entry(
        trigger="A positive decision.",
        window="14 days from `final_on`, if missing from `served_on`, if missing from the decision's day.",
        followed_by="`TitleApplied`, `TitleGranted`.",
        cancelled_by="`ProtectionRevoked`.",
        severity="high.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_DOCUMENTS, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
)
