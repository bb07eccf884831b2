"""Streams that know what should pass through them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Protocol

from common.exit_codes import ExitCode
from common.process import Failure

CHUNK = 2**20


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, amount: int = -1, /) -> bytes:
        """At most so many bytes; none at the end."""


class Damaged(Exception):  # noqa: N818 - it is about the bytes, not about the program
    """Bytes are not those that were written once."""


class Unreadable(Failure):
    """Something other than a file that can be read is where one should be, or something else is in it."""

    def __init__(self, message: str) -> None:
        super().__init__(ExitCode.BACKUP_DAMAGED, message)


class Stopped(Exception):  # noqa: N818 - somebody's decision, not an error
    """A copy is not to go on."""


class Checked:
    """A stream that is hashed as it passes.

    It fails at its end when it is not what was expected, before its reader has created an object of it, and at its next
    chunk once `stop` is set.
    """

    def __init__(
        self,
        stream: Readable,
        size: int | None = None,
        sha256: str | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self.stream, self.stop = stream, stop
        self.hash = hashlib.sha256()
        self.count = 0
        self.expected_size, self.expected = size, sha256

    def read(self, amount: int = -1, /) -> bytes:
        """As many bytes as requested, except at the end: a stream of the network may return fewer at a time."""
        parts, left = [], amount
        while left:
            if self.stop and self.stop.is_set():
                raise Stopped
            part = self.stream.read(min(left, CHUNK) if amount >= 0 else CHUNK)
            if not part:
                self.finish()
                break
            self.hash.update(part)
            self.count += len(part)
            parts.append(part)
            left = left - len(part) if amount >= 0 else left
        return b"".join(parts)

    def finish(self) -> None:
        """Raise Damaged when something else was expected."""
        if self.expected_size is not None and self.count != self.expected_size:
            raise Damaged(f"{self.count} bytes, and {self.expected_size} were expected")
        if self.expected is not None and self.sha256 != self.expected:
            raise Damaged(f"SHA-256 is {self.sha256}, and {self.expected} was expected")

    def drain(self) -> Checked:
        """Read to the end."""
        while self.read(CHUNK):
            pass
        return self

    @property
    def sha256(self) -> str:
        """The hash of what has passed, in hexadecimal digits."""
        return self.hash.hexdigest()


class Guarded:
    """A stream whose own errors are told from those of the writer of what it gives."""

    def __init__(
        self, stream: Any, errors: Callable[[], AbstractContextManager[None]], size: int, etag: str = ""
    ) -> None:
        self.stream, self.errors = stream, errors
        self.size, self.etag = size, etag

    def read(self, amount: int = -1, /) -> bytes:
        """Read, where an error is one of the store that the bytes come from."""
        with self.errors():
            data: bytes = self.stream.read() if amount < 0 else self.stream.read(amount)
            return data

    def close(self) -> None:
        """Close the stream itself."""
        self.stream.close()
