"""Responses of MLflow's REST API, written for programs."""

from __future__ import annotations

import json
import sys
from typing import Any

from server.messages import create_writer


class CompactJson:
    """The module `json` without line breaks and indentation, which Python writes with its slow encoder."""

    def __getattr__(self, name: str) -> Any:
        return getattr(json, name)

    @staticmethod
    def loads(value: Any, **options: Any) -> Any:
        """As `json.loads`; what is no text stays."""
        return json.loads(value, **options) if isinstance(value, str | bytes | bytearray) else value

    @staticmethod
    def dumps(value: Any, *, indent: object = None, **options: Any) -> str:
        """As `json.dumps`."""
        del indent
        return json.dumps(value, **options)


def answer_what_is_off() -> None:
    """Answer 400 where a feature is off, such as workspaces: MLflow answers 500, and anyone could raise alerts."""
    from mlflow import exceptions

    exceptions.ERROR_CODE_TO_HTTP_STATUS.setdefault("FEATURE_DISABLED", 400)


def write_fast() -> None:
    """Have MLflow's server write its responses without line breaks, and in one pass where that makes no difference."""
    from mlflow.server import handlers
    from mlflow.utils import proto_json_utils as writer

    stock = getattr(writer, "message_to_json", None)
    if getattr(writer, "json", None) is json:
        writer.json = CompactJson()
        # Older releases write a text, and read it again, to write it once more.
        if hasattr(writer, "MessageToJson"):
            from google.protobuf.json_format import MessageToDict

            writer.MessageToJson = MessageToDict
    if stock is not None:
        own = create_writer(stock)
        modules: list[Any] = [handlers, sys.modules.get("mlflow.server.auth")]
        for module in modules:
            if getattr(module, "message_to_json", None) is stock:
                module.message_to_json = own
