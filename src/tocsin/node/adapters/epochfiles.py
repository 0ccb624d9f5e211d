"""New epochs on file: FOLDER/epochs/NNNN.json are ours, FOLDER/partners/PARTY.epochs/NNNN.json a partner's."""

from pathlib import Path

import msgspec

from tocsin.errors import BadEvidence, Refusal
from tocsin.node.adapters import keys
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.custody.epochs import origin_of_epoch
from tocsin.node.custody.following import NextEpoch
from tocsin.wire.envelope import Mode


def encode(made: NextEpoch) -> bytes:
    """Bytes of a file."""
    return msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"


def parse(data: bytes, name: str) -> NextEpoch:
    """A new epoch from foreign bytes; nothing in it is believed yet. Raises BadEvidence."""
    try:
        return msgspec.json.decode(data, type=NextEpoch)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEvidence(f"{name}: not a new epoch: {error}", data[:65_536]) from error


def own(folder: Path) -> list[NextEpoch]:
    """Our epochs after the first, in order."""
    return _read(folder / "epochs")


def of_partner(folder: Path, party: str) -> list[NextEpoch]:
    """A partner's epochs after the first, in order."""
    return _read(folder / "partners" / f"{party}.epochs")


def add(folder: Path, us: str, made: NextEpoch) -> Path:
    """Put a new epoch on file. Raises Refusal where another one stands for the same number."""
    place = folder / "epochs" if made.party == us else folder / "partners" / f"{made.party}.epochs"
    path, data = place / f"{made.succession.new_epoch:04d}.json", encode(made)
    if path.exists() and parse(path.read_bytes(), str(path)).succession != made.succession:
        raise Refusal(f"{path}: another new epoch is there; two successions of one log bind nobody (K5)")
    write_file(path, data)
    return path


def epoch_now(folder: Path) -> int:
    """Number of our present epoch."""
    return max((made.succession.new_epoch for made in own(folder)), default=0)


def origin_now(folder: Path, party: str, mode: Mode) -> str:
    """Origin of our present shared log."""
    return origin_of_epoch(keys.origin_of(party, mode), epoch_now(folder))


def secret_file(folder: Path, epoch: int) -> Path:
    """Where the secret of an epoch lies."""
    return folder / (f"secret-{epoch}.key" if epoch else "secret.key")


def encryption_file(folder: Path, epoch: int) -> Path:
    """Where the latest encryption key up to an epoch lies; it changes only after a compromise."""
    found = [number for number in range(1, epoch + 1) if (folder / f"encryption-{number}.key").exists()]
    return folder / (f"encryption-{found[-1]}.key" if found else "encryption.key")


def _read(place: Path) -> list[NextEpoch]:
    files = sorted(place.glob("*.json")) if place.is_dir() else []
    return [parse(read_file(path, "a new epoch"), str(path)) for path in files]
