"""permissions: what a request names, what a rule needs, and what is checked in a query."""

import asyncio
import sys
from types import SimpleNamespace

import pytest

from permissions import parameters
from permissions.granted import Granted, split_location
from permissions.graphql import Checked
from permissions.rules import EVERYONE, RULES, Rule
from server import native_permissions
from server.logins import right_login


class Arguments(dict[str, list[str]]):
    """A query, with all values of each name."""

    def getlist(self, name):
        return self.get(name, [])


def request(method="POST", body=None, endpoint="_log_metric", view_args=None, is_json=True, **query):
    return SimpleNamespace(
        method=method,
        endpoint=endpoint,
        view_args=view_args,
        args=Arguments(query),
        headers={},
        is_json=is_json,
        content_length=None if body is None else 10,
        get_json=lambda **_: body,
    )


@pytest.mark.parametrize(
    "body",
    [
        {"run_id": "mine", "runId": "theirs"},
        {"run_uuid": "mine", "runId": "theirs"},
        {"run_uuid": "mine", "run_id": "theirs"},
        {"experiment_id": "05"},
        {"experimentId": " 5"},
        {"experiment_ids": ["5", "+6"]},
        '{"run_id": "theirs"}',
    ],
)
def test_a_body_of_two_meanings_is_refused(body):
    with pytest.raises(parameters.AmbiguousError):
        parameters.settle(request(body=body))


def test_a_query_of_two_meanings_is_refused():
    with pytest.raises(parameters.AmbiguousError):
        parameters.settle(request("GET", run_id=["mine"], run_uuid=["theirs"]))
    parameters.settle(request("GET", run_id=["mine"], run_uuid=["mine"]))


def test_the_body_of_a_delete_says_that_it_is_json():
    with pytest.raises(parameters.AmbiguousError):
        parameters.settle(request("DELETE", body={"name": "theirs"}, is_json=False))


def test_fields_get_their_own_names():
    body = {"runId": "one", "experiment_ids": ["0", "12"]}
    parameters.settle(request(body=body))
    assert body == {"run_id": "one", "experiment_ids": ["0", "12"]}


def test_files_and_queries_are_not_read():
    def read(**_):
        raise AssertionError

    for endpoint in parameters.WITHOUT:
        given = request(body="", endpoint=endpoint)
        given.get_json = read
        parameters.settle(given)


def test_values_are_those_that_the_handler_reads():
    assert parameters.values_of(request(body={"run_id": "b"}, run_id=["q"]), "run_id") == ["b"]
    assert parameters.values_of(request("GET", body={"run_id": "b"}, run_id=["q"]), "run_id") == ["q"]
    assert parameters.values_of(request("GET", body={"run_id": "b"}), "run_id") == ["b"]
    assert parameters.values_of(request(body={"run_uuid": "b"}), "run_id") == ["b"]
    assert parameters.values_of(request(body={"run_id": "b"}, view_args={"run_id": "p"}), "run_id") == ["p"]
    assert parameters.values_of(request(body=[]), "run_id") == []


def permission(*actions):
    return SimpleNamespace(**{f"can_{each}": each in actions for each in ("read", "update", "delete", "manage")})


READ, NOTHING, ALL = permission("read"), permission(), permission("read", "update", "delete", "manage")


class World(Granted):
    """Experiment 1 is the sender's, 2 may be read, and others are hidden."""

    def __init__(self, environment=None, *, admin=False):
        auth = SimpleNamespace(
            sender_is_admin=lambda: admin,
            get_permission=lambda _: NOTHING,
            auth_config=SimpleNamespace(default_permission="NO_PERMISSIONS"),
            store=SimpleNamespace(get_user=lambda name: SimpleNamespace(is_admin=name == "admin")),
        )
        super().__init__(auth, None, environment or {})

    def experiment(self, experiment_id, _username=None):
        return {"1": ALL, "2": READ}.get(experiment_id, NOTHING)

    def run(self, run_id):
        return self.experiment(run_id.removeprefix("run"))

    def model(self, name):
        return self.experiment(name.removeprefix("model").partition("@")[0])

    def logged_model(self, model_id):
        return self.experiment(model_id.removeprefix("m-"))

    def dataset(self, dataset_id):
        return [self.experiment(each) for each in dataset_id.split("+") if each]


@pytest.mark.parametrize(
    ("given", "allowed"),
    [(["run1"], True), (["run1", "run2"], True), (["run1", "run3"], False), ([], False), ("run3", False)],
)
def test_a_rule_is_for_everything_that_is_named(given, allowed):
    assert Rule("read", "run", "run_ids").allows(World(), request(body={"run_ids": given})) is allowed


@pytest.mark.parametrize(("dataset", "allowed"), [("1", True), ("1+2", False), ("", False), ("3", False)])
def test_a_dataset_belongs_to_all_its_experiments(dataset, allowed):
    given = request(view_args={"dataset_id": dataset})
    assert Rule("update", "dataset", "dataset_id").allows(World(), given) is allowed


def test_no_route_is_open_and_has_a_rule():
    assert not EVERYONE & set(RULES)


@pytest.fixture
def _mlflow(monkeypatch):
    def validate_path_is_safe(path):
        return path.removeprefix("file:")

    monkeypatch.setitem(sys.modules, "mlflow.utils.uri", SimpleNamespace(validate_path_is_safe=validate_path_is_safe))


@pytest.mark.usefixtures("_mlflow")
@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("mlflow-artifacts:/1/run1/artifacts", [ALL]),
        ("mlflow-artifacts://host/3/run3", [NOTHING]),
        ("MLFLOW-ARTIFACTS:/3/run3", [NOTHING]),
        ("mlflow-artifacts:/./3/run3", [NOTHING]),
        ("mlflow-artifacts:/", None),
        ("https://host/api/2.0/mlflow-artifacts/artifacts/3/run3", [NOTHING]),
        ("s3://bucket/root/2/run2", [READ]),
        ("s3://bucket/root//3/run3", [NOTHING]),
        ("s3://bucket/root/./3/run3", [NOTHING]),
        ("s3://bucket/root", None),
        ("s3://bucket", None),
        ("S3://bucket/", None),
        ("s3://bucket/rooted/3", []),
        ("s3://other/3", []),
        ("runs:/run3/model", [NOTHING]),
        ("models:/model2/1", [READ]),
        ("models:/model@best", [NOTHING]),
        ("models:/m-3", [NOTHING]),
        ("/etc", None),
        ("file:///etc", None),
        ("etc", None),
        ("dummy-source", []),
    ],
)
def test_a_location_belongs_to_what_it_is_in(uri, expected):
    world = World({"_MLFLOW_SERVER_ARTIFACT_DESTINATION": "s3://bucket/root/"})
    assert world.location(uri) == expected


@pytest.mark.usefixtures("_mlflow")
def test_a_location_in_a_volume_belongs_to_its_experiment():
    world = World({"_MLFLOW_SERVER_ARTIFACT_DESTINATION": "/mlartifacts"})
    assert world.location("file:///mlartifacts/3/x") == world.location("/mlartifacts/3") == [NOTHING]
    assert world.location("/") is world.location("/mlartifacts/") is None


def test_equal_locations_are_equal():
    assert split_location("file:///a/./b") == split_location("/a//b") == split_location("/a/%62")


def resolve(field, world, result="found", parent="query", **given):
    info = SimpleNamespace(
        field_name=field, parent_type=parent, schema=SimpleNamespace(query_type="query", mutation_type="mutation")
    )
    args = {"input": SimpleNamespace(**given)}
    return Checked(world).resolve(lambda *_, **__: result, None, info, **args)


def test_a_query_finds_what_is_readable(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", SimpleNamespace(MlflowException=ValueError))
    world = World()
    assert resolve("mlflowGetRun", world, run_id="run2") == "found"
    assert resolve("mlflowGetRun", world, run_id=None, run_uuid="run3") is None
    assert resolve("mlflowGetRun", world) is None
    assert resolve("mlflowSearchRuns", world, experiment_ids=["1", "3"]) is None
    assert resolve("mlflowOfAReleaseToCome", world, run_id="run1") is None
    assert resolve("mlflowOfAReleaseToCome", World(admin=True)) == "found"
    assert resolve("__schema", world) == "found"
    assert resolve("experiment", world, parent="run") == "found"
    models = [SimpleNamespace(name="model1"), SimpleNamespace(name="model3")]
    assert resolve("modelVersions", world, models, parent="run") == models[:1]
    assert resolve("modelVersions", World(admin=True), models, parent="run") == models


@pytest.mark.parametrize(
    ("user", "path", "experiment", "status"),
    [
        (None, "/v1/traces", "1", 401),
        ("user", "/v1/traces", "1", 200),
        ("user", "/v1/traces", "2", 403),
        ("user", "/v1/traces", None, 403),
        ("user", "/ajax-api/3.0/jobs/x", "1", 403),
        ("admin", "/ajax-api/3.0/jobs/x", None, 200),
        (None, "/ajax-api/3.0/jobs/x", None, 401),
        (None, "/health", None, 200),
        (None, "/gateway/x/mlflow/invocations", None, 200),
    ],
)
def test_routes_of_fastapi_need_a_login_and_a_permission(monkeypatch, user, path, experiment, status):
    async def run_sync(function, *arguments):
        return function(*arguments)

    match = SimpleNamespace(NONE="none", FULL="full")
    monkeypatch.setitem(sys.modules, "anyio", SimpleNamespace(to_thread=SimpleNamespace(run_sync=run_sync)))
    monkeypatch.setitem(sys.modules, "starlette.routing", SimpleNamespace(Match=match))
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", SimpleNamespace(MlflowException=ValueError))
    route = SimpleNamespace(matches=lambda scope: ("none" if scope["path"] == "/health" else "full", {}))

    async def application(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200})

    headers = [(b"x-mlflow-experiment-id", experiment.encode())] if experiment else []
    sent = []

    async def ask():
        async def receive():
            return {}

        async def send(message):
            sent.append(message)

        right_login.set(None if user is None else (user, "password"))
        checked = native_permissions.CheckedNatively(application, [route], World())
        await checked({"type": "http", "method": "POST", "path": path, "headers": headers}, receive, send)

    asyncio.run(ask())
    assert sent[0]["status"] == status
