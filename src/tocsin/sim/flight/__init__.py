"""The truth of a simulated flight. See README.md."""

from tocsin.sim.flight.design import FlightDesign, Stage, Steering
from tocsin.sim.flight.errors import FlightError, FlightTableError
from tocsin.sim.flight.fly import fly
from tocsin.sim.flight.solver import Inconsistent, solve
from tocsin.sim.flight.table import FlightRequest, Goal, andoya_1995, read_table
from tocsin.sim.flight.trajectory import Phase, Trajectory

__all__ = [
    "FlightDesign", "FlightError", "FlightRequest", "FlightTableError", "Goal", "Inconsistent", "Phase", "Stage",
    "Steering", "Trajectory", "andoya_1995", "fly", "read_table", "solve",
]  # fmt: skip
