"""Verified entries to one common picture that every side can recompute. See README.md."""

from tocsin.fuse.fold import Fold, common_picture
from tocsin.fuse.limits import FUSE_VERSION
from tocsin.fuse.picture import CommonPicture, CommonTrack, Contribution, Unused, track_id
from tocsin.fuse.predict import Predictions, predictions

__all__ = [
    "FUSE_VERSION", "CommonPicture", "CommonTrack", "Contribution", "Fold", "Predictions", "Unused", "common_picture",
    "predictions", "track_id",
]  # fmt: skip
