"""The partner's door: requests are dealt with in the order in which they began, and a stalled one stops nobody."""

import asyncio

import pytest

from tocsin.node.adapters import http


class Caller:
    """A request whose body comes when the test lets it."""

    def __init__(self, body):
        self.body, self.may_go, self.status = body, asyncio.Event(), 0

    async def receive(self):
        await self.may_go.wait()
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def send(self, message):
        self.status = message.get("status", self.status)

    def call(self, door):
        scope = {"type": "http", "path": "/exchange", "method": "POST"}
        return asyncio.create_task(door(scope, self.receive, self.send))


def play(scenario):
    taken = []

    async def exchange(data):
        taken.append(data)
        if data == b"bad":
            raise http.TooLarge("too much")
        return b"{}"

    async def run():
        door = http.door(exchange, lambda path: None)
        callers = [Caller(body) for body in (b"long", b"short", b"last")]
        tasks = []
        for caller in callers:
            tasks.append(caller.call(door))
            await asyncio.sleep(0)
        await scenario(callers, taken)
        await asyncio.gather(*tasks)
        return callers

    return taken, asyncio.run(run())


async def let(caller):
    caller.may_go.set()
    for _ in range(5):
        await asyncio.sleep(0)


def test_a_short_request_waits_for_a_long_one_that_began_before():
    async def scenario(callers, taken):
        await let(callers[2])
        await let(callers[1])
        assert not taken
        await let(callers[0])

    taken, callers = play(scenario)
    assert taken == [b"long", b"short", b"last"]
    assert [caller.status for caller in callers] == [200] * 3


def test_one_that_fails_lets_the_next_follow():
    async def scenario(callers, taken):
        callers[0].body = b"bad"
        callers[1].body = bytes(http.MAX_MESSAGE_BYTES + 1)
        for caller in reversed(callers):
            await let(caller)

    taken, callers = play(scenario)
    assert taken == [b"bad", b"last"]
    assert [caller.status for caller in callers] == [413, 413, 200]


def test_one_that_stalls_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(http, "TURN_S", 0.01)

    async def scenario(callers, taken):
        await let(callers[1])
        await let(callers[2])
        while len(taken) < 2:
            await asyncio.sleep(0.005)
        await let(callers[0])

    taken, _ = play(scenario)
    assert taken == [b"short", b"last", b"long"]


def test_a_stalled_body_is_given_up(monkeypatch):
    async def scenario(callers, taken):
        await let(callers[1])
        await let(callers[2])

    monkeypatch.setattr(http, "TURN_S", 0.01)
    monkeypatch.setattr(http.body_of, "__defaults__", (http.MAX_MESSAGE_BYTES, 0.05))
    taken, callers = play(scenario)
    assert taken == [b"short", b"last"]
    assert callers[0].status == 408


@pytest.mark.parametrize("data", [b"[1", b"\xff\xfe", b'{"type":"push","checkpoint":"","start":0,"entries":["QQ"],'
                                  b'"consistency":[]}'])  # fmt: skip
def test_messages_hold_strict_base64(data):
    from tocsin.errors import BadEvidence
    from tocsin.node.exchange import decode_request

    with pytest.raises(BadEvidence):
        decode_request(data)


def test_messages_are_what_a_textbook_makes_of_them():
    import base64
    import json

    from tocsin.node.exchange import Push, decode_request, encode, push_of

    entries, proof = [b"", b"a", bytes(range(256)), b"xyz" * 7], [bytes(32), b"\xfb" * 32]
    message = push_of(b"a note\n", 7, entries, proof)
    plain = json.loads(encode(message))
    assert [base64.b64decode(one, validate=True) for one in plain["entries"]] == entries
    assert [base64.b64decode(one, validate=True) for one in plain["consistency"]] == proof
    plain["entries"] = [base64.b64encode(one).decode() for one in reversed(entries)]
    read = decode_request(json.dumps(plain).encode())
    assert isinstance(read, Push)
    assert list(read.entries) == entries[::-1]
