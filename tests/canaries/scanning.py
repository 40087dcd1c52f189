"""The scan: canaries in files and tables, written plainly or encoded, packed or not."""

import base64
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from urllib.parse import quote

import psycopg
import zstandard
from psycopg.sql import SQL, Identifier

from tests.canaries.planting import FRACTION, MARK, Planted

_DAY = re.compile(rb"19[0-7]\d-[01]\d-[0-3]\d")
_GERMAN_DAY = re.compile(rb"\.19[0-7]\d")
_NUMBER = re.compile(FRACTION.encode())
_ID = re.compile(MARK.encode() + rb"\d{4}[a-z]{6}")
_DEPTH = 3


def _interior(data: bytes, shift: int) -> bytes:
    """Return what base64 makes of data behind ``shift`` bytes, without what depends on its neighbours."""
    whole = base64.b64encode(b"\0" * shift + data)
    first, last = -(-shift * 4 // 3), (shift + len(data)) // 3 * 4
    return whole[first + (shift > 0) : last]


def forms(text: str) -> dict[str, bytes]:
    """Return how a text of ASCII letters may stand in a file, by the name of the encoding."""
    plain = text.encode()
    found = {
        "utf-8": plain,
        "upper case": text.upper().encode(),
        "title case": text.capitalize().encode(),
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "percent": "".join(f"%{one:02X}" for one in plain).encode(),
        "percent, lower": "".join(f"%{one:02x}" for one in plain).encode(),
        "json": "".join(f"\\u{one:04x}" for one in plain).encode(),
    }
    found |= {f"base64, {shift} before": _interior(plain, shift) for shift in range(3)}
    assert quote(text) == text
    return found


FORMS = forms(MARK)


def seen_in(data: bytes, planted: Planted) -> Iterator[str]:
    """Yield what of the planted stands in some bytes, each with how it is written."""
    for name, form in FORMS.items():
        if form in data:
            yield from (f"{place} ({name})" for place in _places(form, data, planted))
    days = {found.decode() for found in _DAY.findall(data)}
    days |= {_iso(data[found.start() - 5 : found.end()]) for found in _GERMAN_DAY.finditer(data)}
    for day in sorted(days):
        with suppress(ValueError):
            if (place := planted.days.get(date.fromisoformat(day))) is not None:
                yield f"{place} (day {day})"
    for found in _NUMBER.finditer(data):
        number = (
            data[max(0, found.start() - 4) : found.end()]
            .decode("ascii", "replace")
            .replace(",", ".")
        )
        if number in planted.numbers:
            yield f"{planted.numbers[number]} (number {number})"


def _places(form: bytes, data: bytes, planted: Planted) -> set[str]:
    """Return which texts stand there; where their ends cannot be read, any may."""
    if form != MARK.encode():
        return {"some text"}
    ids = {one.decode() for one in _ID.findall(data)}
    return {planted.texts[one] for one in ids if one in planted.texts}


def _iso(german: bytes) -> str:
    day, month, year = german[:2], german[3:5], german[6:]
    return b"-".join((year, month, day)).decode("ascii", errors="replace")


def unpacked(data: bytes, depth: int = _DEPTH) -> Iterator[bytes]:
    """Yield bytes, and what is packed in them."""
    yield data
    if not depth:
        return
    for inner in _packed(data):
        yield from unpacked(inner, depth - 1)


def _packed(data: bytes) -> Iterator[bytes]:
    if data.startswith(b"\x28\xb5\x2f\xfd"):
        with zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True) as stream:
            yield stream.read()
    elif data.startswith(b"\x1f\x8b"):
        yield gzip.decompress(data)
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            yield from map(book.read, book.namelist())
    elif data[:1] == b"\x78":
        with suppress(zlib.error):
            yield zlib.decompress(data)


def files_in(*folders: Path) -> Iterator[Path]:
    """Yield every file below some folders."""
    for folder in folders:
        yield from (
            one for one in sorted(folder.rglob("*")) if one.is_file() and not one.is_symlink()
        )


def found_in_files(
    planted: Planted, *folders: Path, allowed: Collection[Path] = ()
) -> dict[str, set[str]]:
    """Return what of the planted stands in files that may not hold it, by file."""
    found: dict[str, set[str]] = {}
    for path in files_in(*folders):
        if path in allowed:
            continue
        for data in unpacked(path.read_bytes()):
            if seen := set(seen_in(data, planted)):
                found.setdefault(str(path), set()).update(seen)
    return found


def found_in_tables(
    planted: Planted, dsn: str, allowed: Collection[str] = ()
) -> dict[str, set[str]]:
    """Return what of the planted stands in any row of any table of a database, by table.

    Rows are read through the server: what lies packed outside of its table is unpacked.
    """
    found: dict[str, set[str]] = {}
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "SELECT nspname, relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE relkind IN ('r', 'm') ORDER BY 1, 2"
        ).fetchall()
        for schema, table in tables:
            name = f"{schema}.{table}"
            if name in allowed:
                continue
            statement = SQL("SELECT t::text FROM {} AS t").format(Identifier(schema, table))
            with connection.cursor().copy(SQL("COPY ({}) TO STDOUT").format(statement)) as rows:
                data = b"".join(map(bytes, rows))
            if seen := set(seen_in(data, planted)):
                found[name] = seen
    return found
