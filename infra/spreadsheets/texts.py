"""What is said about files, rows and cells: the problem and its cure, in German and English."""

from collections.abc import Mapping
from types import MappingProxyType

from domain.labels import Label, Language

_TEXTS: Mapping[str, Label] = MappingProxyType(
    {
        "place-sheet": Label("Blatt „{}“", "sheet “{}”"),
        "place-row": Label("Zeile {}", "row {}"),
        "place-column": Label("Spalte {}", "column {}"),
        # values
        "no-date": Label(
            "Das ist kein Datum. Bitte TT.MM.JJJJ, MM.JJJJ oder JJJJ schreiben.",
            "This is no date. Write DD.MM.YYYY, MM.YYYY or YYYY.",
        ),
        "no-such-day": Label(
            "Diesen Tag gibt es nicht. Bitte einen Tag des Kalenders schreiben.",
            "There is no such day. Write a day of the calendar.",
        ),
        "no-exact-day": Label(
            "Hier muss ein genauer Tag stehen. Bitte TT.MM.JJJJ schreiben.",
            "An exact day is needed. Write DD.MM.YYYY.",
        ),
        "no-flag": Label("Bitte ja oder nein schreiben.", "Write ja (yes) or nein (no)."),
        "no-number": Label(
            "Das ist keine Zahl. Bitte zum Beispiel 1.234,56 schreiben.",
            "This is no number. Write for example 1.234,56.",
        ),
        "no-whole-number": Label("Bitte eine ganze Zahl schreiben.", "Write a whole number."),
        "no-choice": Label(
            "Dieser Wert steht nicht zur Auswahl. Möglich sind: {choices}.",
            "This value is not among the choices: {choices}.",
        ),
        "no-map": Label(
            "Bitte „Name: Wert; Name: Wert“ schreiben.", "Write “name: value; name: value”."
        ),
        "no-json": Label(
            "Das ist kein lesbares JSON. Bitte wie im Blatt „Erläuterung“ schreiben.",
            "This is no readable JSON. Write it as the sheet “Erläuterung” shows.",
        ),
        "no-text": Label(
            "Excel hat hier ein Datum oder einen Wahrheitswert aus dem Text gemacht. Bitte die "
            "Zelle als Text formatieren und den Wert neu eintragen.",
            "Excel turned the text into a date or a truth value. Format the cell as text.",
        ),
        "error-cell": Label(
            "Die Zelle zeigt einen Formelfehler. Bitte den Wert eintragen oder die Zelle leeren.",
            "The cell shows a formula error. Enter the value or clear the cell.",
        ),
        "formula-without-value": Label(
            "Die Formel hat keinen gespeicherten Wert. Bitte die Datei in Excel öffnen und speichern "
            "oder Werte statt Formeln einfügen.",
            "The formula has no stored value. Open and save the file in Excel, or paste values.",
        ),
        "value-out-of-range": Label(
            "Dieser Wert passt nicht in die Angabe: {why}.", "This value does not fit: {why}."
        ),
        "zero-lost": Label(
            "Der Gemeindeschlüssel hat acht Ziffern; hier ging die führende Null verloren. Bitte die "
            "Zelle als Text formatieren und den Schlüssel neu eintragen.",
            "A municipality key has eight digits; the leading zero was lost. Format it as text.",
        ),
    }
)


def text(code: str, language: Language) -> str:
    """Return a text with its places to fill."""
    return _TEXTS[code].in_language(language)
