"""Which sensors contributed to which track, as one small number a track: equal sets share one tuple of names."""

import numpy as np

from tocsin.track.tiles import Indices


class Sources:
    """Sets of sensors, numbered as they appear. Set 0 is empty."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._sets: list[frozenset[int]] = [frozenset()]
        self._number: dict[frozenset[int], int] = {frozenset(): 0}
        self._texts: list[tuple[str, ...]] = [()]
        self._with = np.full((1, len(names)), -1, np.int64)

    def joined(self, sets: Indices, sensor: str) -> Indices:
        """The numbers of the same sets with one more sensor."""
        column = self._names.index(sensor)
        out: Indices = self._with[sets, column]
        if len(out) and out.min() < 0:
            for k in np.unique(sets[out < 0]).tolist():
                self._with[k, column] = self._add(self._sets[k] | {column})
            out = self._with[sets, column]
        return out

    def texts(self, sets: Indices) -> tuple[tuple[str, ...], ...]:
        """Names by track, in the tracker's order of sensors."""
        return tuple(map(self._texts.__getitem__, sets.tolist()))

    def _add(self, members: frozenset[int]) -> int:
        if members not in self._number:
            self._number[members] = len(self._sets)
            self._sets.append(members)
            self._texts.append(tuple(self._names[i] for i in sorted(members)))
            self._with = np.concatenate([self._with, np.full((1, len(self._names)), -1, np.int64)])
        return self._number[members]
