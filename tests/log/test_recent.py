"""The last entries in memory, against a dictionary of everything; and who may answer from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.log.logs import flipped, some_entries, written
from tests.mirror.gates import gate, log, push
from tests.mirror.gates import some_entries as plain_entries

from tocsin.log.errors import TileError
from tocsin.log.recent import Recent
from tocsin.mirror.memory import MemoryMirrorStore

STEPS = st.lists(st.tuples(st.integers(-3, 4), st.integers(0, 6)), max_size=12)


@given(steps=STEPS, most=st.integers(1, 12))
def test_what_is_there_is_what_was_added_last(steps, most):
    recent, all_of_it, end = Recent(most, 10_000), {}, 0
    for number, (shift, count) in enumerate(steps):
        start = max(0, end + shift)
        entries = [b"%d of step %d" % (at, number) for at in range(start, start + count)]
        recent.add(start, entries)
        end = start + count
        all_of_it = {at: data for at, data in all_of_it.items() if at < start} | dict(enumerate(entries, start))
        for first in range(end + 2):
            for last in range(first, end + 2):
                found = recent.get(first, last)
                assert found is None or found == [all_of_it[at] for at in range(first, last)]
        assert count > most or not count or recent.get(end - min(count, (most + 1) // 2), end) is not None


def test_it_is_bounded_in_number_and_bytes():
    recent = Recent(100, 1_000)
    for start in range(0, 2_000, 10):
        recent.add(start, [bytes(90)] * 10)
        assert len(recent._entries) <= 11
        assert recent._bytes == 90 * len(recent._entries)


def test_a_writer_gives_what_it_signed_and_entries_what_the_disk_holds():
    writer = written(0)
    for start in (0, 5):
        writer.append(some_entries(5, start))
        writer.commit()
    assert writer.fresh(2, 9) == writer.entries(2, 9) == some_entries(7, 2)
    writer._store.held[3] = flipped(writer._store.held[3], 1)
    assert writer.fresh(2, 9) == some_entries(7, 2)
    with pytest.raises(TileError):
        writer.entries(2, 9)


def test_a_gate_gives_what_it_verified_and_a_later_gate_what_the_disk_holds():
    writer, store = log(plain_entries(3)), MemoryMirrorStore()
    mirror = gate(store=store)
    push(writer, mirror)
    writer.append(plain_entries(4, 3))
    writer.commit()
    push(writer, mirror)
    assert mirror.fresh(1, 7) == mirror.entries(1, 7)
    assert mirror.fresh(5, 99) == mirror.entries(5, 99)
    store.held[2] = b"rotten"
    assert [one.data for one in mirror.fresh(0, 7)] == plain_entries(7)
    with pytest.raises(TileError):
        mirror.entries(0, 7)
