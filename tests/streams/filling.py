"""Fills a fresh journal quickly: many facts of every kind that the relay tells apart, and crossings.

Marks are planted where nothing may leave the house (``SECRETS``) and where something must
(``PUBLISHED``): both are looked for in the broker's files afterwards.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from domain.days import PartialDate
from domain.events.record import JourneyErased
from domain.events.registry import read_fact
from domain.fact import Fact
from domain.fields import DataClass
from domain.journal import Actor, Append, Entry, Journal, Outcome
from infra.journal import JournalRecorder

SECRETS = {
    "identity": "Zwetschgenkanarie",
    "address": "Kanarienweg 17b",
    "file number": "AZ-KANARIE-4711/26",
    "notes": "Notizkanarie sagt etwas",
    "sensitive": "kind-kanarie-0815",
    "corrected identity": "Berichtigungskanarie",
    "free text of a base fact": "Freitextkanarie",
    "a name where a key belongs": "Kanarie & Töchter, Frau Vogel",
    "case number": "FALL-KANARIE-99",
    "course number": "KURS-KANARIE-77",
    "id of a fact": "typed-id-kanarie",
    "who recorded": "sachbearbeiterin-kanarie",
    "before its erasure": "vor-der-loeschung-kanarie",
}
PUBLISHED = "kanarie.traeger-nrw"

_CASE, _FREE = SECRETS["case number"], SECRETS["free text of a base fact"]
_NO_KEY = SECRETS["a name where a key belongs"]
_KINDS: Sequence[tuple[str, Mapping[str, object]]] = (
    ("CaseOpened", {"org_unit": "kim.herne", "carrier": PUBLISHED, "case_id": _CASE}),
    ("ContactHeld", {"channel": "phone", "minutes": 30, "case_id": _CASE}),
    ("CourseRegistered", {"provider": PUBLISHED, "kind": "IK_ALLGEMEIN"}),
    ("CourseStarted", {"provider": PUBLISHED, "course_no": SECRETS["course number"]}),
    ("CourseStarted", {"provider": _NO_KEY, "kind": "BSK_B2", "module_no": 2}),
    ("NoteTaken", {"text": SECRETS["notes"]}),
    ("CourseCompleted", {"ue_total": 600}),
    ("PersonIdentified", {"given_names": "Amsel", "family_name": SECRETS["identity"]}),
    ("LanguageTestTaken", {"accredited": True, "taken_abroad": False}),
    ("HandoverOffered", {"from": "jobcenter", "to": "kim.herne", "transfer_scope": _FREE}),
    ("HandoverAccepted", {"from": "jobcenter", "to": "kim.herne", "case_id": _CASE}),
    ("ChildBorn", {"child_journey_id": SECRETS["sensitive"]}),
    ("TitleGranted", {"course_claim": True, "purpose_bound_to": _FREE}),
    ("IdentityDocumentsRequested", {"items": (_FREE,)}),
    ("EmploymentStarted", {"employer": _NO_KEY, "hours_per_week": 38.5}),
    ("ContactDetailsRecorded", {"address": SECRETS["address"]}),
    ("EmploymentEnded", {"end_reason": _FREE}),
    ("FileNumberRecorded", {"number": SECRETS["file number"]}),
    ("NaturalisationApplied", {"complete": True}),
    ("CaseClosed", {"goals_summary": _FREE}),
    ("MemberJoined", {"member_journey_id": str(UUID(int=7)), "role": "parent"}),
    ("AddressRegistered", {"ags": "05916000"}),
)
_ERASED_EVERY = 40
_ACTOR = Actor(SECRETS["who recorded"], "case_manager", "kim.herne")
_APPENDS_IN_A_CALL = 400
_IN_A_PAGE = 5_000


@dataclass(slots=True)
class _Journey:
    """One journey while it grows."""

    id: UUID
    erased: bool
    version: int = 0
    ids: list[str] = field(default_factory=list)


def fill(journal: Journal, events: int, journeys: int = 400, seed: int = 1) -> None:
    """Append exactly so many events over so many journeys, in appends of one to nine events."""
    waiting: list[Append] = []
    for append in _appends(events, journeys, random.Random(seed)):
        waiting.append(append)
        if len(waiting) == _APPENDS_IN_A_CALL:
            _send(journal, waiting)
            waiting.clear()
    _send(journal, waiting)


def _send(journal: Journal, appends: Sequence[Append]) -> None:
    assert {one.outcome for one in journal.append(appends)} <= {Outcome.APPENDED}


def _appends(events: int, journeys: int, rng: random.Random) -> Iterator[Append]:
    grown = [
        _Journey(UUID(int=rng.getrandbits(128), version=4), erased=number % _ERASED_EVERY == 7)
        for number in range(journeys)
    ]
    left = events
    while left:
        journey = rng.choice(grown)
        count = min(left, rng.randrange(1, 10))
        after = journey.version
        entries = tuple(_next_entry(journey) for _ in range(count))
        yield Append(UUID(int=rng.getrandbits(128), version=4), b"", journey.id, after, entries)
        left -= count


def _next_entry(journey: _Journey) -> Entry:
    """Return the fact that comes next in a journey: every kind in turn, then corrections of some."""
    journey.version += 1
    version = journey.version
    name = f"{SECRETS['id of a fact']}-{version}"
    fact, data_class = _fact(journey, version)
    journey.ids.append(name)
    day = PartialDate(2024 + version // 400, version // 28 % 12 + 1, version % 28 + 1)
    return Entry(name, fact, day, _ACTOR, corrected_class=data_class)


def _fact(journey: _Journey, version: int) -> tuple[Fact, DataClass | None]:
    if journey.erased and version % 30 == 3:
        return _plain("JourneyErased"), None
    if journey.erased and version % 2:
        return _plain("CaseOpened", org_unit=SECRETS["before its erasure"]), None
    match version % 50:
        case 45:
            return read_fact("EventRetracted", {"target": journey.ids[version - 45]}), None
        case 46:
            changed = {"course_no": SECRETS["course number"], "module_no": 3}
            return _correction(journey.ids[version - 44], changed), None
        case 47:
            changed = {"family_name": SECRETS["corrected identity"]}
            return _correction(journey.ids[version - 41], changed), DataClass.IDENTITY
        case 48:
            return read_fact("EventRetracted", {"target": journey.ids[version - 47]}), None
    type_name, attributes = _KINDS[version % 50 % len(_KINDS)]
    return _plain(type_name, **attributes), None


def _correction(target: str, changed: Mapping[str, object]) -> Fact:
    return read_fact("EventCorrected", {"target": target, "attributes": changed})


@cache
def _plain(type_name: str, **attributes: object) -> Fact:
    return read_fact(type_name, attributes)


_TOLD: Mapping[str, Mapping[str, object]] = {
    "opened": {"kind": "gap", "field": "sprache", "severity": "high", "certainty": "certainly"},
    "escalated": {"kind": "gap", "severity": "high", "step": "high"},
    "closed": {"kind": "gap", "closed_by": "late"},
    "status": {"state": "course_running", "versions": [1]},
}


def fill_crossings(journal: JournalRecorder, count: int, seed: int = 1) -> None:
    """Write so many crossings of journeys that are led, each resting on a position of the journal."""
    rng = random.Random(seed)
    chosen = sorted(rng.choices(_places_of_the_led(journal), k=count))
    rows = [
        (seq, position, journey, kind, f"{SECRETS['id of a fact']}-{seq}", Jsonb(_TOLD[kind]))
        for seq, (position, journey) in enumerate(chosen, start=1)
        for kind in [rng.choice(tuple(_TOLD))]
    ]
    with psycopg.connect(journal.dsn) as connection, connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO kette.crossings (seq, basis_position, journey_id, kind, name, key, day,"
            " round, noticed_at, told) VALUES (%s, %s, %s, %s, 'S01', %s, '2026-05-04', 0, now(), %s)",
            rows,
        )


def _places_of_the_led(journal: JournalRecorder) -> list[tuple[int, UUID]]:
    """Return position and journey of every record whose journey was not erased."""
    found: list[tuple[int, UUID]] = []
    erased: set[UUID] = set()
    while page := journal.page(len(found), _IN_A_PAGE):
        found += [(one.position, one.journey) for one in page]
        erased |= {one.journey for one in page if isinstance(one.entry.fact, JourneyErased)}
    return [place for place in found if place[1] not in erased]
