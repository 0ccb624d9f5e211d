"""A running centre drops what was agreed: it goes on, starts again, refuses plainly what is gone, and takes it back."""

import shutil

import pytest

from tocsin.app import retention
from tocsin.app.check import fsck, verify_folder
from tocsin.app.logs import show as log_show
from tocsin.errors import BadEvidence, Refusal
from tocsin.log.errors import TileError
from tocsin.mirror.pruned import Dropped, dropped_cell, parse_dropped
from tocsin.node import queries
from tocsin.node.adapters import pruning
from tocsin.node.exchange import Pull, encode
from tocsin.node.pruning import carried_of
from tocsin.release import Draft
from tocsin.wire.bodies import Heartbeat

from .folders import DENIAL, NAMES, Both


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """West's log with 700 entries, mostly heartbeats; exported, and its terms agreed by both; then dropped by west."""
    both = Both(tmp_path_factory.mktemp("pruning"))
    west = both.at["west"].centre
    for number in range(700):
        west._append(Draft(body=Heartbeat(heads=west.heads()), observed_tai_ns=west.now_tai_ns))
        if number % 200 == 0:
            west.say(DENIAL)
    west.commit()
    both.settle(6)
    for name in NAMES:
        retention.export(both.toml(name), both.path / "export" / name)
    return both


def log_of(world, name="west"):
    return world.path / "export" / name / "west" / "shared"


def agree(world, before=512, who=NAMES):
    bundle = world.path / f"kept-{before}"
    if not bundle.exists():
        retention.propose(world.toml("west"), log_of(world), before=before, out=bundle, because="old")
    if "east" in who:
        retention.agree(world.toml("east"), log_of(world, "east"), bundle)
    world.settle(3)
    return bundle


def drop(world, name, before=512, log=None):
    """Asks, lets turns pass, and gives what the centre said."""
    retention.drop(world.toml(name), log or log_of(world, name), bundle=world.path / f"kept-{before}", before=before)
    world.settle(3)
    return said(world, name)


def said(world, name):
    """The answers, latest first, and forget them."""
    found = sorted((world.path / name / "pruning").glob("*.*"), key=lambda one: one.stat().st_mtime, reverse=True)
    words = [one.read_text() for one in found]
    for one in found:
        one.unlink()
    return words[0]


def held(world, name):
    return world.at[name].centre.pruning.dropped(world.at["west"].centre.config.origin)


def summary(centre):
    """What must be the same over a pruning and a start."""
    picture = queries.joint_picture(centre, centre.now_tai_ns)
    said = [(one.entry.origin, one.entry.index) for one in centre.said]
    return picture.tracks, said, centre.disclosed, centre.disclosed_bytes, centre.used_ids


def test_a_life_of_a_pruned_store(world, capsys):
    origin = world.at["west"].centre.config.origin
    agree(world, who=("west",))
    assert "not every party" in drop(world, "west")
    agree(world)
    assert said_nothing(world) and "dropped, as agreed" in drop(world, "west")
    assert (held(world, "west").before, held(world, "west").at) == (512, 512)
    store = world.at["west"].centre.ports.store(origin)
    assert 3 <= len(store.sparse(0, 512)) < 20 and not store.entries(100, 101)
    goes_on(world, origin)
    refuses(world, origin)
    shows_the_rest(world, capsys)
    again(world, origin)
    comes_back(world, origin)


def said_nothing(world):
    return not any((world.path / name / "pruning").exists() for name in NAMES if name == "east")


def goes_on(world, origin):
    """Statements, receipts, a start without and with a shortcut."""
    before = summary(world.at["west"].centre)
    shortcut = world.at["west"].centre.shortcut()
    for data in (None, shortcut):
        (world.path / "west" / "shortcut").unlink(missing_ok=True)
        if data is not None:
            world.at["west"]._shortcut.save(data)
        world.start()
        after = summary(world.at["west"].centre)
        assert after[0] == before[0] and set(before[1]) <= set(after[1])
        assert after[2]["heartbeat"] >= before[2]["heartbeat"] and after[3] >= before[3] and after[4] == before[4]
    world.at["west"].centre.say(DENIAL)
    world.settle()
    links = world.at["west"].centre.links["east"]
    assert links.receipted == world.at["west"].centre.books["shared"].size


def refuses(world, origin):
    """What lies below is refused in plain words, to partners and at home."""
    west, east = (world.at[name].centre for name in ("west", "east"))
    pull = Pull(origin=origin, start=3, session=west.links["east"].given, number=1)
    reply = west.receive("east", encode(pull))
    assert "dropped here as every party agreed" in reply.refused
    with pytest.raises(Refusal, match="entry 100 is one of those before 512"):
        west.books["shared"].gate.held.bundle([100])
    assert east.mirrors["west"].entries(100, 101)  # east has not dropped it
    assert len(west.books["shared"].gate.entries(0, west.books["shared"].size)) < west.books["shared"].size


def shows_the_rest(world, capsys):
    """Exports of a pruned store verify; so do those from before; and commands say what is not there."""
    place = world.path / "after"
    retention.export(world.toml("west"), place)
    (verdict,) = verify_folder(place).values()
    assert verdict.ok, verdict.words
    assert [one.words for one in verdict.findings if one.step == "P13"] == [
        "entries before 512 were dropped; every party agreed, and what is kept is what was agreed"
    ]
    (old,) = verify_folder(world.path / "export" / "west").values()
    assert old.ok and old.entries > verdict.entries
    log = place / "west" / "shared"
    assert fsck(log) == 0
    with pytest.raises(Refusal, match="every party agreed"):
        log_show(log, 100)
    capsys.readouterr()
    assert log_show(log, kind="heartbeat") == 0
    assert "entries before 512 were dropped" in capsys.readouterr().out
    zipped = world.path / "spoilt"
    shutil.copytree(place, zipped)
    data = (zipped / "west" / "shared" / "kept.bundle").read_bytes()
    (zipped / "west" / "shared" / "kept.bundle").write_bytes(data.replace(b"agreement", b"agreemenT", 1))
    assert not verify_folder(zipped)[str(zipped)].ok


def again(world, origin):
    """A second pruning, further on, from an export of what the first one left; and by the partner at once."""
    after = world.path / "after" / "west" / "shared"
    west, east = (world.at[name].centre for name in ("west", "east"))
    for _ in range(100):
        west._append(Draft(body=Heartbeat(heads=west.heads()), observed_tai_ns=west.now_tai_ns))
    west.commit()
    world.settle(4)
    retention.export(world.toml("west"), world.path / "later")
    bundle = world.path / "kept-768"
    retention.propose(
        world.toml("west"), world.path / "later" / "west" / "shared", before=768, out=bundle, because="older"
    )
    retention.export(world.toml("east"), world.path / "later-east")
    retention.agree(world.toml("east"), world.path / "later-east" / "west" / "shared", bundle)
    world.settle(3)
    with pytest.raises(Refusal, match="export ends at"):
        retention.drop(world.toml("west"), after, bundle=bundle, before=1024)
    assert "dropped, as agreed" in drop(world, "west", 768, world.path / "later" / "west" / "shared")
    assert "dropped, as agreed" in drop(world, "east", 768, world.path / "later-east" / "west" / "shared")
    assert held(world, "east").at == held(world, "west").at == 768 == held(world, "west").before
    world.start()
    assert held(world, "east").at == 768 and east.mirrors["west"].size <= world.at["east"].centre.mirrors["west"].size
    assert len(world.at["east"].centre.ports.store(origin).sparse(0, 768)) == held(world, "east").kept


def comes_back(world, origin):
    """From an export of before; one that lacks entries, or is of another history, does not help."""
    full = world.path / "later-east" / "west" / "shared"
    retention.restore(world.toml("east"), full)
    world.settle(3)
    assert "768 entries are back" in said(world, "east")
    store = world.at["east"].centre.ports.store(origin)
    assert len(store.entries(0, 768)) == 768 and held(world, "east").at == 0
    retention.restore(world.toml("west"), log_of(world))
    world.settle(3)
    assert "entry 7" in said(world, "west") and held(world, "west").at == 768
    with pytest.raises(Refusal, match="dropped from this export, too"):
        retention.restore(world.toml("west"), world.path / "after" / "west" / "shared")
    request = pruning.Request(
        what="restore", origin=origin, export=str(full), size=100, root="0" * 64
    )
    pruning.ask(world.path / "west", request)
    world.settle(1)
    assert "not of the history" in said(world, "west")
    world.start()
    assert (world.at["east"].centre.said, held(world, "east").at) and held(world, "east").before == 0


def test_the_cell_is_read_as_written_and_damage_is_said():
    one = Dropped(512, 256, 7, "ab" * 32, b"\x01\n\x02")
    assert parse_dropped(one.encode()) == one
    for spoilt in (b"", one.encode()[:-1], one.encode() + b" ", one.encode().replace(b"at 256", b"at 513")):
        with pytest.raises(BadEvidence):
            parse_dropped(spoilt)
    with pytest.raises(BadEvidence, match="carried"):
        carried_of(one)
    assert dropped_cell("x") != "x"


def test_an_entry_that_was_to_be_kept_and_is_gone_is_missed(world, tmp_path):
    """Canary: a start on a store that lost more than was agreed."""
    west = world.at["west"].centre
    origin = west.config.origin
    store = west.ports.store(origin)
    rows = store.sparse(0, held(world, "west").at)
    store.drop_entries([rows[-1][0]])
    (world.path / "west" / "shortcut").unlink(missing_ok=True)
    with pytest.raises(TileError, match="entries are left before 768"):
        world.start()
    store.fill_entries(rows)
    world.start()
