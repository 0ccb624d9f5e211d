"""The same study on a real scheduler with two real workers on loopback."""

import socket
import subprocess
import sys
import time

import pytest
from test_many import CASE, STUDY

from ending import end
from ports import free_port
from tocsin.app import many
from tocsin.errors import Refusal

pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers; ended with the test."""
    folder, port = tmp_path_factory.mktemp("dask"), free_port()
    address = f"tcp://127.0.0.1:{port}"
    common = ["--host", "127.0.0.1", "--no-dashboard"]
    commands = [
        ["scheduler", *common, "--port", str(port)],
        *([["worker", address, *common, "--nthreads", "1", "--no-nanny", "--local-directory", str(folder)]] * 2),
    ]
    started = []
    try:
        for command in commands:
            program = [sys.executable, "-m", f"distributed.cli.dask_{command[0]}", *command[1:]]
            started.append(subprocess.Popen(program, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            until = time.monotonic() + 180
            while len(started) == 1 and time.monotonic() < until:
                try:
                    socket.create_connection(("127.0.0.1", port), 0.2).close()
                    break
                except OSError:
                    assert started[0].poll() is None, "the scheduler ended by itself"
                    time.sleep(0.1)
        from distributed import Client

        with Client(address, set_as_default=False, timeout="180s") as client:
            client.wait_for_workers(2, timeout=180)
        yield address
    finally:
        end(*started[1:])  # the workers; only then what they are joined to
        end(*started[:1])


@pytest.mark.servers
@pytest.mark.slow
def test_a_cluster_writes_the_same_bytes_and_another_version_is_refused(cluster, tmp_path, monkeypatch):
    (tmp_path / "tiny.toml").write_text(CASE)
    (tmp_path / "study.toml").write_text(STUDY)
    for out, size, address in ((tmp_path / "here", 1, ""), (tmp_path / "there", None, cluster)):
        assert many.run_study(tmp_path / "study.toml", out, size, address) == 0
    for name in (many.RUNS, "figures.json"):
        here, there = (tmp_path / one / "tiny-study" / name for one in ("here", "there"))
        assert here.read_bytes() == there.read_bytes()
    monkeypatch.setattr(many, "lines", lambda found: ["another"])
    with pytest.raises(Refusal, match="another tocsin"):
        many.run_study(tmp_path / "study.toml", tmp_path / "third", None, cluster)
