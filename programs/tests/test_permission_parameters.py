"""permissions.parameters: what a request names, for the check and for the handler."""

import pytest

from permissions import parameters
from tests.granting import request


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


@pytest.mark.parametrize("name", ["run_id", "runId", "run_uuid", "experiment_id", "source_run_id"])
@pytest.mark.parametrize("value", [["x"], {}, [], [["x"]]])
def test_an_id_is_a_text(name, value):
    with pytest.raises(parameters.AmbiguousError, match="must be a text"):
        parameters.settle(request(body={name: value}))


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
