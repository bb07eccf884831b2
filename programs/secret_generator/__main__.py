"""Create one Secret with random values, unless it exists, and the copies of it that other namespaces get.

`python -m secret_generator NAME [--text KEY=VALUE] [--random KEY=LENGTH] [--fernet KEY] [--label KEY=VALUE] [--copy …]`

A value that exists is never changed. The Secret then becomes the owner of the Job that runs this program: when the
Secret is deleted, the Job goes with it, so that applying the same manifests again recreates both. A Job that nobody
deleted would otherwise stay completed for ever, and the Secret stay missing. A copy follows the Secret when this
program runs again, unless something else created what has its name.

Needs nothing but Python. Values exist in this process and in the request alone.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from secret_generator.api import ACCOUNT, Api, Refused, log
from secret_generator.arguments import Arguments, read_arguments
from secret_generator.objects import ensure_copy, ensure_secret, own_job


def generate(api: Api, arguments: Arguments, namespace: str) -> str | None:
    """All of it. Returns what went wrong."""
    try:
        secret = ensure_secret(api, arguments, namespace)
    except Refused as error:
        return f"Secret {namespace}/{arguments.name}: not created: {error}"
    for (other, name), keys in arguments.copies.items():
        try:
            ensure_copy(api, arguments, secret, other, name, keys)
        except Refused as error:
            return f"Secret {other}/{name}: not copied: {error}"
    job = os.environ["JOB_NAME"]
    try:
        own_job(api, namespace, job, secret)
    except Refused as error:
        return f"Job {namespace}/{job}: not tied to the Secret yet: {error}"
    return None


def main(given: Sequence[str]) -> int:
    """Run it with these arguments: the exit code, which the Job is run again for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # process 1 of a container ignores it by default
    arguments = read_arguments(given)
    try:
        with open(f"{ACCOUNT}/namespace", encoding="utf-8") as file:
            namespace = file.read().strip()
        api = Api()
    except (OSError, KeyError) as error:
        reason = f"the pod lacks what leads to the API server ({error})"
        issue: str | None = f"Secret {arguments.name}: not created: {reason}"
    else:
        issue = generate(api, arguments, namespace)
    if issue:
        log(issue, sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
