"""The partner's tracks against our own; private until an officer says so. See README.md."""

from tocsin.crosscheck.findings import Finding, Kind, crosscheck
from tocsin.crosscheck.innovations import SensorCheck, check_track
from tocsin.crosscheck.offset import Offset, relative_offset
from tocsin.crosscheck.registration import Registration, corrected, registration

__all__ = [
    "Finding", "Kind", "Offset", "Registration", "SensorCheck", "check_track", "corrected", "crosscheck",
    "registration", "relative_offset",
]  # fmt: skip
