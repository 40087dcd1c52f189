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
        "too-long": Label(
            "Ein Aktenzeichen oder eine Vorgangsnummer hat höchstens {most} Zeichen. Bitte kürzen.",
            "A file number or row number has at most {most} characters. Shorten it.",
        ),
        "no-flag": Label("Bitte ja oder nein schreiben.", "Write ja (yes) or nein (no)."),
        "no-number": Label(
            "Das ist keine Zahl. Bitte zum Beispiel 1.234,56 schreiben.",
            "This is no number. Write for example 1.234,56.",
        ),
        "no-whole-number": Label("Bitte eine ganze Zahl schreiben.", "Write a whole number."),
        "no-choice": Label(
            "Dieser Wert steht nicht zur Auswahl.{meant} Möglich sind: {choices}.",
            "This value is not among the choices.{meant} They are: {choices}.",
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
        # files
        "no-file": Label("Die Datei kann nicht geöffnet werden: {why}.", "Cannot open it: {why}."),
        "file-missing": Label(
            "Diese Datei gibt es nicht. Bitte Namen und Ordner prüfen.",
            "There is no such file. Check its name and folder.",
        ),
        "file-is-folder": Label(
            "Das ist ein Ordner. Bitte die Datei darin nennen.",
            "This is a folder. Name the file in it.",
        ),
        "file-forbidden": Label(
            "Die Datei darf nicht gelesen werden. Bitte Leserecht geben oder sie kopieren.",
            "The file may not be read. Allow it, or copy the file.",
        ),
        "text-as-excel": Label(
            "Der Name sagt Excel, der Inhalt nicht. Bitte in Excel oder LibreOffice öffnen und als "
            ".xlsx speichern; eine Textdatei mit Trennzeichen bitte in .csv umbenennen.",
            "The name says Excel, the content does not. Open it in Excel and save it as .xlsx; "
            "rename a text file with separators to .csv.",
        ),
        "empty-file": Label(
            "Die Datei ist leer. Bitte die gefüllte Datei angeben.", "The file is empty."
        ),
        "unknown-kind": Label(
            "Dieses Format wird nicht gelesen. Bitte als XLSX oder CSV speichern.",
            "This kind of file is not read. Save it as XLSX or CSV.",
        ),
        "old-excel": Label(
            "Das ist eine alte Excel-Datei (.xls) oder eine mit Kennwort. Bitte ohne Kennwort als "
            ".xlsx speichern.",
            "This is an old Excel file or one with a password. Save it as .xlsx without one.",
        ),
        "not-xlsx": Label(
            "Das ist keine Arbeitsmappe im Format XLSX. Bitte in Excel oder LibreOffice als .xlsx "
            "speichern.",
            "This is no XLSX workbook. Save it as .xlsx.",
        ),
        "damaged": Label(
            "Die Datei ist beschädigt oder nicht ganz übertragen. Bitte neu speichern oder neu "
            "übertragen.",
            "The file is damaged or was not transferred whole. Save or transfer it anew.",
        ),
        "encrypted": Label(
            "Die Datei ist verschlüsselt. Bitte ohne Kennwort speichern.",
            "The file is encrypted. Save it without a password.",
        ),
        "zip-bomb": Label(
            "Die Datei wird beim Entpacken unmäßig groß und deshalb nicht gelesen. Bitte nur das "
            "Blatt mit den Daten in eine neue Datei kopieren.",
            "The file grows beyond measure when unpacked. Copy the data into a new file.",
        ),
        "part-missing": Label(
            "In der Datei fehlt der Teil {part}. Bitte neu speichern.",
            "The part {part} is missing. Save the file anew.",
        ),
        "broken-xml": Label(
            "Der Teil {part} der Datei ist nicht lesbar ({why}). Bitte die Datei in Excel oder "
            "LibreOffice öffnen und neu speichern.",
            "The part {part} cannot be read ({why}). Open the file in Excel and save it anew.",
        ),
        "no-text-file": Label(
            "Das ist keine Textdatei. Bitte als CSV (UTF-8) speichern.",
            "This is no text file. Save it as CSV (UTF-8).",
        ),
        "wrong-encoding": Label(
            "Die Zeichen sind weder UTF-8 noch Windows-1252. Bitte als CSV (UTF-8) speichern.",
            "The encoding is neither UTF-8 nor Windows-1252. Save it as CSV (UTF-8).",
        ),
        "broken-csv": Label(
            "Die Anführungszeichen passen nicht zusammen, oder die Zeile ist zu lang ({why}). Bitte "
            "die Zeile berichtigen oder die Datei neu als CSV speichern.",
            "The quotation marks do not match, or the row is too long ({why}). Mend the row.",
        ),
        # tables
        "no-header": Label(
            "Keine Kopfzeile gefunden. Unter den ersten 20 Zeilen muss eine Zeile mit den Spalten "
            "{needed} stehen; für andere Listen bitte eine Zuordnung (TOML) angeben.",
            "No header row found. One of the first 20 rows must have the columns {needed}; for "
            "other lists name a mapping (TOML).",
        ),
        "duplicate-header": Label(
            "Diese Überschrift steht schon in Spalte {other}. Bitte eine der beiden umbenennen oder "
            "löschen.",
            "This header stands in column {other} already. Rename or delete one of them.",
        ),
        "unknown-columns": Label(
            "Unbekannte Spalten: {columns}. Bitte wie in der Vorlage benennen oder löschen.",
            "Unknown columns: {columns}. Name them as in the template or delete them.",
        ),
        "unmapped-columns": Label(
            "Die Zuordnung „{mapping}“ kennt diese Spalten nicht: {columns}. Bitte die Spalten "
            "löschen oder mit --mapping eine eigene Zuordnung nennen, die sie zuordnet oder unter "
            "„ignore“ aufführt.",
            "The mapping “{mapping}” does not know these columns: {columns}. Delete them, or name "
            "with --mapping one of your own that maps or ignores them.",
        ),
        "value-without-header": Label(
            "Hier steht ein Wert in einer Spalte ohne Überschrift. Bitte die Spalte benennen oder "
            "leeren; bei CSV fehlen womöglich Anführungszeichen um ein Trennzeichen.",
            "A value stands in a column without a header. Name the column or clear it; in CSV a "
            "separator may lack its quotation marks.",
        ),
        "merged-cells": Label(
            "Nebeneinanderliegende Zellen sind verbunden. Bitte die Verbindung aufheben und jede "
            "Zelle ausfüllen.",
            "Cells side by side are merged. Unmerge them and fill each one.",
        ),
        "no-person": Label(
            "Das Aktenzeichen der Person fehlt. Bitte eintragen oder die Zeile löschen.",
            "The number of the person's file is missing. Enter it or delete the row.",
        ),
        "no-event": Label(
            "Das Ereignis fehlt. Bitte eines aus der Auswahl eintragen.",
            "The event is missing. Enter one of the choices.",
        ),
        "unknown-event": Label(
            "Dieses Ereignis gibt es nicht.{meant} Bitte eines aus dem Blatt „Erläuterung“ der "
            "Vorlage eintragen.",
            "There is no such event.{meant} Enter one of the template's sheet “Erläuterung”.",
        ),
        "foreign-attribute": Label(
            "„{fact}“ hat diese Angabe nicht. Bitte die Zelle leeren oder das Ereignis berichtigen.",
            "“{fact}” has no such attribute. Clear the cell or mend the event.",
        ),
        # matching
        "same-number": Label(
            "Dieselbe Vorgangsnummer steht mit anderem Inhalt auch in Zeile {others}. Bitte jeder "
            "Zeile eine eigene Nummer geben.",
            "The same number stands with other content in row {others} too. Number each row.",
        ),
        "same-day": Label(
            "Dieselbe Person hat dasselbe Ereignis am selben Tag mit anderem Inhalt auch in Zeile "
            "{others}. Bitte Vorgangsnummern vergeben.",
            "Row {others} tells the same event of the same day with other content. Number the rows.",
        ),
        "ambiguous": Label(
            "Es ist nicht klar, welche frühere Angabe zu „{fact}“ diese Zeile ändert (betrifft auch "
            "Zeile {others}). Bitte Vorgangsnummern vergeben oder die Änderungen einzeln einlesen.",
            "It is not clear which earlier “{fact}” this row changes (see also row {others}). Number "
            "the rows or import the changes one by one.",
        ),
        "renumbered": Label(
            "„{fact}“ vom selben Tag stand bisher unter einer anderen Vorgangsnummer, die jetzt "
            "fehlt. Bitte die frühere Nummer wieder eintragen; sind es zwei, beide Zeilen führen.",
            "“{fact}” of this day had another number before, which is missing now. Give the row its "
            "earlier number; if there are two, keep both rows.",
        ),
        "two-people": Label(
            "Dieses Aktenzeichen führen mehrere Personen. Bitte ein Aktenzeichen eintragen, das nur "
            "diese Person hat.",
            "Several people have this file number. Enter one that only this person has.",
        ),
        "two-members": Label(
            "Das Aktenzeichen, mit dem diese Zeile jemand anderen nennt, führen mehrere Personen. Bitte eines "
            "eintragen, das nur diese Person hat, oder die Kennung ihres Verlaufs.",
            "Several people have the file number by which this row names somebody else. Enter one that only this "
            "person has, or the id of the journey.",
        ),
        "type-changed": Label(
            "Unter dieser Vorgangsnummer ist ein anderes Ereignis erfasst. Bitte das alte mit einer "
            "Zeile „Zurücknahme“ zurücknehmen und dieser Zeile eine neue Nummer geben.",
            "Another event is recorded under this number. Retract it and number this row anew.",
        ),
        # refusals of the journal
        "after-recording": Label(
            "Der Tag liegt nach dem Tag der Erfassung. Bitte das Datum prüfen; Angekündigtes hat "
            "eigene Ereignisse.",
            "The day lies after the day of recording. Check it; what is announced is another event.",
        ),
        "before-birth": Label(
            "Der Tag liegt vor der Geburt der Person. Bitte beide Daten prüfen.",
            "The day lies before the person's birth. Check both dates.",
        ),
        "end-before-start": Label(
            "Das Ende liegt vor dem Beginn. Bitte beide Daten prüfen.",
            "The end lies before the start. Check both dates.",
        ),
        "unknown-target": Label(
            "Die Tatsache, auf die sich die Zeile bezieht, gibt es bei dieser Person nicht. Bitte "
            "die Vorgangsnummer prüfen.",
            "The person has no fact of the number that the row names. Check it.",
        ),
        "already-retracted": Label(
            "Die Tatsache wurde schon zurückgenommen. Bitte die Zeile löschen oder als neue Tatsache "
            "mit eigener Nummer erfassen.",
            "The fact was retracted already. Delete the row or record a new fact.",
        ),
        "invalid-correction": Label(
            "Die Berichtigung passt nicht zur berichtigten Tatsache. Bitte die Angaben prüfen.",
            "The correction does not fit the corrected fact. Check what it says.",
        ),
        "fact-exists": Label(
            "Unter dieser Kennung ist bei der Person schon etwas erfasst. Bitte eine andere "
            "Vorgangsnummer vergeben.",
            "The person has a fact of this id already. Give the row another number.",
        ),
        "journey-erased": Label(
            "Die Daten dieser Person wurden gelöscht; es wird nichts mehr erfasst. Bitte die Zeile "
            "löschen.",
            "The person's data were erased; nothing is recorded any more. Delete the row.",
        ),
        "journey-exists": Label(
            "Die Person wurde soeben von anderen angelegt. Bitte noch einmal einlesen.",
            "Somebody else began the journey just now. Import once more.",
        ),
        "stream-moved": Label(
            "An dieser Akte wird gerade gearbeitet. Bitte noch einmal einlesen.",
            "Somebody is working on this file. Import once more.",
        ),
        "command-id-reused": Label(
            "Diese Zeile wurde schon mit anderem Inhalt eingelesen. Bitte eine neue Vorgangsnummer "
            "vergeben.",
            "The row was imported with other content before. Give it a new number.",
        ),
        "recorded-ahead": Label(
            "„erfasst am“ liegt in der Zukunft. Bitte das Datum prüfen.",
            "“erfasst am” lies ahead. Check the date.",
        ),
        # hints
        "hidden-row": Label(
            "Ausgeblendete Zeilen werden mitgelesen. Bitte löschen, was nicht gemeint ist.",
            "Hidden rows are read as well. Delete what is not meant.",
        ),
        "hidden-column": Label(
            "Die Spalte ist ausgeblendet und wird mitgelesen. Bitte löschen, falls nicht gemeint.",
            "The column is hidden and read as well. Delete it if it is not meant.",
        ),
        "formula": Label(
            "Hier stehen Formeln; gelesen wird ihr zuletzt gespeicherter Wert.",
            "There are formulas; their last stored value is read.",
        ),
        "number-as-text": Label(
            "Excel hat den Text als Zahl gespeichert; führende Nullen fehlen womöglich. Bitte die "
            "Spalte als Text formatieren.",
            "Excel stored the text as a number; leading zeros may be lost. Format it as text.",
        ),
        "example-row": Label(
            "Die Beispielzeile der Vorlage wird übergangen.",
            "The template's example is passed over.",
        ),
        "sheet-not-read": Label(
            "Das Blatt hat keine passende Kopfzeile und wird nicht gelesen.",
            "The sheet has no fitting header row and is not read.",
        ),
        "columns-missing": Label(
            "Die Liste hat diese Spalten der Zuordnung nicht: {columns}.",
            "The list lacks these columns of the mapping: {columns}.",
        ),
        "not-told": Label(
            "Die Angabe wird nicht übernommen, weil für „{fact}“ das Wesentliche fehlt. Bitte die "
            "übrigen Spalten ausfüllen.",
            "The value is not taken: what makes “{fact}” is missing. Fill the other columns.",
        ),
        "row-twice": Label(
            "Die Zeile wiederholt eine andere und zählt nur einmal.",
            "The row repeats another and counts once.",
        ),
        "taken-as-change": Label(
            "Ohne Vorgangsnummer als Änderung einer früheren Zeile gelesen: ihr Datum wird "
            "berichtigt. Ist ein weiteres Ereignis gemeint, bitte Vorgangsnummern vergeben und auch "
            "die frühere Zeile führen.",
            "Without a number taken as a change of an earlier row: its day is corrected. If another "
            "event is meant, number the rows and keep the earlier one too.",
        ),
        "recording-not-kept": Label(
            "„erfasst am“ gilt nur beim Laden in einen leeren Bestand; erfasst wird heute.",
            "“erfasst am” counts only when an empty store is loaded; it is recorded today.",
        ),
        "person-left-out": Label(
            "Von Personen mit abgewiesenen Zeilen wird nichts übernommen. Bitte die Zeilen "
            "berichtigen und die Datei noch einmal einlesen.",
            "Nothing is taken of people with refused rows. Mend the rows and import again.",
        ),
        "warned-rows": Label("({n}-mal: Zeile {rows})", "({n} times: row {rows})"),
        "vanished": Label(
            "„{fact}“ ({id}) im Verlauf {journey}", "“{fact}” ({id}) in journey {journey}"
        ),
        # the report
        "report-did": Label(
            "{file}: gelesene Zeilen: {rows}, neue Tatsachen: {appended} (neue Personen: {people}), "
            "Berichtigungen: {corrections}, unverändert: {unchanged}.",
            "{file}: rows read: {rows}, new facts: {appended} (new people: {people}), "
            "corrections: {corrections}, unchanged: {unchanged}.",
        ),
        "report-would": Label(
            "Probelauf, nichts geschrieben. {file}: gelesene Zeilen: {rows}, neue Tatsachen: {appended} "
            "(neue Personen: {people}), Berichtigungen: {corrections}, unverändert: {unchanged}.",
            "Dry run, nothing written. {file}: rows read: {rows}, new facts: {appended} "
            "(new people: {people}), corrections: {corrections}, unchanged: {unchanged}.",
        ),
        "report-history": Label(
            "Die Tatsachen behalten den Tag ihrer Erfassung (leerer Bestand).",
            "The facts keep the day of their recording (empty store).",
        ),
        "report-warnings": Label("Hinweise ({n}):", "Hints ({n}):"),
        "report-vanished": Label(
            "Nicht mehr in der Liste, bleibt aber erfasst ({n}):",
            "No longer in the list, stays recorded ({n}):",
        ),
        "report-refused": Label("Abgewiesene Zeilen ({n}):", "Refused rows ({n}):"),
        "report-more": Label("  … und {n} weitere", "  … and {n} more"),
    }
)


def text(code: str, language: Language) -> str:
    """Return a text with its places to fill."""
    return _TEXTS[code].in_language(language)
