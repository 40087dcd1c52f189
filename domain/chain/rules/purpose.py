"""The right of stay hangs on a marriage, a course, one employer: A28 (cases W32; § 31 AufenthG)."""

from collections.abc import Iterator

from domain.chain.checklists.presence import runs, with_title
from domain.chain.counting import counting
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import LEFT, NATURALISED, PROTECTED, Draft, Found, Pattern, Refused, Rule
from domain.chain.spans import Span
from domain.chain.states.residence import Status, Stay, status_on
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_MARRIAGE, _COURSE, _EMPLOYER = "PartnershipEnded", "StudyEnded", "EmploymentEnded"


def _codes(text: str) -> frozenset[str]:
    return frozenset(f"AUFENTHG_{one}" for one in text.split())


_SPOUSES = _codes("28 30 36A")
_BASES = {
    _MARRIAGE: _SPOUSES,
    _COURSE: _codes("16B 16F 16_1_OLD 16_5_OLD"),
    _EMPLOYER: _codes("18A 18B 18D 18G 18_4_OLD 19C 19D"),
}
_WORDS = {
    _MARRIAGE: ("ehe", "marriage", "partner", "spouse"),
    _COURSE: ("stud", "course", "kurs", "school", "schul"),
    _EMPLOYER: ("employ", "arbeit", "job", "betrieb"),
}
_NEW_START = {_MARRIAGE: (), _COURSE: ("StudyAdmitted",), _EMPLOYER: ("EmploymentStarted",)}
_NO_TITLE = Label("kein Aufenthaltstitel an diesem Tag", "no residence title on that day")
_NOT_BOUND = Label("der Titel hängt nicht daran", "the title does not hang on it")
_OTHER_JOB = Label("eine andere Beschäftigung läuft weiter", "another job goes on")
INDEPENDENT = "31:"


def _a28(journey: Derived) -> Found:
    found: list[tuple[Seen, bool]] = []
    for one in journey.view.of(_MARRIAGE, _COURSE, _EMPLOYER):
        stay = status_on(journey.stays, one.latest)
        if stay is None or stay.status not in (Status.TITLE, Status.FIKTION):
            yield Refused(one, _NO_TITLE)
            continue
        hangs = _hangs_on(one, stay)
        if hangs is False:
            yield Refused(one, _NOT_BOUND)
        elif one.type == _EMPLOYER and _other_job(journey, one):
            yield Refused(one, _OTHER_JOB)
        else:
            found.append((one, hangs is True))
    for place, (one, known) in enumerate(found):
        following = [later for later, _ in found[place + 1 :] if later.type == one.type]
        yield _contact(journey, one, following, known=known)
    for one in _ends_of_living_together(journey):
        yield from _independent(journey, one)


def _hangs_on(one: Seen, stay: Stay) -> bool | None:
    """Say whether the title hangs on what ended; None where it tells neither basis nor purpose."""
    purpose = stay.fact.get("purpose_bound_to")
    if purpose is not None:
        named = [kind for kind, words in _WORDS.items() if _names(purpose, words)]
        return one.type in named if named else one.type != _MARRIAGE
    if stay.basis is None:
        return None
    return stay.basis in _BASES[one.type]


def _names(purpose: str, words: tuple[str, ...]) -> bool:
    return any(word in purpose.lower() for word in words)


def _other_job(journey: Derived, end: Seen) -> bool:
    return any(
        job.ended is not end and job.facts[0].rank < end.rank and job.runs_on(end.latest, end)
        for job in journey.jobs
    )


def _contact(journey: Derived, one: Seen, following: list[Seen], *, known: bool) -> Draft:
    held = [talk for talk in journey.view.of("ContactHeld") if talk.get("no_show") is not True]
    return Draft(
        one,
        one.latest,
        after(one.latest, journey.bounds.in_force("A28.contact", one.latest)),
        followed=counting(one, [*held, *journey.view.of("TitleApplied")]),
        cancelled=journey.view.after(one, "TitleGranted", *_NEW_START[one.type]),
        superseded=following,
        kind=Kind.GAP if known else Kind.DATA,
        partial=not one.exact,
    )


def _ends_of_living_together(journey: Derived) -> list[Seen]:
    """Return the first end of the partnership after each marriage; a divorce after a separation is none."""
    found, together = [], True
    for one in journey.view.of("MarriageRecorded", _MARRIAGE):
        if one.type == _MARRIAGE and together:
            found.append(one)
        together = one.type != _MARRIAGE
    return found


def _independent(journey: Derived, ended: Seen) -> Iterator[Draft]:
    """Yield the chance of § 31 if the marriage was lived here for long enough with a title."""
    begun = _lived_here(journey, ended)
    years = journey.bounds.in_force("A28.marriage_years", ended.latest)
    if begun is None or after(begun.first, years) > ended.latest:
        return
    yield Draft(
        ended,
        ended.latest,
        after(ended.latest, journey.bounds.in_force("A28.action", ended.latest)),
        key=f"{INDEPENDENT}{ended.id}",
        followed=counting(ended, journey.view.of("TitleApplied", "TitleGranted")),
        kind=Kind.CHANCE,
        severity=Severity.CHANCE,
        partial=not (ended.exact and begun.exact),
        evidence=begun.facts,
        missing=("TitleApplied", "TitleGranted"),
    )


def _lived_here(journey: Derived, ended: Seen) -> Span | None:
    """Return since when the marriage was lived here on a spouse's title, up to a fact."""
    spouse = runs(journey, lambda stay: with_title(stay, _SPOUSES))
    held = next((one for one in spouse if one.holds_on(ended.latest)), None)
    married = journey.view.before(ended, "MarriageRecorded")[-1:]
    if held is None or not married or married[0].latest <= held.first:
        return held
    return Span(married[0].latest, held.last, (married[0], *held.facts), married[0].exact)


TERMS_OF = "What a title hangs on"
TERMS = (
    Term(
        "Hangs on",
        "`purpose_bound_to` of the title that is the status (title or Fiktion) of the trigger's day, in small letters, names a marriage if it contains `ehe`, `marriage`, `partner` or `spouse`; a course if it contains `stud`, `course`, `kurs`, `school` or `schul`; an employer if it contains `employ`, `arbeit`, `job` or `betrieb`. Of what it names the title hangs on all. If it names none of them it is a name, and the title hangs on course and employer. If it is missing, the basis decides: marriage `28 30 36A`; course `16B 16F 16_1_OLD 16_5_OLD`; employer `18A 18B 18D 18G 18_4_OLD 19C 19D`.",
    ),
)

A28 = Rule(
    id="A28",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.AUFENTHALT,
    label=Label("Zweck des Titels entfallen", "Purpose of the title gone", "Zweck weg"),
    watches=Label(
        "Ehe, Studium oder Arbeit, an denen der Titel hängt, sind zu Ende; das Gespräch dazu steht aus.",
        "The marriage, study or job on which the title hangs has ended; a talk about it is due.",
    ),
    sentence=Label(
        "Woran der Titel hängt, ist {day} weggefallen; bis zum {due} sollte geklärt sein, was nun möglich ist.",
        "What the title hangs on ended {day}; what is possible now should be clear by {due}.",
    ),
    next_step=Label("Möglichkeiten besprechen", "Talk about what is possible"),
    source="§§ 7 Abs. 2, 31 AufenthG; Praxisvorgabe, 14 Tage",
    severity=Severity.HIGH,
    responsible=(Responsible.CASE_MANAGER, Responsible.CLIENT),
    bounds=("A28.contact", "A28.marriage_years", "A28.action"),
    triggers=(_MARRIAGE, _COURSE, _EMPLOYER),
    missing=("ContactHeld", "TitleApplied"),
    find=_a28,
    entry=Entry(
        trigger="*Contact*: `PartnershipEnded`, `StudyEnded`, `EmploymentEnded`, if the status of its day is title or Fiktion and the title hangs on what ended (marriage, course, employer); an `EmploymentEnded` not if another job begun before it runs on its day (it has no `EmploymentEnded` before it, and none at all with a last `fixed_term_until` before that day). *Independent right* (§ 31), a chance: the first `PartnershipEnded` of the journey and the first after each `MarriageRecorded`, if its day lies in an unbroken stretch of days with status title or Fiktion of basis `28 30 36A`, and the later of its first day and the day of the last `MarriageRecorded` before it + 3 years is on or before its day.",
        window="*Contact*: 14 days. *Independent right*: 60 days.",
        followed_by="*Contact*: `ContactHeld` unless `no_show` is true; `TitleApplied`. *Independent right*: `TitleApplied`, `TitleGranted`.",
        cancelled_by="*Contact*, after the trigger: `TitleGranted`; for a course `StudyAdmitted`; for an employer `EmploymentStarted`.",
        data_row="*Contact*: the title tells neither `purpose_bound_to` nor `basis`, or a Fiktion rests on no grant (on a certificate alone): nothing tells on what it hangs.",
        series="*Contact*: the next trigger of the same type supersedes. Key: the trigger's id. *Independent right*: no series; key `31:` and the trigger's id.",
        severity="high; the independent right is a chance.",
        example="Title under § 30 from 5 January 2015, separated on 17 August 2017: contact due through 31 August 2017, no independent right (C64). Separated on 5 January 2018: also `31:`, due through 6 March 2018.",
        decided="Of a title under § 28 or § 36a without told purpose the marriage is taken for the purpose: the talk costs little. The three years are looked at when the couple parts, since before nothing is to be done; hardship (§ 31 (2)) is for the talk. A divorce after a separation is a new occasion to talk, not a new end of living together.",
    ),
    ended_by=(NATURALISED, LEFT),
    visible_to=PROTECTED,
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.CLIENT_DECLINED,
        GapReason.WAITING_FOR_AUTHORITY,
        GapReason.OTHER,
    ),
    unknown="purpose_bound_to",
)
