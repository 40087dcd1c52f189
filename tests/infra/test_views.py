"""The read models on PostgreSQL: kept, rebuilt, asked, as if they were one."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from threading import Event, Thread
from typing import Any
from uuid import UUID

import psycopg
import pytest

from consumers.views import catch_up, follow, write
from domain.chain.intervals import Responsible, Severity, State
from domain.days import PartialDate
from domain.events.registry import read_fact
from domain.fields import Handlungsfeld
from domain.journal import Actor, Append, Entry
from domain.vocabulary.gaps import GapReason
from infra.journal import JournalRecorder
from infra.tail import Tail
from infra.views import ViewStore, open_views
from projections.catalogue import KEPT
from projections.projection import Column, ColumnType, Projection
from projections.strands import SpanKind, StrandName
from projections.worklist import GapQuery, GapRow, Group, Sort
from tests.keyring import keys_of

DAY = date(2026, 11, 22)
ANNA = Actor("anna", "case_manager", "team-1")
UNITS = ("Herne-Mitte", "Wanne", "Eickel")
PEOPLE = tuple(UUID(int=number) for number in range(1, 25))

Told = tuple[str, str, Mapping[str, Any]]


class Clerk:
    """Appends facts to journeys and knows where each stands."""

    def __init__(self, journal: JournalRecorder) -> None:
        self.journal = journal
        self.versions: dict[UUID, int] = {}
        self.commands = 0

    def tell(self, journey: UUID, *told: Told) -> list[str]:
        version = self.versions.get(journey, 0)
        ids = [f"f{version + place}" for place in range(1, len(told) + 1)]
        entries = tuple(
            Entry(fact_id, read_fact(name, attributes), PartialDate.parse(day), ANNA)
            for fact_id, (name, day, attributes) in zip(ids, told, strict=True)
        )
        self.commands += 1
        command = UUID(int=self.commands + 10**9)
        (answer,) = self.journal.append([Append(command, b"", journey, version, entries)])
        assert answer.count == len(told)
        self.versions[journey] = version + len(told)
        return ids


def person(name: str, number: str, unit: str = "Herne-Mitte", cm: str = "J. Krämer") -> list[Told]:
    given, family = name.split(" ")
    return [
        ("JourneyStarted", "2024-01-10", {"entry_date": "2024-01-05"}),
        ("PersonIdentified", "2024-01-10", {"given_names": given, "family_name": family}),
        ("CaseOpened", "2024-01-10", {"case_id": number, "org_unit": unit, "carrier": "DRK"}),
        ("CaseManagerAssigned", "2024-01-11", {"case_id": number, "cm": cm}),
        ("ContactHeld", "2026-11-01", {"case_id": number}),
    ]


def life(seed: int, number: int) -> list[Told]:
    """Return a random but plausible life: facts of every strand on random days."""
    rng = random.Random(f"{seed}-{number}")

    def day(after: int = 0) -> str:
        on = date(2023, 1, 1) + timedelta(days=after + rng.randrange(900))
        return on.isoformat() if rng.random() < 0.8 else f"{on:%Y-%m}"

    told = person(f"Vor{number} Nach{number}", f"KIM-{number:04d}", rng.choice(UNITS))
    if rng.random() < 0.2:
        told.append(("CaseManagerReleased", "2026-10-01", {"case_id": f"KIM-{number:04d}"}))
    told += rng.sample(
        [
            ("TitleGranted", day(), {"basis": "AUFENTHG_25_2_FL", "valid_until": day(800)}),
            ("TitleGranted", day(), {"basis": "AUFENTHG_104C", "valid_until": day(500)}),
            ("TitleApplied", day(), {"kind": "verlaengerung"}),
            ("FictionCertificateIssued", day(), {"valid_until": day(600)}),
            ("BenefitGranted", day(), {"rechtskreis": "ASYLBLG_3", "from": day()}),
            ("RechtskreisChangeTriggered", day(), {"from": "ASYLBLG_3", "to": "SGB_II"}),
            ("BenefitGranted", day(), {"rechtskreis": "SGB_II"}),
            ("CourseEntitlementIssued", day(), {"obligated": True}),
            ("CourseRegistered", day(), {"kind": "IK_ALLGEMEIN"}),
            ("CourseStarted", day(), {"kind": "IK_ALLGEMEIN", "mode": "full"}),
            ("CourseCompleted", day(300), {}),
            ("EmploymentStarted", day(), {"employer": "Bäckerei", "fixed_term_until": day(900)}),
            ("EmploymentEnded", day(400), {"employer": "Bäckerei"}),
            ("HousingAssigned", day(), {"kind": "communal"}),
            ("LeaseSigned", day(300), {}),
            ("HandoverOffered", day(), {"to": "Jobcenter", "reason": "rechtskreis"}),
            ("HandoverAccepted", day(300), {"to": "Jobcenter"}),
            ("ServiceLinked", day(), {"recipient": "BAMF", "field": "sprache"}),
            ("TrainingStarted", day(), {}),
            ("TrainingAborted", day(300), {}),
            ("HealthInsuranceRegistered", day(), {"kind": "gkv"}),
            ("ContactHeld", day(), {"no_show": True}),
            ("EnquiryAnswered", day(), {"instead_of": "abh"}),
            ("AddressRegistered", day(), {"ags": "05916000"}),
            ("AddressChanged", day(300), {"ags": "05978032"}),
        ],
        rng.randrange(4, 18),
    )
    if rng.random() < 0.4:
        target = f"f{rng.randrange(6, len(told) + 1)}"
        told.append(("EventRetracted", "", {"target": target}))
    if rng.random() < 0.4:
        target = f"f{rng.randrange(6, len(told) + 1)}"
        told.append(("EventCorrected", "", {"target": target, "occurred_on": day(), "reason": "x"}))
    if rng.random() < 0.05:
        told.append(("JourneyErased", "", {}))
    return told


@pytest.fixture
def clerk(journal: JournalRecorder) -> Clerk:
    return Clerk(journal)


@pytest.fixture
def views(journal: JournalRecorder) -> Iterator[ViewStore]:
    with open_views(journal.dsn, keys_of(journal.dsn)) as opened:
        yield opened


@pytest.fixture
def caught_up(journal: JournalRecorder, views: ViewStore) -> Callable[[], ViewStore]:
    """Return what brings the tables up to the journal's head, record by record if need be."""

    def told(size: int = 1_000) -> ViewStore:
        assert catch_up(journal, views, KEPT, size) == journal.head().position
        return views

    return told


def tables(dsn: str) -> dict[str, list[str]]:
    """Return every row of every kept table as text, sorted."""
    with psycopg.connect(dsn) as connection:
        return {
            one.name: sorted(
                str(row[0])
                for row in connection.execute(f"SELECT t::text FROM views.{one.name} t").fetchall()
            )
            for one in KEPT
        }


def live_a_while(clerk: Clerk, seed: int, people: Sequence[UUID] = PEOPLE) -> None:
    """Tell random lives in small portions, mixed over the people; every two are parent and child."""
    rng = random.Random(seed)
    waiting = {one: life(seed, number) for number, one in enumerate(people)}
    for number, (parent, child) in enumerate(zip(people[::2], people[1::2], strict=False)):
        for one, other, role in ((parent, child, "child"), (child, parent, "parent")):
            joined = {"household_id": f"h{number}", "member_journey_id": str(other), "role": role}
            place = rng.randrange(5, len(waiting[one]) + 1)
            waiting[one].insert(place, ("MemberJoined", "2024-02-01", joined))
    while waiting:
        journey = rng.choice(sorted(waiting))
        portion, waiting[journey] = waiting[journey][:3], waiting[journey][3:]
        clerk.tell(journey, *portion)
        if not waiting[journey]:
            del waiting[journey]


@pytest.mark.parametrize(("size", "people"), [(1, 7), (7, 12), (1_000, 24)])
def test_rows_kept_record_by_record_equal_those_of_a_rebuild(
    clerk: Clerk, caught_up: Callable[..., ViewStore], size: int, people: int
) -> None:
    live_a_while(clerk, size, PEOPLE[:people])
    views = caught_up(size)
    kept = tables(views.dsn)
    position = views.position()

    heard: list[tuple[int, int]] = []
    assert views.rebuild(lambda done, of: heard.append((done, of))) == position

    assert tables(views.dsn) == kept
    assert all(kept.values())
    assert heard[-1] == (position, position)
    assert views.position() == position


def test_a_rebuild_beside_running_appends_loses_nothing(
    journal: JournalRecorder, clerk: Clerk, views: ViewStore
) -> None:
    stop = Event()
    driver = Thread(
        target=follow, args=(Tail(journal.dsn), views, KEPT, stop, time.monotonic), daemon=True
    )
    live_a_while(clerk, 1, PEOPLE[:6])
    driver.start()
    teller = Thread(target=live_a_while, args=(clerk, 2, PEOPLE[6:]))
    teller.start()
    with ViewStore(journal.dsn, keys_of(journal.dsn)) as other:
        rebuilt_at = [other.rebuild() for _ in range(3)]
    teller.join(30)
    with journal.subscribe(gt=0) as records:
        head = journal.head().position
        while views.position() < head:
            next(records)
    stop.set()
    driver.join(10)
    kept = tables(journal.dsn)

    views.rebuild()

    assert not driver.is_alive()
    assert rebuilt_at == sorted(rebuilt_at)
    assert tables(journal.dsn) == kept


def test_the_position_moves_only_from_where_it_stands(
    journal: JournalRecorder, clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    clerk.tell(PEOPLE[0], *person("Amina R.", "KIM-1"))
    views = caught_up()
    before = tables(views.dsn)

    assert not write(views, KEPT, journal.page(0, 2), after=1)

    assert tables(views.dsn) == before
    assert views.position() == 5


def test_a_killed_rebuild_leaves_nothing_in_the_way(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    live_a_while(clerk, 3, PEOPLE[:5])
    views = caught_up()
    kept = tables(views.dsn)

    def die(_done: int, _of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        views.rebuild(die)
    assert tables(views.dsn) == kept

    views.rebuild()
    assert tables(views.dsn) == kept


def test_another_projection_is_kept_from_the_next_opening_on(
    journal: JournalRecorder, clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    clerk.tell(PEOPLE[0], *person("Amina R.", "KIM-1"))
    caught_up()
    counted: Projection[Any] = Projection(
        "counted",
        (Column("facts", ColumnType.INTEGER),),
        KEPT[0].start,
        KEPT[0].apply,
        lambda _, state: [(len(state.told),)],
    )

    with (
        open_views(journal.dsn, keys_of(journal.dsn), (*KEPT, counted)) as views,
        psycopg.connect(journal.dsn) as direct,
    ):
        assert views.position() == 5
        assert direct.execute("SELECT facts FROM views.counted").fetchall() == [(5,)]

    with open_views(journal.dsn, keys_of(journal.dsn)), psycopg.connect(journal.dsn) as direct:
        assert direct.execute("SELECT to_regclass('views.counted')").fetchone() == (None,)


def looked_after(number: str) -> list[Told]:
    """Tell what leaves no gap in the conduct of a case: surveyed, planned, and able to speak German."""
    return [
        ("PlacementTestTaken", "2024-01-08", {"level": "B1"}),
        ("AssessmentCompleted", "2024-02-01", {"case_id": number}),
        ("PlanAgreed", "2024-02-08", {"case_id": number, "next_review": "2027-02-08"}),
    ]


def expiring(caught_up: Callable[..., ViewStore], clerk: Clerk) -> ViewStore:
    """Tell of Amina, whose title ends soon, and Farid, whose handover nobody answered."""
    clerk.tell(
        PEOPLE[0],
        *person("Amina Rahimi", "KIM-2022-0417"),
        *looked_after("KIM-2022-0417"),
        ("TitleGranted", "2023-12-01", {"basis": "AUFENTHG_25_3", "valid_until": "2026-11-30"}),
        ("TitleCardHandedOver", "2024-01-15", {}),
    )
    clerk.tell(
        PEOPLE[1],
        *person("Farid Öztürk", "KIM-2025-0088", "Wanne", "M. Wolf"),
        *looked_after("KIM-2025-0088"),
        ("HandoverOffered", "2026-09-01", {"to": "Jobcenter", "reason": "rechtskreis"}),
        ("CaseManagerReleased", "2026-06-01", {"case_id": "KIM-2025-0088"}),
    )
    return caught_up()


def by_rule(rows: Sequence[GapRow]) -> dict[str, GapRow]:
    return {one.rule: one for one in rows}


def test_the_list_tells_who_waits_for_what_and_who_must_act(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    page = expiring(caught_up, clerk).gap_list(GapQuery(DAY))
    found = by_rule(page.rows)

    title = found["A01"]
    assert (title.header.name, title.header.case_number) == ("Amina Rahimi", "KIM-2022-0417")
    assert (title.state, title.group, title.days) == (State.DUE, Group.DUE_SOON, 8)
    assert title.urgent
    assert title.strand is StrandName.AUFENTHALT
    assert [one.kind for one in title.strip] == [SpanKind.RUNNING, SpanKind.GAP_DUE]

    handover = found["F11"]
    assert (handover.state, handover.group) == (State.OPEN, Group.SEAM)
    assert handover.opens_on == date(2026, 9, 16)
    assert handover.days == 68
    assert handover.strip[-1].kind is SpanKind.GAP_OPEN
    assert Responsible.RECEIVING_UNIT in handover.responsible

    unmanned = found["F02"]
    assert unmanned.header.case_manager == ""
    assert [row.group for row in page.rows] == sorted(
        (row.group for row in page.rows), key=list(Group).index
    )
    assert page.people == 2
    assert page.total == len(page.rows) == sum(count for _, count in page.groups)


@pytest.mark.parametrize(
    ("changed", "rules"),
    [
        ({"text": "rahi"}, {"A01"}),
        ({"text": "kim-2025"}, {"F11", "F02"}),
        ({"text": "%"}, set()),
        ({"strand": StrandName.RECHTSKREIS}, {"F11"}),
        ({"responsible": Responsible.RECEIVING_UNIT}, {"F11"}),
        ({"unit": "Herne-Mitte"}, {"A01"}),
        ({"case_manager": "J. Krämer"}, {"A01"}),
        ({"rule": "A01"}, {"A01"}),
        ({"severity": Severity.HIGH, "states": frozenset({State.DUE})}, {"A01"}),
        ({"group": Group.SEAM}, {"F11"}),
        ({"journey": PEOPLE[0]}, {"A01"}),
        ({"due_within": timedelta(days=3)}, {"F11", "F02"}),
        ({"as_of": date(2026, 8, 1)}, {"F02", "F06"}),
        ({"as_of": date(2026, 8, 1), "due_within": None}, {"F02", "F05", "F06"}),
        ({"known_at": date(2020, 1, 1)}, set()),
    ],
)
def test_every_filter_leaves_what_it_names(
    clerk: Clerk,
    caught_up: Callable[..., ViewStore],
    changed: Mapping[str, Any],
    rules: set[str],
) -> None:
    views = expiring(caught_up, clerk)

    page, tiles = views.gap_list_with_tiles(replace(GapQuery(DAY), **changed))

    assert set(by_rule(page.rows)) == rules
    assert tiles == views.tiles(replace(GapQuery(DAY), **changed))


@pytest.mark.parametrize(
    ("day", "group", "until"),
    [
        (date(2026, 11, 19), Group.SEAM, None),
        (date(2026, 11, 20), Group.RESTING, date(2026, 11, 25)),
        (date(2026, 11, 25), Group.RESTING, date(2026, 11, 25)),
        (date(2026, 11, 26), Group.SEAM, None),
    ],
    ids=["before", "from its day on", "through until", "the day after"],
)
def test_an_explained_gap_rests_through_its_day_and_stays_open(
    clerk: Clerk,
    caught_up: Callable[..., ViewStore],
    day: date,
    group: Group,
    until: date | None,
) -> None:
    explained = {"rule": "F11", "reason": "waiting_for_authority", "until": "2026-11-25"}
    expiring(caught_up, clerk)
    clerk.tell(PEOPLE[1], ("GapExplained", "2026-11-20", explained))
    views = caught_up()

    page, tiles = views.gap_list_with_tiles(GapQuery(day))
    row = by_rule(page.rows)["F11"]

    assert (row.group, row.state) == (group, State.OPEN)
    assert row.rests_until == until
    assert row.rest_reason is (until and GapReason.WAITING_FOR_AUTHORITY)
    assert tiles.seam == (1 if group is Group.SEAM else 0)
    assert tiles.open == 2
    assert {one.rule for one in page.rows if one.group is Group.RESTING} == (
        {"F11"} if until else set()
    )
    resting = views.gap_list(GapQuery(day, group=Group.RESTING))
    assert resting.total == len(resting.rows) == (1 if until else 0)


@pytest.mark.parametrize(
    ("later", "rests"),
    [
        ({"rule": "F11", "reason": "illness", "until": "2026-11-21"}, None),
        ({"rule": "F11", "reason": "illness"}, None),
        ({"rule": "F11", "reason": "illness", "until": "2026-12-24"}, GapReason.ILLNESS),
        ({"rule": "F11", "key": "other", "reason": "illness"}, GapReason.NO_CAPACITY),
        ({"rule": "F02", "reason": "illness"}, GapReason.NO_CAPACITY),
    ],
    ids=["ended earlier", "without a day", "longer", "another instance", "another rule"],
)
def test_the_latest_explanation_of_the_gap_says_whether_it_rests(
    clerk: Clerk,
    caught_up: Callable[..., ViewStore],
    later: Mapping[str, Any],
    rests: GapReason | None,
) -> None:
    first = {"rule": "F11", "reason": "no_capacity", "until": "2026-11-30"}
    expiring(caught_up, clerk)
    clerk.tell(
        PEOPLE[1],
        ("GapExplained", "2026-11-18", first),
        ("GapExplained", "2026-11-20", later),
        ("GapAcknowledged", "2026-11-21", {"rule": "F11"}),
    )

    row = by_rule(caught_up().gap_list(GapQuery(DAY)).rows)["F11"]

    assert row.rest_reason is rests
    assert row.group is (Group.RESTING if rests else Group.SEAM)


# A01 watches the days before the title's end; what opens on the day after it are A02 and N11.
@pytest.mark.parametrize(
    ("days", "unit", "rules"),
    [
        (8, "", {}),
        (9, "", {"Herne-Mitte": ["A02", "N11"]}),
        (69, "", {"Herne-Mitte": ["A02", "N11"]}),
        (70, "", {"Herne-Mitte": ["A02", "N11", "F06"], "Wanne": ["F06"]}),
        (70, "Herne-Mitte", {"Herne-Mitte": ["A02", "N11", "F06"]}),
        (70, "Wanne", {"Wanne": ["F06"]}),
        (70, "Eickel", {}),
    ],
)
def test_what_opens_in_the_coming_days_is_told_by_unit(
    clerk: Clerk,
    caught_up: Callable[..., ViewStore],
    days: int,
    unit: str,
    rules: Mapping[str, list[str]],
) -> None:
    found = expiring(caught_up, clerk).upcoming(DAY, days, unit)

    assert [(one.header.unit, one.rule) for one in found] == [
        (of, rule) for of, some in rules.items() for rule in some
    ]
    assert all(DAY < one.opens_on <= DAY + timedelta(days=days) for one in found)


def test_what_opens_today_or_is_answered_before_it_opens_is_not_coming(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    eve = date(2026, 11, 30)
    views = expiring(caught_up, clerk)
    title = views.upcoming(eve, 1)[0]
    today = views.upcoming(eve + timedelta(days=1), 1)
    clerk.tell(
        PEOPLE[0],
        ("TitleApplied", "2026-11-20", {"kind": "verlaengerung"}),
        ("FictionCertificateIssued", "2026-11-24", {"valid_until": "2027-05-31"}),
    )
    answered = caught_up().upcoming(eve, 1)

    assert (title.header.name, title.header.case_number) == ("Amina Rahimi", "KIM-2022-0417")
    assert (title.rule, title.opens_on, title.due_on) == ("A02", eve + timedelta(days=1), eve)
    assert title.severity is Severity.CRITICAL
    assert (today, answered) == ((), ())


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_join_to_the_whole_list(
    clerk: Clerk, caught_up: Callable[..., ViewStore], sort: Sort
) -> None:
    live_a_while(clerk, 5)
    views = caught_up()
    whole = views.gap_list(GapQuery(DAY, sort=sort, page_size=10_000))

    joined = [
        row
        for page in range(1, views.gap_list(GapQuery(DAY, page_size=7)).pages + 1)
        for row in views.gap_list(GapQuery(DAY, sort=sort, page=page, page_size=7)).rows
    ]

    assert len(joined) > 20
    assert tuple(joined) == whole.rows


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_the_first_rows_of_every_group_are_those_of_the_whole_list(
    clerk: Clerk, caught_up: Callable[..., ViewStore], most: int
) -> None:
    live_a_while(clerk, 5)
    views = caught_up()
    whole = views.gap_list(GapQuery(DAY, page_size=10_000))

    overview = views.gap_list(GapQuery(DAY, per_group=most))

    assert overview.rows == tuple(
        row
        for group, total in whole.groups
        for row in [one for one in whole.rows if one.group is group][: min(most, total)]
    )
    assert (overview.total, overview.groups) == (whole.total, whole.groups)
    assert overview.pages == 1


def test_what_is_known_now_is_the_same_kept_or_made_on_the_spot(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    live_a_while(clerk, 6)
    views = caught_up()
    query = GapQuery(DAY, states=frozenset(State), due_within=None, page_size=10_000)
    on_the_spot = replace(query, known_at=date(9999, 12, 31))

    assert views.gap_list(on_the_spot) == views.gap_list(query)
    assert views.tiles(on_the_spot) == views.tiles(query)


def test_an_erased_journey_is_in_no_table(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    views = expiring(caught_up, clerk)
    clerk.tell(PEOPLE[0], ("JourneyErased", "", {}))
    caught_up()

    assert str(PEOPLE[0]) not in str(tables(views.dsn))
    assert views.journey_header(PEOPLE[0]) is None
    assert views.register_search("amina") == ()
    assert views.gap_list(GapQuery(DAY, journey=PEOPLE[0])).total == 0


def test_names_stand_in_the_register_and_nowhere_else(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    views = expiring(caught_up, clerk)
    others = {name: rows for name, rows in tables(views.dsn).items() if name != "register"}

    assert "Rahimi" not in str(others)
    assert "Rahimi" in str(tables(views.dsn)["register"])
    assert [one.name for one in views.register_search("ÖZT")] == ["Farid Öztürk"]


def test_the_caseload_weighs_cases_by_their_open_gaps(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    views = expiring(caught_up, clerk)

    loads = {(one.unit, one.case_manager): one for one in views.caseload(DAY)}

    assert loads["Herne-Mitte", "J. Krämer"].weight == 1
    assert loads["Wanne", ""].open_gaps == 2
    assert loads["Wanne", ""].weight == 3
    assert ("Wanne", "M. Wolf") in {
        (one.unit, one.case_manager) for one in views.caseload(date(2026, 5, 1))
    }
    assert views.open_by_rule(DAY) == {"F02": 1, "F11": 1}


def test_people_are_counted_by_where_they_stand(
    clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    views = expiring(caught_up, clerk)

    def people(day: date) -> dict[str, int]:
        return {
            one.label.de: one.people
            for one in views.status_counts(day)
            if one.field is Handlungsfeld.AUFENTHALT
        }

    assert people(DAY) == {"befristeter Titel": 1}
    assert people(date(2026, 12, 1)) == {"abgelaufen": 1}


def test_freshness_counts_what_is_not_read_yet(
    journal: JournalRecorder, clerk: Clerk, caught_up: Callable[..., ViewStore]
) -> None:
    clerk.tell(PEOPLE[0], *person("Amina R.", "KIM-1"))
    views = caught_up()
    fresh = views.freshness()
    clerk.tell(PEOPLE[0], ("ContactHeld", "2026-11-02", {}))
    behind = views.freshness()

    assert (fresh.position, fresh.behind, fresh.lag_seconds) == (5, 0, 0.0)
    assert (
        fresh.recorded_at == journal.head().recorded_at or behind.recorded_at == fresh.recorded_at
    )
    assert (behind.position, behind.behind) == (5, 1)
    assert behind.lag_seconds > 0
