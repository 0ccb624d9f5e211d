"""Two centres as two operating-system processes exchange the case over loopback and sign one finding."""

import re
import socket
import subprocess
import sys

import pytest

pytestmark = [pytest.mark.servers, pytest.mark.slow]


def free_ports(count: int) -> int:
    """First of `count` neighbouring ports that are free now."""
    for first in range(18_400, 19_400, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise AssertionError("no free ports on loopback")


def test_two_processes_adopt_one_finding_and_their_logs_verify(tmp_path):
    command = [
        sys.executable, "-m", "tocsin.app", "live", "andoya-1995", "--speed", "20", "--port", str(free_ports(2)),
        "--out", str(tmp_path), "--set", "begins_s=-240.0", "--set", "ends_s=420.0",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert re.search(r"Verified: [34] logs", done.stdout)
    assert done.stdout.count(": ADOPTED") >= 2, done.stdout[-3000:]
    assert "has the digest that was signed" in done.stdout
