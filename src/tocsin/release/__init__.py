"""Own picture and officers' drafts -> statements, and a private record of what was withheld. See README.md."""

from tocsin.release.delay import DelayLine
from tocsin.release.estimates import PictureLike, track_name
from tocsin.release.ledger import RETRACTS, Ledger, Said
from tocsin.release.meter import Meter
from tocsin.release.publish import OWN_KINDS, group_of, publish
from tocsin.release.records import Context, Draft, Group, Released, Withheld, WithheldRecord
from tocsin.release.settings import TrackletSettings
from tocsin.release.tracklets import track_drafts

__all__ = [
    "OWN_KINDS", "RETRACTS", "Context", "DelayLine", "Draft", "Group", "Ledger", "Meter", "PictureLike", "Released",
    "Said", "TrackletSettings", "Withheld", "WithheldRecord", "group_of", "publish", "track_drafts", "track_name",
]  # fmt: skip
