"""Passkeys of a real browser against a real centre: enrolled by an invitation, used to log in, and to sign a vote."""

import base64

import msgspec
import pytest
from playwright.sync_api import expect

from browser.rooms import Exercise, confirm, hand, left, panel
from tocsin.node import commands
from tocsin.node.custody.roster import hands
from tocsin.wire.officer import terms_of

pytestmark = [pytest.mark.servers, pytest.mark.slow]
NAME = "first officer of west"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """People enrol with their codes; a vote takes one hand."""
    with Exercise(tmp_path_factory.mktemp("passkeys"), passkeys=True).serving() as found:
        found.skip_to(60.0)
        yield found


def authenticator(page):
    """Chromium's own virtual authenticator: a platform key that shows who its person is (CTAP 2, user verification)."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    return session, session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]


def test_a_passkey_is_enrolled_logs_in_and_signs_the_vote_itself(browser, house):
    page = house.blank(browser)
    page.goto(house.url("west"))
    session, device = authenticator(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(NAME)
    dialog.get_by_text("First time on this computer").click()
    dialog.get_by_label("Code of your invitation").fill("a guess")
    dialog.get_by_role("button", name="Make a passkey").click()
    expect(dialog.get_by_role("alert")).to_contain_text("no invitation fits")
    dialog.get_by_label("Code of your invitation").fill(house.rooms.crews["west"].codes[NAME])
    dialog.get_by_role("button", name="Make a passkey").click()
    expect(dialog.get_by_role("status")).to_contain_text("The passkey is known. Log in with it.")
    dialog.get_by_role("button", name="Log in with a passkey").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("Development log-in")).to_have_count(0)

    def propose() -> None:
        seat = house.game.seats["east"]
        event = seat.desk.events()[0]
        seat.acting = True
        commands.propose(seat.centre, event.id, event.finding, seat.tokens[0].name, "As the picture has it.")
        seat.acting = False
        house.game.lines.flush(seat.centre)

    house.do(propose)
    panel(page, "4").get_by_role("button", name="Read and sign yes").click()
    confirm(page)
    text, _ = hand(page)
    expect(page.locator("#panel")).to_contain_text(NAME)
    vote = house.do(lambda: next(one for one in house.centre("west").said if one.kind == "vote"))
    (signature,) = vote.statement.signatures
    assert signature.scheme.startswith("webauthn-")
    terms = terms_of(signature)
    assert terms is not None
    assert (terms.origin, terms.from_index) == (vote.entry.origin, vote.entry.index)
    assert f"entry {terms.from_index} of {terms.origin}" in text
    client = base64.b64decode(msgspec.json.decode(signature.context)["client_data_json"])
    assert msgspec.json.decode(client)["origin"] == house.url("west").rstrip("/")
    for party in ("west", "east"):  # the partner's centre believes it, too
        centre = house.centre(party)
        roster = centre.registry.roster_at("west", vote.entry.index)
        assert set(hands(vote.statement, roster).officers) == {NAME}
        elsewhere = msgspec.structs.replace(vote.statement, sequence=terms.from_index - 1)
        assert hands(elsewhere, roster).bad
    session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": device})
    left(page, "401", "403", "409", "pubKeyCredParams")  # Chromium wishes for RSA, too
