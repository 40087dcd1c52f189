from dataclasses import replace
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from domain.days import PartialDate
from domain.events.case import CaseOpened
from domain.events.language import CourseStarted, LanguageTestTaken
from domain.events.record import EventCorrected, EventRetracted, JourneyErased
from domain.events.registry import FACTS, read_fact_leniently
from domain.events.work import EmploymentStarted
from domain.fact import Fact
from domain.fields import DataClass
from domain.journal import Actor, Entry
from domain.labels import Vocabulary
from domain.outgoing import Outgoing, Target, Withheld
from domain.vocabulary.case import Intensity
from domain.vocabulary.language import Cefr, CourseKind, LanguageTest, Skill
from schemas.codec import decode, encode
from schemas.coded import ORGANISATIONS
from schemas.public import Subject, public_event, subject_event
from schemas.topics import JOURNEY

MOMENT = datetime(2026, 3, 9, 11, 30, 0, 123456, tzinfo=UTC)
PERSON = UUID("0b8f3c1e-5a57-4f0e-9c39-6a7d6b1f2a10")
MARK = "⟦"
ADVANCED = {"journey": str(PERSON), "version": 3, "position": 17}


def record(fact: Fact, target: Target | None = None, **changes: Any) -> Outgoing:
    """Return a fact on its way out."""
    told: dict[str, Any] = {
        "occurred_on": PartialDate(2026, 3, 9),
        "recorded_by": Actor("m.muster", "case_manager", "ki-nord"),
    }
    entry = Entry("fact-1", fact, **(told | changes))
    return Outgoing(17, PERSON, 3, MOMENT, uuid4(), bytes(32), entry, target=target)


def told_of(outgoing: Outgoing) -> dict[str, Any]:
    """Return what a subscriber reads of a record beyond the envelope."""
    event = public_event(outgoing)
    value = decode(encode(event.name, event.value)).value
    assert value == event.value
    return {name: one for name, one in value.items() if name not in ENVELOPE_OF_A_CASE}


ENVELOPE_OF_A_CASE = {
    "journey": str(PERSON),
    "version": 3,
    "position": 17,
    "occurred_on": "2026-03-09",
    "precision": "DAY",
    "recorded_at": 1_773_055_800_123_456,
    "unit": "ki-nord",
    "field": "FALLSTEUERUNG",
}


def test_a_published_fact_tells_its_envelope_and_its_codes() -> None:
    fact = CaseOpened(
        case_id="F-1", org_unit="ki-nord", carrier="awo", intensity=Intensity.INTENSIVE
    )
    event = public_event(record(fact))
    assert event.name == "CaseOpened"
    assert event.withheld is None
    assert event.value == ENVELOPE_OF_A_CASE | {
        "org_unit": "ki-nord",
        "carrier": "awo",
        "intensity": "intensiv",
    }


@pytest.mark.parametrize(
    ("day", "text", "precision"),
    [
        (PartialDate(2026, 3), "2026-03", "MONTH"),
        (PartialDate(2026), "2026", "YEAR"),
        (PartialDate(), None, "UNKNOWN"),
    ],
)
def test_a_day_is_told_as_exactly_as_it_is_known(
    day: PartialDate, text: str | None, precision: str
) -> None:
    value = public_event(record(CaseOpened(), occurred_on=day)).value
    assert (value["occurred_on"], value["precision"]) == (text, precision)


def test_lists_maps_days_numbers_and_flags_are_told_as_they_are() -> None:
    fact = LanguageTestTaken(
        test_kind=LanguageTest.DTZ,
        result=Cefr.B1,
        per_skill={Skill.READING: Cefr.B1, Skill.WRITING: Cefr.A2},
        certificate_date=PartialDate(2026, 4),
        accredited=True,
    )
    told = told_of(record(fact))
    assert told == {
        "test_kind": "DTZ",
        "result": "B1",
        "per_skill": {"reading": "B1", "writing": "A2"},
        "certificate_date": "2026-04",
        "accredited": True,
        "taken_abroad": None,
    }
    hours = told_of(record(EmploymentStarted(hours_per_week=9.5, employer="Gasthof Adler")))
    assert hours["hours_per_week"] == 9.5
    assert "employer" not in hours


def test_an_organisation_is_told_by_its_key_and_never_by_words() -> None:
    assert told_of(record(CourseStarted(provider="vhs", course_no="K 4711")))["provider"] == "vhs"
    for words in ("Volkshochschule", "bei Frau Yilmaz", "", "-vhs", "v" * 65, "vhs\n"):
        told = told_of(record(CourseStarted(provider=words)))
        assert told["provider"] is None
    entry = record(CaseOpened(), recorded_by=Actor("a", "b", "Büro Nord"))
    assert public_event(entry).value["unit"] is None


def test_a_fact_that_is_not_published_goes_out_as_an_advance() -> None:
    event = public_event(record(JourneyErased(reason="Frist")))
    assert (event.name, event.value, event.withheld) == (
        "JourneyAdvanced",
        ADVANCED,
        Withheld.NOT_PUBLISHED,
    )


@pytest.mark.parametrize("why", [Withheld.CLASS, Withheld.ERASED])
def test_what_was_not_opened_goes_out_as_an_advance(why: Withheld) -> None:
    closed = replace(record(CaseOpened()), entry=None, withheld=why)
    event = public_event(closed)
    assert (event.name, event.value, event.withheld) == ("JourneyAdvanced", ADVANCED, why)


def test_what_was_opened_by_mistake_goes_out_as_an_advance_all_the_same() -> None:
    erased = replace(record(CaseOpened()), withheld=Withheld.ERASED)
    assert public_event(erased).value == ADVANCED
    sealed = record(EventCorrected(target="f"), corrected_class=DataClass.IDENTITY)
    event = public_event(replace(sealed, target=Target(1, "CaseOpened")))
    assert (event.value, event.withheld) == (ADVANCED, Withheld.CLASS)


def test_a_correction_tells_the_published_values_of_its_target_as_text() -> None:
    fact = EventCorrected(
        target="fact-0",
        occurred_on=PartialDate(2026, 2),
        attributes={"kind": "IK_FOERDER", "ue_total": None, "course_no": "K 4711", "module_no": 2},
        reason="verhört",
    )
    event = public_event(record(fact, Target(2, "CourseStarted")))
    assert event.name == "EventCorrected"
    assert told_of(record(fact, Target(2, "CourseStarted"))) == {
        "target_version": 2,
        "target_event": "CourseStarted",
        "corrected_occurred_on": "2026-02",
        "corrected_precision": "MONTH",
        "corrected": {"kind": "IK_FOERDER", "ue_total": None, "module_no": "2"},
    }


def test_a_correction_writes_numbers_flags_and_maps_as_text() -> None:
    told = told_of(
        record(
            EventCorrected(attributes={"per_skill": {"writing": "A2"}, "accredited": False}),
            Target(2, "LanguageTestTaken"),
        )
    )
    assert told["corrected"] == {"per_skill": '{"writing":"A2"}', "accredited": "false"}
    told = told_of(
        record(EventCorrected(attributes={"hours": 9.5}), Target(2, "EmploymentStarted"))
    )
    assert told["corrected"] == {"hours_per_week": "9.5"}


@pytest.mark.parametrize(
    ("given_day", "told"),
    [
        ({}, (None, None)),
        ({"occurred_on": None}, (None, "UNKNOWN")),
        ({"occurred_on": "2026"}, ("2026", "YEAR")),
    ],
)
def test_a_corrected_day_is_told_apart_from_one_that_stands(
    given_day: dict[str, Any], told: tuple[str | None, str | None]
) -> None:
    fact = EventCorrected(target="fact-0", **given_day)
    value = public_event(record(fact, Target(2, "CaseOpened"))).value
    assert (value["corrected_occurred_on"], value["corrected_precision"]) == told


def test_a_retraction_points_at_its_target_by_version() -> None:
    told = told_of(record(EventRetracted(target="fact-0"), Target(2, "CaseOpened")))
    assert told == {"target_version": 2, "target_event": "CaseOpened"}


def test_a_correction_of_a_correction_is_read_by_the_fact_first_corrected() -> None:
    target = Target(5, "EventCorrected", root="CourseStarted")
    corrected = told_of(record(EventCorrected(attributes={"kind": "IK_ALPHA"}), target))
    assert (corrected["target_version"], corrected["target_event"]) == (5, "EventCorrected")
    assert corrected["corrected"] == {"kind": CourseKind.IK_ALPHA.value}
    assert told_of(record(EventRetracted(), target))["target_event"] == "EventCorrected"


@pytest.mark.parametrize("fact", [EventCorrected(target="x"), EventRetracted(target="x")])
@pytest.mark.parametrize(
    "target",
    [
        None,
        Target(2, "JourneyErased"),
        Target(2, "PersonIdentified"),
        Target(2, "HealthBarrierReported"),
        Target(2, "Unheard"),
        Target(2, "EventCorrected"),
        Target(2, "EventCorrected", root="PersonIdentified"),
        Target(2, "EventRetracted", root="JourneyErased"),
    ],
)
def test_what_undoes_something_that_was_not_told_is_not_told(
    fact: Fact, target: Target | None
) -> None:
    event = public_event(record(fact, target))
    assert (event.name, event.value, event.withheld) == (
        "JourneyAdvanced",
        ADVANCED,
        Withheld.NOT_PUBLISHED,
    )


def test_a_journey_bears_another_name_where_the_topic_says_so() -> None:
    audience = replace(JOURNEY, name="kette.aud.x.v1", name_of=lambda journey: f"x-{journey.hex}")
    for fact in (CaseOpened(), JourneyErased()):
        assert public_event(record(fact), audience).value["journey"] == f"x-{PERSON.hex}"


def test_the_state_of_a_journeys_keys_is_told() -> None:
    event = subject_event(PERSON, Subject.ERASED, 17)
    assert decode(encode(event.name, event.value)).value == {
        "journey": str(PERSON),
        "state": "ERASED",
        "position": 17,
    }


# Any fact of any type, with words planted wherever words can stand.

WORDS = st.text(max_size=30).map(lambda text: f"{MARK}{text}")
DAYS = st.sampled_from(["2026-03-09", "2026-03", "2026", "0001-01-01", None])


def values(kind: Any, words: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """Return values of a type, as JSON has them."""
    if get_origin(kind) in {Union, UnionType}:
        return st.one_of(*(values(one, words) for one in get_args(kind) if one is not NoneType))
    if isinstance(kind, type) and issubclass(kind, Vocabulary):
        return st.sampled_from([one.value for one in kind])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return attributes(kind, words)
    if kind is PartialDate:
        return DAYS
    if get_origin(kind) is tuple:
        return st.lists(values(get_args(kind)[0], words), max_size=3)
    if get_origin(kind) is dict:
        return st.dictionaries(*(values(one, words) for one in get_args(kind)), max_size=3)
    return {
        str: words,
        bool: st.booleans(),
        int: st.integers(0, 100_000),
        float: st.floats(0, 744),
    }.get(kind, words)


def attributes(
    model: type[BaseModel], words: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, Any]]:
    """Return attributes of a fact class: each given or not, null or known."""
    optional = {
        info.alias or name: st.none() | values(info.annotation, words)
        for name, info in model.model_fields.items()
    }
    return st.fixed_dictionaries({}, optional=optional)


@st.composite
def outgoing(draw: st.DrawFn) -> Outgoing:
    """Return any record, opened although it may not be published."""
    name = draw(st.sampled_from(sorted(FACTS)))
    fact, _ = read_fact_leniently(name, draw(attributes(FACTS[name], WORDS)))
    entry = Entry(
        draw(WORDS),
        fact,
        PartialDate.parse(draw(DAYS) or ""),
        Actor(draw(WORDS), draw(WORDS), draw(WORDS)),
        draw(WORDS),
        consent_id=draw(WORDS),
    )
    number = st.integers(1, 2**63 - 1)
    moment = draw(st.datetimes(timezones=st.just(UTC)))
    return Outgoing(draw(number), PERSON, draw(number), moment, uuid4(), bytes(32), entry)


LAWS = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@LAWS
@given(outgoing())
def test_any_fact_goes_out_and_no_words_go_with_it(one: Outgoing) -> None:
    event = public_event(one)
    data = encode(event.name, event.value)
    assert decode(data, event.name).value == event.value
    assert MARK.encode() not in data
    assert one.entry is not None
    if one.entry.data_class is not DataClass.BASE:
        assert event.name == "JourneyAdvanced"


@LAWS
@given(st.data(), st.sampled_from(sorted(FACTS)))
def test_any_correction_goes_out_and_no_words_go_with_it(data: st.DataObject, target: str) -> None:
    corrected = data.draw(attributes(FACTS[target], WORDS) | st.dictionaries(WORDS, WORDS))
    fact = EventCorrected(target="fact-0", attributes=corrected, reason=f"{MARK} verhört")
    event = public_event(record(fact, Target(2, target)))
    written = encode(event.name, event.value)
    assert decode(written).value == event.value
    assert MARK.encode() not in written


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda one: one.type_name())
def test_words_in_the_shape_of_a_key_leave_only_where_an_organisation_stands(
    fact: type[Fact],
) -> None:
    """The control of the laws above: planted words are found where they may stand."""
    planted = {one.name: f"planted-{one.name}." for one in fact.attributes()}
    told, dropped = read_fact_leniently(fact.type_name(), planted)
    event = public_event(record(told))
    written = encode(event.name, event.value)
    found = {name for name, word in planted.items() if word.encode() in written}
    asked = {name for name in event.value if name in ORGANISATIONS}
    assert found == asked - set(dropped)
