"""The process of an exercise: its end, its report, its disk."""

import asyncio
import time
from dataclasses import replace

import pytest
from game_table import short_case

from tocsin import regime as regimes
from tocsin.app.exercising import Plan, Rooms
from tocsin.errors import Outage
from tocsin.node.adapters.tilefiles import append_file


def rooms_of(folder, **changes) -> Rooms:
    fields = {
        "scenario": short_case(-1.0, 1.0), "regime": regimes.load(regimes.shipped("joint"), "joint"), "seed": 7,
        "speed": 100.0, "port": 0, "scripted": (), "passkeys": False, "votes": 2, "scenarios": None,
        "folder": folder / "game", "consent": False, "begin": True, "once": False, "source": (),
        "regime_named": "joint",
    }  # fmt: skip
    return Rooms(Plan(**{**fields, **changes}))


@pytest.fixture
def rooms(tmp_path, monkeypatch) -> Rooms:
    """Two seconds of play; the kit, a process of its own, is left out."""

    async def no_kit(_: Rooms) -> None:
        return

    monkeypatch.setattr(Rooms, "_kit", no_kit)
    return rooms_of(tmp_path)


def test_ctrl_c_while_the_report_is_written_waits_for_it_and_writes_it_once(rooms, monkeypatch):
    written = []

    def slowly() -> None:
        rooms.stop()  # as the signal does
        time.sleep(0.3)
        written.append(rooms.desk.state)

    monkeypatch.setattr(rooms, "_write_report", slowly)
    asyncio.run(rooms.run())
    assert written == ["working"]
    assert rooms.desk.state == "ready"


def test_a_stop_before_endex_ends_the_game_and_writes_the_report_once(rooms, monkeypatch):
    written = []
    rooms.game.no_duff("director", "stands still")
    rooms.plan = replace(rooms.plan, begin=False)
    monkeypatch.setattr(rooms, "_write_report", lambda: written.append(rooms.game.state.ended))

    async def play() -> None:
        asyncio.get_running_loop().call_later(0.2, rooms.stop)
        await rooms.run()

    asyncio.run(play())
    assert written == [True]


def test_an_outage_of_the_disk_ends_neither_play_nor_the_process(rooms, monkeypatch):
    advance, failed = rooms.game.advance, []

    def failing(budget_ns: int) -> bool:
        if len(failed) < 3:
            failed.append(budget_ns)
            raise Outage("store.db: database or disk is full")
        return advance(budget_ns)

    def full() -> None:
        rooms.stop()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(rooms.game, "advance", failing)
    monkeypatch.setattr(rooms, "_write_report", full)
    asyncio.run(rooms.run())
    refused = [entry.text for entry in rooms.game.journal.entries if entry.act == "refused"]
    assert refused[0] == "store.db: database or disk is full"
    assert "the report could not be written: [Errno 28]" in refused[1]
    assert len(refused) == 2
    assert any("every entry lies in the stores" in line for line in rooms.ending())


def test_what_is_added_to_a_file_is_added_whole_or_not_at_all(tmp_path):
    append_file(tmp_path / "journal", b"one\n")
    append_file(tmp_path / "journal", b"two\n")
    assert (tmp_path / "journal").read_bytes() == b"one\ntwo\n"
    with pytest.raises(Outage, match="free the disk"):
        append_file(tmp_path, b"a folder")
