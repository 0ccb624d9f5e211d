"""Optimal one-to-one assignment in integers: the same answer on every machine.

Costs are whole numbers (micro-units), so that no comparison hangs on a rounding. The method is the Hungarian one in
its shortest augmenting path form, on each connected component, with leaving a track alone as a choice of cost
nought.
"""

from collections.abc import Sequence

from tocsin.fuse.limits import ASSIGNMENT_WORK_MAX

Pair = tuple[int, int, int]
"""(row, column, cost): cost below nought means that the pair is better than two single tracks."""


def assign(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """Rows and columns to be paired so that the summed cost is least; pairs of cost >= 0 are never taken."""
    useful = sorted(pair for pair in pairs if pair[2] < 0)
    chosen: list[tuple[int, int]] = []
    for component in _components(useful):
        chosen.extend(_solve(component))
    return sorted(chosen)


def _components(pairs: Sequence[Pair]) -> list[list[Pair]]:
    """Pairs in knots that share no track, in the order of their first pair."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(node: tuple[str, int]) -> tuple[str, int]:
        root.setdefault(node, node)
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for row, column, _ in pairs:
        root[find(("row", row))] = find(("column", column))
    knots: dict[tuple[str, int], list[Pair]] = {}
    for pair in pairs:
        knots.setdefault(find(("row", pair[0])), []).append(pair)
    return list(knots.values())


def _solve(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    """One knot. Larger than the work limit: best pairs first."""
    if len(pairs) == 1:
        return [pairs[0][:2]]
    rows = sorted({row for row, _, _ in pairs})
    columns = sorted({column for _, column, _ in pairs})
    if len(rows) > len(columns):
        return [(row, column) for column, row in _solve([(c, r, cost) for r, c, cost in pairs])]
    if len(rows) ** 2 * (len(columns) + len(rows)) > ASSIGNMENT_WORK_MAX:
        return _greedy(pairs)
    table = [dict[int, int]() for _ in rows]
    row_at = {row: i for i, row in enumerate(rows)}
    column_at = {column: j for j, column in enumerate(columns)}
    for row, column, cost in pairs:
        table[row_at[row]][column_at[column]] = cost
    match = _hungarian(table, len(columns))
    return [(rows[i], columns[j]) for i, j in enumerate(match) if j < len(columns)]


def _greedy(pairs: Sequence[Pair]) -> list[tuple[int, int]]:
    rows: set[int] = set()
    columns: set[int] = set()
    chosen = []
    for row, column, _ in sorted(pairs, key=lambda pair: (pair[2], pair[0], pair[1])):
        if row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            chosen.append((row, column))
    return chosen


def _hungarian(table: Sequence[dict[int, int]], columns: int) -> list[int]:
    """Column of each row; column `columns + i` means that row i stays alone (its own dummy, cost 0)."""
    width = columns + len(table)
    infinite = 1 + sum(abs(cost) for row in table for cost in row.values())
    of_column = [-1] * width
    row_price = [0] * len(table)
    column_price = [0] * width
    for start in range(len(table)):
        distance = [infinite * 4] * width
        via = [-1] * width
        done = [False] * width
        row, previous = start, -1
        while True:
            base = distance[previous] if previous >= 0 else 0
            for column, cost in (*table[row].items(), (columns + row, 0)):
                reach = base + cost - row_price[row] - column_price[column]
                if not done[column] and reach < distance[column]:
                    distance[column], via[column] = reach, previous
            column = min((d, j) for j, d in enumerate(distance) if not done[j])[1]
            done[column] = True
            if of_column[column] < 0:
                break
            row, previous = of_column[column], column
        last = distance[column]
        row_price[start] += last
        for j in range(width):
            if done[j] and j != column:
                row_price[of_column[j]] += last - distance[j]
                column_price[j] += distance[j] - last
        while column >= 0:
            before = via[column]
            of_column[column] = of_column[before] if before >= 0 else start
            column = before
    match = [-1] * len(table)
    for column, row in enumerate(of_column):
        if row >= 0:
            match[row] = column
    return match
