"""What a backdated statement makes everybody work through again is counted, and charged to whoever sent it (T10)."""

import dataclasses

import msgspec
from tests.node.two import pass_time, settle, world

from tocsin.node.folded import UNDONE_BYTES
from tocsin.release import Released
from tocsin.sim.faults.people import FLAT
from tocsin.wire.bodies import Tracklet, encode_body

COUNT = 12


def say(side, t_tai_us):
    """Into the log, past the gate, as who means ill would."""
    body = Tracklet(
        track=f"{side.name}-0001", since_tai_us=None, t_tai_us=t_tai_us, position_ecef_m=(6.9e6, 0.0, 1e5),
        velocity_ecef_m_s=(0.0, 5e3, 5e3), information=FLAT, information_vector=(0.0,) * 6,
        process_noise_m2_s3=0.0, existence=0.9, phase="coast", coarsened=True,
    )  # fmt: skip
    if not hasattr(side, "pattern"):
        side.pattern = side.centre.say(body)
        assert isinstance(side.pattern, Released)
        return
    template = msgspec.structs.replace(side.pattern.template, body=encode_body(body))
    side.centre.books["shared"].append(dataclasses.replace(side.pattern, template=template, body=body))
    side.centre.commit()


def charged(side, monkeypatch):
    paid = []
    intake = side.centre.links["east"].intake
    monkeypatch.setattr(type(intake), "charge", lambda self, size: paid.append(size) if self is intake else None)
    return paid


def test_an_honest_partner_pays_nothing(monkeypatch):
    east, west, clock = world()
    paid = charged(west, monkeypatch)
    for _ in range(COUNT):
        pass_time((east, west), clock, 1)
        say(east, clock.now // 1_000)
        settle(east, west)
        west.centre.national.picture(clock.now)
    assert sum(paid) == 0


def test_a_backdated_statement_costs_what_it_undoes(monkeypatch):
    east, west, clock = world()
    begin_us = clock.now // 1_000
    for _ in range(COUNT):
        pass_time((east, west), clock, 1)
        say(east, clock.now // 1_000)
    settle(east, west)
    paid = charged(west, monkeypatch)
    for late in range(3):
        west.centre.national.picture(clock.now)
        west.centre.common.picture(clock.now)
        say(east, begin_us + 1 + late)
        settle(east, west)
    west.centre.national.picture(clock.now)
    west.centre.common.picture(clock.now)
    pass_time((east, west), clock, 1)
    say(east, clock.now // 1_000)
    settle(east, west)
    assert sum(paid) == 2 * UNDONE_BYTES * (COUNT + COUNT + COUNT)
    assert west.centre.national.undone("anything else") == 0
