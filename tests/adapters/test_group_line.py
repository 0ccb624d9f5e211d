"""A log of a release group over real lines: three whole centres, mutual TLS, one door a partner."""

import asyncio

import pytest

from node.grouped import three
from node.test_confidential import heard, line
from node.two import origin_of
from tocsin.node import commands
from tocsin.node.adapters import tls
from tocsin.node.adapters.clock import SystemClock
from tocsin.node.adapters.runner import Line, Runner
from tocsin.wire.groups import group_origin

from .test_tls import free_port

pytestmark = pytest.mark.servers


def test_two_of_three_over_mutual_tls(tmp_path):
    *sides, clock = three()
    clock.now_tai_ns = SystemClock().now_tai_ns
    names = [side.name for side in sides]
    ports = {(own, other): free_port() for own in names for other in names if own != other}
    issuers = {}
    for side in sides:
        (tmp_path / side.name).mkdir()
        issuers[side.name] = tls.make_identity(tmp_path / side.name, side.name)
        commands.confirm_clock(side.centre, "setup")  # they were made in 1995

    def to(own, partner):
        return Line(
            party=partner, url=f"https://127.0.0.1:{ports[partner, own]}", port=ports[own, partner],
            listening=tls.listening(tmp_path / own, issuers[partner]),
            calling=tls.calling(tmp_path / own, issuers[partner]),
        )  # fmt: skip

    runners = [
        Runner(
            side.centre, free_port(), [to(side.name, other) for other in names if other != side.name], dict,
            lambda: None, 0.05, slow_disk=True,
        )
        for side in sides
    ]  # fmt: skip
    east, north, west = sides
    outcome = west.centre.say(line())
    assert outcome.group == "group-neighbours"

    async def run():
        tasks = [asyncio.create_task(one.run()) for one in runners]
        for _ in range(400):
            await asyncio.sleep(0.05)
            if heard(east) and west.room().border.links["east"].receipted == west.room().book.size:
                break
        for one in runners:
            one.stop()
        await asyncio.gather(*tasks)

    asyncio.run(run())
    assert [said.body for said in heard(east)] == [line()]
    assert east.room().border.mirrors["west"].origin == group_origin(origin_of("west"), "neighbours")
    assert not heard(north) and not any("/group/" in name for name in north.disk.stores)
    assert north.centre.mirrors["west"].size > 0 and not north.messages
