"""`tocsin officer invite` and `tocsin officer card`: who may enrol a passkey at a console, and authentication cards.

Both may be run while the centre serves: its console looks at the file again.
"""

import os
import secrets
from pathlib import Path

import msgspec

from tocsin.console.codes import make_card, printed_card
from tocsin.console.people import People, Person, invitation
from tocsin.console.rights import ROLES
from tocsin.console.routes.drawer import FileDrawer
from tocsin.errors import Outage, Refusal
from tocsin.node.adapters import settings


def invite(centre: Path, name: str, *, role: tuple[str, ...] = ()) -> int:
    """Invite a person to enrol a passkey at the console. The code is shown once; a new one replaces it.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    name
        The person's name, as it will stand in statements.
    role
        Role of a person who is not known here yet; may be repeated.
    """
    unknown = sorted(set(role) - set(ROLES))
    if unknown:
        raise Refusal(f"--role {unknown[0]}: one of {', '.join(ROLES)} expected")
    people, origin = _people(centre)
    person = people.of(name)
    if person is None and not role:
        raise Refusal(f"{name}: nobody of that name is known at this console; say in which role with --role")
    known = person or Person(name=name, roles=role)
    code = secrets.token_hex(5)
    people.put(msgspec.structs.replace(known, roles=role or known.roles, invitation_sha256=invitation(code)))
    print(f"Invitation for {name} ({', '.join(role or known.roles)}): {code}")
    print(f"At {origin}: log in, 'First time on this computer'. Tell the code by voice; it is good for one passkey.")
    return 0


def card(centre: Path, name: str, *, out: Path | None = None) -> int:
    """Make a person's authentication card: cells to be asked before a joint finding is signed. It replaces an old card.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    name
        A person who is known at the console.
    out
        File for the card, for its owner's eyes alone; without it the card is shown here.
    """
    people, _ = _people(centre)
    person = people.of(name)
    if person is None:
        raise Refusal(f"{name}: nobody of that name is known at this console; tocsin officer invite makes him known")
    printed, cells = make_card(secrets.token_bytes(32))
    text = printed_card(name, printed)
    if out is not None:
        _write_private(out, text)
    people.put(msgspec.structs.replace(person, card=cells, used=(), failures=0))
    print(f"Card of {name}: {out}. Print it, give it to its owner, destroy the file." if out else text, end="\n")
    return 0


def _people(centre: Path) -> tuple[People, str]:
    """Everybody at a party's console, and where it is opened."""
    made = settings.load(centre)
    if made.console is None:
        raise Refusal(f"{centre}: it has no [console] table, so nobody logs in there (docs/console.md)")
    origin = next(iter(made.console.origins), f"http://localhost:{made.port}")
    return People(FileDrawer(centre.parent / "console.json"), made.console.people), origin


def _write_private(path: Path, text: str) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Refusal(f"{path}: there is a file of that name; nothing is replaced by accident") from error
    except OSError as error:
        raise Outage(f"{path}: could not be written ({error.strerror})") from error
