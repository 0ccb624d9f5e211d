"""Several sources feed one writer through a real JetStream server; nothing is lost when any of them stops."""

import asyncio

import pytest

from tocsin.errors import BadEvidence, Outage
from tocsin.log.memory import MemoryCells
from tocsin.node.adapters.nats import Funnel, Source, connect, decode_draft, encode_draft
from tocsin.release import Draft
from tocsin.wire import bodies

from .servers import Nats

pytestmark = pytest.mark.servers


@pytest.fixture
def server(tmp_path):
    made = Nats(tmp_path)
    yield made
    made.stop()


def draft(number):
    return Draft(body=bodies.Retraction(because=f"test {number}"), observed_tai_ns=number * 1_000)


class Log:
    """A log that can be out of order, and keeps what it was given."""

    def __init__(self):
        self.held, self.away, self.refused = [], False, []

    def take(self, drafts):
        if self.away:
            raise Outage("disk full")
        self.held += [one.observed_tai_ns // 1_000 for one in drafts]


def test_drafts_round_trip():
    assert decode_draft(encode_draft("radar", 7, draft(3))) == ("radar", 7, draft(3))
    for wrong in (b"", b"{}", encode_draft("radar", 7, draft(3)).replace(b"retraction", b"attraction"), b"x" * 70_000):
        with pytest.raises(BadEvidence):
            decode_draft(wrong)


def test_sources_writer_and_outages(server):
    async def run():
        client, log, cells = await connect(server.url, "west"), Log(), MemoryCells()
        funnel = Funnel(client, "west", cells, log.take, log.refused.append)
        await funnel.start()
        sources = [Source(client, "west", name) for name in ("radar", "infrared")]
        for source in sources:
            await source.start()
        for number in range(40):
            await sources[number % 2].say(draft(number))
        log.away = True
        assert await funnel.turn() == 0 and log.held == []
        assert all(len(source.unlogged) == 20 for source in sources)  # their own copies, until the log holds them
        log.away = False
        while len(log.held) < 40:
            await funnel.turn()
        await client.flush()
        await asyncio.sleep(0.1)
        assert sorted(log.held) == list(range(40)) and not any(source.unlogged for source in sources)
        assert [n for n in log.held if n % 2 == 0] == list(range(0, 40, 2))
        again = Funnel(client, "west", cells, log.take, log.refused.append)  # the writer starts anew
        await again.start()
        await client.jetstream().publish("tocsin.west.drafts.radar", encode_draft("radar", 20, draft(38)))
        await client.jetstream().publish("tocsin.west.drafts.radar", b"not a draft")
        assert await again.turn() == 0 and len(log.refused) == 1 and len(log.held) == 40
        await client.close()

    asyncio.run(run())


def test_a_stream_that_lost_everything(server, tmp_path):
    """The server goes away with its disk: each source still has what the log lacks, and sends it again."""

    async def run():
        client, log, cells = await connect(server.url, "west"), Log(), MemoryCells()
        source = Source(client, "west", "radar")
        await source.start()
        for number in range(1, 6):
            await source.say(draft(number))
        await client.jetstream().purge_stream("TOCSIN-west")
        funnel = Funnel(client, "west", cells, log.take, log.refused.append)
        await funnel.start()
        assert await funnel.turn(0.2) == 0
        assert await source.resend() == 5
        while len(log.held) < 5:
            await funnel.turn()
        assert log.held == [1, 2, 3, 4, 5]
        await client.close()

    asyncio.run(run())


def test_no_server():
    with pytest.raises(Outage, match="waits at its source"):
        asyncio.run(connect("nats://127.0.0.1:1", "west"))
