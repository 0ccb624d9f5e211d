"""A decision as one file: an outsider finds the same, and that no vote was left out."""

from tocsin.decide import Receipt, decision, unseen
from tocsin.log.policy import parse_policy
from tocsin.mirror import open_bundle
from tocsin.node import commands, queries
from tocsin.node.shown import decision_bundle

from .test_restart import proposal
from .two import JOINT, cosigners, notice, pass_time, settle, signers, world


def policy(*names):
    logs = [f"log {one.key.text}" for name in names for one in signers(name)]
    mirrors = [f"witness {name}.{at} {one.key.text}" for name in names for at, one in enumerate(cosigners(name))]
    return parse_policy(("\n".join([*logs, *mirrors, "quorum none"]) + "\n").encode())


def by_outsiders(data, centre, *names):
    shown = open_bundle(data, policy(*names))
    mirror_of = {cosigners(name)[0].key.name: name for name in names}
    receipts = {
        Receipt(cosigner=mirror_of[key], origin=head.origin, size=head.size, root=head.root.hex(), time_s=time_s)
        for head, times in ((one.head, one.receipts) for one in shown)
        for key, time_s in times.items()
    }
    entries = [one.entry for one in shown]
    asked = next(one for one in entries if b'"kind":"proposal"' in one.data)
    parties = queries.parties(centre)
    return decision(asked, entries, receipts, parties, JOINT).status, unseen(asked, entries, parties)


def test_an_outsider_finds_what_the_parties_found():
    east, west, clock = world()
    commands.propose(east.centre, "east-0001", "benign", "A", "")
    settle(east, west)
    for side in (east, west):
        side.centre.say(notice(code=side.name[:3].upper()))
        commands.vote(side.centre, proposal(side), "yes", "A")
        settle(east, west)
    pass_time((east, west), clock, 8)
    for side in (east, west):
        said = next(one for one in side.centre.said if one.kind == "proposal")
        data = decision_bundle(side.centre, said)
        assert by_outsiders(data, side.centre, "east", "west") == ("ADOPTED", ())
