"""backup.streams: bytes that are checked as they pass."""

import hashlib
import io
import threading

import pytest

from backup.streams import CHUNK, Checked, Damaged, Stopped

DATA = b"0123456789"
SHA256 = hashlib.sha256(DATA).hexdigest()


class Trickle:
    """Gives one byte at a time, as a slow connection may."""

    def __init__(self, data):
        self.stream = io.BytesIO(data)

    def read(self, amount=-1):
        return self.stream.read(min(amount, 1))


@pytest.mark.parametrize(
    ("size", "sha256"), [(None, None), (len(DATA), None), (None, SHA256), (len(DATA), SHA256), (0, None)]
)
def test_the_expected_bytes_pass_and_are_hashed(size, sha256):
    data = b"" if size == 0 else DATA
    checked = Checked(io.BytesIO(data), size, sha256)
    assert checked.read() == data
    assert (checked.count, checked.sha256) == (len(data), hashlib.sha256(data).hexdigest())


@pytest.mark.parametrize(
    ("data", "size", "sha256", "said"),
    [
        (DATA[:-1], len(DATA), None, "9 bytes, and 10 were expected"),
        (DATA + b"x", len(DATA), SHA256, "11 bytes, and 10 were expected"),
        (b"1123456789", len(DATA), SHA256, f"and {SHA256} was expected"),
    ],
)
def test_other_bytes_are_damaged_at_their_end(data, size, sha256, said):
    with pytest.raises(Damaged, match=said):
        Checked(io.BytesIO(data), size, sha256).drain()


def test_each_read_but_the_last_has_the_requested_size():
    checked = Checked(Trickle(DATA), len(DATA), SHA256)
    assert [checked.read(4), checked.read(4), checked.read(4), checked.read(4)] == [b"0123", b"4567", b"89", b""]


def test_damage_shows_before_the_last_part_is_given():
    checked = Checked(io.BytesIO(DATA), len(DATA) + 1)
    assert checked.read(8) == DATA[:8]
    with pytest.raises(Damaged):
        checked.read(8)


def test_a_large_read_is_stopped_between_chunks():
    stop = threading.Event()

    class Stopping(io.BytesIO):
        def read(self, amount=-1):
            stop.set()
            return super().read(amount)

    checked = Checked(Stopping(b"x" * 3 * CHUNK), stop=stop)
    with pytest.raises(Stopped):
        checked.read(3 * CHUNK)
    assert checked.count == CHUNK
