"""The checklists of permanent residence: §§ 9, 9a, 18c, 26, 28 and 35 AufenthG (reference 2.8).

Each names the titles of which it may follow, how long what must have been held, and what has to be proven.
The numbers are bounds of the rules A14 and T05.
"""

from collections.abc import Callable, Iterator

from domain.chain.calendar import plus_days
from domain.chain.checklists.checklist import Checklist, Days, Item
from domain.chain.checklists.presence import clock, long_absences, runs, status_spans, with_title
from domain.chain.checklists.proofs import (
    civics_days,
    housing_days,
    language_days,
    livelihood_days,
    pension_days,
)
from domain.chain.counting import Range
from domain.chain.derived import Derived
from domain.chain.spans import Span, without
from domain.chain.states.person import birthdays
from domain.chain.states.residence import Status, Stay
from domain.chain.windows import after
from domain.labels import Label

Find = Callable[[Derived], Days]


def _codes(text: str) -> frozenset[str]:
    return frozenset(f"AUFENTHG_{one}" for one in text.split())


SKILLED = _codes("18A 18B 18D 18G")
VOCATIONAL = _codes("18A")
BLUE_CARD = _codes("18G")
REFUGEE = _codes("25_1 25_2_FL 23_4")
HUMANITARIAN = _codes("22 23_1 23_2 25_2_SUB 25_3 25_4_2 25_4A 25_4B 25_5 25A 25B")
GERMAN_FAMILY = _codes("28")
FAMILY = _codes("28 29 32 36 36A")
GENERAL = _codes("18A 18B 18D 18G 19C 19D 21 28 29 30 31 32 36 36A 38A")
LONG_TERM_EU = GENERAL | _codes("23_2 25_1 25_2_FL 25_2_SUB")
HELD_HUMANITARIAN = HUMANITARIAN | REFUGEE | _codes("24 25_4 104C")
HELD = GENERAL | HELD_HUMANITARIAN
"""The titles whose time counts for the general clocks: not those for training, study, search or visits."""


_NEVER = Days()


def _bases(journey: Derived) -> frozenset[str | None]:
    return frozenset(one.basis for one in journey.stays)


def _on_title(codes: frozenset[str], *, untold: bool = False) -> Find:
    """Return what finds the days with a title of these bases; ``untold``: unknown with one of no told basis."""

    def find(journey: Derived) -> Days:
        if not untold and codes.isdisjoint(journey.once(_bases)):
            return _NEVER
        met = status_spans(journey, lambda one: with_title(one, codes))
        without_basis = (
            status_spans(journey, lambda one: one.status is Status.TITLE and one.basis is None)
            if untold
            else ()
        )
        return Days(tuple(met), tuple(without_basis))

    return find


def _held(bound: str, codes: frozenset[str], *, untold: bool = False) -> Find:
    """Return what finds the days on which titles of these bases have been held for long enough."""

    def counts(one: Stay) -> bool:
        return with_title(one, codes) or (
            untold and one.status is Status.TITLE and one.basis is None
        )

    def find(journey: Derived) -> Days:
        found: list[Span] = []
        held = list(_unbroken_runs(journey, counts))
        for run in held:
            found += clock(journey, bound, run)
        return Days(tuple(found), (), tuple(held))

    return find


def _held_since_asylum(bound: str, codes: frozenset[str]) -> Find:
    """Return the same with the time of protection, and of the asylum procedure before, set off."""

    def counts(one: Stay) -> bool:
        return with_title(one, codes) or one.status is Status.PROTECTED

    def find(journey: Derived) -> Days:
        found: list[Span] = []
        away = journey.once(long_absences)
        for run in runs(journey, counts):
            for left in without(run, away):
                days = _days_of_procedure(journey, run) if left.first == run.first else 0
                found += clock(journey, bound, left, plus_days(left.first, -days))
        return Days(tuple(found), (), tuple(runs(journey, counts)))

    return find


def _unbroken_runs(journey: Derived, counts: Callable[[Stay], bool]) -> Iterator[Span]:
    away = journey.once(long_absences)
    for run in runs(journey, counts):
        yield from without(run, away)


def _days_of_procedure(journey: Derived, run: Span) -> int:
    """Return how many days the last stretch of Gestattung before a run had."""
    last = None
    for one in journey.stays:
        if one.first >= run.first:
            break
        if one.status is Status.GESTATTUNG:
            last = one
    return 0 if last is None or last.last is None else (last.last - last.first).days + 1


def _held_at_sixteen(journey: Derived) -> Days:
    """Return the days from the 16th birthday on, if titles of the family had then been held for long enough."""
    if journey.born is None:
        return Days()
    years = journey.bounds.in_force("A14.years_35", journey.born.latest)
    age = journey.bounds.in_force("A14.age_35", journey.born.latest).number
    birthday: Range = birthdays(journey.born, age)
    return Days(
        tuple(
            Span(birthday.latest, run.last, run.facts, run.exact and birthday.exact)
            for run in _unbroken_runs(journey, lambda one: with_title(one, FAMILY))
            if after(run.first, years) <= birthday.latest
            and (run.last is None or birthday.latest <= run.last)
        )
    )


def _level(level: str) -> Find:
    return lambda journey: language_days(journey.view, level)


def _proven(find: Find) -> Find:
    """Return the same where what is not proven is not met: nobody asks for it unasked."""
    return lambda journey: Days(journey.once(find).met)


def _pension(bound: str) -> Find:
    def find(journey: Derived) -> Days:
        wanted = journey.bounds.rows[bound][-1].number
        return pension_days(journey.view, wanted)

    return find


def _trained_here(*types: str) -> Find:
    def find(journey: Derived) -> Days:
        done = journey.view.of(*types)[:1]
        return Days(tuple(Span(one.latest, None, (one,), one.exact) for one in done))

    return find


_A1, _A2, _B1, _C1 = _level("A1"), _level("A2"), _level("B1"), _level("C1")
_C1_PROVEN, _B1_PROVEN = _proven(_C1), _proven(_B1)


def _full(journey: Derived) -> Days:
    return livelihood_days(journey, "full")


def _predominantly(journey: Derived) -> Days:
    return livelihood_days(journey, "predominantly")


def _civics(journey: Derived) -> Days:
    return civics_days(journey.view)


def _housing(journey: Derived) -> Days:
    return housing_days(journey.view)


def _title(source: str, find: Find) -> Item:
    label = Label("passender Aufenthaltstitel", "a fitting title")
    return Item("status", label, source, find, for_whom=True)


def _clock(source: str, find: Find) -> Item:
    return Item("clock", Label("Zeit mit Aufenthaltstitel", "time with a title"), source, find)


def _language(level: str, source: str, find: Find) -> Item:
    return Item("language", Label(f"Deutsch {level}", f"German {level}"), source, find)


def _months(source: str, find: Find) -> Item:
    return Item("pension", Label("Rentenbeiträge", "pension contributions"), source, find)


def _means(source: str, find: Find, *, presumed: bool = False) -> Item:
    label = Label("Lebensunterhalt", "livelihood")
    return Item("livelihood", label, source, find, presumed=presumed)


def _society(source: str, *, only_missing: bool = False) -> Item:
    label = Label("Leben in Deutschland (LiD)", "civics (LiD)")
    return Item("civics", label, source, _civics, only_missing=only_missing)


def _home(source: str) -> Item:
    return Item("housing", Label("Wohnraum", "housing"), source, _housing, presumed=True)


def _trained(source: str, find: Find) -> Item:
    return Item("training", Label("deutscher Abschluss", "German qualification"), source, find)


def _list(name: str, de: str, en: str, source: str, *items: Item, rule: str = "A14") -> Checklist:
    return Checklist(name, Label(de, en), source, rule, items)


_S9 = "§ 9 Abs. 2 AufenthG"
_S26_3 = "§ 26 Abs. 3 AufenthG"
_S26_4 = "§ 26 Abs. 4 AufenthG"
_S18C_1 = "§ 18c Abs. 1 AufenthG"
_S18C_2 = "§ 18c Abs. 2 AufenthG"
_S28 = "§ 28 Abs. 2 AufenthG"
_S35 = "§ 35 Abs. 1 AufenthG"
_S9A = "§ 9a Abs. 2 AufenthG"

NE_9 = _list(
    "9",
    "§ 9 AufenthG (Niederlassungserlaubnis)",
    "§ 9 (settlement permit)",
    _S9,
    _title(_S9, _on_title(GENERAL, untold=True)),
    _clock(_S9, _held("A14.years_9", HELD, untold=True)),
    _months(_S9, _pension("A14.pension_9")),
    _means(_S9, _full),
    _language("B1", _S9, _B1),
    _society(_S9),
    _home(_S9),
)
NE_26_3 = _list(
    "26_3",
    "§ 26 Abs. 3 S. 1 AufenthG (nach fünf Jahren)",
    "§ 26(3) s. 1 (after five years)",
    _S26_3,
    _title(_S26_3, _on_title(REFUGEE)),
    _clock(_S26_3, _held_since_asylum("A14.years_26_3", REFUGEE)),
    _means(_S26_3, _predominantly),
    _language("A2", _S26_3, _A2),
    _society(_S26_3, only_missing=True),
)
NE_26_3_3 = _list(
    "26_3_3",
    "§ 26 Abs. 3 S. 3 AufenthG (nach drei Jahren)",
    "§ 26(3) s. 3 (after three years)",
    _S26_3,
    _title(_S26_3, _on_title(REFUGEE)),
    _language("C1", _S26_3, _C1_PROVEN),
    _clock(_S26_3, _held_since_asylum("A14.years_26_3_3", REFUGEE)),
    _means(_S26_3, _full),
    _society(_S26_3, only_missing=True),
)
NE_26_4 = _list(
    "26_4",
    "§ 26 Abs. 4 AufenthG (humanitäre Titel)",
    "§ 26(4) (humanitarian titles)",
    _S26_4,
    _title(_S26_4, _on_title(HUMANITARIAN)),
    _clock(_S26_4, _held_since_asylum("A14.years_26_4", HELD_HUMANITARIAN)),
    _months(_S26_4, _pension("A14.pension_9")),
    _means(_S26_4, _full),
    _language("B1", _S26_4, _B1),
    _society(_S26_4),
    _home(_S26_4),
)
NE_18C_1 = _list(
    "18C_1",
    "§ 18c Abs. 1 S. 1 AufenthG (Fachkraft, drei Jahre)",
    "§ 18c(1) s. 1 (skilled worker, three years)",
    _S18C_1,
    _title(_S18C_1, _on_title(SKILLED)),
    _clock(_S18C_1, _held("A14.years_18c", SKILLED)),
    _months(_S18C_1, _pension("A14.pension_18c")),
    _language("B1", _S18C_1, _B1),
    _means(_S18C_1, _full, presumed=True),
    _home(_S18C_1),
    _society(_S18C_1, only_missing=True),
)
NE_18C_1_2 = _list(
    "18C_1_2",
    "§ 18c Abs. 1 S. 2 AufenthG (deutscher Abschluss, zwei Jahre)",
    "§ 18c(1) s. 2 (German qualification, two years)",
    _S18C_1,
    _title(_S18C_1, _on_title(SKILLED)),
    _trained(_S18C_1, _trained_here("TrainingCompleted", "StudyCompleted")),
    _clock(_S18C_1, _held("A14.years_18c_german", SKILLED)),
    _months(_S18C_1, _pension("A14.pension_18c_german")),
    _language("B1", _S18C_1, _B1),
    _means(_S18C_1, _full, presumed=True),
    _home(_S18C_1),
    _society(_S18C_1, only_missing=True),
)
NE_18C_2 = _list(
    "18C_2",
    "§ 18c Abs. 2 S. 1 AufenthG (Blaue Karte)",
    "§ 18c(2) s. 1 (Blue Card)",
    _S18C_2,
    _title(_S18C_2, _on_title(BLUE_CARD)),
    _clock(_S18C_2, _held("A14.months_18c_2", BLUE_CARD)),
    _language("A1", _S18C_2, _A1),
    _means(_S18C_2, _full, presumed=True),
    _home(_S18C_2),
    _society(_S18C_2, only_missing=True),
)
NE_18C_2_B1 = _list(
    "18C_2_B1",
    "§ 18c Abs. 2 S. 3 AufenthG (Blaue Karte, B1)",
    "§ 18c(2) s. 3 (Blue Card, B1)",
    _S18C_2,
    _title(_S18C_2, _on_title(BLUE_CARD)),
    _language("B1", _S18C_2, _B1_PROVEN),
    _clock(_S18C_2, _held("A14.months_18c_2_b1", BLUE_CARD)),
    _means(_S18C_2, _full, presumed=True),
    _home(_S18C_2),
    _society(_S18C_2, only_missing=True),
)
NE_28_2 = _list(
    "28_2",
    "§ 28 Abs. 2 AufenthG (Familie Deutscher)",
    "§ 28(2) (family of Germans)",
    _S28,
    _title(_S28, _on_title(GERMAN_FAMILY)),
    _clock(_S28, _held("A14.years_28_2", GERMAN_FAMILY)),
    _language("B1", _S28, _B1),
    _means(_S28, _full, presumed=True),
)
NE_35 = _list(
    "35",
    "§ 35 AufenthG (Kinder ab dem 16. Geburtstag)",
    "§ 35 (children from the 16th birthday)",
    _S35,
    _title(_S35, _on_title(FAMILY)),
    _clock(_S35, _held_at_sixteen),
)
EU_9A = _list(
    "9A",
    "§ 9a AufenthG (Daueraufenthalt-EU)",
    "§ 9a (EU long-term residence)",
    _S9A,
    _title(_S9A, _on_title(LONG_TERM_EU)),
    _clock(_S9A, _held("A14.years_9a", HELD)),
    _language("B1", _S9A, _B1),
    _means(_S9A, _full, presumed=True),
    _home(_S9A),
    _society(_S9A),
)
NE_AFTER_TRAINING = _list(
    "T05",
    "§ 18c Abs. 1 S. 2 AufenthG (Fachkraft nach Ausbildung)",
    "§ 18c(1) s. 2 (skilled worker after training)",
    _S18C_1,
    _title(_S18C_1, _on_title(VOCATIONAL)),
    _trained(_S18C_1, _trained_here("TrainingCompleted")),
    _clock(_S18C_1, _held("T05.years", VOCATIONAL)),
    _months(_S18C_1, _pension("T05.pension")),
    _language("B1", _S18C_1, _B1),
    _society(_S18C_1),
    _means(_S18C_1, _full, presumed=True),
    rule="T05",
)
PERMANENT = (
    NE_9,
    NE_26_3,
    NE_26_3_3,
    NE_26_4,
    NE_18C_1,
    NE_18C_1_2,
    NE_18C_2,
    NE_18C_2_B1,
    NE_28_2,
    NE_35,
    EU_9A,
)
"""The ways to permanent residence, in the order in which they are told."""
