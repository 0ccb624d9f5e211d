"""Figures as inline SVG: one file a figure, over the helpers `svg`, `scale`, `plot` and `globe`."""
