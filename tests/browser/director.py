"""A stand-in for the director's server: a stage in the middle of an exercise, and a scenario to edit."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser

from browser import boards, chrome
from browser.stub import Stub, serving

ROOT = "/director/api/v1/"
TOML = Path(__file__).parents[2] / "src" / "tocsin" / "sim" / "library" / "andoya-1995.toml"


def stage() -> dict[str, Any]:
    """All sections of the director's board."""

    def belief(party: str, **more: Any) -> dict[str, Any]:
        none = {
            "party": party,
            "event": None,
            "error_km": None,
            "sigma_km": None,
            "phase": "",
            "benign": None,
            "level": "none",
            "words": "not seen",
        }
        return none | more

    def thing(name: str, **more: Any) -> dict[str, Any]:
        base = {
            "name": name,
            "by": "norway",
            "attack": False,
            "real": True,
            "state": "flying",
            "lat": 71.9,
            "lon": 14.6,
            "height_km": 812.0,
            "launch": [69.3, 16.0],
            "impact": [78.1, 11.0],
            "ends_s": 1150.0,
            "beliefs": [],
        }
        return base | more

    seen = [
        belief(
            "west",
            event="J-1",
            error_km=1.2,
            sigma_km=3.0,
            benign=0.96,
            level="display",
            words="explained as PLN/NO/1995/001/001/01",
        ),
        belief("east"),
    ]
    ghost = [
        belief("west"),
        belief("east", event="J-7", error_km=22.0, sigma_km=30.0, benign=0.02, level="threat", words="2 % explained"),
    ]
    clock = {
        "scenario": "andoya-1995",
        "title": "Andøya, 25 January 1995",
        "summary": "A research rocket.",
        "regime": "connected",
        "t_tai_us": boards.tai(boards.NOW_S),
        "utc": boards.utc(boards.NOW_S),
        "t_s": 300.0,
        "begins_s": -600.0,
        "ends_s": 1800.0,
        "speed": 1.0,
        "paused": True,
        "ended": False,
        "no_duff": "",
        "keeps_up": True,
    }
    seats = [
        {
            "party": party,
            "scripted": party == "east",
            "url": f"http://localhost:1/{party}",
            "enrolled": [{"name": name, "roles": ["watch-officer"]}],
            "sentence": "1 event: J-1 coast, explained as PLN/NO/1995/001/001/01.",
            "events": 1,
            "silent_sensors": [],
            "sensors": [f"{party}-radar", f"{party}-ir"],
        }
        for party, name in (("west", "A. Berg"), ("east", "V. Orlov"))
    ]
    injects = [
        {
            "number": 0,
            "utc": boards.utc(60),
            "t_s": 60.0,
            "kind": "press",
            "words": "press: Reports of a launch in the north",
            "done": True,
            "withdrawn": False,
        },
        {
            "number": 1,
            "utc": boards.utc(600),
            "t_s": 600.0,
            "kind": "cut-link",
            "words": "the link between east and west is cut",
            "done": False,
            "withdrawn": False,
        },
    ]
    journal = [
        {"number": 0, "utc": boards.utc(-10), "wall_posix_s": 1.0, "who": "D. Lund", "act": "begins", "text": ""},
        {
            "number": 1,
            "utc": boards.utc(60),
            "wall_posix_s": 2.0,
            "who": "D. Lund",
            "act": "inject",
            "text": "<b>press</b>: Reports of a launch",
        },
    ]
    return {
        "clock": clock,
        "seats": seats,
        "truth": {
            "objects": [
                thing("rocket", beliefs=seen),
                thing(
                    "ghost",
                    real=False,
                    attack=True,
                    lat=66.0,
                    lon=40.0,
                    height_km=300.0,
                    launch=[60.0, 50.0],
                    impact=[55.0, 37.0],
                    beliefs=ghost,
                ),
            ],
            "groundless": {"east": ["J-9"], "west": []},
        },
        "injects": injects,
        "links": {"cut": [], "late_s": {"east": 30.0}},
        "journal": journal,
    }


class DirectorStub(Stub):
    """The director's side."""

    def __init__(self) -> None:
        super().__init__(boards.andoya())
        self.stage = stage()
        self.saved: dict[str, str] = {}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == f"{ROOT}events":
            sections = b"".join(
                b"event: " + name.encode() + b"\ndata: " + json.dumps(value).encode() + b"\n\n"
                for name, value in self.stage.items()
            )
            await send({"type": "http.response.start", "status": 200, "headers": self._headers("text/event-stream")})
            await send({"type": "http.response.body", "body": sections, "more_body": True})
            while (await receive())["type"] != "http.disconnect":
                pass
        elif scope["type"] == "http" and scope["path"].startswith(ROOT):
            body = b""
            while True:
                part = await receive()
                body += part.get("body", b"")
                if not part.get("more_body"):
                    break
            given = json.loads(body) if body else {}
            self.bodies.append((scope["path"][len(ROOT) :], given))
            await self._json(send, 200, self._answer(scope["method"], scope["path"][len(ROOT) :], given))
        else:
            await super().__call__(scope, receive, send)

    def _answer(self, method: str, path: str, given: dict[str, Any]) -> Any:
        if path.startswith("parties/"):
            return msgspec.to_builtins(boards.andoya(path.split("/")[1]))
        if path == "scenarios":
            return [{"name": "andoya-1995", "title": "Andøya, 25 January 1995", "own": False}]
        if path == "scenarios/andoya-1995" and method == "GET":
            return {"toml": TOML.read_text()}
        if path.startswith("scenarios/"):
            if method == "PUT":
                self.saved[path.split("/")[1]] = given["toml"]
            bad = "range_km = 99999" in given["toml"]
            problems = (
                [
                    {
                        "line": 50,
                        "field": "flight.solve.range_km",
                        "words": "scenario: at `flight.solve.range_km`: at most 12000 expected",
                    }
                ]
                if bad
                else []
            )
            path_ = [[69.29 + 0.15 * i, 16.02 - 0.1 * i, 1_453e3 * (1 - ((i - 30) / 30) ** 2)] for i in range(61)]
            flights = (
                []
                if bad
                else [{"name": "rocket", "path": path_, "apogee_km": 1453.0, "range_km": 1000.0, "flight_s": 1400.0}]
            )
            return {
                "ok": not bad,
                "name": "andoya-1995",
                "title": "Andøya, 25 January 1995",
                "problems": problems,
                "flights": flights,
                "sensors": [],
            }
        return {"number": 2, "words": "it is in play"}


@contextlib.contextmanager
def directing() -> Iterator[tuple[DirectorStub, str]]:
    """The stub and its address."""
    stub = DirectorStub()
    with serving(stub) as url:
        yield stub, url


def shot(browser: Browser, name: str, out: Path) -> None:
    """A picture of the director's page or the editor."""
    with directing() as (_, url):
        page = chrome.new_page(browser, 1440, 900)
        page.goto(f"{url}{name}.html")
        page.wait_for_timeout(1_200)
        if name == "editor":
            page.get_by_label("Open").select_option("andoya-1995")
            page.wait_for_timeout(1_500)
        page.screenshot(path=out, full_page=name == "director")
        page.context.close()
