"""What two centres say to each other below the statements: requests, and answers with receipts or entries.

    push -> answer    a checkpoint, the entries that the partner lacks, and the proof that they extend what it holds;
                      the answer says how far the partner now holds the log, with its receipt
    ask  -> told      at every start (L1): the last checkpoint of mine that you hold, the last of yours that I receipted
    pull -> pulled    entries of a log from an index on: to catch up, or to take back what a restored backup lost
    attest -> noted   a checkpoint of mine over a vote, with the receipts of others: what makes a decision of three (V2)
    accuse -> noted   proof that a log signed two histories, passed on to whoever may hold the other one (T1)

Either side may lose any message, get it twice or late: each answer says by itself what it is about and which request
it answers, and the next request starts from what was last proved, so a link resumes after any outage.

Every start of a centre is a run with a number of its own, and asks first. Whoever tells opens a session for that run:
a push or pull of an earlier one, still on its way when the machine burned down, is not taken any more (T9).
"""

from collections.abc import Sequence
from typing import Annotated, TypeVar

import msgspec
from msgspec import Meta, Struct

from tocsin.errors import BadEvidence

MAX_MESSAGE_BYTES = 4 * 1024 * 1024
MAX_ENTRIES = 1_024
MAX_ENTRY_TOTAL = 2 * 1024 * 1024
MAX_TOLD = 64

Bytes = Annotated[bytes, Meta(max_length=67_500)]  # base64 on the wire
Size = Annotated[int, Meta(ge=0, le=2**62)]
NoteText = Annotated[str, Meta(max_length=64_000)]
Entries = Annotated[tuple[Bytes, ...], Meta(max_length=MAX_ENTRIES)]
Hashes = Annotated[tuple[Bytes, ...], Meta(max_length=63)]
OriginText = Annotated[str, Meta(max_length=200)]


class _Message(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """`number`: of a request, never used twice in a run; an answer repeats that of its request.

    `log`: the release group whose logs it is about; without one, the shared logs.
    """

    number: Size = 0
    log: Annotated[str, Meta(max_length=40)] = ""


class _Request(_Message, frozen=True, kw_only=True):
    """`session`: as the receiver last told it."""

    session: Size = 0


class Push(_Request, frozen=True, kw_only=True, tag="push"):
    """Entries [start, start + len(entries)) under `checkpoint`, and the consistency proof from `start`."""

    checkpoint: NoteText
    start: Size
    entries: Entries
    consistency: Hashes


class Ask(_Request, frozen=True, kw_only=True, tag="ask"):
    """Which checkpoint of my log do you hold, and which of yours did I receipt last? (L1) `run`: of this start."""

    run: Size = 0


class Pull(_Request, frozen=True, kw_only=True, tag="pull"):
    """Entries of `origin` from `start` on. `receipt`: our receipt lines for its checkpoint of `start` entries."""

    origin: OriginText
    start: Size
    receipt: NoteText = ""


class Attest(_Request, frozen=True, kw_only=True, tag="attest"):
    """A checkpoint of the sender's log with receipts of third parties."""

    note: NoteText


class Accuse(_Request, frozen=True, kw_only=True, tag="accuse"):
    """Evidence of a fork of the log `origin` (tocsin.mirror.Fork), in base64."""

    origin: OriginText
    proof: Annotated[str, Meta(max_length=400_000)]


class Answer(_Message, frozen=True, kw_only=True, tag="answer"):
    """How many entries are now held, the receipt for them, or why the push was refused.

    `ask`: nothing was looked at, because the request is of no session that is open; ask first.
    """

    held: Size
    receipt: NoteText = ""
    refused: Annotated[str, Meta(max_length=2_000)] = ""
    ask: bool = False


class Told(_Message, frozen=True, kw_only=True, tag="told"):
    """`yours`: the last checkpoint of the asker's log that is held. `mine`: checkpoints of ours with its receipts: the
    last, and the first over each of our votes. Without them its own time floor would tell it too much (V3).

    `session` is what requests of this run must repeat from now on.
    """

    session: Size = 0
    yours: NoteText = ""
    mine: Annotated[tuple[NoteText, ...], Meta(max_length=MAX_TOLD)] = ()


class Pulled(_Message, frozen=True, kw_only=True, tag="pulled"):
    """As a push, of `origin`; without a checkpoint if nothing can be shown."""

    origin: OriginText
    checkpoint: NoteText = ""
    start: Size = 0
    entries: Entries = ()
    consistency: Hashes = ()


class Noted(_Message, frozen=True, kw_only=True, tag="noted"):
    """An attest or accuse was taken; `later`: what it is about is not held yet, say it again."""

    later: bool = False


T = TypeVar("T")
Request = Push | Ask | Pull | Attest | Accuse
Reply = Answer | Told | Pulled | Noted
_REQUESTS: msgspec.json.Decoder[Request] = msgspec.json.Decoder(Request)
_REPLIES: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


def encode(message: Request | Reply) -> bytes:
    """Bytes of a message."""
    return msgspec.json.encode(message)


def push_of(checkpoint: bytes, start: int, entries: Sequence[bytes], consistency: Sequence[bytes]) -> Push:
    """A push without number and session."""
    return Push(checkpoint=checkpoint.decode(), start=start, entries=tuple(entries), consistency=tuple(consistency))


def pulled_of(pull: Pull, note: bytes, entries: Sequence[bytes], consistency: Sequence[bytes]) -> Pulled:
    """What is shown for a pull, without number."""
    return Pulled(
        origin=pull.origin, checkpoint=note.decode(), start=pull.start, entries=tuple(entries),
        consistency=tuple(consistency),
    )  # fmt: skip


def numbered(request: Request, number: int, session: int, log: str = "") -> Request:
    """A request as it is sent."""
    return msgspec.structs.replace(request, number=number, session=session, log=log)


def answering(reply: Reply, number: int, log: str = "") -> Reply:
    """A reply as it is sent."""
    return msgspec.structs.replace(reply, number=number, log=log)


def no_such_log(request: Request) -> Answer:
    """To whoever names logs of a group that it does not belong to, and of one that there is not: the same words."""
    return Answer(held=0, refused=f"{request.log}: no log of this agreement", number=request.number, log=request.log)


def decode_request(data: bytes) -> Request:
    """A request from foreign bytes. Raises BadEvidence."""
    return _decode(data, _REQUESTS, "request")


def decode_reply(data: bytes) -> Reply:
    """An answer from foreign bytes. Raises BadEvidence."""
    return _decode(data, _REPLIES, "answer")


def _decode(data: bytes, decoder: msgspec.json.Decoder[T], what: str) -> T:
    if len(data) > MAX_MESSAGE_BYTES:
        raise BadEvidence(f"{what} of {len(data)} bytes: at most {MAX_MESSAGE_BYTES} expected", data[:1024])
    try:
        return decoder.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvidence(f"{what}: {error}", data[:65_536]) from error
