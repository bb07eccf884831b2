"""server.guard and its two adapters: what never reaches MLflow."""

import asyncio
import base64
import io
import json
from dataclasses import replace

import pytest

from server import asgi, wsgi
from server.guard import BAD_LENGTH, LOGIN_REQUIRED, TRY_LATER, UNKNOWN_METHOD, Guard, Memory, Request, parse_login
from server.logins import Limits, Logins

SEARCH = "/api/2.0/mlflow/runs/search"
ARTIFACT = "/api/2.0/mlflow-artifacts/artifacts/1/model.bin"


def basic(username, password):
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


RIGHT, WRONG = basic("admin", "right"), basic("admin", "wrong")


def guard(*, login=True, prefix="", limit=100, **limits):
    logins = Logins(lambda _, password: password == "right", Limits(remembered=60, **limits)) if login else None
    return Guard(logins, limit, prefix)


def request(method="POST", path=SEARCH, *, login=(RIGHT,), length=None, chunked=False):
    return Request(method, path, "10.0.0.1", tuple(login), length, chunked)


@pytest.mark.parametrize("method", ["AAAA000001", "TRACE", "CONNECT", "get", ""])
def test_unknown_methods_are_refused(method):
    assert guard(login=False).refuse(request(method)) is UNKNOWN_METHOD


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_known_methods_pass(method):
    assert guard().refuse(request(method)) is None


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "", "1,2", "9" * 30])
def test_a_length_is_a_number(length):
    assert guard().refuse(request(length=length)) is BAD_LENGTH


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
@pytest.mark.parametrize("path", [SEARCH, ARTIFACT])
def test_a_body_needs_a_login(method, path):
    for body in ({"length": "1"}, {"chunked": True}):
        assert guard().refuse(request(method, path, login=(), **body)) is LOGIN_REQUIRED
        assert guard(login=False).refuse(request(method, path, login=(), **body)) is None
    # MLflow decides about those: some pages need no login.
    assert guard().refuse(request(method, path, login=())) is None


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer x",
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic " + base64.b64encode(b"nocolon").decode(),
        "Basic " + base64.b64encode(b":no user").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:latin").decode(),
        "Basic " + base64.b64encode(b"a\0b:c").decode(),
        RIGHT + "x",
        "Negotiate YII=",
        "",
    ],
)
def test_malformed_logins_are_wrong(authorization):
    assert guard().refuse(request("GET", login=(authorization,))) is LOGIN_REQUIRED


def test_of_several_logins_none_counts():
    assert guard().refuse(request("GET", login=(RIGHT, WRONG))) is LOGIN_REQUIRED


@pytest.mark.parametrize("password", ["", ":", "a:b", " p@ss%w/o\\rd ", "Пароль 密码 é", "\n\t", "x" * 5000])
def test_any_password_can_be_read(password):
    assert parse_login(basic("user", password)) == ("user", password)
    assert parse_login(basic("user", password).replace("Basic", "bAsIc")) == ("user", password)


@pytest.mark.parametrize("prefix", ["", "/mlflow"])
def test_mlflow_judges_clients_of_its_gateway_and_its_assistant(prefix):
    each = guard(prefix=prefix)
    for authorization in ((), ("Bearer provider-key",), (WRONG,)):
        gateway = request(path=f"{prefix}/gateway/openai/v1", login=authorization, length="1")
        assert each.refuse(gateway) is None
        assert not each.must_judge(gateway)
    assert each.refuse_size(request(path=f"{prefix}/gateway/openai/v1", length="101")) is each.too_large
    tool = replace(request(login=(), length="1"), delegated=True)
    assert each.refuse(tool) is None
    assert each.must_judge(replace(tool, authorization=(WRONG,)))
    assert each.refuse(request(path=f"/x{prefix}/gateway/", login=(), length="1")) is LOGIN_REQUIRED


def test_logins_are_judged_and_remembered():
    each = guard()
    assert each.must_judge(request())
    assert each.judge(request()) is None
    assert not each.must_judge(request())
    assert each.must_judge(request(login=(WRONG,)))
    assert each.judge(request(login=(WRONG,))) is LOGIN_REQUIRED
    assert not each.must_judge(request(login=()))
    assert not guard(login=False).must_judge(request())


def test_too_many_wrong_logins_wait():
    each = guard(burst=1)
    assert [each.judge(request(login=(basic("admin", f"wrong{n}"),))) for n in range(2)] == [LOGIN_REQUIRED, TRY_LATER]


@pytest.mark.parametrize("prefix", ["", "/mlflow"])
def test_bodies_are_bounded_but_for_the_content_of_artifacts(prefix):
    each = guard(prefix=prefix)
    for path in (SEARCH, ARTIFACT.replace("/artifacts/", "/mpu/"), "/x" + ARTIFACT, "/mlflow" + SEARCH, "/"):
        assert each.refuse_size(request("PUT", path, length="101")) is each.too_large
        assert each.refuse_size(request("PUT", path, length="100")) is None
    assert each.refuse_size(request("POST", prefix + ARTIFACT, length="101")) is each.too_large
    for path in (ARTIFACT, ARTIFACT.replace("/api", "/ajax-api")):
        assert each.refuse_size(request("PUT", prefix + path, length="1" + "0" * 12)) is None


def test_the_limit_is_named():
    body = json.loads(guard(limit=1234).too_large.body)
    assert body["error_code"] == "BAD_REQUEST"
    assert "1234 bytes" in body["message"]
    assert "server.maxRequestBody" in body["message"]


def test_memory_is_shared():
    memory = Memory(10)
    assert memory.take(6)
    assert not memory.take(5)
    memory.give_back(6)
    assert memory.take(10)


# ASGI


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


# WSGI: what needs Flask's library runs in the tests with real servers.


def test_wsgi_reads_a_request():
    environ = {
        "REQUEST_METHOD": "PUT",
        "SCRIPT_NAME": "/prefix",
        "PATH_INFO": "/path",
        "REMOTE_ADDR": "10.0.0.1",
        "HTTP_AUTHORIZATION": RIGHT,
        "CONTENT_LENGTH": "",
        "HTTP_TRANSFER_ENCODING": "chunked",
    }
    expected = Request("PUT", "/prefix/path", "10.0.0.1", (RIGHT,), None, True)
    assert wsgi.request_of(environ) == expected
    assert wsgi.request_of({"REQUEST_METHOD": "GET"}) == Request("GET", "", "", (), None, False)


@pytest.mark.parametrize(
    "read",
    [
        lambda body: body.read(),
        lambda body: b"".join(iter(lambda: body.read(3), b"")),
        lambda body: b"".join(iter(body.readline, b"")),
        lambda body: b"".join(body.readlines()),
        b"".join,
    ],
)
def test_wsgi_counts_a_body_however_it_is_read(read, monkeypatch):
    class RefusedError(Exception):
        pass

    def refuse(refusal):
        raise RefusedError(refusal)

    monkeypatch.setattr(wsgi.Body, "refuse", staticmethod(refuse))
    text = b"line\nline\nx"
    assert read(wsgi.Body(guard(limit=len(text)), io.BytesIO(text))) == text
    with pytest.raises(RefusedError):
        read(wsgi.Body(guard(limit=len(text) - 1), io.BytesIO(text)))
