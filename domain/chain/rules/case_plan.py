"""Case steering from the first contact to the goals of the plan: F01, F03, F04, F05, F08."""

from domain.chain.counting import Range, counting, range_of
from domain.chain.derived import Derived
from domain.chain.duties import Duty, Turn, Window, drafts, of_case, response
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.states.cases import moment_at
from domain.chain.windows import after, imprecise
from domain.events.case import Goal
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

TERMS_OF = "Case steering"
TERMS = (
    Term(
        "The same `case_id`",
        "equal, or missing on either side. Facts *of the case* are those with the same `case_id` as the trigger.",
    ),
    Term("At the place of a fact", "after it and all facts before it in the order of G3."),
    Term(
        "Rest",
        "the case of a fact rests from a `CaseSuspended` or `CaseClosed` with the same `case_id`, after which no case (G13) "
        "with the same `case_id` is active, until the next `CaseOpened` or `CaseResumed` after which one is. All in the order "
        "of G3; a case of which nothing is told does not rest.",
    ),
    Term(
        "Case work",
        "F03, F04, F05, F07, F08, F09, F10 (D 14). A trigger whose case rests at its place has no instance of its own. The "
        "fact that begins the next rest after the trigger (begun anew: after the resumption) cancels. With each `CaseResumed` after the trigger that ends a rest, the "
        "trigger has one more instance, *begun anew*, unless a follow-up, a cancellation or a superseding trigger of "
        "it stands before the resumption, or a `CaseOpened` after the trigger has ended a rest before it. It is counted with the full "
        "bound from the resumption's day (not before the trigger's day), its certainty rests on the resumption's day instead "
        "of the trigger's, only facts after the resumption close it, and its key is `trigger+resumption`.",
    ),
)

_CASE_RUNS = Label("ein Fall läuft schon", "a case is running already")
_ACTIVE_BEFORE = Label("der Fall war schon aktiv", "the case was active already")
_NO_GOALS = Label("der Plan nennt kein Ziel", "the plan names no goal")
_ALREADY_MET = Label("das Ziel ist schon erreicht oder aufgegeben", "the goal is met or given up")
_PLANS = ("PlanAgreed", "PlanReviewed")
_CLARIFIED = ("CaseOpened", "CaseResumed", "ReferralElsewhere", "ShortAdviceEnded")


def _f01(journey: Derived) -> Found:
    view = journey.view
    contacts: list[Seen] = []
    for one in view.of("FirstContactRecorded"):
        if _case_before(journey, one):
            yield Refused(one, _CASE_RUNS)
        else:
            contacts.append(one)
    answers = view.of(*_CLARIFIED)
    for place, one in enumerate(contacts):
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("F01.response", one.latest)),
            followed=counting(one, answers),
            cancelled=of_case([*counting(one, view.of("CaseClosed"))], one),
            superseded=contacts[place + 1 :],
            partial=not one.exact,
        )


def _case_before(journey: Derived, one: Seen) -> bool:
    """Say whether any case is active or suspended at the place of a fact."""
    moment = moment_at(journey.moments, one)
    return moment is not None and bool(moment.active or moment.suspended)


def _f03(journey: Derived) -> Found:
    opened: list[Seen] = []
    for moment in journey.moments:
        if moment.fact.type == "CaseOpened":
            if moment.began:
                opened.append(moment.fact)
            else:
                yield Refused(moment.fact, _ACTIVE_BEFORE)
    assessed = journey.view.of("AssessmentCompleted")
    for place, one in enumerate(opened):
        duty = Duty(
            one,
            followed=of_case([*counting(one, assessed)], one),
            superseded=of_case(opened[place + 1 :], one),
        )
        bound = journey.bounds.in_force("F03.response", one.latest)
        yield from drafts(journey, duty, response(bound))


def _f04(journey: Derived) -> Found:
    view = journey.view
    assessed = view.of("AssessmentCompleted")
    for place, one in enumerate(assessed):
        duty = Duty(
            one,
            followed=of_case([*counting(one, view.of(*_PLANS))], one),
            superseded=of_case(assessed[place + 1 :], one),
        )
        bound = journey.bounds.in_force("F04.response", one.latest)
        yield from drafts(journey, duty, response(bound))


def _f05(journey: Derived) -> Found:
    view = journey.view
    for one in view.of(*_PLANS):
        duty = Duty(
            one,
            followed=of_case(view.after(one, "PlanReviewed"), one),
            superseded=of_case(view.after(one, "PlanAgreed"), one),
        )
        yield from drafts(journey, duty, lambda turn: _review_window(journey, turn))


def _review_window(journey: Derived, turn: Turn) -> Window:
    """Return the days until the next review: the day agreed, unless it passed while the case rested."""
    agreed = range_of(turn.trigger.day("next_review"))
    if agreed is not None and not (turn.anew and agreed.latest < turn.first):
        return Window(turn.first, agreed.latest, not (turn.begin.exact and agreed.exact))
    bound = journey.bounds.in_force("F05.review", turn.trigger.latest)
    return response(bound)(turn)


def _f08(journey: Derived) -> Found:
    for plan in journey.view.of(*_PLANS):
        goals: tuple[Goal, ...] = plan.get("goals") or ()
        if not goals:
            yield Refused(plan, _NO_GOALS)
        for place, goal in enumerate(goals, 1):
            yield from _f08_of(journey, plan, goal, str(place))


def _f08_of(journey: Derived, plan: Seen, goal: Goal, place: str) -> Found:
    view = journey.view
    ends = of_case(view.of("GoalReached", "GoalAbandoned"), plan)
    if any(_surely_of(one, goal) for one in ends if one.rank < plan.rank):
        yield Refused(plan, _ALREADY_MET)
        return
    due = range_of(goal.due)
    duty = Duty(
        plan,
        followed=[
            *(one for one in counting(plan, ends) if _maybe_of(one, goal)),
            *of_case(view.after(plan, "PlanReviewed"), plan),
        ],
        superseded=of_case(view.after(plan, "PlanAgreed"), plan),
        name=place,
        kind=Kind.DATA if due is None else Kind.GAP,
        responsible=_responsible(goal),
        details=(("field", _NO_FIELD if goal.field is None else goal.field.label),),
    )
    yield from drafts(journey, duty, lambda turn: _goal_window(journey, turn, due))


_NO_FIELD = Label("Handlungsfeld nicht genannt", "field of action not told")


def _surely_of(end: Seen, goal: Goal) -> bool:
    return goal.goal_id is not None and end.get("goal_id") == goal.goal_id


def _maybe_of(end: Seen, goal: Goal) -> bool:
    return goal.goal_id is None or end.get("goal_id") in (None, goal.goal_id)


_PARTIES = {one.value: one for one in Responsible}


def _responsible(goal: Goal) -> tuple[Responsible, ...]:
    """Return whom the plan names, if it is one of the parties known by code; the case manager watches."""
    named = _PARTIES.get(goal.responsible or "", Responsible.CASE_MANAGER)
    return tuple(dict.fromkeys([named, Responsible.CASE_MANAGER]))


def _goal_window(journey: Derived, turn: Turn, due: Range | None) -> Window:
    """Return the days in which a goal that is due has to be looked at."""
    if due is None:
        return Window(turn.first, None, partial=True)
    bound = journey.bounds.in_force("F08.response", turn.trigger.latest)
    first = max(due.latest, turn.first)
    counted = first if turn.anew else due.latest
    return Window(first, after(counted, bound), imprecise(turn.begin, first, due))


F01 = Rule(
    id="F01",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Erstkontakt ohne Klärung", "First contact without intake", "ungeklärt"),
    watches=Label(
        "Nach dem Erstkontakt ist nicht geklärt, ob daraus ein Fall, eine Kurzberatung oder ein Verweis wird.",
        "After the first contact it is not clear whether it becomes a case, a short advice or a referral.",
    ),
    sentence=Label(
        "Erstkontakt {day}; bis zum {due} ist zu klären, ob daraus ein Fall wird.",
        "First contact {day}; by {due} it is to be clarified whether it becomes a case.",
    ),
    next_step=Label("Aufnahme klären", "Clarify the intake"),
    source="Praxisvorgabe, 14 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F01.response",),
    triggers=("FirstContactRecorded",),
    missing=("CaseOpened", "ReferralElsewhere", "ShortAdviceEnded"),
    find=_f01,
    entry=Entry(
        trigger="`FirstContactRecorded`, unless any case (G13) is active or suspended at its place.",
        window="14 days.",
        followed_by="`CaseOpened`, `CaseResumed`, `ReferralElsewhere`, `ShortAdviceEnded`, of any `case_id`.",
        cancelled_by="`CaseClosed` with the same `case_id`.",
        severity="medium.",
        example="First contact on 3 March 2025: due through 17 March, open from 18 March.",
        decided="A contact while a case runs needs no intake; a resumed case answers as an opened one does: both are the running state that the rule asks for (G4).",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.CLIENT_DECLINED, GapReason.MOVED, GapReason.OTHER),
)

F03 = Rule(
    id="F03",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Assessment fehlt", "No assessment", "kein Assessm."),
    watches=Label(
        "Ein Fall ist aufgenommen, Bedarf und Ressourcen sind nicht erhoben.",
        "A case is opened; needs and resources are not surveyed.",
    ),
    sentence=Label(
        "Fall aufgenommen {day}; das Assessment soll bis zum {due} abgeschlossen sein.",
        "Case opened {day}; the assessment is to be completed by {due}.",
    ),
    next_step=Label("Assessment abschließen", "Complete the assessment"),
    source="Praxisvorgabe, 28 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F03.response",),
    triggers=("CaseOpened",),
    missing=("AssessmentCompleted",),
    find=_f03,
    entry=Entry(
        trigger="`CaseOpened` that makes a case active (G13). None for the opening of a case that is active already.",
        window="28 days. Case work.",
        followed_by="`AssessmentCompleted` of the case.",
        series="Series: the case; a later trigger with the same `case_id` supersedes. Key: the trigger, or `trigger+resumption`.",
        severity="medium.",
        example="Opened on 3 March 2025, suspended on 10 March, resumed on 1 June: cancelled on 10 March; anew due from 1 June through 29 June.",
        decided="An assessment from before the opening does not count (G4): a case opened again is surveyed anew (integrationskette.md 1.5).",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.ILLNESS, GapReason.CLIENT_DECLINED, GapReason.OTHER),
)

F04 = Rule(
    id="F04",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Hilfeplan fehlt", "No plan", "kein Hilfeplan"),
    watches=Label(
        "Das Assessment ist abgeschlossen, und es ist kein Hilfeplan vereinbart.",
        "The assessment is completed and no plan is agreed.",
    ),
    sentence=Label(
        "Assessment abgeschlossen {day}; der Hilfeplan soll bis zum {due} vereinbart sein.",
        "Assessment completed {day}; the plan is to be agreed by {due}.",
    ),
    next_step=Label("Hilfeplan vereinbaren", "Agree on the plan"),
    source="Praxisvorgabe, 28 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F04.response",),
    triggers=("AssessmentCompleted",),
    missing=("PlanAgreed",),
    find=_f04,
    entry=Entry(
        trigger="`AssessmentCompleted`; no case need be known.",
        window="28 days. Case work.",
        followed_by="`PlanAgreed` or `PlanReviewed` of the case.",
        series="Series: the case; any later `AssessmentCompleted` with the same `case_id` supersedes. Key: the trigger, or `trigger+resumption`.",
        severity="medium.",
        decided="After a new assessment a plan that exists is carried forward, not agreed again: `PlanReviewed` answers too (integrationskette.md 1.5, loop 5 to 2).",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.ILLNESS, GapReason.CLIENT_DECLINED, GapReason.OTHER),
)

F05 = Rule(
    id="F05",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Hilfeplan nicht fortgeschrieben", "Plan review overdue", "Planprüfung"),
    watches=Label(
        "Der Hilfeplan ist am vereinbarten Tag nicht geprüft und fortgeschrieben.",
        "The plan is not looked at again by the agreed day.",
    ),
    sentence=Label(
        "Hilfeplan vom {first}: bis zum {due} soll er geprüft und fortgeschrieben sein.",
        "Plan of {first}: it is to be reviewed by {due}.",
    ),
    next_step=Label("Hilfeplan fortschreiben", "Review the plan"),
    source="Praxisvorgabe: vereinbarter Tag, sonst 90 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F05.review",),
    triggers=_PLANS,
    missing=("PlanReviewed",),
    find=_f05,
    entry=Entry(
        trigger="`PlanAgreed`, `PlanReviewed`; no case need be known.",
        window="From the trigger's day through `next_review`, if missing 90 days. Begun anew: through `next_review` if it is not before the day from which is counted, else 90 days. Case work.",
        followed_by="`PlanReviewed` of the case after the trigger.",
        series="Series: the case; `PlanAgreed` with the same `case_id` after the trigger supersedes. Key: the trigger, or `trigger+resumption`.",
        severity="medium.",
        example="Agreed on 3 March 2025 without `next_review`: due through 1 June. Reviewed on 20 May with `next_review` 30 September: in_time; due again from 20 May through 30 September.",
        decided="Every review asks for the next one (integrationskette.md 1.5: every 90 days). The rule names no lead, so it is due from the plan on (D 4). An agreed day that passed while the case rested gives way to the full bound (D 14).",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.ILLNESS, GapReason.CLIENT_DECLINED, GapReason.OTHER),
)

F08 = Rule(
    id="F08",
    pattern=Pattern.LEAD_TIME,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Ziel überfällig", "Goal overdue", "Ziel"),
    watches=Label(
        "Der Tag eines Ziels ist vergangen, und niemand hat gesagt, was daraus wurde.",
        "The day of a goal has passed and nobody has said what became of it.",
    ),
    sentence=Label(
        "Ein Ziel des Hilfeplans ({field}) ist seit dem {first} fällig; bis zum {due} ist es zu prüfen.",
        "A goal of the plan ({field}) has been due since {first}; it is to be looked at by {due}.",
    ),
    next_step=Label("Ziel prüfen oder Plan fortschreiben", "Look at the goal or review the plan"),
    source="Praxisvorgabe, 14 Tage nach dem Tag des Ziels",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F08.response",),
    triggers=_PLANS,
    missing=("GoalReached", "GoalAbandoned", "PlanReviewed"),
    find=_f08,
    entry=Entry(
        trigger="Each goal in `goals` of a `PlanAgreed` or `PlanReviewed`. None for a goal with a `goal_id` for which a `GoalReached` or `GoalAbandoned` of the case with this `goal_id` stands before the plan.",
        window="From the goal's `due` (latest day), but not before the trigger's day, through `due` + 14 days. Begun anew: 14 days from the later of `due` and the day from which is counted. Case work.",
        followed_by="`GoalReached`, `GoalAbandoned` of the case with the same `goal_id` (or missing on either side), of any `degree`; `PlanReviewed` of the case after the plan.",
        data_row="The goal's `due` is missing; open from the plan's day (begun anew: from the resumption's day).",
        series="Series: the case; `PlanAgreed` with the same `case_id` after the plan supersedes. Key: `plan+n`, n the goal's place in `goals` from 1; begun anew `plan+n+resumption`.",
        severity="medium.",
        example="Due on 31 May 2025: due from 31 May through 14 June, open from 15 June; reached on 20 May: no instance.",
        decided='"Due passed" begins a response on the goal\'s own day (G6). Responsible is whom `responsible` names, if it is a code of the parties, and then the case manager. A goal of another plan is a goal of its own: the review that carries it on closes the older one.',
    ),
    ended_by=(),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.OTHER,
    ),
    unknown="due",
)
