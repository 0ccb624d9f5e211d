"""Two staffed centres in memory that live through changes of keys: what is on disk outlives each centre object."""

import msgspec

from tocsin.log.memory import MemoryCells
from tocsin.log.signers import log_signers, mirror_signers
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.adapters.tokens import TokensAtHand
from tocsin.node.config import CentreConfig, Partner, Ports
from tocsin.node.custody.epochs import origin_of_epoch, rotate
from tocsin.node.custody.following import NextEpoch, compose
from tocsin.node.custody.roster import ROOT
from tocsin.node.custody.signing import to_sign
from tocsin.node.custody.staffed import Staffed
from tocsin.node.exchange import encode
from tocsin.release import Draft
from tocsin.wire.custody import Anchor, Anchors, Succession

from .officers import ANNA, BORIS, ROOT_TOKEN
from .pairs import NAMES, NS, REGIME, Clock, Kept, origin, roster_of

HYBRID = {"on": False}  # the golden logs are hybrid; ML-DSA would only slow the other tests
HANDS = TokensAtHand([ANNA, BORIS])
ANCHORS = Anchors(parties=tuple(Anchor(party=name, root_keys=ROOT_TOKEN.public, threshold=2) for name in NAMES))


def master(name, epoch):
    return f"{name} {epoch}".encode()


def log_keys(name, epoch, which=""):
    return log_signers(origin_of_epoch(origin(name), epoch) + which, master(name, epoch), hybrid=HYBRID["on"])


def mirror_keys(name, epoch):
    return mirror_signers(f"{origin_of_epoch(origin(name), epoch)}/mirror", master(name, epoch), hybrid=HYBRID["on"])


def keys(name, epoch, which=""):
    return tuple(s.key for s in log_keys(name, epoch, which)), tuple(s.key for s in mirror_keys(name, epoch))


class Life:
    """One party: stores that last, epochs it has on file, and the centre that runs now."""

    def __init__(self, name, clock):
        self.name, self.clock, self.kept = name, clock, Kept()
        self.stores, self.cells = {}, MemoryCells()
        self.own, self.theirs = [], []
        self.start()

    def start(self):
        partner = NAMES[1 - NAMES.index(self.name)]
        log, mirror = keys(partner, 0)
        config = CentreConfig(
            party=self.name, origin=origin(self.name), mode="exercise", regime=REGIME, sensors=(),
            partners=(Partner(party=partner, origin=origin(partner), log_keys=log, mirror_keys=mirror),),
        )  # fmt: skip
        config, first = compose(
            config, self.own, {partner: self.theirs}, lambda epoch, which: keys(self.name, epoch, which)
        )
        epoch = config.epoch
        ports = Ports(
            clock=self.clock, store=lambda which: self.stores.setdefault(which, MemoryMirrorStore()), cells=self.cells,
            log_signers=lambda which: log_signers(which, master(self.name, epoch), hybrid=HYBRID["on"]),
            mirror_signers=mirror_keys(self.name, epoch), private=self.kept,
        )  # fmt: skip
        self.centre = Staffed(config, ports, HANDS, ANCHORS, [roster_of(self.name)], first)
        self.centre.begin()
        return self.centre


class Two:
    """`west` and `east`; `turn` moves time on and carries messages."""

    def __init__(self):
        self.clock = Clock()
        self.lives = {name: Life(name, self.clock) for name in NAMES}
        self.turn(4)

    @property
    def west(self):
        return self.lives["west"].centre

    @property
    def east(self):
        return self.lives["east"].centre

    def turn(self, seconds=1, names=NAMES):
        for _ in range(seconds):
            self.clock.t_tai_ns += NS
            for name in names:
                centre = self.lives[name].centre
                partner = NAMES[1 - NAMES.index(name)]
                centre.tick()
                for _ in range(6):
                    message = centre.message(partner)
                    if message is None:
                        break
                    centre.answered(partner, encode(self.lives[partner].centre.receive(name, message)))

    def announce(self, name, ahead=4):
        """A planned rotation: both keys, signed by old, new and root."""
        centre = self.lives[name].centre
        epoch, index = centre.config.epoch, centre.books["shared"].next_index
        outcomes = []
        pairs = (("log", log_keys), ("mirror", mirror_keys))
        for purpose, made in pairs:
            body = rotate(centre.config.origin, purpose, made(name, epoch), made(name, epoch + 1), index + ahead)
            plain = to_sign(
                body, party=name, origin=centre.config.origin, epoch=epoch, mode="exercise", regime=REGIME.sha256
            )
            signatures = ROOT_TOKEN.sign(plain, ROOT)
            outcomes.append(centre.publish(Draft(body=body, observed_tai_ns=0, signatures=signatures)))
        return outcomes


def revoked(name, epoch, size, root, signed=True):
    """After a compromise: the next epoch, signed by the root keys, closing the old log at a receipted checkpoint."""
    log, mirror = keys(name, epoch + 1)
    body = Succession(
        old_origin=origin_of_epoch(origin(name), epoch), old_epoch=epoch, closed_size=size, closed_root=root,
        new_epoch=epoch + 1, log_keys=tuple(k.text for k in log), mirror_keys=tuple(k.text for k in mirror),
        because="the machine of the log key was entered",
    )  # fmt: skip
    made = NextEpoch(party=name, succession=body)
    plain = to_sign(
        body, party=name, origin=origin_of_epoch(origin(name), epoch + 1), epoch=epoch + 1, mode="exercise",
        regime=REGIME.sha256,
    )  # fmt: skip
    return msgspec.structs.replace(made, signatures=ROOT_TOKEN.sign(plain, ROOT) if signed else ())
