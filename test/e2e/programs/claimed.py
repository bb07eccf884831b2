"""Claims to be somebody in headers that proxies use for it, each as it is, in other spellings, twice, and all at once.

Usage: claimed.py. ASKED has it all as JSON:

    origin   where it asks, for `host`; `authority` is the CA certificate
    headers  what each request has besides, such as a login
    names    of headers that claim something, with `values` for them
    all      headers that are sent together, as they are and in other spellings
    paths    that are asked for with each of them
    marker   what no answer may contain

Ends with one line of JSON: for each path, how often each status came, and an example of each. A status after which the
marker was in the answer is `STATUS with marker`. A request that the server did not answer is the name of the error.
"""

import http.client
import json
import os
import ssl
import urllib.parse

ASKED = json.loads(os.environ["ASKED"])


def spellings(name):
    return [name, name.lower(), name.upper(), name.replace("-", "_"), name.replace("-", "_", 1)]


def claims():
    yield "nothing", []
    for name in ASKED["names"]:
        for value in ASKED["values"]:
            for spelling in spellings(name):
                yield f"{spelling}: {value}", [(spelling, value)]
            yield f"{name} twice: {value}", [(name, value), (name, value)]
            yield f"{name} in two spellings: {value}", [(name.lower(), "x"), (name.replace("-", "_"), value)]
    pairs = list(ASKED["all"].items())
    for index, what in enumerate(spellings("as-they-are")):
        yield f"all, {what}", [(spellings(name)[index], value) for name, value in pairs]
    yield "all twice", pairs + pairs


def connection():
    url = urllib.parse.urlsplit(ASKED["origin"])
    if url.scheme == "http":
        return http.client.HTTPConnection(url.hostname, url.port, timeout=30)
    context = ssl.create_default_context(cadata=ASKED["authority"])
    return http.client.HTTPSConnection(url.hostname, url.port, timeout=30, context=context)


def ask(kept, path, headers):
    kept.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
    for name, value in [("Host", ASKED["host"]), *ASKED["headers"].items(), *headers]:
        kept.putheader(name, value)
    kept.endheaders()
    answer = kept.getresponse()
    body = answer.read().decode(errors="replace")
    return f"{answer.status} with marker" if ASKED["marker"] in body else str(answer.status)


def main():
    counted, kept = {}, connection()
    for path in ASKED["paths"]:
        outcomes = counted[path] = {}
        for what, headers in claims():
            try:
                outcome = ask(kept, path, headers)
            except (OSError, http.client.HTTPException) as error:
                outcome, kept = type(error).__name__, connection()
            outcomes.setdefault(outcome, {"count": 0, "example": what})["count"] += 1
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
