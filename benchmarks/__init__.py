"""Measurements. `make bench` runs them and writes build/bench.json; tests never measure time."""
