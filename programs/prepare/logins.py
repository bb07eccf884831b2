"""The rules for user names and passwords."""

from __future__ import annotations

import re

from common.exit_codes import ExitCode
from common.process import Failure, log
from prepare.settings import Auth

# MLflow's default of older releases, which everybody knows: https://github.com/advisories/GHSA-gq3w-7jj3-x7gr
PUBLISHED_USERNAME, PUBLISHED_PASSWORD = "admin", "password1234"


def check_logins(auth: Auth) -> None:
    """What MLflow or HTTP basic authentication would refuse later, said now, and all of it at once."""
    admin, characters = auth.admin_username, auth.characters
    issues = login_issues(admin, auth.admin_password, characters, "the admin user name", "the admin password")
    code = ExitCode.ADMIN if issues else ExitCode.USERS
    for number, user in enumerate(auth.users):
        rules = (
            (
                user.username == user.name,
                f"the Secret of user {user.name!r} contains another user name (a line break at its end counts)",
            ),
            (
                user.name != admin,
                f"user {user.name!r} is the admin, who needs no permission; remove it from auth.users",
            ),
            (
                all(user.name != other.name for other in auth.users[:number]),
                f"user {user.name!r} is declared twice",
            ),
        )
        issues += [message for is_met, message in rules if not is_met]
        the_name, the_password = f"the name of user {user.name!r}", f"the password of user {user.name!r}"
        issues += login_issues(user.name, user.password, characters, the_name, the_password)
    if issues:
        raise Failure(code, "; ".join(issues))


def login_issues(name: str, password: str, characters: str, the_name: str, the_password: str) -> list[str]:
    """The rules that a login violates. Logs a warning for what may become an issue."""
    is_ascii = (name + password).isascii()
    rules = (
        (":" not in name, f"{the_name} contains a colon, which HTTP basic authentication cannot carry"),
        (name == name.strip(), f"{the_name} starts or ends with a blank"),
        (len(name) <= 255, f"{the_name} has {len(name)} characters; MLflow stores 255"),
        (len(password) >= 12, f"{the_password} has {len(password)} characters; MLflow requires 12 or more"),
        (
            password != PUBLISHED_PASSWORD,
            f"{the_password} is MLflow's old, publicly known default; choose another",
        ),
        (not re.search("[\ud800-\udfff]", name + password), f"{the_name} or password is not valid UTF-8"),
        (
            characters == "any" or is_ascii,
            f"{the_name} or password contains a character outside ASCII, with which this MLflow release refuses the "
            "login on some of its routes; choose another",
        ),
    )
    issues = [message for is_met, message in rules if not is_met]
    if not issues and not is_ascii:
        log(
            f"warning: {the_name} or password contains characters outside ASCII; newer MLflow releases refuse these on "
            "some routes (artifacts are one)"
        )
    if not issues and password.endswith(("\n", "\r")):
        log(
            f"warning: {the_password} ends with a line break; if that is an accident (echo without -n), create the "
            "Secret again"
        )
    return issues
