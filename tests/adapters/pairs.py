"""Two staffed centres in memory, joined by hand."""

from tocsin.log.memory import MemoryCells
from tocsin.log.signers import log_signers, mirror_signers
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.adapters.tokens import TokensAtHand
from tocsin.node.config import CentreConfig, Partner, Ports
from tocsin.node.custody.roster import ROOT
from tocsin.node.custody.signing import to_sign
from tocsin.node.custody.staffed import Staffed, nobody
from tocsin.node.exchange import encode
from tocsin.regime import load, shipped
from tocsin.release import Draft
from tocsin.wire.custody import Anchor, Anchors, Roster, SigningRule
from tocsin.world.time import parse_utc

from .officers import ANNA, BORIS, ROOT_TOKEN

NS = 1_000_000_000
REGIME = load(shipped("joint"))
NAMES = ("east", "west")


class Clock:
    def __init__(self):
        self.t_tai_ns = parse_utc("2026-01-01T00:00:00Z")

    def now_tai_ns(self):
        return self.t_tai_ns


class Kept:
    def __init__(self):
        self.lines = []

    def withheld(self, t_tai_ns, what, why):
        self.lines.append((what, why))

    def evidence(self, t_tai_ns, source, message, data):
        self.lines.append((source, message))


def origin(name):
    return f"tocsin.exercise/{name}"


def signers(name):
    return log_signers(origin(name), name.encode(), hybrid=False)


def mirror(name):
    return mirror_signers(f"{origin(name)}/mirror", name.encode(), hybrid=False)


def roster_of(name, votes=2):
    rules = (SigningRule(kind="vote", officers=votes), SigningRule(kind="standing", officers=1))
    body = Roster(number=0, officers=(ANNA.officer, BORIS.officer), rules=rules)
    made = to_sign(body, party=name, origin=origin(name), epoch=0, mode="exercise", regime=REGIME.sha256)
    return Draft(body=body, observed_tai_ns=0, signatures=ROOT_TOKEN.sign(made, ROOT))


class Pair:
    """`centres` by name; `turn` moves time on and carries messages both ways."""

    def __init__(self, *, tokens=True):
        self.clock, self.kept = Clock(), {name: Kept() for name in NAMES}
        anchors = Anchors(
            parties=tuple(Anchor(party=name, root_keys=ROOT_TOKEN.public, threshold=2) for name in NAMES)
        )
        hands = TokensAtHand([ANNA, BORIS]) if tokens else nobody
        self.centres = {
            name: Staffed(self._config(name), self._ports(name), hands, anchors, [roster_of(name)]) for name in NAMES
        }
        for centre in self.centres.values():
            centre.begin()
        self.turn(4)

    def _config(self, name):
        partner = NAMES[1 - NAMES.index(name)]
        keys = [tuple(one.key for one in made(partner)) for made in (signers, mirror)]
        return CentreConfig(
            party=name, origin=origin(name), mode="exercise", regime=REGIME, sensors=(),
            partners=(Partner(party=partner, origin=origin(partner), log_keys=keys[0], mirror_keys=keys[1]),),
        )  # fmt: skip

    def _ports(self, name):
        stores = {}
        return Ports(
            clock=self.clock, store=lambda which: stores.setdefault(which, MemoryMirrorStore()), cells=MemoryCells(),
            log_signers=lambda which: log_signers(which, name.encode(), hybrid=False), mirror_signers=mirror(name),
            private=self.kept[name],
        )  # fmt: skip

    def turn(self, seconds=1):
        for _ in range(seconds):
            self.clock.t_tai_ns += NS
            for name, centre in self.centres.items():
                centre.tick()
                partner = NAMES[1 - NAMES.index(name)]
                for _ in range(4):
                    message = centre.message(partner)
                    if message is None:
                        break
                    centre.answered(partner, encode(self.centres[partner].receive(name, message)))
