"""The shared strings of an XLSX file, spilled into a sealed temporary file so that memory stays flat."""

import os
import re
import struct
import tempfile
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Self

from infra.sealed_file import SealedFile
from infra.spreadsheets.markup import Markup

_CACHED = 4_096
_PLACE = struct.Struct("<Q")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATES = range(0xD800, 0xE000)


def unescaped(text: str) -> str:
    """Return a text with the characters that XLSX writes as ``_x000A_``.

    What no text may hold (the zero character, halves of surrogate pairs) is left out.
    """
    return _ESCAPE.sub(_character, text) if "_x" in text else text


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return "" if code == 0 or code in _SURROGATES else chr(code)


class SharedStrings:
    """Strings by number."""

    def __init__(self) -> None:
        self._texts = SealedFile()
        self._begins = tempfile.TemporaryFile()  # noqa: SIM115  closed by __exit__
        self._count = 0
        self._parts: list[str] = []
        self._phonetic = False
        self.text = lru_cache(_CACHED)(self._read)

    def spill(self, chunks: Iterable[bytes]) -> None:
        """Take the strings of a part in.

        Raises:
            MarkupError: If the part is broken.
        """
        markup = Markup(self._start, self._finish)
        for chunk in chunks:
            markup.feed(chunk)
        markup.feed(b"", last=True)
        self._texts.flush()
        self._begins.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._texts.close()
        self._begins.close()

    def _read(self, number: int) -> str:
        """Return a string.

        Raises:
            IndexError: If there is no string of this number.
        """
        if not 0 <= number < self._count:
            raise IndexError(number)
        (begin,) = _PLACE.unpack(os.pread(self._begins.fileno(), 8, number * 8))
        text, _ = self._texts.read(begin)
        return text.decode("utf-8")

    def _start(self, name: str, _attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._parts = []
        elif name == "rPh":
            self._phonetic = True

    def _finish(self, name: str, text: str) -> None:
        if name == "t" and not self._phonetic:
            self._parts.append(text)
        elif name == "rPh":
            self._phonetic = False
        elif name == "si":
            written = unescaped("".join(self._parts)).encode()
            self._begins.write(_PLACE.pack(self._texts.write(written)))
            self._count += 1
