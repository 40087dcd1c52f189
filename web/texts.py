"""The words of the interface: German in the source, other languages from gettext catalogues.

Labels of facts, rules and vocabularies come from their own classes; everything else is a German sentence
in the code or the templates that the catalogue of another language translates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from domain.chain.calendar import berlin_day
from domain.days import PartialDate, Precision
from domain.labels import Label, Language

LANGUAGES: tuple[Language, ...] = ("de", "en")

_LOCALE = Path(__file__).with_name("locale")
_MONTHS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "de": ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
        "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    }
)
_MONTH_DAYS = 30.44
_DAYS_TOLD = 90


@dataclass(frozen=True, slots=True)
class Texts:
    """One language: sentences, labels, days and periods of time.

    Attributes:
        names: The names of units and people by the keys under which facts hold them.
    """

    language: Language
    catalogue: NullTranslations
    names: Mapping[str, str] = field(default_factory=dict)

    def say(self, text: str) -> str:
        """Return a German sentence of the source in this language."""
        return self.catalogue.gettext(text)

    def count(self, one: str, many: str, number: int) -> str:
        """Return a counted phrase; ``%d`` stands for the number."""
        return self.catalogue.ngettext(one, many, number).replace("%d", self.number(number))

    def label(self, label: Label) -> str:
        """Return a label in this language; English ones begin as a line of their own does."""
        words = label.in_language(self.language)
        return words if self.language == "de" else words[:1].upper() + words[1:]

    def shorter(self, label: Label) -> str:
        """Return the shortest form of a label in this language."""
        return label.short if self.language == "de" and label.short else self.label(label)

    def name(self, key: str) -> str:
        """Return the name behind a key; what is no key is a name already."""
        return self.names.get(key, key)

    def language_name(self, code: str) -> str:
        """Return the name of a language by its BCP 47 code; what is no known code is a name already."""
        return _language_names(self.language).get(code.lower(), code)

    def named(self, label: Label) -> str:
        """Return a label in this language with every key in it replaced by the name behind it."""
        return " ".join(self.name(word) for word in self.label(label).split(" "))

    def number(self, value: int) -> str:
        """Return a number with its thousands apart."""
        return f"{value:,}".replace(",", "." if self.language == "de" else ",")

    def tenth(self, value: Decimal | None) -> str:
        """Return a number to one decimal place; a dash for none."""
        if value is None:
            return "–"
        text = f"{value:.1f}"
        return text.replace(".", ",") if self.language == "de" else text

    def day(self, day: date | None) -> str:
        """Return a day as people write it; nothing for none."""
        if day is None:
            return ""
        if self.language == "de":
            return f"{day.day:02d}.{day.month:02d}.{day.year}"
        return f"{day.day} {self.month_name(day.month)} {day.year}"

    def recorded(self, moment: datetime) -> str:
        """Return the day in Berlin on which something was recorded."""
        return self.day(berlin_day(moment))

    def partial(self, day: PartialDate) -> str:
        """Return a day, a month or a year; words for the unknown day."""
        match day.precision:
            case Precision.UNKNOWN:
                return self.say("Tag unbekannt")
            case Precision.YEAR:
                return f"{day.year}"
            case Precision.MONTH:
                return f"{day.month:02d}.{day.year}"
            case Precision.DAY:
                return self.day(day.earliest)

    def month(self, day: date) -> str:
        """Return the month of a day."""
        return f"{day.month:02d}.{day.year}"

    def month_name(self, month: int) -> str:
        """Return the short name of a month."""
        return _MONTHS[self.language][month - 1]

    def period(self, days: int) -> str:
        """Return a stretch of days: in days up to three months, then in months."""
        if days <= _DAYS_TOLD:
            return self.count("%d Tag", "%d Tage", days)
        return self.count("%d Monat", "%d Monate", int(days / _MONTH_DAYS))

    def since(self, days: int) -> str:
        """Return how long something has lasted, as it follows the word "seit"."""
        if days <= _DAYS_TOLD:
            return self.count("seit %d Tag", "seit %d Tagen", days)
        return self.count("seit %d Monat", "seit %d Monaten", int(days / _MONTH_DAYS))

    def left(self, days: int) -> str:
        """Return how many days are left."""
        if days == 0:
            return self.say("heute")
        return self.count("in %d Tag", "in %d Tagen", days)


def marked(text: str) -> str:
    """Mark a German sentence for the catalogues where it stands; it is said somewhere else."""
    return text


@cache
def texts_in(language: Language) -> Texts:
    """Return the words of a language; its catalogue is read once."""
    return Texts(language, _catalogue(language))


def _catalogue(language: Language) -> NullTranslations:
    path = _LOCALE / language / "LC_MESSAGES" / "kette.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


@cache
def _language_names(language: Language) -> Mapping[str, str]:
    return {code.lower(): name for code, name in Locale(language).languages.items()}


def chosen_language(asked: str | None, remembered: str | None) -> Language:
    """Return the language that was asked for in the address, or kept in a cookie; else German."""
    for wish in (asked, remembered):
        for language in LANGUAGES:
            if wish == language:
                return language
    return "de"
