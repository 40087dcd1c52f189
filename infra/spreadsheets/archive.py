"""The zip archive of an XLSX file, read in pieces and with bounds."""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self

from infra.spreadsheets.cells import Place
from infra.spreadsheets.errors import cannot_open, unreadable
from infra.spreadsheets.markup import MarkupError, elements

_CHUNK = 1 << 16
_MOST_PARTS = 10_000
_MOST_BYTES = 4 << 30
_BOMB_RATIO, _BOMB_BYTES = 400, 64 << 20
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""How old Excel files begin, and encrypted ones."""


class Archive:
    """An opened XLSX file: its parts by name and by relation."""

    def __init__(self, path: Path) -> None:
        self.place = Place(path.name)
        self._file = self._opened(path)
        try:
            self._zip = self._unpacked()
        except BaseException:
            self._file.close()
            raise
        parts = self._zip.infolist()
        self._names = {one.filename.lower().lstrip("/"): one.filename for one in parts}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()
        self._file.close()

    def has(self, part: str) -> bool:
        """Say whether the archive holds a part."""
        return part.lower() in self._names

    def chunks(self, part: str) -> Iterator[bytes]:
        """Yield the bytes of a part, piece by piece.

        Raises:
            UnreadableFileError: If the part is missing or damaged.
        """
        try:
            with self._zip.open(self._names[part.lower()]) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except KeyError:
            raise unreadable("part-missing", self.place, part=part) from None
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
            raise unreadable("damaged", self.place) from None
        except RuntimeError:  # what zipfile raises for encrypted parts
            raise unreadable("encrypted", self.place) from None

    def elements(self, part: str) -> Iterator[tuple[str, dict[str, str], str]]:
        """Yield the elements of a small part: name, attributes, name of the element around.

        Raises:
            UnreadableFileError: If the part is missing, damaged or broken.
        """
        try:
            for name, attributes, around in elements(self.chunks(part)):
                yield name, {key.rpartition(":")[2]: one for key, one in attributes.items()}, around
        except MarkupError as error:
            raise unreadable("broken-xml", self.place, part=part, why=error) from None

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return the parts that a part refers to, by relation id: last word of the kind, part."""
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if not self.has(rels):
            return {}
        return {
            one["Id"]: (one["Type"].rpartition("/")[2], _resolved(folder, one["Target"]))
            for name, one, _around in self.elements(rels)
            if name == "Relationship" and {"Id", "Type", "Target"} <= one.keys()
        }

    def _opened(self, path: Path) -> IO[bytes]:
        try:
            return path.open("rb")
        except OSError as error:
            raise cannot_open(self.place, error) from None

    def _unpacked(self) -> zipfile.ZipFile:
        if self._file.read(len(OLD_EXCEL)) == OLD_EXCEL:
            raise unreadable("old-excel", self.place)
        try:
            found = zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, ValueError, OSError):
            raise unreadable("damaged", self.place) from None
        if len(found.infolist()) > _MOST_PARTS or any(map(_is_bomb, found.infolist())):
            raise unreadable("zip-bomb", self.place)
        return found


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    grows = part.file_size / max(part.compress_size, 1)
    return part.file_size > _MOST_BYTES or (part.file_size > _BOMB_BYTES and grows > _BOMB_RATIO)


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
