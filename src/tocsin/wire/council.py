"""All kinds in which centres talk to each other beyond launches, tracks and votes."""

from tocsin.wire.cyber import CYBER_KINDS
from tocsin.wire.envelope import Record
from tocsin.wire.judging import JUDGING_KINDS
from tocsin.wire.messages import MESSAGE_KINDS
from tocsin.wire.talk import TALK_KINDS

COUNCIL_KINDS: dict[tuple[str, int], type[Record]] = {
    **MESSAGE_KINDS, **TALK_KINDS, **JUDGING_KINDS, **CYBER_KINDS,
}  # fmt: skip
