"""Residence titles: their end, what shortened or lost them, and which application counts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from domain.chain.calendar import plus_days
from domain.chain.counting import Range, counts_from, range_of
from domain.chain.reading import Seen, View
from domain.chain.states.annulment import (
    annulled,
    annulled_by,
    is_void,
    perhaps_annulled,
    perhaps_void,
)

PERMANENT_TITLES = frozenset(
    f"AUFENTHG_{code}" for code in ("9", "9A", "18C", "26_3", "26_4", "28_2", "35")
) | {"DEUTSCH"}
TEMPORARY_PROTECTION = "AUFENTHG_24"
CHANCE_TITLE = "AUFENTHG_104C"
STAY_AFTER_CHANCE = frozenset({"AUFENTHG_25A", "AUFENTHG_25B"})
_PROLONGED_IN = (2024, 2025, 2026)
_FEBRUARY, _MARCH = 2, 3


@dataclass(slots=True)
class Title:
    """One granted title.

    Attributes:
        grant: The fact that granted it.
        basis: Its residence basis, if known.
        end: Its possible last days, if known: after every shortening and prolongation.
        own_end: Whether the end stands in the grant itself.
        told_end: The end before any regulation prolonged it.
        shortenings: Every shortening in order, with the end as it was before.
        losses: Revocations and lapses of this title, from its grant on.
        told_losses: The same, also those told of a day before its grant.
        newer: Every title granted after it.
        annulled_exactly: Whether it is known which of its shortenings and losses are void.
    """

    grant: Seen
    basis: str | None
    end: Range | None
    own_end: bool
    shortenings: list[tuple[Seen, Range | None]]
    losses: list[Seen]
    newer: list[Seen]
    told_end: Range | None = None
    told_losses: tuple[Seen, ...] = ()
    annulled_exactly: bool = True

    @property
    def permanent(self) -> bool:
        """Say whether it never ends, whatever its paper says."""
        return self.basis is not None and (
            self.basis in PERMANENT_TITLES or self.basis.startswith("FREIZUEGG_EU")
        )

    @property
    def shortened_by(self) -> tuple[Seen, ...]:
        """Return the facts that shortened it, in order."""
        return tuple(one for one, _ in self.shortenings)

    @property
    def shortened_exactly(self) -> bool:
        """Say whether the day of every shortening is known."""
        return all(one.exact for one in self.shortened_by)

    @property
    def over_unsure_from(self) -> date | None:
        """Return the first day that may be the first without it; None if that day is known, or no end is."""
        if self.end is None:
            return None
        last = self.shortened_by[-1:]
        if not last or last[0].latest <= self.end.latest:
            return self.end.next_day.unsure_from
        unsure = last[0].unsure_from
        return None if unsure is None else plus_days(max(self.end.earliest, unsure), 1)

    def by_the_end(self, one: Seen) -> bool:
        """Say whether a fact happened by the end: on its earliest day, or undated."""
        return self.end is not None and (not one.dated or one.earliest <= self.end.latest)

    def admits(self, application: Seen) -> bool:
        """Say whether an application may follow this title: after § 104c only §§ 25a, 25b or unknown."""
        if self.basis != CHANCE_TITLE:
            return True
        basis = application.get("basis")
        return basis is None or basis in STAY_AFTER_CHANCE

    @property
    def lost_by_the_end(self) -> list[Seen]:
        """Return the losses by the end."""
        return [one for one in self.losses if self.by_the_end(one)]


class Titles:
    """The titles of a journey in order, and the applications that count for each."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._annulments = annulled(view)

    @cached_property
    def all(self) -> list[Title]:
        """Return every title in the order of its grant."""
        grants = self._view.of("TitleGranted")
        concerned, unsure = self._concerned(grants)
        found = [
            _title(grant, grants[place + 1 :], concerned.get(grant.id, []))
            for place, grant in enumerate(grants)
        ]
        for title in found:
            title.annulled_exactly = title.grant.id not in unsure
        return found

    def before(self, one: Seen) -> Title | None:
        """Return the latest title granted before a fact."""
        found = None
        for title in self.all:
            if title.grant.rank >= one.rank:
                break
            found = title
        return found

    def counting_applications(self, title: Title) -> list[Seen]:
        """Return the applications after a grant that count for what follows it."""
        return [
            one
            for one in self._view.after(title.grant, "TitleApplied")
            if title.admits(one) and not self._refused_in_time(title, one)
        ]

    def _refused_in_time(self, title: Title, application: Seen) -> bool:
        """Say whether the application was refused by the known end, and still is when the title is gone."""
        if title.end is None:
            return False
        end, gone = title.end.latest, first_day_without_title(title)
        return any(
            one.latest <= end and not annulled_by(self._annulments, one, gone)
            for one in self._view.after(application, "TitleRefused")
        )

    def decided_exactly(self, title: Title) -> bool:
        """Say whether the days of all decisions on a title are known, and which of them were annulled in time."""
        if not (title.shortened_exactly and title.annulled_exactly):
            return False
        if title.end is None or not self._annulments:
            return True
        last, gone = title.end.latest, first_day_without_title(title)
        days = Range(title.over_unsure_from or gone, gone)
        return not any(
            refusal.latest <= last and perhaps_annulled(self._annulments, refusal, days)
            for one in self._view.after(title.grant, "TitleApplied")
            if title.admits(one)
            for refusal in self._view.after(one, "TitleRefused")
        )

    def _concerned(self, grants: list[Seen]) -> tuple[dict[str, list[Seen]], set[str]]:
        """Return what shortened or lost each title and is not void, and the titles of which that is unsure.

        It concerns the named one, else the latest before.
        """
        found: dict[str, list[Seen]] = {}
        unsure = set()
        for one in self._view.of("TitleShortened", "TitleRevoked", "TitleExpired"):
            named = one.get("title")
            if named is None:
                earlier = [grant.id for grant in grants if grant.rank < one.rank]
                named = earlier[-1] if earlier else None
            if named is None:
                continue
            if perhaps_void(self._annulments, one):
                unsure.add(named)
            if not is_void(self._annulments, one):
                found.setdefault(named, []).append(one)
        return found, unsure


def _title(grant: Seen, newer: list[Seen], concerned: list[Seen]) -> Title:
    basis = grant.get("basis")
    end = range_of(grant.day("valid_until"))
    own_end = end is not None
    shortenings: list[tuple[Seen, Range | None]] = []
    for one in concerned:
        new_end = range_of(one.day("new_valid_until"))
        if one.type == "TitleShortened" and new_end is not None:
            shortenings.append((one, end))
            end, own_end = new_end, False
    lost = tuple(one for one in concerned if one.type != "TitleShortened")
    losses = [one for one in lost if counts_from(grant, one)]
    told_end = end
    if basis == TEMPORARY_PROTECTION and end is not None:
        shortened = [one for one, _ in shortenings]
        end = max(
            (prolonged for _, prolonged in prolongations(grant, end, shortened, losses)),
            key=lambda days: days.latest,
            default=end,
        )
    return Title(grant, basis, end, own_end, shortenings, losses, newer, told_end, lost)


def prolongations(
    grant: Seen, end: Range, shortenings: list[Seen], losses: list[Seen]
) -> Iterator[tuple[date, Range]]:
    """Prolong temporary protection by each year's regulation: valid on 1 February, to 4 March next.

    Yields the fixed day of every regulation that prolongs the title, and the possible last days by then.
    """
    for year in _PROLONGED_IN:
        key_date = date(year, _FEBRUARY, 1)
        if grant.latest > key_date or end.latest < key_date:
            continue
        if any(one.latest > key_date for one in shortenings):
            continue
        if any(one.latest < key_date for one in losses):
            continue
        prolonged = date(year + 1, _MARCH, 4)
        if end.earliest >= prolonged:
            continue
        end = Range(max(end.earliest, prolonged), max(end.latest, prolonged))
        yield prolonged, end


def first_warning_day(title: Title, lead_start: Callable[[date], date]) -> date | None:
    """Return the first day of a window that leads to the end; None if a shortening left no window.

    After a shortening on day s it is the later of the first day by the new end, and the earlier of s
    and the first day by the old end; without an old end, s.
    """
    if title.end is None:
        return None
    first = lead_start(title.end.earliest)
    if title.shortenings:
        shortening, old_end = title.shortenings[-1]
        day = shortening.latest
        if day > title.end.latest:
            return None
        first = max(first, day if old_end is None else min(day, lead_start(old_end.earliest)))
    if title.own_end and not title.grant.dated:
        return first
    return max(first, title.grant.latest)


def first_day_without_title(title: Title) -> date:
    """Return the day after the end, or after the shortening that set the end in the past."""
    if title.end is None:
        message = "a title without a known end has no day after it"
        raise ValueError(message)
    day = title.end.latest
    if title.shortenings:
        day = max(day, title.shortenings[-1][0].latest)
    return plus_days(day, 1)
