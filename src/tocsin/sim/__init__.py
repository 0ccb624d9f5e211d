"""Scenarios, truth, simulated sensors, and many centres in one process on virtual time. See README.md."""
