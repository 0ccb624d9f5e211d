"""Links between centres: mutual TLS or nothing, one door a partner, bounds before anything is looked at."""

import asyncio
import contextlib
import ssl

import httpx
import pytest

from ports import free_port
from tocsin.app.links import line_to
from tocsin.errors import BadEvidence, Refusal
from tocsin.node.adapters import http, keys, tls
from tocsin.node.adapters.http import door
from tocsin.node.adapters.listening import Listener, loopback_only
from tocsin.node.adapters.runner import Line
from tocsin.node.adapters.settings import Settings

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def parties(tmp_path_factory):
    """Folder and issuer of three parties."""
    made = {}
    for name in ("west", "east", "north"):
        folder = tmp_path_factory.mktemp(name)
        made[name] = (folder, tls.make_identity(folder, name))
    return made


@contextlib.asynccontextmanager
async def listening(app, context=None, **more):
    port = free_port()
    listener = Listener(app, port=port, tls=context, **more)
    task = asyncio.create_task(listener.serve())
    while not listener.started:
        await asyncio.sleep(0.01)
    try:
        yield port
    finally:
        listener.should_exit = True
        await task


async def echo(data):
    return data


def files(path):
    return b"note" if path == "/checkpoint" else None


def line(port, calling, party="east"):
    return Line(party=party, url=f"https://127.0.0.1:{port}", calling=calling)


def call(caller, trusts, knocks_as="east", parties=None, server="east", door_for="west"):
    """A call by `caller` at the door that `server` keeps for `door_for`."""
    folder, _ = parties[server]
    context = tls.listening(folder, parties[door_for][1])

    async def run():
        async with listening(door(echo, files), context) as port:
            to = line(port, tls.calling(parties[caller][0], parties[trusts][1]), knocks_as)
            async with to.client() as client:
                return await to.call(client, b"hello")

    return asyncio.run(run())


def test_partners_reach_each_other(parties):
    assert call("west", "east", parties=parties) == b"hello"


def test_the_wrong_partner_is_refused_at_the_door(parties):
    with pytest.raises(httpx.HTTPError):
        call("north", "east", parties=parties)


def test_a_server_with_the_wrong_issuer_is_not_spoken_to(parties):
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        call("west", "north", parties=parties)


def test_a_partner_cannot_answer_for_another(parties):
    """The issuer is trusted for this link alone, and its certificates must carry this party's name."""
    with pytest.raises(httpx.ConnectError, match="Hostname mismatch"):
        call("west", "east", knocks_as="north", parties=parties)


def test_plaintext_old_tls_and_no_certificate_get_nothing(parties):
    context = tls.listening(parties["east"][0], parties["west"][1])
    nameless = ssl.create_default_context(cadata=parties["east"][1])
    nameless.check_hostname = False
    old = tls.calling(parties["west"][0], parties["east"][1])
    old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2

    async def run(url, verify):
        async with listening(door(echo, files), context) as port, httpx.AsyncClient(verify=verify) as client:
            with pytest.raises(httpx.HTTPError):
                await client.get(url.format(port))

    asyncio.run(run("http://127.0.0.1:{}/checkpoint", True))
    asyncio.run(run("https://127.0.0.1:{}/checkpoint", nameless))
    asyncio.run(run("https://127.0.0.1:{}/checkpoint", old))


def test_the_end_certificate_is_renewed_without_a_new_card(parties, tmp_path):
    issuer = tls.make_identity(tmp_path, "west")
    before = (tmp_path / tls.CHAIN).read_bytes()
    tls.renew(tmp_path, "west")
    assert (tmp_path / tls.CHAIN).read_bytes() != before
    assert call("west", "east", parties=parties | {"west": (tmp_path, issuer)}) == b"hello"
    assert [oct((tmp_path / name).stat().st_mode)[-3:] for name in (tls.ISSUER_KEY, tls.END_KEY)] == ["600", "600"]


def test_door_has_bounds(monkeypatch):
    """Too large, too slow, elsewhere: each is answered, and the door stays open."""
    monkeypatch.setattr(http, "BODY_S", 0.2)
    monkeypatch.setattr(http.body_of, "__defaults__", (1_000, 0.2))

    async def slow():
        yield b"x"
        await asyncio.sleep(1.0)

    async def run():
        base = "http://127.0.0.1:{}".format
        async with listening(door(echo, files)) as port, httpx.AsyncClient(base_url=base(port)) as client:
            for wanted, request in (
                (413, client.post("/exchange", content=b"x" * 2_000)),
                (408, client.post("/exchange", content=slow())),
                (404, client.get("/exchange")),
                (404, client.get("/tile/../../etc/passwd")),
                (200, client.get("/checkpoint")),
                (200, client.post("/exchange", content=b"x" * 1_000)),
            ):
                assert (await request).status_code == wanted

    asyncio.run(run())


def test_nothing_plain_leaves_the_machine(tmp_path):
    with pytest.raises(Refusal, match="only loopback"):
        loopback_only("0.0.0.0")
    with pytest.raises(Refusal, match="never plaintext"):
        tls.calling(tmp_path, "")


def card(**changes):
    secret = keys.PartyKeys(b"k" * 32, "east", "live").card("east", "live", "https://192.0.2.1")
    return type(secret)(**{name: changes.get(name, getattr(secret, name)) for name in secret.__struct_fields__})


def test_a_line_needs_a_door_on_both_sides(parties):
    own = Settings(party="west", mode="live", regime="joint", port=1, links={"east": 2})
    issuer = parties["east"][1]
    for offered, made in (
        (card(link_certificate=issuer), own),
        (card(links={"west": "https://192.0.2.1:3"}), own),
        (card(links={"west": "https://192.0.2.1:3"}, link_certificate=issuer),
         Settings(party="west", mode="live", regime="joint", port=1)),
    ):  # fmt: skip
        with pytest.raises(Refusal):
            line_to(offered, made, parties["west"][0])
    found = line_to(card(links={"west": "https://192.0.2.1:3"}, link_certificate=issuer), own, parties["west"][0])
    assert (found.url, found.port) == ("https://192.0.2.1:3", 2) and found.calling and found.listening


def test_cards_carry_what_is_compared(parties):
    plain = card()
    whole = card(link_certificate=parties["east"][1], links={"west": "https://192.0.2.1:3"})
    moved = card(link_certificate=parties["east"][1], links={"west": "https://192.0.2.9:3"})
    assert keys.fingerprint(whole) == keys.fingerprint(moved) != keys.fingerprint(plain)
    assert keys.parse_card(keys.encode_card(whole), "card") == whole
    for wrong in (card(link_certificate="no certificate"), card(links={"west": "http://192.0.2.1:3"})):
        with pytest.raises(BadEvidence):
            keys.parse_card(keys.encode_card(wrong), "card")
