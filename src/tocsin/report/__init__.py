"""Reports: one self-contained page a comparison or an assurance run, and the same tables for a terminal."""

from tocsin.report.assurance import assurance_html
from tocsin.report.comparison import comparison_html
from tocsin.report.library import library_html, library_table
from tocsin.report.text import ending, heading, line, side_by_side, timeline

__all__ = [
    "assurance_html", "comparison_html", "ending", "heading", "library_html", "library_table", "line", "side_by_side",
    "timeline",
]  # fmt: skip
