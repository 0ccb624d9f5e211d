"""A staffed centre with its console, and browsers to go with it."""

import itertools
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from adapters.officers import ANNA, BORIS, CARLA
from adapters.pairs import NS, Pair
from tocsin.console.app import console
from tocsin.console.host import CentreHost
from tocsin.console.people import MemoryDrawer
from tocsin.console.settings import ConsoleSettings
from tocsin.node.desk import Desk
from tocsin.wire.custody import SigningRule

__all__ = ["ANNA", "BASE", "BORIS", "CARLA", "NS", "Browser", "House", "house"]

BASE = "/api/v1"
WEB = "http://localhost"
KEYS = itertools.count(1)
PEOPLE = {
    "Sigrid": ("senior-officer",), "Olga": ("observer",), "Aud": ("auditor",), "Kap": ("capital",),
}  # fmt: skip
FREE = {"acts_per_s": 1e6, "acts_burst": 1e6, "logins_per_s": 1e6, "logins_burst": 1e6, "reads_per_s": 1e6,
        "reads_burst": 1e6}  # fmt: skip


class House:
    """West's console over a pair of centres."""

    def __init__(self, *, drawer=None, host=None, pair=None, **changes):
        self.pair = pair or Pair(tokens=False)
        self.centre = self.pair.centres["west"]
        self.host = host(self.centre) if host else CentreHost(self.centre, Desk(self.centre), "a test")
        hands = {"Anna": ANNA.sign, "Boris": BORIS.sign}
        settings = {"development": True, "web_origins": (WEB,), "hands": hands, "people": PEOPLE, **FREE}
        self.drawer = drawer or MemoryDrawer()
        self.app = console(self.host, ConsoleSettings(**{**settings, **changes}), self.drawer)
        self.wall = 1_000.0
        self.app.door.wall_s = lambda: self.wall
        self.app.door.sessions._wall_s = lambda: self.wall

    def browser(self, **headers):
        return Browser(self, headers)

    def rule(self, kind, officers=1):
        """Let the roster in force ask for hands for a kind, as an enrolled one would."""
        held = self.centre.registry.rosters["west"]
        held[-1] = replace(held[-1], roster=msgspec.structs.replace(
            held[-1].roster, rules=(*held[-1].roster.rules, SigningRule(kind=kind, officers=officers))
        ))  # fmt: skip

    def said(self, kind, party="west"):
        return [one for one in self.centre.said if one.kind == kind and one.party == party]


class Browser:
    """Synchronous hands on the application; keeps cookies as a browser does."""

    def __init__(self, house, headers):
        self.house, self.csrf = house, ""
        self.jar = httpx.Cookies()
        self.headers = headers

    def ask(self, method, path, **more):
        import asyncio

        async def go():
            transport = httpx.ASGITransport(self.house.app)
            async with httpx.AsyncClient(transport=transport, base_url=WEB, cookies=self.jar) as client:
                answer = await client.request(method, path if path.startswith("/") else f"{BASE}/{path}", **more)
                self.jar = client.cookies
                return answer

        more["headers"] = {**self.headers, **more.get("headers", {})}
        return asyncio.run(go())

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def log_in(self, name):
        ticket = self.ask("POST", "session/begin", json={"name": name}).json()["ticket"]
        answer = self.ask("POST", "session/finish", json={"ticket": ticket})
        if answer.status_code == 200:
            self.csrf = answer.json()["csrf"]
        return answer

    def post(self, path, body=None, key=None, **headers):
        given = {"X-Tocsin-CSRF": self.csrf, "Idempotency-Key": key or f"key-{next(KEYS):08d}", **headers}
        return self.ask("POST", path, json={} if body is None else body, headers=given)

    def act(self, verb, body=None, key=None):
        return self.post(f"actions/{verb}", body, key)

    def confirmed(self, verb, body):
        """Read the text, send its hash back."""
        first = self.act(verb, body)
        assert first.status_code == 409 and first.json()["type"].endswith("not-confirmed"), first.text
        return self.act(verb, {**body, "confirm_sha256": first.json()["confirm_sha256"]})


@pytest.fixture
def house():
    return House()
