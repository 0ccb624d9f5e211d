"""Long campaigns in pieces: broken off and gone on with, never mixed with those of another program."""

import json

import pytest
from campaigns import pieces, soak

WORKED = []


def work(piece):
    WORKED.append(piece)
    return {"square": piece * piece}


def test_a_campaign_that_was_broken_off_is_gone_on_with(tmp_path):
    path = tmp_path / "some.jsonl"
    WORKED.clear()
    first = pieces.play(work, range(3), path, "one", 1)
    path.write_text(path.read_text() + '{"piece": 3, "resul')  # the power went off
    again = pieces.play(work, range(5), path, "one", 1)
    assert WORKED == [0, 1, 2, 3, 4]
    assert first == {k: {"square": k * k} for k in range(3)}
    assert again == {k: {"square": k * k} for k in range(5)}
    assert pieces.held(path, "one") == again


def test_results_of_another_program_are_put_aside(tmp_path):
    path = tmp_path / "some.jsonl"
    WORKED.clear()
    pieces.play(work, range(2), path, "one", 1)
    pieces.play(work, range(2), path, "another", 1)
    assert WORKED == [0, 1, 0, 1]
    assert len(list(tmp_path.glob("*.old-*"))) == 1


def test_the_key_is_that_of_the_sources(tmp_path):
    file = tmp_path / "a.py"
    file.write_text("x = 1\n")
    before = pieces.program(("errors.py",), str(file))
    file.write_text("x = 2\n")
    assert before != pieces.program(("errors.py",), str(file))


def test_hours_add_up():
    one = {"hours": 1.0, "scans": 10, "threats_in_all": 0, "events_of_nothing": 1, "cpu_s": 2.0,
           "parties": {"west": {"events": {"nothing": 1}, "of them proposed for display": {}, "threats": ["a"]}}}
    both = soak.merged([one, one])
    assert both["hours"] == 2.0
    assert both["events_of_nothing"] == 2.0
    assert both["parties"]["west"] == {
        "threats": ["a", "a"], "events": {"nothing": 2}, "of them proposed for display": {}
    }  # fmt: skip


def test_the_readme_says_what_was_found(tmp_path, monkeypatch):
    monkeypatch.setattr(soak.pieces, "BUILD", tmp_path)
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{soak.MARKS[0]}\nold\n{soak.MARKS[1]}\nafter\n")
    monkeypatch.setattr(soak, "README", readme)
    with pytest.raises(SystemExit, match="no hour"):
        soak.readme()
    hour = {"hours": 1.0, "scans": 1530, "threats_in_all": 0, "events_of_nothing": 0, "cpu_s": 100.0,
            "parties": {"west": {"events": {"aircraft": 3}, "of them proposed for display": {}, "threats": []}}}
    head = json.dumps({"program": soak._program()}) + "\n"
    (tmp_path / "soak-1.jsonl").write_text(head + json.dumps({"piece": "1 0 1", "result": hour}) + "\n")
    text = soak.readme()
    assert "**1 hours** (1,530 scans" in text
    assert readme.read_text().startswith("before\n") and readme.read_text().endswith("after\n")
    assert "old" not in readme.read_text()


def test_vehicles_that_do_not_fly_are_passed_over():
    assert len(soak.flights(2, 1)) == 2
