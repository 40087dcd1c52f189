"""What the recognising body owes: the receipt (E02), the decision (E03)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.chain.calendar import working_day_from
from domain.chain.counting import Range, counting, range_of, same
from domain.chain.derived import Derived
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Kind, Responsible, Severity
from domain.chain.office_answers import answered_by
from domain.chain.reading import Seen, View
from domain.chain.rule import Draft, Found, Pattern, Refused, Rule
from domain.chain.states.recognition import recognition_decisions
from domain.chain.windows import after
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

_NO_LAW = Label("vor dem Beginn der Regelung", "before the law began")


def _e02(journey: Derived) -> Found:
    view = journey.view
    reactions = view.of(
        "ReceiptConfirmed",
        "DocumentsRequested",
        "RecognitionPeriodExtended",
        "QualificationAnalysisStarted",
    )
    applications = view.of("RecognitionApplied")
    for place, one in enumerate(applications):
        months = journey.bounds.on("E02.months", one.latest)
        if months is None:
            yield Refused(one, _NO_LAW)
            continue
        due_on = working_day_from(after(one.latest, months))
        answers = [*_belonging(one, reactions), *counting(one, recognition_decisions(view))]
        yield Draft(
            one,
            one.latest,
            due_on,
            closings=answered_by(answers, due_on),
            superseded=_applied_again(one, applications[place + 1 :]),
            partial=not one.exact,
        )


@dataclass(frozen=True, slots=True)
class _Complete:
    """From which day the documents of an application are complete; None: not known."""

    day: date | None
    facts: tuple[Seen, ...] = ()
    exact: bool = True


def _e03(journey: Derived) -> Found:
    view = journey.view
    applications = view.of("RecognitionApplied")
    for place, one in enumerate(applications):
        if journey.bounds.on("E03.months", one.latest) is None:
            yield Refused(one, _NO_LAW)
            continue
        complete = _complete(journey, one)
        again = _applied_again(one, applications[place + 1 :])
        if complete.day is None:
            yield _e03_unknown(view, one, complete.facts, again)
        else:
            yield _e03_of(journey, one, complete, complete.day, again)


def _complete(journey: Derived, application: Seen) -> _Complete:
    """Say from which day the documents are complete: as told, as confirmed, else a month after receipt."""
    told = range_of(application.day("complete_on"))
    if told is not None:
        return _complete_on(application, told)
    view = journey.view
    silent = after(application.latest, journey.bounds.in_force("E03.receipt", application.latest))
    confirmed = [*_belonging(application, view.of("ReceiptConfirmed"))]
    asked = [
        one
        for one in [
            *_belonging(application, view.of("DocumentsRequested")),
            *(one for one in confirmed if one.get("complete") is False),
        ]
        if not one.dated or one.earliest <= silent
    ]
    full = next((one for one in confirmed if one.get("complete") is True), None)
    if full is not None and (asked or full.latest <= silent):
        return _complete_on(application, Range(full.earliest, full.latest), full)
    if asked:
        return _Complete(None, (min(asked, key=lambda one: one.rank),))
    return _Complete(silent, exact=application.exact)


def _complete_on(application: Seen, told: Range, *facts: Seen) -> _Complete:
    """Return a told day of completeness, not before the application."""
    day = max(told.latest, application.latest) if application.dated else told.latest
    exact = told.exact and (application.exact or day != application.latest)
    return _Complete(day, facts, exact)


def _e03_unknown(
    view: View, application: Seen, asked: tuple[Seen, ...], again: list[Seen]
) -> Draft:
    """Draft the row of an application whose papers were asked for, and nothing says when they came."""
    return Draft(
        application,
        max(application.latest, asked[0].latest),
        None,
        closings=answered_by(counting(application, recognition_decisions(view)), None),
        cancelled=_belonging(application, view.of("QualificationAnalysisStarted")),
        superseded=again,
        kind=Kind.DATA,
        evidence=asked,
    )


def _e03_of(
    journey: Derived, application: Seen, complete: _Complete, first: date, again: list[Seen]
) -> Draft:
    view = journey.view
    months = journey.bounds.in_force("E03.months", application.latest)
    due_on = working_day_from(after(first, months))
    extension = _extension(view, application, due_on)
    exact = complete.exact
    evidence = complete.facts
    if extension is not None:
        fact, until = extension
        if until.latest > due_on:
            due_on, exact = until.latest, exact and until.exact
            evidence = (*evidence, fact)
    return Draft(
        application,
        first,
        due_on,
        closings=answered_by(counting(application, recognition_decisions(view)), due_on),
        cancelled=_belonging(application, view.of("QualificationAnalysisStarted")),
        superseded=again,
        partial=not exact,
        evidence=evidence,
    )


def _extension(view: View, application: Seen, due_on: date) -> tuple[Seen, Range] | None:
    """Return the first extension told in time, and the possible days through which it runs."""
    for one in _belonging(application, view.of("RecognitionPeriodExtended")):
        until = range_of(one.day("until"))
        if until is not None and (not one.dated or one.earliest <= due_on):
            return one, until
    return None


def _belonging(application: Seen, facts: list[Seen]) -> Iterator[Seen]:
    """Yield the facts from an application on that name it, or name none and no other body."""
    for one in counting(application, facts):
        named = one.get("application")
        if named == application.id or (
            named is None and same(one.get("body"), application.get("body"))
        ):
            yield one


def _applied_again(application: Seen, following: list[Seen]) -> list[Seen]:
    """Return the later applications to the same body for the same occupation, as far as that is told."""
    return [
        one
        for one in following
        if all(same(one.get(name), application.get(name)) for name in ("body", "occupation"))
    ]


TERMS_OF = "Recognition"
TERMS = (
    Term(
        "Answer of an office",
        "where a rule says so, a follow-up whose day is partial counts on its latest day even after `due_on` (not G5), so that what an office owes is never taken for done earlier than it surely was; undated it counts on `due_on`.",
    ),
    Term(
        "Of the application",
        "a `ReceiptConfirmed`, `DocumentsRequested`, `RecognitionPeriodExtended` or `QualificationAnalysisStarted` from the application on (G4) that names it in `application` (its id), or names none and has the same `body` or one missing on either side.",
    ),
    Term(
        "Decision on recognition",
        "a `RecognitionDecided` of any outcome, also a missing one; a *lasting licence*: a `ProfessionalLicenceGranted` whose `kind` contains `approbation` (upper or lower case), or without `kind` and without `valid_until`. A temporary permission to practise (Berufserlaubnis) is none.",
    ),
    Term(
        "Applied again",
        "a later `RecognitionApplied` (G3) whose `body` and `occupation` are each the same or missing on either side. Only it supersedes; other applications run side by side.",
    ),
)

E02 = Rule(
    id="E02",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ANERKENNUNG,
    label=Label(
        "Empfangsbestätigung überfällig", "Confirmation of receipt overdue", "Empfang offen"
    ),
    watches=Label(
        "Eine Anerkennung ist beantragt, und die zuständige Stelle hat den Empfang nicht bestätigt.",
        "Recognition is applied for and the body has not confirmed the receipt.",
    ),
    sentence=Label(
        "Anerkennung beantragt {day}; die Stelle bestätigt den Empfang bis zum {due} und nennt, was fehlt.",
        "Recognition applied for {day}; the body confirms the receipt by {due} and says what is missing.",
    ),
    next_step=Label("Bei der zuständigen Stelle nachfragen", "Ask the recognising body"),
    source="§ 6 Abs. 2 BQFG, § 31 Abs. 3 VwVfG",
    severity=Severity.LOW,
    responsible=(Responsible.RECOGNITION_BODY, Responsible.CASE_MANAGER),
    bounds=("E02.months",),
    triggers=("RecognitionApplied",),
    missing=("ReceiptConfirmed", "DocumentsRequested"),
    find=_e02,
    entry=Entry(
        trigger="`RecognitionApplied`.",
        window="From the trigger's day through the same day of the next month (clipped), with § 193 BGB on that day.",
        followed_by="Of the application: `ReceiptConfirmed`, `DocumentsRequested`, `RecognitionPeriodExtended`, `QualificationAnalysisStarted`; from the trigger on a decision on recognition. All as answers of an office.",
        series="Superseded by the application made again. Key: the id of the trigger.",
        severity="low.",
        law="No instance if the trigger's day is before 1 April 2012.",
        example="Applied on 17 January 2017: due through 17 February. Applied on 31 January 2025: due through 28 February. Applied on 26 April 2025: 26 May is a Monday, due through it; on 25 April: 25 May is a Sunday, due through 26 May.",
        decided="§ 193 BGB, for offices § 31(3) VwVfG, applies to the terms of § 6 BQFG (W09). Whoever asks for papers, extends or decides has the application, so each answers; a decision names no application and answers every open one. Applications for other occupations or to other bodies do not supersede.",
    ),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.DATA_MISSING, GapReason.OTHER),
)

E03 = Rule(
    id="E03",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.ANERKENNUNG,
    label=Label(
        "Anerkennungsbescheid überfällig", "Decision on recognition overdue", "Bescheid offen"
    ),
    watches=Label(
        "Die Unterlagen sind vollständig, und über die Anerkennung ist nicht entschieden.",
        "The documents are complete and the recognition is not decided.",
    ),
    sentence=Label(
        "Anerkennung beantragt {day}, Unterlagen vollständig ab dem {first}; der Bescheid ist bis zum {due} fällig.",
        "Recognition applied for {day}, documents complete from {first}; the decision is due by {due}.",
    ),
    next_step=Label("Nach dem Bescheid fragen", "Ask for the decision"),
    source="§ 6 Abs. 3 BQFG, § 31 Abs. 3 VwVfG",
    severity=Severity.MEDIUM,
    responsible=(Responsible.RECOGNITION_BODY, Responsible.CASE_MANAGER),
    bounds=("E03.months", "E03.receipt"),
    triggers=("RecognitionApplied",),
    missing=("RecognitionDecided",),
    find=_e03,
    entry=Entry(
        trigger="`RecognitionApplied`, from the day c on which its documents are complete: `complete_on`; if missing, with r the application's day + 1 month (clipped, no § 193 BGB): r, unless a list of missing papers was told by r (a `DocumentsRequested`, or a `ReceiptConfirmed` with `complete` false, of the application, with its earliest day on or before r, or undated); and the latest day of the first `ReceiptConfirmed` of the application with `complete` true (G3), if there is such a list or if that day is not after r. A c that was told or confirmed is never before the application's day, unless the application is undated.",
        window="From c through c + 3 months, with § 193 BGB on that day. A `RecognitionPeriodExtended` of the application with `until`, whose earliest day is on or before that last day (or undated), moves it to its `until`, if this is later; only the first such one, no § 193 BGB.",
        followed_by="From the application on a decision on recognition, as an answer of an office.",
        cancelled_by="`QualificationAnalysisStarted` of the application.",
        data_row="`complete_on` is missing, a list of missing papers was told by r, and nothing says that they came: open from the day of the first list (G3), not before the application's day.",
        series="Superseded by the application made again. Key: the id of the application.",
        severity="medium.",
        law="No instance if the application's day is before 1 April 2012.",
        example="Applied on 17 January 2017, nothing else known: complete on 17 February, due from then through 17 May. Applied on 26 January 2019: complete on 26 February, and as 26 May is a Sunday, due through 27 May.",
        decided="The fallback is W37. A confirmation of completeness after r without a list cannot delay c: nothing was asked for in time. An extension without a day moves nothing. A second extension does not count (§ 6(3) BQFG knows one).",
    ),
    reasons=(GapReason.WAITING_FOR_AUTHORITY, GapReason.WAITING_FOR_DOCUMENTS, GapReason.OTHER),
    unknown="complete_on",
)
