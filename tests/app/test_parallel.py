"""Runs in workers and in this process give the same record; cases are bundled only where that saves work."""

import io
import subprocess
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from tocsin import regime as regimes
from tocsin.app import parallel
from tocsin.app.campaign import Campaign
from tocsin.app.parallel import Task, bundled, run_all
from tocsin.errors import Outage
from tocsin.study.library import Library
from tocsin.study.results import TimelineEntry

sys.path.insert(0, str(Path(__file__).parents[1] / "sim"))
import short_case

SHORT = short_case.case(ends_s=45.0)
OTHER = short_case.case(ends_s=45.0, name="other")


def regime(name):
    return regimes.load(regimes.shipped(name), f"{name}.toml")


def task(folder, scenario=SHORT, name="separate", **changes):
    return Task(scenario, regime(name), 7, folder / scenario.name / name, hybrid=False, **changes)


def apart(run):
    """The record without the folder, which is the one thing that may differ."""
    return msgspec.structs.replace(run, logs="")


def test_workers_and_this_process_give_the_same_record(tmp_path):
    heard = {"here": [], "there": []}
    here = [task(tmp_path / "here", name=name) for name in ("separate", "notify")]
    there = [task(tmp_path / "there", name=name) for name in ("separate", "notify")]
    one = [apart(run) for _, run in run_all(here, heard["here"].append, size=1)]
    two = [apart(run) for _, run in run_all(there, heard["there"].append, size=2)]
    assert one == two
    assert all(run.verified for run in one)
    for said in heard.values():
        assert {key for key, what, share in said if what == "share" and share == 1.0} == {t.key for t in here}
    lines = [{(key, said.text) for key, what, said in told if what == "line"} for told in heard.values()]
    assert lines[0] == lines[1] != set()
    assert all(isinstance(said, TimelineEntry | float) for told in heard.values() for _, _, said in told)


def test_a_quiet_run_tells_that_it_ended_and_nothing_else(tmp_path):
    heard = []
    [(_, run)] = run_all([task(tmp_path, quiet=True)], heard.append, size=1)
    assert heard == [("short/separate", "share", 1.0)]
    assert run.logs == str(tmp_path / "short" / "separate")
    assert "Verified" in run.verdict


def test_only_quiet_neighbours_of_one_case_go_together(tmp_path):
    quiet = [task(tmp_path, case, name, quiet=True) for case in (SHORT, OTHER) for name in ("separate", "notify")]
    assert [len(bundle) for bundle in bundled(quiet)] == [2, 2]
    assert [len(bundle) for bundle in bundled([task(tmp_path), task(tmp_path, name="notify")])] == [1, 1]
    mixed = [quiet[0], quiet[2], quiet[1]]
    assert [t for bundle in bundled(mixed) for t in bundle] == mixed
    assert len(bundled(mixed)) == 3
    assert bundled([]) == []


def test_a_rehearsal_is_kept_for_its_case_and_seed_alone(tmp_path):
    first = parallel.rehearsal(task(tmp_path))
    assert parallel.rehearsal(task(tmp_path, name="notify")) is first
    assert parallel.rehearsal(task(tmp_path, OTHER)) is not first
    assert parallel.rehearsal(task(tmp_path)) is not first


def test_a_failure_in_a_worker_comes_out(tmp_path):
    wrong = [task(tmp_path / "here"), task(tmp_path / "gone", name="notify")]
    (tmp_path / "gone").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(Outage, match="gone"):
        list(run_all(wrong, lambda _event: None, size=2))


def test_a_campaign_leaves_one_table_one_report_and_verified_logs(tmp_path):
    text = io.StringIO()
    console = Console(file=text, width=110)
    campaign = Campaign(console, [SHORT], [regime("separate"), regime("notify")], 7, tmp_path, "tocsin compare --all")
    assert campaign.run() == 0
    said = text.getvalue()
    assert "1/2  short/" in said and "2/2  short/" in said
    assert "All logs of 2 runs verified." in said
    folder = tmp_path / "all-7"
    assert (folder / "report.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    library = msgspec.json.decode((folder / "library.json").read_bytes(), type=Library)
    assert [row.regime for row in library.rows] == ["separate", "notify"]
    assert "[short](cases.md#short), `notify`" in (folder / "sharing.md").read_text(encoding="utf-8")
    assert not (folder / "report.pdf").exists()


class Slow:
    """A queue whose words come after the result."""

    def __init__(self, words):
        self.words, self.empty = list(words), 2

    def get(self, timeout):
        if self.empty or not self.words:
            self.empty -= 1
            raise parallel.Empty
        return self.words.pop(0)


def test_no_word_is_lost_that_the_result_overtook():
    done, heard = Future(), []
    done.set_result([])
    words = Slow([parallel._packed(("a", "share", 0.5)), parallel._packed(("a", "share", 1.0))])
    parallel._listen(done, words, heard.append, lambda: ("a", "share", 1.0) in heard)
    assert heard == [("a", "share", 0.5), ("a", "share", 1.0)]


def test_a_worker_that_failed_has_no_last_word():
    failed = Future()
    failed.set_exception(Outage("gone"))
    parallel._listen(failed, Slow([]), print, lambda: False)


def test_a_worker_that_died_after_its_result_is_not_waited_for_for_ever():
    done = Future()
    done.set_result([])
    parallel._listen(done, Slow([]), print, lambda: False)


KILLED = """
import os, sys, time
from tocsin.app.parallel import pool
with pool(2) as (executor, queue):
    print(*{executor.submit(os.getpid).result() for _ in range(2)}, *executor._processes, flush=True)
    executor.submit(time.sleep, 600)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux which processes there are")
def test_workers_end_with_a_command_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True) as command:
        workers = {int(number) for number in command.stdout.readline().split()}
        command.kill()
    assert workers
    for _ in range(600):
        workers = {number for number in workers if alive(number)}
        if not workers:
            return
        time.sleep(0.05)
    raise AssertionError(f"workers go on after their command: {workers}")


def alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
