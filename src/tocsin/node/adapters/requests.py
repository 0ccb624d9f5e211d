"""Requests for officers' signatures as files: the centre writes them, `tocsin officer sign` answers beside them.

A folder is enough to carry a request to a machine that holds a token, and its signature back, on a stick if need be.
"""

from pathlib import Path

import msgspec

from tocsin.errors import Outage, Refusal, TocsinError
from tocsin.node.adapters.tilefiles import write_file
from tocsin.node.adapters.tokens import TokensAtHand, read_token
from tocsin.node.custody.staffed import Hands, Staffed, nobody
from tocsin.wire.envelope import Mode, OfficerSignature, encode

MAX_SIGNATURE_BYTES = 64_000


class RequestsFolder:
    """Call `exchange` at every turn."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: set[str] = set()

    def exchange(self, centre: Staffed) -> None:
        """Write requests that are new, take in signatures that came. What is wrong is kept as evidence."""
        for name, request in centre.requests.items():
            if name not in self._written:
                write_file(self._folder / f"{name}.request", encode(request.statement))
                self._written.add(name)
        if not self._written:
            return
        for path in sorted(self._folder.glob("*.signature")):
            self._take(centre, path)
        for name in self._written - set(centre.requests):
            (self._folder / f"{name}.request").unlink(missing_ok=True)
            self._written.discard(name)

    def _take(self, centre: Staffed, path: Path) -> None:
        try:
            data = path.read_bytes()[:MAX_SIGNATURE_BYTES]
            path.unlink()
        except OSError as error:
            raise Outage(f"{path}: cannot be taken ({error.strerror})") from error
        try:
            centre.sign(path.name.split(".", 1)[0], msgspec.json.decode(data, type=OfficerSignature))
        except (TocsinError, msgspec.MsgspecError, UnicodeDecodeError) as error:
            centre.ports.private.evidence(centre.now_tai_ns, path.name, str(error), data)


def tokens_at_hand(folder: Path, mode: Mode) -> Hands:
    """Tokens in FOLDER/officers, for exercises with scripted officers. Raises Refusal in mode live."""
    files = sorted((folder / "officers").glob("*.key"))
    if not files:
        return nobody
    if mode != "exercise":
        raise Refusal(f"{files[0]}: officers' keys in a live centre's folder; it must not be able to sign for them")
    return TokensAtHand([read_token(file) for file in files])
