"""Requests for officers' signatures as files: the centre writes them, `tocsin officer sign` answers beside them.

A folder is enough to carry a request to a machine that holds a token, and its signature back, on a stick if need be.
Beside each request lies NAME.waiting, with the signatures that it has: a centre that starts again goes on waiting.
"""

from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from tocsin.errors import BadEvidence, Outage, Refusal, TocsinError
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.adapters.tokens import TokensAtHand, read_token
from tocsin.node.custody.staffed import Hands, Request, Staffed, nobody, request_name
from tocsin.release import Draft
from tocsin.wire.bodies import body_of
from tocsin.wire.envelope import Mode, OfficerSignature, Reference, Statement, encode, officer_message
from tocsin.wire.watch import OfficerCheck

MAX_SIGNATURE_BYTES = 64_000


class Waiting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """NAME.waiting: what waits, as it was shown to its officers, and what its draft says besides."""

    statement: Statement
    signatures: tuple[OfficerSignature, ...]
    officers: int
    observed_tai_ns: int
    uncertainty_ns: int
    references: tuple[Reference, ...]
    mode: Mode | None
    range_km: float | None
    apogee_km: float | None
    remark: str
    private: bool
    recipients: tuple[str, ...]


class RequestsFolder:
    """Call `exchange` at every turn."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: dict[str, int] = {}  # how many signatures the file of a request has
        self._begun = False

    def exchange(self, centre: Staffed) -> None:
        """Write requests that are new, take in signatures that came. What is wrong is kept as evidence.

        The first time: take up again what waited when the centre was stopped.
        """
        if not self._begun:
            self._take_up(centre)
            self._begun = True
        self._write(centre)
        if not self._written:
            return
        for path in sorted(self._folder.glob("*.signature")):
            self._take(centre, path)
        for name in set(self._written) - set(centre.requests):
            self._drop(name)

    def _write(self, centre: Staffed) -> None:
        for name, request in centre.requests.items():
            if name not in self._written:
                write_file(self._folder / f"{name}.request", encode(request.statement))
            if self._written.get(name) != len(request.signatures):
                write_file(self._folder / f"{name}.waiting", msgspec.json.encode(_waiting(request)))
                self._written[name] = len(request.signatures)

    def _drop(self, name: str) -> None:
        for kind in ("request", "waiting"):
            (self._folder / f"{name}.{kind}").unlink(missing_ok=True)
        self._written.pop(name, None)

    def _take_up(self, centre: Staffed) -> None:
        for path in sorted(self._folder.glob("*.waiting")):
            if path.stem in self._written:
                continue  # taken up before another could not be read
            data = read_file(path, "a request that waits for officers")
            try:
                request = _request(data, path.stem)
            except (TocsinError, msgspec.MsgspecError, UnicodeDecodeError) as error:
                centre.ports.private.evidence(centre.now_tai_ns, path.name, str(error), data)
                self._drop(path.stem)
                continue
            if _over(centre, request):
                self._drop(path.stem)
            else:
                centre.requests[request.name] = request
                self._written[request.name] = len(request.signatures)

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


def _waiting(request: Request) -> Waiting:
    draft = request.draft
    return Waiting(
        statement=request.statement, signatures=tuple(request.signatures), officers=request.officers,
        observed_tai_ns=draft.observed_tai_ns, uncertainty_ns=draft.uncertainty_ns, references=draft.references,
        mode=draft.mode, range_km=draft.range_km, apogee_km=draft.apogee_km, remark=draft.remark,
        private=draft.private, recipients=draft.recipients,
    )  # fmt: skip


def _request(data: bytes, name: str) -> Request:
    kept = msgspec.json.decode(data, type=Waiting)
    message = officer_message(kept.statement)
    if request_name(message) != name:
        raise BadEvidence(f"{name}: the file holds another request than its name says", data)
    draft = Draft(
        body=body_of(kept.statement), observed_tai_ns=kept.observed_tai_ns, uncertainty_ns=kept.uncertainty_ns,
        references=kept.references, mode=kept.mode, range_km=kept.range_km, apogee_km=kept.apogee_km,
        remark=kept.remark, private=kept.private, recipients=kept.recipients,
    )  # fmt: skip
    return Request(name, draft, kept.statement, message, kept.officers, list(kept.signatures))


def _over(centre: Staffed, request: Request) -> bool:
    """It was logged just before the stop, belongs to an epoch or regime that has ended, or was signed under duress."""
    statement, config = request.statement, centre.config
    if (statement.epoch, statement.regime, statement.mode) != (config.epoch, config.regime.sha256, config.mode):
        return True
    shown = sha256(request.message).hexdigest()
    return any(
        officer_message(one.statement) == request.message
        or (isinstance(one.body, OfficerCheck) and one.body.about == shown and one.body.outcome == "duress")
        for one in centre.said
        if one.party == config.party
    )


def tokens_at_hand(folder: Path, mode: Mode) -> Hands:
    """Tokens in FOLDER/officers, for exercises with scripted officers. Raises Refusal in mode live."""
    files = sorted((folder / "officers").glob("*.key"))
    if not files:
        return nobody
    if mode != "exercise":
        raise Refusal(f"{files[0]}: officers' keys in a live centre's folder; it must not be able to sign for them")
    return TokensAtHand([read_token(file) for file in files])
