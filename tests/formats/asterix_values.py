"""Hypothesis strategies that follow the tables: values for any item of any category."""

from hypothesis import strategies as st

from tocsin.formats.asterix.fields import SIX_BIT
from tocsin.formats.asterix.shapes import Compound, Explicit, Extended, Fixed, Repetitive
from tocsin.formats.asterix.tables import RANDOM, category

LETTERS = "".join(sorted(set(SIX_BIT) - {"\x00", " "}))


def field(one):
    low = -(1 << (one.bits - 1)) if one.kind == "s" else 0
    high = (1 << (one.bits - 1)) - 1 if one.kind == "s" else (1 << one.bits) - 1
    whole = st.integers(low, high)
    if one.kind == "o":
        return whole.map(lambda raw: f"{raw:0{one.bits // 3}o}")
    if one.kind in "ca":
        return st.text(LETTERS, max_size=one.bits // (6 if one.kind == "c" else 8))
    return whole if one.step is None else whole.map(lambda raw: raw * one.step)


def fields(group):
    return st.fixed_dictionaries({one.name: field(one) for one in group.fields})


def item(shape):
    if isinstance(shape, Fixed):
        return fields(shape.group)
    if isinstance(shape, Extended):
        first = [fields(part) for part in shape.parts]
        count = st.integers(1, len(first))
        return count.flatmap(lambda n: st.tuples(*first[:n])).map(lambda ps: dict(kv for p in ps for kv in p.items()))
    if isinstance(shape, Repetitive):
        return st.lists(fields(shape.group), min_size=1, max_size=4)
    if isinstance(shape, Explicit):
        return st.binary(min_size=1, max_size=20)
    assert isinstance(shape, Compound)
    parts = {name: item(inner) for name, inner in shape.parts if name}
    return st.fixed_dictionaries({}, optional=parts).filter(bool)


@st.composite
def record(draw, number, kind="every"):
    known = category(number)
    optional = [ref for ref in known.uaps[kind] if ref not in ("-", RANDOM)]
    chosen = draw(st.lists(st.sampled_from(optional), unique=True, min_size=1, max_size=8))
    values = {ref: draw(item(known.items[ref])) for ref in chosen}
    if number == 1:
        values["020"] = {"TYP": int(kind == "track"), "SIM": 0, "SSRPSR": 0, "ANT": 0, "SPI": 0, "RAB": 0}
    return values
