"""What requests for the AI gateway name within others: models with the keys behind them, and experiments of usage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from permissions.granted import Granted

MESSAGES = {
    "_create_gateway_endpoint": "CreateGatewayEndpoint",
    "_update_gateway_endpoint": "UpdateGatewayEndpoint",
    "_attach_model_to_gateway_endpoint": "AttachModelToGatewayEndpoint",
}


def set_endpoint(granted: Granted, request: Any) -> bool:
    """Models that the sender may use, and an experiment to which the sender may add traces.

    Read as handlers read it: MLflow's own checks below 3.17 miss JSON names (`modelDefinitionId`) within lists.
    """
    from mlflow.protos import service_pb2

    message = granted.handlers._get_request_message(getattr(service_pb2, MESSAGES[request.endpoint])())
    if not granted.can_use_model_definitions(set(texts_of(message, "model_definition_id"))):
        return False
    experiment = usage_experiment(granted, message)
    return experiment is None or bool(granted.experiment(experiment).can_update)


def texts_of(message: Any, name: str) -> Iterator[str]:
    """All that a message of protobuf has in fields of a name, also within others."""
    for field, value in message.ListFields():
        # Which fields are lists is told in different ways by releases of protobuf.
        values = value if hasattr(value, "extend") else [value]
        if field.name == name:
            yield from (str(each) for each in values)
        elif field.message_type is not None and not field.message_type.GetOptions().map_entry:
            for each in values:
                yield from texts_of(each, name)


def usage_experiment(granted: Granted, message: Any) -> str | None:
    """The experiment to which the gateway will add traces of an endpoint, if there is one already."""
    fields = {field.name for field in message.DESCRIPTOR.fields}
    if "usage_tracking" not in fields:
        return None
    if message.experiment_id:
        return str(message.experiment_id)
    is_new = "endpoint_id" not in fields
    # Releases differ in what is so if nothing is said.
    if not (message.usage_tracking or (is_new and not message.HasField("usage_tracking"))):
        return None
    endpoint = None if is_new else granted.endpoint(message.endpoint_id)
    if endpoint is not None and endpoint.experiment_id:
        return None
    # MLflow then takes the experiment of this name, also if it belongs to others.
    return granted.experiment_named(f"gateway/{message.name or getattr(endpoint, 'name', '')}")


CHECKS: dict[str, Callable[[Granted, Any], bool]] = dict.fromkeys(MESSAGES, set_endpoint)
