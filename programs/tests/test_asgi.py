"""server.asgi: the guard in front of an ASGI application."""

import asyncio

import pytest

from server import asgi
from server.logins import client_of_request
from server.refusals import DATABASE_AWAY, TRY_LATER
from tests.guarding import ARTIFACT, RIGHT, SEARCH, WRONG, guard


def ask(each, *, method="POST", path=SEARCH, headers=(), chunks=(b"",), application=None, memory=None):
    """The status and the bodies that the application got."""
    got, sent = [], []

    async def echo(_, receive, send):
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        got.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages[-1]["more_body"] = False
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "client": ("10.0.0.1", 1),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    asyncio.run(asgi.GuardedApplication(application or echo, each)(scope, receive, send))
    if memory is not None:
        assert each.memory.used == memory
    statuses = [message["status"] for message in sent if message["type"] == "http.response.start"]
    assert len(statuses) == 1
    return statuses[0], got


CHUNKED = ("transfer-encoding", "chunked")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("Authorization", RIGHT)], 200),
        ([("Authorization", WRONG)], 401),
        ([("Authorization", "Bearer x")], 401),
        ([CHUNKED], 401),
        ([("content-length", "1")], 401),
        ([], 200),
    ],
)
def test_asgi_asks_for_a_login_before_the_body(headers, status):
    assert ask(guard(), headers=headers)[0] == status


def test_asgi_counts_a_body_that_names_no_length():
    headers = [("authorization", RIGHT), CHUNKED]
    each = guard(limit=10)
    assert ask(each, headers=headers, chunks=[b"12345", b"67890"], memory=0) == (200, [b"1234567890"])
    assert ask(each, headers=headers, chunks=[b"12345", b"678901", b"x"], memory=0) == (413, [])
    assert ask(each, headers=headers, chunks=[b"x" * 99], method="PUT", path=ARTIFACT)[0] == 200


def test_asgi_hides_what_the_application_makes_of_a_refused_body():
    async def catches(_, receive, send):
        try:
            while True:
                await receive()
        except Exception:
            await send({"type": "http.response.start", "status": 500, "headers": []})
            raise

    assert ask(guard(limit=1), headers=[("authorization", RIGHT), CHUNKED], chunks=[b"12"], application=catches) == (
        413,
        [],
    )


def test_asgi_lets_errors_of_the_application_pass():
    async def fails(*_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask(guard(), headers=[("authorization", RIGHT), CHUNKED], application=fails)


def test_asgi_bounds_the_memory_of_all_bodies():
    each = guard(limit=10)
    each.memory.take(35)
    headers = [("authorization", RIGHT), CHUNKED]
    assert ask(each, headers=headers, chunks=[b"123456"], memory=35) == (503, [])
    assert ask(each, headers=headers, chunks=[b"12345"], memory=35) == (200, [b"12345"])


def test_asgi_leaves_other_connections_alone():
    seen = []

    async def application(scope, *_):
        seen.append(scope["type"])

    async def nothing(*_):
        return {}

    asyncio.run(asgi.GuardedApplication(application, guard())({"type": "lifespan"}, nothing, nothing))
    assert seen == ["lifespan"]


@pytest.mark.parametrize("headers", [[], [("authorization", RIGHT)]])
@pytest.mark.parametrize("path", ["/gateway/x", SEARCH])
@pytest.mark.parametrize(
    ("status", "refusal", "answered"),
    [
        (401, TRY_LATER, 429),
        (401, DATABASE_AWAY, 503),
        (500, DATABASE_AWAY, 503),
        (401, None, 401),
        (500, None, 500),
        (200, TRY_LATER, 200),
        (404, DATABASE_AWAY, 404),
    ],
)
def test_a_login_that_mlflow_could_not_check_is_to_be_tried_again(path, headers, status, refusal, answered):
    seen = []

    async def application(_, receive, send):
        del receive
        client = client_of_request.get()
        assert client is not None
        seen.append(client.address)
        client.refusal = refusal
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"its own", "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    assert ask(guard(), path=path, headers=headers, application=application)[0] == answered
    assert seen == ["10.0.0.1"]
