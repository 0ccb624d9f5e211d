"""The board from a centre: one function a section. Nothing here changes anything."""

from collections.abc import Callable
from typing import Any

from tocsin.console.board import Board, Me
from tocsin.console.sight import Sight
from tocsin.console.views.areas import areas
from tocsin.console.views.events import events
from tocsin.console.views.head import head
from tocsin.console.views.notices import notices
from tocsin.console.views.proposals import proposals, requests
from tocsin.console.views.talk import dockets, talk
from tocsin.console.views.timeline import timeline
from tocsin.console.views.tracks import tracks, trails
from tocsin.console.views.verify import verify
from tocsin.console.views.watch import watch

VIEWS: dict[str, Callable[[Sight], Any]] = {
    "head": head, "tracks": tracks, "trails": trails, "areas": areas, "events": events, "notices": notices,
    "proposals": proposals, "requests": requests, "talk": talk, "dockets": dockets, "timeline": timeline,
    "watch": watch, "verify": verify,
}  # fmt: skip
"""Every section that is the same for everybody."""


def board(sight: Sight, me: Me) -> Board:
    """Everything at once, for one person."""
    return Board(me=me, **{name: view(sight) for name, view in VIEWS.items()})
