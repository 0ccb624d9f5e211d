"""The centres of one exercise: fresh keys under an exercise root of their own, stores on disk, scripted tokens.

The root of a live party stays offline. That of an exercise lies in this process, because a director must be able to
enrol a person in the minute before play; it is made for one exercise and signs for no other mode or case.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.errors import Outage, Refusal
from tocsin.log.signers import SoftwareSigner, derived_seed, log_signers, mirror_signers
from tocsin.node.adapters.private import PrivateFolder, Remembered
from tocsin.node.adapters.sqlite import Database, SqliteCells, SqliteLog
from tocsin.node.adapters.tokens import Token, TokensAtHand, new_token
from tocsin.node.config import Ports
from tocsin.node.custody.roster import ROOT
from tocsin.node.custody.signing import to_sign
from tocsin.node.custody.staffed import Staffed
from tocsin.node.desk import Desk
from tocsin.regime import Regime
from tocsin.release import Draft
from tocsin.sim.build import Keys, config_of, origin_of
from tocsin.sim.officers import ScriptedOfficer
from tocsin.sim.parts import PartyFile
from tocsin.sim.play import people
from tocsin.sim.scenario import Scenario
from tocsin.sim.schedule import Schedule
from tocsin.wire.custody import Anchor, Anchors, Officer, Roster, SigningRule
from tocsin.wire.envelope import OfficerSignature, Statement

SIGNED_BY_ONE = ("acknowledgement", "assessment", "conference", "proposal", "reserved-action", "retraction", "standing")
SCRIPTED_ROLES = ("watch-officer", "duty-officer")


@dataclass(slots=True)
class Seat:
    """One party's chair: its centre, its desk, the script that may sit there, and the people enrolled."""

    party: str
    centre: Staffed
    officer: ScriptedOfficer
    root: Token
    tokens: tuple[Token, ...]
    relying_party: str
    web_origins: tuple[str, ...]
    votes: int = 2
    scripted: bool = True
    acting: bool = False
    enrolled: list[Officer] = field(default_factory=list)

    @property
    def desk(self) -> Desk:
        """What the seat sees."""
        return self.officer.desk

    def act(self) -> None:
        """One turn: the centre's, then the script's if it has the seat."""
        self.centre.tick()
        if self.scripted:
            self.acting = True
            try:
                self.officer.act()
            finally:
                self.acting = False

    def roster(self) -> Draft:
        """The roster as it now stands, signed by the exercise root: the script, and the people enrolled so far."""
        scripted = [token.officer for token in self.tokens]
        officers = (*scripted, *self.enrolled)
        single = (SigningRule(kind=kind, officers=1) for kind in SIGNED_BY_ONE)
        rules = (SigningRule(kind="vote", officers=self.votes), *single)
        held = self.centre.registry.rosters.get(self.party, [])
        body = Roster(
            number=held[-1].roster.number + 1 if held else 0, officers=officers, rules=rules,
            relying_party=self.relying_party, web_origins=self.web_origins,
        )  # fmt: skip
        config = self.centre.config
        statement = to_sign(
            body, party=self.party, origin=config.origin, epoch=config.epoch, mode=config.mode,
            regime=config.regime.sha256,
        )  # fmt: skip
        signatures = self.root.sign(statement, ROOT)
        return Draft(body=body, observed_tai_ns=self.centre.now_tai_ns, signatures=signatures)

    def enrol(self, officer: Officer) -> None:
        """Put a person on the roster, in force from the entry that is logged now. Raises Refusal for a name twice."""
        names = {one.name for one in (*self.enrolled, *(token.officer for token in self.tokens))}
        if officer.name in names:
            raise Refusal(f"{officer.name}: already on the roster of {self.party}; take another pseudonym")
        self.enrolled.append(officer)
        if self.centre.books["shared"].next_index:  # else it stands in the first roster, when the centre begins
            self.centre.publish(self.roster())


def make_folder(folder: Path) -> Path:
    """A new folder for one exercise. Refuses one that holds anything: exercise and live never share a store."""
    if folder.exists() and any(folder.iterdir()):
        raise Refusal(f"{folder}: not empty; an exercise begins in a folder of its own")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Outage(f"{folder}: cannot be made ({error.strerror})") from error
    return folder


def seats(
    scenario: Scenario, regime: Regime, seed: int, schedule: Schedule, folder: Path, *, votes: int = 2,
    relying_party: str = "localhost", web_origins: Callable[[str], tuple[str, ...]] = lambda _: (),
) -> dict[str, Seat]:  # fmt: skip
    """Every party's seat, in the order of the file; no centre has begun yet. `votes`: hands of a vote, 1 or 2."""
    if votes not in (1, 2):
        raise Refusal(f"{votes} hands of a vote: 1 or 2 expected, the scripted officers have no more")
    keys = {name: _keys(scenario.name, name, secrets.token_bytes(32)) for name in scenario.parties}
    roots = {name: new_token(f"exercise root of {name}", (ROOT,)) for name in scenario.parties}
    anchors = Anchors(
        parties=tuple(
            Anchor(party=name, root_keys=roots[name].public, threshold=1) for name in sorted(scenario.parties)
        )
    )
    linked = bool(regime.terms.shares.kinds)
    found = {}
    for party in scenario.party:
        config = config_of(scenario, party, regime, keys, linked=linked)
        tokens = _scripted(party.name)
        hands = _Hands(TokensAtHand(tokens))
        ports = _ports(schedule, folder / party.name, keys[party.name])
        centre = Staffed(config, ports, hands, anchors)
        seat = _seat(scenario, party, seed, centre, roots[party.name], tokens, relying_party, web_origins(party.name))
        seat.votes = votes
        hands.seat = seat
        found[party.name] = seat
    return found


def _seat(
    scenario: Scenario, party: PartyFile, seed: int, centre: Staffed, root: Token, tokens: tuple[Token, ...],
    relying_party: str, web_origins: tuple[str, ...],
) -> Seat:  # fmt: skip
    officer = ScriptedOfficer(centre, party.officers, people(scenario, party.name, seed))
    officer.reads_notices = scenario.defects.duty_officer_acknowledges
    return Seat(
        party=party.name, centre=centre, officer=officer, root=root, tokens=tokens, relying_party=relying_party,
        web_origins=web_origins,
    )  # fmt: skip


class _Hands:
    """The scripted officers' tokens, at hand only while the script acts: a person's command is never signed by them."""

    def __init__(self, tokens: TokensAtHand) -> None:
        self._tokens = tokens
        self.seat: Seat | None = None

    def __call__(self, statement: Statement, roster: Roster, count: int) -> tuple[OfficerSignature, ...]:
        if self.seat is None or not self.seat.acting:
            return ()
        return self._tokens(statement, roster, count)


def _scripted(party: str) -> tuple[Token, ...]:
    """Two scripted officers, so that a vote has its two hands."""
    first = new_token(f"officer of the watch, {party}", SCRIPTED_ROLES)
    return first, new_token(f"duty officer, {party}", SCRIPTED_ROLES)


def _keys(scenario: str, party: str, secret: bytes) -> Keys:
    """Log and mirror keys from a fresh secret that is written nowhere: they end with the exercise."""
    master, origin = derived_seed(secret, "exercise", scenario, party), origin_of(scenario, party)
    made: dict[str, tuple[SoftwareSigner, ...]] = {}

    def signers(log: str) -> tuple[SoftwareSigner, ...]:
        if log not in made:
            made[log] = log_signers(log, master)
        return made[log]

    return Keys(signers, mirror_signers(f"{origin}/mirror", master))


def _ports(schedule: Schedule, folder: Path, keys: Keys) -> Ports:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise Outage(f"{folder}: cannot be made ({error.strerror})") from error
    database = Database(folder / "store.db")
    return Ports(
        clock=schedule,
        store=lambda origin: SqliteLog(database, origin),
        cells=SqliteCells(folder / "checkpoints.db"),
        log_signers=keys.log,
        mirror_signers=keys.mirror,
        private=Remembered(PrivateFolder(folder / "private")),
    )
