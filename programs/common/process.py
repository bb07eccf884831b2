"""What every program of MLflow's image does alike: read variables, log, wait, and end.

Each ends with 0, or with one line on standard error (also in the container's termination message) and the exit code of
what went wrong; for an unexpected error, the traceback precedes the line. What a library says passes through
describe() or redact(), which remove secrets.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import re
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from common.exit_codes import ExitCode

SECRET_VARIABLES = re.compile(
    "PGPASSWORD|PREPARE_(ADMIN|USER_[0-9]+)_PASSWORD|MLFLOW_TRACKING_PASSWORD"
    "|(BACKUP_(ARTIFACTS_)?)?(AWS_SECRET_ACCESS_KEY|AZURE_STORAGE_ACCESS_KEY)|AWS_SESSION_TOKEN"
)
# Of a SAS, of which libraries show the parts in another order.
SIGNATURE = re.compile(r"(?<=[?&]sig=)[^&\s'\"]+")
Explain = Callable[[Exception], "Failure | None"]


class Failure(Exception):  # noqa: N818 - it is how a program ends, not an error in it
    """Ends a program: an exit code, and a sentence for the person who must act."""

    def __init__(self, code: ExitCode, message: str) -> None:
        super().__init__(message)
        self.code = code


class Variables:
    """Reads environment variables and collects the issues in them, so that one message names them all.

    An empty variable counts as not set. A variable with an issue has a value of its type all the same, which nobody
    uses, because check() raises.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.issues: list[str] = []

    def optional(self, name: str) -> str | None:
        """The value, or None if the variable is not set."""
        return self.environment.get(name) or None

    def text(self, name: str, default: str) -> str:
        """The value, or the default if the variable is not set."""
        return self.environment.get(name) or default

    def required(self, name: str) -> str:
        """The value of a variable that must be set."""
        value = self.optional(name)
        if value is None:
            self.issues.append(f"{name} is not set (or its Secret key is empty)")
        return value or ""

    def choice(self, name: str, default: str, *choices: str) -> str:
        """One of the choices; without a default among them the variable is required."""
        value = self.text(name, default)
        if value not in choices:
            self.issues.append(f"{name} is {value!r}; use one of {', '.join(choices)}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Whether the variable is "true"."""
        return self.choice(name, str(default).lower(), "true", "false") == "true"

    def optional_number(self, name: str) -> int | None:
        """A whole number, or None if the variable is not set."""
        value = self.optional(name)
        if value is None:
            return None
        if not re.fullmatch("[0-9]{1,9}", value):
            self.issues.append(f"{name} is {value!r}; use a whole number")
            return None
        return int(value)

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        value = self.optional_number(name)
        return default if value is None else value

    def check(self) -> None:
        """Raise one Failure that names all issues."""
        if self.issues:
            raise Failure(ExitCode.CONFIGURATION, "; ".join(self.issues))


class Wait:
    """Patience with a limit in seconds: logs each new reason once and waits a little longer every time."""

    def __init__(self, what: str, limit: float) -> None:
        self.what = what
        self.deadline = time.monotonic() + limit
        self.pause = 0.5
        self.reason: str | None = None

    def is_over(self) -> bool:
        """Whether the limit has passed."""
        return time.monotonic() >= self.deadline

    def again(self, reason: str) -> None:
        """Log the reason, if it is a new one, and sleep."""
        if reason != self.reason:
            log(f"waiting for {self.what}: {reason}")
        self.reason = reason
        time.sleep(max(0.1, min(self.pause, self.deadline - time.monotonic())))
        self.pause = min(self.pause * 1.5, 5)


class _Output:
    """Standard output, where each line begins with the name of the program."""

    name = "program"

    def log(self, message: str) -> None:
        print(f"{self.name}: {message}", flush=True)


_output = _Output()


def name_program(name: str) -> None:
    """Say what each line of this process begins with."""
    _output.name = name


def log(message: str) -> None:
    """Print one line under the name of the program."""
    _output.log(message)


def describe(error: object) -> str:
    """One short line of what a library says, without secrets.

    SQLAlchemy adds the statement and its values to what the database said: these are not shown.
    """
    return redact(str(getattr(error, "orig", None) or error))[:600]


def redact(text: str) -> str:
    """One line of a text without secrets: any library may repeat what it was given.

    Cut it afterwards: of a secret that was cut before, the rest is not recognized.
    """
    text = SIGNATURE.sub("***", without_login(text))
    for secret in filter(None, (value for name, value in os.environ.items() if SECRET_VARIABLES.fullmatch(name))):
        for form in sorted(_forms(secret), key=len, reverse=True):
            if len(form) >= 4:  # a shorter one is part of any text, and hiding it there would reveal it
                text = text.replace(form, "***")
    return re.sub(r"\s+", " ", text).strip()


def _forms(secret: str) -> Iterator[str]:
    yield from {secret, secret.strip(), repr(secret)[1:-1], quote(secret, safe="")}


def without_login(url: str) -> str:
    """A URL without the user and password in it."""
    return re.sub(r"(?<=//)[^/@\s]*@", "", url)


def explain(error: Exception, explainers: tuple[Explain, ...] = ()) -> Failure:
    """The failure that an exception amounts to; prints the traceback of an unexpected one."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, ModuleNotFoundError):
        message = f"this image lacks the Python module {error.name!r}; use an image that contains it"
        return Failure(ExitCode.CONFIGURATION, message)
    for known in explainers:
        failure = known(error)
        if failure is not None:
            return failure
    traceback.print_tb(error.__traceback__)
    return Failure(ExitCode.UNEXPECTED, f"{type(error).__name__}: {describe(error)}")


def enter_temporary_folder() -> None:
    """Leave the folder of the programs: a library that writes to its working directory must not write there.

    Unlike tempfile.gettempdir(), this writes nothing itself, so that a full /tmp is reported by what needs it.
    """
    with contextlib.suppress(OSError):
        os.chdir(os.environ.get("TMPDIR") or "/tmp")


def run(name: str, task: Callable[[], None], *explainers: Explain) -> int:
    """Run the task under a name, and say how it ended: the exit code.

    An explainer knows what an exception of one library amounts to.
    """
    name_program(name)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # process 1 of a container ignores it by default
    enter_temporary_folder()
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
    os.environ.setdefault("PGCONNECT_TIMEOUT", "5")
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    try:
        task()
    except Exception as error:
        failure = explain(error, explainers)
    else:
        return 0
    finally:
        # Otherwise the interpreter searches all that was imported once more: half a second with MLflow.
        gc.freeze()
    line = f"{name} failed ({failure.code.word}, exit {failure.code.value}): {failure}"
    print(line, file=sys.stderr, flush=True)
    _write_termination_message(line)
    return failure.code.value


def _write_termination_message(line: str) -> None:
    path = os.environ.get("PREPARE_TERMINATION_LOG", "/dev/termination-log")
    with contextlib.suppress(OSError):
        if os.path.exists(path):  # a file that the kubelet did not create is none of ours to create
            with open(path, "w", encoding="utf-8") as file:
                file.write(line)
