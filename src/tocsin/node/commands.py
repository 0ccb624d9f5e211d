"""What a person may do at a centre. Each is one draft through the release gate; each carries the person's name."""

from collections.abc import Sequence

from tocsin.decide import MayNotVote, cast_close, cast_yes, floor_statement
from tocsin.errors import Refusal
from tocsin.mirror import Verified
from tocsin.node import queries
from tocsin.node.centre import Centre
from tocsin.node.citing import CITES, void_lines
from tocsin.node.concluding import concluded
from tocsin.node.judging import judge
from tocsin.node.pruning import too_old
from tocsin.node.record import Said, read
from tocsin.regime import required
from tocsin.release import Draft, Released, Withheld
from tocsin.wire import bodies
from tocsin.wire.envelope import Reference
from tocsin.wire.measures import Amend, Measure, Resume, ShareMore, Suspend

Outcome = Released | Withheld
TAKEN_AT_ONCE = 256
TAKEN_MOST = 4_096  # before a proposal, in one go: beyond it partners would wait for their answers


def refer(role: str, entry: Verified) -> Reference:
    """A reference to an entry."""
    return Reference(role=role, origin=entry.origin, epoch=0, index=entry.index, sha256=entry.sha256)


def announce(centre: Centre, body: bodies.Notification, observed_tai_ns: int | None = None) -> Outcome:
    """Give notice of a launch."""
    when = centre.now_tai_ns if observed_tai_ns is None else observed_tai_ns
    return centre.publish(Draft(body=body, observed_tai_ns=when))


def acknowledge(centre: Centre, said: Said, officer: str, role: str = "duty-officer") -> Outcome:
    """Say that a person has read a partner's statement."""
    body = bodies.Acknowledgement(officer=officer, role=role)
    reference = refer("acknowledges", said.entry)
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns, references=(reference,)))


def assess(centre: Centre, body: bodies.Assessment) -> Outcome:
    """Put down a judgement; sealed first where the regime asks for it."""
    return judge(centre, body)


def convene(centre: Centre, event: str, level: str, reason: str, officer: str) -> Outcome:
    """Take a step on the national ladder, up or down."""
    body = bodies.Conference(event=event, level=level, reason=reason[:500], officer=officer)  # type: ignore[arg-type]
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns))


def deny(centre: Centre, area: bodies.Area, window: bodies.Window, text: str) -> Outcome:
    """State that we launched nothing there and then."""
    body = bodies.NegativeStatement(area=area, window=window, text=text)
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns))


def retract(centre: Centre, entries: Sequence[Verified], because: str) -> Outcome:
    """Take back what we said in entries of our own."""
    references = tuple(refer("retracts", entry) for entry in entries)
    body = bodies.Retraction(because=because)
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns, references=references))


def stand(centre: Centre, action: str, because: str, officer: str) -> Outcome:
    """Suspend, resume or withdraw, from now on."""
    body = bodies.Standing(
        action=action, effective_tai_us=centre.now_tai_ns // 1_000, because=because, officer=officer  # type: ignore[arg-type]
    )
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns))


def propose(
    centre: Centre, event: str, finding: bodies.Finding, officer: str, text: str, cites: Sequence[Said] = ()
) -> Outcome:
    """Put a joint finding to the vote, naming the exact common picture it rests on (design rule 7).

    `cites`: dockets' statements with files that it rests on, too; it is void if what they show does not hold.
    """
    _taken_in(centre)
    now_ns = centre.now_tai_ns
    picture = queries.joint_picture(centre, now_ns // 1_000 * 1_000)
    regime = centre.config.regime
    signers = required(regime, centre.parties)
    if not signers:
        raise Refusal(f"regime {regime.name} knows no joint finding: each party decides alone")
    body = bodies.Proposal(
        event=event,
        finding=finding,
        parties=centre.parties,
        required=signers,
        policy_sha256=regime.sha256,
        deadline_s=centre.posix_s() + regime.finding.deadline_s,
        void_if=void_lines(cites),
        picture=bodies.PictureReference(
            heads=queries.all_heads(centre),
            as_of_tai_us=now_ns // 1_000,
            fuse_version=picture.fuse_version,
            digest=picture.digest,
        ),
        officer=officer,
        text=text,
    )
    references = tuple(refer(CITES, one.entry) for one in cites)
    return centre.publish(Draft(body=body, observed_tai_ns=now_ns, references=references))


def propose_measure(
    centre: Centre, terms: ShareMore | Amend | Suspend | Resume, officer: str, text: str, deadline_s: int | None = None,
    cites: Sequence[Said] = (),
) -> Outcome:  # fmt: skip
    """Put a joint measure about the agreement itself to the vote. All parties must sign; it begins after the deadline.

    `deadline_s`: POSIX seconds; None: the regime's own time from now, or just before the measure begins if that is
    sooner. `cites`: as in `propose`.
    """
    regime = centre.config.regime
    rule = regime.terms.decides.measures
    if rule is None or not centre.links:
        raise Refusal(f"regime {regime.name} decides no measures jointly")
    usual = min(centre.posix_s() + rule.deadline_s, terms.effective_s - 1)
    body = Measure(
        terms=terms, parties=centre.parties, required=centre.parties, policy_sha256=regime.sha256,
        deadline_s=usual if deadline_s is None else deadline_s, void_if=void_lines(cites), officer=officer, text=text,
    )  # fmt: skip
    references = tuple(refer(CITES, one.entry) for one in cites)
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns, references=references))


def vote(centre: Centre, proposal: Verified, choice: str, officer: str, role: str = "watch-officer") -> Outcome:
    """Sign yes, or close. A yes to a finding needs our own recomputed picture to have the digest that it names."""
    cast = cast_yes if choice == "yes" else cast_close
    if choice == "yes":
        _same_picture(centre, proposal)
    own = [said.entry for said in centre.said if said.party == centre.config.party]
    body = cast(
        proposal, own, queries.parties(centre), centre.config.regime, queries.own_floor(centre),
        role=role, officer=officer, heads=centre.heads(),
    )  # fmt: skip
    reference = refer("votes-on", proposal)
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns, references=(reference,)))


def confirm_clock(centre: Centre, officer: str) -> None:
    """A person has compared the centre's clock with another: receipts are dated by it again, however far it went."""
    centre.border.gates.clock.confirm()
    centre.ports.private.withheld(centre.now_tai_ns, "clock", f"confirmed by {officer}")


def close_overdue(centre: Centre, proposal: Verified) -> Outcome | None:
    """State that our time floor has passed a deadline and whose yes we had not receipted (V3), if we owe that."""
    centre.courses.settle()
    for mirror in centre.mirrors.values():
        mirror.raise_floor()
    entries, _ = queries.officers(centre).counted(queries.about(centre, proposal.sha256))
    for said in [one for one in centre.asked if one.entry.sha256 == proposal.sha256]:
        concluded(centre, said)
    body = floor_statement(
        proposal, entries, centre.receipts, queries.parties(centre), centre.config.regime, queries.own_floor(centre)
    )
    return centre.publish(Draft(body=body, observed_tai_ns=centre.now_tai_ns)) if body else None


def _taken_in(centre: Centre) -> None:
    """Everything that our heads name into the pictures: a proposal's digest is that of exactly these entries.

    A bounded number of them: a partner that floods its log must not stop this centre. Raises Refusal.
    """
    for _ in range(TAKEN_MOST // TAKEN_AT_ONCE):
        if not centre.digest(TAKEN_AT_ONCE):
            break
    else:
        if centre.waiting:
            raise Refusal(f"{_where_waiting(centre)}: they are being taken in; propose again in a few seconds")
    if centre.waiting:
        raise Refusal(f"{_where_waiting(centre)} and cannot be read; find out where with tocsin fsck first")


def _where_waiting(centre: Centre) -> str:
    """How many entries wait, and in whose log most of them."""
    by_party = centre.waiting_by_party()
    most = max(sorted(by_party), key=lambda party: by_party[party])
    whose = "our own log" if most == centre.config.party else f"the log of {most}"
    return f"{centre.waiting} entries that we hold still wait, {by_party[most]} of them in {whose}"


def _same_picture(centre: Centre, proposal: Verified) -> None:
    body = read("", proposal).body
    if isinstance(body, Measure):
        return  # it rests on no picture
    if centre.suspended:
        raise MayNotVote("the regime is suspended: findings rest, and only measures can be signed")
    if not isinstance(body, bodies.Proposal):
        raise MayNotVote(f"entry {proposal.index} of {proposal.origin} is no proposal")
    picture = queries.recompute(centre, body.picture)
    if picture is None and (why := too_old(centre, body.picture.as_of_tai_us * 1_000)):
        raise MayNotVote(f"its picture cannot be computed again: {why}")
    if picture is None:
        raise MayNotVote("we do not hold all the entries that the proposal's picture names; wait for them")
    if picture.digest != body.picture.digest:
        raise MayNotVote("our own computation of that picture has another digest; this is an event in itself")
