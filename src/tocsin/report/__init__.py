"""Reports: one self-contained page a comparison, and the same tables for a terminal."""

from tocsin.report.comparison import comparison_html
from tocsin.report.text import ending, heading, line, side_by_side, timeline

__all__ = ["comparison_html", "ending", "heading", "line", "side_by_side", "timeline"]
