"""What commands hand to a running centre, as files: seals, rotations, terms of retention.

A command writes NAME.draft into the centre's folder `outbox`; the centre publishes it at its next turn, through the
same gate as everything, and says what became of it in NAME.logged (place and hash), NAME.waiting (for officers) or
NAME.refused (why). Nothing is taken twice: the draft is renamed before it is published.
"""

from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Raw, Struct

from tocsin.errors import BadEvidence, Outage, TocsinError
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.book import Book
from tocsin.node.custody.staffed import AwaitsOfficers
from tocsin.release import Draft, Released, Withheld
from tocsin.wire.bodies import KINDS, encode_body, kind_of
from tocsin.wire.envelope import OfficerSignature, Record, Reference, decode, entry_sha256

MAX_DRAFT_BYTES = 200_000


class DraftFile(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A draft at rest."""

    kind: str
    schema: int
    body: Raw
    references: tuple[Reference, ...] = ()
    signatures: tuple[OfficerSignature, ...] = ()


class Logged(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where a draft went."""

    origin: str
    epoch: int
    index: int
    sha256: str


class Publisher(Protocol):
    """The part of a centre that is needed here."""

    books: dict[str, Book]

    @property
    def now_tai_ns(self) -> int:
        """Time now."""
        ...

    def publish(self, draft: Draft) -> Released | Withheld:
        """The only way out."""
        ...


def drop(
    folder: Path, name: str, body: Record, *, references: tuple[Reference, ...] = (),
    signatures: tuple[OfficerSignature, ...] = (),
) -> Path:  # fmt: skip
    """Leave a draft for the centre of this folder; its file."""
    kind, schema = kind_of(body)
    file = DraftFile(
        kind=kind, schema=schema, body=encode_body(body), references=references, signatures=signatures
    )
    path = folder / "outbox" / f"{name}.draft"
    write_file(path, msgspec.json.encode(file))
    return path


def logged(folder: Path, name: str) -> Logged | None:
    """Where a draft went, None while it is not logged."""
    path = folder / "outbox" / f"{name}.logged"
    return msgspec.json.decode(read_file(path, "the place of an entry"), type=Logged) if path.exists() else None


class Outbox:
    """Call `exchange` at every turn."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "outbox"

    def exchange(self, centre: Publisher) -> None:
        """Publish what lies here, in the order of the files' names."""
        for path in sorted(self._folder.glob("*.draft")):
            self._publish(centre, path)

    def _publish(self, centre: Publisher, path: Path) -> None:
        taken = path.with_suffix(".taken")
        try:
            data = path.read_bytes()[: MAX_DRAFT_BYTES + 1]
            path.replace(taken)
        except OSError as error:
            raise Outage(f"{path}: cannot be taken ({error.strerror})") from error
        try:
            outcome = centre.publish(_draft(data, path, centre.now_tai_ns))
            if isinstance(outcome, Withheld):
                self._say(path, ".refused", outcome.reason.encode())
            else:
                book = centre.books[outcome.group]
                self._say(path, ".logged", msgspec.json.encode(_place(book, outcome)))
        except AwaitsOfficers as waits:
            self._say(path, ".waiting", str(waits).encode())
        except TocsinError as error:
            self._say(path, ".refused", str(error).encode())
        finally:
            taken.unlink(missing_ok=True)

    def _say(self, path: Path, ending: str, data: bytes) -> None:
        write_file(path.with_suffix(ending), data)


def _draft(data: bytes, path: Path, now_tai_ns: int) -> Draft:
    try:
        file = msgspec.json.decode(data, type=DraftFile)
        body = msgspec.json.decode(file.body, type=KINDS[file.kind, file.schema])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError) as error:
        raise BadEvidence(f"{path}: not a draft: {error}", data) from error
    return Draft(body=body, observed_tai_ns=now_tai_ns, references=file.references, signatures=file.signatures)


def _place(book: Book, outcome: Released) -> Logged:
    """The last entry of the log that is this statement."""
    made = outcome.template
    for index in range(book.size - 1, -1, -1):
        (data,) = book.writer.entries(index, index + 1)
        found = decode(data)
        if (found.kind, bytes(found.body)) == (made.kind, bytes(made.body)):
            return Logged(origin=made.origin, epoch=made.epoch, index=index, sha256=entry_sha256(data))
    raise Outage("the draft is not signed yet; it is committed with the next entry")
