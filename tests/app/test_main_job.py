"""The main job as a user runs it: one command, a time line, a table, logs that outsiders verify, a report."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TLOGCHECK = ROOT / "build" / "tlogcheck"
REGIMES = ("separate", "notify", "connected")


def tocsin(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tocsin.app", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=400, check=False)


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    """`tocsin compare andoya-1995`, once for all tests here."""
    out = tmp_path_factory.mktemp("runs")
    done = tocsin("compare", "andoya-1995", "--out", str(out))
    assert done.returncode == 0, done.stderr[-2000:]
    return done, out / "andoya-1995-1995"


@pytest.fixture(scope="module")
def figures(job):
    return json.loads((job[1] / "comparison.json").read_text())


def test_the_flight_is_the_published_one(figures):
    """Apogee 1,453 km [S], about 24 min [S]: 3% of the time, half a per cent of the height."""
    assert figures["apogee_km"] == pytest.approx(1453, rel=0.005)
    assert figures["flight_s"] / 60 == pytest.approx(24, rel=0.03)
    assert 77 < figures["impact"][0] < 81, "falls at Spitsbergen"
    assert 10 < figures["impact"][1] < 25


def test_every_regime_ran_and_every_log_verified(job, figures):
    done, _ = job
    assert [run["regime"] for run in figures["runs"]] == list(REGIMES)
    assert all(run["verified"] for run in figures["runs"])
    assert done.stdout.count("Verified: ") >= 3


def test_connected_ends_in_a_joint_finding_and_the_others_do_not(figures):
    by_name = {run["regime"]: run for run in figures["runs"]}
    assert (by_name["connected"]["finding"], by_name["connected"]["decision"]) == ("benign", "adopted as advice")
    assert by_name["connected"]["pictures_agree"]
    for name in ("separate", "notify"):
        assert by_name[name]["finding"] == ""


def test_history_left_it_unexplained_and_notices_explain_it(figures):
    """With history's wrong addressee nobody alone can explain it; in the system the notice reaches the watch."""
    explained = {
        run["regime"]: {side["party"]: side["explained_s"] for side in run["sides"]} for run in figures["runs"]
    }
    assert explained["separate"]["east"] is None
    assert 0 < explained["notify"]["east"] < 300
    assert 0 < explained["connected"]["east"] < 300


def test_nothing_is_disclosed_under_separate(figures):
    separate = figures["runs"][0]
    assert all(side["disclosed"] == {} and side["disclosed_bytes"] == 0 for side in separate["sides"])
    assert all(side["withheld"]["tracklet"] > 0 for side in separate["sides"])


def test_the_report_is_one_file_that_fetches_nothing(job):
    html = (job[1] / "report.html").read_text()
    assert "Andøya" in html
    assert re.findall(r"""(?:src|data|srcset)\s*=\s*["']?https?:""", html) == []
    assert "<script" not in html


def test_time_line_reads_in_order(figures):
    for run in figures["runs"]:
        times = [line["t_s"] for line in run["timeline"]]
        assert times == sorted(times)


@pytest.mark.servers
def test_a_program_that_shares_nothing_with_ours_accepts_every_log(job):
    if not TLOGCHECK.exists():
        built = subprocess.run([str(ROOT / "tools/tlogcheck/build")], capture_output=True, text=True, check=False)
        if built.returncode:
            pytest.skip(f"Go is not here: {built.stdout}{built.stderr}")
    checked = 0
    for policy in sorted(job[1].rglob("policy")):
        words = [line.split() for line in policy.read_text().splitlines()]
        log = next(key for word, key in (w[:2] for w in words if w[0] == "log") if _type(key) == 0x01)
        mirrors = [w[2] for w in words if w[0] == "witness" and _type(w[2]) == 0x04]
        command = [str(TLOGCHECK), "-log", log, "-dir", str(policy.parent)]
        if mirrors:
            command += ["-cosigners", ",".join(mirrors), "-need", str(len(mirrors))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
        checked += 1
    assert checked >= 8


def _type(vkey: str) -> int:
    import base64

    return base64.b64decode(vkey.split("+", 2)[2])[0]


@pytest.fixture
def copy(job, tmp_path):
    shutil.copytree(job[1] / "connected", tmp_path / "connected")
    return tmp_path / "connected"


def test_verify_accepts_the_untouched_copy(copy):
    done = tocsin("verify", str(copy))
    assert done.returncode == 0, done.stdout
    assert "Verified: 4 logs" in done.stdout


def test_verify_names_the_entry_that_was_changed(copy):
    bundle = next((copy / "west" / "shared" / "tile" / "entries").rglob("000"))
    data = bytearray(bundle.read_bytes())
    at = data.index(b"sounding-rocket")
    data[at] ^= 1
    bundle.write_bytes(bytes(data))
    done = tocsin("verify", str(copy))
    assert done.returncode == 1
    assert "entry 1" in done.stdout
    assert "Not verified" in done.stdout


def test_verify_says_which_tile_is_cut_off(copy):
    tile = next((copy / "east" / "shared" / "tile" / "entries").rglob("000"))
    tile.write_bytes(tile.read_bytes()[:-7])
    done = tocsin("verify", str(copy))
    assert done.returncode == 1
    assert "east/shared" in done.stdout


def test_verify_refuses_another_partys_signature(copy):
    west, east = copy / "west" / "shared" / "policy", copy / "east" / "shared" / "policy"
    west.write_bytes(east.read_bytes())
    done = tocsin("verify", str(copy))
    assert done.returncode == 1


def test_fsck_of_one_log(copy):
    done = tocsin("fsck", str(copy / "west" / "shared"))
    assert done.returncode == 0
    assert "all as signed" in done.stdout
