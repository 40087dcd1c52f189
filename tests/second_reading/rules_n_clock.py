"""The clock of naturalisation: N03, N09, N11."""

from datetime import date

from tests.second_reading.basis import (
    Row,
    Told,
    View,
    bound,
    facts_after,
    of,
    plus_days,
    settle,
)
from tests.second_reading.naturalisation import (
    PROTECTED,
    TITLES,
    Clock,
    absences,
    clocks,
    interruptions,
    is_lawful,
)
from tests.second_reading.residence import Stretch, begun, standing, stay_of
from tests.second_reading.rules_a4 import Period, runs_of
from tests.second_reading.rules_a4 import changes_in as changes

LAW_CHANGES = date(2024, 6, 27)

# N09


def n09(view: View) -> list[Row]:
    rows: list[Row] = []
    for absence in absences(view):
        back = [] if absence.last is None else [plus_days(absence.last, 1)]
        if absence.last == absence.due:
            back = [absence.due]
        rows += settle("N09", view, absence.fact, absence.first, absence.due, followed=back)
    for one in interruptions(view):
        if one.by_sum:
            rows += settle(
                "N09",
                view,
                one.absence.fact,
                one.days.first,
                plus_days(one.days.first, -1),
                key=f"{one.absence.fact.id}+half",
                followed=[plus_days(one.days.last, 1)],
            )
    return rows


# N11


def n11(view: View) -> list[Row]:
    stay = stay_of(view)
    rows: list[Row] = []
    for place, one in enumerate(stay):
        if place == 0 or is_lawful(stay, place) or not is_lawful(stay, place - 1):
            continue
        if one.status in (None, "gone", "german"):
            continue
        following = [two for two in range(place, len(stay)) if is_lawful(stay, two)]
        rows += settle(
            "N11",
            view,
            _first_not_lawful(view, one.first),
            one.first,
            plus_days(one.first, -1),
            followed=[stay[two].first for two in following[:1]],
        )
    return rows


def _first_not_lawful(view: View, day: date) -> Told:
    """The fact of the first status of the day that is not lawful, after the last lawful one of it."""
    found: Told | None = None
    for one in begun(view):
        if one.first != day:
            continue
        if one.status in TITLES or (one.status == "protected" and one.basis in PROTECTED):
            found = None
        else:
            found = found or one.fact
    assert found is not None
    return found


# N03


def excluded_on(basis: str, day: date) -> bool:
    codes = bound("N01.excluded_titles", day)
    return basis in [code.removeprefix("AUFENTHG_") for code in codes]


def titles_before(stay: list[Stretch], one: Stretch) -> list[Stretch]:
    return [two for two in stay if two.status == "title" and two.first < one.first]


def basis_of_title(stay: list[Stretch], one: Stretch) -> str | None:
    """The basis of a title, or of the title that was the status before."""
    if one.basis is not None or one.rests_on is None or one.rests_on.type == "TitleGranted":
        return one.basis
    earlier = titles_before(stay, one)
    return earlier[-1].basis if earlier else None


def after_title(stay: list[Stretch], one: Stretch) -> bool:
    rests_on_title = one.rests_on is not None and one.rests_on.type == "TitleGranted"
    return rests_on_title or bool(titles_before(stay, one))


def _days_under(stay: list[Stretch], excluded: bool) -> list[Period]:
    """Days under an excluded title, or under titles whose basis is not known."""
    found = []
    for one in stay:
        under = one.status == "title" or (
            one.status in ("fiktion", "without_title") and after_title(stay, one)
        )
        basis = basis_of_title(stay, one)
        if not under or excluded == (basis is None):
            continue
        for law in (
            Period(date.min, plus_days(LAW_CHANGES, -1)),
            Period(LAW_CHANGES),
        ):
            first, last = max(one.first, law.first), min(one.last, law.last)
            if first <= last and (basis is None or excluded_on(basis, first)):
                found.append(Period(first, last))
    return found


def n03(view: View) -> list[Row]:
    stay = stay_of(view)
    runs: list[tuple[Period, Clock, str]] = []
    for kind in ("gap", "data"):
        under = _days_under(stay, kind == "gap")
        for clock in clocks(view, stay):
            days = [clock.days.first, *([] if clock.days.last == date.max else [clock.days.last])]
            inside = runs_of(
                [*changes(under), *days, *changes([clock.days])],
                lambda day, under=under, clock=clock: (
                    clock.days.has(day) and any(one.has(day) for one in under)
                ),
            )
            runs += [(run, clock, kind) for run in inside]
    rows: list[Row] = []
    keys: dict[str, int] = {}
    for run, clock, kind in sorted(runs, key=lambda one: one[0].first):
        if run.last < clock.full(bound("N03.advice", run.first), "months"):
            continue
        trigger = next(one.rests_on for one in stay if one.has(run.first))
        assert trigger is not None
        keys[trigger.id] = keys.get(trigger.id, 0) + 1
        number = keys[trigger.id]
        key = trigger.id if number == 1 else f"{trigger.id}+{number}"
        rows += _n03_of(view, stay, run, clock, kind, trigger, key)
    return rows


def _n03_of(
    view: View,
    stay: list[Stretch],
    run: Period,
    clock: Clock,
    kind: str,
    trigger: Told,
    key: str,
) -> list[Row]:
    begins = max(clock.full(bound("N03.advice", run.first), "months"), run.first)
    due = max(clock.full(bound("N03.months", run.first), "months"), plus_days(begins, -1))
    advised = of(view, "NaturalisationAdvised", "PrecheckCompleted")
    valid = standing(view)
    applied = [
        one
        for one in facts_after(valid, trigger, "TitleApplied")
        if one.basis is not None
        and not excluded_on(one.basis, one.latest)
        and not facts_after(valid, one, "TitleRefused")
    ]
    after = [] if run.last == date.max else [plus_days(run.last, 1)]
    law_alone = bool(after) and any(
        one.has(run.last) and one.has(after[0]) and clock.days.has(after[0]) for one in stay
    )
    return settle(
        "N03",
        view,
        trigger,
        begins,
        due,
        key=key,
        kind=kind,
        followed=[*(one for one in advised if one.latest >= begins), *applied],
        cancelled=[] if law_alone else after,
        law_ends=after[0] if law_alone else None,
    )


READERS = {"N03": n03, "N09": n09, "N11": n11}
