"""Two hundred event streams on one centre, one of them a browser's: everybody hears of what was said."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.sync_api import expect

from browser.rooms import Exercise, left, panel

pytestmark = [pytest.mark.servers, pytest.mark.slow]
STREAMS = 199
WAIT_S = 180
SAID = "We hold one object over the sea."


class Listener:
    """One event stream as plain bytes."""

    def __init__(self) -> None:
        self.heard = asyncio.Event()
        self.whole = asyncio.Event()

    async def listen(self, port: int, cookie: str) -> None:
        reader, writer = await asyncio.open_connection("localhost", port)
        writer.write(f"GET /api/v1/events HTTP/1.1\r\nHost: localhost:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
        kept = b""
        try:
            while part := await reader.read(65_536):
                kept = kept[-200:] + part
                if b"event: trails" in kept:
                    self.whole.set()
                if SAID.encode() in kept:
                    self.heard.set()
        finally:
            writer.close()


async def listening(url: str, ready: threading.Event) -> None:
    """Listen as one observer at so many pages, until every stream has brought what is said after `ready`."""
    port = httpx.URL(url).port
    async with httpx.AsyncClient(base_url=url, timeout=60.0, trust_env=False) as client:
        ticket = (await client.post("api/v1/session/begin", json={"name": "observer of west"})).json()["ticket"]
        answer = await client.post("api/v1/session/finish", json={"ticket": ticket})
    cookie = answer.headers["set-cookie"].split(";")[0]
    listeners = [Listener() for _ in range(STREAMS)]
    async with asyncio.timeout(WAIT_S), asyncio.TaskGroup() as group:
        tasks = [group.create_task(one.listen(port, cookie)) for one in listeners]
        await asyncio.gather(*(one.whole.wait() for one in listeners))
        ready.set()
        await asyncio.gather(*(one.heard.wait() for one in listeners))
        for task in tasks:
            task.cancel()


def test_two_hundred_streams_on_one_centre(browser, tmp_path):
    with Exercise(tmp_path).serving() as house, ThreadPoolExecutor(1) as beside:
        house.skip_to(80.0)
        page = house.enter(browser, "west", "first officer")
        expect(page.get_by_role("grid").locator(".ev").first).to_be_attached()
        ready = threading.Event()
        done = beside.submit(asyncio.run, listening(house.url("west"), ready))
        assert ready.wait(WAIT_S), "not every stream brought the whole board"
        assert house.door("west").hub.listening == STREAMS + 1
        panel(page, "2").get_by_label("Text that governs").fill(SAID)
        page.get_by_role("button", name="Send", exact=True).click()
        done.result(WAIT_S)
        expect(page.locator("#panel li").filter(has_text=SAID)).to_be_visible()
        assert house.door("west").hub.dropped == 0
        left(page, "401")
