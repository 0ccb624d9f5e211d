"""What an auditor needs of a centre: per log its keys, the receipted checkpoint, the receipts that votes rest on."""

from tocsin.log.keys import VerifierKey
from tocsin.node.centre import Centre


def policy_text(log_keys: tuple[VerifierKey, ...], mirror_keys: tuple[VerifierKey, ...]) -> bytes:
    """Trust policy of one log (C2SP tlog-policy): its own keys, and its partners' mirrors as witnesses."""
    lines = [f"log {key.text}" for key in log_keys]
    lines += [f"witness w{number} {key.text}" for number, key in enumerate(mirror_keys)]
    members = " ".join(f"w{number}" for number in range(len(mirror_keys)))
    if len(mirror_keys) > 1:
        lines += [f"group partners all {members}", "quorum partners"]
    else:
        lines.append("quorum w0" if mirror_keys else "quorum none")
    return ("\n".join(lines) + "\n").encode()


def log_files(centre: Centre, group: str) -> dict[str, bytes]:
    """Small files beside the tiles of one log: `policy`, and `receipts/SIZE` for every entry a decision rests on."""
    book = centre.books[group]
    partners = centre.config.partners if group == "shared" else ()
    mirror_keys = tuple(key for partner in partners for key in partner.mirror_keys)
    files = {"policy": policy_text(book.writer.keys, mirror_keys)}
    votes = [s.entry.index for s in centre.said if s.entry.origin == book.writer.origin and s.kind in ("vote", "floor")]
    for index in votes:
        found = book.receipt_covering(index, partners) if partners else None
        if found is not None:
            files[f"receipts/{found[0]}"] = found[1]
    return files


def receipted_checkpoint(centre: Centre, group: str) -> tuple[int, bytes]:
    """(size, note): the latest checkpoint with every partner's receipt, else the latest there is."""
    book = centre.books[group]
    size = min((link.receipted for link in centre.links.values()), default=0) if group == "shared" else 0
    found = book.receipt_covering(size - 1, centre.config.partners) if size else None
    return found if found is not None else (book.writer.size, book.writer.checkpoint or b"")
