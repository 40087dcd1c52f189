"""A file of a spreadsheet that cannot be read at all."""

from domain.errors import KetteError
from infra.spreadsheets.cells import Notice, Place


class UnreadableFileError(KetteError):
    """Nothing of a file is read: it is damaged, of another kind, or its columns are not understood."""

    code = "unreadable-file"

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.in_language("de"))
        self.notice = notice


def unreadable(code: str, place: Place, **words: object) -> UnreadableFileError:
    """Return the error that says what is wrong with a file, where, and what to do."""
    return UnreadableFileError(Notice(code, place, words))
