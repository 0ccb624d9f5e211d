"""What an auditor needs of a centre: per log its keys, the receipted checkpoint, the receipts that votes rest on."""

from collections.abc import Sequence

import msgspec

from tocsin.errors import BadEvidence, Refusal
from tocsin.log.keys import VerifierKey
from tocsin.mirror import verify_receipt
from tocsin.mirror.ports import MirrorStore
from tocsin.mirror.pruned import Dropped, dropped_cell, parse_dropped
from tocsin.node.audit_steps import Pruned
from tocsin.node.book import Book
from tocsin.node.border import Border
from tocsin.node.centre import Centre

KeySets = Sequence[Sequence[VerifierKey]]
"""Keys of one partner's mirror, one set an epoch: a receipt is whole under any one of them."""


def policy_text(log_keys: Sequence[VerifierKey], mirrors: Sequence[KeySets]) -> bytes:
    """Trust policy of one log (C2SP tlog-policy): its own keys, and its partners' mirrors as witnesses."""
    lines = [f"log {key.text}" for key in log_keys]
    sets = [(number, at, keys) for number, partner in enumerate(mirrors) for at, keys in enumerate(partner) if keys]
    members: dict[int, list[str]] = {}
    groups = []
    for number, at, keys in sets:
        names = [f"w{number}.{at}.{one}" for one in range(len(keys))]
        lines += [f"witness {name} {key.text}" for name, key in zip(names, keys, strict=True)]
        groups.append(f"group m{number}.{at} all {' '.join(names)}")
        members.setdefault(number, []).append(f"m{number}.{at}")
    groups += [f"group partner{number} any {' '.join(names)}" for number, names in members.items()]
    if members:
        groups.append(f"group partners all {' '.join(f'partner{number}' for number in members)}")
    return ("\n".join([*lines, *groups, "quorum partners" if members else "quorum none"]) + "\n").encode()


def mirrors_of(centre: Centre, group: str = "shared") -> list[list[tuple[VerifierKey, ...]]]:
    """Mirror keys of every partner that holds our log, those of ended epochs first."""
    border = _border(centre, group)
    config = centre.config if border is None else border.config
    return [
        [*(one.mirror_keys for one in config.former if one.party == partner.party), partner.mirror_keys]
        for partner in config.partners
    ]


def _border(centre: Centre, group: str) -> Border | None:
    """Over which one of our logs goes to partners; None for what stays at home."""
    room = centre.groups.members(group)
    return centre.border if group == "shared" else room.border if room is not None else None


def log_files(centre: Centre, group: str) -> dict[str, bytes]:
    """Small files beside the tiles of one log: `policy`, and `receipts/SIZE` for every entry a decision rests on."""
    book = centre.books[group]
    border = _border(centre, group)
    partners = border.config.partners if border is not None else ()
    files = {"policy": policy_text(book.writer.keys, mirrors_of(centre, group) if partners else ())}
    votes = [s.entry.index for s in centre.said if s.entry.origin == book.writer.origin and s.kind in ("vote", "floor")]
    for index in votes:
        found = _covering(centre, book, index) if partners else None
        if found is not None:
            files[f"receipts/{found[0]}"] = found[1]
    return files


def _covering(centre: Centre, book: Book, index: int) -> tuple[int, bytes] | None:
    """(size, note): the first checkpoint over an entry that every partner receipted, under keys of any epoch."""
    store = centre.ports.store(book.writer.origin)
    while (found := store.first_receipt(index)) is not None:
        index, note = found
        if _by_all(centre, book.writer.keys, note):
            return found
    return None


def _by_all(centre: Centre, log_keys: Sequence[VerifierKey], note: bytes) -> bool:
    """Whether every partner's mirror receipted a checkpoint, under keys of any of its epochs."""
    return all(any(_whole(note, log_keys, keys) for keys in sets) for sets in mirrors_of(centre))


def _whole(note: bytes, log_keys: Sequence[VerifierKey], mirror_keys: Sequence[VerifierKey]) -> bool:
    try:
        verify_receipt(note, log_keys, mirror_keys)
    except BadEvidence:
        return False
    return True


def dropped_files(centre: Centre, origin: str) -> tuple[int, dict[str, bytes]]:
    """Up to which entry a log is exported without entries, and the files that say so and stand in for them (L11)."""
    cell = centre.ports.cells.load(dropped_cell(origin))
    held = Dropped() if cell is None else parse_dropped(cell)
    if not held.before:
        return 0, {}
    if centre.ports.kept is None:
        raise Refusal(f"log {origin}: the bundle in place of entries before {held.before} is not at hand here")
    named = Pruned(before_index=held.before, bundle_sha256=held.bundle_sha256)
    return held.before, {"pruned": msgspec.json.encode(named), "kept.bundle": centre.ports.kept(held.bundle_sha256)}


def former_files(centre: Centre) -> dict[str, tuple[MirrorStore, int, dict[str, bytes]]]:
    """Our ended shared logs by origin: (store, size up to which they bind, small files with every receipt kept)."""
    found = {}
    for one in centre.config.former:
        if one.party != centre.config.party or not one.mirror_keys:
            continue
        store, at = centre.ports.store(one.origin), 0
        files = {"policy": policy_text(one.log_keys, mirrors_of(centre))}
        while (kept := store.first_receipt(at)) is not None:
            at = kept[0]
            if _by_all(centre, one.log_keys, kept[1]):
                files["checkpoint" if at == one.end else f"receipts/{at}"] = kept[1]
        found[one.origin] = (store, one.end, files)
    return found


def receipted_checkpoint(centre: Centre, group: str) -> tuple[int, bytes]:
    """(size, note): the latest checkpoint with every partner's receipt, else the latest there is."""
    book = centre.books[group]
    border = _border(centre, group)
    size = min((link.receipted for link in border.links.values()), default=0) if border is not None else 0
    found = book.receipt_covering(size - 1, border.config.partners) if border is not None and size else None
    return found if found is not None else (book.writer.size, book.writer.checkpoint or b"")
