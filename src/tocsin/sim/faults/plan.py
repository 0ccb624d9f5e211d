"""What happens in one run, drawn from its seed: how many parties, which faults, which cheat, when it all ends."""

from dataclasses import dataclass

import numpy as np

FAULTS = (
    "partition", "one-way", "loss", "slow", "reorder", "duplicate", "power-cut", "torn-write", "disk-full",
    "disk-failing", "bit-rot", "clock-step", "clock-drift", "old-backup",
)  # fmt: skip
DROPPING = "dropping"
CHEATS = ("equivocate", "withhold", "flood", "backdate")
NAMES = ("east", "north", "south", "west")
TROUBLE_S = 55.0
HEALED_S = 45.0  # after which a run may end, if nothing is left to heal
SETTLE_S = 80.0
DEADLINE_S = 22


@dataclass(frozen=True, slots=True)
class Plan:
    """`cheat` is ("", "") where everybody is honest, else (party, how). `patient`: partners are waited for at start."""

    names: tuple[str, ...]
    faults: tuple[str, ...]
    cheat: tuple[str, str]
    patient: bool
    real: bool


def draw(rng: np.random.Generator, *, real: bool = False) -> Plan:
    """One to four faults in a run, a cheat in every third."""
    count = int(rng.choice([2, 3, 4], p=[0.6, 0.3, 0.1]))
    names = tuple(sorted(NAMES[int(i)] for i in rng.choice(len(NAMES), count, replace=False)))
    chosen = rng.choice(len(FAULTS), int(rng.integers(1, 5)), replace=False)
    faults = tuple(FAULTS[int(i)] for i in sorted(chosen))
    cheat = ("", "")
    if rng.random() < 0.35:
        cheat = (names[int(rng.integers(count))], CHEATS[int(rng.integers(len(CHEATS)))])
    return Plan(names, faults, cheat, bool(rng.random() < 0.7), real)
