"""The fast reader against its textbook twin, `decode` then `body_of`: the same of any bytes, failures too."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.wire.examples import BODIES, statement

from tocsin.wire.bodies import body_of, encode_body, kind_of
from tocsin.wire.envelope import decode, encode
from tocsin.wire.errors import WireError
from tocsin.wire.reading import MOST_SPELLINGS, Reader

PLAIN = msgspec.structs.replace(
    statement("tracklet"), encryption=None, signatures=(), references=(), body=encode_body(BODIES["tracklet"])
)


def entry(sequence=7, t_tai_us=1_000, **change):
    observed = msgspec.structs.replace(PLAIN.observed, t_tai_us=t_tai_us)
    return encode(msgspec.structs.replace(PLAIN, sequence=sequence, observed=observed, **change))


def textbook(data):
    statement = decode(data)
    return statement, body_of(statement)


def outcome(read, data):
    try:
        return read(data)
    except WireError as error:
        return type(error), str(error), error.evidence


def warm():
    reader = Reader()
    reader.read(entry())
    return reader


def test_alike_entries_are_read_as_ever():
    reader = warm()
    for sequence in (0, 8, 10**9, 2**53 - 1):
        data = entry(sequence, sequence)
        assert reader.read(data) == textbook(data)
    assert len(reader._known) == 1


def test_every_kind():
    reader = Reader()
    for name in BODIES:
        data = encode(statement(name))
        for _ in range(2):
            assert outcome(reader.read, data) == outcome(textbook, data)


def cut(data, start, end, new):
    return data[:start] + new + data[end:]


PIECES = [
    b"", b" ", b"0", b"-1", b"01", b"9007199254740992", b"1.5", b"1e3", b'"7"', b",", b'"sequence":', b'"t_tai_us":',
    b',"body":', b"{}", b"}", b"}}", b"{", b'"mode":"live"', b',"sequence":5', b'},"body":{', b"\\u0031",
    b"\xff", b"null",
]  # fmt: skip


@given(data=st.data())
def test_changed_entries_fail_alike(data):
    good = entry(data.draw(st.integers(0, 2**53 - 1)), data.draw(st.integers(0, 2**53 - 1)))
    marks = [good.find(mark) for mark in (b'"sequence":', b',"mode"', b'"t_tai_us":', b',"uncertainty', b',"body":')]
    near = st.sampled_from([at + n for at in marks for n in range(14)])
    start = data.draw(st.one_of(st.integers(0, len(good)), near))
    end = min(len(good), start + data.draw(st.integers(0, 12)))
    piece = data.draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=4)))
    bad = cut(good, start, end, piece)
    assert outcome(warm().read, bad) == outcome(textbook, bad)


def test_a_name_that_stands_twice_is_refused_also_by_a_reader_that_knows_the_spelling():
    for old, new in ((b'{"track":', b'{"sensors":3,"track":'), (b'"body":{', b'"body":{"x":1},"body":{'),
                     (b'"sequence":7', b'"sequence":7,"sequence":7')):  # fmt: skip
        bad = entry().replace(old, new, 1)
        assert outcome(warm().read, bad) == outcome(textbook, bad)
        assert isinstance(outcome(warm().read, bad)[1], str)


def test_foreign_spellings_are_read_and_not_remembered():
    reader = Reader()
    loose = json.dumps(json.loads(entry())).encode()
    assert reader.read(loose) == textbook(loose)
    assert not reader._known


def test_marks_inside_texts_lead_nobody_astray():
    marking = msgspec.structs.replace(PLAIN.marking, authority='"t_tai_us":5,"sequence":9,"body":{}')
    for sequence in (3, 4):
        data = entry(sequence, marking=marking)
        reader = warm()
        assert [reader.read(data) for _ in range(2)] == [textbook(data)] * 2


def test_it_holds_little():
    reader = Reader()
    for number in range(3 * MOST_SPELLINGS):
        reader.read(entry(origin=f"west.example/{number}"))
    assert len(reader._known) <= MOST_SPELLINGS


def test_the_kind_of_the_example():
    assert kind_of(BODIES["tracklet"])[0] == PLAIN.kind
    with pytest.raises(WireError):
        warm().read(entry()[:-1])
