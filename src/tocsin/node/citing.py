"""What a joint decision rests on: files that a docket names by hash, cited by a proposal or measure.

Who puts something to the vote refers to the docket's statement (role `cites`) and repeats each file's hash in
`void_if`: every vote then signs the hash. An audit finds the statement again, and holds files at hand against it.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Final

from tocsin.errors import Refusal
from tocsin.node.audit_steps import Finding, Together
from tocsin.node.record import Said
from tocsin.wire.bodies import Proposal
from tocsin.wire.judging import Attachment, Docket
from tocsin.wire.measures import Measure

CITES: Final = "cites"
CITATIONS: Final = "P14"
_MOST_LINES = 16


def void_lines(cited: Sequence[Said]) -> tuple[str, ...]:
    """One condition for each file of the cited statements. Raises Refusal where one has none, or they have too many."""
    lines: list[str] = []
    for said in cited:
        if not isinstance(said.body, Docket) or not said.body.attachments:
            raise Refusal(f"entry {said.entry.index} of {said.entry.origin}: a docket's statement with a file expected")
        lines += map(_condition, said.body.attachments)
    if len(lines) > _MOST_LINES:
        raise Refusal(f"{len(lines)} files cited; at most {_MOST_LINES} were expected, put what is left in another")
    return tuple(lines)


def _condition(file: Attachment) -> str:
    return f"what {file.name[:200]} shows does not hold ({file.bytes} bytes, sha256:{file.sha256})"


def cited_by(said: Said) -> frozenset[str]:
    """Hashes of the statements that a proposal or measure cites."""
    if not isinstance(said.body, Proposal | Measure):
        return frozenset()
    return frozenset(one.sha256 for one in said.statement.references if one.role == CITES)


def _all(made: Together) -> Iterator[tuple[Said, str, Said | None]]:
    """(proposal or measure, hash that it cites, the statement with that hash if it is there)."""
    said = made.said()
    by_hash = {one.entry.sha256: one for one in said}
    for one in said:
        for digest in sorted(cited_by(one)):
            yield one, digest, by_hash.get(digest)


def _files(cited: Said) -> tuple[Attachment, ...]:
    return cited.body.attachments if isinstance(cited.body, Docket) else ()


def citations(made: Together) -> Iterator[Finding]:
    """P14: what is cited lies in the logs as it was cited; every party but its author receipted it."""
    receipts = made.receipts()
    for one, digest, cited in _all(made):
        what = f"{one.kind} {one.entry.sha256[:8]}"
        if cited is None:
            yield Finding(CITATIONS, one.party, False, f"{what}: it cites statement {digest[:8]}, which is not here")
            continue
        place = cited.entry
        known = {r.cosigner for r in receipts if r.origin == place.origin and r.size > place.index}
        missing = sorted({party.party for party in made.agreement.parties} - known - {cited.party})
        if missing:
            words = f"{what}: {', '.join(missing)} had not receipted entry {place.index} of {place.origin}"
            yield Finding(CITATIONS, one.party, False, f"{words}, which it cites")
            continue
        void_if = one.body.void_if if isinstance(one.body, Proposal | Measure) else ()
        for file in _files(cited):
            signed = any(f"sha256:{file.sha256})" in line for line in void_if)
            who = ", ".join(sorted(known - {cited.party}))
            words = f"{what} cites {file.name}, entry {place.index} of {place.origin}, receipted by {who}"
            yield Finding(CITATIONS, one.party, signed, words if signed else f"{words}: but its hash was not voted on")


def held_against(made: Together | None, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """P14: each file at hand, by name, is one that a decision cites, byte for byte."""
    named: dict[tuple[str, int], list[str]] = {}
    for one, _, cited in _all(made) if made is not None else ():
        for file in _files(cited) if cited is not None else ():
            named.setdefault((file.sha256, file.bytes), []).append(f"{one.kind} {one.entry.sha256[:8]}")
    for name, data in files.items():
        digest = sha256(data).hexdigest()
        found = named.get((digest, len(data)))
        words = f"is the file that {' and '.join(found or ())} cites" if found else "no decision here cites this file"
        yield Finding(CITATIONS, name, bool(found), f"{words} (sha256:{digest})")
