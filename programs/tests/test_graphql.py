"""What users find by a query of GraphQL."""

import sys
from types import SimpleNamespace

from permissions.graphql import Checked
from tests.granting import World


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
