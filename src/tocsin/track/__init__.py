"""Multi-target tracking of flights: scans in, a picture of confirmed tracks out. See README.md."""

from tocsin.track.compiling import compile  # noqa: A004
from tocsin.track.picture import Picture
from tocsin.track.settings import Mode, TrackerSettings
from tocsin.track.tracker import Tracker

__all__ = ["Mode", "Picture", "Tracker", "TrackerSettings", "compile"]
