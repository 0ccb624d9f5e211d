"""The watch: who has it, what is open, circuit tests, what goes from hand to hand, lent authority."""

from collections.abc import Iterator

from tocsin.console.board import CircuitTest, DelegationLine, OpenItem, RosterLine, TokenLine, Watch
from tocsin.console.sight import Sight
from tocsin.console.views.proposals import why_not_vote
from tocsin.node import hearing, sights
from tocsin.node.record import Said
from tocsin.wire.bodies import Acknowledgement
from tocsin.wire.custody import Roster
from tocsin.wire.talk import Hotline
from tocsin.wire.watch import Delegation
from tocsin.wire.watch import Watch as Relief

CIRCUIT_TEST = "CIRCUIT TEST "
"""First words of a routine message that asks a person on the other side for nothing but a sign of life."""
TEST_LATE_US = 600_000_000


def watch(sight: Sight) -> Watch:
    """Everything about the watch."""
    reliefs = own_reliefs(sight)
    holder, since = holder_of(reliefs)
    made = [s.t_tai_us for s in sight.centre.said if is_test(s) and s.party == sight.party]
    due = made[-1] + round(sight.test_every_s * 1e6) if made else sight.now_tai_us // 60_000_000 * 60_000_000
    return Watch(
        holder=holder, since_utc=since, roster=roster_lines(sight), open_items=tuple(open_items(sight)),
        tests=tuple(_tests(sight)), test_due_utc=sights.utc(due), tokens=_tokens(reliefs),
        delegations=tuple(delegations(sight)), clock_ahead_s=sight.centre.border.gates.clock.ahead_s(),
    )  # fmt: skip


def own_reliefs(sight: Sight) -> list[tuple[Said, Relief]]:
    """Every signed half of a relief at this centre."""
    return [(s, s.body) for s in sight.centre.said if isinstance(s.body, Relief) and s.party == sight.party]


def holder_of(reliefs: list[tuple[Said, Relief]]) -> tuple[str, str]:
    """(name, since) of who has the watch; nobody after a relinquishing that nobody answered."""
    holder, since = "", ""
    for said, body in reliefs:
        if body.action == "assume":
            holder, since = body.officer, sights.utc(said.t_tai_us)
        elif body.officer == holder:
            holder, since = "", sights.utc(said.t_tai_us)
    return holder, since


def is_test(said: Said) -> bool:
    """Whether a message is a circuit test."""
    body = said.body
    return isinstance(body, Hotline) and body.precedence == "routine" and body.text.startswith(CIRCUIT_TEST)


def roster_lines(sight: Sight) -> tuple[RosterLine, ...]:
    """The roster in force, and people of the console who do not sign."""
    centre = sight.centre
    roster = sight.registry.roster_at(centre.config.party, centre.books["shared"].next_index)
    officers = roster.officers if isinstance(roster, Roster) else ()
    lines = {
        one.name: RosterLine(
            name=one.name, roles=one.roles, signs=True,
            passkey=any(key.scheme.startswith("webauthn") for key in one.keys),
        )
        for one in officers
    }  # fmt: skip
    for name, roles in sight.people().items():
        lines.setdefault(name, RosterLine(name=name, roles=roles, signs=False, passkey=False))
    return tuple(lines[name] for name in sorted(lines))


def open_items(sight: Sight) -> Iterator[OpenItem]:
    """What the next watch must know of, from the record and from the clock."""
    if sight.centre.border.gates.clock.ahead_s() is not None:
        yield _open("our clock went far ahead: set it right, or confirm it", "clock", sight.now_tai_us)
    for said in sight.desk.unacknowledged():
        yield _open(f"notification of {said.party} not acknowledged", said.entry.sha256, said.t_tai_us)
    answered = {r.sha256 for s in sight.centre.said if s.party == sight.party for r in s.statement.references}
    for said, body in hearing.messages_to_us(sight.centre):
        if said.entry.sha256 not in answered:
            what = "circuit test" if is_test(said) else f"{body.precedence} message"
            yield _open(f"{what} of {said.party} not answered", said.entry.sha256, said.t_tai_us)
    for query in hearing.queries_to_us(sight.centre):
        yield _open(f"question of {query.party} waits for our answer", query.entry.sha256, query.t_tai_us)
    for view in sight.desk.proposals():
        if not why_not_vote(sight, view):
            yield _open(f"proposal about {view.body.event} not voted on", view.said.entry.sha256, view.said.t_tai_us)
    for request in sight.requests.values():
        when = request.statement.observed.t_tai_us
        yield _open(f"{request.statement.kind} waits for {request.officers} signatures", request.name, when)
    for event in sight.events():
        if event.proposed_level != event.level:
            first = event.track.first_t_tai_ns // 1_000
            yield _open(f"{event.id}: step to {event.proposed_level} proposed, not taken", event.id, first)


def _open(what: str, ref: str, t_tai_us: int) -> OpenItem:
    return OpenItem(what=what, ref=ref, since_utc=sights.utc(t_tai_us), since_tai_us=t_tai_us)


def _tests(sight: Sight) -> Iterator[CircuitTest]:
    """Both sides' tests, the latest first."""
    answers: dict[str, list[str]] = {}
    for said in sight.centre.said:
        if isinstance(said.body, Acknowledgement):
            for reference in said.statement.references:
                answers.setdefault(reference.sha256, []).append(f"{said.party}: {said.body.officer}")
    for said in [one for one in reversed(sight.centre.said) if is_test(one)][:20]:
        found = tuple(answers.get(said.entry.sha256, ()))
        theirs = said.party != sight.party
        name = said.body.text.removeprefix(CIRCUIT_TEST).split(".")[0] if isinstance(said.body, Hotline) else ""
        yield CircuitTest(
            id=name[:64], sha256=said.entry.sha256, party=said.party, utc=sights.utc(said.t_tai_us),
            acknowledged_by=found, waits_for_us=theirs and not any(one.startswith(f"{sight.party}: ") for one in found),
            late=not found and sight.now_tai_us - said.t_tai_us > TEST_LATE_US,
        )  # fmt: skip


def _tokens(reliefs: list[tuple[Said, Relief]]) -> tuple[TokenLine, ...]:
    held = {
        one.token: TokenLine(token=one.token, holder=one.holder, since_utc=sights.utc(said.t_tai_us))
        for said, body in reliefs
        for one in body.tokens
    }
    return tuple(held[name] for name in sorted(held))


def delegations(sight: Sight) -> Iterator[DelegationLine]:
    """Every grant, with whether it holds now."""
    own = [(s, s.body) for s in sight.centre.said if isinstance(s.body, Delegation) and s.party == sight.party]
    for place, (said, body) in enumerate(own):
        if body.action != "grant":
            continue
        revoked = any(
            later.action == "revoke" and (later.officer, later.to) == (body.officer, body.to)
            for _, later in own[place + 1 :]
        )
        holds = body.from_tai_us <= sight.now_tai_us < body.until_tai_us
        yield DelegationLine(
            sha256=said.entry.sha256, by=body.officer, to=body.to, kinds=body.kinds,
            from_utc=sights.utc(body.from_tai_us), until_utc=sights.utc(body.until_tai_us),
            until_tai_us=body.until_tai_us, in_force=holds and not revoked, because=body.because,
        )  # fmt: skip
