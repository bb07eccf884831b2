"""server.guard: what never reaches MLflow."""

import base64
import json
from dataclasses import replace

import pytest

from server.guard import Guard, Memory
from server.logins import Limits, Logins
from server.origins import Page
from server.refusals import (
    BAD_HOST,
    BAD_LENGTH,
    BUSY,
    DATABASE_AWAY,
    LOGIN_REQUIRED,
    NOT_FOUND,
    TRY_LATER,
    UNKNOWN_METHOD,
)
from server.request import Request, parse_login
from tests.guarding import ARTIFACT, CREDENTIAL, RIGHT, SEARCH, WRONG, basic, guard


def request(method="POST", path=SEARCH, *, login=(RIGHT,), length=None, chunked=False):
    return Request(method, path, "10.0.0.1", tuple(login), length, chunked)


@pytest.mark.parametrize("method", ["AAAA000001", "TRACE", "CONNECT", "get", ""])
def test_unknown_methods_are_refused(method):
    assert guard(login=False).refuse(request(method)) is UNKNOWN_METHOD


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_known_methods_pass(method):
    assert guard().refuse(request(method)) is None


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/metrics//", "/ml/metrics", "/ml/metrics/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_counts_are_hidden_from_an_app_that_leaves_them_open(method, path):
    given = request(method, path, login=())
    assert guard(login=False, prefix="/ml", hides_metrics=True).refuse(given) is NOT_FOUND
    assert guard(login=False, prefix="/ml").refuse(given) is None
    for other in ("/metrics-of-runs", "/x/metrics", "/metrics/x", "/api/2.0/mlflow/metrics/get-history"):
        assert guard(login=False, prefix="/ml", hides_metrics=True).refuse(replace(given, path=other)) is None


@pytest.mark.parametrize(
    "host", ["localhost:1/static?", "x/y", "x?y", "x#y", "a@b", "x\\y", "a b", "a,b", "\xe9", "x\t"]
)
def test_a_host_is_no_part_of_a_path(host):
    given = replace(request(), page=Page(hosts=(host,)))
    assert guard().refuse(given) is guard(login=False).refuse(given) is BAD_HOST


def test_of_several_hosts_none_counts():
    assert guard().refuse(replace(request(), page=Page(hosts=("a", "a")))) is BAD_HOST


@pytest.mark.parametrize("host", ["mlflow", "mlflow.ml.svc:5000", "10.0.0.1:5000", "[::1]:5000", "a_b.example.com", ""])
def test_names_and_addresses_are_hosts(host):
    assert guard().refuse(replace(request(), page=Page(hosts=(host,)))) is None


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
    for authorization in ((), ("Bearer provider-key",)):
        gateway = request(path=f"{prefix}/gateway/openai/v1", login=authorization, length="1")
        assert each.refuse(gateway) is None
        assert not each.must_judge(gateway)
        assert each.judge(gateway) is None
    assert each.refuse_size(request(path=f"{prefix}/gateway/openai/v1", length="101")) is each.too_large
    tool = replace(request(login=(), length="1"), delegation=CREDENTIAL)
    assert each.refuse(tool) is None
    assert each.must_judge(replace(tool, authorization=(WRONG,)))
    for invented in ("", "x", CREDENTIAL + "x", CREDENTIAL.lower()[1:]):
        assert each.refuse(replace(tool, delegation=invented)) is LOGIN_REQUIRED
    assert each.refuse(request(path=f"/x{prefix}/gateway/", login=(), length="1")) is LOGIN_REQUIRED


def test_logins_of_the_gateway_are_checked_before_mlflow_asks():
    checked = []

    def check(username, password):
        checked.append((username, password))
        return password == "right"

    each = Guard(Logins(check, Limits(remembered=60)), 100, gateway_password="of MLflow")
    own = request(path="/gateway/x", login=("Bearer of the provider",), length="1")
    right = replace(own, gateway_authorization=(RIGHT,))
    assert each.must_judge(right)
    assert each.judge(right) is None
    assert each.login_of(right) == ("admin", "right")
    assert each.judge(replace(own, gateway_authorization=(WRONG,))) is LOGIN_REQUIRED
    assert checked == [("admin", "right"), ("admin", "wrong")]
    # Of several headers of one name MLflow takes the first, and an empty one is none.
    assert each.login_of(replace(own, authorization=(RIGHT, WRONG))) == ("admin", "right")
    assert each.login_of(replace(own, authorization=(RIGHT,), gateway_authorization=("",))) == ("admin", "right")
    assert each.login_of(replace(own, authorization=(RIGHT,), gateway_authorization=("Bearer x", WRONG))) is None
    before = Guard(Logins(check, Limits(remembered=60)), 100, gateway_header=False)
    assert before.login_of(replace(own, authorization=(RIGHT,), gateway_authorization=(WRONG,))) == ("admin", "right")
    # MLflow's own processes, and what is no login.
    for authorization in (basic("anybody", "of MLflow"), "Bearer x", ""):
        given = replace(own, gateway_authorization=(authorization,))
        assert not each.must_judge(given)
        assert each.judge(given) is None
    assert len(checked) == 2
    away = replace(own, gateway_authorization=(basic("admin", "away"),))
    assert guard().judge(away) is DATABASE_AWAY
    for number in range(9):
        each.judge(replace(own, gateway_authorization=(basic(f"user{number}", "wrong"),)))
    assert each.judge(replace(own, gateway_authorization=(basic("somebody", "wrong"),))) is TRY_LATER


def test_without_the_gateway_its_paths_need_a_login():
    given = request(path="/gateway/x", login=(), length="1")
    assert guard(gateway=False).refuse(given) is LOGIN_REQUIRED
    assert guard(gateway=True).refuse(given) is None


def test_bodies_that_anyone_may_send_leave_room_for_those_of_users():
    each = guard(limit=10)
    anyone = each.memory_for(request(path="/gateway/x", login=(), length="10"))
    assert anyone is not each.memory_for(replace(request(login=(), length="10"), delegation=CREDENTIAL))
    assert each.hold(anyone, 0, 10) is None
    assert each.hold(anyone, 0, 1) is BUSY
    assert each.hold(each.memory_for(request()), 0, 10) is None


def test_logins_are_judged_and_remembered():
    each = guard()
    assert each.must_judge(request())
    assert each.judge(request()) is None
    assert not each.must_judge(request())
    assert each.must_judge(request(login=(WRONG,)))
    assert each.judge(request(login=(WRONG,))) is LOGIN_REQUIRED
    assert not each.must_judge(request(login=()))
    assert not guard(login=False).must_judge(request())


def test_a_login_that_cannot_be_checked_is_not_wrong():
    each = guard(burst=1)
    asked = request(login=(basic("admin", "away"),))
    assert [each.judge(asked) for _ in range(3)] == [DATABASE_AWAY] * 3
    assert each.must_judge(asked)


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


@pytest.mark.parametrize("prefix", ["", "/mlflow", "/gateway", "/gateway/x"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
@pytest.mark.parametrize("authorization", [(), ("",), ("Bearer x",), (RIGHT, WRONG)])
@pytest.mark.parametrize("delegation", [None, "", "x"])
def test_every_body_without_a_login_is_refused_or_limited(prefix, method, authorization, delegation):
    each = guard(prefix=prefix)
    artifacts = (ARTIFACT, ARTIFACT.replace("/api", "/ajax-api"))
    for path in (SEARCH, *artifacts, "/", "/health", "/static-files/x", "/gateway/x", "/gateway" + ARTIFACT):
        for below in {"", prefix}:
            for body in ({"length": "9" * 12}, {"chunked": True}):
                given = replace(request(method, below + path, login=authorization, **body), delegation=delegation)
                is_refused = each.refuse(given) or each.judge(given)
                assert is_refused or (each.is_bounded(given) and each.memory_for(given) is each.unjudged_memory)


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
