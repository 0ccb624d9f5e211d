"""`tocsin init`, `tocsin pair`, `tocsin serve`: one real centre."""

import asyncio
import sys
from pathlib import Path
from typing import Any, Literal

import msgspec

from tocsin.errors import BadEvidence, Refusal
from tocsin.node.adapters import keys, settings, tls
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.adapters.tokens import new_token, read_token, write_token
from tocsin.node.custody.roster import ROOT


def init(
    party: str,
    *,
    folder: Path | None = None,
    regime: str = "connected",
    mode: Literal["exercise", "live"] = "exercise",
    port: int = 8401,
    partner: tuple[str, ...] = (),
    host: str = "127.0.0.1",
) -> int:
    """Make a party's keys, settings and card.

    Parameters
    ----------
    party
        Name of the party: small letters, digits, hyphens.
    folder
        Where to put CENTRE.toml, the secret and the card (default: a folder of the party's name).
    regime
        Shipped regime, or a regime file.
    mode
        exercise or live. The two never share keys, stores or processes.
    port
        Port on this machine's loopback for the centre's own people.
    partner
        A partner to be; may be repeated. Each gets a listener of its own, on the ports after `port`.
    host
        Address at which partners reach this machine.
    """
    from tocsin.app.play import load_regime

    load_regime(regime)
    place = folder or Path(party)
    place.mkdir(parents=True, exist_ok=True)
    doors = {name: port + 1 + number for number, name in enumerate(partner)}
    text = f'party = "{party}"\nmode = "{mode}"\nregime = "{regime}"\nport = {port}\nhost = "{host}"\n'
    text += "\n[links]\n" + "".join(f"{name} = {door}\n" for name, door in doors.items())
    if (place / "CENTRE.toml").exists():
        raise Refusal(f"{place / 'CENTRE.toml'}: a centre was made here already; choose another --folder")
    write_file(place / "CENTRE.toml", text.encode())
    made = settings.load(place / "CENTRE.toml")
    keys.make_secret(place / "secret.key")
    keys.make_secret(place / "encryption.key")
    tls.make_identity(place, made.party)
    write_token(new_token(f"root of {made.party}", (ROOT,), ("ed25519", "mldsa44")), place / "root.key")
    card = card_of(place, made)
    write_file(place / "card.json", keys.encode_card(card))
    print(f"Made {place / 'CENTRE.toml'} for {party} ({mode}, regime {regime}).")
    print(f"Give {place / 'card.json'} to your partner, and read this fingerprint to them over the telephone:")
    print(f"    {keys.fingerprint(card)}")
    print(f"Move {place / 'root.key'} to where this machine cannot reach it: it signs rosters and new epochs.")
    return 0


def card_of(folder: Path, made: settings.Settings) -> keys.Card:
    """The card of a centre, from its keys and settings."""
    roots = read_token(folder / "root.key").public
    certificate = read_file(folder / tls.ISSUER, "the certificate of the link's issuer").decode()
    plain = keys.PartyKeys(keys.read_secret(folder / "secret.key"), made.party, made.mode).card(
        made.party, made.mode, f"https://{made.host}"
    )
    links = {name: f"https://{made.host}:{door}" for name, door in made.links.items()}
    vault = keys.open_vault(folder / "encryption.key", made.party)
    return msgspec.structs.replace(
        plain, root_keys=roots, root_threshold=len(roots), link_certificate=certificate, links=links,
        encryption_key=vault.key,
    )  # fmt: skip


def pair(centre: Path, card: Path, *, fingerprint: str = "") -> int:
    """Accept a partner's card after comparing its fingerprint with the partner, by voice.

    Parameters
    ----------
    centre
        Your CENTRE.toml.
    card
        The card.json that the partner gave you.
    fingerprint
        The fingerprint that the partner read to you; asked for if not given.
    """
    own = settings.load(centre)
    offered = keys.parse_card(read_file(card, "the card of a partner"), str(card))
    if offered.mode != own.mode:
        raise Refusal(f"{card}: a card for mode {offered.mode}; this centre runs {own.mode}, and the two never meet")
    if offered.party == own.party:
        raise Refusal(f"{card}: the card of {own.party} itself; a partner's was expected")
    heard = fingerprint or _ask(offered.party)
    if "".join(heard.lower().split()) != "".join(keys.fingerprint(offered).split()):
        found = keys.fingerprint(offered)
        raise BadEvidence(f"{card}: its fingerprint is {found}, not the one you were read; not paired")
    _can_link(own, offered, centre, card)
    write_file(centre.parent / "partners" / f"{offered.party}.json", keys.encode_card(offered))
    print(f"Paired {own.party} with {offered.party}. The manifest enters both logs when the centres start.")
    return 0


def _can_link(own: settings.Settings, offered: keys.Card, centre: Path, card: Path) -> None:
    """Links are mutual TLS or they are not: both sides need a certificate and a door for the other."""
    if not offered.link_certificate:
        raise Refusal(f"{card}: no link certificate; links are never plaintext: ask {offered.party} for a new card")
    if own.party not in offered.links:
        raise Refusal(
            f"{card}: {offered.party} has no listener for {own.party}; it must name you as --partner of tocsin init"
        )
    if offered.party not in own.links:
        raise Refusal(f"{centre}: [links] has no port for {offered.party}; add a line `{offered.party} = PORT` there")


def _ask(party: str) -> str:
    if not sys.stdin.isatty():
        raise Refusal(f"the fingerprint that {party} read to you is needed: --fingerprint '1234 abcd ...'")
    return input(f"Fingerprint that {party} reads to you: ")


def serve(centre: Path, *, log_json: bool = False) -> int:
    """Run one centre until it is stopped.

    Parameters
    ----------
    centre
        CENTRE.toml, as made by tocsin init.
    log_json
        One JSON object a line on standard output, for machines that collect logs.
    """
    from tocsin.app.serving import Serving

    serving = Serving(centre, log_json)
    asyncio.run(serving.run())
    while serving.again:
        serving.telling.say("epoch", "a new epoch has come; serving it")
        serving = Serving(centre, log_json)
        asyncio.run(serving.run())
    for line in serving.ending():
        serving.telling.say("ended", line)
    return 0


def status_line(status: dict[str, Any]) -> str:
    """One line for a terminal."""
    return (
        f"{status['utc']}  {status['party']:8} log {status['entries']:5}  receipted {status['receipted']:5}  "
        f"{status['sentence']}"
    )
