"""Patterns that all figures of a page share: one hatch direction a party, so that hue is never alone."""

from markupsafe import Markup

from tocsin.report.figures import svg

# One path a party: rising, falling, level, crossed. The wide form, for maps, is the same in a larger tile.
_TILE = 8
_WIDE = 2.5
_CHIPS = ("M1 7L7 1M1 13L13 1M7 13L13 7", "M7 1L13 7M1 1L13 13M1 7L7 13", "M1 4L13 4M1 7L13 7M1 10L13 10",
          "M4.7 1L4.7 13M9.3 1L9.3 13M1 4.7L13 4.7M1 9.3L13 9.3")  # fmt: skip
_HATCHES = ("M0 8L8 0M-2 2L2 -2M6 10L10 6", "M0 0L8 8M-2 6L2 10M6 -2L10 2", "M0 4L8 4", "M4 0L4 8M0 4L8 4")


def _pattern(name: str, style: str, *children: Markup, scale: float = 1.0) -> Markup:
    return svg.element(
        "pattern", *children, id=f"{name}-{style}", width=_TILE, height=_TILE, patternUnits="userSpaceOnUse",
        patternTransform=f"scale({svg.number(scale)})" if scale != 1 else None,
    )  # fmt: skip


def shared() -> Markup:
    """A hidden drawing with the patterns; put it first on the page."""
    patterns = []
    for d, style in zip((*_HATCHES, _HATCHES[0]), ("p0", "p1", "p2", "p3", "neutral"), strict=True):
        patterns.append(_pattern("hatch", style, svg.element("path", d=d, class_=f"hatch {style}")))
        tint = svg.rect(0, 0, _TILE, _TILE, f"tint {style}")
        thin = svg.element("path", d=d, class_=f"hatch thin {style}")
        patterns.append(_pattern("wide", style, tint, thin, scale=_WIDE))
    return svg.element(
        "svg", svg.element("defs", *patterns), class_="shared", width=0, height=0, aria_hidden="true",
        focusable="false",
    )  # fmt: skip


def chip(index: int) -> Markup:
    """A party's small sign beside its name in text: its colour and hatch, as lines (a pattern prints as a raster)."""
    style = svg.party_class(index)
    hatch = svg.element("path", d=_CHIPS[index % len(_CHIPS)], class_=f"hatch {style}")
    return svg.element(
        "svg", svg.rect(1, 1, 12, 12, f"chip {style}"), hatch, viewBox="0 0 14 14", width=14, height=14,
        class_="chip-box", aria_hidden="true", focusable="false",
    )  # fmt: skip
