"""Regime files in: exact bytes -> Regime, or an error that names file, field and expectation."""

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import resources

import msgspec

from tocsin.regime.errors import RegimeError
from tocsin.regime.terms import DecisionRule, Terms
from tocsin.wire.bodies import KINDS
from tocsin.wire.confidential import CONFIDENTIAL_KINDS, MAY_BE_CONFIDENTIAL
from tocsin.wire.custody import CUSTODY_KINDS
from tocsin.wire.groups import GROUP_KINDS

MAX_REGIME_BYTES = 60_000  # it travels whole in an agreement (wire)
SHIPPED = ("separate", "notify", "connected", "sectoral", "joint")
CUSTOM = ("trilateral", "small-states")  # examples of regimes that parties write for themselves
# What may keep flowing when everything else is suspended. No field of it says where anything flies; keys and officers
# change in a crisis too, and a partner that misses it would refuse honest statements afterwards. Words between people,
# accidents that could be taken for more, and open questions are what a crisis needs most; and the vote by which all
# resume. A finding cannot be put to it meanwhile: that is a proposal.
REASSURANCE_KINDS = frozenset(
    {
        "heartbeat", "negative-statement", "retraction", "acknowledgement", "standing", "reserved-action", "codebook",
        "cyber-incident", "docket", "hotline", "incident", "record-remark", "short-code", "voice-call", "measure",
        "vote", "floor",
    }
) | {kind for kind, _ in (*CUSTODY_KINDS, *CONFIDENTIAL_KINDS)}  # fmt: skip
_KINDS = frozenset(kind for kind, _ in KINDS)
_TYING_KINDS = frozenset(kind for kind, _ in GROUP_KINDS)
_SEALING_KINDS = frozenset({"assessment", "sealed-judgement", "opened-judgement"})
# A vote without its proposal, or a proposal that cannot be answered, would be a trap.
_DECISION_KINDS = frozenset({"proposal", "vote", "floor"})
_MEASURE_KINDS = frozenset({"measure", "vote", "floor"})


@dataclass(frozen=True, slots=True)
class Regime:
    """The agreed rules, and the SHA-256 (hex) of the exact bytes that all parties logged and every proposal names."""

    terms: Terms
    data: bytes
    sha256: str

    @property
    def name(self) -> str:
        """Short name, as in `--regime`."""
        return self.terms.name

    @property
    def title(self) -> str:
        """One line for a page."""
        return self.terms.title

    @property
    def fuse_version(self) -> str:
        """Version of `fuse` that every party must compute the common picture with."""
        return self.terms.fuse_version

    @property
    def finding(self) -> DecisionRule:
        """Who must sign a joint finding, and what it then means."""
        return self.terms.decides.finding

    @property
    def roles(self) -> frozenset[str]:
        """Roles in which an officer may vote on anything."""
        measures = self.terms.decides.measures
        return frozenset(self.finding.roles) | frozenset(measures.roles if measures else ())

    def shares(self, kind: str) -> bool:
        """Whether statements of this kind cross the border while the regime is not suspended."""
        return kind in self.terms.shares.kinds or self.ties(kind)

    def ties(self, kind: str) -> bool:
        """Whether the kind comes with a release group's own log, suspended or not: a beat that stops would tell."""
        return kind in _TYING_KINDS and any(group.own_log for group in self.terms.release_groups)


def load(data: bytes, file: str = "regime") -> Regime:
    """Regime from the bytes of its file. Raises RegimeError with `file`, the field and what was expected."""
    if len(data) > MAX_REGIME_BYTES:
        raise RegimeError(f"{file}: {len(data)} bytes, at most {MAX_REGIME_BYTES} expected", data)
    try:
        terms = msgspec.convert(tomllib.loads(data.decode()), Terms, strict=True)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise RegimeError(f"{file}: {error}", data) from error
    for fault in _faults(terms):
        raise RegimeError(f"{file}: {fault}", data)
    return Regime(terms=terms, data=data, sha256=hashlib.sha256(data).hexdigest())


def shipped(name: str) -> bytes:
    """Bytes of a regime file that comes with Tocsin: the five of `SHIPPED`, or an example of a custom one."""
    if name not in (*SHIPPED, *CUSTOM):
        raise RegimeError(f"regime {name!r}: one of {', '.join((*SHIPPED, *CUSTOM))} expected")
    return resources.files("tocsin.regime").joinpath("shipped", f"{name}.toml").read_bytes()


def _faults(terms: Terms) -> list[str]:
    """What is wrong with terms whose fields are each well formed."""
    return [*_kind_faults(terms), *_group_faults(terms), *_decision_faults(terms), *_sector_faults(terms)]


def _kind_faults(terms: Terms) -> list[str]:
    shared = set(terms.shares.kinds)
    named = shared | set(terms.shares.delay_s) | set(terms.reassurance) | set(terms.scope.kinds if terms.scope else ())
    faults = [f"kind {kind!r}: a kind of statement expected" for kind in sorted(named - _KINDS)]
    if len(shared) != len(terms.shares.kinds):
        faults.append("`shares.kinds`: each kind once expected")
    faults += [
        f"`shares.delay_s.{kind}`: only a kind in `shares.kinds` expected"
        for kind in sorted(set(terms.shares.delay_s) - shared)
    ]
    faults += [
        f"`reassurance`: {kind!r} may not survive suspension; of {', '.join(sorted(REASSURANCE_KINDS))} expected"
        for kind in sorted(set(terms.reassurance) - REASSURANCE_KINDS)
    ]
    faults += [
        f"`reassurance`: {kind!r} must also stand in `shares.kinds`" for kind in sorted(set(terms.reassurance) - shared)
    ]
    if ("tracklet" in shared) != (terms.tracklet is not None):
        faults.append("`tracklet`: a table expected exactly when tracklets are shared")
    if terms.judgements is not None and not shared >= _SEALING_KINDS:
        faults.append(f"`judgements`: {', '.join(sorted(_SEALING_KINDS))} expected in `shares.kinds`")
    return faults


def _group_faults(terms: Terms) -> list[str]:
    shared, faults = set(terms.shares.kinds), []
    if len({group.name for group in terms.release_groups}) != len(terms.release_groups):
        faults.append("`release_groups`: each name once expected")
    for group in terms.release_groups:
        if len(set(group.parties)) != len(group.parties):
            faults.append(f"`release_groups` {group.name}: each party once expected")
        faults += [
            f"`release_groups` {group.name}: {kind!r} must be a shared kind that may be confidential"
            for kind in sorted(set(group.kinds) - (shared & MAY_BE_CONFIDENTIAL))
        ]
    if terms.release_groups and not shared >= {kind for kind, _ in CONFIDENTIAL_KINDS}:
        faults.append("`shares.kinds`: encryption-keys and key-wrap expected, because there are release groups")
    return faults


def _decision_faults(terms: Terms) -> list[str]:
    rule, shared, measures = terms.decides.finding, set(terms.shares.kinds), terms.decides.measures
    faults = []
    votes = _DECISION_KINDS if measures is None else frozenset({"proposal"})
    if rule.required == "none" and shared & votes:
        faults.append("`decides.finding.required`: `none`, so no proposal, vote or floor may be shared")
    if measures is None and "measure" in shared:
        faults.append("`shares.kinds`: measure, so a table `decides.measures` expected")
    if measures is not None and not shared >= _MEASURE_KINDS:
        faults.append("`shares.kinds`: measure, vote and floor expected, because measures are decided jointly")
    if measures is not None and len(set(measures.kinds)) != len(measures.kinds):
        faults.append("`decides.measures.kinds`: each kind once expected")
    if measures is not None and "resume" in measures.kinds and not set(terms.reassurance) >= _MEASURE_KINDS:
        faults.append("`reassurance`: measure, vote and floor expected, or nobody could resume together")
    if rule.required != "none" and not shared >= _DECISION_KINDS:
        faults.append("`shares.kinds`: proposal, vote and floor expected, because findings are decided jointly")
    if rule.required == "none" and rule.effect == "binding":
        faults.append("`decides.finding.effect`: `advice` expected, because nobody is required to sign")
    if len(set(rule.values)) != len(rule.values):
        faults.append("`decides.finding.values`: each finding once expected")
    return faults


def _sector_faults(terms: Terms) -> list[str]:
    faults = []
    if (terms.decides.finding.required == "owner") != bool(terms.sectors):
        faults.append("`sectors`: expected exactly when findings are decided by the owner of the sector")
    if len({sector.name for sector in terms.sectors}) != len(terms.sectors):
        faults.append("`sectors`: each name once expected")
    faults += [
        f"`sectors` {sector.name}: `south_deg` below `north_deg` expected"
        for sector in terms.sectors
        if sector.south_deg >= sector.north_deg
    ]
    return faults
