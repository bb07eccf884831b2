"""server.origins: which web pages may change something."""

import pytest

from server.origins import ALLOWED_ORIGINS, NO_PAGE, STATE_CHANGING, TURNED_OFF, Origins, Page
from server.refusals import METHODS, ORIGIN_REFUSED
from server.request import Request
from tests.guarding import guard

HOST = "mlflow.example.com"
ALLOWED = ["https://a.example.com", "https://*.b.example.com", "http://[fd00::7]:5000", " https://c.example.com "]


def is_refused(origin, site=None, host=HOST, method="POST", allowed=ALLOWED):
    return Origins(allowed).refuse(method, Page((origin,), (site,) if site else (), (host,)))


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://a.example.com",
        "https://a.example.com:8443",
        "https://a.example.com.evil.example",
        "https://b.example.com",
        "https://x.b.example.com.evil.example",
        "https://evil.example/.b.example.com@",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example:5000",
        "http://localhost@evil.example",
        "https://mlflow.example.com.evil.example",
        "https://mlflow.example.com:8443",
        "http://user@mlflow.example.com",
        "https://xmlflow.example.com",
        "null",
        "",
        "https://",
        "http://[broken",
        "https://a.example.com,https://evil.example",
    ],
)
def test_pages_of_others_change_nothing(origin):
    for method in METHODS:
        assert is_refused(origin, method=method) is (method in STATE_CHANGING)
        assert is_refused(origin, "cross-site", method=method) is (method in STATE_CHANGING)


@pytest.mark.parametrize(
    "origin",
    [
        "https://a.example.com",
        "https://x.b.example.com",
        "http://[fd00::7]:5000",
        "https://c.example.com",
        "http://localhost",
        "http://localhost:3000",
        "https://127.0.0.1:8443",
        "http://[::1]:5000",
    ],
)
@pytest.mark.parametrize("site", [None, "same-site", "cross-site"])
def test_pages_of_the_list_and_of_the_own_machine_may(origin, site):
    assert not is_refused(origin, site)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://mlflow.example.com", "mlflow.example.com"),
        ("https://mlflow.example.com", "mlflow.example.com:443"),
        ("http://mlflow.example.com", "MLflow.example.com:80"),
        ("http://mlflow.example.com:5000", "mlflow.example.com:5000"),
        ("http://[fd00::8]:5000", "[fd00::8]:5000"),
    ],
)
def test_the_page_of_the_server_may_by_any_name(origin, host):
    assert not is_refused(origin, host=host, allowed=[])
    # A browser that knows better is believed.
    assert is_refused(origin, "cross-site", host=host, allowed=[])
    assert is_refused(origin, "same-site", host=host, allowed=[])


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_browser_is_believed_about_the_own_page_behind_any_proxy(site):
    assert not is_refused("https://mlflow.example.com", site, host="mlflow.mlflow.svc:5000", allowed=[])
    assert not is_refused("null", site, host="mlflow.mlflow.svc:5000", allowed=[])


def test_programs_have_no_page():
    assert not Origins([]).refuse("POST", NO_PAGE)
    assert not Origins([]).refuse("POST", Page(hosts=(HOST,)))


@pytest.mark.parametrize(
    "page",
    [
        Page((), ("cross-site",), (HOST,)),
        Page(("https://a.example.com", "https://evil.example"), (), (HOST,)),
        Page(("https://evil.example",), ("cross-site", "same-origin"), (HOST,)),
        Page(("https://mlflow.example.com",), (), (HOST, HOST)),
        Page(("https://mlflow.example.com",), (), ()),
    ],
)
def test_what_no_browser_sends_is_refused(page):
    assert Origins(ALLOWED).refuse("POST", page)


@pytest.mark.parametrize(
    ("variables", "refused"),
    [
        ({}, True),
        ({ALLOWED_ORIGINS: "https://a.example.com"}, True),
        ({ALLOWED_ORIGINS: "https://a.example.com, https://evil.example"}, False),
        ({ALLOWED_ORIGINS: "*"}, False),
        ({TURNED_OFF: "true"}, False),
        ({TURNED_OFF: "false"}, True),
    ],
)
def test_the_variables_of_mlflow_say_which(monkeypatch, variables, refused):
    for name in (ALLOWED_ORIGINS, TURNED_OFF):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Origins.of_variables().refuse("POST", Page(("https://evil.example",), (), (HOST,))) is refused


@pytest.mark.parametrize("path", ["/", "/graphql", "/mlflow/ajax-api/2.0/mlflow/runs/create", "/health"])
@pytest.mark.parametrize("login", [False, True])
def test_the_guard_refuses_such_a_request_on_every_path(path, login):
    page = Page(("https://evil.example",), (), (HOST,))
    refused = {
        method: guard(login=login).refuse(Request(method, path, "10.0.0.1", (), None, False, page=page))
        for method in ("POST", "GET")
    }
    assert refused == {"POST": ORIGIN_REFUSED, "GET": None}
