"""The Secret, its copies, and the Job that they belong to."""

from __future__ import annotations

import base64
import secrets
import string
from collections.abc import Mapping
from typing import Any

from secret_generator.api import MERGE_PATCH, Api, Refused, log
from secret_generator.arguments import Arguments

# The annotation by which a copy is known as one.
ORIGIN = "cdk8s-mlflow/copy-of"


def random_text(length: int) -> str:
    """Letters and digits alone: no program that ever reads them needs to quote or escape one."""
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(length))


def fernet_key() -> str:
    """A key of Fernet, as `Fernet.generate_key` makes it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def encoded(values: Mapping[str, str]) -> dict[str, str]:
    """The data of a Secret."""
    return {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}


def new_secret(arguments: Arguments, namespace: str) -> dict[str, Any]:
    """The Secret with new values."""
    random = {key: random_text(length) for key, length in arguments.random.items()}
    values = {**arguments.text, **random, **{key: fernet_key() for key in arguments.fernet}}
    metadata = {"name": arguments.name, "namespace": namespace, "labels": dict(arguments.labels)}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": encoded(values)}


def ensure_secret(api: Api, arguments: Arguments, namespace: str) -> dict[str, Any]:
    """The Secret as it is in the cluster, created if it is missing."""
    collection = f"/api/v1/namespaces/{namespace}/secrets"
    status, found = api.call("GET", f"{collection}/{arguments.name}", expected=(200, 404))
    if status == 404:
        secret = new_secret(arguments, namespace)
        api.hidden = [secret["data"][key] for key in (*arguments.random, *arguments.fernet)]
        status, answer = api.call("POST", collection, secret, expected=(201, 409))
        if status == 201:
            log(f"Secret {namespace}/{arguments.name}: created, with {', '.join(sorted(secret['data']))}")
            return answer
        # Another one was faster, and theirs counts; or it is another conflict, of a quota say, and it does not exist.
        status, found = api.call("GET", f"{collection}/{arguments.name}", expected=(200, 404))
        if status == 404:
            raise Refused(f"POST {collection}: {api.without_values(str(answer.get('message')))}")
    if added := {key: fernet_key() for key in arguments.fernet if key not in (found.get("data") or {})}:
        found = extend_secret(api, f"{collection}/{arguments.name}", found, encoded(added))
    else:
        log(f"Secret {namespace}/{arguments.name}: exists, left unchanged")
    missing = {*arguments.text, *arguments.random} - {*arguments.optional} - set(found.get("data") or {})
    if missing:
        log(f"Secret {namespace}/{arguments.name}: has no {', '.join(sorted(missing))}; pods wait until you add it")
    return found


def extend_secret(api: Api, path: str, found: Mapping[str, Any], data: Mapping[str, str]) -> dict[str, Any]:
    """Add keys to a Secret that has not changed since it was read, so that no value of others is replaced."""
    api.hidden = list(data.values())
    name, keys = f"{found['metadata']['namespace']}/{found['metadata']['name']}", ", ".join(sorted(data))
    body = {"metadata": {"resourceVersion": found["metadata"]["resourceVersion"]}, "data": data}
    status, answer = api.call("PATCH", path, body, MERGE_PATCH, expected=(200, 422))
    if status == 200:
        log(f"Secret {name}: exists; added {keys}")
        return answer
    # An immutable one, which no further try changes.
    log(f"Secret {name}: exists, and does not take {keys}: {api.without_values(str(answer.get('message')))}")
    return dict(found)


def ensure_copy(
    api: Api, arguments: Arguments, secret: Mapping[str, Any], namespace: str, name: str, keys: Mapping[str, str]
) -> None:
    """The same values in another namespace, where pods can read them."""
    missing = sorted({key for key in keys.values() if key not in (secret.get("data") or {})})
    if missing:
        raise Refused(f"Secret {arguments.name} has no {', '.join(missing)} to copy")
    data = {copied: secret["data"][key] for copied, key in keys.items()}
    api.hidden = list(data.values())
    # Another instance may copy a login to the same namespace under the same name.
    origin = f"{secret['metadata']['namespace']}/{arguments.name}"
    metadata = {"name": name, "labels": dict(arguments.labels), "annotations": {ORIGIN: origin}}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque"}
    collection = f"/api/v1/namespaces/{namespace}/secrets"
    status, found = api.call("GET", f"{collection}/{name}", expected=(200, 404))
    if status == 404:
        # A namespace that does not exist yet is refused here, and the Job tries again.
        api.call("POST", collection, {**body, "data": data}, expected=(201,))
        log(f"Secret {namespace}/{name}: created, as a copy")
    elif all((found.get("data") or {}).get(key) == value for key, value in data.items()):
        log(f"Secret {namespace}/{name}: exists, and is the same")
    elif (found["metadata"].get("annotations") or {}).get(ORIGIN) != origin:
        log(f"Secret {namespace}/{name}: exists with other values, and is no copy of ours: left unchanged")
    else:
        api.call("PATCH", f"{collection}/{name}", {"data": data}, MERGE_PATCH)
        log(f"Secret {namespace}/{name}: changed to what {arguments.name} contains now")


def own_job(api: Api, namespace: str, job: str, secret: Mapping[str, Any]) -> None:
    """Let the Job be deleted with the Secret, and before it with --cascade=foreground."""
    owner = {"apiVersion": "v1", "kind": "Secret", "name": secret["metadata"]["name"], "uid": secret["metadata"]["uid"]}
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs/{job}"
    patch = {"metadata": {"ownerReferences": [{**owner, "blockOwnerDeletion": True}]}}
    # The Role that allowed to read the Secret exists, so a refusal is for good. Anything else is worth another run.
    refusals = (403, 404, 422)
    status, answer = api.call("PATCH", path, patch, MERGE_PATCH, expected=(200, *refusals))
    if status in refusals:
        message = answer.get("message", f"status {status}")
        log(f"Job {namespace}/{job}: is not tied to the Secret, so delete both to recreate the Secret ({message})")
