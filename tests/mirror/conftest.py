"""Tests never measure time: Hypothesis gives no deadline here."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
