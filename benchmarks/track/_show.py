"""One figure a line, as `benchmarks.run` expects it."""

import json


def show(name: str, value: float, unit: str, bar: float | None = None, **more: object) -> None:
    """Print a figure; with a bar, whether it is at or below it."""
    figure: dict[str, object] = {"name": name, "value": round(value, 4), "unit": unit}
    if bar is not None:
        figure |= {"bar": bar, "met": value <= bar}
    print(json.dumps(figure | more), flush=True)
