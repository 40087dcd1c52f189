"""The checklists of §§ 25b, 25a and 104c AufenthG: how a tolerated stay becomes a lawful one."""

from datetime import date

from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Checklist, Days, Exclusion, Item
from domain.chain.checklists.presence import (
    clock,
    may_stay,
    presence,
    runs,
    status_spans,
    tolerated,
    with_chance_title,
    with_minor_child,
    without_identity,
)
from domain.chain.checklists.proofs import (
    ALWAYS,
    civics_days,
    identity_days,
    language_days,
    livelihood_days,
)
from domain.chain.derived import Derived
from domain.chain.reading import Seen
from domain.chain.spans import Span, apart, intersection
from domain.chain.states.titles import STAY_AFTER_CHANCE
from domain.chain.windows import after
from domain.labels import Label

_FOREIGN = "foreign_equivalent"
_SCHOOL = ("SchoolStarted", "SchoolChanged", "SchoolLeft")


def integration(one: Seen) -> bool:
    """Say whether an application or a title is one under §§ 25a or 25b; an application may tell no basis."""
    basis = one.get("basis")
    return basis in STAY_AFTER_CHANCE or (basis is None and one.type == "TitleApplied")


def _may_stay(journey: Derived) -> Days:
    return Days(tuple(status_spans(journey, may_stay)))


def _tolerated(journey: Derived) -> Days:
    return Days(tuple(status_spans(journey, tolerated)))


def _long_enough(journey: Derived, name: str) -> list[Span]:
    """Return the days on which the stay is long enough, days under § 60b left out but for § 104c."""
    late, chance = journey.once(without_identity), journey.once(_with_chance)
    found: list[Span] = []
    for here in journey.once(presence):
        found += clock(journey, name, here, delays=late)
        if late and chance:
            found += intersection([clock(journey, name, here), chance])
    return apart(found)


def _with_chance(journey: Derived) -> list[Span]:
    return status_spans(journey, with_chance_title)


def _stay_25b(journey: Derived) -> Days:
    alone = _long_enough(journey, "A11.years")
    minors = journey.once(with_minor_child)
    here = tuple(journey.once(presence))
    if not minors:
        return Days(tuple(alone), (), here)
    sooner = _long_enough(journey, "A11.years_with_child")
    return Days(tuple(apart([*alone, *intersection([sooner, apart(minors)])])), (), here)


def _stay_25a(journey: Derived) -> Days:
    here = tuple(journey.once(presence))
    return Days(tuple(_long_enough(journey, "A12.years_stay")), (), here)


def _tolerated_25a(journey: Derived) -> Days:
    """Return the days on which the Duldung is old enough, and all days with a title under § 104c."""
    late = journey.once(without_identity)
    found = list(journey.once(_with_chance))
    for run in runs(journey, tolerated):
        found += clock(journey, "A12.duldung_months", run, delays=late)
    return Days(tuple(apart(found)))


def _school(journey: Derived) -> Days:
    """Return the days with a certificate obtained here, or at school for long enough and still there."""
    told = [one for one in journey.view.of(*_SCHOOL) if one.get("child_ref") is None]
    certificates = _certificates(journey)
    met = [Span(one.latest, None, (one,), one.exact) for one in certificates]
    for visit in _visits(told):
        met += clock(journey, "A12.years_school", visit)
    first = min((one.latest for one in (*told, *certificates)), default=None)
    unknown = ALWAYS if first is None else Span(date.min, plus_days(first, -1))
    against = [Span(one.latest, None, (one,), one.exact) for one in reversed(told)]
    return Days(tuple(apart(met)), (unknown,), tuple(against))


def _certificates(journey: Derived) -> list[Seen]:
    return [
        one
        for one in journey.view.of("SchoolCertificateObtained", "TrainingCompleted")
        if one.get("child_ref") is None and one.get("origin") != _FOREIGN
    ]


def _visits(told: list[Seen]) -> list[Span]:
    """Return the stretches at school: from the first fact that tells of one to the day before it is left."""
    found: list[Span] = []
    begun: Seen | None = None
    for one in told:
        if one.type != "SchoolLeft":
            begun = begun or one
        elif begun is not None:
            if begun.latest < one.latest:
                found.append(Span(begun.latest, plus_days(one.latest, -1), (begun,), begun.exact))
            begun = None
    return found if begun is None else [*found, Span(begun.latest, None, (begun,), begun.exact)]


def _imprisoned(journey: Derived) -> tuple[Span, ...]:
    months = journey.bounds.in_force("A11.imprisonment", date.max).number
    return tuple(
        Span(one.latest, None, (one,), one.exact)
        for one in journey.view.of("ConvictionRecorded")
        if (one.get("months") or 0) >= months
    )


def _here_on_the_key_date(journey: Derived) -> Days:
    key_date = journey.bounds.in_force("A31.key_date", date.max).day
    years = journey.bounds.in_force("A31.years", date.max)
    return Days(
        tuple(
            Span(key_date, here.last, here.facts, here.exact)
            for here in journey.once(presence)
            if after(here.first, years) <= key_date and here.holds_on(key_date)
        )
    )


def _convicted(journey: Derived) -> tuple[Span, ...]:
    """Return the days from which the fines together are too high, or from any imprisonment on."""
    rates = journey.bounds.in_force("A31.daily_rates", date.max).number
    fined = 0
    for one in journey.view.of("ConvictionRecorded"):
        fined += one.get("daily_rates") or 0
        if fined > rates or one.get("months"):
            return (Span(one.latest, None, (one,), one.exact),)
    return ()


STAY_25B = Checklist(
    id="AUFENTHG_25B",
    label=Label("§ 25b AufenthG (nachhaltige Integration)", "§ 25b (sustained integration)"),
    source="§ 25b AufenthG",
    rule="A11",
    items=(
        Item(
            "status",
            Label("Duldung oder Chancen-Aufenthaltsrecht", "toleration or § 104c"),
            "§ 25b Abs. 1 S. 1 AufenthG",
            _may_stay,
            for_whom=True,
        ),
        Item(
            "stay",
            Label("Aufenthaltszeit", "length of stay"),
            "§ 25b Abs. 1 S. 2 Nr. 1 AufenthG",
            _stay_25b,
        ),
        Item(
            "identity",
            Label("geklärte Identität", "identity clarified"),
            "§ 5 AufenthG",
            identity_days,
        ),
        Item(
            "language",
            Label("Deutsch mündlich (A2)", "spoken German (A2)"),
            "§ 25b Abs. 1 S. 2 Nr. 4 AufenthG",
            lambda journey: language_days(journey.view, "A2", spoken=True),
        ),
        Item(
            "livelihood",
            Label("überwiegend gesicherter Lebensunterhalt", "livelihood secured predominantly"),
            "§ 25b Abs. 1 S. 2 Nr. 3 AufenthG",
            lambda journey: livelihood_days(journey, "predominantly"),
        ),
        Item(
            "civics",
            Label("Grundkenntnisse der Rechtsordnung", "basic legal knowledge"),
            "§ 25b Abs. 1 S. 2 Nr. 2 AufenthG",
            lambda journey: civics_days(journey.view),
            only_missing=True,
        ),
    ),
    exceptions=(
        Exclusion(
            "imprisonment",
            Label("Freiheitsstrafe", "imprisonment"),
            "§ 25b Abs. 2 Nr. 2, § 54 AufenthG",
            _imprisoned,
        ),
    ),
)

STAY_25A = Checklist(
    id="AUFENTHG_25A",
    label=Label(
        "§ 25a AufenthG (gut integrierte Jugendliche)", "§ 25a (well integrated young people)"
    ),
    source="§ 25a AufenthG",
    rule="A12",
    items=(
        Item(
            "status",
            Label("Duldung oder Chancen-Aufenthaltsrecht", "toleration or § 104c"),
            "§ 25a Abs. 1 S. 1 AufenthG",
            _may_stay,
            for_whom=True,
        ),
        Item(
            "tolerated",
            Label("zwölf Monate Duldung", "twelve months of toleration"),
            "§ 25a Abs. 1 S. 1 AufenthG",
            _tolerated_25a,
        ),
        Item(
            "stay",
            Label("Aufenthaltszeit", "length of stay"),
            "§ 25a Abs. 1 S. 1 Nr. 1 AufenthG",
            _stay_25a,
        ),
        Item(
            "school",
            Label("Schulbesuch oder Abschluss", "school or certificate"),
            "§ 25a Abs. 1 S. 1 Nr. 2 AufenthG",
            _school,
        ),
    ),
)

STAY_104C = Checklist(
    id="AUFENTHG_104C",
    label=Label("§ 104c AufenthG (Chancen-Aufenthaltsrecht)", "§ 104c (Chancen-Aufenthaltsrecht)"),
    source="§ 104c AufenthG",
    rule="A31",
    items=(
        Item(
            "status",
            Label("Duldung", "toleration"),
            "§ 104c Abs. 1 AufenthG",
            _tolerated,
            for_whom=True,
        ),
        Item(
            "key_date",
            Label("fünf Jahre Aufenthalt am Stichtag", "five years of stay on the key date"),
            "§ 104c Abs. 1 AufenthG",
            _here_on_the_key_date,
        ),
    ),
    exceptions=(
        Exclusion(
            "conviction",
            Label("Verurteilung", "conviction"),
            "§ 104c Abs. 1 S. 1 Nr. 2 AufenthG",
            _convicted,
        ),
    ),
)
