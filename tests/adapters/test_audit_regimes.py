"""An auditor decides each proposal under the regime that it names, before and after an amendment by all."""

import msgspec

from tocsin.node.audit_steps import Opened, decisions, together
from tocsin.regime import load, shipped
from tocsin.wire import bodies

from .officers import blank, log_of

OLD = load(shipped("joint"))
NEW = load(OLD.data.replace(b"deadline_s = 300", b"deadline_s = 299", 1) + b"\n# amended\n")
OTHER = load(OLD.data + b"\n# nobody's\n")
NAMES = ("east", "west")
ORIGINS = {name: f"tocsin.exercise/{name}" for name in NAMES}
PICTURE = bodies.PictureReference(heads=(), as_of_tai_us=0, fuse_version=OLD.fuse_version, digest="0" * 64)


def agreement(regime):
    keys = [bodies.PartyKeys(party=n, origin=ORIGINS[n], log_keys=("k",), mirror_keys=(f"{n}+1",)) for n in NAMES]
    return bodies.Agreement(regime_text=regime.data.decode(), parties=tuple(keys))


def proposal(regime, event):
    return bodies.Proposal(
        event=event, finding="benign", parties=NAMES, required=NAMES, policy_sha256=regime.sha256,
        deadline_s=2_000_000_000, void_if=(), picture=PICTURE, officer="A", text="",
    )  # fmt: skip


def log(name, *said):
    made = [msgspec.structs.replace(blank(body, name), regime=regime.sha256) for body, regime in said]
    read = log_of(*made, party=name)
    return Opened(ORIGINS[name], None, read, [], frozenset({"k"}), frozenset())


def statuses(**logs):
    record = together({ORIGINS[name]: log(name, *said) for name, said in logs.items()})
    return [one.words for one in decisions(record, []) if one.words.startswith("proposal")]


def test_each_under_the_regime_it_names():
    common = [(agreement(OLD), OLD), (agreement(NEW), NEW)]
    west = [*common, (proposal(OLD, "e-1"), OLD), (proposal(NEW, "e-2"), NEW), (proposal(OTHER, "e-3"), OTHER)]
    first, second, third = statuses(east=common, west=west)
    assert "not every party has logged" in third
    assert "not every party has logged" not in first + second


def test_a_regime_that_one_party_alone_logged_decides_nothing():
    west = [(agreement(OLD), OLD), (agreement(NEW), NEW), (proposal(NEW, "e-2"), NEW)]
    (found,) = statuses(east=[(agreement(OLD), OLD)], west=west)
    assert "not every party has logged" in found
