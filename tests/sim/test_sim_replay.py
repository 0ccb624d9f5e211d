"""A replay shows what the console showed: boards from exported logs against boards of the centre that made them."""

import gzip
import json
from dataclasses import replace

import msgspec
import pytest
import short_case
from hypothesis import given
from hypothesis import strategies as st

from tocsin import regime as regimes
from tocsin.app import replaying
from tocsin.app.files import write_logs
from tocsin.console.host import CentreHost
from tocsin.console.replay import Recorder, ReplayHost, patch, patched
from tocsin.console.sight import Sight
from tocsin.console.views import VIEWS
from tocsin.errors import BadEvidence, Refusal
from tocsin.node.desk import Desk
from tocsin.release import Draft
from tocsin.sim.play import play

SAME = ("tracks", "areas", "events", "notices", "proposals", "talk", "dockets", "timeline", "trails")
LOOK_S = 45.5


class AsReplay(CentreHost):
    def play(self):
        return replace(super().play(), replay=True)


def shown(host):
    """What a page that is opened now sees, without what depends on who looked before."""
    sight = Sight(host)
    sight.refresh()
    board = {name: msgspec.to_builtins(VIEWS[name](sight)) for name in SAME}
    for item in board["timeline"]["items"]:
        # Logs tell when an entry was held to a tenth of a second where the link is up; all else is the same to the bit.
        item["t_tai_us"] = round(item["t_tai_us"] / 1e6)
    return board


class Looking:
    period_s = LOOK_S

    def __init__(self):
        self.seen = {}

    def look(self, t_s, desks):
        for party, desk in desks.items():
            host = AsReplay(desk.centre, Desk(desk.centre, most=32), "A short case")
            self.seen[party, desk.centre.now_tai_ns] = shown(host)


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    looking = Looking()
    done = play(short_case.case(), regimes.load(regimes.shipped("connected"), "c"), 7, watcher=looking, hybrid=False)
    folder = tmp_path_factory.mktemp("run")
    write_logs(done, folder)
    return folder, looking.seen, done


def past_of(folder):
    return next(iter(replaying.runs_below(folder, folder / "replay").values()))


def test_at_every_look_the_logs_alone_give_the_board_that_the_centre_gave(played):
    folder, seen, _ = played
    past = past_of(folder)
    assert past.parties == ("east", "west")
    for party in past.parties:
        centre = past.centre(party, replaying._told(short_case.case(), party))
        for (_, t_ns), live in sorted((key, board) for key, board in seen.items() if key[0] == party):
            centre.advance(t_ns)
            again = shown(ReplayHost(centre, "A short case", past.ends_tai_ns))
            for name in SAME:
                assert again[name] == live[name], (party, name, (t_ns - past.begins_tai_ns) / 1e9)
    assert any(board["events"] for board in seen.values())
    assert any(one["status"] == "ADOPTED" for board in seen.values() for one in board["proposals"])


def test_a_recording_gives_every_board_back_and_its_parts_stand_alone(played):
    past = past_of(played[0])
    centre = past.centre("east", replaying._told(short_case.case(), "east"))
    recorder = Recorder(ReplayHost(centre, "x", past.ends_tai_ns), past.begins_tai_ns, past.ends_tai_ns, 5.0)
    boards, plain = [], recorder.board
    recorder.board = lambda: boards.append(plain()) or boards[-1]
    made = recorder.record()
    assert len(made.parts) == 2
    read = []
    for part in made.parts:
        board = None
        for frame in json.loads(part.data())["frames"]:
            board = frame["set"] if board is None else patched(board, frame["set"])
            read.append(board)
    assert read == boards
    assert {mark["kind"] for mark in made.marks} >= {"notification", "proposal", "vote"}
    charts = json.loads(made.charts)
    assert charts["tracks"]
    assert charts["judged"]
    assert set(json.loads(made.statements)["statements"]) >= {one.entry.sha256 for one in centre.said}
    with pytest.raises(Refusal):
        centre.publish(Draft(body=centre.said[0].body, observed_tai_ns=0))


def test_nothing_is_replayed_from_a_log_that_was_changed(played, tmp_path):
    folder, _, done = played
    write_logs(done, tmp_path / "run")
    bundle = next((tmp_path / "run/west/shared/tile/entries").rglob("*[0-9]"))
    data = bytearray(bundle.read_bytes())
    data[len(data) // 2] ^= 1
    bundle.write_bytes(bytes(data))
    with pytest.raises(BadEvidence, match="Nothing is replayed"):
        replaying.make(tmp_path / "run", tmp_path / "out")
    with pytest.raises(Refusal, match="no exported logs"):
        replaying.make(tmp_path / "out2" if (tmp_path / "out2").mkdir() is None else tmp_path, tmp_path / "out")
    with pytest.raises(Refusal, match="not empty"):
        replaying.make(folder, tmp_path / "run")


VALUES = st.one_of(st.none(), st.integers(0, 3), st.text(max_size=2), st.lists(st.integers(0, 2), max_size=2))
TRAILS = st.fixed_dictionaries(
    {
        "step_s": st.just(10.0),
        "trail": st.dictionaries(st.sampled_from("abc"), st.lists(st.integers(0, 9), max_size=32)),
    }
)  # fmt: skip
BOARDS = st.fixed_dictionaries(
    {
        "head": st.fixed_dictionaries({"a": VALUES, "b": VALUES}), "talk": st.lists(VALUES, max_size=3),
        "tracks": st.fixed_dictionaries({"id": st.lists(st.integers(0, 5), max_size=3)}), "trails": TRAILS,
    }
)  # fmt: skip


@given(st.lists(BOARDS, min_size=1, max_size=6))
def test_changes_one_after_another_give_every_board_back(boards):
    now = None
    for board in boards:
        change = json.loads(gzip.decompress(gzip.compress(json.dumps(patch(now, board)).encode())))
        now = change if now is None else patched(now, change)
        assert now == board
