"""The forms that facts were ever released in: locked, read by today's program, and never left behind."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.days import PartialDate
from domain.events import registry
from domain.events.registry import FACTS, brought_up, read_as, read_fact
from domain.fact import Fact, Former
from domain.fields import Confidence, LegalBasis, SourceKind
from domain.form import Kind, accepts, form
from domain.journal import Actor, Entry
from infra import codec
from infra.corpus import COMMAND, FOLDER, CorpusError, Form, add_release, released_forms, releases
from infra.release import complaints, new_forms

FORMS = tuple(released_forms())
UPCASTS = [
    (name, number)
    for name, (_, upcasts) in registry._UPCASTS.items()
    for number in range(len(upcasts))
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the releases that a test may spoil."""
    shutil.copytree(FOLDER, tmp_path / "released")
    return tmp_path / "released"


def test_the_facts_of_today_are_released() -> None:
    assert releases()[-1].fingerprint == codec.fingerprint().hex(), (
        f"a fact changed: run `{COMMAND}` and commit infra/released"
    )
    assert new_forms() == ()


def test_every_fact_of_today_is_among_the_released_forms_told_in_full() -> None:
    fullest = {
        one.type: one.payloads[1]["attributes"]
        for one in FORMS
        if one.type == "entry" or one.schema_version == FACTS[one.type].schema_version()
    }
    assert fullest.keys() == {*FACTS, "entry"}
    for name, fact in FACTS.items():
        assert fullest[name].keys() == {one.name for one in fact.attributes()}


def test_the_program_reads_every_form_that_was_ever_released() -> None:
    assert list(complaints(FORMS)) == []


def test_reading_a_form_of_today_anew_changes_nothing() -> None:
    for one in FORMS:
        for payload in one.payloads:
            fact = codec.decode(orjson.dumps(payload)).fact
            known = fact.known_attributes()
            assert brought_up(fact.type_name(), known)[1] == known


@pytest.mark.parametrize(("name", "number"), UPCASTS)
def test_without_one_of_its_upcasts_a_released_form_is_refused(
    name: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact, upcasts = read_as(name)
    left = upcasts[:number] + upcasts[number + 1 :]
    as_if(monkeypatch, fact, upcasts=left)

    assert [one for one in complaints(FORMS) if name in one]


def as_if(monkeypatch: pytest.MonkeyPatch, fact: type[Fact], **about: Any) -> None:
    """Let the program say something else about a fact until the test ends."""
    monkeypatch.setattr(fact, "about", replace(fact.about, **about))
    name, version = fact.type_name(), fact.schema_version()
    monkeypatch.setattr(
        registry, "_UPCASTS", {**registry._UPCASTS, name: (fact, fact.about.upcasts)}
    )
    monkeypatch.setattr(codec, "_current", {**codec._current, name: (fact, version)})
    monkeypatch.setattr(codec, "forms", codec.forms.__wrapped__)


def test_an_upcast_that_was_released_leads_where_it_led(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(_attributes: Mapping[str, Any]) -> dict[str, Any]:
        return {}

    for fact in FACTS.values():
        if fact.about.upcasts:
            as_if(monkeypatch, fact, upcasts=(*fact.about.upcasts[:-1], forgetful))
            assert [one for one in complaints(FORMS) if "was changed" in one]


def test_a_narrower_attribute_without_an_upcast_is_refused() -> None:
    (old,) = (one for one in FORMS if one.type == "MentorMatched")
    wider = replace(old, attributes={**old.attributes, "provider": {"text": [300]}})
    (told,) = complaints((wider,))
    assert told.startswith("MentorMatched no longer takes what was released of provider: add an up")


def test_what_cannot_be_read_any_more_is_named_without_its_values() -> None:
    (old,) = (one for one in FORMS if one.type == "MentorMatched")
    strange = replace(old, payloads=[{**old.payloads[1], "attributes": {"gone": "geheim"}}])
    (told,) = complaints((strange,))
    assert told.startswith("version 1 of MentorMatched cannot be read: ")
    assert "geheim" not in told


def test_a_type_of_the_past_is_read_as_the_one_it_became(monkeypatch: pytest.MonkeyPatch) -> None:
    def told_by(attributes: Mapping[str, Any]) -> dict[str, Any]:
        told = dict(attributes)
        if "mentor" in told:
            told["provider"] = told.pop("mentor")
        return told

    fact = FACTS["MentorMatched"]
    former = Former("MentorFound", (told_by,))
    monkeypatch.setattr(
        registry, "_UPCASTS", {**registry._UPCASTS, former.name: (fact, former.upcasts)}
    )
    payload = payload_of("MentorMatched", {"provider": "awo"})
    renamed = {**payload, "type": "MentorFound", "attributes": {"mentor": "awo"}}

    assert codec.decode(orjson.dumps(renamed)) == codec.decode(orjson.dumps(payload))
    assert read_fact("MentorFound", {"mentor": "awo"}) == read_fact(
        "MentorMatched", {"provider": "awo"}
    )


def payload_of(name: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    entry = Entry("f1", read_fact(name, attributes), PartialDate(2024), Actor("p"))
    told: dict[str, Any] = orjson.loads(codec.encode(entry))
    return told


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda path: path.write_bytes(path.read_bytes().replace(b"p1", b"p2")), "restore it"),
        (lambda path: path.unlink(), "restore it"),
        (lambda path: shutil.copy(path, path.with_name("00.jsonl")), "00.jsonl is no release"),
    ],
)
def test_a_release_is_for_ever(folder: Path, spoil: Callable[[Path], object], says: str) -> None:
    spoil(folder / f"{releases()[0].fingerprint}.jsonl")
    with pytest.raises(CorpusError, match=says):
        list(released_forms(folder))


def test_a_release_holds_only_what_no_release_before_held(folder: Path) -> None:
    one = replace(FORMS[0], schema_version=2)
    add_release("ab" * 16, (one,), folder)
    assert [known.fingerprint for known in releases(folder)][-1] == "ab" * 16
    assert tuple(released_forms(folder)) == (*FORMS, one)
    assert (folder / f"{'ab' * 16}.jsonl").read_bytes().count(b"\n") == 1


@pytest.mark.parametrize(
    ("now", "before", "fits"),
    [
        ({"text": [None]}, {"text": [200]}, True),
        ({"text": [200]}, {"text": [None]}, False),
        ({"text": [200]}, {"text": [201]}, False),
        ({"words": ["a", "b"]}, {"words": ["a"]}, True),
        ({"words": ["a"]}, {"words": ["a", "b"]}, False),
        ({"words": ["a"]}, {"text": [200]}, False),
        ({"whole": [0, 9]}, {"whole": [-1, 8]}, True),
        ({"whole": [-1, 9]}, {"whole": [0, 9]}, False),
        ({"list": {"words": ["a"]}}, {"list": {"words": ["b"]}}, False),
        ({"map": [{"text": [9]}, {"flag": []}]}, {"map": [{"text": [9]}, {"flag": []}]}, True),
        ({"parts": {"a": {"day": []}}}, {"parts": {}}, True),
        ({"parts": {}}, {"parts": {"a": {"day": []}}}, False),
    ],
)
def test_a_kind_takes_another_if_all_its_values_fit(now: Kind, before: Kind, fits: bool) -> None:
    assert accepts(now, before) is fits
    assert accepts(now, now)


every_fact = pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.__name__)


@every_fact
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_is_told_of_a_fact_is_read_as_it_was_written(
    fact: type[Fact], data: st.DataObject
) -> None:
    told = data.draw(st.fixed_dictionaries({}, optional=_values(form(fact))))
    entry = data.draw(_entries(fact.model_validate(told)))

    payload = codec.encode(entry)

    assert codec.decode(payload) == entry
    assert codec.encode(codec.decode(payload)) == payload
    assert orjson.loads(payload)["schema_version"] == fact.schema_version()


def _entries(fact: Fact) -> st.SearchStrategy[Entry]:
    words, ids = st.text(max_size=9), st.none() | st.uuids()
    return st.builds(
        Entry,
        words,
        st.just(fact),
        st.just(PartialDate()) | st.dates().map(PartialDate.of),
        st.builds(Actor, words, words, words),
        words,
        st.sampled_from(SourceKind),
        st.sampled_from(Confidence),
        st.none() | st.sampled_from(LegalBasis),
        st.none() | words,
        ids,
        ids,
        ids,
    )


def _values(kinds: Mapping[str, Kind]) -> dict[str, st.SearchStrategy[Any]]:
    return {name: st.none() | _value(kind) for name, kind in kinds.items()}


def _value(kind: Kind) -> st.SearchStrategy[Any]:
    ((name, limit),) = kind.items()
    match name:
        case "words":
            return st.sampled_from(limit)
        case "list":
            return st.lists(_value(limit), max_size=3)
        case "map":
            return st.dictionaries(*map(_value, limit), max_size=3)
        case "parts":
            return st.fixed_dictionaries({}, optional=_values(limit))
        case "whole":
            return st.integers(-limit[0], limit[1])
        case "number":
            return st.floats(-limit[0], limit[1])
    simple = {
        "text": st.text(max_size=20),
        "flag": st.booleans(),
        "decimal": st.decimals(0, Decimal("9999999999.99"), places=2).map(str),
        "day": st.dates().map(str) | st.dates().map(lambda day: str(day)[:7]),
        "json": st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    }
    return simple[name]


def test_a_form_says_of_its_payloads_what_they_are() -> None:
    (one,) = (one for one in FORMS if one.type == "ContactHeld")
    assert isinstance(one, Form)
    assert one.payloads[0]["attributes"] == {}
    assert one.attributes["minutes"] == {"whole": [0, 100_000]}
