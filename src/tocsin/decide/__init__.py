"""Proposals, votes, receipts -> decisions. Pure; no clock. See README.md."""

from tocsin.decide.case import Ballot, Case
from tocsin.decide.casting import cast_close, cast_yes, floor_statement
from tocsin.decide.errors import MayNotVote
from tocsin.decide.records import Decision, OwnFloor, Party, Place, Receipt, Status
from tocsin.decide.rules import decision, settle
from tocsin.decide.unseen import stretch, unseen
from tocsin.decide.wording import wording

__all__ = [
    "Ballot", "Case", "Decision", "MayNotVote", "OwnFloor", "Party", "Place", "Receipt", "Status", "cast_close",
    "cast_yes", "decision", "floor_statement", "settle", "stretch", "unseen", "wording",
]  # fmt: skip
