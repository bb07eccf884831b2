"""What is refused before MLflow sees it: the rules, whatever the server program.

MLflow reads the whole body of most requests before it asks for a login, makes time series of any method that a client
invents, and answers some malformed logins with 500. Here a request needs a known method, an origin that may use the
server, a body of bounded size, and for any body a login that is right.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import replace

from server.logins import Logins, Verdict
from server.origins import Origins
from server.outages import UnavailableError
from server.refusals import (
    BAD_HOST,
    BAD_LENGTH,
    BUSY,
    DATABASE_AWAY,
    LOGIN_REFUSED,
    LOGIN_REQUIRED,
    METHODS,
    NOT_FOUND,
    ORIGIN_REFUSED,
    TRY_LATER,
    UNKNOWN_METHOD,
    Refusal,
)
from server.request import Request, parse_login
from server.single_sign_on import SingleSignOn, basic

# Where clients send a provider's key in place of a login, and MLflow's login in a header of its own.
GATEWAY = "/gateway/"

# Where bodies are passed on as they come. MLflow holds all others in memory.
ARTIFACT_CONTENT = r"/(ajax-)?api/2\.0/mlflow-artifacts/artifacts/.+"

# Frameworks put it into addresses: with a slash in it, some look for a login at another path than they serve.
HOST = r"[A-Za-z0-9._~:\[\]%-]*"

# Read beyond the largest body that is accepted: a client that sends a little more gets the response.
DISCARDED = 1 << 20

# Counts of requests, which the container beside the server shows to those with its password.
METRICS = "/metrics/*"

# Files of the web page, for which no login is needed.
PAGE_FILES = "/static-files/"


class Memory:
    """Bytes that the bodies of all requests of one process may take together."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self.lock = threading.Lock()

    def take(self, size: int) -> bool:
        """Whether there was room for so many more, which are then taken."""
        with self.lock:
            if self.used + size > self.limit:
                return False
            self.used += size
            return True

    def give_back(self, size: int) -> None:
        """So many are free again."""
        with self.lock:
            self.used -= size


class Guard:
    """Decides about requests.

    `logins` is None if the server asks for no login. `gateway`: MLflow has an AI gateway; `gateway_header`: which takes
    logins in a header of its own; `gateway_password`: that of MLflow's own processes there, with any user name.
    `is_delegated`: whether MLflow takes a credential of its Assistant, which no client can make. `people`: those whom a
    proxy in front of the server logs in; None without one. `origins`: whose web pages may change something.
    `hides_metrics`: whether what asks for logins may ask for none there.
    """

    def __init__(
        self,
        logins: Logins | None,
        body_limit: int,
        prefix: str = "",
        *,
        gateway: bool = True,
        gateway_header: bool = True,
        gateway_password: str | None = None,
        is_delegated: Callable[[str], bool] = lambda _: False,
        people: SingleSignOn | None = None,
        origins: Origins | None = None,
        hides_metrics: bool = False,
    ) -> None:
        # Some releases have the routes of the API below the static prefix too, or only there.
        below = f"({re.escape(prefix.rstrip('/'))})?"
        self.artifact_content = re.compile(below + ARTIFACT_CONTENT, re.DOTALL)
        self.page_files = re.compile(below + PAGE_FILES)
        self.hidden = re.compile(below + METRICS) if hides_metrics else None
        self.gateway = re.compile(below + GATEWAY) if gateway else None
        self.gateway_header, self.gateway_password = gateway_header, gateway_password
        self.logins, self.is_delegated, self.people = logins, is_delegated, people
        self.origins = origins or Origins([])
        self.body_limit = body_limit
        # Of a refused body, before the connection is closed although the client still sends.
        self.discarded = body_limit + DISCARDED
        self.memory = Memory(4 * body_limit)
        # Of its own, because anyone may fill it, and keep it full.
        self.unjudged_memory = Memory(body_limit)
        self.too_large = Refusal(
            413,
            "Content Too Large",
            "BAD_REQUEST",
            f"The body is larger than {body_limit} bytes (server.maxRequestBody), which only the content of artifacts "
            "may be.",
        )

    def must_look_up(self, request: Request) -> bool:
        """Whether `sign_on` takes a while."""
        return self.people is not None and not request.claims.is_empty and not self.people.is_known(request.claims)

    def sign_on(self, request: Request) -> Request | Refusal:
        """The request of a person whom the proxy logged in, with a login for MLflow. Others stay as they are."""
        if self.people is None or request.claims.is_empty:
            return request
        try:
            login = self.people.login(request.claims)
        except UnavailableError:
            return DATABASE_AWAY
        if login is None:
            return LOGIN_REFUSED
        return replace(request, authorization=(basic(*login),), delegation=None, is_signed_on=True)

    def refuse(self, request: Request) -> Refusal | None:
        """What is refused at first sight, for all that has to be known no password has to be checked."""
        if request.method not in METHODS:
            return UNKNOWN_METHOD
        if request.content_length is not None and not re.fullmatch("[0-9]{1,18}", request.content_length):
            return BAD_LENGTH
        if len(request.page.hosts) > 1 or not all(re.fullmatch(HOST, each) for each in request.page.hosts):
            return BAD_HOST
        if self.origins.refuse(request.method, request.page):
            return ORIGIN_REFUSED
        if self.hidden is not None and self.hidden.fullmatch(request.path):
            return NOT_FOUND
        given = request.authorization or request.has_body
        return LOGIN_REQUIRED if given and self.is_judged(request) and request.login is None else None

    def must_judge(self, request: Request) -> bool:
        """Whether a request that was not refused has a login that has to be checked, which takes a while."""
        login = self.login_to_judge(request)
        return self.logins is not None and login is not None and not self.logins.recall(*login)

    def judge(self, request: Request) -> Refusal | None:
        """What is refused because of its login."""
        login = self.login_to_judge(request)
        if self.logins is None or login is None:
            return None
        try:
            verdict = self.logins.judge(*login, request.address)
        except UnavailableError:
            return DATABASE_AWAY
        return {Verdict.RIGHT: None, Verdict.WRONG: LOGIN_REQUIRED, Verdict.LATER: TRY_LATER}[verdict]

    def login_to_judge(self, request: Request) -> tuple[str, str] | None:
        """The login that is not known to be right."""
        return None if request.is_signed_on else self.login_of(request)

    def login_of(self, request: Request) -> tuple[str, str] | None:
        """The login that is checked here, if there is one.

        Whether the gateway needs one is MLflow's decision. But it checks logins there in the event loop, where a check
        would hold up all other requests.
        """
        if self.is_judged(request):
            return request.login
        if self.logins is None or not self.is_of_gateway(request):
            return None
        # As MLflow reads them.
        own = request.gateway_authorization[:1] if self.gateway_header else ()
        login = parse_login(next(filter(None, own + request.authorization[:1]), ""))
        return None if login is None or self.is_of_mlflow(login[1]) else login

    def is_of_mlflow(self, password: str) -> bool:
        """Whether a password is that of MLflow's own processes."""
        own = self.gateway_password
        return own is not None and secrets.compare_digest(password.encode(), own.encode())

    def is_judged(self, request: Request) -> bool:
        """Whether the login is checked here, and not by MLflow alone."""
        is_left = self.is_of_gateway(request) or self.has_delegation(request)
        return self.logins is not None and (request.is_signed_on or not is_left)

    def is_of_gateway(self, request: Request) -> bool:
        """Whether a request is for the AI gateway."""
        return self.gateway is not None and self.gateway.match(request.path) is not None

    def has_delegation(self, request: Request) -> bool:
        """Whether a right credential of the Assistant is in place of a login."""
        given = None if request.authorization else request.delegation
        return given is not None and self.is_delegated(given)

    def refuse_size(self, request: Request) -> Refusal | None:
        """What is refused, of a client with a right login, because of the length that it names."""
        too_large = self.is_bounded(request) and int(request.content_length or 0) > self.body_limit
        return self.too_large if too_large else None

    def serves_artifact(self, request: Request) -> bool:
        """Whether the response is the content of an artifact."""
        return request.method == "GET" and self.artifact_content.fullmatch(request.path) is not None

    def serves_page_file(self, request: Request) -> bool:
        """Whether the response is a large file for which no login is needed."""
        return self.is_page_file(request.path)

    def is_page_file(self, path: str) -> bool:
        """Whether a path is that of such a file."""
        return self.page_files.match(path) is not None

    def is_bounded(self, request: Request) -> bool:
        """Whether the body is held in memory, and limited: every one that needs no login here."""
        is_content = request.method == "PUT" and self.artifact_content.fullmatch(request.path) is not None
        return not is_content or self.is_from_anyone(request)

    def is_from_anyone(self, request: Request) -> bool:
        """Whether clients without a login can send a body, until MLflow asks for one."""
        return self.logins is not None and not self.is_judged(request) and not self.has_delegation(request)

    def memory_for(self, request: Request) -> Memory:
        """Where the body of a request is held."""
        return self.unjudged_memory if self.is_from_anyone(request) else self.memory

    def hold(self, memory: Memory, held: int, more: int) -> Refusal | None:
        """Hold so many more bytes of a body, beside those of it that are held, or say why not."""
        if held + more > self.body_limit:
            return self.too_large
        return None if memory.take(more) else BUSY
