"""How much one partner may send: a quota checked before its bytes are parsed or any signature is verified (T10).

A bucket of bytes and one of messages, refilled at a steady rate. Time comes from the caller; a clock that was set back
refills nothing.
"""

from dataclasses import dataclass

NS = 1_000_000_000


@dataclass(slots=True)
class Intake:
    """Allows bursts of `bytes_most` and `messages_most`, and in the long run `bytes_s` and `messages_s`."""

    bytes_most: float = 64e6
    bytes_s: float = 16e6
    messages_most: float = 400.0
    messages_s: float = 100.0
    _bytes: float = 64e6
    _messages: float = 400.0
    _at_tai_ns: int | None = None

    def charge(self, size: int) -> None:
        """An answer of `size` bytes was worked out for this partner: it counts like what it sends."""
        self._bytes -= size

    def takes(self, size: int, now_tai_ns: int) -> bool:
        """Whether a message of `size` bytes may be looked at now."""
        if self._at_tai_ns is not None and now_tai_ns > self._at_tai_ns:
            passed_s = (now_tai_ns - self._at_tai_ns) / NS
            self._bytes = min(self.bytes_most, self._bytes + passed_s * self.bytes_s)
            self._messages = min(self.messages_most, self._messages + passed_s * self.messages_s)
        self._at_tai_ns = now_tai_ns
        if size > self._bytes or self._messages < 1.0:
            return False
        self._bytes -= size
        self._messages -= 1.0
        return True
