"""server.guard, asgi and wsgi: requests of people whom a proxy in front of the server logged in."""

import asyncio
from dataclasses import replace
from typing import Any

from server import asgi, wsgi
from server.guard import Guard
from server.logins import Limits, Logins, right_login
from server.refusals import LOGIN_REFUSED, LOGIN_REQUIRED, Refusal
from server.request import Request
from server.single_sign_on import GROUPS_HEADER, USER_HEADER, Claims, basic
from tests.guarding import RIGHT, SEARCH
from tests.proxying import PASSWORD, claims, people, proxied


def guard(store=None, **admission):
    logins = Logins(lambda _, password: password == "right", Limits(remembered=60))
    return Guard(logins, 100, people=people(store, **admission), is_delegated=lambda _: True)


def request(**more):
    return Request("POST", SEARCH, "10.0.0.1", more.pop("authorization", ()), None, False, **more)


def test_the_login_of_a_person_is_not_checked_again():
    each = guard()
    for path in (SEARCH, "/gateway/openai/v1", "/api/2.0/mlflow-artifacts/artifacts/x"):
        found = each.sign_on(replace(request(claims=claims(), authorization=(RIGHT,), delegation="x"), path=path))
        assert not isinstance(found, Refusal)
        assert found.login == ("ann@example.com", each.people.token)
        assert found.delegation is None
        assert each.refuse(found) is None
        assert not each.must_judge(found)
        assert each.judge(found) is None
        assert each.is_judged(found)
        assert not each.is_from_anyone(found)


def test_claims_that_are_not_of_the_proxy_do_not_fall_back_to_a_login():
    wrong = Claims(proxied("ann", password="wrong"))
    assert guard().sign_on(request(claims=wrong, authorization=(RIGHT,))) is LOGIN_REFUSED


def test_a_person_whose_name_the_proxy_did_not_say_does_not_fall_back_to_a_login():
    logged: list[str] = []
    each = Guard(None, 100, people=people(log=logged.append))
    nameless = (
        Claims((), proxied("ann@example.com"), ()),
        Claims((), (), proxied("ml")),
        Claims((), proxied("bob@example.com"), proxied("ml", "ops")),
        Claims(proxied("ann", "bob"), proxied("eve@example.com"), ()),
    )
    for given in nameless:
        assert each.sign_on(request(claims=given, authorization=(RIGHT,))) is LOGIN_REFUSED
    assert [line.partition(":")[0] for line in logged] == [
        f"refused {name!r}, who came by single sign-on"
        for name in ("ann@example.com", "", "bob@example.com", "eve@example.com")
    ]
    assert all("auth.oidc.usernameClaim" in line for line in logged)
    assert not any("password" in line for line in logged)


def test_without_claims_the_login_counts():
    each = guard()
    assert each.sign_on(request(authorization=(RIGHT,))) == request(authorization=(RIGHT,))
    # Neither the proxy's password nor what MLflow gets in its place is one of a user.
    for password in (PASSWORD, each.people.token):
        found = each.sign_on(request(authorization=(basic("ann@example.com", password),)))
        assert each.judge(found) is LOGIN_REQUIRED


def test_without_single_sign_on_the_headers_say_nothing():
    each = Guard(None, 100)
    given = request(claims=claims())
    assert each.sign_on(given) is given


def test_asgi_replaces_what_a_person_sent():
    seen = []

    async def application(scope, _, send):
        seen.append((right_login.get(), scope["headers"]))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    each = guard()
    headers = [
        ("Authorization", "Bearer eyJ"),
        (USER_HEADER, claims().user[0]),
        (GROUPS_HEADER, proxied("x")[0]),
        ("Host", "h"),
    ]
    status = _ask(asgi.GuardedApplication(application, each), headers)
    login = ("ann@example.com", each.people.token)
    assert status == 200
    assert seen == [(login, [(b"host", b"h"), (b"authorization", basic(*login).encode())])]
    assert _ask(asgi.GuardedApplication(application, each), [(USER_HEADER, basic("ann", "x"))]) == 401
    assert len(seen) == 1


def _ask(application, headers):
    sent = []
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": SEARCH, "client": ("127.0.0.1", 1)}
    scope["headers"] = [(name.lower().encode(), value.encode()) for name, value in headers]

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        sent.append(message)

    asyncio.run(application(scope, receive, send))
    return sent[0]["status"]


def test_wsgi_replaces_what_a_person_sent():
    each = guard()
    environ = {
        "REQUEST_METHOD": "GET",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.0.0.7",
        "HTTP_AUTHORIZATION": "Bearer eyJ",
        "HTTP_X_MLFLOW_PROXY_USER": claims().user[0],
        "HTTP_X_MLFLOW_PROXY_EMAIL": proxied("ann@example.com")[0],
        "HTTP_HOST": "h",
    }
    given = wsgi.request_behind_proxy(environ)
    assert given.address == "10.0.0.7"
    assert given.claims == Claims(claims().user, proxied("ann@example.com"), ())
    found = each.sign_on(given)
    passed = wsgi.with_login(environ, found)
    assert passed["HTTP_AUTHORIZATION"] == basic("ann@example.com", each.people.token)
    assert [name for name in passed if "PROXY" in name] == []
