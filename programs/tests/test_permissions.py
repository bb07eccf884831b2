"""permissions: what a rule needs, to whom a location belongs, and what is checked in a query."""

import sys
from types import SimpleNamespace

import pytest

from permissions.granted import split_location
from permissions.graphql import Checked
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
