"""The client against the real interface (in this process), and against answers of no sense."""

import asyncio
import inspect
import json
import sys
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from console.desk import House
from tocsin import Client
from tocsin.client import AsyncClient, NotConfirmed, Problem
from tocsin.client.calls import Events
from tocsin.errors import BadEvidence, Outage

AREA = {"lat": 69.0, "lon": 16.0, "radius_km": 30.0}
HOUSE = House()


def with_client(work):
    async def go():
        async with AsyncClient("http://localhost", transport=httpx.ASGITransport(HOUSE.app)) as client:
            await client.log_in("Anna")
            return await work(client)

    return asyncio.run(go())


def test_everything_that_can_be_read_is_read():
    async def work(client):
        board = await client.board()
        assert board.head.party == "west"
        assert (await client.session()).mode == board.head.mode
        logs = await client.logs()
        lines = [line async for line in client.statements(logs[0])]
        one = await client.statement(lines[0].sha256)
        assert one.line == lines[0]
        assert [row async for row in client.tracks()] == []
        assert await client.requests() == ()
        assert (await client.bundle())[:2] == b"PK"

    with_client(work)


def test_what_needs_confirming_is_said_only_after_its_text_was_seen():
    async def work(client):
        body = {"action": "suspend", "because": "a test"}
        before = len([line async for line in client.statements()])
        with pytest.raises(Problem):
            await client.act("stand", body)
        with pytest.raises(Problem):
            await client.act("stand", body, confirm=lambda text: False)
        assert len([line async for line in client.statements()]) == before

    with_client(work)


def test_a_refusal_has_its_stable_name():
    async def work(client):
        with pytest.raises(Problem) as caught:
            await client.statement("0" * 64)
        assert (caught.value.name, caught.value.status) == ("not-found", 404)

    with_client(work)


def test_both_clients_can_do_the_same():
    def public(kind):
        return {name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")}

    assert public(Client) == public(AsyncClient)


def answering(status, body):
    return httpx.MockTransport(lambda request: httpx.Response(status, content=body))


def test_the_sync_client_reads_confirms_and_never_says_twice():
    seen = []

    def handle(request):
        seen.append((request.url.path, dict(request.headers), json.loads(request.content or b"null")))
        if request.url.path.endswith("session/begin"):
            return httpx.Response(200, json={"ticket": "t"})
        if request.url.path.endswith("session/finish"):
            session = {"party": "west", "mode": "exercise", "title": "x", "logins": [], "csrf": "c", "new": 1}
            return httpx.Response(200, json=session)
        if "confirm_sha256" not in json.loads(request.content):
            told = {"type": "urn:tocsin:problem:not-confirmed", "title": "not confirmed", "status": 409,
                    "detail": "read it", "text": "Exact words.", "confirm_sha256": "ab"}  # fmt: skip
            return httpx.Response(409, json=told)
        return httpx.Response(201, json={"state": "logged", "kind": "vote", "origin": "o", "index": 3, "sha256": "cd"})

    with Client("http://centre", transport=httpx.MockTransport(handle)) as client:
        client.log_in("Anna")
        with pytest.raises(NotConfirmed) as caught:
            client.act("vote", {"proposal": "x", "choice": "yes"})
        assert caught.value.text == "Exact words."
        done = client.act("vote", {"proposal": "x", "choice": "yes"}, confirm=lambda text: text == "Exact words.")
        assert done.index == 3
    assert seen[-1][2]["confirm_sha256"] == "ab"
    assert seen[-1][1]["x-tocsin-csrf"] == "c"
    assert len({headers["idempotency-key"] for _, headers, _ in seen[2:]}) == 3


def test_answers_of_no_sense_and_silence():
    with pytest.raises(BadEvidence):
        Client("http://centre", transport=answering(200, b"<html>")).board()
    with pytest.raises(Problem, match="status 502"):
        Client("http://centre", transport=answering(502, b"<html>")).board()

    def away(request):
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(Outage):
        Client("http://centre", transport=httpx.MockTransport(away)).logs()


def test_events_are_read_line_by_line():
    reader = Events()
    lines = [": ping", "", "id: 1", "event: sections-of-tomorrow", 'data: {"a": 1}', ""]
    found = [one for line in lines if (one := reader.take(line)) is not None]
    assert found == [("sections-of-tomorrow", {"a": 1})]
