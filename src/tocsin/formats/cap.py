"""Common Alerting Protocol 1.2 (OASIS, ITU-T X.1303 bis): notices as alerts for civil rehearsal.

Status is Exercise, Test or Draft. There is no way to ask for Actual, here or by changing what is passed in: a public
warning is a decision of people with other means than this. Scope is Restricted or Private, never Public.

Mapped are hazard notices and launch notifications with an area; an extension updates, a cancellation cancels what it
refers to. Places to 1e-5 degrees (1 m), radii to 1 m, times to the second. What is lost: azimuth, apogee, class.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from tocsin.formats.errors import FormatError
from tocsin.wire.bodies import Area, Circle, Notification, Polygon
from tocsin.wire.envelope import Statement
from tocsin.wire.messages import HazardNotice
from tocsin.world.time import parse_utc, utc_text

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
Status = Literal["Exercise", "Test", "Draft"]
Kind = Literal["Alert", "Update", "Cancel"]
_FORBIDDEN = re.compile(r"[\s,<&]+")
_TEXT = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert. `references` are (sender, identifier, sent) of what it updates or cancels. Times in whole seconds."""

    identifier: str
    sender: str
    sent_tai_ns: int
    status: Status
    kind: Kind
    event: str
    headline: str
    description: str
    onset_tai_ns: int | None
    expires_tai_ns: int | None
    areas: tuple[Area, ...]
    references: tuple[tuple[str, str, int], ...] = ()

    def __post_init__(self) -> None:
        if self.status not in get_args(Status):
            raise FormatError(f"CAP status {self.status!r}: Exercise, Test or Draft was expected; never another")


def status_of(mode: str) -> Status:
    """Exercise for an exercise; what comes from a live log is a draft for people to look at."""
    return "Exercise" if mode == "exercise" else "Draft"


def alerts(found: Iterable[tuple[Statement, object]]) -> tuple[Alert, ...]:
    """Alerts of statements with their bodies, in their order; kinds that are no notice of an area are passed over."""
    made: list[Alert] = []
    known: dict[str, Alert] = {}
    for statement, body in found:
        alert = _alert(statement, body, known)
        if alert is not None:
            made.append(alert)
            if isinstance(body, Notification):
                known[body.identifier] = alert
    return tuple(made)


def _alert(statement: Statement, body: object, known: dict[str, Alert]) -> Alert | None:
    name = f"{statement.origin}-{statement.epoch}-{statement.sequence}"
    sent = statement.observed.t_tai_us * 1_000
    if isinstance(body, HazardNotice):
        return Alert(
            identifier=clean(name), sender=clean(statement.origin), sent_tai_ns=sent, status=status_of(statement.mode),
            kind="Alert", event="Hazard area", headline=_line(f"Hazard area {body.number}"),
            description=_line(body.text or f"Nature of the hazard: {body.nature}."),
            onset_tai_ns=body.window.start_tai_us * 1_000, expires_tai_ns=body.window.end_tai_us * 1_000,
            areas=(body.area,),
        )  # fmt: skip
    if isinstance(body, Notification):
        before = known.get(body.refers_to or "")
        areas = tuple(area for area in (body.launch_area, body.impact_area) if area is not None)
        if not areas and before is not None:
            areas = before.areas
        if not areas:
            return None
        kind: Kind = {"window-extension": "Update", "cancellation": "Cancel"}.get(body.format, "Alert")  # type: ignore[assignment]
        return Alert(
            identifier=clean(name), sender=clean(statement.origin), sent_tai_ns=sent, status=status_of(statement.mode),
            kind="Alert" if before is None else kind, event=f"Announced: {body.format.replace('-', ' ')}",
            headline=_line(f"{body.identifier} {body.format.replace('-', ' ')}"), description=_line(body.text),
            onset_tai_ns=body.window.start_tai_us * 1_000 if body.window else None,
            expires_tai_ns=body.window.end_tai_us * 1_000 if body.window else None, areas=areas,
            references=((before.sender, before.identifier, before.sent_tai_ns),) if before else (),
        )  # fmt: skip
    return None


def clean(text: str) -> str:
    """An identifier without blanks, commas, < and &, as the standard asks."""
    return _FORBIDDEN.sub("-", text)


def _line(text: str) -> str:
    """Text that XML can hold."""
    return _TEXT.sub(" ", text).strip()


def cap(alert: Alert) -> bytes:
    """One alert as XML."""
    ET.register_namespace("", NAMESPACE)
    root = ET.Element(f"{{{NAMESPACE}}}alert")
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", _time(alert.sent_tai_ns))
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.kind)
    _add(root, "source", "Tocsin")
    _add(root, "scope", "Restricted")
    _add(root, "restriction", "Parties to the exchange and those whom they name")
    if alert.references:
        _add(root, "references", " ".join(f"{a},{b},{_time(c)}" for a, b, c in alert.references))
    info = ET.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(info, "category", "Safety")
    _add(info, "event", alert.event)
    _add(info, "urgency", "Future" if alert.kind != "Cancel" else "Past")
    _add(info, "severity", "Unknown")
    _add(info, "certainty", "Unknown")
    if alert.onset_tai_ns is not None:
        _add(info, "onset", _time(alert.onset_tai_ns))
    if alert.expires_tai_ns is not None:
        _add(info, "expires", _time(alert.expires_tai_ns))
    _add(info, "headline", alert.headline)
    _add(info, "description", alert.description)
    for number, area in enumerate(alert.areas, 1):
        place = ET.SubElement(info, f"{{{NAMESPACE}}}area")
        _add(place, "areaDesc", f"area {number}")
        _shape(place, area)
    made: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _shape(place: ET.Element, area: Area) -> None:
    if isinstance(area, Circle):
        _add(place, "circle", f"{area.latitude_deg:.5f},{area.longitude_deg:.5f} {area.radius_km:.3f}")
    else:
        ring = (*area.vertices_deg, area.vertices_deg[0])
        _add(place, "polygon", " ".join(f"{lat:.5f},{lon:.5f}" for lat, lon in ring))


def _time(t_tai_ns: int) -> str:
    """The offset as -00:00, as the standard wants UTC written."""
    return utc_text(t_tai_ns).removesuffix("Z") + "-00:00"


def read_cap(data: bytes) -> Alert:
    """An alert of status Exercise, Test or Draft. Raises FormatError; one that is Actual is refused."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FormatError("XML with a document type: none was expected", data[:1000])
    try:
        root = ET.fromstring(data)  # noqa: S314 - no document type, so nothing to expand
        info = _one(root, "info")
        return Alert(
            identifier=_told(root, "identifier"),
            sender=_told(root, "sender"),
            sent_tai_ns=_instant(_told(root, "sent")),
            status=_told(root, "status"),  # type: ignore[arg-type]  # checked by the record
            kind=_told(root, "msgType"),  # type: ignore[arg-type]
            event=_told(info, "event"),
            headline=_told(info, "headline"),
            description=_told(info, "description"),
            onset_tai_ns=_instant(text) if (text := _told(info, "onset")) else None,
            expires_tai_ns=_instant(text) if (text := _told(info, "expires")) else None,
            areas=tuple(_area(one) for one in info.findall(f"{{{NAMESPACE}}}area")),
            references=tuple(_reference(one) for one in _told(root, "references").split()),
        )
    except (ET.ParseError, ValueError) as error:
        raise FormatError(f"not a CAP 1.2 alert: {error}", data[:1000]) from error


def _one(parent: ET.Element, name: str) -> ET.Element:
    found = parent.find(f"{{{NAMESPACE}}}{name}")
    if found is None:
        raise FormatError(f"no element {name}")
    return found


def _told(parent: ET.Element, name: str) -> str:
    return parent.findtext(f"{{{NAMESPACE}}}{name}") or ""


def _instant(text: str) -> int:
    return parse_utc(re.sub(r"[+-]00:00\Z", "Z", text))


def _reference(text: str) -> tuple[str, str, int]:
    sender, identifier, sent = text.split(",")
    return sender, identifier, _instant(sent)


def _area(place: ET.Element) -> Area:
    circle = _told(place, "circle")
    if circle:
        spot, _, radius = circle.partition(" ")
        latitude, longitude = spot.split(",")
        return Circle(latitude_deg=float(latitude), longitude_deg=float(longitude), radius_km=float(radius))
    ring = [tuple(float(v) for v in pair.split(",")) for pair in _told(place, "polygon").split()]
    return Polygon(vertices_deg=tuple((a, b) for a, b in ring[:-1]))
