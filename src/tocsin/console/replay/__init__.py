"""A finished run as a recorded sequence of boards, worked out again from its signed logs."""

from tocsin.console.replay.delta import patch, patched
from tocsin.console.replay.host import ReplayHost
from tocsin.console.replay.record import Recorded, Recorder, nobody

__all__ = ["Recorded", "Recorder", "ReplayHost", "nobody", "patch", "patched"]
