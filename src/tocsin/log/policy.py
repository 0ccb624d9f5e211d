"""Trust policies (C2SP tlog-policy at 5ba5ee8): which logs, which witnesses or mirrors, how many of them.

Tocsin's own rule (L9, trap 5): the specification reads several `log` lines as alternatives; here all `log` lines of
one key name are one log, and every one of these keys must have signed, so that no signature can be stripped. A
quorum counts `witness` lines one by one, as specified; `cosigners` groups them by key name for receipts, where every
key of a mirror is required.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.cosignature import SignedCheckpoint, open_checkpoint
from tocsin.log.errors import LogError, PolicyError, SignatureError
from tocsin.log.keys import COSIGNER_TYPES, LOG_TYPES, VerifierKey, parse_vkey
from tocsin.log.note import parse_note

MAX_POLICY_BYTES = 1024 * 1024
MAX_LINES = 4096
NONE = "none"
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Group:
    """At least `threshold` of `members` (names of witnesses or groups)."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Trusted keys and the quorum. Names are those of the policy file, read as bytes (Latin-1), not as text."""

    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, VerifierKey]
    groups: Mapping[str, Group] = field(default_factory=lambda: MappingProxyType({}))
    quorum: str = NONE

    def log_keys(self, origin: str) -> tuple[VerifierKey, ...]:
        """Every key that a checkpoint of `origin` must carry; PolicyError if the log is not trusted."""
        keys = tuple(key for key in self.logs if key.name == origin)
        if not keys:
            raise PolicyError(f"policy: no log named {origin!r}")
        return keys

    @property
    def cosigners(self) -> dict[str, tuple[VerifierKey, ...]]:
        """Witness keys by their key name."""
        found: dict[str, tuple[VerifierKey, ...]] = {}
        for key in self.witnesses.values():
            found[key.name] = (*found.get(key.name, ()), key)
        return found

    def open(self, note: bytes) -> SignedCheckpoint:
        """Open a checkpoint of any trusted log, with the quorum's cosignatures (P1 to P3, P6). Raises LogError."""
        origin = parse_checkpoint(parse_note(note).text).origin
        signed = open_checkpoint(note, self.log_keys(origin), tuple(self.witnesses.values()))
        if not self.satisfied(key for key, _ in signed.cosigned):
            raise SignatureError(
                f"checkpoint of {origin}: the cosignatures do not reach the quorum {self.quorum}", note
            )
        return signed

    def satisfied(self, cosigned: Iterable[VerifierKey]) -> bool:
        """Whether these keys reach the quorum."""
        present = set(cosigned)
        met = {name for name, key in self.witnesses.items() if key in present}
        for name, group in self.groups.items():
            if sum(member in met for member in group.members) >= group.threshold:
                met.add(name)
        return self.quorum == NONE or self.quorum in met


def trust(log_keys: Iterable[VerifierKey], mirror_keys: Iterable[VerifierKey] = ()) -> Policy:
    """Policy without a quorum: receipts are verified and named, and the caller's rule decides (V2)."""
    policy = Policy(tuple(log_keys), {f"m{number}": key for number, key in enumerate(mirror_keys)})
    _check_keys(policy.logs, tuple(policy.witnesses.values()))
    return policy


def parse_policy(data: bytes) -> Policy:
    """Parse a policy file. Raises PolicyError naming the line."""
    if len(data) > MAX_POLICY_BYTES or not data.endswith(b"\n") or _FORBIDDEN.search(data):
        raise PolicyError("policy: expected lines that end in a newline, no control characters", data[:1024])
    lines = data[:-1].split(b"\n")
    if len(lines) > MAX_LINES:
        raise PolicyError(f"policy: {len(lines)} lines, expected at most {MAX_LINES}", data[:1024])
    draft = _Draft()
    for number, line in enumerate(lines, 1):
        words = [word.decode("latin-1") for word in re.split(rb"[ \t]+", line.strip(b" \t"))]
        if words == [""] or words[0].startswith("#"):
            continue
        try:
            draft.take(words)
        except (LogError, UnicodeDecodeError) as error:
            raise PolicyError(f"policy line {number}: {error}", line) from error
    if draft.quorum is None:
        raise PolicyError("policy: expected one quorum line", data)
    _check_keys(draft.logs, tuple(draft.witnesses.values()))
    return Policy(tuple(draft.logs), draft.witnesses, draft.groups, draft.quorum)


class _Draft:
    """A policy while its lines are read."""

    def __init__(self) -> None:
        self.logs: list[VerifierKey] = []
        self.witnesses: dict[str, VerifierKey] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self._members: set[str] = set()

    def take(self, words: Sequence[str]) -> None:
        word, rest = words[0], words[1:]
        if word == "log" and len(rest) in (1, 2):
            self.logs.append(_key(rest[0], LOG_TYPES))
        elif word == "witness" and len(rest) in (2, 3):
            self.witnesses[self._fresh(rest[0])] = _key(rest[1], COSIGNER_TYPES)
        elif word == "group" and len(rest) >= 3:
            self._group(rest[0], rest[1], tuple(rest[2:]))
        elif word == "quorum" and len(rest) == 1 and self.quorum is None:
            if rest[0] != NONE:
                self._defined(rest[0])
            self.quorum = rest[0]
        else:
            raise PolicyError(f"{word[:40]!r}: expected log, witness, group or one quorum line")

    def _group(self, name: str, threshold: str, members: tuple[str, ...]) -> None:
        for member in members:
            self._defined(member)
            if member in self._members:
                raise PolicyError(f"{member[:40]!r} is already a member of a group")
            self._members.add(member)
        words = {"all": len(members), "any": 1}
        if threshold not in words and not re.fullmatch(r"[1-9][0-9]{0,3}", threshold):
            raise PolicyError(f"threshold {threshold[:40]!r}: expected all, any or a number")
        count = words[threshold] if threshold in words else int(threshold)
        if count > len(members):
            raise PolicyError(f"threshold {count} is more than {len(members)} members")
        self.groups[self._fresh(name)] = Group(count, members)

    def _fresh(self, name: str) -> str:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise PolicyError(f"name {name[:40]!r} is taken")
        return name

    def _defined(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise PolicyError(f"name {name[:40]!r} is not defined above")


def _key(text: str, types: frozenset[int]) -> VerifierKey:
    key = parse_vkey(text.encode("latin-1").decode("utf-8"))
    if key.algorithm not in types:
        raise PolicyError(f"key {key.name}: type 0x{key.algorithm:02x} does not fit its line")
    return key


def _check_keys(logs: Sequence[VerifierKey], witnesses: Sequence[VerifierKey]) -> None:
    """No public key twice, not even once as a log's and once as a witness's (traps 2 and 4)."""
    publics = [key.public for key in (*logs, *witnesses)]
    if len(set(publics)) != len(publics):
        raise PolicyError("policy: one public key on two lines")
