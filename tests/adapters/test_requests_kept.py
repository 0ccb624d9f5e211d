"""What waits for a second officer's hand is there again after a restart of the centre: nothing lost, nothing twice."""

from dataclasses import replace
from hashlib import sha256

import pytest
from msgspec import structs

from tocsin.errors import Outage
from tocsin.node import commands
from tocsin.node.adapters import requests
from tocsin.node.adapters.requests import RequestsFolder
from tocsin.node.custody.staffed import AwaitsOfficers
from tocsin.wire.custody import SigningRule
from tocsin.wire.watch import OfficerCheck

from .officers import ANNA, BORIS
from .pairs import Pair


@pytest.fixture
def west():
    """A step of west that waits for two officers, and its request's name."""
    centre = Pair(tokens=False).centres["west"]
    held = centre.registry.rosters["west"]
    rules = [one for one in held[-1].roster.rules if one.kind != "standing"]
    rules.append(SigningRule(kind="standing", officers=2))
    held[-1] = replace(held[-1], roster=structs.replace(held[-1].roster, rules=tuple(rules)))
    with pytest.raises(AwaitsOfficers) as asked:
        commands.stand(centre, "suspend", "talks broke off", "Anna")
    return centre, asked.value.request


def sign(centre, name: str, officer, role: str) -> None:
    for one in officer.sign(centre.requests[name].statement, role):
        centre.sign(name, one)


def again(folder, centre) -> None:
    """The centre was stopped and starts: what lay in memory is gone."""
    centre.requests.clear()
    RequestsFolder(folder).exchange(centre)


def test_a_half_signed_request_waits_on_after_a_restart(west, tmp_path):
    centre, name = west
    RequestsFolder(tmp_path).exchange(centre)
    kept = centre.requests[name]
    again(tmp_path, centre)
    found = centre.requests[name]
    assert found is not kept
    assert (found.statement, found.message, found.officers) == (kept.statement, kept.message, kept.officers)
    assert found.draft == kept.draft
    sign(centre, name, ANNA, "watch-officer")
    RequestsFolder(tmp_path)._write(centre)
    again(tmp_path, centre)
    assert len(centre.requests[name].signatures) == len(ANNA.public)
    assert not centre.suspended
    folder = RequestsFolder(tmp_path)
    sign(centre, name, BORIS, "duty-officer")
    folder.exchange(centre)
    assert centre.suspended
    assert not centre.requests


def test_what_was_logged_just_before_the_stop_is_not_said_twice(west, tmp_path):
    centre, name = west
    RequestsFolder(tmp_path).exchange(centre)
    left = (tmp_path / f"{name}.waiting").read_bytes()
    sign(centre, name, ANNA, "watch-officer")
    sign(centre, name, BORIS, "duty-officer")
    assert centre.suspended
    (tmp_path / f"{name}.waiting").write_bytes(left)
    again(tmp_path, centre)
    assert not centre.requests
    assert not list(tmp_path.glob("*.waiting"))


def test_what_was_signed_under_duress_stays_dead(west, tmp_path):
    centre, name = west
    RequestsFolder(tmp_path).exchange(centre)
    about = sha256(centre.requests[name].message).hexdigest()
    centre.say(OfficerCheck(officer="Anna", about=about, outcome="duress"))
    again(tmp_path, centre)
    assert not centre.requests


@pytest.mark.parametrize("wrong", [b"", b"{", b"[]", b"swapped"])
def test_a_spoilt_file_is_evidence_and_stops_nothing(west, tmp_path, wrong):
    centre, name = west
    RequestsFolder(tmp_path).exchange(centre)
    file = tmp_path / f"{name}.waiting"
    other = tmp_path / f"{'0' * 16}.waiting"
    if wrong == b"swapped":
        file.rename(other)
    else:
        file.write_bytes(wrong)
    again(tmp_path, centre)
    assert not centre.requests
    assert not list(tmp_path.glob("*.waiting"))


def test_what_could_not_be_read_at_the_start_is_taken_up_at_the_next_turn(west, tmp_path, monkeypatch):
    centre, name = west
    RequestsFolder(tmp_path).exchange(centre)
    centre.requests.clear()
    folder = RequestsFolder(tmp_path)
    with monkeypatch.context() as broken, pytest.raises(Outage):
        broken.setattr(requests, "read_file", failing)
        folder.exchange(centre)
    assert not centre.requests
    folder.exchange(centre)
    assert list(centre.requests) == [name]


def failing(path, what):
    raise Outage(f"{path}: {what} cannot be read now")
