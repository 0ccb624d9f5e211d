"""The style sheet: contrast in light and dark, parties apart also for the colour-blind, no text under 12 px."""

import math
import re
from importlib.resources import files
from itertools import combinations

import pytest

from tocsin.report.figures import svg

CSS = files("tocsin.report").joinpath("style.css").read_text()
A4_PX = (210 - 2 * 15) / 25.4 * 96
SMALLEST_PX = 12.0


def palette(theme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1])) if theme == "dark" else {})


def linear(colour: str) -> list[float]:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]


def contrast(a: str, b: str) -> float:
    """WCAG 2.2, relative luminance and contrast ratio."""
    y = sorted(sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(x), strict=True)) for x in (a, b))
    return (y[1] + 0.05) / (y[0] + 0.05)


def test_contrast_formula():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "muted", "p0", "p1", "p2", "p3", "ballistic", "attention", "link"])
def test_text_colours_reach_aa(theme, name):
    colours = palette(theme)
    grounds = ["page", "panel"] if name in {"ink", "muted", "attention", "link"} else ["page"]
    assert all(contrast(colours[name], colours[ground]) >= 4.5 for ground in grounds)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["sea", "land"])
def test_marks_on_the_map_reach_three_to_one(theme, ground):
    colours = palette(theme)
    names = ("p0", "p1", "p2", "p3", "ballistic", "ink", "muted")
    assert all(contrast(colours[name], colours[ground]) >= 3 for name in names)


# Viénot, Brettel and Mollon 1999: linear RGB as seen without red and without green receptors.
BLIND = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "deutan": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
}


def seen(colour: str, kind: str) -> tuple[float, float, float]:
    """OKLab (Ottosson 2020) of a colour as seen by a reader."""
    rgb = linear(colour)
    r, g, b = (max(sum(m * c for m, c in zip(row, rgb, strict=True)), 0.0) for row in BLIND[kind])
    cone = (
        0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b,
        0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b,
        0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b,
    )
    x, y, z = (c ** (1 / 3) for c in cone)
    return (
        0.2104542553 * x + 0.7936177850 * y - 0.0040720468 * z,
        1.9779984951 * x - 2.4285922050 * y + 0.4505937099 * z,
        0.0259040371 * x + 0.7827717662 * y - 0.8086757660 * z,
    )


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", BLIND)
def test_first_two_parties_and_truth_stay_apart(theme, kind):
    """0.1 in OKLab is plain to see side by side; further parties also have hatch, dash and mark."""
    colours = palette(theme)
    for a, b in combinations(("p0", "p1", "ballistic"), 2):
        assert math.dist(seen(colours[a], kind), seen(colours[b], kind)) > 0.1


def test_no_text_is_smaller_than_twelve_px_on_screen_or_paper():
    screen, paper = CSS.split("@media print")
    sizes = [float(v) for v in re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)px", screen)]
    assert min(sizes) >= SMALLEST_PX
    assert min(float(v) for v in re.findall(r"font-size: ([\d.]+)pt", paper)) / 72 * 96 >= SMALLEST_PX
    assert svg.FONT_PX * min(A4_PX / svg.WIDTH, 1) >= SMALLEST_PX
    assert svg.FONT_PX * 680 / svg.WIDTH >= SMALLEST_PX  # narrow screens scroll a drawing at 680 px
    assert f"font-size: {svg.FONT_PX:g}px" in screen
