"""When an entry was logged, and when a partner held it, as far as signed logs alone can tell.

A statement says when its matter was observed; a log is written in order, and a heartbeat is written when it says. So an
entry was logged no earlier than everything before it was observed, and no later than the next heartbeat. A partner's
own log says how much it held at each of its heartbeats (L3), and a reference of it proves that it held what it refers
to. Between these bounds an entry is taken to have come at once; outside them the bounds count.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.wire.bodies import Heartbeat, Proposal, Vote, body_of
from tocsin.wire.envelope import Statement
from tocsin.wire.errors import WireError

DELAY_NS = 100_000_000
"""A link that is up carries an entry well within this: shown so where nothing says otherwise."""


@dataclass(frozen=True, slots=True)
class Seen:
    """At `t_tai_ns` a party held `size` entries of a log: exactly so many, or at least."""

    t_tai_ns: int
    size: int
    exact: bool


def logged_ns(statements: Sequence[Statement | None]) -> list[int]:
    """When each entry of one log was logged, TAI nanoseconds, never falling; None stands for what cannot be read."""
    until = [0] * len(statements)
    latest = 2**63 - 1
    for index in range(len(statements) - 1, -1, -1):
        one = statements[index]
        if one is not None and one.kind == "heartbeat":
            latest = min(latest, one.observed.t_tai_us * 1_000)
        until[index] = latest
    found: list[int] = []
    now = 0
    for one, limit in zip(statements, until, strict=True):
        observed = one.observed.t_tai_us * 1_000 if one is not None else 0
        now = max(now, min(observed, limit))
        found.append(now)
    return found


def heads_of(statements: Sequence[Statement | None], times_ns: Sequence[int], origin: str) -> list[Seen]:
    """What one party's log says of how much it held of the log `origin`, in order of time."""
    found = []
    for one, t_ns in zip(statements, times_ns, strict=True):
        if one is None:
            continue
        found += [Seen(t_ns, ref.index + 1, False) for ref in one.references if ref.origin == origin]
        for head_origin, size in _heads(one):
            if head_origin == origin:
                found.append(Seen(t_ns, size, one.kind == "heartbeat"))
    return found


def _heads(statement: Statement) -> list[tuple[str, int]]:
    if statement.encryption is not None or statement.kind not in ("heartbeat", "vote", "proposal"):
        return []
    try:
        body = body_of(statement)
    except WireError:
        return []
    if isinstance(body, Heartbeat):
        heads = body.heads
    elif isinstance(body, Proposal):
        heads = body.picture.heads
    elif isinstance(body, Vote):
        heads = body.heads
    else:
        return []
    return [(head.origin, head.size) for head in heads]


def held_ns(logged: Sequence[int], seen: Sequence[Seen], delay_ns: int = DELAY_NS) -> list[int | None]:
    """When a partner held each entry, never falling; None from the first of which nothing shows that it ever did."""
    proofs = sorted(seen, key=lambda one: one.t_tai_ns)
    lacks = [one for one in proofs if one.exact]
    found: list[int | None] = []
    proof = lack = now = 0
    for index, t_ns in enumerate(logged):
        while proof < len(proofs) and proofs[proof].size <= index:
            proof += 1
        while lack < len(lacks) and lacks[lack].size <= index:
            lack += 1
        proved = proofs[proof].t_tai_ns if proof < len(proofs) else None
        came = t_ns + delay_ns
        late = lack > 0 and came <= lacks[lack - 1].t_tai_ns
        if proved is not None and (late or came > proved):
            came = proved
        elif late:
            return found + [None] * (len(logged) - index)
        now = max(now, came)
        found.append(now)
    return found
