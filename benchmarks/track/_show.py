"""One figure a line, as `benchmarks.run` expects it."""

import json


def show(name: str, value: float, unit: str, bar: float | None = None, **more: object) -> None:
    """Print a figure; with a bar, whether it is at or below it."""
    rounded = float(f"{value:.4g}") if abs(value) < 0.1 else round(value, 4)
    figure: dict[str, object] = {"name": name, "value": rounded, "unit": unit}
    if bar is not None:
        figure |= {"bar": bar, "met": bool(value <= bar)}
    print(json.dumps(figure | more), flush=True)
