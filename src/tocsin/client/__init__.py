"""A centre's interface from Python, sync and async. See README.md."""

from tocsin.client.calls import Answer, Logged, NotConfirmed, Problem, Statement, StatementLine, TrackRow, Waits
from tocsin.client.clients import AsyncClient, Client

__all__ = [
    "Answer", "AsyncClient", "Client", "Logged", "NotConfirmed", "Problem", "Statement", "StatementLine", "TrackRow",
    "Waits",
]  # fmt: skip
