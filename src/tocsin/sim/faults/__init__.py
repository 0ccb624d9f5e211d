"""Many centres in one process under seeded faults, checked after every step. See README.md."""

from tocsin.sim.faults.run import FAULTS, OUTCOMES, Result, run

__all__ = ["FAULTS", "OUTCOMES", "Result", "run"]
