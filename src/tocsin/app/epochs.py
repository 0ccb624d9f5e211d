"""`tocsin rotate`, `revoke`, `follow`: new keys for a log, planned or after a compromise (docs/keys.md)."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from tocsin.app.composing import keys_of_epoch, open_stores
from tocsin.errors import BadEvidence, Refusal
from tocsin.log.checkpoint import parse_checkpoint
from tocsin.log.note import parse_note
from tocsin.mirror import verify_receipt
from tocsin.mirror.thinning import BLOCK, LEFT_ALONE, last_of_blocks
from tocsin.node.adapters import epochfiles, keys, outbox, settings
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.adapters.tokens import Token, read_token
from tocsin.node.custody.epochs import origin_of_epoch, rotate
from tocsin.node.custody.following import NextEpoch, checked, follow
from tocsin.node.custody.roster import ROOT
from tocsin.node.custody.signing import to_sign
from tocsin.wire.confidential import EncryptionKeys
from tocsin.wire.custody import Succession
from tocsin.wire.envelope import OfficerSignature, Record

Passphrase = Annotated[str, Parameter(env_var="TOCSIN_PASSPHRASE", show_env_var=True)]
AHEAD = 48  # entries; a quiet log gets there by its heartbeats in four minutes


def change(centre: Path, *, root: Path, ahead: int = AHEAD, passphrase: Passphrase = "") -> int:
    """Announce new keys in the running centre's log. It ends a little further on, and the centre opens the next itself.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    root
        The root key's file, from wherever it is kept.
    ahead
        After how many more entries the old log ends; more for a busy one.
    passphrase
        Opens the root key.
    """
    made, folder = settings.load(centre), centre.parent
    epoch = epochfiles.epoch_now(folder)
    secret = epochfiles.secret_file(folder, epoch + 1)
    if not secret.exists():
        keys.make_secret(secret)
    old, new = (keys_of_epoch(folder, made, number) for number in (epoch, epoch + 1))
    origin, size = old.origin, _logged(folder, made, old.origin)
    token = read_token(root, passphrase)
    pairs = (("log", old.log(origin), new.log(new.origin)), ("mirror", old.mirror, new.mirror))
    for purpose, before, after in pairs:
        body = rotate(origin, purpose, before, after, size + ahead)
        outbox.drop(folder, f"rotate-{purpose}-{epoch + 1}", body, signatures=_signed(body, made, origin, epoch, token))
    print(f"Announced: {origin} ends at entry {size + ahead}, then {new.origin} opens. Partners follow by themselves.")
    return 0


def revoke(centre: Path, *, root: Path, because: str, size: int | None = None, passphrase: Passphrase = "") -> int:
    """After a compromise: new keys under the root key; the old log is closed at a checkpoint that a partner receipted.

    Stop the centre first. Hand the file to every partner; what the old log holds beyond the closing binds nobody.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    root
        The root key's file, from wherever it is kept.
    because
        What happened, for the record.
    size
        Close the old log at this size, if entries before its last receipt are already doubtful.
    passphrase
        Opens the root key.
    """
    made, folder = settings.load(centre), centre.parent
    epoch = epochfiles.epoch_now(folder)
    old = keys_of_epoch(folder, made, epoch)
    closed_size, closed_root = _receipted(folder, made, old, size)
    for path in (epochfiles.secret_file(folder, epoch + 1), folder / f"encryption-{epoch + 1}.key"):
        if not path.exists():
            keys.make_secret(path)
    new, token = keys_of_epoch(folder, made, epoch + 1), read_token(root, passphrase)
    body = Succession(
        old_origin=old.origin, old_epoch=epoch, closed_size=closed_size, closed_root=closed_root, new_epoch=epoch + 1,
        log_keys=tuple(one.key.text for one in new.log(new.origin)),
        mirror_keys=tuple(one.key.text for one in new.mirror), because=because,
    )  # fmt: skip
    vault = keys.open_vault(epochfiles.encryption_file(folder, epoch + 1), made.party)
    known = [made_by.encryption_key for made_by in settings.cards(folder) if made_by.encryption_key is not None]
    encryption = EncryptionKeys(keys=tuple(sorted((vault.key, *known), key=lambda one: one.party)))
    signed = [_signed(record, made, new.origin, epoch + 1, token) for record in (body, encryption)]
    file = NextEpoch(
        party=made.party, succession=body, signatures=signed[0], encryption=encryption, encryption_signatures=signed[1]
    )
    epochfiles.add(folder, made.party, file)
    out = folder / f"epoch-{epoch + 1}.json"
    write_file(out, epochfiles.encode(file))
    print(f"{old.origin} is closed at {closed_size} entries; {new.origin} opens when the centre starts.")
    print(f"Give {out} to every partner, for `tocsin follow`.")
    return 0


def take(centre: Path, file: Path) -> int:
    """Follow a partner into a new epoch that its root keys signed. It counts when the centre next starts.

    Parameters
    ----------
    centre
        Your CENTRE.toml.
    file
        The epoch-N.json that the partner gave you.
    """
    made, folder = settings.load(centre), centre.parent
    offered = epochfiles.parse(read_file(file, "a partner's new epoch"), str(file))
    card = next((one for one in settings.cards(folder) if one.party == offered.party), None)
    anchor = keys.anchor_of(card) if card is not None else None
    if card is None or anchor is None:
        raise Refusal(f"{file}: {offered.party} is not paired with {made.party}, or has no root key on its card")
    checked(offered, anchor, made.mode, regime_of(made))
    before = [one for one in epochfiles.of_partner(folder, offered.party) if one.succession != offered.succession]
    follow(keys.partner_of(card), [*before, offered])
    path = epochfiles.add(folder, made.party, offered)
    body = offered.succession
    print(f"{path}: {body.old_origin} ended at {body.closed_size} entries for us; what it holds beyond binds nobody.")
    print(f"From the next start on we mirror {origin_of_epoch(body.old_origin, body.new_epoch)}.")
    return 0


def regime_of(made: settings.Settings) -> str:
    """Hash of the regime that root keys sign under."""
    from tocsin.app.play import load_regime

    return load_regime(made.regime).sha256


def _signed(
    body: Record, made: settings.Settings, origin: str, epoch: int, token: Token
) -> tuple[OfficerSignature, ...]:
    plain = to_sign(body, party=made.party, origin=origin, epoch=epoch, mode=made.mode, regime=regime_of(made))
    return token.sign(plain, ROOT)


def _logged(folder: Path, made: settings.Settings, origin: str) -> int:
    """Entries that the store holds."""
    store, size = open_stores(folder, made.store)[0](origin), 0
    while found := store.entries(size, size + 4_096):
        size += len(found)
    return size


def _receipted(folder: Path, made: settings.Settings, old: keys.PartyKeys, most: int | None) -> tuple[int, str]:
    """(size, root) of our last checkpoint that any partner receipted, at or below `most`, and still holds (L5)."""
    store, at = open_stores(folder, made.store)[0](old.origin), 0
    log_keys = [one.key for one in old.log(old.origin)]
    partners = [follow(keys.partner_of(card), epochfiles.of_partner(folder, card.party))[0]
                for card in settings.cards(folder)]  # fmt: skip
    roots: dict[int, str] = {}
    given: dict[str, list[int]] = {}
    while (found := store.first_receipt(at)) is not None:
        at, note = found
        for partner in partners:
            try:
                verify_receipt(note, log_keys, partner.mirror_keys)
            except BadEvidence:
                continue
            roots[at] = parse_checkpoint(parse_note(note).text).root.hex()
            given.setdefault(partner.party, []).append(at)
    newest = max(roots, default=0) - (LEFT_ALONE - 1) * BLOCK
    held = {size for size in roots if size > newest}.union(*(last_of_blocks(sizes) for sizes in given.values()))
    best = max((size for size in held if most is None or size <= most), default=None)
    if best is None:
        raise Refusal(f"{old.origin}: no partner's receipt is stored; a log is closed where one was given (K4)")
    return best, roots[best]

