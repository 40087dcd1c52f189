"""Invented names: given names and family names drawn apart, so that together they name nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from domain.vocabulary.countries import Country
from domain.vocabulary.person import Sex
from infra.population.draws import Draw


@dataclass(frozen=True, slots=True)
class Name:
    """Given names and family name."""

    given: str
    family: str


@dataclass(frozen=True, slots=True)
class _Names:
    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]


def _names(women: str, men: str, families: str) -> _Names:
    return _Names(tuple(women.split()), tuple(men.split()), tuple(families.split()))


_ARABIC = _names(
    "Amina Rana Lamis Hiba Nour Salma Rima Dalal Yara Maysa Ghada Wafa Sawsan Abir Lina Zahra",
    "Yusuf Samer Bilal Tarek Anas Ziad Nabil Ramzi Firas Hadi Munir Jamil Wael Khalid Basil Imad",
    "Rahalwan Sabbouti Qandeli Haddarin Nasrawan Tahmouni Zaitarin Shamsoui Barudan Khalifan "
    "Mirwani Dabbaghin Sallumi Jaziran Kabbarin Turkawi",
)
_PERSIAN = _names(
    "Shirin Parwana Laleh Mina Fereshta Nilufar Zohra Roya Maryam Soraya Nasrin Golnar Freba Mahsa",
    "Farid Omid Jawad Reza Homayun Kamran Nadir Sohrab Zalmai Arash Navid Daud Babak Rahim",
    "Rahmanzai Golestari Noorpour Safiani Kohbari Ahmadwand Darwishi Bahrampour Stanekwal Zamarian "
    "Hotakari Parwanian Sangaresh Mirzapoor",
)
_TURKISH = _names(
    "Elif Zeynep Derya Sevgi Aylin Nurcan Hatice Gülay Melek Berfin Pınar Songül",
    "Murat Emre Cem Serkan Baran Ozan Tolga Hasan Yusuf Ferhat Deniz Onur",
    "Yildizalp Karadeniz Taskopru Ozgurer Demirbilekli Aydinoglan Kayaturk Sarigollu Bozdaglar Celikten "
    "Akpinarli Tekinsoyer",
)
_UKRAINIAN = _names(
    "Olena Iryna Svitlana Nadiia Oksana Halyna Kateryna Tetiana Larysa Yuliia Alina Daryna",
    "Andrii Taras Mykola Bohdan Serhii Vasyl Oleh Petro Ihor Danylo Roman Yurii",
    "Kalynchuk Sadovenko Berezniak Lypovska Zoriachenko Hrabovets Ternopolko Vyshniuk Ozerchuk Krynytsia "
    "Dubravenko Polianets Stepovyk Yavorchenko",
)
_WEST_AFRICAN = _names(
    "Fatoumata Mariama Aissatou Blessing Ngozi Hadja Kadiatou Chioma Adaeze Binta Folake Oumou",
    "Ibrahima Mamadou Emeka Tunde Alpha Sekou Chidi Ousmane Kelechi Abdoulaye Femi Lansana",
    "Bahdiallo Condeba Okonjide Adewumbi Sowaré Baldékan Nwachiku Touréban Eziokwani Camaran "
    "Barryssou Olukandi",
)
_BALKAN = _names(
    "Elena Mihaela Desislava Ioana Radka Cristina Denitsa Florina Yordanka Simona Gergana Raluca",
    "Stoyan Florin Dimitar Ionut Plamen Marius Georgi Vasile Krasimir Sorin Todor Cosmin",
    "Vasilescov Popandrei Stoyanescu Dragolov Munteanov Kolevescu Bratulov Ionchev Radulkov Petrescova "
    "Marinchev Dobrescov",
)

_BY_COUNTRY: Mapping[Country, _Names] = MappingProxyType(
    {
        Country.SYR: _ARABIC,
        Country.IRQ: _ARABIC,
        Country.AFG: _PERSIAN,
        Country.IRN: _PERSIAN,
        Country.TUR: _TURKISH,
        Country.UKR: _UKRAINIAN,
        Country.NGA: _WEST_AFRICAN,
        Country.GIN: _WEST_AFRICAN,
        Country.BGR: _BALKAN,
        Country.ROU: _BALKAN,
    }
)

COUNTRIES = tuple(_BY_COUNTRY)
"""The nationalities for which there are names."""

_ATTEMPTS = 30


def name_of(nationality: Country, sex: Sex, draw: Draw, taken: set[Name]) -> Name:
    """Return an invented name that fits a nationality and a sex; no two alike while names last."""
    names = _BY_COUNTRY[nationality]
    given = names.women if sex is Sex.FEMALE else names.men
    name = Name(draw.one(given), draw.one(names.families))
    for _ in range(_ATTEMPTS):
        if name not in taken:
            break
        name = Name(draw.one(given), draw.one(names.families))
    taken.add(name)
    return name
