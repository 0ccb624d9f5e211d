"""L1 at every start: may this centre sign and receipt again, or was its store restored from a backup?

A store that holds anything may be an old copy. Until each partner has told which of our checkpoints it holds, and what
we last receipted of its log, nothing is signed; a partner that does not answer is waited for `start_wait_s` at most,
because a warning must not wait for somebody who is away (honest limit of T9: said in the private record).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Opening:
    """`unheard`: partners that have not told yet. `behind`: (partner, size) of our own log that our store lost.

    `owed`: per partner, the size of its log that we have receipted; below it we give no receipt again (V5).
    `others`: of our logs of release groups; all are gone through before anything is signed in any of them.
    """

    since_tai_ns: int
    wait_ns: int | None
    unheard: set[str] = field(default_factory=set)
    behind: tuple[str, int] | None = None
    halted: str = ""
    owed: dict[str, int] = field(default_factory=dict)
    others: list["Opening"] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Whether our shared log may be signed."""
        alone = not self.unheard and self.behind is None and not self.halted
        return alone and (not self.others or not any(one.unheard or one.behind for one in self.others))

    @property
    def why_not(self) -> str:
        """What we wait for, in words."""
        if self.halted:
            return self.halted
        if self.behind is not None:
            return f"our store is older than what {self.behind[0]} holds of our log: taking back entries first (L1)"
        if not self.unheard:
            return next((one.why_not for one in self.others if one.unheard or one.behind), "")
        return f"asking {', '.join(sorted(self.unheard))} first which of our checkpoints they hold (L1)"

    def may_receipt(self, party: str, size: int) -> bool:
        """Whether a receipt for `size` entries of a partner's log can contradict none that we gave before."""
        return party not in self.unheard and size >= self.owed.get(party, 0)

    def asks_again(self, party: str, size: int) -> bool:
        """Whether to ask a partner anew that says it holds more of our log than we do: it may have it since it told.

        As long as nothing was signed, nothing is before it has told again.
        """
        if self.halted or (self.behind is not None and size <= self.behind[1]):
            return False
        if not self.ready:
            self.unheard.add(party)
        return True

    def overdue(self, now_tai_ns: int) -> Iterable[str]:
        """Partners that were waited for long enough; a clock that was set back starts the wait again."""
        if not self.unheard or self.wait_ns is None:
            return ()
        if now_tai_ns < self.since_tai_ns:
            self.since_tai_ns = now_tai_ns
        return sorted(self.unheard) if now_tai_ns - self.since_tai_ns >= self.wait_ns else ()
