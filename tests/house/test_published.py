"""Every fact says whether it is published, and nothing is published that must stay in the house."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from domain.events.case import CaseOpened
from domain.events.common import Code, Money, PersonalFact, Text
from domain.events.record import EventCorrected, EventRetracted
from domain.events.registry import FACTS
from domain.fact import Fact, NotPublished, Published, attribute
from domain.fields import DataClass, Handlungsfeld
from schemas.catalogue import UnknownSchemaError, latest, names
from schemas.coded import ENVELOPE, ORGANISATIONS, UnpublishableFactError, coded_attributes
from schemas.derived import EVENTS
from schemas.public import ADVANCED, plan_of

FIRST_SET = {
    "CaseOpened",
    "CaseClosed",
    "HandoverOffered",
    "HandoverAccepted",
    "TitleGranted",
    "CourseRegistered",
    "CourseStarted",
    "CourseCompleted",
    "LanguageTestTaken",
    "EmploymentStarted",
    "EmploymentEnded",
    "NaturalisationApplied",
    "NaturalisationCertificateHandedOver",
    "EventCorrected",
    "EventRetracted",
}


def complaints(fact: type[Fact]) -> Iterator[str]:
    """Say what is wrong with a fact's decision to be published."""
    decision = fact.about.publish
    if isinstance(decision, NotPublished):
        if not decision.because.strip():
            yield f"{fact.type_name()} does not say why it is not published"
        return
    if not isinstance(decision, Published):
        yield f"{fact.type_name()} has no decision"
        return
    if fact.about.data_class is not DataClass.BASE:
        yield f"{fact.type_name()} is {fact.about.data_class} and published"
    try:
        latest(decision.event)
        if fact not in {EventCorrected, EventRetracted}:
            coded_attributes(fact, decision.event)
    except (UnknownSchemaError, UnpublishableFactError) as error:
        yield str(error)


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda one: one.type_name())
def test_every_fact_has_a_decision_and_may_take_it(fact: type[Fact]) -> None:
    assert list(complaints(fact)) == []


PUBLISHED = {
    fact.about.publish.event for fact in FACTS.values() if isinstance(fact.about.publish, Published)
}


def test_the_first_set_is_published() -> None:
    assert PUBLISHED >= FIRST_SET


def test_no_schema_lies_here_that_nothing_is_written_in() -> None:
    assert set(names()) == PUBLISHED | {ADVANCED, "SubjectState"} | set(EVENTS.values())


def test_every_event_is_that_of_one_fact() -> None:
    events = [plan.event for fact in FACTS.values() if (plan := plan_of(fact)) is not None]
    assert len(events) == len(set(events))


def test_an_event_of_a_fact_begins_with_the_same_fields_as_every_other() -> None:
    for name in PUBLISHED:
        fields = [one["name"] for one in latest(name).parsed["fields"]]
        assert tuple(fields[: len(ENVELOPE)]) == ENVELOPE, name


def test_a_journey_that_advanced_tells_its_place_and_nothing_else() -> None:
    told = [one["name"] for one in latest(ADVANCED).parsed["fields"]]
    assert told == ["journey", "version", "position"]


def test_every_field_of_action_is_known_to_every_event() -> None:
    for name in PUBLISHED | {"GapOpened", "StatusChanged"}:
        (field,) = (one for one in latest(name).parsed["fields"] if one["name"] == "field")
        assert set(field["type"]["symbols"]) == {one.name for one in Handlungsfeld} | {"UNKNOWN"}


def test_keys_of_organisations_are_attributes_that_name_one() -> None:
    held = {one.name for fact in FACTS.values() for one in fact.attributes()}
    assert held >= ORGANISATIONS


# That the test can fail: made-up facts that must not be published so.


def made_up(fact: type[Fact], **changes: object) -> type[Fact]:
    """Return the fact with another word about itself."""
    return type(fact.__name__, (fact,), {"about": replace(fact.about, **changes)})  # type: ignore[arg-type]


class Nameless(PersonalFact):
    """A fact that holds what the case management opens a case with, and more."""

    about = CaseOpened.about

    org_unit: Code = attribute("Stelle", "unit")
    carrier: Code = attribute("Träger", "carrier")


class Told(CaseOpened):
    """A fact whose intensity is free text."""

    about = CaseOpened.about

    intensity: Text = attribute("Intensität", "intensity")  # type: ignore[assignment]


class Named(CaseOpened):
    """A fact whose intensity is a short text."""

    about = CaseOpened.about

    intensity: Code = attribute("Intensität", "intensity")  # type: ignore[assignment]


class Listed(CaseOpened):
    """A fact whose intensity is a list of texts."""

    about = CaseOpened.about

    intensity: tuple[str, ...] | None = attribute("Intensität", "intensity")  # type: ignore[assignment]


class Paid(CaseOpened):
    """A fact whose intensity is an amount of money."""

    about = CaseOpened.about

    intensity: Money = attribute("Intensität", "intensity")  # type: ignore[assignment]


@pytest.mark.parametrize("data_class", [one for one in DataClass if one is not DataClass.BASE])
def test_a_fact_of_another_class_cannot_be_published(data_class: DataClass) -> None:
    fact = made_up(CaseOpened, data_class=data_class)
    assert any(f"is {data_class} and published" in one for one in complaints(fact))
    with pytest.raises(UnpublishableFactError, match=f"class {data_class}"):
        plan_of(fact)


@pytest.mark.parametrize(
    ("fact", "because"),
    [
        (Nameless, "'intensity', which Nameless does not have"),
        (Told, "Told.intensity is no code"),
        (Named, "Named.intensity is no code"),
        (Listed, "Listed.intensity is no code"),
        (Paid, "Paid.intensity is no code"),
        (made_up(CaseOpened, publish=Published("Nothing")), "no schema 'Nothing'"),
        (made_up(CaseOpened, publish=NotPublished(" ")), "does not say why"),
        (made_up(CaseOpened, publish=None), "has no decision"),
    ],
)
def test_what_must_not_be_published_is_seen(fact: type[Fact], because: str) -> None:
    assert any(because in one for one in complaints(fact))
