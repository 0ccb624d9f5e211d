"""Decision margins: when a joint finding was put, who signed when, and how much of the deadline was left."""

from tocsin.node import queries
from tocsin.node.queries import ProposalView
from tocsin.sim.play import Played
from tocsin.study.results import Margin, Voted
from tocsin.wire.bodies import Vote
from tocsin.world.time import from_posix_s

NS = 1_000_000_000
_FIRM = {"ADOPTED": 0, "CLOSED": 1, "DISPUTED": 2, "PENDING": 3}
OUTCOMES = {
    "ADOPTED": "adopted", "CLOSED": "closed, not adopted", "PENDING": "undetermined", "DISPUTED": "disputed",
}  # fmt: skip


def margins(played: Played) -> tuple[Margin, ...]:
    """Every finding put to the vote, in the order in which they were put.

    Where centres hold different things, the outcome is the firmest that one of them can show. A vote's time is the
    time of its entry in the voter's own log; an adopted finding counts as decided with its last yes.
    """
    firmest: dict[str, ProposalView] = {}
    for _, centre in sorted(played.centres.items()):
        for view in queries.proposals(centre):
            held = firmest.get(view.said.entry.sha256)
            if held is None or _FIRM[view.decision.status] < _FIRM[held.decision.status]:
                firmest[view.said.entry.sha256] = view
    found = (_margin(played, name, view) for name, view in firmest.items())
    return tuple(sorted(found, key=lambda one: (one.put_s, one.finding, one.by)))


def _margin(played: Played, name: str, view: ProposalView) -> Margin:
    votes = _votes(played, name)
    adopted = view.decision.status == "ADOPTED"
    signed = [vote.t_s for vote in votes if vote.choice == "yes"]
    return Margin(
        by=view.said.party,
        finding=view.body.finding,
        outcome=OUTCOMES[view.decision.status],
        binding=view.decision.binding,
        required=tuple(view.body.required),
        put_s=_put_s(played, view),
        deadline_s=(from_posix_s(view.body.deadline_s) - played.launch_tai_ns) / NS,
        decided_s=max(signed, default=None) if adopted else None,
        votes=votes,
    )


def _put_s(played: Played, view: ProposalView) -> float:
    """When the proposal was logged by its own party; another centre's copy bears the time at which it came."""
    centre = played.centres.get(view.said.party)
    own = queries.said_by(centre, "proposal", view.said.party) if centre is not None else []
    said = next((one for one in own if one.entry.sha256 == view.said.entry.sha256), view.said)
    return (queries.logged_tai_ns(said) - played.launch_tai_ns) / NS


def _votes(played: Played, proposal_sha256: str) -> tuple[Voted, ...]:
    """What each party's own log says about a proposal; its first entry is final (V1)."""
    found = []
    for name, centre in sorted(played.centres.items()):
        for said in queries.said_by(centre, "vote", name):
            if isinstance(said.body, Vote) and said.body.proposal_sha256 == proposal_sha256:
                t_s = (queries.logged_tai_ns(said) - played.launch_tai_ns) / NS
                found.append(Voted(party=name, choice=said.body.choice, t_s=t_s))
                break
    return tuple(sorted(found, key=lambda vote: (vote.t_s, vote.party)))
