"""server.lingering: clients that still send a body after its response.

Real servers are in test/programs/measured/guard.test.ts.
"""

import asyncio
from types import SimpleNamespace

import pytest

from server.lingering import LingeringTransport
from server.patience import patient


class Transport:
    """What asyncio gives uvicorn."""

    def __init__(self, *, eof=True):
        self.eof, self.events = eof, []

    def get_extra_info(self, _):
        return None

    def can_write_eof(self):
        return self.eof

    def is_closing(self):
        return "close" in self.events

    def __getattr__(self, name):
        return lambda *_: self.events.append(name)


@pytest.mark.parametrize(
    ("sending", "eof", "events"),
    [
        (False, True, ["close"]),
        (True, True, ["write_eof", "resume_reading", "wait"]),
        (True, False, ["resume_reading", "wait"]),
    ],
)
def test_a_connection_ends_when_nothing_is_sent_to_it(sending, eof, events):
    transport = Transport(eof=eof)
    lingering = LingeringTransport(transport, lambda: sending, lambda: transport.events.append("wait"))
    lingering.close()
    lingering.close()
    assert transport.events == events
    assert lingering.is_closing()
    lingering.end()
    assert transport.is_closing()


class Protocol:
    """uvicorn's, with a request whose response is complete, and which asks for an end."""

    def __init__(self):
        self.cycle, self.received = None, 0

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        if self.cycle is None:
            self.cycle = SimpleNamespace(response_complete=True, more_body=True)
            self.transport.close()
        self.received += len(data)


@pytest.mark.parametrize(
    ("parts", "ended"), [([60, 40], []), ([60, 40, 1], ["close"]), ([], ["close"])], ids=["less", "more", "nothing"]
)
def test_a_refused_body_is_read_up_to_its_limit_and_for_some_seconds(parts, ended):
    async def run():
        connection, transport = patient(Protocol, 100, seconds=0.1)(), Transport()
        connection.connection_made(transport)
        connection.data_received(b"")
        for size in parts:
            connection.data_received(b"x" * size)
        if not parts:
            await asyncio.sleep(0.3)
        assert connection.received == 0
        return transport.events

    assert asyncio.run(run()) == ["write_eof", "resume_reading", *ended]
