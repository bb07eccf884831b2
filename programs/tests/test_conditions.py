"""permissions.conditions: what requests add to logged models and traces, and say of their runs."""

from types import SimpleNamespace

import pytest

from permissions.conditions import CHECKS, update_models
from tests.granting import World, request


@pytest.mark.parametrize(
    "body",
    [[], 5, {"metrics": 5}, {"metrics": [5, None]}, {"metrics": {"model_id": "m-3"}}, {"model_id": []}, {"": 5}],
)
@pytest.mark.parametrize("endpoint", ["_log_metric", "_log_batch"])
def test_what_has_another_form_is_left_to_the_handler(endpoint, body):
    assert update_models(World(), request(endpoint=endpoint, body=body))


@pytest.mark.parametrize(
    ("endpoint", "body", "allowed"),
    [
        ("_log_metric", {"run_id": "run1"}, True),
        ("_log_metric", {"model_id": "m-1"}, True),
        ("_log_metric", {"model_id": "m-2"}, False),
        ("_log_batch", {"metrics": [{"key": "x"}, {"model_id": "m-1"}]}, True),
        ("_log_batch", {"metrics": [{"model_id": "m-1"}, {"model_id": "m-3"}]}, False),
        ("_log_batch", {"metrics": [{"modelId": "m-3"}]}, False),
        ("_log_batch", {"metrics": None}, True),
        ("_log_inputs", {"models": [{"model_id": "m-2"}]}, False),
        ("_log_outputs", {"models": [{"modelId": "m-2", "model_id": "m-1"}]}, False),
        ("_log_outputs", [], True),
    ],
)
def test_logged_models_that_a_request_adds_to_can_be_updated(endpoint, body, allowed):
    assert CHECKS[endpoint](World(), request(body=body, endpoint=endpoint)) is allowed


@pytest.mark.parametrize(("run", "allowed"), [(None, True), ("run1", True), ("run2", True), ("run3", False)])
def test_the_run_of_a_logged_model_is_readable(run, allowed):
    given = request(body={"experiment_id": "1", "source_run_id": run})
    assert CHECKS["_create_logged_model"](World(), given) is allowed


@pytest.mark.parametrize(
    ("tags", "allowed"),
    [
        ([], True),
        (None, True),
        ([{"key": "tag", "value": "mlflow-artifacts:/3"}], True),
        ([{"key": "mlflow.artifactLocation", "value": "of trace1"}], True),
        ([{"key": "mlflow.artifactLocation", "value": "of trace3"}], False),
        ([{"key": "mlflow.artifactLocation", "value": each} for each in ("of trace1", "of trace3")], False),
    ],
)
def test_a_trace_that_ends_stays_where_it_is(tags, allowed):
    given = request("PATCH", {"tags": tags}, "_end_trace", {"request_id": "trace1"})
    assert CHECKS["_end_trace"](World(), given) is allowed


@pytest.mark.parametrize(
    ("trace", "more", "allowed"),
    [
        ("trace1", {}, True),
        ("trace2", {}, True),
        ("trace3", {}, False),
        ("trace1", {"log_assessments": True}, True),
        ("trace2", {"log_assessments": True}, False),
    ],
)
def test_a_scorer_writes_to_traces_that_the_sender_may_change(trace, more, allowed):
    given = request(body={"experiment_id": "1", "trace_ids": [trace], **more})
    assert CHECKS["_invoke_scorer_handler"](World(), given) is allowed


@pytest.mark.parametrize("endpoint", ["_invoke_issue_detection_handler", "_invoke_genai_evaluate_handler"])
def test_jobs_read_traces_that_the_sender_may_read(endpoint):
    for traces, allowed in ((["trace1", "trace2"], True), (["trace1", "trace3"], False), ([], False)):
        assert CHECKS[endpoint](World(), request(body={"trace_ids": traces}, endpoint=endpoint)) is allowed


@pytest.mark.parametrize(
    ("uri", "dataset", "allowed"),
    [
        ("prompts:/model1/1", "", True),
        ("prompts:/model1@latest", "2", True),
        ("model1/3", "1+2", True),
        ("prompts:/model2/1", "", False),
        ("prompts:/model1@x/1", "", True),
        ("prompts:/model3@model1/1", "", False),
        ("prompts:/model1/1", "3", False),
        ("prompts:/model1/1", "1+3", False),
        ("prompts:/model1/1", "+", False),
        ("", "", False),
    ],
)
def test_a_prompt_is_optimized_for_who_may_change_it_with_what_may_be_read(uri, dataset, allowed):
    message = SimpleNamespace(source_prompt_uri=uri, config=SimpleNamespace(dataset_id=dataset))
    world = World()
    world.handlers = SimpleNamespace(
        CreatePromptOptimizationJob=lambda: message, _get_request_message=lambda given: given
    )
    assert CHECKS["_create_prompt_optimization_job"](world, request()) is allowed
