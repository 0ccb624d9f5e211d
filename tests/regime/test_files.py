"""Regime files: the shipped ones, and every way in which one can be wrong."""

import hashlib
import itertools
import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import BadEvidence
from tocsin.fuse.limits import FUSE_VERSION
from tocsin.regime import REASSURANCE_KINDS, SHIPPED, RegimeError, load, shipped
from tocsin.wire.bodies import KINDS, Agreement, PartyKeys, encode_body
from tocsin.wire.groups import GROUP_KINDS
from tocsin.wire.watch import HOME_KINDS

JOINT = shipped("joint").decode()


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_regime_is_whole(name):
    data = shipped(name)
    regime = load(data, f"{name}.toml")
    assert regime.name == name
    assert regime.sha256 == hashlib.sha256(data).hexdigest()
    assert regime.data == data
    assert regime.fuse_version == FUSE_VERSION
    assert regime.terms.rights.amendment == "all"
    assert all(source.mark in ("[S]", "[C]", "[I]", "[U]") for source in regime.terms.sources)
    assert all(source.citation.startswith("https://") for source in regime.terms.sources if source.mark == "[S]")


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_regime_fits_into_an_agreement(name):
    keys = PartyKeys(party="west", origin="west.example", log_keys=("k" * 1_800,) * 2, mirror_keys=("m" * 1_800,) * 2)
    encode_body(Agreement(regime_text=shipped(name).decode(), parties=(keys,) * 8))


def test_shared_kinds_grow_from_regime_to_regime():
    kinds = [set(load(shipped(name)).terms.shares.kinds) for name in ("separate", "notify", "connected", "joint")]
    assert all(less < more for less, more in itertools.pairwise(kinds))
    assert kinds[0] == set()
    tying = {kind for kind, _ in GROUP_KINDS}  # come with a log of a release group, and are not named
    assert kinds[3] == {kind for kind, _ in KINDS} - HOME_KINDS - tying


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "separate"])
def test_reassurance_survives_suspension(name):
    terms = load(shipped(name)).terms
    votes = {"vote", "floor"} if terms.decides.measures is None else set()
    assert set(terms.reassurance) == (REASSURANCE_KINDS & set(terms.shares.kinds)) - votes
    assert (REASSURANCE_KINDS - set(terms.reassurance)) <= {"measure", "vote", "floor", "key-wrap"}
    assert (terms.decides.measures is None) == ("measure" not in terms.reassurance)


@pytest.mark.parametrize("name", [name for name in SHIPPED if name != "sectoral"])
def test_only_sectors_name_parties(name):
    """Swap the parties and nothing in the file changes."""
    words = shipped(name).decode().replace('"', " ").replace(".", " ").split()
    assert not {"west", "east"} & set(words)


def test_sectors_are_mirror_images_but_for_their_edges():
    west, east = load(shipped("sectoral")).terms.sectors
    assert (west.south_deg, west.north_deg) == (east.south_deg, east.north_deg)
    assert (west.west_deg, west.east_deg) == (east.east_deg, east.west_deg)


def test_unknown_shipped_name():
    with pytest.raises(RegimeError, match="separate, notify"):
        shipped("../../etc/passwd")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("format = 1", "format = 2", "format"),
        ('name = "joint"', 'name = "Joint"', "name"),
        ('name = "joint"', "", "name"),
        ('status = "legally binding"', 'status = "binding"', "status"),
        ("format = 1", "format = 1\nformat = 1", "joint.toml"),
        ("format = 1", "format = 1\nveto = true", "veto"),
        ('mark = "[S]"', 'mark = "[M]"', "mark"),
        ("min_interval_s = 5.0", "min_interval_s = -1.0", "min_interval_s"),
        ("min_interval_s = 5.0", "min_interval_s = nan", "min_interval_s"),
        ("min_interval_s = 5.0", 'min_interval_s = "5"', "min_interval_s"),
        ("position_quantum_m = 0.01", "position_quantum_m = 0.0", "position_quantum_m"),
        ("position_quantum_m = 0.01", "position_quantum_m = inf", "position_quantum_m"),
        ("deadline_s = 180", "deadline_s = 0", "deadline_s"),
        ('required = "all"', 'required = "west"', "required"),
        ('required = "all"', 'required = "none"', "required"),
        ('required = "all"', 'required = "owner"', "sectors"),
        ('effect = "binding"', 'effect = "order"', "effect"),
        ('"proposal", ', "", "proposal, vote and floor"),
        ('"measure",', "", "measure"),
        ('kinds = ["share-more", ', 'kinds = ["share-less", ', "share-less"),
        ('kinds = ["share-more", ', 'kinds = ["amend", ', "each kind once"),
        ('[decides.measures]', '[decides.engagement]', "engagement"),
        ('"sealed-judgement",', "", "judgements"),
        ("open_after_s = 30", "open_after_s = 0", "open_after_s"),
        ('"tracklet", ', "", "tracklet"),
        ('"agreement", ', '"weather", ', "weather"),
        ('"agreement", ', '"agreement", "agreement", ', "each kind once"),
        ('reassurance = [', 'reassurance = ["tracklet", ', "tracklet"),
        ('amendment = "all"', 'amendment = "majority"', "amendment"),
        ("[tracklet]", "[shares.delay_s]\nweather = 1\n[tracklet]", "weather"),
        ("[tracklet]", "[shares.delay_s]\nvote = 1e9\n[tracklet]", "delay_s"),
        ("[rights]", '[scope]\nkinds = ["weather"]\nrange_min_km = 1\napogee_min_km = 1\n[rights]', "weather"),
        ("[rights]", "[rights]\nnuclear = true", "nuclear"),
    ],
)
def test_wrong_file_is_refused_with_file_and_field(old, new, named):
    assert old in JOINT
    with pytest.raises(RegimeError) as caught:
        load(JOINT.replace(old, new, 1).encode(), "joint.toml")
    assert "joint.toml" in str(caught.value)
    assert named in str(caught.value)
    assert caught.value.evidence


@pytest.mark.parametrize("value", ["threat", "attack", "engage", "none", "display"])
def test_no_joint_decision_convenes_or_adopts_a_conference_level(value):
    """Not as a finding, not as another kind of decision, not by any key that is not read."""
    for old, new in (
        ('values = ["benign"', f'values = ["{value}", "benign"'),
        ("[decides.finding]", f"[decides.{value}]"),
        ("[decides.finding]", f'[decides.conference]\nrequired = "all"\nlevels = ["{value}"]\n[decides.finding]'),
    ):
        with pytest.raises(RegimeError):
            load(JOINT.replace(old, new, 1).encode())


def test_sectors_must_make_sense():
    text = shipped("sectoral").decode()
    for old, new in (("south_deg = -90.0", "south_deg = 90.0"), ('name = "eastern"', 'name = "western"')):
        with pytest.raises(RegimeError, match="sectors"):
            load(text.replace(old, new, 1).encode())


def test_size_and_encoding():
    with pytest.raises(RegimeError, match="at most"):
        load(b"#" * 70_000)
    for data in (b"\xff", b"", b"a = [" * 5_000, b"x = 1"):
        with pytest.raises(RegimeError):
            load(data)


def test_hash_is_of_the_exact_bytes():
    assert load((JOINT + "\n").encode()).sha256 != load(JOINT.encode()).sha256
    assert load((JOINT + "\n").encode()).terms == load(JOINT.encode()).terms


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(JOINT) - 1), st.characters(codec="utf-8"))
def test_any_damage_is_a_regime_or_bad_evidence(at, letter):
    data = (JOINT[:at] + letter + JOINT[at + 1 :]).encode()
    try:
        regime = load(data)
    except BadEvidence as error:
        assert error.evidence == data
    else:
        assert regime.sha256 == hashlib.sha256(data).hexdigest()
        assert set(regime.finding.values) <= {"benign", "fault", "unexplained"}
        assert tomllib.loads(data.decode())["rights"]["amendment"] == "all"
