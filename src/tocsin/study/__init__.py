"""Regimes side by side, and campaigns. See README.md."""
