"""Tocsin: shared early warning for parties that do not trust each other.

As a library, without a server; everything is loaded when it is first used:

    import tocsin

    pictures = tocsin.track_file("radar.jsonl")                      # a file of observations to pictures of tracks
    launches = tocsin.launches_file("radar.jsonl")                   # ... to where each began, smoothed backwards
    tocsin.tracklets_file("radar.jsonl", "west", "west.jsonl")       # ... to the statements that a centre would release
    picture = tocsin.fuse_files("west.jsonl", "east.jsonl")          # files of tracklets to one common picture
    verdict = tocsin.verify_bundle("runs/andoya-1995-1995")          # logs, receipts and decisions, offline
    played = tocsin.run_scenario("andoya-1995", regime="connected")  # a case through complete centres
    with tocsin.Client("http://127.0.0.1:8401") as centre: ...       # a running centre

The rooms are packages of their own: `tocsin.track`, `tocsin.fuse`, `tocsin.formats` and the rest.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.app.library import fuse_files, launches_file, run_scenario, track_file, tracklets_file, verify_bundle
    from tocsin.client import AsyncClient, Client

__version__ = "0.1.0"
__all__ = [
    "AsyncClient", "Client", "__version__", "fuse_files", "launches_file", "run_scenario", "track_file",
    "tracklets_file", "verify_bundle",
]  # fmt: skip

_WHERE = {
    "AsyncClient": "tocsin.client",
    "Client": "tocsin.client",
    "fuse_files": "tocsin.app.library",
    "launches_file": "tocsin.app.library",
    "run_scenario": "tocsin.app.library",
    "track_file": "tocsin.app.library",
    "tracklets_file": "tocsin.app.library",
    "verify_bundle": "tocsin.app.library",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
