"""`tocsin officer`: people's keys, the roster that a party's root keys sign, and signing what waits for hands."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cyclopts import App, Parameter

from tocsin.errors import BadEvidence, Refusal
from tocsin.node.adapters import epochfiles, settings
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.adapters.tokens import Token, new_token, read_token, write_token
from tocsin.node.custody.roster import ROOT
from tocsin.node.custody.signing import to_sign
from tocsin.wire.bodies import body_of
from tocsin.wire.custody import Officer, Roster, SigningRule
from tocsin.wire.envelope import OfficerSignature, Record, decode

app = App(name="officer", help="Officers: keys, rosters, signatures; invitations and cards for the console.")
app.command("tocsin.app.invitations:invite", help="Invite a person to enrol a passkey at the console.")
app.command("tocsin.app.invitations:card", help="Make a person's authentication card.")

RULES = (
    "acknowledgement", "assessment", "conference", "delegation", "proposal", "reserved-action", "retraction",
    "standing", "watch",
)  # fmt: skip
"""Kinds that one officer signs wherever there is a roster; `vote` takes as many as the party decides."""


class SignedRoster(Record, frozen=True, kw_only=True):
    """roster.json: the roster and the root keys' signatures, to be logged when the centre starts."""

    roster: Roster
    signatures: tuple[OfficerSignature, ...]


@app.command
def new(
    name: str,
    out: Path,
    *,
    role: tuple[str, ...] = ("watch-officer",),
    scheme: tuple[Literal["ed25519", "p256", "mldsa44"], ...] = ("ed25519",),
    passphrase: Annotated[str, Parameter(env_var="TOCSIN_PASSPHRASE", show_env_var=True)] = "",
) -> int:
    """Make an officer's key, in a file that stands in for a token. It belongs on another machine than the centre.

    Parameters
    ----------
    name
        The person's name, as it will stand in statements.
    out
        File for the key; its public half goes beside it, as OUT.public.
    role
        Role in which the person may sign; may be repeated.
    scheme
        Kind of key; several mean that all of them sign (ed25519 and mldsa44: safe against quantum computers too).
    passphrase
        Encrypts the key.
    """
    token = new_token(name, role, scheme)
    write_token(token, out, passphrase)
    write_file(public_file(out), msgspec.json.format(msgspec.json.encode(token.officer), indent=1))
    print(f"Made {out} for {name} ({', '.join(role)}). Give {public_file(out)} to whoever keeps the root key.")
    return 0


@app.command
def enrol(
    centre: Path,
    officer: Annotated[list[Path], Parameter(negative=())],
    *,
    root: Path,
    votes: Annotated[int, Parameter()] = 2,
    relying_party: str = "",
    web_origin: tuple[str, ...] = (),
    passphrase: Annotated[str, Parameter(env_var="TOCSIN_PASSPHRASE", show_env_var=True)] = "",
) -> int:
    """Sign a new roster with a root key. The centre logs it when it next starts; from there on, it binds.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    officer
        Public halves of all officers, also of those enrolled before: a roster replaces the last one whole.
    root
        The root key's file, from wherever it is kept.
    votes
        How many officers must sign a vote.
    relying_party
        Domain under which WebAuthn keys were registered.
    web_origin
        Web origin of the pages on which they sign; may be repeated.
    passphrase
        Opens the root key.
    """
    officers = [_officer(path) for path in officer]
    path = enrol_officers(centre, officers, read_token(root, passphrase), votes, relying_party, web_origin)
    print(f"Made {path}: {len(officers)} officers, {votes} to sign a vote. It is logged when the centre starts.")
    return 0


@app.command
def sign(
    request: Path,
    *,
    token: Path,
    role: str = "",
    passphrase: Annotated[str, Parameter(env_var="TOCSIN_PASSPHRASE", show_env_var=True)] = "",
) -> int:
    """Read a request for a signature, show what it says, and sign it.

    Parameters
    ----------
    request
        A file from the centre's folder `requests`.
    token
        The officer's key.
    role
        Role in which to sign, if the person has several.
    passphrase
        Opens the key.
    """
    person = read_token(token, passphrase)
    statement = decode(read_file(request, "a request for a signature"))
    print(f"{statement.kind} of {statement.origin} ({statement.mode}):")
    for field, value in msgspec.to_builtins(body_of(statement)).items():
        print(f"    {field}: {value}")
    for number, made in enumerate(person.sign(statement, role or person.roles[0])):
        answer = request.with_name(f"{request.stem}.{made.key_id}.{number}.signature")
        write_file(answer, msgspec.json.encode(made))
        print(f"Signed as {person.name}: {answer}")
    return 0


def public_file(token: Path) -> Path:
    """Where a token's public half goes."""
    return token.with_name(token.name + ".public")


def enrol_officers(
    centre: Path, officers: list[Officer], root: Token, votes: int, relying_party: str = "",
    web_origins: tuple[str, ...] = (),
) -> Path:  # fmt: skip
    """Write roster-NUMBER.json, signed by one root key; with a threshold of several, each adds its own."""
    from tocsin.app.play import load_regime

    made, folder = settings.load(centre), centre.parent
    if votes > len(officers):
        raise Refusal(f"{votes} officers to sign a vote, and {len(officers)} on the roster: nobody could ever vote")
    number = len(rosters(folder))
    rules = (SigningRule(kind="vote", officers=votes), *(SigningRule(kind=kind, officers=1) for kind in RULES))
    roster = Roster(
        number=number, officers=tuple(officers), rules=rules, relying_party=relying_party, web_origins=web_origins
    )
    statement = to_sign(
        roster, party=made.party, origin=epochfiles.origin_now(folder, made.party, made.mode),
        epoch=epochfiles.epoch_now(folder), mode=made.mode,
        regime=load_regime(made.regime).sha256,
    )  # fmt: skip
    path = folder / f"roster-{number:04d}.json"
    signed = SignedRoster(roster=roster, signatures=root.sign(statement, ROOT))
    write_file(path, msgspec.json.format(msgspec.json.encode(signed), indent=1))
    return path


def rosters(folder: Path) -> list[SignedRoster]:
    """Rosters in a centre's folder, oldest first."""
    found = []
    for path in sorted(folder.glob("roster-*.json")):
        try:
            found.append(msgspec.json.decode(read_file(path, "a signed roster"), type=SignedRoster))
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise BadEvidence(f"{path}: not a signed roster: {error}") from error
    return found


def _officer(path: Path) -> Officer:
    try:
        return msgspec.json.decode(read_file(path, "an officer's public half"), type=Officer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEvidence(f"{path}: not an officer's public half: {error}") from error
