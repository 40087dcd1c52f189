"""Residence: A01 to A06 and A10, the seam where people lose most (design 4, lines 9 to 13)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from domain.chain.bounds import bound
from domain.chain.calendar import end_of_running_period, plus_days
from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.intervals import (
    ClosedBy,
    Consequence,
    Interval,
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
    Reason,
    Refused,
    Rule,
    settle,
)
from domain.chain.states.asylum import positive
from domain.chain.states.titles import (
    CHANCE_TITLE,
    STAY_AFTER_CHANCE,
    TEMPORARY_PROTECTION,
    Title,
    first_day_without_title,
    first_warning_day,
)
from domain.chain.windows import after, imprecise, in_force, lead_start, lead_window, leading
from domain.fields import Handlungsfeld
from domain.labels import Label

_PERMANENT = Label("der Titel ist unbefristet", "the title is permanent")
_NO_END = Label("das Ende des Titels ist nicht bekannt", "the end of the title is not known")
_PROLONGED = Label(
    "Titel nach § 24 verlängern sich durch Verordnung", "titles under § 24 are prolonged by decree"
)
_NO_WINDOW = Label("das Fenster hat keinen Tag", "the window has no day")
_APPLIED = Label("rechtzeitig beantragt", "applied for in time")
_LOST = Label("der Titel ist vor seinem Ende weggefallen", "the title was lost before its end")
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
_NOT_104C = Label("kein Titel nach § 104c", "no title under § 104c")
_ENDINGS = (NATURALISED, LEFT)


def _a01(journey: Derived) -> Found:
    for title in journey.titles.all:
        yield _a01_of(journey, title)


def _a01_of(journey: Derived, title: Title) -> Draft | Refused:
    grant = title.grant
    if title.permanent:
        return Refused(grant, _PERMANENT)
    if title.basis == TEMPORARY_PROTECTION:
        return Refused(grant, _PROLONGED)
    applications = journey.titles.counting_applications(title)
    if title.end is None:
        return Draft(
            grant,
            grant.latest,
            None,
            followed=[*applications, *title.newer],
            cancelled=title.losses,
            kind=Kind.DATA,
        )
    first = first_warning_day(title, leading("A01.lead", grant.latest))
    if first is None or first > title.end.latest:
        return Refused(grant, _NO_WINDOW)
    urgent = lead_start(title.end.earliest, in_force("A01.urgent", grant.latest))
    return Draft(
        grant,
        first,
        title.end.latest,
        followed=[*(one for one in applications if title.by_the_end(one)), *title.newer],
        cancelled=title.lost_by_the_end,
        closings=[Closing(plus_days(title.end.latest, 1), ClosedBy.SUPERSEDED, first_of_day=True)],
        partial=imprecise(grant, first, title.end),
        evidence=_shortenings(title),
        steps=(Step(max(urgent, first), StepName.URGENT),),
    )


def _shortenings(title: Title) -> tuple[Seen, ...]:
    return tuple(one for one, _ in title.shortenings)


def _a02(journey: Derived) -> Found:
    for title in journey.titles.all:
        yield _a02_of(journey, title)


def _a02_of(journey: Derived, title: Title) -> Draft | Refused:
    grant = title.grant
    if title.permanent:
        return Refused(grant, _PERMANENT)
    if title.end is None:
        return Refused(grant, _NO_END)
    if any(title.by_the_end(one) for one in journey.titles.counting_applications(title)):
        return Refused(grant, _APPLIED)
    if title.lost_by_the_end:
        return Refused(grant, _LOST)
    first = first_day_without_title(title)
    if not (title.own_end and not grant.dated):
        first = max(first, grant.latest)
    later = journey.view.after(grant, "ContinuationOrdered", "RightOfFreeMovementRecorded")
    decided = [one for one in journey.view.after(grant, "AsylumDecisionIssued") if positive(one)]
    papers = journey.view.of("ToleranceIssued", "TemporaryPermissionIssued")
    return Draft(
        grant,
        first,
        title.end.latest,
        followed=[*title.newer, *later, *decided],
        closings=[
            Closing(one.latest, ClosedBy.CANCELLED, one, not one.exact)
            for one in papers
            if one.latest >= first
        ],
        partial=imprecise(grant, first, title.end),
        evidence=_shortenings(title),
        consequence=Consequence("stay_not_lawful", plus_days(title.end.latest, 1)),
    )


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
    check = lead_start(end, in_force("A03.check", application.latest))
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
        partial=imprecise(application, first, title.end),
        evidence=(title.grant, *_shortenings(title)),
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
        yield _paper_running_out(paper, "A04.lead", papers[place + 1 :], closing)


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
    paper: Seen, lead: str, newer: list[Seen], cancelled: Iterable[Seen], *closings: Closing
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
    first = lead_window(paper, end, in_force(lead, paper.latest))
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
        yield _paper_running_out(paper, "A05.lead", papers[place + 1 :], titles, *days)


def _permission_over(journey: Derived, paper: Seen) -> bool:
    """Say whether a decision that is not positive was final before a Gestattung was issued."""
    applications = journey.view.before(paper, "AsylumApplicationFiled")
    return any(
        not decision.positive
        and decision.final_on is not None
        and decision.final_on < paper.latest
        and not any(one.latest >= decision.final_on for one in applications)
        for decision in journey.decisions
    )


def _ending_decisions(journey: Derived, paper: Seen, *, permission: bool) -> list[Closing]:
    """Return the decisions that end the paper's stay, on their single days."""
    found = []
    for decision in journey.decisions:
        if decision.positive:
            day: date | None = decision.effective.latest
            partial = not decision.effective.exact
        else:
            day = decision.final_on if permission else None
            partial = not decision.fact.exact
        if day is not None and day >= paper.earliest:
            found.append(Closing(day, ClosedBy.CANCELLED, decision.fact, partial))
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
            max(start.latest, fact.latest),
            after(start.latest, in_force("A06.response", fact.latest)),
            followed=counting(fact, view.of("TitleApplied", "TitleGranted")),
            cancelled=counting(fact, view.of("ProtectionRevoked")),
            superseded=[later.fact for later in granting[place + 1 :]],
            partial=not start.exact,
        )


def _a10(journey: Derived) -> Found:
    for title in journey.titles.all:
        if title.basis == CHANCE_TITLE:
            yield _a10_of(journey, title)
        else:
            yield Refused(title.grant, _NOT_104C)


def _a10_of(journey: Derived, title: Title) -> Draft | Refused:
    grant = title.grant
    running = title if title.end is not None else _with_term_of_law(title)
    if running.end is None:
        return Refused(grant, _NO_END)
    first = first_warning_day(running, leading("A10.lead", grant.latest))
    if first is None or first > running.end.latest:
        return Refused(grant, _NO_WINDOW)
    applications = journey.titles.counting_applications(title)
    steps = (
        Step(max(first, lead_start(running.end.earliest, in_force(name, grant.latest))), kind)
        for name, kind in (
            ("A10.lead", StepName.WARNING),
            ("A10.step_second", StepName.WARNING),
            ("A10.step_third", StepName.URGENT),
        )
    )
    return Draft(
        grant,
        first,
        running.end.latest,
        followed=[
            one for one in (*applications, *title.newer) if one.get("basis") in STAY_AFTER_CHANCE
        ],
        cancelled=[
            *(one for one in title.newer if one.get("basis") not in STAY_AFTER_CHANCE),
            *running.lost_by_the_end,
        ],
        closings=_on_loss_of_title(journey, title),
        partial=imprecise(grant, first, running.end),
        evidence=_shortenings(title),
        steps=tuple(steps),
    )


def _with_term_of_law(title: Title) -> Title:
    """Return a § 104c title without a known end as it runs by law: 18 months, the first day counted."""
    start = range_of(title.grant.day("valid_from")) or Range(
        title.grant.earliest, title.grant.latest
    )
    term = bound("A10.term", title.grant.latest)
    if term is None:
        return title
    end = Range(
        end_of_running_period(start.earliest, term.value),
        end_of_running_period(start.latest, term.value),
    )
    return replace(title, end=end, own_end=title.grant.day("valid_from") is not None)


def _on_loss_of_title(journey: Derived, title: Title) -> list[Closing]:
    """Return the closing on the first day of A02, if this title gets one."""
    draft = _a02_of(journey, title)
    settled = settle(A02, draft, journey.view) if isinstance(draft, Draft) else None
    if not isinstance(settled, Interval):
        return []
    return [Closing(settled.begins_on, ClosedBy.SUPERSEDED)]


A01 = Rule(
    id="A01",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Titel läuft ab", "Title runs out"),
    watches=Label(
        "Ein Titel endet bald, und der nächste ist nicht beantragt.",
        "A title will soon end and the next is not applied for.",
    ),
    sentence=Label(
        "Der am {day} erteilte Titel endet am {due}; ein Antrag auf Verlängerung oder Wechsel muss bis dahin gestellt sein.",
        "The title granted on {day} ends on {due}; an extension or change must be applied for by then.",
    ),
    next_step=Label("Verlängerung beantragen", "Apply for an extension"),
    source="§ 81 Abs. 4 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A01.lead", "A01.urgent"),
    triggers=("TitleGranted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a01,
    ended_by=_ENDINGS,
    reasons=(Reason.WAITING_FOR_DOCUMENTS, Reason.CLIENT_DECLINED, Reason.ILLNESS, Reason.OTHER),
    unknown="valid_until",
)

A02 = Rule(
    id="A02",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Titel abgelaufen, kein Antrag", "Title run out, no application"),
    watches=Label(
        "Ein Titel ist abgelaufen und war nicht rechtzeitig beantragt.",
        "A title has ended and was not applied for in time.",
    ),
    sentence=Label(
        "Der am {day} erteilte Titel endete am {due}, ohne dass bis dahin ein Antrag gestellt war; ein späterer Antrag heilt das nicht.",
        "The title granted on {day} ended on {due} with no application by then; a later one does not mend it.",
    ),
    next_step=Label("Fortgeltung klären", "Clarify continuation"),
    source="§ 81 Abs. 4 S. 3 AufenthG",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A02.tolerance",),
    triggers=("TitleGranted",),
    missing=("TitleGranted", "ContinuationOrdered", "RightOfFreeMovementRecorded"),
    find=_a02,
    ended_by=_ENDINGS,
    reasons=(Reason.WAITING_FOR_AUTHORITY, Reason.ILLNESS, Reason.DATA_MISSING, Reason.OTHER),
    consequence=Label("Aufenthalt nicht rechtmäßig seit {since}", "stay not lawful since {since}"),
)

A03 = Rule(
    id="A03",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Beantragt, keine Fiktionsbescheinigung", "Applied, no Fiktionsbescheinigung"),
    watches=Label(
        "Rechtzeitig beantragt, aber noch kein Papier für die Wartezeit.",
        "Applied in time, and no paper yet for the wait.",
    ),
    sentence=Label(
        "Am {day} wurde rechtzeitig beantragt; bis {due} muss eine Fiktionsbescheinigung oder ein Titel vorliegen.",
        "Applied for in time on {day}; a Fiktionsbescheinigung or a title is due by {due}.",
    ),
    next_step=Label("Fiktionsbescheinigung anfordern", "Ask for the Fiktionsbescheinigung"),
    source="§ 81 Abs. 5 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.ABH,),
    bounds=("A03.check",),
    triggers=("TitleApplied",),
    missing=("FictionCertificateIssued", "TitleGranted"),
    find=_a03,
    ended_by=_ENDINGS,
    reasons=(Reason.WAITING_FOR_AUTHORITY, Reason.NO_CAPACITY, Reason.OTHER),
)

A04 = Rule(
    id="A04",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Fiktionsbescheinigung läuft ab", "Fiktionsbescheinigung runs out"),
    watches=Label(
        "Das Papier für die Wartezeit endet bald.", "The paper for the wait will soon end."
    ),
    sentence=Label(
        "Die Fiktionsbescheinigung vom {day} gilt bis {due}; bis dahin braucht es eine neue oder die Entscheidung.",
        "The Fiktionsbescheinigung of {day} is valid until {due}; a new one or the decision is needed by then.",
    ),
    next_step=Label("Verlängerung anfragen", "Ask for a new paper"),
    source="§ 81 Abs. 5 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.ABH,),
    bounds=("A04.lead",),
    triggers=("FictionCertificateIssued",),
    missing=("FictionCertificateIssued", "TitleGranted"),
    find=_a04,
    ended_by=_ENDINGS,
    reasons=(Reason.WAITING_FOR_AUTHORITY, Reason.NO_CAPACITY, Reason.OTHER),
    unknown="valid_until",
)

A05 = Rule(
    id="A05",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Gestattung oder Duldung läuft ab", "Gestattung or Duldung runs out"),
    watches=Label(
        "Eine Gestattung oder Duldung endet bald.", "A Gestattung or Duldung will soon end."
    ),
    sentence=Label(
        "Das Papier vom {day} gilt bis {due}; bis dahin braucht es ein neues.",
        "The paper of {day} is valid until {due}; a new one is needed by then.",
    ),
    next_step=Label("Verlängerung beantragen", "Apply for a new paper"),
    source="§ 63 Abs. 2 AsylG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.ABH),
    bounds=("A05.lead",),
    triggers=("TemporaryPermissionIssued", "ToleranceIssued"),
    missing=("TemporaryPermissionIssued", "ToleranceIssued", "TitleGranted"),
    find=_a05,
    ended_by=_ENDINGS,
    reasons=(Reason.WAITING_FOR_AUTHORITY, Reason.WAITING_FOR_DOCUMENTS, Reason.OTHER),
    unknown="valid_until",
)

A06 = Rule(
    id="A06",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Schutz zuerkannt, kein Titelantrag", "Protection, no application"),
    watches=Label(
        "Schutz ist zuerkannt, und der Titel ist nicht beantragt.",
        "Protection is granted and the title not applied for.",
    ),
    sentence=Label(
        "Schutz zuerkannt am {day}; der Aufenthaltstitel ist bis {due} zu beantragen.",
        "Protection was granted on {day}; the title is to be applied for by {due}.",
    ),
    next_step=Label("Titel beantragen", "Apply for the title"),
    source="§ 25 Abs. 1 S. 3, Abs. 2 S. 2 AufenthG; Frist Praxisvorgabe",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A06.response",),
    triggers=("AsylumDecisionIssued",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a06,
    ended_by=_ENDINGS,
    reasons=(Reason.WAITING_FOR_DOCUMENTS, Reason.WAITING_FOR_AUTHORITY, Reason.OTHER),
)

A10 = Rule(
    id="A10",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Chancen-Aufenthaltsrecht endet", "Chancen-Aufenthaltsrecht ends"),
    watches=Label(
        "Die 18 Monate enden; nur § 25a oder § 25b kann folgen.",
        "The 18 months end; only § 25a or § 25b may follow.",
    ),
    sentence=Label(
        "Das Chancen-Aufenthaltsrecht vom {day} endet am {due}; folgen kann nur ein Antrag nach § 25a oder § 25b.",
        "The title under § 104c of {day} ends on {due}; only an application under § 25a or § 25b may follow.",
    ),
    next_step=Label("§ 25a oder § 25b vorbereiten", "Prepare § 25a or § 25b"),
    source="§ 104c Abs. 3 AufenthG",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A10.lead", "A10.term", "A10.step_second", "A10.step_third"),
    triggers=("TitleGranted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a10,
    ended_by=_ENDINGS,
    reasons=(Reason.WAITING_FOR_DOCUMENTS, Reason.WAITING_FOR_AUTHORITY, Reason.OTHER),
)

RULES = (A01, A02, A03, A04, A05, A06, A10)
