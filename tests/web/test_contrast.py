"""Contrast within the drawing, which no checker of pages can see: every pair of tokens, light and dark."""

import math
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "web" / "static"
OWN = (STATIC / "app.css").read_text(encoding="utf-8")
KERN = (STATIC / "lib" / "kern.min.css").read_text(encoding="utf-8")

TEXT, SHAPE = 4.5, 3.0
PAIRS = [
    ("done-text", "done", TEXT),
    ("running-text", "running", TEXT),
    ("text", "lane", TEXT),
    ("text", "lane-alt", TEXT),
    ("muted", "lane", TEXT),
    ("muted", "lane-alt", TEXT),
    ("open", "hole", TEXT),
    ("open", "lane", TEXT),
    ("open", "lane-alt", TEXT),
    ("due", "hole", TEXT),
    ("due", "lane", TEXT),
    ("due", "lane-alt", TEXT),
    ("ground", "today", TEXT),
    ("done-edge", "lane", SHAPE),
    ("done-edge", "lane-alt", SHAPE),
    ("running", "lane", SHAPE),
    ("running", "lane-alt", SHAPE),
    ("closed", "lane", SHAPE),
    ("closed", "lane-alt", SHAPE),
    ("reached", "lane", SHAPE),
    ("reached", "lane-alt", SHAPE),
    ("ground", "reached", SHAPE),
    ("edge", "lane", SHAPE),
]


def tokens(dark: bool) -> dict[str, str]:
    light_part, _, rest = OWN.partition("@media (prefers-color-scheme: dark)")
    found = dict(re.findall(r"--([\w-]+):\s*([^;]+);", light_part))
    if dark:
        found |= dict(re.findall(r"--([\w-]+):\s*([^;]+);", rest.partition("\n}\n")[0]))
    return found


def luminance(value: str) -> float:
    named = re.fullmatch(r"var\(--(kern-color-[\w-]+)\)", value)
    if named:
        declared = re.search(rf"--{named[1]}:([^;}}]+)", KERN)
        assert declared, value
        value = declared[1].strip()
    if value.startswith("#"):
        return of_hex(value)
    numbers = re.fullmatch(r"oklch\(([\d.]+)%\s+([\d.]+)\s+([\d.]+)\)", value)
    assert numbers, value
    return of_oklch(*(float(one) for one in numbers.groups()))


def of_hex(value: str) -> float:
    digits = value[1:] if len(value) == 7 else "".join(2 * one for one in value[1:])
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def of_oklch(lightness: float, chroma: float, hue: float) -> float:
    """Return the luminance of an oklch colour, clipped into sRGB."""
    light = lightness / 100
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long, medium, short = (
        (light + x * a + y * b) ** 3
        for x, y in (
            (0.3963377774, 0.2158037573),
            (-0.1055613458, -0.0638541728),
            (-0.0894841775, -1.2914855480),
        )
    )
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    clipped = (min(max(one, 0.0), 1.0) for one in (red, green, blue))
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), clipped, strict=True))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), PAIRS)
def test_two_tokens_that_meet_can_be_told_apart(
    front: str, back: str, least: float, dark: bool
) -> None:
    palette = tokens(dark)
    one, other = sorted((luminance(palette[front]), luminance(palette[back])), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= least
