"""A decision as one bundle file, checked offline: what `tocsin verify FILE` says.

The steps are those of logs (`node.audit`), as far as one file can show them: the entries that it holds are in logs
that all their keys signed (P1 to P4), receipted by whom it says (P6), and make the decision that they make (P8), with
no vote left out before those that are shown (V1).
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from tocsin.decide import Party, Receipt, unseen
from tocsin.errors import BadEvidence, TocsinError
from tocsin.log.keys import VerifierKey, parse_vkey
from tocsin.log.policy import Policy, parse_policy, trust
from tocsin.mirror import Verified, open_bundle
from tocsin.mirror.bundle import Receipted, parse_bundle
from tocsin.node.audit import STEP_ENTRIES, STEP_LOG, STEP_RECEIPTS, STEP_STATEMENTS, Verdict
from tocsin.node.audit_steps import DECISIONS, Finding, Opened, Together, decisions, manifest, officers, together
from tocsin.node.citing import citations, held_against
from tocsin.node.custody.roster import epoch_of
from tocsin.node.record import Said, read
from tocsin.wire.bodies import Agreement, Proposal
from tocsin.wire.errors import WireError
from tocsin.wire.measures import Measure
from tocsin.wire.reading import parsed


def audit_bundle(
    name: str, data: bytes, policies: Sequence[bytes], files: Mapping[str, bytes] = MappingProxyType({})
) -> Verdict:
    """Everything that was found in a bundle; `policies` are policy files with the keys of its logs and mirrors.

    `files` are held against those that its decision cites.

    Without any it is held against the keys that its own agreement names, and says so: whose keys these are, only a
    comparison with the parties' cards can tell.
    """
    verdict = Verdict(logs=1)
    try:
        policy = _joined(policies) if policies else _named(data)
        shown = open_bundle(data, policy)
    except TocsinError as error:
        verdict.findings.append(Finding(STEP_LOG, name, False, str(error)))
        return verdict
    origins = sorted({one.entry.origin for one in shown})
    entries = {(one.entry.origin, one.entry.index): one.entry for one in shown}
    verdict.logs, verdict.entries = len(origins), len(entries)
    words = f"checkpoints of {', '.join(origins)}, each signed by all keys of its log"
    verdict.findings.append(Finding(STEP_LOG, name, True, words))
    if not policies:
        verdict.findings.append(Finding(STEP_LOG, name, True, _whose(policy)))
        verdict.proviso = "By keys that the file itself names: whose they are was not checked. "
    verdict.findings.append(Finding(STEP_ENTRIES, name, True, f"{len(entries)} entries, each in its log"))
    opened = {origin: _opened(origin, shown, policy) for origin in origins}
    cosigners = sorted({one for entry in shown for one in entry.receipts})
    words = f"receipts by {', '.join(cosigners)}" if cosigners else "no receipts: nothing is decided without them"
    verdict.findings.append(Finding(STEP_RECEIPTS, name, bool(cosigners), words))
    count = sum(len(log.said) for log in opened.values())
    verdict.findings.append(Finding(STEP_STATEMENTS, name, True, f"{count} statements read"))
    record = together(opened)
    verdict.findings += [*_together(name, record, list(entries.values())), *held_against(record, files)]
    return verdict


def _together(name: str, record: Together | None, entries: list[Verified]) -> list[Finding]:
    if record is None:
        return [Finding(DECISIONS, name, False, "no agreement is in it: whose votes count cannot be told")]
    cast, found = officers(record)
    found = [*manifest(record), *found, *decisions(record, cast), *citations(record)]
    parties = [
        Party(name=record.party(origin), origin=origin, epoch=epoch_of(origin))
        for origin in record.opened
        if record.party(origin)
    ]
    for one in record.said():
        if isinstance(one.body, Proposal | Measure):
            missing = unseen(one.entry, entries, parties)
            whole = f"{one.kind} {one.entry.sha256[:8]}: nothing is left out before the votes that are shown (V1)"
            found += [Finding(DECISIONS, name, False, words) for words in missing]
            found += [] if missing else [Finding(DECISIONS, name, True, whole)]
    return found


def _opened(origin: str, shown: Iterable[Receipted], policy: Policy) -> Opened:
    said: dict[int, Said] = {}
    receipts: dict[Receipt, None] = {}
    for one in shown:
        if one.entry.origin != origin:
            continue
        for cosigner, time_s in one.receipts.items():
            head = one.head
            receipts[
                Receipt(cosigner=cosigner, origin=origin, size=head.size, root=head.root.hex(), time_s=time_s)
            ] = None
        try:
            said.setdefault(one.entry.index, read(origin, one.entry))
        except WireError:
            continue  # of a kind or version unknown here, or for some parties alone
    keys = frozenset(key.text for key in policy.log_keys(origin))
    mirrors = frozenset(key.text for one in policy.cosigners.values() for key in one)
    return Opened(origin, None, [said[index] for index in sorted(said)], list(receipts), keys, mirrors)


def _joined(policies: Iterable[bytes]) -> Policy:
    """Every log and mirror that any of the files trusts; who must have receipted, the decision says."""
    read_ = [parse_policy(one) for one in policies]
    logs = dict.fromkeys(key for one in read_ for key in one.logs)
    mirrors = dict.fromkeys(key for one in read_ for key in one.witnesses.values())
    return trust(logs, mirrors)


def _named(data: bytes) -> Policy:
    """The keys that the bundle's own agreement names, unverified. Raises BadEvidence."""
    for entry in parse_bundle(data).entries:
        try:
            _, body = parsed(entry.data)
        except WireError:
            continue
        if isinstance(body, Agreement):
            logs = _keys(text for party in body.parties for text in party.log_keys)
            return trust(logs, _keys(text for party in body.parties for text in party.mirror_keys))
    raise BadEvidence("no agreement is in this bundle, so it names no keys: give the policy files of its logs")


def _keys(texts: Iterable[str]) -> list[VerifierKey]:
    return [parse_vkey(text) for text in texts]


def _whose(policy: Policy) -> str:
    names = sorted({key.text.split("+", 1)[0] for key in (*policy.logs, *policy.witnesses.values())})
    return (
        f"these are the keys that its own agreement names for {', '.join(names)}; compare them with the parties' "
        "cards, or give --policy: a forger would name keys of its own"
    )
