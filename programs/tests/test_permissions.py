"""permissions: what a rule needs, to whom a location belongs, and what is checked in a query."""

import sys
import urllib.parse
from types import SimpleNamespace

import pytest

from permissions.conditions import CHECKS, create_model_version, is_allowed
from permissions.granted import split_location
from permissions.rules import EVERYONE, RULES, Rule
from tests.granting import ALL, NOTHING, READ, World, request


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

    def parse_model_uri(uri):
        path = urllib.parse.urlparse(uri, allow_fragments=False).path
        name, _, version = path.lstrip("/").partition("/")
        name, alias = (name, version) if version else [*name.rsplit("@", 1), ""][:2]
        return SimpleNamespace(name=name if alias else None, model_id=None if alias else name)

    monkeypatch.setitem(sys.modules, "mlflow.utils.uri", SimpleNamespace(validate_path_is_safe=validate_path_is_safe))
    models = SimpleNamespace(_parse_model_uri=parse_model_uri)
    monkeypatch.setitem(sys.modules, "mlflow.store.artifact.utils.models", models)


@pytest.mark.usefixtures("_mlflow")
@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("mlflow-artifacts:/1/run1/artifacts", [ALL]),
        ("mlflow-artifacts:///3/run3", [NOTHING]),
        ("mlflow-artifacts://host/1/run1", None),
        ("mlflow-artifacts:/3/mlflow-artifacts/artifacts/1", [NOTHING]),
        ("MLFLOW-ARTIFACTS:/3/run3", [NOTHING]),
        ("mlflow-artifacts:/./3/run3", [NOTHING]),
        ("mlflow-artifacts:/", None),
        ("https://host/api/2.0/mlflow-artifacts/artifacts/1/run1", None),
        ("http://host/mlflow-artifacts/artifacts/1/api/2.0/mlflow-artifacts/artifacts/3", None),
        ("s3://bucket/root/2/run2", [READ]),
        ("s3://bucket/root//3/run3", [NOTHING]),
        ("s3://bucket/root/./3/run3", [NOTHING]),
        ("s3://bucket/root", None),
        ("s3://bucket", None),
        ("S3://bucket/", None),
        ("s3://bucket/rooted/1", None),
        ("s3://bucket:80/root/1", None),
        ("s3:/bucket/root/1", None),
        ("s3://other/1", None),
        ("s3://other/mlflow-artifacts/artifacts/1", None),
        ("r2://bucket@host/root/1", None),
        ("sftp://host/root/1", None),
        ("C:/../../etc", None),
        ("c:../../etc", None),
        ("runs:/run3/model", [NOTHING]),
        ("models:/model2/1", [READ]),
        ("models:/model@best", [NOTHING]),
        ("models:/m-3", [NOTHING]),
        # MLflow takes escapes for a part of these names.
        ("models:/model%32/1", [NOTHING]),
        ("models:/model%32@best", [NOTHING]),
        ("models:/model2#/1", [NOTHING]),
        ("runs:/run%31/model", [NOTHING]),
        ("runs:/run3/../run1", [NOTHING]),
        ("mlflow-artifacts:/3/%2e%2e/1", [ALL, NOTHING]),
        ("s3://bucket/root/3/%2e%2e/1/run1", [ALL, NOTHING]),
        ("s3://bucket/root/1/run1/a%20b", [ALL, ALL]),
        ("/etc", None),
        ("file:///etc", None),
        ("etc", None),
        ("dummy-source", None),
        ("runs://other/run1/model", None),
        ("models://other/model2/1", None),
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


@pytest.mark.usefixtures("_mlflow")
@pytest.mark.parametrize(
    "uri", ["s3://bucket", "s3://bucket/", "s3://bucket//", "s3://bucket/.", "mlflow-artifacts:/."]
)
def test_the_root_itself_belongs_to_nobody(uri):
    assert World({"_MLFLOW_SERVER_ARTIFACT_DESTINATION": "s3://bucket"}).location(uri) is None


RUN = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("uri", "used"),
    [
        ("mlflow-artifacts:/1", True),
        ("mlflow-artifacts:/", False),
        ("mlflow-artifacts://host/1", False),
        ("s3://bucket/root", True),
        ("s3://bucket/root/1", True),
        ("s3://bucket/root/../x", False),
        ("s3://bucket/x", False),
        (f"s3://other/1/{RUN}/artifacts", True),
        (f"s3://other/1/{RUN}/artifacts/model", True),
        (f"s3://other/1/models/m-{RUN}/artifacts", True),
        ("s3://other/1/traces/tr-1/artifacts", True),
        (f"s3://other/1/{RUN}/artifacts/../../x", False),
        (f"s3://other/x?/{RUN}/artifacts", False),
        (f"s3://other/x#/{RUN}/artifacts", False),
        (f"s3://other/{RUN}", False),
        ("s3://other/x", False),
        (f"gs://other/1/{RUN}/artifacts", False),
        (f"/root/1/{RUN}/artifacts", False),
        (f"file:///1/{RUN}/artifacts", False),
        (f"http://host/api/2.0/mlflow-artifacts/artifacts/1/{RUN}/artifacts", False),
        ("runs:/run1/model", True),
        ("models:/model1/1", True),
        ("runs://host/run1/model", False),
        ("relative", False),
        ("", False),
    ],
)
def test_the_server_uses_for_users_what_is_its_own_or_named_by_mlflow(uri, used):
    assert World({"_MLFLOW_SERVER_ARTIFACT_DESTINATION": "s3://bucket/root"}).may_use(uri) is used


@pytest.mark.parametrize(
    ("location", "allowed"),
    [
        ("mlflow-artifacts:/3/run3/artifacts", True),
        ("models:/m-3", True),
        ("s3://elsewhere/run1/artifacts/model", True),
        ("s3://elsewhere/m-1/artifacts", True),
        ("s3://elsewhere/run2/artifacts", False),
        ("s3://elsewhere/run1/artifacts/../../x", False),
        ("/run1/artifacts", False),
        ("dummy-source", False),
    ],
)
def test_the_files_of_a_model_version(location, allowed, monkeypatch):
    monkeypatch.setitem(sys.modules, "mlflow.exceptions", SimpleNamespace(MlflowException=ValueError))
    monkeypatch.setattr(World, "forbidden", lambda _, message: PermissionError(message))
    monkeypatch.setattr(World, "version_location", lambda *_: (location, ["run1"], ["m-1"]))
    monkeypatch.setattr(
        World, "places", lambda _, runs, models: [f"s3://elsewhere/{each}/artifacts" for each in runs + models]
    )
    given = request("GET", endpoint="serve_model_version_artifact", name=["model"], version=["1"])
    if allowed:
        assert CHECKS["serve_model_version_artifact"](World(), given)
    else:
        with pytest.raises(PermissionError, match=r"not below the artifact root of this server \(ask an administrator"):
            CHECKS["serve_model_version_artifact"](World(), given)


@pytest.mark.usefixtures("_mlflow")
@pytest.mark.parametrize("name", ["location", "source"])
def test_what_the_server_must_not_use_is_refused_with_what_to_do(name, monkeypatch):
    monkeypatch.setattr(World, "forbidden", lambda _, message: PermissionError(message))
    with pytest.raises(PermissionError, match=rf"{name} is not below the artifact root .* \(leave it out, or ask"):
        is_allowed(World(), request(body={name: "s3://other/1"}), name, "can_read")
    assert is_allowed(World(), request(body={name: "mlflow-artifacts:/2/run2"}), name, "can_read")
    assert not is_allowed(World(), request(body={name: "mlflow-artifacts:/2/run2"}), name, "can_update")
    assert is_allowed(World(), request(body={}), name, "can_read")


@pytest.mark.usefixtures("_mlflow")
@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ({"source": "dummy-source"}, True),
        ({"source": "prompt-template"}, True),
        ({"source": "mlflow-artifacts:/1/run1/artifacts/model", "run_id": "run1"}, True),
        ({"source": "mlflow-artifacts:/3/run3/artifacts/model"}, False),
        # An experiment that an administrator put elsewhere.
        ({"source": "s3://elsewhere/run1/artifacts/model", "run_id": "run1"}, True),
        ({"source": "s3://elsewhere/m-1/artifacts", "model_id": "m-1"}, True),
        ({"source": "s3://elsewhere/run3/artifacts/model", "run_id": "run3"}, False),
        ({"source": "s3://elsewhere/run3/artifacts/model", "run_id": "run1"}, None),
        ({"source": "s3://elsewhere/run1/artifacts/../../run3/artifacts", "run_id": "run1"}, None),
        ({"source": "s3://elsewhere/run1/artifacts/%2e%2e/%2e%2e/run3", "run_id": "run1"}, None),
        ({"source": "s3://elsewhere/run1/artifacts/%252e%252e/run3", "run_id": "run1"}, None),
        ({"source": "s3://elsewhere/run1/artifacts?x=/run3", "run_id": "run1"}, None),
        # A copy, of which the run may be anywhere.
        ({"source": "models:/model2/1", "run_id": "run3"}, True),
        ({"source": "models:/model3/1", "run_id": "run1"}, False),
        ({"source": "models:/m-1", "run_id": "run3"}, False),
    ],
)
def test_the_source_of_a_model_version(body, allowed, monkeypatch):
    monkeypatch.setattr(World, "forbidden", lambda _, message: PermissionError(message))
    monkeypatch.setattr(
        World, "places", lambda _, runs, models: [f"s3://elsewhere/{each}/artifacts" for each in runs + models]
    )
    if allowed is None:
        with pytest.raises(PermissionError):
            create_model_version(World(), request(body=body))
    else:
        assert create_model_version(World(), request(body=body)) is allowed


def test_equal_locations_are_equal():
    assert split_location("file:///a/./b") == split_location("/a//b") == split_location("/a/%62")
