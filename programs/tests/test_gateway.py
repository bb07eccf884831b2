"""permissions.gateway: what the requests for endpoints name."""

from types import SimpleNamespace

import pytest

from permissions.gateway import texts_of, usage_experiment
from tests.granting import World


class Message:
    """A message of protobuf with these fields; those that are None are not set."""

    def __init__(self, **fields):
        self.fields = fields
        self.__dict__.update({name: value or "" for name, value in fields.items()})
        self.DESCRIPTOR = SimpleNamespace(fields=[SimpleNamespace(name=name) for name in fields])

    def HasField(self, name):  # noqa: N802
        return self.fields[name] is not None

    def ListFields(self):  # noqa: N802
        for name, value in self.fields.items():
            one = value[0] if isinstance(value, list) and value else value
            kind = SimpleNamespace(GetOptions=lambda: SimpleNamespace(map_entry=False))
            yield SimpleNamespace(name=name, message_type=kind if isinstance(one, Message) else None), value


def test_ids_are_found_wherever_they_are():
    configs = [Message(model_definition_id="a", weight=1), Message(model_definition_id="b")]
    message = Message(name="x", model_configs=configs, model_config=Message(inner=Message(model_definition_id="c")))
    assert list(texts_of(message, "model_definition_id")) == ["a", "b", "c"]
    assert list(texts_of(Message(model_definition_id=["a", "b"]), "model_definition_id")) == ["a", "b"]


@pytest.mark.parametrize(
    ("message", "experiment"),
    [
        (Message(name="x"), None),
        (Message(name="x", experiment_id="5", usage_tracking=True), "5"),
        (Message(name="x", experiment_id="5", usage_tracking=False), "5"),
        (Message(name="x", experiment_id="5", usage_tracking=None), "5"),
        (Message(name="x", experiment_id=None, usage_tracking=True), "of gateway/x"),
        (Message(name="x", experiment_id=None, usage_tracking=None), "of gateway/x"),
        (Message(name="x", experiment_id=None, usage_tracking=False), None),
        (Message(name=None, endpoint_id="new", experiment_id=None, usage_tracking=True), "of gateway/new"),
        (Message(name="y", endpoint_id="new", experiment_id=None, usage_tracking=True), "of gateway/y"),
        (Message(name=None, endpoint_id="new", experiment_id=None, usage_tracking=None), None),
        (Message(name="y", endpoint_id="used", experiment_id=None, usage_tracking=True), None),
        (Message(name=None, endpoint_id="used", experiment_id="5", usage_tracking=None), "5"),
    ],
)
def test_usage_goes_to_an_experiment(message, experiment, monkeypatch):
    endpoints = {"used": SimpleNamespace(name="used", experiment_id="7")}
    new = SimpleNamespace(name="new", experiment_id=None)
    monkeypatch.setattr(World, "endpoint", lambda _, each: endpoints.get(each, new))
    monkeypatch.setattr(World, "experiment_named", lambda _, name: f"of {name}")
    assert usage_experiment(World(), message) == experiment
