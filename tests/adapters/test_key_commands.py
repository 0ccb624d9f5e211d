"""Two centres from their folders, driven by hand: rotate, revoke, follow, seal, and the audit after it."""

import msgspec
import pytest

from tocsin.app import epochs, importing, seals, serving
from tocsin.errors import BadEvidence, Outage, Refusal
from tocsin.node.adapters import epochfiles, outbox
from tocsin.wire.confidential import ObservationOpening
from tocsin.wire.custody import EpochNoted

from .folders import DENIAL, Both


@pytest.fixture
def both(tmp_path, monkeypatch):
    monkeypatch.setattr(serving, "FOLLOW_AFTER_S", -1)
    return Both(tmp_path)


def test_a_life_of_keys_by_command(both, capsys, tmp_path):
    west, east = (both.at[name].centre for name in ("west", "east"))
    assert {said.kind for said in east.said} >= {"agreement", "anchors", "encryption-keys"}
    recording = tmp_path / "recording.bin"
    recording.write_bytes(b"what the northern radar saw")
    seals.make(both.toml("west"), recording)
    (name,) = [path.stem for path in (both.path / "west" / "sealed").glob("*.json")]
    with pytest.raises(Refusal, match="not logged yet"):
        seals.open_(both.toml("west"), name)
    both.settle()
    seals.open_(both.toml("west"), name, text=True)
    epochs.change(both.toml("west"), root=both.root("west"), ahead=6)
    both.settle()
    opened = [said for said in east.said if isinstance(said.body, ObservationOpening)]
    assert opened[0].body.text == "what the northern radar saw"
    while not west.ended:
        west.say(DENIAL)
        both.settle(1)
    both.settle()
    assert both.at["west"].again and both.at["east"].again
    both.start()
    both.settle()
    west, east = (both.at[name].centre for name in ("west", "east"))
    assert west.config.origin.endswith("west/1") == east.mirrors["west"].origin.endswith("west/1") is True
    assert [said.party for said in west.said if isinstance(said.body, EpochNoted)] == ["east"]
    verdict = both.verdict()
    assert verdict.ok, verdict.words
    assert {"P10", "P11", "P12"} <= {finding.step for finding in verdict.findings}
    assert seals.check(both.path / "logs", recording) == 0
    recording.write_bytes(b"another")
    assert seals.check(both.path / "logs", recording) == 1
    assert "It was held then" in capsys.readouterr().out


def test_after_a_compromise_by_command(both, capsys):
    east = both.at["east"].centre
    before = east.mirrors["west"].size
    both.at["west"].centre.say(DENIAL)
    both.settle()
    epochs.revoke(both.toml("west"), root=both.root("west"), because="the machine was entered", size=before)
    file = both.path / "west" / "epoch-1.json"
    good = file.read_bytes()
    forged = epochfiles.parse(good, "x")
    body = msgspec.structs.replace(forged.succession, closed_size=before - 1)
    file.write_bytes(epochfiles.encode(msgspec.structs.replace(forged, succession=body)))
    with pytest.raises(BadEvidence, match="did not sign"):
        epochs.take(both.toml("east"), file)
    file.write_bytes(good)
    epochs.take(both.toml("east"), file)
    both.start()
    both.settle()
    east = both.at["east"].centre
    assert not any(said.kind == "negative-statement" for said in east.said)
    assert both.at["west"].centre.ports.vault.key == east.config.partners[0].encryption_key  # a new one, too
    verdict = both.verdict()
    assert verdict.ok, verdict.words
    assert "noted by east" in " ".join(finding.words for finding in verdict.findings)
    with pytest.raises(Refusal, match="another new epoch"):
        epochfiles.add(both.path / "east", "east", msgspec.structs.replace(forged, succession=body))


def test_what_is_no_draft_is_refused_with_its_reason(both):
    folder = both.path / "west" / "outbox"
    folder.mkdir(exist_ok=True)
    (folder / "a.draft").write_bytes(b"{")
    (folder / "b.draft").write_bytes(b'{"kind":"vote","schema":7,"body":{}}')
    both.settle(1)
    assert "not a draft" in (folder / "a.refused").read_text() and (folder / "b.refused").exists()
    assert outbox.logged(both.path / "west", "a") is None and not list(folder.glob("*.draft"))


TLE = """ISS (ZARYA)
1 25544U 98067A   20045.18587073  .00000950  00000-0  25302-4 0  9990
2 25544  51.6443 242.0161 0004885 264.6060 207.3845 15.49165514212791
"""


def test_elements_go_into_the_log_of_a_real_centre_once(both, tmp_path, capsys):
    """Public elements of 14 February 2020; the line after them is broken, and told."""
    file = tmp_path / "elements.txt"
    file.write_text(TLE + TLE.replace("9990", "9991"))
    for expected in ("1 of 1 orbits", "0 of 1 orbits"):
        assert importing.elements(file, centre=both.toml("west")) == 0
        said = capsys.readouterr()
        assert expected in said.err and "wrong check sum" in said.err and said.out == ""
        both.settle()
    for name in ("west", "east"):
        (found,) = [said for said in both.at[name].centre.said if said.kind == "orbit"]
        assert found.party == "west" and found.body.designator == "1998-067A"
    with pytest.raises(Outage, match="nowhere"):
        importing.elements(file, centre=tmp_path / "nowhere" / "CENTRE.toml")
