"""What regimes permit: symmetric, with reasons, and the same for everyone who asks."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin import regime as r
from tocsin.regime import Sector
from tocsin.wire import bodies

R = {name: r.load(r.shipped(name), name) for name in r.SHIPPED}
BOTH = ("west", "east")
H = "0" * 64


def proposal(regime, **changes):
    body = bodies.Proposal(
        event="e", finding="benign", parties=("east", "west"), required=("east", "west"),
        policy_sha256=regime.sha256, deadline_s=1, void_if=(), officer="A", text="",
        picture=bodies.PictureReference(heads=(), as_of_tai_us=0, fuse_version="1", digest=H),
    )  # fmt: skip
    return msgspec.structs.replace(body, **changes)


@pytest.mark.parametrize("name", r.SHIPPED)
@pytest.mark.parametrize("kind", sorted({kind for kind, _ in bodies.KINDS}))
def test_permission_has_its_reason(name, kind):
    regime = R[name]
    plain, suspended = r.permits(regime, kind), r.permits(regime, kind, suspended=True)
    assert plain.allowed == regime.shares(kind)
    assert suspended.allowed == (kind in regime.terms.reassurance)
    assert not (suspended.allowed and not plain.allowed)
    assert all(name in found.reason and kind in found.reason for found in (plain, suspended))


def test_required():
    assert r.required(R["separate"], BOTH) == r.required(R["notify"], BOTH) == ()
    assert r.required(R["connected"], BOTH) == r.required(R["joint"], BOTH) == ("east", "west")
    assert r.required(R["sectoral"], BOTH) == ("east", "west")  # a place that belongs to nobody alone
    assert r.required(R["sectoral"], BOTH, owner="west") == ("west",)
    assert r.required(R["sectoral"], BOTH, owner="north") == ()
    assert r.required(R["joint"], BOTH, owner="west") == ("east", "west")


def test_binding_or_advice():
    effects = {name: regime.finding.effect for name, regime in R.items()}
    assert effects == {
        "separate": "advice", "notify": "advice", "connected": "advice", "sectoral": "binding", "joint": "binding",
    }  # fmt: skip


@given(st.permutations(["west", "east", "north"]))
def test_order_of_parties_does_not_matter(names):
    assert r.required(R["joint"], names) == ("east", "north", "west")
    body = proposal(R["joint"], parties=tuple(names), required=tuple(reversed(names)))
    assert r.objections(R["joint"], body, names) == ()


@pytest.mark.parametrize(
    ("name", "changes", "word"),
    [
        ("joint", {}, None),
        ("connected", {}, None),
        ("sectoral", {}, None),
        ("sectoral", {"required": ("east",)}, None),
        ("separate", {}, "each party decides alone"),
        ("notify", {}, "each party decides alone"),
        ("joint", {"required": ("west",)}, "required"),
        ("connected", {"required": ("west",)}, "required"),
        ("joint", {"parties": ("west",), "required": ("west",)}, "parties"),
        ("joint", {"required": ("west", "west")}, "required"),
        ("sectoral", {"required": ("north",)}, "required"),
    ],
)
def test_objections(name, changes, word):
    found = r.objections(R[name], proposal(R[name], **changes), BOTH)
    assert (found == ()) == (word is None)
    assert word is None or any(word in text for text in found)


def test_fuse_version_is_pinned():
    regime = R["joint"]
    picture = msgspec.structs.replace(proposal(regime).picture, fuse_version="2")
    assert "fuse version" in r.objections(regime, proposal(regime, picture=picture), BOTH)[0]


def test_narrowed_values():
    text = r.shipped("joint").decode().replace('values = ["benign", "fault", "unexplained"]', 'values = ["benign"]')
    regime = r.load(text.encode())
    assert r.objections(regime, proposal(regime, finding="fault"), BOTH) != ()


@given(st.floats(-90, 90), st.floats(-180, 180, exclude_max=True))
def test_sectors_leave_no_gap_and_do_not_overlap(latitude, longitude):
    found = r.sector_of(R["sectoral"], latitude, longitude)
    assert found is not None
    assert sum(sector.contains(latitude, longitude) for sector in R["sectoral"].terms.sectors) == 1


@pytest.mark.parametrize(
    ("latitude", "longitude", "owner"),
    [(69.3, 16.0, "west"), (68.0, 33.0, "east"), (66.0, -172.0, "east"), (64.0, -165.0, "west"), (0.0, 30.0, "east")],
)
def test_owner_of_a_place(latitude, longitude, owner):
    assert r.sector_of(R["sectoral"], latitude, longitude).owner == owner


def test_nobody_owns_an_overlap_or_a_gap():
    box = {"south_deg": 0.0, "north_deg": 10.0, "west_deg": 0.0, "east_deg": 10.0}
    one, two = Sector(name="a", owner="west", **box), Sector(name="b", owner="east", **(box | {"west_deg": 5.0}))
    regime = msgspec.structs.replace(R["sectoral"].terms, sectors=(one, two))
    twisted = r.Regime(terms=regime, data=b"", sha256=H)
    assert r.sector_of(twisted, 5.0, 2.0) is one
    assert r.sector_of(twisted, 5.0, 7.0) is None
    assert r.sector_of(twisted, 50.0, 7.0) is None


def test_scope():
    regime = R["notify"]
    for range_km, apogee_km, inside in (
        (501.0, 10.0, True), (10.0, 501.0, True), (500.0, 500.0, False), (None, 10.0, True), (10.0, None, True),
    ):  # fmt: skip
        assert r.in_scope(regime, "notification", range_km=range_km, apogee_km=apogee_km).allowed == inside
    assert r.in_scope(regime, "retraction", range_km=1.0, apogee_km=1.0).allowed
    assert r.in_scope(R["joint"], "notification", range_km=1.0, apogee_km=1.0).allowed


def test_delay_never_holds_the_reassurance_channel():
    delays = "[shares.delay_s]\nassessment = 30\nretraction = 30\n\n[tracklet]"
    regime = r.load(r.shipped("joint").decode().replace("[tracklet]", delays).encode())
    assert r.delay_s(regime, "assessment") == 30.0
    assert r.delay_s(regime, "retraction") == r.delay_s(regime, "tracklet") == 0.0


def step(action, at):
    return bodies.Standing(action=action, effective_tai_us=at, because="b", officer="A")


def test_standing():
    steps = {"west": [step("suspend", 10), step("resume", 20)], "east": []}
    assert r.standing(steps, 9) == {"east": "in force", "west": "in force"}
    assert r.standing(steps, 10)["west"] == "suspended"
    assert [r.suspended(steps, at) for at in (9, 10, 19, 20)] == [False, True, True, False]
    left = {"west": [step("withdraw", 5), step("resume", 6)], "east": []}
    assert r.standing(left, 7)["west"] == "withdrawn"
    assert r.suspended(left, 7)


@given(st.lists(st.sampled_from("abc"), max_size=5), st.lists(st.sampled_from("abc"), max_size=5))
def test_in_force_is_symmetric_and_agreed_by_all(west, east):
    found = r.in_force({"west": west, "east": east})
    assert found == r.in_force({"west": east, "east": west})
    assert found is None or (found in west and found in east)


def test_in_force():
    assert r.in_force({}) is None
    assert r.in_force({"west": ["a"], "east": []}) is None
    assert r.in_force({"west": ["a"], "east": ["a"]}) == "a"
    assert r.in_force({"west": ["a", "b"], "east": ["a"]}) == "a"  # an amendment by one holds for nobody
    assert r.in_force({"west": ["a", "b"], "east": ["a", "b"]}) == "b"
    assert r.in_force({"west": ["a", "x", "b"], "east": ["a", "b"]}) == "b"
    assert r.in_force({"west": ["a", "b"], "east": ["b", "a"]}) is None
