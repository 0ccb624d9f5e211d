"""Hypothesis strategies for any record, read off its own type: whatever the decoder admits is drawn."""

from collections.abc import Callable
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from tocsin.wire.bodies import KINDS, NOTIFICATION_NUMBERS
from tocsin.wire.envelope import Statement
from tocsin.wire.talk import CodedMessage, Speaker

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
        inspect.FloatType: lambda i: st.floats(
            i.gt if i.ge is None else i.ge, i.le, allow_nan=False, allow_infinity=False, exclude_min=i.ge is None
        ),
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
    return st.text(TEXT, min_size=info.min_length or 0, max_size=min(info.max_length, 40))


def _struct(info: inspect.StructType) -> st.SearchStrategy[Any]:
    fields = st.fixed_dictionaries({field.name: _of(field.type) for field in info.fields})

    def build(values: dict[str, Any]) -> Any:
        try:
            return info.cls(**values)
        except ValueError:
            return None

    return fields.map(build).filter(lambda record: record is not None)


def fitted(record: type, fit: Callable[[dict[str, Any]], dict[str, Any]]) -> st.SearchStrategy[Any]:
    """A record whose fields must fit each other in a way too rare to be found by throwing away."""
    fields = {field.name: _of(field.type) for field in inspect.type_info(record).fields}
    return st.fixed_dictionaries(fields).map(lambda values: record(**fit(values)))


def _notification(values: dict[str, Any]) -> dict[str, Any]:
    identifier = values["identifier"][:-2] + NOTIFICATION_NUMBERS[values["format"]]
    return values | {"identifier": identifier, "refers_to": values["refers_to"] or identifier}


def _codebook(values: dict[str, Any]) -> dict[str, Any]:
    first = values["messages"][0].texts
    made = {one.number: CodedMessage(number=one.number, texts=first) for one in values["messages"]}
    return values | {"messages": tuple(made.values())}


def _call(values: dict[str, Any]) -> dict[str, Any]:
    one, other = Speaker(party="west", name="A", role="a"), Speaker(party="east", name="B", role="b")
    ends = sorted((values["begin_tai_us"], values["end_tai_us"]))
    return values | {
        "speakers": (*values["speakers"], one, other), "read_back": ("west",) if values["read_back"] else (),
        "begin_tai_us": ends[0], "end_tai_us": ends[1],
        "translations": tuple({text.language: text for text in values["translations"]}.values()),
    }  # fmt: skip


def _docket(values: dict[str, Any]) -> dict[str, Any]:
    step = values["step"]
    return values | {
        "to": (values["to"] or ("east",)) if step == "query" else (),
        "deadline_s": (values["deadline_s"] or 0) if step in ("query", "extend") else None,
        "attachments": () if step == "close" else values["attachments"],
    }


FITTED = {
    "notification": _notification, "codebook": _codebook, "voice-call": _call, "docket": _docket,
}  # fmt: skip
BODIES = {
    key: fitted(record, FITTED[key[0]]) if key[0] in FITTED else of(record) for key, record in KINDS.items()
}
STATEMENTS = of(Statement)
