"""Round trips, bounds, and every way in which bytes can fail to be a statement."""

import contextlib
import json
import math

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.errors import BadEvidence
from tocsin.wire import KINDS, UnknownKind, WireError, body_of, decode, encode, encode_body, kind_of
from tocsin.wire.envelope import MAX_ENTRY_BYTES

from .examples import BODIES, ENCRYPTION, statement
from .strategies import BODIES as ANY
from .strategies import STATEMENTS

SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.filter_too_much)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=SLOW_IS_FINE)


def wired(body):
    kind, number = kind_of(body)
    return msgspec.structs.replace(statement(kind), kind=kind, schema=number, body=encode_body(body))


@pytest.mark.parametrize("key", sorted(KINDS))
def test_round_trip_of_every_body(key):
    @QUICK
    @given(ANY[key])
    def holds(body):
        try:
            sent = wired(body)
        except WireError as error:  # the only bound that a single field cannot hold
            pytest.fail(str(error))
        assert body_of(sent) == body
        try:
            data = encode(sent)
        except WireError as error:
            assert str(MAX_ENTRY_BYTES) in str(error)
            return
        assert body_of(decode(data)) == body
        assert encode(decode(data)) == data

    holds()


@QUICK
@given(STATEMENTS)
def test_round_trip_of_the_envelope(sent):
    try:
        data = encode(sent)
    except WireError:
        return
    assert decode(data) == sent


def altered(kind, *path, value):
    """Bytes of the example with one value replaced, whatever its type."""
    tree = json.loads(encode(statement(kind)))
    inner = tree
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return json.dumps(tree).encode()


def read(data):
    return body_of(decode(data))


@pytest.mark.parametrize(
    ("kind", "path", "value"),
    [
        ("vote", ("tocsin",), 2),
        ("vote", ("kind",), "Vote"),
        ("vote", ("schema",), 0),
        ("vote", ("origin",), "west example"),
        ("vote", ("origin",), "west.example\n"),
        ("vote", ("epoch",), -1),
        ("vote", ("sequence",), 2**53),
        ("vote", ("sequence",), 1.5),
        ("vote", ("mode",), "test"),
        ("vote", ("regime",), "0" * 63),
        ("vote", ("regime",), "0" * 64 + "\n"),
        ("vote", ("marking", "releasable_to"), ["west"] * 65),
        ("vote", ("marking", "language"), "english"),
        ("vote", ("observed", "t_tai_us"), 2**53),
        ("vote", ("observed", "uncertainty_us"), None),
        ("vote", ("references",), [{}]),
        ("vote", ("signatures",), ["x"]),
        ("vote", ("body", "choice"), "no"),
        ("vote", ("body", "proposal_sha256"), "F" * 64),
        ("vote", ("body", "party"), ""),
        ("tracklet", ("body", "information"), [0.0] * 20),
        ("tracklet", ("body", "information"), [0.0] * 22),
        ("tracklet", ("body", "position_ecef_m"), [1.0, 2.0]),
        ("tracklet", ("body", "position_ecef_m"), [1e10, 0.0, 0.0]),
        ("tracklet", ("body", "velocity_ecef_m_s"), [4e4, 0.0, 0.0]),
        ("tracklet", ("body", "existence"), 1.0000001),
        ("tracklet", ("body", "existence"), True),
        ("tracklet", ("body", "phase"), "glide"),
        ("tracklet", ("body", "since_tai_us"), 2**52),
        ("tracklet", ("body", "coarsened"), True),  # it has a since
        ("tracklet", ("body", "track"), "x" * 65),
        ("notification", ("body", "identifier"), "PLN/NO/1995/001/001/01"),  # an extension is 02
        ("notification", ("body", "identifier"), "PLN/NO/1995/001/001/07"),
        ("notification", ("body", "refers_to"), None),
        ("notification", ("body", "refers_to"), "yesterday's"),
        ("notification", ("body", "window", "end_tai_us"), 0),
        ("notification", ("body", "launch_area", "type"), "square"),
        ("notification", ("body", "launch_area", "latitude_deg"), 90.5),
        ("notification", ("body", "impact_area", "vertices_deg"), [[0, 0], [1, 1]]),
        ("notification", ("body", "text"), "x" * 8_001),
        ("assessment", ("body", "site_report"), "true"),
        ("proposal", ("body", "finding"), "threat"),
        ("proposal", ("body", "finding"), "attack"),
        ("proposal", ("body", "finding"), "engage"),
        ("conference", ("body", "level"), "war"),
        ("standing", ("body", "action"), "leave"),
    ],
)
def test_out_of_bounds_is_refused_with_the_field_named(kind, path, value):
    data = altered(kind, *path, value=value)
    with pytest.raises(WireError) as caught:
        read(data)
    assert not isinstance(caught.value, UnknownKind)
    named = [part for part in path if isinstance(part, str) and part != "body"]
    assert any(part in str(caught.value) for part in (named[-1], named[0])), str(caught.value)
    assert isinstance(caught.value, BadEvidence)
    assert caught.value.evidence in data or caught.value.evidence


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("kind", ["tracklet", "notification"])
def test_numbers_that_are_none_are_refused_both_ways(number, kind):
    field = {"tracklet": "existence", "notification": "apogee_km"}[kind]
    body = msgspec.structs.replace(BODIES[kind], **{field: number})
    if kind == "tracklet":  # in an optional field our encoder would write null, which says nothing and is allowed
        with pytest.raises(WireError, match=field):
            encode_body(body)
    data = altered(kind, "body", field, value=number)
    assert any(word in data for word in (b"NaN", b"Infinity"))
    with pytest.raises(WireError):
        read(data)


@pytest.mark.parametrize("digits", [b"1e400", b"-1e400", b"0.9e999", b"01", b"+1", b"0x1", b".5", b"1_0"])
def test_numbers_that_are_not_json_or_not_finite(digits):
    with pytest.raises(WireError):
        read(encode(statement("tracklet")).replace(b'"existence":0.998', b'"existence":' + digits))


@pytest.mark.parametrize("level", ["envelope", "marking", "body", "inner"])
def test_unknown_fields_are_refused(level):
    tree = json.loads(encode(statement("vote")))
    place = {"envelope": tree, "marking": tree["marking"], "body": tree["body"], "inner": tree["body"]["heads"][0]}
    place[level]["extra"] = 1
    with pytest.raises(WireError, match="extra"):
        read(json.dumps(tree).encode())


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_missing_fields_are_refused(kind):
    required = [field.name for field in msgspec.structs.fields(BODIES[kind]) if field.required]
    for name in required:
        tree = json.loads(encode(statement(kind)))
        del tree["body"][name]
        with pytest.raises(WireError, match=name):
            read(json.dumps(tree).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"choice":"yes"', b'"choice":"yes","choice":"close"'),
        (b'"choice":"yes"', b'"choice":"close","\\u0063hoice":"yes"'),
        (b'"epoch":1,"sequence"', b'"epoch":1,"epoch":1,"sequence"'),
        (b'"size":0', b'"size":0,"size":0'),
        (b'"body":{', b'"body":{},"body":{'),
    ],
)
def test_a_name_that_stands_twice_is_refused(old, new):
    data = encode(statement("vote"))
    assert old in data
    with pytest.raises(WireError, match="stands twice"):
        read(data.replace(old, new))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b"null", b"1", b'"x"', b"{", b"\x00", b"\xff\xfe", b"[" * 60_000, b'{"a":' * 10_000,
        b'{"body":' + b"[" * 30_000 + b"]" * 30_000 + b"}",
    ],
)  # fmt: skip
def test_not_a_statement(data):
    with pytest.raises(WireError):
        decode(data)


def test_deep_nesting_in_a_body_is_refused():
    data = encode(statement("vote"))
    head, _, _ = data.partition(b'"body":')
    for deep in (b"[" * 30_000 + b"]" * 30_000, b'{"heads":' * 6_000 + b"1" + b"}" * 6_000):
        with pytest.raises(WireError):
            read(head + b'"body":' + deep + b"}")


def test_text_that_is_not_utf8_is_refused():
    data = encode(statement("retraction"))
    for old in (b"entries 4", b"Centre W"):
        assert old in data
        with pytest.raises(WireError):
            read(data.replace(old, b"\xc3\x28"))
        with pytest.raises(WireError):
            read(data.replace(old, b"\\ud800"))


def test_text_that_is_not_unicode_cannot_be_said():
    with pytest.raises(WireError, match="Unicode"):
        encode_body(msgspec.structs.replace(BODIES["retraction"], text="\udcff"))
    marking = msgspec.structs.replace(statement("vote").marking, authority="\ud800")
    with pytest.raises(WireError, match="Unicode"):
        encode(msgspec.structs.replace(statement("vote"), marking=marking))


def test_bytes_after_the_statement_are_refused():
    with pytest.raises(WireError):
        decode(encode(statement("vote")) + b"{}")


def test_oversize_is_refused_both_ways():
    long = msgspec.structs.replace(BODIES["agreement"], regime_text="\x01" * 20_000)  # six bytes a character
    with pytest.raises(WireError, match="65535"):
        encode(wired(long))
    with pytest.raises(WireError, match="65535"):
        decode(encode(statement("vote")) + b" " * MAX_ENTRY_BYTES)


def test_unknown_kind_and_number_keep_the_envelope():
    for changes in ({"kind": "weather"}, {"schema": 2}, {"encryption": ENCRYPTION}):
        known = decode(encode(msgspec.structs.replace(statement("vote"), **changes)))
        assert known.origin == "west.example/shared"
        with pytest.raises(UnknownKind) as caught:
            body_of(known)
        assert caught.value.evidence == bytes(known.body)


@QUICK
@given(st.binary(max_size=300))
def test_any_bytes_are_a_statement_or_bad_evidence(data):
    try:
        decode(data)
    except WireError as error:
        assert error.evidence == data


@QUICK
@given(st.sampled_from(sorted(BODIES)), st.data())
def test_any_damage_is_another_statement_or_bad_evidence(kind, data):
    good = bytearray(encode(statement(kind)))
    at = data.draw(st.integers(0, len(good) - 1))
    good[at] = data.draw(st.integers(0, 255))
    with contextlib.suppress(WireError):
        read(bytes(good))
