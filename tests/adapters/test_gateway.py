"""Two whole centres exchange through a gateway apart: mutual TLS outside, socket files inside."""

import asyncio

import pytest

from tocsin.errors import Refusal
from tocsin.node import commands
from tocsin.node.adapters import tls
from tocsin.node.adapters.clock import SystemClock
from tocsin.node.adapters.gateway import Gateway
from tocsin.node.adapters.runner import Line, Runner

from .pairs import Pair
from .test_tls import free_port

pytestmark = pytest.mark.servers


def runner(centre, line):
    return Runner(centre, free_port(), [line], dict, lambda: None, 0.05, slow_disk=True)


def test_two_centres_through_a_gateway(tmp_path):
    issuers = {}
    for name in ("west", "east"):
        (tmp_path / name).mkdir()
        issuers[name] = tls.make_identity(tmp_path / name, name)
    pair, ports = Pair(), {"west": free_port(), "east": free_port()}
    pair.clock.now_tai_ns = SystemClock().now_tai_ns
    for centre in pair.centres.values():
        commands.confirm_clock(centre, "setup")  # the pair was made in 1995

    def line(own, partner):
        return Line(
            party=partner, url=f"https://127.0.0.1:{ports[partner]}", port=ports[own],
            listening=tls.listening(tmp_path / own, issuers[partner]),
            calling=tls.calling(tmp_path / own, issuers[partner]),
        )  # fmt: skip

    inside, outside = tmp_path / "in.sock", tmp_path / "out.sock"
    gateway = Gateway(line("west", "east"), inside, outside, SystemClock())
    behind = Line(party="east", url="http://gateway", inside=inside, outside=outside)
    runners = [runner(pair.centres["west"], behind), runner(pair.centres["east"], line("east", "west"))]

    async def run():
        tasks = [asyncio.create_task(one.run()) for one in (gateway, *runners)]
        before = {name: centre.links[other].receipted for name, centre, other in both()}
        for _ in range(400):
            await asyncio.sleep(0.05)
            if all(centre.links[other].receipted > before[name] for name, centre, other in both()):
                break
        for one in (*runners, gateway):
            one.stop()
        await asyncio.gather(*tasks)
        return all(centre.links[other].receipted > before[name] for name, centre, other in both())

    def both():
        return [("west", pair.centres["west"], "east"), ("east", pair.centres["east"], "west")]

    assert asyncio.run(run())


def test_a_gateway_is_never_plaintext(tmp_path):
    with pytest.raises(Refusal, match="certificate"):
        Gateway(Line(party="east", url="http://x"), tmp_path / "a", tmp_path / "b", SystemClock())
