"""From a centre's folder to its ports and configuration: stores, keys of this epoch, partners as they stand now."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tocsin.errors import BadEvidence, Outage, Refusal
from tocsin.log.ports import CheckpointStore
from tocsin.mirror.ports import MirrorStore
from tocsin.node.adapters import epochfiles, keys
from tocsin.node.adapters.settings import Settings, StoreSettings
from tocsin.node.adapters.sqlite import Database, SqliteCells, SqliteLog
from tocsin.node.centre import Centre
from tocsin.node.config import CentreConfig
from tocsin.node.custody.following import Keys, compose
from tocsin.node.custody.keeping import FirstEntry
from tocsin.release import Draft, Released, Withheld

Stores = tuple[Callable[[str], MirrorStore], CheckpointStore]


def open_stores(folder: Path, chosen: StoreSettings | None) -> Stores:
    """(store by log, cells): SQLite in the folder, or the PostgreSQL server that CENTRE.toml names."""
    if chosen is None:
        database = Database(folder / "store.db")
        return lambda origin: SqliteLog(database, origin), SqliteCells(folder / "checkpoints.db")
    try:
        from tocsin.node.adapters.postgres import PostgresCells, PostgresDatabase, PostgresLog
    except ImportError as error:
        raise Refusal("CENTRE.toml: [store] asks for PostgreSQL, and psycopg is not installed") from error
    server = PostgresDatabase(chosen.postgres, standby=chosen.standby)
    apart = PostgresDatabase(chosen.postgres, standby=chosen.standby)
    return lambda origin: PostgresLog(server, origin), PostgresCells(apart)


def keys_now(folder: Path, made: Settings) -> keys.PartyKeys:
    """Our keys of the present epoch."""
    return keys_of_epoch(folder, made, epochfiles.epoch_now(folder))


def keys_of_epoch(folder: Path, made: Settings, epoch: int) -> keys.PartyKeys:
    """Our keys of an epoch."""
    return keys.PartyKeys(keys.read_secret(epochfiles.secret_file(folder, epoch)), made.party, made.mode, epoch)


def compose_config(
    folder: Path, made: Settings, cards: Sequence[keys.Card], plain: CentreConfig
) -> tuple[CentreConfig, FirstEntry | None]:
    """`plain` is as after pairing; what came of it through new epochs, ours and the partners'."""

    def own_keys(epoch: int, which: str) -> Keys:
        party = keys_of_epoch(folder, made, epoch)
        log = tuple(one.key for one in party.log(party.origin + which))
        return log, tuple(one.key for one in party.mirror)

    theirs = {card.party: epochfiles.of_partner(folder, card.party) for card in cards}
    return compose(plain, epochfiles.own(folder), theirs, own_keys)


def log_drafts(centre: Centre) -> Callable[[Sequence[Draft]], None]:
    """What a funnel of other processes' drafts calls: returns when all are durable; Outage means, send them again."""

    def log(drafts: Sequence[Draft]) -> None:
        if not centre.border.opening.ready:
            raise Outage(centre.border.opening.why_not)
        for draft in drafts:
            outcome: Released | Withheld = centre.publish(draft)
            if isinstance(outcome, Withheld) and outcome.retry_tai_ns is not None:
                raise Outage(outcome.reason)
        if any(book.pending for book in centre.books.values()):
            raise Outage("drafts are not on disk yet")

    return log


def refused_drafts(centre: Centre) -> Callable[[BadEvidence], None]:
    """Where a funnel puts what is no draft."""
    return centre.keep
