"""Wrong things typed: one clear sentence that names the file or field and what was expected, and a non-zero exit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.app.main import main
from tocsin.sim.scenario import shipped_bytes

FINGERPRINT = "0000 0000 0000 0000 0000 0000 0000 0000"


def run(capsys, *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.err + captured.out


def scenario(tmp_path: Path, old: str, new: str) -> str:
    text = shipped_bytes("andoya-1995").decode()
    assert old in text
    file = tmp_path / "case.toml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('launch = "1995-01-25T06:24:00Z"', 'launch = "yesterday"', "launch"),
        ("latitude_deg = 54.36", "latitude_deg = 154.36", "latitude_deg"),
        ("[defects]", "[defects]\nmood = 3", "mood"),
        ('by = "west"', 'by = "north"', "notice"),
        ("name = ", "name == ", "line"),
        ("detection_probability = 0.95", "detection_probability = 95", "detection_probability"),
        ('id = "west-ir"', 'id = "west-radar"', "each id once"),
        ("burn_s = 6.0", "burn_s = -6.0", "burn_s"),
    ],
)
def test_malformed_scenario(capsys, tmp_path, old, new, said):
    code, words = run(capsys, "run", scenario(tmp_path, old, new), "--out", str(tmp_path))
    assert code == 2
    assert "case.toml" in words
    assert said in words
    assert "Traceback" not in words


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "no-such-case"), "andoya-1995"),
        (("run", "missing.toml"), "missing.toml"),
        (("run", "andoya-1995", "--regime", "friendship"), "connected"),
        (("run", "andoya-1995", "--set", "defects.wrong_addressee=perhaps"), "TOML value"),
        (("run", "andoya-1995", "--set", "launch.pad=1"), "launch"),
        (("verify", "nowhere"), "nowhere"),
        (("fsck", "nowhere"), "nowhere"),
        (("serve", "nowhere/CENTRE.toml"), "tocsin init"),
        (("study", "flights", "nowhere.csv"), "nowhere.csv"),
    ],
)
def test_wrong_arguments(capsys, arguments, said):
    code, words = run(capsys, *arguments)
    assert code != 0
    assert said in words
    assert "Traceback" not in words


def test_a_folder_without_logs_is_not_verified(capsys, tmp_path):
    code, words = run(capsys, "verify", str(tmp_path))
    assert code == 2
    assert "no log here" in words


def test_unknown_command(capsys):
    code, words = run(capsys, "launch")
    assert code != 0
    assert "launch" in words


def test_init_refuses_to_replace_a_centre(capsys, tmp_path):
    assert run(capsys, "init", "west", "--folder", str(tmp_path / "w"))[0] == 0
    code, words = run(capsys, "init", "west", "--folder", str(tmp_path / "w"))
    assert code == 2
    assert "already" in words
    assert (tmp_path / "w" / "secret.key").stat().st_mode & 0o077 == 0


def test_pairing_needs_the_right_fingerprint(capsys, tmp_path):
    run(capsys, "init", "west", "--folder", str(tmp_path / "w"))
    run(capsys, "init", "east", "--folder", str(tmp_path / "e"))
    card = str(tmp_path / "e" / "card.json")
    code, words = run(capsys, "pair", str(tmp_path / "w" / "CENTRE.toml"), card, "--fingerprint", FINGERPRINT)
    assert code == 2
    assert "not paired" in words
    assert not (tmp_path / "w" / "partners").exists()


def test_exercise_and_live_do_not_pair(capsys, tmp_path):
    run(capsys, "init", "west", "--folder", str(tmp_path / "w"), "--mode", "live")
    run(capsys, "init", "east", "--folder", str(tmp_path / "e"), "--mode", "exercise")
    card = str(tmp_path / "e" / "card.json")
    code, words = run(capsys, "pair", str(tmp_path / "w" / "CENTRE.toml"), card, "--fingerprint", FINGERPRINT)
    assert code == 2
    assert "never meet" in words


@pytest.mark.parametrize(("old", "new"), [('"party":', '"parti":'), ("+", "-"), ("tocsin.exercise", "tocsin.live")])
def test_a_card_that_was_tampered_with(capsys, tmp_path, old, new):
    run(capsys, "init", "west", "--folder", str(tmp_path / "w"))
    run(capsys, "init", "east", "--folder", str(tmp_path / "e"))
    card = tmp_path / "e" / "card.json"
    card.write_text(card.read_text().replace(old, new))
    code, words = run(capsys, "pair", str(tmp_path / "w" / "CENTRE.toml"), str(card), "--fingerprint", FINGERPRINT)
    assert code == 2
    assert "card.json" in words or "key" in words


def test_settings_with_a_mistake(capsys, tmp_path):
    run(capsys, "init", "west", "--folder", str(tmp_path / "w"))
    file = tmp_path / "w" / "CENTRE.toml"
    file.write_text(file.read_text().replace("port = 8401", "port = 99999999"))
    code, words = run(capsys, "serve", str(file))
    assert code == 2
    assert "port" in words


def test_a_live_centre_takes_no_exercise(capsys, tmp_path):
    run(capsys, "init", "west", "--folder", str(tmp_path / "w"), "--mode", "live")
    file = tmp_path / "w" / "CENTRE.toml"
    file.write_text(file.read_text() + '[exercise]\nscenario = "andoya-1995"\nseed = 1\nbegins_posix_s = 0\n')
    code, words = run(capsys, "serve", str(file))
    assert code == 2
    assert "never meet" in words


def test_a_reader_that_left_ends_it_quietly():
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run([sys.executable, "-m", "tocsin.app", "scenarios"], stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, b"")
