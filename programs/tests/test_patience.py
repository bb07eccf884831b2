"""server.patience: clients that do not read, headers that are too long, and bodies that were refused.

Headers that do not end in time are in test/programs/measured/guard.test.ts.
"""

import asyncio
import contextlib
from types import SimpleNamespace

import pytest

from server import uvicorn_tls
from server.patience import HEADER_BYTES, patient


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
        connection = patient(Protocol, 100, reading_seconds=0.01)(unread)
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


class Receiving:
    """A connection with a request, whose response may be complete before its body."""

    def __init__(self, *, response_complete=True, more_body=True):
        self.cycle = SimpleNamespace(response_complete=response_complete, more_body=more_body)
        self.transport, self.closed, self.is_lingering = self, False, False

    def data_received(self, data):
        pass

    def end(self):
        self.closed = True


def receive(parts, then=None, **state):
    """Whether a connection is closed at the end of these parts, each of so many bytes."""

    async def run():
        connection = patient(Receiving, 100)(**state)
        for size in parts:
            connection.data_received(b"x" * size)
            if then:
                then(connection)
        return connection.closed

    return asyncio.run(run())


@pytest.mark.parametrize(("parts", "closed"), [([100], False), ([101], True), ([60, 40], False), ([60, 40, 1], True)])
def test_so_much_is_read_of_a_refused_body(parts, closed):
    assert receive(parts) is closed


@pytest.mark.parametrize("state", [{"response_complete": False}, {"more_body": False}])
def test_a_body_that_is_awaited_is_read_to_its_end(state):
    assert not receive([1000] * 60, **state)


@pytest.mark.parametrize(
    ("parts", "closed"), [([HEADER_BYTES], False), ([HEADER_BYTES, 1], True), ([1 << 10] * 65, True), ([1 << 20], True)]
)
def test_a_header_has_a_limit_whatever_parses_it(parts, closed):
    # The first one, and one after a request.
    assert receive(parts, lambda connection: setattr(connection, "cycle", None), more_body=False) is closed
    assert receive(parts, more_body=False) is closed
    assert not receive(parts, response_complete=False)


def test_each_header_has_its_own_limit():
    def begin_or_answer(connection):
        connection.cycle.response_complete = not connection.cycle.response_complete

    assert not receive([HEADER_BYTES // 2] * 20, begin_or_answer, more_body=False)


def test_each_request_has_its_own_limit():
    def answer_another(connection):
        connection.cycle = SimpleNamespace(response_complete=True, more_body=True)

    assert not receive([100] * 10, answer_another)


class Accepted:
    """A connection whose handshake took some time."""

    cycle = None

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, _):
        self.transport.close()


class Transport:
    """What asyncio gives it."""

    def __init__(self, unread=(), *, tls=True):
        self.unread, self.tls, self.events, self._ssl_protocol = [*unread, 0], tls, [], None

    def get_extra_info(self, name):
        return self.tls if name == "sslcontext" else None

    def get_write_buffer_size(self):
        return self.unread.pop(0) if len(self.unread) > 1 else self.unread[0]

    def set_write_buffer_limits(self, high):
        assert high == uvicorn_tls.UNREAD_BYTES

    def is_closing(self):
        return False

    def __getattr__(self, name):
        return lambda: self.events.append(name)


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize(("handshake", "ended"), [(0.0, False), (0.2, True)])
def test_the_handshake_is_part_of_the_time_for_a_header(tls, handshake, ended):
    async def run():
        connection, transport = patient(Accepted, 100, seconds=0.3)(), Transport(tls=tls)
        await asyncio.sleep(handshake)
        connection.connection_made(transport)
        await asyncio.sleep(0.2)
        return "close" in transport.events

    assert asyncio.run(run()) is ended


def close(unread, lost=False, seconds=0.3):
    """What happens to a connection under TLS that ends with so many bytes unread, one time after the other."""

    async def run():
        transport = Transport(unread)
        encrypted = uvicorn_tls.EncryptedTransport(transport, reading_seconds=0.05, closing_seconds=0.05)
        encrypted.close()
        assert encrypted.is_closing()
        encrypted.close()
        if lost:
            encrypted.note_lost()
        await asyncio.sleep(seconds)
        return transport.events

    return asyncio.run(run())


@pytest.fixture
def _often(monkeypatch):
    monkeypatch.setattr(uvicorn_tls, "POLL_SECONDS", 0.01)


@pytest.mark.usefixtures("_often")
@pytest.mark.parametrize(
    ("unread", "lost", "events"),
    [
        ([], False, ["pause_reading", "resume_reading", "close", "abort"]),
        (range(1000, 0, -100), False, ["pause_reading", "resume_reading", "close", "abort"]),
        ([100] * 100, False, ["pause_reading", "abort"]),
        ([100] * 100, True, ["pause_reading"]),
    ],
)
def test_a_connection_under_tls_ends_when_the_client_has_read_all_or_reads_nothing(unread, lost, events):
    assert close(unread, lost) == events


def test_a_connection_under_tls_that_is_lost_is_not_closed():
    async def run():
        connection, transport = patient(Accepted, 100)(), Transport()
        connection.connection_made(transport)
        connection.connection_lost(None)
        return transport.events

    assert asyncio.run(run()) == []


def test_what_is_encrypted_counts_as_unread():
    transport = Transport([100])
    transport._ssl_protocol = SimpleNamespace(_transport=Transport([1000]))
    assert uvicorn_tls.EncryptedTransport(transport, 1).get_write_buffer_size() == 1100
