"""Reading and writing of this package's own files: header lines and sized blocks, one spelling each."""

import base64
from collections.abc import Iterable

from tocsin.log.checkpoint import parse_size
from tocsin.log.errors import LogError
from tocsin.log.note import decode_base64
from tocsin.mirror.errors import BundleError

MAX_LINE_BYTES = 512


class Reader:
    """Strict cursor over a file; every method raises BundleError naming `what`."""

    def __init__(self, data: bytes, what: str, limit: int) -> None:
        if len(data) > limit:
            raise BundleError(f"{what}: {len(data)} bytes, expected at most {limit}", data[:1024])
        self._data = data
        self._at = 0
        self._what = what

    @property
    def done(self) -> bool:
        """Whether everything was read."""
        return self._at == len(self._data)

    def line(self) -> str:
        """Next line, ASCII, without its newline."""
        end = self._data.find(b"\n", self._at, self._at + MAX_LINE_BYTES)
        raw = self._data[self._at : end]
        if end < 0 or not raw.isascii():
            raise self.error("expected an ASCII line")
        self._at = end + 1
        return raw.decode("ascii")

    def ahead(self, start: str) -> bool:
        """Whether the next bytes are `start`."""
        return self._data.startswith(start.encode(), self._at)

    def expect(self, text: str) -> None:
        """Next line must be `text`."""
        if self.line() != text:
            raise self.error(f"expected the line {text!r}")

    def numbers(self, word: str, count: int) -> list[int]:
        """Next line must be `word` and `count` decimals, joined by single spaces."""
        parts = self.line().split(" ")
        if len(parts) != count + 1 or parts[0] != word:
            raise self.error(f"expected {word!r} and {count} numbers")
        try:
            return [parse_size(part, word) for part in parts[1:]]
        except LogError as error:
            raise self.error(str(error)) from error

    def block(self, length: int) -> bytes:
        """Next `length` bytes."""
        if length > len(self._data) - self._at:
            raise self.error(f"expected {length} more bytes")
        self._at += length
        return self._data[self._at - length : self._at]

    def hashes(self, count: int, limit: int) -> tuple[bytes, ...]:
        """Next `count` lines, each a 32-byte hash in base64."""
        if count > limit:
            raise self.error(f"{count} hashes, expected at most {limit}")
        try:
            found = tuple(decode_base64(self.line().encode(), "hash") for _ in range(count))
        except LogError as error:
            raise self.error(str(error)) from error
        if any(len(part) != 32 for part in found):
            raise self.error("expected 32-byte hashes")
        return found

    def finish(self) -> None:
        """Nothing may follow."""
        if not self.done:
            raise self.error("bytes after its end")

    def error(self, message: str) -> BundleError:
        """The error to raise, with the place."""
        return BundleError(f"{self._what}, byte {self._at}: {message}", self._data[:65_536])


def sized(word: str, data: bytes) -> bytes:
    """A header line with the length, then the block."""
    return f"{word} {len(data)}\n".encode() + data


def hash_lines(hashes: Iterable[bytes]) -> bytes:
    """One base64 line a hash."""
    return b"".join(base64.b64encode(part) + b"\n" for part in hashes)
