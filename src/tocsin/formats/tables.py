"""Everything as Parquet tables for analysts: statements, tracks, and what their columns mean (docs/formats.md).

Needs pyarrow (`pip install tocsin[parquet]`). Times are TAI nanoseconds as whole numbers, and UTC timestamps beside
them for reading: a timestamp type knows no leap second. Nothing is rounded.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from tocsin.errors import Refusal
from tocsin.formats.errors import FormatError
from tocsin.formats.trajectories import State, Trajectory
from tocsin.wire.envelope import Statement
from tocsin.world.time import utc_text


def _arrow() -> Any:
    try:
        import pyarrow as arrow
        import pyarrow.parquet
    except ImportError as error:
        raise Refusal("Parquet needs pyarrow: pip install 'tocsin[parquet]'") from error
    return arrow


def tracks_table(tracks: Iterable[Trajectory]) -> bytes:
    """A row for every state of every track."""
    rows = [
        {
            "track": track.id,
            "mode": track.mode,
            "parties": list(track.parties),
            "phase": track.phase,
            "existence": track.existence,
            "t_tai_ns": state.t_tai_ns,
            "utc": utc_text(state.t_tai_ns, 9),
            **{f"{name}_ecef_m": value for name, value in zip("xyz", state.position_ecef_m, strict=True)},
            **{f"v{name}_ecef_m_s": value for name, value in zip("xyz", state.velocity_ecef_m_s, strict=True)},
            "covariance_upper": None if state.covariance is None else list(state.covariance),
        }
        for track in tracks
        for state in track.states
    ]
    arrow = _arrow()
    schema = arrow.schema(
        [
            ("track", arrow.string()), ("mode", arrow.string()), ("parties", arrow.list_(arrow.string())),
            ("phase", arrow.string()), ("existence", arrow.float64()), ("t_tai_ns", arrow.int64()),
            ("utc", arrow.string()), *((f"{n}_ecef_m", arrow.float64()) for n in "xyz"),
            *((f"v{n}_ecef_m_s", arrow.float64()) for n in "xyz"),
            ("covariance_upper", arrow.list_(arrow.float64())),
        ]
    )  # fmt: skip
    return _written(arrow, rows, schema)


def statements_table(found: Iterable[tuple[str, int, str, Statement]]) -> bytes:
    """A row for every entry: (origin, index, SHA-256, statement); bodies as the JSON that was logged."""
    rows = [
        {
            "origin": origin,
            "index": index,
            "sha256": sha256,
            "kind": one.kind,
            "schema": one.schema,
            "mode": one.mode,
            "originator": one.marking.originator,
            "t_tai_ns": one.observed.t_tai_us * 1_000,
            "utc": utc_text(one.observed.t_tai_us * 1_000, 6),
            "uncertainty_us": one.observed.uncertainty_us,
            "body": bytes(one.body).decode(),
        }
        for origin, index, sha256, one in found
    ]
    arrow = _arrow()
    text = ("origin", "sha256", "kind", "mode", "originator", "utc", "body")
    names = tuple(rows[0]) if rows else (*text, "index", "schema", "t_tai_ns", "uncertainty_us")
    schema = arrow.schema([(name, arrow.string() if name in text else arrow.int64()) for name in names])
    return _written(arrow, rows, schema)


def _written(arrow: Any, rows: Sequence[dict[str, Any]], schema: Any) -> bytes:
    out = BytesIO()
    arrow.parquet.write_table(arrow.Table.from_pylist(list(rows), schema=schema), out, compression="zstd")
    return out.getvalue()


def read_tracks(data: bytes) -> tuple[Trajectory, ...]:
    """Tracks of a table that `tracks_table` made. Raises FormatError for what is none."""
    arrow = _arrow()
    try:
        rows = arrow.parquet.read_table(BytesIO(data)).to_pylist()
        grouped: dict[str, list[dict[str, Any]]] = {}
        for row in rows:
            grouped.setdefault(row["track"], []).append(row)
        return tuple(_track(name, some) for name, some in grouped.items())
    except (KeyError, arrow.ArrowException) as error:
        raise FormatError(f"not a table of tracks as Tocsin writes it: {error}", data[:100]) from error


def _track(name: str, rows: list[dict[str, Any]]) -> Trajectory:
    first = rows[0]
    return Trajectory(
        id=name,
        mode=first["mode"],
        parties=tuple(first["parties"]),
        phase=first["phase"],
        existence=first["existence"],
        states=tuple(
            State(
                t_tai_ns=row["t_tai_ns"],
                position_ecef_m=(row["x_ecef_m"], row["y_ecef_m"], row["z_ecef_m"]),
                velocity_ecef_m_s=(row["vx_ecef_m_s"], row["vy_ecef_m_s"], row["vz_ecef_m_s"]),
                covariance=None if row["covariance_upper"] is None else tuple(row["covariance_upper"]),
            )
            for row in rows
        ),
    )
