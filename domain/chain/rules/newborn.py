"""A child born here without an application for a title: A17, which looks into the child's own journey too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.checklists.lawful_stay import lawful_on
from domain.chain.counting import Range, range_of
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen, View
from domain.chain.rule import LEFT, NATURALISED, PROTECTED, Draft, Found, Pattern, Refused, Rule
from domain.chain.states.person import nationalities
from domain.chain.states.residence import Status, Stay, status_on
from domain.chain.states.titles import PERMANENT_TITLES
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_BORN_ABROAD = Label("vor der Einreise geboren", "born before the entry")
_GERMAN = Label("das Kind ist durch Geburt deutsch", "the child is German by birth")
_FREE = Label("das Kind ist freizügigkeitsberechtigt", "the child has the right of free movement")
_GERMANY = "DEU"
_ANSWERS = ("TitleApplied", "TitleGranted")
_OTHERWISE = (
    "AsylumApplicationFiled",
    "TemporaryPermissionIssued",
    "ToleranceIssued",
    "RightOfFreeMovementRecorded",
    "NaturalisationCertificateHandedOver",
)
_CHILD_ENDS = ("LeftGermany", "PersonDied")


def _a17(journey: Derived) -> Found:
    for child in _born_children(journey):
        yield _a17_of(journey, child)


@dataclass(frozen=True, slots=True)
class _Newborn:
    """A child: its birth, how facts name it, the possible days of birth, and its own journey if known."""

    birth: Seen
    name: str
    born: Range
    view: View | None


def _born_children(journey: Derived) -> list[_Newborn]:
    """Return the children born, each once, in order."""
    found: dict[str, _Newborn] = {}
    for one in journey.view.of("ChildBorn"):
        own = one.get("child_journey_id")
        born = range_of(one.day("birth_date")) or Range(one.earliest, one.latest)
        child = _Newborn(one, own or one.id, born, journey.household.get(own or ""))
        found.setdefault(child.name, child)
    return list(found.values())


def _a17_of(journey: Derived, child: _Newborn) -> Draft | Refused:
    birth, born = child.birth, child.born
    stay = status_on(journey.stays, born.latest)
    reason = _why_no_title(journey, child, stay)
    if reason is not None:
        return Refused(birth, reason)
    response = journey.bounds.in_force("A17.response", born.latest)
    return Draft(
        birth,
        birth.latest,
        after(born.latest, response) if birth.dated else None,
        followed=_of_child(journey, child, _ANSWERS),
        cancelled=[
            *_of_child(journey, child, _OTHERWISE),
            *_gone(child),
            *_acknowledged(journey, child),
        ],
        kind=Kind.GAP if birth.dated else Kind.DATA,
        partial=not (birth.exact and born.exact),
        responsible=_responsible(stay),
    )


def _why_no_title(journey: Derived, child: _Newborn, stay: Stay | None) -> Label | None:
    """Return why the child needs no title; None if it does, as far as is known."""
    born = child.born
    if journey.entry is not None and born.latest < journey.entry.days.earliest:
        return _BORN_ABROAD
    if stay is not None and stay.status is Status.FREE_MOVEMENT:
        return _FREE
    if _german_by_birth(journey, child, born.latest, stay):
        return _GERMAN
    return None


def _german_by_birth(journey: Derived, child: _Newborn, day: date, stay: Stay | None) -> bool:
    """Say whether a parent known here makes the child German, or its own journey says so."""
    if child.view is not None and _GERMANY in (nationalities(child.view) or ()):
        return True
    if stay is not None and stay.status is Status.GERMAN:
        return True
    return _married_to_german(journey, day) or _by_residence(journey, day, stay)


def _married_to_german(journey: Derived, day: date) -> bool:
    married = False
    for one in journey.view.of("MarriageRecorded", "PartnershipEnded"):
        if one.latest <= day:
            married = one.type == "MarriageRecorded" and one.get("spouse_german") is True
    return married


def _by_residence(journey: Derived, day: date, stay: Stay | None) -> bool:
    """Say whether the parent had stayed lawfully for long enough and for good (§ 4 (3) StAG)."""
    years = journey.bounds.on("A17.german_years", day)
    if years is None or stay is None or stay.status is not Status.TITLE:
        return False
    lawful = lawful_on(journey, day)
    return (
        stay.basis in PERMANENT_TITLES and lawful is not None and after(lawful.first, years) <= day
    )


def _of_child(journey: Derived, child: _Newborn, types: tuple[str, ...]) -> list[Seen]:
    """Return the facts about the child: in this journey those that name it, and those of its own journey."""
    named = (child.name, child.birth.id)
    own = [one for one in journey.view.of(*types) if one.get("person") in named]
    return own + ([] if child.view is None else child.view.of(*types))


def _gone(child: _Newborn) -> list[Seen]:
    return [] if child.view is None else child.view.of(*_CHILD_ENDS)


def _acknowledged(journey: Derived, child: _Newborn) -> Iterator[Seen]:
    """Yield the acknowledgements by which this child is German: of the child last born before, else the first."""
    births = [one.birth for one in _born_children(journey)]
    for one in journey.view.of("PaternityAcknowledged"):
        if one.get("child_german") is not True:
            continue
        before = [birth for birth in births if birth.rank < one.rank]
        if (before[-1] if before else births[0]) is child.birth:
            yield one


_BY_OFFICE = frozenset({Status.TITLE, Status.FIKTION, Status.PROTECTED})


def _responsible(stay: Stay | None) -> tuple[Responsible, ...]:
    """Return who has to act: the office ex officio (§ 33) where the parent has a title, else the parents."""
    if stay is not None and stay.status in _BY_OFFICE:
        return (Responsible.ABH, Responsible.CLIENT)
    return (Responsible.CLIENT, Responsible.ABH)


TERMS_OF = "A newborn child"
TERMS = (
    Term(
        "Born",
        "the days of `birth_date`, if missing those of the `ChildBorn`.",
    ),
    Term(
        "Fact of the child",
        "in this journey a fact whose `person` is the child's `child_journey_id` or the id of its `ChildBorn`; and every fact of the child's own journey, if the household knows it. Of these every one counts, on any day, not only from the trigger on.",
    ),
)

A17 = Rule(
    id="A17",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Kind ohne Titelantrag", "Newborn without application", "Kind o. Titel"),
    watches=Label(
        "Ein hier geborenes Kind hat noch keinen Titel und keinen Antrag.",
        "A child born here has no title and no application yet.",
    ),
    sentence=Label(
        "Für das {day} geborene Kind ist kein Titel und kein Antrag erfasst; er wäre bis zum {due} zu stellen.",
        "No title and no application is recorded for the child born {day}; it would be due by {due}.",
    ),
    next_step=Label("Titel für das Kind beantragen", "Apply for the child's title"),
    source="§ 81 Abs. 2 S. 2, § 33 AufenthG",
    severity=Severity.HIGH,
    responsible=(Responsible.CLIENT, Responsible.ABH),
    bounds=("A17.response", "A17.german_years"),
    triggers=("ChildBorn",),
    missing=("TitleApplied", "TitleGranted"),
    find=_a17,
    entry=Entry(
        trigger="`ChildBorn`, each child once (a later one with the same `child_journey_id` is the same child). With b the latest day on which the child was born, and the status of b that of this journey: none if b is before the earliest day of the first known entry; none if the status is free movement or German; none if the child's own journey last tells a nationality `DEU`; none if of the `MarriageRecorded` and `PartnershipEnded` with their latest day by b the last (G3) is a `MarriageRecorded` with `spouse_german` true; none if the status is title with a permanent basis and the *lawful stretch* (terms of naturalisation) that b lies in began at least as many years before b as `A17.german_years` says for b (§ 4 (3) StAG).",
        window="From the trigger's day through b + 6 months.",
        followed_by="`TitleApplied`, `TitleGranted` of the child.",
        cancelled_by="`AsylumApplicationFiled`, `TemporaryPermissionIssued`, `ToleranceIssued`, `RightOfFreeMovementRecorded`, `NaturalisationCertificateHandedOver`, and in its own journey `LeftGermany`, `PersonDied`, of the child; `PaternityAcknowledged` with `child_german` true, on any day: it concerns the child whose `ChildBorn` is the last before it, if there is none the first.",
        data_row="The `ChildBorn` is undated: open from its recorded day, `due_on` null.",
        series="No series.",
        severity="high.",
        law="8 years of lawful stay for § 4 (3) StAG from 1 January 2000 (unverified), 5 from 27 June 2024.",
        example="Born on 31 August 2024: due through 28 February 2025.",
        decided="Whoever is responsible follows the parent's status on b: with title, Fiktion or protection the office acts of its own (§ 33), and the gap stays until the child's title is told. A child who gets a paper of the asylum procedure or a Duldung has no title to apply for. Only what this journey and the child's tell counts; the other parent is not asked.",
    ),
    ended_by=(NATURALISED, LEFT),
    visible_to=PROTECTED,
    reasons=(
        GapReason.WAITING_FOR_DOCUMENTS,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.OTHER,
    ),
    unknown="birth_date",
    knot=True,
)
