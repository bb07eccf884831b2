"""server.patience: clients that do not read. Headers that do not end are in test/programs/guard.test.ts."""

import asyncio
import contextlib

import pytest

from server.patience import patient


class Protocol:
    """What uvicorn's have in common."""

    cycle = None

    def __init__(self, unread):
        self.transport, self.unread, self.aborted = self, iter(unread), asyncio.Event()

    def get_write_buffer_size(self):
        return next(self.unread)

    def abort(self):
        self.aborted.set()

    def pause_writing(self):
        pass

    resume_writing = pause_writing

    def connection_lost(self, exc):
        pass


def is_aborted(unread, then=None, seconds=10):
    """Whether a connection is, of whose response so many bytes are unread, one time after the other."""

    async def run():
        connection = patient(Protocol, reading_seconds=0.01)(unread)
        connection.pause_writing()
        if then:
            then(connection)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(connection.aborted.wait(), seconds)
        return connection.aborted.is_set()

    return asyncio.run(run())


def test_a_client_that_reads_nothing_loses_its_connection():
    assert is_aborted([100, 100])
    assert is_aborted([100, 50, 20, 20])


@pytest.mark.parametrize(
    "then", [lambda connection: connection.resume_writing(), lambda connection: connection.connection_lost(None)]
)
def test_nothing_is_awaited_of_a_client_that_read_or_left(then):
    assert not is_aborted([100, 100], then, 0.1)


def test_a_slow_client_keeps_its_connection():
    assert not is_aborted(range(1000, 0, -1), seconds=0.1)
