"""Conformance kit: vectors, a runner, and our own answers. See README.md."""
