"""Every room that stands is exercised by the main job: take one out and this fails."""

import sys
from pathlib import Path

from tocsin.app.main import main

SOURCE = Path(__file__).parents[2] / "src" / "tocsin"
# Rooms that have their own front door and no part in the main job.
OWN_DOOR = {"assure", "client", "console", "crosscheck", "exercise", "formats"}


def test_the_main_job_goes_through_every_room(tmp_path, capsys):
    entered: set[str] = set()
    prefix = str(SOURCE) + "/"

    def note(frame, event, argument):
        if event == "call":
            name = frame.f_code.co_filename
            if name.startswith(prefix) and frame.f_code.co_name != "<module>":
                entered.add(name[len(prefix) :].split("/", maxsplit=1)[0])

    arguments = ("compare", "andoya-1995", "--regime", "connected", "--out", str(tmp_path))
    sys.setprofile(note)
    try:
        main((*arguments, "--set", "begins_s=-20.0", "--set", "ends_s=320.0"))
    except SystemExit as ended:
        assert ended.code in (0, None)
    finally:
        sys.setprofile(None)
    rooms = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert rooms - OWN_DOOR - entered == set()
