"""XML in a stream: a fixed amount of memory, and no document type, hence no entities."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from xml.parsers import expat

_LONGEST_TEXT = 400_000


class MarkupError(Exception):
    """The XML is not well-formed, or it is more than a spreadsheet needs."""


Start = Callable[[str, Mapping[str, str]], None]
"""Called with the local name and the attributes of an element that begins."""

End = Callable[[str, str], None]
"""Called with the local name and the text of an element that ends."""


class Markup:
    """Calls ``start`` and ``end`` for every element; names come without their prefix.

    ``end`` gets the text that stands directly before the end of the element.
    """

    def __init__(self, start: Start, end: End) -> None:
        self._start, self._end = start, end
        self._text: list[str] = []
        self._length = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._finish
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = _refuse_doctype

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        """Read on.

        Raises:
            MarkupError: If the XML is broken or unsafe.
        """
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise MarkupError(expat.ErrorString(error.code)) from None

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        self._text, self._length = [], 0
        self._start(name.rpartition(":")[2], attributes)

    def _finish(self, name: str) -> None:
        text = "".join(self._text)
        self._text, self._length = [], 0
        self._end(name.rpartition(":")[2], text)

    def _characters(self, text: str) -> None:
        self._length += len(text)
        if self._length > _LONGEST_TEXT:
            raise MarkupError("a text is longer than any cell")
        self._text.append(text)


def _refuse_doctype(*_parts: object) -> None:
    raise MarkupError("a document type is not allowed")


def elements(chunks: Iterable[bytes]) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Yield the name and attributes of every element at its beginning; for small parts only.

    The third value is the name of the element around it.
    """
    found: list[tuple[str, Mapping[str, str], str]] = []
    around: list[str] = [""]

    def start(name: str, attributes: Mapping[str, str]) -> None:
        found.append((name, attributes, around[-1]))
        around.append(name)

    def end(_name: str, _text: str) -> None:
        around.pop()

    markup = Markup(start, end)
    for chunk in chunks:
        markup.feed(chunk)
        yield from found
        found.clear()
    markup.feed(b"", last=True)
    yield from found
