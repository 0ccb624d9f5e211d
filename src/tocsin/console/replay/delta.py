"""Boards one after another as what changed: a section's fields, a list whole, a trail by its new points.

    patched(before, patch(before, after)) == after

Boards are plain JSON values by section. `patched` is what the page does (`web/src/replay/frames.ts`), in Python: its
twin in tests. A trail mostly grows by a point and loses its oldest, so only what came is kept.
"""

from collections.abc import Mapping
from typing import Any

Sections = Mapping[str, Any]
KEPT_POINTS = 32


def patch(before: Sections | None, after: Sections) -> dict[str, Any]:
    """What of `after` is not in `before`; all of it without one."""
    if before is None:
        return dict(after)
    found: dict[str, Any] = {}
    for name, value in after.items():
        old = before.get(name)
        if old == value:
            continue
        if name == "trails" and isinstance(old, dict):
            found[name] = _trails(old, value)
        elif isinstance(value, dict) and isinstance(old, dict) and old.keys() == value.keys():
            found[name] = {key: one for key, one in value.items() if old[key] != one}
        else:
            found[name] = value
    return found


def patched(before: Sections, change: Sections) -> dict[str, Any]:
    """The board after a change."""
    found = dict(before)
    for name, value in change.items():
        old = before.get(name)
        if name == "trails" and isinstance(old, dict) and "more" in value:
            found[name] = {"step_s": value["step_s"], "trail": _grown(old["trail"], value)}
        elif isinstance(value, dict) and isinstance(old, dict):
            found[name] = {**old, **value}
        else:
            found[name] = value
    return found


def _trails(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`more`: points that came, by track; `anew`: trails that are none of the old ones grown; `gone`: tracks."""
    had, has = old["trail"], new["trail"]
    more, anew = {}, {}
    for name, points in has.items():
        before = had.get(name)
        if points == before:
            continue
        if points and points == [*(before or ()), points[-1]][-KEPT_POINTS:]:
            more[name] = [points[-1]]
        else:
            anew[name] = points
    return {
        "step_s": new["step_s"], "more": more, "anew": anew, "gone": sorted(had.keys() - has.keys()),
    }  # fmt: skip


def _grown(had: Mapping[str, Any], value: Mapping[str, Any]) -> dict[str, Any]:
    trail = {name: points for name, points in had.items() if name not in value["gone"]}
    for name, points in value["more"].items():
        trail[name] = [*trail.get(name, []), *points][-KEPT_POINTS:]
    return {**trail, **value["anew"]}
