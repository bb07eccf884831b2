"""Requests that MLflow reads in part.

Handlers go on with what protobuf had read before an error, in which a field after the error is not set: no experiment,
which is all of them to a search. Checks read the whole request. Here such a request is refused, after MLflow's own
messages for what is wrong in it.
"""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import Any

# The error in the message that is being read.
failed: ContextVar[Exception | None] = ContextVar("failed", default=None)


def install(handlers: Any) -> None:
    """Refuse what MLflow's handlers cannot read to the end."""
    from google.protobuf.json_format import ParseError
    from mlflow.exceptions import MlflowException

    parse, get_message = handlers.parse_dict, handlers._get_request_message

    @functools.wraps(parse)
    def parse_noting(content: Any, message: Any) -> None:
        try:
            parse(content, message)
        except ParseError as error:
            failed.set(error)
            raise

    @functools.wraps(get_message)
    def get_whole_message(*given: Any, **named: Any) -> Any:
        token = failed.set(None)
        try:
            message = get_message(*given, **named)
            error = failed.get()
        finally:
            failed.reset(token)
        if error is not None:
            raise MlflowException.invalid_parameter_value(f"the request cannot be read: {error}")
        return message

    handlers.parse_dict, handlers._get_request_message = parse_noting, get_whole_message
