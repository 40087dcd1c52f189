"""Titles: A01, A02 and A10, the seam where people lose most (design 4, lines 9 to 11)."""

from dataclasses import replace

from domain.chain.bounds import Bounds
from domain.chain.calendar import end_of_running_period, plus_days
from domain.chain.counting import Range, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry
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
from domain.chain.rule import (
    LEFT,
    NATURALISED,
    Closing,
    Draft,
    Found,
    Pattern,
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
from domain.chain.windows import imprecise, lead_start, leading
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_PERMANENT = Label("der Titel ist unbefristet", "the title is permanent")
_NO_END = Label("das Ende des Titels ist nicht bekannt", "the end of the title is not known")
_PROLONGED = Label(
    "Titel nach § 24 verlängern sich durch Verordnung", "titles under § 24 are prolonged by decree"
)
_NO_WINDOW = Label("das Fenster hat keinen Tag", "the window has no day")
_APPLIED = Label("rechtzeitig beantragt", "applied for in time")
_LOST = Label("der Titel ist vor seinem Ende weggefallen", "the title was lost before its end")
_NOT_104C = Label("kein Titel nach § 104c", "no title under § 104c")
_ANNULLED = "A shortening or a loss that was annulled by the day on which it takes effect counts for nothing, and so does a refusal annulled by the first day without the title: nobody is warned of an end that no decision sets any more. Annulled only from a later day on, it counts: the damage is done."
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
    first = first_warning_day(title, leading(journey.bounds.in_force("A01.lead", grant.latest)))
    if first is None or first > title.end.latest:
        return Refused(grant, _NO_WINDOW)
    urgent = lead_start(title.end.earliest, journey.bounds.in_force("A01.urgent", grant.latest))
    return Draft(
        grant,
        first,
        title.end.latest,
        followed=[*(one for one in applications if title.by_the_end(one)), *title.newer],
        cancelled=title.lost_by_the_end,
        closings=[Closing(plus_days(title.end.latest, 1), ClosedBy.SUPERSEDED, first_of_day=True)],
        partial=imprecise(grant, first, title.end) or not journey.titles.decided_exactly(title),
        evidence=title.shortened_by,
        steps=(Step(max(urgent, first), StepName.URGENT),),
    )


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
            Closing(one.latest, ClosedBy.CANCELLED, one, one.unsure_from)
            for one in papers
            if one.latest >= first and (one.dated or one.rank > grant.rank)
        ],
        partial=imprecise(grant, first, title.end) or not journey.titles.decided_exactly(title),
        evidence=title.shortened_by,
        consequence=Consequence("stay_not_lawful", plus_days(title.end.latest, 1)),
    )


def _a10(journey: Derived) -> Found:
    for title in journey.titles.all:
        if title.basis == CHANCE_TITLE:
            yield _a10_of(journey, title)
        else:
            yield Refused(title.grant, _NOT_104C)


def _a10_of(journey: Derived, title: Title) -> Draft | Refused:
    grant = title.grant
    running = _with_term_of_law(journey.bounds, title)
    if running.end is None:
        return Refused(grant, _NO_END)
    first = first_warning_day(running, leading(journey.bounds.in_force("A10.lead", grant.latest)))
    if first is None or first > running.end.latest:
        return Refused(grant, _NO_WINDOW)
    applications = journey.titles.counting_applications(running)
    steps = (
        Step(
            max(
                first, lead_start(running.end.earliest, journey.bounds.in_force(name, grant.latest))
            ),
            kind,
        )
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
        closings=on_loss_of_title(journey, title),
        partial=imprecise(grant, first, running.end) or not journey.titles.decided_exactly(running),
        evidence=title.shortened_by,
        steps=tuple(steps),
    )


def _with_term_of_law(bounds: Bounds, title: Title) -> Title:
    """Return a § 104c title with the end that it has by law where none is told: 18 months, the first day counted."""
    if title.grant.day("valid_until") is not None:
        return title
    start = range_of(title.grant.day("valid_from")) or Range(
        title.grant.earliest, title.grant.latest
    )
    term = bounds.on("A10.term", title.grant.latest)
    if term is None:
        return title
    end = Range(
        end_of_running_period(start.earliest, term.number),
        end_of_running_period(start.latest, term.number),
    )
    if title.end is None:
        return replace(title, end=end, own_end=title.grant.day("valid_from") is not None)
    return replace(
        title, shortenings=[(one, end if old is None else old) for one, old in title.shortenings]
    )


def run_out(journey: Derived, title: Title) -> Interval | None:
    """Return the instance of A02 for a title; None if it gets none."""
    draft = _a02_of(journey, title)
    settled = settle(A02, draft, journey) if isinstance(draft, Draft) else None
    return settled if isinstance(settled, Interval) else None


def on_loss_of_title(journey: Derived, title: Title) -> list[Closing]:
    """Return the closing on the first day of A02, if this title gets one."""
    found = run_out(journey, title)
    return [] if found is None else [Closing(found.begins_on, ClosedBy.SUPERSEDED)]


A01 = Rule(
    id="A01",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Titel läuft ab", "Title runs out", "Titel endet"),
    watches=Label(
        "Ein Titel endet bald, und der nächste ist nicht beantragt.",
        "A title will soon end and the next is not applied for.",
    ),
    sentence=Label(
        "Der {day} erteilte Titel endet am {due}; ein Antrag auf Verlängerung oder Wechsel muss bis dahin gestellt sein.",
        "The title granted {day} ends on {due}; an extension or change must be applied for by then.",
    ),
    next_step=Label("Verlängerung beantragen", "Apply for an extension"),
    source="§ 81 Abs. 4 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A01.lead", "A01.urgent"),
    triggers=("TitleGranted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a01,
    entry=Entry(
        trigger="`TitleGranted`, not permanent, not basis `24`, with a known end.",
        window="Lead 90 days to the end.",
        followed_by="A counting application by the end; a newer title.",
        cancelled_by="Loss by the end. On end + 1 A01 is superseded, before all else of that day.",
        data_row="The end is missing (not for basis `24`); A02, A03, A10 have none of their own.",
        severity="high; urgent from 30 days before the end.",
        decided=f"{_ANNULLED} The end that the law sets a `104C` (A10) is no known end here: the data row asks for the end alone, and an application closes it even if it is refused by that end, while A10 then stays.",
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.CLIENT_DECLINED,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
    unknown="valid_until",
)

A02 = Rule(
    id="A02",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Titel abgelaufen, kein Antrag", "Title run out, no application", "Titel abgel."),
    watches=Label(
        "Ein Titel ist abgelaufen und war nicht rechtzeitig beantragt.",
        "A title has ended and was not applied for in time.",
    ),
    sentence=Label(
        "Der {day} erteilte Titel endete am {due}, ohne dass bis dahin ein Antrag gestellt war; ein späterer Antrag heilt das nicht.",
        "The title granted {day} ended on {due} with no application by then; a later one does not mend it.",
    ),
    next_step=Label("Fortgeltung klären", "Clarify continuation"),
    source="§ 81 Abs. 4 S. 3 AufenthG",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A02.tolerance",),
    triggers=("TitleGranted",),
    missing=("TitleGranted", "ContinuationOrdered", "RightOfFreeMovementRecorded"),
    find=_a02,
    entry=Entry(
        trigger="`TitleGranted`, not permanent, with a known end; none after a counting application or loss by the end.",
        window="`due_on` is the end. Open from end + 1 (s + 1, see above), not before the grant.",
        followed_by="A newer title; after the grant `ContinuationOrdered`, `RightOfFreeMovementRecorded`, a positive decision. Not a late application.",
        cancelled_by="`ToleranceIssued`, `TemporaryPermissionIssued` whose latest day is not before A02's first day (an earlier one does not matter; an undated one counts only after the grant, G3); it counts on that day, not by G5. The follow-ups before the first day prevent A02 (G5).",
        severity="critical.",
        consequence="`stay_not_lawful` since end + 1.",
        example="Title to 15 June 2025: A01 is due from 17 March. Applied on 15 June: in_time, no A02. Applied on 20 June: A01 superseded, A02 open from 16 June until a title (late). Applied on 3 March: neither; but if refused on 10 April, as if never applied.",
        decided=_ANNULLED,
    ),
    ended_by=_ENDINGS,
    reasons=(
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.ILLNESS,
        GapReason.DATA_MISSING,
        GapReason.OTHER,
    ),
    consequence=Label("Aufenthalt nicht rechtmäßig seit {since}", "stay not lawful since {since}"),
)

A10 = Rule(
    id="A10",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Chancen-Aufenthaltsrecht endet", "Chancen-Aufenthaltsrecht ends", "§ 104c endet"),
    watches=Label(
        "Die 18 Monate enden; nur § 25a oder § 25b kann folgen.",
        "The 18 months end; only § 25a or § 25b may follow.",
    ),
    sentence=Label(
        "Das {day} erteilte Chancen-Aufenthaltsrecht endet am {due}; folgen kann nur ein Antrag nach § 25a oder § 25b.",
        "The title under § 104c granted {day} ends on {due}; only an application under § 25a or § 25b may follow.",
    ),
    next_step=Label("§ 25a oder § 25b vorbereiten", "Prepare § 25a or § 25b"),
    source="§ 104c Abs. 3 AufenthG",
    severity=Severity.CRITICAL,
    responsible=(Responsible.CASE_MANAGER, Responsible.ABH),
    bounds=("A10.lead", "A10.term", "A10.step_second", "A10.step_third"),
    triggers=("TitleGranted",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a10,
    entry=Entry(
        trigger="`TitleGranted` with `basis` `104C`. Without a known end it runs 18 months from `valid_from` (if missing: the grant), whose day counts: it ends on the day before the same day of the month 18 months later, or on that month's last day if it has no such day; this is its known end then, before a `TitleShortened` too.",
        window="Lead 12 months to the end.",
        followed_by="A counting application, or a newer title, with `basis` `25A` or `25B` (here not with a missing one).",
        cancelled_by="A newer title of another basis; loss by the end.",
        series="Superseded on the first day of A02, if this title gets one.",
        severity="critical; steps at 12, 6 and 3 months before the end.",
    ),
    ended_by=_ENDINGS,
    reasons=(GapReason.WAITING_FOR_DOCUMENTS, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
)
