"""The guard in front of a WSGI application under gunicorn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, NoReturn

from server.guard import Guard, Memory
from server.logins import right_login
from server.origins import PAGE_HEADERS, Page
from server.patience import READING_SECONDS
from server.refusals import BUSY, Refusal
from server.request import Request
from server.single_sign_on import EMAIL_HEADER, GROUPS_HEADER, USER_HEADER, Claims

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]


def request_of(environ: Environ) -> Request:
    """What the guard decides by."""
    authorization = environ.get("HTTP_AUTHORIZATION")
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", ""),
        address=environ.get("REMOTE_ADDR", ""),
        authorization=() if authorization is None else (authorization,),
        content_length=environ.get("CONTENT_LENGTH") or None,
        chunked="HTTP_TRANSFER_ENCODING" in environ,
        claims=Claims(*_headers(environ, CLAIM_VARIABLES)),
        page=Page(*_headers(environ, PAGE_VARIABLES)),
    )


def _headers(environ: Environ, variables: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Each of those headers: gunicorn joins several of one name."""
    return (tuple(filter(None, [environ.get(name)])) for name in variables)


def _variables(names: Iterable[str]) -> list[str]:
    """Where gunicorn puts headers of these names."""
    return [f"HTTP_{name.upper().replace('-', '_')}" for name in names]


PAGE_VARIABLES = _variables(PAGE_HEADERS)
CLAIM_VARIABLES = _variables((USER_HEADER, EMAIL_HEADER, GROUPS_HEADER))


def request_behind_proxy(environ: Environ) -> Request:
    """The same with the address that the proxy was called from, which it adds to those that it was told."""
    request = request_of(environ)
    forwarded: str = environ.get("HTTP_X_FORWARDED_FOR", request.address)
    return replace(request, address=forwarded.split(",")[-1].strip())


def with_login(environ: Environ, request: Request) -> Environ:
    """What the application gets of a request with a login that it did not come with."""
    kept = {name: value for name, value in environ.items() if name not in CLAIM_VARIABLES}
    return {**kept, "HTTP_AUTHORIZATION": request.authorization[0]}


class Body:
    """The body of one request on its way to the application: counted, and refused when it grows too large."""

    def __init__(self, guard: Guard, memory: Memory, stream: Any) -> None:
        self.guard, self.memory, self.stream = guard, memory, stream
        self.size = 0
        self.is_refused, self.is_read = False, False

    def read(self, size: int = -1) -> bytes:
        """So many bytes, or all."""
        if size >= 0:
            return self._counted(self.stream.read(size))
        return b"".join(iter(lambda: self.read(1 << 16), b""))

    def readline(self, size: int = -1) -> bytes:
        """A line, or so many bytes of it."""
        return self._counted(self.stream.readline(size if size >= 0 else self.guard.body_limit + 1))

    def readlines(self, hint: int = -1) -> list[bytes]:
        """All lines, or so many that they have more bytes than the hint."""
        lines: list[bytes] = []
        for line in self:
            lines.append(line)
            if 0 < hint <= sum(map(len, lines)):
                break
        return lines

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _counted(self, data: bytes) -> bytes:
        refusal = self.guard.hold(self.memory, self.size, len(data))
        if refusal is not None:
            self.is_refused = True
            self.refuse(refusal)
        self.is_read = self.is_read or not data
        self.size += len(data)
        return data

    @staticmethod
    def refuse(refusal: Refusal) -> NoReturn:
        """Ends the request with a response, as Flask knows it."""
        from werkzeug.exceptions import HTTPException
        from werkzeug.wrappers import Response

        raise HTTPException(response=Response(refusal.body, refusal.status, refusal.all_headers))


class GuardedApplication:
    """A WSGI application behind the guard, of which each process has so many threads."""

    def __init__(self, application: Application, guard: Guard, threads: int) -> None:
        self.application, self.guard = application, guard
        # A thread waits until its client has read a response. Clients without a login may hold all but two.
        self.most_page_threads = max(1, threads - 2)
        self.page_threads = threading.BoundedSemaphore(self.most_page_threads)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        request = request_of(environ) if self.guard.people is None else request_behind_proxy(environ)
        found = self.guard.sign_on(request)
        refusal = found if isinstance(found, Refusal) else None
        if not isinstance(found, Refusal) and found.is_signed_on:
            request, environ = found, with_login(environ, found)
        refusal = refusal or self.guard.refuse(request) or self.guard.judge(request) or self.guard.refuse_size(request)
        if refusal is not None:
            if request.has_body:
                leave_body(start_response, self.guard.discarded)
            return respond(refusal, start_response)
        if not request.chunked:
            # gunicorn claims it, but ends the body of a client that disconnects as if that were all of it.
            environ.pop("wsgi.input_terminated", None)
        # A thread serves one request after the other.
        token = right_login.set(self.guard.login_of(request))
        try:
            if request.has_body and self.guard.is_bounded(request):
                return self.run_bounded(request, environ, start_response)
            if self.guard.serves_page_file(request):
                return self.run_page_file(environ, start_response)
            response = self.application(environ, start_response)
            return in_blocks(response) if self.guard.serves_artifact(request) else response
        finally:
            right_login.reset(token)

    def run_page_file(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Run the application on one of the threads for files of the web page."""
        from werkzeug.wsgi import ClosingIterator

        if not self.page_threads.acquire(blocking=False):
            return respond(BUSY, start_response)
        try:
            limit_sending(environ)
            response = in_blocks(self.application(environ, start_response))
        except BaseException:
            self.page_threads.release()
            raise
        iterator: Iterable[bytes] = ClosingIterator(response, self.page_threads.release)
        return iterator

    def run_bounded(self, request: Request, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Run the application with a body that it holds in memory."""
        from werkzeug.wsgi import ClosingIterator

        memory = self.guard.memory_for(request)
        body = environ["wsgi.input"] = Body(self.guard, memory, environ["wsgi.input"])

        def free() -> None:
            memory.give_back(body.size)

        try:
            response = self.application(environ, start_response)
        except BaseException:
            free()
            raise
        # What is left of a body without a length may have no end.
        if body.is_refused or (request.chunked and not body.is_read):
            leave_body(start_response, self.guard.discarded)
        iterator: Iterable[bytes] = ClosingIterator(response, free)
        return iterator


def respond(refusal: Refusal, start_response: StartResponse) -> Iterable[bytes]:
    """Answer in place of the application."""
    start_response(f"{refusal.status} {refusal.reason}", list(refusal.all_headers.items()))
    return [refusal.body]


def blocks_of(parts: Iterable[bytes], size: int = 1 << 16) -> Iterator[bytes]:
    """The same bytes in blocks of at least so many."""
    block = bytearray()
    for part in parts:
        block += part
        if len(block) >= size:
            yield bytes(block)
            block.clear()
    if block:
        yield bytes(block)


def in_blocks(response: Iterable[bytes]) -> Iterable[bytes]:
    """The response in blocks. MLflow sends artifacts line by line: 1 GB took 43 seconds."""
    from werkzeug.wsgi import ClosingIterator

    iterator: Iterable[bytes] = ClosingIterator(blocks_of(response), getattr(response, "close", None))
    return iterator


def limit_sending(environ: Environ) -> None:
    """Disconnect a client that does not read a block in so many seconds."""
    connection = environ.get("gunicorn.socket")
    if connection is not None:
        connection.settimeout(READING_SECONDS)


def leave_body(start_response: StartResponse, discarded: int) -> None:
    """End the connection after a response that says so, and so many bytes of the body at most.

    Gunicorn would read the rest of a body, as slowly as the client sends it, while a thread waits.
    """
    response = getattr(start_response, "__self__", None)
    if response is not None:  # gunicorn's
        response.force_close()
        response.req.body_left = discarded
