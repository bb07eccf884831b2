"""Make one Secret with random values, unless it exists, and the copies of it that other namespaces get.

What exists is never changed. The Secret is then made the owner of the Job that runs this program: when the Secret is
deleted, the Job goes with it, so that applying the same manifests again makes both anew. A Job that nobody deleted
would otherwise stay completed for ever, and the Secret stay missing. A copy follows the Secret when this program runs again,
unless somebody else made what has its name.

Needs nothing but Python. Values exist in this process and in the request alone.
"""

import argparse
import base64
import http.client
import json
import os
import secrets
import ssl
import string
import sys
import time

ACCOUNT = os.environ.get("SERVICE_ACCOUNT_PATH", "/var/run/secrets/kubernetes.io/serviceaccount")
# Seconds for an API server that does not answer, or a RoleBinding that is not there yet.
PATIENCE = float(os.environ.get("GENERATE_TIMEOUT") or 120)
# The annotation by which a copy is known as one.
ORIGIN = "cdk8s-mlflow/copy-of"


class Refused(Exception):
    """An answer of the API server that is none of those wanted."""


def say(message):
    print(f"secrets: {message}", flush=True)


def read_arguments(given):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="the Secret")
    parser.add_argument("--text", action="append", default=[], metavar="KEY=VALUE", help="a key with a fixed value")
    parser.add_argument("--random", action="append", default=[], metavar="KEY=LENGTH", help="a key with a random value")
    parser.add_argument("--label", action="append", default=[], metavar="KEY=VALUE")
    where = "NAMESPACE/NAME/KEY=KEY"
    parser.add_argument("--copy", action="append", default=[], metavar=where, help="a key of a copy, and whose value it has")
    return parser.parse_args(given)


def pairs(given):
    return dict(each.split("=", 1) for each in given)


def random_text(length):
    # Letters and digits alone: no program that ever reads them needs to quote or escape one.
    alphabet = string.ascii_letters + string.digits
    return "".join(secrets.choice(alphabet) for _ in range(length))


def make_secret(arguments, namespace):
    values = {**pairs(arguments.text), **{key: random_text(int(n)) for key, n in pairs(arguments.random).items()}}
    metadata = {"name": arguments.name, "namespace": namespace, "labels": pairs(arguments.label)}
    data = {key: base64.b64encode(value.encode()).decode() for key, value in values.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque", "data": data}


class Api:
    """The API server as the pod's service account sees it."""

    def __init__(self):
        self.host = os.environ["KUBERNETES_SERVICE_HOST"].strip("[]")
        self.port = int(os.environ.get("KUBERNETES_SERVICE_PORT_HTTPS") or os.environ["KUBERNETES_SERVICE_PORT"])
        self.tls = ssl.create_default_context(cafile=f"{ACCOUNT}/ca.crt")
        # From 3.13 on Python asks for extensions that the authorities of older clusters lack, and nobody else asks for.
        self.tls.verify_flags &= ~ssl.VERIFY_X509_STRICT
        self.hidden = []

    def call(self, method, path, body=None, content_type="application/json", wanted=(200,)):
        """The status and the object that the server answers with; waits while it cannot answer."""
        deadline, said = time.monotonic() + PATIENCE, None
        while True:
            try:
                status, answer = self.try_call(method, path, body, content_type)
            except ssl.SSLCertVerificationError as error:
                # Somebody else's server, which no patience makes the right one.
                raise Refused(f"{self.host}:{self.port}: {error}") from error
            except (OSError, http.client.HTTPException) as error:
                status, answer = None, {"message": f"{self.host}:{self.port}: {error}"}
            if status in wanted:
                return status, answer
            message = self.without_values(str(answer.get("message") or f"status {status}"))
            patient = status in (None, 401, 403, 429) or status >= 500
            if not patient or time.monotonic() >= deadline:
                raise Refused(f"{method} {path}: {message}")
            if message != said:
                say(f"waiting for the API server: {message}")
            said = message
            time.sleep(2)

    def without_values(self, message):
        # An admission webhook may quote what it refuses.
        for value in self.hidden:
            message = message.replace(value, "***").replace(base64.b64decode(value).decode(), "***")
        return message

    def try_call(self, method, path, body, content_type):
        with open(f"{ACCOUNT}/token", encoding="ascii") as file:
            token = file.read().strip()
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=20, context=self.tls)
        try:
            headers = {"Authorization": f"Bearer {token}", "Accept": "application/json", "Content-Type": content_type}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
        finally:
            connection.close()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = {}
        return response.status, answer if isinstance(answer, dict) else {}


def ensure_secret(api, arguments, namespace):
    """The Secret as it is in the cluster, made when it is missing."""
    collection = f"/api/v1/namespaces/{namespace}/secrets"
    status, found = api.call("GET", f"{collection}/{arguments.name}", wanted=(200, 404))
    if status == 404:
        secret = make_secret(arguments, namespace)
        api.hidden = [secret["data"][key] for key in pairs(arguments.random)]
        status, answer = api.call("POST", collection, secret, wanted=(201, 409))
        if status == 201:
            say(f"Secret {namespace}/{arguments.name}: made, with {', '.join(sorted(secret['data']))}")
            return answer
        # Somebody was faster, and theirs counts; or it is another conflict, of a quota say, and the Secret is not there.
        status, found = api.call("GET", f"{collection}/{arguments.name}", wanted=(200, 404))
        if status == 404:
            raise Refused(f"POST {collection}: {api.without_values(str(answer.get('message')))}")
    missing = sorted({*pairs(arguments.text), *pairs(arguments.random)} - set(found.get("data") or {}))
    say(f"Secret {namespace}/{arguments.name}: exists, left as it is")
    if missing:
        say(f"Secret {namespace}/{arguments.name}: has no {', '.join(missing)}; pods wait until somebody adds it")
    return found


def copies(arguments):
    """The Secrets to copy to, each with its keys and the keys that these have their values from."""
    found = {}
    for target, key in pairs(arguments.copy).items():
        namespace, name, copied = target.split("/")
        found.setdefault((namespace, name), {})[copied] = key
    return found


def ensure_copy(api, arguments, secret, namespace, name, keys):
    """The same values in another namespace, where pods can read them."""
    missing = sorted({key for key in keys.values() if key not in (secret.get("data") or {})})
    if missing:
        raise Refused(f"Secret {arguments.name} has no {', '.join(missing)} to copy")
    data = {copied: secret["data"][key] for copied, key in keys.items()}
    api.hidden = list(data.values())
    labels = pairs(arguments.label)
    # Another instance may hand a login to the same namespace under the same name.
    origin = {ORIGIN: f"{secret['metadata']['namespace']}/{arguments.name}"}
    metadata = {"name": name, "labels": labels, "annotations": origin}
    body = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque"}
    collection = f"/api/v1/namespaces/{namespace}/secrets"
    status, found = api.call("GET", f"{collection}/{name}", wanted=(200, 404))
    if status == 404:
        # A namespace that is not there yet is refused here, and the Job tries again.
        api.call("POST", collection, {**body, "data": data}, wanted=(201,))
        say(f"Secret {namespace}/{name}: made, as a copy")
    elif all((found.get("data") or {}).get(key) == value for key, value in data.items()):
        say(f"Secret {namespace}/{name}: exists, and is the same")
    elif (found["metadata"].get("annotations") or {}).get(ORIGIN) != origin[ORIGIN]:
        say(f"Secret {namespace}/{name}: exists with other values, and is somebody else's: left as it is")
    else:
        api.call("PATCH", f"{collection}/{name}", {"data": data}, "application/merge-patch+json")
        say(f"Secret {namespace}/{name}: changed to what {arguments.name} holds now")


def own_job(api, namespace, job, secret):
    """Let the Job be deleted with the Secret, and before it when somebody asks for that (--cascade=foreground)."""
    owner = {"apiVersion": "v1", "kind": "Secret", "name": secret["metadata"]["name"], "uid": secret["metadata"]["uid"]}
    path = f"/apis/batch/v1/namespaces/{namespace}/jobs/{job}"
    patch = {"metadata": {"ownerReferences": [{**owner, "blockOwnerDeletion": True}]}}
    # The Role that let the Secret be read is there, so a refusal is for good. Anything else is worth another run.
    refusals = (403, 404, 422)
    content_type = "application/merge-patch+json"
    status, answer = api.call("PATCH", path, patch, content_type, wanted=(200, *refusals))
    if status in refusals:
        message = answer.get("message", f"status {status}")
        say(f"Job {namespace}/{job}: is not tied to the Secret, so delete both to make the Secret anew ({message})")


def main(given):
    arguments = read_arguments(given)
    try:
        with open(f"{ACCOUNT}/namespace", encoding="utf-8") as file:
            namespace = file.read().strip()
        api = Api()
    except (OSError, KeyError) as error:
        why = f"the pod was not given what leads to the API server ({error})"
        print(f"secrets: Secret {arguments.name}: not made: {why}", file=sys.stderr)
        return 1
    try:
        secret = ensure_secret(api, arguments, namespace)
    except Refused as error:
        print(f"secrets: Secret {namespace}/{arguments.name}: not made: {error}", file=sys.stderr)
        return 1
    for (other, name), keys in copies(arguments).items():
        try:
            ensure_copy(api, arguments, secret, other, name, keys)
        except Refused as error:
            print(f"secrets: Secret {other}/{name}: not copied: {error}", file=sys.stderr)
            return 1
    job = os.environ["JOB_NAME"]
    try:
        own_job(api, namespace, job, secret)
    except Refused as error:
        print(f"secrets: Job {namespace}/{job}: not tied to the Secret yet: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
