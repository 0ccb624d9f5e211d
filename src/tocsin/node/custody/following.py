"""From what was compared at pairing, and every new epoch since, to the configuration of a centre that runs now.

A new epoch comes in one of two ways. Planned: the old log announces it and reaches its end, and whoever mirrors it can
write down the next epoch himself (`planned`). After a compromise: the party hands over a file that its root keys signed
(`checked`), because nothing that its machine says may be believed any more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import msgspec

from tocsin.errors import BadEvidence
from tocsin.log.keys import VerifierKey, parse_vkey
from tocsin.node.config import CentreConfig, Former, Partner
from tocsin.node.custody.epochs import origin_of_epoch
from tocsin.node.custody.keeping import FirstEntry, Keeping
from tocsin.node.custody.roster import epoch_of, root_signed
from tocsin.node.custody.signing import to_sign
from tocsin.wire.confidential import EncryptionKeys
from tocsin.wire.custody import Anchor, Succession
from tocsin.wire.envelope import Mode, OfficerSignature, Record

Keys = tuple[tuple[VerifierKey, ...], tuple[VerifierKey, ...]]
"""(log keys, mirror keys)."""


class NextEpoch(Record, frozen=True, kw_only=True):
    """One new epoch of a party, as a file. `signatures` are the root keys'; none for a planned change."""

    party: str
    succession: Succession
    signatures: tuple[OfficerSignature, ...] = ()
    encryption: EncryptionKeys | None = None
    encryption_signatures: tuple[OfficerSignature, ...] = ()


def planned(centre: Keeping) -> list[NextEpoch]:
    """New epochs by announcement: ours once all have receipted the end of our log, partners' once we hold theirs."""
    found = []
    if centre.ended:
        found.append(NextEpoch(party=centre.config.party, succession=centre.succession()))
    for partner in centre.config.partners:
        end, mirror = centre.announced(partner.party, partner.origin), centre.mirrors[partner.party]
        if end is not None and mirror.size >= end.end:
            body = Succession(
                old_origin=partner.origin, old_epoch=partner.epoch, closed_size=end.end,
                closed_root=mirror.held.tree.root_at(end.end).hex(),
                new_epoch=epoch_of(parse_vkey(end.log_keys[0]).name), log_keys=end.log_keys,
                mirror_keys=end.mirror_keys, because="a planned change of keys",
            )  # fmt: skip
            found.append(NextEpoch(party=partner.party, succession=body))
    return found


def checked(made: NextEpoch, anchor: Anchor, mode: Mode, regime: str) -> NextEpoch:
    """The same, if the root keys compared at pairing signed it. Raises BadEvidence."""
    body = made.succession
    origin = origin_of_epoch(body.old_origin, body.new_epoch)
    for record, signatures in ((body, made.signatures), (made.encryption, made.encryption_signatures)):
        if record is None:
            continue
        plain = to_sign(record, party=made.party, origin=origin, epoch=body.new_epoch, mode=mode, regime=regime)
        if made.party != anchor.party or not root_signed(msgspec.structs.replace(plain, signatures=signatures), anchor):
            raise BadEvidence(f"new epoch of {made.party}: the root keys compared at pairing did not sign it (K3)")
    keys_of(made)
    return made


def keys_of(made: NextEpoch) -> Keys:
    """Log and mirror keys of a new epoch. Raises BadEvidence for keys that are none, or carry another name (K1)."""
    body = made.succession
    origin = origin_of_epoch(body.old_origin, body.new_epoch)
    log, mirror = (tuple(parse_vkey(text) for text in texts) for texts in (body.log_keys, body.mirror_keys))
    if {key.name for key in log} != {origin} or {key.name for key in mirror} != {f"{origin}/mirror"}:
        raise BadEvidence(f"new epoch of {made.party}: keys named {origin} and {origin}/mirror expected (K1)")
    return log, mirror


def follow(partner: Partner, epochs: Sequence[NextEpoch]) -> tuple[Partner, tuple[Former, ...]]:
    """A partner as it stands after its new epochs, and its ended logs. Raises BadEvidence for one out of order."""
    former = []
    for made in epochs:
        body = made.succession
        if (made.party, body.old_origin, body.old_epoch) != (partner.party, partner.origin, partner.epoch):
            raise BadEvidence(
                f"new epoch of {made.party} after {body.old_origin}: {partner.party} stands at {partner.origin}"
            )
        keys = (partner.log_keys, partner.mirror_keys)
        former.append(_ended(partner.party, partner.origin, partner.epoch, body, keys))
        log, mirror = keys_of(made)
        fresh = [key for key in (made.encryption.keys if made.encryption else ()) if key.party == partner.party]
        partner = replace(
            partner, origin=origin_of_epoch(body.old_origin, body.new_epoch), epoch=body.new_epoch, log_keys=log,
            mirror_keys=mirror, encryption_key=fresh[0] if fresh else partner.encryption_key,
        )  # fmt: skip
    return partner, tuple(former)


def compose(
    config: CentreConfig, own: Sequence[NextEpoch], theirs: Mapping[str, Sequence[NextEpoch]],
    own_keys: Callable[[int, str], Keys],
) -> tuple[CentreConfig, FirstEntry | None]:  # fmt: skip
    """`config` is as after pairing, in epoch 0; `own_keys` gives our keys of an epoch; with "/own", of our own log.

    Raises BadEvidence for epochs that do not follow on each other.
    """
    former: list[Former] = []
    partners = []
    for partner in config.partners:
        now, ended = follow(partner, theirs.get(partner.party, ()))
        partners.append(now)
        former += ended
    origin, epoch, first = config.origin, config.epoch, None
    for made in own:
        body = made.succession
        if (made.party, body.old_origin, body.old_epoch) != (config.party, origin, epoch):
            raise BadEvidence(f"our new epoch after {body.old_origin}: we stand at {origin}")
        keys = own_keys(epoch, "")
        former.append(_ended(config.party, origin, epoch, body, keys))
        at_home = own_keys(epoch, "/own")[0]
        home = Former(
            party=config.party, origin=f"{origin}/own", epoch=epoch, log_keys=at_home, mirror_keys=(), end=2**53
        )
        former.append(home)
        origin, epoch = origin_of_epoch(origin, body.new_epoch), body.new_epoch
        more = ((made.encryption, made.encryption_signatures),) if made.encryption else ()
        first = FirstEntry(body=body, signatures=made.signatures, more=more)
    return replace(config, origin=origin, epoch=epoch, partners=tuple(partners), former=tuple(former)), first


def _ended(party: str, origin: str, epoch: int, body: Succession, keys: Keys) -> Former:
    return Former(
        party=party, origin=origin, epoch=epoch, log_keys=keys[0], mirror_keys=keys[1], end=body.closed_size
    )
