"""Assignment against exhaustive search, and its limits."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tocsin.fuse import assign as module
from tocsin.fuse.assign import Pair, assign


def exhaustive(pairs: list[Pair]) -> int:
    """Least summed cost over every choice of pairs that uses no row and no column twice."""
    best = 0
    for take in product((False, True), repeat=len(pairs)):
        chosen = [pair for pair, taken in zip(pairs, take, strict=True) if taken]
        if len({p[0] for p in chosen}) == len(chosen) == len({p[1] for p in chosen}):
            best = min(best, sum(p[2] for p in chosen))
    return best


tables = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(-50, 20), max_size=10
).map(lambda table: [(row, column, cost) for (row, column), cost in table.items()])


def cost_of(pairs: list[Pair], chosen: list[tuple[int, int]]) -> int:
    table = {(row, column): cost for row, column, cost in pairs}
    return sum(table[pair] for pair in chosen)


@given(tables)
def test_is_optimal_and_one_to_one(pairs: list[Pair]) -> None:
    chosen = assign(pairs)
    assert len({row for row, _ in chosen}) == len(chosen) == len({column for _, column in chosen})
    assert cost_of(pairs, chosen) == exhaustive(pairs)


@given(tables, st.randoms())
def test_does_not_depend_on_the_order_of_the_pairs(pairs: list[Pair], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assign(shuffled) == assign(pairs)


@given(tables)
def test_rows_and_columns_may_be_exchanged(pairs: list[Pair]) -> None:
    turned = [(column, row, cost) for row, column, cost in pairs]
    assert cost_of(turned, assign(turned)) == cost_of(pairs, assign(pairs))


def test_a_flood_is_taken_greedily(monkeypatch) -> None:
    monkeypatch.setattr(module, "ASSIGNMENT_WORK_MAX", 0)
    assert assign([(0, 0, -5), (0, 1, -4), (1, 0, -4)]) == [(0, 0)]
