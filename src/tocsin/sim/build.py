"""A scenario and a regime -> centres in memory, with keys that follow from the seed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from math import radians

import numpy as np

from tocsin.log.memory import MemoryCells
from tocsin.log.ports import Signer
from tocsin.log.signers import derived_seed, log_signers, mirror_signers
from tocsin.mirror.memory import MemoryMirrorStore
from tocsin.node.centre import Centre
from tocsin.node.config import CentreConfig, Guarded, Partner, Ports
from tocsin.node.custody.vault import ReplayableVault
from tocsin.regime import Regime
from tocsin.sim.notary import noting
from tocsin.sim.parts import InfraredFile, PartyFile, RadarFile
from tocsin.sim.rehearsal import Rehearsal
from tocsin.sim.scenario import Scenario
from tocsin.sim.schedule import Schedule
from tocsin.sim.sensing import Watching
from tocsin.wire.bodies import Circle
from tocsin.world.frames import geodetic_to_ecef
from tocsin.world.observation import Infrared, Radar, Sensor


@dataclass(slots=True)
class PrivateNotes:
    """`node.config.PrivateRecord` in memory."""

    withheld_notes: list[tuple[int, str, str]] = field(default_factory=list)
    evidence_notes: list[tuple[int, str, str, bytes]] = field(default_factory=list)

    def withheld(self, t_tai_ns: int, what: str, why: str) -> None:
        """Keep that a draft was not released."""
        self.withheld_notes.append((t_tai_ns, what, why))

    def evidence(self, t_tai_ns: int, source: str, message: str, data: bytes) -> None:
        """Keep refused bytes."""
        self.evidence_notes.append((t_tai_ns, source, message, data))


@dataclass(slots=True)
class Disk:
    """Stores of one centre in memory; they outlive the centre object, so a crash can be played."""

    stores: dict[str, MemoryMirrorStore] = field(default_factory=dict)
    cells: MemoryCells = field(default_factory=MemoryCells)

    def store(self, origin: str) -> MemoryMirrorStore:
        """Store of one log."""
        return self.stores.setdefault(origin, MemoryMirrorStore())


def origin_of(scenario: str, party: str) -> str:
    """Log origin of a party in an exercise. Never that of a live centre."""
    return f"tocsin.exercise/{scenario}/{party}"


def sensor_of(file: RadarFile | InfraredFile) -> Watching:
    """Sensor and clock error from a scenario file."""
    made: Sensor
    if isinstance(file, InfraredFile):
        place = (radians(file.latitude_deg), radians(file.longitude_deg), file.altitude_km * 1e3)
        spot = geodetic_to_ecef(*(np.array(one) for one in place))
        made = Infrared(
            id=file.id,
            position_ecef_m=(float(spot[0]), float(spot[1]), float(spot[2])),
            sigma_angle_rad=file.sigma_angle_urad * 1e-6,
            plume_height_min_m=file.plume_height_min_km * 1e3,
            period_s=file.period_s,
            detection_probability=file.detection_probability,
            clutter_per_scan=file.clutter_per_scan,
        )
    else:
        made = Radar(
            id=file.id,
            latitude_deg=file.latitude_deg,
            longitude_deg=file.longitude_deg,
            height_m=file.height_m,
            sigma_range_m=file.sigma_range_m,
            sigma_azimuth_rad=radians(file.sigma_azimuth_deg),
            sigma_elevation_rad=radians(file.sigma_elevation_deg),
            range_max_m=file.range_max_km * 1e3,
            elevation_min_rad=radians(file.elevation_min_deg),
            elevation_max_rad=radians(file.elevation_max_deg),
            azimuth_centre_rad=radians(file.azimuth_centre_deg),
            azimuth_halfwidth_rad=radians(file.azimuth_halfwidth_deg),
            period_s=file.period_s,
            detection_probability=file.detection_probability,
            clutter_per_scan=file.clutter_per_scan,
        )
    return Watching(sensor=made, clock_offset_ns=round(file.clock_offset_ms * 1e6))


@dataclass(frozen=True, slots=True)
class Keys:
    """Signers of one party, and what opens entries for it alone."""

    log: Callable[[str], tuple[Signer, ...]]
    mirror: tuple[Signer, ...]
    vault: ReplayableVault | None = None


def keys_of(scenario: str, party: str, seed: int, hybrid: bool) -> Keys:
    """Keys that follow from the seed: for simulation alone. Each signer is made once, with its notes."""
    master = derived_seed(seed.to_bytes(8, "big"), "simulation", scenario, party)
    name = f"{origin_of(scenario, party)}/mirror"

    @cache
    def log(origin: str) -> tuple[Signer, ...]:
        return noting(log_signers(origin, master, hybrid=hybrid))

    return Keys(log, noting(mirror_signers(name, master, hybrid=hybrid)), ReplayableVault(party, master))


def build(
    scenario: Scenario, regime: Regime, seed: int, schedule: Schedule, *, hybrid: bool = True,
    rehearsal: Rehearsal | None = None,
) -> dict[str, Centre]:  # fmt: skip
    """Every party's centre, linked as the regime has it: without shared kinds there is no link."""
    keys = {party.name: keys_of(scenario.name, party.name, seed, hybrid) for party in scenario.party}
    linked = bool(regime.terms.shares.kinds)
    configs = (config_of(scenario, party, regime, keys, linked=linked) for party in scenario.party)
    return {one.party: _centre(one, keys[one.party], schedule, rehearsal) for one in configs}


def guarded_of(party: PartyFile) -> tuple[Guarded, ...]:
    """What a party protects."""
    return tuple(
        Guarded(
            name=area.name,
            area=Circle(latitude_deg=area.latitude_deg, longitude_deg=area.longitude_deg, radius_km=area.radius_km),
        )
        for area in party.protects
    )


def config_of(
    scenario: Scenario, party: PartyFile, regime: Regime, keys: Mapping[str, Keys], *, linked: bool
) -> CentreConfig:
    """What a party's centre is told: who it is, its partners' keys, its sensors, what it guards."""
    partners = tuple(
        Partner(
            party=name,
            origin=origin_of(scenario.name, name),
            log_keys=tuple(signer.key for signer in other.log(origin_of(scenario.name, name))),
            mirror_keys=tuple(signer.key for signer in other.mirror),
            encryption_key=other.vault.key if other.vault else None,
        )
        for name, other in sorted(keys.items())
        if linked and name != party.name
    )
    return CentreConfig(
        party=party.name,
        origin=origin_of(scenario.name, party.name),
        mode="exercise",
        regime=regime,
        partners=partners,
        sensors=tuple(sensor_of(file).sensor for file in party.sensor),
        guarded=guarded_of(party),
    )


def _centre(config: CentreConfig, own: Keys, schedule: Schedule, rehearsal: Rehearsal | None) -> Centre:
    disk = Disk()
    ports = Ports(
        clock=schedule,
        store=disk.store,
        cells=disk.cells,
        log_signers=own.log,
        mirror_signers=own.mirror,
        private=PrivateNotes(),
        vault=own.vault,
        around=None if rehearsal is None else partial(rehearsal.around, config.party),
    )
    return Centre(config, ports)
