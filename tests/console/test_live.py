"""Live events: everything first, then what changed, once encoded for all; the slow are cut off; a session that ends."""

import asyncio
import json

from tocsin.console.routes import live
from tocsin.console.routes.live import Hub

from .desk import house

__all__ = ["house"]


class Page:
    """One listener on an ASGI answer, as fast as it likes."""

    def __init__(self, stuck=False):
        self.frames, self.status, self.stuck = [], None, stuck
        self.gone = asyncio.Event()

    async def receive(self):
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            return
        if self.stuck:
            await asyncio.Event().wait()
        self.frames += [one for one in message["body"].decode().split("\n\n") if one]

    @property
    def events(self):
        found = []
        for frame in self.frames:
            fields = dict(line.split(": ", 1) for line in frame.split("\n") if ": " in line[:12])
            if "event" in fields:
                found.append((fields["event"], json.loads(fields["data"])))
        return found


class Counting:
    """A feed of two sections that counts how often it is asked."""

    names = ("head", "tracks")

    def __init__(self):
        self.value, self.encoded, self.news = 0, 0, []

    def due(self, now_s, clients):
        news, self.news = self.news, []
        return news

    def encode(self, name):
        self.encoded += 1
        return json.dumps({"name": name, "value": self.value}).encode()


async def until(condition):
    for _ in range(12_000):
        if condition():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never came")


def test_two_hundred_pages_and_one_encoding(monkeypatch):
    async def go():
        feed = Counting()
        hub = Hub(feed, lambda: 0.0)
        pages = [Page() for _ in range(200)]
        tasks = [asyncio.create_task(hub.stream(lambda: b"{}", lambda: True)({}, p.receive, p.send)) for p in pages]
        await until(lambda: all(len(page.events) == 3 for page in pages))
        assert [name for name, _ in pages[-1].events] == ["me", "head", "tracks"] and feed.encoded <= 4
        before = feed.encoded
        feed.value, feed.news = 1, ["tracks"]
        await until(lambda: all(page.events[-1] == ("tracks", {"name": "tracks", "value": 1}) for page in pages))
        assert feed.encoded == before + 1
        feed.news = ["head", "tracks"]  # looked at again, and the same: nothing is sent
        feed.value = 1
        for page in pages:
            page.gone.set()
            page.frames.clear()
        await asyncio.wait_for(asyncio.gather(*tasks), 120)
        assert hub.listening == 0

    monkeypatch.setattr(live, "PING_S", 0.2)
    asyncio.run(go())


def test_a_slow_page_holds_up_nobody(monkeypatch):
    async def go():
        feed = Counting()
        hub = Hub(feed, lambda: 0.0)
        slow, quick = Page(stuck=True), Page()
        tasks = [asyncio.create_task(hub.stream(lambda: b"{}", lambda: True)({}, p.receive, p.send))
                 for p in (slow, quick)]  # fmt: skip
        await until(lambda: len(quick.events) == 3)
        for value in range(1, 6):
            feed.value, feed.news = value, ["tracks"]
            await until(lambda value=value: quick.events[-1][1]["value"] == value)
        await until(lambda: hub.dropped == 1)
        assert hub.listening == 1 and not slow.frames
        quick.gone.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 120)

    monkeypatch.setattr(live, "PING_S", 0.1)
    monkeypatch.setattr(live, "SLOW_S", 0.3)
    asyncio.run(go())


def test_a_page_sees_what_was_said_and_the_end_of_its_session(house, monkeypatch):
    monkeypatch.setattr(live, "PING_S", 0.1)
    anna = house.browser()
    anna.log_in("Anna")
    secret = anna.jar[house.app.door.cookie]

    async def go():
        door, page = house.app.door, Page()
        session = door.sessions.of(secret)
        answer = door.hub.stream(lambda: door.me_bytes(session), lambda: door.sessions.alive(session))
        task = asyncio.create_task(answer({}, page.receive, page.send))
        await until(lambda: len(page.events) == 14)
        names = [name for name, _ in page.events]
        assert names[:2] == ["me", "head"] and len(set(names)) == 14
        page.frames.clear()
        house.wall += 5
        from tocsin.wire.watch import Note

        house.centre.say(Note(officer="Anna", text="seen"))
        await until(lambda: any(name == "talk" and data[0]["text"] == "seen" for name, data in page.events))
        assert "trails" not in [name for name, _ in page.events]
        house.wall += 3_600
        await asyncio.wait_for(task, 120)
        assert page.events[-1] == ("session", {"ended": True})

    asyncio.run(go())


def test_pings_come_while_nothing_happens(house, monkeypatch):
    monkeypatch.setattr(live, "PING_S", 0.05)

    async def go():
        hub, page = Hub(Counting(), lambda: 0.0), Page()
        task = asyncio.create_task(hub.stream(lambda: b"{}", lambda: True)({}, page.receive, page.send))
        await until(lambda: page.frames.count(": ping") >= 3)
        page.gone.set()
        await asyncio.wait_for(task, 120)

    asyncio.run(go())


