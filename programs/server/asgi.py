"""The guard in front of an ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from server.guard import Guard, Memory
from server.logins import Client, client_of_request, right_login
from server.origins import PAGE_HEADERS, Page
from server.refusals import LOGIN_FAILURES, Refusal
from server.request import DELEGATION_HEADER, GATEWAY_HEADER, Request
from server.single_sign_on import EMAIL_HEADER, GROUPS_HEADER, USER_HEADER, Claims

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

# Threads that check logins, of which one works and the others wait for it.
JUDGES = 4


class BodyRefusedError(Exception):
    """Ends a request whose body was refused on the way. The response was sent."""


def request_of(scope: Scope) -> Request:
    """What the guard decides by."""
    headers: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.lower(), []).append(value.decode("latin-1"))
    lengths = headers.get(b"content-length", [])
    delegations = headers.get(DELEGATION_HEADER.lower().encode(), [])
    return Request(
        method=scope["method"],
        path=scope["path"],
        address=(scope.get("client") or ("",))[0],
        authorization=tuple(headers.get(b"authorization", ())),
        content_length=lengths[0] if lengths else None,
        chunked=b"transfer-encoding" in headers,
        gateway_authorization=tuple(headers.get(GATEWAY_HEADER.lower().encode(), ())),
        delegation=delegations[0] if len(delegations) == 1 else None,
        claims=Claims(*(tuple(headers.get(name, ())) for name in CLAIM_HEADERS)),
        page=Page(*(tuple(headers.get(name, ())) for name in PAGE_NAMES)),
    )


CLAIM_HEADERS = [name.lower().encode() for name in (USER_HEADER, EMAIL_HEADER, GROUPS_HEADER)]
PAGE_NAMES = [name.lower().encode() for name in PAGE_HEADERS]


def with_login(scope: Scope, request: Request) -> Scope:
    """What the application gets of a request with a login that it did not come with."""
    others = {name.lower().encode() for name in (GATEWAY_HEADER, DELEGATION_HEADER)}
    replaced = {b"authorization", *others, *CLAIM_HEADERS}
    kept = [header for header in scope["headers"] if header[0].lower() not in replaced]
    return {**scope, "headers": [*kept, *((b"authorization", each.encode()) for each in request.authorization)]}


async def send_refusal(send: Send, refusal: Refusal) -> None:
    """Answer in place of the application."""
    headers = [(name.lower().encode(), value.encode()) for name, value in refusal.all_headers.items()]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body})


class Body:
    """The body of one request on its way to the application: counted, and refused when it grows too large."""

    def __init__(self, guard: Guard, memory: Memory, receive: Receive, send: Send) -> None:
        self.guard, self.memory, self.inner_receive, self.inner_send = guard, memory, receive, send
        self.size = 0
        self.started = False
        self.refused = False

    async def receive(self) -> Message:
        """The next part, for the application."""
        message = await self.inner_receive()
        more = len(message.get("body", b""))
        refusal = self.guard.hold(self.memory, self.size, more)
        if refusal is not None:
            await self.refuse(refusal)
        self.size += more
        return message

    async def refuse(self, refusal: Refusal) -> None:
        """Answer in place of the application, and end it."""
        if not self.started:
            await send_refusal(self.inner_send, refusal)
        self.refused = True
        raise BodyRefusedError

    async def send(self, message: Message) -> None:
        """Send what the application answers."""
        # What the application makes of the error goes nowhere.
        if not self.refused:
            self.started = True
            await self.inner_send(message)


def replacing_failures(client: Client, send: Send) -> Send:
    """Send what the application answers, except what it makes of a user whom it could not check or look up."""
    is_replaced = False

    async def send_or_replace(message: Message) -> None:
        nonlocal is_replaced
        if message["type"] == "http.response.start" and message["status"] in LOGIN_FAILURES:
            is_replaced = client.refusal is not None
            if client.refusal is not None:
                await send_refusal(send, client.refusal)
        if not is_replaced:
            await send(message)

    return send_or_replace


class GuardedApplication:
    """An ASGI application behind the guard."""

    def __init__(self, application: Application, guard: Guard) -> None:
        self.application, self.guard = application, guard
        # Logins wait for each other. In asyncio's own threads, those of artifacts would wait with them.
        self.judges = ThreadPoolExecutor(JUDGES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        request = request_of(scope)
        if self.guard.must_look_up(request):
            found = await asyncio.get_running_loop().run_in_executor(None, self.guard.sign_on, request)
        else:
            found = self.guard.sign_on(request)
        if isinstance(found, Refusal):
            await send_refusal(send, found)
            return
        request = found
        if request.is_signed_on:
            scope = with_login(scope, request)
        refusal = self.guard.refuse(request)
        if refusal is None and self.guard.must_judge(request):
            refusal = await asyncio.get_running_loop().run_in_executor(self.judges, self.guard.judge, request)
        refusal = refusal or self.guard.refuse_size(request)
        if refusal is not None:
            await send_refusal(send, refusal)
            return
        if self.guard.logins is not None:
            client = Client(request.address)
            client_of_request.set(client)
            send = replacing_failures(client, send)
        right_login.set(self.guard.login_of(request))
        if request.has_body and self.guard.is_bounded(request):
            await self.run_bounded(self.guard.memory_for(request), scope, receive, send)
        else:
            await self.application(scope, receive, send)

    async def run_bounded(self, memory: Memory, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application with a body that it holds in memory."""
        body = Body(self.guard, memory, receive, send)
        try:
            await self.application(scope, body.receive, body.send)
        except BaseException:
            # The application's own task groups and handlers may have wrapped the error, or hidden it.
            if not body.refused:
                raise
        finally:
            memory.give_back(body.size)
