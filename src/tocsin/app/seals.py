"""`tocsin seal`: bind what is held now without showing it, and show it later (L8)."""

import hashlib
import secrets
from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import App, Parameter
from msgspec import Meta, Struct

from tocsin.app.check import exported, logs_below
from tocsin.errors import BadEvidence, Refusal
from tocsin.node.adapters import epochfiles, outbox, settings
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.audit import statements_of
from tocsin.node.custody.sealed import OPENS, openings
from tocsin.wire.confidential import ObservationOpening, ObservationSeal, observation_commitment
from tocsin.wire.envelope import Hex32, Reference

app = App(name="seal", help="Bind what is held now without showing it; open it later; check what was opened.")
MAX_TEXT_BYTES = 8_000


class Kept(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """FOLDER/sealed/NAME.json: what opens the seal. Whoever reads it can tell what was sealed."""

    salt: Hex32
    content_sha256: Hex32
    content_bytes: Annotated[int, Meta(ge=0)]
    file: str


@app.command
def make(centre: Path, file: Path, *, what: str = "observations") -> int:
    """Put the salted hash of a file into the shared log. The file and the salt stay here.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    file
        What is held: a recording, a checkpoint of the own log (which binds everything in it).
    what
        A line for people that gives nothing away.
    """
    made = settings.load(centre)
    data = read_file(file, "what is to be sealed")
    salt, digest = secrets.token_bytes(32), hashlib.sha256(data).hexdigest()
    origin = epochfiles.origin_now(centre.parent, made.party, made.mode)
    commitment = observation_commitment(origin, salt, digest, len(data))
    name = f"seal-{commitment[:16]}"
    kept = Kept(salt=salt.hex(), content_sha256=digest, content_bytes=len(data), file=str(file))
    write_file(centre.parent / "sealed" / f"{name}.json", msgspec.json.encode(kept))
    outbox.drop(centre.parent, name, ObservationSeal(commitment=commitment, what=what))
    print(f"{name}: sealed; the centre logs it at its next turn. Keep {file} and the folder sealed to open it.")
    return 0


@app.command(name="open")
def open_(
    centre: Path, name: str, *, because: str = "", text: Annotated[bool, Parameter(negative=())] = False
) -> int:
    """Show what a seal binds: log its salt and hash, with --text the content too.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    name
        Name that `tocsin seal make` printed.
    because
        Why it is shown.
    text
        Put the content into the log, where it is text of at most 8,000 bytes.
    """
    folder = centre.parent
    place = outbox.logged(folder, name)
    if place is None:
        raise Refusal(f"{name}: not logged yet; a seal is opened after the centre has logged it")
    path = folder / "sealed" / f"{name}.json"
    kept = msgspec.json.decode(read_file(path, "what opens the seal"), type=Kept)
    content = ""
    if text:
        data = read_file(Path(kept.file), "what was sealed")
        if hashlib.sha256(data).hexdigest() != kept.content_sha256:
            raise BadEvidence(f"{kept.file}: no longer what was sealed")
        content = _text(data, kept.file)
    body = ObservationOpening(
        salt=kept.salt, content_sha256=kept.content_sha256, content_bytes=kept.content_bytes, text=content,
        because=because,
    )  # fmt: skip
    reference = Reference(
        role=OPENS, origin=place.origin, epoch=place.epoch, index=place.index, sha256=place.sha256
    )
    outbox.drop(folder, f"{name}-opened", body, references=(reference,))
    print(f"{name}: opened; the centre logs it at its next turn.")
    return 0


@app.command
def check(logs: Path, file: Path) -> int:
    """Whether a file is what somebody sealed and opened in these logs. Exit 0 if it is.

    Parameters
    ----------
    logs
        Folder of exported logs.
    file
        The file that was handed over.
    """
    digest = hashlib.sha256(read_file(file, "what is said to have been sealed")).hexdigest()
    for folder in logs_below(logs):
        for opening, seal, fits in openings(statements_of(exported(folder, folder))):
            body = opening.body
            if fits and seal is not None and isinstance(body, ObservationOpening) and body.content_sha256 == digest:
                print(f"{file}: sealed in entry {seal.entry.index} of {opening.entry.origin}, opened in entry "
                      f"{opening.entry.index}. It was held then; it does not follow that it is true.")  # fmt: skip
                return 0
    print(f"{file}: nobody has sealed and opened this here.")
    return 1


def _text(data: bytes, file: str) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise Refusal(f"{file}: not text; leave out --text and hand the file over") from error
    if len(data) > MAX_TEXT_BYTES:
        raise Refusal(f"{file}: {len(data)} bytes; at most {MAX_TEXT_BYTES} fit into the log, hand the file over")
    return text
