"""Every history of three parties voting on one proposal: all honest, or one of them a cheat.

As campaigns.vote_model, with reductions that lose nothing. Clocks: whatever they read, only "before the deadline" or
"past it" counts, so every act may see either, and a floor is one bit. Messages: what was logged or receipted may
reach anybody at any time or never, so it is no part of the state: of every party the search asks what it shows for
every part of what it may have heard. States that differ in the names of honest parties are one.

The cheat (west) has its own keys and an unlimited tongue: its whole log, with votes that lack its officers' hands,
false floor statements, a second history for one of the others, and receipts dated in time and dated back, exists from
the beginning; each honest party may hear any part of it, whenever. Who counts votes filters them by hands first
(custody).

For every history: two honest parties never show ADOPTED and CLOSED, nor one of them both; beside the cheat they may,
but then each of them shows DISPUTED once it holds everything, and nobody honest is accused. The rule `protocol` is the
product's (tocsin.decide, tocsin.node.custody.roster); the canaries are mistakes that two parties alone cannot show.

    python -m campaigns.vote_model_three                 all of it, some minutes; at most MOST states in memory
    python -m campaigns.vote_model_three --reduced       what the tests run
"""

import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from campaigns.vote_model_report import path, report
from campaigns.vote_model_views import (
    ADOPTED,
    BACK,
    BARE,
    CANARIES,
    CHEAT,
    CLOSE,
    CLOSED,
    DISPUTED,
    FLOOR,
    LATE,
    NAMES,
    NONE,
    PROTOCOL,
    TIMELY,
    YES,
    Log,
    Rule,
    View,
    decided,
    owed,
    seen_by,
    yes_at,
)

MOST = 3_000_000


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """An honest party: what it logged about the proposal, whether its floor passed, its receipts over each yes.

    `branch`: which of the cheat's histories it was shown.
    """

    log: Log = ()
    past: bool = False
    given: tuple[int, int, int] = (NONE, NONE, NONE)
    branch: int = 0


@dataclass(frozen=True, slots=True)
class Strategy:
    """What the cheat's log says to those on each branch; None: nobody cheats."""

    logs: tuple[Log, ...]


State = tuple[tuple[Side, ...], int]
"""Honest parties, and the statuses (bits) that any of them may have shown."""


class Search:
    """One setting: a rule, and a strategy of the cheat (None: nobody cheats)."""

    def __init__(self, rule: Rule, strategy: Strategy | None, most: int = MOST) -> None:
        self.rule, self.strategy, self.most = rule, strategy, most
        self.honest = range(CHEAT if strategy else len(NAMES))
        self.states = 0
        self.reached = 0
        self._seen: dict[tuple[int, Side, tuple[tuple[Log, tuple[int, ...], int], ...]], int] = {}

    def logs(self, sides: tuple[Side, ...], branch: int) -> list[Log]:
        """Every log, as it stands now; the cheat's as it is shown on a branch."""
        found = [side.log for side in sides]
        return [*found, self.strategy.logs[branch]] if self.strategy else found

    def shown(self, i: int, sides: tuple[Side, ...]) -> int:
        """Every status that party i may show, whatever of all this it has heard."""
        if self._alike(sides):  # whoever asks comes first: equal questions are asked once
            order = (i, *(j for j in range(len(sides)) if j != i))
            i, sides = 0, _renamed(sides, order)
        key = (i, sides[i], tuple((one.log, one.given, one.branch) for one in sides))
        if key not in self._seen:
            self._seen[key] = 0
            for view in self.views(i, sides):
                self._seen[key] |= seen_by(self.rule, i, view)
        return self._seen[key]

    def views(self, i: int, sides: tuple[Side, ...]) -> Iterator[View]:
        """What party i may have heard: of each other log a beginning that covers its own receipt, any receipts."""
        me, logs = sides[i], self.logs(sides, sides[i].branch)
        others = [j for j in range(len(NAMES)) if j != i]
        mine = [(i, j, me.given[j]) for j in others if me.given[j]]
        foreign = [
            [(who, of, kind) for kind in kinds]
            for who, of, kinds in self._foreign(i, sides)
            if kinds != (NONE,) and yes_at(logs[of]) is not None
        ]
        starts = {j: (yes_at(logs[j]) or 0) + 1 if me.given[j] else 0 for j in others}
        for ends in itertools.product(*(range(starts[j], len(logs[j]) + 1) for j in others)):
            held = list(logs)
            for j, end in zip(others, ends, strict=True):
                held[j] = logs[j][:end]
            for heard in itertools.product(*foreign):
                known = [one for one in heard if one[2] and yes_at(held[one[1]]) == yes_at(logs[one[1]])]
                yield (held[0], held[1], held[2], tuple(sorted((*mine, *known))), me.past, False)

    def _foreign(self, i: int, sides: tuple[Side, ...]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
        """(cosigner, of, what may be heard of it) for receipts by others."""
        for j, side in enumerate(sides):
            if j == i:
                continue
            for of, kind in enumerate(side.given):
                same = of != CHEAT or side.branch == sides[i].branch or not self.rule.sees_roots
                if kind and same:
                    yield j, of, (NONE, kind)
        if self.strategy:
            for of in self.honest:
                yield CHEAT, of, (NONE, TIMELY, BACK)

    def whole(self, i: int, sides: tuple[Side, ...]) -> View:
        """Everything there is, as party i holds it after healing."""
        logs = self.logs(sides, sides[i].branch)
        heard = {(i, of, kind) for of, kind in enumerate(sides[i].given) if kind}
        heard |= {(who, of, kinds[-1]) for who, of, kinds in self._foreign(i, sides) if yes_at(logs[of]) is not None}
        forked = len({side.branch for side in sides}) > 1
        return (logs[0], logs[1], logs[2], tuple(sorted(one for one in heard if one[2])), sides[i].past, forked)

    def successors(self, sides: tuple[Side, ...]) -> Iterator[tuple[str, tuple[Side, ...]]]:
        """Everything that an honest party may do next."""
        for i in self.honest:
            for label, side in self._acts(i, sides):
                yield f"{NAMES[i]} {label}", (*sides[:i], side, *sides[i + 1 :])

    def _acts(self, i: int, sides: tuple[Side, ...]) -> Iterator[tuple[str, Side]]:
        me, logs = sides[i], self.logs(sides, sides[i].branch)
        voted = any(token < FLOOR for token in me.log)
        if not voted:
            if not me.past:
                yield "votes yes", Side((*me.log, YES), me.past, me.given, me.branch)
            yield "closes", Side((*me.log, CLOSE), me.past, me.given, me.branch)
        if not me.past:
            yield "stores its floor", Side(me.log, True, me.given, me.branch)
        if me.past and not any(token >= FLOOR for token in me.log):
            token = owed(i, tuple(logs), me.given)
            if token is not None:
                yield "states its floor", Side((*me.log, token), me.past, me.given, me.branch)
        for j in range(len(NAMES)):
            if j != i and yes_at(logs[j]) is not None:
                yield from self._receipts(j, me)
        if not self.rule.stores and any(me.given):
            yield "crashes", Side(me.log, False, (NONE, NONE, NONE), me.branch)

    def _receipts(self, j: int, me: Side) -> Iterator[tuple[str, Side]]:
        for kind in (TIMELY, LATE):
            again = me.given[j] == LATE and kind == TIMELY and not self.rule.keeps_floor
            late = me.past and self.rule.keeps_floor
            if (me.given[j] == NONE or again) and not (kind == TIMELY and late):
                given = tuple(kind if of == j else held for of, held in enumerate(me.given))
                past = me.past or kind == LATE
                yield f"receipts {NAMES[j]} {'late' if kind == LATE else 'in time'}", Side(
                    me.log, past, (given[0], given[1], given[2]), me.branch
                )

    def wrong(self, sides: tuple[Side, ...], shown: int) -> str:
        """What must not be, "" if all is well."""
        both = shown & ADOPTED and shown & CLOSED
        if self.strategy is None:
            return "ADOPTED and CLOSED" if both else "DISPUTED and nobody cheats" if shown & DISPUTED else ""
        for i in self.honest:
            status, misconduct = decided(self.rule, i, self.whole(i, sides))
            if both and status != "DISPUTED":
                return f"ADOPTED and CLOSED, and {NAMES[i]} shows {status} in the end"
            for name in NAMES[:CHEAT]:
                if any(text.startswith((f"{name} ", f"the log of {name} ")) for text in misconduct):
                    return f"{name} is accused and honest"
        return ""

    def run(self) -> str:
        """Breadth first; the first contradiction with the way into it, or "". Raises MemoryError past the bound."""
        before: dict[State, tuple[State, str] | None] = {}
        frontier: list[State] = []
        for sides in self._starts():
            state = self._canonical(self._looked(sides, 0))
            before[state] = None
            frontier.append(state)
        while frontier:
            following = []
            for state in frontier:
                for label, sides in self.successors(state[0]):
                    found = self._canonical(self._looked(sides, state[1]))
                    if found in before:
                        continue
                    before[found] = (state, label)
                    self.reached |= found[1]
                    wrong = self.wrong(*found)
                    if wrong:
                        self.states += len(before)
                        return f"{wrong}: {'; '.join(path(before, found))}"
                    following.append(found)
            if len(before) > self.most:
                raise MemoryError(f"more than {self.most} states: raise MOST, or search a smaller setting")
            frontier = following
        self.states += len(before)
        return ""

    def _starts(self) -> list[tuple[Side, ...]]:
        plain = tuple(Side() for _ in self.honest)
        if self.strategy is None or len(self.strategy.logs) == 1:
            return [plain]
        return [plain, (Side(), Side(branch=1))]

    def _looked(self, sides: tuple[Side, ...], shown: int) -> State:
        for i in self.honest:
            shown |= self.shown(i, sides)
        return sides, shown

    def _canonical(self, state: State) -> State:
        """The least of all states that differ in the names of honest parties alone."""
        sides, shown = state
        if not self._alike(sides):
            return state
        return min(_renamed(sides, order) for order in _orders(len(sides))), shown


    def _alike(self, sides: tuple[Side, ...]) -> bool:
        """Whether honest parties differ in nothing but their names."""
        return self.rule.filters[0] == self.rule.filters[1] and len({side.branch for side in sides}) == 1


@cache
def _orders(count: int) -> tuple[tuple[int, ...], ...]:
    return tuple(itertools.permutations(range(count)))


def _renamed(sides: tuple[Side, ...], order: tuple[int, ...]) -> tuple[Side, ...]:
    """`order[new]` is the old place of who stands there now."""
    return tuple(_moved(sides[old], order) for old in order)


@cache
def _moved(side: Side, order: tuple[int, ...]) -> Side:
    whole = (*order, *range(len(order), len(NAMES)))
    log = tuple(
        token if token < FLOOR else FLOOR + sum(1 << new for new, old in enumerate(whole) if (token - FLOOR) >> old & 1)
        for token in side.log
    )
    given = tuple(side.given[old] for old in whole)
    return Side(log, side.past, (given[0], given[1], given[2]), side.branch)


TOKENS = (YES, CLOSE, BARE, FLOOR + 0b001, FLOOR + 0b010, FLOOR + 0b011)
ALL_LOGS: tuple[Log, ...] = ((), *((a,) for a in TOKENS), *itertools.product(TOKENS, TOKENS))
FEW_LOGS: tuple[Log, ...] = ((BARE, CLOSE), (YES, FLOOR + 0b011))
SPLIT: tuple[Log, ...] = ((YES,), (CLOSE,), (BARE,), (BARE, CLOSE), (YES, FLOOR + 0b011))
PAIRS: tuple[tuple[Log, Log], ...] = tuple(itertools.combinations(SPLIT, 2))


def settings(*, reduced: bool) -> list[Strategy | None]:
    """What is searched: nobody cheats; one history of the cheat's log; two histories."""
    logs, pairs = (FEW_LOGS, PAIRS[:1]) if reduced else (ALL_LOGS, PAIRS)
    cheats: list[Strategy | None] = [Strategy((log,)) for log in logs]
    cheats += [Strategy(pair) for pair in pairs]
    return cheats if reduced else [*cheats, None]


def strategy_of(rule: Rule) -> Strategy | None:
    """Where a canary must be caught."""
    return Strategy(rule.by) if rule.by else None


Found = tuple[int, int, str]


def search(rule: Rule, chosen: list[Strategy | None], tell: Callable[[str], None] = lambda _: None) -> Found:
    """(states, statuses reached, first contradiction) over settings, up to the first contradiction."""
    states = reached = 0
    for strategy in chosen:
        one = Search(rule, strategy)
        wrong = one.run()
        states, reached = states + one.states, reached | one.reached
        tell(f"{rule.name} {strategy.logs if strategy else 'nobody cheats'}: {one.states} states")
        decided.cache_clear()
        if wrong:
            return states, reached, wrong
    return states, reached, ""


def main(arguments: list[str]) -> int:
    """Run, print, and say by the exit code whether all is as it must be."""
    chosen = settings(reduced="--reduced" in arguments)

    def look(rule: Rule) -> tuple[dict[str, object], bool]:
        states, reached, wrong = search(rule, chosen if rule is PROTOCOL else [strategy_of(rule)])
        good = bool(wrong) == (rule is not PROTOCOL)
        good &= rule is not PROTOCOL or reached & (ADOPTED | CLOSED) == ADOPTED | CLOSED
        return {"states": states, "found": wrong}, good

    return report([(rule.name, rule) for rule in (*CANARIES, PROTOCOL)], look)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
