"""Requests to an ASGI application, without a network."""

import asyncio
import base64


def header_of(login):
    """The header of a login, if there is one."""
    return [(b"authorization", b"Basic " + base64.b64encode(":".join(login).encode()))] if login else []


def scope_of(method, path, query, headers):
    if not any(name == b"host" for name, _ in headers):
        headers = [*headers, (b"host", b"localhost")]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 5000),
        "state": {},
    }


async def send_request(application, method, path, query=b"", headers=(), body=b""):
    """The status, the headers and the body of the response."""
    if body:  # without it, Flask reads none
        headers = [*headers, (b"content-length", str(len(body)).encode())]
    # In two parts, as a large body comes.
    parts = [
        {"type": "http.request", "body": body[:7], "more_body": True},
        {"type": "http.request", "body": body[7:], "more_body": False},
    ]
    sent = []

    async def receive():
        return parts.pop(0) if parts else await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    await application(scope_of(method, path, query, headers), receive, send)
    start = sent[0]
    return start["status"], start["headers"], b"".join(message.get("body", b"") for message in sent[1:])
