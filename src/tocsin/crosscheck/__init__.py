"""The partner's tracks against our own; private until an officer says so. See README.md."""

from tocsin.crosscheck.findings import Finding, Kind, crosscheck
from tocsin.crosscheck.offset import Offset, relative_offset

__all__ = ["Finding", "Kind", "Offset", "crosscheck", "relative_offset"]
