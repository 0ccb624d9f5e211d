"""Pictures held back as long as the regime delays tracks. What was held back goes out as it was, not as it became."""

from collections import deque
from collections.abc import Iterator

from tocsin.regime import Regime, delay_s
from tocsin.release.estimates import PictureLike


class DelayLine:
    """First in, first out. Give every picture to it, and `track_drafts` what comes out."""

    def __init__(self) -> None:
        self._held: deque[PictureLike] = deque()

    def push(self, picture: PictureLike) -> None:
        """Take a picture, later than all before it."""
        self._held.append(picture)

    def due(self, regime: Regime, now_tai_ns: int) -> Iterator[PictureLike]:
        """Give up the pictures that are old enough now, oldest first."""
        limit_ns = now_tai_ns - round(delay_s(regime, "tracklet") * 1e9)
        while self._held and self._held[0].t_tai_ns <= limit_ns:
            yield self._held.popleft()

    def __len__(self) -> int:
        return len(self._held)
