"""What both vote models do with what they find: the way to a contradiction, a line for each rule, the last word."""

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

State = TypeVar("State")
R = TypeVar("R")


def path(before: Mapping[State, tuple[State, str] | None], state: State) -> list[str]:
    """The acts that led to a state."""
    labels = []
    step = before[state]
    while step is not None:
        labels.append(step[1])
        step = before[step[0]]
    return labels[::-1]


def report(rules: Iterable[tuple[str, R]], look: Callable[[R], tuple[dict[str, object], bool]]) -> int:
    """A line of JSON for each rule, and by the exit code whether all is as it must be.

    `look` searches under one rule: (what goes into its line, whether that is as it must be).
    """
    good = True
    for name, rule in rules:
        began = time.perf_counter()
        found, right = look(rule)
        good &= right
        line = {"rule": name, "seconds": round(time.perf_counter() - began, 1), **found}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    sys.stdout.write("as it must be\n" if good else "NOT as it must be\n")
    return 0 if good else 1
