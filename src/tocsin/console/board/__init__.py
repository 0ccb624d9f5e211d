"""The board: everything a page shows, as data. One struct a section; a section is sent when it changed.

Times are `_tai_us` (integer microseconds of TAI since 1970) for arithmetic and `_utc` ("1995-01-25T06:24:00Z") for
people; what is to come or to run out carries its instant, and the page counts down from the scenario clock in `head`.
`source` of a figure is `own`, `partner:<party>` or `joint`. Null only where no number exists.
"""

from tocsin.console.board.cases import (
    AreaLine,
    Disputed,
    Event,
    ExplanationLine,
    Judgement,
    Minutes,
    NoticeLine,
    PictureLine,
    ProposalLine,
    RequestLine,
    VoteLine,
)
from tocsin.console.board.frame import (
    FeedLine,
    Head,
    LinkLine,
    Me,
    Part,
    RegimeLine,
    Sentence,
    Sign,
)
from tocsin.console.board.ground import (
    Areas,
    EndPlace,
    Fan,
    GuardedArea,
    NoticeArea,
    Point,
    Ring,
    Tracks,
    Trails,
)
from tocsin.console.board.people import (
    CircuitTest,
    DelegationLine,
    DocketLine,
    DocketStep,
    EvidenceLine,
    LogLine,
    OpenItem,
    ReceiptLine,
    RosterLine,
    Saying,
    TimeItem,
    Timeline,
    TokenLine,
    Verify,
    Watch,
)

__all__ = [
    "SECTIONS",
    "AreaLine", "Areas",
    "Board",
    "CircuitTest",
    "DelegationLine",
    "Disputed",
    "DocketLine",
    "DocketStep",
    "EndPlace",
    "Event",
    "EvidenceLine",
    "ExplanationLine",
    "Fan",
    "FeedLine",
    "GuardedArea",
    "Head",
    "Judgement",
    "LinkLine",
    "LogLine",
    "Me",
    "Minutes",
    "NoticeArea",
    "NoticeLine",
    "OpenItem",
    "Part",
    "PictureLine",
    "Point",
    "ProposalLine",
    "ReceiptLine",
    "RegimeLine",
    "RequestLine",
    "Ring",
    "RosterLine",
    "Saying",
    "Sentence",
    "Sign",
    "TimeItem",
    "Timeline",
    "TokenLine",
    "Tracks",
    "Trails",
    "Verify",
    "VoteLine",
    "Watch",
]  # fmt: skip


class Board(Part, frozen=True, kw_only=True):
    """All sections at once. Over the event stream each comes alone, under its name."""

    head: Head
    me: Me
    tracks: Tracks
    trails: Trails
    areas: Areas
    events: tuple[Event, ...]
    notices: tuple[NoticeLine, ...]
    proposals: tuple[ProposalLine, ...]
    requests: tuple[RequestLine, ...]
    talk: tuple[Saying, ...]
    dockets: tuple[DocketLine, ...]
    timeline: Timeline
    watch: Watch
    verify: Verify


SECTIONS: tuple[str, ...] = tuple(name for name in Board.__struct_fields__ if name != "me")
"""Names of the sections that are the same for everybody at a centre."""
