"""Invitations and cards made beside a running console: it knows them at once, and neither overwrites the other."""

import re

import pytest

from tocsin.app.invitations import card, invite
from tocsin.console.people import Person, invitation
from tocsin.console.routes.drawer import FileDrawer
from tocsin.errors import Refusal
from tocsin.node.adapters import settings

from .desk import House
from .passkeys import enrol
from .test_passkeys import KEY


@pytest.fixture
def centre(tmp_path):
    """A party's folder with a console in its settings."""
    from tocsin.app.centre import init

    init("west", folder=tmp_path / "west", partner=("east",))
    file = tmp_path / "west" / "CENTRE.toml"
    file.write_text(file.read_text() + '\n[console]\nrelying_party = "localhost"\n')
    assert settings.load(file).console is not None
    return file


def test_an_invitation_made_while_the_console_serves_lets_its_person_enrol(centre, capsys):
    house = House(development=False, drawer=FileDrawer(centre.parent / "console.json"))
    assert house.app.door.people.of("Anna") is None
    invite(centre, "Anna", role=("watch-officer",))
    code = re.search(r": ([0-9a-f]{10})\n", capsys.readouterr().out).group(1)
    assert house.app.door.people.of("Anna").invitation_sha256 == invitation(code)
    assert enrol(house, house.browser(), "Anna", KEY, code)["name"] == "Anna"
    card(centre, "Anna", out=centre.parent / "card")
    anna = house.app.door.people.of("Anna")
    assert anna.badges and len(anna.card) == 24  # the command kept the passkey, the console sees the card
    answer = re.search(r"^ +1   ([A-Z]+)", (centre.parent / "card").read_text(), re.MULTILINE).group(1)
    assert house.app.door.people.answer(anna, 0, answer) == "passed"
    assert (centre.parent / "card").stat().st_mode & 0o777 == 0o600


def test_what_is_not_invited(centre):
    with pytest.raises(Refusal, match="say in which role"):
        invite(centre, "Anna")
    with pytest.raises(Refusal, match="one of capital"):
        invite(centre, "Anna", role=("king",))
    with pytest.raises(Refusal, match="officer invite"):
        card(centre, "Anna")
    invite(centre, "Anna", role=("capital",))
    (centre.parent / "card").write_text("older")
    with pytest.raises(Refusal, match="nothing is replaced"):
        card(centre, "Anna", out=centre.parent / "card")
    (centre.parent / "CENTRE.toml").write_text((centre.parent / "CENTRE.toml").read_text().split("[console]")[0])
    with pytest.raises(Refusal, match=r"no \[console\] table"):
        invite(centre, "Anna")


def test_two_hands_on_one_drawer_lose_nothing(tmp_path):
    first, second = (House(drawer=FileDrawer(tmp_path / "console.json")).app.door.people for _ in range(2))
    first.put(Person(name="Anna", roles=("watch-officer",)))
    second.put(Person(name="Boris", roles=("duty-officer",)))
    assert {"Anna", "Boris"} <= set(first.roles()) == set(second.roles())
