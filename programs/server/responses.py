"""Responses of MLflow's REST API, written for programs."""

from __future__ import annotations

import json
from typing import Any

from server import messages


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
    """Have MLflow write its responses without line breaks, and in one pass where that is known to be the same."""
    from mlflow.server import handlers
    from mlflow.utils import proto_json_utils as stock

    if getattr(stock, "json", None) is json:
        stock.json = CompactJson()
        # Older releases write a text, and read it again, to write it once more.
        if hasattr(stock, "MessageToJson"):
            from google.protobuf.json_format import MessageToDict

            stock.MessageToJson = MessageToDict
    if hasattr(handlers, "message_to_json"):
        handlers.message_to_json = messages.writer(handlers.message_to_json)
