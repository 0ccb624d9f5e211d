"""Distribution inside a party: many ingest and tracker processes feed the one log writer through NATS JetStream.

JetStream acknowledges before its own fsync, so it is never the only copy of anything (L1): a source keeps each draft
until the writer says that the log holds it, and sends it again otherwise. The writer says so only after the commit.
Drafts of one source are taken in their order, and each at most once: a number that was taken is passed over.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec
import nats
from msgspec import Raw, Struct
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, TimeoutError  # noqa: A004 (the library's own)
from nats.js.api import AckPolicy, ConsumerConfig, RetentionPolicy, StreamConfig

from tocsin.errors import BadEvidence, Outage
from tocsin.log.ports import CheckpointStore
from tocsin.release import Draft
from tocsin.wire.bodies import KINDS, encode_body, kind_of
from tocsin.wire.envelope import Record

MAX_DRAFT_BYTES = 65_535
MAX_BATCH = 512
STREAM = "TOCSIN"


class DraftMessage(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A draft on its way to the writer. `number` counts up by one per `source`, from 1."""

    source: str
    number: int
    kind: str
    schema: int
    observed_tai_ns: int
    uncertainty_ns: int
    body: Raw


class Logged(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The writer's word: every draft of `source` up to `number` is in the log, or was refused and is on record."""

    source: str
    number: int


def encode_draft(source: str, number: int, draft: Draft) -> bytes:
    """Bytes of a draft without references and signatures: what machines say."""
    if draft.references or draft.signatures:
        raise AssertionError("what officers sign goes to the writer's own desk, not through the distribution")
    kind, schema = kind_of(draft.body)
    message = DraftMessage(
        source=source, number=number, kind=kind, schema=schema, observed_tai_ns=draft.observed_tai_ns,
        uncertainty_ns=draft.uncertainty_ns, body=encode_body(draft.body),
    )  # fmt: skip
    return msgspec.json.encode(message)


def decode_draft(data: bytes) -> tuple[str, int, Draft]:
    """(source, number, draft). Raises BadEvidence."""
    if len(data) > MAX_DRAFT_BYTES:
        raise BadEvidence(f"draft of {len(data)} bytes: at most {MAX_DRAFT_BYTES} expected", data[:1024])
    try:
        message = msgspec.json.decode(data, type=DraftMessage)
        record: type[Record] = KINDS[message.kind, message.schema]
        body = msgspec.json.decode(message.body, type=record)
    except (msgspec.MsgspecError, KeyError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvidence(f"draft: {error}", data) from error
    draft = Draft(body=body, observed_tai_ns=message.observed_tai_ns, uncertainty_ns=message.uncertainty_ns)
    return message.source, message.number, draft


async def connect(url: str, party: str) -> Client:
    """A connection with the party's stream in place. Raises Outage."""
    try:
        probe = await nats.connect(
            url, allow_reconnect=False, max_reconnect_attempts=1, reconnect_time_wait=0.1, error_cb=_quiet
        )
        await probe.close()  # the first connection must not be retried for minutes; later ones are, for ever
        client = await nats.connect(url, max_reconnect_attempts=-1, connect_timeout=5, error_cb=_quiet)
        config = StreamConfig(
            name=f"{STREAM}-{party}", subjects=[f"tocsin.{party}.drafts.*"], retention=RetentionPolicy.WORK_QUEUE,
            max_bytes=256 * 1024 * 1024, duplicate_window=120.0,
        )  # fmt: skip
        await client.jetstream().add_stream(config)
    except (Error, OSError) as error:
        raise Outage(f"NATS at {url}: {error}; what was said waits at its source") from error
    return client


async def _quiet(_: Exception) -> None:
    """Outages show in what is not logged yet; the library's own report would only repeat them."""


class Source:
    """One ingest or tracker process. `unlogged` is its own copy of everything the log does not hold yet."""

    def __init__(self, client: Client, party: str, name: str) -> None:
        self._client, self._party, self._name = client, party, name
        self._number = 0
        self.unlogged: OrderedDict[int, bytes] = OrderedDict()

    async def start(self) -> None:
        """Listen for the writer's word."""
        await self._client.subscribe(f"tocsin.{self._party}.logged.{self._name}", cb=self._heard)

    async def say(self, draft: Draft) -> int:
        """Keep a draft, send it, and return its number. Never raises for an outage: `resend` repeats it."""
        self._number += 1
        self.unlogged[self._number] = encode_draft(self._name, self._number, draft)
        await self._send(self._number)
        return self._number

    async def resend(self) -> int:
        """Send again what the log does not hold yet, in order; how many. To be called every few seconds."""
        for number in list(self.unlogged):
            await self._send(number, again=True)
        return len(self.unlogged)

    async def _send(self, number: int, *, again: bool = False) -> None:
        data = self.unlogged.get(number)
        if data is None:
            return
        headers = None if again else {"Nats-Msg-Id": f"{self._name} {number}"}
        try:
            await self._client.jetstream().publish(f"tocsin.{self._party}.drafts.{self._name}", data, headers=headers)
        except (Error, OSError):
            return  # it is kept here, and sent again

    async def _heard(self, message: Msg) -> None:
        try:
            logged = msgspec.json.decode(message.data, type=Logged)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return
        while self.unlogged and next(iter(self.unlogged)) <= logged.number:
            self.unlogged.popitem(last=False)


class Funnel:
    """At the log writer. `log` takes drafts and returns when all are durable; it raises Outage to have them again."""

    def __init__(
        self, client: Client, party: str, cells: CheckpointStore, log: Callable[[Sequence[Draft]], None],
        refused: Callable[[BadEvidence], None],
    ) -> None:  # fmt: skip
        self._client, self._party, self._cells, self._log, self._refused = client, party, cells, log, refused

    async def start(self) -> None:
        """Attach to the stream."""
        config = ConsumerConfig(durable_name="writer", ack_policy=AckPolicy.EXPLICIT, ack_wait=30.0)
        self._pull = await self._client.jetstream().pull_subscribe(
            f"tocsin.{self._party}.drafts.*", durable="writer", stream=f"{STREAM}-{self._party}", config=config
        )

    async def turn(self, wait_s: float = 1.0) -> int:
        """Take one batch, log it, then acknowledge it; how many were logged now."""
        try:
            messages = await self._pull.fetch(MAX_BATCH, timeout=wait_s)
        except TimeoutError:
            return 0
        taken, reached = self._sort(messages)
        try:
            self._log(taken)
        except Outage:
            for message in messages:
                await message.nak()
            return 0
        for source, (before, after) in reached.items():
            if after > before:
                self._cells.swap(_cell(source), str(before).encode() if before else None, str(after).encode())
        for message in messages:
            await message.ack()
        for source, (_, after) in reached.items():
            word = msgspec.json.encode(Logged(source=source, number=after))
            await self._client.publish(f"tocsin.{self._party}.logged.{source}", word)
        return len(taken)

    def _sort(self, messages: Sequence[Msg]) -> tuple[list[Draft], dict[str, tuple[int, int]]]:
        """Drafts that are next in their source's order, and how far each source was and is. Gaps are sent again."""
        drafts: dict[str, dict[int, Draft]] = {}
        for message in messages:
            try:
                source, number, draft = decode_draft(message.data)
            except BadEvidence as error:
                self._refused(error)
                continue
            drafts.setdefault(source, {})[number] = draft
        taken: list[Draft] = []
        reached: dict[str, tuple[int, int]] = {}
        for source, numbered in sorted(drafts.items()):
            before = int(self._cells.load(_cell(source)) or b"0")
            after = before
            while after + 1 in numbered:
                after += 1
                taken.append(numbered[after])
            reached[source] = (before, after)
        return taken, reached


def _cell(source: str) -> str:
    return f"source {source}"
