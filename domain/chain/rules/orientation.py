"""First orientation: O01, O02."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.chain.counting import counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import ClosedBy, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Closing, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.courses import (
    integration_course,
    integration_course_running,
    own_school,
    own_school_running,
)
from domain.chain.states.person import birthdays
from domain.chain.states.residence import Status, Stay
from domain.chain.states.titles import TEMPORARY_PROTECTION
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_REACHED = (
    "InitialAdviceGiven",
    "FirstContactRecorded",
    "IntakeHeld",
    "CaseOpened",
    "ContactHeld",
)
_IN_TOUCH = Label("ein Fall läuft schon", "a case is active already")
_OFFERS = ("OrientationCourseStarted", "CourseStarted", "VocationalCourseStarted")
_OFFERED = Label("ein Angebot hat schon begonnen", "an offer has begun already")
_ENTITLED = Label("eine Teilnahmeberechtigung liegt schon vor", "an entitlement is there already")
_AT_SCHOOL = Label("die Person geht zur Schule", "the person attends a school")
_YOUNG = Label("die Person ist noch ein Kind", "the person is still a child")
_OTHER_STATUS = Label("kein Aufenthalt ohne Kursanspruch", "no stay without a claim to a course")
_NO_CLAIM = frozenset({Status.GESTATTUNG, Status.DULDUNG, Status.OBLIGED})


def _o01(journey: Derived) -> Found:
    view = journey.view
    triggers = []
    for one in view.of("AssignedToMunicipality"):
        if _case_active(journey, one):
            yield Refused(one, _IN_TOUCH)
        else:
            triggers.append(one)
    reached = [one for one in view.of(*_REACHED) if one.get("no_show") is not True]
    for place, one in enumerate(triggers):
        yield Draft(
            one,
            one.latest,
            after(one.latest, journey.bounds.in_force("O01.response", one.latest)),
            followed=counting(one, reached),
            superseded=triggers[place + 1 :],
            partial=not one.exact,
        )


def _case_active(journey: Derived, one: Seen) -> bool:
    """Say whether a case was active before a fact."""
    before = [moment for moment in journey.moments if moment.fact.rank < one.rank]
    return bool(before) and bool(before[-1].active)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stay without a claim to a course, whatever papers follow one another within it."""

    begin: Stay
    end: Stay | None

    @property
    def trigger(self) -> Seen:
        """Return the fact by which it began; of a Duldung its paper, also where a title ended later."""
        return self.begin.fact if self.begin.status is Status.DULDUNG else self.begin.since


def _o02(journey: Derived) -> Found:
    stretches = list(_stretches(journey.stays))
    if not stretches:
        for fact in journey.view.of(*O02.triggers):
            yield Refused(fact, _OTHER_STATUS)
    for one in stretches:
        reason = _why_no_offer_needed(journey, one)
        yield _o02_of(journey, one) if reason is None else Refused(one.trigger, reason)


def _stretches(stays: list[Stay]) -> Iterator[_Stretch]:
    begun: Stay | None = None
    for one in stays:
        if _without_claim(one):
            begun = begun or one
        elif begun is not None:
            yield _Stretch(begun, one)
            begun = None
    if begun is not None:
        yield _Stretch(begun, None)


def _without_claim(stay: Stay) -> bool:
    if stay.status in _NO_CLAIM:
        return True
    return (
        stay.status in {Status.TITLE, Status.FIKTION}
        and stay.basis == TEMPORARY_PROTECTION
        and stay.fact.get("course_claim") is not True
    )


def _why_no_offer_needed(journey: Derived, stretch: _Stretch) -> Label | None:
    """Return why nothing is to be offered from the beginning of a stay on; None if something is."""
    view, fact = journey.view, stretch.trigger
    if _certainly_young(journey, stretch.begin):
        return _YOUNG
    if view.before(fact, *_OFFERS):
        return _OFFERED
    if view.before(fact, "CourseEntitlementIssued"):
        return _ENTITLED
    if integration_course_running(view, fact) is not None:
        return _OFFERED
    return None if own_school_running(view, fact) is None else _AT_SCHOOL


def _certainly_young(journey: Derived, begin: Stay) -> bool:
    age = journey.bounds.in_force("O02.age", begin.first).number
    return journey.born is not None and birthdays(journey.born, age).earliest > begin.first


def _o02_of(journey: Derived, stretch: _Stretch) -> Draft:
    view, fact, first = journey.view, stretch.trigger, stretch.begin.first
    registered = [one for one in view.of("CourseRegistered") if integration_course(one)]
    entitled = view.of("CourseEntitlementIssued")
    return Draft(
        fact,
        first,
        after(first, journey.bounds.in_force("O02.response", first)),
        followed=counting(fact, view.of(*_OFFERS)),
        cancelled=counting(fact, [*entitled, *registered, *own_school(view)]),
        closings=_at_the_end(stretch.end),
        partial=not stretch.begin.exact,
    )


def _at_the_end(following: Stay | None) -> list[Closing]:
    """Return the closing on the day on which the stay rests on something else."""
    if following is None:
        return []
    return [Closing(following.first, ClosedBy.CANCELLED, following.fact, following.unsure_from)]


TERMS_OF = "Orientation"
TERMS = (
    Term(
        "Stay without a course claim",
        "the days, one after another, on which the *status of the stay* is Gestattung, Duldung or obliged to leave, or a title or Fiktion of basis `24` whose grant does not have `course_claim` true. Days of these statuses that follow one another are one stay, whatever papers are issued within it; days between them of which no status is known do not end it. Its first day is that of its first status, its trigger the fact by which that began, of a Duldung its paper; it ends on the first day of another status.",
    ),
)

O01 = Rule(
    id="O01",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ERSTORIENTIERUNG,
    label=Label("Zugewiesen, nicht erreicht", "Assigned, not reached", "nicht erreicht"),
    watches=Label(
        "Jemand ist der Kommune zugewiesen, und es gab noch keinen Kontakt.",
        "Somebody is assigned to the municipality and nobody has been in touch yet.",
    ),
    sentence=Label(
        "Zugewiesen {day}; bis zum {due} sollte ein erster Kontakt oder eine Erstberatung stattfinden.",
        "Assigned {day}; a first contact or advice should take place by {due}.",
    ),
    next_step=Label("Kontakt aufnehmen", "Get in touch"),
    source="Praxisvorgabe, 28 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.COORDINATION, Responsible.SOZIALAMT),
    bounds=("O01.response",),
    triggers=("AssignedToMunicipality",),
    missing=("FirstContactRecorded", "InitialAdviceGiven"),
    find=_o01,
    entry=Entry(
        trigger="`AssignedToMunicipality`; none if a case is active (G13) before it.",
        window="28 days.",
        followed_by="`InitialAdviceGiven`, `FirstContactRecorded`, `IntakeHeld`, `CaseOpened`, `ContactHeld` unless `no_show` is true.",
        severity="medium.",
        decided="The catalogue names advice and first contact; intake, the opening of a case and a consultation prove as well that the person is reached, and so does a case that is active already.",
    ),
    reasons=(GapReason.NO_CAPACITY, GapReason.MOVED, GapReason.CLIENT_DECLINED, GapReason.OTHER),
)

O02 = Rule(
    id="O02",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ERSTORIENTIERUNG,
    label=Label("Kein Orientierungsangebot", "No offer of orientation", "kein EOK"),
    watches=Label(
        "Jemand ohne Anspruch auf einen Integrationskurs hat noch kein Angebot zur Orientierung oder Sprache.",
        "Somebody without a claim to an integration course has no offer of orientation or language yet.",
    ),
    sentence=Label(
        "Seit dem {first} besteht ein Aufenthalt ohne Kursanspruch; bis zum {due} sollte ein Orientierungs- oder Sprachangebot beginnen.",
        "Since {first} the stay gives no claim to a course; an offer of orientation or language should begin by {due}.",
    ),
    next_step=Label(
        "Erstorientierungskurs oder Landeskurs anbieten; Verpflichtung durch Jobcenter oder AsylbLG-Behörde prüfen",
        "Offer an orientation course or a course of the Land; look into an obligation by Jobcenter or AsylbLG office",
    ),
    source="§ 44 Abs. 4, § 44a Abs. 1, § 45 AufenthG; Frist Praxisvorgabe",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.COORDINATION),
    bounds=("O02.response", "O02.age"),
    triggers=(
        "AsylumApplicationFiled",
        "ArrivalCertificateIssued",
        "AsylumHearingHeld",
        "TemporaryPermissionIssued",
        "ToleranceIssued",
        "DepartureObligationArisen",
        "AsylumDecisionIssued",
        "ProtectionRevoked",
        "TitleGranted",
    ),
    missing=("OrientationCourseStarted", "CourseStarted"),
    find=_o02,
    entry=Entry(
        trigger='A *stay without a course claim* (see Orientation) begins. None if the person is surely under 16 on its first day (by the earliest possible birthday), or if an offer ("Followed up by") or a `CourseEntitlementIssued` stands anywhere before the trigger (G3), or an integration course or own school, begun before it (G3), still runs there.',
        window="90 days from the first day of the stay.",
        followed_by="From the trigger on (G4) `OrientationCourseStarted`, `CourseStarted` of any `kind`, `VocationalCourseStarted`.",
        cancelled_by="From the trigger on (G4) `CourseEntitlementIssued`, `CourseRegistered` for an integration course, the start of own school. The end of the stay, on the first day of the other status (not G5).",
        series="No series. Key: the trigger.",
        severity="medium.",
        law="The stop of admissions under § 44(4) AufenthG (switch `law.44_4_admissions`, until 8 February 2026) changes the routes, not the rule; orientation courses grow from November 2026 (`law.eok_expansion`, announced).",
        example="Duldung on 7 April 2016, Gestattung on 5 July 2016: one stay, due through 6 July, open from 7 July 2016.",
        decided="By the status of the stay, not by papers (W07): who applied for asylum or is obliged to leave has it without a certificate. Children under 16 and people at school are reached by school.",
    ),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.ADMISSION_STOP,
        GapReason.NO_CHILDCARE,
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)
