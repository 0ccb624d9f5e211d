"""Three centres of which two have logs of a release group of their own."""

from dataclasses import replace

from tocsin import regime as regimes
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.centre import Centre
from tocsin.node.config import Ports

from .test_confidential import NAMES, line, vault_of
from .test_restart import copy
from .two import JOINT, Clock, Side, cosigners, origin_of, pass_time, settle, signers

GROUP = """
[[release_groups]]
name = "{name}"
parties = [{parties}]
kinds = ["hotline", "launch-detection"]
own_log = true
"""


def terms(*parties, name="neighbours"):
    made = JOINT.data.decode() + GROUP.format(name=name, parties=", ".join(f'"{one}"' for one in parties))
    return regimes.load(made.encode(), "own logs")


TERMS = terms("east", "west")


class Party(Side):
    regime = TERMS

    def start(self):
        if self.config.regime is JOINT:
            partners = tuple(replace(one, encryption_key=vault_of(one.party).key) for one in self.config.partners)
            self.config = replace(self.config, regime=self.regime, partners=partners)
        ports = Ports(
            clock=self.clock, store=self.disk.store, cells=self.disk,
            log_signers=lambda origin: signers(self.name, origin), mirror_signers=cosigners(self.name),
            private=self.private, vault=vault_of(self.name), shortcut=lambda: self.shortcut,
        )  # fmt: skip
        self.seen = []  # everything that crosses its lines: (time, whom with, direction, bytes)
        self.centre = Centre(self.config, ports)
        self.centre.begin()
        return self.centre

    def room(self, name="neighbours"):
        return self.centre.groups.rooms[name]


def three(kind=Party, names=NAMES):
    clock = Clock()
    sides = {name: kind(name, [one for one in names if one != name], clock) for name in names}
    settle(*sides.values())
    pass_time(sides.values(), clock, 6)
    return (*sides.values(), clock)


def old_copy(west, saved):
    """West's log of the group as it was, and all else as it is now."""
    stores, cells = saved
    for name, store in west.disk.stores.items():
        if "/group/" in name:
            MemoryMirrorStore.__init__(store, *(type(one)(one) for one in stores[name]))
    now = west.disk.cells.cells
    for name in [name for name in now if "/group/" in name]:
        del now[name]
    now |= {name: data for name, data in cells.items() if "/group/" in name}


def said_twice():
    """West says one thing, a copy of its disk is kept, and it says another."""
    east, north, west, clock = three()
    west.centre.say(line("one"))
    pass_time((east, north, west), clock, 6)
    saved = copy(west.disk)
    west.centre.say(line("two"))
    pass_time((east, north, west), clock, 6)
    return east, north, west, clock, saved


def hidden(side, name):
    origin = origin_of(name)
    return [index for index, entry in enumerate(side.disk.stores[origin].held) if b'"kind":"hidden-head"' in entry]
