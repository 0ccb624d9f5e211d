"""What a live centre refuses before it starts: keys that would let it sign for people."""

import pytest

from tocsin.app import centre
from tocsin.app.officers import enrol_officers, rosters
from tocsin.app.serving import Serving
from tocsin.errors import Refusal
from tocsin.node.adapters.requests import tokens_at_hand
from tocsin.node.adapters.tokens import new_token, read_token, write_token


@pytest.fixture
def live(tmp_path):
    centre.init("west", folder=tmp_path / "west", mode="live", partner=("east",))
    return tmp_path / "west"


def test_a_live_centre_keeps_no_root_key(live):
    with pytest.raises(Refusal, match="move it to where"):
        Serving(live / "CENTRE.toml")
    (live / "root.key").unlink()
    assert Serving(live / "CENTRE.toml").centre.config.mode == "live"


def test_a_live_centre_keeps_no_officers_keys(live):
    write_token(new_token("Anna", ("watch-officer",)), live / "officers" / "0.key")
    with pytest.raises(Refusal, match="sign for them"):
        tokens_at_hand(live, "live")


def test_tokens_and_rosters_on_disk(live, tmp_path):
    token = new_token("Anna", ("watch-officer",), ("ed25519", "p256", "mldsa44"))
    write_token(token, tmp_path / "anna.key", "a passphrase")
    assert read_token(tmp_path / "anna.key", "a passphrase").public == token.public
    assert (tmp_path / "anna.key").stat().st_mode & 0o077 == 0
    for passphrase in ("", "another"):
        with pytest.raises(Refusal):
            read_token(tmp_path / "anna.key", passphrase)
    with pytest.raises(Refusal, match="already"):
        write_token(token, tmp_path / "anna.key")
    root = read_token(live / "root.key")
    with pytest.raises(Refusal, match="nobody could ever vote"):
        enrol_officers(live / "CENTRE.toml", [token.officer], root, votes=2)
    enrol_officers(live / "CENTRE.toml", [token.officer], root, votes=1)
    enrol_officers(live / "CENTRE.toml", [token.officer], root, votes=1)
    assert [one.roster.number for one in rosters(live)] == [0, 1]
