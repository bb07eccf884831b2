"""What prepare, backup, restore, garbage collection and smoke test do alike: read variables, speak, wait, and end.

Each ends with 0, or with one line on standard error (also in the container's termination message) and the exit code of what
went wrong; above the line stands where, if nobody foresaw it. What a library says passes through describe(), which takes out
secrets.
"""

import contextlib
import logging
import os
import re
import signal
import sys
import time
import traceback
import warnings
from urllib.parse import quote

SECRET_VARIABLES = re.compile("PGPASSWORD|PREPARE_(ADMIN|USER_[0-9]+)_PASSWORD|MLFLOW_TRACKING_PASSWORD|(BACKUP_)?AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN")
NAME = "program"  # what each line begins with; end() knows which one it is


class Failure(Exception):
    """What ends a program: a kind out of its exit codes and a sentence for the person who must act."""

    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Variables:
    """Reads environment variables and collects what is wrong with them, so that one message names it all. An empty one counts
    as not set."""

    def __init__(self, environment):
        self.environment, self.faults = environment, []

    def text(self, name, default=None):
        return self.environment.get(name) or default

    def required(self, name):
        if not self.text(name):
            self.faults.append(f"{name} is not set (or its Secret key is empty)")
        return self.text(name)

    def choice(self, name, default, *choices):
        value = self.text(name, default)
        if value not in choices:
            self.faults.append(f"{name} is {value!r}; use one of {', '.join(choices)}")
        return value

    def flag(self, name, default="false"):
        return self.choice(name, default, "true", "false") == "true"

    def number(self, name, default=None):
        value = self.text(name, default)
        if value is not None and not re.fullmatch("[0-9]{1,9}", value):
            self.faults.append(f"{name} is {value!r}; use a whole number")
            return None
        return value and int(value)

    def check(self):
        if self.faults:
            raise Failure("configuration", "; ".join(self.faults))


class Wait:
    """Patience with a limit: says each new reason once and waits a little longer every time."""

    def __init__(self, what, limit):
        self.what, self.deadline, self.pause, self.said = what, time.monotonic() + limit, 0.5, None

    def is_over(self):
        return time.monotonic() >= self.deadline

    def again(self, reason):
        if reason != self.said:
            say(f"waiting for {self.what}: {reason}")
        self.said = reason
        time.sleep(max(0.1, min(self.pause, self.deadline - time.monotonic())))
        self.pause = min(self.pause * 1.5, 5)


def say(message):
    print(f"{NAME}: {message}", flush=True)


def describe(error):
    """One line of what a library says. SQLAlchemy adds the statement and its values to what the database said,
    and any library may repeat what it was given: neither is shown."""
    text = without_login(str(getattr(error, "orig", None) or error))
    for secret in filter(None, (value for name, value in os.environ.items() if SECRET_VARIABLES.fullmatch(name))):
        for form in sorted({secret, secret.strip(), repr(secret)[1:-1], quote(secret, safe="")}, key=len, reverse=True):
            if len(form) >= 4:  # a shorter one is part of any text, and hiding it there would tell it
                text = text.replace(form, "***")
    return re.sub(r"\s+", " ", text).strip()[:600]


def without_login(url):
    return re.sub(r"(?<=//)[^/@\s]*@", "", url)


def classify(error):
    """The kind of a refused connection. libpq gives no SQLSTATE here, only text (in the server's language for
    what the server says), so a known text makes it a refusal and all else counts as unreachable."""
    if re.search(r'database ".*" does not exist', str(error)):
        return "database-missing"
    if re.search(r"password authentication failed|no password supplied|pg_hba\.conf|role .* does not exist|certificate"
                 r"|permission denied for database|is not permitted to log in|SSL was required", str(error)):
        return "database-login"
    return "database-unreachable"


def explain(error):
    """The failure that an exception amounts to; with the place in the code, if nobody foresaw it."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, ModuleNotFoundError):
        return Failure("configuration", f"this image lacks the Python module {error.name!r}; use one that has it")
    with contextlib.suppress(ImportError):
        from psycopg2 import OperationalError, errors
        cause = getattr(error, "orig", None) or error
        if isinstance(cause, errors.LockNotAvailable):
            return Failure("lock-timeout", f"something holds a table: {describe(error)}")
        if isinstance(cause, OperationalError):  # the server went away in the middle
            return Failure(classify(error), describe(error))
        if isinstance(cause, errors.InsufficientPrivilege):
            return Failure("database-permission", f"{describe(error)} (the user of the Secret must own both databases and all in them)")
    traceback.print_tb(error.__traceback__)
    return Failure("unexpected", f"{type(error).__name__}: {describe(error)}")


def end(name, task, exit_codes):
    """Do it under this name, and say how it ended: the exit code."""
    global NAME
    NAME = name
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as PID 1 it would be ignored and hold up the pod's end
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("PGCONNECT_TIMEOUT", "5")
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        task()
        return 0
    except Exception as error:
        failure = explain(error)
        if failure.kind not in exit_codes:
            traceback.print_tb(error.__traceback__)
            failure = Failure("unexpected", f"{failure.kind}: {failure}")
    code = exit_codes[failure.kind]
    line = f"{NAME} failed ({failure.kind}, exit {code}): {failure}"
    print(line, file=sys.stderr, flush=True)
    log = os.environ.get("PREPARE_TERMINATION_LOG", "/dev/termination-log")
    with contextlib.suppress(OSError):
        if os.path.exists(log):
            with open(log, "w", encoding="utf-8") as file:
                file.write(line)
    return code
