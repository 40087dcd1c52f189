"""A file of a spreadsheet that cannot be read at all."""

from collections.abc import Mapping

from domain.errors import KetteError
from infra.spreadsheets.cells import Notice, Place


class UnreadableFileError(KetteError):
    """Nothing of a file is read: it is damaged, of another kind, or its columns are not understood."""

    code = "unreadable-file"

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.in_language("de"))
        self.notice = notice


_REASONS: Mapping[type[OSError], str] = {
    FileNotFoundError: "file-missing",
    IsADirectoryError: "file-is-folder",
    PermissionError: "file-forbidden",
}


def cannot_open(place: Place, error: OSError) -> UnreadableFileError:
    """Return the error that says why a file cannot be opened, and what to do."""
    return unreadable(_REASONS.get(type(error), "no-file"), place, why=error.strerror)


def unreadable(code: str, place: Place, **words: object) -> UnreadableFileError:
    """Return the error that says what is wrong with a file, where, and what to do."""
    return UnreadableFileError(Notice(code, place, words))
