"""People whom the proxy in front of the server logged in: what it says of them, and their accounts in MLflow.

The proxy says who a person is in headers of its own, each with a password that only it and this server know. So nothing
that a client sends is believed, whichever way it comes. A person who has no account gets one at the first request, with
a password that nobody knows, and never as an administrator.
"""

from __future__ import annotations

import base64
import binascii
import collections
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from common import process

USER_HEADER = "X-Mlflow-Proxy-User"
EMAIL_HEADER = "X-Mlflow-Proxy-Email"
GROUPS_HEADER = "X-Mlflow-Proxy-Groups"

# As many characters as MLflow stores of a name.
LONGEST_NAME = 255
# People that are remembered.
ENTRIES = 10_000
# How to let people have a name that has a login.
SHARE = "(if they are the same person, add it to auth.oidc.sharedNames)"


@dataclass(frozen=True)
class Admission:
    """Who may come by single sign-on."""

    # That of the proxy.
    password: str = field(repr=False)
    # Domains of email addresses, and groups, of which one is needed. The proxy asks for them too, but not on the way of
    # programs, which send a token in place of a session.
    email_domains: tuple[str, ...] = ()
    groups: frozenset[str] = frozenset()
    # Names of users with a login of their own, which nobody gets by having them at the provider.
    reserved: frozenset[str] = frozenset()
    # Those that people may have, and administrators that they may be.
    shared: frozenset[str] = frozenset()


class Accounts(Protocol):
    """The users of MLflow."""

    def find(self, name: str) -> bool | None:
        """Whether a user is an administrator; None if there is no such user."""

    def create(self, name: str, password: str) -> None:
        """Create a user, unless there is one by now."""


@dataclass(frozen=True)
class Claims:
    """What the proxy sent of a person: the values of its headers."""

    user: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether a request is of nobody that the proxy knows. It knows some people without their name."""
        return not (self.user or self.email or self.groups)


NOBODY = Claims()


class SingleSignOn:
    """Finds the accounts of people. Safe for threads."""

    def __init__(
        self,
        admission: Admission,
        accounts: Accounts,
        remembered: float,
        clock: Callable[[], float] = time.monotonic,
        log: Callable[[str], None] = process.log,
    ) -> None:
        self.admission, self.accounts, self.remembered = admission, accounts, remembered
        self.clock, self.log = clock, log
        # What MLflow gets in place of the proxy's password, so that nothing that it calls could see that one.
        self.token = secrets.token_urlsafe(32)
        self.lock = threading.Lock()
        # One look-up at a time: a browser sends several requests at once, and a new account costs 0.14 s of CPU.
        self.turn = threading.Lock()
        # Who was refused, and why.
        self.told: set[tuple[str, str]] = set()
        # When the account of each person is to be looked up again.
        self.known: collections.OrderedDict[str, float] = collections.OrderedDict()
        # An account that was looked up before it was changed is not remembered.
        self.changes = 0

    def login(self, claims: Claims) -> tuple[str, str] | None:
        """The user name and password for MLflow, or None if the person may not come. May query the database."""
        name = self.admit(claims)
        if name is None:
            return None
        if self._is_remembered(name):
            return name, self.token
        with self.turn:
            return (name, self.token) if self._is_remembered(name) or self._look_up(name) else None

    def is_known(self, claims: Claims) -> bool:
        """Whether `login` needs no query."""
        name = self.admit(claims)
        return name is None or self._is_remembered(name)

    def admit(self, claims: Claims) -> str | None:
        """The name of a person who may come, as far as the proxy can say."""
        names, emails, groups = (self.read(each) for each in (claims.user, claims.email, claims.groups))
        if names is None or emails is None or groups is None:
            self._refuse("", "the proxy sent another password (restart the pod)")
            return None
        if len(names) != 1:
            self._refuse(
                "".join(emails), "the provider sent no name, or several (set auth.oidc.usernameClaim to another)"
            )
            return None
        [name] = names
        admission = self.admission
        domains = [domain for email in emails for domain in admission.email_domains if has_domain(email, domain)]
        rules = (
            (is_name(name), "it is empty, longer than 255 characters, or has a colon, blanks around it or no text"),
            (name not in admission.reserved - admission.shared, f"one of auth.users has the name {SHARE}"),
            (not admission.email_domains or domains, "the email address is in none of auth.oidc.emailDomains"),
            (not admission.groups or admission.groups & set(groups), "the groups have none of auth.oidc.allowedGroups"),
        )
        violated = next((message for is_met, message in rules if not is_met), None)
        if violated is not None:
            self._refuse(name, violated)
        return name if violated is None else None

    def read(self, values: Sequence[str]) -> list[str] | None:
        """The claims in the values of a header, or None if one of them is not the proxy's."""
        # The proxy joins several by a comma, which is no character of base64.
        parts = [part.strip() for value in values for part in value.split(",")]
        found = [self.read_one(part) for part in parts]
        return None if None in found else [text for text in found if text is not None]

    def read_one(self, part: str) -> str | None:
        """The text of `Basic base64(TEXT:PASSWORD)`."""
        scheme, _, encoded = part.partition(" ")
        end = b":" + self.admission.password.encode()
        try:
            decoded = base64.b64decode(encoded, validate=True)
            is_right = hmac.compare_digest(decoded[-len(end) :], end)
            return decoded[: -len(end)].decode() if scheme == "Basic" and is_right else None
        except (binascii.Error, ValueError):
            return None

    def forget(self, name: str) -> None:
        """Look an account up again, which was created, changed or deleted."""
        with self.lock:
            self.changes += 1
            self.known.pop(name, None)

    def _is_remembered(self, name: str) -> bool:
        with self.lock:
            return self.known.get(name, 0) > self.clock()

    def _look_up(self, name: str) -> bool:
        """Whether a person has an account, by now, that may be used so."""
        changes, is_administrator = self._find(name)
        if is_administrator is None:
            self.accounts.create(name, secrets.token_urlsafe(32))
            # Another process may have been first, and so created another kind of user.
            changes, is_administrator = self._find(name)
        if is_administrator is None:
            return False
        if is_administrator and name not in self.admission.shared:
            self._refuse(name, f"an administrator has the name {SHARE}")
            return False
        with self.lock:
            if changes == self.changes:
                self.known[name] = self.clock() + self.remembered
                self.known.move_to_end(name)
            while len(self.known) > ENTRIES:
                self.known.popitem(last=False)
        return True

    def _find(self, name: str) -> tuple[int, bool | None]:
        with self.lock:
            changes = self.changes
        return changes, self.accounts.find(name)

    def _refuse(self, name: str, reason: str) -> None:
        """Log why, once for each name."""
        name = name[:LONGEST_NAME]
        with self.lock:
            if len(self.told) >= ENTRIES:
                self.told.clear()
            is_told = (name, reason) in self.told
            self.told.add((name, reason))
        if not is_told:
            self.log(f"refused {name!r}, who came by single sign-on: {reason}")


def is_name(text: str) -> bool:
    """Whether MLflow and a login can have the name."""
    return 0 < len(text) <= LONGEST_NAME and text == text.strip() and ":" not in text and text.isprintable()


def has_domain(email: str, domain: str) -> bool:
    """Whether an email address is in a domain."""
    name, at, end = email.lower().partition("@")
    return bool(name and at) and end == domain.lower()


def basic(name: str, password: str) -> str:
    """A login as a header has it."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()
