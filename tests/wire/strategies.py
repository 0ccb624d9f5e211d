"""Hypothesis strategies for any record, read off its own type: whatever the decoder admits is drawn."""

from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from tocsin.wire.bodies import KINDS
from tocsin.wire.envelope import Statement

TEXT = st.characters(exclude_categories=("Cs",))


def of(record: type) -> st.SearchStrategy[Any]:
    """Instances of a record; those that its own cross-field rules refuse are thrown away."""
    return _of(inspect.type_info(record))


def _of(info: inspect.Type) -> st.SearchStrategy[Any]:
    builders = {
        inspect.StructType: _struct,
        inspect.UnionType: lambda i: st.one_of(*(_of(t) for t in i.types)),
        inspect.LiteralType: lambda i: st.sampled_from(i.values),
        inspect.NoneType: lambda i: st.none(),
        inspect.BoolType: lambda i: st.booleans(),
        inspect.IntType: lambda i: st.integers(i.ge, i.le),
        inspect.FloatType: lambda i: st.floats(i.ge, i.le, allow_nan=False, allow_infinity=False),
        inspect.StrType: _string,
        inspect.VarTupleType: lambda i: st.lists(
            _of(i.item_type), min_size=i.min_length or 0, max_size=min(i.max_length, 21 if i.min_length == 21 else 6)
        ).map(tuple),
        inspect.TupleType: lambda i: st.tuples(*(_of(t) for t in i.item_types)),
        inspect.RawType: lambda i: st.just(msgspec.Raw(b"{}")),
    }
    return builders[type(info)](info)


def _string(info: inspect.StrType) -> st.SearchStrategy[str]:
    if info.pattern is not None:
        return st.from_regex(info.pattern)
    return st.text(TEXT, max_size=min(info.max_length, 40))


def _struct(info: inspect.StructType) -> st.SearchStrategy[Any]:
    fields = st.fixed_dictionaries({field.name: _of(field.type) for field in info.fields})

    def build(values: dict[str, Any]) -> Any:
        try:
            return info.cls(**values)
        except ValueError:
            return None

    return fields.map(build).filter(lambda record: record is not None)


def notification() -> st.SearchStrategy[Any]:
    """Its identifier ends in the number of its format: too rare to be found by throwing away."""
    from tocsin.wire.bodies import NOTIFICATION_NUMBERS, Notification

    info = inspect.type_info(Notification)
    fields = {field.name: _of(field.type) for field in info.fields}

    def build(values: dict[str, Any]) -> Notification:
        values["identifier"] = values["identifier"][:-2] + NOTIFICATION_NUMBERS[values["format"]]
        values["refers_to"] = values["refers_to"] or values["identifier"]
        return Notification(**values)

    return st.fixed_dictionaries(fields).map(build)


BODIES = {key: notification() if key[0] == "notification" else of(record) for key, record in KINDS.items()}
STATEMENTS = of(Statement)
