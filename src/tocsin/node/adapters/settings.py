"""CENTRE.toml: what one real centre is told. Keys and stores lie in the folder of the file."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tocsin.errors import BadEvidence
from tocsin.node.adapters.keys import Card, parse_card
from tocsin.node.adapters.tilefiles import read_file
from tocsin.node.config import Guarded
from tocsin.wire.envelope import Mode, Name
from tocsin.wire.values import Circle, Polygon

Port = Annotated[int, Meta(ge=1, le=65_535)]


class Exercise(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A case that the centre plays instead of real sensors. Only in mode `exercise`."""

    scenario: str
    seed: int
    begins_posix_s: float
    speed: Annotated[float, Meta(gt=0, le=1_000)] = 1.0
    settings: tuple[str, ...] = ()
    stay: bool = False
    """Go on serving when the case has ended."""


class ConsoleTable(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Web pages on the people's port. `relying_party` and `origins` are WebAuthn's; `hosts` the names we answer to.

    `development`: anybody who reaches the page may say who he is, and the server signs with the keys in officers/.
    `people`: who may look in without standing in the roster, with roles.
    """

    relying_party: Annotated[str, Meta(max_length=253)] = "localhost"
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    development: bool = False
    codes_required: bool = True
    people: dict[str, tuple[Name, ...]] = {}


class StoreSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A PostgreSQL server in place of SQLite. `standby`: a fail-over is planned, so refuse one without a standby."""

    postgres: Annotated[str, Meta(min_length=1, max_length=2_000)]
    standby: bool = False


class DistributionSettings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Drafts from other processes of this party (ingest, trackers), over NATS JetStream."""

    nats: Annotated[str, Meta(pattern=r"^(nats|tls)://.{1,300}\Z")]


class Protected(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An area that the party protects: a circle, or the corners of a polygon as [latitude, longitude] in degrees."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    latitude_deg: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude_deg: Annotated[float, Meta(ge=-180, le=180)] | None = None
    radius_km: Annotated[float, Meta(gt=0, le=5_000)] | None = None
    vertices_deg: Annotated[tuple[tuple[float, float], ...], Meta(max_length=200)] = ()


def guarded(protects: Sequence[Protected]) -> tuple[Guarded, ...]:
    """The areas as a centre takes them. Raises BadEvidence for one that is no circle or polygon, or named twice."""
    found: dict[str, Guarded] = {}
    for one in protects:
        if one.name in found:
            raise BadEvidence(f"protects {one.name!r}: this name is there twice; give every area its own", b"")
        circle = {"latitude_deg": one.latitude_deg, "longitude_deg": one.longitude_deg, "radius_km": one.radius_km}
        given = [value for value in circle.values() if value is not None]
        if len(given) != (0 if one.vertices_deg else len(circle)):
            expected = "latitude_deg, longitude_deg and radius_km, or vertices_deg alone, expected"
            raise BadEvidence(f"protects {one.name!r}: {expected}", b"")
        whole: dict[str, Any] = {"vertices_deg": one.vertices_deg} if one.vertices_deg else dict(circle)
        whole["type"] = "polygon" if one.vertices_deg else "circle"
        try:
            found[one.name] = Guarded(name=one.name, area=msgspec.convert(whole, Circle | Polygon))
        except msgspec.ValidationError as error:
            raise BadEvidence(f"protects {one.name!r}: {error}", b"") from error
    return tuple(found.values())


class Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file. `port` is for the centre's own people, on loopback; `links` has one listener a partner, on `host`.

    `gateways` names, for partners behind a gateway process, the folder with its two sockets. `protects`: areas for the
    party's own ladder. `place_km_min`: what we share must never let partners place a radar of ours closer (one sigma).
    """

    party: Name
    mode: Mode
    regime: str
    port: Port
    host: Annotated[str, Meta(max_length=200)] = "127.0.0.1"
    links: dict[Name, Port] = {}
    gateways: dict[Name, str] = {}
    exercise: Exercise | None = None
    console: ConsoleTable | None = None
    store: StoreSettings | None = None
    distribution: DistributionSettings | None = None
    protects: tuple[Protected, ...] = ()
    place_km_min: Annotated[float, Meta(gt=0, le=3_000)] | None = None


def load(path: Path) -> Settings:
    """Read CENTRE.toml. Raises BadEvidence or Outage naming the file and field."""
    data = read_file(path, "the settings of a centre (make them with tocsin init)")
    try:
        settings = msgspec.convert(tomllib.loads(data.decode()), Settings, strict=False)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadEvidence(f"{path}: {error}".replace("`$.", "`"), data) from error
    if settings.exercise is not None and settings.mode != "exercise":
        raise BadEvidence(f"{path}: exercise: not allowed in mode live; exercise and live never meet", data)
    guarded(settings.protects)
    if settings.console is not None and settings.console.development and settings.mode != "exercise":
        raise BadEvidence(f"{path}: console.development: not allowed in mode live; officers log in by passkey", data)
    return settings


def cards(folder: Path) -> list[Card]:
    """Partners whose cards were compared and accepted."""
    partners = folder / "partners"
    files = sorted(partners.glob("*.json")) if partners.is_dir() else []
    return [parse_card(read_file(file, "a partner's card"), str(file)) for file in files]
