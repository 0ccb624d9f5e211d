"""`tocsin retain`, `tocsin prune`: what need not be held any more, agreed in every log first (L11).

`prune` is for exported logs; `retain drop` asks a running centre to do the same in its store.
"""

import hashlib
import time
from pathlib import Path

import msgspec
from cyclopts import App

from tocsin.app.check import exported, logs_below
from tocsin.errors import BadEvidence, Outage, Refusal
from tocsin.log.policy import parse_policy
from tocsin.log.tiles import WIDTH, TileName
from tocsin.mirror import Mirror
from tocsin.node.adapters import outbox, pruning, settings
from tocsin.node.adapters.pruning import Request
from tocsin.node.adapters.tilefiles import read_file, write_file
from tocsin.node.audit import open_logs, open_mirror
from tocsin.node.audit_steps import Pruned
from tocsin.node.custody.retention import agreed, check_bundle, make_bundle, may_prune
from tocsin.node.record import Said
from tocsin.wire.custody import Retention
from tocsin.world.time import from_posix_s

app = App(name="retain", help="Agree what of a log need not be held any more, drop it from the store, take it back.")


@app.command
def propose(centre: Path, log: Path, *, before: int, out: Path, because: str, after_days: float = 0.0) -> int:
    """Make the bundle that is kept, and log the terms. Hand OUT and OUT.terms to every partner.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    log
        Folder of the exported log (ours or a partner's) that is to be pruned.
    before
        Entries below this number need not be held; a multiple of 256.
    out
        File for the bundle.
    because
        Why, for the record.
    after_days
        How many days from now on.
    """
    opened = _opened(log)
    bundle = make_bundle(opened, before)
    terms = Retention(
        origin=opened.origin, before_index=before, not_before_tai_us=_now_tai_us() + round(after_days * 86_400e6),
        bundle_sha256=hashlib.sha256(bundle).hexdigest(), because=because,
    )  # fmt: skip
    write_file(out, bundle)
    write_file(_terms(out), msgspec.json.format(msgspec.json.encode(terms), indent=1))
    _log(centre, terms)
    print(f"{out}: {len(bundle)} bytes are kept in place of {before} entries.")
    print(f"Hand it and {_terms(out)} to the partners, for `tocsin retain agree`.")
    return 0


@app.command
def agree(centre: Path, log: Path, bundle: Path) -> int:
    """Check a partner's bundle and terms against our own copy of the log, and log the same terms.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    log
        Folder of our copy of the log, as exported.
    bundle
        The bundle; its terms lie beside it as BUNDLE.terms.
    """
    opened = _opened(log)
    try:
        terms = msgspec.json.decode(read_file(_terms(bundle), "the terms"), type=Retention)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadEvidence(f"{_terms(bundle)}: not terms of retention: {error}") from error
    if terms.origin != opened.origin:
        raise Refusal(f"{bundle}: terms about {terms.origin}; {log} holds {opened.origin}")
    check_bundle(opened, terms, read_file(bundle, "the bundle"), parse_policy(read_file(log / "policy", "keys")))
    _log(centre, terms)
    print(f"Agreed: {opened.origin} before {terms.before_index} need not be held once every party has logged this.")
    return 0


@app.command
def export(centre: Path, folder: Path) -> int:
    """Write all logs that are held, ours and the partners', from the store; the centre may be running.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    folder
        Where to: FOLDER/PARTY/shared. It must not exist yet.
    """
    from tocsin.app.serving import Serving
    from tocsin.node.adapters.zipped import export_logs

    if folder.exists():
        raise Refusal(f"{folder}: exists; an export goes into a folder of its own")
    export_logs(Serving(centre).centre, folder)
    if not folder.exists():
        raise Refusal(f"{centre.parent}: no log is held here yet; nothing was written")
    print(f"{folder}: every log that is held, for `tocsin verify`; keep it where it lasts.")
    return 0


@app.command
def drop(centre: Path, log: Path, *, bundle: Path, before: int) -> int:
    """Drop from the store of a centre, running or not, what every party agreed to drop; an export must hold it.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    log
        Folder of the exported log, with the entries that are to be dropped.
    bundle
        The bundle that is kept; without it nothing is dropped.
    before
        As in the terms.
    """
    opened, kept = _opened(log), read_file(bundle, "the bundle that is kept")
    if opened.size < before:
        raise Refusal(f"{log}: the export ends at {opened.size}; one that holds all entries before {before} is needed")
    digest = pruning.keep_bundle(centre.parent, kept)
    return _ask(centre, log, opened, Request(
        what="drop", origin=opened.origin, export=str(log.resolve()), size=opened.size, root=opened.head.root.hex(),
        before=before, bundle_sha256=digest,
    ))  # fmt: skip


@app.command
def restore(centre: Path, log: Path) -> int:
    """Take back into the store of a centre what was dropped from it, each entry checked against its tree.

    Parameters
    ----------
    centre
        CENTRE.toml of the party.
    log
        Folder of an exported log from before it was dropped.
    """
    found = exported(log, log)
    if found.pruned is not None:
        raise Refusal(f"{log}: entries were dropped from this export, too; one from before is needed")
    opened = _opened(log)
    return _ask(centre, log, opened, Request(
        what="restore", origin=opened.origin, export=str(log.resolve()), size=opened.size,
        root=opened.head.root.hex(),
    ))  # fmt: skip


def _ask(centre: Path, log: Path, opened: Mirror, request: Request) -> int:
    settings.load(centre)
    path = pruning.ask(centre.parent, request)
    print(f"{log}: {opened.size} entries, all as signed. The centre begins at its next turn and goes on serving;")
    print(f"{path.with_suffix('.done')} or .refused will say what became of it.")
    return 0


def prune(logs: Path, log: Path, *, bundle: Path, before: int) -> int:
    """Drop entries of an exported log that every party agreed to drop; tiles and the bundle stay.

    Parameters
    ----------
    logs
        Folder with the exported shared logs of every party, which hold the terms.
    log
        Folder of the log to prune.
    bundle
        The bundle that is kept; without it nothing is dropped.
    before
        As in the terms.
    """
    kept = read_file(bundle, "the bundle that is kept")
    record = open_logs([exported(folder, folder) for folder in logs_below(logs)])
    if record is None:
        raise Refusal(f"{logs}: no agreement in these logs, so nobody agreed to drop anything")
    said: dict[str, list[Said]] = {}
    for one in record.said():
        said.setdefault(one.party, []).append(one)
    origin = _opened(log).origin
    parties = [one.party for one in record.parties.values()]
    terms = may_prune(agreed(said, parties, origin), before, kept, _now_tai_us())
    made = Pruned(before_index=before, bundle_sha256=terms.bundle_sha256)
    write_file(log / "kept.bundle", kept)
    write_file(log / "pruned", msgspec.json.encode(made))
    dropped = 0
    for index in range(before // WIDTH):
        path = log / TileName(None, index).path
        try:
            dropped += path.stat().st_size
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise Outage(f"{path}: could not be dropped ({error.strerror}); run again") from error
    print(f"{log}: {before} entries dropped ({dropped} bytes); their hashes and {len(kept)} bytes of bundle are kept.")
    return 0


def _opened(log: Path) -> Mirror:
    return open_mirror(exported(log, log))


def _terms(bundle: Path) -> Path:
    return bundle.with_name(bundle.name + ".terms")


def _log(centre: Path, terms: Retention) -> None:
    settings.load(centre)
    outbox.drop(centre.parent, f"retention-{terms.bundle_sha256[:16]}", terms)


def _now_tai_us() -> int:
    return from_posix_s(int(time.time())) // 1_000
