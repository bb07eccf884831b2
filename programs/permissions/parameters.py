"""What a request names, as MLflow's handlers read it.

Handlers and permission checks of MLflow read some requests in different ways: handlers take a field's JSON name
(`runId`) beside its own, and the body of a DELETE whatever its type. Here a request has one meaning, or is refused.
"""

from __future__ import annotations

import re
from typing import Any

from permissions.granted import EXPERIMENT_ID

# Names of one thing.
TWINS = {"run_uuid": "run_id"}

# Their bodies are no parameters: files, and a query language.
WITHOUT = {"_upload_artifact", "serve_upload_artifact", "_graphql"}

UPPER = re.compile("[A-Z]")


class AmbiguousError(ValueError):
    """A request that a check and a handler may take for different ones."""


def snake_case(name: str) -> str:
    """A field's own name, of its name in JSON."""
    return UPPER.sub(lambda match: "_" + match[0].lower(), name)


def settle(request: Any) -> None:
    """Leave one meaning to a request of Flask.

    Raises:
        AmbiguousError: it has more than one.

    """
    if request.args:
        check({name: request.args.getlist(name) for name in request.args}, "in the query")
    if request.endpoint in WITHOUT or not (request.content_length or request.headers.get("Transfer-Encoding")):
        return
    if request.method == "DELETE" and not request.is_json:
        raise AmbiguousError("the body of a DELETE needs the header Content-Type: application/json")
    body = request.get_json(force=True, silent=True)
    if isinstance(body, str):
        raise AmbiguousError("the body must be a JSON object, and is a string")
    if isinstance(body, dict):
        # Checks and handlers get this object, too.
        rename(body)
        check_form(body)
        check({name: value if isinstance(value, list) else [value] for name, value in body.items()}, "in the body")


def rename(body: dict[str, Any]) -> None:
    """Give each field its own name."""
    for name in [name for name in body if UPPER.search(name)]:
        own = snake_case(name)
        if own in body:
            raise AmbiguousError(f"{own} is given twice, also as {name} (give it once)")
        body[own] = body.pop(name)


def check_form(body: dict[str, Any]) -> None:
    """Refuse what is no id in the place of one."""
    for name, value in body.items():
        if name.endswith(("_id", "_uuid")) and isinstance(value, list | dict):
            raise AmbiguousError(f"{name} must be a text")


def check(given: dict[str, list[Any]], where: str) -> None:
    """Refuse two values for one thing, and other spellings of an experiment's id."""
    for twin, name in TWINS.items():
        if name in given and twin in given and given[name] != given[twin]:
            raise AmbiguousError(f"{name} and {twin} differ {where} (give one of them)")
    for name in ("experiment_id", "experiment_ids"):
        for value in given.get(name, []):
            if value is not None and not EXPERIMENT_ID.fullmatch(str(value)):
                raise AmbiguousError(f"{name} must be a decimal number")


def values_of(request: Any, name: str) -> list[str]:
    """What is given for a name: in the path, else in the query of a GET, else in the body."""
    if name in (request.view_args or {}):
        return [str(request.view_args[name])]
    in_query = (request.method == "GET" and request.args) or request.endpoint in WITHOUT
    body = None if in_query else request.get_json(force=True, silent=True)
    body = body if isinstance(body, dict) else {}
    for each in [name, *(twin for twin, own in TWINS.items() if own == name)]:
        found = request.args.getlist(each) if in_query else body.get(each)
        if found:
            return [str(value) for value in (found if isinstance(found, list) else [found])]
    return []
