"""CAP against the schema of OASIS, STIX against the library of OASIS; and an actual alert is out of reach."""

from pathlib import Path
from typing import get_args

import pytest
import stix2
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from tocsin.formats import cap, stix
from tocsin.formats.errors import FormatError
from tocsin.wire.bodies import Circle, Notification, Polygon, Window, encode_body
from tocsin.wire.cyber import CyberIncident, CyberNature, Indicator
from tocsin.wire.envelope import Marking, Observed, Statement
from tocsin.wire.messages import HazardNotice
from tocsin.world.time import parse_utc

SCHEMA = etree.XMLSchema(etree.parse(str(Path(__file__).parent / "data" / "CAP-v1.2.xsd")))
T = parse_utc("1995-01-25T06:00:00Z")
WINDOW = Window(start_tai_us=T // 1_000, end_tai_us=T // 1_000 + 7_200_000_000)
AREA = Polygon(vertices_deg=((79.0, -5.0), (81.5, 0.25), (80.0, 12.0)))


def said(body, mode="exercise", sequence=0):
    kinds = {HazardNotice: "hazard-notice", Notification: "notification", CyberIncident: "cyber-incident"}
    return Statement(
        tocsin=1, kind=kinds[type(body)], schema=1, origin=f"tocsin.{mode}/case/west", epoch=0, sequence=sequence,
        mode=mode, regime="0" * 64, marking=Marking(releasable_to=("east",), originator="west", authority="test"),
        observed=Observed(t_tai_us=T // 1_000, uncertainty_us=0, clock="utc"), references=(), encryption=None,
        signatures=(), body=encode_body(body),
    ), body  # fmt: skip


def notice(form, number, **fields):
    first = "PLN/NO/1995/001/001/01"
    return Notification(
        identifier=f"PLN/NO/1995/001/001/0{number}", format=form, addressee="all",
        refers_to=None if number == 1 else first, window=WINDOW, **fields,
    )  # fmt: skip


HAZARD = HazardNotice(number="NAVAREA XIX 12/95", area=AREA, window=WINDOW, nature="rocket", text="keep <clear> & wait")


@pytest.mark.parametrize("mode", ["exercise", "live"])
def test_alerts_hold_to_the_schema_and_are_never_actual(mode):
    circle = Circle(latitude_deg=69.3, longitude_deg=16.0, radius_km=30.0)
    bodies = [
        HAZARD,
        notice("pre-launch", 1, impact_area=AREA, launch_area=circle),
        notice("window-extension", 2),
        notice("cancellation", 4),
    ]
    made = cap.alerts(said(body, mode, n) for n, body in enumerate(bodies))
    assert [one.kind for one in made] == ["Alert", "Alert", "Update", "Cancel"]
    for one in made:
        data = cap.cap(one)
        SCHEMA.assertValid(etree.fromstring(data))
        assert f"<status>{'Exercise' if mode == 'exercise' else 'Draft'}</status>".encode() in data
        assert b"Actual" not in data
        assert cap.read_cap(data) == one


def test_the_schema_is_a_check():
    """Canary: an alert without its sender, and one with a status of our own, are refused by it."""
    data = cap.cap(cap.alerts([said(HAZARD)])[0])
    assert not SCHEMA.validate(etree.fromstring(data.replace(b">Exercise<", b">Rehearsal<")))
    start = data.index(b"<sender>")
    end = data.index(b"</sender>") + len(b"</sender>")
    assert not SCHEMA.validate(etree.fromstring(data[:start] + data[end:]))


@given(st.text(max_size=20))
def test_no_other_status_can_be_made(status):
    one = cap.alerts([said(HAZARD)])[0]
    fields = {name: getattr(one, name) for name in one.__dataclass_fields__}
    if status in ("Exercise", "Test", "Draft"):
        return
    with pytest.raises(FormatError, match="never another"):
        cap.Alert(**{**fields, "status": status})
    with pytest.raises(FormatError, match="never another"):
        cap.Alert(**{**fields, "status": "Actual"})


def test_an_actual_alert_is_not_even_read():
    data = cap.cap(cap.alerts([said(HAZARD)])[0]).replace(b">Exercise<", b">Actual<")
    with pytest.raises(FormatError, match="never another"):
        cap.read_cap(data)
    with pytest.raises(FormatError, match="document type"):
        cap.read_cap(b"<!DOCTYPE a []>" + data)


latitudes, longitudes = st.integers(-8_999_999, 8_999_999), st.integers(-17_999_999, 17_999_999)


@settings(max_examples=40)
@given(st.lists(st.tuples(latitudes, longitudes), min_size=3, max_size=8), st.text(max_size=60), st.integers(0, 10**6))
def test_any_area_and_words_come_back(ring, words, radius):
    area = Polygon(vertices_deg=tuple((a / 1e5, b / 1e5) for a, b in ring))
    circle = Circle(latitude_deg=ring[0][0] / 1e5, longitude_deg=ring[0][1] / 1e5, radius_km=radius / 1e3)
    for shape in (area, circle):
        body = HazardNotice(number="n", area=shape, window=WINDOW, text=words)
        one = cap.alerts([said(body)])[0]
        data = cap.cap(one)
        SCHEMA.assertValid(etree.fromstring(data))
        back = cap.read_cap(data)
        assert back.areas == one.areas
        assert back.description.split() == one.description.split()


INCIDENT = CyberIncident(
    incident="west-cyber-01", nature="false-data", affected=("radar", "exchange-link"), warning="doubtful",
    state="suspected", discovered_tai_us=T // 1_000, window=WINDOW, wants="information", officer="Officer A",
    indicators=(
        Indicator(kind="sha256", value="0123456789abcdef" * 4), Indicator(kind="ipv4", value="192.0.2.7"),
        Indicator(kind="ipv6", value="2001:db8::7"), Indicator(kind="domain", value="example.org"),
        Indicator(kind="url", value="https://example.org/it's"), Indicator(kind="email", value="a@example.org"),
        Indicator(kind="filename", value="a\\b.exe"),
    ), text="plots without echoes since noon",
)  # fmt: skip


def test_the_library_of_oasis_reads_a_bundle():
    statement, body = said(INCIDENT)
    data = stix.bundle([(statement, body, "ab" * 32)])
    bundle = stix2.parse(data.decode(), allow_custom=False)
    kinds = [one["type"] for one in bundle.objects]
    assert kinds.count("incident") == 1
    assert kinds.count("indicator") == 7
    assert kinds.count("relationship") == 7
    assert all("exercise" in one["labels"] for one in bundle.objects if one["type"] != "extension-definition")
    refused = data.replace(b'"pattern_type": "stix"', b'"pattern_type_of_ours": "stix"')
    with pytest.raises(stix2.exceptions.STIXError):
        stix2.parse(refused.decode(), allow_custom=False)


natures = get_args(CyberNature)


@settings(max_examples=30)
@given(st.sampled_from(natures), st.text(max_size=50), st.sampled_from(["sound", "doubtful", "unavailable"]))
def test_incidents_come_back_whole(nature, text, warning):
    body = CyberIncident(
        incident="east-1", nature=nature, affected=("other",), warning=warning, state="over",
        discovered_tai_us=T // 1_000, officer="B", text=text,
    )  # fmt: skip
    statement, _ = said(body)
    assert stix.read_bundle(stix.bundle([(statement, body, "00" * 32)])) == (body,)


def test_the_same_entry_gives_the_same_objects():
    statement, body = said(INCIDENT)
    pair = [stix.bundle([(statement, body, "ab" * 32)]) for _ in range(2)]
    assert pair[0] == pair[1]
    with pytest.raises(FormatError):
        stix.read_bundle(b"{}")
