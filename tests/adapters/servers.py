"""Real servers, started for a test in a folder of their own and ended with it. Skipped where they cannot be had."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from ending import end
from ports import free_port

POSTGRES = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
NATS = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")
NOBODY = "postgres"


def wait_for(port, process, seconds=120.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        assert process.poll() is None, "the server ended by itself"
        time.sleep(0.05)
    raise AssertionError("the server did not come up")


def as_user():
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    try:
        return pwd.getpwnam(NOBODY).pw_uid
    except KeyError:
        return pytest.skip("PostgreSQL needs a user of its own, and there is none")


class Postgres:
    """`kill` is a power cut of the server; `start` brings it up again."""

    def __init__(self, folder):
        if POSTGRES is None:
            pytest.skip("PostgreSQL is not installed")
        self._data, self._user, self.port = folder / "data", as_user(), free_port()
        if self._user is not None:
            for place in (folder, *folder.parents):
                if Path(tempfile.gettempdir()) in place.parents:
                    place.chmod(0o755)
            shutil.chown(folder, self._user)
        initdb = [str(POSTGRES / "initdb"), "-D", str(self._data), "-U", "tocsin", "-A", "trust", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, user=self._user, cwd=folder)
        self._process = None

    def conninfo(self, **settings):
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        return f"host=127.0.0.1 port={self.port} user=tocsin dbname=postgres connect_timeout=5 options='{options}'"

    def start(self):
        command = [
            str(POSTGRES / "postgres"), "-D", str(self._data), "-p", str(self.port), "-k", "", "-h", "127.0.0.1",
            "-c", "shared_buffers=16MB", "-c", "max_connections=20", "-c", "log_min_messages=panic",
        ]  # fmt: skip
        for _ in range(60):
            if self._stands(command):
                return self
            time.sleep(0.5)  # after a power cut the old server's children need a moment to go
        raise AssertionError("the server ended by itself, sixty times")

    def _stands(self, command):
        self._process = subprocess.Popen(
            command, user=self._user, cwd=self._data, stderr=subprocess.DEVNULL, start_new_session=True
        )
        ready = [str(POSTGRES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode:
            if self._process.poll() is not None:
                return False
            time.sleep(0.05)
        return True

    def kill(self):
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self):
        self._process.send_signal(signal.SIGQUIT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(20)
            return
        self.kill()


class Nats:
    """A NATS server with JetStream."""

    def __init__(self, folder):
        if NATS is None:
            pytest.skip("nats-server is not installed")
        self.port = free_port()
        command = [NATS, "-a", "127.0.0.1", "-p", str(self.port), "-js", "-sd", str(folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.port, self._process)

    @property
    def url(self):
        return f"nats://127.0.0.1:{self.port}"

    def stop(self):
        end(self._process)
