"""The long campaign: what its pieces are called, how they add up, and what stands on file."""

import json

from campaigns import simulate

from tocsin.sim.faults import Result

QUIET = Result(7, 250, ("loss",), ("ADOPTED",), 0, {"loss": 2}, (), ("ab",))
WRONG = Result(8, 199, (), ("ADOPTED", "CLOSED"), 1, {}, ("C1 something",), ("ab",))


def test_every_seed_stands_in_one_piece():
    cut = simulate.cut(50, 230, real=False)
    assert cut == ["50 100", "150 100", "250 30"]
    assert simulate.covered(cut) == [(50, 279)]
    assert simulate.covered(["50 100", "250 30"]) == [(50, 149), (250, 279)]
    assert simulate.cut(0, 1, real=True) == ["0 1 real"]


def test_pieces_add_up():
    both = simulate.summary([simulate.counted([QUIET]), simulate.counted([WRONG, QUIET])])
    assert (both["runs"], both["runs_of_200_steps"], both["parted_and_disputed"]) == (3, 2 / 3, 1)
    assert both["coverage"]["ADOPTED"] == 1.0
    assert both["coverage"]["loss"] == 0.6667
    assert "CLOSED" not in both["below_one_percent"]
    assert "bit-rot" in both["below_one_percent"]
    assert both["violations"] == {"8": ["C1 something"]}


def test_a_run_that_breaks_off_is_a_violation(monkeypatch):
    def broken(seed, real):
        raise ValueError("no")

    monkeypatch.setattr(simulate, "run", broken)
    assert simulate.counted([simulate.caught(5, real=False)])["violations"] == {
        "5": ["the run broke off: ValueError: no"]
    }


def test_what_is_on_file_is_told_by_program(tmp_path):
    for key, piece in (("0" * 16, "0 1"), ("1" * 16, "5 1")):
        lines = ({"program": key}, {"piece": piece, "result": simulate.counted([QUIET])})
        (tmp_path / f"simulate-{key}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    reports = simulate.on_file(tmp_path, "simulate")
    assert {key: (one["seeds"], one["runs"]) for key, one in reports.items()} == {
        "0" * 16: ([(0, 0)], 1), "1" * 16: ([(5, 5)], 1),
    }  # fmt: skip
    assert simulate.on_file(tmp_path, "simulate-real") == {}
