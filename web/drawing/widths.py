"""How wide a text will be: SVG does not wrap, so every label is measured before it is drawn.

The advance widths of the typeface (thousandths of its size) stand in ``fira_sans_widths.json``; a test
compares them with the font files.
"""

import json
from enum import StrEnum
from functools import lru_cache
from pathlib import Path


class Weight(StrEnum):
    """The weights that the drawing uses."""

    REGULAR = "Regular"
    MEDIUM = "Medium"
    SEMIBOLD = "SemiBold"


_UNKNOWN = 700
_SHORTEST = 4


def _widths() -> dict[str, dict[str, int]]:
    path = Path(__file__).with_name("fira_sans_widths.json")
    table: dict[str, dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return {
        weight: {letter: int(width) for width, letters in groups.items() for letter in letters}
        for weight, groups in table.items()
    }


WIDTHS = _widths()


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, weight: Weight = Weight.MEDIUM) -> float:
    """Return the width of a text in pixels."""
    widths = WIDTHS[weight]
    return sum(widths.get(letter, _UNKNOWN) for letter in text) * size / 1000


def fitting(
    candidates: tuple[str, ...], room: float, size: float, weight: Weight = Weight.MEDIUM
) -> str:
    """Return the first text that fits, else the last one cut short, else nothing."""
    for text in candidates:
        if text and text_width(text, size, weight) <= room:
            return text
    return cut(next((text for text in reversed(candidates) if text), ""), room, size, weight)


def cut(text: str, room: float, size: float, weight: Weight) -> str:
    """Return the longest beginning that fits with an ellipsis; nothing if too little would be left."""
    kept = text
    while kept and text_width(f"{kept}…", size, weight) > room:
        kept = kept[:-1]
    kept = kept.rstrip(" ·,–-")
    return f"{kept}…" if len(kept) >= _SHORTEST else ""
