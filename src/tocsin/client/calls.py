"""What is asked and what comes back, without input or output: both clients stand on this.

Records of the board are those of `tocsin.console.board`. The rest stands here as it stands in the OpenAPI document;
fields that a later server adds are passed over.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct

from tocsin.console.board import Board, RequestLine
from tocsin.errors import Refusal

BASE = "/api/v1"
Call = tuple[str, str, dict[str, Any]]
"""Method, path, and the arguments of an httpx request."""


class Row(Struct, frozen=True, kw_only=True):
    """Base of answers: unknown fields are passed over."""


class Session(Row, frozen=True, kw_only=True):
    """Who we are to the centre, and the token that every act carries."""

    party: str
    mode: str
    title: str
    logins: tuple[str, ...]
    csrf: str = ""


class TrackRow(Row, frozen=True, kw_only=True):
    """One track of the national picture. `sigma_km`: one sigma of position; `source`: own, a partner, or joint."""

    id: str
    label: str
    lat: float
    lon: float
    height_km: float
    speed_m_s: float
    heading_deg: float
    climb_m_s: float
    kind: str
    parties: tuple[str, ...]
    source: str
    phase: str
    existence: float
    sigma_km: float
    stale: bool
    age_s: float
    event: str


class StatementLine(Row, frozen=True, kw_only=True):
    """One entry of a log, in a line."""

    origin: str
    index: int
    sha256: str
    party: str
    kind: str
    utc: str
    words: str


class Statement(Row, frozen=True, kw_only=True):
    """One entry with what is needed to believe it: its bytes, its proof, who signed and who receipted it."""

    line: StatementLine
    entry_base64: str
    statement: dict[str, Any]
    exact_text: str
    message_sha256: str
    signed_by: tuple[str, ...]
    receipted_by: tuple[str, ...]
    checkpoint: str
    proof: tuple[str, ...]
    size: int


class Tracks(Row, frozen=True, kw_only=True):
    """A page of tracks."""

    items: tuple[TrackRow, ...]
    next: str | None


class Statements(Row, frozen=True, kw_only=True):
    """A page of entries."""

    log: str
    size: int
    items: tuple[StatementLine, ...]
    next: int | None


class Logs(Row, frozen=True, kw_only=True):
    """Logs that are held there."""

    items: tuple[str, ...]


class Ticket(Row, frozen=True, kw_only=True):
    """Half of a log-in."""

    ticket: str


class Logged(Row, frozen=True, kw_only=True, tag_field="state", tag="logged"):
    """It stands in the log, at `index` of `origin`."""

    kind: str
    origin: str
    index: int
    sha256: str


class Waits(Row, frozen=True, kw_only=True, tag_field="state", tag="waits"):
    """It waits for officers' hands."""

    request: RequestLine


Answer = Logged | Waits


class Told(Row, frozen=True, kw_only=True):
    """A problem's body (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    text: str | None = None
    confirm_sha256: str | None = None


class Problem(Refusal):
    """The centre would not. `name` is stable (`urn:tocsin:problem:<name>`), `status` the HTTP status."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.detail or told.title)
        self.name = told.type.rpartition(":")[2]
        self.status = told.status


class NotConfirmed(Problem):
    """Its exact `text` must be read and its hash sent back first."""

    def __init__(self, told: Told) -> None:
        super().__init__(told)
        self.text, self.sha256 = told.text or "", told.confirm_sha256 or ""


def failure(status: int, data: bytes) -> Problem:
    """What a status of 400 and above says."""
    try:
        told = msgspec.json.decode(data, type=Told)
    except msgspec.MsgspecError:
        told = Told(type="about:blank", title=f"status {status} without a problem document", status=status)
    return NotConfirmed(told) if told.confirm_sha256 else Problem(told)


def get(path: str, **query: Any) -> Call:
    """A question."""
    return "GET", f"{BASE}/{path}", {"params": {k: v for k, v in query.items() if v not in ("", None)}}


def post(path: str, body: Mapping[str, Any], csrf: str = "", key: str = "") -> Call:
    """An act, or a step of a log-in."""
    headers = {"X-Tocsin-CSRF": csrf, "Idempotency-Key": key} if key else {}
    return "POST", f"{BASE}/{path}", {"json": dict(body), "headers": headers}


def confirmed(body: Mapping[str, Any], refused: NotConfirmed) -> dict[str, Any]:
    """The same act with the hash of the text that was read."""
    return {**body, "confirm_sha256": refused.sha256}


def section(name: str, data: bytes) -> Any:
    """One section of the board, as its record; a section that is not known here as plain values."""
    kinds = {field.name: field.type for field in msgspec.structs.fields(Board)}
    return msgspec.json.decode(data, type=kinds.get(name, Any))


class Events:
    """Server-sent events, line by line; comments are passed over."""

    def __init__(self) -> None:
        self._name = ""
        self._data: list[str] = []

    def take(self, line: str) -> tuple[str, Any] | None:
        """(section, content) where this line completes one."""
        if line.startswith("event:"):
            self._name = line[6:].strip()
        elif line.startswith("data:"):
            self._data.append(line[5:].strip())
        elif not line and self._data:
            name, text = self._name, "\n".join(self._data)
            self._name, self._data = "", []
            return name, section(name, text.encode())
        return None


__all__ = [
    "Answer", "Board", "Call", "Events", "Logged", "Logs", "NotConfirmed", "Problem", "Session", "Statement",
    "StatementLine", "Statements", "Ticket", "TrackRow", "Tracks", "Waits", "confirmed", "failure", "get",
    "post", "section",
]  # fmt: skip
