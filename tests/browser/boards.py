"""Boards for the pages' own tests, made of the server's structs: one crisis in every state that a page must show."""

from msgspec import structs

from browser.papers import FULL_TEXT, docket, events, head, me, notices, proposal, talk, timeline, verify, watch
from browser.sky import NOW_S, areas, tai, tracks, trails, utc
from tocsin.console import board as b

__all__ = ["FULL_TEXT", "NOW_S", "andoya", "b", "proposal", "states", "tai", "tracks", "utc", "with_head"]
WORDS_EMPTY = "No event. An empty picture does not mean an empty sky."


def andoya(party: str = "west", parties: tuple[str, ...] = ("east", "west"), count: int = 40) -> b.Board:
    """Half signed: the other side has, we have not."""
    sky = tracks(count)
    others = tuple(one for one in parties if one != party)
    return b.Board(
        head=head(party, parties),
        me=me(),
        tracks=sky,
        trails=trails(sky),
        areas=areas(),
        events=events((party, *others)),
        notices=notices(),
        proposals=(proposal(parties, "half-signed", others[:1]),),
        requests=(),
        talk=talk(),
        dockets=docket(party, others[0]),
        timeline=timeline(parties),
        watch=watch(),
        verify=verify(parties),
    )


def quiet(party: str = "west") -> b.Board:
    board = andoya(party, count=12)
    calm = b.Sentence(text=WORDS_EMPTY, attention=False, what="No event")
    sky = structs.replace(
        board.tracks,
        event=("",) * 12,
        kind=("air", *board.tracks.kind[1:]),
        height_km=(10.0, *board.tracks.height_km[1:]),
        ellipse95={},
    )
    return structs.replace(
        board,
        head=structs.replace(board.head, sentence=calm),
        tracks=sky,
        trails=trails(sky),
        events=(),
        proposals=(),
        dockets=(),
        talk=board.talk[3:],
        areas=structs.replace(board.areas, launch=(), impact=()),
        timeline=structs.replace(board.timeline, items=board.timeline.items[:1]),
    )


def no_data(party: str = "west") -> b.Board:
    board = quiet(party)
    empty = tracks(1)
    nothing = b.Tracks(
        **{
            name: () if isinstance(getattr(empty, name), tuple) else getattr(empty, name)
            for name in empty.__struct_fields__
        }
        | {"ellipse95": {}}
    )
    feeds = tuple(structs.replace(one, state="never", last_tai_us=None) for one in board.head.feed)
    links = tuple(structs.replace(one, state="never", last_tai_us=None) for one in board.head.links)
    return structs.replace(
        board,
        head=structs.replace(board.head, state="no-data", feed=feeds, links=links),
        tracks=nothing,
        trails=b.Trails(step_s=10.0, trail={}),
    )


def with_head(board: b.Board, **changes: object) -> b.Board:
    return structs.replace(board, head=structs.replace(board.head, **changes))


def states() -> dict[str, b.Board]:
    """Every state that must not be confused with another, by its name."""
    base, both = andoya(), ("east", "west")
    silent = tuple(
        structs.replace(one, state="silent", last_tai_us=tai(NOW_S - 47), words="3 heartbeats missed")
        for one in base.head.links
    )
    old = structs.replace(base.tracks, stale=(True,) * 40, age_s=(66.0,) * 40)
    down = tuple(structs.replace(one, state="silent", last_tai_us=tai(NOW_S - 66)) for one in base.head.feed)
    clash = structs.replace(
        base.events[0], disputed=b.Disputed(disputed=True, why="predicted impacts lie 310 km apart", km=310.0)
    )
    far = structs.replace(base.areas.impact[0], lat=75.4, lon=18.0, source="partner:east")
    near = structs.replace(base.areas.impact[0], source="own")
    duff = "Aircraft in distress near the range: all hands to the real matter."
    paused = structs.replace(base.head.regime, suspended=True, suspended_by=("east",), effective_utc=utc(120))
    return {
        "half-signed": base,
        "unsigned": structs.replace(base, proposals=(proposal(both, "unsigned", ()),)),
        "jointly-signed": structs.replace(base, proposals=(proposal(both, "signed", both, False),)),
        "undetermined": structs.replace(base, proposals=(proposal(both, "undetermined", ("east",), False),)),
        "disputed": structs.replace(
            base,
            events=(clash,),
            areas=structs.replace(base.areas, impact=(near, far)),
            proposals=(proposal(both, "disputed", both, False),),
        ),
        "closed": structs.replace(base, proposals=(proposal(both, "closed", (), False),)),
        "quiet": quiet(),
        "no-data": no_data(),
        "own-feed-down": with_head(
            structs.replace(base, tracks=old),
            state="own-feed-down",
            frozen_utc=utc(NOW_S - 66),
            feed=down,
            sign=b.Sign(allowed=False, why_not="own sensors are silent"),
        ),
        "partner-silent": with_head(base, links=silent),
        "suspended": with_head(
            base, regime=paused, links=tuple(structs.replace(one, state="suspended") for one in base.head.links)
        ),
        "live": with_head(base, mode="live", title="live", development=False),
        "replay": with_head(base, replay=True),
        "no-duff": with_head(base, no_duff=duff, paused=True),
        "paused": with_head(base, paused=True),
        "ended": with_head(base, ended=True),
        "five-parties": andoya("west", ("east", "north", "south", "union", "west")),
    }
