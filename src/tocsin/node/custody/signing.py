"""Statements that are signed before they are logged, away from the centre: rosters, rotations, successions."""

from tocsin.wire.bodies import encode_body, kind_of
from tocsin.wire.envelope import Marking, Mode, Observed, Record, Statement


def to_sign(body: Record, *, party: str, origin: str, epoch: int, mode: Mode, regime: str) -> Statement:
    """The statement whose `officer_message` is signed: what the log sets later (place, time) is not in it."""
    kind, schema = kind_of(body)
    return Statement(
        tocsin=1, kind=kind, schema=schema, origin=origin, epoch=epoch, sequence=0, mode=mode, regime=regime,
        marking=Marking(releasable_to=(), originator=party, authority="root"),
        observed=Observed(t_tai_us=0, uncertainty_us=0, clock="none"),
        references=(), encryption=None, signatures=(), body=encode_body(body),
    )  # fmt: skip
