"""Own picture and officers' drafts -> statements, and a private record of what was withheld. See README.md."""

from tocsin.release.ledger import Ledger, Said
from tocsin.release.publish import OWN_KINDS, group_of, publish
from tocsin.release.records import Context, Draft, Group, Released, Withheld, WithheldRecord

__all__ = [
    "OWN_KINDS", "Context", "Draft", "Group", "Ledger", "Released", "Said", "Withheld", "WithheldRecord", "group_of",
    "publish",
]  # fmt: skip
