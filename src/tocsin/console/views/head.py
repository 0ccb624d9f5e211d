"""The strip at the top: where we are, whether it goes, the one sentence."""

from collections.abc import Iterator
from typing import Literal

from tocsin import __version__
from tocsin.console.board import FeedLine, Head, LinkLine, RegimeLine, Sentence, Sign
from tocsin.console.host import Play
from tocsin.console.sight import NS, Sight
from tocsin.console.views.events import disputed
from tocsin.console.views.proposals import why_not_vote
from tocsin.console.views.watch import open_items
from tocsin.node import sights
from tocsin.node.desk import EventView
from tocsin.wire.bodies import Standing

SILENT_SCANS, SILENT_LEAST_S = 3.0, 10.0
CLOCKS_APART_S = 30
EXPLAINED = 0.95


def head(sight: Sight) -> Head:
    """The strip now."""
    centre, play = sight.centre, sight.play
    feed = tuple(_feed(sight))
    state, frozen = _state(feed, play)
    return Head(
        party=sight.party, parties=centre.parties, mode=play.mode, title=sight.host.title, regime=_regime(sight),
        t_tai_us=play.now_tai_ns // 1_000, utc=sights.utc(play.now_tai_ns // 1_000), speed=play.speed,
        paused=play.paused, ended=play.ended, replay=play.replay, no_duff=play.no_duff, development=sight.development,
        sentence=sentence(sight, state, frozen), links=tuple(_links(sight)), feed=feed, state=state,
        frozen_utc=frozen, clock_words=_clock_words(sight), sign=_sign(sight, play, state), version=__version__,
    )  # fmt: skip


def sentence(sight: Sight, state: str, frozen_utc: str) -> Sentence:
    """What happened, whether it is explained, how long is left, what is needed from me."""
    needed = next((one.what for one in open_items(sight)), "")
    if state == "own-feed-down":
        text = f"Our own sensors are silent since {frozen_utc}: what is shown stands still and may be wrong."
        return Sentence(text=text, attention=True, what="own feed down", needed="find out why; ask the sites by voice")
    views = sight.events()
    if not views:
        text = "No event. An empty globe does not mean an empty sky."
        return Sentence(text=text, attention=bool(needed), what="", needed=needed)
    view = views[0]
    others = len(sight.desk.events()) - 1
    more = f" and {others} more" if others else ""
    if sight.desk.unjudged:
        more += f" ({sight.desk.unjudged} tracks are not judged: too many at once)"
    differ = disputed(sight, view)
    known = "the parties do not agree about it" if differ.disputed else _known(view)
    votes = [one for one in sight.desk.proposals() if one.body.event in view.names and not why_not_vote(sight, one)]
    if votes:
        when = sights.utc(sights.tai_us_of_posix(votes[-1].body.deadline_s))
        needed = f"sign or close the finding {votes[-1].body.finding!r} by {when[11:19]}Z"
    impact = view.flight.impact if not view.flight.boosting else None
    falls = f", comes down at {sights.utc(impact.t_tai_ns // 1_000)[11:19]}Z" if impact is not None else ""
    what = f"{view.id}{more}: {_PHASES[view.track.phase]}"
    return Sentence(
        text=f"{what}; {known}{falls}.", attention=bool(votes) or differ.disputed or view.benign < EXPLAINED,
        what=what,
        explained=round(view.benign, 3), explained_words=known,
        impact_tai_us=impact.t_tai_ns // 1_000 if impact is not None else None, needed=needed,
    )  # fmt: skip


_PHASES = {
    "boost": "engine burning", "coast": "in free flight", "reentry": "coming down", "air": "in the air",
    "unknown": "in flight",
}  # fmt: skip


def _known(view: EventView) -> str:
    if view.benign >= EXPLAINED:
        return f"explained as {view.identifier or view.finding}"
    return f"{100.0 * view.benign:.0f} % explained"


def _regime(sight: Sight) -> RegimeLine:
    regime = sight.centre.config.regime
    steps: dict[str, Standing] = {}
    for said in sight.centre.said:
        if isinstance(said.body, Standing) and not sight.registry.objection(said):
            left = steps.get(said.party)
            if left is None or left.action != "withdraw":
                steps[said.party] = said.body
    bars = {party: one for party, one in steps.items() if one.action in ("suspend", "withdraw")}
    since = min((one.effective_tai_us for one in bars.values()), default=None)
    return RegimeLine(
        name=regime.name, title=regime.terms.title, status=regime.terms.status, sha256=regime.sha256,
        suspended=sight.centre.suspended, suspended_by=tuple(sorted(bars)), effective_utc=sights.utc(since),
    )  # fmt: skip


def _links(sight: Sight) -> Iterator[LinkLine]:
    centre, silent = sight.centre, sight.centre.silent()
    ours = centre.books["shared"].size
    for party in sorted(centre.links):
        link = centre.links[party]
        state: Literal["up", "silent", "never", "suspended"] = "up"
        if link.heard_tai_ns is None:
            state = "never"
        elif party in silent:
            state = "silent"
        elif centre.suspended:
            state = "suspended"
        last = None if link.heard_tai_ns is None else link.heard_tai_ns // NS * 1_000_000
        yield LinkLine(
            party=party, state=state, last_tai_us=last, last_utc=sights.utc(last), receipted=link.receipted, ours=ours,
            size=centre.mirrors[party].size, held=link.held, words=link.refused,
        )  # fmt: skip


def _feed(sight: Sight) -> Iterator[FeedLine]:
    heard, now_ns = sight.host.heard(), sight.centre.now_tai_ns
    for sensor in () if sight.play.replay else sight.centre.config.sensors:  # scans never stood in a log
        last_ns = heard.get(sensor.id)
        limit_s = max(SILENT_SCANS * sensor.period_s, SILENT_LEAST_S)
        state: Literal["up", "silent", "never"] = "never"
        if last_ns is not None:
            state = "silent" if now_ns - last_ns > limit_s * NS else "up"
        last = None if last_ns is None else last_ns // NS * 1_000_000
        yield FeedLine(
            sensor=sensor.id, kind="infrared" if isinstance(sensor, sights.Infrared) else "radar", state=state,
            last_tai_us=last, last_utc=sights.utc(last), period_s=sensor.period_s,
        )  # fmt: skip


def _state(
    feed: tuple[FeedLine, ...], play: Play
) -> tuple[Literal["no-data", "normal", "own-feed-down"], str]:
    """Nothing ever came; something comes; all that came has stopped, and when. A replay does not know."""
    if play.replay:
        return "normal", ""
    known = [one for one in feed if one.state != "never"]
    if not known:
        return "no-data", ""
    if any(one.state == "up" for one in known):
        return "normal", ""
    return "own-feed-down", max(one.last_utc for one in known)


def _sign(sight: Sight, play: Play, state: str) -> Sign:
    opening = sight.centre.border.opening
    if play.replay:
        return Sign(allowed=False, why_not="this is a replay: nothing can be said in it")
    if play.no_duff:
        return Sign(allowed=False, why_not=f"NO DUFF: {play.no_duff}; play is stopped for a real matter")
    if play.paused or play.ended:
        return Sign(allowed=False, why_not="play stands still" if play.paused else "the exercise has ended")
    if not opening.ready:
        return Sign(allowed=False, why_not=opening.why_not)
    if state == "own-feed-down":
        return Sign(allowed=False, why_not="our own sensors are silent: nobody signs a picture that stands still")
    return Sign(allowed=True)


def _clock_words(sight: Sight) -> str:
    """Whether our clock leapt, or a partner that answers now tells another time than it does."""
    centre = sight.centre
    ahead_s = centre.border.gates.clock.ahead_s()
    if ahead_s is not None:
        gone = f"{ahead_s // 86_400} d {ahead_s % 86_400 // 3_600} h"
        return f"our own clock went ahead by {gone}: nothing is receipted until it is set right or a person confirms it"
    for party in sorted(centre.links):
        heard = centre.links[party].heard_tai_ns
        if heard is None or centre.now_tai_ns - heard > CLOCKS_APART_S * NS:
            continue
        told = next((r for r in reversed(centre.receipts) if r.cosigner == party), None)
        if told is None:
            continue
        apart_s = told.time_s - centre.posix_s()
        if apart_s > CLOCKS_APART_S or (apart_s < -CLOCKS_APART_S and told.size >= centre.books["shared"].size):
            side = "ahead of" if apart_s > 0 else "behind"
            words = f"the clock of {party} is {abs(apart_s) // 60} min {abs(apart_s) % 60:02d} s {side} ours"
            return f"{words}: one of them is wrong; deadlines and windows cannot be trusted until that is settled"
    return ""
