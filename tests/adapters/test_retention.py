"""Entries are dropped only when every party agreed and what must be kept is kept; pruned logs verify for ever."""

import hashlib
import shutil

import pytest

from tocsin.app import retention
from tocsin.app.check import verify_folder
from tocsin.errors import BadEvidence, Refusal
from tocsin.log.tiles import TileName
from tocsin.node.custody.retention import may_prune
from tocsin.release import Draft
from tocsin.wire.bodies import Heartbeat
from tocsin.wire.custody import Retention

from .folders import DENIAL, Both


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """West's log with 600 entries, mostly heartbeats; its terms are agreed by both."""
    both = Both(tmp_path_factory.mktemp("retention"))
    west = both.at["west"].centre
    for number in range(600):
        beat(west)
        if number % 200 == 0:
            west.say(DENIAL)
    west.commit()
    both.settle(6)
    both.verdict()
    return both


def beat(centre):
    centre._append(Draft(body=Heartbeat(heads=centre.heads()), observed_tai_ns=centre.now_tai_ns))


def fresh(world, tmp_path):
    """A copy of the exported logs."""
    shutil.copytree(world.path / "logs", tmp_path / "logs")
    return tmp_path / "logs"


def agree(world, who=("west", "east")):
    bundle = world.path / "kept"
    log = world.path / "logs" / "west" / "shared"
    if not bundle.exists():
        retention.propose(world.toml("west"), log, before=512, out=bundle, because="old")
    if "east" in who:
        retention.agree(world.toml("east"), log, bundle)
    world.settle(3)
    world.verdict()
    return bundle


def test_nothing_is_dropped_before_all_agree_then_it_verifies(world, tmp_path):
    bundle = agree(world, who=("west",))
    logs = fresh(world, tmp_path / "one")
    with pytest.raises(Refusal, match="not every party"):
        retention.prune(logs, logs / "west" / "shared", bundle=bundle, before=512)
    bundle = agree(world)
    logs = fresh(world, tmp_path / "two")
    place = logs / "west" / "shared"
    other = tmp_path / "other"
    other.write_bytes(b"another bundle")
    with pytest.raises(Refusal, match="not the one that the parties agreed"):
        retention.prune(logs, place, bundle=other, before=512)
    with pytest.raises(Refusal, match="not every party"):
        retention.prune(logs, place, bundle=bundle, before=256)
    assert (place / TileName(None, 0).path).exists()
    before = verdict(logs)
    assert before.ok
    assert retention.prune(logs, place, bundle=bundle, before=512) == 0
    assert not (place / TileName(None, 0).path).exists() and (place / TileName(0, 0).path).exists()
    after = verdict(logs)
    assert after.ok, after.words
    assert [f.words for f in after.findings if f.step == "P13"] == [
        "entries before 512 were dropped; every party agreed, and what is kept is what was agreed"
    ]
    assert after.entries < before.entries
    spoil(logs, tmp_path)


def verdict(logs):
    (found,) = verify_folder(logs).values()
    return found


def spoil(logs, tmp_path):
    """Canaries: another bundle, a hole nobody agreed to, a damaged tile, terms that reach too far."""
    for number, how in enumerate((wrong_bundle, hole, tile, further)):
        copy = tmp_path / f"spoilt-{number}"
        shutil.copytree(logs, copy)
        how(copy / "west" / "shared")
        assert not verdict(copy).ok, how.__name__


def wrong_bundle(place):
    data = (place / "kept.bundle").read_bytes()
    (place / "kept.bundle").write_bytes(data.replace(b"agreement", b"agreemenT", 1))


def hole(place):
    next(iter((place / "tile" / "entries").rglob("*.p/*"))).unlink()


def tile(place):
    path = place / TileName(0, 0).path
    path.write_bytes(b"\0" * 32 + path.read_bytes()[32:])


def further(place):
    text = (place / "pruned").read_text().replace("512", "256")
    (place / "pruned").write_text(text)


def test_a_bundle_that_keeps_too_little_is_not_agreed(world):
    bundle = agree(world)
    log = world.path / "logs" / "west" / "shared"
    short = world.path / "short"
    short.write_bytes(bundle.read_bytes() + b" ")
    shutil.copy(f"{bundle}.terms", f"{short}.terms")
    with pytest.raises(BadEvidence, match="not the one"):
        retention.agree(world.toml("east"), log, short)
    with pytest.raises(Refusal, match="multiple of 256"):
        retention.propose(world.toml("west"), log, before=300, out=short, because="x")


def test_the_time_of_the_terms_has_to_come():
    terms = Retention(
        origin="tocsin.exercise/west", before_index=256, not_before_tai_us=100,
        bundle_sha256=hashlib.sha256(b"b").hexdigest(), because="x",
    )  # fmt: skip
    with pytest.raises(Refusal, match="time has not come"):
        may_prune([terms], 256, b"b", 99)
    assert may_prune([terms], 256, b"b", 100) == terms
