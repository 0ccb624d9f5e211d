"""Verified entries to one common picture that every side can recompute. See README.md."""

from tocsin.fuse.fold import Fold, common_picture
from tocsin.fuse.limits import FUSE_VERSION
from tocsin.fuse.picture import CommonPicture, CommonTrack, Contribution, Unused, track_id

__all__ = [
    "FUSE_VERSION", "CommonPicture", "CommonTrack", "Contribution", "Fold", "Unused", "common_picture", "track_id",
]  # fmt: skip
