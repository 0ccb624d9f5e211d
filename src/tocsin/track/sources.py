"""Names: which sensors contributed to which track, and which birth got which number."""

import numpy as np

from tocsin.track.jit import plain
from tocsin.track.life import SOURCES
from tocsin.track.tiles import Indices

MEMORY, MEMORY_NS = 4096, 7_200_000_000_000  # births older than two hours are never gone back to


class Sources:
    """Sets of sensors as one small number a track: equal sets share one tuple of names. Set 0 is empty."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._sets: list[frozenset[int]] = [frozenset()]
        self._number: dict[frozenset[int], int] = {frozenset(): 0}
        self._texts: list[tuple[str, ...]] = [()]
        self._with = np.full((1, len(names)), -1, np.int64)

    def column(self, sensor: str) -> int:
        """The place of a sensor in the tracker's order."""
        return self._names.index(sensor)

    def joined(self, sets: Indices, sensor: str) -> Indices:
        """The numbers of the same sets with one more sensor."""
        column = self.column(sensor)
        out: Indices = self._with[sets, column]
        if len(out) and out.min() < 0:
            for k in np.unique(sets[out < 0]).tolist():
                self._with[k, column] = self._add(self._sets[k] | {column})
            out = self._with[sets, column]
        return out

    def join(self, count: Indices, live: Indices, chosen: Indices, sensor: str) -> None:
        """Add a sensor to the sets (row SOURCES of `count`) of slots that chose one of its detections."""
        if added(count[SOURCES], live, chosen, self._with, self.column(sensor)):
            hit = live[chosen >= 0]
            count[SOURCES, hit] = self.joined(count[SOURCES, hit], sensor)

    def texts(self, sets: Indices) -> tuple[tuple[str, ...], ...]:
        """Names by track, in the tracker's order of sensors."""
        if len(sets) and sets.min() == sets.max():
            return (self._texts[int(sets[0])],) * len(sets)
        return tuple(map(self._texts.__getitem__, sets.tolist()))

    def _add(self, members: frozenset[int]) -> int:
        if members not in self._number:
            self._number[members] = len(self._sets)
            self._sets.append(members)
            # what follows # is a part of a sensor (a sector of its turn), and no sensor of its own
            self._texts.append(tuple(dict.fromkeys(self._names[i].partition("#")[0] for i in sorted(members))))
            self._with = np.concatenate([self._with, np.full((1, len(self._names)), -1, np.int64)])
        return self._number[members]


@plain
def added(sets: Indices, live: Indices, chosen: Indices, table: Indices, column: int) -> bool:
    """Sets with one more sensor, where `table` (sets, sensors) knows them; whether it lacks some."""
    lacking = False
    for i in range(live.shape[0]):
        if chosen[i] >= 0:
            new = table[sets[live[i]], column]
            if new < 0:
                lacking = True
            else:
                sets[live[i]] = new
    return lacking


class Register:
    """Numbers of tracks, from 1, never given twice; the same birth gets the same number again after going back."""

    def __init__(self) -> None:
        self._given: dict[tuple[int, int], int] = {}
        self._last = 0

    def numbers(self, first_t_tai_ns: Indices, origin: Indices) -> Indices:
        """The numbers of births: instant of the first detection, and its sensor and place in the scan."""
        if len(self._given) > MEMORY and len(first_t_tai_ns):
            oldest = int(first_t_tai_ns.min()) - MEMORY_NS
            self._given = {birth: number for birth, number in self._given.items() if birth[0] >= oldest}
        out = np.empty(len(origin), np.int64)
        for k, birth in enumerate(zip(first_t_tai_ns.tolist(), origin.tolist(), strict=True)):
            if birth not in self._given:
                self._last += 1
                self._given[birth] = self._last
            out[k] = self._given[birth]
        return out
