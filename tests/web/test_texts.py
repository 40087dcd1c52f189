"""The words: every German sentence has its English one, the same values in it, days as people write them."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from domain.days import PartialDate
from domain.errors import UnreadableDateError
from domain.events.registry import read_fact
from domain.labels import Label
from web.days import typed_day, typed_exact, written_day
from web.fact_words import fact_details
from web.texts import chosen_language, texts_in

ROOM = Path(__file__).parents[2] / "web"
MAPPING = """[python: **.py]
[jinja2: **/templates/**.html]
newstyle_gettext = true
trim_blocks = true
lstrip_blocks = true
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, ...]]:
    """Return every sentence that the code and the templates say."""
    folder = tmp_path_factory.mktemp("texts")
    mapping, template = folder / "babel.cfg", folder / "kette.pot"
    mapping.write_text(MAPPING, encoding="utf-8")
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", str(mapping)]
    keywords = ["-k", "say", "-k", "count:1,2", "-k", "marked"]
    subprocess.run([*command, *keywords, "-o", str(template), str(ROOM)], check=True)
    with template.open("rb") as file:
        found = [message.id for message in read_po(file) if message.id]
    return [one if isinstance(one, tuple) else (one,) for one in found]


def test_every_sentence_is_translated_with_the_same_values(said: list[tuple[str, ...]]) -> None:
    path = ROOM / "locale" / "en" / "LC_MESSAGES" / "kette.po"
    with path.open("rb") as file:
        english = read_po(file, locale="en")
    for ids in said:
        message = english.get(ids[0])
        assert message is not None, ids
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert len(strings) == len(ids)
        for text in strings:
            assert text, ids
            assert values(text) == values(ids[0]), ids


def values(text: str) -> list[str]:
    return sorted(re.findall(r"%(?:\(\w+\))?[sd]", text))


def test_the_catalogue_holds_nothing_that_nobody_says(said: list[tuple[str, ...]]) -> None:
    path = ROOM / "locale" / "en" / "LC_MESSAGES" / "kette.po"
    with path.open("rb") as file:
        kept = {
            one.id[0] if isinstance(one.id, tuple) else one.id for one in read_po(file) if one.id
        }
    assert kept == {ids[0] for ids in said}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15.03.2024", "2024-03-15"),
        ("5.3.2024", "2024-03-05"),
        ("5. 3. 2024", "2024-03-05"),
        ("03.2024", "2024-03"),
        ("2024", "2024"),
        ("2024-03-15", "2024-03-15"),
        (" 29.02.2024 ", "2024-02-29"),
        ("", ""),
    ],
)
def test_days_are_read_as_people_type_them(text: str, day: str) -> None:
    assert typed_day(text) == PartialDate.parse(day)


@pytest.mark.parametrize(
    "text", ["29.02.2023", "31.4.2024", "13.2024", "24", "1.1.24", "heute", "٣.٣.2024"]
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDateError):
        typed_day(text)


def test_a_day_that_must_be_exact_is_not_a_month() -> None:
    assert typed_exact("01.02.2024") == date(2024, 2, 1)
    with pytest.raises(UnreadableDateError):
        typed_exact("02.2024")


@pytest.mark.parametrize("day", ["2024-03-15", "2024-03", "2024", ""])
def test_a_day_that_is_written_is_read_the_same(day: str) -> None:
    assert typed_day(written_day(PartialDate.parse(day))) == PartialDate.parse(day)


def test_days_and_periods_are_told_in_both_languages() -> None:
    german, english = texts_in("de"), texts_in("en")
    assert german.day(date(2026, 11, 5)) == "05.11.2026"
    assert english.day(date(2026, 11, 5)) == "5 Nov 2026"
    assert [german.since(1), german.since(90), german.since(92)] == [
        "seit 1 Tag",
        "seit 90 Tagen",
        "seit 3 Monaten",
    ]
    assert [german.left(0), german.left(1), english.left(8)] == ["heute", "in 1 Tag", "in 8 days"]
    assert english.label(Label("Lücke", "gap")) == "Gap"
    assert german.number(48213) == "48.213"


def test_german_comes_first() -> None:
    assert chosen_language(None, None) == "de"
    assert chosen_language("en", "de") == "en"
    assert chosen_language(None, "en") == "en"
    assert chosen_language("fr", None) == "de"


def test_languages_are_told_by_name() -> None:
    fact = read_fact("JourneyStarted", {"languages": ["ar", "ku", "Romanes"]})
    assert fact_details(fact, texts_in("de")) == "Sprachen: Arabisch, Kurdisch, Romanes"
    assert fact_details(fact, texts_in("en")) == "Languages: Arabic, Kurdish, Romanes"


def test_keys_that_tie_facts_together_are_not_told_to_people() -> None:
    fact = read_fact("LinkConfirmed", {"link_id": "v-23ac7361", "provider": "Wohnungsamt"})
    assert fact_details(fact, texts_in("de")) == "Träger: Wohnungsamt"
