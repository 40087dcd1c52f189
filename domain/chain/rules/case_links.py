"""Appointments and links to other services: F07, F09, F10."""

from domain.chain.bounds import Bounds
from domain.chain.counting import counting, same
from domain.chain.derived import Derived
from domain.chain.duties import Duty, drafts, of_case, response
from domain.chain.entry import Entry, Term
from domain.chain.intervals import Responsible, Severity
from domain.chain.reading import Seen
from domain.chain.rule import Found, Pattern, Refused, Rule
from domain.fields import Handlungsfeld
from domain.labels import Label
from domain.vocabulary.gaps import GapReason

TERMS_OF = "Links"
TERMS = (
    Term(
        "May be the same link",
        "`link_id` is equal where both facts carry one; else `provider` and `offer` are each equal or missing on either side.",
    ),
    Term(
        "The same link",
        "`link_id` is equal where both facts carry one; else `provider` is told on both sides and equal, and `offer` equal or "
        "missing on either side.",
    ),
    Term(
        "Series: the link",
        "a later trigger with the same `link_id`, told on both sides, supersedes; one without supersedes nothing.",
    ),
)

_FEW = Label("noch nicht oft genug in dieser Zeit", "not often enough within the time")
_HELD = Label("der Termin fand statt", "the appointment was kept")
_COUNTED = Label("gehört zu einer Reihe, die schon zählt", "belongs to a row that counts already")
_OUTREACH = frozenset({"outreach", "home"})


def _f07(journey: Derived) -> Found:
    rows: list[tuple[Seen, ...]] = []
    missed: list[Seen] = []
    running = False
    for one in journey.view.of("ContactHeld", "CaseOpened"):
        if one.type == "CaseOpened":
            missed, running = [], False
        elif not _no_show(one):
            missed, running = ([], False) if running else (missed, False)
            yield Refused(one, _HELD)
        elif running:
            yield Refused(one, _COUNTED)
        else:
            missed.append(one)
            row = _row(journey.bounds, missed)
            if row:
                rows.append(row)
                running = True
            else:
                yield Refused(one, _FEW)
    for place, row in enumerate(rows):
        yield from _f07_of(journey, row, [later[-1] for later in rows[place + 1 :]])


def _no_show(one: Seen) -> bool:
    return one.get("no_show") is True


def _row(bounds: Bounds, missed: list[Seen]) -> tuple[Seen, ...]:
    """Return the missed appointments that end with the last one, if they are enough and close together."""
    last = missed[-1]
    count = bounds.in_force("F07.count", last.latest).number
    row = tuple(missed[-count:])
    within = bounds.in_force("F07.within", last.latest).number
    close = len(row) == count and (last.latest - row[0].latest).days <= within
    return row if close else ()


def _f07_of(journey: Derived, row: tuple[Seen, ...], following: list[Seen]) -> Found:
    trigger = row[-1]
    held = [one for one in journey.view.after(trigger, "ContactHeld") if not _no_show(one)]
    duty = Duty(
        trigger,
        followed=[one for one in held if one.get("channel") in _OUTREACH],
        cancelled=[one for one in held if one.get("channel") not in _OUTREACH],
        superseded=following,
        evidence=row[:-1],
    )
    bound = journey.bounds.in_force("F07.response", trigger.latest)
    yield from drafts(journey, duty, response(bound, *row))


def _maybe_same(link: Seen, other: Seen) -> bool:
    one_id, other_id = link.get("link_id"), other.get("link_id")
    if one_id is not None and other_id is not None:
        return bool(one_id == other_id)
    return all(same(link.get(name), other.get(name)) for name in ("provider", "offer"))


def _surely_same(link: Seen, other: Seen) -> bool:
    if link.get("link_id") is not None and other.get("link_id") is not None:
        return bool(link.get("link_id") == other.get("link_id"))
    return link.get("provider") is not None and (
        link.get("provider") == other.get("provider")
        and same(link.get("offer"), other.get("offer"))
    )


def _retold(facts: list[Seen], one: Seen) -> list[Seen]:
    """Return the later facts that name the same link."""
    link_id = one.get("link_id")
    if link_id is None:
        return []
    return [later for later in facts if later.rank > one.rank and later.get("link_id") == link_id]


def _f09(journey: Derived) -> Found:
    linked = journey.view.of("ServiceLinked")
    answers = journey.view.of("LinkConfirmed", "LinkFailed")
    for one in linked:
        duty = Duty(
            one,
            followed=[answer for answer in counting(one, answers) if _maybe_same(one, answer)],
            superseded=_retold(linked, one),
        )
        bound = journey.bounds.in_force("F09.response", one.latest)
        yield from drafts(journey, duty, response(bound))


_ON_STRUCTURES = frozenset({"no_capacity", "funding_stop"})


def _f10(journey: Derived) -> Found:
    view = journey.view
    failed = view.of("LinkFailed")
    for one in failed:
        confirmed = view.after(one, "LinkConfirmed")
        abandoned = of_case(view.of("GoalAbandoned"), one)
        duty = Duty(
            one,
            followed=[*_alternatives(journey, one), *counting(one, abandoned)],
            cancelled=[other for other in confirmed if _surely_same(one, other)],
            superseded=_retold(failed, one),
            severity=Severity.HIGH if one.get("fail_reason") in _ON_STRUCTURES else None,
        )
        bound = journey.bounds.in_force("F10.response", one.latest)
        yield from drafts(journey, duty, response(bound))


def _alternatives(journey: Derived, failed: Seen) -> list[Seen]:
    """Return the links to something else, in the same field, made after a link failed."""
    view = journey.view
    before = [one for one in view.before(failed, "ServiceLinked") if _maybe_same(one, failed)]
    field = before[-1].get("field") if before else None
    return [
        one
        for one in view.after(failed, "ServiceLinked")
        if not _surely_same(one, failed) and same(one.get("field"), field)
    ]


F07 = Rule(
    id="F07",
    pattern=Pattern.ABSENCE,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Aufsuchender Kontakt fehlt", "No outreach contact", "Aufsuchen"),
    watches=Label(
        "Mehrere Termine kamen kurz nacheinander nicht zustande, und niemand ist hingegangen.",
        "Several appointments in a short time did not take place, and nobody went to see the person.",
    ),
    sentence=Label(
        "Zuletzt kam {day} ein Termin nicht zustande, wie schon mehrere davor; bis zum {due} ist ein aufsuchender Kontakt fällig.",
        "An appointment {day} did not take place, like others before it; an outreach contact is due by {due}.",
    ),
    next_step=Label("Hingehen statt einladen", "Go and see the person"),
    source="Praxisvorgabe: drei Termine in 60 Tagen, dann 14 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER,),
    bounds=("F07.response", "F07.count", "F07.within"),
    triggers=("ContactHeld",),
    missing=("ContactHeld",),
    find=_f07,
    entry=Entry(
        trigger="A *missed* contact (`ContactHeld` with `no_show` true) whose latest day is at most 60 days after that of the second missed contact before it, in the order of G3, of any case: the third of a row. A *held* contact is any other `ContactHeld`; it breaks no row. Once there is a trigger, missed contacts are no triggers and do not count until the next held contact; after that held contact, and after every `CaseOpened`, only later missed contacts count.",
        window="14 days. Case work.",
        followed_by="A held contact after the trigger with `channel` outreach or home.",
        cancelled_by="A held contact after the trigger with any other or no `channel`: the person is reached.",
        series="The next trigger supersedes. Key: the third contact, or `third+resumption`.",
        severity="medium.",
        example="Missed on 1 March, 20 March and 30 April 2025 (60 days): due from 30 April through 14 May. Missed on 1 March, 20 March and 1 May: none.",
        decided="The catalogue counts missed contacts within 60 days, not in a row. Whoever comes to the office need not be sought at home. The certainty rests on the days of all three (begun anew: on the resumption's).",
    ),
    ended_by=(),
    reasons=(
        GapReason.ILLNESS,
        GapReason.WORKS,
        GapReason.NO_CHILDCARE,
        GapReason.NO_CAPACITY,
        GapReason.MOVED,
        GapReason.OTHER,
    ),
)

F09 = Rule(
    id="F09",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label("Vermittlung unbestätigt", "Link not confirmed", "unbestätigt"),
    watches=Label(
        "Eine Vermittlung ist weder bestätigt noch als gescheitert gemeldet.",
        "A link to a service is neither confirmed nor reported as failed.",
    ),
    sentence=Label(
        "Vermittlung {day}; bis zum {due} soll bekannt sein, ob sie gelungen ist.",
        "Linked {day}; by {due} it should be known whether it came about.",
    ),
    next_step=Label("Beim Träger nachfragen", "Ask the provider"),
    source="Praxisvorgabe, 14 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.PROVIDER),
    bounds=("F09.response",),
    triggers=("ServiceLinked",),
    missing=("LinkConfirmed", "LinkFailed"),
    find=_f09,
    entry=Entry(
        trigger="`ServiceLinked`.",
        window="14 days. Case work.",
        followed_by="`LinkConfirmed` or `LinkFailed` that may be the same link, of any `case_id`.",
        series="Series: the link; different links run side by side. Key: the trigger, or `trigger+resumption`.",
        severity="medium.",
        example="Linked on 3 March 2025: due through 17 March.",
    ),
    ended_by=(),
    reasons=(GapReason.NO_CAPACITY, GapReason.WAITING_FOR_AUTHORITY, GapReason.OTHER),
)

F10 = Rule(
    id="F10",
    pattern=Pattern.RESPONSE_WITHIN,
    field=Handlungsfeld.FALLSTEUERUNG,
    label=Label(
        "Gescheiterte Vermittlung ohne Alternative", "Failed link, no alternative", "Alternative"
    ),
    watches=Label(
        "Eine Vermittlung ist gescheitert, und es gibt keine andere.",
        "A link to a service failed and there is no other.",
    ),
    sentence=Label(
        "Eine Vermittlung ist {day} gescheitert; bis zum {due} soll es eine andere geben oder das Ziel aufgegeben sein.",
        "A link to a service failed {day}; by {due} there should be another, or the goal be given up.",
    ),
    next_step=Label("Anderes Angebot suchen", "Look for another offer"),
    source="Praxisvorgabe, 21 Tage",
    severity=Severity.MEDIUM,
    responsible=(Responsible.CASE_MANAGER, Responsible.COORDINATION),
    bounds=("F10.response",),
    triggers=("LinkFailed",),
    missing=("ServiceLinked", "GoalAbandoned"),
    find=_f10,
    entry=Entry(
        trigger="`LinkFailed`.",
        window="21 days. Case work.",
        followed_by="`ServiceLinked` after the trigger that is not the same link and whose `field` is that of the link that failed (equal, or missing on either side); the link that failed is the latest `ServiceLinked` before the trigger that may be the same link, and if there is none any `field` fits. `GoalAbandoned` of the case.",
        cancelled_by="`LinkConfirmed` after the trigger of the same link: it came about after all.",
        series="Series: the link. Key: the trigger, or `trigger+resumption`.",
        severity="medium; high if `fail_reason` is no_capacity or funding_stop.",
        decided="A link in another field is no alternative; where a field is not told, it is taken for one.",
    ),
    ended_by=(),
    reasons=(
        GapReason.NO_CAPACITY,
        GapReason.ADMISSION_STOP,
        GapReason.NO_CHILDCARE,
        GapReason.CLIENT_DECLINED,
        GapReason.OTHER,
    ),
)
