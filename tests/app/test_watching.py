"""What those who watch machines read of a served centre: metrics, liveness, readiness, structured lines."""

import json
import signal
import subprocess
import sys
import time

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from ports import free_port
from tocsin.app import centre as commands
from tocsin.app.telling import Telling, Told


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """`tocsin serve --log-json` of a centre without partners: its address, and what it said when it had ended."""
    folder, port = tmp_path_factory.mktemp("west"), free_port()
    commands.init("west", folder=folder / "west", port=port)
    command = [sys.executable, "-m", "tocsin.app", "serve", str(folder / "west" / "CENTRE.toml"), "--log-json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said = []

    def end():
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        if not said:
            said.append(process.communicate(timeout=240))
        return process.returncode, *said[0]

    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(1_800):
            try:
                httpx.get(f"{address}/health/live", trust_env=False)
                break
            except httpx.TransportError:
                assert process.poll() is None, process.communicate()
                time.sleep(0.1)
        yield address, end
    finally:
        end()


@pytest.mark.servers
@pytest.mark.slow
def test_a_served_centre_is_watched_and_says_lines_that_machines_read(served):
    address, end = served
    assert httpx.get(f"{address}/health/live", trust_env=False).json() == {"alive": True}
    assert httpx.get(f"{address}/health/ready", trust_env=False).status_code == 200
    answer = httpx.get(f"{address}/metrics", trust_env=False)
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert families["tocsin_info"].samples[0].labels["party"] == "west"
    assert families["tocsin_ready"].samples[0].value == 1
    code, out, error = end()
    assert code == 0, error
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[0]["event"] == "serving"
    assert lines[-1]["event"] == "ended"
    assert all(line["party"] == "west" and line["utc"].endswith("Z") and line["message"] for line in lines)


class Entry:
    origin, index, sha256 = "tocsin.exercise/west", 0, "ab" * 32


class Said:
    party, kind, entry = "west", "notification", Entry


class Centre:
    now_tai_ns = 1_500_000_000_000_000_000

    def __init__(self):
        self.said = [Said]


class Nothing:
    def withheld(self, *_):
        pass

    evidence = withheld


def test_statements_and_refusals_are_told_once_and_without_contents(capsys):
    telling = Telling("west", as_json=True)
    told, centre = Told(Nothing(), telling), Centre()
    telling.begin(centre)
    telling.news()
    centre.said.append(Said)
    telling.news()
    telling.news()
    told.evidence(0, "east", "not what was signed\n", b"secret bytes")
    out = capsys.readouterr().out
    statement, refused = (json.loads(line) for line in out.splitlines())
    assert (statement["event"], statement["kind"], statement["entry"]) == ("statement", "notification", 0)
    assert (refused["event"], refused["level"], refused["bytes"]) == ("refused", "warning", 12)
    assert "secret" not in out
    assert list(told.evidence_notes) == [(0, "east", "not what was signed\n", b"secret bytes")]


def test_people_read_words(capsys):
    telling = Telling("west", as_json=False)
    telling.begin(Centre())
    telling.say("serving", "serving on 127.0.0.1:1", port=1)
    telling.news()
    assert capsys.readouterr().out == "west: serving on 127.0.0.1:1\n"
