"""server.patience: clients that do not read. Headers that do not end are in test/programs/guard.test.ts."""

import asyncio

import pytest

from server.patience import patient


class Protocol:
    """What uvicorn's have in common."""

    cycle = None

    def __init__(self, unread):
        self.transport, self.unread, self.is_aborted = self, iter(unread), False

    def get_write_buffer_size(self):
        return next(self.unread)

    def abort(self):
        self.is_aborted = True

    def pause_writing(self):
        pass

    resume_writing = pause_writing

    def connection_lost(self, exc):
        pass


def is_aborted(unread, then=None):
    """Whether a connection is, of whose response so many bytes are unread, one time after the other."""

    async def run():
        connection = patient(Protocol, reading_seconds=0.01)(unread)
        connection.pause_writing()
        if then:
            then(connection)
        await asyncio.sleep(0.1)
        return connection.is_aborted

    return asyncio.run(run())


def test_a_client_that_reads_nothing_loses_its_connection():
    assert is_aborted([100, 100])
    assert is_aborted([100, 50, 20, 20])


@pytest.mark.parametrize(
    "then", [lambda connection: connection.resume_writing(), lambda connection: connection.connection_lost(None)]
)
def test_nothing_is_awaited_of_a_client_that_read_or_left(then):
    assert not is_aborted([100, 100], then)


def test_a_slow_client_keeps_its_connection():
    assert not is_aborted(range(1000, 0, -1))
