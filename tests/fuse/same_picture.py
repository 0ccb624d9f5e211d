"""Equality of pictures to the last bit, which their digests only sample."""

from dataclasses import fields

from tocsin.fuse import CommonPicture, CommonTrack


def bits(picture: CommonPicture) -> tuple:
    """Everything a picture says, arrays as bytes."""
    tracks = tuple(tuple(_plain(getattr(t, f.name)) for f in fields(CommonTrack)) for t in picture.tracks)
    return picture.as_of_tai_ns, tracks, picture.unused, picture.digest


def _plain(value):
    return value.tobytes() if hasattr(value, "tobytes") else value
